"""Moments in several zones: the host's, the reader's and others', each named by the city whose newsroom lives by it."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.formats import date_format

from broadcasters.models import Broadcaster, Place
from mediaexchange.core.context import request_id
from mediaexchange.core.languages.localize import localized


@dataclass(frozen=True, slots=True)
class Local:
    """A stretch of time as the clocks of one zone show it."""

    zone: str
    city: str
    text: str


def both_zones(starts_at: datetime, ends_at: datetime | None, host_zone: str, *others: str) -> list[Local]:
    """By the host's clocks first, then by the others', in the active language; zones that show the same come once.

    Without others, the zone of this request is the other one.
    """
    wanted = [host_zone, *(others or (timezone.get_current_timezone_name(),))]
    shown: list[Local] = []
    seen: set[datetime] = set()
    for zone in dict.fromkeys(wanted):
        local = starts_at.astimezone(ZoneInfo(zone))
        if local.replace(tzinfo=None) in seen:
            continue
        seen.add(local.replace(tzinfo=None))
        shown.append(Local(zone, city_of(zone), _text(local, ends_at.astimezone(ZoneInfo(zone)) if ends_at else None)))
    return shown


def city_of(zone: str) -> str:
    """What its newsroom's city is called in the active language; the zone's own name where no newsroom lives by it."""
    request = request_id.get()
    homes = _homes(request) if request else _asked()
    city = homes.get(zone)
    return localized(city, "name") if city else zone.rpartition("/")[2].replace("_", " ")


@lru_cache(maxsize=64)
def _homes(_request: str) -> dict[str, Place]:
    """Asked once a request."""
    return _asked()


def _asked() -> dict[str, Place]:
    houses = Broadcaster.objects.filter(is_active=True).select_related("home_city").order_by("-slug")
    return {house.time_zone: house.home_city for house in houses}


def _text(starts: datetime, ends: datetime | None) -> str:
    begins = date_format(starts, "SHORT_DATETIME_FORMAT")
    if ends is None:
        return begins
    is_same_day = starts.date() == ends.date()
    return f"{begins}–{date_format(ends, 'TIME_FORMAT' if is_same_day else 'SHORT_DATETIME_FORMAT')}"
