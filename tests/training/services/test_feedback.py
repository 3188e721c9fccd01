from datetime import UTC, date, datetime

import pytest
import time_machine

from mediaexchange.core.errors import ConflictError, DomainError
from mediaexchange.core.models import AuditEntry
from tests.training.factories import enrol, make_form, make_workshop
from training.models import FeedbackAnswer, FeedbackInvitation, FeedbackResponse
from training.services.feedback import answer_form, invite, results_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(rts):
    form = make_form(rts)
    workshop = make_workshop(rts, evaluation_form=form)
    return workshop, form, [invite(enrol(workshop), form) for _number in range(6)]


def answers(form, value=4, choice="yes", text="More time, please."):
    scale, several, free = form.questions.all()
    return {scale.pk: str(value), several.pk: str(several.choices.get(text_en=choice).pk), free.pk: text}


def test_answers_are_counted_and_texts_wait_until_enough_have_answered(asked):
    workshop, form, invitations = asked
    for number, invitation in enumerate(invitations[:4]):
        answer_form(invitation, answers(form, value=number + 2))
    results = results_of(workshop, form)
    scale, several, free = results.questions
    assert (results.invited, results.responses) == (6, 4)
    assert scale.counts == [("1", 0), ("2", 1), ("3", 1), ("4", 1), ("5", 1)]
    assert scale.mean == 3.5
    assert several.counts == [("yes", 4), ("no", 0)]
    assert free.texts is None
    answer_form(invitations[4], answers(form))
    assert results_of(workshop, form).questions[2].texts == ["More time, please."] * 5


def test_one_answers_once(asked):
    _workshop, form, invitations = asked
    answer_form(invitations[0], answers(form))
    with pytest.raises(ConflictError):
        answer_form(invitations[0], answers(form))
    assert FeedbackResponse.objects.count() == 1


@pytest.mark.parametrize("value", ["0", "6", "x", "", "²", "1" * 5000])
def test_what_cannot_be_answered_is_refused_and_uses_nothing_up(asked, value):
    _workshop, form, invitations = asked
    with pytest.raises(DomainError):
        answer_form(invitations[0], answers(form, value=value))
    assert not FeedbackInvitation.objects.get(pk=invitations[0].pk).is_used
    assert not FeedbackAnswer.objects.exists()


def test_what_a_page_sends_that_no_text_may_hold_is_left_out(asked):
    _workshop, form, invitations = asked
    answer_form(invitations[0], answers(form, text="More\0 time"))
    assert FeedbackAnswer.objects.get(text__gt="").text == "More time"


def test_the_day_of_an_answer_is_the_hosts(asked):
    workshop, form, invitations = asked
    assert workshop.time_zone == "Europe/Belgrade"
    with time_machine.travel(datetime(2026, 11, 2, 23, 30, tzinfo=UTC), tick=False):
        assert answer_form(invitations[0], answers(form)).answered_on == date(2026, 11, 3)


def test_nothing_that_is_kept_leads_from_an_answer_to_a_person(asked):
    """No key, no time of day, no order, no trail."""
    _workshop, form, invitations = asked
    before = AuditEntry.objects.count()
    answer_form(invitations[0], answers(form))
    assert AuditEntry.objects.count() == before
    columns = {field.name for model in (FeedbackResponse, FeedbackAnswer) for field in model._meta.concrete_fields}
    assert columns == {"id", "workshop", "form", "answered_on", "response", "question", "value", "choice", "text"}
    kept = {field.name for field in FeedbackInvitation._meta.concrete_fields}
    assert kept == {"id", "uid", "enrolment", "form", "is_used"}
    assert len(str(FeedbackResponse.objects.get().pk)) == 36


def test_an_invitation_is_made_once(asked):
    _workshop, form, invitations = asked
    assert invite(invitations[0].enrolment, form) == invitations[0]
