"""Productions: from an idea under a module to what is on air."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from broadcasters.constants import Area
from broadcasters.models import Broadcaster, Module
from broadcasters.models.base import NamedRecord, named_in_some_language
from broadcasters.models.organisations import language_tags
from productions.constants import ProductionKind
from productions.models.base import one_of
from productions.models.stage import Stage
from productions.querysets import ProductionPartQuerySet, ProductionQuerySet, SharedRowsQuerySet

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise


class Theme(NamedRecord):
    """What productions are about; rows, for partners to add to."""

    objects = SharedRowsQuerySet.as_manager()

    class Meta:
        verbose_name = _("theme")
        verbose_name_plural = _("themes")
        ordering = ["slug"]
        constraints = [named_in_some_language("name", "productions_theme_named")]


def _share(words: "StrPromise", default: int) -> models.DecimalField:
    return models.DecimalField(
        words,
        max_digits=5,
        decimal_places=2,
        default=default,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )


class RuleSet(NamedRecord):
    """Between which shares a convention wants its partners, in per cent. It advises: nothing is refused by it."""

    note = models.TextField(_("note"), blank=True)
    source_url = models.URLField(_("source"), max_length=500, blank=True, default="")
    bilateral_least = _share(_("least share of two partners"), 10)
    bilateral_most = _share(_("largest share of two partners"), 90)
    multilateral_least = _share(_("least share of three or more"), 5)
    multilateral_most = _share(_("largest share of three or more"), 80)
    is_active = models.BooleanField(_("active"), default=True)

    objects = SharedRowsQuerySet.as_manager()

    class Meta:
        verbose_name = _("advisory rules of shares")
        verbose_name_plural = _("advisory rules of shares")
        ordering = ["slug"]
        constraints = [
            named_in_some_language("name", "productions_ruleset_named"),
            models.CheckConstraint(
                name="productions_ruleset_ranges",
                condition=Q(bilateral_least__gte=0, bilateral_most__lte=100, multilateral_least__gte=0)
                & Q(multilateral_most__lte=100, bilateral_least__lte=models.F("bilateral_most"))
                & Q(multilateral_least__lte=models.F("multilateral_most")),
            ),
        ]


class Production(NamedRecord):
    """One co-production; ``name`` is its title. Its partners' shares total exactly 100 %.

    A deferred trigger holds the total at the end of every transaction, and counts ``shares_revision`` up; see
    ``shares_in_sql``. The stage changes along rows of ``StageMove`` alone, which a trigger holds too.
    ``sequence`` is how often its dates were told anew (RFC 5545, 3.8.7.4).
    """

    # Of each house once: that it is taken would tell of another house's idea.
    slug = models.SlugField(_("slug"), db_index=False, help_text=_("Stable name in addresses and imports."))
    made_by = models.ForeignKey(
        Broadcaster, models.PROTECT, related_name="productions_made", verbose_name=_("broadcaster"),
        help_text=_("Whose idea it is. Until it is shared, nobody else sees it."),
    )  # fmt: skip
    module = models.ForeignKey(
        Module, models.PROTECT, related_name="productions", verbose_name=_("module"),
        limit_choices_to={"area": Area.CO_PRODUCTION}, help_text=_("While it is paused, nothing new is delivered."),
    )  # fmt: skip
    kind = models.CharField(_("kind"), max_length=20, choices=ProductionKind.choices)
    themes = models.ManyToManyField(Theme, related_name="productions", verbose_name=_("themes"), blank=True)
    logline = models.CharField(
        _("logline"), max_length=500, blank=True, help_text=_("What it is about, in one sentence.")
    )
    objectives = models.TextField(_("objectives"), blank=True, help_text=_("What it shall achieve, and for whom."))
    languages = language_tags(_("original languages"))
    episodes = models.PositiveSmallIntegerField(_("episodes"), default=1, validators=[MinValueValidator(1)])
    episode_minutes = models.PositiveSmallIntegerField(_("length of an episode, in minutes"), null=True, blank=True)
    slate_on = models.DateField(_("slate date"), null=True, blank=True, help_text=_("The first airing, as planned."))
    is_pilot = models.BooleanField(
        _("pilot"), default=False, help_text=_("It is reviewed before it goes into production: go, scale, pause, stop.")
    )
    stage = models.ForeignKey(
        Stage, models.PROTECT, related_name="productions", verbose_name=pgettext_lazy("production", "stage"),
        editable=False,
    )  # fmt: skip
    staged_at = models.DateTimeField(_("at this stage since"), db_default=Now(), editable=False)
    shared_at = models.DateTimeField(_("shared with the partners at"), null=True, editable=False)
    held_at = models.DateTimeField(_("on hold since"), null=True, editable=False)
    rule_set = models.ForeignKey(
        RuleSet, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("advisory rules of shares"),
        help_text=_("They warn and never refuse."),
    )  # fmt: skip
    shares_revision = models.PositiveIntegerField(default=0, editable=False)
    sequence = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(_("created at"), db_default=Now(), editable=False)
    changed_at = models.DateTimeField(_("changed at"), db_default=Now(), editable=False)

    objects = ProductionQuerySet.as_manager()

    class Meta:
        verbose_name = _("production")
        verbose_name_plural = _("productions")
        ordering = ["-id"]
        indexes = [models.Index(fields=["stage", "slate_on"], name="productions_by_stage")]
        constraints = [
            models.UniqueConstraint(fields=["made_by", "slug"], name="productions_production_slug"),
            named_in_some_language("name", "productions_production_named"),
            one_of("kind", ProductionKind, "productions_production_kind"),
            models.CheckConstraint(name="productions_production_episodes", condition=Q(episodes__gte=1)),
        ]

    @property
    def is_shared(self) -> bool:
        return self.shared_at is not None

    @property
    def is_held(self) -> bool:
        """Put aside by a review until somebody resumes it."""
        return self.held_at is not None


class ProductionMove(models.Model):
    """A recorded change of stage: who, when, why. The first has no ``from_stage``."""

    production = models.ForeignKey(Production, models.CASCADE, related_name="moves", verbose_name=_("production"))
    from_stage = models.ForeignKey(
        Stage, models.PROTECT, null=True, related_name="+", verbose_name=pgettext_lazy("stage", "from")
    )
    to_stage = models.ForeignKey(Stage, models.PROTECT, related_name="+", verbose_name=pgettext_lazy("stage", "to"))
    reason = models.TextField(_("reason"), blank=True, default="")
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("by")
    )
    at = models.DateTimeField(_("at"), db_default=Now())

    objects = ProductionPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("change of stage")
        verbose_name_plural = _("changes of stage")
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.from_stage or '—'} → {self.to_stage}"
