"""What was broadcast: where resonance and the foreign share of a channel come from."""

from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from broadcasters.models.organisations import Broadcaster, Channel
from broadcasters.querysets import AiringQuerySet
from mediaexchange.core.validators import validate_language_tag


class Airing(models.Model):
    """One broadcast of something on a channel. It is foreign when its origin is another broadcaster than the channel's,
    unless the channel's house made it together with the origin (``is_joint``).

    ``subject_type`` and ``subject_uid`` say what was aired (a story, an archive item, a production) without a foreign
    key: the apps that hold those stand above this one. ``reference`` is what a log says of it before that is known.
    ``programme_key`` tells it from others of the same moment; see ``titles``. Empty, nothing is told apart.
    """

    uid = models.UUIDField(_("UID"), default=uuid4, unique=True, editable=False)
    channel = models.ForeignKey(Channel, models.PROTECT, related_name="airings", verbose_name=_("channel"))
    started_at = models.DateTimeField(_("started at"))
    duration_ms = models.BigIntegerField(_("duration in ms"))
    language = models.CharField(
        _("language"), max_length=35, blank=True, default="", validators=[validate_language_tag]
    )
    origin = models.ForeignKey(Broadcaster, models.PROTECT, related_name="airings", verbose_name=_("origin"))
    is_joint = models.BooleanField(
        _("made together"), default=False, help_text=_("By the channel’s own house and the origin: it is not foreign.")
    )
    title = models.CharField(_("title"), max_length=500)
    reference = models.CharField(_("reference to what was aired"), max_length=200, blank=True, default="")
    programme_key = models.CharField(max_length=80, blank=True, default="", editable=False)
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
            models.UniqueConstraint(
                fields=["channel", "started_at", "programme_key"],
                name="broadcasters_airing_once",
                condition=~Q(programme_key=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} · {self.channel}"

    @property
    def is_foreign(self) -> bool:
        return self.origin_id != self.channel.broadcaster_id and not self.is_joint
