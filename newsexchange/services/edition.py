"""Editions: how a story stands in each language, and that a translation turns stale when its original moves on."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from broadcasters.permissions import may
from mediaexchange.core.errors import DomainError
from mediaexchange.core.languages.normalise import normalise_text
from mediaexchange.core.languages.serbian import script_of
from mediaexchange.core.languages.tags import STORED, stored_language
from mediaexchange.core.models import User
from newsexchange.constants import AiUse, EditionOrigin
from newsexchange.models import Edition, Story
from newsexchange.parsing.sanitise import clean_html, html_to_text
from newsexchange.services.translation_memory import remember_edition
from newsexchange.services.version import Turn

TEXT_FIELDS = ("headline", "summary", "body")


@dataclass(frozen=True, slots=True)
class Text:
    """What one language says; summary and body are HTML."""

    headline: str = ""
    summary: str = ""
    body: str = ""


@transaction.atomic
def save_edition(
    story: Story,
    language: str,
    text: Text,
    *,
    actor: User,
    origin: EditionOrigin | None = None,
    ai_use: AiUse | str = "",
    ai_tool: str = "",
    digital_source_type: str = "",
    ai_label: str = "",
    reviewed_by: User | None = None,
    translated_from_version: int | None = None,
    note: str = "",
) -> Edition:
    """Store a story's text in one language, with what is declared about it; a published story gets a new version.

    ``language`` is a BCP 47 tag, with or without columns of its own. A translation is fresh unless the original has
    moved on since ``translated_from_version`` (None: the current one); writing the original makes all translations
    stale. Without an ``origin`` it is the original or a human translation. Raises DomainError for a text without words,
    an origin that does not fit or a reviewer from elsewhere, ConflictError for a killed story.
    """
    turn = Turn.begin(story, actor=actor)
    story = turn.story
    home = stored_language(language) or language
    script = script_of(html_to_text(f"{text.headline} {text.body}")) if home == "sr" else ""  # as it was typed
    text = cleaned(text, home)
    if not (text.headline or html_to_text(text.body)):
        raise DomainError("edition-empty", _("Give a headline or text."))
    if reviewed_by is not None and not may(reviewed_by, "newsexchange.change_story", story.broadcaster_id):
        raise DomainError("reviewer-unknown", _("The reviewer is an editor of the story's own newsroom."))
    is_original = home == (stored_language(story.language) or story.language)
    if origin is None:
        origin = EditionOrigin.ORIGINAL if is_original else EditionOrigin.HUMAN
    if is_original != (origin == EditionOrigin.ORIGINAL):
        raise DomainError("edition-origin", _("The original is the text in the story's own language, and no other is."))
    source = story.version if translated_from_version is None else translated_from_version
    is_stale = not is_original and not _says_what_it_said(story, source)
    turn.advance()
    if home in STORED:
        for name, value in asdict(text).items():
            setattr(story, f"{name}_{home}", value)
    edition, _created = Edition.objects.update_or_create(
        story=story,
        language=home,
        defaults={
            "origin": origin,
            "script": script,
            "ai_use": ai_use,
            "ai_tool": normalise_text(ai_tool, "und"),
            "digital_source_type": digital_source_type,
            "ai_label": normalise_text(ai_label, language),
            "reviewed_by": reviewed_by,
            "translated_from_version": None if is_original else source,
            "is_stale": is_stale,
            "changed_at": timezone.now(),
            **({} if home in STORED else asdict(text)),
        },
    )
    if is_original:
        story.editions.exclude(pk=edition.pk).update(is_stale=True)
    turn.end({f"{name}_{home}" for name in TEXT_FIELDS} if home in STORED else set(), note=note)
    remember_edition(story, edition)
    return edition


def cleaned(text: Text, language: str) -> Text:
    """As it is stored: normalised, and markup made harmless."""
    values = {name: normalise_text(value or "", language) for name, value in asdict(text).items()}
    return Text(values["headline"].strip(), clean_html(values["summary"]), clean_html(values["body"]))


def differing_texts(story: Story, texts: Mapping[str, Text]) -> dict[str, Text]:
    """Those in languages without columns that say, once they are clean, something else than stands there."""
    standing = {
        edition.language: Text(edition.headline, edition.summary, edition.body)
        for edition in story.editions.filter(language__in=texts)
    }
    return {tag: text for tag, text in texts.items() if _in_words(text, tag) != standing.get(tag, Text())}


def write_texts(story: Story, texts: Mapping[str, Text], *, actor: User) -> None:
    """The texts in languages without columns, as editions of a locked story; one without words is taken away."""
    original = stored_language(story.language) or story.language
    for language, text in texts.items():
        text = _in_words(text, language)
        if text == Text():
            story.editions.filter(language=language).delete()
            continue
        is_original = language == original
        declared = (
            {"origin": EditionOrigin.ORIGINAL}
            if is_original
            else {"translated_from_version": story.version, "reviewed_by": actor}
        )
        new = {} if is_original else {"origin": EditionOrigin.HUMAN}
        written: dict[str, Any] = {"is_stale": False, "changed_at": timezone.now(), **declared, **asdict(text)}
        Edition.objects.update_or_create(
            story=story, language=language, defaults=written, create_defaults=written | new
        )


def follow_texts(story: Story, touched: Iterable[str], *, actor: User) -> None:
    """Editions exist for the languages with text; the ones not touched while the original moved on turn stale.

    ``touched`` names stored languages and, by their tags, others. The first text of a story is its original.
    """
    touched = set(touched)
    written = {
        language for language in STORED if any(getattr(story, f"{field}_{language}") for field in ("headline", "body"))
    }
    existing = {edition.language: edition for edition in story.editions.select_for_update(of=("self",))}
    source = stored_language(story.language) or story.language
    has_original = any(edition.origin == EditionOrigin.ORIGINAL for edition in existing.values())
    for language in sorted(written - existing.keys(), key=lambda code: (code != source, code)):
        is_original, has_original = not has_original, True
        Edition.objects.create(
            story=story,
            language=language,
            origin=EditionOrigin.ORIGINAL if is_original else EditionOrigin.HUMAN,
            translated_from_version=None if is_original else story.version,
            reviewed_by=None if is_original else actor,
        )
    originals = {code for code, edition in existing.items() if edition.origin == EditionOrigin.ORIGINAL}
    for language in touched & existing.keys() & set(STORED):
        Edition.objects.filter(pk=existing[language].pk).update(
            is_stale=False,
            changed_at=timezone.now(),
            **({} if language in originals else {"translated_from_version": story.version, "reviewed_by": actor}),
        )
    if touched & originals:
        Story.objects.filter(pk=story.pk).update(signature=None)  # what resembles it is to be found again
        stale = story.editions.exclude(language__in=touched).exclude(origin=EditionOrigin.ORIGINAL)
        stale.update(is_stale=True)
    story.editions.filter(language__in=set(STORED) - written).delete()


def _in_words(text: Text, language: str) -> Text:
    """As it is stored; nothing for a text without words."""
    text = cleaned(text, language)
    return text if text.headline or html_to_text(text.body) else Text()


def _says_what_it_said(story: Story, version: int) -> bool:
    """Whether the original still reads as it did in that version, so that a translation of it is still one."""
    if version == story.version:
        return True
    then = story.versions.filter(version=version).first()
    if then is None:
        raise DomainError("version-unknown", _("There is no such version."), version=version)
    language = stored_language(story.language)
    if language is not None:
        return all(
            (then.snapshot.get(f"{name}_{language}") or "") == (getattr(story, f"{name}_{language}") or "")
            for name in TEXT_FIELDS
        )
    said = then.snapshot.get("other_languages", {}).get(story.language, {})
    now = story.editions.filter(Q(headline__gt="") | Q(body__gt=""), language=story.language).first()
    return now is not None and all(said.get(name, "") == getattr(now, name) for name in TEXT_FIELDS)
