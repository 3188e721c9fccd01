"""The rows of a story's dopesheet (renditions, shots, soundbites, restrictions) as a feed gave them, in batches."""

from collections.abc import Iterable
from typing import Any

from newsexchange.models import Rendition, Restriction, Shot, Soundbite, Story
from newsexchange.parsing.base import Entry, values_of
from newsexchange.parsing.base import Restriction as SaidRestriction

_COPY = ("uid", "file_id", "fetch_due_at", "fetch_failures", "fetch_error", "fetch_leased_until", "fetch_token")


def said_dopesheet(entry: Entry) -> dict[str, Any]:
    """What a feed says about the dopesheet, by the names of the story's relations, for comparing with its last word."""
    return {
        "renditions": [values_of(item) for item in entry.renditions],
        "shots": [values_of(item) for item in entry.shots],
        "soundbites": [values_of(item) for item in entry.soundbites],
        "restrictions": [values_of(item) for item in entry.restrictions],
    }


def write_dopesheets(pairs: Iterable[tuple[Story, Entry]]) -> None:
    """Put the feed's rows of these stories in place of its earlier ones; what the desk added stays.

    Restrictions of the feed's shots are written with them. One statement a table, whatever the number of stories.
    """
    pairs = list(pairs)
    stories = [story.pk for story, _entry in pairs]
    copies = _copies_of(stories)
    said = _said_of(stories)
    Restriction.objects.filter(story__in=stories, from_feed=True).delete()
    for model in (Rendition, Shot, Soundbite):
        model.objects.filter(story__in=stories, from_feed=True).delete()
    Rendition.objects.bulk_create(
        Rendition(
            story=story,
            position=position,
            from_feed=True,
            **{**values_of(item), "href": item.href[:2000], "technical": dict(item.technical)},
            **copies.pop((story.pk, item.href[:2000], item.checksum), {}),
        )
        for story, entry in pairs
        for position, item in enumerate(entry.renditions)
    )
    shots = Shot.objects.bulk_create(
        Shot(
            story=story,
            position=position,
            from_feed=True,
            **{**values_of(item), "description": dict(item.description)},
        )
        for story, entry in pairs
        for position, item in enumerate(entry.shots)
    )
    Soundbite.objects.bulk_create(
        Soundbite(
            story=story,
            position=position,
            from_feed=True,
            **{
                **values_of(item),
                "speaker_role": dict(item.speaker_role),
                "translations": dict(item.translations),
                "speaks_as": said.get((story.pk, item.speaker), ""),
            },
        )
        for story, entry in pairs
        for position, item in enumerate(entry.soundbites)
    )
    by_place = {(shot.story_id, shot.position): shot for shot in shots}
    Restriction.objects.bulk_create(
        _restriction(story, item, by_place) for story, entry in pairs for item in entry.restrictions
    )


def _copies_of(stories: list[int]) -> dict[tuple[int, str, str], dict[str, Any]]:
    """By story, address and checksum: the identity of a rendition, our copy of its file, and what fetching it said.

    A file that the feed names again unchanged is the same one: links to it hold, and it is not fetched a second time.
    """
    known = (
        Rendition.objects.filter(story__in=stories, from_feed=True)
        .order_by("-pk")
        .values("story_id", "href", "checksum", *_COPY)
    )
    return {(row["story_id"], row["href"], row["checksum"]): {name: row[name] for name in _COPY} for row in known}


def _said_of(stories: list[int]) -> dict[tuple[int, str], str]:
    """As whom a story's speakers speak, which people have said and no feed says: it outlasts the feed's rows."""
    known = Soundbite.objects.filter(story__in=stories, from_feed=True).exclude(speaker="").exclude(speaks_as="")
    return {(row.story_id, row.speaker): row.speaks_as for row in known.order_by("pk")}


def _restriction(story: Story, item: SaidRestriction, shots: dict[tuple[int, int], Shot]) -> Restriction:
    values = values_of(item)
    place = values.pop("shot")
    for name in ("territories", "platforms", "barred_competitors"):
        values[name] = list(values[name])
    shot = None if place is None else shots.get((story.pk, place))
    return Restriction(story=story, shot=shot, from_feed=True, **values)
