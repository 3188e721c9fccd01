"""Hand-overs: taken over, declined or taken back by those whom they concern; listed for both sides."""

from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import URLPattern
from django.utils.safestring import SafeString
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from archive.admin.base import ReadOnlyAdmin
from archive.admin.filters import ByChoice
from correspondents.admin.assignment_deeds import next_of
from correspondents.admin.assignment_forms import WhyForm
from correspondents.admin.base import HAND_OVER_LOOK, CorrespondentsAdmin, in_both_zones
from correspondents.constants import HandOverStatus
from correspondents.models import Assignment, HandOver
from correspondents.services.hand_over import accept_hand_over, decline_hand_over, withdraw_hand_over
from mediaexchange.core.admin_base import label, staff
from mediaexchange.core.languages.tags import DEFAULT


class StatusFilter(ByChoice):
    title, parameter_name, column, choices_of = _("status"), "status", "status", HandOverStatus


@admin.register(HandOver)
class HandOverAdmin(ReadOnlyAdmin, CorrespondentsAdmin):
    house_column = "assignment__broadcaster_id"
    list_display = ("title", "state", "giver", "taker", "moment")
    list_select_related = ("assignment__correspondent", "to_correspondent")
    list_filter = (StatusFilter,)
    fields = ("title", "state", "giver", "taker", "moment", "matters", "reason")
    readonly_fields = fields

    def has_history_permission(self, request: HttpRequest, obj: Model) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request)
        return rows.select_related("assignment__correspondent", "assignment__broadcaster", "to_correspondent")

    @admin.display(description=_("assignment"))
    def title(self, row: HandOver) -> str:
        return str(row.assignment)

    @admin.display(description=_("status"), ordering="status")
    def state(self, row: HandOver) -> SafeString:
        return label(row.get_status_display(), HAND_OVER_LOOK[HandOverStatus(row.status)])

    @admin.display(description=pgettext_lazy("hand-over", "from"))
    def giver(self, row: HandOver) -> str:
        person = row.told_giver
        return person.name_in(get_language() or DEFAULT) if person else "—"

    @admin.display(description=pgettext_lazy("hand-over", "to"))
    def taker(self, row: HandOver) -> str:
        return row.to_correspondent.name_in(get_language() or DEFAULT)

    @admin.display(description=_("handed over at"), ordering="at")
    def moment(self, row: HandOver) -> SafeString | str:
        return in_both_zones(row.at, None, row.assignment.time_zone)

    def get_urls(self) -> list[URLPattern]:
        return [
            self.named_page("do/", self.do_view, "do"),
            self.named_page("decline/", self.decline_view, "decline"),
            *super().get_urls(),
        ]

    def do_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        row = self.get_object(request, str(object_id))
        if row is None:
            return self.missing(request, str(object_id))
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        deeds = {"accept": accept_hand_over, "withdraw": withdraw_hand_over}
        deed = deeds.get(request.POST.get("deed", ""))
        if deed is not None and self.tried(request, partial(deed, row, actor=staff(request))):
            row.refresh_from_db()
            said = _("Now: %(status)s.") % {"status": row.get_status_display()}
            self.message_user(request, said, messages.SUCCESS)
        return HttpResponseRedirect(self.back_to(request, self._page_of(request, row)))

    def decline_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        row = self.get_object(request, str(object_id))
        if row is None:
            return self.missing(request, str(object_id))
        back = next_of(request) or self._page_of(request, row)

        def run(answers: dict[str, Any]) -> HttpResponse:
            decline_hand_over(row, actor=staff(request), reason=answers["reason"])
            return HttpResponseRedirect(back)

        return self.ask(
            request, row, title=pgettext_lazy("hand-over", "Decline"), form=WhyForm, run=run,
            explanation=_("Whoever hands over reads the reason."),
        )  # fmt: skip

    def _page_of(self, request: HttpRequest, row: HandOver) -> str:
        """The assignment's page for those who see it, the hand-over's own for the other side."""
        sees = Assignment.objects.visible_to(staff(request)).filter(pk=row.assignment_id).exists()
        return self.address(row.assignment if sees else row)
