"""What feeds sent and nobody could use."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from mediaexchange.core.api.filters import refuse_unknown
from mediaexchange.core.api.views import ExchangeViewSet, actor_of
from newsexchange.api import serializers
from newsexchange.api.filters import QuarantineFilter
from newsexchange.models import QuarantinedEntry
from newsexchange.services.replay import dismiss_entry, replay_entry


class QuarantineViewSet(ExchangeViewSet):
    queryset = QuarantinedEntry.objects.select_related("feed")
    serializer_class = serializers.QuarantinedEntrySerializer
    filterset_class = QuarantineFilter
    resource = "feeds"
    cursor_descending = True

    def get_queryset(self) -> QuerySet[Any]:
        queryset = super().get_queryset()
        return queryset if self.action in ("payload", "replay") else queryset.defer("payload")

    @extend_schema(responses={(200, "application/octet-stream"): bytes}, filters=False)
    @action(detail=True)
    def payload(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        """The raw bytes, as a download: they are foreign and may be anything."""
        refuse_unknown(request, ())
        entry = self.get_object()
        return HttpResponse(
            bytes(entry.payload),
            content_type="application/octet-stream",
            headers={
                "Content-Disposition": f'attachment; filename="{entry.uid}.bin"',
                "X-Content-Type-Options": "nosniff",
            },
        )

    @extend_schema(request=None, responses=serializers.QuarantinedEntrySerializer, filters=False)
    @action(detail=True, methods=["post"], url_name="replay")
    def replay(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Send the payload through the pipeline again; 409 with the reason if it is refused again."""
        entry = self.get_object()
        replay_entry(entry, actor=actor_of(request))
        return self.answer(serializers.QuarantinedEntrySerializer, entry)

    @extend_schema(request=None, responses=serializers.QuarantinedEntrySerializer, filters=False)
    @action(detail=True, methods=["post"], url_name="dismiss")
    def dismiss(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Put the entry aside. Safe to repeat."""
        entry = self.get_object()
        dismiss_entry(entry, actor=actor_of(request))
        return self.answer(serializers.QuarantinedEntrySerializer, entry)
