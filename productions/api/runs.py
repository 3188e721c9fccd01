"""Showings under windows of rights, planned and aired, and what is said of their audience."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from archive.api.footage_scope import PLATFORM_CHOICES, TerritoryField
from broadcasters.models import Airing, Broadcaster, Channel
from broadcasters.querysets import LONGEST_AIRING
from mediaexchange.core.api.serializers import SeesOnly, UidOf
from mediaexchange.core.api.writing import StrictSerializer
from mediaexchange.core.validators import validate_language_tag
from productions.api.delivery_base import ProductionPartViewSet, partner_for
from productions.api.windows import CancelInput
from productions.constants import FigureKind
from productions.models import AudienceFigure, Production, Run, Window
from productions.services.run import cancel_run, plan_run, record_figure, report_run


class RunFilter(filters.FilterSet):
    production = filters.UUIDFilter(field_name="window__production__uid")
    window = filters.UUIDFilter(field_name="window__uid")
    channel = filters.CharFilter(field_name="channel__slug")
    platform = filters.ChoiceFilter(choices=PLATFORM_CHOICES)
    starts_from = filters.IsoDateTimeFilter(field_name="starts_at", lookup_expr="gte")
    starts_before = filters.IsoDateTimeFilter(field_name="starts_at", lookup_expr="lt")
    is_planned = filters.BooleanFilter(field_name="airing", lookup_expr="isnull", label=_("airing"))
    is_cancelled = filters.BooleanFilter(
        field_name="cancelled_at", lookup_expr="isnull", exclude=True, label=_("cancelled at")
    )

    class Meta:
        model = Run
        fields: list[str] = []


class AudienceFigureSerializer(serializers.ModelSerializer):
    """Somebody’s figure, with who says so: people or views, for shares and ratings per cent."""

    stated_by = serializers.SlugRelatedField(slug_field="slug", read_only=True)

    class Meta:
        model = AudienceFigure
        fields = [
            "uid", "kind", "value", "platform", "territory", "source", "source_url", "as_of", "stated_by",
            "recorded_at",
        ]  # fmt: skip


class RunSerializer(serializers.ModelSerializer):
    """One showing. ``number`` is the run of its window that it belongs to, 0 once it was taken back."""

    window = serializers.SlugRelatedField(slug_field="uid", read_only=True)
    production = serializers.UUIDField(source="window.production.uid", read_only=True)
    holder = serializers.CharField(source="window.holder.broadcaster.slug", read_only=True)
    channel = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    airing = serializers.UUIDField(source="airing.uid", default=None, allow_null=True, read_only=True)
    is_planned = serializers.BooleanField(read_only=True)
    number = serializers.SerializerMethodField()
    figures = AudienceFigureSerializer(many=True, read_only=True)

    class Meta:
        model = Run
        fields = [
            "uid", "window", "production", "holder", "channel", "airing", "is_planned", "starts_at", "platform",
            "language", "number", "is_repeat", "note", "cancelled_at", "cancelled_reason", "figures",
        ]  # fmt: skip

    def get_number(self, run: Run) -> int:
        return 0 if run.cancelled_at else run.number


class RunInput(StrictSerializer):
    """A plan, unless ``airing`` or ``duration_ms`` says that it was on air."""

    window = UidOf(queryset=Window.objects.all())
    planned = UidOf(queryset=Run.objects.all(), required=False, help_text="The planned showing that was aired")
    airing = UidOf(queryset=Airing.objects.all(), required=False, help_text="An airing that was reported already")
    channel = SeesOnly(slug_field="slug", queryset=Channel.objects.select_related("broadcaster"), required=False)
    starts_at = serializers.DateTimeField(required=False)
    duration_ms = serializers.IntegerField(
        min_value=1, max_value=int(LONGEST_AIRING.total_seconds() * 1000), required=False,
        help_text="With it the airing is reported too",
    )  # fmt: skip
    platform = serializers.ChoiceField(choices=PLATFORM_CHOICES, required=False)
    language = serializers.CharField(
        max_length=35, required=False, allow_blank=True, validators=[validate_language_tag]
    )
    note = serializers.CharField(max_length=300, required=False, allow_blank=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if "airing" not in attrs and not {"channel", "starts_at"} <= attrs.keys():
            missing = sorted({"channel", "starts_at"} - attrs.keys())
            raise serializers.ValidationError({name: [self.error_messages["required"]] for name in missing}, "required")
        return attrs


class FigureInput(StrictSerializer):
    kind = serializers.ChoiceField(choices=FigureKind.choices)
    value = serializers.DecimalField(max_digits=14, decimal_places=2, min_value=0)
    platform = serializers.ChoiceField(choices=PLATFORM_CHOICES, required=False)
    territory = TerritoryField(max_length=40, required=False)
    source = serializers.CharField(max_length=300, help_text="Who measured, and in which publication")
    source_url = serializers.URLField(max_length=500, required=False, allow_blank=True)
    as_of = serializers.DateField()
    stated_by = SeesOnly(slug_field="slug", queryset=Broadcaster.objects.filter(is_active=True), required=False)


class RunViewSet(ProductionPartViewSet):
    queryset = Run.objects.select_related(
        "window__production", "window__holder__broadcaster", "channel", "airing"
    ).prefetch_related("figures__stated_by")
    serializer_class = RunSerializer
    filterset_class = RunFilter
    cursor_fields = ("starts_at", "id")

    def production_of(self, row: Any) -> Production:
        found: Production = row.window.production
        return found

    @extend_schema(request=RunInput, responses={201: RunSerializer}, filters=False)
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Plan a showing, or count one that was on air. Safe to repeat. What does not fit is refused (409)."""
        values = self.validated(RunInput)
        window = values.pop("window")
        is_aired = bool(values.keys() & {"airing", "duration_ms"})
        if is_aired:
            values.pop("note", None)
            run = report_run(window, actor=self.actor(), **values)
        else:
            values.pop("planned", None)
            run = plan_run(window, actor=self.actor(), **values)
        return self.shown(run, status=201)

    @extend_schema(request=CancelInput, responses=RunSerializer, filters=False)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Take it back; the others are counted afresh. Safe to repeat."""
        run = self.get_object()
        return self.shown(cancel_run(run, actor=self.actor(), **self.validated(CancelInput)))

    @extend_schema(request=FigureInput, responses={201: RunSerializer}, filters=False)
    @action(detail=True, methods=["post"])
    def audience(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """State a figure of the audience, with its source and day. Safe to repeat."""
        run = self.get_object()
        values = self.validated(FigureInput)
        house = partner_for(
            self.actor(), "productions.add_audiencefigure", run.window.production, values.pop("stated_by", None)
        )
        record_figure(run, actor=self.actor(), stated_by=house, **values)
        return self.shown(run, status=201)
