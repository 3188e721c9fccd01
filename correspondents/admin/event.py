"""Planned events, and what each house wants of them: wanted, taken into an assignment, delivered."""

import re
from functools import partial
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import URLPattern, path
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from archive.admin.base import houses_with
from archive.admin.filters import ByChoice, HouseFilter
from broadcasters.models import Broadcaster, DiplomaticEvent, Module
from broadcasters.permissions import may
from correspondents.admin.anniversary import anniversary_view
from correspondents.admin.assignment_box import forms_of
from correspondents.admin.base import (
    EVENT_LOOK,
    WISH_LOOK,
    CorrespondentsRecordAdmin,
    LocalMomentField,
    assignment_label,
    at_clocks,
    by_clocks,
    day,
    in_both_zones,
)
from correspondents.admin.planning import planning_view
from correspondents.constants import EVENT_MOVES, CoverageForm, EventKind, EventStatus, Priority, WishStatus
from correspondents.models import Assignment, CoverageWish, PlannedEvent
from correspondents.services.event import move_event, plan_wish, save_event, save_wish, withdraw_wish
from correspondents.services.telling import DESK
from mediaexchange.core.admin_base import ServiceForm, in_all_languages, label, refusal, shown, staff
from mediaexchange.core.admin_help import HelpedForm
from mediaexchange.core.errors import DomainError, Message
from mediaexchange.core.languages.localize import localized
from mediaexchange.core.models import User
from mediaexchange.core.numbers import whole_number

WANT = "correspondents.add_coveragewish"
_MONTH = re.compile(r"\d{4}-\d{2}")
_DAYS = re.compile(r"\d{4}-\d{2}-\d{2}(?:/\d{4}-\d{2}-\d{2})?")
_MOVES: dict[str, Message] = {
    EventStatus.CONFIRMED: pgettext_lazy("planned event", "Confirm"),
    EventStatus.TENTATIVE: pgettext_lazy("planned event", "Put in doubt"),
    EventStatus.CANCELLED: pgettext_lazy("planned event", "Call off"),
}


class EventForm(ServiceForm):
    starts = LocalMomentField(label=_("starts at"), required=False, help_text=_("By the clocks of the place."))
    ends = LocalMomentField(label=_("ends at"), required=False, help_text=_("By the clocks of the place."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "time_zone" in self.fields:
            self.fields["time_zone"].required = False
            self.fields["time_zone"].help_text = _("Of the place; empty: as the place has it.")
        if self.instance.pk is not None:
            zone = self.instance.time_zone
            self.initial.setdefault("starts", at_clocks(self.instance.starts_at, zone))
            self.initial.setdefault("ends", at_clocks(self.instance.ends_at, zone))

    def clean(self) -> dict[str, Any]:
        """Instants are there before the row looks at itself."""
        answers: dict[str, Any] = super().clean() or self.cleaned_data
        place, house = answers.get("place"), answers.get("broadcaster")
        if house is None and self.instance.pk is None:
            return answers  # which says that it is missing
        house = house or self.instance.broadcaster
        zone = answers.get("time_zone") or self.instance.time_zone or (place.time_zone if place else "")
        answers["time_zone"] = zone = zone or house.time_zone
        for name in ("starts", "ends"):
            typed = answers.get(name)
            setattr(self.instance, f"{name}_at", by_clocks(typed, zone) if typed else None)
        return answers

    def perform(self, answers: dict[str, Any]) -> Model:
        changed = set(self.changed_data)
        if changed & {"starts", "ends", "time_zone"}:
            changed |= {"starts_at", "ends_at"}
        stored = save_event(self.instance, actor=self.user, changed=changed)
        if "institutions" in answers:
            stored.institutions.set(answers["institutions"])
        return stored


class KindFilter(ByChoice):
    title, parameter_name, column, choices_of = pgettext_lazy("calendar", "kind"), "kind", "kind", EventKind


class StatusFilter(ByChoice):
    title, parameter_name, column, choices_of = _("status"), "status", "status", EventStatus


class WishForm(HelpedForm):
    broadcaster = forms.ModelChoiceField(
        label=_("broadcaster"), queryset=Broadcaster.objects.none(), widget=UnfoldAdminSelectWidget
    )
    wanted = forms.MultipleChoiceField(
        label=_("forms"), choices=CoverageForm.choices, widget=UnfoldAdminCheckboxSelectMultipleWidget
    )
    languages = forms.CharField(
        label=_("languages"), required=False, help_text=_("BCP 47, with spaces between: sr kk ru."),
        widget=UnfoldAdminTextInputWidget,
    )  # fmt: skip
    priority = forms.ChoiceField(
        label=_("priority"), choices=Priority.choices, initial=Priority.NORMAL, widget=UnfoldAdminSelectWidget
    )
    deadline = LocalMomentField(label=_("wanted by"), required=False, help_text=_("By the clocks of the place."))
    note = forms.CharField(label=_("note"), required=False, widget=UnfoldAdminTextareaWidget)


@admin.register(PlannedEvent)
class PlannedEventAdmin(CorrespondentsRecordAdmin):
    form = EventForm
    fixed = ("slug", "broadcaster")
    list_display = ("shown_name", "kind", "state", "when", "place", "broadcaster")
    list_select_related = ("place", "broadcaster")
    list_filter = (KindFilter, StatusFilter, HouseFilter)
    search_fields = ("slug", *in_all_languages("name"))
    fields = (
        "slug", "broadcaster", "module", "is_shared", "kind", ("place", "venue"), "time_zone", "dated",
        ("starts", "ends"), "institutions", "name", "description",
    )  # fmt: skip
    autocomplete_fields = ("place", "institutions")

    shown_name = shown("name", _("name"))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request)
        return rows.select_related("place", "broadcaster", "module")

    def get_ordering(self, request: HttpRequest) -> Any:
        return ("-first_on", "pk")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        fields = super().get_fields(request, obj)
        if obj is None or self.has_change_permission(request, obj):
            return fields
        return [name for name in fields if name != ("starts", "ends")]

    def get_field_queryset(self, db: str | None, db_field: Any, request: HttpRequest) -> QuerySet[Any] | None:
        if db_field.name == "broadcaster":
            return houses_with(request, "correspondents.add_plannedevent")
        if db_field.name == "module":
            return Module.objects.visible_to(staff(request))
        return super().get_field_queryset(db, db_field, request)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        own = list(houses_with(request, "correspondents.add_plannedevent")[:2])
        given: dict[str, Any] = super().get_changeform_initial_data(request)
        return given | ({"broadcaster": own[0].pk} if len(own) == 1 else {})

    @admin.display(description=_("status"), ordering="status")
    def state(self, event: PlannedEvent) -> SafeString:
        return label(event.get_status_display(), EVENT_LOOK[EventStatus(event.status)])

    @admin.display(description=pgettext_lazy("planned event", "when"), ordering="first_on")
    def when(self, event: PlannedEvent) -> SafeString | str:
        return when_of(event)

    def boxes_of(self, request: HttpRequest, subject: PlannedEvent) -> list[SafeString]:
        user = staff(request)
        wishes = CoverageWish.objects.visible_to(user).filter(event=subject)
        assignments = list(
            Assignment.objects.visible_to(user)
            .filter(event=subject)
            .select_related("correspondent", "place", "broadcaster")
        )
        planning = [
            row
            for row in assignments
            if may(user, DESK, row.broadcaster_id) and row.status not in ("cancelled", "declined")
        ]
        context = {
            "event": subject,
            "state": self.state(subject),
            "when": when_of(subject),
            "place": localized(subject.place, "name") if subject.place else "",
            "description": localized(subject, "description"),
            "institutions": list(subject.institutions.all()),
            "marks": DiplomaticEvent.objects.visible_to(user).filter(pk=subject.anniversary_of_id or 0).first(),
            "moves": [
                (status, words)
                for status, words in _MOVES.items()
                if status in EVENT_MOVES[subject.status] and self.has_change_permission(request, subject)
            ],
            "wishes": [
                {
                    "wish": wish,
                    "forms": forms_of(wish),
                    "state": label(wish.get_status_display(), WISH_LOOK[WishStatus(wish.status)]),
                    "deadline": in_both_zones(wish.deadline_at, None, subject.time_zone) if wish.deadline_at else "",
                    "assignment": wish.assignment if wish.assignment in assignments else None,
                    "may_plan": planning if wish.status == WishStatus.WANTED else [],
                    "may_withdraw": wish.status in ("wanted", "planned") and may(user, WANT, wish.broadcaster_id),
                }
                for wish in wishes.select_related("broadcaster", "assignment").order_by("deadline_at", "pk")
            ],
            "assignments": [(row, assignment_label(row)) for row in assignments],
            "may_want": subject.status != EventStatus.CANCELLED and houses_with(request, WANT).exists(),
            "may_assign": houses_with(request, "correspondents.add_assignment").exists(),
        }
        return [SafeString(render_to_string("correspondents/event.html", context, request))]

    def get_urls(self) -> list[URLPattern]:
        return [
            path("calendar/", self.admin_site.admin_view(self.planning), name="correspondents_planning"),
            path(
                "anniversary/<int:event_id>/<int:year>/",
                self.admin_site.admin_view(self.anniversary),
                name="correspondents_anniversary",
            ),
            self.named_page("do/", self.do_view, "do"),
            self.named_page("want/", self.want_view, "want"),
            *super().get_urls(),
        ]

    def planning(self, request: HttpRequest) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        return planning_view(self, request)

    def anniversary(self, request: HttpRequest, event_id: int, year: int) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        return anniversary_view(self, request, event_id, year)

    def do_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        event = self.get_object(request, str(object_id))
        if event is None:
            return self.missing(request, str(object_id))
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        deed, user = request.POST.get("deed", ""), staff(request)
        if deed in _MOVES:
            if self.tried(request, partial(move_event, event, actor=user, status=deed)):
                self.message_user(request, _("The calendars are told."), messages.SUCCESS)
        elif deed in ("plan", "withdraw"):
            wish = get_object_or_404(CoverageWish.objects.visible_to(user).filter(event=event), pk=_pk(request, "wish"))
            if deed == "withdraw":
                self.tried(request, partial(withdraw_wish, wish, actor=user))
            else:
                rows = Assignment.objects.visible_to(user).filter(event=event)
                assignment = get_object_or_404(rows, pk=_pk(request, "assignment"))
                if self.tried(request, partial(plan_wish, wish, assignment, actor=user)):
                    self.message_user(request, _("The house that wants it is told."), messages.SUCCESS)
        return HttpResponseRedirect(self.address(event) + "#wishes")

    def want_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Says what one's own house wants of the event."""
        event = self.get_object(request, str(object_id))
        if event is None:
            return self.missing(request, str(object_id))
        houses = houses_with(request, WANT)
        if not houses.exists():
            raise PermissionDenied
        form = WishForm(request.POST if request.method == "POST" else None)
        form.fields["broadcaster"].queryset = houses  # type: ignore[attr-defined]
        if len(houses) == 1:
            form.initial["broadcaster"] = houses[0].pk
        if request.method == "POST" and form.is_valid():
            try:
                _want(event, staff(request), form.cleaned_data)
            except DomainError as error:
                form.add_error(None, refusal(error))
            else:
                self.message_user(request, _("The wish stands in the calendar."), messages.SUCCESS)
                return HttpResponseRedirect(self.address(event) + "#wishes")
        context = {
            "title": _("Want coverage"), "form": form,
            "explanation": _("A house that sends somebody takes the wish into its assignment."),
        }  # fmt: skip
        return self.page(request, "core/admin/ask.html", event, context)


def when_of(event: PlannedEvent) -> SafeString | str:
    """Both clocks, a day, days or a month in the reader's manner; what is less certain as it was written."""
    if event.starts_at:
        return in_both_zones(event.starts_at, event.ends_at, event.time_zone)
    if _MONTH.fullmatch(event.dated) and event.first_on:
        return date_format(event.first_on, "YEAR_MONTH_FORMAT")
    if _DAYS.fullmatch(event.dated) and event.first_on and event.last_on:
        last = "" if event.first_on == event.last_on else f" – {day(event.last_on)}"
        return f"{day(event.first_on)}{last}"
    return event.dated


def _want(event: PlannedEvent, user: User, answers: dict[str, Any]) -> CoverageWish:
    deadline = answers["deadline"]
    return save_wish(
        CoverageWish(
            event=event, broadcaster=answers["broadcaster"], forms=answers["wanted"],
            languages=answers["languages"].replace(",", " ").split(), priority=answers["priority"],
            deadline_at=by_clocks(deadline, event.time_zone) if deadline else None, note=answers["note"],
        ),
        actor=user,
    )  # fmt: skip


def _pk(request: HttpRequest, name: str) -> int:
    return whole_number(request.POST.get(name)) or 0
