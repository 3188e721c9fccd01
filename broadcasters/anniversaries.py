"""Anniversaries of the diplomatic calendar, as precise as the date they are reckoned from. Reads and never writes."""

import re
from dataclasses import dataclass
from datetime import date

from dateutil.relativedelta import relativedelta
from django.db.models import QuerySet

from broadcasters.models import DiplomaticEvent
from mediaexchange.core.edtf import span_of
from mediaexchange.core.edtf_words import edtf_words

_POINT = re.compile(r"(?P<year>\d{4})(?P<month>-(?:0[1-9]|1[0-2]))?(?P<day>-\d{2})?(?P<qualifier>[?~%]?)\Z")


@dataclass(frozen=True, slots=True)
class Anniversary:
    """``dated`` is EDTF: of what happened in a month the anniversary is a month. ``first_on`` and ``last_on`` are the
    days that it may mean."""

    event: DiplomaticEvent
    year: int
    dated: str
    first_on: date
    last_on: date

    @property
    def years(self) -> int:
        return self.year - int(self.event.dated[:4])

    @property
    def is_round(self) -> bool:
        return is_round(self.years)

    @property
    def is_exact(self) -> bool:
        """Whether it falls on one day that is certain."""
        return self.first_on == self.last_on and self.dated[-1] not in "?~%"

    @property
    def when(self) -> str:
        """In words of the active language: “September 2034” for a month."""
        return edtf_words(self.dated)


def is_round(years: int) -> bool:
    """5, 10, 20, 25, 30, 40, 50, 60, 70, 75, 80 …"""
    return years > 0 and (years == 5 or years % 10 == 0 or years % 25 == 0)


def anniversary_of(event: DiplomaticEvent, year: int) -> Anniversary | None:
    """Of its first day; None before the first one, and for dates without a certain year.

    What happened on 29 February is marked on the 28th in common years and on the 29th in leap years, always reckoned
    from the day itself.
    """
    match = _POINT.match(event.dated.partition("/")[0])
    if match is None or event.dated_first is None or not int(match["year"]) < year <= 9999:
        return None
    if match["day"]:
        text = (event.dated_first + relativedelta(years=year - event.dated_first.year)).isoformat()
    else:
        text = f"{year:04}{match['month'] or ''}"
    dated = text + match["qualifier"]
    span = span_of(dated)
    if span.first is None or span.last is None:
        return None
    return Anniversary(event, year, dated, span.first, span.last)


def anniversaries(events: QuerySet[DiplomaticEvent], first: date, last: date) -> list[Anniversary]:
    """Those of these events that may fall on one of the days, both included; in the order of their days."""
    found = [
        anniversary
        for event in events.yearly().order_by("pk")  # type: ignore[attr-defined]
        for year in range(first.year, last.year + 1)
        if (anniversary := anniversary_of(event, year))
        and anniversary.first_on <= last
        and anniversary.last_on >= first
    ]
    return sorted(found, key=lambda each: (each.first_on, each.last_on, each.event.pk))
