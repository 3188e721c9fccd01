"""Stages with the moves that lead to them, themes, and advisory rules of shares: the same for all houses."""

from decimal import Decimal
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.formats import number_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from unfold.admin import TabularInline

from broadcasters.admin.base import PartInline, RecordAdmin
from mediaexchange.core.admin_base import in_all_languages, shown
from productions.admin.base import stage_label
from productions.models import RuleSet, Stage, StageMove, Theme

_MEANING = ("is_initial", "is_pilot", "is_delivering", "is_closed", "is_stopped")


class MoveInline(PartInline, TabularInline):
    """From where one comes here; a line without a stage leads here from everywhere."""

    model = StageMove
    fk_name = "to_stage"
    fields = ("from_stage", "needs_reason", "needs_review")
    verbose_name_plural = _("allowed moves to this stage")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request)
        return rows.select_related("from_stage", "to_stage")


@admin.register(Stage)
class StageAdmin(RecordAdmin):
    list_display = ("shown_name", "position", "is_delivering", "look")
    search_fields = ("slug", *in_all_languages("name"))
    fields = ("slug", "position", "is_shared", *_MEANING, "name")
    inlines = (MoveInline,)

    shown_name = shown("name", _("name"))

    def get_ordering(self, request: HttpRequest) -> Any:
        return ("position", "pk")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """What a stage means stays what it was: productions have gone by it."""
        given = tuple(super().get_readonly_fields(request, obj))
        return (*given, *_MEANING) if obj is not None else given

    @admin.display(description=pgettext_lazy("production", "stage"))
    def look(self, stage: Stage) -> SafeString:
        return stage_label(stage)


@admin.register(Theme)
class ThemeAdmin(RecordAdmin):
    list_display = ("shown_name", "slug")
    search_fields = ("slug", *in_all_languages("name"))
    fields = ("slug", "name")

    shown_name = shown("name", _("name"))


@admin.register(RuleSet)
class RuleSetAdmin(RecordAdmin):
    list_display = ("shown_name", "bilateral", "multilateral", "is_active")
    search_fields = ("slug", *in_all_languages("name"))
    fields = (
        "slug", "is_active", ("bilateral_least", "bilateral_most"), ("multilateral_least", "multilateral_most"),
        "source_url", "name", "note",
    )  # fmt: skip

    shown_name = shown("name", _("name"))

    @admin.display(description=_("two partners"))
    def bilateral(self, rules: RuleSet) -> str:
        return _shares(rules.bilateral_least, rules.bilateral_most)

    @admin.display(description=_("three or more"))
    def multilateral(self, rules: RuleSet) -> str:
        return _shares(rules.multilateral_least, rules.multilateral_most)


def _shares(least: Decimal, most: Decimal) -> str:
    """10 and 90 as 10–90 %, with the reader's decimal separator."""
    return f"{number_format(least.normalize())}–{number_format(most.normalize())} %"
