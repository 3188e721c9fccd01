"""Requests for stories: asked by one newsroom, answered by another."""

from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from broadcasters.models import Broadcaster
from broadcasters.permissions import house_of
from broadcasters.querysets import member_ids
from mediaexchange.core.api.serializers import SeesOnly, UidOf
from mediaexchange.core.api.views import ExchangeViewSet, actor_of
from mediaexchange.core.validators import validate_language_tag
from newsexchange.constants import RequestStatus
from newsexchange.models import Story, StoryRequest
from newsexchange.services.request import acknowledge_request, ask_story, decline_request, fill_request


class StoryRequestFilter(filters.FilterSet):
    direction = filters.ChoiceFilter(
        method="with_direction", choices=[("received", _("received")), ("sent", _("sent"))]
    )
    status = filters.ChoiceFilter(choices=RequestStatus.choices)

    class Meta:
        model = StoryRequest
        fields: list[str] = []

    def with_direction(self, queryset: QuerySet[StoryRequest], _name: str, value: str) -> QuerySet[StoryRequest]:
        side = "to_broadcaster__in" if value == "received" else "from_broadcaster__in"
        return queryset.filter(**{side: member_ids(self.request.user)})


class StoryRequestSerializer(serializers.ModelSerializer):
    from_broadcaster = serializers.SlugField(source="from_broadcaster.slug", read_only=True)
    to_broadcaster = serializers.SlugField(source="to_broadcaster.slug", read_only=True)
    # None while the caller does not see the story: that there is one under embargo is nobody's business.
    story = serializers.UUIDField(source="seen_story", default=None, read_only=True, allow_null=True)

    class Meta:
        model = StoryRequest
        fields = [
            "uid", "from_broadcaster", "to_broadcaster", "subject", "text", "language", "needed_by", "status", "story",
            "asked_at", "answered_at",
        ]  # fmt: skip


class StoryRequestInput(serializers.Serializer):
    to = SeesOnly(slug_field="slug", queryset=Broadcaster.objects.filter(is_active=True))
    asker = SeesOnly(
        slug_field="slug",
        queryset=Broadcaster.objects.filter(is_active=True),
        required=False,
        help_text="For whom; needed by those who work for several",
    )
    subject = serializers.CharField(max_length=300)
    text = serializers.CharField(max_length=5000, default="", allow_blank=True)
    language = serializers.CharField(max_length=35, default="", allow_blank=True, help_text="BCP 47 tag")
    needed_by = serializers.DateTimeField(default=None, allow_null=True)

    def validate_language(self, value: str) -> str:
        if value:
            validate_language_tag(value)
        return value


class FillInput(serializers.Serializer):
    story = UidOf(queryset=Story.objects.all())


class StoryRequestViewSet(ExchangeViewSet):
    queryset = StoryRequest.objects.select_related("from_broadcaster", "to_broadcaster")
    serializer_class = StoryRequestSerializer
    filterset_class = StoryRequestFilter
    resource = "offers"
    cursor_descending = True

    def get_queryset(self) -> QuerySet[Any]:
        seen = Story.objects.visible_to(self.request.user).filter(pk=OuterRef("story_id"))
        asked: QuerySet[Any] = super().get_queryset().annotate(seen_story=Subquery(seen.values("uid")[:1]))
        return asked

    @extend_schema(request=StoryRequestInput, responses={201: StoryRequestSerializer}, filters=False)
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Ask a partner for a story."""
        values = self.validated(StoryRequestInput)
        actor = actor_of(request)
        asker = house_of(actor, "newsexchange.ask_story", values.pop("asker", None))
        asked = ask_story(asker=asker, of=values.pop("to"), actor=actor, **values)
        return self._shown(asked, status=201)

    @extend_schema(request=None, responses=StoryRequestSerializer, filters=False)
    @action(detail=True, methods=["post"], url_name="acknowledge")
    def acknowledge(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Say that somebody is at it. Safe to repeat."""
        return self._shown(acknowledge_request(self.get_object(), actor=actor_of(request)))

    @extend_schema(request=FillInput, responses=StoryRequestSerializer, filters=False)
    @action(detail=True, methods=["post"], url_name="fill")
    def fill(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Answer with an own story, which is thereby offered to whoever asked. Safe to repeat."""
        asked = self.get_object()
        filled = fill_request(asked, actor=actor_of(request), **self.validated(FillInput))
        return self._shown(filled)

    @extend_schema(request=None, responses=StoryRequestSerializer, filters=False)
    @action(detail=True, methods=["post"], url_name="decline")
    def decline(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Decline; no reason is asked for. Safe to repeat."""
        return self._shown(decline_request(self.get_object(), actor=actor_of(request)))

    def _shown(self, wanted: StoryRequest, status: int = 200) -> Response:
        return self.answer(StoryRequestSerializer, self.get_queryset().get(pk=wanted.pk), status=status)
