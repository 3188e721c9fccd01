"""Offers, answered by those who got them, and the takes that came of them."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from mediaexchange.core.api.views import ExchangeViewSet, actor_of
from newsexchange.api import serializers
from newsexchange.api.filters import OfferFilter
from newsexchange.models import Offer, Take
from newsexchange.services.offer import decline_offer, take_offer, withdraw_offer


class OfferViewSet(ExchangeViewSet):
    queryset = Offer.objects.select_related("story__broadcaster", "to_broadcaster", "module")
    serializer_class = serializers.OfferSerializer
    filterset_class = OfferFilter
    resource = "offers"
    cursor_descending = True

    @extend_schema(request=serializers.TakeInput, responses={201: serializers.TakeSerializer}, filters=False)
    @action(detail=True, methods=["post"], url_name="take")
    def take(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Take the offered story, accepting the credit duty. Safe to repeat."""
        offer = self.get_object()
        take = take_offer(offer, actor=actor_of(request), **self.validated(serializers.TakeInput))
        return self.answer(serializers.TakeSerializer, take, status=201)

    @extend_schema(request=None, responses=serializers.OfferSerializer, filters=False)
    @action(detail=True, methods=["post"], url_name="decline")
    def decline(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Decline; no reason is asked for. Safe to repeat."""
        return self.answer(serializers.OfferSerializer, decline_offer(self.get_object(), actor=actor_of(request)))

    @extend_schema(request=None, responses=serializers.OfferSerializer, filters=False)
    @action(detail=True, methods=["post"], url_name="withdraw")
    def withdraw(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Take an unanswered offer back. Safe to repeat."""
        return self.answer(serializers.OfferSerializer, withdraw_offer(self.get_object(), actor=actor_of(request)))


class TakeViewSet(ExchangeViewSet):
    queryset = Take.objects.select_related("story", "broadcaster")
    serializer_class = serializers.TakeSerializer
    resource = "offers"
    cursor_descending = True
