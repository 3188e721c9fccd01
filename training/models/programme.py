"""Programmes: what partners train each other in, under a module of journalist training."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from broadcasters.constants import Area
from broadcasters.models import Broadcaster, Module
from broadcasters.models.base import NamedRecord, named_in_some_language
from broadcasters.models.organisations import language_tags
from training.constants import Topic
from training.querysets import ProgrammeQuerySet


class Programme(NamedRecord):
    """A series of workshops. ``broadcaster`` looks after it; any party of the module may host a workshop of it."""

    broadcaster = models.ForeignKey(
        Broadcaster, models.PROTECT, related_name="training_programmes", verbose_name=_("broadcaster")
    )
    module = models.ForeignKey(
        Module,
        models.PROTECT,
        related_name="training_programmes",
        verbose_name=_("module"),
        limit_choices_to={"area": Area.TRAINING},
        help_text=_("While it is paused, nobody new is enrolled."),
    )
    description = models.TextField(_("description"), blank=True)
    topics = ArrayField(
        models.CharField(max_length=40, choices=Topic.choices), verbose_name=_("topics"), default=list, blank=True
    )
    languages = language_tags(_("languages"))
    is_active = models.BooleanField(_("active"), default=True)

    objects = ProgrammeQuerySet.as_manager()

    class Meta:
        verbose_name = _("training programme")
        verbose_name_plural = _("training programmes")
        ordering = ["slug"]
        constraints = [named_in_some_language("name", "training_programme_named")]
