"""What these resources share: changes that name the state they saw, and periods by the clocks of both houses."""

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Model
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from mediaexchange.core.api.preconditions import require_match
from mediaexchange.core.api.views import ExchangeViewSet, actor_of
from mediaexchange.core.api.writing import columns_of, fill, revision_of, tagged

Save = Callable[..., Any]


class ZonedSerializer(serializers.Serializer):
    """The same stretch by the clocks of one zone."""

    time_zone = serializers.CharField()
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()


@extend_schema_field(ZonedSerializer(many=True))
class ZonedField(serializers.Field):
    """The place's zone first, then the houses', with their offsets; nothing for what has no instants."""

    def __init__(self, *houses: str, **kwargs: Any) -> None:
        self.houses = houses
        super().__init__(read_only=True, source="*", **kwargs)

    def to_representation(self, value: Any) -> list[dict[str, Any]]:
        if value.starts_at is None or value.ends_at is None:
            return []
        houses = [house for name in self.houses if (house := getattr(value, name)) is not None]
        zones = dict.fromkeys([value.time_zone, *(house.time_zone for house in houses)])
        return [
            {
                "time_zone": zone,
                "starts_at": value.starts_at.astimezone(ZoneInfo(zone)).isoformat(),
                "ends_at": value.ends_at.astimezone(ZoneInfo(zone)).isoformat(),
            }
            for zone in zones
        ]


class WritableViewSet(ExchangeViewSet):
    """Rows of which a change must name the state that was seen. ``uncounted`` columns change by themselves.

    ``written_class`` is what writes answer with: answers to repeatable writes are kept for a day and name nobody.
    """

    resource = "correspondents"
    uncounted: frozenset[str] = frozenset()
    serializer_class: Any
    written_class: Any = None

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One whole. Its ETag is what a change must bring as If-Match."""
        response = super().retrieve(request, *args, **kwargs)
        return tagged(response, self.get_object(), without=self.uncounted)

    def made(self, record: Model, values: dict[str, Any], save: Save, **options: Any) -> Response:
        fill(record, columns_of(values))
        return self.shown(save(record, actor=actor_of(self.request), **options), status=201)

    def changed(self, serializer_class: Any, save: Save, *options: str) -> Response:
        """``options`` name values that the deed takes besides the row's columns."""
        with transaction.atomic():
            record = self.get_object()
            locked = type(record).objects.select_for_update(of=("self",), no_key=True).get(pk=record.pk)
            require_match(self.request, revision_of(locked, without=self.uncounted))
            values = self.validated(serializer_class)
            more = {name: values.pop(name) for name in options if name in values}
            names = fill(locked, columns_of(values))
            stored = save(locked, actor=actor_of(self.request), changed=names, **more)
        return self.shown(stored)

    def shown(self, record: Any, status: int = 200) -> Response:
        found = self.get_queryset().get(pk=record.pk)
        written = self.answer(self.written_class or self.serializer_class, found, status=status)
        return tagged(written, found, without=self.uncounted)
