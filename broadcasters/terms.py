"""The terms of a memorandum: when the present one ends, and by when notice must be given. Calendar arithmetic only."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from broadcasters.constants import Renewal
from broadcasters.models import Memorandum

_DAY = timedelta(days=1)
_ENOUGH = 2  # parties


@dataclass(frozen=True, slots=True)
class Term:
    """One term, both days included. ``last_on`` None: without an end. ``notice_by``: the last day for giving notice, so
    that it does not go on; None where it does not go on by itself, or where no notice is laid down. ``is_ended``: a
    notice has made it the last."""

    number: int
    first_on: date
    last_on: date | None
    notice_by: date | None
    is_ended: bool = False


def term_of(memorandum: Memorandum, day: date) -> Term | None:
    """The term that holds this day; None before it is in force, after it has ended, or while that is not known.

    Each term is reckoned from the first day of all, not from the end of the one before: what began on 29 February
    begins again on the 28th in common years and on the 29th in leap years. Notices and consents are asked for.
    """
    term = _laid_down(memorandum, day)
    end = ends_by_notice(memorandum)
    if term is None or end is None or (term.last_on is not None and term.last_on < end):
        return term
    return replace(term, last_on=end, notice_by=None, is_ended=True) if day <= end else None


def next_term(memorandum: Memorandum, term: Term) -> Term | None:
    """The term after this one, if it is certain by now; None if none follows, or only if somebody acts."""
    return term_of(memorandum, term.last_on + _DAY) if term.last_on else None


def ends_by_notice(memorandum: Memorandum) -> date | None:
    """The last day on which two parties are still bound, by the notices that stand; None while two stay. Who joins
    counts from that day on."""
    if memorandum._state.adding:
        return None  # nobody can have given notice
    last_days = sorted(notice.last_on for notice in memorandum.notices.all() if notice.withdrawn_on is None)
    return next((day for day in last_days if len(memorandum.bound_on(day + _DAY)) < _ENOUGH), None)


def has_ended(memorandum: Memorandum, day: date) -> bool:
    """Whether it was in force and is no more, be it by its term or by notice."""
    start = memorandum.in_force_on
    return start is not None and start <= day and term_of(memorandum, day) is None


def last_day_after_notice(memorandum: Memorandum, given_on: date) -> date | None:
    """The last day on which a party is bound that gives notice on this day; None while the memorandum is not in force.

    What is without an end holds for the days of notice. What goes on by itself ends with its term, or with the next one
    if the notice comes too late. Any other term may be cut short by the days of notice, or else runs out.
    """
    term = _laid_down(memorandum, given_on)
    if term is None:
        return None
    by_days = given_on + timedelta(days=memorandum.notice_days) if memorandum.notice_days is not None else None
    if term.last_on is None:
        return by_days or given_on
    if memorandum.renewal != Renewal.TACIT:
        return min(term.last_on, by_days) if by_days else term.last_on
    if term.notice_by is None or given_on <= term.notice_by:
        return term.last_on
    following = _laid_down(memorandum, term.last_on + _DAY)
    return following.last_on if following else term.last_on


def _laid_down(memorandum: Memorandum, day: date) -> Term | None:
    """By the memorandum alone and what was agreed on its renewal, whoever has given notice."""
    start = memorandum.in_force_on
    if start is None or day < start:
        return None
    if memorandum.term_months is None:
        return Term(1, start, None, None)
    number = 1
    while day >= (begins := _begins(start, memorandum.term_months, number + 1)):
        if memorandum.renewal != Renewal.TACIT and not _is_agreed(memorandum, number + 1, begins):
            return None
        number += 1
    first_on, next_on = (_begins(start, memorandum.term_months, each) for each in (number, number + 1))
    last_on = next_on - _DAY
    goes_on = memorandum.renewal == Renewal.TACIT and memorandum.notice_days is not None
    notice_by = last_on - timedelta(days=memorandum.notice_days or 0) if goes_on else None
    return Term(number, first_on, last_on, notice_by)


def _is_agreed(memorandum: Memorandum, number: int, begins: date) -> bool:
    """Whether every party has consented to the term that begins on this day: those that had joined before it and are
    not out by then. Who joins later joins what was agreed."""
    if memorandum.renewal != Renewal.AGREED or memorandum._state.adding:
        return False
    wanted = {party.broadcaster_id for party in memorandum.bound_on(begins)}
    return bool(wanted) and wanted <= {
        row.broadcaster_id for row in memorandum.consents.all() if row.term_number == number
    }


def _begins(start: date, months: int, number: int) -> date:
    return start + relativedelta(months=months * (number - 1))
