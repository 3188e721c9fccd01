"""What these resources share: changes that name the state they saw, and periods by the clocks of both houses."""

from typing import Any
from zoneinfo import ZoneInfo

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from mediaexchange.core.api import writable


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


class WritableViewSet(writable.WritableViewSet):
    """A key needs ``correspondents:read`` or ``:write``.

    Answers to repeatable writes are kept for a day and name nobody: hence a ``written_class`` where a person is named.
    """

    resource = "correspondents"
