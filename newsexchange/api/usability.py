"""``/stories/{uid}/usability/`` says yes or no with reasons; ``/stories/{uid}/restrictions/`` is what it goes by."""

from datetime import datetime
from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from mediaexchange.core.api.filters import refuse_unknown
from mediaexchange.core.api.problems import BadParameterError
from mediaexchange.core.api.views import PrivateMixin, actor_of
from mediaexchange.core.rights.terms import PLATFORMS
from mediaexchange.core.rights.territories import KNOWN
from newsexchange.constants import Platform
from newsexchange.dopesheet import restriction_values
from newsexchange.models import Story
from newsexchange.readers import decision_for_reader
from newsexchange.rights import said
from newsexchange.services.restriction import RestrictionsError, set_restrictions


class StatementSerializer(serializers.Serializer):
    code = serializers.CharField(help_text="Stable")
    message = serializers.CharField(help_text="In the language asked for")
    values = serializers.DictField()


class UsabilitySerializer(serializers.Serializer):
    usable = serializers.BooleanField()
    broadcaster = serializers.SlugField(help_text="Whose right it is")
    reasons = StatementSerializer(many=True, help_text="Why not")
    conditions = StatementSerializer(many=True, help_text="What to keep to")


class RestrictionSerializer(serializers.Serializer):
    """One sentence of rights: inside the territories (or outside), on the platforms, in the period."""

    shot = serializers.IntegerField(
        required=False, allow_null=True, min_value=0, max_value=32767, help_text="Place from 0; none is the whole story"
    )
    territories = serializers.ListField(
        child=serializers.CharField(max_length=40),
        required=False,
        max_length=300,
        help_text="ISO 3166-1 alpha-2, XK, or sets such as EU and CIS",
    )
    is_elsewhere = serializers.BooleanField(required=False)
    platforms = serializers.ListField(child=serializers.ChoiceField(choices=Platform.choices), required=False)
    starts_at = serializers.DateTimeField(required=False, allow_null=True)
    ends_at = serializers.DateTimeField(required=False, allow_null=True)
    is_barred = serializers.BooleanField(required=False)
    barred_competitors = serializers.ListField(
        child=serializers.CharField(max_length=100), required=False, max_length=100
    )
    max_seconds = serializers.IntegerField(required=False, allow_null=True, min_value=0, max_value=86_400)
    no_archive = serializers.BooleanField(required=False)
    no_online = serializers.BooleanField(required=False)
    no_edit = serializers.BooleanField(required=False)
    no_resale = serializers.BooleanField(required=False)
    reimport_hours = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=720)
    note = serializers.CharField(required=False, allow_blank=True, max_length=2000)

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict) and (unknown := sorted(map(str, set(data) - set(self.fields)))):
            raise ValidationError(
                {name[:60]: _("There is no such field here.") for name in unknown[:10]}, "unknown-field"
            )
        return super().to_internal_value(data)


class RestrictionsSerializer(serializers.Serializer):
    restrictions = RestrictionSerializer(many=True, max_length=100)  # type: ignore[call-arg]  # the list's own


class UsabilityView(PrivateMixin):
    resource = "stories"
    view_permission = "newsexchange.view_story"

    @extend_schema(
        operation_id="story_usability",
        responses=UsabilitySerializer,
        parameters=[
            OpenApiParameter("platform", str, enum=list(PLATFORMS), description="Any, if not given"),
            OpenApiParameter("territory", str, description="A code or set; the own country, if not given"),
            OpenApiParameter("at", datetime, description="Now, if not given"),
        ],
    )
    def get(self, request: Request, uid: str) -> Response:
        """May we use it, there, then and on that? If not, why not; if so, under which conditions."""
        refuse_unknown(request, {"platform", "territory", "at"})
        story = _story(request, uid)
        asked: dict[str, Any] = {
            "platform": _platform(request), "territory": _territory(request), "at": _moment(request),
        }  # fmt: skip
        try:
            decision, broadcaster = decision_for_reader(story, actor_of(request), **asked)
        except Story.DoesNotExist as error:
            raise Http404 from error
        return Response(
            {
                "usable": decision.is_allowed,
                "broadcaster": broadcaster.slug,
                "reasons": said(decision.reasons, broadcaster),
                "conditions": said(decision.conditions, broadcaster),
            }
        )


class RestrictionsView(PrivateMixin):
    resource = "stories"
    view_permission = "newsexchange.view_restriction"

    @extend_schema(operation_id="story_restrictions", responses=RestrictionsSerializer)
    def get(self, request: Request, uid: str) -> Response:
        """The story's restrictions as data, also for those to whom they leave nothing."""
        refuse_unknown(request, ())
        return _answer(_story(request, uid))

    @extend_schema(
        operation_id="story_restrictions_set", request=RestrictionsSerializer, responses=RestrictionsSerializer
    )
    def put(self, request: Request, uid: str) -> Response:
        """Put these in the place of all restrictions of an own story. Safe to repeat."""
        return self._set(request, uid, keep=False)

    @extend_schema(
        operation_id="story_restrictions_add", request=RestrictionsSerializer, responses=RestrictionsSerializer
    )
    def post(self, request: Request, uid: str) -> Response:
        """Add these to the restrictions of an own story, which has at most 200 in all. Safe to repeat."""
        return self._set(request, uid, keep=True)

    def _set(self, request: Request, uid: str, *, keep: bool) -> Response:
        story = _story(request, uid)
        serializer = RestrictionsSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        rows = serializer.validated_data["restrictions"]
        try:
            story = set_restrictions(story, rows, actor=actor_of(request), keep=keep)
        except RestrictionsError as error:
            raise ValidationError({"restrictions": _by_row(error, len(rows))}) from error
        return _answer(story)


def _by_row(error: RestrictionsError, count: int) -> list[Any]:
    return [error.by_row[number].message_dict if number in error.by_row else {} for number in range(count)]


def _answer(story: Story) -> Response:
    places = {shot.pk: place for place, shot in enumerate(story.shots.all())}
    rows = [restriction_values(item, places) for item in story.restrictions.all()]
    return Response({"restrictions": rows})


def _story(request: Request, uid: str) -> Story:
    story: Story = get_object_or_404(Story.objects.visible_to(request.user), uid=uid)
    return story


def _platform(request: Request) -> str:
    platform = request.query_params.get("platform", "")
    if platform and platform not in PLATFORMS:
        raise BadParameterError("platform", _("There is no such platform."), "unknown-platform")
    return platform


def _territory(request: Request) -> str:
    territory = request.query_params.get("territory", "").upper()
    if territory and territory not in KNOWN:
        raise BadParameterError("territory", _("There is no such territory."), "unknown-territory")
    return territory


def _moment(request: Request) -> datetime | None:
    text = request.query_params.get("at", "")
    if not text:
        return None
    try:
        moment = parse_datetime(text.replace(" ", "+"))  # a plus sign that nobody encoded
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise BadParameterError("at", _("A moment is written like 2026-02-27T18:00:00+01:00."), "bad-moment")
    return moment
