"""One's own feeds: how they are, and what may be done to them."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from mediaexchange.core.api.views import ExchangeViewSet, actor_of
from newsexchange.api.serializers import FeedSerializer, SyncStartedSerializer
from newsexchange.models import Feed
from newsexchange.services.feed import rotate_inbound_secret, start_feed, stop_feed
from newsexchange.services.sync import request_sync


class InboundSecretSerializer(serializers.Serializer):
    secret = serializers.CharField(help_text="Shown once. The secret before is accepted for another 24 hours.")


class FeedViewSet(ExchangeViewSet):
    queryset = Feed.objects.select_related("broadcaster", "module")
    serializer_class = FeedSerializer
    lookup_field = "slug"
    lookup_value_converter = "slug"
    resource = "feeds"
    cursor_fields = ("slug",)
    filterset_fields = ["format", "is_active"]

    @extend_schema(request=None, responses={202: SyncStartedSerializer}, filters=False)
    @action(detail=True, methods=["post"], url_name="sync")
    def sync(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Fetch the feed now, in the background."""
        feed = self.get_object()
        started = request_sync(feed, actor=actor_of(request))
        return Response({"feed": feed.slug, "started": started}, status=202)

    @extend_schema(request=None, responses=FeedSerializer, filters=False)
    @action(detail=True, methods=["post"], url_name="start")
    def start(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Fetch the feed again, at once. Safe to repeat."""
        return self.answer(FeedSerializer, start_feed(self.get_object(), actor=actor_of(request)))

    @extend_schema(request=None, responses=FeedSerializer, filters=False)
    @action(detail=True, methods=["post"], url_name="stop")
    def stop(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Fetch it no more and accept no pushes; its stories stay. Safe to repeat."""
        return self.answer(FeedSerializer, stop_feed(self.get_object(), actor=actor_of(request)))

    @extend_schema(request=None, responses={201: InboundSecretSerializer}, filters=False)
    @action(detail=True, methods=["post"], url_path="inbound-secret", url_name="inbound-secret")
    def inbound_secret(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Make a new secret for what is pushed to this feed. It is told in this answer and never again."""
        secret = rotate_inbound_secret(self.get_object(), actor=actor_of(request))
        return Response({"secret": secret}, status=201, headers={"Cache-Control": "no-store"})
