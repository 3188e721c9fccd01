"""The dopesheet as a newsroom reads it: what the sheet says, in the document's language, on paper or as text.

Everything here is plain text; nothing that a story holds is ever markup.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from mediaexchange.core.languages.own_names import own_name
from mediaexchange.core.languages.resolve import resolve
from mediaexchange.core.languages.tags import DEFAULT
from mediaexchange.core.sizes import size_in_words
from mediaexchange.core.topics import topic_name
from newsexchange.constants import ContentKind, PubStatus
from newsexchange.formats.outgoing import Outgoing
from newsexchange.formats.shotlist import correction_text, in_words, shot_facts
from newsexchange.formats.words import (
    ai_label,
    moment,
    ownership_line,
    restriction_in_words,
    text_origin_label,
    timecode,
)
from newsexchange.parsing.base import Rendition, Soundbite
from newsexchange.parsing.sanitise import html_to_text

Facts = tuple[tuple[str, str], ...]  # (label, value)


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands under it: paragraphs, or a table with its first row as its head."""

    heading: str
    paragraphs: tuple[str, ...] = ()
    table: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """``warnings`` come first on paper: who misses them airs what must not be aired."""

    title: str
    headline: str
    warnings: tuple[str, ...]
    facts: Facts
    sections: tuple[Section, ...]
    footer: str
    language: str  # BCP 47, of the labels


def sheet(out: Outgoing, language: str) -> Sheet:
    """The sheet with empty parts left out. Call it under the language of the document."""
    sections = (
        Section(_("Editor's note"), tuple(filter(None, out.entry.editors_note.splitlines()))),
        Section(_("Restrictions"), tuple(_restrictions(out))),
        Section(_("Shot list"), table=_shots(out)),
        Section(_("Soundbites"), table=_soundbites(out)),
        Section(_("Files"), table=_renditions(out)),
        Section(_("Text"), tuple(line for html in (out.entry.summary, out.entry.body) for line in _lines(html))),
    )
    return Sheet(
        title=_("Dopesheet"),
        headline=out.entry.headline,
        warnings=tuple(_warnings(out)),
        facts=tuple((label, value) for label, value in _facts(out) if value),
        sections=tuple(part for part in sections if part.paragraphs or part.table),
        footer=f"{out.entry.guid} · {_('version %(number)d') % {'number': out.entry.version}}",
        language=language,
    )


def _warnings(out: Outgoing) -> Iterator[str]:
    entry, zone = out.entry, ZoneInfo(out.origin.time_zone)
    if PubStatus(entry.pubstatus) != PubStatus.USABLE:
        yield _("Status: %(status)s") % {"status": PubStatus(entry.pubstatus).label}
    if entry.is_held_indefinitely:
        yield _("Embargo without an end: not to be used until it is lifted.")
    elif entry.embargoed_until:
        yield _("Embargo until %(moment)s") % {"moment": moment(entry.embargoed_until, zone)}
    if correction := correction_text(out):
        yield correction
    if label := ai_label(out):
        yield _("Artificial intelligence: %(label)s") % {"label": label}
    if out.is_stale:
        yield _("The translation is out of date: the original has changed since.")


def _facts(out: Outgoing) -> Iterator[tuple[str, str]]:
    entry, zone = out.entry, ZoneInfo(out.origin.time_zone)
    yield _("Slug"), entry.slugline
    yield _("Dateline"), ", ".join(filter(None, (entry.dateline_place, _day(entry.dateline_on))))
    yield _("Origin"), ownership_line(out)
    yield _("By"), entry.byline
    yield _("Must be credited"), entry.credit or out.origin.name
    yield _("Copyright"), entry.copyright_notice
    yield _("Kind of content"), str(ContentKind(entry.kind).label)
    yield _("Length"), timecode(entry.duration_ms) if entry.duration_ms is not None else ""
    yield _("Urgency"), str(entry.urgency or "")
    yield _("Published"), moment(entry.published_at, zone) if entry.published_at else ""
    yield _("This version"), moment(entry.updated_at, zone) if entry.updated_at else ""
    yield _("Expires"), moment(entry.expires_at, zone) if entry.expires_at else ""
    yield _("Language of the text"), f"{own_name(entry.language)} – {text_origin_label(out)}"
    yield _("Text also in"), ", ".join(own_name(tag) for tag in out.languages if tag != entry.language)
    yield _("Topics"), ", ".join((*map(topic_name, entry.topics), *entry.keywords))
    yield _("Named in it"), ", ".join(dict.fromkeys(entity.name for entity in entry.entities))


def _restrictions(out: Outgoing) -> Iterator[str]:
    zone = ZoneInfo(out.origin.time_zone)
    if out.entry.usage_terms:
        yield from out.entry.usage_terms.splitlines()
    for item in sorted(out.entry.restrictions, key=lambda item: -1 if item.shot is None else item.shot):
        about = _("Whole story") if item.shot is None else _("Shot %(number)d") % {"number": item.shot + 1}
        yield f"{about}: {restriction_in_words(item, zone)}"


def _shots(out: Outgoing) -> tuple[tuple[str, ...], ...]:
    rows = [
        (str(place + 1), timecode(item.in_ms), timecode(item.out_ms), "\n".join(shot_facts(item)))
        for place, item in enumerate(out.entry.shots)
    ]
    return (("", _("In"), _("Out"), _("Picture and sound")), *rows) if rows else ()


def _soundbites(out: Outgoing) -> tuple[tuple[str, ...], ...]:
    rows = [
        (timecode(item.in_ms), timecode(item.out_ms), _speaker(item), item.text, _translation(item))
        for item in out.entry.soundbites
    ]
    heads = (_("In"), _("Out"), _("Speaker"), _("Words as spoken"), _("Translation"))
    return (heads, *rows) if rows else ()


def _speaker(item: Soundbite) -> str:
    return "\n".join(filter(None, (item.speaker, in_words(item.speaker_role), own_name(item.language))))


def _translation(item: Soundbite) -> str:
    """For readers of this document; nothing in another language, for that the words as spoken will do."""
    return resolve(dict(item.translations), get_language() or DEFAULT).text


def _renditions(out: Outgoing) -> tuple[tuple[str, ...], ...]:
    rows = [(item.rel or item.title, item.content_type, _measures(item), item.href) for item in out.entry.renditions]
    return ((_("File"), _("Content type"), _("Size and length"), _("Address")), *rows) if rows else ()


def _measures(item: Rendition) -> str:
    said = [
        f"{item.width} × {item.height}" if item.width and item.height else "",
        timecode(item.duration_ms) if item.duration_ms is not None else "",
        size_in_words(item.size_bytes) if item.size_bytes else "",
        " ".join(value for _name, value in item.technical if len(value) < 20),
    ]
    return "\n".join(filter(None, said))


def _lines(html: str) -> list[str]:
    return [line for line in html_to_text(html).split("\n") if line]


def _day(day: date | None) -> str:
    return date_format(day, "DATE_FORMAT") if day else ""
