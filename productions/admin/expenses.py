"""What was spent on a production: the bookings, and the forms to book and to take back."""

from decimal import Decimal
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from archive.admin.footage_words import line as text_line
from broadcasters.permissions import may
from mediaexchange.core.admin_base import staff
from mediaexchange.core.admin_help import HelpedForm
from mediaexchange.core.numbers import whole_number
from productions.admin.base import production_view
from productions.admin.budget import budgets_of
from productions.admin.money import (
    ReasonForm,
    amount_field,
    choice_field,
    currency_field,
    day_field,
    form_page,
    money_url,
    sent,
)
from productions.models import BudgetLine, Expense, Production
from productions.money_querysets import VIEW
from productions.services.expense import record_expense, void_expense
from productions.services.production import houses_that_may

ADD, VOID = "productions.add_expense", "productions.change_expense"
A_PAGE = 50


class ExpenseForm(HelpedForm):
    amount = amount_field(_("amount"), least=None, help_text=_("Below zero for a refund."))
    spent_on = day_field(_("spent on"))
    voucher = text_line(_("voucher"), 100, required=True, help_text=_("Its reference in the payer’s books."))
    note = text_line(pgettext_lazy("expense", "note"), 500)

    def __init__(self, lines: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["line"] = choice_field(
            _("budget line"), lines, help_text=_("Lines of the budget in force that your house pays.")
        )
        self.fields["currency"] = currency_field()
        self.order_fields(("line", "amount", "currency", "spent_on", "voucher", "note"))


@production_view("expenses/", "expenses", title=_("Expenses"), permission=VIEW)
def expenses_page(page: Any, request: HttpRequest, production: Production) -> HttpResponse:
    user = staff(request)
    rows = Expense.objects.visible_to(user).filter(line__budget__production=production)
    rows = rows.select_related("line__payer__broadcaster", "currency")
    shown = Paginator(rows, A_PAGE).get_page(request.GET.get("p"))
    context = {
        "title": _("Expenses"),
        "shown": shown,
        "rows": [(row, _may_void(user, row)) for row in shown],
        "may_add": _payable(request, production).exists(),
    }
    return page.production_response(request, production, "productions/expenses.html", context)  # type: ignore[no-any-return]


def _may_void(user: Any, row: Expense) -> bool:
    return row.voided_at is None and may(user, VOID, row.line.payer.broadcaster_id)


@production_view("expenses/add/", "expense_add", permission=ADD)
def add_page(page: Any, request: HttpRequest, production: Production) -> HttpResponse:
    lines = _payable(request, production)
    chosen = lines.filter(pk=whole_number(request.GET.get("line", "")) or 0).first()
    initial: dict[str, Any] = {"spent_on": timezone.localdate(), "line": chosen}
    if chosen is not None:
        initial["currency"] = chosen.currency
    form = ExpenseForm(lines, sent(request), initial=initial)

    def run(answers: dict[str, Any]) -> None:
        amount: Decimal = answers.pop("amount")
        record_expense(answers.pop("line"), actor=staff(request), amount=amount, **answers)

    return form_page(
        page, request, production, form, title=_("Book an expense"), run=run, back=money_url(production, "expenses"),
        done=_("The expense is booked."), explanation=_("What is booked is not changed; it can be taken back."),
    )  # fmt: skip


@production_view("expenses/<int:expense>/void/", "expense_void", permission=VOID)
def void_page(page: Any, request: HttpRequest, production: Production, expense: int) -> HttpResponse:
    rows = Expense.objects.visible_to(staff(request)).filter(line__budget__production=production)
    row = get_object_or_404(rows.select_related("line__budget__production", "currency"), pk=expense)

    def run(answers: dict[str, Any]) -> None:
        void_expense(row, actor=staff(request), reason=answers["reason"])

    return form_page(
        page, request, production, ReasonForm(sent(request)), title=_("Take the expense back"), run=run,
        back=money_url(production, "expenses"), done=_("It counts no more; it stays in the list with the reason."),
        explanation=str(row),
    )  # fmt: skip


def _payable(request: HttpRequest, production: Production) -> Any:
    """Lines of the budget in force that a house of the reader pays."""
    in_force = budgets_of(request, production).filter(status="approved").order_by().values("pk")
    own = houses_that_may(staff(request), ADD, production)
    lines = BudgetLine.objects.visible_to(staff(request)).filter(budget__in=in_force, payer__broadcaster__in=own)
    return lines.select_related("currency", "category", "budget__production")
