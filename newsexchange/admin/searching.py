"""Searching stories in four languages, with Serbian typed in either script.

A match tells something of what it matched. So of a foreign story only what its page would show is looked at: headlines
always, since a card has them; text where the reader's newsroom may use the story; and no text that is not given out
because its use of AI is undeclared or unmarked.
"""

from functools import reduce
from operator import or_

from django.db.models import Exists, OuterRef, Q, QuerySet

from broadcasters.models import Broadcaster
from broadcasters.querysets import member_ids
from mediaexchange.core.languages.serbian import to_cyrillic, to_latin
from mediaexchange.core.languages.tags import STORED
from mediaexchange.core.models import User
from newsexchange.models import Edition, Story
from newsexchange.rights import is_usable

MAX_CHARACTERS = 200
MAX_WORDS = 8


def search_stories(stories: QuerySet[Story], term: str, reader: User) -> QuerySet[Story]:
    """Stories that hold every word of the term in what this reader may read; longer terms are cut, not refused."""
    words = term[:MAX_CHARACTERS].replace("\0", "").split()[:MAX_WORDS]
    if not words:
        return stories
    is_own = Q(broadcaster__in=member_ids(reader))
    houses = Broadcaster.objects.of(reader)
    may_be_used = reduce(or_, (is_usable(house) for house in houses), Q(pk__in=[]))
    for word in words:
        variants = tuple(dict.fromkeys((word, to_latin(word), to_cyrillic(word))))
        stories = stories.filter(
            _holds(variants, "slugline")
            | (is_own & (_says(variants, "headline") | _says(variants, "body")))
            | _says(variants, "headline", given=True)
            | (may_be_used & _says(variants, "body", given=True))
        )
    return stories


def _says(variants: tuple[str, ...], field: str, *, given: bool = False) -> Q:
    """In any language; with ``given`` only in those whose text others get."""
    texts = Edition.objects.filter(_holds(variants, field), story=OuterRef("pk"))
    found = Q(Exists(texts.given() if given else texts))
    for language in STORED:
        held = _holds(variants, f"{field}_{language}")
        blocked = Edition.objects.blocked().filter(story=OuterRef("pk"), language=language)
        found |= held & ~Exists(blocked) if given else held
    return found


def _holds(variants: tuple[str, ...], column: str) -> Q:
    return reduce(or_, (Q(**{f"{column}__icontains": variant}) for variant in variants))
