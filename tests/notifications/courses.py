"""Training: somebody with an account waits, is offered a seat, is certified; the houses hear of what waits for them."""

from datetime import timedelta

from django.utils import timezone

from tests.notifications.houses import Houses
from tests.notifications.words import COURSE, PARTNER
from tests.training.factories import complete, enrol, make_participant, make_programme, make_workshop
from training.models import Attendance, Enrolment, Participant, Workshop
from training.services.certificate import issue_certificates
from training.services.enrolment import nominate_participant, pass_on_offers, withdraw_enrolment


def bring_courses(houses: Houses) -> None:
    programme = make_programme(houses.own, houses.partner, **COURSE.fields("name"))
    person = make_participant(
        houses.partner, user=houses.at_partner("viewer"), email="viewer@ptrc.org", name_cyrl="zz", name_latn="zz"
    )
    terms = {"programme": programme, "needs_approval": True, **COURSE.fields("name")}
    crowded = make_workshop(houses.own, capacity=1, **terms)
    nominate_participant(crowded, person, actor=None)
    _lapse(make_workshop(houses.own, capacity=1, **terms), houses, make_participant(houses.partner))
    first = enrol(crowded, make_participant(houses.partner))
    enrol(crowded, person)  # waits
    withdraw_enrolment(first, actor=None)  # its seat is offered
    _certify(make_workshop(houses.own, **terms), person)
    for kind in ("own-offer", "own-place", "own-certificate"):
        houses.told[f"training.{kind}"] = (COURSE,)
    for kind in ("nomination", "lapsed-offer"):
        houses.told[f"training.{kind}"] = (COURSE, PARTNER)


def _lapse(workshop: Workshop, houses: Houses, person: Participant) -> None:
    """A seat that was offered and that nobody has taken in time."""
    seated = enrol(workshop, make_participant(houses.partner))
    enrol(workshop, person)
    withdraw_enrolment(seated, actor=None)
    Enrolment.objects.filter(status="offered").update(offer_ends_at=timezone.now() - timedelta(minutes=1))
    pass_on_offers()


def _certify(workshop: Workshop, person: Participant) -> None:
    seat = enrol(workshop, person)
    complete(workshop)
    for session in workshop.sessions.all():
        Attendance.objects.create(enrolment=seat, session=session, status="attended")
    issue_certificates(workshop, actor=None)
