"""What the rows of an audience table mean: figures of an airing, of a channel's days, or of an edition of a subject."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from broadcasters.airing_constants import UNIT_OF, UNITS, Measure, RowAction, Unit
from broadcasters.matchers import matchers
from broadcasters.models import Airing, AiringImport, AiringImportRow, AudienceFigure
from broadcasters.parsing import values
from broadcasters.parsing.base import Code
from broadcasters.parsing.columns import MEASURES, column_of
from broadcasters.services.airing_rows import Cells, House, RefusedRowError, problem
from broadcasters.titles import reference_uid
from mediaexchange.core.models import User

_NEAR = timedelta(minutes=2)  # panels round what playout says to the second
_WHOLE = frozenset({Unit.PEOPLE, Unit.VIEWS})
_UNITS = {
    "people": Unit.PEOPLE, "viewers": Unit.PEOPLE, "percent": Unit.PERCENT, "per cent": Unit.PERCENT,
    "%": Unit.PERCENT, "views": Unit.VIEWS, "ljudi": Unit.PEOPLE, "људи": Unit.PEOPLE, "procenat": Unit.PERCENT,
    "проценат": Unit.PERCENT, "человек": Unit.PEOPLE, "процент": Unit.PERCENT, "адам": Unit.PEOPLE,
    "пайыз": Unit.PERCENT,
}  # fmt: skip
_KEY = ("airing", "channel", "starts_on", "ends_on", "subject_type", "subject_uid", "language", "measure", "unit",
        "source", "as_of")  # fmt: skip


def plan_figures(airing_import: AiringImport, rows: Sequence[AiringImportRow]) -> None:
    """Say of each row which figures it states. What nobody stated differently is new; written rows stay."""
    house = House(airing_import)
    waiting = [row for row in rows if not row.is_written]
    for row in waiting:
        row.values, row.problems, row.has_warning = {}, [], False
        row.channel, row.started_at, row.programme_key, row.airing = None, None, "", None
        try:
            cells = Cells(row, airing_import.mapping, len(airing_import.header))
            row.values = {"figures": list(_figures(airing_import, row, cells, house))}
            row.action = RowAction.CREATE
        except RefusedRowError as refusal:
            row.action, row.problems = RowAction.REFUSE, [problem(refusal.code, refusal.where, refusal.value)]
    _compare(airing_import, [row for row in waiting if row.action == RowAction.CREATE])


def _figures(airing_import: AiringImport, row: AiringImportRow, cells: Cells, house: House) -> Iterable[dict[str, Any]]:
    target = _target(airing_import, row, cells, house)
    source = cells["source"] or airing_import.source
    if not source:
        raise RefusedRowError(Code.VALUE_MISSING, "source")
    as_of = _day(cells, "as_of") or target.pop("last_day")
    target.pop("last_day", None)
    if as_of is None:
        raise RefusedRowError(Code.VALUE_MISSING, "as_of")
    shared = target | {
        "language": cells.language() or target["language"], "source": source[:300], "method": cells["method"][:300],
        "as_of": as_of.isoformat(),
    }  # fmt: skip
    if shared["subject_uid"] and not shared["language"]:
        raise RefusedRowError(Code.VALUE_MISSING, "language")
    stated = False
    for measure, unit, value in _values(cells):
        stated = True
        yield shared | {"measure": measure, "unit": unit, "value": str(value)}
    if not stated:
        raise RefusedRowError(Code.VALUE_MISSING, "value")


def _values(cells: Cells) -> Iterable[tuple[str, str, Decimal]]:
    """One from measure and value, and one from each column that is a measure itself."""
    if cells["value"]:
        measure = column_of(cells.needed("measure"))
        if measure not in MEASURES:
            raise RefusedRowError(Code.BAD_VALUE, "measure", cells["measure"])
        yield _value(measure, cells, "value")
    for measure in MEASURES:
        if cells[measure]:
            yield _value(measure, cells, measure)


def _value(measure: str, cells: Cells, field: str) -> tuple[str, str, Decimal]:
    text = cells[field]
    said = cells["unit"].casefold() if field == "value" else "%" if text.endswith("%") else ""
    unit = _UNITS.get(said) if said else UNIT_OF[measure]
    if unit is None or unit not in UNITS[measure]:
        raise RefusedRowError(Code.BAD_VALUE, "unit", cells["unit"] or text)
    number = values.number(text, is_whole=unit in _WHOLE)
    if number is None or number >= 10**12 or (unit == Unit.PERCENT and number > 100):
        raise RefusedRowError(Code.BAD_VALUE, field, text)
    return Measure(measure).value, unit.value, number.quantize(Decimal("0.01"))


def _target(airing_import: AiringImport, row: AiringImportRow, cells: Cells, house: House) -> dict[str, Any]:
    """What is told of, with the last day of it; an airing by its UID or by channel and moment."""
    target: dict[str, Any] = dict.fromkeys(_KEY[:6]) | {
        "subject_type": "", "language": "", "made_by": None, "last_day": None,
    }  # fmt: skip
    actor = airing_import.created_by
    if text := cells["reference"]:
        uid = reference_uid(text)
        if uid is None:
            raise RefusedRowError(Code.BAD_VALUE, "reference", text)
        airing = Airing.objects.filter(uid=uid, channel__broadcaster=house.broadcaster).first()
        if airing is not None:
            return target | _of_airing(airing, row, house)
        found = find_subject(uid, actor)
        if found is None:
            raise RefusedRowError(Code.SUBJECT_UNKNOWN, "reference", text)
        return target | {"subject_type": found[0], "subject_uid": str(uid), "made_by": found[1]}
    channel = house.channel(cells["channel"])
    row.channel = channel
    if cells["start"]:
        started_at, _wall, _shift = cells.start(house.zone)
        row.started_at = started_at
        near = Airing.objects.filter(channel=channel, started_at__range=(started_at - _NEAR, started_at + _NEAR))
        found_airing = min(near, key=lambda each: abs(each.started_at - started_at), default=None)
        if found_airing is None:
            raise RefusedRowError(Code.AIRING_UNKNOWN, "start", cells["start"])
        return target | _of_airing(found_airing, row, house)
    first = _day(cells, "date")
    if first is None:
        raise RefusedRowError(Code.VALUE_MISSING, "date")
    last = _day(cells, "until") or first
    if last < first:
        raise RefusedRowError(Code.BAD_VALUE, "until", cells["until"])
    if last > house.broadcaster.today():
        raise RefusedRowError(Code.DAY_AHEAD, "until" if cells["until"] else "date", last.isoformat())
    return target | {
        "channel": channel.pk, "starts_on": first.isoformat(), "ends_on": last.isoformat(), "last_day": last,
    }  # fmt: skip


def _of_airing(airing: Airing, row: AiringImportRow, house: House) -> dict[str, Any]:
    row.airing = airing
    return {
        "airing": airing.pk, "language": airing.language, "made_by": airing.origin_id,
        "last_day": airing.started_at.astimezone(house.zone).date(),
    }  # fmt: skip


def find_subject(uid: Any, actor: User | None) -> tuple[str, int] | None:
    """The type and the maker of what this identity is, as far as the actor sees it."""
    if actor is None:
        return None
    for matcher in matchers():
        made_by = matcher.made_by(uid, actor)
        if made_by is not None:
            return matcher.subject_type, made_by
    return None


def _day(cells: Cells, field: str) -> date | None:
    if not cells[field]:
        return None
    found = values.day(cells[field])
    if found is None:
        raise RefusedRowError(Code.BAD_VALUE, field, cells[field])
    return found


def _compare(airing_import: AiringImport, rows: Sequence[AiringImportRow]) -> None:
    """All figures of a row are stored already: known. One that the same source stated differently: refused."""
    stored = _stored(airing_import, rows)
    for row in rows:
        news = []
        for figure in row.values["figures"]:
            key = tuple(figure[name] for name in _KEY)
            there = stored.get(key)
            if there is None:
                stored[key] = Decimal(figure["value"])
                news.append(figure)
            elif there != Decimal(figure["value"]):
                row.action = RowAction.REFUSE
                row.problems = [problem(Code.FIGURE_STANDS, figure["measure"], there)]
                break
        else:
            row.values = {"figures": news} if news else row.values
            row.action = RowAction.CREATE if news else RowAction.KNOWN


def _stored(airing_import: AiringImport, rows: Sequence[AiringImportRow]) -> dict[tuple[Any, ...], Decimal]:
    said = [figure for row in rows for figure in row.values["figures"]]
    own = AudienceFigure.objects.filter(stated_by=airing_import.broadcaster)
    found: dict[tuple[Any, ...], Decimal] = {}
    for column in ("airing", "channel", "subject_uid"):
        wanted = {figure[column] for figure in said if figure[column]}
        for *key, value in own.filter(**{f"{column}__in": wanted}).values_list(*_KEY, "value") if wanted else ():
            plain = [each.isoformat() if isinstance(each, date) else each for each in key]
            plain[5] = str(plain[5]) if plain[5] else None
            found[tuple(plain)] = value
    return found


def write_figures(running: AiringImport, batch: Sequence[AiringImportRow]) -> int:
    """One statement; what another import wrote meanwhile stays as it is. Returns how many rows were written."""
    figures = [
        AudienceFigure(
            airing_id=said["airing"],
            channel_id=said["channel"],
            starts_on=said["starts_on"],
            ends_on=said["ends_on"],
            subject_type=said["subject_type"],
            subject_uid=said["subject_uid"],
            language=said["language"],
            measure=said["measure"],
            unit=said["unit"],
            value=Decimal(said["value"]),
            source=said["source"],
            method=said["method"],
            as_of=said["as_of"],
            stated_by=running.broadcaster,
            made_by_id=said["made_by"],
            recorded_by=running.applied_by,
        )
        for row in batch
        for said in row.values["figures"]
    ]
    AudienceFigure.objects.bulk_create(figures, ignore_conflicts=True)
    return AiringImportRow.objects.filter(pk__in=[row.pk for row in batch]).update(is_written=True)
