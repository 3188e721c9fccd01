"""Income of own productions, its shares, payouts, and the statement of who is owed what."""

from typing import Any
from uuid import UUID

from django.db.models import Prefetch
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from mediaexchange.core.api.filters import refuse_unknown
from mediaexchange.core.api.serializers import UidOf
from mediaexchange.core.api.views import PrivateMixin, actor_of
from mediaexchange.core.api.writing import StrictSerializer
from productions.api.base import ByProduction, ProductionField
from productions.api.budget_lines import VoidInput
from productions.api.money import (
    MoneyField,
    MoneyViewSet,
    amount_in,
    currency_in,
    house_of_partner,
    partner_named,
    percent_in,
    with_partners,
)
from productions.models import Income, IncomeShare, Payout, Production, RevenueShare
from productions.money_querysets import VIEW
from productions.services.revenue import record_income, record_payout, set_revenue_shares, void_payout
from productions.statement import statement_of


class IncomeShareSerializer(serializers.ModelSerializer):
    broadcaster = house_of_partner("partner")

    class Meta:
        model = IncomeShare
        fields = ["broadcaster", "share_percent", "amount"]

    def to_representation(self, instance: Any) -> dict[str, Any]:
        data: dict[str, Any] = super().to_representation(instance)
        data["amount"] = f"{instance.amount:.{instance.income.currency.minor_units}f}"
        return data


class IncomeSerializer(serializers.ModelSerializer):
    """``shares`` total ``amount`` exactly, in its currency."""

    production = ProductionField()
    received_by = house_of_partner("received_by")
    amount = MoneyField(source="money")
    reverses = serializers.SlugRelatedField(slug_field="uid", read_only=True)
    shares = IncomeShareSerializer(many=True, read_only=True)

    class Meta:
        model = Income
        fields = [
            "uid", "production", "description", "territory", "amount", "received_on", "received_by", "reference",
            "reverses", "shares", "recorded_at",
        ]  # fmt: skip


class IncomeInput(StrictSerializer):
    production = UidOf(queryset=Production.objects.all())
    description = serializers.CharField(max_length=300)
    territory = serializers.CharField(max_length=40, required=False, allow_blank=True)
    amount = amount_in(help_text="Below zero if it had to be given back.")
    currency = currency_in()
    received_on = serializers.DateField()
    received_by = serializers.SlugField(help_text="A partner’s broadcaster.")
    reference = serializers.CharField(max_length=100, required=False, allow_blank=True)
    reverses = UidOf(
        queryset=Income.objects.all(), required=False, allow_null=True,
        help_text="The income that an amount below zero takes back, by the shares it was dealt out by.",
    )  # fmt: skip


class IncomeViewSet(MoneyViewSet):
    queryset = Income.objects.select_related(
        "production", "received_by__broadcaster", "currency", "reverses"
    ).prefetch_related(
        Prefetch("shares", IncomeShare.objects.select_related("partner__broadcaster", "income__currency"))
    )
    serializer_class = IncomeSerializer
    filterset_class = ByProduction

    @extend_schema(request=IncomeInput, responses={201: IncomeSerializer}, filters=False)
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Book what the own house has received, and deal it out by the shares of today or of what it takes back."""
        values = self.validated(IncomeInput)
        income = Income(**with_partners(values, values["production"], "received_by"))
        return self.shown(record_income(income, actor=actor_of(request)), status=201)


class RevenueShareSerializer(serializers.ModelSerializer):
    production = ProductionField()
    broadcaster = house_of_partner("partner")

    class Meta:
        model = RevenueShare
        fields = ["id", "production", "territory", "broadcaster", "share_percent"]


class PartInput(StrictSerializer):
    broadcaster = serializers.SlugField()
    share_percent = percent_in()


class RevenueSharesInput(StrictSerializer):
    production = UidOf(queryset=Production.objects.all())
    territory = serializers.CharField(max_length=40, required=False, allow_blank=True, default="")
    shares = PartInput(many=True)


class RevenueShareViewSet(MoneyViewSet):
    """What is agreed beside the production's own shares, which hold where nothing is."""

    queryset = RevenueShare.objects.select_related("production", "partner__broadcaster")
    serializer_class = RevenueShareSerializer
    filterset_class = ByProduction
    lookup_field = "pk"
    lookup_value_converter = "int"

    @extend_schema(request=RevenueSharesInput, responses=RevenueShareSerializer(many=True), filters=False)
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Agree all shares of a territory at once; they total 100, none lets the general ones hold. Safe to repeat."""
        values = self.validated(RevenueSharesInput)
        production, territory = values["production"], values["territory"]
        shares = {
            partner_named(production, part["broadcaster"], "shares"): part["share_percent"] for part in values["shares"]
        }
        set_revenue_shares(production, actor=actor_of(request), territory=territory, shares=shares)
        rows = self.get_queryset().filter(production=production, territory=territory)
        return Response(RevenueShareSerializer(rows, many=True).data)


class PayoutSerializer(serializers.ModelSerializer):
    production = ProductionField()
    payer = house_of_partner("payer")
    payee = house_of_partner("payee")
    amount = MoneyField(source="money")

    class Meta:
        model = Payout
        fields = [
            "uid", "production", "payer", "payee", "amount", "paid_on", "reference", "recorded_at", "voided_at",
            "void_reason",
        ]  # fmt: skip


class PayoutInput(StrictSerializer):
    production = UidOf(queryset=Production.objects.all())
    payer = serializers.SlugField()
    payee = serializers.SlugField()
    amount = amount_in()
    currency = currency_in()
    paid_on = serializers.DateField()
    reference = serializers.CharField(max_length=100)


class PayoutViewSet(MoneyViewSet):
    queryset = Payout.objects.select_related("production", "payer__broadcaster", "payee__broadcaster", "currency")
    serializer_class = PayoutSerializer
    filterset_class = ByProduction

    @extend_schema(request=PayoutInput, responses={201: PayoutSerializer}, filters=False)
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Book what the own house has passed on of what it owes; more than that is refused."""
        values = self.validated(PayoutInput)
        production = values.pop("production")
        named = with_partners(values, production, "payer", "payee")
        return self.shown(record_payout(production, actor=actor_of(request), **named), status=201)

    @extend_schema(request=VoidInput, responses=PayoutSerializer, filters=False)
    @action(detail=True, methods=["post"])
    def void(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Take a booking back, with the reason. For the payer. Safe to repeat."""
        payout = self.get_object()
        return self.shown(void_payout(payout, actor=actor_of(request), **self.validated(VoidInput)))


class AccountSerializer(serializers.Serializer):
    """``balance`` is what the partner is still owed by the others; below zero it owes them."""

    broadcaster = serializers.CharField(source="partner.broadcaster.slug")
    entitled = MoneyField()
    received = MoneyField()
    paid_out = MoneyField()
    paid_in = MoneyField()
    balance = MoneyField()


class DebtSerializer(serializers.Serializer):
    payer = serializers.CharField(source="payer.broadcaster.slug")
    payee = serializers.CharField(source="payee.broadcaster.slug")
    amount = MoneyField()


class RevenueStatementSerializer(serializers.Serializer):
    income = serializers.ListField(child=MoneyField())
    accounts = AccountSerializer(many=True)
    debts = DebtSerializer(many=True)


class RevenueStatementView(PrivateMixin, APIView):
    resource = "productions"
    view_permission = VIEW

    @extend_schema(responses=RevenueStatementSerializer)
    def get(self, request: Request, uid: UUID) -> Response:
        """Who is owed what of the income of a production, by currency."""
        refuse_unknown(request, ())
        rows = Production.objects.changeable_by(actor_of(request), VIEW)
        production = get_object_or_404(rows, uid=uid)
        return Response(RevenueStatementSerializer(statement_of(production)).data)
