"""``/airing-matches/``: what airings on the caller's channels probably were, and the answers."""

from typing import Any

from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from broadcasters.airing_constants import MatchStatus
from broadcasters.import_words import told_reason
from broadcasters.models import AiringMatch
from broadcasters.services.matching import confirm_match, reject_match
from mediaexchange.core.api.views import ExchangeViewSet, actor_of


class AiringMatchFilter(filters.FilterSet):
    status = filters.ChoiceFilter(choices=MatchStatus.choices)
    subject_type = filters.CharFilter()
    airing = filters.UUIDFilter(field_name="airing__uid")
    channel = filters.CharFilter(field_name="airing__channel__slug")
    score_from = filters.NumberFilter(field_name="score", lookup_expr="gte")

    class Meta:
        model = AiringMatch
        fields: list[str] = []


class AiringMatchSerializer(serializers.ModelSerializer):
    airing = serializers.SlugRelatedField(slug_field="uid", read_only=True)
    channel = serializers.CharField(source="airing.channel.slug", read_only=True)
    started_at = serializers.DateTimeField(source="airing.started_at", read_only=True)
    title = serializers.CharField(source="airing.title", read_only=True, help_text="Of the airing, as it was logged")
    reasons = serializers.SerializerMethodField(help_text="In the language of the answer")
    refusal = serializers.CharField(read_only=True, help_text="Code of what stood against confirming a reference")

    class Meta:
        model = AiringMatch
        fields = [
            "uid", "airing", "channel", "started_at", "title", "subject_type", "subject_uid", "score", "reasons",
            "status", "refusal", "decided_at",
        ]  # fmt: skip

    @extend_schema_field({"type": "array", "items": {"type": "string"}})
    def get_reasons(self, match: AiringMatch) -> list[str]:
        return [told_reason(each) for each in match.reasons]


class AiringMatchViewSet(ExchangeViewSet):
    """A confirmed one makes the use, run or use of footage that reporting by hand makes, once."""

    queryset = AiringMatch.objects.select_related("airing__channel")
    serializer_class = AiringMatchSerializer
    filterset_class = AiringMatchFilter
    resource = "airings"
    cursor_descending = True

    @extend_schema(request=None, responses=AiringMatchSerializer, filters=False)
    @action(detail=True, methods=["post"])
    def confirm(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Say that this was aired. Safe to repeat; the airing's other suggestions are rejected."""
        return self._shown(confirm_match(self.get_object(), actor=actor_of(request)))

    @extend_schema(request=None, responses=AiringMatchSerializer, filters=False)
    @action(detail=True, methods=["post"])
    def reject(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Say that it was something else. Safe to repeat."""
        return self._shown(reject_match(self.get_object(), actor=actor_of(request)))

    def _shown(self, match: AiringMatch) -> Response:
        return self.answer(
            AiringMatchSerializer, AiringMatch.objects.select_related("airing__channel").get(pk=match.pk)
        )
