"""The dopesheet of a story as JSON-ready values: what snapshots keep and documents are rendered from."""

from collections.abc import Sequence
from typing import Any

from newsexchange.models import Rendition, Restriction, Shot, Soundbite, Story

PREFETCH = ("editions", "renditions__file", "shots__restrictions", "soundbites", "restrictions")


def dopesheet_of(story: Story) -> dict[str, Sequence[dict[str, Any]]]:
    """The rows as JSON-ready values without row ids, for snapshots. Reads prefetched relations."""
    shots = list(story.shots.all())
    return {
        "renditions": [rendition_values(item) for item in story.renditions.all()],
        "shots": [shot_values(item) for item in shots],
        "soundbites": [soundbite_values(item) for item in story.soundbites.all()],
        "restrictions": [
            restriction_values(item, {shot.pk: place for place, shot in enumerate(shots)})
            for item in story.restrictions.all()
        ],
    }


def rendition_values(item: Rendition) -> dict[str, Any]:
    names = ("rel", "href", "content_type", "title", "language", "size_bytes", "width", "height", "duration_ms")
    values = {name: getattr(item, name) for name in (*names, "checksum", "technical")}
    file = {"file": str(item.file.uid)} if item.file else {}
    return (
        {"uid": str(item.uid)} | {name: value for name, value in values.items() if value not in (None, "", {})} | file
    )


def shot_values(item: Shot) -> dict[str, Any]:
    names = ("in_ms", "out_ms", "description", "location", "shot_on", "language", "audio", "source")
    values = {name: getattr(item, name) for name in names}
    return {name: value for name, value in values.items() if value not in (None, "", {})}


def soundbite_values(item: Soundbite) -> dict[str, Any]:
    names = ("in_ms", "out_ms", "speaker", "speaker_role", "language", "text", "translations")
    values = {name: getattr(item, name) for name in names}
    return {name: value for name, value in values.items() if value not in (None, "", {})}


_RESTRICTION = (
    "territories", "is_elsewhere", "platforms", "starts_at", "ends_at", "is_barred", "barred_competitors",
    "max_seconds", "no_archive", "no_online", "no_edit", "no_resale", "reimport_hours", "note",
)  # fmt: skip


def restriction_values(item: Restriction, places: dict[int, int]) -> dict[str, Any]:
    """``shot`` is the place of the shot in the dopesheet, counted from 0; absent for the whole story."""
    values = {name: getattr(item, name) for name in _RESTRICTION}
    shot = {"shot": places[item.shot_id]} if item.shot_id in places else {}
    return shot | {name: value for name, value in values.items() if value not in (None, "", [], False)}
