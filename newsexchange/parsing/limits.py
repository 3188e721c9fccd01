"""How much one entry may hold. What has more is refused with a reason: cutting it would lose the rest silently."""

from newsexchange.parsing.base import Entry, Problem, ReasonCode

MAX_PARTS = 5_000  # of each sort; the richest document of an agency that we saw had about 60 subjects and 10 renditions
SORTS = (
    "texts", "rights", "restrictions", "topics", "keywords", "entities", "renditions", "shots", "soundbites",
    "associations", "alt_ids", "hops",
)  # fmt: skip


def excess_of(entry: Entry) -> Problem | None:
    """Why an entry is too large to be stored; None for one that is not."""
    for sort in SORTS:
        count = len(getattr(entry, sort))
        if count > MAX_PARTS:
            detail = f"the entry has {count} {sort}, at most {MAX_PARTS} are read"
            return Problem(ReasonCode.TOO_LARGE, detail, guid=entry.guid, raw=entry.raw)
    return None
