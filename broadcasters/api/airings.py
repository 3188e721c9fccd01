"""Airings: what the channels of the caller's house broadcast, and where what it made was aired."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from broadcasters.models import Airing, Broadcaster, Channel
from broadcasters.querysets import LONGEST_AIRING
from broadcasters.services.airing import report_airing
from mediaexchange.core.api.serializers import SeesOnly
from mediaexchange.core.api.views import ExchangeViewSet, actor_of
from mediaexchange.core.validators import validate_language_tag


class AiringFilter(filters.FilterSet):
    channel = filters.CharFilter(field_name="channel__slug")
    origin = filters.CharFilter(field_name="origin__slug")
    started_from = filters.IsoDateTimeFilter(field_name="started_at", lookup_expr="gte")
    started_before = filters.IsoDateTimeFilter(field_name="started_at", lookup_expr="lt")
    subject = filters.UUIDFilter(field_name="subject_uid")
    is_matched = filters.BooleanFilter(
        field_name="subject_uid", lookup_expr="isnull", exclude=True, label=_("what was aired is known")
    )

    class Meta:
        model = Airing
        fields: list[str] = []


class AiringSerializer(serializers.ModelSerializer):
    channel = serializers.SlugField(source="channel.slug", read_only=True)
    origin = serializers.SlugField(source="origin.slug", read_only=True)
    is_foreign = serializers.BooleanField(read_only=True, help_text="Made by others than the channel's house")

    class Meta:
        model = Airing
        fields = [
            "uid", "channel", "started_at", "duration_ms", "language", "title", "origin", "is_joint", "is_foreign",
            "reference", "subject_type", "subject_uid",
        ]  # fmt: skip


class AiringInput(serializers.Serializer):
    channel = SeesOnly(slug_field="slug", queryset=Channel.objects.select_related("broadcaster"))
    started_at = serializers.DateTimeField()
    duration_ms = serializers.IntegerField(min_value=1, max_value=int(LONGEST_AIRING.total_seconds() * 1000))
    title = serializers.CharField(max_length=500)
    language = serializers.CharField(max_length=35, default="", allow_blank=True)
    origin = SeesOnly(
        slug_field="slug",
        queryset=Broadcaster.objects.all(),
        required=False,
        help_text="Who made it; without it the channel's own house",
    )

    def validate_language(self, value: str) -> str:
        if value:
            validate_language_tag(value)
        return value


class ForeignShareSerializer(serializers.Serializer):
    channel = serializers.SlugField()
    week_starts_on = serializers.DateField(help_text="Monday, by the clocks of the channel's house")
    iso_week = serializers.CharField(help_text="ISO 8601, such as 2026-W53")
    foreign_ms = serializers.IntegerField(help_text="What overlaps is counted once")
    week_ms = serializers.IntegerField(help_text="Round the clock 167 to 169 hours, as the clocks go")
    percent = serializers.DecimalField(max_digits=8, decimal_places=2)
    cap_percent = serializers.DecimalField(max_digits=5, decimal_places=2, allow_null=True)
    is_over = serializers.BooleanField()


WEEK = OpenApiParameter("on", str, description=_("A date (YYYY-MM-DD) in the week; without it this week"))


class AiringViewSet(ExchangeViewSet):
    queryset = Airing.objects.select_related("channel__broadcaster", "origin")
    serializer_class = AiringSerializer
    filterset_class = AiringFilter
    resource = "airings"
    cursor_fields = ("started_at", "id")
    cursor_descending = True

    @extend_schema(request=AiringInput, responses={201: AiringSerializer}, filters=False)
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Report what a channel of the caller's house has broadcast. A taken story is reported as a use instead."""
        values = self.validated(AiringInput)
        values.setdefault("origin", values["channel"].broadcaster)
        airing = report_airing(actor=actor_of(request), **values)
        return self.answer(AiringSerializer, airing, status=201)
