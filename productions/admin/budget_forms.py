"""Forms of a budget: its lines, its rates, its first revision."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from unfold.widgets import UnfoldAdminTextInputWidget, UnfoldBooleanWidget

from archive.admin.footage_words import line as text_line
from mediaexchange.core.admin_help import HelpedForm
from productions.admin.money import amount_field, choice_field, currency_field, day_field, partner_field, shown_amount
from productions.models import BudgetCategory, BudgetLine, Production

LINE_FIELDS = ("category", "description", "payer", "planned", "currency", "starts_on", "ends_on", "is_private")


class LineForm(HelpedForm):
    """``owners`` are the partners for which the reader may write; one is no question."""

    description = text_line(_("description"), 300, required=True)
    planned = amount_field(_("planned"))
    starts_on = day_field(_("first day"), help_text=_("The amount is spread evenly over the days."))
    ends_on = day_field(_("last day"))
    is_private = forms.BooleanField(
        label=pgettext_lazy("budget", "private"), required=False, widget=UnfoldBooleanWidget,
        help_text=_("Of the own house alone: no other partner sees it, or a sum with it."),
    )  # fmt: skip

    def __init__(self, production: Production, owners: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"] = choice_field(_("budget category"), BudgetCategory.objects.all())
        self.fields["payer"] = partner_field(pgettext_lazy("money", "paid by"), production)
        self.fields["currency"] = currency_field()
        if len(owners) > 1:
            self.fields["owner"] = choice_field(_("line of"), owners)
        self.order_fields(("category", *LINE_FIELDS[1:], "owner"))


def answers_of(line: BudgetLine) -> dict[str, Any]:
    """What stands in the form of a stored line."""
    return {name: getattr(line, name) for name in LINE_FIELDS} | {"planned": shown_amount(line.money)}


class RateForm(HelpedForm):
    """One of the first currency is so many of the second."""

    rate = forms.DecimalField(
        label=_("rate"), max_digits=20, decimal_places=10, localize=True,
        widget=UnfoldAdminTextInputWidget(attrs={"inputmode": "decimal"}),
        help_text=_("How many of the second currency one of the first is, as published. It is read both ways."),
    )  # fmt: skip
    dated_on = day_field(_("rate of"), help_text=_("The day for which its source published it."))
    source = text_line(_("source"), 300, required=True, help_text=_("The central bank’s list, or the contract."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["from_currency"] = currency_field(pgettext_lazy("exchange rate", "one"))
        self.fields["to_currency"] = currency_field(pgettext_lazy("exchange rate", "is so many"))
        self.order_fields(("from_currency", "rate", "to_currency", "dated_on", "source"))


class SettingsForm(HelpedForm):
    """Of a draft; a first revision begins with it."""

    note = text_line(pgettext_lazy("budget", "note"), 5000, help_text=_("All partners read it."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reporting_currency"] = currency_field(_("reporting currency"))
        self.fields["reporting_currency"].help_text = _(
            "In which sums of several currencies are told, at the frozen rates."
        )
        self.order_fields(("reporting_currency", "note"))
