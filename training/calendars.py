"""What training adds to calendars: sessions, for whoever has a seat, for the houses that send or host, for a module."""

from uuid import UUID

from django.db.models import Q, QuerySet

from mediaexchange.core.calendars import Event, earliest, source
from mediaexchange.core.models import User
from training.constants import EnrolmentStatus, WorkshopStatus
from training.formats.calendar import describe
from training.models import Enrolment, Session, Workshop


@source("training")
def sessions(user: User, *, broadcaster: UUID | None = None, module: UUID | None = None) -> list[Event]:
    """Those of the person's own seats; a desk's are what it hosts, and where its people have seats, as far as the
    user may know of them. Addresses of online sessions come with a seat.
    """
    # A seat that went with its workshop shows what was cancelled.
    seats = Enrolment.objects.visible_to(user).filter(status__in=[EnrolmentStatus.CONFIRMED, EnrolmentStatus.CANCELLED])
    rows = Session.objects.filter(ends_at__gte=earliest()).exclude(workshop__status=WorkshopStatus.DRAFT)
    if module is not None:
        return _events(rows.visible_to(user).filter(workshop__programme__module__uid=module), set())
    if broadcaster is None:
        seats = seats.filter(participant__user=user)
        asked = Q(workshop__in=seats.values("workshop"))
    else:
        seats = seats.filter(broadcaster__uid=broadcaster)
        asked = Q(workshop__in=seats.values("workshop")) | Q(workshop__broadcaster__uid=broadcaster)
        rows = rows.visible_to(user)
    return _events(rows.filter(asked), set(seats.values_list("workshop_id", flat=True)))


def _events(rows: QuerySet[Session], knowing: set[int]) -> list[Event]:
    rows = rows.select_related("place", "workshop__place", "workshop__broadcaster", "workshop__programme__module")
    rows = rows.prefetch_related("workshop__programme__module__parties").order_by("starts_at", "pk")
    return [_event(session, session.workshop, has_address=session.workshop_id in knowing) for session in rows]


def _event(session: Session, workshop: Workshop, *, has_address: bool) -> Event:
    told = describe(workshop, session)
    return Event(
        session.uid,
        session.sequence + workshop.sequence,  # both only grow
        told.summary,
        session.starts_at,
        session.ends_at,
        session.is_cancelled or workshop.status == WorkshopStatus.CANCELLED,
        max(session.told_at, workshop.told_at),
        description=told.times,
        location=told.where,
        url=(session.online_url or workshop.online_url) if has_address else "",
    )
