"""Claims in words: the only way in which any page, document, search result or answer shows one.

A claim is never shown without who says it and where; whatever comes out of here holds both. Quotes pass unchanged, in
the language in which they were said; our own wording is marked as a translation where it is one.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from broadcasters.calendar_constants import MONEY, Unit
from broadcasters.models import Claim
from mediaexchange.core.edtf_words import edtf_words
from mediaexchange.core.languages.localize import localized, resolve_field
from mediaexchange.core.languages.tags import to_bcp47

_NO_BREAK = "\u00a0"


@dataclass(frozen=True, slots=True)
class Attributed:
    """A claim for readers of one language. ``text`` is whole by itself; the other parts are for showing it in rows.

    ``language`` (BCP 47) is that of ``wording``; ``quote`` is in ``original_language``. ``notice`` is not empty for
    what is contested.
    """

    text: str
    speaker: str
    wording: str
    language: str
    is_translation: bool
    quote: str
    original_language: str
    figure: str
    period: str
    said: str
    source: str
    url: str
    confidence: str
    notice: str


def attributed(claim: Claim, language: str | None = None) -> Attributed:
    """Reads the relations of ``with_attribution``."""
    resolved = resolve_field(claim, "wording", language)
    given = to_bcp47(resolved.language) if resolved.language else ""
    speaker, source = speaker_of(claim, language), source_of(claim)
    figure = figure_of(claim)
    said = ": ".join(part for part in (resolved.text or f"“{claim.quote}”", figure) if part)
    return Attributed(
        text=_("%(speaker)s: %(what)s (%(source)s; %(confidence)s)") % {
            "speaker": speaker, "what": said, "source": source, "confidence": claim.get_confidence_display(),
        },
        speaker=speaker,
        wording=resolved.text,
        language=given,
        is_translation=bool(given) and _base(given) != _base(claim.original_language),
        quote=claim.quote,
        original_language=claim.original_language,
        figure=figure,
        period=edtf_words(claim.period),
        said=edtf_words(claim.said),
        source=source,
        url=claim.source_url,
        confidence=str(claim.get_confidence_display()),
        notice=_("A contested statement. It is its speaker’s, and nobody else’s here.") if claim.is_sensitive else "",
    )  # fmt: skip


def speaker_of(claim: Claim, language: str | None = None) -> str:
    """A person or institution with what is said of it, or the words that stand for a speaker without a record."""
    record: Any = claim.speaker_person or claim.speaker_institution
    parts = [localized(record, "name", language) if record else "", localized(claim, "said_by", language)]
    return ", ".join(part for part in parts if part)


def source_of(claim: Claim) -> str:
    """Title, publisher and day of publication."""
    parts = (claim.source_title, claim.source_publisher, edtf_words(claim.source_published))
    return ", ".join(part for part in parts if part)


def figure_of(claim: Claim) -> str:
    """The value with its unit in the reader's number format, "" for a statement."""
    if claim.value is None:
        return ""
    text = f"{_number(claim.value)}{_NO_BREAK}{_unit(claim.unit)}"
    return pgettext("figure", "about %(figure)s") % {"figure": text} if claim.is_approximate else text


def _number(value: Decimal) -> str:
    whole = value.normalize()
    places = max(0, -int(whole.as_tuple().exponent))
    return number_format(value, places, use_l10n=True, force_grouping=True).replace(" ", _NO_BREAK)


def _unit(unit: str) -> str:
    if unit in MONEY:
        return unit
    return "%" if unit == Unit.PERCENT else str(Unit(unit).label)


def _base(tag: str) -> str:
    return tag.partition("-")[0].lower()
