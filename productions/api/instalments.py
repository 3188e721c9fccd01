"""Instalments between partners: agreed, invoiced, paid."""

from typing import Any

from django.db.models import QuerySet
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from mediaexchange.core.api.schema import IF_MATCH
from mediaexchange.core.api.serializers import UidOf
from mediaexchange.core.api.views import actor_of
from mediaexchange.core.api.writing import StrictSerializer
from productions.api.base import ProductionField
from productions.api.money import (
    MoneyField,
    MoneyViewSet,
    amount_in,
    currency_in,
    house_of_partner,
    percent_in,
    with_partners,
)
from productions.constants import InstalmentStatus
from productions.models import Instalment, Milestone, Production
from productions.services.instalment import (
    invoice_instalment,
    pay_instalment,
    remove_instalment,
    save_instalment,
    withdraw_invoice,
)


class InstalmentFilter(filters.FilterSet):
    production = filters.UUIDFilter(field_name="production__uid")
    status = filters.ChoiceFilter(choices=InstalmentStatus.choices)
    is_overdue = filters.BooleanFilter(method="overdue", label="Not paid though its day is over at the payer’s")

    class Meta:
        model = Instalment
        fields: list[str] = []

    def overdue(self, rows: QuerySet[Any], name: str, value: bool) -> QuerySet[Any]:
        late = Instalment.objects.overdue().values("pk")
        return rows.filter(pk__in=late) if value else rows.exclude(pk__in=late)


class InstalmentSerializer(serializers.ModelSerializer):
    """``gross`` less ``tax``, which the payer withholds, is ``net``. ``day`` is null until the milestone is done."""

    production = ProductionField()
    payer = house_of_partner("payer")
    payee = house_of_partner("payee")
    gross = MoneyField()
    tax = MoneyField()
    net = MoneyField()
    milestone = serializers.UUIDField(source="milestone.uid", read_only=True, allow_null=True, default=None)
    day = serializers.DateField(read_only=True, allow_null=True)
    expected_on = serializers.DateField(read_only=True, allow_null=True)
    is_overdue = serializers.BooleanField(read_only=True)

    class Meta:
        model = Instalment
        fields = [
            "uid", "production", "description", "payer", "payee", "gross", "withholding_percent", "tax", "net",
            "milestone", "due_on", "term_days", "day", "expected_on", "is_overdue", "status", "invoiced_on", "invoice",
            "paid_on", "payment",
        ]  # fmt: skip


class ChangedInstalmentInput(StrictSerializer):
    description = serializers.CharField(max_length=300, required=False)
    payer = serializers.SlugField(required=False)
    payee = serializers.SlugField(required=False)
    amount = amount_in(required=False)
    currency = currency_in(required=False)
    withholding_percent = percent_in(required=False)
    milestone = UidOf(queryset=Milestone.objects.all(), required=False, allow_null=True)
    due_on = serializers.DateField(required=False, allow_null=True)
    term_days = serializers.IntegerField(min_value=0, max_value=730, required=False)


class InstalmentInput(StrictSerializer):
    production = UidOf(queryset=Production.objects.all())
    description = serializers.CharField(max_length=300)
    payer = serializers.SlugField(help_text="A partner’s broadcaster.")
    payee = serializers.SlugField(help_text="A partner’s broadcaster.")
    amount = amount_in(help_text="Gross.")
    currency = currency_in()
    withholding_percent = percent_in(required=False)
    milestone = UidOf(queryset=Milestone.objects.all(), required=False, allow_null=True)
    due_on = serializers.DateField(required=False, allow_null=True)
    term_days = serializers.IntegerField(min_value=0, max_value=730, required=False)


class InvoiceInput(StrictSerializer):
    invoiced_on = serializers.DateField()
    invoice = serializers.CharField(max_length=100)


class PaymentInput(StrictSerializer):
    paid_on = serializers.DateField()
    payment = serializers.CharField(max_length=100)


class InstalmentViewSet(MoneyViewSet):
    queryset = Instalment.objects.select_related(
        "production", "payer__broadcaster", "payee__broadcaster", "currency", "milestone"
    )
    serializer_class = InstalmentSerializer
    filterset_class = InstalmentFilter

    @extend_schema(request=InstalmentInput, responses={201: InstalmentSerializer}, filters=False)
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Agree an instalment that the own house pays or is paid: on a day, or after a milestone."""
        values = self.validated(InstalmentInput)
        instalment = Instalment(**with_partners(values, values["production"], "payer", "payee"))
        return self.shown(save_instalment(instalment, actor=actor_of(request)), status=201)

    @extend_schema(request=ChangedInstalmentInput, responses=InstalmentSerializer, parameters=[IF_MATCH], filters=False)
    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Change what is given of one that is not invoiced."""
        return self.changed(ChangedInstalmentInput, save_instalment)

    def validated(self, serializer_class: Any) -> dict[str, Any]:
        values = super().validated(serializer_class)
        if serializer_class is ChangedInstalmentInput:
            return with_partners(values, self.get_object().production, "payer", "payee")
        return values

    @extend_schema(responses={204: None}, filters=False)
    def destroy(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Agree to do without one that is not invoiced."""
        remove_instalment(self.get_object(), actor=actor_of(request))
        return Response(status=204)

    @extend_schema(request=InvoiceInput, responses=InstalmentSerializer, filters=False)
    @action(detail=True, methods=["post"])
    def invoice(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Say that the invoice was sent; the amounts stand from now on. For the payee."""
        instalment = self.get_object()
        return self.shown(invoice_instalment(instalment, actor=actor_of(request), **self.validated(InvoiceInput)))

    @extend_schema(request=None, responses=InstalmentSerializer, filters=False)
    @action(detail=True, methods=["post"], url_path="withdraw-invoice")
    def withdraw(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Take back an invoice that is not paid. For the payee. Safe to repeat."""
        return self.shown(withdraw_invoice(self.get_object(), actor=actor_of(request)))

    @extend_schema(request=PaymentInput, responses=InstalmentSerializer, filters=False)
    @action(detail=True, methods=["post"])
    def pay(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Say that the net amount was paid. For the payer. Safe to repeat: the first payment stays."""
        instalment = self.get_object()
        return self.shown(pay_instalment(instalment, actor=actor_of(request), **self.validated(PaymentInput)))
