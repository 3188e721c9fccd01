"""Segments of items."""

from typing import Any

from django.db import transaction
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from archive.api.segment_serializers import ChangedSegmentInput, SegmentInput, SegmentSerializer
from archive.models import Segment
from archive.services.item import locked
from archive.services.segment import delete_segment, save_segment
from mediaexchange.core.api.preconditions import require_match
from mediaexchange.core.api.schema import IF_MATCH
from mediaexchange.core.api.views import ExchangeViewSet, actor_of
from mediaexchange.core.api.writing import columns_of, fill, revision_of, tagged


class SegmentFilter(filters.FilterSet):
    item = filters.UUIDFilter(field_name="item__uid")
    reel = filters.CharFilter()

    class Meta:
        model = Segment
        fields: list[str] = []


class SegmentViewSet(ExchangeViewSet):
    queryset = Segment.objects.select_related("item", "instantiation")
    serializer_class = SegmentSerializer
    filterset_class = SegmentFilter
    resource = "archive"
    orderings = {"in_frame": (("in_frame", "id"), False)}

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One segment. Its ETag is what a change must bring as If-Match."""
        return tagged(super().retrieve(request, *args, **kwargs), self.get_object())

    @extend_schema(request=SegmentInput, responses={201: SegmentSerializer}, filters=False)
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Mark a stretch of one’s own item."""
        values = self.validated(SegmentInput)
        segment = Segment(item=values.pop("item"))
        fill(segment, columns_of(values))
        return self._shown(save_segment(segment, actor=actor_of(request)), status=201)

    @extend_schema(request=ChangedSegmentInput, responses=SegmentSerializer, parameters=[IF_MATCH], filters=False)
    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Change what is given and nothing else."""
        with transaction.atomic():
            segment = self.get_object()
            locked(segment.item, actor=actor_of(request), permission="archive.change_segment")
            segment.refresh_from_db()
            require_match(request, revision_of(segment))
            changed = fill(segment, columns_of(self.validated(ChangedSegmentInput)))
            stored = save_segment(segment, actor=actor_of(request), changed=changed)
        return self._shown(stored)

    @extend_schema(responses={204: None}, filters=False)
    def destroy(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Take the mark away; nothing happens to the footage."""
        delete_segment(self.get_object(), actor=actor_of(request))
        return Response(status=204)

    def _shown(self, segment: Segment, status: int = 200) -> Response:
        found = self.get_queryset().get(pk=segment.pk)
        return tagged(self.answer(SegmentSerializer, found, status=status), found)
