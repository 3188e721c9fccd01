"""A story as it goes out, whatever the format: an entry as our own parsers would give it, and what only we can say."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings

from broadcasters.constants import Ownership
from mediaexchange.core.languages.localize import localized
from newsexchange.constants import EditionOrigin, VersionKind
from newsexchange.models import Edition, Rendition, Restriction, Story
from newsexchange.parsing import base
from newsexchange.parsing.dates import parse_date
from newsexchange.text import StoryText, languages_of

_SAME = (
    "version", "kind", "slugline", "editors_note", "byline", "dateline_place", "dateline_on", "event_uri",
    "assignment_uri", "link", "published_at", "expires_at", "urgency", "pubstatus", "embargoed_until", "credit",
    "copyright_notice", "usage_terms", "duration_ms",
)  # fmt: skip
_RENDITION = (
    "href", "rel", "content_type", "title", "size_bytes", "width", "height", "duration_ms", "checksum", "language",
)  # fmt: skip
_SHOT = ("in_ms", "out_ms", "location", "shot_on", "language", "audio", "source")
_SOUNDBITE = ("in_ms", "out_ms", "speaker", "language", "text")
_RESTRICTION = (
    "is_elsewhere", "starts_at", "ends_at", "is_barred", "max_seconds", "no_archive", "no_online", "no_edit",
    "no_resale", "reimport_hours", "note",
)  # fmt: skip
_LISTS = ("territories", "platforms", "barred_competitors")


@dataclass(frozen=True, slots=True)
class Origin:
    """The broadcaster a story comes from, named in the language of the document."""

    slug: str
    name: str
    ownership: str
    ownership_label: str
    country_code: str
    website: str
    time_zone: str


@dataclass(frozen=True, slots=True)
class Outgoing:
    """``text_origin`` is an EditionOrigin, ``correction_note`` what a correcting version says about itself."""

    entry: base.Entry
    origin: Origin
    text_origin: EditionOrigin
    is_stale: bool
    languages: tuple[str, ...]
    original_language: str
    translated_from_version: int | None = None
    ai_tool: str = ""
    ai_label: str = ""
    is_correction: bool = False
    correction_note: str = ""


def story_uri(story: Story) -> str:
    """The globally unique name of a story, whatever address it is read at (RFC 9562 URN)."""
    return f"urn:uuid:{story.uid}"


def outgoing(story: Story, text: StoryText, shown: str) -> Outgoing:
    """Everything the story holds, with its text for readers of this language. Reads prefetched relations.

    We are the last of its hops. Call it under the language of the document: labels are translated.
    """
    edition = text.edition or Edition()
    correction = story.versions.filter(version=story.version, kind=VersionKind.CORRECTION).first()
    return Outgoing(
        entry=_entry(story, text, edition, is_correction=correction is not None),
        origin=_origin(story, shown),
        text_origin=EditionOrigin(text.origin),
        is_stale=text.is_stale,
        languages=tuple(languages_of(story)),
        original_language=story.language,
        translated_from_version=edition.translated_from_version,
        ai_tool=edition.ai_tool,
        ai_label=edition.ai_label,
        is_correction=correction is not None,
        correction_note=correction.note if correction else "",
    )


def _entry(story: Story, text: StoryText, edition: Edition, *, is_correction: bool) -> base.Entry:
    shots = list(story.shots.all())
    places = {shot.pk: place for place, shot in enumerate(shots)}
    same = {name: getattr(story, name) for name in _SAME}
    return base.Entry(
        guid=story_uri(story),
        language=text.language,
        headline=text.headline,
        summary=text.summary,
        body=text.body,
        updated_at=story.versioned_at,
        is_held_indefinitely=story.is_held,
        is_correction=is_correction,
        rights=tuple(base.RightsStatement(**_known(base.RightsStatement, row)) for row in story.source_rights),
        restrictions=tuple(_restriction(item, places) for item in story.restrictions.all()),
        ai_use=edition.ai_use,
        digital_source_type=edition.digital_source_type,
        topics=tuple(story.topics),
        keywords=tuple(story.keywords),
        entities=tuple(base.Entity(**_known(base.Entity, row)) for row in story.entities),
        renditions=tuple(_rendition(item) for item in story.renditions.all()),
        shots=tuple(
            base.Shot(description=tuple(item.description.items()), **{name: getattr(item, name) for name in _SHOT})
            for item in shots
        ),
        soundbites=tuple(
            base.Soundbite(
                speaker_role=tuple(item.speaker_role.items()),
                translations=tuple(item.translations.items()),
                **{name: getattr(item, name) for name in _SOUNDBITE},
            )
            for item in story.soundbites.all()
        ),
        associations=tuple(base.Association(**_known(base.Association, row)) for row in story.associations),
        alt_ids=_alt_ids(story),
        hops=_hops(story),
        **same,
    )


def _known(kind: Any, row: dict[str, Any]) -> dict[str, Any]:
    """The row's values under names that the kind still has: rows outlive our changes."""
    return {name: value for name, value in row.items() if name in kind.__dataclass_fields__}


def _alt_ids(story: Story) -> base.Pairs:
    named = [(row.get("role", ""), row.get("value", "")) for row in story.alt_ids]
    if story.source_guid:
        named.append(("source", story.source_guid))
    return tuple(dict.fromkeys(named))


def _hops(story: Story) -> tuple[base.Hop, ...]:
    came = [base.Hop(row.get("by", ""), parse_date(row.get("at")), row.get("action", "")) for row in story.hops]
    return (*came, base.Hop(settings.EXCHANGE_URI, story.versioned_at, "published"))


def _rendition(item: Rendition) -> base.Rendition:
    technical = tuple((str(name), str(value)) for name, value in item.technical.items())
    return base.Rendition(technical=technical, **{name: getattr(item, name) for name in _RENDITION})


def _restriction(item: Restriction, places: dict[int, int]) -> base.Restriction:
    lists: dict[str, Any] = {name: tuple(getattr(item, name)) for name in _LISTS}
    shot = None if item.shot_id is None else places.get(item.shot_id)
    return base.Restriction(shot=shot, **lists, **{name: getattr(item, name) for name in _RESTRICTION})


def _origin(story: Story, shown: str) -> Origin:
    broadcaster = story.broadcaster
    return Origin(
        slug=broadcaster.slug,
        name=localized(broadcaster, "name", shown),
        ownership=broadcaster.ownership,
        ownership_label=str(Ownership(broadcaster.ownership).label),
        country_code=broadcaster.country_code,
        website=broadcaster.website,
        time_zone=broadcaster.time_zone,
    )
