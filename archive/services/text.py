"""Timed texts of an item: subtitles and transcripts, by language, kept as cues and as they came."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from archive.constants import TextKind, TextOrigin
from archive.errors import invalid
from archive.formats.cues import Beyond, Cue, SubtitleError, Subtitles, Written, used_by
from archive.formats.subtitles import from_plain, in_latin, normalised, plain, read_subtitles, write_subtitles
from archive.models import Item, TimedText
from archive.search import ITEM
from archive.services.item import locked, tagged
from mediaexchange.core.errors import ConflictError, DomainError
from mediaexchange.core.languages.normalise import normalise_text
from mediaexchange.core.languages.tags import shown_language, to_bcp47
from mediaexchange.core.models import User
from mediaexchange.core.search.indexing import refresh
from mediaexchange.core.validators import validate_language_tag


def tag_of(language: str) -> str:
    """The tag under which a text is stored; Serbian in either script is one text. Raises DomainError for no tag."""
    try:
        validate_language_tag(language)
    except ValidationError as error:
        raise invalid(error) from error
    return tagged(language)


@transaction.atomic
def save_text(
    item: Item,
    kind: TextKind | str,
    language: str,
    cues: Sequence[Cue],
    *,
    actor: User | None,
    origin: TextOrigin | str = TextOrigin.HUMAN,
    tool: str = "",
    format: str = "",
    as_received: bytes | None = None,
    is_replacing: bool = True,
) -> TimedText:
    """Put the item's text of this kind and language: a stored one is replaced. Serbian is stored in Cyrillic.

    Raises ForbiddenError for an item of a house for which the actor does not catalogue, ConflictError where there is a
    text and it must not be replaced.
    """
    language = tag_of(language)
    locked(item, actor=actor, permission="archive.add_timedtext")
    known = TimedText.objects.filter(item=item, kind=kind, language=language).first()
    if known is not None and not is_replacing:
        raise ConflictError("text-exists", _("The item has a text of this kind in this language already."))
    text = known or TimedText(item=item, kind=kind, language=language, created_by=actor)
    text.cues = plain(normalised(cues, language))
    text.origin, text.tool = origin, normalise_text(tool, "und").strip()
    text.format, text.as_received = format, as_received
    try:
        text.clean_fields(exclude={"item", "created_by", "cues"})
    except ValidationError as error:
        raise invalid(error) from error
    text.save()
    refresh(ITEM, [item.pk])
    return text


def import_text(
    item: Item,
    kind: TextKind | str,
    language: str,
    content: bytes,
    *,
    actor: User | None,
    format: str = "",
    charset: str = "",
    **about: Any,
) -> tuple[TimedText, Subtitles]:
    """The same from a file of subtitles. Its bytes are kept: nothing of what it says beyond plain cues is lost.

    Without a language it is the one that the file names. Raises SubtitleError for a file that cannot be read.
    """
    read = read_subtitles(content, format=format, charset=charset)
    language = language or read.language
    if not language:
        raise DomainError("language-missing", _("Say in which language the text is."))
    text = save_text(item, kind, language, read.cues, actor=actor, format=read.format, as_received=content, **about)
    return text, read


@transaction.atomic
def delete_text(text: TimedText, *, actor: User | None) -> None:
    """Safe to repeat."""
    locked(text.item, actor=actor, permission="archive.delete_timedtext")
    TimedText.objects.filter(pk=text.pk).delete()
    refresh(ITEM, [text.item_id])


def export_text(text: TimedText, format: str, *, charset: str = "utf-8", language: str = "") -> Written:
    """The text as a file, with its styles where they were received and the format can carry them.

    ``language`` "sr-Latn" gives Serbian in Latin letters. Raises DomainError where the charset lacks letters.
    """
    cues, beyond = styled(text)
    tag = text.language
    if language and text.language == "sr" and shown_language(language) == "sr-latn":
        cues, tag = in_latin(cues), "sr-Latn"
    elif text.language == "sr":
        tag = to_bcp47("sr")
    written = write_subtitles(cues, format, language=tag, charset=charset)
    return Written(written.content, written.lost | beyond)


def styled(text: TimedText) -> tuple[tuple[Cue, ...], frozenset[Beyond]]:
    """The cues with the styles of what was received, as long as the words are still those; else plain ones."""
    if text.as_received:
        try:
            read = read_subtitles(bytes(text.as_received), format=text.format)
        except SubtitleError:
            read = None
        if read is not None:
            cues = normalised(read.cues, text.language)
            if plain(cues) == text.cues:
                return cues, read.beyond
            return from_plain(text.cues), read.beyond | used_by(cues)
    return from_plain(text.cues), frozenset()
