"""Archive footage inside a production, each stretch with the licence under which it is used."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from archive.models import Grant, Item, Licence, Segment
from productions.delivery_querysets import ArchiveUseQuerySet
from productions.models.production import Production


class ArchiveUse(models.Model):
    """A stretch of an item, in milliseconds of it; without ``in_ms`` the whole.

    It is used under a grant, which is usually a line of a licence; or its holder, a partner, contributes it. Whether
    it is cleared is asked anew each time: licences end, are revoked and cover only some places.
    """

    uid = models.UUIDField(_("UID"), default=uuid4, unique=True, editable=False)
    production = models.ForeignKey(
        Production, models.PROTECT, related_name="archive_uses", verbose_name=_("production")
    )
    item = models.ForeignKey(Item, models.PROTECT, related_name="+", verbose_name=_("item"))
    segment = models.ForeignKey(
        Segment, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("segment")
    )
    in_ms = models.PositiveBigIntegerField(_("from, in ms"), null=True, blank=True)
    out_ms = models.PositiveBigIntegerField(_("until, in ms"), null=True, blank=True)
    grant = models.ForeignKey(
        Grant, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("used under")
    )
    is_contributed = models.BooleanField(
        _("contributed by its holder"), default=False, editable=False,
        help_text=_("The holder is a partner and brings the footage in: it needs no licence."),
    )  # fmt: skip
    contributed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+",
        verbose_name=_("contributed by"),
    )  # fmt: skip
    place = models.CharField(
        _("where in the production"), max_length=200, blank=True, default="",
        help_text=_("A scene, or a timecode of the final cut."),
    )  # fmt: skip
    uncleared_told_at = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(_("created at"), db_default=Now(), editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+",
        verbose_name=_("created by"),
    )  # fmt: skip

    objects = ArchiveUseQuerySet.as_manager()

    class Meta:
        verbose_name = _("archive use")
        verbose_name_plural = _("archive uses")
        ordering = ["production", "id"]
        constraints = [
            models.CheckConstraint(
                name="productions_archiveuse_stretch",
                condition=Q(in_ms__isnull=True, out_ms__isnull=True)
                | Q(in_ms__isnull=False, out_ms__isnull=False, out_ms__gt=F("in_ms")),
            ),
            models.CheckConstraint(
                name="productions_archiveuse_one_ground", condition=Q(grant__isnull=True) | Q(is_contributed=False)
            ),
        ]

    def __str__(self) -> str:
        return str(self.item)

    @property
    def licence(self) -> Licence | None:
        return self.grant.licence if self.grant else None

    @property
    def used_ms(self) -> int | None:
        """How much of the item is used; None for all of it."""
        return self.out_ms - self.in_ms if self.in_ms is not None and self.out_ms is not None else None
