"""The diplomatic calendar: events with their sources, and the anniversaries that fall into a period."""

from datetime import date
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from broadcasters.anniversaries import anniversaries
from broadcasters.calendar_constants import DiplomaticKind, EventStanding
from broadcasters.models import DiplomaticEvent, EventSource, Memorandum
from mediaexchange.core.api.filters import refuse_unknown
from mediaexchange.core.api.problems import BadParameterError
from mediaexchange.core.api.serializers import TranslatedField, TranslatedSerializer
from mediaexchange.core.api.views import ExchangeViewSet
from mediaexchange.core.edtf_words import edtf_words

LONGEST_YEARS = 10


class DiplomaticEventFilter(filters.FilterSet):
    """``from`` and ``to`` are days: what may fall on any of them, as uncertain as its date is."""

    kind = filters.ChoiceFilter(choices=DiplomaticKind.choices)
    standing = filters.ChoiceFilter(choices=EventStanding.choices)
    place = filters.CharFilter(field_name="places__slug")
    institution = filters.CharFilter(field_name="institutions__slug")
    person = filters.CharFilter(field_name="people__slug")
    part_of = filters.CharFilter(field_name="part_of__slug")
    is_yearly = filters.BooleanFilter()
    to = filters.DateFilter(method="_until")

    class Meta:
        model = DiplomaticEvent
        fields: list[str] = []

    def _until(self, rows: Any, name: str, day: date) -> Any:
        return rows.touching(None, day)

    def _since(self, rows: Any, name: str, day: date) -> Any:
        return rows.touching(day, None)


DiplomaticEventFilter.base_filters["from"] = filters.DateFilter(method="_since")


class EventSourceSerializer(serializers.ModelSerializer):
    class Meta:
        model = EventSource
        fields = ["title", "publisher", "published", "url", "note"]


class DiplomaticEventSerializer(TranslatedSerializer):
    name = TranslatedField()
    note = TranslatedField()
    when = serializers.SerializerMethodField(help_text="The date in words of the language that is answered in")
    first_on = serializers.DateField(source="dated_first", read_only=True, help_text="The first day it may mean")
    last_on = serializers.DateField(source="dated_last", read_only=True, help_text="The last day it may mean")
    places = serializers.SlugRelatedField(slug_field="slug", many=True, read_only=True)
    institutions = serializers.SlugRelatedField(slug_field="slug", many=True, read_only=True)
    people = serializers.SlugRelatedField(slug_field="slug", many=True, read_only=True)
    memoranda = serializers.SlugRelatedField(slug_field="slug", many=True, read_only=True)
    part_of = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    marks = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    broadcaster = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    sources = EventSourceSerializer(many=True, read_only=True)

    class Meta:
        model = DiplomaticEvent
        fields = [
            "uid", "slug", "name", "note", "kind", "session_number", "standing", "dated", "when", "first_on", "last_on",
            "is_yearly", "part_of", "marks", "places", "institutions", "people", "memoranda", "sources", "broadcaster",
            "is_published", "sequence", "changed_at", "text_languages",
        ]  # fmt: skip

    def get_when(self, event: DiplomaticEvent) -> str:
        return edtf_words(event.dated)


class AnniversarySerializer(serializers.Serializer):
    """``dated`` is EDTF and no more precise than the date of the event itself."""

    event = serializers.SlugField(source="event.slug")
    name = serializers.SerializerMethodField()
    years = serializers.IntegerField()
    is_round = serializers.BooleanField()
    dated = serializers.CharField()
    when = serializers.CharField()
    first_on = serializers.DateField()
    last_on = serializers.DateField()

    def get_name(self, anniversary: Any) -> str:
        return str(anniversary.event)


class DiplomaticEventViewSet(ExchangeViewSet):
    queryset = DiplomaticEvent.objects.select_related("part_of", "marks", "broadcaster")
    serializer_class = DiplomaticEventSerializer
    filterset_class = DiplomaticEventFilter
    resource = "broadcasters"
    lookup_field = "slug"
    lookup_value_converter = "slug"
    cursor_fields = ("sort_day", "id")
    orderings = {"date": (("sort_day", "id"), False), "-date": (("sort_day", "id"), True)}

    def get_queryset(self) -> QuerySet[DiplomaticEvent]:
        rows: Any = super().get_queryset()
        known = Memorandum.objects.visible_to(self.request.user)
        return rows.with_sort_day().prefetch_related(  # type: ignore[no-any-return]
            "places", "institutions", "people", "sources", Prefetch("memoranda", known)
        )

    @extend_schema(
        responses=AnniversarySerializer(many=True),
        parameters=[
            OpenApiParameter("from", date, required=True, description="The first day"),
            OpenApiParameter("to", date, required=True, description="The last day, at most ten years later"),
        ],
        filters=False,
    )
    @action(detail=False)
    def anniversaries(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Anniversaries that may fall on these days; 29 February is marked on the 28th in common years."""
        refuse_unknown(request, {"from", "to"})
        first, last = _day(request, "from"), _day(request, "to")
        if last < first or last.year - first.year > LONGEST_YEARS:
            raise BadParameterError("to", _("Ask for at most ten years, the first day before the last."), "bad-period")
        found = anniversaries(DiplomaticEvent.objects.visible_to(request.user), first, last)
        return Response(AnniversarySerializer(found, many=True).data)


def _day(request: Request, name: str) -> date:
    try:
        day: date = serializers.DateField().run_validation(request.query_params.get(name, ""))
    except ValidationError:
        message = _("“%(name)s” is a date such as 2026-03-02.") % {"name": name}
        raise BadParameterError(name, message, "bad-date") from None
    return day
