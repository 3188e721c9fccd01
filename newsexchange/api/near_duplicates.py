"""``/stories/{uid}/near-duplicates/``: what other feeds bring about the same, as far as the caller sees both."""

from typing import Any

from django.db.models import Q
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from mediaexchange.core.api.filters import refuse_unknown
from mediaexchange.core.api.views import PrivateMixin
from newsexchange.constants import StoryStatus
from newsexchange.models import NearDuplicate, Story

LIMIT = 100


class NearDuplicateSerializer(serializers.Serializer):
    story = serializers.UUIDField(help_text="The other story")
    broadcaster = serializers.SlugField()
    distance = serializers.IntegerField(help_text="0 says the same; at most 6 of 64")
    is_earlier = serializers.BooleanField(help_text="It was published before this one")


class NearDuplicatesView(PrivateMixin):
    resource = "stories"
    view_permission = "newsexchange.view_nearduplicate"

    @extend_schema(operation_id="stories_near_duplicates_list", responses=NearDuplicateSerializer(many=True))
    def get(self, request: Request, uid: Any) -> Response:
        """The likest first; at most 100."""
        refuse_unknown(request, ())
        visible = Story.objects.visible_to(request.user).filter(status=StoryStatus.PUBLISHED)
        story = get_object_or_404(visible.only("pk"), uid=uid)
        pairs = NearDuplicate.objects.visible_to(request.user).filter(Q(story=story) | Q(other=story))
        rows = [
            {
                "story": other.uid,
                "broadcaster": other.broadcaster.slug,
                "distance": pair.distance,
                "is_earlier": other.pk == pair.other_id,
            }
            for pair in pairs.select_related("story__broadcaster", "other__broadcaster").order_by("distance", "pk")[
                :LIMIT
            ]
            for other in (pair.other if pair.story_id == story.pk else pair.story,)
        ]
        return Response(NearDuplicateSerializer(rows, many=True).data)
