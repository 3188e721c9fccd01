"""Stages with the moves between them, themes and advisory rules: rows that all houses share."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from mediaexchange.core.api.serializers import TranslatedField, TranslatedSerializer
from mediaexchange.core.api.views import ExchangeViewSet
from productions.models import RuleSet, Stage, StageMove, Theme


class StageMoveSerializer(serializers.ModelSerializer):
    stage = serializers.SlugField(source="to_stage.slug", read_only=True)

    class Meta:
        model = StageMove
        fields = ["stage", "needs_reason", "needs_review"]


class StageSerializer(TranslatedSerializer):
    """``moves`` begin here. Stages that are reached from every open stage stand in no such list."""

    name = TranslatedField()
    moves = serializers.SerializerMethodField()
    is_reached_from_anywhere = serializers.SerializerMethodField()

    class Meta:
        model = Stage
        fields = [
            "slug", "name", "position", "is_initial", "is_shared", "is_pilot", "is_delivering", "is_closed",
            "is_stopped", "moves", "is_reached_from_anywhere", "text_languages",
        ]  # fmt: skip

    @extend_schema_field(StageMoveSerializer(many=True))
    def get_moves(self, stage: Stage) -> list[dict[str, object]]:
        moves = sorted(stage.moves_out.all(), key=lambda move: move.to_stage.position)
        return StageMoveSerializer(moves, many=True).data  # type: ignore[return-value]

    def get_is_reached_from_anywhere(self, stage: Stage) -> bool:
        return any(move.from_stage_id is None for move in stage.moves_in.all())


class StageViewSet(ExchangeViewSet):
    """The road of a production. Houses may add stages and moves."""

    queryset = Stage.objects.prefetch_related("moves_out__to_stage", "moves_in")
    serializer_class = StageSerializer
    lookup_field = "slug"
    lookup_value_converter = "slug"
    cursor_fields = ("position", "id")
    resource = "productions"


class ThemeSerializer(TranslatedSerializer):
    name = TranslatedField()

    class Meta:
        model = Theme
        fields = ["slug", "name", "text_languages"]


class ThemeViewSet(ExchangeViewSet):
    """What productions are about."""

    queryset = Theme.objects.all()
    serializer_class = ThemeSerializer
    lookup_field = "slug"
    lookup_value_converter = "slug"
    cursor_fields = ("slug",)
    resource = "productions"


class RuleSetSerializer(TranslatedSerializer):
    name = TranslatedField()
    note = TranslatedField()

    class Meta:
        model = RuleSet
        fields = [
            "slug", "name", "note", "source_url", "bilateral_least", "bilateral_most", "multilateral_least",
            "multilateral_most", "is_active", "text_languages",
        ]  # fmt: skip


class RuleSetViewSet(ExchangeViewSet):
    """Between which shares conventions want their partners. They advise and never refuse."""

    queryset = RuleSet.objects.all()
    serializer_class = RuleSetSerializer
    lookup_field = "slug"
    lookup_value_converter = "slug"
    cursor_fields = ("slug",)
    resource = "productions"
