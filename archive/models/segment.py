"""Segments: marked stretches of an item, exact to the frame, and the texts that run along with it."""

from fractions import Fraction
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from archive.constants import TextKind, TextOrigin
from archive.models.base import one_of
from archive.models.instantiation import Instantiation
from archive.models.item import Item, ItemPart
from mediaexchange.core.languages.localize import localized
from mediaexchange.core.validators import validate_language_tag


class Segment(ItemPart):
    """From ``in_frame`` up to, not including, ``out_frame``, counted from the first frame at the given rate.

    A start timecode belongs to the instantiation and is added when times are shown.
    """

    uid = models.UUIDField(_("UID"), default=uuid4, unique=True, editable=False)
    item = models.ForeignKey(Item, models.CASCADE, related_name="segments", verbose_name=_("item"))
    instantiation = models.ForeignKey(
        Instantiation,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="segments",
        verbose_name=_("carrier or file"),
    )
    in_frame = models.PositiveBigIntegerField(_("first frame"))
    out_frame = models.PositiveBigIntegerField(_("frame after the last"))
    rate_numerator = models.PositiveIntegerField(_("frame rate, numerator"), default=25)
    rate_denominator = models.PositiveIntegerField(_("frame rate, denominator"), default=1)
    title = models.CharField(_("title"), max_length=300, blank=True)
    description = models.TextField(_("description"), blank=True)
    reel = models.CharField(_("reel"), max_length=100, blank=True, default="", help_text=_("The name in edit lists."))
    created_at = models.DateTimeField(_("created at"), db_default=Now(), editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name = _("segment")
        verbose_name_plural = _("segments")
        ordering = ["item", "in_frame", "id"]
        constraints = [
            models.CheckConstraint(name="archive_segment_lasts", condition=Q(out_frame__gt=F("in_frame"))),
            models.CheckConstraint(
                name="archive_segment_rate", condition=Q(rate_numerator__gt=0, rate_denominator__gt=0)
            ),
        ]

    def __str__(self) -> str:
        return localized(self, "title") or f"{self.in_frame}–{self.out_frame}"

    @property
    def rate(self) -> Fraction:
        """Frames a second."""
        return Fraction(self.rate_numerator, self.rate_denominator)

    @property
    def in_ms(self) -> int:
        """Rounded down, as ``out_ms`` is rounded up: milliseconds never cut a frame off."""
        return int(self.in_frame / self.rate * 1000)

    @property
    def out_ms(self) -> int:
        return -int(-self.out_frame / self.rate * 1000 // 1)

    @property
    def duration_ms(self) -> int:
        return self.out_ms - self.in_ms


class TimedText(ItemPart):
    """Subtitles or a transcript in one language and script.

    ``cues`` are [start ms, end ms, text] in order; text is plain, lines parted by a line feed. ``as_received`` is what
    came, so that nothing of its layout is lost.
    """

    uid = models.UUIDField(_("UID"), default=uuid4, unique=True, editable=False)
    item = models.ForeignKey(Item, models.CASCADE, related_name="texts", verbose_name=_("item"))
    kind = models.CharField(_("kind"), max_length=20, choices=TextKind.choices)
    language = models.CharField(_("language"), max_length=35, validators=[validate_language_tag])
    origin = models.CharField(_("origin"), max_length=10, choices=TextOrigin.choices, default=TextOrigin.HUMAN)
    tool = models.CharField(_("tool"), max_length=100, blank=True, default="")
    format = models.CharField(_("format"), max_length=10, blank=True, default="")
    cues = models.JSONField(_("cues"), default=list)
    as_received = models.BinaryField(null=True, editable=False)
    created_at = models.DateTimeField(_("created at"), db_default=Now(), editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name = _("timed text")
        verbose_name_plural = _("timed texts")
        ordering = ["item", "kind", "language", "id"]
        constraints = [
            models.UniqueConstraint(fields=["item", "kind", "language"], name="archive_timedtext_once"),
            one_of("kind", TextKind, "archive_timedtext_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.language}"
