"""``/audience-figures/``: what houses state of audiences, each figure with its source; none is added to another."""

from typing import Any

from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from broadcasters.airing_constants import Measure, Unit
from broadcasters.models import Airing, AudienceFigure, Broadcaster, Channel
from broadcasters.permissions import house_of
from broadcasters.services.audience import state_figure
from mediaexchange.core.api.serializers import SeesOnly, UidOf
from mediaexchange.core.api.views import ExchangeViewSet, actor_of
from mediaexchange.core.validators import validate_language_tag


class AudienceFigureFilter(filters.FilterSet):
    airing = filters.UUIDFilter(field_name="airing__uid")
    channel = filters.CharFilter(field_name="channel__slug")
    subject = filters.UUIDFilter(field_name="subject_uid")
    language = filters.CharFilter()
    measure = filters.ChoiceFilter(choices=Measure.choices)
    source = filters.CharFilter()
    as_of_from = filters.DateFilter(field_name="as_of", lookup_expr="gte")
    as_of_until = filters.DateFilter(field_name="as_of", lookup_expr="lte")

    class Meta:
        model = AudienceFigure
        fields: list[str] = []


class StatedAudienceSerializer(serializers.ModelSerializer):
    """Of an airing, of a channel's days, or of an edition of a subject in one language."""

    airing = serializers.SlugRelatedField(slug_field="uid", read_only=True, allow_null=True)
    channel = serializers.SlugRelatedField(slug_field="slug", read_only=True, allow_null=True)
    stated_by = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    made_by = serializers.SlugRelatedField(slug_field="slug", read_only=True, allow_null=True)

    class Meta:
        model = AudienceFigure
        fields = [
            "uid", "airing", "channel", "starts_on", "ends_on", "subject_type", "subject_uid", "language", "measure",
            "value", "unit", "source", "method", "as_of", "stated_by", "made_by", "recorded_at",
        ]  # fmt: skip


class StatedAudienceInput(serializers.Serializer):
    """One of ``airing``, ``channel`` with ``starts_on``, ``subject_uid`` with ``language``."""

    airing = UidOf(queryset=Airing.objects.all(), required=False)
    channel = SeesOnly(slug_field="slug", queryset=Channel.objects.all(), required=False)
    starts_on = serializers.DateField(required=False)
    ends_on = serializers.DateField(required=False, help_text="Included; without it the first day")
    subject_uid = serializers.UUIDField(required=False)
    language = serializers.CharField(max_length=35, required=False, allow_blank=True)
    measure = serializers.ChoiceField(choices=Measure.choices)
    value = serializers.DecimalField(max_digits=14, decimal_places=2, min_value=0)
    unit = serializers.ChoiceField(
        choices=Unit.choices, required=False, help_text="Of reach also per cent; of others the usual one"
    )
    source = serializers.CharField(max_length=300)
    method = serializers.CharField(max_length=300, required=False, allow_blank=True)
    as_of = serializers.DateField()
    stated_by = SeesOnly(
        slug_field="slug",
        queryset=Broadcaster.objects.all(),
        required=False,
        help_text="For accounts of several houses",
    )

    def validate_language(self, value: str) -> str:
        if value:
            validate_language_tag(value)
        return value


class AudienceFigureViewSet(ExchangeViewSet):
    queryset = AudienceFigure.objects.for_reading()
    serializer_class = StatedAudienceSerializer
    filterset_class = AudienceFigureFilter
    resource = "airings"
    cursor_descending = True

    @extend_schema(request=StatedAudienceInput, responses={201: StatedAudienceSerializer}, filters=False)
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """State a figure for one's own house. Safe to repeat; a different figure of the same source and day is 409."""
        values, actor = self.validated(StatedAudienceInput), actor_of(request)
        house = house_of(actor, "broadcasters.add_audiencefigure", values.pop("stated_by", None))
        figure = state_figure(actor=actor, stated_by=house, **values)
        return self.answer(StatedAudienceSerializer, AudienceFigure.objects.for_reading().get(pk=figure.pk), 201)
