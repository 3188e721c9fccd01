"""Instalments of a production: the list with what is overdue, and the forms to agree, invoice and pay."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from archive.admin.footage_words import line as text_line
from archive.admin.footage_words import number
from broadcasters.permissions import may
from mediaexchange.core.admin_base import label, staff
from mediaexchange.core.admin_help import HelpedForm
from productions.admin.base import may_at, production_view
from productions.admin.money import (
    amount_field,
    choice_field,
    currency_field,
    day_field,
    form_page,
    money_url,
    partner_field,
    percent_field,
    sent,
    shown_amount,
)
from productions.constants import InstalmentStatus
from productions.instalment_totals import totals_of
from productions.models import Instalment, Milestone, Production
from productions.money_querysets import VIEW
from productions.services.instalment import (
    ADD,
    CHANGE,
    invoice_instalment,
    pay_instalment,
    remove_instalment,
    save_instalment,
    withdraw_invoice,
)

FIELDS = (
    "description", "payer", "payee", "amount", "currency", "withholding_percent", "milestone", "term_days", "due_on",
)  # fmt: skip
LOOKS = {InstalmentStatus.DUE: "", InstalmentStatus.INVOICED: "info", InstalmentStatus.PAID: "success"}


class InstalmentForm(HelpedForm):
    description = text_line(_("description"), 300, required=True)
    amount = amount_field(_("gross amount"))
    withholding_percent = percent_field(
        _("withholding tax, in per cent"),
        help_text=_("Of the gross amount; the payer keeps it back for the tax office."),
    )
    term_days = number(_("days to pay"), least=0, help_text=_("After the day that the milestone was done."))
    due_on = day_field(_("due on"), required=False, help_text=_("A day, instead of a milestone."))

    def __init__(self, production: Production, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["payer"] = partner_field(pgettext_lazy("money", "payer"), production)
        self.fields["payee"] = partner_field(pgettext_lazy("money", "payee"), production)
        self.fields["currency"] = currency_field()
        self.fields["milestone"] = choice_field(
            _("milestone"), Milestone.objects.filter(production=production, is_cancelled=False), required=False,
            help_text=_("It falls due once this is done; or give a day instead."),
        )  # fmt: skip
        self.order_fields(FIELDS)


class InvoiceForm(HelpedForm):
    invoiced_on = day_field(_("invoiced on"))
    invoice = text_line(_("invoice"), 100, required=True)


class PaymentForm(HelpedForm):
    paid_on = day_field(_("paid on"))
    payment = text_line(_("payment reference"), 100, required=True)


def instalment_label(instalment: Instalment) -> SafeString:
    if instalment.is_overdue():
        return label(pgettext_lazy("instalment", "overdue"), "danger")
    return label(instalment.get_status_display(), LOOKS[InstalmentStatus(instalment.status)])


def rows_of(request: HttpRequest, production: Production) -> Any:
    rows: Any = Instalment.objects.visible_to(staff(request)).filter(production=production).with_day()
    related = ("production", "payer__broadcaster", "payee__broadcaster", "currency", "milestone")
    return rows.select_related(*related).order_by("falls_due_on", "pk")


@production_view("instalments/", "instalments", title=_("Instalments"), permission=VIEW)
def instalments_page(page: Any, request: HttpRequest, production: Production) -> HttpResponse:
    user, rows = staff(request), list(rows_of(request, production))
    shown = []
    for row in rows:
        pays, is_paid = (may(user, CHANGE, side.broadcaster_id) for side in (row.payer, row.payee))
        shown.append(
            {
                "row": row,
                "state": instalment_label(row),
                "may_change": (pays or is_paid) and row.status == InstalmentStatus.DUE,
                "may_invoice": is_paid and row.status == InstalmentStatus.DUE,
                "may_withdraw": is_paid and row.status == InstalmentStatus.INVOICED,
                "may_pay": pays and row.status == InstalmentStatus.INVOICED,
            }
        )
    context = {
        "title": _("Instalments"),
        "rows": shown,
        "totals": totals_of(production, rows),
        "may_add": may_at(request, ADD, production) and production.partners.count() > 1,
    }
    return page.production_response(request, production, "productions/instalments.html", context)  # type: ignore[no-any-return]


@production_view("instalments/add/", "instalment_add", permission=ADD)
def add_page(page: Any, request: HttpRequest, production: Production) -> HttpResponse:
    form = InstalmentForm(production, sent(request), initial={"withholding_percent": 0, "term_days": 30})

    def run(answers: dict[str, Any]) -> None:
        save_instalment(Instalment(production=production, **answers), actor=staff(request))

    return form_page(
        page, request, production, form, title=_("Agree an instalment"), run=run,
        back=money_url(production, "instalments"), done=_("The instalment is stored."),
    )  # fmt: skip


@production_view("instalments/<int:instalment>/", "instalment", permission=CHANGE)
def change_page(page: Any, request: HttpRequest, production: Production, instalment: int) -> HttpResponse:
    row = get_object_or_404(rows_of(request, production), pk=instalment, status=InstalmentStatus.DUE)
    back = money_url(production, "instalments")
    if "remove" in request.POST:
        if page.tried(request, partial(remove_instalment, row, actor=staff(request))):
            page.message_user(request, _("The instalment is gone."), messages.SUCCESS)
        return HttpResponseRedirect(back)
    initial = {name: getattr(row, name) for name in FIELDS} | {"amount": shown_amount(row.gross)}
    form = InstalmentForm(production, sent(request), initial=initial)

    def run(answers: dict[str, Any]) -> None:
        for name in FIELDS:
            setattr(row, name, answers[name])
        save_instalment(row, actor=staff(request), changed=FIELDS)

    return form_page(
        page, request, production, form, title=_("Change the instalment"), run=run, back=back,
        done=_("The instalment is stored."), more={"remove": _("Remove the instalment")},
    )  # fmt: skip


@production_view("instalments/<int:instalment>/invoice/", "instalment_invoice", permission=CHANGE)
def invoice_page(page: Any, request: HttpRequest, production: Production, instalment: int) -> HttpResponse:
    row = get_object_or_404(rows_of(request, production), pk=instalment)

    def run(answers: dict[str, Any]) -> None:
        invoice_instalment(row, actor=staff(request), **answers)

    return form_page(
        page, request, production, InvoiceForm(sent(request), initial={"invoiced_on": timezone.localdate()}),
        title=_("Invoice the instalment"), run=run, back=money_url(production, "instalments"),
        done=_("The invoice is recorded; the payer is told."),
        explanation=_("%(description)s: %(amount)s gross. The amounts stand from now on.")
        % {"description": row.description, "amount": row.gross},
    )  # fmt: skip


@production_view("instalments/<int:instalment>/pay/", "instalment_pay", permission=CHANGE)
def pay_page(page: Any, request: HttpRequest, production: Production, instalment: int) -> HttpResponse:
    row = get_object_or_404(rows_of(request, production), pk=instalment)

    def run(answers: dict[str, Any]) -> None:
        pay_instalment(row, actor=staff(request), **answers)

    return form_page(
        page, request, production, PaymentForm(sent(request), initial={"paid_on": timezone.localdate()}),
        title=_("Pay the instalment"), run=run, back=money_url(production, "instalments"),
        done=_("The payment is recorded; the payee is told."),
        explanation=_("%(description)s: %(net)s net, after %(tax)s of withholding tax.")
        % {"description": row.description, "net": row.net, "tax": row.tax},
    )  # fmt: skip


@production_view("instalments/<int:instalment>/withdraw/", "instalment_withdraw", permission=CHANGE)
def withdraw_page(page: Any, request: HttpRequest, production: Production, instalment: int) -> HttpResponse:
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    row = get_object_or_404(rows_of(request, production), pk=instalment)
    if page.tried(request, partial(withdraw_invoice, row, actor=staff(request))):
        page.message_user(request, _("The invoice is taken back."), messages.SUCCESS)
    return HttpResponseRedirect(money_url(production, "instalments"))
