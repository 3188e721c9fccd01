"""Training's things in tests: a workshop of two sessions, twelve seats, and fictional people."""

from datetime import timedelta
from itertools import count
from typing import Any

from django.utils import timezone

from broadcasters.constants import Area, Role
from broadcasters.models import Broadcaster, Module
from mediaexchange.core.models import User
from tests.factories import make_broadcaster, make_module, make_user
from training.models import Consent, Enrolment, FeedbackForm, Participant, Programme, Question, Session, Workshop
from training.services.enrolment import confirm_enrolment, nominate_participant
from training.services.workshop import move_workshop

_numbers = count(1)


def make_training_module(*parties: Broadcaster, **fields: Any) -> Module:
    return make_module(*parties, **{"area": Area.TRAINING, "name_en": "Journalist training"} | fields)


def make_coordinator(broadcaster: Broadcaster | None = None) -> User:
    return make_user(broadcaster or make_broadcaster(), Role.TRAINING_COORDINATOR)


def make_programme(broadcaster: Broadcaster | None = None, *others: Broadcaster, **fields: Any) -> Programme:
    """Of RTS with PTRC, under a module that runs."""
    broadcaster = broadcaster or make_broadcaster("rts")
    if "module" not in fields:
        fields["module"] = make_training_module(broadcaster, *(others or (make_broadcaster("ptrc"),)))
    defaults = {
        "slug": f"programme{next(_numbers)}",
        "name_en": "AI in broadcasting",
        "name_sr": "Вештачка интелигенција у радиодифузији",
        "topics": ["ai-in-broadcasting"],
        "languages": ["kk", "ru", "sr"],
    }
    return Programme.objects.create(broadcaster=broadcaster, **defaults | fields)


def make_workshop(broadcaster: Broadcaster | None = None, *, sessions: int = 2, **fields: Any) -> Workshop:
    """Open, in ten days, an hour each day; nominations are not looked at unless told otherwise."""
    broadcaster = broadcaster or make_broadcaster("rts")
    if "programme" not in fields:
        fields["programme"] = make_programme(broadcaster)
    first = timezone.now().replace(minute=0, second=0, microsecond=0) + timedelta(days=10)
    defaults = {
        "slug": f"workshop{next(_numbers)}",
        "name_en": "AI in broadcasting",
        "name_sr": "Вештачка интелигенција у редакцији",
        "name_kk": "Редакциядағы жасанды интеллект",
        "status": "open",
        "time_zone": broadcaster.time_zone,
        "capacity": 12,
        "needs_approval": False,
        "starts_at": first if sessions else None,
        "ends_at": first + timedelta(days=sessions - 1, hours=1) if sessions else None,
    }
    workshop = Workshop.objects.create(broadcaster=broadcaster, **defaults | fields)
    for number in range(sessions):
        starts_at = first + timedelta(days=number)
        Session.objects.create(
            workshop=workshop, title_en=f"Day {number + 1}", starts_at=starts_at, ends_at=starts_at + timedelta(hours=1)
        )
    return workshop


def make_participant(broadcaster: Broadcaster | None = None, *, consents: bool = True, **fields: Any) -> Participant:
    broadcaster = broadcaster or make_broadcaster("ptrc")
    number = next(_numbers)
    defaults = {
        "name_cyrl": f"Әйгерім Сұлтанқызы {number}",
        "name_latn": f"Äigerım Sūltanqyzy {number}",
        "email": f"person{number}@example.org",
        "language": "kk",
        "data_region": broadcaster.data_region,
    }
    participant = Participant.objects.create(broadcaster=broadcaster, **defaults | fields)
    if consents:
        Consent.objects.create(participant=participant, purpose="participation", road="paper", given_at=timezone.now())
    return participant


def enrol(workshop: Workshop, participant: Participant | None = None, **fields: Any) -> Enrolment:
    """Nominated, and confirmed by the host where it looks at nominations: a seat or a place on the list."""
    participant = participant or make_participant(**fields)
    enrolment = nominate_participant(workshop, participant, actor=None)
    return confirm_enrolment(enrolment, actor=None)


def complete(workshop: Workshop) -> Workshop:
    """Run and finish it."""
    for status in ("running", "completed"):
        workshop = move_workshop(workshop, actor=None, status=status)
    return workshop


def make_form(broadcaster: Broadcaster | None = None, **fields: Any) -> FeedbackForm:
    """A scale, a choice of two and a free text."""
    defaults = {"slug": f"form{next(_numbers)}", "name_en": "How was it?", "kind": "evaluation"}
    form = FeedbackForm.objects.create(broadcaster=broadcaster or make_broadcaster(), **defaults | fields)
    Question.objects.create(form=form, kind="scale", text_en="How useful was it?", is_required=True, position=1)
    choice = Question.objects.create(form=form, kind="choice", text_en="Would you come again?", position=2)
    for position, text in enumerate(("yes", "no")):
        choice.choices.create(text_en=text, position=position)
    Question.objects.create(form=form, kind="text", text_en="Anything else?", position=3)
    return form
