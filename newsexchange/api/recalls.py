"""Recalls as their origin and those who had the story see them, and the acknowledgements."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from mediaexchange.core.api.views import ExchangeViewSet, actor_of
from newsexchange.api import serializers
from newsexchange.models import Recall, RecallNotice
from newsexchange.services.recall import acknowledge_recall


class RecallViewSet(ExchangeViewSet):
    queryset = Recall.objects.select_related("story__broadcaster")
    serializer_class = serializers.RecallSerializer
    resource = "stories"
    cursor_descending = True

    @extend_schema(responses=serializers.RecallDetailSerializer)
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One recall; for the origin also who had the story, by which roads, and who has confirmed that it is gone."""
        return super().retrieve(request, *args, **kwargs)

    def get_serializer_class(self) -> Any:
        return serializers.RecallDetailSerializer if self.action == "retrieve" else super().get_serializer_class()


class RecallNoticeViewSet(ExchangeViewSet):
    queryset = RecallNotice.objects.select_related("recall__story__broadcaster", "broadcaster")
    serializer_class = serializers.RecallNoticeSerializer
    resource = "stories"
    cursor_descending = True

    @extend_schema(request=None, responses=serializers.RecallNoticeSerializer, filters=False)
    @action(detail=True, methods=["post"], url_name="acknowledge")
    def acknowledge(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Confirm that the story is gone at the caller's broadcaster. Safe to repeat."""
        notice = acknowledge_recall(self.get_object(), actor=actor_of(request))
        return self.answer(serializers.RecallNoticeSerializer, notice)
