"""Deliveries of footage: ordered under a grant of one's own, fetched by a link that asks again, confirmed."""

from typing import Any

from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from archive.constants import DeliveryStatus
from archive.models import FootageDelivery, Grant
from archive.services.delivery import confirm_receipt, create_delivery, retry_delivery, revoke_delivery
from archive.services.delivery_link import delivery_link
from broadcasters.models import Broadcaster
from broadcasters.permissions import house_of
from mediaexchange.core.api.serializers import SeesOnly, UidOf
from mediaexchange.core.api.views import ExchangeViewSet, actor_of
from mediaexchange.core.models import ApiKey


class FootageDeliveryFilter(filters.FilterSet):
    status = filters.ChoiceFilter(choices=DeliveryStatus.choices)
    grant = filters.UUIDFilter(field_name="grant__uid")
    licence = filters.UUIDFilter(field_name="grant__licence__uid")
    item = filters.UUIDFilter(field_name="grant__item__uid")

    class Meta:
        model = FootageDelivery
        fields: list[str] = []


class FootageDeliverySerializer(serializers.ModelSerializer):
    grant = serializers.UUIDField(source="grant.uid", read_only=True)
    licence = serializers.UUIDField(source="grant.licence.uid", default=None, read_only=True, allow_null=True)
    item = serializers.UUIDField(source="grant.item.uid", read_only=True)
    broadcaster = serializers.SlugField(source="broadcaster.slug", read_only=True)
    error = serializers.CharField(read_only=True, help_text="Why it failed: a stable code")

    class Meta:
        model = FootageDelivery
        fields = [
            "uid", "grant", "licence", "item", "broadcaster", "in_ms", "out_ms", "status", "progress_percent", "error",
            "content_type", "size_bytes", "sha256", "duration_ms", "max_downloads", "downloads_used", "received_at",
            "created_at",
        ]  # fmt: skip


class FootageDeliveryInput(serializers.Serializer):
    grant = UidOf(queryset=Grant.objects.select_related("item"))
    broadcaster = SeesOnly(
        slug_field="slug",
        queryset=Broadcaster.objects.filter(is_active=True),
        required=False,
        help_text="For whom; needed by those who work for several",
    )
    in_ms = serializers.IntegerField(
        min_value=0, max_value=2**53, required=False, help_text="A stretch of what is granted"
    )
    out_ms = serializers.IntegerField(
        min_value=1, max_value=2**53, required=False, help_text="Its end, which is not in it"
    )
    max_downloads = serializers.IntegerField(min_value=1, max_value=100, default=10)


class FootageLinkSerializer(serializers.Serializer):
    url = serializers.CharField(help_text="For this caller alone; answers range requests")
    expires_at = serializers.DateTimeField(help_text="In five minutes at most")


class FootageDeliveryViewSet(ExchangeViewSet):
    queryset = FootageDelivery.objects.select_related("grant__item", "grant__licence", "broadcaster")
    serializer_class = FootageDeliverySerializer
    filterset_class = FootageDeliveryFilter
    resource = "licences"
    cursor_descending = True

    @extend_schema(request=FootageDeliveryInput, responses={201: FootageDeliverySerializer}, filters=False)
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Have granted footage prepared: the stretch named, else what was granted. 403 with reasons if not now."""
        values = self.validated(FootageDeliveryInput)
        actor = actor_of(request)
        house = house_of(actor, "archive.add_footagedelivery", values.pop("broadcaster", None))
        delivery = create_delivery(values.pop("grant"), actor=actor, broadcaster=house, **values)
        return self._shown(delivery, status=201)

    @extend_schema(request=None, responses=FootageLinkSerializer, filters=False)
    @action(detail=True, methods=["post"], url_name="link")
    def link(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """A link to the footage, which asks again whenever it is opened; its first reading counts as one download."""
        key = request.auth if isinstance(request.auth, ApiKey) else None
        address, ends_at = delivery_link(self.get_object(), user=actor_of(request), key=key)
        url = request.build_absolute_uri(address)
        return self.answer(FootageLinkSerializer, {"url": url, "expires_at": ends_at})

    @extend_schema(request=None, responses=FootageDeliverySerializer, filters=False)
    @action(detail=True, methods=["post"], url_name="receipt")
    def receipt(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Confirm that the footage has arrived whole; the holder is told. Safe to repeat."""
        return self._shown(confirm_receipt(self.get_object(), actor=actor_of(request)))

    @extend_schema(request=None, responses=FootageDeliverySerializer, filters=False)
    @action(detail=True, methods=["post"], url_name="retry")
    def retry(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Have a delivery that failed prepared again."""
        return self._shown(retry_delivery(self.get_object(), actor=actor_of(request)))

    @extend_schema(request=None, responses=FootageDeliverySerializer, filters=False)
    @action(detail=True, methods=["post"], url_name="revoke")
    def revoke(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Close the links of one delivery of own footage; the grant stays. Safe to repeat."""
        return self._shown(revoke_delivery(self.get_object(), actor=actor_of(request)))

    def _shown(self, delivery: FootageDelivery, status: int = 200) -> Response:
        return self.answer(FootageDeliverySerializer, self.get_queryset().get(pk=delivery.pk), status=status)
