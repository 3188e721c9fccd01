"""Events as iCalendar (RFC 5545): the same events give the same bytes, so a reader can be told that nothing changed.

Times are instants in UTC: a calendar shows them by its own clocks, whatever it knows of a country's zone. There is no
``METHOD``: this is a calendar to read, no message, and ``DTSTAMP`` is when the entry was last written (3.8.7.2).
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlsplit

import icalendar
from django.conf import settings

from mediaexchange.core.calendars import Event

CONTENT_TYPE = "text/calendar; charset=utf-8"
REFRESH = timedelta(hours=1)


def render(name: str, events: Iterable[Event]) -> bytes:
    """A calendar of this name with these events, lines folded at 75 bytes."""
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//mediaexchange//calendars//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    # RFC 7986, 5.1; the other is what older programs read. The library escapes neither by itself.
    calendar.add("name", icalendar.vText(name))
    calendar.add("x-wr-calname", icalendar.vText(name))
    calendar.add("refresh-interval", REFRESH, parameters={"value": "DURATION"})
    for event in events:
        calendar.add_component(_component(event))
    return bytes(calendar.to_ical())


def _component(event: Event) -> icalendar.Event:
    shown = icalendar.Event()
    shown.add("uid", f"{event.uid}@{urlsplit(settings.PUBLIC_URL).hostname}")
    shown.add("sequence", event.sequence)
    shown.add("dtstamp", event.changed_at.astimezone(UTC))
    shown.add("last-modified", event.changed_at.astimezone(UTC))
    starts, ends = _span(event)
    shown.add("dtstart", starts)
    shown.add("dtend", ends)
    shown.add("summary", event.summary)
    shown.add("status", "CANCELLED" if event.is_cancelled else "CONFIRMED")
    is_free = event.is_cancelled or not isinstance(event.starts, datetime)
    shown.add("transp", "TRANSPARENT" if is_free else "OPAQUE")
    for field in ("description", "location", "url"):
        if text := getattr(event, field):
            shown.add(field, text)
    return shown


def _span(event: Event) -> tuple[datetime | date, datetime | date]:
    """With the end as iCalendar counts it: the first day after whole days. Raises TypeError for a mixture of both."""
    starts, ends = event.starts, event.ends
    if isinstance(starts, datetime) and isinstance(ends, datetime):
        return starts.astimezone(UTC), ends.astimezone(UTC)
    if isinstance(starts, datetime) or isinstance(ends, datetime):
        raise TypeError("An event lasts from moment to moment or from day to day.")
    return starts, min(ends, date.max - timedelta(days=1)) + timedelta(days=1)
