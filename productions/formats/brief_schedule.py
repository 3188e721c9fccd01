"""The schedule in a brief: every milestone beside what was agreed, as a picture and as a table."""

from collections.abc import Sequence
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from mediaexchange.core.languages.localize import localized
from mediaexchange.core.languages.sentences import one_stop
from mediaexchange.core.models import User
from productions.formats.brief_page import Bar, Bars, Column, Section, Table
from productions.formats.brief_words import NOTHING, day, day_there, moment, short
from productions.models import Baseline, Production
from productions.models.milestone import STATE_LABELS
from productions.services.baseline import Shift, compare

_MOST_BARS = 24


def schedule(production: Production, reader: User, zones: Sequence[str], now: datetime) -> Section | None:
    """Against the newest locked baseline, if there is one."""
    locked = Baseline.objects.visible_to(reader).filter(production=production, locked_at__isnull=False)
    baseline = locked.order_by("-locked_at", "-pk").first()
    shifts = [shift for shift in compare(production, baseline) if not shift.milestone.is_cancelled]
    if not shifts:
        return None
    shifts.sort(key=lambda shift: (shift.present_day, shift.milestone.position, shift.milestone.pk))
    columns = [
        Column(_("Milestone"), 5),
        Column(_("Owner"), 2),
        Column(_("Baseline"), 3),
        Column(pgettext("milestone", "Now"), 4),
        Column(_("Difference"), 2, "end"),
        Column(_("Status"), 2),
    ]
    return Section(
        _("Schedule"),
        bars=_bars(shifts, now),
        table=Table(columns, [_row(shift, zones, now) for shift in shifts]),
        notes=[_compared(baseline)],
    )


def _compared(baseline: Baseline | None) -> str:
    if baseline is None or baseline.locked_at is None:
        return _("No baseline is locked: there is nothing to compare with.")
    compared = _("Compared with the baseline “%(name)s”, locked on %(day)s.")
    return one_stop(compared % {"name": baseline.name, "day": day(timezone.localdate(baseline.locked_at))})


def _row(shift: Shift, zones: Sequence[str], now: datetime) -> list[str]:
    row = shift.milestone
    if row.done_day is not None:
        due = day_there(row.done_day, row.time_zone)
    elif row.due_at is not None:
        due = moment(row.due_at, [row.time_zone, *(zone for zone in zones if zone != row.time_zone)])
    else:
        due = day_there(row.due_on, row.time_zone)
    return [
        localized(row, "title"),
        short(row.owner.broadcaster),
        day(shift.planned_day),
        due,
        _days(shift.days),
        str(STATE_LABELS[row.state(now)]),
    ]


def _days(number: int | None) -> str:
    """How much later than agreed; with a minus, earlier."""
    if number is None:
        return NOTHING
    said = ngettext("%(count)d day", "%(count)d days", abs(number)) % {"count": abs(number)}
    return f"{'+' if number > 0 else '−' if number < 0 else ''}{said}"


def _bars(shifts: Sequence[Shift], now: datetime) -> Bars | None:
    planned = [shift.planned_day for shift in shifts if shift.planned_day is not None]
    stands = [shift.present_day for shift in shifts]
    first, last = min(stands + planned), max(stands + planned)
    if first == last or len(shifts) > _MOST_BARS:
        return None
    length = (last - first).days

    def place(on: date) -> float:
        return (on - first).days / length

    today = timezone.localdate(now)
    return Bars(
        [
            Bar(
                localized(shift.milestone, "title"),
                place(shift.present_day),
                place(shift.planned_day) if shift.planned_day is not None else None,
                shift.milestone.is_late(now) or (shift.days or 0) > 0,
                shift.milestone.is_done,
            )
            for shift in shifts
        ],
        first=day(first),
        last=day(last),
        today=place(today) if first <= today <= last else None,
        legend=_("Hollow: as in the baseline. Disc: done. Diamond: still due. Dashed line: today."),
    )
