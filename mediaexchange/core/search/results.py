"""A page of results as every surface shows it: the API, the admin and the command ask here."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.safestring import SafeString

from mediaexchange.core.languages.serbian import to_cyrillic, to_latin
from mediaexchange.core.languages.tags import SHOWN, STORED_AS, shown_language, to_bcp47
from mediaexchange.core.models import User
from mediaexchange.core.search.asking import Asked, Filters, ask
from mediaexchange.core.search.finding import Found, find
from mediaexchange.core.search.marking import analyse_together, marked, snippet
from mediaexchange.core.search.parsing import Question, parse
from mediaexchange.core.search.registry import SearchType, Shown, Wanted, type_named
from mediaexchange.core.search.suggesting import suggest

CAP = 1_000  # no count goes further
MAX_FACETS = 20
_FEW = 3  # results, below which a name may have been mistyped

Cursor = tuple[int, int, float, str, int]  # the stage of the search, and the order of the last record shown


@dataclass(frozen=True, slots=True)
class Result:
    """``marked_title`` and ``snippet`` are HTML: escaped text with ``<mark>`` round the words found, nothing else.

    ``language`` is a BCP 47 tag.
    """

    type: str
    object_id: int
    uid: str
    url: str
    language: str
    title: str
    marked_title: SafeString
    snippet: SafeString
    fresh_at: datetime | None
    origin: str
    kind: str


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
) -> Results:
    """What the reader finds, best first, shown for this shown language. Raises SearchError for no proper question."""
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
    page = rest[:limit]
    return Results(
        question=question,
        results=tuple(_shown(page, asked, reader, language, _script(question, filters, language))),
        following=(findings.stage, *page[-1].order) if len(rest) > limit else None,
        count=min(len(records), CAP),
        count_is_capped=len(records) > CAP or not findings.is_complete,
        facets={name: _most(counted) for name, counted in findings.facets.items()},
        suggestions=tuple(suggest(question, reader, types)) if not cursor and len(records) < _FEW else (),
    )


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
            shown[key, object_id] = _in_script(one, script)
    analyse_together((text, one.language) for one in shown.values() for text in (one.title, *one.texts))
    return [
        _result(each, shown[each.type, each.object_id], asked) for each in page if (each.type, each.object_id) in shown
    ]


def _in_script(shown: Shown, script: str) -> Shown:
    if STORED_AS.get(shown.language) != "sr":
        return shown
    convert = to_latin if script == "Latn" else (lambda text: text)
    language = "sr-latn" if script == "Latn" else "sr"
    if shown.language == "sr-latn" and script == "Cyrl":
        convert = to_cyrillic
    return Shown(shown.uid, shown.slug, convert(shown.title), tuple(map(convert, shown.texts)), language)


def _result(found: Found, shown: Shown, asked: Asked) -> Result:
    return Result(
        type=found.type,
        object_id=found.object_id,
        uid=shown.uid,
        url=type_named(found.type).address(shown),
        language=to_bcp47(shown.language) if shown.language in SHOWN else shown.language,
        title=shown.title,
        marked_title=marked(shown.title, shown.language, asked),
        snippet=snippet(shown.texts, shown.language, asked),
        fresh_at=found.fresh_at,
        origin=found.origin,
        kind=found.kind,
    )
