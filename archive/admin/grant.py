"""Grants: what is granted to whom and how much of it is used; given and revoked here, used and delivered from here."""

from datetime import UTC
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Model, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminSplitDateTimeWidget

from archive.admin.base import ArchiveAdmin, houses_with, moment, short_name
from archive.admin.filters import ByChoice, ByWord
from archive.admin.footage_words import (
    DELIVERY_LOOKS,
    GRANT_LOOKS,
    ReasonForm,
    TerritoriesField,
    day,
    days,
    line,
    number,
    places,
    platform_choices,
    platforms_said,
    runs_counter,
    seconds_counter,
    several,
    stretch,
    tags,
)
from archive.constants import GrantStatus
from archive.models import Grant, GrantUse, Item, Segment
from archive.periods import period_of
from archive.services.delivery import create_delivery
from archive.services.grant import Terms, create_grant, revoke_grant
from archive.services.use import report_footage_use
from broadcasters.models import Broadcaster
from broadcasters.permissions import may, roles_of
from broadcasters.querysets import member_ids
from mediaexchange.core.admin_base import ServiceAdmin, ServiceForm, label, staff
from mediaexchange.core.admin_help import HelpedForm
from mediaexchange.core.models import User
from mediaexchange.core.rights.words import platform_label


class DirectionFilter(ByWord):
    title, parameter_name = _("direction"), "direction"

    def words(self, user: User) -> dict[str, tuple[Any, Any]]:
        return {
            "given": (_("given by us"), Q(item__broadcaster__in=member_ids(user))),
            "ours": (_("given to us"), Q(grantee__in=member_ids(user))),
        }


class GrantStatusFilter(ByChoice):
    title, parameter_name, column, choices_of = _("status"), "state", "status", GrantStatus


class GrantForm(ServiceForm):
    territories = TerritoriesField()
    platforms = several(_("platforms"), platform_choices, _("None is every platform."))
    languages = line(_("language versions"), 200, help_text=_("Tags such as kk, sr-Latn; none is every language."))
    starts_on = day(_("first day"))
    ends_on = day(_("last day"), help_text=_("To its end, by the clocks of the own house."))
    holdback_platforms = several(_("platforms held back"), platform_choices, _("None is every platform."))

    class Meta:
        model = Grant
        fields = (
            "item", "segment", "grantee", "is_elsewhere", "runs", "repeat_hours", "seconds", "is_exclusive",
            "embargoed_until", "holdback_until", "note",
        )  # fmt: skip

    def perform(self, answers: dict[str, Any]) -> Model:
        item, segment, grantee = answers["item"], answers["segment"], answers["grantee"]
        zone = item.broadcaster.time_zone
        starts_at, ends_at = period_of(answers["starts_on"], answers["ends_on"], zone)
        copied = (
            "territories", "is_elsewhere", "platforms", "runs", "repeat_hours", "seconds", "is_exclusive",
            "embargoed_until", "holdback_until", "holdback_platforms", "note",
        )  # fmt: skip
        terms = Terms(
            starts_at=starts_at, ends_at=ends_at, time_zone=zone, languages=tags(answers["languages"]),
            **{name: answers[name] for name in copied},
        )  # fmt: skip
        return create_grant(item, actor=self.user, terms=terms, grantee=grantee, segment=segment)

    def _get_validation_exclusions(self) -> set[str]:
        """The service checks, and says better what is wrong."""
        return {field.name for field in Grant._meta.fields}

    def validate_constraints(self) -> None:
        """The database does, once the service has filled what they compare."""


class UseForm(HelpedForm):
    """In the reader's time zone."""

    started_at = forms.SplitDateTimeField(
        label=_("started at"), widget=UnfoldAdminSplitDateTimeWidget, help_text=_("In your time zone.")
    )
    seconds = number(_("seconds"))
    platform = forms.ChoiceField(label=_("platform"), choices=platform_choices, widget=UnfoldAdminSelectWidget)
    note = line(_("note"), 300)


class StretchForm(HelpedForm):
    from_seconds = forms.DecimalField(
        label=_("from second"), required=False, min_value=0, max_digits=10, decimal_places=3,
        widget=forms.NumberInput({"class": "ar-input"}), help_text=_("Empty: all that is granted."),
    )  # fmt: skip
    to_seconds = forms.DecimalField(
        label=_("to second"), required=False, min_value=0, max_digits=10, decimal_places=3,
        widget=forms.NumberInput({"class": "ar-input"}),
    )  # fmt: skip


@admin.register(Grant)
class GrantAdmin(ServiceAdmin, ArchiveAdmin):
    form = GrantForm
    list_display = ("footage", "to", "licence", "scope", "term", "seconds_shown", "runs_shown", "state")
    list_display_links = ("footage",)
    list_select_related = ("item__broadcaster", "grantee", "licence", "segment")
    list_filter = (DirectionFilter, GrantStatusFilter)
    autocomplete_fields = ("item",)
    house_column = "item__broadcaster_id"
    fieldsets = (
        (None, {"fields": (
            "item", "segment", "grantee", "territories", "is_elsewhere", "platforms", "languages",
            ("starts_on", "ends_on"), ("seconds", "runs", "repeat_hours"), "is_exclusive", "embargoed_until",
            "holdback_until", "holdback_platforms", "note",
        )}),
    )  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request)
        return rows.select_related("item__broadcaster", "grantee", "licence", "segment")

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/revoke/", view(self.revoke_view), name="archive_grant_revoke"),
            path("<int:pk>/use/", view(self.use_view), name="archive_grant_use"),
            path("<int:pk>/deliver/", view(self.deliver_view), name="archive_grant_deliver"),
            *super().get_urls(),
        ]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return houses_with(request, "archive.add_grant").exists()

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """What was granted stands; it is revoked, never rewritten."""
        return False

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        return ((None, {"fields": ("note_shown",)}),) if obj else self.fieldsets

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ("note_shown",) if obj else ()

    def get_field_queryset(self, db: str | None, db_field: Any, request: HttpRequest) -> QuerySet[Any] | None:
        if db_field.name == "item":
            return Item.objects.filter(broadcaster__in=houses_with(request, "archive.add_grant"))
        if db_field.name == "segment":  # those of the item that is meant: of all items they would be too many
            named = request.POST.get("item") or request.GET.get("item") or ""
            own = Segment.objects.filter(item__broadcaster__in=houses_with(request, "archive.add_grant"))
            return (
                own.filter(item=int(named)) if named.isascii() and named.isdecimal() and len(named) < 19 else own.none()
            )
        if db_field.name == "grantee":
            return Broadcaster.objects.visible_to(staff(request)).filter(is_active=True)
        return super().get_field_queryset(db, db_field, request)

    def boxes_of(self, request: HttpRequest, subject: Any) -> list[SafeString]:
        return [grant_box(request, subject)]

    def revoke_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        grant = self._seen(request, pk)
        if not may(staff(request), "archive.change_grant", grant.item.broadcaster_id):
            raise PermissionDenied

        def run(answers: dict[str, Any]) -> None:
            revoke_grant(grant, actor=staff(request), reason=answers["reason"])
            self.message_user(request, _("The grant is revoked; its links are closed."))

        return self.ask(request, grant, title=_("Revoke the grant"), form=ReasonForm, run=run)

    def use_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        grant, house = self._ours(request, pk, "archive.add_grantuse")

        def run(answers: dict[str, Any]) -> None:
            report_footage_use(
                grant, actor=staff(request), broadcaster=house, started_at=answers["started_at"].astimezone(UTC),
                used_ms=answers["seconds"] * 1000, platform=answers["platform"], note=answers["note"],
            )  # fmt: skip
            self.message_user(request, _("The use is counted; the holder is told."))

        return self.ask(request, grant, title=_("Report a use"), form=UseForm, run=run)

    def deliver_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        grant, house = self._ours(request, pk, "archive.add_footagedelivery")

        def run(answers: dict[str, Any]) -> HttpResponse:
            begins, ends = (
                None if answers[name] is None else int(answers[name] * 1000) for name in ("from_seconds", "to_seconds")
            )
            made = create_delivery(grant, actor=staff(request), broadcaster=house, in_ms=begins, out_ms=ends)
            self.message_user(request, _("The clip is being prepared."))
            return HttpResponseRedirect(reverse("admin:archive_footagedelivery_change", args=[made.pk]))

        explanation = _("Granted: %(stretch)s. Seconds are counted from the beginning of the item.") % {
            "stretch": stretch(grant)
        }
        return self.ask(
            request, grant, title=_("Order the footage"), form=StretchForm, run=run, explanation=explanation
        )

    def _seen(self, request: HttpRequest, pk: int) -> Grant:
        grant: Grant | None = self.get_queryset(request).filter(pk=pk).first()
        if grant is None:
            raise Http404
        return grant

    def _ours(self, request: HttpRequest, pk: int, permission: str) -> tuple[Grant, Broadcaster]:
        """The grant, and the reader's house for which it may be used so."""
        grant = self._seen(request, pk)
        house = user_house(request, grant, permission)
        if house is None:
            raise PermissionDenied
        return grant, house

    @display(description=_("footage"))
    def footage(self, grant: Grant) -> str:
        return f"{grant.item} · {stretch(grant)}"

    @display(description=_("granted to"))
    def to(self, grant: Grant) -> str:
        return short_name(grant.grantee) if grant.grantee else str(_("every partner"))

    @display(description=_("scope"))
    def scope(self, grant: Grant) -> str:
        said = f"{places(grant.territories, is_elsewhere=grant.is_elsewhere)} · {platforms_said(grant.platforms)}"
        return f"{said} · {_('exclusive')}" if grant.is_exclusive else said

    @display(description=_("days"))
    def term(self, grant: Grant) -> str:
        return days(grant.period.lower, grant.period.upper, grant.time_zone)

    @display(description=_("seconds"))
    def seconds_shown(self, grant: Grant) -> SafeString | str:
        return seconds_counter(grant)

    @display(description=_("runs"))
    def runs_shown(self, grant: Grant) -> SafeString | str:
        return runs_counter(grant)

    @display(description=_("status"), ordering="status")
    def state(self, grant: Grant) -> SafeString:
        return label(grant.get_status_display(), GRANT_LOOKS[grant.status])

    @display(description=_("note"))
    def note_shown(self, grant: Grant) -> str:
        return grant.note or "—"


def user_house(request: HttpRequest, grant: Grant, permission: str) -> Broadcaster | None:
    """The reader's house that was granted it and for which they may do this."""
    user = staff(request)
    if grant.grantee is not None:
        return grant.grantee if may(user, permission, grant.grantee.pk) else None
    own = [pk for pk in roles_of(user) if pk != grant.item.broadcaster_id and may(user, permission, pk)]
    return Broadcaster.objects.filter(pk__in=own).order_by("pk").first()


def grant_box(request: HttpRequest, grant: Grant) -> SafeString:
    """Terms, counters, uses and deliveries of one grant, with what this reader may do."""
    user = staff(request)
    uses = GrantUse.objects.visible_to(user).filter(grant=grant).select_related("broadcaster")
    deliveries = grant.deliveries.visible_to(user).select_related("broadcaster")
    is_active = grant.status == GrantStatus.ACTIVE and not (grant.period.upper and grant.period.upper <= timezone.now())
    context = {
        "grant": grant,
        "item_address": reverse("admin:archive_item_change", args=[grant.item_id]),
        "licence_address": reverse("admin:archive_licence_change", args=[grant.licence_id]) if grant.licence_id else "",
        "facts": [
            (_("holder"), grant.item.broadcaster),
            (_("granted to"), grant.grantee or _("every partner")),
            (_("stretch"), stretch(grant)),
            (_("territories"), places(grant.territories, is_elsewhere=grant.is_elsewhere)),
            (_("platforms"), platforms_said(grant.platforms)),
            (_("language versions"), ", ".join(grant.languages) or _("all languages")),
            (_("days"), days(grant.period.lower, grant.period.upper, grant.time_zone)),
            (_("seconds used"), seconds_counter(grant)),
            (_("runs used"), runs_counter(grant)),
            (_("repeats within hours"), grant.repeat_hours),
            (_("exclusive"), _("yes") if grant.is_exclusive else _("no")),
            (_("embargo until"), moment(grant.embargoed_until)),
            (_("holdback until"), moment(grant.holdback_until)),
            (_("status"), label(grant.get_status_display(), GRANT_LOOKS[grant.status])),
            *([(_("reason"), grant.revocation_reason)] if grant.revocation_reason else []),
        ],
        "uses": [(use, moment(use.started_at), platform_label(use.platform), use.used_ms / 1000) for use in uses[:100]],
        "deliveries": [
            (each, label(each.get_status_display(), DELIVERY_LOOKS[each.status]), moment(each.created_at))
            for each in deliveries[:100]
        ],
        "may_revoke": is_active and may(user, "archive.change_grant", grant.item.broadcaster_id),
        "may_use": user_house(request, grant, "archive.add_grantuse"),
        "may_order": is_active and user_house(request, grant, "archive.add_footagedelivery"),
        "user_houses": set(roles_of(user)),
    }
    return SafeString(render_to_string("archive/grant.html", context, request))
