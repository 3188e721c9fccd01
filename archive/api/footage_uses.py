"""Uses of granted footage: reported by the house that showed it, read by both, taken back when wrong."""

from typing import Any

from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from archive.api.footage_scope import PLATFORM_CHOICES
from archive.api.grants import ReasonInput
from archive.models import Grant, GrantUse
from archive.services.use import report_footage_use, take_back_use
from broadcasters.models import Broadcaster
from broadcasters.permissions import house_of
from broadcasters.querysets import LONGEST_AIRING
from mediaexchange.core.api.serializers import SeesOnly, UidOf
from mediaexchange.core.api.views import ExchangeViewSet, actor_of


class FootageUseFilter(filters.FilterSet):
    grant = filters.UUIDFilter(field_name="grant__uid")
    licence = filters.UUIDFilter(field_name="grant__licence__uid")
    item = filters.UUIDFilter(field_name="grant__item__uid")
    broadcaster = filters.CharFilter(field_name="broadcaster__slug")

    class Meta:
        model = GrantUse
        fields: list[str] = []


class FootageUseSerializer(serializers.ModelSerializer):
    grant = serializers.UUIDField(source="grant.uid", read_only=True)
    licence = serializers.UUIDField(source="grant.licence.uid", default=None, read_only=True, allow_null=True)
    item = serializers.UUIDField(source="grant.item.uid", read_only=True)
    broadcaster = serializers.SlugField(source="broadcaster.slug", read_only=True)

    class Meta:
        model = GrantUse
        fields = [
            "uid", "grant", "licence", "item", "broadcaster", "started_at", "used_ms", "platform", "is_repeat", "note",
            "reported_at", "taken_back_at", "taken_back_reason",
        ]  # fmt: skip


class FootageUseInput(serializers.Serializer):
    grant = UidOf(queryset=Grant.objects.select_related("item"))
    broadcaster = SeesOnly(
        slug_field="slug",
        queryset=Broadcaster.objects.filter(is_active=True),
        required=False,
        help_text="By whom; needed by those who work for several",
    )
    started_at = serializers.DateTimeField()
    used_ms = serializers.IntegerField(min_value=1, max_value=int(LONGEST_AIRING.total_seconds() * 1000))
    platform = serializers.ChoiceField(choices=PLATFORM_CHOICES)
    note = serializers.CharField(max_length=300, default="", allow_blank=True)


class FootageUseViewSet(ExchangeViewSet):
    queryset = GrantUse.objects.select_related("grant__item", "grant__licence", "broadcaster")
    serializer_class = FootageUseSerializer
    filterset_class = FootageUseFilter
    resource = "licences"
    cursor_fields = ("started_at", "id")
    cursor_descending = True

    @extend_schema(request=FootageUseInput, responses={201: FootageUseSerializer}, filters=False)
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Report a showing, also later. Safe to repeat. 409 for what would pass the granted seconds or runs."""
        values = self.validated(FootageUseInput)
        actor = actor_of(request)
        house = house_of(actor, "archive.add_grantuse", values.pop("broadcaster", None))
        use = report_footage_use(values.pop("grant"), actor=actor, broadcaster=house, **values)
        return self._shown(use, status=201)

    @extend_schema(request=ReasonInput, responses=FootageUseSerializer, filters=False)
    @action(detail=True, methods=["post"], url_path="take-back", url_name="take-back")
    def take_back(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Take back what was reported wrongly: it stays and counts no longer. Safe to repeat."""
        use = take_back_use(self.get_object(), actor=actor_of(request), **self.validated(ReasonInput))
        return self._shown(use)

    def _shown(self, use: GrantUse, status: int = 200) -> Response:
        return self.answer(FootageUseSerializer, self.get_queryset().get(pk=use.pk), status=status)
