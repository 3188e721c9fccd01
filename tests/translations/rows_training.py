"""Workshops in every state with people in every state, as the rows of the exchange: Georgian, or beginning with zz."""

from itertools import count
from typing import Any

from django.db.models import Model

from broadcasters.models import Broadcaster
from tests.training.factories import complete, make_participant, make_programme, make_training_module, make_workshop
from training.constants import Topic
from training.models import Attendance, Enrolment, FeedbackForm, Material, Participant, Question, Trainer, Workshop
from training.services.certificate import issue_certificates, revoke_certificate
from training.services.enrolment import (
    confirm_enrolment,
    nominate_participant,
    reject_enrolment,
    withdraw_enrolment,
)
from training.services.feedback import answer_form, invite
from training.services.participant import record_consent, withdraw_consent
from training.services.workshop import move_workshop, set_quota

WORDS = "ქართული სიტყვები"
NAMES = {f"name_{language}": WORDS for language in ("sr", "kk", "ru", "en")}
TEXTS = {f"text_{language}": WORDS for language in ("sr", "kk", "ru", "en")}
TITLES = {f"title_{language}": WORDS for language in ("sr", "kk", "ru", "en")}
_numbers = count(1)


def training_rows(own: Broadcaster, partner: Broadcaster) -> list[Model]:
    module = make_training_module(own, partner, slug="zztraining", **NAMES)
    programme = make_programme(own, slug="zzprogramme", module=module, topics=list(Topic.values), **NAMES)
    forms = _form(own, "evaluation"), _form(own, "follow-up")
    shared = {"programme": programme, "venue": WORDS, "evaluation_form": forms[0], "follow_up_form": forms[1]}
    opened = _workshop(own, capacity=2, needs_approval=True, online_url="https://example.org/1", **shared)
    draft = _workshop(own, status="draft", **shared)
    theirs = _workshop(partner, needs_approval=False, **shared)
    cancelled = _workshop(own, **shared)
    _nominate(cancelled, partner)
    move_workshop(cancelled, actor=None, status="cancelled", reason=WORDS)
    people = _people_in_every_state(opened, own, partner)
    seated = _nominate(theirs, own)
    over, certificates = _over(own, partner, shared)
    gone = _person(own)
    withdraw_consent(gone, actor=None, purpose="participation")
    everybody = [row.participant for row in people]
    return [
        programme, opened, draft, theirs, over, cancelled, *everybody[:2], gone, *people, seated, *certificates, *forms,
        *forms[0].questions.all(),
    ]  # fmt: skip


def _people_in_every_state(workshop: Workshop, own: Broadcaster, partner: Broadcaster) -> list[Enrolment]:
    """Confirmed, offered, on the waiting list, nominated; then rejected, withdrawn, lapsed."""
    set_quota(workshop, partner, actor=None, seats=2)
    rows = [_nominate(workshop, house) for house in (partner, own, partner, own, partner, own, own)]
    for row in rows[:4]:
        confirm_enrolment(row, actor=None)
    withdraw_enrolment(rows[1], actor=None, reason=WORDS)  # its seat is offered to the third
    reject_enrolment(rows[4], actor=None, reason=WORDS)
    Enrolment.objects.filter(pk=rows[5].pk).update(status="lapsed")
    order = (rows[0], rows[2], rows[3], rows[6], rows[4], rows[1], rows[5])
    return [Enrolment.objects.select_related("participant").get(pk=row.pk) for row in order]


def _over(own: Broadcaster, partner: Broadcaster, shared: dict[str, Any]) -> tuple[Workshop, list[Model]]:
    """Completed, with every kind of attendance, a certificate that holds, one that does not, and answers."""
    workshop = _workshop(own, needs_approval=False, attendance_percent=50, **shared)
    rows = [_nominate(workshop, house) for house in (own, partner, own, own, own, own)]
    complete(workshop)
    first, second = workshop.sessions.all()
    for row in rows:
        record_consent(row.participant, actor=None, purpose="follow-up", road="email")
        Attendance.objects.create(enrolment=row, session=first, status="attended")
    for row, status in zip(rows, ("attended", "absent", "excused"), strict=False):
        Attendance.objects.create(enrolment=row, session=second, status=status)
    certificates = issue_certificates(workshop, actor=None)
    revoke_certificate(certificates[1], actor=None, reason=WORDS)
    form = workshop.evaluation_form
    scale, choice, text = form.questions.all()
    for row in rows[:5]:
        answer_form(invite(row, form), {scale.pk: 4, choice.pk: choice.choices.first().pk, text.pk: WORDS})
    return workshop, list(certificates[:2])


def _workshop(house: Broadcaster, **fields: Any) -> Workshop:
    workshop = make_workshop(house, slug=f"zzworkshop{next(_numbers)}", place=house.home_city, **NAMES | fields)
    workshop.sessions.update(**TITLES)
    offices = {f"office_{language}": WORDS for language in ("sr", "kk", "ru", "en")}
    Trainer.objects.create(workshop=workshop, name=WORDS, **offices)
    Material.objects.create(workshop=workshop, url="https://example.org/slides", language="kk", **TITLES)
    return workshop


def _nominate(workshop: Workshop, house: Broadcaster) -> Enrolment:
    return nominate_participant(workshop, _person(house), actor=None)


def _person(house: Broadcaster) -> Participant:
    email = f"zz{next(_numbers)}@example.org"
    return make_participant(house, name_cyrl=WORDS, name_latn=WORDS, email=email, language="kk")


def _form(house: Broadcaster, kind: str) -> FeedbackForm:
    form = FeedbackForm.objects.create(slug=f"zz{kind}".replace("-", ""), broadcaster=house, kind=kind, **NAMES)
    Question.objects.create(form=form, kind="scale", is_required=True, position=1, **TEXTS)
    choice = Question.objects.create(form=form, kind="choice", position=2, **TEXTS)
    for position in range(2):
        choice.choices.create(position=position, **TEXTS)
    Question.objects.create(form=form, kind="text", position=3, **TEXTS)
    return form
