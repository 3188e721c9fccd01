"""``manage.py verify_audit [--since DAY | --from-seal N] [--head DIGEST]``: is the audit trail what was sealed?"""

import time
from argparse import ArgumentParser, ArgumentTypeError
from datetime import UTC, datetime
from typing import Any

import structlog
from django.core.management.base import BaseCommand, CommandError

from mediaexchange.core.trail.models import AuditErasure, AuditSeal
from mediaexchange.core.trail.verifying import Checked, Fault, Finding, head, unsealed_entries, verify

_EVERY_SECONDS = 2.0
_MOST_TOLD = 100

log = structlog.get_logger(__name__)


class Command(BaseCommand):
    help = (
        "Verify the audit trail against its seals and name every entry that was altered, removed or inserted since. "
        "Ends with status 1 if there is one. Nothing is written, and nothing has to stop meanwhile."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        part = parser.add_mutually_exclusive_group()
        part.add_argument(
            "--since", type=_day, metavar="YYYY-MM-DD", help="only what was sealed on this day (UTC) or later"
        )
        part.add_argument("--from-seal", type=int, default=1, metavar="N", help="go on at this seal")
        parser.add_argument(
            "--head", type=_digest, metavar="DIGEST", help="a head that was printed before and kept elsewhere"
        )

    def handle(self, *args: Any, since: datetime | None, from_seal: int, head: bytes | None, **options: Any) -> None:
        first = from_seal if since is None else _first_since(since)
        faults = 0
        if head is not None:
            kept = AuditSeal.objects.filter(digest=head).values_list("position", flat=True).first()
            faults += self._tell_of_kept(kept)
            first = first if kept is None else min(first, kept)
        faults += self._verify(first)
        self._sum_up()
        if faults:
            log.error("audit.altered", faults=faults)
            raise CommandError(f"The audit trail is not what was sealed; faults: {faults}.", returncode=1)

    def _tell_of_kept(self, position: int | None) -> int:
        if position is None:
            self.stdout.write("kept head: no seal has this digest. The chain was written anew, or its end is gone.")
            return 1
        self.stdout.write(f"kept head: seal {position}")
        return 0

    def _verify(self, first: int) -> int:
        """Tell of every fault, the first hundred by name; returns how many."""
        faults, told = 0, time.monotonic()
        for checked in verify(first=first):
            for finding in checked.findings[: max(0, _MOST_TOLD - faults)]:
                self.stdout.write(_line(finding))
            faults += len(checked.findings)
            if (now := time.monotonic()) - told > _EVERY_SECONDS:
                told = now
                self.stdout.write(_progress(checked))
        if faults > _MOST_TOLD:
            self.stdout.write(f"… and {faults - _MOST_TOLD} more")
        return faults

    def _sum_up(self) -> None:
        newest = head()
        if newest is not None:
            self.stdout.write(
                f"seal {newest.position} of {newest.sealed_at:%Y-%m-%d %H:%M:%S} UTC, up to entry {newest.last_id}"
            )
            self.stdout.write(f"head: {bytes(newest.digest).hex()}")
        self.stdout.write(f"not sealed yet: {unsealed_entries()} entries")
        self.stdout.write(f"erased by right: {AuditErasure.objects.count()} entries")


def _day(text: str) -> datetime:
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError as error:
        raise ArgumentTypeError("a day is written as 2026-11-30") from error


def _digest(text: str) -> bytes:
    try:
        digest = bytes.fromhex(text)
    except ValueError:
        digest = b""
    if len(digest) != 32:
        raise ArgumentTypeError("a digest has 64 hexadecimal digits")
    return digest


def _first_since(day: datetime) -> int:
    """The first seal of that day or later; behind the head if there is none."""
    first = AuditSeal.objects.filter(sealed_at__gte=day).order_by("position").values_list("position", flat=True).first()
    newest = head()
    return first or (newest.position + 1 if newest else 1)


def _line(finding: Finding) -> str:
    of_seal = finding.fault in (Fault.SEAL_ALTERED, Fault.SEAL_UNLINKED)
    return f"seal {finding.number}: {finding.fault}" if of_seal else f"entry {finding.number}: {finding.fault}"


def _progress(checked: Checked) -> str:
    return f"verified up to seal {checked.position}"
