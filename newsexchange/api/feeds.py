"""What may be done to one's own feeds through the API, beside fetching them."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from mediaexchange.core.api.views import actor_of
from newsexchange.api.serializers import FeedSerializer
from newsexchange.api.views import FeedViewSet as ReadableFeedViewSet
from newsexchange.services.feed import rotate_inbound_secret, start_feed, stop_feed


class InboundSecretSerializer(serializers.Serializer):
    secret = serializers.CharField(help_text="Shown once. The secret before is accepted for another 24 hours.")


class FeedViewSet(ReadableFeedViewSet):
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
