"""Initiatives of digital development: a board by state, and each with owners, milestones and results."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from modeltranslation.admin import TranslationStackedInline
from unfold.admin import StackedInline, TabularInline
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.decorators import action
from unfold.widgets import (
    UnfoldAdminSelectWidget,
    UnfoldAdminSingleDateWidget,
    UnfoldAdminTextareaWidget,
)

from broadcasters.admin.base import PartInline, RecordAdmin, ShownInline, administered
from broadcasters.admin.initiative_board import board
from broadcasters.admin.refused import OfModuleFormSet, RefusedInWords
from broadcasters.constants import INITIATIVE_MOVES, OPEN_INITIATIVES, Area, InitiativeState
from broadcasters.models import Initiative, InitiativeMilestone, InitiativeMove, InitiativeOwner, Module, Result
from broadcasters.services.initiative import (
    CHANGE,
    move_initiative,
    reach_milestone,
    tell_of_initiative,
    who_may_answer,
)
from mediaexchange.core.admin_base import in_all_languages, label, shown, staff
from mediaexchange.core.admin_help import HelpedForm

LOOKS: dict[str, str] = {
    InitiativeState.PROPOSED: "",
    InitiativeState.RUNNING: "success",
    InitiativeState.PAUSED: "warning",
    InitiativeState.COMPLETED: "info",
    InitiativeState.ABANDONED: "danger",
}


class OwnerFormSet(OfModuleFormSet):
    """At least one house carries it; who answers for a house belongs to it."""

    def clean(self) -> None:
        super().clean()
        if any(self.errors):
            return
        kept = [form for form in self.forms if form.cleaned_data.get("broadcaster") and not form.cleaned_data["DELETE"]]
        if not kept:
            raise ValidationError(_("Say which house carries the initiative."))
        for form in kept:
            person, house = form.cleaned_data.get("responsible"), form.cleaned_data["broadcaster"]
            if person is not None and not person.memberships.filter(broadcaster=house).exists():
                form.add_error("responsible", _("Choose somebody who belongs to this house."))


class MilestoneFormSet(OfModuleFormSet):
    """Nothing new is planned while the module rests, or once the initiative has ended."""

    house_field = "owner"

    def clean(self) -> None:
        super().clean()
        new = [form for form in self.extra_forms if form.has_changed()]
        if new and self.instance.module_id and not self.instance.module.is_running:
            raise ValidationError(_("The module is not running."))
        if new and self.instance.state not in OPEN_INITIATIVES:
            raise ValidationError(_("The initiative has ended."))
        for form in self.initial_forms:
            if form.instance.actual_on and form.cleaned_data.get("is_cancelled"):
                form.add_error("is_cancelled", _("The milestone has been reached."))


class OwnerInline(PartInline, TabularInline):
    model = InitiativeOwner
    formset = OwnerFormSet
    hide_title = True
    fields = ["broadcaster", "responsible"]

    def get_extra(self, request: HttpRequest, obj: Model | None = None, **kwargs: Any) -> int:
        return 1 if obj is None else 0

    def get_field_queryset(self, db: str | None, db_field: Any, request: HttpRequest) -> QuerySet[Any] | None:
        if db_field.name == "responsible":
            return who_may_answer(staff(request))
        return super().get_field_queryset(db, db_field, request)


class MilestoneInline(PartInline, StackedInline, TranslationStackedInline):
    model = InitiativeMilestone
    formset = MilestoneFormSet
    fields = [("owner", "planned_on"), ("reached", "is_cancelled"), *((name,) for name in in_all_languages("title"))]
    readonly_fields = ["reached"]

    @admin.display(description=pgettext_lazy("milestone", "reached on"))
    def reached(self, milestone: InitiativeMilestone) -> Any:
        return milestone.actual_on or "—"

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """What was planned is history: it is called off."""
        return False


class ResultInline(PartInline, StackedInline, TranslationStackedInline):
    model = Result
    fields = [
        ("value", "unit", "as_of"),
        "indicator",
        ("url", "source"),
        *((name,) for name in in_all_languages("title")),
    ]


class MoveInline(ShownInline, TabularInline):
    model = InitiativeMove
    hide_title = True
    fields = ["at", "from_state", "to_state", "reason"]
    readonly_fields = fields


class InitiativeForm(forms.ModelForm):
    class Meta:
        model = Initiative
        fields = "__all__"  # noqa: DJ007 — the page names its fields

    def clean_module(self) -> Module | None:
        module: Module | None = self.cleaned_data.get("module")
        if module is not None and module.area != Area.DIGITAL_DEVELOPMENT:
            raise ValidationError(_("An initiative stands under a module of digital development."))
        if module is not None and self.instance.pk is None and not module.is_running:
            raise ValidationError(_("The module is not running."))
        return module


class StateForm(HelpedForm):
    reason = forms.CharField(
        label=_("Reason"), widget=UnfoldAdminTextareaWidget, help_text=_("Kept in the history; every party reads it.")
    )


class ReachedForm(HelpedForm):
    actual_on = forms.DateField(
        label=pgettext_lazy("milestone", "reached on"), required=False, widget=UnfoldAdminSingleDateWidget,
        help_text=_("Empty: today."),
    )  # fmt: skip


@admin.register(Initiative)
class InitiativeAdmin(RefusedInWords, RecordAdmin):
    form = InitiativeForm
    list_display = ["shown_name", "kind", "state_label", "module", "owner_list", "starts_on", "ends_on"]
    list_select_related = ["module"]
    list_filter = [("kind", ChoicesDropdownFilter), ("state", ChoicesDropdownFilter)]
    search_fields = ["slug", *in_all_languages("name")]
    fields = ["slug", "state_label", "module", "kind", ("starts_on", "ends_on"), "name", "summary"]
    readonly_fields = ["state_label"]
    inlines = [OwnerInline, MilestoneInline, ResultInline, MoveInline]
    actions_detail = ["run", "rest", "complete", "abandon", "reach"]

    shown_name = shown("name", _("name"))

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.board_view)
        return [path("board/", view, name="broadcasters_initiative_board"), *super().get_urls()]

    def board_view(self, request: HttpRequest) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        return board(self, request)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Initiative]:
        rows: QuerySet[Initiative] = super().get_queryset(request)
        return rows.select_related("module").prefetch_related("owners__broadcaster")

    def owners(self, obj: Initiative) -> Iterable[int]:
        return obj.owners.values_list("broadcaster_id", flat=True)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        names = super().get_readonly_fields(request, obj)
        return (*names, "module") if obj is not None else names

    def get_field_queryset(self, db: str | None, db_field: Any, request: HttpRequest) -> QuerySet[Any] | None:
        rows = super().get_field_queryset(db, db_field, request)
        return rows.filter(area=Area.DIGITAL_DEVELOPMENT) if db_field.name == "module" and rows is not None else rows

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        tell_of_initiative(form.instance, "initiative.changed" if change else "initiative.created", staff(request))

    @admin.display(description=_("state"), ordering="state")
    def state_label(self, initiative: Initiative) -> SafeString:
        return label(initiative.get_state_display(), LOOKS[initiative.state])

    @admin.display(description=pgettext_lazy("initiative", "owners"))
    def owner_list(self, initiative: Initiative) -> str:
        return ", ".join(str(owner) for owner in initiative.owners.all())

    @action(description=pgettext_lazy("initiative", "Start"), icon="play_arrow", permissions=["running"])
    def run(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._move(request, object_id, InitiativeState.RUNNING, _("Start the initiative"))

    @action(description=pgettext_lazy("initiative", "Pause"), icon="pause", permissions=["paused"])
    def rest(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._move(request, object_id, InitiativeState.PAUSED, _("Pause the initiative"))

    @action(description=pgettext_lazy("initiative", "Complete"), icon="done_all", permissions=["completed"])
    def complete(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._move(request, object_id, InitiativeState.COMPLETED, _("Complete the initiative"))

    @action(description=pgettext_lazy("initiative", "Abandon"), icon="stop", permissions=["abandoned"])
    def abandon(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._move(request, object_id, InitiativeState.ABANDONED, _("Abandon the initiative"))

    @action(description=_("Milestone is reached"), icon="flag", permissions=["reach"])
    def reach(self, request: HttpRequest, object_id: str) -> HttpResponse:
        initiative = self.get_object(request, object_id)
        if initiative is None:
            return self.missing(request, object_id)
        waiting = self._to_reach(request, initiative)
        field = forms.ModelChoiceField(
            label=pgettext_lazy("initiative", "milestone"), queryset=waiting, widget=UnfoldAdminSelectWidget,
            help_text=_("Those that your own houses have still to reach."),
        )  # fmt: skip
        form = type("ReachedForm", (ReachedForm,), {"milestone": field, "__module__": __name__})

        def run(answers: dict[str, Any]) -> None:
            reach_milestone(answers["milestone"], actor=staff(request), actual_on=answers["actual_on"])

        return self.ask(request, initiative, title=_("Say that a milestone is reached"), form=form, run=run)

    def has_running_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return self._may_move(request, object_id, InitiativeState.RUNNING)

    def has_paused_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return self._may_move(request, object_id, InitiativeState.PAUSED)

    def has_completed_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return self._may_move(request, object_id, InitiativeState.COMPLETED)

    def has_abandoned_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return self._may_move(request, object_id, InitiativeState.ABANDONED)

    def has_reach_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        """Also for the owner of a milestone who does not carry the initiative."""
        row = self.get_object(request, str(object_id)) if object_id else None
        return row is not None and self._to_reach(request, row).exists()

    def _to_reach(self, request: HttpRequest, initiative: Initiative) -> QuerySet[InitiativeMilestone]:
        own = administered(staff(request), "broadcasters.change_initiativemilestone")
        return initiative.milestones.filter(actual_on__isnull=True, is_cancelled=False, owner__in=own)

    def _may_move(self, request: HttpRequest, object_id: Any, state: str) -> bool:
        row = self.get_object(request, str(object_id)) if object_id else None
        if row is None or state not in INITIATIVE_MOVES[row.state]:
            return False
        return administered(staff(request), CHANGE).filter(pk__in=self.owners(row)).exists()

    def _move(self, request: HttpRequest, object_id: str, state: str, title: Any) -> HttpResponse:
        initiative = self.get_object(request, object_id)
        if initiative is None:
            return self.missing(request, object_id)
        if not self._may_move(request, object_id, state):
            raise PermissionDenied

        def run(answers: dict[str, Any]) -> None:
            move_initiative(initiative, actor=staff(request), state=state, reason=answers["reason"])

        return self.ask(request, initiative, title=title, form=StateForm, run=run)
