"""Deliverables: what one partner owes another of a language version."""

from typing import Any

from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from archive.models import Instantiation, MediaFile
from broadcasters.models import Broadcaster
from mediaexchange.core.api.filters import refuse_unknown
from mediaexchange.core.api.schema import IF_MATCH
from mediaexchange.core.api.serializers import SeesOnly, UidOf
from mediaexchange.core.api.writing import StrictSerializer
from mediaexchange.core.models import ApiKey
from mediaexchange.core.validators import validate_day
from productions.api.delivery_base import ProductionPartViewSet
from productions.constants import DeliverableKind, DeliverableStatus
from productions.models import Deliverable, LanguageVersion, Production
from productions.services.deliverable import (
    accept_deliverable,
    deliver,
    deliverable_link,
    reject_deliverable,
    save_deliverable,
)


class DeliverableFilter(filters.FilterSet):
    production = filters.UUIDFilter(field_name="version__production__uid")
    version = filters.UUIDFilter(field_name="version__uid")
    broadcaster = filters.CharFilter(field_name="broadcaster__slug", help_text="To whom it is owed")
    supplier = filters.CharFilter(field_name="supplier__slug", help_text="Who owes it")
    kind = filters.ChoiceFilter(choices=DeliverableKind.choices)
    status = filters.ChoiceFilter(choices=DeliverableStatus.choices)
    due_before = filters.DateFilter(field_name="due_on", lookup_expr="lt")

    class Meta:
        model = Deliverable
        fields: list[str] = []


class DeliverableSerializer(serializers.ModelSerializer):
    production = serializers.UUIDField(source="version.production.uid", read_only=True)
    version = serializers.UUIDField(source="version.uid", read_only=True)
    language = serializers.CharField(source="version.language", read_only=True)
    broadcaster = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    supplier = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    instantiation = serializers.UUIDField(source="instantiation.uid", default=None, allow_null=True, read_only=True)
    has_file = serializers.SerializerMethodField()

    class Meta:
        model = Deliverable
        fields = [
            "uid", "production", "version", "language", "kind", "broadcaster", "supplier", "specification", "due_on",
            "status", "reason", "instantiation", "has_file", "delivered_at", "decided_at",
        ]  # fmt: skip

    def get_has_file(self, row: Deliverable) -> bool:
        """Whether “link” gives an address to save it from; a carrier on a shelf has none."""
        return bool(row.file_id or (row.instantiation and row.instantiation.file_id))


class ChangedDeliverableInput(StrictSerializer):
    supplier = SeesOnly(slug_field="slug", queryset=Broadcaster.objects.all(), required=False)
    specification = serializers.CharField(max_length=20_000, required=False, allow_blank=True)
    due_on = serializers.DateField(required=False, allow_null=True, validators=[validate_day])


class DeliverableInput(ChangedDeliverableInput):
    version = UidOf(queryset=LanguageVersion.objects.all())
    broadcaster = SeesOnly(slug_field="slug", queryset=Broadcaster.objects.all())
    supplier = SeesOnly(slug_field="slug", queryset=Broadcaster.objects.all())
    kind = serializers.ChoiceField(choices=DeliverableKind.choices)


class HandOverInput(StrictSerializer):
    """One of both, unless it is linked already."""

    instantiation = UidOf(queryset=Instantiation.objects.all(), required=False)
    file = UidOf(queryset=MediaFile.objects.all(), required=False)


class RejectedInput(StrictSerializer):
    reason = serializers.CharField(max_length=5000)


class DeliverableLinkSerializer(serializers.Serializer):
    url = serializers.URLField()
    expires_at = serializers.DateTimeField()


class DeliverableViewSet(ProductionPartViewSet):
    queryset = Deliverable.objects.select_related(
        "version__production", "broadcaster", "supplier", "instantiation", "file"
    )
    serializer_class = DeliverableSerializer
    filterset_class = DeliverableFilter

    def production_of(self, row: Any) -> Production:
        found: Production = row.version.production
        return found

    @extend_schema(request=DeliverableInput, responses={201: DeliverableSerializer}, filters=False)
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Put one on the list."""
        row = Deliverable(**self.validated(DeliverableInput))
        return self.shown(save_deliverable(row, actor=self.actor()), status=201)

    @extend_schema(
        request=ChangedDeliverableInput, responses=DeliverableSerializer, parameters=[IF_MATCH], filters=False
    )
    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Change what is given and nothing else."""

        def save(row: Deliverable, values: dict[str, Any]) -> Deliverable:
            return save_deliverable(row, actor=self.actor(), changed=self.fill(row, values))

        return self.changed(ChangedDeliverableInput, save)

    @extend_schema(request=HandOverInput, responses=DeliverableSerializer, filters=False)
    @action(detail=True, methods=["post"])
    def deliver(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Hand it over. 409 with every reason while anything stands against delivery. Safe to repeat."""
        return self.shown(deliver(self.get_object(), actor=self.actor(), **self.validated(HandOverInput)))

    @extend_schema(request=None, responses=DeliverableSerializer, filters=False)
    @action(detail=True, methods=["post"])
    def accept(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Take it, for the partner that it is owed to. Safe to repeat."""
        return self.shown(accept_deliverable(self.get_object(), actor=self.actor()))

    @extend_schema(request=RejectedInput, responses=DeliverableSerializer, filters=False)
    @action(detail=True, methods=["post"])
    def reject(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Send it back, saying what is wrong with it. Safe to repeat."""
        return self.shown(reject_deliverable(self.get_object(), actor=self.actor(), **self.validated(RejectedInput)))

    @extend_schema(responses=DeliverableLinkSerializer, filters=False)
    @action(detail=True, pagination_class=None)
    def link(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """An address of five minutes at which both sides save it, once it is delivered."""
        refuse_unknown(request, ())
        key = request.auth if isinstance(request.auth, ApiKey) else None
        path, ends_at = deliverable_link(self.get_object(), user=self.actor(), key=key)
        return Response({"url": request.build_absolute_uri(path), "expires_at": ends_at})
