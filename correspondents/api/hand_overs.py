"""Hand-overs: seen and answered by both sides."""

from typing import Any

from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from correspondents.constants import HandOverStatus
from correspondents.models import Assignment, Correspondent, HandOver
from correspondents.services.hand_over import (
    accept_hand_over,
    decline_hand_over,
    offer_hand_over,
    withdraw_hand_over,
)
from mediaexchange.core.api.serializers import UidOf
from mediaexchange.core.api.views import ExchangeViewSet, actor_of
from mediaexchange.core.api.writing import StrictSerializer


class HandOverFilter(filters.FilterSet):
    assignment = filters.UUIDFilter(field_name="assignment__uid")
    status = filters.ChoiceFilter(choices=HandOverStatus.choices)

    class Meta:
        model = HandOver
        fields: list[str] = []


class HandOverStateSerializer(serializers.ModelSerializer):
    """What writes answer with. Answers to repeatable writes are kept for a day: they say nothing of people."""

    assignment = serializers.UUIDField(source="assignment.uid", read_only=True)
    successor = serializers.UUIDField(source="successor.uid", read_only=True, default=None, allow_null=True)

    class Meta:
        model = HandOver
        fields = ["uid", "assignment", "successor", "at", "status", "answered_at"]


class HandOverSerializer(HandOverStateSerializer):
    from_correspondent = serializers.UUIDField(source="told_giver.uid", read_only=True, default=None, allow_null=True)
    to_correspondent = serializers.UUIDField(source="to_correspondent.uid", read_only=True)

    class Meta(HandOverStateSerializer.Meta):
        fields = [
            *HandOverStateSerializer.Meta.fields, "from_correspondent", "to_correspondent", "matters", "reason",
            "created_at",
        ]  # fmt: skip


class HandOverOfferInput(StrictSerializer):
    assignment = UidOf(queryset=Assignment.objects.all())
    to_correspondent = UidOf(queryset=Correspondent.objects.filter(is_active=True))
    at = serializers.DateTimeField()
    matters = serializers.CharField(max_length=10_000)


class DeclinedInput(StrictSerializer):
    reason = serializers.CharField(max_length=500)


class HandOverViewSet(ExchangeViewSet):
    queryset = HandOver.objects.select_related("assignment__correspondent", "to_correspondent", "successor")
    serializer_class = HandOverSerializer
    filterset_class = HandOverFilter
    resource = "correspondents"
    cursor_descending = True

    @extend_schema(request=HandOverOfferInput, responses={201: HandOverStateSerializer}, filters=False)
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Offer the rest of an assignment to somebody else."""
        values = self.validated(HandOverOfferInput)
        return self._answer(offer_hand_over(values.pop("assignment"), actor=actor_of(request), **values), 201)

    @extend_schema(request=None, responses=HandOverStateSerializer, filters=False)
    @action(detail=True, methods=["post"])
    def accept(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Take over: the assignment ends at the moment for one and goes on for the other. Safe to repeat."""
        return self._answer(accept_hand_over(self.get_object(), actor=actor_of(request)))

    @extend_schema(request=DeclinedInput, responses=HandOverStateSerializer, filters=False)
    @action(detail=True, methods=["post"])
    def decline(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Say no, with a reason. Safe to repeat."""
        hand_over = self.get_object()
        return self._answer(decline_hand_over(hand_over, actor=actor_of(request), **self.validated(DeclinedInput)))

    @extend_schema(request=None, responses=HandOverStateSerializer, filters=False)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Take the offer back. Safe to repeat."""
        return self._answer(withdraw_hand_over(self.get_object(), actor=actor_of(request)))

    def _answer(self, hand_over: HandOver, status: int = 200) -> Response:
        return self.answer(HandOverStateSerializer, hand_over, status=status)
