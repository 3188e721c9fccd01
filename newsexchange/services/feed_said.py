"""What a feed has said about a story so far, kept with the story: so that the feed's next word is told from its last.

``Story.source_said`` holds ``fields`` (those that the desk may set too), ``digest`` and ``dopesheet`` (hashes),
``editions`` (hash of each text it gave, by edition), ``languages`` (what it said under the same identity in other
languages: hashes, version, embargo, status), ``own`` (embargo and status of its first language) and ``rules``.
"""

from datetime import datetime
from hashlib import sha256
from typing import Any

import orjson
from django.utils.dateparse import parse_datetime

from newsexchange.constants import PubStatus
from newsexchange.models import Story
from newsexchange.services.drafting import Draft

_SEVERITY = (PubStatus.USABLE, PubStatus.WITHHELD, PubStatus.CANCELED)


def hash_of(value: object) -> str:
    """Of JSON-ready values."""
    return sha256(orjson.dumps(value, option=orjson.OPT_SORT_KEYS)).hexdigest()[:32]


def as_json(values: dict[str, Any]) -> dict[str, Any]:
    """The values as they come back from the database."""
    return dict(orjson.loads(orjson.dumps(values)))


def word_of(draft: Draft) -> dict[str, Any]:
    """What an entry says about access, and how new it is."""
    entry = draft.entry
    return {
        "sent": draft.sent.digest,
        "digest": draft.digest,
        "version": entry.version,
        "updated_at": entry.updated_at.isoformat() if entry.updated_at else None,
        "embargoed_until": entry.embargoed_until.isoformat() if entry.embargoed_until else None,
        "is_held": entry.is_held_indefinitely,
        "pubstatus": entry.pubstatus,
    }


def strictest(said: dict[str, Any]) -> tuple[datetime | None, bool, PubStatus]:
    """Embargo, hold and status that satisfy every language the feed has spoken in."""
    words = [said.get("own", {}), *said.get("languages", {}).values()]
    moments = [moment for word in words if (moment := moment_of(word.get("embargoed_until"))) is not None]
    statuses = [PubStatus(word.get("pubstatus", PubStatus.USABLE)) for word in words]
    return (
        max(moments, default=None),
        any(word.get("is_held") for word in words),
        max(statuses, key=_SEVERITY.index),
    )


def is_older(draft: Draft, version: int | None, updated_at: datetime | None) -> bool:
    """By version where both sides have one, else by time where both have one; otherwise what comes later is newer."""
    if draft.entry.version is not None and version is not None and draft.entry.version != version:
        return draft.entry.version < version
    moment = draft.entry.updated_at
    return moment is not None and updated_at is not None and moment < updated_at


def moment_of(text: str | None) -> datetime | None:
    return parse_datetime(text) if text else None


def languages_of(story: Story) -> dict[str, Any]:
    """The words the feed has said under this identity in other languages, by BCP 47 tag."""
    languages: dict[str, Any] = story.source_said.setdefault("languages", {})
    return languages
