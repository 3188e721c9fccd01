"""Milestones of productions, and baselines to which they are compared."""

from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import Now
from django.utils import timezone
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from mediaexchange.core.api.schema import IF_MATCH
from mediaexchange.core.api.serializers import TranslatedField, TranslatedSerializer, UidOf
from mediaexchange.core.api.writing import StrictSerializer, TextsField, columns_of
from mediaexchange.core.validators import validate_time_zone
from productions.api.base import ProductionField
from productions.api.delivery_base import ProductionPartViewSet
from productions.api.money import house_of_partner, partner_named
from productions.models import Baseline, Milestone, Production
from productions.models.milestone import STATE_LABELS
from productions.services.baseline import compare, lock_baseline
from productions.services.schedule import cancel_milestone, finish_milestone, reopen_milestone, save_milestone

STATES = list(STATE_LABELS.items())


class MilestoneFilter(filters.FilterSet):
    production = filters.UUIDFilter(field_name="production__uid")
    owner = filters.CharFilter(field_name="owner__broadcaster__slug")
    state = filters.ChoiceFilter(choices=STATES, method="in_state")
    due_before = filters.IsoDateTimeFilter(field_name="ends_at", lookup_expr="lte", label="Late at this moment if open")

    class Meta:
        model = Milestone
        fields: list[str] = []

    def in_state(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        wanted: dict[str, dict[str, Any]] = {
            "done": {"done_at__isnull": False},
            "cancelled": {"is_cancelled": True},
            "late": {"done_at__isnull": True, "is_cancelled": False, "ends_at__lte": Now()},
            "open": {"done_at__isnull": True, "is_cancelled": False, "ends_at__gt": Now()},
        }
        return rows.filter(**wanted[value])


class MilestoneSerializer(TranslatedSerializer):
    """Due by the end of ``due_on`` in ``time_zone``, or at ``due_at``; ``late_from`` is that moment."""

    title = TranslatedField()
    production = ProductionField()
    owner = house_of_partner("owner")
    late_from = serializers.DateTimeField(source="ends_at", read_only=True)
    waits_for = serializers.SlugRelatedField(source="depends_on", slug_field="uid", many=True, read_only=True)
    state = serializers.SerializerMethodField()

    class Meta:
        model = Milestone
        fields = [
            "uid", "production", "title", "owner", "position", "starts_on", "due_on", "due_at", "time_zone",
            "late_from", "waits_for", "state", "done_at", "sequence", "changed_at", "text_languages",
        ]  # fmt: skip

    def get_state(self, milestone: Milestone) -> str:
        """done, cancelled, late or open."""
        return milestone.state(timezone.now())


class ChangedMilestoneInput(StrictSerializer):
    texts = TextsField({"title": 200}, required=False)
    owner = serializers.SlugField(required=False, help_text="A partner’s broadcaster")
    position = serializers.IntegerField(min_value=0, max_value=32767, required=False)
    starts_on = serializers.DateField(required=False, allow_null=True)
    due_on = serializers.DateField(required=False, allow_null=True)
    due_at = serializers.DateTimeField(required=False, allow_null=True, help_text="Instead of a day")
    time_zone = serializers.CharField(max_length=40, required=False, validators=[validate_time_zone])
    waits_for = serializers.ListField(child=UidOf(queryset=Milestone.objects.all()), required=False, max_length=100)


class MilestoneInput(ChangedMilestoneInput):
    production = UidOf(queryset=Production.objects.all())
    owner = serializers.SlugField(help_text="A partner’s broadcaster")


class DoneInput(StrictSerializer):
    at = serializers.DateTimeField(required=False, help_text="An earlier moment; now if not given")


class MilestoneViewSet(ProductionPartViewSet):
    queryset = Milestone.objects.select_related("production", "owner__broadcaster").prefetch_related("depends_on")
    serializer_class = MilestoneSerializer
    filterset_class = MilestoneFilter
    cursor_fields = ("ends_at", "id")

    @extend_schema(request=MilestoneInput, responses={201: MilestoneSerializer}, filters=False)
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Plan a milestone that a partner owes. Without a zone it has its owner's."""
        values = columns_of(self.validated(MilestoneInput))
        values["owner"] = partner_named(values["production"], values["owner"], "owner")
        waits_for = values.pop("waits_for", None)
        milestone = save_milestone(Milestone(**values), actor=self.actor(), waits_for=waits_for)
        return self.shown(milestone, status=201)

    @extend_schema(request=ChangedMilestoneInput, responses=MilestoneSerializer, parameters=[IF_MATCH], filters=False)
    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Change what is given and nothing else; calendars that have it follow."""

        def save(milestone: Milestone, values: dict[str, Any]) -> Milestone:
            values = columns_of(values)
            waits_for = values.pop("waits_for", None)
            if "owner" in values:
                values["owner"] = partner_named(milestone.production, values["owner"], "owner")
            names = self.fill(milestone, values)
            return save_milestone(milestone, actor=self.actor(), changed=names, waits_for=waits_for)

        return self.changed(ChangedMilestoneInput, save)

    @extend_schema(request=DoneInput, responses=MilestoneSerializer, filters=False)
    @action(detail=True, methods=["post"])
    def finish(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Say that it is done. For its owner. Safe to repeat."""
        milestone = self.get_object()
        return self.shown(finish_milestone(milestone, actor=self.actor(), **self.validated(DoneInput)))

    @extend_schema(request=None, responses=MilestoneSerializer, filters=False)
    @action(detail=True, methods=["post"])
    def reopen(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """It is not done after all. For its owner. Safe to repeat."""
        return self.shown(reopen_milestone(self.get_object(), actor=self.actor()))

    @extend_schema(request=None, responses=MilestoneSerializer, filters=False)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Call it off. Safe to repeat."""
        return self.shown(cancel_milestone(self.get_object(), actor=self.actor()))


class BaselineFilter(filters.FilterSet):
    production = filters.UUIDFilter(field_name="production__uid")

    class Meta:
        model = Baseline
        fields: list[str] = []


class BaselineSerializer(serializers.ModelSerializer):
    production = ProductionField()

    class Meta:
        model = Baseline
        fields = ["uid", "production", "name", "locked_at"]


class BaselineInput(StrictSerializer):
    production = UidOf(queryset=Production.objects.all())
    name = serializers.CharField(max_length=200)


class ShiftSerializer(serializers.Serializer):
    """``days`` later than planned, below 0 earlier, null where nothing is to compare. What is done counts as it was."""

    milestone = serializers.UUIDField(source="milestone.uid")
    title = serializers.CharField(source="milestone.__str__")
    owner = serializers.CharField(source="milestone.owner.broadcaster.slug")
    planned_on = serializers.DateField(source="planned_day", allow_null=True)
    present_on = serializers.DateField(source="present_day")
    days = serializers.IntegerField(allow_null=True)
    is_new = serializers.BooleanField()
    has_new_owner = serializers.BooleanField()
    state = serializers.SerializerMethodField()

    def get_state(self, shift: Any) -> str:
        return str(shift.milestone.state(timezone.now()))


class BaselineViewSet(ProductionPartViewSet):
    queryset = Baseline.objects.select_related("production").filter(locked_at__isnull=False)
    serializer_class = BaselineSerializer
    filterset_class = BaselineFilter
    cursor_descending = True

    @extend_schema(request=BaselineInput, responses={201: BaselineSerializer}, filters=False)
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Keep all milestones as they stand now, for good."""
        values = self.validated(BaselineInput)
        return self.shown(lock_baseline(values["production"], actor=self.actor(), name=values["name"]), status=201)

    @extend_schema(responses=ShiftSerializer(many=True), filters=False)
    @action(detail=True, pagination_class=None)
    def comparison(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Every milestone beside what it was then: how many days late or early."""
        baseline = self.get_object()
        return Response(ShiftSerializer(compare(baseline.production, baseline), many=True).data)
