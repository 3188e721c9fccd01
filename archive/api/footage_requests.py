"""Footage requests: asked by one house, quoted and decided line by line by the holder, withdrawn by who asked."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from archive.api.footage_scope import PLATFORM_CHOICES, ScopeInput, days_of
from archive.constants import RequestStatus
from archive.models import FootageRequest, Item, RequestLine, Segment
from archive.services.footage_request import (
    MAX_LINES,
    Answer,
    Conditions,
    Wanted,
    ask_footage,
    decide_request,
    quote_request,
    withdraw_request,
)
from broadcasters.models import Broadcaster, Module
from broadcasters.permissions import house_of
from broadcasters.querysets import member_ids
from mediaexchange.core.api.serializers import SeesOnly, UidOf
from mediaexchange.core.api.views import ExchangeViewSet, actor_of
from mediaexchange.core.errors import DomainError
from mediaexchange.core.languages.localize import localized

_MOST_SECONDS = 1_000_000


class FootageRequestFilter(filters.FilterSet):
    direction = filters.ChoiceFilter(
        method="with_direction", choices=[("received", _("received")), ("sent", _("sent"))]
    )
    status = filters.ChoiceFilter(choices=RequestStatus.choices)

    class Meta:
        model = FootageRequest
        fields: list[str] = []

    def with_direction(self, queryset: QuerySet[FootageRequest], _name: str, value: str) -> QuerySet[FootageRequest]:
        side = "holder__in" if value == "received" else "broadcaster__in"
        return queryset.filter(**{side: member_ids(self.request.user)})


class RequestLineSerializer(serializers.ModelSerializer):
    item = serializers.UUIDField(source="item.uid", read_only=True)
    item_title = serializers.SerializerMethodField()
    segment = serializers.UUIDField(source="segment.uid", default=None, read_only=True, allow_null=True)
    status_text = serializers.CharField(source="get_status_display", read_only=True)

    class Meta:
        model = RequestLine
        fields = [
            "uid", "item", "item_title", "segment", "seconds", "runs", "note", "quoted_amount", "quoted_currency",
            "status", "status_text", "reason", "approved_seconds", "approved_runs",
        ]  # fmt: skip

    def get_item_title(self, line: RequestLine) -> str:
        return localized(line.item, "title")


class FootageRequestSerializer(serializers.ModelSerializer):
    broadcaster = serializers.SlugField(source="broadcaster.slug", read_only=True)
    holder = serializers.SlugField(source="holder.slug", read_only=True)
    module = serializers.SlugField(source="module.slug", read_only=True)
    starts_on = serializers.SerializerMethodField()
    ends_on = serializers.SerializerMethodField()
    status_text = serializers.CharField(source="get_status_display", read_only=True)
    licence = serializers.SerializerMethodField()
    lines = RequestLineSerializer(many=True, read_only=True)

    class Meta:
        model = FootageRequest
        fields = [
            "uid", "broadcaster", "holder", "module", "purpose", "production_title", "territories", "platforms",
            "languages", "starts_on", "ends_on", "starts_at", "ends_at", "time_zone", "is_exclusive", "status",
            "status_text", "answer", "licence", "created_at", "decided_at", "lines",
        ]  # fmt: skip

    def get_starts_on(self, asked: FootageRequest) -> str:
        return days_of(asked)[0]

    def get_ends_on(self, asked: FootageRequest) -> str:
        """The last day, to its end, in the request's zone."""
        return days_of(asked)[1]

    def get_licence(self, asked: FootageRequest) -> UUID | None:
        licence = getattr(asked, "licence", None)
        return licence.uid if licence else None


class WantedInput(serializers.Serializer):
    item = UidOf(queryset=Item.objects.all(), required=False, help_text="Needed without a segment")
    segment = UidOf(queryset=Segment.objects.select_related("item"), required=False)
    seconds = serializers.IntegerField(min_value=1, max_value=_MOST_SECONDS, help_text="In all runs together")
    runs = serializers.IntegerField(min_value=1, max_value=10_000, default=1)
    note = serializers.CharField(max_length=500, default="", allow_blank=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        segment: Segment | None = attrs.get("segment")
        attrs.setdefault("item", segment.item if segment else None)
        attrs.setdefault("segment", None)
        if attrs["item"] is None:
            raise serializers.ValidationError({"item": _("Name an item or a segment.")}, "required")
        return attrs


class FootageRequestInput(ScopeInput):
    broadcaster = SeesOnly(
        slug_field="slug",
        queryset=Broadcaster.objects.filter(is_active=True),
        required=False,
        help_text="For whom; needed by those who work for several",
    )
    module = SeesOnly(slug_field="slug", queryset=Module.objects.all(), required=False)
    purpose = serializers.CharField(max_length=5000)
    production_title = serializers.CharField(max_length=300, default="", allow_blank=True)
    is_exclusive = serializers.BooleanField(default=False)
    lines = WantedInput(many=True, min_length=1, max_length=MAX_LINES)  # type: ignore[call-arg]  # the list's own


class PriceInput(serializers.Serializer):
    line = serializers.UUIDField()
    amount = serializers.DecimalField(max_digits=14, decimal_places=2, min_value=Decimal(0))
    currency = serializers.RegexField(r"^[A-Z]{3}$", help_text="ISO 4217")


class QuoteInput(serializers.Serializer):
    prices = PriceInput(many=True, max_length=MAX_LINES)  # type: ignore[call-arg]  # the list's own
    answer = serializers.CharField(max_length=5000, default="", allow_blank=True)


class AnswerInput(serializers.Serializer):
    line = serializers.UUIDField()
    approve = serializers.BooleanField()
    seconds = serializers.IntegerField(min_value=1, required=False, help_text="What was asked for, if not given")
    runs = serializers.IntegerField(min_value=1, required=False, help_text="What was asked for, if not given")
    reason = serializers.CharField(
        max_length=2000, default="", allow_blank=True, help_text="Needed for a refusal, and for less than was asked"
    )


class DecisionInput(serializers.Serializer):
    answers = AnswerInput(many=True, min_length=1, max_length=MAX_LINES)  # type: ignore[call-arg]  # the list's own
    answer = serializers.CharField(max_length=5000, default="", allow_blank=True)
    ends_on = serializers.DateField(required=False, help_text="An earlier last day")
    repeat_hours = serializers.IntegerField(min_value=0, max_value=8760, default=0)
    embargoed_until = serializers.DateTimeField(required=False)
    holdback_until = serializers.DateTimeField(required=False)
    holdback_platforms = serializers.ListField(child=serializers.ChoiceField(choices=PLATFORM_CHOICES), default=list)
    terms = serializers.CharField(max_length=10_000, default="", allow_blank=True)
    credit_line = serializers.CharField(max_length=300, default="", allow_blank=True)
    is_clip_only = serializers.BooleanField(default=True)


class FootageRequestViewSet(ExchangeViewSet):
    queryset = FootageRequest.objects.select_related("broadcaster", "holder", "module", "licence").prefetch_related(
        "lines__item", "lines__segment"
    )
    serializer_class = FootageRequestSerializer
    filterset_class = FootageRequestFilter
    resource = "licences"
    cursor_descending = True

    @extend_schema(request=FootageRequestInput, responses={201: FootageRequestSerializer}, filters=False)
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Ask a holder for a licence for items or stretches of them; 409 while the module is paused."""
        values = self.validated(FootageRequestInput)
        actor = actor_of(request)
        asker = house_of(actor, "archive.add_footagerequest", values.pop("broadcaster", None))
        lines = [Wanted(**line) for line in values.pop("lines")]
        asked = ask_footage(asker=asker, actor=actor, lines=lines, **values)
        return self._shown(asked, status=201)

    @extend_schema(request=QuoteInput, responses=FootageRequestSerializer, filters=False)
    @action(detail=True, methods=["post"], url_name="quote")
    def quote(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Name prices for lines of a request to one's own house; may be repeated until it is decided."""
        asked = self.get_object()
        values = self.validated(QuoteInput)
        prices = _by_line(asked, [(each["line"], (each["amount"], each["currency"])) for each in values["prices"]])
        quote_request(asked, actor=actor_of(request), prices=prices, answer=values["answer"])
        return self._shown(asked)

    @extend_schema(request=DecisionInput, responses=FootageRequestSerializer, filters=False)
    @action(detail=True, methods=["post"], url_name="decide")
    def decide(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Approve, cut or refuse every line; what is approved becomes a licence. All or nothing."""
        asked = self.get_object()
        values = self.validated(DecisionInput)
        answers = _by_line(
            asked,
            [
                (each["line"], Answer(each["approve"], each.get("seconds"), each.get("runs"), each["reason"]))
                for each in values.pop("answers")
            ],
        )
        answer = values.pop("answer")
        decide_request(asked, actor=actor_of(request), answers=answers, answer=answer, conditions=Conditions(**values))
        return self._shown(asked)

    @extend_schema(request=None, responses=FootageRequestSerializer, filters=False)
    @action(detail=True, methods=["post"], url_name="withdraw")
    def withdraw(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Take an own request back before it is decided. Safe to repeat."""
        asked = withdraw_request(self.get_object(), actor=actor_of(request))
        return self._shown(asked)

    def _shown(self, asked: FootageRequest, status: int = 200) -> Response:
        return self.answer(FootageRequestSerializer, self.get_queryset().get(pk=asked.pk), status=status)


def _by_line(asked: FootageRequest, named: list[tuple[UUID, Any]]) -> dict[int, Any]:
    """Raises DomainError for a line of another request, or one that is named twice."""
    ids = {line.uid: line.pk for line in asked.lines.all()}
    found: dict[int, Any] = {}
    for uid, value in named:
        if uid not in ids or ids[uid] in found:
            raise DomainError("line-unknown", _("There is no such line in this request."), line=str(uid))
        found[ids[uid]] = value
    return found
