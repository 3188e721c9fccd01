"""Income of a production: the statement of who is owed what, the shares behind it, bookings and payouts."""

from decimal import Decimal
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from unfold.widgets import UnfoldAdminSelectWidget

from archive.admin.footage_words import TerritoryField, territory_choices
from archive.admin.footage_words import line as text_line
from broadcasters.permissions import may
from mediaexchange.core.admin_base import staff
from mediaexchange.core.admin_help import HelpedForm
from mediaexchange.core.rights.words import territory_label
from productions.admin.base import may_at, production_view
from productions.admin.money import (
    ReasonForm,
    amount_field,
    choice_field,
    currency_field,
    day_field,
    form_page,
    money_url,
    partner_field,
    percent_field,
    sent,
)
from productions.models import Income, IncomeShare, Payout, Production, RevenueShare
from productions.money_querysets import VIEW
from productions.services.revenue import (
    INCOME,
    PAYOUT,
    SHARES,
    record_income,
    record_payout,
    set_revenue_shares,
    void_payout,
)
from productions.statement import statement_of

VOID = "productions.change_payout"
MOST = 200  # rows of each list on the page; the API gives all


def territory_field() -> forms.ChoiceField:
    return TerritoryField(
        label=_("territory"), required=False, widget=UnfoldAdminSelectWidget,
        choices=lambda: [("", _("everywhere")), *territory_choices()],
    )  # fmt: skip


class IncomeForm(HelpedForm):
    description = text_line(_("description"), 300, required=True, help_text=_("From whom, and for what."))
    amount = amount_field(_("amount"), least=None, help_text=_("Below zero if it had to be given back."))
    received_on = day_field(_("received on"))
    reference = text_line(_("reference"), 100)

    def __init__(self, production: Production, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["territory"] = territory_field()
        self.fields["currency"] = currency_field()
        self.fields["received_by"] = partner_field(_("received by"), production)
        whole = Income.objects.filter(production=production, amount__gt=0).select_related("currency")
        reverses = choice_field(
            _("takes back"), whole, required=False,
            help_text=_("The income booked wrongly or given back; it goes back by the shares it was dealt out by."),
        )  # fmt: skip
        reverses.label_from_instance = lambda row: " · ".join(
            (row.description, date_format(row.received_on, "SHORT_DATE_FORMAT"), str(row.money))
        )
        self.fields["reverses"] = reverses
        order = ("description", "amount", "currency", "territory", "received_on", "received_by", "reference")
        self.order_fields((*order, "reverses"))


class PayoutForm(HelpedForm):
    amount = amount_field(_("amount"), least=Decimal("0.001"))
    paid_on = day_field(_("paid on"))
    reference = text_line(_("payment reference"), 100, required=True)

    def __init__(self, production: Production, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["payer"] = partner_field(pgettext_lazy("money", "payer"), production)
        self.fields["payee"] = partner_field(pgettext_lazy("money", "payee"), production)
        self.fields["currency"] = currency_field()
        self.order_fields(("payer", "payee", "amount", "currency", "paid_on", "reference"))


class RevenueSharesForm(HelpedForm):
    """One field a partner; all empty lets the general shares hold."""

    def __init__(self, production: Production, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.partners = list(production.partners.select_related("broadcaster").order_by("pk"))
        self.fields["territory"] = territory_field()
        for partner in self.partners:
            words = _("share of %(partner)s, in per cent") % {"partner": partner}
            self.fields[f"share_{partner.pk}"] = percent_field(words, required=False)

    def shares(self) -> dict[Any, Decimal]:
        answers = self.cleaned_data
        given = {partner: answers.get(f"share_{partner.pk}") for partner in self.partners}
        return {partner: percent for partner, percent in given.items() if percent}


@production_view("revenue/", "revenue", title=_("Revenue"), permission=VIEW)
def revenue_page(page: Any, request: HttpRequest, production: Production) -> HttpResponse:
    user = staff(request)
    incomes = Income.objects.visible_to(user).filter(production=production)
    incomes = incomes.select_related("currency", "received_by__broadcaster").prefetch_related("shares")[:MOST]
    payouts = Payout.objects.visible_to(user).filter(production=production)
    payouts = payouts.select_related("currency", "payer__broadcaster", "payee__broadcaster")[:MOST]
    partners = list(production.partners.select_related("broadcaster").order_by("pk"))
    agreed: dict[str, dict[int, Decimal]] = {}
    for share in RevenueShare.objects.visible_to(user).filter(production=production):
        agreed.setdefault(share.territory, {})[share.partner_id] = share.share_percent
    context = {
        "title": _("Revenue"),
        "partners": partners,
        "statement": statement_of(production),
        "incomes": [
            (row, territory_label(row.territory) if row.territory else _("everywhere"), _parts(row, partners))
            for row in incomes
        ],
        "agreed": [
            (territory_label(territory) if territory else _("everywhere else"), [by.get(each.pk) for each in partners])
            for territory, by in sorted(agreed.items())
        ],
        "has_general": "" in agreed,
        "payouts": [(row, row.voided_at is None and may(user, VOID, row.payer.broadcaster_id)) for row in payouts],
        "may_share": may_at(request, SHARES, production),
        "may_book": may_at(request, INCOME, production),
        "may_pay": may_at(request, PAYOUT, production) and len(partners) > 1,
    }
    return page.production_response(request, production, "productions/revenue.html", context)  # type: ignore[no-any-return]


def _parts(income: Income, partners: list[Any]) -> list[Any]:
    amounts = {share.partner_id: share for share in income.shares.all()}
    return [_part(amounts.get(partner.pk), income) for partner in partners]


def _part(share: IncomeShare | None, income: Income) -> Any:
    return type(income.money)(income.currency_id, share.amount, income.currency.minor_units) if share else "—"


@production_view("revenue/income/", "income_add", permission=INCOME)
def income_page(page: Any, request: HttpRequest, production: Production) -> HttpResponse:
    form = IncomeForm(production, sent(request), initial={"received_on": timezone.localdate()})

    def run(answers: dict[str, Any]) -> None:
        record_income(Income(production=production, **answers), actor=staff(request))

    return form_page(
        page, request, production, form, title=_("Book an income"), run=run, back=money_url(production, "revenue"),
        done=_("The income is booked and dealt out."),
        explanation=_("It is dealt out by the shares of today. It is not changed later; book it again below zero."),
    )  # fmt: skip


@production_view("revenue/shares/", "revenue_shares", permission=SHARES)
def shares_page(page: Any, request: HttpRequest, production: Production) -> HttpResponse:
    form = RevenueSharesForm(production, sent(request))

    def run(answers: dict[str, Any]) -> None:
        set_revenue_shares(
            production, actor=staff(request), territory=answers["territory"], shares=form.shares()
        )  # fmt: skip

    return form_page(
        page, request, production, form, title=_("Agree shares of income"), run=run,
        back=money_url(production, "revenue"), done=_("The shares of income are stored; the partners are told."),
        explanation=_("They hold for what comes in from now on. All empty: the general shares hold there."),
    )  # fmt: skip


@production_view("revenue/payout/", "payout_add", permission=PAYOUT)
def payout_page(page: Any, request: HttpRequest, production: Production) -> HttpResponse:
    form = PayoutForm(production, sent(request), initial={"paid_on": timezone.localdate()})

    def run(answers: dict[str, Any]) -> None:
        record_payout(production, actor=staff(request), **answers)

    return form_page(
        page, request, production, form, title=_("Book a payout"), run=run, back=money_url(production, "revenue"),
        done=_("The payout is booked."),
    )  # fmt: skip


@production_view("revenue/payout/<int:payout>/void/", "payout_void", permission=VOID)
def void_page(page: Any, request: HttpRequest, production: Production, payout: int) -> HttpResponse:
    rows = Payout.objects.visible_to(staff(request)).filter(production=production)
    row = get_object_or_404(
        rows.select_related("production", "currency", "payer__broadcaster", "payee__broadcaster"), pk=payout
    )

    def run(answers: dict[str, Any]) -> None:
        void_payout(row, actor=staff(request), reason=answers["reason"])

    return form_page(
        page, request, production, ReasonForm(sent(request)), title=_("Take the payout back"), run=run,
        back=money_url(production, "revenue"), done=_("It counts no more; it stays in the list with the reason."),
        explanation=str(row),
    )  # fmt: skip
