"""The budget of a production: its revisions with their lines, rates and approvals, and the buttons for them."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from broadcasters.permissions import may
from mediaexchange.core.admin_base import label, staff
from mediaexchange.core.numbers import whole_number
from productions.admin.base import may_at, production_view
from productions.admin.budget_forms import LINE_FIELDS, LineForm, RateForm, SettingsForm, answers_of
from productions.admin.money import ReasonForm, form_page, money_url, sent
from productions.constants import BudgetStatus
from productions.figures import figures_of
from productions.formats.budget_sheet import CONTENT_TYPE, file_name, render_budget
from productions.models import Budget, BudgetLine, FrozenRate, Partner, Production
from productions.money_querysets import VIEW
from productions.services.budget import (
    APPROVE,
    CHANGE,
    approve_budget,
    begin_revision,
    change_budget,
    remove_line,
    return_budget,
    save_line,
    submit_budget,
)
from productions.services.production import houses_that_may
from productions.services.rate import freeze_rate, remove_rate

LOOKS = {
    BudgetStatus.DRAFT: "info",
    BudgetStatus.SUBMITTED: "warning",
    BudgetStatus.APPROVED: "success",
    BudgetStatus.SUPERSEDED: "",
}


def budget_label(budget: Budget) -> SafeString:
    return label(budget.get_status_display(), LOOKS[BudgetStatus(budget.status)])


def budgets_of(request: HttpRequest, production: Production) -> "QuerySet[Budget]":
    """The youngest first."""
    rows = Budget.objects.visible_to(staff(request)).filter(production=production)
    return rows.select_related("production", "reporting_currency").order_by("-number")


def chosen_budget(request: HttpRequest, budgets: list[Budget], name: str = "revision") -> Budget | None:
    """The one whose number the address names, else the open one, else the youngest."""
    number = request.GET.get(name, "")
    by_number = {str(budget.number): budget for budget in budgets}
    return by_number.get(number) or next(iter(budgets), None)


@production_view("budget/", "budget", title=_("Budget"), permission=VIEW)
def budget_page(page: Any, request: HttpRequest, production: Production) -> HttpResponse:
    user, budgets = staff(request), list(budgets_of(request, production))
    budget = chosen_budget(request, budgets)
    writes = may_at(request, CHANGE, production)
    context: dict[str, Any] = {
        "title": _("Budget"),
        "budget": budget,
        "budgets": [(each, budget_label(each)) for each in budgets],
        "may_begin": writes and not any(each.status in ("draft", "submitted") for each in budgets),
    }
    if budget is not None:
        approvals = {row.partner_id: row for row in budget.approvals.all()}
        partners = list(production.partners.select_related("broadcaster"))
        context |= {
            "figures": figures_of(budget, user),
            "state": budget_label(budget),
            "rates": budget.rates.select_related("budget"),
            "writes": writes and budget.is_draft,
            "own": {partner.pk for partner in partners if may(user, CHANGE, partner.broadcaster_id)},
            "approvals": [
                (partner, approvals.get(partner.pk), _may_approve(request, budget, partner, approvals))
                for partner in partners
            ],
            "may_return": budget.status == BudgetStatus.SUBMITTED and may_at(request, APPROVE, production),
            "target": budget.reporting_currency_id,
            "others": [each for each in budgets if each.pk != budget.pk],
        }
    return page.production_response(request, production, "productions/budget.html", context)  # type: ignore[no-any-return]


def _may_approve(request: HttpRequest, budget: Budget, partner: Partner, approvals: dict[int, Any]) -> bool:
    is_open = budget.status == BudgetStatus.SUBMITTED and partner.pk not in approvals
    return is_open and may(staff(request), APPROVE, partner.broadcaster_id)


@production_view("budget/begin/", "budget_begin", permission=CHANGE)
def begin_page(page: Any, request: HttpRequest, production: Production) -> HttpResponse:
    """A first revision in a currency, or a copy of the youngest."""
    youngest = budgets_of(request, production).first()
    initial = {"reporting_currency": youngest.reporting_currency} if youngest else {}
    form = SettingsForm(sent(request), initial=initial)

    def run(answers: dict[str, Any]) -> None:
        begin_revision(production, actor=staff(request), **answers)

    return form_page(
        page, request, production, form, title=_("Begin a revision"), run=run, back=money_url(production, "budget"),
        done=_("The revision is open."),
        explanation=_("It begins as a copy of the youngest revision, with its lines and rates.") if youngest else "",
    )  # fmt: skip


@production_view("budget/settings/", "budget_settings", permission=CHANGE)
def settings_page(page: Any, request: HttpRequest, production: Production) -> HttpResponse:
    budget = _draft(request, production)
    initial = {"reporting_currency": budget.reporting_currency, "note": budget.note}
    form = SettingsForm(sent(request), initial=initial)

    def run(answers: dict[str, Any]) -> None:
        for name, value in answers.items():
            setattr(budget, name, value)
        change_budget(budget, actor=staff(request), changed=answers)

    return form_page(
        page, request, production, form, title=_("Currency and note"), run=run, back=money_url(production, "budget"),
        done=_("The budget is stored."),
    )  # fmt: skip


@production_view("budget/line/", "budget_line_add", permission=CHANGE)
def add_line_page(page: Any, request: HttpRequest, production: Production) -> HttpResponse:
    budget, owners = _draft(request, production), _own_partners(request, production)
    initial = {"payer": owners[0] if len(owners) == 1 else None, "currency": budget.reporting_currency}
    form = LineForm(production, owners, sent(request), initial=initial)

    def run(answers: dict[str, Any]) -> None:
        owner = answers.pop("owner", None)
        save_line(BudgetLine(budget=budget, **answers), actor=staff(request), partner=owner)

    return form_page(
        page, request, production, form, title=_("Add a line"), run=run, back=money_url(production, "budget"),
        done=_("The line is stored."),
    )  # fmt: skip


@production_view("budget/line/<int:line>/", "budget_line", permission=CHANGE)
def line_page(page: Any, request: HttpRequest, production: Production, line: int) -> HttpResponse:
    budget = _draft(request, production)
    rows = BudgetLine.objects.visible_to(staff(request)).select_related("currency", "budget__production", "owner")
    row = get_object_or_404(rows, budget=budget, pk=line)
    back = money_url(production, "budget")
    if "remove" in request.POST:
        if page.tried(request, partial(remove_line, row, actor=staff(request))):
            page.message_user(request, _("The line is gone."), messages.SUCCESS)
        return HttpResponseRedirect(back)
    form = LineForm(production, [row.owner], sent(request), initial=answers_of(row))

    def run(answers: dict[str, Any]) -> None:
        for name in LINE_FIELDS:
            setattr(row, name, answers[name])
        save_line(row, actor=staff(request), changed=LINE_FIELDS)

    return form_page(
        page, request, production, form, title=_("Change the line"), run=run, back=back,
        done=_("The line is stored."), more={"remove": _("Remove the line")},
    )  # fmt: skip


@production_view("budget/rate/", "budget_rate", permission=CHANGE)
def rate_page(page: Any, request: HttpRequest, production: Production) -> HttpResponse:
    budget = _draft(request, production)
    form = RateForm(sent(request))

    def run(answers: dict[str, Any]) -> None:
        freeze_rate(budget, actor=staff(request), **answers)

    return form_page(
        page, request, production, form, title=_("Freeze a rate"), run=run, back=money_url(production, "budget"),
        done=_("The rate is frozen."),
        explanation=_("It takes the place of another rate between the two currencies. It is never changed afterwards."),
    )  # fmt: skip


@production_view("budget/do/", "budget_do", permission=VIEW)
def do_page(page: Any, request: HttpRequest, production: Production) -> HttpResponse:
    """One button, one deed. What may be done, the services know."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    actor, deed = staff(request), request.POST.get("deed", "")
    uid = request.POST.get("budget", "")
    budget = get_object_or_404(budgets_of(request, production), pk=whole_number(uid) or 0)
    pk = whole_number(request.POST.get("about", "")) or 0
    if deed == "submit" and page.tried(request, partial(submit_budget, budget, actor=actor)):
        page.message_user(request, _("The budget waits for the approval of every partner."), messages.SUCCESS)
    elif deed == "approve":
        partner = get_object_or_404(production.partners, pk=pk)
        if page.tried(request, partial(approve_budget, budget, actor=actor, partner=partner)):
            page.message_user(request, _("The approval is recorded."), messages.SUCCESS)
    elif deed == "remove-rate":
        rate = get_object_or_404(FrozenRate.objects.visible_to(actor), budget=budget, pk=pk)
        if page.tried(request, partial(remove_rate, rate, actor=actor)):
            page.message_user(request, _("The rate is gone."), messages.SUCCESS)
    return HttpResponseRedirect(f"{money_url(production, 'budget')}?revision={budget.number}")


@production_view("budget/return/", "budget_return", permission=APPROVE)
def return_page(page: Any, request: HttpRequest, production: Production) -> HttpResponse:
    budget = get_object_or_404(budgets_of(request, production).open())  # type: ignore[attr-defined]

    def run(answers: dict[str, Any]) -> None:
        return_budget(budget, actor=staff(request), reason=answers["reason"])

    return form_page(
        page, request, production, ReasonForm(sent(request)), title=_("Send the budget back"), run=run,
        back=money_url(production, "budget"), done=_("The budget may be written in again."),
        explanation=_("All approvals of this revision are void. All partners read the reason."),
    )  # fmt: skip


@production_view("budget/workbook/<int:number>/", "budget_workbook", permission=VIEW)
def workbook(page: Any, request: HttpRequest, production: Production, number: int) -> HttpResponse:
    budget = get_object_or_404(budgets_of(request, production), number=number)
    content = render_budget(budget, staff(request))
    headers = {"Content-Disposition": f'attachment; filename="{file_name(budget)}"', "Cache-Control": "no-store"}
    return HttpResponse(content, CONTENT_TYPE, headers=headers)


def _draft(request: HttpRequest, production: Production) -> Budget:
    return get_object_or_404(budgets_of(request, production), status=BudgetStatus.DRAFT)


def _own_partners(request: HttpRequest, production: Production) -> "QuerySet[Partner]":
    own = houses_that_may(staff(request), CHANGE, production)
    return production.partners.filter(broadcaster__in=own).select_related("broadcaster")
