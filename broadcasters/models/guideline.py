"""Guidelines that houses share, version by version, and which house has adopted which on what day."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from broadcasters.agreement_querysets import GuidelineQuerySet, OfGuidelineQuerySet, OfVersionQuerySet
from broadcasters.constants import GuidelineKind
from broadcasters.models.agreements import Module
from broadcasters.models.base import NamedRecord, named_in_some_language, one_of
from broadcasters.models.initiative import Initiative
from broadcasters.models.organisations import Broadcaster


class Guideline(NamedRecord):
    """Its words are those of its versions; the parties of its module read and adopt them."""

    module = models.ForeignKey(Module, models.PROTECT, related_name="guidelines", verbose_name=_("module"))
    initiative = models.ForeignKey(
        Initiative, models.SET_NULL, null=True, blank=True, related_name="guidelines", verbose_name=_("initiative")
    )
    kind = models.CharField(pgettext_lazy("guideline", "kind"), max_length=10, choices=GuidelineKind.choices)

    objects = GuidelineQuerySet.as_manager()

    class Meta:
        verbose_name = _("guideline")
        verbose_name_plural = _("guidelines")
        ordering = ["slug"]
        constraints = [
            named_in_some_language("name", "broadcasters_guideline_named"),
            one_of("kind", GuidelineKind, "broadcasters_guideline_kind"),
        ]


class GuidelineVersion(models.Model):
    """One wording. Once a house has adopted it, a trigger keeps it as it is."""

    uid = models.UUIDField(_("UID"), default=uuid4, unique=True, editable=False)
    guideline = models.ForeignKey(Guideline, models.CASCADE, related_name="versions", verbose_name=_("guideline"))
    number = models.PositiveSmallIntegerField(_("version"), editable=False)
    text = models.TextField(pgettext_lazy("guideline", "text"), blank=True)
    change_note = models.TextField(
        _("what has changed"), blank=True, default="", help_text=_("Since the version before, in one language.")
    )
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    written_at = models.DateTimeField(_("written at"), db_default=Now(), editable=False)

    objects = OfGuidelineQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("guideline", "version")
        verbose_name_plural = pgettext_lazy("guideline", "versions")
        ordering = ["guideline", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["guideline", "number"], name="broadcasters_guideline_version_once"),
            models.CheckConstraint(name="broadcasters_guideline_version_counts", condition=Q(number__gt=0)),
            named_in_some_language("text", "broadcasters_guideline_version_worded"),
        ]

    def __str__(self) -> str:
        return f"{self.guideline} · {self.number}"


class GuidelineAdoption(models.Model):
    """A house's word that it works by this version from a day on."""

    uid = models.UUIDField(_("UID"), default=uuid4, unique=True, editable=False)
    version = models.ForeignKey(GuidelineVersion, models.PROTECT, related_name="adoptions", verbose_name=_("version"))
    broadcaster = models.ForeignKey(Broadcaster, models.PROTECT, related_name="+", verbose_name=_("broadcaster"))
    adopted_on = models.DateField(_("adopted on"))
    adopted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    objects = OfVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("adoption of a guideline")
        verbose_name_plural = _("adoptions of guidelines")
        ordering = ["-adopted_on", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["version", "broadcaster"], name="broadcasters_guideline_adopted_once")
        ]

    def __str__(self) -> str:
        return f"{self.version} · {self.broadcaster}"
