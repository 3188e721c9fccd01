"""``GET /changes``: everything the caller may know, in order, each change once; resumable, with long poll."""

import threading
import time
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from broadcasters.models import Broadcaster
from mediaexchange.core.api.filters import refuse_unknown
from mediaexchange.core.api.pagination import decode_cursor, encode_cursor, limit_of
from mediaexchange.core.api.problems import BadParameterError
from mediaexchange.core.api.views import PrivateMixin, actor_of
from mediaexchange.core.models import OutboxEvent, User
from mediaexchange.core.outbox import number_events
from newsexchange.api.serializers import ChangesSerializer
from newsexchange.models import Story, Subscription
from newsexchange.services.fanout import wanted_by

MAX_WAIT_S = 25  # below every proxy's patience
_LOOK_EVERY_S = 0.5
_waiting = threading.BoundedSemaphore(4)  # threads of this process that may sleep for callers at a time
LATEST = "latest"


class ChangesView(PrivateMixin):
    """The change feed. A cursor is a position: nothing is ever inserted before it."""

    resource = "stories"
    view_permission = "newsexchange.view_story"

    @extend_schema(
        operation_id="changes",
        responses=ChangesSerializer,
        parameters=[
            OpenApiParameter(
                "after", str, description="The last “cursor”; empty for the beginning, “latest” for from now on"
            ),
            OpenApiParameter("limit", int, description="1 to 100"),
            OpenApiParameter("wait", int, description="Seconds to wait for a change if there is none yet, 0 to 25"),
        ],
    )
    def get(self, request: Request) -> Response:
        return answer_changes(request, lambda position, limit: _page(actor_of(request), position, limit))


Page = Callable[[int, int], tuple[list[OutboxEvent], int]]  # (position, limit) → events, position to go on from


def answer_changes(request: Request, page: Page) -> Response:
    """One page of a change feed, waiting for it if the caller wants to."""
    refuse_unknown(request, {"after", "limit", "wait"})
    limit = limit_of(request, default=100)
    position = _position(request)
    deadline = time.monotonic() + _wait_s(request)
    events, last = page(position, limit)
    if not events and time.monotonic() < deadline and _waiting.acquire(blocking=False):
        try:
            while not events and time.monotonic() < deadline:
                connection.close_if_unusable_or_obsolete()
                time.sleep(_LOOK_EVERY_S)
                events, last = page(last, limit)
        finally:
            _waiting.release()
    return Response(
        {
            "results": [_change(event, request) for event in events],
            "cursor": encode_cursor(last),
            "has_more": len(events) == limit,
        }
    )


def subscribed(subscription: Subscription) -> Page:
    """The pages of a subscription's own change feed: what passes its filter, in order."""

    def page(position: int, limit: int) -> tuple[list[OutboxEvent], int]:
        last = _reached()
        ids = wanted_by(subscription, after=position, until=last, limit=limit)
        events = list(OutboxEvent.objects.filter(pk__in=ids).order_by("position"))
        if len(events) == limit:
            last = events[-1].position or last
        return events, max(last, position)

    return page


def _reached() -> int:
    """The last position there is, after numbering what has been committed."""
    number_events()
    numbered = OutboxEvent.objects.filter(position__isnull=False).order_by("-position")
    return numbered.values_list("position", flat=True).first() or 0


def changes_for(user: User) -> QuerySet[OutboxEvent]:
    """Events whose audience holds one of the user's broadcasters; about stories only while the story is visible.

    Retractions always pass: whoever could see the story must hear that it is gone.
    """
    own = list(Broadcaster.objects.of(user).values_list("pk", flat=True))
    visible = Q(subject_uid__in=Story.objects.visible_to(user).values("uid"))
    return OutboxEvent.objects.filter(
        Q(is_retraction=True) | ~Q(subject_type="story") | visible, audience__overlap=own, position__isnull=False
    ).order_by("position")


def _page(user: User, position: int, limit: int) -> tuple[list[OutboxEvent], int]:
    """The next events and the position to go on from, which passes over what is not for this caller."""
    last = _reached()
    events = list(changes_for(user).filter(position__gt=position, position__lte=last)[:limit])
    if len(events) == limit:
        last = events[-1].position or last
    return events, max(last, position)


def _position(request: Request) -> int:
    text = request.query_params.get("after", "")
    if not text:
        return 0
    if text == LATEST:
        return _reached()
    try:
        (position,) = decode_cursor(text, 1)
    except BadParameterError as error:
        raise BadParameterError("after", str(error.detail), "bad-cursor") from error
    if type(position) is not int or not 0 <= position < 2**63:
        raise BadParameterError("after", _("This is not a cursor that we gave out."), "bad-cursor")
    return position


def _wait_s(request: Request) -> int:
    text = request.query_params.get("wait", "0")
    if not (text.isascii() and text.isdigit() and len(text) <= 2 and int(text) <= MAX_WAIT_S):
        raise BadParameterError("wait", _("“wait” is a whole number of seconds from 0 to 25."), "bad-wait")
    return int(text)


def _change(event: OutboxEvent, request: Request) -> dict[str, Any]:
    is_readable = event.subject_type == "story" and not event.is_retraction
    return {
        "id": str(event.uid),
        "kind": event.kind,
        "at": event.at.isoformat(),
        "subject": event.subject_type,
        "uid": str(event.subject_uid),
        "version": event.subject_version,
        "is_retraction": event.is_retraction,
        "url": reverse("api:story-detail", args=[event.subject_uid], request=request) if is_readable else None,
        "data": event.data,
    }
