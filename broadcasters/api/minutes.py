"""Minutes of consultations. Only parties of the memorandum know of them."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from broadcasters.api.writable import WritableViewSet
from broadcasters.models import (
    Broadcaster,
    Memorandum,
    Minutes,
    MinutesApproval,
    MinutesItem,
    MinutesParticipant,
    Place,
)
from broadcasters.services.minutes import approve_minutes, finish_item, owe_item, reopen_minutes, save_minutes
from mediaexchange.core.api.schema import IF_MATCH
from mediaexchange.core.api.serializers import SeesOnly, TranslatedField, TranslatedSerializer
from mediaexchange.core.api.views import actor_of
from mediaexchange.core.api.writing import StrictSerializer, TextsField, columns_of

_HOUSES: dict[str, Any] = {"slug_field": "slug", "queryset": Broadcaster.objects.filter(is_active=True)}


class MinutesParticipantSerializer(serializers.ModelSerializer):
    broadcaster = serializers.SlugRelatedField(slug_field="slug", read_only=True)

    class Meta:
        model = MinutesParticipant
        fields = ["broadcaster", "name", "office"]


class MinutesItemSerializer(TranslatedSerializer):
    topic = TranslatedField()
    decision = TranslatedField()
    owner = serializers.SlugRelatedField(slug_field="slug", read_only=True, allow_null=True)
    obligation = serializers.SlugRelatedField(slug_field="uid", read_only=True, allow_null=True)

    class Meta:
        model = MinutesItem
        fields = [
            "uid", "position", "topic", "decision", "owner", "responsible", "due_on", "done_on", "obligation",
            "text_languages",
        ]  # fmt: skip


class MinutesApprovalSerializer(serializers.ModelSerializer):
    broadcaster = serializers.SlugRelatedField(slug_field="slug", read_only=True)

    class Meta:
        model = MinutesApproval
        fields = ["broadcaster", "approved_at"]


class MinutesSerializer(TranslatedSerializer):
    title = TranslatedField()
    venue = TranslatedField()
    memorandum = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    place = serializers.SlugRelatedField(slug_field="slug", read_only=True, allow_null=True)
    participants = MinutesParticipantSerializer(many=True, read_only=True)
    items = MinutesItemSerializer(many=True, read_only=True)
    approvals = MinutesApprovalSerializer(many=True, read_only=True)
    waits_for = serializers.SerializerMethodField(help_text="Parties that have not approved")
    is_approved = serializers.BooleanField(read_only=True, help_text="By every party")

    class Meta:
        model = Minutes
        fields = [
            "uid", "memorandum", "title", "language", "held_on", "place", "venue", "participants", "items",
            "approvals", "waits_for", "is_approved", "text_languages",
        ]  # fmt: skip

    def get_waits_for(self, minutes: Minutes) -> list[str]:
        return [house.slug for house in minutes.waits_for]


class MinutesParticipantInput(StrictSerializer, serializers.ModelSerializer):
    broadcaster = SeesOnly(**_HOUSES)

    class Meta:
        model = MinutesParticipant
        fields = ["broadcaster", "name", "office"]


class MinutesItemInput(StrictSerializer, serializers.ModelSerializer):
    texts = TextsField({"topic": 300, "decision": 20_000})
    owner = SeesOnly(**_HOUSES, required=False, allow_null=True)

    class Meta:
        model = MinutesItem
        fields = ["texts", "owner", "responsible", "due_on"]

    def to_internal_value(self, data: Any) -> Any:
        """By column: ``topic_sr`` …"""
        return columns_of(super().to_internal_value(data))


class ChangedMinutesInput(StrictSerializer, serializers.ModelSerializer):
    """``texts`` are by BCP 47 tag; all of them are approved together."""

    texts = TextsField({"title": 200, "venue": 300}, required=False)
    place = SeesOnly(slug_field="slug", queryset=Place.objects.all(), required=False, allow_null=True)
    participants = MinutesParticipantInput(many=True, required=False)
    items = MinutesItemInput(many=True, required=False)

    class Meta:
        model = Minutes
        fields = ["texts", "language", "held_on", "place", "participants", "items"]


class MinutesInput(ChangedMinutesInput):
    memorandum = SeesOnly(slug_field="slug", queryset=Memorandum.objects.all())

    class Meta(ChangedMinutesInput.Meta):
        fields = ["memorandum", *ChangedMinutesInput.Meta.fields]


class MinutesApprovalInput(StrictSerializer):
    broadcaster = SeesOnly(**_HOUSES)


class ActionDoneInput(StrictSerializer):
    item = serializers.UUIDField()
    done_on = serializers.DateField(required=False, help_text="Today, unless told otherwise")


class ActionOwedInput(StrictSerializer):
    item = serializers.UUIDField()
    indicator = serializers.CharField(max_length=60)
    amount = serializers.IntegerField(min_value=1, default=1)


class MinutesViewSet(WritableViewSet):
    queryset = Minutes.objects.with_parts()
    serializer_class = MinutesSerializer
    parts = ("participants", "items")
    filterset_fields = ["memorandum__slug"]

    @extend_schema(request=MinutesInput, responses={201: MinutesSerializer}, filters=False)
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Write minutes; the other parties are told that they wait for approval."""
        return self.made(Minutes(), self.validated(MinutesInput), save_minutes)

    @extend_schema(request=ChangedMinutesInput, responses=MinutesSerializer, parameters=[IF_MATCH], filters=False)
    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Change what is given; lists replace what was there. 409 once a party has approved."""
        return self.changed(ChangedMinutesInput, save_minutes)

    @extend_schema(request=MinutesApprovalInput, responses=MinutesSerializer, filters=False)
    @action(detail=True, methods=["post"])
    def approve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Say for one party that the words are right. Safe to repeat."""
        minutes = self.get_object()
        return self.shown(approve_minutes(minutes, actor=actor_of(request), **self.validated(MinutesApprovalInput)))

    @extend_schema(request=None, responses=MinutesSerializer, filters=False)
    @action(detail=True, methods=["post"])
    def reopen(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Take back the approval of one's own houses. Safe to repeat."""
        return self.shown(reopen_minutes(self.get_object(), actor=actor_of(request)))

    @extend_schema(request=ActionDoneInput, responses=MinutesSerializer, filters=False)
    @action(detail=True, methods=["post"])
    def finish(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Say that an action is done, for the party that does it. Safe to repeat."""
        minutes, values = self.get_object(), self.validated(ActionDoneInput)
        item = get_object_or_404(minutes.items, uid=values.pop("item"))
        finish_item(item, actor=actor_of(request), **values)
        return self.shown(minutes)

    @extend_schema(request=ActionOwedInput, responses=MinutesSerializer, filters=False)
    @action(detail=True, methods=["post"])
    def owe(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Make an obligation of an action that all parties have approved. Safe to repeat."""
        minutes, values = self.get_object(), self.validated(ActionOwedInput)
        item = get_object_or_404(minutes.items, uid=values.pop("item"))
        owe_item(item, actor=actor_of(request), **values)
        return self.shown(minutes)
