"""Papers of one's own people, and how those of people who come stand; numbers are for the own desk alone."""

from typing import Any

from django.db.models import BooleanField, Case, Value, When
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from correspondents.constants import PAPER_ENDS, PaperKind, PaperStatus, PaperTerm
from correspondents.models import Correspondent, CountryRequirement, Paper
from correspondents.services.paper import apply_for_paper, correct_paper, end_paper, grant_paper, want_paper
from mediaexchange.core.api.serializers import SeesOnly, UidOf
from mediaexchange.core.api.views import ExchangeViewSet, actor_of
from mediaexchange.core.api.writing import StrictSerializer
from mediaexchange.core.validators import validate_day, validate_time_zone


class PaperFilter(filters.FilterSet):
    correspondent = filters.UUIDFilter(field_name="correspondent__uid")
    country_code = filters.CharFilter()
    kind = filters.ChoiceFilter(choices=PaperKind.choices)
    status = filters.ChoiceFilter(choices=PaperStatus.choices)
    valid_on = filters.DateFilter(field_name="valid", lookup_expr="contains")

    class Meta:
        model = Paper
        fields: list[str] = []


class PaperSerializer(serializers.ModelSerializer):
    correspondent = serializers.UUIDField(source="correspondent.uid", read_only=True)
    requirement = serializers.SlugRelatedField(slug_field="slug", read_only=True, allow_null=True)
    valid_from = serializers.DateField(read_only=True, allow_null=True)
    valid_until = serializers.DateField(read_only=True, allow_null=True, help_text="The last day; null is without end")
    reference = serializers.SerializerMethodField(help_text="Its last characters; empty for other houses")

    class Meta:
        model = Paper
        fields = [
            "uid", "correspondent", "requirement", "country_code", "kind", "term", "status", "time_zone",
            "apply_by_on", "applied_on", "decision_due_on", "valid_from", "valid_until", "reference", "changed_at",
        ]  # fmt: skip

    def get_reference(self, paper: Paper) -> str:
        return paper.masked_reference if getattr(paper, "shows_number", False) else ""


class PaperInput(StrictSerializer):
    correspondent = UidOf(queryset=Correspondent.objects.all())
    requirement = SeesOnly(slug_field="slug", queryset=CountryRequirement.objects.all(), required=False)
    country_code = serializers.RegexField(r"^[A-Z]{2}$", required=False)
    kind = serializers.ChoiceField(choices=PaperKind.choices, required=False)
    term = serializers.ChoiceField(choices=PaperTerm.choices, required=False, allow_blank=True, default="")
    time_zone = serializers.CharField(max_length=40, validators=[validate_time_zone], required=False)
    apply_by_on = serializers.DateField(required=False, allow_null=True, validators=[validate_day])

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Country, kind and zone are the requirement's unless they are given."""
        for name in ("country_code", "kind", "time_zone"):
            if name not in attrs:
                if "requirement" not in attrs:
                    raise serializers.ValidationError({name: self.error_messages["required"]})
                attrs[name] = getattr(attrs["requirement"], name)
        return attrs


class ApplicationInput(StrictSerializer):
    applied_on = serializers.DateField(
        required=False, validators=[validate_day], help_text="Today over there, unless told otherwise"
    )


class TermInput(StrictSerializer):
    valid_from = serializers.DateField(validators=[validate_day])
    valid_until = serializers.DateField(
        required=False, allow_null=True, default=None, validators=[validate_day],
        help_text="The last day; without it as long as the requirement says, or without end",
    )  # fmt: skip
    reference = serializers.CharField(max_length=100, required=False, allow_blank=True)


class EndInput(StrictSerializer):
    status = serializers.ChoiceField(choices=PAPER_ENDS)


class PaperViewSet(ExchangeViewSet):
    queryset = Paper.objects.select_related("correspondent", "requirement")
    serializer_class = PaperSerializer
    filterset_class = PaperFilter
    resource = "correspondents"
    cursor_descending = True

    def get_queryset(self) -> Any:
        rows = super().get_queryset()
        if getattr(self, "swagger_fake_view", False):
            return rows
        numbered = Paper.objects.with_numbers_for(actor_of(self.request)).values("pk")
        shows = Case(When(pk__in=numbered, then=Value(True)), default=Value(False), output_field=BooleanField())
        return rows.annotate(shows_number=shows)

    @extend_schema(request=PaperInput, responses={201: PaperSerializer}, filters=False)
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Put a paper on somebody's list."""
        values = self.validated(PaperInput)
        return self._answer(want_paper(values.pop("correspondent"), actor=actor_of(request), **values), 201)

    @extend_schema(request=ApplicationInput, responses=PaperSerializer, filters=False)
    @action(detail=True, methods=["post"])
    def apply(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """It was applied for; by when it must be decided follows. Safe to repeat."""
        paper = self.get_object()
        return self._answer(apply_for_paper(paper, actor=actor_of(request), **self.validated(ApplicationInput)))

    @extend_schema(request=TermInput, responses=PaperSerializer, filters=False)
    @action(detail=True, methods=["post"])
    def grant(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """It was granted, for these days by the calendar over there. Safe to repeat."""
        paper = self.get_object()
        return self._answer(grant_paper(paper, actor=actor_of(request), **self.validated(TermInput)))

    @extend_schema(request=TermInput, responses=PaperSerializer, filters=False)
    @action(detail=True, methods=["post"])
    def correct(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Write other days, or another number, for what is granted."""
        paper = self.get_object()
        return self._answer(correct_paper(paper, actor=actor_of(request), **self.validated(TermInput)))

    @extend_schema(request=EndInput, responses=PaperSerializer, filters=False)
    @action(detail=True, methods=["post"])
    def end(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """It was refused or revoked, or nobody needs it any more. Safe to repeat."""
        paper = self.get_object()
        return self._answer(end_paper(paper, actor=actor_of(request), **self.validated(EndInput)))

    def _answer(self, paper: Paper, status: int = 200) -> Response:
        return self.answer(PaperSerializer, self.get_queryset().get(pk=paper.pk), status=status)
