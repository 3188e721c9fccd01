"""Currencies and budget categories as data; budgets and instalments as lists across productions."""

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from archive.admin.base import ReadOnlyAdmin
from archive.admin.filters import ByChoice, ByWord
from broadcasters.admin.base import PartnerAdmin, RecordAdmin
from mediaexchange.core.admin_base import TranslatedAdmin, in_all_languages, shown
from mediaexchange.core.languages.localize import localized
from mediaexchange.core.models import User
from productions.admin.base import ProductionPagesAdmin
from productions.admin.budget import budget_label
from productions.admin.instalments import instalment_label
from productions.admin.money import money_url
from productions.constants import BudgetStatus, InstalmentStatus
from productions.models import Budget, BudgetCategory, Currency, Instalment


@admin.register(Currency)
class CurrencyAdmin(PartnerAdmin, TranslatedAdmin):
    list_display = ("code", "shown_name", "minor_units", "is_active")
    search_fields = ("code", *in_all_languages("name"))
    fields = ("code", "minor_units", "is_active", "name")

    shown_name = shown("name", _("name"))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """A trigger keeps both."""
        given = tuple(super().get_readonly_fields(request, obj))
        return (*given, "code", "minor_units") if obj is not None else given


@admin.register(BudgetCategory)
class BudgetCategoryAdmin(RecordAdmin):
    list_display = ("shown_name", "slug", "position")
    search_fields = ("slug", *in_all_languages("name"))
    fields = ("slug", "position", "name")

    shown_name = shown("name", _("name"))

    def get_ordering(self, request: HttpRequest) -> Any:
        return ("position", "slug")

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Categories are not searched for."""


class BudgetStatusFilter(ByChoice):
    title, parameter_name, column, choices_of = _("status"), "state", "status", BudgetStatus


class InstalmentStatusFilter(ByWord):
    title, parameter_name = _("status"), "state"

    def words(self, user: User) -> dict[str, tuple[Any, Any]]:
        late = Q(pk__in=Instalment.objects.overdue().values("pk"))
        known = {value.value: (value.label, Q(status=value.value)) for value in InstalmentStatus}
        return {"overdue": (pgettext_lazy("instalment", "overdue"), late), **known}


class _Rows(ReadOnlyAdmin, ProductionPagesAdmin):
    list_display_links = None
    there = ""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request).select_related("production")
        return rows

    @admin.display(description=_("production"))
    def shown_production(self, row: Any) -> SafeString:
        name = localized(row.production, "name")
        return format_html('<a class="ar-link" href="{}">{}</a>', money_url(row.production, self.there), name)


@admin.register(Budget)
class BudgetAdmin(_Rows):
    there = "budget"
    list_display = ("shown_production", "number", "state", "reported_in", "approved_at")
    list_filter = (BudgetStatusFilter,)
    fields = ("shown_production", "number", "state", "status_reason", "reporting_currency", "note", "approved_at")
    readonly_fields = fields

    @admin.display(description=_("status"), ordering="status")
    def state(self, budget: Budget) -> SafeString:
        return budget_label(budget)

    @admin.display(description=_("reporting currency"), ordering="reporting_currency_id")
    def reported_in(self, budget: Budget) -> str:
        return str(budget.reporting_currency_id)


@admin.register(Instalment)
class InstalmentAdmin(_Rows):
    there = "instalments"
    list_display = ("shown_production", "description", "payer", "payee", "gross_shown", "expected", "state")
    list_filter = (InstalmentStatusFilter,)
    fields = (
        "shown_production", "description", "payer", "payee", "gross_shown", "tax_shown", "net_shown", "expected",
        "state", "invoiced_on", "invoice", "paid_on", "payment",
    )  # fmt: skip
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = super().get_queryset(request)
        return rows.select_related(
            "production", "payer__broadcaster", "payee__broadcaster", "currency", "milestone"
        )  # fmt: skip

    @admin.display(description=_("gross amount"))
    def gross_shown(self, row: Instalment) -> str:
        return str(row.gross)

    @admin.display(description=_("withholding tax"))
    def tax_shown(self, row: Instalment) -> str:
        return str(row.tax)

    @admin.display(description=_("net amount"))
    def net_shown(self, row: Instalment) -> str:
        return str(row.net)

    @admin.display(description=_("due on"))
    def expected(self, row: Instalment) -> Any:
        return row.expected_on

    @admin.display(description=_("status"), ordering="status")
    def state(self, row: Instalment) -> SafeString:
        return instalment_label(row)
