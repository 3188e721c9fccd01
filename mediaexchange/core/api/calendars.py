"""``/me/calendars/``: secret addresses under which a signed-in person's calendars read what that person may see."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from mediaexchange.core.api.views import ExchangeViewSet, actor_of
from mediaexchange.core.calendar_feeds import address_of, make_feed, revoke_feed
from mediaexchange.core.models import CalendarFeed, CalendarKind


class CalendarFeedSerializer(serializers.ModelSerializer):
    subject = serializers.UUIDField(
        source="subject_uid", allow_null=True, read_only=True, help_text="The broadcaster’s or module’s UID."
    )
    address = serializers.SerializerMethodField(help_text="Give it to one calendar; whoever knows it reads with you.")

    class Meta:
        model = CalendarFeed
        fields = ["uid", "kind", "subject", "address", "created_at", "last_read_at"]
        read_only_fields = fields

    @extend_schema_field(OpenApiTypes.URI)
    def get_address(self, feed: CalendarFeed) -> str:
        return address_of(feed)


class CalendarFeedInput(serializers.Serializer):
    kind = serializers.ChoiceField(choices=CalendarKind.choices)
    subject = serializers.UUIDField(
        required=False, allow_null=True, default=None, help_text="For “desk” and “module”: the UID of either."
    )


class CalendarFeedViewSet(ExchangeViewSet):
    """For people: a key has scopes, which an address would go round."""

    queryset = CalendarFeed.objects.all()
    serializer_class = CalendarFeedSerializer
    http_method_names = ["get", "head", "options", "post", "delete"]

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().alive()  # type: ignore[attr-defined, no-any-return]

    @extend_schema(request=CalendarFeedInput, responses={201: CalendarFeedSerializer}, filters=False)
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Make an address; where there is one already, that one is answered."""
        given = self.validated(CalendarFeedInput)
        feed = make_feed(actor_of(request), kind=given["kind"], subject=given["subject"])
        return self.answer(CalendarFeedSerializer, feed, status=201)

    @extend_schema(responses={204: None}, filters=False)
    def destroy(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Revoke it. Calendars that still ask are answered 404."""
        revoke_feed(self.get_object())
        return Response(status=204)
