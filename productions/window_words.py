"""Windows of rights in words, for the active language: where, on what, when, and what of two of them is the same."""

from collections.abc import Iterable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from archive.periods import first_day, last_day
from mediaexchange.core.rights.terms import PLATFORMS
from mediaexchange.core.rights.territories import CODES
from mediaexchange.core.rights.words import platform_label, territory_label
from productions.constants import RepeatUnit
from productions.models import Window

_MOST = 6  # territories that are named; of more, their number


def places_of(window: Window) -> str:
    named = ", ".join(map(territory_label, window.territories))
    if not named:
        return _("the whole world")
    return _("everywhere except: %(territories)s") % {"territories": named} if window.is_elsewhere else named


def platforms_of(window: Window) -> str:
    return ", ".join(map(platform_label, window.platforms)) or _("all platforms")


def period_of(window: Window) -> str:
    """First and last day by the window's clocks; the hours too where it does not begin or end at midnight."""
    return span(window.starts_at, window.ends_at, window.time_zone)


def span(starts_at: datetime, ends_at: datetime | None, time_zone: str) -> str:
    zone = ZoneInfo(time_zone)
    local = [moment.astimezone(zone) for moment in (starts_at, ends_at) if moment]
    if any((each.hour, each.minute) != (0, 0) for each in local):
        begins = date_format(local[0], "SHORT_DATETIME_FORMAT")
        ends = date_format(local[1], "SHORT_DATETIME_FORMAT") if ends_at else "…"
    else:
        begins = date_format(first_day(starts_at, time_zone), "SHORT_DATE_FORMAT")
        ends = date_format(last_day(ends_at, time_zone), "SHORT_DATE_FORMAT") if ends_at else "…"
    return f"{begins} – {ends} ({time_zone})"


def opens_on(window: Window) -> str:
    """The first day by the window's clocks; with the hour and the zone where it does not begin at midnight."""
    return _moment_or_day(window.starts_at, first_day(window.starts_at, window.time_zone), window.time_zone)


def ends_on(window: Window) -> str:
    """The last day in the same way; "" for a window without an end."""
    if window.ends_at is None:
        return ""
    return _moment_or_day(window.ends_at, last_day(window.ends_at, window.time_zone), window.time_zone)


def _moment_or_day(moment: datetime, day: date, time_zone: str) -> str:
    local = moment.astimezone(ZoneInfo(time_zone))
    if (local.hour, local.minute) == (0, 0):
        return date_format(day, "SHORT_DATE_FORMAT")
    return f"{date_format(local, 'SHORT_DATETIME_FORMAT')} ({time_zone})"


def exclusivity_of(window: Window) -> str:
    return _("exclusive") if window.is_exclusive else _("not exclusive")


def runs_said(window: Window) -> str:
    """Used and allowed, and what repeats a run."""
    used = str(window.runs_used)
    counted = f"{used} / {window.runs}" if window.runs is not None else f"{used} / ∞"
    return f"{counted} · {repeats_of(window)}" if window.repeat_length else counted


def repeats_of(window: Window) -> str:
    length = window.repeat_length
    if not length:
        return _("every showing is a run")
    if window.repeat_unit == RepeatUnit.DAYS:
        said = ngettext("repeats within %(length)d local day", "repeats within %(length)d local days", length)
    else:
        said = ngettext("repeats within %(length)d hour", "repeats within %(length)d hours", length)
    return said % {"length": length}


def facts_of(window: Window) -> list[tuple[str, str]]:
    """(caption, words) of all that a window says."""
    return [
        (_("holder"), str(window.holder)),
        (_("territories"), places_of(window)),
        (_("platforms"), platforms_of(window)),
        (_("language versions"), ", ".join(window.languages) or _("all languages")),
        (_("period"), period_of(window)),
        (_("exclusive"), exclusivity_of(window)),
        (_("runs"), runs_said(window)),
        (_("repeats"), repeats_of(window)),
    ]


def overlap_of(one: Window, other: Window) -> str:
    """What both are about: places, platforms and time in common."""
    codes = codes_in_common(one, other)
    platforms = [PLATFORMS[place] for place in sorted(set(one.platform_numbers) & set(other.platform_numbers))]
    ends = [window.ends_at for window in (one, other) if window.ends_at]
    when = span(max(one.starts_at, other.starts_at), min(ends) if ends else None, other.time_zone)
    return f"{_places(codes)} · {', '.join(map(platform_label, platforms))} · {when}"


def codes_in_common(one: Window, other: Window) -> list[str]:
    """ISO 3166-1 codes of the territories that both mean."""
    return sorted(map(code_of, set(one.territory_numbers) & set(other.territory_numbers)))


def code_of(number: int) -> str:
    """The two letters that a territory's number is made of."""
    return chr(number // 26 + 65) + chr(number % 26 + 65)


def _places(codes: Iterable[str]) -> str:
    named = list(codes)
    if len(named) == len(CODES):
        return _("the whole world")
    if len(named) > _MOST:
        return ngettext("%(count)d territory", "%(count)d territories", len(named)) % {"count": len(named)}
    return ", ".join(map(territory_label, named))
