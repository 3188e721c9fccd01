"""The modules of cooperation, each started, paused, scaled and ended on its own, with a reason."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from unfold.admin import TabularInline
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.dataclasses import UnfoldAction
from unfold.decorators import action
from unfold.enums import ActionVariant
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget

from broadcasters.admin.base import RecordAdmin, ShownInline
from broadcasters.constants import MODULE_MOVES, VERDICT_STATES, ModuleState
from broadcasters.models import Module, ModuleMove, ModuleReview
from broadcasters.permissions import may
from broadcasters.services.module import move_module
from mediaexchange.core.admin_base import in_all_languages, label, shown, staff
from mediaexchange.core.admin_help import HelpedForm
from mediaexchange.core.errors import Message

LOOKS = {
    ModuleState.PROPOSED: "",
    ModuleState.ACTIVE: "success",
    ModuleState.PAUSED: "warning",
    ModuleState.SCALED: "info",
    ModuleState.ENDED: "danger",
}
_STATES = {
    "start": ModuleState.ACTIVE,
    "pause": ModuleState.PAUSED,
    "scale": ModuleState.SCALED,
    "end": ModuleState.ENDED,
}


class ReasonForm(HelpedForm):
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("Kept in the history; every party reads it."),
        widget=UnfoldAdminTextareaWidget,
    )


class ModuleMoveInline(ShownInline, TabularInline):
    model = ModuleMove
    hide_title = True
    fields = ["at", "from_state", "to_state", "reason", "review", "moved_by"]
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[ModuleMove]:
        moves: QuerySet[ModuleMove] = super().get_queryset(request)
        return moves.select_related("actor", "review__module")

    @admin.display(description=_("moved by"))
    def moved_by(self, move: ModuleMove) -> str:
        return str(move.actor or "—")


class ReviewInline(ShownInline, TabularInline):
    model = ModuleReview
    hide_title = True
    fields = ["broadcaster", "first_on", "last_on", "verdict", "verdict_reason"]
    readonly_fields = fields
    show_change_link = True


@admin.register(Module)
class ModuleAdmin(RecordAdmin):
    list_display = ["shown_name", "area", "state_label", "state_changed_at", "party_list"]
    list_filter = [("area", ChoicesDropdownFilter), ("state", ChoicesDropdownFilter)]
    search_fields = ["slug", *in_all_languages("name")]
    autocomplete_fields = ["memoranda", "parties"]
    fields = [
        "slug",
        "state_label",
        "in_state_since",
        "shown_reason",
        "area",
        "memoranda",
        "parties",
        "name",
        "demand_note",
        "feasibility_note",
    ]
    readonly_fields = ["state_label", "in_state_since", "shown_reason"]
    inlines = [ModuleMoveInline, ReviewInline]
    actions_detail = ["start", "pause", "scale", "end"]

    @admin.display(description=_("in this state since"))
    def in_state_since(self, module: Module) -> str:
        """A module that is being added has no state yet; its column would show the database's default as code."""
        return date_format(localtime(module.state_changed_at), "DATETIME_FORMAT") if module.pk else "—"

    shown_name = shown("name", _("name"))
    shown_reason = shown("state_reason", _("reason for the state"))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Parties are agreed by all of them: one alone cannot let somebody else in. What it is about, stays."""
        names = super().get_readonly_fields(request, obj)
        if obj is None:
            return names
        return (*names, "area") if request.user.is_superuser else (*names, "area", "parties")

    def owners(self, obj: Module) -> Iterable[int]:
        return obj.parties.values_list("pk", flat=True)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Module]:
        return super().get_queryset(request).prefetch_related("parties")

    @admin.display(description=_("state"), ordering="state")
    def state_label(self, module: Module) -> SafeString:
        state = ModuleState(module.state)
        return label(state.label, LOOKS[state])

    @admin.display(description=_("parties"))
    def party_list(self, module: Module) -> str:
        return ", ".join(str(party) for party in module.parties.all())

    def get_actions_detail(self, request: HttpRequest, object_id: Any) -> list[UnfoldAction]:
        """The moves that this module can make now and this user may make."""
        module = self.get_object(request, str(object_id))
        moves = super().get_actions_detail(request, object_id)
        prefix = f"{self.opts.app_label}_{self.opts.model_name}_"
        return [
            move
            for move in moves
            if module and self._may_move(request, module, _STATES[move.action_name.removeprefix(prefix)])
        ]

    @action(description=_("Start"), icon="play_arrow", variant=ActionVariant.SUCCESS)
    def start(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._move(request, object_id, "start", _("Start the module"))

    @action(description=_("Pause"), icon="pause", variant=ActionVariant.WARNING)
    def pause(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._move(request, object_id, "pause", _("Pause the module"))

    @action(description=_("Scale"), icon="open_in_full")
    def scale(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._move(request, object_id, "scale", _("Scale the module"))

    @action(description=_("End"), icon="stop", variant=ActionVariant.DANGER)
    def end(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._move(request, object_id, "end", _("End the module"))

    def _may_move(self, request: HttpRequest, module: Module, state: str) -> bool:
        user = staff(request)
        parties = [party.pk for party in module.parties.all()]
        return state in MODULE_MOVES[module.state] and any(may(user, "broadcasters.move_module", pk) for pk in parties)

    def _move(self, request: HttpRequest, object_id: str, name: str, title: Message) -> HttpResponse:
        module = self.get_object(request, object_id)
        if module is None:
            return self.missing(request, object_id)
        if not self._may_move(request, module, _STATES[name]):
            raise PermissionDenied

        state = _STATES[name]
        verdicts = [verdict for verdict, states in VERDICT_STATES.items() if state in states]
        review = forms.ModelChoiceField(
            label=pgettext_lazy("move of a module", "rests on"),
            queryset=module.reviews.filter(verdict__in=verdicts),
            required=False,
            widget=UnfoldAdminSelectWidget,
            help_text=_("A review whose verdict speaks for it; it changes no more afterwards. Empty: none."),
        )
        form = type("ReasonForm", (ReasonForm,), {"review": review, "__module__": __name__})

        def run(answers: dict[str, Any]) -> None:
            move_module(module, actor=staff(request), state=state, **answers)

        return self.ask(request, module, title=title, form=form, run=run)
