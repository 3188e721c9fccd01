"""The calendar of windows: a line for each holder, platform or territory, a bar for each window that holds there."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy, pgettext_lazy

from archive.periods import first_day, last_day
from mediaexchange.core.languages.localize import alphabetical
from mediaexchange.core.rights.terms import PLATFORMS
from mediaexchange.core.rights.words import platform_label, territory_label
from productions.gantt import HEAD, ROW, Bar, Chart, Line, Scale
from productions.models import Window
from productions.window_words import code_of, exclusivity_of, period_of, places_of, platforms_of, runs_said

_MOST_LANES = 12


class By(TextChoices):
    """What the lines of the calendar are."""

    PARTNER = "partner", gettext_lazy("partner")
    PLATFORM = "platform", gettext_lazy("platform")
    TERRITORY = "territory", pgettext_lazy("calendar", "territory")


def calendar_of(
    windows: Sequence[Window],
    *,
    by: str,
    first: date,
    last: date,
    today: date,
    addresses: dict[int | None, str],
    proposed: Window | None = None,
    against: frozenset[int] = frozenset(),
) -> Chart:
    """Bars that would cover each other lie in lanes below each other. ``proposed`` is one that is not stored, and
    ``against`` the ids of those with which it cannot stand."""
    scale = Scale(first, last)
    groups: dict[str, list[Window]] = {}
    for window in [*windows, *([proposed] if proposed else [])]:
        for name in _names(window, by):
            groups.setdefault(name, []).append(window)
    lines: list[Line] = []
    y = HEAD
    for name in sorted(groups, key=alphabetical):
        lanes = _lanes(groups[name])
        for place, lane in enumerate(lanes):
            bars = [_bar(scale, y, window, addresses, proposed, against) for window in lane]
            lines.append(Line(f"{name} · {place + 1}" if place else name, y, bars))
            y += ROW
    now = scale.x(today) if first <= today <= last else None
    return Chart(lines, scale.ticks(), now, y + 6)


def days_of(window: Window) -> tuple[date, date]:
    """First and last day by the window's clocks; without an end, a far day."""
    begins = first_day(window.starts_at, window.time_zone)
    return begins, last_day(window.ends_at, window.time_zone) if window.ends_at else date(9999, 12, 1)


def _names(window: Window, by: str) -> list[str]:
    if by == By.PLATFORM:
        return [platform_label(PLATFORMS[place]) for place in window.platform_numbers]
    if by == By.TERRITORY:
        if not window.territories or window.is_elsewhere or len(window.territory_numbers) > _MOST_LANES:
            return [places_of(window)]
        return [territory_label(code_of(number)) for number in window.territory_numbers]
    return [str(window.holder)]


def _lanes(windows: Sequence[Window]) -> list[list[Window]]:
    lanes: list[list[Window]] = []
    for window in sorted(windows, key=lambda each: each.starts_at):
        for lane in lanes:
            if lane[-1].ends_at is not None and lane[-1].ends_at <= window.starts_at:
                lane.append(window)
                break
        else:
            lanes.append([window])
    return lanes


def _bar(
    scale: Scale,
    y: int,
    window: Window,
    addresses: dict[int | None, str],
    proposed: Window | None,
    against: frozenset[int],
) -> Bar:
    begins, ends = days_of(window)
    left, right = scale.x(begins), scale.x(min(ends, scale.last) + timedelta(days=1))
    kind = "exclusive" if window.is_exclusive else "shared"
    if window is proposed:
        kind = f"{kind} proposed"
    elif window.pk in against:
        kind = f"{kind} conflict"
    about = [
        str(window.production), str(window.holder), places_of(window), platforms_of(window), period_of(window),
        exclusivity_of(window), runs_said(window),
    ]  # fmt: skip
    return Bar(left, y + 24, max(right - left, 10), kind, " · ".join(about), addresses.get(window.pk, ""))
