"""What training can be measured by: for a house, a partner and a period, the very rows that are counted.

``house`` is whose people are counted, ``partner`` who hosts. Every function gives a queryset and no number. Rows of
those who have withdrawn are among them: what happened, happened. Nothing here looks at who asks: narrow the rows with
``visible_to``.
"""

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from broadcasters.indicators import Period, RawCount, register
from broadcasters.models import Broadcaster
from broadcasters.record_lines import Told, tell
from training.constants import EnrolmentStatus, WorkshopStatus
from training.models import Attendance, Certificate, Enrolment, FeedbackResponse, Session, Workshop

_HELD = (WorkshopStatus.RUNNING, WorkshopStatus.COMPLETED)


def nominations_made(house: Broadcaster, period: Period, partner: Broadcaster | None = None) -> QuerySet[Enrolment]:
    """People whom the house nominated in the period, whatever became of it."""
    rows = Enrolment.objects.filter(period.holds("nominated_at"), broadcaster=house)
    return rows.filter(workshop__broadcaster=partner) if partner else rows


def seats_filled(house: Broadcaster, period: Period, partner: Broadcaster | None = None) -> QuerySet[Enrolment]:
    """Seats of the house in workshops that began in the period and took place."""
    rows = Enrolment.objects.filter(
        period.holds("workshop__starts_at"),
        broadcaster=house,
        status=EnrolmentStatus.CONFIRMED,
        workshop__status__in=_HELD,
    )
    return rows.filter(workshop__broadcaster=partner) if partner else rows


def workshops_hosted(house: Broadcaster, period: Period, partner: Broadcaster | None = None) -> QuerySet[Workshop]:
    """Workshops of the house that began in the period; with a partner, those in which it had somebody."""
    rows = Workshop.objects.filter(period.holds("starts_at"), broadcaster=house, status__in=_HELD)
    if partner is None:
        return rows
    there = Enrolment.objects.filter(workshop=OuterRef("pk"), broadcaster=partner, status=EnrolmentStatus.CONFIRMED)
    return rows.filter(Exists(there))


def sessions_hosted(house: Broadcaster, period: Period, partner: Broadcaster | None = None) -> QuerySet[Session]:
    """Sessions of the house's workshops that took place in the period."""
    rows = Session.objects.filter(
        period.holds("starts_at"), workshop__broadcaster=house, workshop__status__in=_HELD, is_cancelled=False
    )
    if partner is None:
        return rows
    there = Enrolment.objects.filter(
        workshop=OuterRef("workshop"), broadcaster=partner, status=EnrolmentStatus.CONFIRMED
    )
    return rows.filter(Exists(there))


def attendances(house: Broadcaster, period: Period, partner: Broadcaster | None = None) -> QuerySet[Attendance]:
    """Sessions at which people of the house were."""
    rows = Attendance.objects.filter(
        period.holds("session__starts_at"), enrolment__broadcaster=house, status="attended", session__is_cancelled=False
    )
    return rows.filter(session__workshop__broadcaster=partner) if partner else rows


def absences(house: Broadcaster, period: Period, partner: Broadcaster | None = None) -> QuerySet[Attendance]:
    """Sessions that people of the house missed, excused or not."""
    rows = Attendance.objects.filter(
        ~Q(status="attended"), period.holds("session__starts_at"), enrolment__broadcaster=house,
        session__is_cancelled=False,
    )  # fmt: skip
    return rows.filter(session__workshop__broadcaster=partner) if partner else rows


def certificates_issued(
    house: Broadcaster, period: Period, partner: Broadcaster | None = None
) -> QuerySet[Certificate]:
    """Certificates that people of the house were given in the period and that hold."""
    rows = Certificate.objects.filter(period.holds("issued_at"), enrolment__broadcaster=house, revoked_at__isnull=True)
    return rows.filter(enrolment__workshop__broadcaster=partner) if partner else rows


def responses_given(
    house: Broadcaster, period: Period, partner: Broadcaster | None = None
) -> QuerySet[FeedbackResponse]:
    """Answers to forms of workshops that the house hosted. Whose they are nobody knows: there is no partner."""
    return FeedbackResponse.objects.filter(
        answered_on__gte=period.starts_at.date(), answered_on__lt=period.ends_at.date(), workshop__broadcaster=house
    )


RAW_COUNTS = (
    RawCount("nominations-made", _("nominations for workshops"), nominations_made),
    RawCount("seats-filled", _("seats filled in workshops"), seats_filled),
    RawCount("workshops-hosted", _("workshops hosted"), workshops_hosted, is_given=True),
    RawCount("sessions-hosted", _("training sessions hosted"), sessions_hosted),
    RawCount("attendances", _("sessions attended"), attendances),
    RawCount("absences", _("sessions missed"), absences),
    RawCount("certificates-issued", _("certificates issued"), certificates_issued),
    RawCount("responses-given", _("feedback given"), responses_given),
)
register(*RAW_COUNTS)
tell(Workshop, Told(("starts_at",)))
tell(Enrolment, Told(("nominated_at",)))
tell(Certificate, Told(("issued_at",)))
