"""Currencies, and how columns hold money."""

from decimal import Decimal
from typing import Any

from django.core.validators import MaxValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mediaexchange.core.languages.localize import localized
from productions.querysets import SharedRowsQuerySet

# ISO 4217 knows currencies of up to three decimals; 18 digits hold any budget, in KZT too.
DIGITS, PLACES = 18, 3


class Currency(models.Model):
    """One of ISO 4217. Which there are is data; how many decimals one has never changes, a trigger sees to it."""

    code = models.CharField(
        _("code"), max_length=3, unique=True, validators=[RegexValidator(r"^[A-Z]{3}\Z")],
        help_text=_("ISO 4217: RSD, KZT, EUR …"),
    )  # fmt: skip
    name = models.CharField(_("name"), max_length=100, blank=True)
    minor_units = models.PositiveSmallIntegerField(
        _("decimals"), default=2, validators=[MaxValueValidator(PLACES)],
        help_text=_("Of the smallest unit that is booked; it cannot be changed later."),
    )  # fmt: skip
    is_active = models.BooleanField(_("active"), default=True, help_text=_("Offered for new amounts."))

    objects = SharedRowsQuerySet.as_manager()

    class Meta:
        verbose_name = _("currency")
        verbose_name_plural = _("currencies")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(name="productions_currency_code", condition=Q(code__regex=r"^[A-Z]{3}$")),
            models.CheckConstraint(name="productions_currency_units", condition=Q(minor_units__lte=PLACES)),
        ]

    def __str__(self) -> str:
        name = localized(self, "name")
        return f"{self.code} · {name}" if name else self.code


def currency_of_amount(label: Any = None, *, column: str = "currency", **options: Any) -> Any:
    """Refers to the code itself: rows, their history and plain SQL read ``EUR``, without a join."""
    label = label or _("currency")
    return models.ForeignKey(
        Currency, models.PROTECT, to_field="code", db_column=column, related_name="+", verbose_name=label, **options
    )


def amount_of_money(label: Any, **options: Any) -> models.DecimalField:
    """A trigger refuses what is no whole number of the currency's smallest units."""
    return models.DecimalField(label, max_digits=DIGITS, decimal_places=PLACES, **options)


def percent(label: Any, **options: Any) -> models.DecimalField:
    return models.DecimalField(label, max_digits=5, decimal_places=2, **options)


def is_percent(field: str, name: str) -> models.CheckConstraint:
    return models.CheckConstraint(name=name, condition=Q(**{f"{field}__range": (Decimal(0), Decimal(100))}))
