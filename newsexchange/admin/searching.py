"""Searching stories in four languages, with Serbian typed in either script."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from mediaexchange.core.languages.serbian import to_cyrillic, to_latin
from mediaexchange.core.languages.tags import STORED
from newsexchange.models import Edition, Story

MAX_CHARACTERS = 200
MAX_WORDS = 8
_COLUMNS = (*(f"{field}_{language}" for field in ("headline", "body") for language in STORED), "slugline")


def search_stories(stories: QuerySet[Story], term: str) -> QuerySet[Story]:
    """Stories that hold every word of the term somewhere; longer terms are cut, not refused."""
    for word in term[:MAX_CHARACTERS].replace("\0", "").split()[:MAX_WORDS]:
        stories = stories.filter(_holds(word))
    return stories


def _holds(word: str) -> Q:
    found, elsewhere = Q(), Q()
    for variant in dict.fromkeys((word, to_latin(word), to_cyrillic(word))):
        for column in _COLUMNS:
            found |= Q(**{f"{column}__icontains": variant})
        elsewhere |= Q(headline__icontains=variant) | Q(body__icontains=variant)
    return found | Q(Exists(Edition.objects.filter(elsewhere, story=OuterRef("pk"))))
