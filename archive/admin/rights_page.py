""" "May we show this in Kazakhstan on television on 10 December?": the question, the answer, and what it goes by."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from archive.admin.base import ArchiveAdmin, short_name
from archive.admin.footage_words import (
    GRANT_LOOKS,
    TerritoryField,
    days,
    footage_clock,
    places,
    platform_choices,
    platforms_said,
    runs_counter,
    seconds_counter,
    stretch,
    territory_choices,
)
from archive.asking import houses_to_ask_for, limits_of
from archive.constants import Clearance
from archive.models import Grant, Item, Segment, UnderlyingRight
from archive.periods import start_of
from archive.rights import decisions_for, said
from archive.rights_rules import part_of_right
from broadcasters.models import Broadcaster
from broadcasters.permissions import may
from mediaexchange.core.admin_base import label, staff
from mediaexchange.core.admin_help import HelpedForm
from mediaexchange.core.models import User
from mediaexchange.core.rights.terms import Decision
from mediaexchange.core.validators import validate_day

_MOST_SEGMENTS = 50
_LEAST = timedelta(microseconds=1)
_CLEARANCE_LOOKS = {Clearance.UNCLEARED: "danger", Clearance.REFUSED: "danger", Clearance.CLEARED: "success"}


class QuestionForm(HelpedForm):
    """Plain fields: the form is asked by its address, so that an answer can be sent on."""

    broadcaster = forms.ModelChoiceField(
        Broadcaster.objects.none(), label=_("For whom"), required=False, empty_label=None
    )
    territory = TerritoryField(label=_("Territory"), required=False)
    platform = forms.ChoiceField(label=_("Platform"), required=False)
    on = forms.DateField(
        label=_("Day"), required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        validators=[validate_day],
    )  # fmt: skip
    seconds = forms.IntegerField(label=_("Seconds"), required=False, min_value=0, max_value=1_000_000)
    runs = forms.IntegerField(label=_("Runs"), required=False, min_value=0, max_value=10_000)
    language = forms.CharField(label=_("Language version"), required=False, max_length=35)

    def __init__(self, *args: Any, houses: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["broadcaster"].queryset = houses  # type: ignore[attr-defined]
        self.fields["territory"].choices = [("", _("at home")), *territory_choices()]  # type: ignore[attr-defined]
        self.fields["platform"].choices = [("", _("any platform")), *platform_choices()]  # type: ignore[attr-defined]
        for bound in self.fields.values():
            bound.widget.attrs["class"] = "ar-input"


class RightsPages(ArchiveAdmin):
    """Stands beside the item's page."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.usability_view)
        return [path("<int:pk>/usability/", view, name="archive_item_usability"), *super().get_urls()]

    def usability_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        item: Any = self.get_queryset(request).filter(pk=pk).first()
        if item is None:
            raise Http404
        user = staff(request)
        own = Broadcaster.objects.of(user).order_by("pk")
        house = own.filter(pk=item.broadcaster_id).first() or own.first()
        form = QuestionForm(request.GET or None, houses=houses_to_ask_for(item, user), initial={"broadcaster": house})
        asked = form.cleaned_data if form.is_bound and form.is_valid() else {}
        house = asked.get("broadcaster") or house
        known_to = limits_of(item, user, house) if house else None
        segments = list(item.segments.all()[:_MOST_SEGMENTS])
        rows = _answers([item, *segments], house, asked, known_to) if house and not form.errors else []
        context = {
            "title": _("May we use it?"),
            "form": form,
            "house": house,
            "rows": rows,
            "is_limited": known_to is not None,
            "item": item,
            "facts": rights_facts(item, user),
        }
        return TemplateResponse(
            request, "archive/usability.html",
            {**self.admin_site.each_context(request), "opts": self.opts, "original": item, "media": self.media,
             "back": self.address(item)} | context,
        )  # fmt: skip


def rights_box(request: HttpRequest, item: Item) -> SafeString:
    """On the item's page: who may use it by which grant, rights of others, and the way to the question."""
    context = rights_facts(item, staff(request)) | {
        "item": item,
        "address": reverse("admin:archive_item_usability", args=[item.pk]),
        "may_grant": may(staff(request), "archive.add_grant", item.broadcaster_id),
    }
    return SafeString(render_to_string("archive/rights_box.html", context, request))


def rights_facts(item: Item, user: User) -> dict[str, Any]:
    """Rows of the two tables that an answer goes by: what others own in it, what is granted to whom the reader sees."""
    rights = UnderlyingRight.objects.visible_to(user).filter(item=item).select_related("segment")
    granted = Grant.objects.visible_to(user).filter(item=item).select_related("grantee", "licence", "segment")
    return {
        "rights": [
            {
                "right": right,
                "state": label(right.get_clearance_display(), _CLEARANCE_LOOKS[Clearance(right.clearance)]),
                "stretch": _part(right),
                "places": places(right.territories),
                "platforms": platforms_said(right.platforms),
            }
            for right in rights
        ],
        "grants": [
            {
                "grant": grant,
                "address": reverse("admin:archive_grant_change", args=[grant.pk]),
                "to": short_name(grant.grantee) if grant.grantee else _("every partner"),
                "stretch": stretch(grant),
                "places": places(grant.territories, is_elsewhere=grant.is_elsewhere),
                "platforms": platforms_said(grant.platforms),
                "days": days(grant.period.lower, grant.period.upper, grant.time_zone),
                "seconds": seconds_counter(grant),
                "runs": runs_counter(grant),
                "state": label(grant.get_status_display(), GRANT_LOOKS[grant.status]),
            }
            for grant in granted[:100]
        ],
    }


def _part(right: UnderlyingRight) -> str:
    begins, ends = part_of_right(right)
    return "—" if begins is None or ends is None else f"{footage_clock(begins)} – {footage_clock(ends)}"


def _answers(
    subjects: list[Any], house: Broadcaster, asked: dict[str, Any], known_to: User | None
) -> list[dict[str, Any]]:
    """One row for the item and each segment. A day is allowed if its first and its last moment are."""
    question: dict[str, Any] = {
        "platform": asked.get("platform") or "",
        "territory": asked.get("territory") or "",
        "seconds": asked.get("seconds") or 0,
        "runs": asked.get("runs") or 0,
        "language": asked.get("language") or "",
        "known_to": known_to,
    }
    found = [decisions_for(subjects, house, at=at, **question) for at in _moments(asked.get("on"), house)]
    rows = []
    for subject, *decisions in zip(subjects, *found, strict=True):
        decision: Decision = next((each for each in decisions if not each.is_allowed), decisions[0])
        statements = decision.conditions if decision.is_allowed else decision.reasons
        rows.append(
            {
                "subject": subject,
                "is_item": isinstance(subject, Item),
                "stretch": "" if isinstance(subject, Item) else _stretch(subject),
                "is_allowed": decision.is_allowed,
                "mark": label(_("yes"), "success") if decision.is_allowed else label(_("no"), "danger"),
                "messages": [each["message"] for each in said(statements, house)],
            }
        )
    return rows


def _moments(day: Any, house: Broadcaster) -> list[datetime | None]:
    """The ends of the day by the house's clocks; now without one."""
    if day is None:
        return [None]
    zone = ZoneInfo(house.time_zone).key
    return [start_of(day, zone), start_of(day + timedelta(days=1), zone) - _LEAST]


def _stretch(segment: Segment) -> str:
    return f"{footage_clock(segment.in_ms)} – {footage_clock(segment.out_ms)}"
