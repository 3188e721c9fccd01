"""Footage, collections and series as search finds them.

An item has one entry for each language in which it says something. Every entry repeats all names of the people and
places in it, in whatever language and spelling, so that footage of Токаев is found as Тоқаев, Tokajev and Tokayev.
"""

from collections.abc import Collection as Some
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time
from typing import Any

from django.db.models import Prefetch, Q, QuerySet

from archive.constants import Category
from archive.models import Collection, Item, Segment, Series, TimedText
from broadcasters.search import NamedSearch
from mediaexchange.core.errors import Message
from mediaexchange.core.languages.localize import resolve_field
from mediaexchange.core.languages.resolve import Resolved
from mediaexchange.core.languages.tags import STORED, stored_language
from mediaexchange.core.models import User
from mediaexchange.core.search.registry import Document, SearchType, Shown, Text, Wanted, Weight, register

ITEM, PERSON, PLACE = "item", "person", "place"
_FIRST_DAY = date(1900, 1, 1)  # search knows no earlier one
_WRITTEN = ("title", "description")


@register
class ItemSearch(SearchType):
    key = ITEM
    model = Item
    icon = "movie"
    resource = "archive"
    route = "api:item-detail"

    def kinds(self) -> dict[str, Message]:
        return {category.value: category.label for category in Category}

    def objects(self, ids: Some[int]) -> Sequence[Item]:
        texts = Prefetch("texts", TimedText.objects.defer("as_received"))
        rows = Item.objects.filter(pk__in=ids).select_related("broadcaster")
        return list(
            rows.prefetch_related(
                "titles", "descriptions", "identifiers", "segments", texts, "credits__person__aliases",
                "places__place__variants",
            )
        )  # fmt: skip

    def describe(self, record: Item) -> Iterable[Document]:
        names = tuple(_names_in(record))
        for language, texts in _texts_of(record).items():
            words = (Text("B", word, language) for word in (*record.subjects, *record.genres))
            yield Document(
                object_id=record.pk,
                language=language,
                texts=(*sorted((*texts, *names, *words), key=lambda text: text.weight),),
                fresh_at=_moment(record),
                origin=record.broadcaster.slug,
                kind=record.category,
                topics=tuple(record.topics),
            )

    def repeats(self, key: str, ids: Some[int]) -> QuerySet[Any] | None:
        """People and places are found in footage by the names they have now."""
        if key == PERSON:
            return Item.objects.filter(credits__person__in=ids)
        return Item.objects.filter(places__place__in=ids) if key == PLACE else None

    def shown(self, wanted: Sequence[Wanted], reader: User, language: str) -> dict[int, Shown]:
        """The record, and of what was found in one language the segments and texts in that language."""
        languages = {each.object_id: each.language for each in wanted}
        said = {each.language for each in wanted}
        tags = Q(language__in=said) | Q(*(Q(language__startswith=f"{code}-") for code in said), _connector=Q.OR)
        texts = Prefetch("texts", TimedText.objects.filter(tags).only("item_id", "language", "cues"))
        rows = Item.objects.visible_to(reader).filter(pk__in=languages)
        found = {}
        for item in rows.prefetch_related("titles", "descriptions", "segments", texts):
            code = languages[item.pk]
            passages = [Resolved(text.words, code) for text in _texts_of(item).get(code, ()) if text.weight != "A"]
            own = getattr(item, f"title_{code}", "")
            title = Resolved(own, code) if own else resolve_field(item, "title", language)
            found[item.pk] = Shown(
                str(item.uid), "", title.text, tuple(passages), title.language or language, item.dated
            )
        return found


@register
class CollectionSearch(NamedSearch):
    key = "collection"
    model = Collection
    icon = "collections_bookmark"
    resource = "archive"
    route = "api:collection-detail"
    described = ("description",)


@register
class SeriesSearch(NamedSearch):
    key = "series"
    model = Series
    icon = "video_library"
    resource = "archive"
    route = "api:series-detail"
    described = ("description",)


def _texts_of(item: Item) -> dict[str, list[Text]]:
    """What the item says, by stored language or the tag of another one."""
    found: dict[str, list[Text]] = {}

    def say(weight: Weight, words: str, tag: str) -> None:
        language = stored_language(tag) or tag
        if words:
            found.setdefault(language, []).append(Text(weight, words, language))

    for language in STORED:
        say("A", getattr(item, f"title_{language}") or "", language)
        say("B", getattr(item, f"description_{language}") or "", language)
    for title in item.titles.all():
        say("A", title.text, title.language)
    for description in item.descriptions.all():
        say("C", description.text, description.language)
    for segment in item.segments.all():
        for text in _texts_of_segment(segment):
            say("C", text.words, text.language)
    for timed in item.texts.all():
        say("D", "\n".join(text for _start, _end, text in timed.cues), timed.language)
    return found


def _texts_of_segment(segment: Segment) -> Iterator[Text]:
    for language in STORED:
        for field in _WRITTEN:
            if words := getattr(segment, f"{field}_{language}"):
                yield Text("C", words, language)


def _names_in(item: Item) -> Iterator[Text]:
    """Every spelling of everybody and every place in it, and what it is called by others."""
    for credit in item.credits.all():
        if credit.person is not None:
            yield from _spellings(credit.person, credit.person.aliases.all())
        if credit.name:
            yield Text("B", credit.name, "en")
            yield Text("B", credit.name, "sr")
    for relation in item.places.all():
        yield from _spellings(relation.place, relation.place.variants.all())
    for identifier in (item.identifier, *(each.value for each in item.identifiers.all())):
        yield Text("B", identifier, "en")


def _spellings(record: Any, others: Iterable[Any]) -> Iterator[Text]:
    for language in STORED:
        if name := getattr(record, f"name_{language}"):
            yield Text("B", name, language)
    for other in others:
        yield Text("B", other.text, stored_language(other.language) or other.language)


def _moment(item: Item) -> datetime:
    """Footage is as old as what it shows; what bears no date, as its record."""
    if item.dated_first is None and item.dated_last is None:
        return item.created_at
    day = item.dated_first or item.dated_last or _FIRST_DAY
    return datetime.combine(max(day, _FIRST_DAY), time(), UTC)
