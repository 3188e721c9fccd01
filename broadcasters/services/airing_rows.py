"""What the rows of an as-run log mean: cells become an airing, or a refusal with its reason. Writes nothing."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.utils import timezone

from broadcasters.airing_constants import RowAction
from broadcasters.airing_times import SkippedTimeError, TwiceTimeError, instant
from broadcasters.models import Airing, AiringImport, AiringImportRow, Broadcaster, Channel
from broadcasters.parsing import values
from broadcasters.parsing.base import MAX_VALUE_CHARS, Code
from broadcasters.querysets import LONGEST_AIRING
from broadcasters.titles import programme_key
from mediaexchange.core.languages.names import name_key
from mediaexchange.core.languages.tags import STORED
from mediaexchange.core.validators import validate_language_tag

CHUNK = 2_000  # moments asked for at a time
_CLOCKS_DIFFER = timedelta(minutes=5)
_MS = timedelta(milliseconds=1)
_LANGUAGES = {
    "sr": ("serbian", "srpski", "српски", "сербский", "серб", "серб тілі", "srp"),
    "kk": ("kazakh", "казахский", "қазақ", "қазақша", "қазақ тілі", "kazaški", "казашки", "казахски", "kaz"),
    "ru": ("russian", "русский", "ruski", "руски", "орыс", "орысша", "орыс тілі", "rus"),
    "en": ("english", "английский", "engleski", "енглески", "ағылшын", "ағылшынша", "ағылшын тілі", "eng"),
    "hu": ("hungarian", "mađarski", "мађарски", "венгерский", "мажар", "мажар тілі", "magyar", "hun"),
}
_LANGUAGE_OF = {name: tag for tag, names in _LANGUAGES.items() for name in names}


class RefusedRowError(Exception):
    """``where`` is a field of ``parsing.columns``, ``value`` what stood there."""

    def __init__(self, code: str, where: str = "", value: object = "") -> None:
        super().__init__(code)
        self.code, self.where, self.value = code, where, str(value)[:MAX_VALUE_CHARS]


def problem(code: str, where: str = "", value: object = "") -> dict[str, str]:
    return {"code": code, "where": where, "value": str(value)[:MAX_VALUE_CHARS]}


class House:
    """The channels and partners by every name that a log may call them; asked once for a whole table."""

    def __init__(self, airing_import: AiringImport) -> None:
        self.broadcaster = airing_import.broadcaster
        self.zone = ZoneInfo(self.broadcaster.time_zone)
        self.default = airing_import.channel
        self.channels = _by_name(Channel.objects.filter(broadcaster=self.broadcaster), "name")
        self.houses = _by_name(Broadcaster.objects.all(), "name", "abbreviation")

    def channel(self, text: str) -> Channel:
        if not text:
            if self.default is None:
                raise RefusedRowError(Code.VALUE_MISSING, "channel")
            return self.default
        found = self.channels.get(text.casefold()) or self.channels.get(name_key(text), {})
        if len(found) > 1:
            raise RefusedRowError(Code.CHANNEL_AMBIGUOUS, "channel", text)
        for channel in found.values():
            return channel  # type: ignore[no-any-return]
        raise RefusedRowError(Code.CHANNEL_UNKNOWN, "channel", text)

    def origin_id(self, text: str) -> int:
        if not text:
            return self.broadcaster.pk
        found = self.houses.get(text.casefold()) or self.houses.get(name_key(text), {})
        if len(found) != 1:
            raise RefusedRowError(Code.ORIGIN_UNKNOWN, "origin", text)
        return int(next(iter(found)))


def _by_name(rows: Iterable[Any], *fields: str) -> dict[str, dict[int, Any]]:
    """Each name in each language, folded and as a key across scripts → the rows that bear it."""
    known: dict[str, dict[int, Any]] = {}
    for row in rows:
        names = {row.slug, *(getattr(row, f"{field}_{language}") or "" for field in fields for language in STORED)}
        for name in filter(None, names):
            for key in {name.casefold(), name_key(name)} - {""}:
                known.setdefault(key, {})[row.pk] = row
    return known


class Cells:
    """The cells of one row by field, as the mapping says."""

    def __init__(self, row: AiringImportRow, mapping: dict[str, str], width: int) -> None:
        if len(row.cells) > width:
            raise RefusedRowError(Code.TOO_MANY_CELLS, "", " | ".join(row.cells[width:]))
        self.said = {field: row.cells[int(place)] for place, field in mapping.items() if int(place) < len(row.cells)}

    def __getitem__(self, field: str) -> str:
        return str(self.said.get(field, "")).strip()

    def needed(self, field: str) -> str:
        if not self[field]:
            raise RefusedRowError(Code.VALUE_MISSING, field)
        return self[field]

    def start(self, zone: ZoneInfo) -> tuple[datetime, datetime, timedelta | None]:
        """The instant, what the wall's clocks showed, and the offset that was said, if any."""
        text = self.needed("start")
        moment = values.moment(text)
        if moment is None:
            raise RefusedRowError(Code.BAD_VALUE, "start", text)
        day = None
        if moment.day is None:
            day = values.day(self.needed("date"))
            if day is None:
                raise RefusedRowError(Code.BAD_VALUE, "date", self["date"])
        shift = moment.offset
        if shift is None and self["offset"]:
            shift = values.offset(self["offset"])
            if shift is None:
                raise RefusedRowError(Code.BAD_VALUE, "offset", self["offset"])
        wall = moment.wall(day)
        if wall is None or not 1900 <= wall.year <= 2200:
            raise RefusedRowError(Code.BAD_VALUE, "date", self["date"] or text)
        return at_instant(wall, zone, shift, "start"), wall, shift

    def duration_ms(self, started_at: datetime, wall: datetime, zone: ZoneInfo, shift: timedelta | None) -> int:
        if text := self["duration"]:
            found = values.length_ms(text)
            if found is None:
                raise RefusedRowError(Code.BAD_VALUE, "duration", text)
            return found
        for field, factor in (("duration_minutes", 60_000), ("duration_seconds", 1000), ("duration_ms", 1)):
            if text := self[field]:
                number = values.number(text)
                if number is None:
                    raise RefusedRowError(Code.BAD_VALUE, field, text)
                return int(number * factor)
        text = self["end"]
        if not text:
            raise RefusedRowError(Code.VALUE_MISSING, "duration")
        moment = values.moment(text)
        ended = moment.wall(wall.date()) if moment else None
        if moment is None or ended is None:
            raise RefusedRowError(Code.BAD_VALUE, "end", text)
        if moment.day is None:
            while ended < wall:  # past midnight; or the broadcast day's clock, where the start was past it too
                ended += timedelta(days=1)
            while ended - wall > timedelta(days=1):
                ended -= timedelta(days=1)
            began = values.moment(self["start"])
            if began is not None and began.ms == moment.ms:  # also where both are past 24 by the broadcast day's clock
                ended = wall
        own = moment.offset if moment.offset is not None else shift
        return (at_instant(ended, zone, own, "end") - started_at) // _MS

    def language(self) -> str:
        text = self["language"]
        tag = _LANGUAGE_OF.get(text.casefold(), text.replace("_", "-"))
        if tag:
            try:
                validate_language_tag(tag)
            except ValidationError:
                raise RefusedRowError(Code.BAD_VALUE, "language", text) from None
        return tag


def at_instant(wall: datetime, zone: ZoneInfo, shift: timedelta | None, where: str) -> datetime:
    try:
        return instant(wall, zone, shift)
    except SkippedTimeError:
        raise RefusedRowError(Code.TIME_SKIPPED, where, f"{wall:%Y-%m-%d %H:%M:%S}") from None
    except TwiceTimeError:
        raise RefusedRowError(Code.TIME_TWICE, where, f"{wall:%Y-%m-%d %H:%M:%S}") from None


def plan_airings(airing_import: AiringImport, rows: Sequence[AiringImportRow], house: House | None = None) -> None:
    """Say of each row what it would do: its values, action and problems. Written rows stay as they are."""
    house = house or House(airing_import)
    waiting = [row for row in rows if not row.is_written]
    for row in waiting:
        _forget(row)
        try:
            _read(row, Cells(row, airing_import.mapping, len(airing_import.header)), house)
        except RefusedRowError as refusal:
            row.action, row.problems = RowAction.REFUSE, [problem(refusal.code, refusal.where, refusal.value)]
    planned = [row for row in waiting if row.action == RowAction.CREATE]
    mark_known(planned)
    _warn_of_overlaps(planned)


def _forget(row: AiringImportRow) -> None:
    row.values, row.problems, row.has_warning = {}, [], False
    row.channel, row.started_at, row.programme_key, row.airing = None, None, "", None


def _read(row: AiringImportRow, cells: Cells, house: House) -> None:
    channel = house.channel(cells["channel"])
    started_at, wall, shift = cells.start(house.zone)
    lasting = cells.duration_ms(started_at, wall, house.zone, shift)
    if lasting <= 0:
        raise RefusedRowError(Code.LASTS_NOTHING, "duration", cells["duration"] or cells["end"])
    if lasting > LONGEST_AIRING // _MS:
        raise RefusedRowError(Code.LASTS_TOO_LONG, "duration", cells["duration"] or cells["end"])
    if started_at > timezone.now() + _CLOCKS_DIFFER:
        raise RefusedRowError(Code.IN_THE_FUTURE, "start", f"{wall:%Y-%m-%d %H:%M:%S}")
    title, reference = cells["title"][:500], cells["reference"][:200]
    if not title and not reference:
        raise RefusedRowError(Code.VALUE_MISSING, "title")
    title = title or reference
    row.action, row.channel, row.started_at = RowAction.CREATE, channel, started_at
    row.programme_key = programme_key(title, cells["programme_id"])
    row.values = {
        "title": title, "duration_ms": lasting, "language": cells.language(),
        "origin": house.origin_id(cells["origin"]), "reference": reference,
    }  # fmt: skip


def mark_known(rows: Sequence[AiringImportRow]) -> None:
    """The same channel and moment, and the same number or title: known, from the register or from a row before."""
    stored: dict[tuple[int | None, datetime | None], list[tuple[str, str, int]]] = {}
    channels = {row.channel_id for row in rows}
    moments = sorted({row.started_at for row in rows if row.started_at})
    for start in range(0, len(moments), CHUNK):
        there = Airing.objects.filter(channel__in=channels, started_at__in=moments[start : start + CHUNK])
        for channel, at, key, title, pk in there.values_list("channel", "started_at", "programme_key", "title", "pk"):
            stored.setdefault((channel, at), []).append((key, title, pk))
    seen: set[tuple[int | None, datetime | None, str]] = set()
    for row in rows:
        same = (row.channel_id, row.started_at)
        by_title = programme_key(row.values["title"])
        for key, title, pk in stored.get(same, ()):
            if key == row.programme_key or programme_key(title) == by_title:
                row.action, row.airing_id = RowAction.KNOWN, pk
                break
        else:
            if (*same, row.programme_key) in seen:
                row.action, row.has_warning = RowAction.KNOWN, True
                row.problems = [problem(Code.TWICE_IN_TABLE)]
        seen.add((*same, row.programme_key))


def _warn_of_overlaps(rows: Sequence[AiringImportRow]) -> None:
    """A new row that begins before what went on before it has ended says so; inserts in a programme are no error."""
    fresh = [row for row in rows if row.action == RowAction.CREATE]
    for channel in {row.channel_id for row in fresh}:
        own = [row for row in fresh if row.channel_id == channel]
        spans = sorted([*_spans(own), *_stored_spans(channel, own)], key=lambda span: (span[0], span[1]))
        begins = [span[0] for span in spans]
        latest: list[tuple[datetime, str]] = []  # up to each place: the last end so far, and whose it is
        for _start, end, title, _row in spans:
            latest.append(max(latest[-1], (end, title)) if latest else (end, title))
        for place, (start, end, _title, row) in enumerate(spans):
            if row is None:
                continue
            before = latest[place - 1] if place else None
            after = bisect_right(begins, start) if end > start else place + 1
            follows = spans[after] if after < len(spans) and begins[after] < end else None
            other = before[1] if before and before[0] > start else follows[2] if follows else None
            if other is not None:
                row.has_warning = True
                row.problems = [*row.problems, problem(Code.OVERLAPS, "", other)]


_Span = tuple[datetime, datetime, str, AiringImportRow | None]


def _spans(rows: Iterable[AiringImportRow]) -> Iterator[_Span]:
    for row in rows:
        start = row.started_at or datetime.max.replace(tzinfo=UTC)
        yield start, start + row.values["duration_ms"] * _MS, row.values["title"], row


def _stored_spans(channel: int | None, rows: Sequence[AiringImportRow]) -> Iterator[_Span]:
    moments = [row.started_at for row in rows if row.started_at]
    there = Airing.objects.filter(
        channel=channel, started_at__gt=min(moments) - LONGEST_AIRING, started_at__lt=max(moments) + LONGEST_AIRING
    )
    for start, lasting, title in there.values_list("started_at", "duration_ms", "title").iterator(CHUNK):
        yield start, start + lasting * _MS, title, None
