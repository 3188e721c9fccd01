"""Every way in, by name; and what holds for an entry whatever its format."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from hashlib import sha256

from newsexchange.parsing import atom, jsonfeed, newsml_1, newsml_g2, ninjs, nitf, rss
from newsexchange.parsing.base import DocumentError, Entry, Format, ParsedDocument, Problem, ReasonCode, Rendition
from newsexchange.parsing.fitting import fitted
from newsexchange.parsing.known import Known
from newsexchange.parsing.opening import opening_text
from newsexchange.parsing.preflight import check_size

# ninjs last: any other JSON object is offered to it.
FORMATS: dict[str, Format] = {
    module.FORMAT.name: module.FORMAT for module in (rss, atom, jsonfeed, newsml_g2, newsml_1, nitf, ninjs)
}
AUTO = "auto"
MAX_NUMBER = 2**31 - 1  # of pixels: what a column holds
MAX_RENDITIONS = 32_000  # of one entry: what their numbering holds


def detect(payload: bytes, content_type: str = "") -> str:
    """The name of the format that recognises the payload. Raises DocumentError when none does."""
    check_size(payload)
    for name, candidate in FORMATS.items():
        if candidate.sniff(payload, content_type):
            return name
    opening = opening_text(payload, content_type)[:200].strip()
    if not opening:
        raise DocumentError(ReasonCode.BAD_ENCODING, "its beginning is no text in any encoding it could be in")
    kind = (
        "an HTML page"
        if opening[:9].lower().startswith(("<!doctype", "<html"))
        else f"something that begins {opening[:60]!r}"
    )
    raise DocumentError(ReasonCode.UNKNOWN_FORMAT, f"no format recognises {kind}")


def parse(
    payload: bytes, *, format: str = AUTO, content_type: str = "", known: Collection[bytes] = ()
) -> ParsedDocument:
    """Entries with an identity and a text, and a problem for everything else. Raises DocumentError and nothing else.

    Entries whose fingerprints are ``known`` are skipped. Those that are read are not compared with them: the caller
    sees to it that the two have no identity in common.
    """
    check_size(payload)
    name = detect(payload, content_type) if format == AUTO else format
    if name not in FORMATS:
        raise DocumentError(ReasonCode.UNKNOWN_FORMAT, f"there is no format called {name[:40]!r}")
    chosen, seen = FORMATS[name], Known(known)
    parsed = chosen.parse(payload, content_type, seen) if chosen.skips_known else chosen.parse(payload, content_type)
    problems = list(parsed.problems)
    usable = []
    for entry in map(_completed, parsed.entries):
        problem = _problem_of(entry)
        if problem is None:
            usable.append(entry)
        else:
            problems.append(problem)
    entries, superseded = _newest_of_each(usable)
    return replace(
        parsed,
        entries=tuple(entries),
        problems=(*problems, *superseded),
        context=seen.context,
        skipped=tuple(seen.skipped),
    )


def _completed(entry: Entry) -> Entry:
    """With a guid when one can be made, and with its only text as its body."""
    if entry.summary and not entry.body:
        entry = replace(entry, body=entry.summary, summary="")
    if len(entry.renditions) > MAX_RENDITIONS or not all(map(_is_bounded, entry.renditions)):
        entry = replace(entry, renditions=tuple(map(_bounded, entry.renditions[:MAX_RENDITIONS])))
    if entry.guid:
        return fitted(entry)
    if entry.link:
        return fitted(replace(entry, guid=entry.link))
    if entry.headline or entry.body:
        digest = sha256(f"{entry.headline}\0{entry.body}".encode("utf-8", "replace")).hexdigest()
        return fitted(replace(entry, guid=f"urn:sha256:{digest}"))
    return entry


def _is_bounded(rendition: Rendition) -> bool:
    return (
        (rendition.width or 0) <= MAX_NUMBER
        and (rendition.height or 0) <= MAX_NUMBER
        and len(rendition.rel) <= 100
        and len(rendition.content_type) <= 200
        and len(rendition.checksum) <= 200
    )


def _bounded(rendition: Rendition) -> Rendition:
    """What a stranger says of a file, no longer or larger than a column: one absurd number must not sink a feed."""
    return replace(
        rendition,
        rel=rendition.rel[:100],
        content_type=rendition.content_type[:200],
        checksum=rendition.checksum if len(rendition.checksum) <= 200 else "",
        width=rendition.width if (rendition.width or 0) <= MAX_NUMBER else None,
        height=rendition.height if (rendition.height or 0) <= MAX_NUMBER else None,
    )


def _problem_of(entry: Entry) -> Problem | None:
    if not entry.guid:
        reason, detail = ReasonCode.NO_IDENTITY, "neither an identifier, a link nor a text"
        return Problem(ReasonCode.NO_TEXT if entry.pubstatus == "usable" else reason, detail, raw=entry.raw)
    if entry.pubstatus != "canceled" and not (entry.headline or entry.body):
        return Problem(ReasonCode.NO_TEXT, "neither a headline nor a text", guid=entry.guid, raw=entry.raw)
    return None


def _newest_of_each(entries: Iterable[Entry]) -> tuple[list[Entry], list[Problem]]:
    """One entry for each guid and language, in the order of the document: the highest version, then the latest, then
    the last. The same guid in two languages is one item told twice."""
    kept: dict[tuple[str, str], Entry] = {}
    problems = []
    for entry in entries:
        identity = (entry.guid, entry.language)
        other = kept.get(identity)
        if other is None:
            kept[identity] = entry
            continue
        newer, older = (entry, other) if _is_not_older(entry, other) else (other, entry)
        kept[identity] = newer
        if replace(newer, raw=b"") != replace(older, raw=b""):
            detail = "another entry of the same document has this identifier and is newer"
            problems.append(Problem(ReasonCode.BAD_STRUCTURE, detail, guid=older.guid, raw=older.raw))
    return list(kept.values()), problems


def _is_not_older(entry: Entry, other: Entry) -> bool:
    """By version when both have one, else by time when both have one, else by their place in the document."""
    if entry.version is not None and other.version is not None and entry.version != other.version:
        return entry.version > other.version
    moment, other_moment = entry.updated_at or entry.published_at, other.updated_at or other.published_at
    return moment is None or other_moment is None or moment >= other_moment
