"""The dopesheet of a story as JSON-ready values: what snapshots keep and documents are rendered from."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from newsexchange.models import Rendition, Restriction, Shot, Soundbite, Story

PREFETCH = ("editions", "renditions__file", "shots__restrictions", "soundbites", "restrictions")
Dopesheet = Mapping[str, Sequence[dict[str, Any]]]


def dopesheet_of(story: Story) -> Dopesheet:
    """The rows as JSON-ready values without row ids, for snapshots. Reads prefetched relations."""
    return _values(story.renditions.all(), story.shots.all(), story.soundbites.all(), story.restrictions.all())


def dopesheets_of(story_ids: Collection[int]) -> dict[int, Dopesheet]:
    """The same of many stories, one statement a table; those without any row are left out."""
    found: dict[int, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
    for name, rows in (
        ("renditions", Rendition.objects.select_related("file").order_by("position", "id")),
        ("shots", Shot.objects.order_by("position", "id")),
        ("soundbites", Soundbite.objects.order_by("position", "id")),
        ("restrictions", Restriction.objects.order_by("shot__position", "id")),
    ):
        for row in rows.filter(story__in=story_ids) if story_ids else ():
            found[row.story_id][name].append(row)
    return {
        story_id: _values(rows["renditions"], rows["shots"], rows["soundbites"], rows["restrictions"])
        for story_id, rows in found.items()
    }


def _values(
    renditions: Iterable[Rendition],
    shots: Iterable[Shot],
    soundbites: Iterable[Soundbite],
    restrictions: Iterable[Restriction],
) -> Dopesheet:
    shots = list(shots)
    places = {shot.pk: place for place, shot in enumerate(shots)}
    return {
        "renditions": [rendition_values(item) for item in renditions],
        "shots": [shot_values(item) for item in shots],
        "soundbites": [soundbite_values(item) for item in soundbites],
        "restrictions": [restriction_values(item, places) for item in restrictions],
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
    names = ("in_ms", "out_ms", "speaker", "speaker_role", "speaks_as", "language", "text", "translations")
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
