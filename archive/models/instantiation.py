"""Carriers and files of an item, and the tracks inside them."""

from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from archive.constants import Generation, InstantiationKind, ScanOrder, TrackKind
from archive.models.base import EDTF_HELP, one_of
from archive.models.file import MediaFile
from archive.models.item import Item, ItemPart
from archive.querysets import InstantiationPartQuerySet
from broadcasters.models import Broadcaster
from mediaexchange.core.edtf import MAX_CHARACTERS, validate_edtf
from mediaexchange.core.validators import validate_language_tag


class Instantiation(ItemPart):
    """A physical carrier, or a digital file of the store. A file's technical data are filled in by the pipeline."""

    uid = models.UUIDField(_("UID"), default=uuid4, unique=True, editable=False)
    item = models.ForeignKey(Item, models.CASCADE, related_name="instantiations", verbose_name=_("item"))
    kind = models.CharField(_("kind"), max_length=10, choices=InstantiationKind.choices)
    generation = models.CharField(_("generation"), max_length=15, choices=Generation.choices)
    identifier = models.CharField(_("identifier"), max_length=200, blank=True, default="")
    format = models.CharField(
        _("format"),
        max_length=200,
        blank=True,
        default="",
        help_text=_("A carrier such as 35 mm film, or a media type."),
    )
    holder = models.ForeignKey(
        Broadcaster, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("held by")
    )
    location = models.CharField(_("location"), max_length=300, blank=True, default="")
    digitised_on = models.CharField(
        _("digitised on"), max_length=MAX_CHARACTERS, blank=True, default="", validators=[validate_edtf],
        help_text=EDTF_HELP,
    )  # fmt: skip
    file = models.ForeignKey(
        MediaFile, models.PROTECT, null=True, blank=True, related_name="instantiations", verbose_name=_("file")
    )
    start_timecode = models.CharField(_("start timecode"), max_length=11, blank=True, default="")
    duration_ms = models.BigIntegerField(_("duration in ms"), null=True, blank=True)
    colours = models.CharField(_("colours"), max_length=40, blank=True, default="")
    note = models.TextField(_("note"), blank=True, default="")

    class Meta:
        verbose_name = _("carrier or file")
        verbose_name_plural = _("carriers and files")
        ordering = ["id"]
        constraints = [
            one_of("kind", InstantiationKind, "archive_instantiation_kind"),
            one_of("generation", Generation, "archive_instantiation_generation"),
            models.CheckConstraint(
                name="archive_instantiation_carrier_has_no_file", condition=~Q(kind="physical") | Q(file__isnull=True)
            ),
            models.CheckConstraint(
                name="archive_instantiation_timecode",
                condition=Q(start_timecode="") | Q(start_timecode__regex=r"^\d\d:[0-5]\d:[0-5]\d[:;]\d\d$"),
            ),
            models.CheckConstraint(
                name="archive_instantiation_lasts", condition=Q(duration_ms__isnull=True) | Q(duration_ms__gte=0)
            ),
            models.UniqueConstraint(fields=["item", "file"], name="archive_instantiation_file_once"),
        ]

    def __str__(self) -> str:
        return f"{self.identifier or self.format or self.get_kind_display()} · {self.get_generation_display()}"


class Track(models.Model):
    """One essence of an instantiation. Rates and aspects are fractions: 30000/1001 is no decimal number.

    Loudness is EBU R128's: integrated (LUFS), range (LU), true peak (dBTP).
    """

    instantiation = models.ForeignKey(
        Instantiation, models.CASCADE, related_name="tracks", verbose_name=_("carrier or file")
    )
    position = models.PositiveSmallIntegerField(_("place"))
    kind = models.CharField(_("kind"), max_length=10, choices=TrackKind.choices)
    codec = models.CharField(_("codec"), max_length=60, blank=True, default="")
    profile = models.CharField(_("profile"), max_length=60, blank=True, default="")
    language = models.CharField(
        _("language"), max_length=35, blank=True, default="", validators=[validate_language_tag]
    )
    duration_ms = models.BigIntegerField(_("duration in ms"), null=True, blank=True)
    bit_rate = models.BigIntegerField(_("bits per second"), null=True, blank=True)
    rate_numerator = models.PositiveIntegerField(_("frame rate, numerator"), null=True, blank=True)
    rate_denominator = models.PositiveIntegerField(_("frame rate, denominator"), null=True, blank=True)
    width = models.PositiveIntegerField(_("width"), null=True, blank=True)
    height = models.PositiveIntegerField(_("height"), null=True, blank=True)
    rotation = models.SmallIntegerField(_("rotation in degrees"), default=0)
    pixel_numerator = models.PositiveIntegerField(_("pixel aspect, numerator"), null=True, blank=True)
    pixel_denominator = models.PositiveIntegerField(_("pixel aspect, denominator"), null=True, blank=True)
    picture_numerator = models.PositiveIntegerField(_("picture aspect, numerator"), null=True, blank=True)
    picture_denominator = models.PositiveIntegerField(_("picture aspect, denominator"), null=True, blank=True)
    scan_order = models.CharField(_("scan order"), max_length=15, choices=ScanOrder.choices, blank=True, default="")
    pixel_format = models.CharField(_("pixel format"), max_length=30, blank=True, default="")
    bit_depth = models.PositiveSmallIntegerField(_("bits per sample"), null=True, blank=True)
    sample_rate_hz = models.PositiveIntegerField(_("sample rate in Hz"), null=True, blank=True)
    channels = models.PositiveSmallIntegerField(_("channels"), null=True, blank=True)
    channel_layout = models.CharField(_("channel layout"), max_length=40, blank=True, default="")
    loudness_lufs = models.DecimalField(_("loudness in LUFS"), max_digits=5, decimal_places=1, null=True, blank=True)
    loudness_range_lu = models.DecimalField(
        _("loudness range in LU"), max_digits=5, decimal_places=1, null=True, blank=True
    )
    true_peak_dbtp = models.DecimalField(_("true peak in dBTP"), max_digits=5, decimal_places=1, null=True, blank=True)

    objects = InstantiationPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("track")
        verbose_name_plural = _("tracks")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["instantiation", "position"], name="archive_track_position"),
            one_of("kind", TrackKind, "archive_track_kind"),
            models.CheckConstraint(
                name="archive_track_rate",
                condition=Q(rate_numerator__isnull=True, rate_denominator__isnull=True)
                | Q(rate_numerator__gt=0, rate_denominator__gt=0),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position} · {self.get_kind_display()} {self.codec}"
