"""The planning calendar of one's own house, and what the parties of its modules share."""

from typing import Any

from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from broadcasters.models import Broadcaster, DiplomaticEvent, Institution, Module, Place
from broadcasters.permissions import house_of
from correspondents.api.base import WritableViewSet, ZonedField
from correspondents.constants import EventKind, EventStatus
from correspondents.models import PlannedEvent
from correspondents.services.anniversary import PLAN, plan_anniversary
from correspondents.services.event import move_event, save_event
from mediaexchange.core.api.schema import IF_MATCH
from mediaexchange.core.api.serializers import SeesOnly, TranslatedField, TranslatedSerializer
from mediaexchange.core.api.views import actor_of
from mediaexchange.core.api.writing import StrictSerializer, TextsField


class PlannedEventFilter(filters.FilterSet):
    """``from`` and ``until`` are days: what may take place on any of them."""

    broadcaster = filters.CharFilter(field_name="broadcaster__slug")
    module = filters.CharFilter(field_name="module__slug")
    kind = filters.ChoiceFilter(choices=EventKind.choices)
    status = filters.ChoiceFilter(choices=EventStatus.choices)
    until = filters.DateFilter(field_name="first_on", lookup_expr="lte")

    class Meta:
        model = PlannedEvent
        fields: list[str] = []


PlannedEventFilter.base_filters["from"] = filters.DateFilter(field_name="last_on", lookup_expr="gte")


class PlannedEventSerializer(TranslatedSerializer):
    name = TranslatedField()
    description = TranslatedField()
    broadcaster = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    module = serializers.SlugRelatedField(slug_field="slug", read_only=True, allow_null=True)
    place = serializers.SlugRelatedField(slug_field="slug", read_only=True, allow_null=True)
    institutions = serializers.SlugRelatedField(slug_field="slug", many=True, read_only=True)
    local_times = ZonedField("broadcaster")
    anniversary_of = serializers.SlugRelatedField(slug_field="slug", read_only=True, allow_null=True)
    sources = serializers.ListField(child=serializers.DictField(), read_only=True)

    class Meta:
        model = PlannedEvent
        fields = [
            "uid", "slug", "name", "description", "broadcaster", "module", "is_shared", "kind", "status", "place",
            "venue", "institutions", "time_zone", "dated", "starts_at", "ends_at", "first_on", "last_on",
            "local_times", "sources", "anniversary_of", "anniversary_year", "sequence", "changed_at", "text_languages",
        ]  # fmt: skip


class ChangedPlannedEventInput(StrictSerializer, serializers.ModelSerializer):
    """``texts`` are by BCP 47 tag; Serbian may be written in either script."""

    texts = TextsField({"name": 200, "description": 20_000}, required=False)
    module = SeesOnly(slug_field="slug", queryset=Module.objects.all(), required=False, allow_null=True)
    place = SeesOnly(slug_field="slug", queryset=Place.objects.all(), required=False, allow_null=True)
    institutions = SeesOnly(slug_field="slug", queryset=Institution.objects.all(), many=True, required=False)

    class Meta:
        model = PlannedEvent
        fields = [
            "texts", "institutions", "module", "is_shared", "kind", "place", "venue", "time_zone", "dated", "starts_at",
            "ends_at",
        ]  # fmt: skip
        extra_kwargs = {"time_zone": {"required": False}}


class PlannedEventInput(ChangedPlannedEventInput):
    slug = serializers.SlugField(max_length=50)
    broadcaster = SeesOnly(slug_field="slug", queryset=Broadcaster.objects.filter(is_active=True), required=False)

    class Meta(ChangedPlannedEventInput.Meta):
        fields = ["slug", "broadcaster", *ChangedPlannedEventInput.Meta.fields]


class EventMoveInput(StrictSerializer):
    status = serializers.ChoiceField(choices=EventStatus.choices)


class AnniversaryInput(StrictSerializer):
    event = SeesOnly(slug_field="slug", queryset=DiplomaticEvent.objects.all(), help_text="Of the diplomatic calendar")
    year = serializers.IntegerField(min_value=1, max_value=9999)
    broadcaster = SeesOnly(slug_field="slug", queryset=Broadcaster.objects.filter(is_active=True), required=False)
    module = SeesOnly(slug_field="slug", queryset=Module.objects.all(), required=False, allow_null=True)


class PlannedEventViewSet(WritableViewSet):
    queryset = PlannedEvent.objects.select_related("broadcaster", "module", "place", "anniversary_of").prefetch_related(
        "institutions"
    )
    serializer_class = PlannedEventSerializer
    parts = ("institutions",)
    filterset_class = PlannedEventFilter
    uncounted = frozenset({"sequence", "changed_at"})

    @extend_schema(request=PlannedEventInput, responses={201: PlannedEventSerializer}, filters=False)
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Put an event into the calendar: with instants, or with an EDTF date while the hour is not known."""
        values = self.validated(PlannedEventInput)
        house = house_of(actor_of(request), "correspondents.add_plannedevent", values.pop("broadcaster", None))
        return self.made(PlannedEvent(broadcaster=house), values, save_event)

    @extend_schema(
        request=ChangedPlannedEventInput, responses=PlannedEventSerializer, parameters=[IF_MATCH], filters=False
    )
    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Change what is given and nothing else; calendars are told."""
        return self.changed(ChangedPlannedEventInput, save_event)

    @extend_schema(request=EventMoveInput, responses=PlannedEventSerializer, filters=False)
    @action(detail=True, methods=["post"])
    def move(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Confirm it, put it in doubt, or call it off. Safe to repeat."""
        event = self.get_object()
        return self.shown(move_event(event, actor=actor_of(request), **self.validated(EventMoveInput)))

    @extend_schema(request=AnniversaryInput, responses={201: PlannedEventSerializer}, filters=False)
    @action(detail=False, methods=["post"])
    def anniversary(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Plan an anniversary of the diplomatic calendar. A house plans each once: repeated, it gives what is there."""
        values = self.validated(AnniversaryInput)
        house = house_of(actor_of(request), PLAN, values.get("broadcaster"))
        planned = plan_anniversary(
            values["event"],
            values["year"],
            actor=actor_of(request),
            broadcaster=house,
            module=values.get("module"),
        )
        return self.shown(planned, status=201)
