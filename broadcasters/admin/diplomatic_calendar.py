"""The diplomatic calendar by month and by year, with the anniversaries that fall into it.

A date is shown as exactly as it is known: what happened “in September 2024” stands beside the days, on none of them.
"""

import calendar
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.dates import MONTHS, WEEKDAYS, WEEKDAYS_ABBR
from django.utils.formats import date_format, get_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext

from broadcasters.anniversaries import Anniversary, anniversaries, is_round
from broadcasters.calendar_constants import DiplomaticKind, EventStanding
from broadcasters.models import DiplomaticEvent
from mediaexchange.core.admin_base import ExchangeAdmin, label, staff
from mediaexchange.core.edtf_words import edtf_words
from mediaexchange.core.languages.localize import alphabetical, localized
from mediaexchange.core.models import User

STANDING_LOOKS: dict[str, str] = {
    EventStanding.ATTRIBUTED: "",
    EventStanding.SOURCED: "info",
    EventStanding.CORROBORATED: "success",
    EventStanding.DISPUTED: "warning",
    EventStanding.PLANNED: "",
    EventStanding.CALLED_OFF: "danger",
}
LONG_DAYS = 3  # what lasts longer stands above the month, not in each of its days
MOST = 500
_EARLIEST, _LATEST = 1900, 2199


@dataclass(frozen=True, slots=True)
class Entry:
    """Something on days that are known as far as ``is_exact`` says; ``when`` is the date in words."""

    title: str
    url: str
    when: str
    about: str
    state: SafeString | str
    first_on: date
    last_on: date
    is_exact: bool
    look: str
    is_round: bool = False

    @property
    def has_days(self) -> bool:
        """Whether it stands in the days of a month."""
        return self.is_exact and (self.last_on - self.first_on).days < LONG_DAYS


@dataclass(frozen=True, slots=True)
class Day:
    on: date
    is_outside: bool
    is_today: bool
    entries: list[Entry]


def calendar_view(page: ExchangeAdmin, request: HttpRequest) -> HttpResponse:
    user, today = staff(request), timezone.localdate()
    kind = request.GET.get("kind", "")
    kind = kind if kind in DiplomaticKind.values else ""
    year, month = _asked(request, today)
    kept = f"&kind={kind}" if kind else ""
    nearest = month or (today.month if year == today.year else 1)
    context: dict[str, Any] = {
        **page.admin_site.each_context(request),
        "title": _("Diplomatic calendar"),
        "opts": page.opts,
        "media": page.media,
        "kinds": DiplomaticKind.choices,
        "kind": kind,
        "may_add": page.has_add_permission(request),
        "views": [
            (f"?month={year:04}-{nearest:02}{kept}", _("month"), bool(month)),
            (f"?year={year}{kept}", _("year"), not month),
        ],
    }  # fmt: skip
    context |= _month(user, year, month, today, kind, kept) if month else _year(user, year, today, kind, kept)
    request.current_app = page.admin_site.name
    return TemplateResponse(request, "broadcasters/diplomatic_calendar.html", context)


def entries_of(user: User, first: date, last: date, *, kind: str = "") -> list[Entry]:
    """Events and anniversaries that may fall on these days; documents of a set are told by their set alone."""
    rows = DiplomaticEvent.objects.visible_to(user)
    rows = rows.filter(kind=kind) if kind else rows
    touching = rows.touching(first, last).exclude(part_of__kind=DiplomaticKind.SIGNING)
    events = list(touching.select_related("marks").prefetch_related("places").order_by("dated_first", "pk")[:MOST])
    told = {(event.marks_id, event.dated[:4]) for event in events if event.marks_id}
    marked = [
        each for each in anniversaries(rows, first, last) if (each.event.pk, f"{each.year:04}") not in told
    ]  # fmt: skip
    found = [_event(event) for event in events] + [_anniversary(each) for each in marked]
    return sorted(found, key=lambda entry: (entry.first_on, entry.last_on, alphabetical(entry.title)))


def _event(event: DiplomaticEvent) -> Entry:
    places = ", ".join(localized(place, "name") for place in event.places.all())
    return Entry(
        localized(event, "name"),
        reverse("admin:broadcasters_diplomaticevent_change", args=[event.pk]),
        edtf_words(event.dated),
        " · ".join(part for part in (event.get_kind_display(), places) if part),
        label(event.get_standing_display(), STANDING_LOOKS[event.standing]),
        event.dated_first or date(_EARLIEST, 1, 1),
        event.dated_last or date(_LATEST, 12, 31),
        event.has_exact_days,
        "planned" if event.standing == EventStanding.PLANNED else "event",
        _is_round(event),
    )


def _is_round(event: DiplomaticEvent) -> bool:
    """Whether it is itself the round anniversary of something."""
    first = event.marks.dated_first if event.marks else None
    return first is not None and event.dated_first is not None and is_round(event.dated_first.year - first.year)


def _anniversary(marked: Anniversary) -> Entry:
    years = ngettext("%(years)d year", "%(years)d years", marked.years) % {"years": marked.years}
    return Entry(
        localized(marked.event, "name"),
        reverse("admin:broadcasters_diplomaticevent_change", args=[marked.event.pk]),
        marked.when,
        f"{years} · {pgettext('calendar', 'anniversary')}",
        "",
        marked.first_on,
        marked.last_on,
        marked.is_exact,
        "anniversary",
        marked.is_round,
    )


def _month(user: User, year: int, month: int, today: date, kind: str, kept: str) -> dict[str, Any]:
    first = date(year, month, 1)
    starts = get_format("FIRST_DAY_OF_WEEK")
    weeks = calendar.Calendar(starts - 1 if starts else 6)
    shown = [day for day in weeks.itermonthdates(year, month) if _EARLIEST <= day.year <= _LATEST]
    last = date(year, month, calendar.monthrange(year, month)[1])
    entries = entries_of(user, shown[0], shown[-1], kind=kind)
    on: dict[date, list[Entry]] = defaultdict(list)
    for entry in entries:
        if entry.has_days:
            for offset in range((entry.last_on - entry.first_on).days + 1):
                on[entry.first_on + timedelta(days=offset)].append(entry)
    before, after = first - timedelta(days=1), last + timedelta(days=1)
    return {
        "period": date_format(first, "YEAR_MONTH_FORMAT"),
        "links": {
            "earlier": f"?month={before:%Y-%m}{kept}" if before.year >= _EARLIEST else "",
            "now": f"?month={today:%Y-%m}{kept}",
            "later": f"?month={after:%Y-%m}{kept}" if after.year <= _LATEST else "",
        },
        "hidden": {"month": f"{first:%Y-%m}"},
        "weekdays": [(WEEKDAYS_ABBR[day.weekday()], WEEKDAYS[day.weekday()]) for day in shown[:7]],
        "days": [Day(day, day.month != month, day == today, on[day]) for day in shown],
        "loose": [
            entry
            for entry in entries
            if not entry.has_days and entry.first_on <= last and entry.last_on >= first
        ],
    }  # fmt: skip


def _year(user: User, year: int, today: date, kind: str, kept: str) -> dict[str, Any]:
    entries = entries_of(user, date(year, 1, 1), date(year, 12, 31), kind=kind)
    by_month: dict[int, list[Entry]] = defaultdict(list)
    loose = []
    for entry in entries:
        begins = max(entry.first_on, date(year, 1, 1))
        if entry.is_exact or (entry.first_on.year, entry.first_on.month) == (entry.last_on.year, entry.last_on.month):
            by_month[begins.month].append(entry)
        else:
            loose.append(entry)
    undated = DiplomaticEvent.objects.visible_to(user).filter(dated_first__isnull=True, dated_last__isnull=True)
    undated = undated.filter(kind=kind) if kind else undated
    undated = undated.select_related("marks").prefetch_related("places")
    return {
        "period": str(year),
        "links": {
            "earlier": f"?year={year - 1}{kept}" if year > _EARLIEST else "",
            "now": f"?year={today.year}{kept}",
            "later": f"?year={year + 1}{kept}" if year < _LATEST else "",
        },
        "hidden": {"year": str(year)},
        "months": [(MONTHS[number], by_month[number]) for number in range(1, 13)],
        "loose": loose,
        "undated": [
            _event(event) for event in undated.order_by("kind", "pk")[:MOST]
        ],
    }  # fmt: skip


def _asked(request: HttpRequest, today: date) -> tuple[int, int]:
    """The year, and the month or 0 for a whole year; this month for what is none."""
    year, _dash, month = request.GET.get("month", "").partition("-")
    if _is_year(year) and month.isascii() and month.isdigit() and 1 <= int(month) <= 12:
        return int(year), int(month)
    whole = request.GET.get("year", "")
    return (int(whole), 0) if _is_year(whole) else (today.year, today.month)


def _is_year(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) == 4 and _EARLIEST <= int(text) <= _LATEST
