"""Briefs of agreements, counted when they are asked for, and the schedules by which people have them sent."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from broadcasters.brief_constants import BriefFormat, BriefRhythm, Weekday
from broadcasters.formats.brief import HTML, PDF
from broadcasters.formats.brief_answer import brief_response
from broadcasters.formats.brief_book import XLSX
from broadcasters.models import BriefSubscription, Memorandum
from broadcasters.services.brief import (
    counted_brief,
    last_month_of,
    pause_subscription,
    resume_subscription,
    subscribe,
    unsubscribe,
)
from broadcasters.spans import parse_span
from mediaexchange.core.api.filters import refuse_unknown
from mediaexchange.core.api.problems import BadParameterError
from mediaexchange.core.api.renderers import JSONRenderer
from mediaexchange.core.api.views import ExchangeViewSet, PrivateMixin, actor_of
from mediaexchange.core.languages.tags import DEFAULT, LANGUAGES, shown_language, to_bcp47

_JSON = "json"
_PERIOD = OpenApiParameter("period", description="2026, 2026-Q1, 2026-03 or 2026-W10; else the last whole month")
_FORMAT = OpenApiParameter("format", enum=[_JSON, *BriefFormat.values], description="Instead of “Accept”")


class _Ready(BaseRenderer):
    """Of what a view has rendered itself."""

    charset = None

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> bytes:
        return data if isinstance(data, bytes) else JSONRenderer().render(data)


class PdfRenderer(_Ready):
    media_type, format = PDF, "pdf"


class WorkbookRenderer(_Ready):
    media_type, format = XLSX, "xlsx"


class PageRenderer(_Ready):
    media_type, format = HTML.partition(";")[0], "html"


class BriefFiguresSerializer(serializers.Serializer):
    """Numbers, codes, days, and texts by stored language: the same whichever language is asked for."""

    as_of = serializers.DateTimeField()
    content = serializers.DictField()


class MemorandumBriefView(PrivateMixin, APIView):
    resource = "broadcasters"
    view_permission = "broadcasters.view_memorandum"
    renderer_classes = (JSONRenderer, PdfRenderer, WorkbookRenderer, PageRenderer)

    @extend_schema(
        operation_id="memorandum_brief",
        parameters=[_PERIOD, _FORMAT],
        responses={
            (200, "application/json"): BriefFiguresSerializer,
            (200, PDF): OpenApiResponse(OpenApiTypes.BINARY, "On one A4 page"),
            (200, XLSX): OpenApiResponse(OpenApiTypes.BINARY, "As a workbook, whole"),
            (200, "text/html"): OpenApiResponse(OpenApiTypes.STR, "As a page"),
        },
    )
    def get(self, request: Request, slug: str) -> HttpResponse | Response:
        """The agreement in brief, as the caller may see it at this moment, in the language asked for."""
        refuse_unknown(request, {"period", "format"})
        actor = actor_of(request)
        memorandum = get_object_or_404(Memorandum.objects.visible_to(actor), slug=slug)
        code = request.query_params.get("period", "")
        span = parse_span(code) if code else last_month_of(actor)
        accepted: Any = request.accepted_renderer
        wanted = request.query_params.get("format", accepted.format)
        if wanted not in {_JSON, *BriefFormat.values}:
            raise BadParameterError("format", _('A brief is given as "json", "html", "pdf" or "xlsx".'), "bad-format")
        brief = counted_brief(memorandum, actor, span)
        if wanted == _JSON:
            return Response(BriefFiguresSerializer({"as_of": brief.as_of, "content": brief.content}).data)
        language = shown_language(to_bcp47(get_language() or DEFAULT)) or DEFAULT
        return brief_response(brief, language, wanted)


class ShownLanguageField(serializers.ChoiceField):
    """One of the languages that pages are shown in, by its BCP 47 tag."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=[(each.tag, each.autonym) for each in LANGUAGES], **kwargs)

    def to_representation(self, value: Any) -> str:
        return to_bcp47(value)

    def to_internal_value(self, data: Any) -> str:
        return shown_language(super().to_internal_value(data)) or DEFAULT


class BriefSubscriptionSerializer(serializers.ModelSerializer):
    language = ShownLanguageField(read_only=True)
    memorandum = serializers.SlugRelatedField(slug_field="slug", read_only=True)

    class Meta:
        model = BriefSubscription
        fields = [
            "uid", "memorandum", "rhythm", "weekday", "hour", "language", "format", "paused", "next_due_at",
            "created_at",
        ]  # fmt: skip


class BriefSubscriptionInput(serializers.Serializer):
    memorandum = serializers.SlugField()
    rhythm = serializers.ChoiceField(choices=BriefRhythm.choices, default=BriefRhythm.WEEK)
    weekday = serializers.ChoiceField(choices=Weekday.choices, default=Weekday.MONDAY)
    hour = serializers.IntegerField(min_value=0, max_value=23, default=7)
    language = ShownLanguageField(required=False)
    format = serializers.ChoiceField(choices=BriefFormat.choices, default=BriefFormat.PDF)


class BriefSubscriptionViewSet(ExchangeViewSet):
    """Each account's own."""

    queryset = BriefSubscription.objects.select_related("memorandum", "person")
    serializer_class = BriefSubscriptionSerializer
    resource = "broadcasters"

    @extend_schema(request=BriefSubscriptionInput, responses={201: BriefSubscriptionSerializer})
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Have the brief of an agreement sent from the next period's end on."""
        values, actor = self.validated(BriefSubscriptionInput), actor_of(request)
        memorandum = get_object_or_404(Memorandum.objects.visible_to(actor), slug=values.pop("memorandum"))
        values.setdefault("language", actor.language)
        made = subscribe(BriefSubscription(person=actor, memorandum=memorandum, **values), actor=actor)
        return self.answer(BriefSubscriptionSerializer, self.get_queryset().get(pk=made.pk), 201)

    @extend_schema(request=None, responses=BriefSubscriptionSerializer)
    @action(detail=True, methods=["post"])
    def pause(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self._done(request, pause_subscription)

    @extend_schema(request=None, responses=BriefSubscriptionSerializer)
    @action(detail=True, methods=["post"])
    def resume(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self._done(request, resume_subscription)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        unsubscribe(self.get_object(), actor=actor_of(request))
        return Response(status=204)

    def _done(self, request: Request, deed: Any) -> Response:
        subscription = self.get_object()
        deed(subscription, actor=actor_of(request))
        return self.answer(BriefSubscriptionSerializer, self.get_queryset().get(pk=subscription.pk))
