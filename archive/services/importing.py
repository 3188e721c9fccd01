"""Imports of catalogue documents: received, read, shown before anything is written, and applied batch by batch."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import structlog
from django.db import DataError, IntegrityError, transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from archive.catalogue import values_of, with_parts
from archive.constants import ImportAction, ImportFormat, ImportStatus
from archive.import_words import DISCARDED, told
from archive.models import CatalogueImport, ImportRow, Item
from archive.parsing.base import MAX_BYTES, Code, DocumentError, ParsedDocument, ParsedRecord, problem
from archive.parsing.sandbox import parse_in_child
from archive.search import ITEM
from archive.services.import_checks import storable
from archive.services.import_comparing import Changes, changes_of
from archive.services.import_house import House, house_of, own_sources
from archive.services.import_matching import Matcher, known_wholes
from archive.services.import_resolving import Resolver
from archive.services.import_writing import set_wholes, write_changes
from archive.services.validation import validate_items
from broadcasters.models import Broadcaster
from broadcasters.permissions import require
from mediaexchange.core.bell import wake
from mediaexchange.core.errors import ConflictError, DomainError
from mediaexchange.core.models import User
from mediaexchange.core.search.indexing import refresh

TASK = "archive.tasks.work_on_imports"
CHUNK = 500  # records matched at a time
BATCH = 200  # items written in one transaction
TABLES = frozenset({ImportFormat.CSV, ImportFormat.XLSX})
# What a document may bring about that nobody has foreseen; a database that is away is none of it.
_UNFORESEEN = (DataError, IntegrityError, ArithmeticError, LookupError, TypeError, ValueError)

log = structlog.get_logger(__name__)


@transaction.atomic
def receive_import(
    payload: bytes, *, broadcaster: Broadcaster, actor: User | None, file_name: str = "", format: str = ""
) -> CatalogueImport:
    """Keep a document, to be read by a worker; the format is found by its content unless it is named.

    Raises DomainError for what is empty or too large, ForbiddenError.
    """
    require(actor, "archive.add_catalogueimport", broadcaster)
    if len(payload) > MAX_BYTES:
        raise DomainError(Code.TOO_LARGE, told(Code.TOO_LARGE), limit_bytes=MAX_BYTES)
    if not payload.strip():
        raise DomainError(Code.NO_RECORDS, told(Code.NO_RECORDS))
    if format and format not in ImportFormat.values:
        raise DomainError(Code.UNKNOWN_FORMAT, told(Code.UNKNOWN_FORMAT))
    received = CatalogueImport.objects.create(
        broadcaster=broadcaster,
        # Which it is, if nobody said so, is known when it has been read.
        format=format or _by_name(file_name),
        file_name=storable(file_name.replace("\\", "/").rpartition("/")[2])[-255:],
        content=payload,
        detail="" if format else _UNSAID,
        created_by=actor,
    )
    transaction.on_commit(lambda: wake(TASK))
    return received


_UNSAID = "format-unsaid"


def _by_name(file_name: str) -> str:
    ending = file_name.lower().rpartition(".")[2]
    return ending if ending in TABLES else ImportFormat.PBCORE if ending == "xml" else ImportFormat.CSV


def read_import(pk: int) -> bool:
    """Read a document and keep what it would change, record by record; False if that has been done.

    Safe to repeat, and side by side; nothing of the catalogue is written. The document is read in a child process.
    """
    waiting = CatalogueImport.objects.filter(pk=pk, status=ImportStatus.READING)
    received = waiting.select_related("broadcaster").first()
    if received is None:
        return False
    named = "" if received.detail == _UNSAID else received.format
    try:
        found, document = parse_in_child(bytes(received.content), named, own_sources(received.broadcaster))
    except DocumentError as error:
        refused = {"status": ImportStatus.REFUSED, "error": error.code, "detail": storable(error.detail)}
        return bool(waiting.update(**refused))
    said = [": ".join(filter(None, (each.code, each.where, each.value))) for each in document.problems]
    with transaction.atomic():
        if not waiting.select_for_update(of=("self",), no_key=True).values("pk"):
            return False
        received.rows.all().delete()
        for planned in _planned(document, house_of(received.broadcaster), is_table=found in TABLES):
            for row in planned:
                row.catalogue_import = received
            ImportRow.objects.bulk_create(planned)
        waiting.update(format=found, status=ImportStatus.PREVIEW, detail=storable("\n".join(said)))
    return True


def _planned(document: ParsedDocument, house: House, *, is_table: bool) -> Iterator[list[ImportRow]]:
    for record in document.records:
        record.said = storable(record.said)
    wholes = known_wholes(document.records, house.broadcaster)
    seen: set[Any] = set()
    for start in range(0, len(document.records), CHUNK):
        chunk = document.records[start : start + CHUNK]
        matcher = Matcher(chunk, house.broadcaster)
        matched = {
            record.place: None if record.refusal else matcher.match(record, is_table=is_table) for record in chunk
        }
        items = {
            item.pk: item
            for item in with_parts(Item.objects.filter(pk__in={pk for pk in matched.values() if pk is not None}))
        }
        yield [
            _plan(record, items.get(matched[record.place] or 0), house, wholes, seen, is_table=is_table)
            for record in chunk
        ]


def _plan(
    record: ParsedRecord, item: Item | None, house: House, wholes: set[str], seen: set[Any], *, is_table: bool
) -> ImportRow:
    """What one record would do. ``seen`` are the items and identifiers that records before it are about."""
    name = item.identifier if item else str(record.said.get("identifier", ""))
    if name and name in seen and record.refusal is None:
        record.refusal = problem(Code.IDENTIFIER_TWICE, "identifier", name)
    seen.add(name)
    current = values_of(item) if item else None
    changes: Changes = {}
    problems, refusal = record.problems, record.refusal
    if refusal is None:
        resolver = Resolver(record, house, current, wholes=wholes, is_table=is_table)
        values = resolver.resolve()
        adds = frozenset({"descriptions"}) if resolver.said.get("notes_added") else frozenset()
        changes, more = changes_of(current, values, replaces=is_table, adds=adds)
        problems, refusal = [*resolver.problems, *more, *_not_imported(resolver.said, item)], resolver.refusal
    if refusal is not None:
        action, changes, problems = ImportAction.REFUSE, {}, [refusal, *problems]
    elif item is None:
        action = ImportAction.CREATE
    else:
        action = ImportAction.UPDATE if changes else ImportAction.UNCHANGED
    said = {key: value for key, value in record.said.items() if key not in ("shown", "notes_added", "category_guess")}
    return ImportRow(
        position=record.place,
        identifier=name[:200],
        action=action,
        item=item,
        changes=changes,
        problems=[storable(each.as_json()) for each in problems],
        record=said,
    )


def _not_imported(said: dict[str, Any], item: Item | None) -> Iterator[Any]:
    """Columns that are for reading only and say something else than the item."""
    for name, value in (said.get("shown") or {}).items():
        if name != "carriers" and value and value != (getattr(item, name) if item else "draft"):
            yield problem(Code.NOT_IMPORTED, name, value)


@transaction.atomic
def apply_import(catalogue_import: CatalogueImport, *, actor: User | None) -> CatalogueImport:
    """Approve what the preview shows: a worker writes it. Safe to repeat.

    Raises ConflictError for one that is not read yet, or is refused; ForbiddenError.
    """
    stored = _locked(catalogue_import, actor)
    if stored.status in (ImportStatus.APPLYING, ImportStatus.APPLIED):
        return stored
    if stored.status != ImportStatus.PREVIEW:
        raise ConflictError(
            "not-previewed", _("Only what has been read and not refused is applied."), current=stored.status
        )
    stored.status, stored.applied_by = ImportStatus.APPLYING, actor
    stored.save(update_fields=["status", "applied_by"])
    transaction.on_commit(lambda: wake(TASK))
    return stored


@transaction.atomic
def discard_import(catalogue_import: CatalogueImport, *, actor: User | None) -> CatalogueImport:
    """Decide that nothing of it is written. Safe to repeat. Raises ConflictError once it is being applied."""
    stored = _locked(catalogue_import, actor)
    if stored.status in (ImportStatus.APPLYING, ImportStatus.APPLIED):
        raise ConflictError("applied-already", _("It is being applied or has been."), current=stored.status)
    if stored.status != ImportStatus.REFUSED:
        stored.status, stored.error = ImportStatus.REFUSED, DISCARDED
        stored.save(update_fields=["status", "error"])
    return stored


def _locked(catalogue_import: CatalogueImport, actor: User | None) -> CatalogueImport:
    rows = CatalogueImport.objects.select_for_update(of=("self",), no_key=True).select_related("broadcaster")
    stored = rows.defer("content").get(pk=catalogue_import.pk)
    require(actor, "archive.change_catalogueimport", stored.broadcaster)
    return stored


def run_import(pk: int) -> int:
    """Write the approved changes of an import, batch by batch; returns how many items were written.

    Killed in the middle it goes on where it was: a batch is one transaction, a row knows the item that it made, and
    a change that is there already is none.
    """
    written, after = 0, 0
    while True:
        with transaction.atomic():
            rows = CatalogueImport.objects.select_for_update(of=("self",), no_key=True)
            running = rows.select_related("broadcaster", "applied_by").defer("content")
            current = running.filter(pk=pk, status=ImportStatus.APPLYING).first()
            if current is None:
                return written
            wanted = [ImportAction.CREATE, ImportAction.UPDATE]
            batch = list(current.rows.filter(position__gt=after, action__in=wanted).order_by("position")[:BATCH])
            if not batch:
                _set_wholes(current)
                current.status, current.applied_at = ImportStatus.APPLIED, Now()
                current.save(update_fields=["status", "applied_at"])
                return written
            written += _write(batch, current)
            after = batch[-1].position


def _write(batch: list[ImportRow], running: CatalogueImport) -> int:
    """One batch; rows whose item was changed after the preview are refused, and say so."""
    house = running.broadcaster
    own = Item.objects.filter(broadcaster=house)
    new = {row.identifier for row in batch if row.action == ImportAction.CREATE and row.item_id is None}
    taken = set(own.filter(identifier__in=new).values_list("identifier", flat=True))
    keys = {row.item_id for row in batch if row.item_id}
    list(own.filter(pk__in=keys).order_by("pk").select_for_update(of=("self",), no_key=True).values_list("pk"))
    items = {item.pk: item for item in with_parts(own.filter(pk__in=keys))}
    changed: list[tuple[Item, dict[str, Any]]] = []
    made: list[tuple[ImportRow, Item]] = []
    conflicts: list[ImportRow] = []
    for row in batch:
        if row.item_id is None and row.action == ImportAction.CREATE:
            if row.identifier in taken:
                conflicts.append(row)
                continue
            item = Item(broadcaster=house, identifier=row.identifier)
            changed.append((item, {name: after for name, (_before, after) in row.changes.items()}))
            made.append((row, item))
        elif row.action == ImportAction.UPDATE:
            stored = items.get(row.item_id or 0)
            wanted = None if stored is None else _still_wanted(row.changes, values_of(stored))
            if stored is None or wanted is None:
                conflicts.append(row)
            elif wanted:
                changed.append((stored, wanted))
    ids = write_changes(changed, house, actor=running.applied_by)
    for row, item in made:
        row.item = item
    _refuse(conflicts)
    ImportRow.objects.bulk_update([*(row for row, _item in made), *conflicts], ["item", "action", "problems"])
    if ids:
        refresh(ITEM, ids)
        validate_items(ids)
    return len(ids)


def _refuse(rows: list[ImportRow]) -> None:
    for row in rows:
        row.action = ImportAction.REFUSE
        row.problems = [problem(Code.CHANGED_MEANWHILE, "identifier", row.identifier).as_json(), *row.problems]


def _still_wanted(changes: Changes, current: dict[str, Any]) -> dict[str, Any] | None:
    """What is left to be written; None if somebody changed one of these fields to something else."""
    wanted = {}
    for name, (before, after) in changes.items():
        now = current[name]
        if name == "instantiations":
            now, before, after = (_without_keys(each) for each in (now, before, after))
        if now == after:
            continue
        if now != before:
            return None
        wanted[name] = changes[name][1]
    return wanted


def _without_keys(carriers: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A carrier that we made has a UID now that the preview could not know."""
    return [{name: value for name, value in row.items() if name not in ("uid",)} for row in carriers]


def _set_wholes(running: CatalogueImport) -> None:
    """At the end, when every whole is there. Records whose item would become a part of itself say so."""
    rows = running.rows.filter(Q(action=ImportAction.CREATE) | Q(action=ImportAction.UPDATE), item__isnull=False)
    wanted = {row.item_id: row for row in rows.filter(changes__has_key="parent").iterator()}
    if not wanted:
        return
    refused = set_wholes({int(pk or 0): row.changes["parent"][1] for pk, row in wanted.items()}, running.broadcaster)
    told_rows = [wanted[pk] for pk in refused]
    for row in told_rows:
        row.problems = [problem(Code.PARENT_UNKNOWN, "parent", row.changes["parent"][1]).as_json(), *row.problems]
    ImportRow.objects.bulk_update(told_rows, ["problems"])
    refresh(ITEM, [int(pk or 0) for pk in wanted])


def work_on_imports() -> None:
    """Read what waits, go on with what was approved. Whoever was killed is followed."""
    for pk in list(
        CatalogueImport.objects.filter(status=ImportStatus.READING).order_by("pk").values_list("pk", flat=True)
    ):
        _try(read_import, pk)
    running = CatalogueImport.objects.filter(status=ImportStatus.APPLYING).order_by("pk").values_list("pk", flat=True)
    for pk in list(running):
        _try(run_import, pk)


def _try(work: Callable[[int], object], pk: int) -> None:
    """One import that breaks its worker is refused and holds up no other; batches that were written stay."""
    try:
        work(pk)
    except _UNFORESEEN as error:
        log.exception("catalogue-import.crashed", catalogue_import=pk)
        broken = CatalogueImport.objects.filter(pk=pk)
        for status, code in ((ImportStatus.READING, Code.PARSER_FAILED), (ImportStatus.APPLYING, Code.BAD_VALUE)):
            broken.filter(status=status).update(
                status=ImportStatus.REFUSED, error=code, detail=f"internal: {type(error).__name__}"
            )


def wake_if_waiting(age: timedelta = timedelta(seconds=20)) -> None:
    """Ring for imports of which nobody has heard."""
    waiting = Q(status__in=[ImportStatus.READING, ImportStatus.APPLYING])
    if CatalogueImport.objects.filter(waiting, created_at__lt=Now() - age).exists():
        wake(TASK)
