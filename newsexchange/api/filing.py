"""Stories that came of assignments, as far as the caller sees both."""

from typing import Any

from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from correspondents.models import Assignment, CoverageWish
from mediaexchange.core.api.serializers import UidOf
from mediaexchange.core.api.views import ExchangeViewSet, actor_of
from mediaexchange.core.api.writing import StrictSerializer
from newsexchange.models import Story
from newsexchange.models.filing import StoryFiled
from newsexchange.services.filing import file_story


class StoryFiledFilter(filters.FilterSet):
    assignment = filters.UUIDFilter(field_name="assignment__uid")
    story = filters.UUIDFilter(field_name="story__uid")

    class Meta:
        model = StoryFiled
        fields: list[str] = []


class StoryFiledSerializer(serializers.ModelSerializer):
    assignment = serializers.UUIDField(source="assignment.uid", read_only=True)
    story = serializers.UUIDField(source="story.uid", read_only=True)
    wish = serializers.UUIDField(source="wish.uid", read_only=True, default=None, allow_null=True)

    class Meta:
        model = StoryFiled
        fields = ["uid", "assignment", "story", "wish", "filed_at"]


class StoryFiledInput(StrictSerializer):
    assignment = UidOf(queryset=Assignment.objects.all())
    story = UidOf(queryset=Story.objects.all())
    wish = UidOf(queryset=CoverageWish.objects.all(), required=False, allow_null=True)


class StoryFiledViewSet(ExchangeViewSet):
    queryset = StoryFiled.objects.select_related("assignment", "story", "wish")
    serializer_class = StoryFiledSerializer
    filterset_class = StoryFiledFilter
    resource = "correspondents"
    cursor_descending = True

    @extend_schema(request=StoryFiledInput, responses={201: StoryFiledSerializer}, filters=False)
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """File a story of the own house for an assignment; a wish that it answers is delivered. Safe to repeat."""
        values = self.validated(StoryFiledInput)
        filed = file_story(values.pop("assignment"), values.pop("story"), actor=actor_of(request), **values)
        return self.answer(StoryFiledSerializer, filed, status=201)
