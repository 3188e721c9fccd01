"""Earlier versions of a story: a list of what became of it, and each whole on demand."""

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from mediaexchange.core.api.pagination import CursorPagination
from mediaexchange.core.api.views import ExchangeViewSet, actor_of
from newsexchange.constants import Road
from newsexchange.models import Story, StoryVersion
from newsexchange.readers import given_snapshot, is_own
from newsexchange.services.receipt import note_reading

_MAY_VIEW = "newsexchange.view_storyversion"
NUMBER = OpenApiParameter("version", int, OpenApiParameter.PATH, description="As in the list")


class VersionCardSerializer(serializers.ModelSerializer):
    url = serializers.SerializerMethodField(help_text="The whole version")

    class Meta:
        model = StoryVersion
        fields = ["version", "kind", "published_at", "note", "url"]

    def get_url(self, version: StoryVersion) -> str:
        arguments = [self.context["story"].uid, version.version]
        return reverse("api:story-version", args=arguments, request=self.context["request"])


class VersionSerializer(serializers.ModelSerializer):
    class Meta:
        model = StoryVersion
        fields = ["version", "kind", "published_at", "note", "snapshot"]


class _VersionPages(CursorPagination):
    cursor_fields = ("version",)
    cursor_descending = True
    serializer_class = VersionCardSerializer


class StoryVersionsMixin(ExchangeViewSet):
    """A partner sees the versions after the last recall, and of each what is given to others."""

    lists_below = frozenset({"versions"})

    @extend_schema(responses=VersionCardSerializer(many=True))
    @action(detail=True, filterset_class=None, pagination_class=_VersionPages, view_permission=_MAY_VIEW)
    def versions(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The published versions, newest first, without their texts."""
        story = self.readable()
        paginator = _VersionPages()
        found = StoryVersion.objects.visible_to(request.user).filter(story=story).defer("snapshot")
        page = paginator.paginate_queryset(found, request, paginator)  # type: ignore[arg-type]  # it has the order
        note_reading([story], actor_of(request), Road.API)
        context = {"request": request, "story": story}
        return paginator.get_paginated_response(VersionCardSerializer(page, many=True, context=context).data)

    @extend_schema(responses=VersionSerializer, parameters=[NUMBER], filters=False)
    @action(
        detail=True, url_path="versions/<int:version>", url_name="version", filterset_class=None,
        pagination_class=None, view_permission=_MAY_VIEW,
    )  # fmt: skip
    def version(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One version, whole, as it was published."""
        story = self.readable()
        if kwargs["version"] > _LARGEST:
            raise Http404
        version = get_object_or_404(
            StoryVersion.objects.visible_to(request.user), story=story, version=kwargs["version"]
        )
        note_reading([story], actor_of(request), Road.API)
        if not is_own(story, actor_of(request)):
            version.story = story
            version.snapshot = given_snapshot(version)
        return Response(VersionSerializer(version).data)

    def readable(self) -> Story:
        """The story, if the caller may read more of it than its card; ForbiddenError otherwise."""
        raise NotImplementedError


_LARGEST = 2**31 - 1  # what the column holds
