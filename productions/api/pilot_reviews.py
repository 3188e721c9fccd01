"""Reviews of pilots: marks of each partner side by side, and one decision."""

from typing import Any

from django.db.models import Prefetch
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from broadcasters.models import Broadcaster
from mediaexchange.core.api.serializers import SeesOnly, UidOf
from mediaexchange.core.api.views import ExchangeViewSet, actor_of
from mediaexchange.core.api.writing import StrictSerializer
from mediaexchange.core.validators import validate_day
from productions.api.base import ByProduction, ProductionField
from productions.constants import HIGHEST_MARK, Criterion, PilotDecision
from productions.models import PilotMark, PilotReview, Production
from productions.services.pilot import decide_pilot, mark_pilot, move_module_of, open_review


class PilotReviewFilter(ByProduction):
    decision = filters.ChoiceFilter(choices=PilotDecision.choices)
    is_open = filters.BooleanFilter(field_name="decided_at", lookup_expr="isnull", label=_("decided at"))


class PilotMarkSerializer(serializers.ModelSerializer):
    broadcaster = serializers.SlugRelatedField(slug_field="slug", read_only=True)

    class Meta:
        model = PilotMark
        fields = ["criterion", "broadcaster", "mark", "note", "marked_at"]


class PilotReviewSerializer(serializers.ModelSerializer):
    """Marks stand beside each other and are never added up. ``module_state`` is what the review did to the module."""

    production = ProductionField()
    decision = serializers.ChoiceField(choices=PilotDecision.choices, allow_blank=True, read_only=True)
    decided_by = serializers.CharField(source="decided_by.username", default=None, allow_null=True)
    module_state = serializers.CharField(source="module_move.to_state", default=None, allow_null=True)
    marks = PilotMarkSerializer(many=True, read_only=True)

    class Meta:
        model = PilotReview
        fields = [
            "uid", "production", "opened_at", "due_on", "marks", "decision", "reason", "decided_by", "decided_at",
            "module_state",
        ]  # fmt: skip


class PilotReviewInput(StrictSerializer):
    production = UidOf(queryset=Production.objects.all())
    due_on = serializers.DateField(required=False, allow_null=True, default=None, validators=[validate_day])


class PilotMarkInput(StrictSerializer):
    criterion = serializers.ChoiceField(choices=Criterion.choices)
    mark = serializers.IntegerField(min_value=1, max_value=HIGHEST_MARK, help_text="1 is poor, 5 is excellent")
    note = serializers.CharField(max_length=5000, required=False, default="", allow_blank=True)
    house = SeesOnly(
        slug_field="slug",
        queryset=Broadcaster.objects.filter(is_active=True),
        required=False,
        help_text="Whose mark it is; needed by those who act for several partners",
    )


class PilotDecisionInput(StrictSerializer):
    decision = serializers.ChoiceField(choices=PilotDecision.choices)
    reason = serializers.CharField(max_length=5000)
    with_module = serializers.BooleanField(
        default=False, help_text="Scale or pause the module as well, for administrators of one of its parties"
    )


class PilotReviewViewSet(ExchangeViewSet):
    queryset = PilotReview.objects.select_related(
        "production__stage", "production__module", "decided_by", "module_move"
    ).prefetch_related(Prefetch("marks", PilotMark.objects.select_related("broadcaster")))
    serializer_class = PilotReviewSerializer
    filterset_class = PilotReviewFilter
    resource = "productions"
    cursor_descending = True

    @extend_schema(request=PilotReviewInput, responses={201: PilotReviewSerializer}, filters=False)
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Ask the partners what they think of a pilot. Safe to repeat: one review is open at a time."""
        values = self.validated(PilotReviewInput)
        review = open_review(values["production"], actor=actor_of(request), due_on=values["due_on"])
        return self._shown(review, status=201)

    @extend_schema(request=PilotMarkInput, responses=PilotReviewSerializer, filters=False)
    @action(detail=True, methods=["post"])
    def mark(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Say what one's own house thinks of one thing. The last word counts, until it is decided."""
        review = self.get_object()
        mark_pilot(review, actor=actor_of(request), **self.validated(PilotMarkInput))
        return self._shown(review)

    @extend_schema(request=PilotDecisionInput, responses=PilotReviewSerializer, filters=False)
    @action(detail=True, methods=["post"])
    def decide(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Go, scale, pause or stop, once, with a reason. Every criterion has been marked by somebody before."""
        review = self.get_object()
        return self._shown(decide_pilot(review, actor=actor_of(request), **self.validated(PilotDecisionInput)))

    @extend_schema(request=None, responses=PilotReviewSerializer, filters=False)
    @action(detail=True, methods=["post"], url_path="move-module")
    def move_module(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Do to the module what the decision proposes, with its reason; for administrators of a party."""
        return self._shown(move_module_of(self.get_object(), actor=actor_of(request)))

    def _shown(self, review: PilotReview, status: int = 200) -> Response:
        return self.answer(self.serializer_class, self.get_queryset().get(pk=review.pk), status=status)
