"""The planning calendar: events and commemorations, coverage wanted and assignments, as a month or as a list.

Days are those of each place's calendar; moments are shown by its clocks and by the reader's.
"""

import calendar
import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR
from django.utils.formats import date_format, get_format
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext_lazy as _

from broadcasters.anniversaries import Anniversary
from correspondents.admin.assignment_box import forms_of
from correspondents.admin.base import EVENT_LOOK, WISH_LOOK, assignment_label, in_both_zones, period_of
from correspondents.anniversaries import proposals
from correspondents.constants import AssignmentStatus, EventStatus, WishStatus
from correspondents.models import Assignment, CoverageWish, PlannedEvent
from correspondents.moments import days_between
from mediaexchange.core.admin_base import ExchangeAdmin, label, staff
from mediaexchange.core.edtf_words import edtf_words
from mediaexchange.core.errors import Message
from mediaexchange.core.languages.localize import alphabetical, localized
from mediaexchange.core.languages.tags import DEFAULT
from mediaexchange.core.models import User

_DAYS = re.compile(r"\d{4}-\d{2}-\d{2}(?:/\d{4}-\d{2}-\d{2})?")
LONG_DAYS = 2  # nights; what lasts longer stands above the month, not in each of its days
MOST = 500
_EARLIEST, _LATEST = date(1900, 1, 1), date(2200, 12, 31)
KINDS: dict[str, Message] = {
    "event": _("events"), "wish": _("coverage wanted"), "assignment": _("assignments"),
    "proposal": _("anniversaries"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry:
    """Something of the calendar on its days; ``when`` is both clocks, "" for whole days."""

    kind: str
    title: str
    url: str
    first_on: date
    last_on: date
    when: SafeString | str
    state: SafeString
    about: str
    is_off: bool
    words: str = ""  # the date, where it is no certain day
    is_round: bool = False

    @property
    def is_long(self) -> bool:
        return (self.last_on - self.first_on).days > LONG_DAYS

    @property
    def is_vague(self) -> bool:
        """Whether only the year of a proposal is known."""
        return self.kind == "proposal" and (self.last_on - self.first_on).days > 31

    @property
    def days(self) -> str:
        if self.words:
            return self.words
        first = date_format(self.first_on, "SHORT_DATE_FORMAT")
        return first if self.first_on == self.last_on else f"{first} – {date_format(self.last_on, 'SHORT_DATE_FORMAT')}"


@dataclass(frozen=True, slots=True)
class Day:
    """A cell of the month."""

    on: date
    is_outside: bool
    is_today: bool
    entries: list[Entry]


def planning_view(page: ExchangeAdmin, request: HttpRequest) -> HttpResponse:
    user = staff(request)
    today = timezone.localdate()
    first = _month(request.GET.get("month", ""), today)
    wanted = [kind for kind in request.GET.getlist("kind") if kind in KINDS] or list(KINDS)
    is_list = request.GET.get("view") == "list"
    weeks = calendar.Calendar(get_format("FIRST_DAY_OF_WEEK") - 1 if get_format("FIRST_DAY_OF_WEEK") else 6)
    shown = list(weeks.itermonthdates(first.year, first.month))
    last = (first + timedelta(days=400 if is_list else 31)).replace(day=1) - timedelta(days=1)
    entries = entries_of(user, *((first, last) if is_list else (shown[0], shown[-1])), kinds=wanted)
    if not is_list:  # what is known by its year alone would stand in each of its months
        entries = [entry for entry in entries if not entry.is_vague or entry.is_round]
    narrowed = "".join(f"&kind={kind}" for kind in wanted) if len(wanted) < len(KINDS) else ""
    kept = narrowed + ("&view=list" if is_list else "")
    months = {
        "earlier": (first - timedelta(days=1)).replace(day=1),
        "later": (first + timedelta(days=31)).replace(day=1),
    }
    request.current_app = page.admin_site.name
    context: dict[str, Any] = {
        **page.admin_site.each_context(request),
        "title": _("Planning calendar"),
        "opts": page.opts,
        "media": page.media,
        "month": date_format(first, "YEAR_MONTH_FORMAT"),
        "links": {name: f"?month={value:%Y-%m}{kept}" for name, value in months.items()},
        "today_link": f"?month={today:%Y-%m}{kept}",
        "views": [
            (f"?month={first:%Y-%m}{narrowed}", _("month"), not is_list),
            (f"?month={first:%Y-%m}{narrowed}&view=list", _("list"), is_list),
        ],
        "kinds": [
            (f"?month={first:%Y-%m}{'&view=list' if is_list else ''}{_toggled(wanted, kind)}", words, kind in wanted)
            for kind, words in KINDS.items()
        ],
        "is_list": is_list,
        "may_add": page.has_add_permission(request),
    }
    if is_list:
        context["agenda"] = [entry for entry in entries if entry.last_on >= first]
    else:
        order = [day.weekday() for day in shown[:7]]
        context |= {
            "weekdays": [(WEEKDAYS_ABBR[number], WEEKDAYS[number]) for number in order],
            "long": [entry for entry in entries if entry.is_long],
            "days": _days(shown, first, today, entries),
        }
    return TemplateResponse(request, "correspondents/planning.html", context)


def entries_of(user: User, first: date, last: date, *, kinds: list[str]) -> list[Entry]:
    """What touches these days, by its first day; one statement a kind."""
    found: list[Entry] = []
    if "event" in kinds:
        rows = PlannedEvent.objects.visible_to(user).filter(first_on__lte=last, last_on__gte=first)
        found += [_event(row) for row in rows.select_related("place", "broadcaster").order_by("first_on", "pk")[:MOST]]
    if "wish" in kinds:
        wishes = CoverageWish.objects.visible_to(user).exclude(status=WishStatus.WITHDRAWN)
        starts, ends = (datetime.combine(on, datetime.min.time(), ZoneInfo("UTC")) for on in (first, last))
        inside = Q(deadline_at__gte=starts - timedelta(days=1), deadline_at__lt=ends + timedelta(days=2))
        rows_of_wishes = wishes.filter(inside).select_related("event", "broadcaster").order_by("deadline_at", "pk")
        found += [_wish(row) for row in rows_of_wishes[:MOST]]
    if "assignment" in kinds:
        span = (
            datetime.combine(first - timedelta(days=1), datetime.min.time(), ZoneInfo("UTC")),
            datetime.combine(last + timedelta(days=2), datetime.min.time(), ZoneInfo("UTC")),
        )
        assignments = Assignment.objects.visible_to(user).filter(period__overlap=span)
        assignments = assignments.select_related("place", "broadcaster", "correspondent").order_by("period", "pk")
        found += [_assignment(row) for row in assignments[:MOST]]
    if "proposal" in kinds:
        found += [_proposal(each.anniversary) for each in proposals(user, first, last)[:MOST] if each.planned is None]
    touching = (entry for entry in found if entry.first_on <= last and entry.last_on >= first)
    return sorted(touching, key=lambda entry: (entry.first_on, entry.last_on, entry.kind, alphabetical(entry.title)))


def _event(row: PlannedEvent) -> Entry:
    place = localized(row.place, "name") if row.place else ""
    return Entry(
        "event",
        localized(row, "name"),
        reverse("admin:correspondents_plannedevent_change", args=[row.pk]),
        row.first_on or _EARLIEST,
        row.last_on or _LATEST,
        in_both_zones(row.starts_at, row.ends_at, row.time_zone) if row.starts_at else "",
        label(row.get_status_display(), EVENT_LOOK[EventStatus(row.status)]),
        " · ".join(part for part in (row.get_kind_display(), place, str(row.broadcaster)) if part),
        row.status == EventStatus.CANCELLED,
        edtf_words(row.dated) if row.dated and not _DAYS.fullmatch(row.dated) else "",
    )


def _proposal(anniversary: Anniversary) -> Entry:
    years = ngettext("%(years)d year", "%(years)d years", anniversary.years) % {"years": anniversary.years}
    return Entry(
        "proposal",
        localized(anniversary.event, "name"),
        reverse("admin:correspondents_anniversary", args=[anniversary.event.pk, anniversary.year]),
        anniversary.first_on,
        anniversary.last_on,
        "",
        label(pgettext("planned event", "proposed"), "info"),
        years,
        False,
        "" if anniversary.is_exact else anniversary.when,
        anniversary.is_round,
    )


def _wish(row: CoverageWish) -> Entry:
    zone = row.event.time_zone
    if row.deadline_at is None:
        raise ValueError(row.pk)  # the query has asked for one
    on = row.deadline_at.astimezone(ZoneInfo(zone)).date()
    return Entry(
        "wish",
        localized(row.event, "name"),
        reverse("admin:correspondents_plannedevent_change", args=[row.event_id]) + "#wishes",
        on,
        on,
        in_both_zones(row.deadline_at, None, zone),
        label(row.get_status_display(), WISH_LOOK[WishStatus(row.status)]),
        f"{row.broadcaster}: {forms_of(row)}",
        False,
    )


def _assignment(row: Assignment) -> Entry:
    first, last = days_between(row.starts_at, row.ends_at, row.time_zone)
    person = row.told_person.name_in(get_language() or DEFAULT) if row.told_person else ""
    return Entry(
        "assignment",
        str(row),
        reverse("admin:correspondents_assignment_change", args=[row.pk]),
        first,
        last,
        period_of(row),
        assignment_label(row),
        " · ".join(part for part in (person, localized(row.place, "name")) if part),
        row.status in (AssignmentStatus.CANCELLED, AssignmentStatus.DECLINED),
    )


def _days(shown: list[date], first: date, today: date, entries: list[Entry]) -> list[Day]:
    on: dict[date, list[Entry]] = defaultdict(list)
    for entry in entries:
        if not entry.is_long:
            for offset in range((entry.last_on - entry.first_on).days + 1):
                on[entry.first_on + timedelta(days=offset)].append(entry)
    return [Day(day, day.month != first.month, day == today, on[day]) for day in shown]


def _month(text: str, today: date) -> date:
    """The first of the month that is asked for; this month for anything else."""
    try:
        wanted = datetime.strptime(text, "%Y-%m").date()  # noqa: DTZ007 — a month has no zone
    except ValueError:
        return today.replace(day=1)
    return wanted if _EARLIEST <= wanted <= _LATEST else today.replace(day=1)


def _toggled(wanted: list[str], kind: str) -> str:
    left = [each for each in KINDS if (each in wanted) != (each == kind)]
    return "".join(f"&kind={each}" for each in left)
