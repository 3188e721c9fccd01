"""The answers that most calls ask for, without filters or extras: the newest cards, and one whole story."""

from typing import Any
from uuid import UUID

from django.utils.http import http_date
from django.utils.translation import get_language
from rest_framework.request import Request
from rest_framework.response import Response

from mediaexchange.core.api.filters import refuse_unknown
from mediaexchange.core.api.pagination import CursorPagination, decode_cursor, limit_of, typed_cursor
from mediaexchange.core.api.preconditions import etag_of
from mediaexchange.core.api.renderers import stored
from mediaexchange.core.api.views import actor_of
from mediaexchange.core.languages.tags import DEFAULT
from newsexchange.formats import api
from newsexchange.models import Story
from newsexchange.models.story import revision_of
from newsexchange.reading import page_of_cards, story_document
from newsexchange.services.documents import documents_of

_ORDER = ("published_at", "id")
LIST_PARAMETERS = frozenset({"cursor", "limit", "lang"})
DETAIL_PARAMETERS = frozenset({"lang"})


def newest_cards(request: Request) -> Response:
    """A page of the list as the caller sees it: one statement, and the stored cards joined together."""
    refuse_unknown(request, LIST_PARAMETERS)
    limit = limit_of(request)
    text = request.query_params.get("cursor", "")
    before: Any = typed_cursor(Story, _ORDER, decode_cursor(text, len(_ORDER))) if text else None
    language, reader = get_language() or DEFAULT, actor_of(request)
    rows = page_of_cards(reader, api.CARD, language, before=before, limit=limit + 1)
    page, has_more = rows[:limit], len(rows) > limit
    missing = [row.id for row in page if row.content is None]
    if missing:
        found = documents_of([row.id for row in page], api.CARD, language, reader=reader)
    else:
        found = [row.content for row in page if row.content is not None]
    paginator = CursorPagination()
    paginator.resume(request, _ORDER, page[-1] if has_more else None)
    return paginator.get_paginated_response([stored(card) for card in found])


def whole_story(request: Request, uid: UUID) -> Response | None:
    """The stored detail page, or None where there is something to weigh or to note first, or nothing to see."""
    refuse_unknown(request, DETAIL_PARAMETERS)
    row = story_document(actor_of(request), uid, api.DETAIL, get_language() or DEFAULT)
    if row is None or not row.is_settled or row.content is None:
        return None
    revision = revision_of(row.version, row.versioned_at)
    headers = {
        "Content-Language": row.text_language or "und",
        "ETag": etag_of(revision, row.content + request.get_full_path()),
        "Last-Modified": http_date(row.versioned_at.timestamp()),
    }
    return Response(stored(row.content), headers=headers)
