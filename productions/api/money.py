"""What the API's resources about money share: amounts as decimals in strings, partners by their broadcasters."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from mediaexchange.core.api.serializers import SeesOnly
from productions.models import Currency, Partner, Production
from productions.models.money import DIGITS, PLACES
from productions.money import Money
from training.api.base import WritableViewSet


class MoneySerializer(serializers.Serializer):
    """``amount`` has the decimals of its currency (ISO 4217)."""

    amount = serializers.CharField()
    currency = serializers.CharField()


@extend_schema_field(MoneySerializer)
class MoneyField(serializers.Field):
    """A ``Money`` of the row, or null."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(read_only=True, **kwargs)

    def to_representation(self, value: Money) -> dict[str, str]:
        return money_out(value)


def money_out(value: Money) -> dict[str, str]:
    return {"amount": str(value.amount.quantize(Decimal(1).scaleb(-value.places))), "currency": value.currency}


class ExactField(serializers.DecimalField):
    """A decimal in a string, or a whole number. What JSON calls a number with a fraction is a float and refused."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, float | bool):
            raise serializers.ValidationError(_("Write it as a string, such as “1250.50”; floats are not exact."))
        return super().to_internal_value(data)


def amount_in(**kwargs: Any) -> ExactField:
    return ExactField(max_digits=DIGITS, decimal_places=PLACES, **kwargs)


def percent_in(**kwargs: Any) -> ExactField:
    return ExactField(max_digits=5, decimal_places=2, min_value=0, max_value=100, **kwargs)


def currency_in(**kwargs: Any) -> SeesOnly:
    return SeesOnly(slug_field="code", queryset=Currency.objects.filter(is_active=True), **kwargs)


def code_of(name: str) -> serializers.CharField:
    """A currency in an answer: the code is the column."""
    return serializers.CharField(source=f"{name}_id", read_only=True)


def house_of_partner(name: str) -> serializers.CharField:
    """A partner in an answer, by its broadcaster's slug."""
    return serializers.CharField(source=f"{name}.broadcaster.slug", read_only=True)


def partner_named(production: Production, slug: str, field: str) -> Partner:
    """Raises ValidationError for a broadcaster that is no partner."""
    partner = production.partners.select_related("broadcaster").filter(broadcaster__slug=slug).first()
    if partner is None:
        raise serializers.ValidationError({field: [_("Choose a partner of this production.")]}, "not-a-partner")
    return partner


def with_partners(values: dict[str, Any], production: Production, *fields: str) -> dict[str, Any]:
    """The validated values with broadcasters' slugs replaced by partners."""
    return values | {name: partner_named(production, values[name], name) for name in fields if name in values}


class MoneyViewSet(WritableViewSet):
    resource = "productions"
    cursor_descending = True
