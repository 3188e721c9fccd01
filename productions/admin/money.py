"""What the pages about money share: forms that ask before they book, and fields for amounts, days and partners."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminDateWidget, UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from mediaexchange.core.admin_help import HelpedForm
from mediaexchange.core.errors import Message
from mediaexchange.core.validators import validate_day
from productions.models import Currency, Partner, Production
from productions.models.money import DIGITS, PLACES
from productions.money import Money


def money_url(production: Production, name: str, **more: int) -> str:
    """The address of one of these pages, named after ``productions_production_``."""
    return reverse(f"admin:productions_production_{name}", kwargs={"object_id": production.pk, **more})


def form_page(
    page: Any,
    request: HttpRequest,
    production: Production,
    form: forms.Form,
    *,
    title: Message,
    run: Callable[[dict[str, Any]], object],
    back: str,
    done: Message,
    explanation: Message = "",
    more: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """A form below the production's header; what a service refuses is said above it, with the answers kept."""
    if request.method == "POST" and form.is_valid() and page.tried(request, lambda: run(form.cleaned_data)):
        page.message_user(request, done, messages.SUCCESS)
        return HttpResponseRedirect(back)
    context = {"title": title, "form": form, "return_to": back, "explanation": explanation, **(more or {})}
    response: HttpResponse = page.production_response(request, production, "productions/money_form.html", context)
    return response


def sent(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def amount_field(label: Any, *, least: Decimal | None = Decimal(0), help_text: Any = "") -> forms.DecimalField:
    """In the reader's way of writing numbers."""
    return forms.DecimalField(
        label=label, min_value=least, max_digits=DIGITS, decimal_places=PLACES, localize=True, help_text=help_text,
        widget=UnfoldAdminTextInputWidget(attrs={"inputmode": "decimal"}),
    )  # fmt: skip


def percent_field(label: Any, *, required: bool = True, help_text: Any = "") -> forms.DecimalField:
    return forms.DecimalField(
        label=label, min_value=0, max_value=100, max_digits=5, decimal_places=2, localize=True, required=required,
        help_text=help_text, widget=UnfoldAdminTextInputWidget(attrs={"inputmode": "decimal"}),
    )  # fmt: skip


def day_field(label: Any, *, required: bool = True, help_text: Any = "") -> forms.DateField:
    return forms.DateField(
        label=label, required=required, help_text=help_text, widget=UnfoldAdminDateWidget, validators=[validate_day]
    )


def choice_field(label: Any, rows: QuerySet[Any], *, required: bool = True, help_text: Any = "") -> Any:
    return forms.ModelChoiceField(
        label=label, queryset=rows, required=required, help_text=help_text, widget=UnfoldAdminSelectWidget
    )


def currency_field(label: Any = None) -> Any:
    return choice_field(label or _("currency"), Currency.objects.filter(is_active=True))


def partner_field(label: Any, production: Production, **options: Any) -> Any:
    return choice_field(label, Partner.objects.filter(production=production).select_related("broadcaster"), **options)


def shown_amount(money: Money) -> Decimal:
    """For a form: with the decimals of its currency."""
    return money.amount.quantize(Decimal(1).scaleb(-money.places))


class ReasonForm(HelpedForm):
    reason = forms.CharField(label=_("Reason"), max_length=500, widget=UnfoldAdminTextInputWidget)
