"""Equipment of one's own house, and who has it when."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from broadcasters.models import Broadcaster
from broadcasters.permissions import house_of
from correspondents.api.base import WritableViewSet
from correspondents.models import Assignment, Kit, KitBooking
from correspondents.services.kit import book_kit, release_booking, save_kit
from mediaexchange.core.api.schema import IF_MATCH
from mediaexchange.core.api.serializers import SeesOnly, TranslatedField, TranslatedSerializer, UidOf
from mediaexchange.core.api.views import ExchangeViewSet, actor_of
from mediaexchange.core.api.writing import StrictSerializer, TextsField


class KitSerializer(TranslatedSerializer):
    name = TranslatedField()
    broadcaster = serializers.SlugRelatedField(slug_field="slug", read_only=True)

    class Meta:
        model = Kit
        fields = [
            "uid", "broadcaster", "name", "kind", "inventory_number", "serial_number", "is_active", "text_languages",
        ]  # fmt: skip


class ChangedKitInput(StrictSerializer, serializers.ModelSerializer):
    texts = TextsField({"name": 200}, required=False)

    class Meta:
        model = Kit
        fields = ["texts", "kind", "inventory_number", "serial_number", "is_active"]


class KitInput(ChangedKitInput):
    broadcaster = SeesOnly(slug_field="slug", queryset=Broadcaster.objects.filter(is_active=True), required=False)

    class Meta(ChangedKitInput.Meta):
        fields = ["broadcaster", *ChangedKitInput.Meta.fields]


class KitBookingSerializer(serializers.ModelSerializer):
    kit = serializers.UUIDField(source="kit.uid", read_only=True)
    assignment = serializers.UUIDField(source="assignment.uid", read_only=True)
    starts_at = serializers.DateTimeField(source="period.lower", read_only=True)
    ends_at = serializers.DateTimeField(source="period.upper", read_only=True)

    class Meta:
        model = KitBooking
        fields = ["uid", "kit", "assignment", "starts_at", "ends_at", "released_at", "booked_at"]


class BookingInput(StrictSerializer):
    assignment = UidOf(queryset=Assignment.objects.all())
    starts_at = serializers.DateTimeField(required=False, help_text="The assignment's, unless told otherwise")
    ends_at = serializers.DateTimeField(required=False)


class KitViewSet(WritableViewSet):
    queryset = Kit.objects.select_related("broadcaster")
    serializer_class = KitSerializer
    filterset_fields = ["kind", "is_active"]

    @extend_schema(request=KitInput, responses={201: KitSerializer}, filters=False)
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Write equipment of the caller's house down."""
        values = self.validated(KitInput)
        house = house_of(actor_of(request), "correspondents.add_kit", values.pop("broadcaster", None))
        return self.made(Kit(broadcaster=house), values, save_kit)

    @extend_schema(request=ChangedKitInput, responses=KitSerializer, parameters=[IF_MATCH], filters=False)
    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Change what is given and nothing else."""
        return self.changed(ChangedKitInput, save_kit)

    @extend_schema(request=BookingInput, responses={201: KitBookingSerializer}, filters=False)
    @action(detail=True, methods=["post"])
    def book(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Hold it for an assignment of the house; 409 where the policy refuses what overlaps."""
        kit = self.get_object()
        values = self.validated(BookingInput)
        booking = book_kit(kit, values.pop("assignment"), actor=actor_of(request), **values)
        return self.answer(KitBookingSerializer, booking, status=201)


class KitBookingViewSet(ExchangeViewSet):
    queryset = KitBooking.objects.select_related("kit", "assignment")
    serializer_class = KitBookingSerializer
    resource = "correspondents"
    cursor_descending = True

    @extend_schema(request=None, responses=KitBookingSerializer, filters=False)
    @action(detail=True, methods=["post"])
    def release(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Give it back. Safe to repeat."""
        return self.answer(KitBookingSerializer, release_booking(self.get_object(), actor=actor_of(request)))
