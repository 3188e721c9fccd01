"""Reminders of papers: before their last day, and before the last day on which they can be applied for in time.

Each is written once for a paper, a day and a number of days, however often the task runs; a paper that is prolonged is
reminded of again. What day it is is asked of the country's clocks.
"""

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from correspondents.constants import APPLY_REMINDERS, EXPIRY_REMINDERS, PaperStatus
from correspondents.models import Paper
from correspondents.moments import today_in
from correspondents.services.telling import tell_of_paper

_FARTHEST = timedelta(days=1)  # no clock on earth is more than a day ahead of ours


def remind_of_papers() -> int:
    """Tell people of what ends or is due; returns how many papers were looked at. Safe at any time."""
    horizon = timezone.now().date() + _FARTHEST
    papers = Paper.objects.select_related("correspondent").filter(correspondent__anonymised_at__isnull=True)
    ending = papers.granted().filter(
        valid__upper_inf=False, valid__endswith__lte=horizon + timedelta(days=max(EXPIRY_REMINDERS) + 1)
    )
    due = papers.filter(status=PaperStatus.WANTED, apply_by_on__lte=horizon + timedelta(days=max(APPLY_REMINDERS)))
    looked_at = 0
    for paper in ending.order_by("pk").iterator():
        _remind(paper, "correspondents.paper-ends", paper.valid_until, EXPIRY_REMINDERS)
        looked_at += 1
    for paper in due.order_by("pk").iterator():
        _remind(paper, "correspondents.paper-due", paper.apply_by_on, APPLY_REMINDERS)
        looked_at += 1
    return looked_at


def _remind(paper: Paper, kind: str, last_on: date | None, steps: tuple[int, ...]) -> None:
    """By the step that has been reached last: whoever was not reminded in time is reminded once, not three times."""
    if last_on is None:
        return
    left = (last_on - today_in(paper.time_zone)).days
    reached = [step for step in steps if left <= step]
    if reached:
        with transaction.atomic():
            tell_of_paper(paper, actor=None, people=kind, key=f"{min(reached)} {last_on.isoformat()}")
