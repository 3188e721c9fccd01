"""Archive footage in productions, with the licence under which each stretch is used, and what it lacks."""

from typing import Any

from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from archive.models import Grant, Item, Segment
from mediaexchange.core.api.schema import IF_MATCH
from mediaexchange.core.api.serializers import UidOf
from mediaexchange.core.api.writing import StrictSerializer
from productions.api.base import ProductionField
from productions.api.delivery_base import ProductionPartViewSet
from productions.models import ArchiveUse, Production
from productions.services.archive_use import add_use, change_use, contribute_use, remove_use
from productions.services.delivery_gate import use_blockers


class ArchiveUseFilter(filters.FilterSet):
    production = filters.UUIDFilter(field_name="production__uid")
    item = filters.UUIDFilter(field_name="item__uid")
    licence = filters.CharFilter(field_name="grant__licence__number", help_text="Its number")
    is_cleared = filters.BooleanFilter(method="filter_cleared", help_text="As of now")

    class Meta:
        model = ArchiveUse
        fields: list[str] = []

    def filter_cleared(self, queryset: Any, name: str, value: bool) -> Any:
        return queryset.cleared(value)


class UseBarSerializer(serializers.Serializer):
    code = serializers.CharField()
    message = serializers.CharField()


class ArchiveUseSerializer(serializers.ModelSerializer):
    """The title is told to every partner of the production; the item’s own record opens to those who may read it."""

    production = ProductionField()
    item = serializers.UUIDField(source="item.uid", read_only=True)
    item_title = serializers.SerializerMethodField()
    holder = serializers.SlugField(source="item.broadcaster.slug", read_only=True)
    segment = serializers.UUIDField(source="segment.uid", default=None, allow_null=True, read_only=True)
    grant = serializers.UUIDField(source="grant.uid", default=None, allow_null=True, read_only=True)
    licence = serializers.CharField(
        source="grant.licence.number", default="", read_only=True, help_text="Its number; empty for a bare grant"
    )
    is_cleared = serializers.SerializerMethodField()
    bars = serializers.SerializerMethodField()
    url = serializers.SerializerMethodField()

    class Meta:
        model = ArchiveUse
        fields = [
            "uid", "url", "production", "item", "item_title", "holder", "segment", "in_ms", "out_ms", "place", "grant",
            "licence", "is_contributed", "is_cleared", "bars", "created_at",
        ]  # fmt: skip

    def get_item_title(self, use: ArchiveUse) -> str:
        return str(use.item)

    def get_is_cleared(self, use: Any) -> bool:
        return not use.bars

    def get_bars(self, use: Any) -> list[dict[str, str]]:
        return list(UseBarSerializer(use_blockers(use, use.bars), many=True).data)

    def get_url(self, use: ArchiveUse) -> str:
        return str(reverse("api:archiveuse-detail", args=[use.uid], request=self.context.get("request")))


class ChangedArchiveUseInput(StrictSerializer):
    segment = UidOf(queryset=Segment.objects.all(), required=False, allow_null=True)
    in_ms = serializers.IntegerField(min_value=0, max_value=2**53, required=False, allow_null=True)
    out_ms = serializers.IntegerField(min_value=0, max_value=2**53, required=False, allow_null=True)
    grant = UidOf(queryset=Grant.objects.all(), required=False, allow_null=True)
    place = serializers.CharField(max_length=200, required=False, allow_blank=True)


class ArchiveUseInput(ChangedArchiveUseInput):
    production = UidOf(queryset=Production.objects.all())
    item = UidOf(queryset=Item.objects.all())


class ArchiveUseViewSet(ProductionPartViewSet):
    queryset = (
        ArchiveUse.objects.with_bars()
        .select_related("production", "item__broadcaster", "segment", "grant__licence")
        .order_by()
    )
    serializer_class = ArchiveUseSerializer
    filterset_class = ArchiveUseFilter

    @extend_schema(request=ArchiveUseInput, responses={201: ArchiveUseSerializer}, filters=False)
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Say that footage is used. Without a grant, the one that covers the stretch is taken, if there is one."""
        values = self.validated(ArchiveUseInput)
        return self.shown(add_use(values.pop("production"), actor=self.actor(), **values), status=201)

    @extend_schema(request=ChangedArchiveUseInput, responses=ArchiveUseSerializer, parameters=[IF_MATCH], filters=False)
    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Another stretch, another grant or none."""

        def save(use: ArchiveUse, values: dict[str, Any]) -> ArchiveUse:
            known = {name: getattr(use, name) for name in ("segment", "in_ms", "out_ms", "grant", "place")}
            if values.get("segment", use.segment) != use.segment:
                known |= {"in_ms": None, "out_ms": None}  # another segment's own, unless they are named
            return change_use(use, actor=self.actor(), **known | values)

        return self.changed(ChangedArchiveUseInput, save)

    @extend_schema(request=None, responses=ArchiveUseSerializer, filters=False)
    @action(detail=True, methods=["post"])
    def contribute(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The holder, a partner, brings the footage in. Safe to repeat."""
        return self.shown(contribute_use(self.get_object(), actor=self.actor()))

    @extend_schema(responses={204: None}, filters=False)
    def destroy(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """It is in the production no longer."""
        remove_use(self.get_object(), actor=self.actor())
        return Response(status=204)
