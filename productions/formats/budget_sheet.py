"""A budget as a workbook (Office Open XML), in the language of whoever takes it and as that person may see it."""

import io
import re
from datetime import date
from decimal import Decimal
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from mediaexchange.core.languages.localize import localized
from mediaexchange.core.models import User
from productions.burn import burn_of
from productions.figures import Figures, Total, figures_of
from productions.models import Budget, Expense
from productions.money import Money, RateMissingError

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_EXACT_DIGITS = 15  # a spreadsheet's number is a double (ECMA-376): longer amounts are written as text
_FORBIDDEN = re.compile(r"[\[\]:*?/\\']")
_WIDTHS = (24, 40, 22, 10, 18, 12, 18, 18, 18, 12, 12)


def file_name(budget: Budget) -> str:
    return f"{budget.production.slug}-budget-{budget.number}.xlsx"


def render_budget(budget: Budget, user: User | AnonymousUser) -> bytes:
    """Lines with sums, rates, expenses, months. Reads ``production``, ``reporting_currency``."""
    target = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(target, options) as book:
        book.set_properties({"title": str(budget)})
        sheets = _Sheets(book)
        figures = figures_of(budget, user)
        _lines(sheets, figures)
        _rates(sheets, budget)
        _expenses(sheets, budget, user)
        _months(sheets, budget, user)
    return target.getvalue()


class _Sheets:
    """Writes rows of cells under a bold header, one sheet after the other."""

    def __init__(self, book: Any) -> None:
        self.book = book
        self.bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        self.day = book.add_format({"num_format": "yyyy-mm-dd"})
        self.amounts = {
            places: book.add_format({"num_format": f"#,##0.{'0' * places}" if places else "#,##0"})
            for places in range(4)
        }

    def begin(self, title: str, header: list[str]) -> None:
        self.sheet = self.book.add_worksheet(_FORBIDDEN.sub(" ", capfirst(title))[:31])
        self.sheet.freeze_panes(1, 0)
        self.row = 0
        for place, name in enumerate(header):
            self.sheet.set_column(place, place, _WIDTHS[place])
            self.sheet.write_string(0, place, capfirst(name), self.bold)

    def add(self, *cells: Any, is_bold: bool = False) -> None:
        self.row += 1
        for place, cell in enumerate(cells):
            if isinstance(cell, Money):
                self._amount(place, cell.amount, cell.places)
            elif isinstance(cell, date):
                self.sheet.write_datetime(self.row, place, cell, self.day)
            elif cell is not None and cell != "":
                self.sheet.write_string(self.row, place, str(cell), self.bold if is_bold else None)

    def _amount(self, place: int, amount: Decimal, places: int) -> None:
        text = f"{amount:.{places}f}"
        if sum(letter.isdigit() for letter in text) <= _EXACT_DIGITS:
            self.sheet.write_number(self.row, place, Decimal(text), self.amounts[places])
        else:
            self.sheet.write_string(self.row, place, text)


def _lines(sheets: _Sheets, figures: Figures) -> None:
    target = figures.budget.reporting_currency_id
    sheets.begin(
        pgettext("budget", "lines"),
        [
            _("budget category"), _("description"), pgettext("money", "paid by"), pgettext("budget", "private"),
            _("planned"), _("currency"), _in(_("planned"), target), _in(_("spent"), target), _in(_("left"), target),
            _("first day"), _("last day"),
        ],
    )  # fmt: skip
    for group in figures.categories:
        for row in group.lines:
            line = row.line
            planned = line.money if row.planned else None
            sheets.add(
                localized(group.category, "name"), line.description, line.payer, _("yes") if line.is_private else "",
                planned, line.currency_id if planned else "", row.planned and row.planned.total, row.actual.total,
                row.left, line.starts_on, line.ends_on,
            )  # fmt: skip
        name = _("Sum: %(category)s") % {"category": localized(group.category, "name")}
        sheets.add(name, "", "", "", "", "", group.planned.total, group.actual.total, group.left, is_bold=True)
    _sum(sheets, _("Sum of all lines that you see"), figures.planned, figures.actual, figures.left)
    _sum(sheets, _("Sum of the lines that all partners see"), figures.shared_planned, figures.shared_actual)
    if figures.own_private_planned is not None and figures.own_private_actual is not None:
        own = _("Sum of your own private lines, which no other partner sees")
        _sum(sheets, own, figures.own_private_planned, figures.own_private_actual)


def _sum(sheets: _Sheets, name: str, planned: Total, actual: Total, left: Money | None = None) -> None:
    sheets.add()
    problem = planned.problem or actual.problem
    sheets.add(name, str(problem or ""), "", "", "", "", planned.total, actual.total, left, is_bold=True)
    for each in planned.amounts:
        sheets.add("", "", "", "", each, each.currency)


def _rates(sheets: _Sheets, budget: Budget) -> None:
    sheets.begin(_("frozen rates"), [_("rate"), _("source"), _("rate of")])
    for rate in budget.rates.all():
        sheets.add(str(rate), rate.source, rate.dated_on)


def _expenses(sheets: _Sheets, budget: Budget, user: User | AnonymousUser) -> None:
    sheets.begin(
        _("expenses"),
        [_("voucher"), _("budget line"), pgettext("money", "paid by"), "", _("amount"), _("currency"), _("spent on"),
         pgettext("expense", "note"), _("why it was taken back")],
    )  # fmt: skip
    rows = Expense.objects.visible_to(user).filter(line__budget__production=budget.production_id)
    for expense in rows.select_related("line__payer__broadcaster", "currency").order_by("spent_on", "pk"):
        sheets.add(
            expense.voucher, expense.line.description, expense.line.payer, "", expense.money, expense.currency_id,
            expense.spent_on, expense.note, expense.void_reason,
        )  # fmt: skip


def _months(sheets: _Sheets, budget: Budget, user: User | AnonymousUser) -> None:
    target = budget.reporting_currency_id
    sheets.begin(
        pgettext("budget", "months"),
        [_("month"), _in(_("planned until then"), target), _in(_("spent until then"), target)],
    )
    try:
        for month in burn_of(budget, user, timezone.localdate()):
            sheets.add(month.first.strftime("%Y-%m"), month.planned, month.actual)
    except RateMissingError as problem:
        sheets.add("", str(problem))


def _in(words: str, currency: str) -> str:
    return f"{words} ({currency})"
