"""What training's resources share: changes that name the state they saw, and times by the clocks of several zones."""

from typing import Any
from zoneinfo import ZoneInfo

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from mediaexchange.core.api import writable
from training.moments import zones_of


class LocalTimeSerializer(serializers.Serializer):
    """The same stretch by the clocks of one zone."""

    time_zone = serializers.CharField()
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField(allow_null=True)


@extend_schema_field(LocalTimeSerializer(many=True))
class LocalTimesField(serializers.Field):
    """The host's zone first, then the other parties', with their offsets. Reads ``programme.module.parties``."""

    def __init__(self, workshop: str = "", **kwargs: Any) -> None:
        self.workshop = workshop
        super().__init__(read_only=True, source="*", **kwargs)

    def to_representation(self, value: Any) -> list[dict[str, Any]]:
        workshop = getattr(value, self.workshop) if self.workshop else value
        if value.starts_at is None:
            return []
        return [
            {
                "time_zone": zone,
                "starts_at": value.starts_at.astimezone(ZoneInfo(zone)).isoformat(),
                "ends_at": value.ends_at.astimezone(ZoneInfo(zone)).isoformat() if value.ends_at else None,
            }
            for zone in zones_of(workshop)
        ]


class WritableViewSet(writable.WritableViewSet):
    """A key needs ``training:read`` or ``:write``."""

    resource = "training"


class NamedViewSet(WritableViewSet):
    """By slug, which never changes, or by name in the alphabet of the language that is answered in."""

    lookup_field = "slug"
    lookup_value_converter = "slug"
    cursor_fields: tuple[str, ...] = ("slug",)
    orderings: dict[str, tuple[tuple[str, ...], bool]] = {
        "slug": (("slug",), False),
        "name": (("sort_key", "slug"), False),
    }

    def get_queryset(self) -> Any:
        return super().get_queryset().with_sort_key()  # type: ignore[attr-defined]
