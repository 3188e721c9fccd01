"""Machine translations of own stories: order one, see how it is coming along, call it off.

Approving one is left to people at their desks: see the review page of the admin.
"""

from typing import Any

from django.shortcuts import get_object_or_404
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from mediaexchange.core.api.filters import refuse_unknown
from mediaexchange.core.api.views import ExchangeViewSet, PrivateMixin, actor_of
from mediaexchange.core.languages.tags import STORED, to_bcp47
from mediaexchange.core.validators import validate_language_tag
from newsexchange.constants import OrderStatus
from newsexchange.models import Story, TranslationOrder
from newsexchange.services.translation_memory import home_of
from newsexchange.services.translation_order import cancel_order, order_translation


class TranslationFilter(filters.FilterSet):
    story = filters.UUIDFilter(field_name="story__uid")
    status = filters.ChoiceFilter(choices=OrderStatus.choices)
    target_language = filters.CharFilter(method="into", label="BCP 47 tag")

    class Meta:
        model = TranslationOrder
        fields: list[str] = []

    def into(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.filter(target_language=home_of(value))


class TranslationSerializer(serializers.ModelSerializer):
    """``error`` says why there is no translation, or what one of several services refused."""

    story = serializers.UUIDField(source="story.uid", read_only=True)
    source_language = serializers.SerializerMethodField()
    target_language = serializers.SerializerMethodField()
    message = serializers.CharField(source="get_error_display", read_only=True, help_text="The error in words")

    class Meta:
        model = TranslationOrder
        fields = [
            "uid", "story", "source_version", "source_language", "target_language", "status", "error", "message",
            "attempts", "tool", "created_at", "finished_at", "reviewed_at", "reason",
        ]  # fmt: skip

    def get_source_language(self, order: TranslationOrder) -> str:
        return _tag(order.source_language)

    def get_target_language(self, order: TranslationOrder) -> str:
        return _tag(order.target_language)


class TranslationInput(serializers.Serializer):
    language = serializers.CharField(max_length=35, help_text="BCP 47 tag of the language to translate into")

    def validate_language(self, value: str) -> str:
        validate_language_tag(value)
        return value


class TranslationViewSet(ExchangeViewSet):
    """Seen by the story's own house alone."""

    queryset = TranslationOrder.objects.select_related("story").defer("source", "segments", "story__body")
    serializer_class = TranslationSerializer
    filterset_class = TranslationFilter
    resource = "stories"
    view_permission = "newsexchange.view_translationorder"
    cursor_fields = ("created_at", "id")
    cursor_descending = True

    @extend_schema(request=None, responses=TranslationSerializer, filters=False)
    @action(detail=True, methods=["post"], url_name="cancel")
    def cancel(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Call it off before anybody has decided on it. Safe to repeat."""
        return self.answer(TranslationSerializer, cancel_order(self.get_object(), actor=actor_of(request)))


class StoryTranslationsView(PrivateMixin):
    resource = "stories"
    view_permission = "newsexchange.view_translationorder"

    @extend_schema(
        operation_id="stories_translations_create", request=TranslationInput, responses={201: TranslationSerializer}
    )
    def post(self, request: Request, uid: Any) -> Response:
        """Have the original translated by the house's services, for a person to review.

        Safe to repeat: for one version and language there is one order, unless it failed, was called off or rejected.
        """
        refuse_unknown(request, ())
        story = get_object_or_404(Story.objects.own(actor_of(request)), uid=uid)
        serializer = TranslationInput(data=request.data)
        serializer.is_valid(raise_exception=True)
        order = order_translation(story, serializer.validated_data["language"], actor=actor_of(request))
        return Response(TranslationSerializer(order).data, status=201)


def _tag(home: str) -> str:
    return to_bcp47(home) if home in STORED else home
