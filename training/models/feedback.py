"""Feedback: forms as data, and answers that nobody can lead back to a person.

An invitation knows whose it is and whether it was used; a response knows what was said. No column, time, order or
trail joins them: a response has a random key and a day, both tables stay out of the audit trail, which would show two
rows written in one moment.
"""

from uuid import uuid4

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from broadcasters.models import Broadcaster
from broadcasters.models.base import NamedRecord, named_in_some_language
from mediaexchange.core.languages.localize import localized
from training.constants import FormKind, QuestionKind
from training.models.base import one_of
from training.models.enrolment import Enrolment
from training.models.workshop import Workshop
from training.querysets import FeedbackFormQuerySet, FormPartQuerySet, ResponseQuerySet


class FeedbackForm(NamedRecord):
    """Questions that participants are asked; ``name`` is its heading. It stands still once somebody has answered."""

    broadcaster = models.ForeignKey(
        Broadcaster, models.PROTECT, related_name="feedback_forms", verbose_name=_("broadcaster")
    )
    kind = models.CharField(
        pgettext_lazy("form", "kind"), max_length=10, choices=FormKind.choices, default=FormKind.EVALUATION
    )
    introduction = models.TextField(_("introduction"), blank=True)

    objects = FeedbackFormQuerySet.as_manager()

    class Meta:
        verbose_name = _("feedback form")
        verbose_name_plural = _("feedback forms")
        ordering = ["slug"]
        constraints = [
            named_in_some_language("name", "training_form_named"),
            one_of("kind", FormKind, "training_form_kind"),
        ]


class Question(models.Model):
    form = models.ForeignKey(FeedbackForm, models.CASCADE, related_name="questions", verbose_name=_("feedback form"))
    kind = models.CharField(pgettext_lazy("form", "kind"), max_length=10, choices=QuestionKind.choices)
    text = models.CharField(_("question"), max_length=500, blank=True)
    scale_max = models.PositiveSmallIntegerField(
        _("highest of the scale"), default=5, validators=[MinValueValidator(2), MaxValueValidator(10)],
        help_text=_("The lowest is 1. Only for scales."),
    )  # fmt: skip
    is_required = models.BooleanField(_("must be answered"), default=False)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    objects = FormPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ["position", "id"]
        constraints = [
            named_in_some_language("text", "training_question_asked"),
            one_of("kind", QuestionKind, "training_question_kind"),
            models.CheckConstraint(name="training_question_scale", condition=Q(scale_max__range=(2, 10))),
        ]

    def __str__(self) -> str:
        return localized(self, "text")


class Choice(models.Model):
    question = models.ForeignKey(Question, models.CASCADE, related_name="choices", verbose_name=_("question"))
    text = models.CharField(_("answer"), max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = pgettext_lazy("feedback", "choice")
        verbose_name_plural = pgettext_lazy("feedback", "choices")
        ordering = ["position", "id"]
        constraints = [named_in_some_language("text", "training_choice_worded")]

    def __str__(self) -> str:
        return localized(self, "text")


class FeedbackInvitation(models.Model):
    """Leave to answer once. It says whether that was done, and neither when nor what."""

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="invitations")
    form = models.ForeignKey(FeedbackForm, models.PROTECT, related_name="+")
    is_used = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("invitation to answer")
        verbose_name_plural = _("invitations to answer")
        constraints = [models.UniqueConstraint(fields=["enrolment", "form"], name="training_invitation_once")]

    def __str__(self) -> str:
        return str(self.form)


class FeedbackResponse(models.Model):
    """One person's answers, without the person."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    workshop = models.ForeignKey(Workshop, models.PROTECT, related_name="responses", verbose_name=_("workshop"))
    form = models.ForeignKey(FeedbackForm, models.PROTECT, related_name="responses", verbose_name=_("feedback form"))
    answered_on = models.DateField(_("answered on"))

    objects = ResponseQuerySet.as_manager()

    class Meta:
        verbose_name = _("response")
        verbose_name_plural = _("responses")
        ordering = ["answered_on", "id"]

    def __str__(self) -> str:
        return str(self.form)


class FeedbackAnswer(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    response = models.ForeignKey(FeedbackResponse, models.CASCADE, related_name="answers")
    question = models.ForeignKey(Question, models.PROTECT, related_name="answers")
    value = models.PositiveSmallIntegerField(null=True)  # of a scale
    choice = models.ForeignKey(Choice, models.PROTECT, null=True, related_name="answers")
    text = models.TextField(blank=True, default="")

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        constraints = [models.UniqueConstraint(fields=["response", "question"], name="training_answer_once")]

    def __str__(self) -> str:
        return self.text or str(self.choice or self.value)
