"""Coverage wanted: what each house wants of an event, by whom it is covered, and what was delivered."""

from typing import Any

from django.db.models import OuterRef, Subquery
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from broadcasters.models import Broadcaster
from broadcasters.permissions import house_of
from correspondents.api.base import WritableViewSet
from correspondents.constants import CoverageForm, WishStatus
from correspondents.models import Assignment, CoverageWish, PlannedEvent
from correspondents.services.event import deliver_wish, plan_wish, save_wish, withdraw_wish
from mediaexchange.core.api.schema import IF_MATCH
from mediaexchange.core.api.serializers import SeesOnly, UidOf
from mediaexchange.core.api.views import actor_of
from mediaexchange.core.api.writing import StrictSerializer


class CoverageWishFilter(filters.FilterSet):
    event = filters.UUIDFilter(field_name="event__uid")
    broadcaster = filters.CharFilter(field_name="broadcaster__slug")
    status = filters.ChoiceFilter(choices=WishStatus.choices)

    class Meta:
        model = CoverageWish
        fields: list[str] = []


class CoverageWishSerializer(serializers.ModelSerializer):
    event = serializers.UUIDField(source="event.uid", read_only=True)
    broadcaster = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    assignment = serializers.UUIDField(
        source="seen_assignment", read_only=True, default=None, allow_null=True, help_text="Where the caller sees it"
    )
    covered_by = serializers.SlugField(source="assignment.broadcaster.slug", default=None, allow_null=True)

    class Meta:
        model = CoverageWish
        fields = [
            "uid", "event", "broadcaster", "forms", "languages", "priority", "deadline_at", "note", "status",
            "assignment", "covered_by", "delivered_at", "created_at", "changed_at",
        ]  # fmt: skip


class ChangedCoverageWishInput(StrictSerializer, serializers.ModelSerializer):
    forms = serializers.ListField(
        child=serializers.ChoiceField(choices=CoverageForm.choices), min_length=1, max_length=len(CoverageForm)
    )

    class Meta:
        model = CoverageWish
        fields = ["forms", "languages", "priority", "deadline_at", "note"]


class CoverageWishInput(ChangedCoverageWishInput):
    event = UidOf(queryset=PlannedEvent.objects.all())
    broadcaster = SeesOnly(slug_field="slug", queryset=Broadcaster.objects.filter(is_active=True), required=False)

    class Meta(ChangedCoverageWishInput.Meta):
        fields = ["event", "broadcaster", *ChangedCoverageWishInput.Meta.fields]


class CoveragePlanInput(StrictSerializer):
    assignment = UidOf(queryset=Assignment.objects.all())


class CoverageWishViewSet(WritableViewSet):
    queryset = CoverageWish.objects.select_related("event", "broadcaster", "assignment__broadcaster")
    serializer_class = CoverageWishSerializer
    filterset_class = CoverageWishFilter
    uncounted = frozenset({"changed_at"})
    cursor_descending = True

    def get_queryset(self) -> Any:
        """A draft is the own house's: others read by whom a wish is covered, and not by what."""
        rows = super().get_queryset()
        if getattr(self, "swagger_fake_view", False):
            return rows
        seen = Assignment.objects.visible_to(actor_of(self.request)).filter(pk=OuterRef("assignment"))
        return rows.annotate(seen_assignment=Subquery(seen.values("uid")))

    @extend_schema(request=CoverageWishInput, responses={201: CoverageWishSerializer}, filters=False)
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Say what the caller's house wants of an event."""
        values = self.validated(CoverageWishInput)
        house = house_of(actor_of(request), "correspondents.add_coveragewish", values.pop("broadcaster", None))
        return self.made(CoverageWish(broadcaster=house, event=values.pop("event")), values, save_wish)

    @extend_schema(
        request=ChangedCoverageWishInput, responses=CoverageWishSerializer, parameters=[IF_MATCH], filters=False
    )
    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Change what is given and nothing else."""
        return self.changed(ChangedCoverageWishInput, save_wish)

    @extend_schema(request=CoveragePlanInput, responses=CoverageWishSerializer, filters=False)
    @action(detail=True, methods=["post"])
    def plan(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Take it into an assignment of the caller's house for the same event. Safe to repeat."""
        wish = self.get_object()
        return self.shown(plan_wish(wish, self.validated(CoveragePlanInput)["assignment"], actor=actor_of(request)))

    @extend_schema(request=None, responses=CoverageWishSerializer, filters=False)
    @action(detail=True, methods=["post"])
    def deliver(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """It is answered, for the house that sends. Filing something for it does the same. Safe to repeat."""
        return self.shown(deliver_wish(self.get_object(), actor=actor_of(request)))

    @extend_schema(request=None, responses=CoverageWishSerializer, filters=False)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Want it no more. Safe to repeat."""
        return self.shown(withdraw_wish(self.get_object(), actor=actor_of(request)))
