"""The two hottest reads in one statement each: a page of cards, and one story's document.

Who sees what is asked by ``visible_to`` in the same statement that reads the stored text, compiled once (see
``core.compiled``). What is not as simple as that (a document not rendered yet, rights to be weighed, a first reading to
be noted) shows in the row, and the caller goes the long way.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q
from django.db.models.fields.tuple_lookups import Tuple, TupleLessThan

from broadcasters.querysets import member_ids
from mediaexchange.core.compiled import Compiled, compile_queryset, run
from mediaexchange.core.models import User
from newsexchange.constants import OPENING_OFFERS, AiUse, EditionOrigin, Road, StoryStatus
from newsexchange.models import Edition, Offer, Receipt, Restriction, Story

_USER_MARK = 2**62 + 1
_ID_MARK = 2**62 + 2
_UID_MARK = UUID(int=2**127 + 5)
_MOMENT_MARK = datetime(1789, 7, 14, 5, 9, tzinfo=UTC)
_DOCUMENT = """
LEFT JOIN newsexchange_storydocument document
       ON document.story_id = seen.id AND document.version = seen.version
      AND document.format = %s AND document.language = %s
"""


@dataclass(frozen=True, slots=True)
class Read:
    """A story that the reader sees, and its stored document if there is one."""

    version: int
    versioned_at: datetime
    is_settled: bool  # free of anything to weigh or to note before the whole of it is given to this reader
    content: str | None
    text_language: str | None


class Card(NamedTuple):
    """A story in a list, and its stored card if there is one. The moment is in PostgreSQL's words, for the cursor."""

    id: int
    published_at: str
    content: str | None


def page_of_cards(
    user: User, format: str, language: str, *, before: tuple[datetime, int] | None, limit: int
) -> list[Card]:
    """The newest published stories that the user sees, after the cursor's row, at most ``limit`` of them."""
    compiled = _page(before is not None, limit)
    values: dict[str, Any] = {"user": user.pk or 0}
    if before is not None:
        values |= {"moment": before[0], "id": before[1]}
    sql = _with_document(compiled.sql, _CARD, "ORDER BY seen.published_at DESC, seen.id DESC")
    return [Card(*row) for row in run(sql, [*compiled.parameters(values), format, language])]


def story_document(user: User, uid: UUID, format: str, language: str) -> Read | None:
    """One story and its document, or None if the user does not see such a story."""
    compiled = _one()
    rows = run(
        _with_document(compiled.sql, _WHOLE),
        [*compiled.parameters({"user": user.pk or 0, "uid": uid}), format, language],
    )
    return Read(*rows[0]) if rows else None


_CARD = "seen.id, seen.published_at::text, document.content"
_WHOLE = "seen.version, seen.versioned_at, seen.is_settled, document.content, document.text_language"


@cache
def _with_document(sql: str, selected: str, order: str = "") -> str:
    return f"SELECT {selected} FROM ({sql}) seen {_DOCUMENT} {order}"  # noqa: S608 — made of constants of ours


@cache
def _page(has_cursor: bool, limit: int) -> Compiled:
    reader = User(pk=_USER_MARK)
    stories = Story.objects.filter(status=StoryStatus.PUBLISHED).visible_to(reader)
    marks: dict[str, Any] = {"user": _USER_MARK}
    if has_cursor:
        stories = stories.filter(TupleLessThan(Tuple("published_at", "id"), (_MOMENT_MARK, _ID_MARK)))
        marks |= {"moment": _MOMENT_MARK, "id": _ID_MARK}
    cards = stories.order_by("-published_at", "-id")
    return compile_queryset(cards.values_list("id", "version", "published_at")[:limit], marks)


@cache
def _one() -> Compiled:
    reader = User(pk=_USER_MARK)
    stories = Story.objects.filter(status=StoryStatus.PUBLISHED, uid=_UID_MARK).visible_to(reader)
    members = member_ids(reader)
    noted = Receipt.objects.filter(
        story_id=OuterRef("story_id"),
        broadcaster_id=OuterRef("to_broadcaster_id"),
        road=Road.API,
        last_version__gte=OuterRef("story__version"),
    )
    roads = Offer.objects.filter(story_id=OuterRef("pk"), to_broadcaster__in=members, status__in=OPENING_OFFERS)
    rules = Restriction.objects.filter(story_id=OuterRef("pk"))
    made = Edition.objects.filter(Q(origin=EditionOrigin.MACHINE) | Q(ai_use=AiUse.SYNTHETIC), story_id=OuterRef("pk"))
    settled = Q(broadcaster__in=members) | (~Exists(rules) & ~Exists(made) & ~Exists(roads.exclude(Exists(noted))))
    one = stories.annotate(is_settled=ExpressionWrapper(settled, BooleanField()))
    return compile_queryset(
        one.values_list("id", "version", "versioned_at", "is_settled"), {"user": _USER_MARK, "uid": _UID_MARK}
    )
