"""How much one entry may hold. What has more is refused with a reason: cutting it would lose the rest silently."""

from lxml import etree

from newsexchange.parsing.base import Entry, Problem, ReasonCode
from newsexchange.parsing.json_text import JsonObject
from newsexchange.parsing.markup import local_name

MAX_PARTS = 5_000  # of each sort; the richest document of an agency that we saw had about 60 subjects and 10 renditions
SORTS = (
    "texts", "rights", "restrictions", "topics", "keywords", "entities", "renditions", "shots", "soundbites",
    "associations", "alt_ids", "hops",
)  # fmt: skip


def excess_of_blocks(item: etree._Element) -> str:
    """Why an element is too large to be looked at more closely, before any time is spent on it; "" for none."""
    for block in (item, *item.iterchildren(etree.Element)):
        if len(block) > MAX_PARTS:
            return f"<{local_name(block)}> has {len(block)} elements in it, at most {MAX_PARTS} are read"
    return ""


def excess_of_lists(fields: JsonObject) -> str:
    """The same for an object: why one of its lists is too long; "" for none."""
    for name, value in fields.items():
        if isinstance(value, list | dict) and len(value) > MAX_PARTS:
            return f"{name[:40]} has {len(value)} members, at most {MAX_PARTS} are read"
    return ""


def excess_of(entry: Entry) -> Problem | None:
    """Why an entry is too large to be stored; None for one that is not."""
    for sort in SORTS:
        count = len(getattr(entry, sort))
        if count > MAX_PARTS:
            detail = f"the entry has {count} {sort}, at most {MAX_PARTS} are read"
            return Problem(ReasonCode.TOO_LARGE, detail, guid=entry.guid, raw=entry.raw)
    return None
