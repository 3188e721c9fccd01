"""How figures of a budget look in answers."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from productions.api.money import MoneyField, MoneySerializer, money_out
from productions.figures import Total


class TotalSerializer(serializers.Serializer):
    """``total`` is in the reporting currency; null where a rate is missing, which ``problem`` names."""

    amounts = MoneySerializer(many=True)
    total = MoneySerializer(allow_null=True)
    problem = serializers.CharField(allow_null=True)


@extend_schema_field(TotalSerializer)
class TotalField(serializers.Field):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(read_only=True, **kwargs)

    def to_representation(self, value: Total) -> dict[str, Any]:
        return {
            "amounts": [money_out(each) for each in value.amounts],
            "total": money_out(value.total) if value.total else None,
            "problem": str(value.problem) if value.problem else None,
        }


class LineFiguresSerializer(serializers.Serializer):
    """``planned`` is null for what was spent on a line that the revision does not have any more."""

    uid = serializers.UUIDField(source="line.uid")
    key = serializers.UUIDField(source="line.key")
    description = serializers.CharField(source="line.description")
    payer = serializers.CharField(source="line.payer.broadcaster.slug")
    is_private = serializers.BooleanField(source="line.is_private")
    planned = TotalField(allow_null=True)
    actual = TotalField()
    left = MoneyField(allow_null=True)


class CategoryFiguresSerializer(serializers.Serializer):
    category = serializers.CharField(source="category.slug")
    planned = TotalField()
    actual = TotalField()
    left = MoneyField(allow_null=True)
    lines = LineFiguresSerializer(many=True)


class PayerSerializer(serializers.Serializer):
    broadcaster = serializers.CharField(source="0.broadcaster.slug")
    planned = TotalField(source="1")


class FiguresSerializer(serializers.Serializer):
    """Sums hold the lines that the caller may see. ``shared_*`` are the same for all partners; ``own_private_*`` are of
    the caller's own private lines, null without any."""

    budget = serializers.UUIDField(source="budget.uid")
    number = serializers.IntegerField(source="budget.number")
    reporting_currency = serializers.CharField(source="budget.reporting_currency_id")
    planned = TotalField()
    actual = TotalField()
    left = MoneyField(allow_null=True)
    shared_planned = TotalField()
    shared_actual = TotalField()
    own_private_planned = TotalField(allow_null=True)
    own_private_actual = TotalField(allow_null=True)
    by_payer = serializers.SerializerMethodField()
    categories = CategoryFiguresSerializer(many=True)

    @extend_schema_field(PayerSerializer(many=True))
    def get_by_payer(self, figures: Any) -> list[dict[str, Any]]:
        total = TotalField()
        return [
            {"broadcaster": payer.broadcaster.slug, "planned": total.to_representation(planned)}
            for payer, planned in figures.by_payer
        ]


class MonthSerializer(serializers.Serializer):
    """Sums up to the month's end; ``actual`` is null for months to come."""

    month = serializers.DateField(source="first")
    planned = MoneyField()
    actual = MoneyField(allow_null=True)


class ComparedSerializer(serializers.Serializer):
    key = serializers.UUIDField(source="line.key")
    category = serializers.CharField(source="line.category.slug")
    description = serializers.CharField(source="line.description")
    state = serializers.ChoiceField(choices=["added", "removed", "changed", "same"])
    changes = serializers.ListField(child=serializers.CharField())
    before = MoneyField(source="before.money", allow_null=True, default=None)
    after = MoneyField(source="after.money", allow_null=True, default=None)


class ComparisonSerializer(serializers.Serializer):
    before = serializers.IntegerField(source="before.number")
    after = serializers.IntegerField(source="after.number")
    planned_before = TotalField()
    planned_after = TotalField()
    growth = MoneyField(allow_null=True)
    lines = ComparedSerializer(source="rows", many=True)
