"""Windows of rights, the showings that are counted against them, and what is said of their audience."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from archive.api.footage_scope import PLATFORM_CHOICES, TerritoryField
from mediaexchange.core.api.schema import IF_MATCH
from mediaexchange.core.api.serializers import UidOf
from mediaexchange.core.api.writing import StrictSerializer
from mediaexchange.core.validators import validate_language_tag, validate_time_zone
from productions.api.base import ProductionField
from productions.api.delivery_base import ProductionPartViewSet
from productions.api.money import house_of_partner, partner_named
from productions.constants import RepeatUnit
from productions.models import Production, Window
from productions.services.window import cancel_window, conflict_reason, conflicts_of, save_window


class WindowFilter(filters.FilterSet):
    production = filters.UUIDFilter(field_name="production__uid")
    holder = filters.CharFilter(field_name="holder__broadcaster__slug")
    platform = filters.ChoiceFilter(choices=PLATFORM_CHOICES, method="on_platform")
    territory = filters.CharFilter(method="in_territory", label="ISO 3166-1 alpha-2, or XK")
    at = filters.IsoDateTimeFilter(method="that_hold", label="Those that hold at this moment")
    is_exclusive = filters.BooleanFilter()
    is_cancelled = filters.BooleanFilter(
        field_name="cancelled_at", lookup_expr="isnull", exclude=True, label=_("cancelled at")
    )

    class Meta:
        model = Window
        fields: list[str] = []

    def on_platform(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.for_platform(value)  # type: ignore[attr-defined, no-any-return]

    def in_territory(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.in_territory(value.upper())  # type: ignore[attr-defined, no-any-return]

    def that_hold(self, rows: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:
        return rows.active().holding_at(value)  # type: ignore[attr-defined, no-any-return]


class WindowSerializer(serializers.ModelSerializer):
    """Holds ``starts_at``, not ``ends_at``. Empty lists are no limit; ``runs`` null is any number."""

    production = ProductionField()
    holder = house_of_partner("holder")
    runs_left = serializers.IntegerField(allow_null=True, read_only=True)
    is_cancelled = serializers.SerializerMethodField()

    class Meta:
        model = Window
        fields = [
            "uid", "production", "holder", "territories", "is_elsewhere", "platforms", "languages", "is_exclusive",
            "starts_at", "ends_at", "time_zone", "runs", "runs_used", "runs_left", "repeat_length", "repeat_unit",
            "note", "is_cancelled", "cancelled_at", "cancelled_reason", "sequence", "changed_at",
        ]  # fmt: skip

    def get_is_cancelled(self, window: Window) -> bool:
        return not window.is_active


def _territories(**kwargs: Any) -> serializers.ListField:
    return serializers.ListField(
        child=TerritoryField(max_length=40), max_length=300,
        help_text="ISO 3166-1 alpha-2, XK, or sets such as EU and CIS; none is the whole world", **kwargs,
    )  # fmt: skip


class ChangedRightsWindowInput(StrictSerializer):
    holder = serializers.SlugField(required=False, help_text="A partner’s broadcaster")
    territories = _territories(required=False)
    is_elsewhere = serializers.BooleanField(required=False, help_text="Everywhere but in these territories")
    platforms = serializers.ListField(
        child=serializers.ChoiceField(choices=PLATFORM_CHOICES), required=False, max_length=20
    )
    languages = serializers.ListField(
        child=serializers.CharField(max_length=35, validators=[validate_language_tag]), required=False, max_length=50,
        help_text="BCP 47 tags",
    )  # fmt: skip
    is_exclusive = serializers.BooleanField(required=False)
    starts_at = serializers.DateTimeField(required=False)
    ends_at = serializers.DateTimeField(required=False, allow_null=True, help_text="null: for ever")
    time_zone = serializers.CharField(max_length=40, required=False, validators=[validate_time_zone])
    runs = serializers.IntegerField(min_value=1, max_value=100_000, required=False, allow_null=True)
    repeat_length = serializers.IntegerField(
        min_value=0, max_value=9000, required=False, help_text="Showings within this time of a run’s first repeat it"
    )
    repeat_unit = serializers.ChoiceField(
        choices=RepeatUnit.choices, required=False, help_text="Hours of elapsed time, or days by the zone’s clocks"
    )
    note = serializers.CharField(max_length=5000, required=False, allow_blank=True)


class RightsWindowInput(ChangedRightsWindowInput):
    production = UidOf(queryset=Production.objects.all())
    holder = serializers.SlugField(help_text="A partner’s broadcaster")
    starts_at = serializers.DateTimeField()


class CheckRightsWindowInput(RightsWindowInput):
    window = UidOf(
        queryset=Window.objects.all(), required=False, help_text="The stored window that would become this one"
    )


class CancelInput(StrictSerializer):
    reason = serializers.CharField(max_length=500)


class ConflictSerializer(serializers.Serializer):
    """A window that stands against it. ``territories`` are those that both mean; ``link`` is its page for staff."""

    window = serializers.UUIDField()
    holder = serializers.SlugField()
    is_exclusive = serializers.BooleanField()
    territories = serializers.ListField(child=serializers.CharField())
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField(allow_null=True)
    message = serializers.CharField()
    link = serializers.CharField()


class WindowViewSet(ProductionPartViewSet):
    queryset = Window.objects.select_related("production", "holder__broadcaster")
    serializer_class = WindowSerializer
    filterset_class = WindowFilter
    cursor_fields = ("starts_at", "id")

    @extend_schema(request=RightsWindowInput, responses={201: WindowSerializer}, filters=False)
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Store a window. What stands against it is named in the refusal (409, window-conflict)."""
        return self.shown(save_window(self._wanted(self.validated(RightsWindowInput)), actor=self.actor()), status=201)

    @extend_schema(request=ChangedRightsWindowInput, responses=WindowSerializer, parameters=[IF_MATCH], filters=False)
    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Change what is given and nothing else."""

        def save(window: Window, values: dict[str, Any]) -> Window:
            if "holder" in values:
                values["holder"] = partner_named(window.production, values["holder"], "holder")
            names = self.fill(window, values)
            return save_window(window, actor=self.actor(), changed=names)

        return self.changed(ChangedRightsWindowInput, save)

    @extend_schema(request=CheckRightsWindowInput, responses=ConflictSerializer(many=True), filters=False)
    @action(detail=False, methods=["post"], pagination_class=None)
    def check(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """What would stand against such a window. Nothing is stored; an empty list means that it can be."""
        values = self.validated(CheckRightsWindowInput)
        known = values.pop("window", None)
        window = self._wanted(values)
        if known is not None:
            window.pk = known.pk
        return Response([conflict_reason(window, other) for other in conflicts_of(window)])

    @extend_schema(request=CancelInput, responses=WindowSerializer, filters=False)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Call it off, as long as nothing is counted under it. Safe to repeat."""
        window = self.get_object()
        return self.shown(cancel_window(window, actor=self.actor(), **self.validated(CancelInput)))

    def _wanted(self, values: dict[str, Any]) -> Window:
        values["holder"] = partner_named(values["production"], values["holder"], "holder")
        return Window(**values)
