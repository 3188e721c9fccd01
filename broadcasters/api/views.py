"""Reference data and agreements: read by every member, modules moved by administrators of a party."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from broadcasters.api import serializers
from broadcasters.models import Broadcaster, Channel, Institution, Memorandum, Module, Person, Place
from broadcasters.services.module import move_module
from mediaexchange.core.api.views import ExchangeViewSet, actor_of


class ReferenceViewSet(ExchangeViewSet):
    lookup_field = "slug"
    lookup_value_converter = "slug"
    resource = "broadcasters"
    cursor_fields = ("slug",)


class BroadcasterViewSet(ReferenceViewSet):
    queryset = Broadcaster.objects.select_related("home_city")
    serializer_class = serializers.BroadcasterSerializer
    filterset_fields = ["country_code", "ownership"]


class ChannelViewSet(ReferenceViewSet):
    queryset = Channel.objects.select_related("broadcaster")
    serializer_class = serializers.ChannelSerializer
    filterset_fields = ["kind", "is_live"]


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


class MemorandumViewSet(ReferenceViewSet):
    queryset = Memorandum.objects.select_related("place").prefetch_related("parties__broadcaster", "parties__sources")
    serializer_class = serializers.MemorandumSerializer


class ModuleViewSet(ReferenceViewSet):
    queryset = Module.objects.prefetch_related("parties", "memoranda")
    serializer_class = serializers.ModuleSerializer
    filterset_fields = ["area", "state"]

    @extend_schema(request=serializers.ModuleMoveInput, responses=serializers.ModuleSerializer)
    @action(detail=True, methods=["post"])
    def move(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Start, pause, scale or end the module, with a reason."""
        module = self.get_object()
        move_module(module, actor=actor_of(request), **self.validated(serializers.ModuleMoveInput))
        return Response(self.get_serializer(self.get_queryset().get(pk=module.pk)).data)
