"""An as-run log of ten thousand airings: read with a preview, written, sent a second time. One process, no worker."""

import random
import time
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from benchmarks.report import Goal, Report

OURS = "ours"
GOALS: list[Goal] = []
_MOST_S = 30.0


def measure(report: Report, *, airings: int, rounds: int) -> None:
    """Seconds until the preview stands, until all is written, and for the same log again, which writes nothing."""
    from broadcasters.constants import Role
    from broadcasters.models import Airing
    from broadcasters.services.airing_import import (
        apply_airings,
        counts_of,
        read_airings,
        receive_airings,
        work_on_imports,
    )
    from tests.factories import make_broadcaster, make_channel, make_user

    rts, ptrc = make_broadcaster("rts"), make_broadcaster("ptrc")
    actor = make_user(rts, Role.EXCHANGE_DESK)
    make_broadcaster("rtv")
    for number in range(rounds):
        channel = make_channel(rts, slug=f"bench-{number}", foreign_share_cap_percent=Decimal(50))
        log = _log(airings, channel.slug, ptrc.slug, seed=number)
        before, began = Airing.objects.count(), time.perf_counter()
        first = receive_airings(log, broadcaster=rts, actor=actor)
        read_airings(first.pk)
        read = time.perf_counter() - began
        apply_airings(first, actor=actor)
        work_on_imports()
        written = time.perf_counter() - began
        again = receive_airings(log, broadcaster=rts, actor=actor)
        read_airings(again.pk)
        apply_airings(again, actor=actor)
        work_on_imports()
        both = time.perf_counter() - began
        fresh, known = Airing.objects.count() - before, counts_of(again)["known"]
        wrong = abs(fresh - airings) + abs(known - airings)  # whoever wrote nothing would be fast
        report.add(f"log of {airings:,}: preview", OURS, "s", read, errors=wrong, less=True)
        report.add(f"log of {airings:,}: preview and written", OURS, "s", written, errors=wrong, less=True)
        report.add(f"log of {airings:,}: the same again", OURS, "s", both - written, errors=wrong, less=True)
        began = time.perf_counter()
        weeks = Airing.objects.foreign_shares(channel, _BEGIN.date(), _BEGIN.date() + timedelta(weeks=52))
        elapsed = (time.perf_counter() - began) * 1000
        report.add("foreign share of 53 weeks", OURS, "ms", elapsed, errors=len(weeks) != 53, less=True)
    report.notes.append(f"A log of 10,000 airings shall be written within {_MOST_S:g} s.")


_BEGIN = datetime(2025, 1, 6, tzinfo=UTC)


def _log(number: int, channel: str, origin: str, *, seed: int) -> bytes:
    """Items of some minutes one after the other, by the clocks of Belgrade; a third of them are foreign."""
    dice = random.Random(seed)  # noqa: S311 — made-up rows, the same each time
    lines = ["Канал;Почетак;Трајање;Емисија;Језик;Порекло"]
    at = _BEGIN
    for place in range(number):
        lasting = dice.randrange(60, 3000)
        lines.append(
            f"{channel};{at:%Y-%m-%d %H:%M:%S}+00:00;{lasting};Емисија {place} о реци;sr;"
            f"{origin if place % 3 == 0 else ''}"
        )
        at += timedelta(seconds=lasting)
    return "\n".join(lines).encode()
