"""Whose calendars one may read, and what the diplomatic calendar adds to those of the desks."""

from uuid import UUID

from broadcasters.calendar_constants import DiplomaticKind, EventStanding
from broadcasters.models import Broadcaster, DiplomaticEvent, Module
from broadcasters.querysets import by_name
from mediaexchange.core.calendars import Event, Subject, earliest, source, subjects
from mediaexchange.core.languages.localize import localized
from mediaexchange.core.models import CalendarKind, User


@subjects
def desks_and_modules(user: User) -> list[Subject]:
    desks = Broadcaster.objects.of(user).order_by(by_name(), "slug")
    modules = Module.objects.visible_to(user).order_by(by_name(), "slug")
    return [
        *(Subject(CalendarKind.DESK, desk.uid, str(desk)) for desk in desks),
        *(Subject(CalendarKind.MODULE, module.uid, str(module)) for module in modules),
    ]


@source("broadcasters.diplomatic")
def diplomatic_events(user: User, *, broadcaster: UUID | None = None, module: UUID | None = None) -> list[Event]:
    """Events with exact days, as whole days, for desks alone.

    iCalendar knows days and moments, no months: “September 2024” would have to be shown on a day on which nobody says
    that it happened. Such events, and those of an uncertain day, stand in the diplomatic calendar and not here. A set
    of documents is one entry.
    """
    if broadcaster is None or not Broadcaster.objects.of(user).filter(uid=broadcaster).exists():
        return []
    rows = DiplomaticEvent.objects.visible_to(user).on_exact_days().filter(dated_last__gte=earliest().date())
    rows = rows.exclude(part_of__kind=DiplomaticKind.SIGNING).prefetch_related("places", "sources")
    return [_event(row) for row in rows.order_by("pk")]


def _event(row: DiplomaticEvent) -> Event:
    if row.dated_first is None or row.dated_last is None:
        raise ValueError(row.pk)  # the query has asked for days
    told = [f"{row.get_kind_display()} · {row.get_standing_display()}", localized(row, "note")]
    told += [str(each) for each in row.sources.all()]
    return Event(
        row.uid,
        row.sequence,
        localized(row, "name"),
        row.dated_first,
        row.dated_last,
        row.standing == EventStanding.CALLED_OFF,
        row.changed_at,
        description="\n".join(line for line in told if line),
        location=", ".join(localized(place, "name") for place in row.places.all()),
    )
