"""Lines and rates of drafts, what was spent, and the words that rows of money hold: categories, currencies."""

from typing import Any

from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from mediaexchange.core.api.schema import IF_MATCH
from mediaexchange.core.api.serializers import SeesOnly, TranslatedField, TranslatedSerializer, UidOf
from mediaexchange.core.api.views import ExchangeViewSet, actor_of
from mediaexchange.core.api.writing import StrictSerializer
from productions.api.money import (
    ExactField,
    MoneyField,
    MoneyViewSet,
    amount_in,
    code_of,
    currency_in,
    house_of_partner,
    partner_named,
    with_partners,
)
from productions.models import Budget, BudgetCategory, BudgetLine, Currency, Expense, FrozenRate
from productions.services.budget import remove_line, save_line
from productions.services.expense import record_expense, void_expense
from productions.services.rate import freeze_rate, remove_rate


class CurrencySerializer(TranslatedSerializer):
    name = TranslatedField()

    class Meta:
        model = Currency
        fields = ["code", "name", "minor_units", "is_active", "text_languages"]


class CurrencyViewSet(ExchangeViewSet):
    """Currencies (ISO 4217) that amounts may be in."""

    queryset = Currency.objects.all()
    serializer_class = CurrencySerializer
    lookup_field = "code"
    lookup_value_converter = "slug"
    resource = "productions"
    cursor_fields = ("code",)
    filterset_fields = ["is_active"]


class BudgetCategorySerializer(TranslatedSerializer):
    name = TranslatedField()

    class Meta:
        model = BudgetCategory
        fields = ["slug", "name", "position", "text_languages"]


class BudgetCategoryViewSet(ExchangeViewSet):
    queryset = BudgetCategory.objects.all()
    serializer_class = BudgetCategorySerializer
    lookup_field = "slug"
    lookup_value_converter = "slug"
    resource = "productions"
    cursor_fields = ("position", "slug")


class FrozenRateSerializer(serializers.ModelSerializer):
    """One of ``from_currency`` is ``rate`` of ``to_currency``; read in both directions, never inverted."""

    budget = serializers.SlugRelatedField(slug_field="uid", read_only=True)
    from_currency = code_of("from_currency")
    to_currency = code_of("to_currency")

    class Meta:
        model = FrozenRate
        fields = ["uid", "budget", "from_currency", "to_currency", "rate", "dated_on", "source", "created_at"]


class FrozenRateInput(StrictSerializer):
    budget = UidOf(queryset=Budget.objects.all())
    from_currency = currency_in()
    to_currency = currency_in()
    rate = ExactField(max_digits=20, decimal_places=10)
    dated_on = serializers.DateField()
    source = serializers.CharField(max_length=300)


class BudgetFilter(filters.FilterSet):
    budget = filters.UUIDFilter(field_name="budget__uid")


class FrozenRateViewSet(MoneyViewSet):
    queryset = FrozenRate.objects.select_related("budget")
    serializer_class = FrozenRateSerializer
    filterset_class = BudgetFilter

    @extend_schema(request=FrozenRateInput, responses={201: FrozenRateSerializer}, filters=False)
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Freeze a rate in a draft, in the place of another one between the two currencies."""
        values = self.validated(FrozenRateInput)
        return self.shown(freeze_rate(values.pop("budget"), actor=actor_of(request), **values), status=201)

    @extend_schema(responses={204: None}, filters=False)
    def destroy(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Take a rate out of a draft that needs it no more."""
        remove_rate(self.get_object(), actor=actor_of(request))
        return Response(status=204)


class LineFilter(BudgetFilter):
    category = filters.CharFilter(field_name="category__slug")
    is_private = filters.BooleanFilter()


class BudgetLineSerializer(serializers.ModelSerializer):
    budget = serializers.SlugRelatedField(slug_field="uid", read_only=True)
    category = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    payer = house_of_partner("payer")
    owner = house_of_partner("owner")
    planned = MoneyField(source="money")

    class Meta:
        model = BudgetLine
        fields = [
            "uid", "key", "budget", "category", "description", "payer", "owner", "planned", "starts_on", "ends_on",
            "is_private",
        ]  # fmt: skip


class ChangedLineInput(StrictSerializer):
    category = SeesOnly(slug_field="slug", queryset=BudgetCategory.objects.all(), required=False)
    description = serializers.CharField(max_length=300, required=False)
    payer = serializers.SlugField(required=False, help_text="A partner’s broadcaster.")
    planned = amount_in(min_value=0, required=False)
    currency = currency_in(required=False)
    starts_on = serializers.DateField(required=False)
    ends_on = serializers.DateField(required=False)
    is_private = serializers.BooleanField(required=False, help_text="No other partner sees it, or a sum with it.")


class LineInput(StrictSerializer):
    budget = UidOf(queryset=Budget.objects.select_related("production"))
    category = SeesOnly(slug_field="slug", queryset=BudgetCategory.objects.all())
    description = serializers.CharField(max_length=300)
    payer = serializers.SlugField(help_text="A partner’s broadcaster.")
    owner = serializers.SlugField(
        required=False, help_text="Whose line it is; needed by those who act for several partners."
    )
    planned = amount_in(min_value=0)
    currency = currency_in()
    starts_on = serializers.DateField()
    ends_on = serializers.DateField()
    is_private = serializers.BooleanField(default=False)


class BudgetLineViewSet(MoneyViewSet):
    queryset = BudgetLine.objects.select_related(
        "budget__production", "category", "payer__broadcaster", "owner__broadcaster", "currency"
    )
    serializer_class = BudgetLineSerializer
    filterset_class = LineFilter

    @extend_schema(request=LineInput, responses={201: BudgetLineSerializer}, filters=False)
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Add a line of one's own house to a draft."""
        values = self.validated(LineInput)
        production = values["budget"].production
        owner = values.pop("owner", "")
        partner = partner_named(production, owner, "owner") if owner else None
        line = BudgetLine(**with_partners(values, production, "payer"))
        return self.shown(save_line(line, actor=actor_of(request), partner=partner), status=201)

    @extend_schema(request=ChangedLineInput, responses=BudgetLineSerializer, parameters=[IF_MATCH], filters=False)
    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Change what is given of a line of one's own house in a draft."""
        return self.changed(ChangedLineInput, save_line)

    def validated(self, serializer_class: Any) -> dict[str, Any]:
        values = super().validated(serializer_class)
        if serializer_class is ChangedLineInput:
            return with_partners(values, self.get_object().budget.production, "payer")
        return values

    @extend_schema(responses={204: None}, filters=False)
    def destroy(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Take a line of one's own house out of a draft."""
        remove_line(self.get_object(), actor=actor_of(request))
        return Response(status=204)


class ExpenseFilter(filters.FilterSet):
    production = filters.UUIDFilter(field_name="line__budget__production__uid")
    line = filters.UUIDFilter(field_name="line__uid")
    key = filters.UUIDFilter(field_name="line__key", label="The same line in every revision")

    class Meta:
        model = Expense
        fields: list[str] = []


class ExpenseSerializer(serializers.ModelSerializer):
    line = serializers.SlugRelatedField(slug_field="uid", read_only=True)
    amount = MoneyField(source="money")

    class Meta:
        model = Expense
        fields = [
            "uid", "line", "amount", "spent_on", "voucher", "note", "recorded_at", "voided_at", "void_reason",
        ]  # fmt: skip


class ExpenseInput(StrictSerializer):
    line = UidOf(queryset=BudgetLine.objects.select_related("budget__production"))
    amount = amount_in(help_text="Below zero for a refund.")
    currency = currency_in()
    spent_on = serializers.DateField()
    voucher = serializers.CharField(max_length=100)
    note = serializers.CharField(max_length=500, required=False, allow_blank=True)


class VoidInput(StrictSerializer):
    reason = serializers.CharField(max_length=500)


class ExpenseViewSet(MoneyViewSet):
    queryset = Expense.objects.select_related("line__budget__production", "currency")
    serializer_class = ExpenseSerializer
    filterset_class = ExpenseFilter

    @extend_schema(request=ExpenseInput, responses={201: ExpenseSerializer}, filters=False)
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Book what the own house has spent on a line of the budget in force."""
        values = self.validated(ExpenseInput)
        return self.shown(record_expense(values.pop("line"), actor=actor_of(request), **values), status=201)

    @extend_schema(request=VoidInput, responses=ExpenseSerializer, filters=False)
    @action(detail=True, methods=["post"])
    def void(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Take a booking back, with the reason. Safe to repeat."""
        expense = self.get_object()
        return self.shown(void_expense(expense, actor=actor_of(request), **self.validated(VoidInput)))
