"""Reminders: of terms that end, last days for notice, promises made in consultations, milestones.

Each is written once for a subject, a day and a number of days, however often the task runs.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from broadcasters.constants import OPEN_INITIATIVES
from broadcasters.models import InitiativeMilestone, Memorandum, MinutesItem
from broadcasters.services.recipients import people_with
from broadcasters.terms import term_of
from mediaexchange.core.notifications import notify

TERM_STEPS = (90, 30, 7)
DUE_STEPS = (14, 3)


def remind_of_agreements(today: date | None = None) -> int:
    """Tell people of what ends or is due; returns how many rows were looked at. Safe at any time, and twice."""
    today = today or timezone.localdate()
    return _terms(today) + _actions(today) + _milestones(today)


def _terms(today: date) -> int:
    rows = Memorandum.objects.filter(in_force_on__lte=today).filter(
        Q(term_months__isnull=False) | Q(notices__withdrawn_on__isnull=True)
    )
    looked_at = 0
    for row in rows.distinct().prefetch_related("parties", "notices", "consents"):
        term = term_of(row, today)
        looked_at += 1
        if term is None:
            continue
        people = people_with("broadcasters.change_memorandum", [party.broadcaster_id for party in row.parties.all()])
        _remind("term-ends", row, "memorandum", term.last_on, TERM_STEPS, people, today)
        _remind("notice-by", row, "memorandum", term.notice_by, TERM_STEPS, people, today)
    return looked_at


def _actions(today: date) -> int:
    rows = MinutesItem.objects.filter(
        done_on__isnull=True, owner__isnull=False, due_on__range=(today - timedelta(days=30), _horizon(today))
    )
    for row in rows:
        people = people_with("broadcasters.change_minutes", [row.owner_id] if row.owner_id else [])
        _remind("action-due", row, "minutes-item", row.due_on, DUE_STEPS, people, today)
    return len(rows)


def _milestones(today: date) -> int:
    rows = InitiativeMilestone.objects.filter(
        actual_on__isnull=True, is_cancelled=False, initiative__state__in=OPEN_INITIATIVES,
        planned_on__lte=_horizon(today),
    ).prefetch_related("initiative__owners")  # fmt: skip
    for row in rows:
        people = set(people_with("broadcasters.change_initiativemilestone", [row.owner_id]))
        people |= {
            owner.responsible_id
            for owner in row.initiative.owners.all()
            if owner.responsible_id and owner.broadcaster_id == row.owner_id
        }
        if row.planned_on < today:
            _tell("milestone-late", row, "initiative-milestone", people, row.planned_on.isoformat())
        else:
            _remind("milestone-due", row, "initiative-milestone", row.planned_on, DUE_STEPS, people, today)
    return len(rows)


def _horizon(today: date) -> date:
    return today + timedelta(days=max(DUE_STEPS))


def _remind(
    kind: str, row: Any, subject: str, last_on: date | None, steps: tuple[int, ...], people: Iterable[int], today: date
) -> None:
    """By the step that has been reached last: whoever was not reminded in time is reminded once, not three times."""
    if last_on is None or last_on < today:
        return
    reached = [step for step in steps if (last_on - today).days <= step]
    if reached:
        _tell(kind, row, subject, people, f"{min(reached)} {last_on.isoformat()}")


def _tell(kind: str, row: Any, subject: str, people: Iterable[int], key: str) -> None:
    with transaction.atomic():
        notify(f"broadcasters.{kind}", to=people, subject_type=subject, subject_uid=row.uid, key=key)
