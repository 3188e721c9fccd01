"""Carriers and files of items: what they are technically, and of one's own files a link to save them."""

from typing import Any

from django.db import transaction
from django.http import Http404
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from archive.api.instantiation_serializers import CarrierInput, ChangedCarrierInput, InstantiationSerializer
from archive.constants import Generation, InstantiationKind
from archive.models import Instantiation
from archive.services.instantiation import delete_carrier, save_carrier
from archive.services.item import locked
from archive.services.viewing import file_link
from broadcasters.permissions import roles_of
from mediaexchange.core.api.filters import refuse_unknown
from mediaexchange.core.api.preconditions import require_match
from mediaexchange.core.api.schema import IF_MATCH
from mediaexchange.core.api.views import ExchangeViewSet, actor_of
from mediaexchange.core.api.writing import fill, revision_of, tagged
from mediaexchange.core.models import ApiKey


class InstantiationFilter(filters.FilterSet):
    item = filters.UUIDFilter(field_name="item__uid")
    kind = filters.ChoiceFilter(choices=InstantiationKind.choices)
    generation = filters.ChoiceFilter(choices=Generation.choices)

    class Meta:
        model = Instantiation
        fields: list[str] = []


class LinkSerializer(serializers.Serializer):
    url = serializers.URLField()
    url_expires_at = serializers.DateTimeField()


class InstantiationViewSet(ExchangeViewSet):
    """Carriers are catalogued here; a file comes by ``/uploads/`` and is measured by the pipeline."""

    queryset = Instantiation.objects.select_related("item", "holder", "file").prefetch_related("tracks")
    serializer_class = InstantiationSerializer
    filterset_class = InstantiationFilter
    resource = "archive"
    cursor_descending = True

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One carrier or file with its tracks."""
        return tagged(super().retrieve(request, *args, **kwargs), self.get_object())

    @extend_schema(request=CarrierInput, responses={201: InstantiationSerializer}, filters=False)
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Catalogue a tape, a reel or another physical carrier of one’s own item."""
        carrier = Instantiation(**self.validated(CarrierInput))
        return self._shown(save_carrier(carrier, actor=actor_of(request)), status=201)

    @extend_schema(request=ChangedCarrierInput, responses=InstantiationSerializer, parameters=[IF_MATCH], filters=False)
    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Change what is given and nothing else. What the pipeline measures cannot be typed in."""
        with transaction.atomic():
            carrier = self.get_object()
            locked(carrier.item, actor=actor_of(request), permission="archive.change_instantiation")
            carrier.refresh_from_db()
            require_match(request, revision_of(carrier))
            changed = fill(carrier, self.validated(ChangedCarrierInput))
            stored = save_carrier(carrier, actor=actor_of(request), changed=changed)
        return self._shown(stored)

    @extend_schema(responses={204: None}, filters=False)
    def destroy(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Take a physical carrier out of the catalogue."""
        delete_carrier(self.get_object(), actor=actor_of(request))
        return Response(status=204)

    @extend_schema(request=None, responses=LinkSerializer, filters=False)
    @action(detail=True, url_name="link")
    def link(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Where one’s own house saves the file itself, for five minutes. A house’s files do not exist for others."""
        refuse_unknown(request, ())
        row = self.get_object()
        if row.file is None or not row.file.is_ready or row.item.broadcaster_id not in roles_of(actor_of(request)):
            raise Http404
        key = request.auth if isinstance(request.auth, ApiKey) else None
        url, expires_at = file_link(row.file, user=actor_of(request), key=key)
        return Response({"url": request.build_absolute_uri(url), "url_expires_at": expires_at})

    def _shown(self, row: Instantiation, status: int = 200) -> Response:
        found = self.get_queryset().get(pk=row.pk)
        return tagged(self.answer(InstantiationSerializer, found, status=status), found)
