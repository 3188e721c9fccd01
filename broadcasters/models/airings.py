"""What was broadcast: where resonance and the foreign share of a channel come from."""

from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from broadcasters.models.organisations import Broadcaster, Channel
from broadcasters.querysets import AiringQuerySet
from mediaexchange.core.validators import validate_language_tag


class Airing(models.Model):
    """One broadcast of something on a channel. It is foreign when its origin is another broadcaster than the channel's.

    ``subject_type`` and ``subject_uid`` say what was aired (a story, an archive item, a production) without a foreign
    key: the apps that hold those stand above this one.
    """

    uid = models.UUIDField(_("UID"), default=uuid4, unique=True, editable=False)
    channel = models.ForeignKey(Channel, models.PROTECT, related_name="airings", verbose_name=_("channel"))
    started_at = models.DateTimeField(_("started at"))
    duration_ms = models.BigIntegerField(_("duration in ms"))
    language = models.CharField(
        _("language"), max_length=35, blank=True, default="", validators=[validate_language_tag]
    )
    origin = models.ForeignKey(Broadcaster, models.PROTECT, related_name="airings", verbose_name=_("origin"))
    title = models.CharField(_("title"), max_length=500)
    subject_type = models.CharField(_("subject"), max_length=40, blank=True, default="")
    subject_uid = models.UUIDField(_("subject UID"), null=True, blank=True)

    objects = AiringQuerySet.as_manager()

    class Meta:
        verbose_name = _("airing")
        verbose_name_plural = _("airings")
        ordering = ["-started_at", "-id"]
        indexes = [models.Index(fields=["channel", "started_at"], name="broadcasters_airing_week")]
        constraints = [
            models.CheckConstraint(name="broadcasters_airing_lasts", condition=Q(duration_ms__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.title} · {self.channel}"

    @property
    def is_foreign(self) -> bool:
        return self.origin_id != self.channel.broadcaster_id
