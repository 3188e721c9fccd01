"""What each feed holds at a given moment: pure arithmetic on the story files, the start of the server and the clock."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import groupby
from operator import attrgetter
from string import Template
from zlib import crc32
from zoneinfo import ZoneInfo

from newsexchange.partner_feeds.catalog import feed_at
from newsexchange.partner_feeds.story_files import INDEFINITE, PubStatus, Revision, Signal, WrittenStory

MAX_ITEMS = 25
RECURRING_FROM_S = 90
RECURRING_EVERY_S = 60
OPENING_SPACING = timedelta(minutes=23)


@dataclass(frozen=True, slots=True)
class Item:
    """One version of one story as a feed shows it. Body is XHTML, everything else plain text; datetimes are UTC."""

    guid: str
    version: int
    language: str
    headline: str
    summary: str
    body: str
    slugline: str
    byline: str
    place: str
    link: str
    topics: tuple[str, ...]
    urgency: int
    published_at: datetime
    updated_at: datetime
    credit: str
    usage_terms: str
    copyright_notice: str
    pubstatus: PubStatus = "usable"
    editors_note: str = ""
    signal: Signal = ""
    embargoed_until: datetime | None = None
    is_held_indefinitely: bool = False


class Timeline:
    """The plot of one run of the server.

    Identities never clash with those of an earlier run. A story that only stands there keeps its guid all day; one
    that changes carries the second at which the run started; a recurring one carries a slot of the wall clock.
    """

    def __init__(self, stories: tuple[WrittenStory, ...], *, started_at: datetime, speed: float = 1.0) -> None:
        """``speed`` 2.0 makes everything happen in half the time. Raises ValueError unless it is positive."""
        if speed <= 0:
            raise ValueError("The speed of the timeline must be positive.")
        self.started_at = started_at.astimezone(UTC).replace(microsecond=0)
        self.speed = speed
        self._standing = [story for story in stories if not story.is_recurring]
        self._stock = _interleaved([story for story in stories if story.is_recurring])

    def elapsed_s(self, now: datetime) -> float:
        """Timeline seconds since the start."""
        return (now - self.started_at).total_seconds() * self.speed

    def items(self, feed_path: str, now: datetime) -> tuple[Item, ...]:
        """What the feed holds, latest change first, cut to the last ``MAX_ITEMS``."""
        standing = [story for story in self._standing if story.feed == feed_path]
        items = [
            self._item(story, position, now)
            for position, story in enumerate(standing)
            if (story.appears_at_s or 0) <= self.elapsed_s(now)
        ]
        items += self._recurring(feed_path, now)
        return tuple(sorted(items, key=attrgetter("updated_at"), reverse=True)[:MAX_ITEMS])

    def _moment(self, seconds: float) -> datetime:
        return self.started_at + timedelta(seconds=int(seconds / self.speed))

    def _item(self, story: WrittenStory, position: int, now: datetime) -> Item:
        if story.appears_at_s is None:
            midnight = self.started_at.replace(hour=0, minute=0, second=0)
            return _as_item(story, midnight - position * OPENING_SPACING, stamp=f"{self.started_at:%Y%m%d}")
        first = _as_item(
            story,
            self._moment(story.appears_at_s),
            stamp=f"{self.started_at:%Y%m%d}",
            suffix=f"-{self.started_at:%H%M%S}",
        )
        if story.embargo == INDEFINITE:
            first = replace(first, is_held_indefinitely=True)
        elif story.embargo is not None:
            first = replace(first, embargoed_until=self._moment(story.embargo))
        item = first
        for revision in story.revisions:
            if revision.at_s <= self.elapsed_s(now):
                item = _revised(item, revision, at=self._moment(revision.at_s))
        return item

    def _recurring(self, feed_path: str, now: datetime) -> list[Item]:
        """Slots are counted on the wall clock from 1970, so that a restarted server goes on where the last one was."""
        if not self._stock:
            return []
        period_s = RECURRING_EVERY_S / self.speed
        first = int(self._moment(RECURRING_FROM_S).timestamp() // period_s) + 1
        last = int(now.timestamp() // period_s)
        items: list[Item] = []
        for slot in range(last, max(first, last - MAX_ITEMS * len(self._stock)) - 1, -1):
            story = self._stock[slot % len(self._stock)]
            if story.feed == feed_path:
                appeared_at = datetime.fromtimestamp(int(slot * period_s), tz=UTC)
                items.append(_filled(story, slot, appeared_at))
        return items


def _interleaved(stock: list[WrittenStory]) -> list[WrittenStory]:
    """Take turns between the newsrooms, so that two recurring items in a row come from different ones."""
    by_newsroom = groupby(stock, key=lambda story: story.newsroom.slug)
    ranked = [(rank, slug, story) for slug, group in by_newsroom for rank, story in enumerate(group)]
    return [story for _rank, _slug, story in sorted(ranked, key=lambda entry: entry[:2])]


def _as_item(story: WrittenStory, published_at: datetime, *, stamp: str, suffix: str = "") -> Item:
    newsroom = story.newsroom
    feed = feed_at(story.feed)
    return Item(
        guid=f"urn:newsml:{newsroom.domain}:{stamp}:{story.key}{suffix}",
        version=1,
        language=story.language,
        headline=story.headline,
        summary=story.summary,
        body=story.body,
        slugline=story.slugline,
        byline=story.byline,
        place=story.place,
        link=f"https://example.org/{newsroom.slug}/{stamp}/{story.key}{suffix}",
        topics=story.topics,
        urgency=story.urgency,
        published_at=published_at,
        updated_at=published_at,
        credit=newsroom.credit[story.language],
        usage_terms="" if feed is not None and feed.is_open else newsroom.usage_terms[story.language],
        copyright_notice=newsroom.copyright_notice[story.language],
        pubstatus=story.pubstatus,
        editors_note=story.editors_note,
    )


def _revised(item: Item, revision: Revision, *, at: datetime) -> Item:
    return replace(
        item,
        version=item.version + 1,
        updated_at=at,
        signal=revision.signal,
        headline=item.headline if revision.headline is None else revision.headline.strip(),
        summary=item.summary if revision.summary is None else revision.summary.strip(),
        body=item.body if revision.body is None else revision.body.strip(),
        editors_note=revision.editors_note,
        pubstatus=revision.pubstatus or item.pubstatus,
        embargoed_until=None if revision.ends_embargo else item.embargoed_until,
        is_held_indefinitely=item.is_held_indefinitely and not revision.ends_embargo,
    )


def _filled(story: WrittenStory, slot: int, appeared_at: datetime) -> Item:
    """Put the newsroom's local time and this slot's figures into the text; one slot always gives the same figures."""
    local = appeared_at.astimezone(ZoneInfo(story.newsroom.time_zone))
    values = {"time": f"{local:%H:%M}"}
    for name, (low, high) in (story.figures or {}).items():
        values[name] = str(low + crc32(f"{story.key}/{name}/{slot}".encode()) % (high - low + 1))
    item = _as_item(story, appeared_at, stamp=f"{appeared_at:%Y%m%d}", suffix=f"-{slot}")
    return replace(
        item,
        headline=Template(item.headline).substitute(values),
        summary=Template(item.summary).substitute(values),
        body=Template(item.body).substitute(values),
    )
