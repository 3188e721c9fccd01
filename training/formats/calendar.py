"""A workshop's sessions as iCalendar (RFC 5545): one event a session, known again by its UID, cancelled in place.

Times are instants in UTC: a calendar shows them by its own clocks, whatever it knows of a country's zone. The times in
the zones of the parties stand beside them in words.
"""

from dataclasses import dataclass
from datetime import UTC, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, vText

from broadcasters.moments import both_zones
from mediaexchange.core.languages.localize import localized
from training.constants import WorkshopStatus
from training.models import Session, Workshop
from training.moments import zones_of

CONTENT_TYPE = "text/calendar; charset=utf-8"
REFRESH = timedelta(hours=1)


def calendar_of(workshop: Workshop, *, with_address: bool = False) -> bytes:
    """All sessions, the cancelled ones as such, in the active language.

    ``with_address`` adds where online sessions are; for those who have a seat. Reads sessions and their places.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//mediaexchange//training//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", vText(localized(workshop, "name")))  # escaped as the text it is
    calendar.add("refresh-interval", REFRESH, parameters={"value": "DURATION"})
    zones = zones_of(workshop)
    for session in workshop.sessions.select_related("place").order_by("starts_at", "pk"):
        calendar.add_component(_event(workshop, session, zones, with_address=with_address))
    return bytes(calendar.to_ical())


@dataclass(frozen=True, slots=True)
class Told:
    """What calendars say of a session, in the active language."""

    summary: str
    where: str
    times: str


def describe(workshop: Workshop, session: Session, zones: list[str] | None = None) -> Told:
    """Course and title, where it is, and when by the clocks of every party. Reads ``programme.module.parties``."""
    title, course = localized(session, "title"), localized(workshop, "name")
    place = session.place or workshop.place
    where = [session.venue or workshop.venue, localized(place, "name") if place else ""]
    is_online = bool(session.online_url or workshop.online_url)
    told = both_zones(session.starts_at, session.ends_at, *(zones or zones_of(workshop)))
    return Told(
        f"{course}: {title}" if title and title != course else course,
        ", ".join(part for part in where if part) or (_("online") if is_online else ""),
        "\n".join(f"{local.city}: {local.text}" for local in told),
    )


def _event(workshop: Workshop, session: Session, zones: list[str], *, with_address: bool) -> Event:
    event, told = Event(), describe(workshop, session, zones)
    is_off = session.is_cancelled or workshop.status == WorkshopStatus.CANCELLED
    event.add("uid", f"{session.uid}@{urlsplit(settings.PUBLIC_URL).hostname}")
    event.add("sequence", session.sequence + workshop.sequence)  # both only grow
    event.add("dtstamp", timezone.now())
    event.add("dtstart", session.starts_at.astimezone(UTC))
    event.add("dtend", session.ends_at.astimezone(UTC))
    event.add("summary", told.summary)
    event.add("status", "CANCELLED" if is_off else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if is_off else "OPAQUE")
    if told.where:
        event.add("location", told.where)
    if with_address and (address := session.online_url or workshop.online_url):
        event.add("url", address)
    event.add("description", told.times)
    return event
