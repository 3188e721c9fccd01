"""Papers: their standing and their days; numbers for the own desk and the person alone."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextInputWidget

from archive.admin.base import ReadOnlyAdmin
from archive.admin.filters import ByChoice
from broadcasters.permissions import may
from correspondents.admin.base import CorrespondentsAdmin, DayField, day, paper_label, term_of
from correspondents.constants import PAPER_MOVES, PaperKind, PaperStatus
from correspondents.models import Paper
from correspondents.moments import today_in
from correspondents.services.paper import KEEP, apply_for_paper, correct_paper, end_paper, grant_paper
from mediaexchange.core.admin_base import staff
from mediaexchange.core.admin_help import HelpedForm
from mediaexchange.core.errors import Message
from mediaexchange.core.languages.tags import DEFAULT
from mediaexchange.core.rights.words import territory_label

DEEDS: dict[str, tuple[str, Message]] = {
    "apply": (PaperStatus.APPLIED, _("Applied for…")),
    "grant": (PaperStatus.GRANTED, _("Granted…")),
    "refuse": (PaperStatus.REFUSED, _("Refused…")),
    "revoke": (PaperStatus.REVOKED, _("Revoked…")),
    "drop": (PaperStatus.DROPPED, _("No longer wanted…")),
}


class ApplyForm(HelpedForm):
    applied_on = DayField(label=_("applied for on"), help_text=_("By the calendar of the country."))


class GrantForm(HelpedForm):
    valid_from = DayField(label=_("valid from"))
    valid_until = DayField(
        label=_("up to and with"), required=False,
        help_text=_("Empty: as long as the requirement says, or without an end."),
    )  # fmt: skip
    reference = forms.CharField(
        label=_("reference number"), required=False, max_length=120, widget=UnfoldAdminTextInputWidget,
        help_text=_("Kept sealed; your desk and the person read it. Keep no picture of the paper."),
    )  # fmt: skip


class KindFilter(ByChoice):
    title, parameter_name, column, choices_of = pgettext_lazy("paper", "kind"), "kind", "kind", PaperKind


class StatusFilter(ByChoice):
    title, parameter_name, column, choices_of = _("status"), "status", "status", PaperStatus


def deeds_of(paper: Paper, *, may_keep: bool) -> list[tuple[str, Message]]:
    """Addresses of what can be noted now."""
    if not may_keep:
        return []
    found = [
        (reverse("admin:correspondents_paper_deed", args=[paper.pk, deed]), words)
        for deed, (status, words) in DEEDS.items()
        if status in PAPER_MOVES[paper.status]
    ]
    if paper.status == PaperStatus.GRANTED:
        found.insert(0, (reverse("admin:correspondents_paper_deed", args=[paper.pk, "correct"]), _("Other days…")))
    return found


@admin.register(Paper)
class PaperAdmin(ReadOnlyAdmin, CorrespondentsAdmin):
    house_column = "correspondent__broadcaster_id"
    list_display = ("person", "country", "kind", "state", "days", "due")
    list_select_related = ("correspondent",)
    list_filter = (KindFilter, StatusFilter)
    search_fields = ("correspondent__name", "correspondent__name_latn")
    fields = ("person", "country", "kind", "term", "state", "days", "due", "applied_on", "decided", "number", "deeds")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Remembers who asks: a number is shown by whose it is."""
        rows: QuerySet[Any] = super().get_queryset(request)
        return rows.select_related("correspondent__broadcaster", "requirement").order_by("valid", "-pk")

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        paper = super().get_object(request, object_id, from_field)
        if paper is not None:
            paper.reader = staff(request)
        return paper

    @admin.display(description=_("correspondent"))
    def person(self, paper: Paper) -> str:
        return paper.correspondent.name_in(get_language() or DEFAULT) or str(paper.correspondent)

    @admin.display(description=_("country"), ordering="country_code")
    def country(self, paper: Paper) -> str:
        return territory_label(paper.country_code)

    @admin.display(description=_("status"), ordering="status")
    def state(self, paper: Paper) -> SafeString:
        return paper_label(paper)

    @admin.display(description=_("valid"), ordering="valid")
    def days(self, paper: Paper) -> SafeString | str:
        return term_of(paper)

    @admin.display(description=_("to be applied for by"), ordering="apply_by_on")
    def due(self, paper: Paper) -> SafeString | str:
        if paper.status != PaperStatus.WANTED or paper.apply_by_on is None:
            return "—"
        if paper.apply_by_on < today_in(paper.time_zone):
            return format_html('<strong class="co-over">✕ {}</strong>', day(paper.apply_by_on))
        return day(paper.apply_by_on)

    @admin.display(description=_("decision due on"))
    def decided(self, paper: Paper) -> str:
        return day(paper.decision_due_on) if paper.status == PaperStatus.APPLIED else "—"

    @admin.display(description=_("reference number"))
    def number(self, paper: Any) -> str:
        may_read = Paper.objects.with_numbers_for(paper.reader).filter(pk=paper.pk).exists()
        return (paper.reference if may_read else "") or "—"

    @admin.display(description=_("What can be noted"))
    def deeds(self, paper: Any) -> SafeString | str:
        may_keep = may(paper.reader, KEEP, paper.correspondent.broadcaster_id)
        links = [
            format_html('<a class="ar-button" href="{}">{}</a> ', url, words)
            for url, words in deeds_of(paper, may_keep=may_keep)
        ]
        return SafeString("".join(links)) or "—"

    def get_urls(self) -> list[URLPattern]:
        return [self.named_page("note/<slug:deed>/", self.deed_view, "deed"), *super().get_urls()]

    def deed_view(self, request: HttpRequest, object_id: int, deed: str) -> HttpResponse:
        paper = self.get_object(request, str(object_id))
        if paper is None or deed not in (*DEEDS, "correct"):
            return self.missing(request, str(object_id))
        actor = staff(request)
        if not may(actor, KEEP, paper.correspondent.broadcaster_id):
            raise PermissionDenied

        def run(answers: dict[str, Any]) -> None:
            if deed == "apply":
                apply_for_paper(paper, actor=actor, **answers)
            elif deed == "grant":
                grant_paper(paper, actor=actor, **answers)
            elif deed == "correct":
                correct_paper(paper, actor=actor, **answers | {"reference": answers["reference"] or None})
            else:
                end_paper(paper, actor=actor, status=DEEDS[deed][0])
            self.message_user(request, _("It is noted."), messages.SUCCESS)

        form = {"apply": ApplyForm, "grant": GrantForm, "correct": GrantForm}.get(deed, forms.Form)
        words = _("Other days…") if deed == "correct" else DEEDS[deed][1]
        days = {"valid_from": paper.valid_from, "valid_until": paper.valid_until} if deed == "correct" else None
        return self.ask(request, paper, title=str(words).rstrip("…"), form=form, run=run, initial=days)
