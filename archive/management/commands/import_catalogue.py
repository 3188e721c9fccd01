"""``manage.py import_catalogue PATH… --broadcaster SLUG``: what documents would change or, by ``--apply``, do."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from archive.constants import ImportAction, ImportFormat, ImportStatus
from archive.import_words import told, told_problem
from archive.models import CatalogueImport, ImportRow
from archive.services.importing import apply_import, read_import, receive_import, run_import
from broadcasters.models import Broadcaster
from mediaexchange.core.errors import DomainError


class Command(BaseCommand):
    help = "Read PBCore, EBUCore, CSV or XLSX; list every record with what it would change or why it is refused."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", nargs="+", type=Path, metavar="PATH")
        parser.add_argument("--broadcaster", required=True, help="slug of the house whose catalogue it is")
        parser.add_argument(
            "--format", default="", choices=["", *ImportFormat.values], help="found by content if not named"
        )
        parser.add_argument("--apply", action="store_true", help="write it, without waiting for anybody's approval")
        parser.add_argument("--json", action="store_true", help="one JSON object a line for each record")

    def handle(
        self, *args: Any, paths: list[Path], broadcaster: str, format: str, apply: bool, json: bool, **options: Any
    ) -> None:
        house = Broadcaster.objects.filter(slug=broadcaster).first()
        if house is None:
            raise CommandError(f"There is no broadcaster “{broadcaster}”.")
        refused = 0
        for path in paths:
            refused += not self._import(path, house, format, is_applied=apply, as_json=json)
        if refused:
            raise CommandError(f"Documents refused: {refused} of {len(paths)}.")

    def _import(self, path: Path, house: Broadcaster, format: str, *, is_applied: bool, as_json: bool) -> bool:
        try:
            received = receive_import(
                path.read_bytes(), broadcaster=house, actor=None, file_name=path.name, format=format
            )
        except (DomainError, OSError) as error:
            self.stderr.write(f"{path}: {error}")
            return False
        read_import(received.pk)
        received.refresh_from_db(fields=["status", "error", "detail", "format"])
        if received.status == ImportStatus.REFUSED:
            self.stderr.write(f"{path}: {told(received.error)} {received.detail}")
            return False
        if is_applied:
            apply_import(received, actor=None)
            run_import(received.pk)
        for row in received.rows.order_by("position").iterator():
            self.stdout.write(_as_json(path, row) if as_json else _as_line(path, row))
        self.stdout.write(_summary(path, received))
        return True


def _as_line(path: Path, row: ImportRow) -> str:
    said = "; ".join(told_problem(each) for each in row.problems)
    fields = ", ".join(row.changes)
    return "\t".join(filter(None, (path.name, str(row.position), row.action, row.identifier, fields, said)))


def _as_json(path: Path, row: ImportRow) -> str:
    values = {
        "document": path.name,
        "position": row.position,
        "identifier": row.identifier,
        "action": row.action,
        "changes": row.changes,
        "problems": row.problems,
    }
    return json.dumps(values, ensure_ascii=False)


def _summary(path: Path, received: CatalogueImport) -> str:
    counts = [(each.value, received.rows.filter(action=each.value).count()) for each in ImportAction]
    return f"{path.name} ({received.format}): " + ", ".join(f"{name} {number}" for name, number in counts)
