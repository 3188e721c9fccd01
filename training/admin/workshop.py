"""The workshop's page: when and where, seats by house, who comes, who waits, and what can be done about it."""

from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Model, Q, QuerySet, URLField
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy
from unfold.admin import StackedInline, TabularInline

from archive.admin.base import houses_with
from archive.admin.filters import ByChoice, HouseFilter
from archive.admin.item_deeds import ReasonForm
from broadcasters.admin.base import PartInline
from broadcasters.models import Broadcaster
from mediaexchange.core.admin_base import ServiceForm, in_all_languages, shown, staff
from mediaexchange.core.languages.tags import STORED
from mediaexchange.core.numbers import whole_number
from training.admin.base import TrainingRecordAdmin, in_both_zones, workshop_label
from training.admin.workshop_board import MOVES, board_of
from training.admin.workshop_pages import WorkshopPages
from training.admin.workshop_words import WithdrawForm, after_withdrawal
from training.constants import FormKind, WorkshopStatus
from training.models import (
    Enrolment,
    FeedbackForm,
    Material,
    Participant,
    Programme,
    SeatQuota,
    Session,
    Trainer,
    Workshop,
)
from training.services.enrolment import (
    accept_offer,
    confirm_enrolment,
    give_up_place,
    nominate_participant,
    reject_enrolment,
)
from training.services.workshop import move_workshop, save_session, save_workshop, set_quota

_DEEDS = {"confirm": confirm_enrolment, "accept": accept_offer}


_MEANS = {
    WorkshopStatus.OPEN: _("The parties of the module see it and may nominate."),
    WorkshopStatus.RUNNING: _("Offers and the waiting list end; participants may check in."),
    WorkshopStatus.COMPLETED: _("Certificates can be issued; participants are asked for their opinion."),
    WorkshopStatus.CANCELLED: _("Everybody who has a seat or waits for one is told, with the reason."),
}


class WorkshopForm(ServiceForm):
    def perform(self, answers: dict[str, Any]) -> Model:
        return save_workshop(self.instance, actor=self.user, changed=set(self.changed_data))


class StatusFilter(ByChoice):
    title, parameter_name, column, choices_of = _("status"), "status", "status", WorkshopStatus


class _Inline(PartInline):
    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if isinstance(db_field, URLField):
            kwargs.setdefault("assume_scheme", "https")
        return super().formfield_for_dbfield(db_field, request, **kwargs)


class SessionInline(_Inline, StackedInline):
    """Times are typed in by the clocks of whoever types; the page shows them in both zones."""

    model = Session
    tab = True
    fields = (
        ("starts_at", "ends_at"), tuple(f"title_{language}" for language in STORED), ("place", "venue"), "online_url",
        "is_cancelled",
    )  # fmt: skip
    autocomplete_fields = ("place",)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """It is cancelled instead: calendars have it already."""
        return False


class QuotaInline(PartInline, TabularInline):
    model = SeatQuota
    tab = True
    fields = ("broadcaster", "seats", "seats_taken")
    readonly_fields = ("seats_taken",)


class TrainerInline(PartInline, TabularInline):
    model = Trainer
    tab = True
    fields = ("person", "name", *(f"office_{language}" for language in STORED), "position")
    autocomplete_fields = ("person",)


class MaterialInline(_Inline, StackedInline):
    model = Material
    tab = True
    fields = (tuple(f"title_{language}" for language in STORED), "file", "url", ("language", "position"))


@admin.register(Workshop)
class WorkshopAdmin(WorkshopPages, TrainingRecordAdmin):
    form = WorkshopForm
    fixed = ("slug", "broadcaster", "programme")
    list_display = ("shown_name", "state", "when", "broadcaster", "seats", "waiting")
    list_select_related = ("broadcaster", "programme")
    list_filter = (StatusFilter, HouseFilter)
    search_fields = ("slug", *in_all_languages("name"))
    fields = (
        "slug", "programme", "broadcaster", "languages", ("place", "venue"), "online_url", "time_zone",
        ("capacity", "offer_hours"), "needs_approval", "nominations_close_at", "attendance_percent",
        "evaluation_form", "follow_up_form", "follow_up_days", "name", "description",
    )  # fmt: skip
    autocomplete_fields = ("place",)
    inlines = (SessionInline, QuotaInline, TrainerInline, MaterialInline)

    shown_name = shown("name", _("name"))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = super().get_queryset(request).select_related("programme__module", "broadcaster", "place")
        rows = rows.prefetch_related("programme__module__parties__home_city")
        found: QuerySet[Any] = rows.annotate(waiting_count=Count("enrolments", filter=Q(enrolments__status="waiting")))
        return found

    def get_field_queryset(self, db: str | None, db_field: Any, request: HttpRequest) -> QuerySet[Any] | None:
        if db_field.name == "broadcaster" and db_field.model is Workshop:
            return houses_with(request, "training.add_workshop")
        if db_field.name == "programme":
            return Programme.objects.visible_to(staff(request))
        if db_field.name in ("evaluation_form", "follow_up_form"):
            kind = FormKind.EVALUATION if db_field.name == "evaluation_form" else FormKind.FOLLOW_UP
            return FeedbackForm.objects.visible_to(staff(request)).filter(kind=kind)
        return super().get_field_queryset(db, db_field, request)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        own = list(houses_with(request, "training.add_workshop")[:2])
        given: dict[str, Any] = super().get_changeform_initial_data(request)
        return given | ({"broadcaster": own[0].pk, "time_zone": own[0].time_zone} if len(own) == 1 else {})

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        return self.inlines if obj is not None and self.has_change_permission(request, obj) else ()

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Sessions and seats by their services, each refused on its own; trainers and materials as they are."""
        actor, workshop = staff(request), form.instance
        for formset in formsets:
            for row in formset.forms:
                if not row.has_changed() or formset._should_delete_form(row):
                    continue
                if formset.model is Session:
                    row.instance.workshop = workshop
                    self.tried(request, partial(save_session, row.instance, actor=actor, changed=row.changed_data))
                elif formset.model is SeatQuota:
                    self._set_quota(request, workshop, row.cleaned_data["broadcaster"], row.cleaned_data["seats"])
            if formset.model is SeatQuota:
                for row in formset.deleted_forms:
                    if row.instance.pk:
                        self._set_quota(request, workshop, row.instance.broadcaster, None)
            elif formset.model is not Session:
                formset.save()

    def _set_quota(self, request: HttpRequest, workshop: Workshop, house: Broadcaster, seats: int | None) -> None:
        self.tried(request, lambda: set_quota(workshop, house, actor=staff(request), seats=seats))

    def construct_change_message(self, request: HttpRequest, form: Any, formsets: Any, add: bool = False) -> list[Any]:
        """Nothing: PostgreSQL keeps the trail, completely."""
        return []

    @admin.display(description=_("status"), ordering="status")
    def state(self, workshop: Workshop) -> SafeString:
        return workshop_label(workshop)

    @admin.display(description=pgettext_lazy("workshop", "when"), ordering="starts_at")
    def when(self, workshop: Workshop) -> SafeString | str:
        return in_both_zones(workshop.starts_at, workshop.ends_at, workshop)

    @admin.display(description=_("seats"), ordering="seats_taken")
    def seats(self, workshop: Workshop) -> str:
        return f"{workshop.seats_taken}/{workshop.capacity}"

    @admin.display(description=_("waiting"), ordering="waiting_count")
    def waiting(self, workshop: Any) -> int:
        return int(workshop.waiting_count)

    def boxes_of(self, request: HttpRequest, subject: Workshop) -> list[SafeString]:
        return board_of(self, request, subject)

    def get_urls(self) -> list[URLPattern]:
        def named(route: str, view: Any, name: str) -> URLPattern:
            guarded = self.admin_site.admin_view(view)
            pattern: URLPattern = path(f"<int:object_id>/{route}", guarded, name=f"training_workshop_{name}")
            return pattern

        return [
            named("do/", self.do_view, "do"),
            named("move/<slug:status>/", self.move_view, "move"),
            named("reject/<int:enrolment>/", self.reject_view, "reject"),
            named("withdraw/<int:enrolment>/", self.withdraw_view, "withdraw"),
            *super().get_urls(),
        ]

    def do_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Nominations and what becomes of them: one button, one deed. What may be done, the services know."""
        workshop = self.get_object(request, str(object_id))
        if workshop is None:
            return self.missing(request, str(object_id))
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        deed = request.POST.get("deed", "")
        if deed == "nominate":
            people = Participant.objects.own(staff(request))
            chosen = people.filter(pk__in=[whole_number(text) or 0 for text in request.POST.getlist("participant")])
            for person in chosen:
                if self.tried(request, partial(nominate_participant, workshop, person, actor=staff(request))):
                    self.message_user(request, _("The nomination is recorded."), messages.SUCCESS)
        elif deed in _DEEDS:
            enrolment = self._enrolment(request, workshop, request.POST.get("enrolment", ""))
            if self.tried(request, partial(_DEEDS[deed], enrolment, actor=staff(request))):
                enrolment.refresh_from_db()
                said = _("Now: %(status)s.") % {"status": enrolment.get_status_display()}
                self.message_user(request, said, messages.SUCCESS)
        return HttpResponseRedirect(self.address(workshop))

    def move_view(self, request: HttpRequest, object_id: int, status: str) -> HttpResponse:
        """Asks before the workshop changes for everybody."""
        workshop = self.get_object(request, str(object_id))
        if workshop is None or status not in MOVES:
            return self.missing(request, str(object_id))
        if not self.has_change_permission(request, workshop):
            raise PermissionDenied

        def run(answers: dict[str, Any]) -> None:
            move_workshop(workshop, actor=staff(request), status=status, reason=answers.get("reason", ""))

        title = MOVES[status]
        asked: dict[str, Any] = {"form": ReasonForm} if status == WorkshopStatus.CANCELLED else {}
        return self.ask(request, workshop, title=title, run=run, explanation=_MEANS[WorkshopStatus(status)], **asked)

    def reject_view(self, request: HttpRequest, object_id: int, enrolment: int) -> HttpResponse:
        workshop = self.get_object(request, str(object_id))
        if workshop is None:
            return self.missing(request, str(object_id))
        if not self.has_change_permission(request, workshop):
            raise PermissionDenied
        row = self._enrolment(request, workshop, str(enrolment))

        def run(answers: dict[str, Any]) -> None:
            reject_enrolment(row, actor=staff(request), reason=answers["reason"])

        return self.ask(
            request, workshop, title=_("Reject"), form=ReasonForm, run=run,
            explanation=_("The house and the person read the reason."),
        )  # fmt: skip

    def withdraw_view(self, request: HttpRequest, object_id: int, enrolment: int) -> HttpResponse:
        """Asks first; afterwards it says to whom the seat is offered and who was passed over, by name as far as the
        reader may know it."""
        workshop = self.get_object(request, str(object_id))
        if workshop is None:
            return self.missing(request, str(object_id))
        row = self._enrolment(request, workshop, str(enrolment))
        seen = Enrolment.objects.visible_to(staff(request)).filter(workshop=workshop)

        def run(answers: dict[str, Any]) -> None:
            given_up = give_up_place(row, actor=staff(request), reason=answers["reason"])
            known = set(seen.values_list("pk", flat=True))
            for line in after_withdrawal(given_up, known):
                self.message_user(request, line, messages.SUCCESS)

        return self.ask(
            request, workshop, title=pgettext("enrolment", "Withdraw"), form=WithdrawForm, run=run,
            explanation=_("%(person)s: a seat that becomes free is offered to whoever has waited longest and whose "
                          "house has seats left.") % {"person": row.participant},
        )  # fmt: skip

    def _enrolment(self, request: HttpRequest, workshop: Workshop, pk: str) -> Any:
        rows = Enrolment.objects.visible_to(staff(request)).filter(workshop=workshop)
        return get_object_or_404(rows, pk=whole_number(pk) or 0)
