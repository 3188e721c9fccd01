"""Subscriptions: a broadcaster's own saved filters and where what passes them goes."""

from typing import Any

from django.http import Http404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from broadcasters.models import Broadcaster
from broadcasters.permissions import house_of
from mediaexchange.core.api.pagination import CursorPagination
from mediaexchange.core.api.serializers import SeesOnly
from mediaexchange.core.api.views import ExchangeViewSet, actor_of
from mediaexchange.core.errors import ConflictError
from mediaexchange.core.validators import validate_language_tag
from newsexchange.api.changes import answer_changes, subscribed
from newsexchange.api.deliveries import DeliverySerializer, ReplayedSerializer
from newsexchange.api.serializers import ChangesSerializer
from newsexchange.constants import ContentKind, Destination
from newsexchange.models import Delivery, Subscription
from newsexchange.services.replay_delivery import replay_window
from newsexchange.services.subscription import (
    change_subscription,
    create_subscription,
    delete_subscription,
    ping_subscription,
    rotate_secret,
)


class SubscriptionSerializer(serializers.ModelSerializer):
    broadcaster: serializers.SlugRelatedField = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    origins: serializers.SlugRelatedField = serializers.SlugRelatedField(slug_field="slug", many=True, read_only=True)

    class Meta:
        model = Subscription
        fields = [
            "uid", "broadcaster", "name", "is_active", "topics", "languages", "kinds", "origins", "only_clear",
            "destination", "url", "folder", "formats", "email", "digest_at", "previous_secret_until", "failures",
            "open_until", "last_success_at", "last_error_at", "last_error", "disabled_at", "created_at",
        ]  # fmt: skip
        read_only_fields = fields


class SubscriptionSecretSerializer(SubscriptionSerializer):
    """The one answer in which the secret stands."""

    secret = serializers.CharField(help_text="Signs the webhooks; shown this once. Empty for other destinations")

    class Meta(SubscriptionSerializer.Meta):
        fields = [*SubscriptionSerializer.Meta.fields, "secret"]
        read_only_fields = fields


class SubscriptionChange(serializers.Serializer):
    """Empty lists let everything pass."""

    name = serializers.CharField(max_length=200, required=False)
    is_active = serializers.BooleanField(required=False, help_text="True also closes the breaker")
    topics = serializers.ListField(child=serializers.CharField(max_length=40), max_length=100, required=False)
    languages = serializers.ListField(child=serializers.CharField(max_length=35), max_length=30, required=False)
    kinds = serializers.ListField(child=serializers.ChoiceField(choices=ContentKind.choices), required=False)
    origins = serializers.ListField(
        child=SeesOnly(slug_field="slug", queryset=Broadcaster.objects.all()), max_length=100, required=False
    )
    only_clear = serializers.BooleanField(required=False, help_text="Leave out what is barred in the home country")
    url = serializers.CharField(max_length=1000, required=False)
    folder = serializers.CharField(max_length=200, required=False)
    formats = serializers.ListField(child=serializers.CharField(max_length=20), max_length=10, required=False)
    email = serializers.EmailField(required=False)
    digest_at = serializers.TimeField(required=False, help_text="In the broadcaster's time zone")

    def validate_languages(self, value: list[str]) -> list[str]:
        for tag in value:
            validate_language_tag(tag)
        return value


class SubscriptionInput(SubscriptionChange):
    broadcaster = SeesOnly(
        slug_field="slug",
        queryset=Broadcaster.objects.filter(is_active=True),
        required=False,
        help_text="For whom; needed by those who work for several",
    )
    name = serializers.CharField(max_length=200)
    destination = serializers.ChoiceField(choices=Destination.choices)


class WindowInput(serializers.Serializer):
    since = serializers.DateTimeField(help_text="At most thirty days ago")
    until = serializers.DateTimeField(required=False)


class TestSentSerializer(serializers.Serializer):
    event = serializers.UUIDField(help_text="Look for it in the ledger")


class SubscriptionViewSet(ExchangeViewSet):
    queryset = Subscription.objects.select_related("broadcaster").prefetch_related("origins")
    serializer_class = SubscriptionSerializer
    filterset_fields = ["destination", "is_active"]
    resource = "subscriptions"
    cursor_descending = True
    http_method_names = ["get", "head", "options", "post", "patch", "delete"]

    @extend_schema(request=SubscriptionInput, responses={201: SubscriptionSecretSerializer}, filters=False)
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Subscribe. The secret of a webhook is in this answer and in no other."""
        values = self.validated(SubscriptionInput)
        actor = actor_of(request)
        broadcaster = house_of(actor, "newsexchange.add_subscription", values.pop("broadcaster", None))
        subscription = create_subscription(broadcaster, actor=actor, **values)
        return self.answer(SubscriptionSecretSerializer, subscription, status=201)

    @extend_schema(request=SubscriptionChange, responses=SubscriptionSerializer, filters=False)
    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Change the filter or the address, pause, or make active again. The destination stays what it is."""
        subscription = self.get_object()
        changed = change_subscription(subscription, actor=actor_of(request), **self.validated(SubscriptionChange))
        return self.answer(SubscriptionSerializer, changed)

    @extend_schema(responses={204: None}, filters=False)
    def destroy(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Remove it with its ledger; refused once it has told of a recall."""
        delete_subscription(self.get_object(), actor=actor_of(request))
        return Response(status=204)

    @extend_schema(request=None, responses=SubscriptionSecretSerializer, filters=False)
    @action(detail=True, methods=["post"], url_path="rotate-secret", url_name="rotate-secret")
    def rotate_secret(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Give it a new secret, shown this once. For a day the one before signs too."""
        return self.answer(SubscriptionSecretSerializer, rotate_secret(self.get_object(), actor=actor_of(request)))

    @extend_schema(request=None, responses={202: TestSentSerializer}, filters=False)
    @action(detail=True, methods=["post"], url_name="test")
    def test(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Send a "subscription.test" to this webhook."""
        event = ping_subscription(self.get_object(), actor=actor_of(request))
        return Response({"event": event.uid}, status=202)

    @extend_schema(request=WindowInput, responses={202: ReplayedSerializer}, filters=False)
    @action(detail=True, methods=["post"], url_name="replay")
    def replay(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Send everything of this time again, under the ids it had, and what was missed by a pause. Safe to repeat."""
        subscription, window = self.get_object(), self.validated(WindowInput)
        replayed = replay_window(
            subscription, since=window["since"], until=window.get("until"), actor=actor_of(request)
        )
        return Response({"replayed": replayed}, status=202)

    @extend_schema(responses=DeliverySerializer(many=True), filters=False)
    @action(detail=True, url_name="deliveries", filterset_fields=None)
    def deliveries(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """This subscription's ledger, newest first. ``/deliveries/?subscription=…`` has its filters."""
        subscription = self.get_object()
        rows = Delivery.objects.mine(request.user).filter(subscription=subscription)
        rows = rows.select_related("subscription__broadcaster", "event").prefetch_related("failed_attempts")
        paginator = CursorPagination()
        page = paginator.paginate_queryset(rows, request, self)
        data = DeliverySerializer(page, many=True, context=self.get_serializer_context()).data
        return paginator.get_paginated_response(data)

    @extend_schema(
        responses=ChangesSerializer,
        filters=False,
        parameters=[
            OpenApiParameter("after", str, description="The last “cursor”; empty for the beginning"),
            OpenApiParameter("limit", int, description="1 to 100"),
            OpenApiParameter("wait", int, description="Seconds to wait for a change if there is none yet, 0 to 25"),
        ],
    )
    @action(detail=True, url_name="changes", filter_backends=[])
    def changes(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The change feed, less what does not pass the filter; for subscriptions that are fetched."""
        subscription = self.get_object()
        if subscription.destination != Destination.PULL:
            raise ConflictError("not-to-be-fetched", _("This subscription is sent, not fetched."))
        if not subscription.is_active:
            raise Http404
        return answer_changes(request, subscribed(subscription))
