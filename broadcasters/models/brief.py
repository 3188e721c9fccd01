"""Briefs: what was counted of an agreement at one moment for one person, and who has them sent by themselves."""

from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from broadcasters.brief_constants import BriefFormat, BriefRhythm, IssueStatus, PauseReason, Weekday
from broadcasters.brief_querysets import BriefIssueQuerySet, BriefQuerySet, BriefSubscriptionQuerySet
from broadcasters.models.agreements import Memorandum
from broadcasters.models.base import one_of
from mediaexchange.core.languages.tags import LANGUAGES


class Brief(models.Model):
    """Figures frozen at ``as_of`` under the rights of ``person``. In every language and format they are these.

    ``content`` holds numbers, codes and texts by stored language: see ``broadcasters.formats.brief_content``.
    """

    uid = models.UUIDField(_("UID"), default=uuid4, unique=True, editable=False)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("for"), editable=False
    )
    memorandum = models.ForeignKey(
        Memorandum, models.PROTECT, related_name="briefs", verbose_name=_("memorandum"), editable=False
    )
    period = models.CharField(_("period"), max_length=8, editable=False)
    as_of = models.DateTimeField(_("as of"), editable=False)
    content = models.JSONField(editable=False)

    objects = BriefQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("agreement", "brief")
        verbose_name_plural = _("briefs")
        ordering = ["-as_of", "-id"]
        constraints = [
            models.CheckConstraint(
                name="broadcasters_brief_period", condition=Q(period__regex=r"^\d{4}(-(W\d\d|Q[1-4]|\d\d))?$")
            )
        ]

    def __str__(self) -> str:
        return f"{self.memorandum} · {self.period}"


class BriefSubscription(models.Model):
    """A person has the brief of an agreement made and sent when a week, month or quarter is over.

    It goes out at ``hour`` of the first such ``weekday`` after the period’s last day, by the person’s own clocks.
    """

    uid = models.UUIDField(_("UID"), default=uuid4, unique=True, editable=False)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="brief_subscriptions", verbose_name=_("for")
    )
    memorandum = models.ForeignKey(Memorandum, models.CASCADE, related_name="+", verbose_name=_("memorandum"))
    rhythm = models.CharField(
        pgettext_lazy("brief", "how often"), max_length=10, choices=BriefRhythm.choices, default=BriefRhythm.WEEK,
        help_text=_("Each brief is about the period that has just ended."),
    )  # fmt: skip
    language = models.CharField(
        _("language"), max_length=10, choices=[(language.code, language.autonym) for language in LANGUAGES],
        help_text=_("The figures are the same in every language."),
    )  # fmt: skip
    format = models.CharField(
        _("format"), max_length=4, choices=BriefFormat.choices, default=BriefFormat.PDF,
        help_text=_("PDF and workbook are attached to the mail; the page is linked, and asks who you are."),
    )  # fmt: skip
    weekday = models.CharField(
        _("weekday"), max_length=1, choices=Weekday.choices, default=Weekday.MONDAY,
        help_text=_("The first such day after the period has ended."),
    )  # fmt: skip
    hour = models.PositiveSmallIntegerField(
        _("hour"),
        default=7,
        validators=[MaxValueValidator(23)],
        help_text=_("0 to 23, by the clocks of your time zone."),
    )
    paused = models.CharField(
        _("paused"), max_length=12, choices=PauseReason.choices, blank=True, default="", editable=False
    )
    next_due_at = models.DateTimeField(_("next one"), editable=False)
    created_at = models.DateTimeField(_("created at"), db_default=Now(), editable=False)

    objects = BriefSubscriptionQuerySet.as_manager()

    class Meta:
        verbose_name = _("scheduled brief")
        verbose_name_plural = _("scheduled briefs")
        ordering = ["memorandum", "rhythm", "id"]
        indexes = [models.Index(fields=["next_due_at"], name="broadcasters_briefsub_due", condition=Q(paused=""))]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "memorandum", "rhythm", "format"], name="broadcasters_briefsubscription_once"
            ),
            one_of("rhythm", BriefRhythm, "broadcasters_briefsubscription_rhythm"),
            one_of("format", BriefFormat, "broadcasters_briefsubscription_format"),
            one_of("weekday", Weekday, "broadcasters_briefsubscription_weekday"),
            one_of("paused", PauseReason, "broadcasters_briefsubscription_paused", or_empty=True),
            models.CheckConstraint(name="broadcasters_briefsubscription_hour", condition=Q(hour__range=(0, 23))),
        ]

    def __str__(self) -> str:
        return f"{self.memorandum} · {self.get_rhythm_display()}"


class BriefIssue(models.Model):
    """That a subscription's brief of one period is to be sent, or was. There is one row for each period, ever."""

    uid = models.UUIDField(_("UID"), default=uuid4, unique=True, editable=False)
    subscription = models.ForeignKey(
        BriefSubscription, models.CASCADE, related_name="issues", verbose_name=_("scheduled brief")
    )
    period = models.CharField(_("period"), max_length=8)
    brief: Any = models.ForeignKey(
        Brief, models.SET_NULL, null=True, related_name="+", verbose_name=pgettext_lazy("agreement", "brief")
    )
    status = models.CharField(_("status"), max_length=10, choices=IssueStatus.choices, default=IssueStatus.PENDING)
    due_at = models.DateTimeField(_("due at"), db_default=Now())
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    lease_token = models.UUIDField(null=True, editable=False)
    leased_until = models.DateTimeField(null=True, editable=False)
    last_error = models.CharField(_("last error"), max_length=200, blank=True, default="")
    sent_at = models.DateTimeField(_("sent at"), null=True, editable=False)

    objects = BriefIssueQuerySet.as_manager()

    class Meta:
        verbose_name = _("issue of a brief")
        verbose_name_plural = _("issues of briefs")
        ordering = ["-id"]
        indexes = [models.Index(fields=["due_at"], name="broadcasters_briefissue_due", condition=Q(status="pending"))]
        constraints = [
            models.UniqueConstraint(fields=["subscription", "period"], name="broadcasters_briefissue_once"),
            one_of("status", IssueStatus, "broadcasters_briefissue_status"),
        ]

    def __str__(self) -> str:
        return f"{self.subscription} · {self.period}"
