"""Assignments: the list, the form, and above it the page on which an assignment is followed."""

from typing import Any

from django.contrib import admin
from django.db.models import Case, Model, Q, QuerySet, When
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.safestring import SafeString
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from psycopg.types.range import Range

from archive.admin.base import houses_with
from archive.admin.filters import ByChoice, ByRecord, ByWord, HouseFilter
from broadcasters.constants import Area
from broadcasters.models import Broadcaster, Module, Place
from correspondents.admin.assignment_box import box_of
from correspondents.admin.assignment_deeds import AssignmentDeeds
from correspondents.admin.base import (
    CorrespondentsRecordAdmin,
    LocalMomentField,
    assignment_label,
    at_clocks,
    by_clocks,
    period_of,
)
from correspondents.admin.board import board_view
from correspondents.admin.mine import mine_view
from correspondents.constants import AssignmentStatus, Priority
from correspondents.models import Assignment, Correspondent, PlannedEvent
from correspondents.querysets import TELLS_WHO
from correspondents.services.assignment import save_assignment, zone_of
from mediaexchange.core.admin_base import ServiceForm, in_all_languages, shown, staff
from mediaexchange.core.languages.localize import localized
from mediaexchange.core.languages.tags import DEFAULT
from mediaexchange.core.models import User
from mediaexchange.core.numbers import whole_number


class AssignmentForm(ServiceForm):
    starts = LocalMomentField(label=pgettext_lazy("period", "from"), help_text=_("By the clocks of the place."))
    ends = LocalMomentField(
        label=pgettext_lazy("period", "until"),
        help_text=_("By the clocks of the place. An assignment that begins then does not overlap."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "time_zone" in self.fields:
            self.fields["time_zone"].required = False
            self.fields["time_zone"].help_text = _("Of the place; empty: as the place has it.")
        if self.instance.pk is not None:
            zone = self.instance.time_zone
            self.initial.setdefault("starts", at_clocks(self.instance.starts_at, zone))
            self.initial.setdefault("ends", at_clocks(self.instance.ends_at, zone))

    def perform(self, answers: dict[str, Any]) -> Model:
        changed, row = set(self.changed_data), self.instance
        before, is_typed = self.initial.get("time_zone", ""), "time_zone" in changed or "place" not in changed
        row.time_zone = zone = (row.time_zone if is_typed else "") or zone_of(row)
        if row.pk is None or zone != before or changed & {"starts", "ends"}:
            starts, ends = by_clocks(answers["starts"], zone), by_clocks(answers["ends"], zone)
            if row.pk is not None and zone == before:  # what nobody has touched keeps its seconds
                starts = starts if "starts" in changed else row.starts_at
                ends = ends if "ends" in changed else row.ends_at
            # An end before the beginning is the service's to refuse; the database's ranges cannot hold it.
            row.period = Range(starts, ends) if starts < ends else Range(starts, starts)
            changed |= {"period", "time_zone"}
        return save_assignment(row, actor=self.user, changed=changed)


class StatusFilter(ByChoice):
    title, parameter_name, column, choices_of = _("status"), "status", "status", AssignmentStatus


class PriorityFilter(ByChoice):
    title, parameter_name, column, choices_of = _("priority"), "priority", "priority", Priority


class SideFilter(ByWord):
    title, parameter_name = _("direction"), "side"

    def words(self, user: User) -> dict[str, tuple[Any, Any]]:
        own = Q(pk__in=Assignment.objects.own(user).values("pk"))
        hosted = Q(pk__in=Assignment.objects.hosted_by(user).values("pk"))
        return {"sent": (_("sent by us"), own), "hosted": (_("coming to us"), hosted)}


class PlaceFilter(ByRecord):
    title, parameter_name, column = pgettext_lazy("journey", "to"), "place", "place"

    def records(self, user: User) -> QuerySet:
        return Place.objects.filter(pk__in=Assignment.objects.visible_to(user).values("place"))


@admin.register(Assignment)
class AssignmentAdmin(AssignmentDeeds, CorrespondentsRecordAdmin):
    form = AssignmentForm
    list_display = ("shown_title", "state", "person", "city", "when", "broadcaster", "host")
    list_select_related = ("broadcaster", "host", "place", "correspondent")
    list_filter = (StatusFilter, SideFilter, PlaceFilter, PriorityFilter, HouseFilter)
    search_fields = (*in_all_languages("title"), "told_name", "told_name_latn")
    fields = (
        "broadcaster", "correspondent", "place", ("starts", "ends"), "time_zone", "host", "host_institution",
        ("module", "event"), "priority", "title", "brief",
    )  # fmt: skip
    autocomplete_fields = ("place", "host_institution")

    shown_title = shown("title", _("title"))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request)
        rows = rows.select_related("broadcaster", "host", "place", "correspondent", "module", "event")
        told = {f"told_{name}": Case(When(TELLS_WHO, then=f"correspondent__{name}")) for name in ("name", "name_latn")}
        annotated: QuerySet[Any] = rows.annotate(**told)
        return annotated

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Whoever only looks sees the period on the page above, and the person where they may know."""
        fields = super().get_fields(request, obj)
        if obj is None or self.has_change_permission(request, obj):
            return fields
        return [name for name in fields if name != ("starts", "ends") and (name != "correspondent" or obj.tells_who)]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Who goes is settled when it is given; afterwards it is handed over."""
        given = super().get_readonly_fields(request, obj)
        is_given = obj is not None and obj.status != AssignmentStatus.DRAFT
        return (*given, "correspondent") if is_given else given

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        is_over = isinstance(obj, Assignment) and obj.status in ("completed", "cancelled")
        return not is_over and super().has_change_permission(request, obj)

    def get_field_queryset(self, db: str | None, db_field: Any, request: HttpRequest) -> QuerySet[Any] | None:
        user = staff(request)
        if db_field.name == "broadcaster":
            return houses_with(request, "correspondents.add_assignment")
        if db_field.name == "correspondent":
            return Correspondent.objects.own(user).at_work()
        if db_field.name == "host":
            return Broadcaster.objects.filter(is_active=True)
        if db_field.name == "module":
            return Module.objects.visible_to(user).filter(area=Area.CORRESPONDENTS)
        if db_field.name == "event":
            return PlannedEvent.objects.visible_to(user).standing()
        return super().get_field_queryset(db, db_field, request)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field: Any = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if field is not None and db_field.name == "correspondent":
            field.label_from_instance = lambda person: person.name_in(get_language() or DEFAULT)
        if field is not None and db_field.name == "event":
            field.label_from_instance = lambda event: localized(event, "name")
        return field

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        own = list(houses_with(request, "correspondents.add_assignment")[:2])
        given: dict[str, Any] = super().get_changeform_initial_data(request)
        event = (
            PlannedEvent.objects.visible_to(staff(request))
            .filter(pk=whole_number(request.GET.get("event")) or 0)
            .first()
        )
        if event is not None:
            given |= {"event": event.pk, "place": event.place_id, "module": event.module_id}
            given |= {name.replace("name", "title"): getattr(event, name) for name in in_all_languages("name")}
        return given | ({"broadcaster": own[0].pk} if len(own) == 1 else {})

    @admin.display(description=_("status"), ordering="status")
    def state(self, assignment: Assignment) -> SafeString:
        return assignment_label(assignment)

    @admin.display(description=_("correspondent"))
    def person(self, assignment: Assignment) -> str:
        person = assignment.told_person
        return person.name_in(get_language() or DEFAULT) if person else "—"

    @admin.display(description=pgettext_lazy("journey", "to"))
    def city(self, assignment: Assignment) -> str:
        return localized(assignment.place, "name")

    @admin.display(description=_("period"), ordering="period")
    def when(self, assignment: Assignment) -> SafeString | str:
        return period_of(assignment)

    def boxes_of(self, request: HttpRequest, subject: Assignment) -> list[SafeString]:
        return [box_of(request, subject)]

    def get_urls(self) -> list[URLPattern]:
        return [
            path("board/", self.admin_site.admin_view(self.board), name="correspondents_assignment_board"),
            path("mine/", self.admin_site.admin_view(self.mine), name="correspondents_assignment_mine"),
            *super().get_urls(),
        ]

    def board(self, request: HttpRequest) -> HttpResponse:
        self.require_view(request)
        return board_view(self, request)

    def mine(self, request: HttpRequest) -> HttpResponse:
        self.require_view(request)
        return mine_view(self, request)
