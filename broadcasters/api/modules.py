"""Modules with their moves and what these rest on. Administrators of a party move them."""

from typing import Any

from django.db.models import Prefetch, QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from broadcasters.api.views import ReferenceViewSet
from broadcasters.constants import ModuleState
from broadcasters.models import Memorandum, Module, ModuleMove, ModuleReview
from broadcasters.services.module import move_module
from mediaexchange.core.api.serializers import TranslatedField, TranslatedSerializer, UidOf
from mediaexchange.core.api.views import actor_of


class ModuleMoveSerializer(serializers.ModelSerializer):
    review = serializers.SlugRelatedField(slug_field="uid", read_only=True, allow_null=True)

    class Meta:
        model = ModuleMove
        fields = ["from_state", "to_state", "reason", "at", "review"]


class ModuleReviewLineSerializer(serializers.ModelSerializer):
    broadcaster = serializers.SlugRelatedField(slug_field="slug", read_only=True)

    class Meta:
        model = ModuleReview
        fields = ["uid", "broadcaster", "first_on", "last_on", "verdict"]


class ModuleSerializer(TranslatedSerializer):
    name = TranslatedField()
    state_reason = TranslatedField()
    demand_note = TranslatedField()
    feasibility_note = TranslatedField()
    parties = serializers.SlugRelatedField(slug_field="slug", many=True, read_only=True)
    memoranda = serializers.SlugRelatedField(slug_field="slug", many=True, read_only=True)
    is_running = serializers.BooleanField(read_only=True)
    moves = ModuleMoveSerializer(many=True, read_only=True)
    reviews = ModuleReviewLineSerializer(many=True, read_only=True)

    class Meta:
        model = Module
        fields = [
            "slug", "name", "area", "state", "is_running", "state_reason", "state_changed_at", "demand_note",
            "feasibility_note", "parties", "memoranda", "moves", "reviews", "text_languages",
        ]  # fmt: skip


class ModuleMoveInput(serializers.Serializer):
    state = serializers.ChoiceField(choices=ModuleState.choices)
    reason = serializers.CharField(max_length=2000)
    review = UidOf(queryset=ModuleReview.objects.all(), required=False, help_text="The review that the move rests on")


class ModuleViewSet(ReferenceViewSet):
    queryset = Module.objects.prefetch_related("parties", "moves__review", "reviews__broadcaster")
    serializer_class = ModuleSerializer
    filterset_fields = ["area", "state"]

    def get_queryset(self) -> QuerySet[Module]:
        known = Memorandum.objects.visible_to(self.request.user)
        rows: QuerySet[Module] = super().get_queryset()
        return rows.prefetch_related(Prefetch("memoranda", known))

    @extend_schema(request=ModuleMoveInput, responses=ModuleSerializer)
    @action(detail=True, methods=["post"])
    def move(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Start, pause, scale or end the module, with a reason; a review may be what it rests on."""
        module = self.get_object()
        move_module(module, actor=actor_of(request), **self.validated(ModuleMoveInput))
        return Response(self.get_serializer(self.get_queryset().get(pk=module.pk)).data)
