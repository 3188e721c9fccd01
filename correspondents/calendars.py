"""What correspondents add to calendars: assignments, and what is planned for the desks and modules that share it."""

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from broadcasters.anniversaries import Anniversary
from broadcasters.models import Broadcaster
from broadcasters.moments import both_zones
from correspondents.anniversaries import proposals
from correspondents.constants import AssignmentStatus, EventStatus, WishStatus
from correspondents.models import Assignment, CoverageWish, PlannedEvent
from mediaexchange.core.calendars import Event, earliest, source
from mediaexchange.core.languages.localize import localized
from mediaexchange.core.models import User

_LOOKS_AHEAD = timedelta(days=400)
_OFF = (AssignmentStatus.CANCELLED, AssignmentStatus.DECLINED)


@source("correspondents.assignments")
def assignments(user: User, *, broadcaster: UUID | None = None, module: UUID | None = None) -> list[Event]:
    """The person's own; those that a desk sends or hosts; a module's, as far as the user sees them. No drafts."""
    rows = Assignment.objects.visible_to(user).exclude(status=AssignmentStatus.DRAFT)
    rows = rows.filter(period__endswith__gte=earliest())
    if broadcaster is not None:
        rows = rows.filter(Q(broadcaster__uid=broadcaster) | Q(host__uid=broadcaster))
    elif module is not None:
        rows = rows.filter(module__uid=module)
    else:
        rows = rows.of_person(user)
    rows = rows.select_related("place", "host", "broadcaster", "correspondent", "host_institution")
    return [_assignment(row, user) for row in rows.order_by("pk")]


@source("correspondents.events")
def events(user: User, *, broadcaster: UUID | None = None, module: UUID | None = None) -> list[Event]:
    """What a desk has planned or wants of what is planned; what a module's parties share. Nothing for a person."""
    rows = PlannedEvent.objects.visible_to(user).filter(first_on__isnull=False, last_on__isnull=False)
    rows = rows.filter(last_on__gte=earliest().date())
    if broadcaster is not None:
        wishes = CoverageWish.objects.filter(event=OuterRef("pk"), broadcaster__uid=broadcaster)
        wanted = Exists(wishes.exclude(status=WishStatus.WITHDRAWN))
        rows = rows.filter(Q(broadcaster__uid=broadcaster) | wanted)
    elif module is not None:
        rows = rows.filter(module__uid=module)
    else:
        return []
    return [_event(row) for row in rows.select_related("place").order_by("pk")]


@source("correspondents.anniversaries")
def anniversaries(user: User, *, broadcaster: UUID | None = None, module: UUID | None = None) -> list[Event]:
    """What is proposed to a desk for the next thirteen months, on exact days; what is planned stands as planned."""
    if broadcaster is None or not Broadcaster.objects.of(user).filter(uid=broadcaster).exists():
        return []
    today = timezone.localdate()
    found = (each for each in proposals(user, today, today + _LOOKS_AHEAD) if each.planned is None)
    return [_proposal(each.anniversary) for each in found if each.anniversary.is_exact]


def _proposal(anniversary: Anniversary) -> Event:
    event = anniversary.event
    years = ngettext("%(years)d year", "%(years)d years", anniversary.years) % {"years": anniversary.years}
    return Event(
        f"{event.uid}-{anniversary.year}",
        event.sequence,
        f"{localized(event, 'name')}: {years} ({pgettext('planned event', 'proposed')})",
        anniversary.first_on,
        anniversary.last_on,
        False,
        event.changed_at,
        description=localized(event, "note"),
    )


def _assignment(row: Assignment, user: User) -> Event:
    city = localized(row.place, "name")
    lines = [
        f"{local.city}: {local.text}" for local in both_zones(row.starts_at, row.ends_at, row.time_zone, *_own(user))
    ]
    person = row.told_person
    if person is not None and person.user_id != user.pk:
        lines.append(f"{_('correspondent')}: {person.name_in(user.language)}")
    if row.host is not None:
        lines.append(f"{_('host')}: {row.host}")
    lines.append(f"{_('status')}: {row.get_status_display()}")
    return Event(
        row.uid,
        row.sequence,
        f"{row} ({city})",
        row.starts_at,
        row.ends_at,
        row.status in _OFF,
        row.changed_at,
        description="\n".join(lines),
        location=", ".join(part for part in (str(row.host_institution or ""), city) if part),
    )


def _event(row: PlannedEvent) -> Event:
    starts: datetime | date | None = row.starts_at or row.first_on
    ends: datetime | date | None = row.ends_at or row.last_on
    if starts is None or ends is None:
        raise ValueError(row.pk)  # the query has asked for days
    lines = [localized(row, "description")]
    if row.starts_at is not None:
        zones = both_zones(row.starts_at, row.ends_at, row.time_zone)
        lines += [f"{local.city}: {local.text}" for local in zones]
    name = localized(row, "name")
    if row.status == EventStatus.TENTATIVE:
        name = f"{name} ({pgettext('planned event', 'tentative')})"
    place = localized(row.place, "name") if row.place else ""
    return Event(
        row.uid,
        row.sequence,
        name,
        starts,
        ends,
        row.status == EventStatus.CANCELLED,
        row.changed_at,
        description="\n".join(line for line in lines if line),
        location=", ".join(part for part in (row.venue, place) if part),
    )


def _own(user: User) -> list[str]:
    return [user.time_zone] if user.time_zone else []
