"""Grants: leave to use footage, with what is used up of it."""

from typing import Any

from django.http import HttpResponse
from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from archive.api.footage_scope import PLATFORM_CHOICES, ScopeInput
from archive.constants import GrantStatus
from archive.formats import odrl
from archive.models import Grant, Item, Segment
from archive.periods import period_of
from archive.rights_rules import seconds_left
from archive.services.grant import Terms, create_grant, revoke_grant
from broadcasters.models import Broadcaster
from mediaexchange.core.api.filters import refuse_unknown
from mediaexchange.core.api.renderers import JSONRenderer
from mediaexchange.core.api.serializers import SeesOnly, UidOf
from mediaexchange.core.api.views import ExchangeViewSet, actor_of


class GrantFilter(filters.FilterSet):
    item = filters.UUIDFilter(field_name="item__uid")
    holder = filters.CharFilter(field_name="item__broadcaster__slug")
    grantee = filters.CharFilter(field_name="grantee__slug")
    licence = filters.UUIDFilter(field_name="licence__uid")
    status = filters.ChoiceFilter(choices=GrantStatus.choices)

    class Meta:
        model = Grant
        fields: list[str] = []


class GrantSerializer(serializers.ModelSerializer):
    item = serializers.UUIDField(source="item.uid", read_only=True)
    segment = serializers.UUIDField(source="segment.uid", default=None, read_only=True, allow_null=True)
    holder = serializers.SlugField(source="item.broadcaster.slug", read_only=True)
    grantee = serializers.SlugField(source="grantee.slug", default=None, read_only=True, allow_null=True)
    licence = serializers.UUIDField(source="licence.uid", default=None, read_only=True, allow_null=True)
    in_ms = serializers.IntegerField(source="part.lower", read_only=True, allow_null=True)
    out_ms = serializers.IntegerField(source="part.upper", read_only=True, allow_null=True)
    starts_at = serializers.DateTimeField(source="period.lower", read_only=True, allow_null=True)
    ends_at = serializers.DateTimeField(source="period.upper", read_only=True, allow_null=True)
    seconds_left = serializers.SerializerMethodField()
    runs_left = serializers.SerializerMethodField()

    class Meta:
        model = Grant
        fields = [
            "uid", "item", "segment", "in_ms", "out_ms", "holder", "grantee", "licence", "territories", "is_elsewhere",
            "platforms", "languages", "starts_at", "ends_at", "time_zone", "runs", "runs_used", "runs_left",
            "repeat_hours", "seconds", "used_ms", "seconds_left", "is_exclusive", "embargoed_until", "holdback_until",
            "holdback_platforms", "note", "status", "revoked_at", "revocation_reason", "created_at",
        ]  # fmt: skip

    def get_seconds_left(self, grant: Grant) -> int | None:
        return None if grant.seconds is None else seconds_left(grant)

    def get_runs_left(self, grant: Grant) -> int | None:
        return None if grant.runs is None else grant.runs - grant.runs_used


class GrantInput(ScopeInput):
    item = UidOf(queryset=Item.objects.select_related("broadcaster"))
    segment = UidOf(queryset=Segment.objects.select_related("item"), required=False, allow_null=True)
    grantee = SeesOnly(
        slug_field="slug",
        queryset=Broadcaster.objects.filter(is_active=True),
        required=False,
        allow_null=True,
        help_text="None is every partner that reads the item",
    )
    is_elsewhere = serializers.BooleanField(default=False)
    runs = serializers.IntegerField(min_value=1, max_value=10_000, required=False, allow_null=True)
    repeat_hours = serializers.IntegerField(min_value=0, max_value=8760, default=0)
    seconds = serializers.IntegerField(
        min_value=1, max_value=1_000_000, required=False, allow_null=True, help_text="In all runs together"
    )
    is_exclusive = serializers.BooleanField(default=False)
    embargoed_until = serializers.DateTimeField(required=False, allow_null=True)
    holdback_until = serializers.DateTimeField(required=False, allow_null=True)
    holdback_platforms = serializers.ListField(child=serializers.ChoiceField(choices=PLATFORM_CHOICES), default=list)
    note = serializers.CharField(max_length=5000, default="", allow_blank=True)


class ReasonInput(serializers.Serializer):
    reason = serializers.CharField(max_length=2000)


def policy_response(policy: odrl.Json) -> HttpResponse:
    return HttpResponse(JSONRenderer().render(policy), content_type=odrl.CONTENT_TYPE)


class GrantViewSet(ExchangeViewSet):
    queryset = Grant.objects.select_related("item__broadcaster", "segment", "grantee", "licence")
    serializer_class = GrantSerializer
    filterset_class = GrantFilter
    resource = "licences"
    cursor_descending = True

    @extend_schema(request=GrantInput, responses={201: GrantSerializer}, filters=False)
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Grant the use of an own item or stretch; 409 if an exclusive grant or rights of others stand against it."""
        values = self.validated(GrantInput)
        item, segment, grantee = values.pop("item"), values.pop("segment", None), values.pop("grantee", None)
        zone = values.pop("time_zone") or item.broadcaster.time_zone
        starts_at, ends_at = period_of(values.pop("starts_on"), values.pop("ends_on"), zone)
        terms = Terms(starts_at=starts_at, ends_at=ends_at, time_zone=zone, **values)
        grant = create_grant(item, actor=actor_of(request), terms=terms, grantee=grantee, segment=segment)
        return self._shown(grant, status=201)

    @extend_schema(request=ReasonInput, responses=GrantSerializer, filters=False)
    @action(detail=True, methods=["post"], url_name="revoke")
    def revoke(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """End a grant of an own item, with its deliveries and links. Safe to repeat."""
        grant = revoke_grant(self.get_object(), actor=actor_of(request), **self.validated(ReasonInput))
        return self._shown(grant)

    @extend_schema(
        filters=False,
        responses={(200, odrl.CONTENT_TYPE): OpenApiResponse(OpenApiTypes.OBJECT, "An ODRL 2.2 policy")},
    )
    @action(detail=True, methods=["get"], url_path="odrl", url_name="odrl")
    def policy(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        """The grant as an ODRL 2.2 policy in JSON-LD: an Agreement, or an Offer to all; 410 if revoked."""
        refuse_unknown(request, ())
        return policy_response(odrl.grant_policy(self.get_object()))

    def _shown(self, grant: Grant, status: int = 200) -> Response:
        return self.answer(GrantSerializer, self.get_queryset().get(pk=grant.pk), status=status)
