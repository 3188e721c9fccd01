"""The ledger of deliveries. The subscriber reads all of it; a story's origin, who was told of its story and when."""

from collections.abc import Collection
from typing import Any

from django.db.models import QuerySet
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from broadcasters.permissions import roles_of
from mediaexchange.core.api.views import ExchangeViewSet, actor_of
from newsexchange.constants import DeliveryStatus
from newsexchange.models import Delivery, DeliveryAttempt
from newsexchange.services.replay_delivery import replay_deliveries


class DeliveryFilter(filters.FilterSet):
    status = filters.ChoiceFilter(choices=DeliveryStatus.choices)
    story = filters.UUIDFilter(field_name="subject_uid")
    since = filters.IsoDateTimeFilter(field_name="created_at", lookup_expr="gte")
    subscription = filters.UUIDFilter(method="of_subscription", help_text="One of your own")

    class Meta:
        model = Delivery
        fields: list[str] = []

    def of_subscription(self, queryset: QuerySet[Delivery], _name: str, value: str) -> QuerySet[Delivery]:
        return queryset.filter(subscription__uid=value, subscription__broadcaster__in=roles_of(self.request.user))


class DeliveryAttemptSerializer(serializers.ModelSerializer):
    class Meta:
        model = DeliveryAttempt
        fields = ["number", "at", "response_status", "error", "duration_ms"]


class DeliverySerializer(serializers.ModelSerializer):
    """What only the subscriber is shown is null, or an empty list, for the origin."""

    subscriber: serializers.SlugRelatedField = serializers.SlugRelatedField(
        source="subscription.broadcaster", slug_field="slug", read_only=True
    )
    subscription = serializers.UUIDField(source="subscription.uid", allow_null=True)
    event = serializers.UUIDField(source="event.uid")
    kind = serializers.CharField(source="event.kind")
    subject = serializers.CharField(source="event.subject_type")
    version = serializers.IntegerField(source="event.subject_version", allow_null=True)
    failed_attempts = serializers.SerializerMethodField()

    _OF_SUBSCRIBER = ("subscription", "response_status", "error", "duration_ms")

    class Meta:
        model = Delivery
        fields = [
            "uid", "subscriber", "subscription", "event", "kind", "subject", "subject_uid", "version", "status",
            "attempts", "created_at", "due_at", "finished_at", "response_status", "error", "duration_ms",
            "failed_attempts",
        ]  # fmt: skip
        extra_kwargs = {"error": {"allow_null": True}}

    def to_representation(self, instance: Delivery) -> dict[str, Any]:
        data: dict[str, Any] = super().to_representation(instance)
        if not self._is_mine(instance):
            data |= dict.fromkeys(self._OF_SUBSCRIBER)
        return data

    @extend_schema_field(DeliveryAttemptSerializer(many=True))
    def get_failed_attempts(self, instance: Delivery) -> Any:
        attempts = instance.failed_attempts.all() if self._is_mine(instance) else []
        return DeliveryAttemptSerializer(attempts, many=True).data

    def _is_mine(self, instance: Delivery) -> bool:
        own: Collection[int] = roles_of(self.context["request"].user)
        return instance.subscription.broadcaster_id in own


class ReplayInput(serializers.Serializer):
    deliveries = serializers.ListField(child=serializers.UUIDField(), min_length=1, max_length=1000)


class ReplayedSerializer(serializers.Serializer):
    replayed = serializers.IntegerField(help_text="How many are due again, under the ids they had")


class DeliveryViewSet(ExchangeViewSet):
    """Every telling of every event, newest first."""

    queryset = Delivery.objects.select_related("subscription__broadcaster", "event").prefetch_related("failed_attempts")
    serializer_class = DeliverySerializer
    filterset_class = DeliveryFilter
    resource = "subscriptions"
    cursor_descending = True

    @extend_schema(request=ReplayInput, responses={202: ReplayedSerializer}, filters=False)
    @action(detail=False, methods=["post"], url_name="replay", filterset_class=None)
    def replay(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Send these again, by their uids: your own, and those about your own stories. Safe to repeat."""
        uids = self.validated(ReplayInput)["deliveries"]
        return Response({"replayed": replay_deliveries(uids, actor=actor_of(request))}, status=202)
