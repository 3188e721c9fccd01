"""Stories, offers, takes, recalls, feeds and quarantine."""

from collections.abc import Iterable, Sequence
from typing import Any

import orjson
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.utils.http import http_date
from django.utils.translation import get_language
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from broadcasters.permissions import require
from mediaexchange.core.api.filters import refuse_unknown
from mediaexchange.core.api.pagination import CursorPagination
from mediaexchange.core.api.preconditions import etag_of
from mediaexchange.core.api.renderers import stored
from mediaexchange.core.api.sparse import pick, wanted_fields, wants_translations
from mediaexchange.core.api.views import ExchangeViewSet, actor_of
from mediaexchange.core.errors import ForbiddenError
from mediaexchange.core.languages.tags import DEFAULT
from newsexchange.api import serializers
from newsexchange.api.filters import OfferFilter, QuarantineFilter, StoryFilter
from newsexchange.api.plain_reading import DETAIL_PARAMETERS, LIST_PARAMETERS, newest_cards, whole_story
from newsexchange.api.story_writing import StoryWritingMixin
from newsexchange.api.versions import StoryVersionsMixin
from newsexchange.constants import Road, StoryStatus
from newsexchange.formats import api
from newsexchange.models import Feed, Offer, QuarantinedEntry, Recall, RecallNotice, Story, Take
from newsexchange.readers import require_reading
from newsexchange.services.documents import documents_of
from newsexchange.services.offer import decline_offer, offer_story, take_offer, withdraw_offer
from newsexchange.services.recall import acknowledge_recall, recall_story, restore_story
from newsexchange.services.receipt import note_reading
from newsexchange.services.replay import dismiss_entry, replay_entry
from newsexchange.services.sync import request_sync
from newsexchange.text import texts_of


class StoryViewSet(StoryWritingMixin, StoryVersionsMixin):
    """Published stories, and one's own drafts. Lists and details pass on what was rendered for the version.

    A list is ordered by what never changes, so that a story updated while somebody turns the pages is neither lost nor
    shown twice; “-versioned_at” shows first what changed last, and does move.
    """

    queryset = Story.objects.all()
    serializer_class = serializers.StorySerializer
    list_serializer_class = serializers.StoryCardSerializer
    filterset_class = StoryFilter
    resource = "stories"
    cursor_fields = ("published_at", "id")
    cursor_descending = True
    orderings = {"-published_at": (("published_at", "id"), True), "-versioned_at": (("versioned_at", "id"), True)}

    @extend_schema(responses=serializers.StoryCardSerializer(many=True))
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """A page of cards: keyset over the ids that the caller may see, joined to stored bytes."""
        if request.query_params.keys() <= LIST_PARAMETERS:
            return newest_cards(request)
        paginator = CursorPagination()
        stories = self.filter_queryset(self.get_queryset()).only("id", "versioned_at", "published_at")
        if request.query_params.get("status") == StoryStatus.DRAFT:  # never published: there is no such moment
            self.cursor_fields, self.orderings = ("versioned_at", "id"), {}
        else:
            stories = stories.filter(status=StoryStatus.PUBLISHED)
        page = paginator.paginate_queryset(stories, request, self)
        ids = [story.pk for story in page]
        cards = documents_of(ids, api.CARD, get_language() or DEFAULT, reader=actor_of(request))
        if paginator.wanted or wants_translations(request):
            return paginator.get_paginated_response(self._opened(cards, request))
        return paginator.get_paginated_response([stored(card) for card in cards])

    @extend_schema(responses=serializers.StorySerializer)
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The whole story. Its ETag is what a change must bring as If-Match."""
        if request.query_params.keys() <= DETAIL_PARAMETERS and (whole := whole_story(request, kwargs["uid"])):
            return whole
        wanted = wanted_fields(request, serializers.StorySerializer)
        story = self.readable()
        note_reading([story], actor_of(request), Road.API)
        response = self.shown(story)
        if wanted or wants_translations(request):
            rows = self._opened([self._document(story, api.DETAIL)], request, with_body=True)
            if not rows:
                raise Http404  # out of sight since
            response.data = pick(rows[0], wanted)
        return response

    def readable(self) -> Story:
        story: Story = self.get_object()
        self._require_reading(story)
        return story

    def _require_reading(self, story: Story) -> None:
        """What a partner may not use at all they do not read: the refusal holds the reasons and the card."""
        try:
            require_reading(story, actor_of(self.request))
        except ForbiddenError as refusal:
            refusal.details["card"] = orjson.loads(self._document(story, api.CARD))
            raise
        except Story.DoesNotExist as error:
            raise Http404 from error  # out of sight since

    def shown(self, story: Story, status: int = 200) -> Response:
        content = self._document(story, api.DETAIL)
        headers = {
            "Content-Language": _language_of(content),
            "ETag": etag_of(story.revision, content + self.request.get_full_path()),
            "Last-Modified": http_date(story.versioned_at.timestamp()),
        }
        return Response(stored(content), headers=headers, status=status)

    def _opened(self, documents: Iterable[str], request: Request, *, with_body: bool = False) -> Sequence[Any]:
        """Stored documents as records, with every language if that was asked for."""
        records = [orjson.loads(document) for document in documents]
        if wants_translations(request):
            visible = Story.objects.visible_to(request.user).filter(uid__in=[record["uid"] for record in records])
            texts = {
                str(story.uid): texts_of(story, with_body=with_body) for story in visible.prefetch_related("editions")
            }
            records = [record | {"translations": texts[record["uid"]]} for record in records if record["uid"] in texts]
        return records

    @extend_schema(
        request=serializers.OfferInput, responses={201: serializers.OfferSerializer(many=True)}, filters=False
    )
    @action(detail=True, methods=["post"], url_name="offer", resource="offers")
    def offer(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Offer the story to partners, or under a module. Safe to repeat."""
        story = self.own()
        values = self.validated(serializers.OfferInput)
        offers = offer_story(story, to=values["to"], module=values.get("module"), actor=actor_of(request))
        return self.answer_many(serializers.OfferSerializer, offers, status=201)

    @extend_schema(request=serializers.RecallInput, responses={201: serializers.RecallSerializer}, filters=False)
    @action(detail=True, methods=["post"], url_name="recall")
    def recall(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Kill or withhold the story everywhere. Safe to repeat."""
        story = self.own()
        recall = recall_story(story, actor=actor_of(request), **self.validated(serializers.RecallInput))
        return self.answer(serializers.RecallSerializer, recall, status=201)

    @extend_schema(request=None, responses=serializers.StorySerializer, filters=False)
    @action(detail=True, methods=["post"], url_name="restore")
    def restore(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Make a withheld story usable again. Safe to repeat."""
        return self.shown(restore_story(self.own(), actor=actor_of(request)))

    def answer_many(self, serializer_class: Any, rows: Any, status: int = 200) -> Response:
        data = serializer_class(rows, many=True, context=self.get_serializer_context()).data
        return Response(data, status=status)

    def own(self) -> Story:
        """The story, if its own broadcaster is the caller's; otherwise ForbiddenError (it is visible: offered)."""
        story: Story = self.get_object()
        require(actor_of(self.request), "newsexchange.change_story", story.broadcaster_id)
        return story

    def _document(self, story: Story, format: str) -> str:
        documents = documents_of([story.pk], format, get_language() or DEFAULT, reader=actor_of(self.request))
        if not documents:
            raise Http404
        return documents[0]


def _language_of(content: str) -> str:
    """The language a rendered document says it is in: by fallback another one than was asked for."""
    return str(orjson.loads(content)["language"])


class OfferViewSet(ExchangeViewSet):
    queryset = Offer.objects.select_related("story__broadcaster", "to_broadcaster", "module")
    serializer_class = serializers.OfferSerializer
    filterset_class = OfferFilter
    resource = "offers"
    cursor_descending = True

    @extend_schema(request=serializers.TakeInput, responses={201: serializers.TakeSerializer}, filters=False)
    @action(detail=True, methods=["post"], url_name="take")
    def take(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Take the offered story, accepting the credit duty. Safe to repeat."""
        offer = self.get_object()
        take = take_offer(offer, actor=actor_of(request), **self.validated(serializers.TakeInput))
        return self.answer(serializers.TakeSerializer, take, status=201)

    @extend_schema(request=None, responses=serializers.OfferSerializer, filters=False)
    @action(detail=True, methods=["post"], url_name="decline")
    def decline(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Decline; no reason is asked for. Safe to repeat."""
        return self.answer(serializers.OfferSerializer, decline_offer(self.get_object(), actor=actor_of(request)))

    @extend_schema(request=None, responses=serializers.OfferSerializer, filters=False)
    @action(detail=True, methods=["post"], url_name="withdraw")
    def withdraw(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Take an unanswered offer back. Safe to repeat."""
        return self.answer(serializers.OfferSerializer, withdraw_offer(self.get_object(), actor=actor_of(request)))


class TakeViewSet(ExchangeViewSet):
    queryset = Take.objects.select_related("story", "broadcaster")
    serializer_class = serializers.TakeSerializer
    resource = "offers"
    cursor_descending = True


class RecallViewSet(ExchangeViewSet):
    queryset = Recall.objects.select_related("story__broadcaster")
    serializer_class = serializers.RecallSerializer
    resource = "stories"
    cursor_descending = True

    @extend_schema(responses=serializers.RecallDetailSerializer)
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One recall; for the origin also who had the story, by which roads, and who has confirmed that it is gone."""
        return super().retrieve(request, *args, **kwargs)

    def get_serializer_class(self) -> Any:
        return serializers.RecallDetailSerializer if self.action == "retrieve" else super().get_serializer_class()


class RecallNoticeViewSet(ExchangeViewSet):
    queryset = RecallNotice.objects.select_related("recall__story__broadcaster", "broadcaster")
    serializer_class = serializers.RecallNoticeSerializer
    resource = "stories"
    cursor_descending = True

    @extend_schema(request=None, responses=serializers.RecallNoticeSerializer, filters=False)
    @action(detail=True, methods=["post"], url_name="acknowledge")
    def acknowledge(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Confirm that the story is gone at the caller's broadcaster. Safe to repeat."""
        notice = acknowledge_recall(self.get_object(), actor=actor_of(request))
        return self.answer(serializers.RecallNoticeSerializer, notice)


class FeedViewSet(ExchangeViewSet):
    queryset = Feed.objects.select_related("broadcaster", "module")
    serializer_class = serializers.FeedSerializer
    lookup_field = "slug"
    lookup_value_converter = "slug"
    resource = "feeds"
    cursor_fields = ("slug",)
    filterset_fields = ["format", "is_active"]

    @extend_schema(request=None, responses={202: serializers.SyncStartedSerializer}, filters=False)
    @action(detail=True, methods=["post"], url_name="sync")
    def sync(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Fetch the feed now, in the background."""
        feed = self.get_object()
        started = request_sync(feed, actor=actor_of(request))
        return Response({"feed": feed.slug, "started": started}, status=202)


class QuarantineViewSet(ExchangeViewSet):
    queryset = QuarantinedEntry.objects.select_related("feed")
    serializer_class = serializers.QuarantinedEntrySerializer
    filterset_class = QuarantineFilter
    resource = "feeds"
    cursor_descending = True

    def get_queryset(self) -> QuerySet[Any]:
        queryset = super().get_queryset()
        return queryset if self.action in ("payload", "replay") else queryset.defer("payload")

    @extend_schema(responses={(200, "application/octet-stream"): bytes}, filters=False)
    @action(detail=True)
    def payload(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        """The raw bytes, as a download: they are foreign and may be anything."""
        refuse_unknown(request, ())
        entry = self.get_object()
        return HttpResponse(
            bytes(entry.payload),
            content_type="application/octet-stream",
            headers={
                "Content-Disposition": f'attachment; filename="{entry.uid}.bin"',
                "X-Content-Type-Options": "nosniff",
            },
        )

    @extend_schema(request=None, responses=serializers.QuarantinedEntrySerializer, filters=False)
    @action(detail=True, methods=["post"], url_name="replay")
    def replay(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Send the payload through the pipeline again; 409 with the reason if it is refused again."""
        entry = self.get_object()
        replay_entry(entry, actor=actor_of(request))
        return self.answer(serializers.QuarantinedEntrySerializer, entry)

    @extend_schema(request=None, responses=serializers.QuarantinedEntrySerializer, filters=False)
    @action(detail=True, methods=["post"], url_name="dismiss")
    def dismiss(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Put the entry aside. Safe to repeat."""
        entry = self.get_object()
        dismiss_entry(entry, actor=actor_of(request))
        return self.answer(serializers.QuarantinedEntrySerializer, entry)
