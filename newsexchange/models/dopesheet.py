"""The dopesheet of a story: its shots and soundbites, the files it comes in, and what must not be done with them.

Texts that exist in several languages are kept as ``{language: text}`` with the codes of stored columns or, for other
languages, BCP 47 tags; Serbian in Cyrillic, its Latin form is derived when read. Times count in milliseconds from the
beginning of the recording.
"""

from typing import Any
from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from archive.models import MediaFile
from mediaexchange.core.rights.fields import FoldedNamesField
from mediaexchange.core.rights.names import folded
from mediaexchange.core.rights.territories import KNOWN
from mediaexchange.core.validators import validate_language_tag
from newsexchange.constants import Platform, ShotAudio, SpeaksAs
from newsexchange.models.story import Story
from newsexchange.querysets import RenditionQuerySet, ThroughStoryQuerySet


def _in_order(prefix: str) -> list[models.BaseConstraint]:
    return [
        models.CheckConstraint(
            name=f"newsexchange_{prefix}_times",
            condition=Q(in_ms__isnull=True) | Q(out_ms__isnull=True) | Q(out_ms__gte=F("in_ms")),
        )
    ]


class Rendition(models.Model):
    """One file that a story comes in: video, audio, picture or script. ``file`` is our verified copy of it.

    The columns from ``fetch_due_at`` on are the bookkeeping of fetching that copy from ``href``; no due time means that
    nobody has tried yet.
    """

    uid = models.UUIDField(_("UID"), default=uuid4, unique=True, editable=False)
    story = models.ForeignKey(Story, models.CASCADE, related_name="renditions", verbose_name=_("story"))
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    rel = models.CharField(_("role"), max_length=100, blank=True, default="", help_text=_("Such as “web”."))
    href = models.CharField(_("address"), max_length=2000, blank=True, default="")
    content_type = models.CharField(_("content type"), max_length=200, blank=True, default="")
    title = models.TextField(_("title"), blank=True, default="")
    language = models.CharField(_("language"), max_length=35, blank=True, default="")
    size_bytes = models.BigIntegerField(_("size in bytes"), null=True, blank=True)
    width = models.PositiveIntegerField(_("width"), null=True, blank=True)
    height = models.PositiveIntegerField(_("height"), null=True, blank=True)
    duration_ms = models.BigIntegerField(_("duration in ms"), null=True, blank=True)
    checksum = models.CharField(
        _("checksum"), max_length=200, blank=True, default="", help_text=_("As declared, such as “sha256:…”.")
    )
    technical = models.JSONField(_("technical data"), default=dict, blank=True)  # codec, bit rate … by G2's names
    file = models.ForeignKey(MediaFile, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("file"))
    from_feed = models.BooleanField(default=False, editable=False)
    fetch_due_at = models.DateTimeField(_("fetched again at"), null=True, editable=False)
    fetch_failures = models.PositiveSmallIntegerField(_("failures"), default=0, editable=False)
    fetch_error = models.CharField(_("error"), max_length=300, blank=True, default="", editable=False)
    fetch_leased_until = models.DateTimeField(null=True, editable=False)
    fetch_token = models.UUIDField(null=True, editable=False)

    objects = RenditionQuerySet.as_manager()

    class Meta:
        verbose_name = _("rendition")
        verbose_name_plural = _("renditions")
        ordering = ["story", "position", "id"]
        indexes = [
            models.Index(fields=["fetch_due_at"], name="newsexchange_rendition_due", condition=Q(file__isnull=True))
        ]
        constraints = [
            models.CheckConstraint(
                name="newsexchange_rendition_is_somewhere", condition=~Q(href="") | Q(file__isnull=False)
            ),
            models.CheckConstraint(
                name="newsexchange_rendition_not_negative",
                condition=(Q(size_bytes__isnull=True) | Q(size_bytes__gte=0))
                & (Q(duration_ms__isnull=True) | Q(duration_ms__gte=0)),
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.rel or self.href


class Shot(models.Model):
    """One shot of a video, or one part of a recording."""

    uid = models.UUIDField(_("UID"), default=uuid4, unique=True, editable=False)
    story = models.ForeignKey(Story, models.CASCADE, related_name="shots", verbose_name=_("story"))
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    in_ms = models.BigIntegerField(_("begins at"), null=True, blank=True, validators=[MinValueValidator(0)])
    out_ms = models.BigIntegerField(_("ends at"), null=True, blank=True, validators=[MinValueValidator(0)])
    description = models.JSONField(_("description"), default=dict, blank=True)
    location = models.CharField(_("location"), max_length=300, blank=True, default="")
    shot_on = models.CharField(_("shot on"), max_length=40, blank=True, default="", help_text=_("EDTF: 2026-02-27."))
    language = models.CharField(
        _("spoken language"), max_length=35, blank=True, default="", validators=[validate_language_tag]
    )
    audio = models.CharField(_("sound"), max_length=20, choices=ShotAudio.choices, blank=True, default="")
    source = models.CharField(_("source"), max_length=300, blank=True, default="")
    from_feed = models.BooleanField(default=False, editable=False)

    objects = ThroughStoryQuerySet.as_manager()

    class Meta:
        verbose_name = _("shot")
        verbose_name_plural = _("shots")
        ordering = ["story", "position", "id"]
        constraints = _in_order("shot")

    def __str__(self) -> str:
        return f"{self.position}"


class Soundbite(models.Model):
    """What somebody says on the recording. ``text`` is what is heard; ``translations`` say it in other languages."""

    uid = models.UUIDField(_("UID"), default=uuid4, unique=True, editable=False)
    story = models.ForeignKey(Story, models.CASCADE, related_name="soundbites", verbose_name=_("story"))
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    in_ms = models.BigIntegerField(_("begins at"), null=True, blank=True, validators=[MinValueValidator(0)])
    out_ms = models.BigIntegerField(_("ends at"), null=True, blank=True, validators=[MinValueValidator(0)])
    speaker = models.CharField(_("speaker"), max_length=200, blank=True, default="")
    speaker_role = models.JSONField(_("role of the speaker"), default=dict, blank=True)
    speaks_as = models.CharField(
        _("speaks as"), max_length=10, choices=SpeaksAs.choices, blank=True, default="",
        help_text=_("Empty where nobody has said it: such soundbites are counted apart, never guessed."),
    )  # fmt: skip
    language = models.CharField(
        _("spoken language"), max_length=35, blank=True, default="", validators=[validate_language_tag]
    )
    text = models.TextField(_("words"), blank=True, default="")
    translations = models.JSONField(_("translations"), default=dict, blank=True)
    from_feed = models.BooleanField(default=False, editable=False)

    objects = ThroughStoryQuerySet.as_manager()

    class Meta:
        verbose_name = _("soundbite")
        verbose_name_plural = _("soundbites")
        ordering = ["story", "position", "id"]
        constraints = [
            *_in_order("soundbite"),
            models.CheckConstraint(
                name="newsexchange_soundbite_speaks_as",
                condition=Q(speaks_as__in=["", *(value.value for value in SpeaksAs)]),
            ),
        ]

    def __str__(self) -> str:
        return self.speaker or f"{self.position}"


class Restriction(models.Model):
    """One sentence of a rights statement as data, on the whole story or on one shot.

    *Where, how and when*: ``territories`` (ISO 3166-1 alpha-2 codes, XK, and the names of sets such as CIS and EU; the
    whole world when empty), turned round by ``is_elsewhere`` ("everywhere but"); ``platforms`` (all when empty); from
    ``starts_at`` until ``ends_at``. *What*: within that scope use is barred (``is_barred``), or barred to the named
    competitors only, or bound to conditions.
    """

    uid = models.UUIDField(_("UID"), default=uuid4, unique=True, editable=False)
    story = models.ForeignKey(Story, models.CASCADE, related_name="restrictions", verbose_name=_("story"))
    shot = models.ForeignKey(
        Shot, models.CASCADE, null=True, blank=True, related_name="restrictions", verbose_name=_("shot")
    )
    territories = ArrayField(models.CharField(max_length=12), verbose_name=_("territories"), default=list, blank=True)
    is_elsewhere = models.BooleanField(
        _("everywhere else"), default=False, help_text=_("Holds outside these territories instead of inside.")
    )
    platforms = ArrayField(
        models.CharField(max_length=12, choices=Platform.choices),
        verbose_name=_("platforms"),
        default=list,
        blank=True,
        help_text=_("Empty means all."),
    )
    starts_at = models.DateTimeField(pgettext_lazy("moment", "from"), null=True, blank=True)
    ends_at = models.DateTimeField(_("until"), null=True, blank=True)
    is_barred = models.BooleanField(_("no use"), default=False)
    barred_competitors = ArrayField(
        models.CharField(max_length=100),
        verbose_name=_("not for"),
        default=list,
        blank=True,
        help_text=_("Names or short names of organisations that may not use it."),
    )
    barred_names = FoldedNamesField(of="barred_competitors")
    max_seconds = models.PositiveIntegerField(_("at most, in seconds"), null=True, blank=True)
    no_archive = models.BooleanField(_("no archiving"), default=False)
    no_online = models.BooleanField(_("no online use"), default=False)
    no_edit = models.BooleanField(_("no editing"), default=False)
    no_resale = models.BooleanField(_("no resale"), default=False)
    reimport_hours = models.PositiveSmallIntegerField(
        _("no re-importation, in hours"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(720)],
        help_text=_("Not to be shown in the country of origin by others for so long after first publication."),
    )
    note = models.TextField(_("in words"), blank=True, default="")
    from_feed = models.BooleanField(default=False, editable=False)

    objects = ThroughStoryQuerySet.as_manager()

    class Meta:
        verbose_name = _("restriction")
        verbose_name_plural = _("restrictions")
        ordering = ["story", "shot__position", "id"]
        constraints = [
            models.CheckConstraint(
                name="newsexchange_restriction_period",
                condition=Q(starts_at__isnull=True) | Q(ends_at__isnull=True) | Q(ends_at__gt=F("starts_at")),
            ),
            models.CheckConstraint(
                name="newsexchange_restriction_elsewhere_than_somewhere",
                condition=Q(is_elsewhere=False) | ~Q(territories=[]),
            ),
            models.CheckConstraint(
                name="newsexchange_restriction_says_something",
                condition=Q(is_barred=True)
                | Q(no_archive=True)
                | Q(no_online=True)
                | Q(no_edit=True)
                | Q(no_resale=True)
                | Q(max_seconds__isnull=False)
                | Q(reimport_hours__isnull=False)
                | ~Q(barred_competitors=[]),
            ),
        ]

    def __str__(self) -> str:
        return self.note or f"{self.pk}"

    def clean(self) -> None:
        """What people enter must be understood; what feeds say is stored as it came and evaluated with caution."""
        super().clean()
        self.territories = list(dict.fromkeys(name.strip().upper() for name in self.territories))
        self.platforms = list(dict.fromkeys(self.platforms))
        errors: dict[str, Any] = {}
        if unknown := [name for name in self.territories if name not in KNOWN]:
            errors["territories"] = _("There is no such territory: %(names)s.") % {"names": ", ".join(unknown)}
        if self.is_elsewhere and not self.territories:
            errors["is_elsewhere"] = _("Name the territories outside which it holds.")
        if self.starts_at and self.ends_at and self.ends_at <= self.starts_at:
            errors["ends_at"] = _("The end comes before the beginning.")
        if not all(map(folded, self.barred_competitors)):
            errors["barred_competitors"] = _("A name needs letters or digits.")
        elif self.is_barred and self.barred_competitors:
            errors["barred_competitors"] = _("Either nobody may use it or only those named may not.")
        if self.shot is not None and self.shot.story_id != self.story_id:
            errors["shot"] = _("The shot belongs to another story.")
        if not self._says_something():
            errors["is_barred"] = _("Say what is not allowed.")
        if errors:
            raise ValidationError(errors)

    def _says_something(self) -> bool:
        flags = (self.is_barred, self.no_archive, self.no_online, self.no_edit, self.no_resale)
        amounts = (self.max_seconds, self.reimport_hours)
        return any(flags) or bool(self.barred_competitors) or any(amount is not None for amount in amounts)
