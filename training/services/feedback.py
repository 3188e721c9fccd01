"""Feedback: asked for by invitation, answered once, counted without a person.

An answer and the invitation that it used change in one transaction and share nothing that is kept.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mediaexchange.core.errors import ConflictError, DomainError
from mediaexchange.core.numbers import whole_number
from training.constants import FEWEST_FOR_TEXTS, QuestionKind
from training.models import (
    Enrolment,
    FeedbackAnswer,
    FeedbackForm,
    FeedbackInvitation,
    FeedbackResponse,
    Question,
    Workshop,
)

LONGEST_TEXT = 4000


@dataclass(slots=True)
class Result:
    """Of one question: how many answered, how often each value, the mean of a scale, what was written.

    ``texts`` is None while fewer than ``FEWEST_FOR_TEXTS`` have answered the form: a few can be told apart.
    """

    question: Question
    answers: int = 0
    counts: list[tuple[str, int]] = field(default_factory=list)
    mean: float | None = None
    texts: list[str] | None = None


@dataclass(frozen=True, slots=True)
class Results:
    form: FeedbackForm
    invited: int
    responses: int
    questions: list[Result]


@transaction.atomic
def invite(enrolment: Enrolment, form: FeedbackForm) -> FeedbackInvitation:
    """Leave for one person to answer one form once. Safe to repeat."""
    invitation, _is_new = FeedbackInvitation.objects.get_or_create(enrolment=enrolment, form=form)
    return invitation


@transaction.atomic
def answer_form(invitation: FeedbackInvitation, answers: Mapping[int, Any]) -> FeedbackResponse:
    """Keep the answers (question's id → number of the scale, choice's id, or text) and use up the invitation.

    Raises ConflictError for an invitation that was used, DomainError for an answer that cannot be or one that lacks.
    """
    locked = FeedbackInvitation.objects.select_for_update(of=("self",), no_key=True)
    stored = locked.select_related("enrolment__workshop", "form").get(pk=invitation.pk)
    if stored.is_used:
        raise ConflictError("answered-already", _("You have answered already. Thank you."), current="used")
    questions = list(stored.form.questions.prefetch_related("choices"))
    given = [(question, _answer(question, answers.get(question.pk))) for question in questions]
    stored.is_used = True
    stored.save(update_fields=["is_used"])
    workshop = stored.enrolment.workshop
    # The day is the host's; a moment would lead back to who was on the page then.
    response = FeedbackResponse.objects.create(
        workshop=workshop, form=stored.form, answered_on=timezone.localdate(timezone=ZoneInfo(workshop.time_zone))
    )
    FeedbackAnswer.objects.bulk_create(
        [FeedbackAnswer(response=response, question=question, **values) for question, values in given if values]
    )
    return response


def results_of(workshop: Workshop, form: FeedbackForm) -> Results:
    """Counts and means of a form in a workshop. In a constant number of statements."""
    responses = FeedbackResponse.objects.filter(workshop=workshop, form=form).count()
    invited = FeedbackInvitation.objects.filter(enrolment__workshop=workshop, form=form).count()
    questions = list(form.questions.prefetch_related("choices"))
    answers: dict[int, list[FeedbackAnswer]] = {question.pk: [] for question in questions}
    # By the random key: nobody reads off who answered first.
    for answer in FeedbackAnswer.objects.filter(response__workshop=workshop, response__form=form).order_by("pk"):
        answers[answer.question_id].append(answer)
    found = [_result(question, answers[question.pk], responses) for question in questions]
    return Results(form, max(invited, responses), responses, found)


def _result(question: Question, answers: list[FeedbackAnswer], responses: int) -> Result:
    result = Result(question, len(answers))
    if question.kind == QuestionKind.SCALE:
        values = [answer.value for answer in answers if answer.value is not None]
        result.counts = [(str(step), values.count(step)) for step in range(1, question.scale_max + 1)]
        result.mean = round(sum(values) / len(values), 2) if values else None
    elif question.kind == QuestionKind.CHOICE:
        chosen = [answer.choice_id for answer in answers]
        result.counts = [(str(choice), chosen.count(choice.pk)) for choice in question.choices.all()]
    elif responses >= FEWEST_FOR_TEXTS:
        result.texts = [answer.text for answer in answers]
    return result


def _answer(question: Question, given: Any) -> dict[str, Any]:
    if given in (None, ""):
        if question.is_required:
            raise DomainError("answer-missing", _("“%(question)s” must be answered.") % {"question": question})
        return {}
    if question.kind == QuestionKind.TEXT:
        return {"text": str(given).replace("\0", "").strip()[:LONGEST_TEXT]}
    number = whole_number(str(given))
    if question.kind == QuestionKind.SCALE and number is not None and 1 <= number <= question.scale_max:
        return {"value": number}
    if question.kind == QuestionKind.CHOICE and any(choice.pk == number for choice in question.choices.all()):
        return {"choice_id": number}
    raise DomainError("answer-unknown", _("“%(question)s” cannot be answered so.") % {"question": question})
