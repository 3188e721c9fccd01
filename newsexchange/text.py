"""Which text of a story a reader gets: one language for headline, summary and body together, marked as what it is."""

from collections.abc import Iterable
from dataclasses import dataclass

from mediaexchange.core.languages.resolve import FALLBACKS
from mediaexchange.core.languages.serbian import to_latin
from mediaexchange.core.languages.tags import SHOWN, STORED, STORED_AS, to_bcp47
from newsexchange.constants import EditionOrigin
from newsexchange.models import Edition, Story


@dataclass(frozen=True, slots=True)
class StoryText:
    """``language`` is the BCP 47 tag of the text given; ``origin`` and ``is_stale`` say how far to trust it.

    ``edition`` is its row, with what was declared about AI; None for a text that has none.
    """

    language: str
    headline: str
    summary: str
    body: str
    origin: str
    is_stale: bool
    edition: Edition | None = None


_FIELDS = ("headline", "summary", "body")


def text_of(story: Story, shown: str, *, with_blocked: bool = False) -> StoryText:
    """The story for a reader of this shown language, by the fallback order, ending with languages outside our four.

    Texts that must not be given to others for want of a word on AI are passed over, unless ``with_blocked`` is set for
    the origin's own people. Reads ``story.editions.all()``: prefetch it for lists. A story without any text gives empty
    strings and ``und``.
    """
    editions = {edition.language: edition for edition in story.editions.all()}
    for language in (STORED_AS[shown], *FALLBACKS[shown]):
        values = [getattr(story, f"{field}_{language}") or "" for field in _FIELDS]
        edition = editions.get(language)
        if (values[0] or values[2]) and (with_blocked or not _is_blocked(edition)):
            return _in_column(language, shown, values, edition)
    return _outside(edition for edition in editions.values() if with_blocked or not _is_blocked(edition))


def languages_of(story: Story) -> list[str]:
    """BCP 47 tags of the languages in which the story has text to give out, Serbian in both its scripts."""
    return _tags(story, are_blocked=False)


def withheld_languages_of(story: Story) -> list[str]:
    """Those whose text is not given to others because its use of AI is not declared or not marked."""
    return _tags(story, are_blocked=True)


def _tags(story: Story, *, are_blocked: bool) -> list[str]:
    blocked = {edition.language for edition in story.editions.all() if _is_blocked(edition)}
    columns = [
        to_bcp47(code)
        for code in SHOWN
        if any(getattr(story, f"{field}_{STORED_AS[code]}") for field in ("headline", "body"))
        and (STORED_AS[code] in blocked) == are_blocked
    ]
    others = [edition for edition in story.editions.all() if edition.headline or edition.body]
    return columns + [edition.language for edition in others if (edition.language in blocked) == are_blocked]


def _is_blocked(edition: Edition | None) -> bool:
    return edition is not None and edition.ai_block_reason() != ""


def texts_of(story: Story, *, with_body: bool) -> dict[str, dict[str, str | bool]]:
    """Every language in which the story has text to give out, by tag, each with its origin and whether it is stale."""
    editions = {edition.language: edition for edition in story.editions.all()}
    blocked = {language for language, edition in editions.items() if _is_blocked(edition)}
    found = []
    for shown in SHOWN:
        language = STORED_AS[shown]
        if language in blocked:
            continue
        values = [getattr(story, f"{field}_{language}") or "" for field in _FIELDS]
        if values[0] or values[2]:
            found.append(_in_column(language, shown, values, editions.get(language)))
    others = [edition for edition in editions.values() if edition.language not in {*STORED, *blocked}]
    found += [_outside([edition]) for edition in others]
    return {text.language: _said(text, with_body=with_body) for text in found if text.headline or text.body}


def _said(text: StoryText, *, with_body: bool) -> dict[str, str | bool]:
    said: dict[str, str | bool] = {"headline": text.headline, "summary": text.summary}
    if with_body:
        said["body"] = text.body
    return said | {"origin": text.origin, "is_stale": text.is_stale}


def _in_column(language: str, shown: str, values: list[str], edition: Edition | None) -> StoryText:
    given = language
    if language == "sr" and shown == "sr-latn":
        values, given = [to_latin(value) for value in values], "sr-latn"
    origin = edition.origin if edition else EditionOrigin.ORIGINAL
    if language == "sr" and edition and origin == EditionOrigin.ORIGINAL:
        is_latin = given == "sr-latn"
        if is_latin != (edition.script == "Latn"):
            origin = EditionOrigin.TRANSLITERATED
    headline, summary, body = values
    is_stale = bool(edition and edition.is_stale)
    return StoryText(to_bcp47(given), headline, summary, body, str(origin), is_stale, edition)


def _outside(editions: Iterable[Edition]) -> StoryText:
    for edition in editions:
        if edition.language not in STORED and (edition.headline or edition.body):
            words = (edition.headline, edition.summary, edition.body)
            return StoryText(edition.language, *words, edition.origin, edition.is_stale, edition)
    return StoryText("und", "", "", "", EditionOrigin.ORIGINAL, is_stale=False)
