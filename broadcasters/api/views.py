"""Reference data: read by every member."""

from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from broadcasters.api import serializers
from broadcasters.api.airings import WEEK, ForeignShareSerializer
from broadcasters.api.foreign_shares import ForeignSharesMixin, asked_day, share_said
from broadcasters.models import Airing, Broadcaster, Channel, Institution, Person, Place
from broadcasters.permissions import require
from mediaexchange.core.api.filters import refuse_unknown
from mediaexchange.core.api.views import ExchangeViewSet, actor_of


class ReferenceViewSet(ExchangeViewSet):
    """By slug, which never changes, or by name in the alphabet of the language that is answered in."""

    lookup_field = "slug"
    lookup_value_converter = "slug"
    resource = "broadcasters"
    cursor_fields = ("slug",)
    orderings = {"slug": (("slug",), False), "name": (("sort_key", "slug"), False)}

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().with_sort_key()  # type: ignore[attr-defined, no-any-return]


class BroadcasterViewSet(ReferenceViewSet):
    queryset = Broadcaster.objects.select_related("home_city")
    serializer_class = serializers.BroadcasterSerializer
    filterset_fields = ["country_code", "ownership"]


class ChannelViewSet(ForeignSharesMixin, ReferenceViewSet):
    queryset = Channel.objects.select_related("broadcaster")
    serializer_class = serializers.ChannelSerializer
    filterset_fields = ["kind", "is_live"]

    @extend_schema(responses=ForeignShareSerializer, parameters=[WEEK], filters=False)
    @action(detail=True, url_path="foreign-share", resource="airings", view_permission="broadcasters.view_airing")
    def foreign_share(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """What part of the channel's week was made elsewhere, against its cap. For the channel's own house."""
        refuse_unknown(request, {"on"})
        channel = get_object_or_404(self.get_queryset(), slug=kwargs["slug"])
        require(actor_of(request), "broadcasters.view_airing", channel.broadcaster_id)
        day = asked_day(request, "on") or timezone.localdate(timezone=ZoneInfo(channel.broadcaster.time_zone))
        share = Airing.objects.foreign_share(channel, day)
        return Response(share_said(channel, share))


class PlaceViewSet(ReferenceViewSet):
    queryset = Place.objects.select_related("parent").prefetch_related("variants")
    serializer_class = serializers.PlaceSerializer
    filterset_fields = ["kind", "country_code"]


class PersonViewSet(ReferenceViewSet):
    queryset = Person.objects.prefetch_related("aliases")
    serializer_class = serializers.PersonSerializer


class InstitutionViewSet(ReferenceViewSet):
    queryset = Institution.objects.select_related("city")
    serializer_class = serializers.InstitutionSerializer
    filterset_fields = ["kind", "country_code"]
