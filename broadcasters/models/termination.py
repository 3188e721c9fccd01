"""How a memorandum ends or goes on: notices that parties give, and consents to another term."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from broadcasters.agreement_querysets import NoticeQuerySet, OfMemorandumQuerySet
from broadcasters.models.agreements import Memorandum
from broadcasters.models.organisations import Broadcaster


class TerminationNotice(models.Model):
    """One party's word that it leaves; ``last_on`` is the last day on which it is bound, reckoned when it is given."""

    uid = models.UUIDField(_("UID"), default=uuid4, unique=True, editable=False)
    memorandum = models.ForeignKey(Memorandum, models.PROTECT, related_name="notices", verbose_name=_("memorandum"))
    broadcaster = models.ForeignKey(
        Broadcaster, models.PROTECT, related_name="+", verbose_name=pgettext_lazy("notice", "given by")
    )
    given_on = models.DateField(pgettext_lazy("notice", "given on"))
    last_on = models.DateField(pgettext_lazy("notice", "last day in force"), editable=False)
    reason = models.TextField(_("reason"), blank=True, default="")
    withdrawn_on = models.DateField(pgettext_lazy("notice", "taken back on"), null=True, blank=True)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    written_at = models.DateTimeField(_("written at"), db_default=Now(), editable=False)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice of termination")
        verbose_name_plural = _("notices of termination")
        ordering = ["-given_on", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["memorandum", "broadcaster"], condition=Q(withdrawn_on__isnull=True),
                name="broadcasters_notice_stands_once",
            ),
            models.CheckConstraint(name="broadcasters_notice_looks_ahead", condition=Q(last_on__gte=F("given_on"))),
            models.CheckConstraint(
                name="broadcasters_notice_withdrawn_after",
                condition=Q(withdrawn_on__isnull=True) | Q(withdrawn_on__gte=F("given_on")),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.broadcaster} · {date_format(self.given_on, 'SHORT_DATE_FORMAT')}"


class RenewalConsent(models.Model):
    """One party's consent to the term with this number. A term that needs agreement begins when all parties that had
    joined before it, and stay, have consented."""

    uid = models.UUIDField(_("UID"), default=uuid4, unique=True, editable=False)
    memorandum = models.ForeignKey(Memorandum, models.PROTECT, related_name="consents", verbose_name=_("memorandum"))
    term_number = models.PositiveSmallIntegerField(_("number of the term"), help_text=_("The first term is 1."))
    broadcaster = models.ForeignKey(Broadcaster, models.PROTECT, related_name="+", verbose_name=_("party"))
    consented_on = models.DateField(_("consented on"))
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    objects = OfMemorandumQuerySet.as_manager()

    class Meta:
        verbose_name = _("consent to renewal")
        verbose_name_plural = _("consents to renewal")
        ordering = ["memorandum", "term_number", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["memorandum", "term_number", "broadcaster"], name="broadcasters_consent_once"
            ),
            models.CheckConstraint(name="broadcasters_consent_to_another_term", condition=Q(term_number__gt=1)),
        ]

    def __str__(self) -> str:
        return f"{self.broadcaster} · {self.term_number}"
