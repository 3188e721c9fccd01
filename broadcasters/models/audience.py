"""What somebody says of how many watched, listened or read. Figures stand side by side; none is added to another."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from broadcasters.airing_constants import UNITS, Measure, Unit
from broadcasters.airing_querysets import AudienceFigureQuerySet
from broadcasters.models.airings import Airing
from broadcasters.models.base import one_of
from broadcasters.models.organisations import Broadcaster, Channel
from mediaexchange.core.validators import validate_language_tag


class AudienceFigure(models.Model):
    """Of an airing; of a channel over whole days, both included; or of one language edition of a subject.

    Never changed: a newer figure stands beside the older one. ``made_by`` is the house whose work was watched; of an
    airing triggers keep it at the airing's origin, which may be learned later.
    """

    uid = models.UUIDField(_("UID"), default=uuid4, unique=True, editable=False)
    airing = models.ForeignKey(
        Airing, models.PROTECT, null=True, blank=True, related_name="audience_figures", verbose_name=_("airing")
    )
    channel = models.ForeignKey(
        Channel, models.PROTECT, null=True, blank=True, related_name="audience_figures", verbose_name=_("channel")
    )
    starts_on = models.DateField(_("first day"), null=True, blank=True)
    ends_on = models.DateField(_("last day"), null=True, blank=True)
    subject_type = models.CharField(_("subject"), max_length=40, blank=True, default="")
    subject_uid = models.UUIDField(_("subject UID"), null=True, blank=True)
    language = models.CharField(
        _("language"), max_length=35, blank=True, default="", validators=[validate_language_tag],
        help_text=_("Of the edition that was watched, as a BCP 47 tag."),
    )  # fmt: skip
    measure = models.CharField(pgettext_lazy("audience", "measure"), max_length=12, choices=Measure.choices)
    value = models.DecimalField(_("value"), max_digits=14, decimal_places=2)
    unit = models.CharField(_("unit"), max_length=8, choices=Unit.choices)
    source = models.CharField(_("source"), max_length=300, help_text=_("Who measured, and in which publication."))
    method = models.CharField(
        _("method"), max_length=300, blank=True, default="", help_text=_("A people meter panel, a server log …")
    )
    as_of = models.DateField(_("as of"))
    stated_by = models.ForeignKey(
        Broadcaster, models.PROTECT, related_name="+", verbose_name=_("stated by"),
        help_text=_("Which house says so."),
    )  # fmt: skip
    made_by = models.ForeignKey(
        Broadcaster, models.PROTECT, null=True, blank=True, editable=False, related_name="+", verbose_name=_("made by")
    )
    recorded_at = models.DateTimeField(_("recorded at"), db_default=Now(), editable=False)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+",
        verbose_name=_("reported by"),
    )  # fmt: skip

    objects = AudienceFigureQuerySet.as_manager()

    class Meta:
        verbose_name = _("audience figure")
        verbose_name_plural = _("audience figures")
        ordering = ["-as_of", "-id"]
        constraints = [
            one_of("measure", Measure, "broadcasters_audiencefigure_measure"),
            models.CheckConstraint(
                name="broadcasters_audiencefigure_unit",
                condition=Q(
                    *(
                        Q(measure=measure.value, unit__in=sorted(str(unit) for unit in UNITS[measure]))
                        for measure in Measure
                    ),
                    _connector=Q.OR,
                ),
            ),
            models.CheckConstraint(
                name="broadcasters_audiencefigure_value",
                condition=Q(value__gte=0) & (~Q(unit="percent") | Q(value__lte=100)),
            ),
            models.CheckConstraint(name="broadcasters_audiencefigure_sourced", condition=Q(source__gt="")),
            models.CheckConstraint(
                name="broadcasters_audiencefigure_of_one_thing",
                condition=Q(
                    airing__isnull=False, channel__isnull=True, subject_uid__isnull=True, starts_on__isnull=True
                )
                | Q(airing__isnull=True, channel__isnull=False, subject_uid__isnull=True, starts_on__isnull=False)
                | Q(airing__isnull=True, channel__isnull=True, subject_uid__isnull=False, language__gt=""),
            ),
            models.CheckConstraint(
                name="broadcasters_audiencefigure_period",
                condition=Q(starts_on__isnull=True, ends_on__isnull=True)
                | Q(starts_on__isnull=False, ends_on__gte=F("starts_on")),
            ),
            models.UniqueConstraint(
                fields=[
                    "airing", "channel", "starts_on", "ends_on", "subject_type", "subject_uid", "language", "measure",
                    "unit", "source", "as_of", "stated_by",
                ],
                name="broadcasters_audiencefigure_once",
                nulls_distinct=False,
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        number = number_format(self.value.normalize(), use_l10n=True, force_grouping=True)
        return f"{self.get_measure_display()}: {number}"
