"""The figures that a review points to: counted anew whenever they are read, as their reader may see them."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from broadcasters.indicators import Period, indicator
from broadcasters.models import ReviewEvidence
from mediaexchange.core.models import User


@dataclass(frozen=True, slots=True)
class Counted:
    """``rows`` are the very records that ``value`` counts."""

    value: int
    rows: QuerySet[Any]


def counted(evidence: ReviewEvidence, reader: User | AnonymousUser) -> Counted | None:
    """In the days of the review, by the clocks of the house in question; None for what no installed app counts."""
    found = indicator(evidence.indicator)
    if found is None:
        return None
    zone = ZoneInfo(evidence.broadcaster.time_zone)
    first, after = evidence.review.first_on, evidence.review.last_on + timedelta(days=1)
    period = Period(*(datetime.combine(day, time(), zone) for day in (first, after)))
    rows = found.rows(evidence.broadcaster, period, evidence.partner)
    rows = rows.filter(pk__in=rows.model._default_manager.visible_to(reader).values("pk"))
    return Counted(found.value(rows), rows)
