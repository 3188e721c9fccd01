"""Reads the newsrooms' story files: what was written, and when on the timeline each piece of it happens."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

STORIES_FOLDER = Path(__file__).parent / "stories"

PubStatus = Literal["usable", "withheld", "canceled"]
Signal = Literal["", "update", "correction"]
INDEFINITE: Literal["indefinite"] = "indefinite"


@dataclass(frozen=True, slots=True)
class Newsroom:
    """A broadcaster's desk. The wording of ``credit`` and the rights texts depends on the language, a BCP 47 tag."""

    slug: str
    domain: str
    time_zone: str
    credit: dict[str, str]
    usage_terms: dict[str, str]
    copyright_notice: dict[str, str]


@dataclass(frozen=True, slots=True)
class Revision:
    """A later version of a story. None leaves a text as it was; the editor's note always belongs to one version."""

    at_s: int
    signal: Signal = ""
    headline: str | None = None
    summary: str | None = None
    body: str | None = None
    editors_note: str = ""
    pubstatus: PubStatus | None = None
    ends_embargo: bool = False


@dataclass(frozen=True, slots=True)
class WrittenStory:
    """A story as it stands in the file. All ``*_s`` are timeline seconds after the start of the server."""

    newsroom: Newsroom
    key: str
    feed: str
    language: str
    headline: str
    summary: str
    body: str
    slugline: str
    byline: str
    place: str
    topics: tuple[str, ...]
    urgency: int = 5
    editors_note: str = ""
    pubstatus: PubStatus = "usable"
    appears_at_s: int | None = None  # None: it was there before the server started
    embargo: int | Literal["indefinite"] | None = None
    is_recurring: bool = False
    figures: dict[str, tuple[int, int]] | None = None  # placeholder → smallest and largest value
    revisions: tuple[Revision, ...] = ()

    @property
    def is_scripted(self) -> bool:
        """Whether the story takes part in a run's plot, and so needs a new identity in every run."""
        return self.appears_at_s is not None


@dataclass(frozen=True, slots=True)
class StoryShelf:
    """Everything in the files. ``malformed`` maps a feed path to the raw items that it always carries."""

    stories: tuple[WrittenStory, ...]
    malformed: dict[str, tuple[str, ...]]


@cache
def read_stories(folder: Path = STORIES_FOLDER) -> StoryShelf:
    """Every story of every newsroom, in file order. Raises KeyError or TypeError for a missing or misspelt field."""
    stories: list[WrittenStory] = []
    malformed: dict[str, tuple[str, ...]] = {}
    for path in sorted(folder.glob("*.toml")):
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        newsroom = Newsroom(slug=path.stem, **content["newsroom"])
        stories += [_story(newsroom, fields) for fields in content["story"]]
        for piece in content.get("malformed", []):
            malformed[piece["feed"]] = (*malformed.get(piece["feed"], ()), piece["xml"])
    return StoryShelf(tuple(stories), malformed)


def _story(newsroom: Newsroom, fields: dict[str, Any]) -> WrittenStory:
    fields = dict(fields)
    fields["topics"] = tuple(fields["topics"])
    fields["revisions"] = tuple(Revision(**revision) for revision in fields.get("revisions", []))
    if "figures" in fields:
        fields["figures"] = {name: (low, high) for name, (low, high) in fields["figures"].items()}
    for text in ("headline", "summary", "body"):
        fields[text] = fields[text].strip()
    return WrittenStory(newsroom=newsroom, **fields)
