"""What waits for whoever coordinates training, at the host's and at the houses that send people."""

from datetime import timedelta
from typing import Any

from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from broadcasters.constants import Role
from broadcasters.querysets import member_ids_with
from mediaexchange.core.desks import DeskItem, Urgency
from mediaexchange.core.models import User
from training.constants import EnrolmentStatus, WorkshopStatus
from training.models import Attendance, Certificate, Enrolment, FeedbackResponse, Session, Workshop

_COORDINATOR: Any = (Role.TRAINING_COORDINATOR, Role.ADMINISTRATOR)
_SENDERS: Any = (Role.TRAINING_COORDINATOR, Role.EXCHANGE_DESK, Role.ADMINISTRATOR)


def _hosted(user: User, permission: str) -> QuerySet[Workshop]:
    return Workshop.objects.visible_to(user).filter(broadcaster__in=member_ids_with(user, permission))


def _nominations(user: User) -> QuerySet[Enrolment]:
    hosted = _hosted(user, "training.change_enrolment").values("pk")
    return Enrolment.objects.visible_to(user).filter(workshop__in=hosted, status=EnrolmentStatus.NOMINATED)


def _offered(user: User) -> QuerySet[Enrolment]:
    """Seats that have become free and are held for people of one's own house until they answer."""
    houses = member_ids_with(user, "training.add_enrolment")
    return Enrolment.objects.visible_to(user).filter(broadcaster__in=houses, status=EnrolmentStatus.OFFERED)


def _waited_for(user: User) -> QuerySet[Workshop]:
    waiting = Enrolment.objects.filter(workshop=OuterRef("pk"), status=EnrolmentStatus.WAITING)
    return _hosted(user, "training.change_enrolment").filter(Exists(waiting), status=WorkshopStatus.OPEN)


def _to_mark(user: User) -> QuerySet[Workshop]:
    """Courses of which a session is over and somebody with a seat has neither been there nor been absent."""
    marked = Attendance.objects.filter(enrolment=OuterRef("pk"), session=OuterRef(OuterRef("pk")))
    unmarked = Enrolment.objects.filter(
        ~Exists(marked), workshop=OuterRef("workshop"), status=EnrolmentStatus.CONFIRMED,
        participant__anonymised_at__isnull=True,
    )  # fmt: skip
    over = Session.objects.filter(Exists(unmarked), workshop=OuterRef("pk"), ends_at__lte=Now(), is_cancelled=False)
    lasting = (WorkshopStatus.OPEN, WorkshopStatus.RUNNING, WorkshopStatus.COMPLETED)
    return _hosted(user, "training.change_attendance").filter(Exists(over), status__in=lasting)


def _to_certify(user: User) -> QuerySet[Enrolment]:
    """People who were there often enough at a course that is over, and hold no certificate."""
    sessions = Session.objects.filter(workshop=OuterRef("workshop"), is_cancelled=False)
    counted = sessions.order_by().values("workshop").annotate(number=Count("pk")).values("number")
    held = Coalesce(Subquery(counted), 0, output_field=IntegerField())
    valid = Certificate.objects.filter(enrolment=OuterRef("pk"), revoked_at__isnull=True)
    rows: Any = Enrolment.objects.visible_to(user).filter(
        ~Exists(valid), workshop__in=_hosted(user, "training.add_certificate").values("pk"),
        workshop__status=WorkshopStatus.COMPLETED, status=EnrolmentStatus.CONFIRMED,
        participant__anonymised_at__isnull=True,
    )  # fmt: skip
    rows = rows.with_attendance().alias(held=held)
    found: QuerySet[Enrolment] = rows.filter(
        held__gt=0, attended__gte=F("workshop__attendance_percent") * F("held") / 100.0
    )
    return found


def _answered(user: User) -> QuerySet[Workshop]:
    """Courses of which participants have said something in the last thirty days."""
    since = timezone.now() - timedelta(days=30)
    said = FeedbackResponse.objects.filter(workshop=OuterRef("pk"), answered_on__gte=since.date())
    return _hosted(user, "training.change_workshop").filter(Exists(said))


ITEMS = (
    DeskItem(
        "training.offered", _("Freed seats to answer"), "training.enrolment", _SENDERS,
        "training.add_enrolment", "event_seat", Urgency.ANSWER, _offered, late=lambda: Q(offer_ends_at__lt=Now()),
    ),
    DeskItem(
        "training.nominations", _("Nominations to decide"), "training.enrolment", _COORDINATOR,
        "training.change_enrolment", "how_to_reg", Urgency.ANSWER, _nominations,
    ),
    DeskItem(
        "training.certificates", _("Certificates to sign"), "training.enrolment", _COORDINATOR,
        "training.add_certificate", "workspace_premium", Urgency.ANSWER, _to_certify,
    ),
    DeskItem(
        "training.attendance", _("Attendance to enter"), "training.workshop", _COORDINATOR,
        "training.change_attendance", "fact_check", Urgency.WORK, _to_mark,
    ),
    DeskItem(
        "training.waiting", _("Workshops with a waiting list"), "training.workshop", _COORDINATOR,
        "training.change_enrolment", "hourglass", Urgency.WORK, _waited_for,
    ),
    DeskItem(
        "training.feedback", _("Feedback to read"), "training.workshop", _COORDINATOR,
        "training.change_workshop", "reviews", Urgency.WORK, _answered,
    ),
)  # fmt: skip
