"""A page of results as every surface shows it: the API, the admin and the command ask here."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.safestring import SafeString

from mediaexchange.core.languages.resolve import Resolved
from mediaexchange.core.languages.serbian import to_cyrillic, to_latin
from mediaexchange.core.languages.tags import SHOWN, STORED_AS, shown_language, to_bcp47
from mediaexchange.core.models import User
from mediaexchange.core.search.asking import Asked, Filters, ask
from mediaexchange.core.search.finding import Found, find
from mediaexchange.core.search.marking import Marker
from mediaexchange.core.search.parsing import MAX_CHARACTERS, Question, SearchError, parse, unfinished
from mediaexchange.core.search.registry import SearchType, Shown, Wanted, type_named
from mediaexchange.core.search.suggesting import suggest

CAP = 1_000  # no count goes further
MAX_FACETS = 20
_FEW = 3  # results, below which a name may have been mistyped

Cursor = tuple[int, int, float, str, int]  # the stage of the search, and the order of the last record shown


@dataclass(frozen=True, slots=True)
class Result:
    """``marked_title`` and ``snippet`` are HTML: escaped text with ``<mark>`` round the words found, nothing else.

    ``language`` is the title's, ``snippet_language`` the snippet's: BCP 47 tags.
    """

    type: str
    object_id: int
    uid: str
    slug: str
    language: str
    title: str
    marked_title: SafeString
    snippet: SafeString
    snippet_language: str
    fresh_at: datetime | None
    origin: str
    kind: str
    dated: str | None = None

    @property
    def url(self) -> str:
        """Where the API holds the record."""
        search_type = type_named(self.type)
        return reverse(search_type.route, kwargs={search_type.route_field: getattr(self, search_type.route_field)})


@dataclass(frozen=True, slots=True)
class Results:
    """``count`` is of all pages, ``CAP`` at most; ``count_is_capped`` if there are or may be more."""

    question: Question
    results: tuple[Result, ...]
    following: Cursor | None
    count: int
    count_is_capped: bool
    facets: dict[str, list[tuple[str, int]]]
    suggestions: tuple[str, ...]


def search(
    typed: str,
    reader: User,
    types: Sequence[SearchType],
    *,
    language: str,
    filters: Filters | None = None,
    limit: int = 20,
    cursor: Cursor | None = None,
    of_each_type: bool = False,
) -> Results:
    """What the reader finds, best first, shown for this shown language. Raises SearchError for no proper question.

    With ``of_each_type`` the first ``limit`` of every type, of which there is no next page.
    """
    filters = filters or Filters()
    question = parse(typed)
    asked = ask(question, filters.language)
    findings = find(
        asked,
        filters,
        reader,
        types,
        wanted=0 if cursor else limit + 1,
        stage=cursor[0] if cursor else 0,
        prefer=STORED_AS[language],
    )
    records = findings.records
    rest = [each for each in records if each.order > cursor[1:]] if cursor else list(records)
    page = _first_of_each(rest, limit) if of_each_type else rest[:limit]
    return Results(
        question=question,
        results=tuple(_shown(page, asked, reader, language, _script(question, filters, language))),
        following=(findings.stage, *page[-1].order) if len(rest) > limit and not of_each_type else None,
        count=min(len(records), CAP),
        count_is_capped=len(records) > CAP or not findings.is_complete,
        facets={name: _most(counted) for name, counted in findings.facets.items()},
        suggestions=tuple(suggest(question, reader, types)) if not cursor and len(records) < _FEW else (),
    )


def found_ids(typed: str, reader: User, key: str) -> list[int]:
    """Ids of the records of one type that are found, best first, for a list that has rows and order of its own.

    What is too long is cut; what holds no word finds nothing.
    """
    try:
        question = parse(unfinished(typed.strip()[: MAX_CHARACTERS - 1]))
    except SearchError:
        return []
    return [each.object_id for each in find(ask(question), Filters(), reader, [type_named(key)]).records]


def _first_of_each(records: Sequence[Found], limit: int) -> list[Found]:
    taken: Counter[str] = Counter()
    page = []
    for record in records:
        taken[record.type] += 1
        if taken[record.type] <= limit:
            page.append(record)
    return page


def _most(counted: Counter[str]) -> list[tuple[str, int]]:
    return sorted(counted.items(), key=lambda each: (-each[1], each[0]))[:MAX_FACETS]


def _script(question: Question, filters: Filters, language: str) -> str:
    """The script for Serbian: the one asked for, by filter or by the reader's language; else the one typed."""
    if "-" in filters.language and STORED_AS.get(shown_language(filters.language) or "") == "sr":
        return "Latn" if shown_language(filters.language) == "sr-latn" else "Cyrl"
    if STORED_AS[language] == "sr":
        return "Latn" if language == "sr-latn" else "Cyrl"
    return question.script or "Cyrl"


def _shown(page: Sequence[Found], asked: Asked, reader: User, language: str, script: str) -> list[Result]:
    by_type: dict[str, list[Found]] = {}
    for found in page:
        by_type.setdefault(found.type, []).append(found)
    shown: dict[tuple[str, int], Shown] = {}
    for key, founds in by_type.items():
        wanted = [Wanted(each.object_id, each.language, each.is_whole) for each in founds]
        for object_id, one in type_named(key).shown(wanted, reader, language).items():
            shown[key, object_id] = one
    marker = Marker(asked, _in_script(script))
    marker.learn(text for one in shown.values() for text in (Resolved(one.title, one.language), *one.texts))
    still_there = [(each, shown[each.type, each.object_id]) for each in page if (each.type, each.object_id) in shown]
    return [_result(found, one, marker, script) for found, one in still_there]


def _in_script(script: str) -> Callable[[str, str], str]:
    """Serbian in this script; any other language as it is."""

    def convert(text: str, language: str) -> str:
        if STORED_AS.get(language) != "sr" or (language == "sr-latn") == (script == "Latn"):
            return text
        return to_latin(text) if script == "Latn" else to_cyrillic(text)

    return convert


def _tag(language: str, script: str) -> str:
    """BCP 47, of what is shown in this script."""
    if STORED_AS.get(language) == "sr":
        language = "sr-latn" if script == "Latn" else "sr"
    return to_bcp47(language) if language in SHOWN else language


def _result(found: Found, shown: Shown, marker: Marker, script: str) -> Result:
    snippet, snippet_language = marker.snippet(shown.texts)
    return Result(
        type=found.type,
        object_id=found.object_id,
        uid=shown.uid,
        slug=shown.slug,
        language=_tag(shown.language, script),
        title=marker.convert(shown.title, shown.language),
        marked_title=marker.marked(shown.title, shown.language),
        snippet=snippet,
        snippet_language=_tag(snippet_language or shown.language, script),
        fresh_at=found.fresh_at,
        origin=found.origin,
        kind=found.kind,
        dated=shown.dated,
    )
