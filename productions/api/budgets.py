"""Budgets: revisions of own productions, their figures as the caller may see them, and how they are agreed."""

from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from mediaexchange.core.api.schema import IF_MATCH
from mediaexchange.core.api.serializers import UidOf
from mediaexchange.core.api.views import actor_of
from mediaexchange.core.api.writing import StrictSerializer
from mediaexchange.core.errors import DomainError
from productions.api.base import ProductionField
from productions.api.budget_figures import (
    ComparisonSerializer,
    FiguresSerializer,
    MonthSerializer,
)
from productions.api.budget_lines import FrozenRateSerializer
from productions.api.money import MoneyViewSet, code_of, currency_in, partner_named
from productions.burn import burn_of
from productions.comparison import compared
from productions.constants import BudgetStatus
from productions.figures import figures_of
from productions.formats.budget_sheet import CONTENT_TYPE, file_name, render_budget
from productions.models import Budget, BudgetApproval, Production
from productions.services.budget import approve_budget, begin_revision, change_budget, return_budget, submit_budget


class BudgetFilter(filters.FilterSet):
    production = filters.UUIDFilter(field_name="production__uid")
    status = filters.ChoiceFilter(choices=BudgetStatus.choices)

    class Meta:
        model = Budget
        fields: list[str] = []


class ApprovalSerializer(serializers.ModelSerializer):
    broadcaster = serializers.CharField(source="partner.broadcaster.slug", read_only=True)

    class Meta:
        model = BudgetApproval
        fields = ["broadcaster", "approved_at"]


class BudgetSerializer(serializers.ModelSerializer):
    production = ProductionField()
    reporting_currency = code_of("reporting_currency")
    approvals = ApprovalSerializer(many=True, read_only=True)
    rates = FrozenRateSerializer(many=True, read_only=True)

    class Meta:
        model = Budget
        fields = [
            "uid", "production", "number", "status", "status_reason", "reporting_currency", "note", "rates",
            "approvals", "created_at", "submitted_at", "approved_at",
        ]  # fmt: skip


class ChangedBudgetInput(StrictSerializer):
    reporting_currency = currency_in(required=False)
    note = serializers.CharField(max_length=5000, required=False, allow_blank=True)


class BudgetInput(ChangedBudgetInput):
    production = UidOf(queryset=Production.objects.all())


class ApprovalInput(StrictSerializer):
    broadcaster = serializers.SlugField(
        required=False, help_text="For which partner; needed by those who act for several."
    )


class ReturnInput(StrictSerializer):
    reason = serializers.CharField(max_length=500)


class BudgetViewSet(MoneyViewSet):
    queryset = Budget.objects.select_related("production", "reporting_currency").prefetch_related(
        "approvals__partner__broadcaster", "rates__budget"
    )
    serializer_class = BudgetSerializer
    filterset_class = BudgetFilter

    @extend_schema(request=BudgetInput, responses={201: BudgetSerializer}, filters=False)
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Begin a revision: a copy of the youngest one, or an empty first one in a reporting currency."""
        values = self.validated(BudgetInput)
        budget = begin_revision(values.pop("production"), actor=actor_of(request), **values)
        return self.shown(budget, status=201)

    @extend_schema(request=ChangedBudgetInput, responses=BudgetSerializer, parameters=[IF_MATCH], filters=False)
    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Change note or reporting currency of a draft."""
        return self.changed(ChangedBudgetInput, change_budget)

    @extend_schema(request=None, responses=BudgetSerializer, filters=False)
    @action(detail=True, methods=["post"])
    def submit(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Put a draft before all partners. Safe to repeat."""
        return self.shown(submit_budget(self.get_object(), actor=actor_of(request)))

    @extend_schema(request=ApprovalInput, responses=BudgetSerializer, filters=False)
    @action(detail=True, methods=["post"])
    def approve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Say yes for a partner; the last partner's yes brings the revision into force. Safe to repeat."""
        budget, slug = self.get_object(), self.validated(ApprovalInput).get("broadcaster")
        partner = partner_named(budget.production, slug, "broadcaster") if slug else None
        return self.shown(approve_budget(budget, actor=actor_of(request), partner=partner))

    @extend_schema(request=ReturnInput, responses=BudgetSerializer, filters=False)
    @action(detail=True, methods=["post"], url_path="return")
    def send_back(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Send a submitted revision back to be written in; all approvals are void. Safe to repeat."""
        budget = self.get_object()
        return self.shown(return_budget(budget, actor=actor_of(request), **self.validated(ReturnInput)))

    @extend_schema(responses=FiguresSerializer, filters=False)
    @action(detail=True, pagination_class=None)
    def figures(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Planned against actual, by currency and in the reporting currency, without others' private lines."""
        return self.answer(FiguresSerializer, figures_of(self.get_object(), actor_of(request)))

    @extend_schema(responses=MonthSerializer(many=True), filters=False)
    @action(detail=True, pagination_class=None)
    def burn(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Planned and actual by month, cumulated. 422 “rate-missing” where a rate is missing."""
        months = burn_of(self.get_object(), actor_of(request), timezone.localdate())
        return Response(MonthSerializer(months, many=True).data)

    @extend_schema(responses=ComparisonSerializer, filters=False)
    @action(detail=True, url_path="comparison/<int:number>", pagination_class=None)
    def comparison(self, request: Request, number: int, *args: Any, **kwargs: Any) -> Response:
        """This revision beside another one of the same production, by its number."""
        budget = self.get_object()
        other = self.get_queryset().filter(production=budget.production_id, number=number).first()
        if other is None:
            raise DomainError("no-such-revision", _("There is no such revision."))
        return self.answer(ComparisonSerializer, compared(other, budget, actor_of(request)))

    @extend_schema(
        responses={(200, CONTENT_TYPE): OpenApiResponse(OpenApiTypes.BINARY, "The budget as a workbook")}, filters=False
    )
    @action(detail=True, pagination_class=None)
    def workbook(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        """Lines, rates, expenses and months as XLSX, in the language of the request, as the caller may see them."""
        budget = self.get_object()
        with transaction.atomic():
            content = render_budget(budget, actor_of(request))
        return HttpResponse(
            content, CONTENT_TYPE, headers={"Content-Disposition": f'attachment; filename="{file_name(budget)}"'}
        )
