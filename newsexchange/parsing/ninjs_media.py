"""The files of a ninjs item and of the media associated with it, with all that is said of them."""

from collections.abc import Iterator

from newsexchange.parsing.base import Association, Rendition
from newsexchange.parsing.g2_times import duration
from newsexchange.parsing.json_text import JsonObject, line, objects, string
from newsexchange.parsing.markup import absolute, language_tag, whole_number
from newsexchange.parsing.ninjs_parts import associated, folded
from newsexchange.parsing.ninjs_texts import body, headline
from newsexchange.parsing.status import Embargo, read_embargo, read_pubstatus

MAX_PIXELS = 2**31 - 1
MEDIA_TYPES = frozenset({"picture", "graphic", "audio", "video"})
# What has a column of its own.
COLUMNS = frozenset({
    "href", "name", "contenttype", "mimetype", "title", "sizeinbytes", "width", "height", "duration", "language",
})  # fmt: skip
# NewsML-G2's names for what ninjs 3.1 calls otherwise.
G2_NAMES = {"aspectratio": "videoaspectratio", "framerate": "videoframerate", "scantype": "videoscan"}
LONGEST_HOURS = 12
FEWEST_BYTES_A_SECOND = 1000  # 8 kbit/s; the lowest rate of intelligible speech in broadcasting is above it


def embargo_of(fields: JsonObject) -> Embargo:
    """3.x says embargoedUntil, 1.x and 2.x embargoed. Present without a date is a hold without end."""
    for name in ("embargoeduntil", "embargoed"):
        if name in fields:
            return read_embargo(fields[name])
    return Embargo()


def story_embargo(fields: JsonObject) -> Embargo:
    """The item's own embargo, prolonged by those of the media that come with it: a story is released as a whole."""
    own = embargo_of(fields)
    moments = [embargo_of(member.fields).embargoed_until for member in associated(fields) if _is_media(member.fields)]
    latest = max((moment for moment in (own.embargoed_until, *moments) if moment is not None), default=None)
    return Embargo(latest, own.is_held_indefinitely)


def renditions(fields: JsonObject) -> tuple[Rendition, ...]:
    """The item's own files, then those of associated media that may be used, then attached documents."""
    found = list(_own(fields, ""))
    for member in associated(fields):
        item = member.fields
        if _is_media(item) and _may_be_used(item):
            found += _own(item, headline(item, language_tag(string(item.get("language")))))
    for attachment in map(folded, objects(fields.get("attachments"))):
        if href := absolute("", string(attachment.get("href")) or string(attachment.get("url"))):
            found.append(
                Rendition(
                    href=href,
                    rel="attachment",
                    content_type=(line(attachment.get("contenttype")) or line(attachment.get("mimetype")))[:200],
                    title=line(attachment.get("title")) or line(attachment.get("filename")),
                    size_bytes=whole_number(attachment.get("sizeinbytes", attachment.get("length"))),
                )
            )
    return tuple(dict.fromkeys(found))


def unreachable(fields: JsonObject) -> Iterator[Association]:
    """Renditions without an address of the web: they are named, though nobody can fetch them."""
    for name, rendition in _named(fields):
        if not absolute("", string(rendition.get("href"))):
            where = string(rendition.get("href")) or string(rendition.get("residref"))
            kind = line(rendition.get("contenttype")) or line(rendition.get("mimetype"))
            yield Association(
                line(rendition.get("name")) or name or "rendition", where, "", kind, line(rendition.get("title"))
            )


def item_duration(found: tuple[Rendition, ...]) -> int | None:
    """How long the recording is: the longest length that a rendition of sound or pictures states."""
    lengths = [rendition.duration_ms for rendition in found if rendition.duration_ms]
    return max(lengths) if lengths else None


def _is_media(item: JsonObject) -> bool:
    return line(item.get("type")).lower() in MEDIA_TYPES or not body(item, "")


def _may_be_used(item: JsonObject) -> bool:
    return read_pubstatus(item.get("pubstatus")) == "usable" and not _is_held(item)


def _is_held(item: JsonObject) -> bool:
    """An embargo without an end; one with an end holds the whole story."""
    return embargo_of(item).is_held_indefinitely


def _named(fields: JsonObject) -> list[tuple[str, JsonObject]]:
    value = fields.get("renditions", fields.get("rendition"))
    if isinstance(value, dict) and "href" not in value:
        return [(name, folded(each)) for name, member in value.items() for each in objects(member)]
    return [("", folded(each)) for each in objects(value)]


def _own(fields: JsonObject, default_title: str) -> Iterator[Rendition]:
    named = _named(fields)
    unit = 1 if any(_counts_milliseconds(rendition) for _, rendition in named) else 1000
    for name, rendition in named:
        href = absolute("", string(rendition.get("href")))
        if not href:
            continue
        technical = dict(_technical(rendition))
        checksum = next((f"{key[5:]}:{technical.pop(key)}" for key in list(technical) if key.startswith("hash:")), "")
        length = _number(rendition.get("duration"))
        said = line(rendition.get("duration"))
        duration_ms = duration(said, "") if length is None else round(length * unit)
        if duration_ms is None and said:
            technical["duration"] = said
        yield Rendition(
            href=href,
            rel=(line(rendition.get("name")) or name)[:100],
            content_type=(line(rendition.get("contenttype")) or line(rendition.get("mimetype")))[:200],
            title=line(rendition.get("title")) or default_title,
            size_bytes=whole_number(rendition.get("sizeinbytes")),
            width=_pixels(rendition.get("width")),
            height=_pixels(rendition.get("height")),
            duration_ms=duration_ms,
            checksum=checksum[:200],
            language=language_tag(string(rendition.get("language"))),
            technical=tuple(technical.items()),
        )


def _counts_milliseconds(rendition: JsonObject) -> bool:
    """The schema says seconds, but some agencies write milliseconds (7896 for a sound file of 190 kB).

    No news item lasts half a day, and none has less than a kilobyte a second.
    """
    length, size = _number(rendition.get("duration")), whole_number(rendition.get("sizeinbytes"))
    if not length or length != int(length):
        return False
    return length > LONGEST_HOURS * 3600 or (size is not None and 0 < size < length * FEWEST_BYTES_A_SECOND)


def _technical(rendition: JsonObject) -> Iterator[tuple[str, str]]:
    """Everything without a column, by NewsML-G2's names; what is nested gets a name with a dot."""
    for name, value in rendition.items():
        if name in COLUMNS:
            continue
        if name == "bitrate":
            yield (
                "audiobitrate" if line(rendition.get("contenttype")).startswith("audio/") else "videoavgbitrate",
                line(value),
            )
        elif isinstance(value, dict):
            prefix = "" if name == "extensions" else f"{name}."
            yield from ((f"{prefix}{key}", text) for key, each in value.items() if (text := _scalar(each)))
        elif text := _scalar(value):
            yield G2_NAMES.get(name, name), text


def _scalar(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else line(value)


def _number(value: object) -> float | None:
    if isinstance(value, str):
        try:
            value = float(value)
        except ValueError:
            return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if 0 <= value < 10**9 else None


def _pixels(value: object) -> int | None:
    number = whole_number(value)
    return number if number is not None and number <= MAX_PIXELS else None
