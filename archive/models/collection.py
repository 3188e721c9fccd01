"""Collections and series: how an archive is ordered above its items."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from archive.querysets import HouseQuerySet
from broadcasters.models import Broadcaster
from broadcasters.models.base import NamedRecord, named_in_some_language


class Collection(NamedRecord):
    """A fonds or collection of one broadcaster; collections may lie in each other."""

    broadcaster = models.ForeignKey(
        Broadcaster, models.PROTECT, related_name="collections", verbose_name=_("broadcaster")
    )
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("part of")
    )
    description = models.TextField(_("description"), blank=True)

    objects = HouseQuerySet.as_manager()

    class Meta:
        verbose_name = _("collection")
        verbose_name_plural = _("collections")
        ordering = ["slug"]
        constraints = [named_in_some_language("name", "archive_collection_named")]


class Series(NamedRecord):
    """A programme series. ``expected_items`` is how many items it should have; None if nobody knows."""

    broadcaster = models.ForeignKey(Broadcaster, models.PROTECT, related_name="series", verbose_name=_("broadcaster"))
    collection = models.ForeignKey(
        Collection, models.PROTECT, null=True, blank=True, related_name="series", verbose_name=_("collection")
    )
    description = models.TextField(_("description"), blank=True)
    expected_items = models.PositiveIntegerField(_("expected items"), null=True, blank=True)

    objects = HouseQuerySet.as_manager()

    class Meta:
        verbose_name = _("series")
        verbose_name_plural = pgettext_lazy("several", "series")
        ordering = ["slug"]
        constraints = [named_in_some_language("name", "archive_series_named")]
