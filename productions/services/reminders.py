"""What time brings: milestones that are late, windows that open or end soon. Told once for each moment they have."""

from datetime import timedelta

from django.db import transaction
from django.db.models import F, Model, QuerySet
from django.db.models.functions import Now

from mediaexchange.core.notifications import NotificationKind
from productions.models import Milestone, Production, Window
from productions.notifications import MILESTONE_LATE, WINDOW_ENDS, WINDOW_OPENS, tell_partners
from productions.services.production import partner_ids

AHEAD = timedelta(days=30)
_AT_ONCE = 100


def tell_of_schedules() -> int:
    """Tell partners of everything that is due; returns of how many things. Safe to run twice, or side by side.

    The row that was told of remembers for which moment: moved, it is told of again.
    """
    told = 0
    while batch := _tell_late() + _tell_opening() + _tell_ending():
        told += batch
    return told


@transaction.atomic
def _tell_late() -> int:
    return _tell(Milestone.objects.late_untold(), "told_late_for", "ends_at", MILESTONE_LATE)


@transaction.atomic
def _tell_opening() -> int:
    due = Window.objects.active().filter(starts_at__gt=Now(), starts_at__lte=Now() + AHEAD)
    return _tell(due.exclude(told_start_for=F("starts_at")), "told_start_for", "starts_at", WINDOW_OPENS)


@transaction.atomic
def _tell_ending() -> int:
    due = Window.objects.active().filter(ends_at__gt=Now(), ends_at__lte=Now() + AHEAD)
    return _tell(due.exclude(told_end_for=F("ends_at")), "told_end_for", "ends_at", WINDOW_ENDS)


def _tell(due: QuerySet[Model], memory: str, moment: str, kind: NotificationKind) -> int:
    """Rows that somebody else is telling of just now are left to them."""
    locked = due.select_for_update(of=("self",), skip_locked=True, no_key=True).select_related("production")
    rows = list(locked.order_by(moment, "pk")[:_AT_ONCE])
    for row in rows:
        production: Production = getattr(row, "production")  # noqa: B009 — of either model
        tell_partners(
            kind, production, subject=row, actor=None, key=getattr(row, moment).isoformat(),
            houses=partner_ids(production),
        )  # fmt: skip
    due.model._default_manager.filter(pk__in=[row.pk for row in rows]).update(**{memory: F(moment)})
    return len(rows)
