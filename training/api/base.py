"""What training's resources share: changes that name the state they saw, and times by the clocks of several zones."""

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
from training.moments import zones_of

Save = Callable[..., Any]


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


class WritableViewSet(ExchangeViewSet):
    """Rows of which a change must name the state that was seen. ``uncounted`` columns change by themselves."""

    resource = "training"
    uncounted: frozenset[str] = frozenset()
    serializer_class: Any

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One whole. Its ETag is what a change must bring as If-Match."""
        response = super().retrieve(request, *args, **kwargs)
        return tagged(response, self.get_object(), without=self.uncounted)

    def made(self, record: Model, values: dict[str, Any], save: Save) -> Response:
        fill(record, columns_of(values))
        return self.shown(save(record, actor=actor_of(self.request)), status=201)

    def changed(self, serializer_class: Any, save: Save) -> Response:
        with transaction.atomic():
            record = self.get_object()
            locked = type(record).objects.select_for_update(of=("self",), no_key=True).get(pk=record.pk)
            require_match(self.request, revision_of(locked, without=self.uncounted))
            names = fill(locked, columns_of(self.validated(serializer_class)))
            stored = save(locked, actor=actor_of(self.request), changed=names)
        return self.shown(stored)

    def shown(self, record: Any, status: int = 200) -> Response:
        found = self.get_queryset().get(pk=record.pk)
        return tagged(self.answer(self.serializer_class, found, status=status), found, without=self.uncounted)


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
