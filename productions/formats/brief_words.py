"""How a brief writes days, moments and amounts, in the active language."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from broadcasters.models import Broadcaster
from broadcasters.moments import both_zones, city_of
from mediaexchange.core.languages.localize import localized

NOTHING = "—"


def day(on: date | None) -> str:
    return date_format(on, "SHORT_DATE_FORMAT") if on else NOTHING


def day_there(on: date | None, zone: str) -> str:
    """A day with the city by whose clocks it ends."""
    return f"{day(on)} ({city_of(zone)})" if on else NOTHING


def moment(at: datetime | None, zones: Sequence[str]) -> str:
    """By the clocks of each zone, one a line; the first is the one that counts."""
    if at is None:
        return NOTHING
    return "\n".join(f"{local.text} ({local.city})" for local in both_zones(at, None, zones[0], *zones[1:]))


def per_cent(value: Decimal) -> str:
    return f"{number_format(value, 2, use_l10n=True)} %"


def short(house: Broadcaster) -> str:
    """The abbreviation where there is one."""
    return localized(house, "abbreviation") or localized(house, "name")


def houses(rows: Iterable[Broadcaster]) -> str:
    return ", ".join(map(short, rows)) or NOTHING


def yes(value: bool) -> str:
    return _("yes") if value else NOTHING


def footage_clock(ms: int) -> str:
    """h:mm:ss.mmm of a recording."""
    seconds, thousandths = divmod(ms, 1000)
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}.{thousandths:03}"
