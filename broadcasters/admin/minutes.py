"""Minutes of consultations: who was there, what was decided, who has approved, and what became of actions."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from modeltranslation.admin import TranslationStackedInline
from unfold.admin import StackedInline, TabularInline
from unfold.contrib.filters.admin import AutocompleteSelectFilter
from unfold.decorators import action
from unfold.widgets import UnfoldAdminIntegerFieldWidget, UnfoldAdminSelectWidget

from broadcasters.admin.agreement_terms import HouseForm
from broadcasters.admin.base import PartInline, PartnerAdmin, administered
from broadcasters.admin.refused import OfMemorandumFormSet, RefusedInWords
from broadcasters.indicators import indicator_choices
from broadcasters.models import Minutes, MinutesItem, MinutesParticipant
from broadcasters.services.minutes import (
    CHANGE,
    approve_minutes,
    finish_item,
    owe_item,
    reopen_minutes,
    tell_of_minutes,
)
from mediaexchange.core.admin_base import TranslatedAdmin, in_all_languages, label, shown, staff
from mediaexchange.core.admin_help import HelpedForm


class OwnersFormSet(OfMemorandumFormSet):
    house_field = "owner"


class ParticipantInline(PartInline, TabularInline):
    model = MinutesParticipant
    formset = OfMemorandumFormSet
    hide_title = True
    fields = ["broadcaster", "name", "office"]
    extra = 2


class ItemInline(PartInline, StackedInline, TranslationStackedInline):
    model = MinutesItem
    formset = OwnersFormSet
    fields = [
        "position",
        *((name,) for name in in_all_languages("topic", "decision")),
        ("owner", "responsible"),
        ("due_on", "done"),
        "owed",
    ]
    readonly_fields = ["done", "owed"]

    @admin.display(description=_("done on"))
    def done(self, item: MinutesItem) -> Any:
        return item.done_on or "—"

    @admin.display(description=_("obligation"))
    def owed(self, item: MinutesItem) -> Any:
        return item.obligation or "—"


class PointForm(HelpedForm):
    item = forms.ModelChoiceField(
        label=_("Point of the agenda"), queryset=MinutesItem.objects.none(), widget=UnfoldAdminSelectWidget,
        help_text=_("Only points with an owner are listed."),
    )  # fmt: skip


class OweForm(PointForm):
    indicator = forms.ChoiceField(
        label=_("counted by"), widget=UnfoldAdminSelectWidget, help_text=_("What shows that it is done.")
    )
    amount = forms.IntegerField(
        label=_("how many"), min_value=1, initial=1, widget=UnfoldAdminIntegerFieldWidget,
        help_text=_("In the unit of what is counted."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["indicator"].choices = indicator_choices()  # type: ignore[attr-defined]


@admin.register(Minutes)
class MinutesAdmin(RefusedInWords, PartnerAdmin, TranslatedAdmin):
    list_display = ["shown_title", "held_on", "memorandum", "approval"]
    list_select_related = ["memorandum"]
    list_filter = [("memorandum", AutocompleteSelectFilter)]
    search_fields = [*in_all_languages("title")]
    autocomplete_fields = ["memorandum", "place"]
    fields = ["approval", "memorandum", "language", "held_on", "place", "title", "venue"]
    readonly_fields = ["approval"]
    inlines = [ParticipantInline, ItemInline]
    actions_detail = ["approve", "reopen", "finish", "owe"]

    shown_title = shown("title", _("title"))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Minutes]:
        rows: QuerySet[Minutes] = super().get_queryset(request)
        return rows.prefetch_related(
            "approvals__broadcaster", "memorandum__parties__broadcaster", "memorandum__notices"
        )  # fmt: skip

    def owners(self, obj: Minutes) -> Iterable[int]:
        return [party.broadcaster_id for party in obj.memorandum.parties.all()]

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Words that somebody has approved are only read."""
        granted = super().has_change_permission(request, obj)
        return granted and not (isinstance(obj, Minutes) and obj.approvals.exists())

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        names = super().get_readonly_fields(request, obj)
        return (*names, "memorandum") if obj is not None else names

    def save_model(self, request: HttpRequest, obj: Minutes, form: Any, change: bool) -> None:
        if not change:
            obj.written_by = staff(request)
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        tell_of_minutes(form.instance, actor=staff(request), is_new=not change)

    @admin.display(description=_("approved by"))
    def approval(self, minutes: Minutes) -> SafeString | str:
        if minutes._state.adding:
            return "—"
        approved = [(label(approval.broadcaster, "success"),) for approval in minutes.approvals.all()]
        waits = [(label(_("waits for %(house)s") % {"house": house}, "warning"),) for house in minutes.waits_for]
        return format_html_join("", "<div>{}</div>", [*approved, *waits])

    @action(description=_("Approve"), icon="check", permissions=["follow"])
    def approve(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._deed(request, object_id, _("Approve the minutes"), approve_minutes, by_house=True)

    @action(description=_("Take approval back"), icon="undo", permissions=["follow"])
    def reopen(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._deed(request, object_id, _("Take the approval back"), reopen_minutes)

    @action(description=_("Action is done"), icon="task_alt", permissions=["follow"])
    def finish(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._deed(request, object_id, _("Say that an action is done"), finish_item, form=PointForm)

    @action(description=_("Make an obligation"), icon="assignment_turned_in", permissions=["follow"])
    def owe(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._deed(request, object_id, _("Make an obligation of an action"), owe_item, form=OweForm)

    def has_follow_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        row = self.get_object(request, str(object_id)) if object_id else None
        return row is not None and self._houses(request, row).exists()

    def _houses(self, request: HttpRequest, minutes: Minutes) -> Any:
        return administered(staff(request), CHANGE).filter(pk__in=list(self.owners(minutes)))

    def _deed(
        self, request: HttpRequest, object_id: str, title: Any, deed: Any, *, by_house: bool = False,
        form: type[forms.Form] = HelpedForm,
    ) -> HttpResponse:  # fmt: skip
        minutes = self.get_object(request, object_id)
        if minutes is None:
            return self.missing(request, object_id)
        houses = self._houses(request, minutes)
        if not houses.exists():
            raise PermissionDenied
        fields: dict[str, Any] = {}
        if by_house:
            form = HouseForm
            fields["broadcaster"] = _chosen(_("For"), houses, _("The party for which you act."))
        elif issubclass(form, PointForm):
            points = minutes.items.filter(owner__isnull=False)
            fields["item"] = _chosen(_("Point of the agenda"), points, _("Only points with an owner are listed."))
        asked = type(form.__name__, (form,), fields)

        def run(answers: dict[str, Any]) -> None:
            deed(answers.pop("item", minutes), actor=staff(request), **answers)

        return self.ask(request, minutes, title=title, form=asked, run=run)


def _chosen(title: Any, rows: Any, help_text: Any) -> "forms.ModelChoiceField[Any]":
    return forms.ModelChoiceField(
        label=title, queryset=rows, widget=UnfoldAdminSelectWidget, initial=rows.first(), help_text=help_text
    )
