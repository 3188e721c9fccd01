"""Stories: lists and details, and what their own newsroom does to them."""

from collections.abc import Iterable, Sequence
from typing import Any

import orjson
from django.http import Http404
from django.utils.http import http_date
from django.utils.translation import get_language
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from broadcasters.permissions import require
from mediaexchange.core.api.pagination import CursorPagination
from mediaexchange.core.api.preconditions import etag_of
from mediaexchange.core.api.renderers import stored
from mediaexchange.core.api.sparse import pick, wanted_fields, wants_translations
from mediaexchange.core.api.views import actor_of
from mediaexchange.core.errors import ForbiddenError
from mediaexchange.core.languages.tags import DEFAULT
from newsexchange.api import serializers
from newsexchange.api.filters import StoryFilter
from newsexchange.api.plain_reading import DETAIL_PARAMETERS, LIST_PARAMETERS, newest_cards, whole_story
from newsexchange.api.story_writing import StoryWritingMixin
from newsexchange.api.versions import StoryVersionsMixin
from newsexchange.constants import Road, StoryStatus
from newsexchange.formats import api
from newsexchange.models import Story
from newsexchange.readers import require_reading
from newsexchange.services.documents import documents_of
from newsexchange.services.offer import offer_story
from newsexchange.services.recall import recall_story, restore_story
from newsexchange.services.receipt import note_reading
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
