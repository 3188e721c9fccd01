"""Imports of as-run logs and audience tables: received, read, shown before anything is written, approved, written."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import structlog
from django.db import DataError, IntegrityError, transaction
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from broadcasters.airing_constants import LogKind, LogStatus, RowAction
from broadcasters.import_words import DISCARDED, told
from broadcasters.models import Airing, AiringImport, AiringImportRow, Broadcaster, Channel
from broadcasters.parsing.base import MAX_BYTES, MAX_SHEET_CHARS, Code, Table, TableError
from broadcasters.parsing.columns import FIELDS, guess, lacking
from broadcasters.parsing.sandbox import read_in_child
from broadcasters.permissions import require
from broadcasters.services.airing_rows import mark_known, plan_airings
from broadcasters.services.audience_rows import plan_figures, write_figures
from broadcasters.services.matching import match_import
from mediaexchange.core.bell import wake
from mediaexchange.core.errors import ConflictError, DomainError
from mediaexchange.core.models import User
from mediaexchange.core.outbox import record
from mediaexchange.core.rows import insert_rows, new_row, update_rows

TASK = "broadcasters.tasks.work_on_airing_imports"
BATCH = 2_000  # rows written in one statement
LEASE = timedelta(minutes=5)
_SEVERAL = 2  # sheets
# What a table may bring about that nobody has foreseen; a database that is away is none of it.
_UNFORESEEN = (DataError, IntegrityError, ArithmeticError, LookupError, TypeError, ValueError)
_PLANNED = (
    "action", "has_warning", "problems", "values", "channel", "started_at", "programme_key", "airing", "cells",
)  # fmt: skip

log = structlog.get_logger(__name__)


@transaction.atomic
def receive_airings(
    payload: bytes,
    *,
    broadcaster: Broadcaster,
    actor: User | None,
    kind: str = LogKind.AIRINGS,
    file_name: str = "",
    channel: Channel | None = None,
    source: str = "",
    sheet: str = "",
) -> AiringImport:
    """Keep a table, to be read by a worker; its format is found by its content. ``sheet`` is one of a workbook's.

    Raises DomainError for what is empty or too large or another house's channel, ForbiddenError.
    """
    require(actor, _permission(kind), broadcaster)
    if len(payload) > MAX_BYTES:
        raise DomainError(Code.TOO_LARGE, told(Code.TOO_LARGE), limit_bytes=MAX_BYTES)
    if not payload.strip():
        raise DomainError(Code.EMPTY, told(Code.EMPTY))
    if kind not in LogKind.values:
        raise DomainError("unknown-kind", _("Such rows are not imported."), field="kind")
    if channel is not None and channel.broadcaster_id != broadcaster.pk:
        raise DomainError("foreign-channel", _("The channel is another house’s."), field="channel")
    received = AiringImport.objects.create(
        broadcaster=broadcaster,
        kind=kind,
        file_name=file_name.replace("\0", "").replace("\\", "/").rpartition("/")[2][-255:],
        channel=channel,
        source=source.strip()[:300],
        sheet=sheet.replace("\0", "").strip()[:MAX_SHEET_CHARS],
        content=payload,
        created_by=actor,
    )
    transaction.on_commit(lambda: wake(TASK))
    return received


def _permission(kind: str) -> str:
    return "broadcasters.add_audiencefigure" if kind == LogKind.AUDIENCE else "broadcasters.add_airing"


def read_airings(pk: int) -> bool:
    """Read a table and keep what each row would write; False if that has been done or is being done.

    Safe to repeat, and side by side. The bytes are read in a child process, and forgotten once the rows are kept.
    """
    waiting = AiringImport.objects.filter(pk=pk, status=LogStatus.READING)
    free = Q(leased_until__isnull=True) | Q(leased_until__lt=Now())
    if not waiting.filter(free).update(leased_until=Now() + LEASE):
        return False
    received = waiting.select_related("broadcaster", "channel").first()
    if received is None:
        return False
    try:
        table = read_in_child(bytes(received.content or b""), received.kind, sheet=received.sheet)
    except TableError as error:
        refused: dict[str, Any] = {"status": LogStatus.REFUSED, "error": error.code, "sheets": error.sheets}
        if not (received.sheet and error.sheets):  # else another sheet may be chosen
            refused["content"] = None
        return bool(waiting.update(**refused, detail=error.detail.replace("\0", ""), leased_until=None))
    with transaction.atomic():
        locked = waiting.select_for_update(of=("self",), no_key=True).select_related("broadcaster", "channel").first()
        if locked is None:
            return False
        _keep(locked, table)
    return True


def _keep(received: AiringImport, table: Table) -> None:
    received.rows.all().delete()
    received.format, received.header, received.detail = table.format, table.header, table.notes
    received.sheet, received.sheets, received.error = table.sheet, table.sheets, ""
    received.mapping = guess(table.header, received.kind)
    rows = [
        new_row(AiringImportRow, airing_import_id=received.pk, position=place, cells=cells)
        for place, cells in table.rows
    ]
    _plan(received, rows)
    for start in range(0, len(rows), BATCH):
        insert_rows(rows[start : start + BATCH])
    received.leased_until = None
    if len(table.sheets) < _SEVERAL:
        received.content = None
    received.save()


def _plan(received: AiringImport, rows: Sequence[AiringImportRow]) -> None:
    """Read the cells as the columns are named now; without the columns that are needed a person is asked."""
    named = {"has_channel": received.channel_id is not None, "has_source": bool(received.source)}
    if lacking(received.mapping, received.kind, **named):
        received.status = LogStatus.COLUMNS
        return
    received.status = LogStatus.PREVIEW
    (plan_figures if received.kind == LogKind.AUDIENCE else plan_airings)(received, rows)


@transaction.atomic
def name_columns(
    airing_import: AiringImport,
    *,
    actor: User | None,
    mapping: dict[str, str],
    channel: Channel | None = None,
    source: str = "",
) -> AiringImport:
    """Say which field each column is, by its place from 0, and read the rows anew. ``channel`` is of rows that name
    none. Safe to repeat.

    Raises ConflictError once it is being written; DomainError for a place or field that is not there, or named twice.
    """
    stored = lock_import(airing_import, actor)
    if stored.status not in (LogStatus.COLUMNS, LogStatus.PREVIEW):
        raise ConflictError("not-previewed", _("Columns are named before rows are written."), current=stored.status)
    fields = FIELDS[stored.kind]
    for place, field in mapping.items():
        if field not in fields:
            raise DomainError("unknown-column", _("There is no such field here."), field=field[:60])
        if not (place.isascii() and place.isdecimal() and len(place) < 9 and int(place) < len(stored.header)):
            raise DomainError("unknown-column", _("There is no such column."), field=place[:60])
    if len(set(mapping.values())) < len(mapping):
        raise DomainError("column-twice", _("Each field is named once."))
    if channel is not None and channel.broadcaster_id != stored.broadcaster_id:
        raise DomainError("foreign-channel", _("The channel is another house’s."), field="channel")
    stored.mapping = mapping
    stored.channel = channel or stored.channel
    stored.source = source.strip()[:300] or stored.source
    rows = list(stored.rows.order_by("position"))
    _plan(stored, rows)
    for start in range(0, len(rows), BATCH):
        update_rows(rows[start : start + BATCH], _PLANNED)
    stored.save(update_fields=["mapping", "channel", "source", "status"])
    return stored


@transaction.atomic
def correct_row(row: AiringImportRow, *, actor: User | None, cells: dict[str, str]) -> AiringImportRow:
    """Correct cells of a row that is not written, by field, and look at it again; approving writes what is new.

    Raises ConflictError for a row that is written, DomainError for a field that no column is.
    """
    stored = lock_import(row.airing_import, actor)
    kept = AiringImportRow.objects.select_for_update(of=("self",), no_key=True).get(pk=row.pk)
    kept.airing_import = stored
    if kept.is_written or stored.status not in (LogStatus.PREVIEW, LogStatus.APPLIED):
        raise ConflictError("row-written", _("Only a row that is not written is corrected."), current=stored.status)
    places = {field: int(place) for place, field in stored.mapping.items()}
    if unknown := sorted(set(cells) - set(places)):
        raise DomainError("unknown-column", _("No column of this table is that."), field=unknown[0][:60])
    wanted = list(kept.cells) + [""] * (len(stored.header) - len(kept.cells))
    for field, text in cells.items():
        wanted[places[field]] = text.replace("\0", "").strip()
    kept.cells = wanted[: len(stored.header)]
    _plan(stored, [kept])
    kept.corrected_by = actor
    kept.save()
    return kept


@transaction.atomic
def apply_airings(airing_import: AiringImport, *, actor: User | None) -> AiringImport:
    """Approve what the preview shows: a worker writes it. Safe to repeat; rows that were corrected since are written.

    Raises ConflictError for one that is not read yet, or is refused; ForbiddenError.
    """
    stored = lock_import(airing_import, actor)
    if stored.status == LogStatus.APPLYING:
        return stored
    if stored.status not in (LogStatus.PREVIEW, LogStatus.APPLIED):
        raise ConflictError(
            "not-previewed", _("Only what has been read and not refused is written."), current=stored.status
        )
    if stored.status == LogStatus.APPLIED and not waiting_rows(stored).exists():
        return stored
    stored.status, stored.applied_by, stored.content = LogStatus.APPLYING, actor, None
    stored.save(update_fields=["status", "applied_by", "content"])
    transaction.on_commit(lambda: wake(TASK))
    return stored


@transaction.atomic
def discard_airings(airing_import: AiringImport, *, actor: User | None) -> AiringImport:
    """Decide that nothing of it is written. Safe to repeat. Raises ConflictError once it is being written."""
    stored = lock_import(airing_import, actor)
    if stored.status in (LogStatus.APPLYING, LogStatus.APPLIED):
        raise ConflictError("applied-already", _("It is being written or has been."), current=stored.status)
    if stored.status != LogStatus.REFUSED:
        stored.status, stored.error, stored.content = LogStatus.REFUSED, DISCARDED, None
        stored.save(update_fields=["status", "error", "content"])
    elif stored.sheets:
        AiringImport.objects.filter(pk=stored.pk).update(content=None)
    return stored


def lock_import(airing_import: AiringImport, actor: User | None) -> AiringImport:
    """The row, without its content, for who may. Raises ForbiddenError."""
    rows = AiringImport.objects.select_for_update(of=("self",), no_key=True).select_related("broadcaster", "channel")
    stored = rows.defer("content").get(pk=airing_import.pk)
    require(actor, _permission(stored.kind), stored.broadcaster)
    return stored


def waiting_rows(running: AiringImport) -> Any:
    """Those that an approval would write."""
    return running.rows.filter(action=RowAction.CREATE, is_written=False)


def run_airings(pk: int) -> int:
    """Write the approved rows, a statement a batch; returns how many were written.

    Killed in the middle it goes on where it was: a batch is one transaction, a row knows that it is written, and the
    database keeps what is there already from being there twice.
    """
    written = 0
    while True:
        with transaction.atomic():
            rows = AiringImport.objects.select_for_update(of=("self",), no_key=True)
            running = rows.select_related("broadcaster", "applied_by").defer("content").filter(pk=pk).first()
            if running is None or running.status != LogStatus.APPLYING:
                return written
            batch = list(waiting_rows(running).order_by("position")[:BATCH])
            if not batch:
                _end(running)
                return written
            written += (write_figures if running.kind == LogKind.AUDIENCE else _write)(running, batch)


def _write(_running: AiringImport, rows: Sequence[AiringImportRow]) -> int:
    """How many were written: what was reported since they were looked at is known, and no airing of its own."""
    channels = sorted({row.channel_id or 0 for row in rows})
    list(Channel.objects.filter(pk__in=channels).order_by("pk").select_for_update(no_key=True).values_list("pk"))
    mark_known(rows)
    update_rows([row for row in rows if row.action == RowAction.KNOWN], _PLANNED)
    batch = [row for row in rows if row.action == RowAction.CREATE]
    Airing.objects.bulk_create([_airing(row) for row in batch], ignore_conflicts=True)
    same = Airing.objects.filter(
        channel=OuterRef("channel"), started_at=OuterRef("started_at"), programme_key=OuterRef("programme_key")
    )
    chosen = AiringImportRow.objects.filter(pk__in=[row.pk for row in batch])
    return chosen.update(is_written=True, airing=Subquery(same.values("pk")[:1]))


def _airing(row: AiringImportRow) -> Airing:
    said: dict[str, Any] = row.values | {"channel": row.channel_id, "started_at": row.started_at}
    return Airing(
        channel_id=said["channel"],
        started_at=said["started_at"],
        duration_ms=said["duration_ms"],
        language=said["language"],
        origin_id=said["origin"],
        title=said["title"],
        reference=said["reference"],
        programme_key=row.programme_key,
    )


def _end(running: AiringImport) -> None:
    running.status, running.applied_at, running.matched_at = LogStatus.APPLIED, Now(), None
    if running.kind == LogKind.AUDIENCE:
        running.matched_at = Now()
    running.save(update_fields=["status", "applied_at", "matched_at"])
    record(
        "airing.imported",
        subject_type="airing-import",
        subject_uid=running.uid,
        audience=[running.broadcaster_id],
        actor=running.applied_by,
        rows=running.rows.filter(is_written=True).count(),
        kind_of_rows=running.kind,
    )


def wake_if_waiting(age: timedelta = timedelta(seconds=20)) -> None:
    """Ring for imports of which nobody has heard."""
    waiting = Q(status__in=[LogStatus.READING, LogStatus.APPLYING]) | Q(
        status=LogStatus.APPLIED, matched_at__isnull=True
    )
    free = Q(leased_until__isnull=True) | Q(leased_until__lt=Now())
    if AiringImport.objects.filter(waiting, free, created_at__lt=Now() - age).exists():
        wake(TASK)


def counts_of(airing_import: AiringImport) -> dict[str, int]:
    """Rows by what they would do, those with a remark, and those that are written."""
    counted = dict.fromkeys([*RowAction.values, "warned", "written"], 0)
    groups = airing_import.rows.order_by().values_list("action", "has_warning", "is_written")
    for action, is_warned, is_written, number in groups.annotate(number=Count("pk")):
        counted[action] += number
        counted["warned"] += number * is_warned
        counted["written"] += number * is_written
    return counted


def work_on_imports() -> None:
    """Read what waits, go on with what was approved, look for what it was. Whoever was killed is followed."""
    for pk in _due(status=LogStatus.READING):
        _try(read_airings, pk)
    for pk in _due(status=LogStatus.APPLYING):
        _try(run_airings, pk)
    for pk in _due(status=LogStatus.APPLIED, matched_at__isnull=True):
        _try(match_import, pk)


def _try(work: Callable[[int], object], pk: int) -> None:
    """One import that breaks its worker holds up no other; one that cannot be read is refused."""
    try:
        work(pk)
    except _UNFORESEEN as error:
        log.exception("airing-import.crashed", airing_import=pk)
        AiringImport.objects.filter(pk=pk, status=LogStatus.READING).update(
            status=LogStatus.REFUSED,
            error=Code.PARSER_FAILED,
            detail=f"internal: {type(error).__name__}",
            content=None,
            leased_until=None,
        )


def _due(**state: Any) -> list[int]:
    return list(AiringImport.objects.filter(**state).order_by("pk").values_list("pk", flat=True))
