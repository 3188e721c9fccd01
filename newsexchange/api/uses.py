"""Uses: what became of what was taken."""

from typing import Any

from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from broadcasters.models import Channel
from broadcasters.querysets import LONGEST_AIRING
from mediaexchange.core.api.serializers import SeesOnly, UidOf
from mediaexchange.core.api.views import ExchangeViewSet, actor_of
from mediaexchange.core.validators import validate_language_tag
from newsexchange.constants import UseKind
from newsexchange.models import Take, Use
from newsexchange.services.use import report_use


class UseFilter(filters.FilterSet):
    kind = filters.ChoiceFilter(choices=UseKind.choices)
    story = filters.UUIDFilter(field_name="take__story__uid")
    broadcaster = filters.CharFilter(field_name="take__broadcaster__slug")

    class Meta:
        model = Use
        fields: list[str] = []


class UseSerializer(serializers.ModelSerializer):
    take = serializers.UUIDField(source="take.uid", read_only=True)
    story = serializers.UUIDField(source="take.story.uid", read_only=True)
    broadcaster = serializers.SlugField(source="take.broadcaster.slug", read_only=True)
    channel = serializers.SlugField(source="airing.channel.slug", default=None, read_only=True, allow_null=True)
    duration_ms = serializers.IntegerField(source="airing.duration_ms", default=None, read_only=True, allow_null=True)
    language = serializers.CharField(source="airing.language", default="", read_only=True)

    class Meta:
        model = Use
        fields = [
            "uid", "take", "story", "broadcaster", "kind", "used_at", "channel", "duration_ms", "language", "url",
            "note", "reported_at",
        ]  # fmt: skip


class _KnownTake(UidOf):
    """What was aired before a recall is reported after it too, when the take is listed no longer."""

    def get_queryset(self) -> Any:
        return Take.objects.known_to(self.context["request"].user).select_related("story", "broadcaster")


class UseInput(serializers.Serializer):
    take = _KnownTake(queryset=Take.objects.all())
    kind = serializers.ChoiceField(choices=UseKind.choices)
    channel = SeesOnly(
        slug_field="slug", queryset=Channel.objects.select_related("broadcaster"), required=False, help_text="Airings"
    )
    started_at = serializers.DateTimeField(required=False, help_text="Airings")
    duration_ms = serializers.IntegerField(
        min_value=1, max_value=int(LONGEST_AIRING.total_seconds() * 1000), required=False, help_text="Airings"
    )
    language = serializers.CharField(max_length=35, default="", allow_blank=True, help_text="Airings; BCP 47 tag")
    title = serializers.CharField(max_length=500, default="", allow_blank=True, help_text="Airings: of the programme")
    url = serializers.URLField(max_length=1000, default="", allow_blank=True, help_text="Links")
    used_at = serializers.DateTimeField(required=False, help_text="Links; without it now")
    note = serializers.CharField(max_length=2000, default="", allow_blank=True)

    def validate_language(self, value: str) -> str:
        if value:
            validate_language_tag(value)
        return value


class UseViewSet(ExchangeViewSet):
    queryset = Use.objects.select_related("take__story", "take__broadcaster", "airing__channel")
    serializer_class = UseSerializer
    filterset_class = UseFilter
    resource = "offers"
    cursor_fields = ("used_at", "id")
    cursor_descending = True

    @extend_schema(request=UseInput, responses={201: UseSerializer}, filters=False)
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Tell the origin of an airing or a link. Safe to repeat: the same one again is the same use.

        What was used before a recall is reported after it too; a use after the recall is refused (409).
        """
        use = report_use(actor=actor_of(request), **self.validated(UseInput))
        return self.answer(UseSerializer, use, status=201)
