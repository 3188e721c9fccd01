"""Shots and soundbites as lines of text in the active language, for formats that have no place for parts."""

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from mediaexchange.core.languages.own_names import own_name
from mediaexchange.core.languages.resolve import resolve
from mediaexchange.core.languages.tags import DEFAULT
from newsexchange.constants import ShotAudio
from newsexchange.formats.outgoing import Outgoing
from newsexchange.formats.words import timecode
from newsexchange.parsing.base import Pairs, Shot, Soundbite


def shotlist(out: Outgoing) -> str:
    """Every shot, then every soundbite, a line each; "" for a story without."""
    shots = [f"{place + 1}. {shot_line(item)}" for place, item in enumerate(out.entry.shots)]
    return "\n".join((*shots, *(soundbite_line(item) for item in out.entry.soundbites)))


def shot_line(item: Shot) -> str:
    return " · ".join((f"{timecode(item.in_ms)}–{timecode(item.out_ms)}", *shot_facts(item)))


def shot_facts(item: Shot) -> list[str]:
    """What is seen, where and when, what is heard, and whose it is."""
    source = _("Source: %(source)s") % {"source": item.source} if item.source else ""
    where = ", ".join(filter(None, (item.location, item.shot_on)))
    heard = ", ".join(filter(None, (sound_label(item.audio), own_name(item.language))))
    return [fact for fact in (in_words(item.description), where, heard, source) if fact]


def soundbite_line(item: Soundbite) -> str:
    role = in_words(item.speaker_role)
    speaker = f"{item.speaker} ({role})" if role else item.speaker
    times = f"{timecode(item.in_ms)}–{timecode(item.out_ms)}"
    return f"{times} · {speaker or _('Unknown speaker')}: {in_words(item.translations) or item.text}"


def in_words(texts: Pairs) -> str:
    """The text a reader of the active language gets, by the fallback order, ending with languages outside our four."""
    values = dict(texts)
    found = resolve(values, get_language() or DEFAULT).text
    return found or next((text for text in values.values() if text), "")


def sound_label(audio: str) -> str:
    return str(ShotAudio(audio).label) if audio else ""


def correction_text(out: Outgoing) -> str:
    """That this version corrects an earlier one, and how; "" for any other version."""
    if not out.is_correction:
        return ""
    return _("Correction: %(note)s") % {"note": out.correction_note} if out.correction_note else _("Correction")
