"""What an airing probably was: a story, footage or a production, until a person says so."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from broadcasters.airing_constants import MatchStatus
from broadcasters.airing_querysets import AiringMatchQuerySet
from broadcasters.models.airings import Airing
from broadcasters.models.base import one_of


class AiringMatch(models.Model):
    """``subject_type`` names a matcher of the registry, ``evidence_uid`` what the match rests on: a take, a grant, a
    window. No words of the subject are kept: a recalled one must be forgotten."""

    uid = models.UUIDField(_("UID"), default=uuid4, unique=True, editable=False)
    airing = models.ForeignKey(Airing, models.CASCADE, related_name="matches", verbose_name=_("airing"))
    subject_type = models.CharField(_("subject"), max_length=40)
    subject_uid = models.UUIDField(_("subject UID"))
    evidence_uid = models.UUIDField(editable=False)
    score = models.PositiveSmallIntegerField(_("likeness"), help_text=_("From 1 to 100; 100 is a reference."))
    reasons = models.JSONField(_("reasons"), default=list)  # {"code", "value"}, told by import_words
    status = models.CharField(
        _("status"), max_length=10, choices=MatchStatus.choices, default=MatchStatus.SUGGESTED
    )  # fmt: skip
    refusal = models.CharField(_("why it was not confirmed"), max_length=60, blank=True, default="", editable=False)
    created_at = models.DateTimeField(_("created at"), db_default=Now(), editable=False)
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, editable=False, related_name="+",
        verbose_name=_("decided by"),
    )  # fmt: skip

    objects = AiringMatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("suggested match")
        verbose_name_plural = _("suggested matches")
        ordering = ["-score", "-id"]
        indexes = [models.Index(fields=["status", "-score", "-id"], name="broadcasters_match_waiting")]
        constraints = [
            one_of("status", MatchStatus, "broadcasters_airingmatch_status"),
            models.CheckConstraint(name="broadcasters_airingmatch_score", condition=Q(score__range=(1, 100))),
            models.UniqueConstraint(
                fields=["airing", "subject_type", "subject_uid"], name="broadcasters_airingmatch_once"
            ),
            models.UniqueConstraint(
                fields=["airing"], name="broadcasters_airingmatch_one_confirmed",
                condition=Q(status=MatchStatus.CONFIRMED.value),
            ),
            models.CheckConstraint(
                name="broadcasters_airingmatch_decided",
                condition=Q(status=MatchStatus.SUGGESTED.value, decided_at__isnull=True)
                | (~Q(status=MatchStatus.SUGGESTED.value) & Q(decided_at__isnull=False)),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.airing_id} · {self.subject_type} · {self.score}"
