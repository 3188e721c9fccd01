"""Digital development: what houses build together, its milestones, and what came of it."""

from uuid import uuid4

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from broadcasters.agreement_querysets import InitiativeQuerySet, OfInitiativeQuerySet
from broadcasters.constants import INITIATIVE_MOVES, Area, InitiativeKind, InitiativeState
from broadcasters.indicators import indicator
from broadcasters.models.agreements import Module
from broadcasters.models.base import NamedRecord, named_in_some_language, one_of
from broadcasters.models.organisations import Broadcaster
from mediaexchange.core.errors import ConflictError
from mediaexchange.core.languages.localize import localized


class Initiative(NamedRecord):
    """Under a module of digital development; a trigger lets none begin while that module does not run."""

    module = models.ForeignKey(
        Module, models.PROTECT, related_name="initiatives", verbose_name=_("module"),
        limit_choices_to={"area": Area.DIGITAL_DEVELOPMENT.value},
    )  # fmt: skip
    kind = models.CharField(pgettext_lazy("initiative", "kind"), max_length=15, choices=InitiativeKind.choices)
    state = models.CharField(
        _("state"), max_length=10, choices=InitiativeState.choices, default=InitiativeState.PROPOSED, editable=False
    )
    summary = models.TextField(_("summary"), blank=True)
    starts_on = models.DateField(_("begins on"), null=True, blank=True)
    ends_on = models.DateField(_("ends on"), null=True, blank=True)
    state_changed_at = models.DateTimeField(_("in this state since"), db_default=Now(), editable=False)

    objects = InitiativeQuerySet.as_manager()

    class Meta:
        verbose_name = _("initiative")
        verbose_name_plural = _("initiatives")
        ordering = ["module", "slug"]
        constraints = [
            named_in_some_language("name", "broadcasters_initiative_named"),
            one_of("kind", InitiativeKind, "broadcasters_initiative_kind"),
            one_of("state", InitiativeState, "broadcasters_initiative_state"),
            models.CheckConstraint(
                name="broadcasters_initiative_lasts",
                condition=Q(ends_on__isnull=True) | Q(starts_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
            ),
        ]

    def clean(self) -> None:
        super().clean()
        if self.starts_on and self.ends_on and self.ends_on < self.starts_on:
            raise ValidationError({"ends_on": _("The last day is not before the first.")})

    def move_to(self, state: str) -> None:
        """Take a new state. Raises ConflictError for a move that ``INITIATIVE_MOVES`` does not allow."""
        if state not in INITIATIVE_MOVES[self.state]:
            raise ConflictError(
                "initiative-move-refused",
                _("An initiative cannot go from “%(current)s” to “%(wanted)s”.")
                % {"current": InitiativeState(self.state).label, "wanted": InitiativeState(state).label},
                current=self.state,
                wanted=state,
            )
        self.state = state


class InitiativeOwner(models.Model):
    """A house that carries the initiative, and who there answers for it."""

    initiative = models.ForeignKey(Initiative, models.CASCADE, related_name="owners", verbose_name=_("initiative"))
    broadcaster = models.ForeignKey(Broadcaster, models.PROTECT, related_name="+", verbose_name=_("broadcaster"))
    responsible = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=_("responsible person"), help_text=_("Somebody who belongs to this house."),
    )  # fmt: skip

    class Meta:
        verbose_name = pgettext_lazy("initiative", "owner")
        verbose_name_plural = pgettext_lazy("initiative", "owners")
        ordering = ["initiative", "broadcaster"]
        constraints = [
            models.UniqueConstraint(fields=["initiative", "broadcaster"], name="broadcasters_initiative_owner_once")
        ]

    def __str__(self) -> str:
        return str(self.broadcaster)

    def clean(self) -> None:
        """What triggers refuse as well."""
        super().clean()
        if self.initiative_id and self.broadcaster_id:
            if not self.initiative.module.parties.filter(pk=self.broadcaster_id).exists():
                raise ValidationError({"broadcaster": _("Choose a party of the module.")})
            if self.responsible and not self.responsible.memberships.filter(broadcaster=self.broadcaster_id).exists():
                raise ValidationError({"responsible": _("Choose somebody who belongs to this house.")})


class InitiativeMove(models.Model):
    """A recorded change of an initiative's state: who, when, why."""

    initiative = models.ForeignKey(Initiative, models.CASCADE, related_name="moves", verbose_name=_("initiative"))
    from_state = models.CharField(pgettext_lazy("state", "from"), max_length=10, choices=InitiativeState.choices)
    to_state = models.CharField(_("to"), max_length=10, choices=InitiativeState.choices)
    reason = models.TextField(_("reason"))
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(_("at"), db_default=Now())

    class Meta:
        verbose_name = _("state change")
        verbose_name_plural = _("state changes")
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.get_from_state_display()} → {self.get_to_state_display()}"


class InitiativeMilestone(models.Model):
    """Planned for a day, reached on a day. ``sequence`` and ``changed_at`` are written by a trigger, for calendars."""

    uid = models.UUIDField(_("UID"), default=uuid4, unique=True, editable=False)
    initiative = models.ForeignKey(Initiative, models.CASCADE, related_name="milestones", verbose_name=_("initiative"))
    title = models.CharField(_("title"), max_length=200, blank=True)
    owner = models.ForeignKey(
        Broadcaster, models.PROTECT, related_name="+", verbose_name=pgettext_lazy("milestone", "owner")
    )
    planned_on = models.DateField(pgettext_lazy("milestone", "planned on"))
    actual_on = models.DateField(pgettext_lazy("milestone", "reached on"), null=True, blank=True, editable=False)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name=pgettext_lazy("milestone", "reported by"),
    )
    is_cancelled = models.BooleanField(pgettext_lazy("milestone", "called off"), default=False)
    sequence = models.PositiveIntegerField(default=0, editable=False)
    changed_at = models.DateTimeField(_("changed at"), db_default=Now(), editable=False)

    objects = OfInitiativeQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("initiative", "milestone")
        verbose_name_plural = pgettext_lazy("initiative", "milestones")
        ordering = ["planned_on", "id"]
        constraints = [
            named_in_some_language("title", "broadcasters_initiativemilestone_titled"),
            models.CheckConstraint(
                name="broadcasters_initiativemilestone_reached_or_called_off",
                condition=Q(actual_on__isnull=True) | Q(is_cancelled=False),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return localized(self, "title")


class Result(models.Model):
    """What came of an initiative: words, and a figure with its source or the registered indicator that counts it."""

    uid = models.UUIDField(_("UID"), default=uuid4, unique=True, editable=False)
    initiative = models.ForeignKey(Initiative, models.CASCADE, related_name="results", verbose_name=_("initiative"))
    title = models.CharField(_("title"), max_length=200, blank=True)
    value = models.DecimalField(
        pgettext_lazy("result", "figure"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    unit = models.CharField(pgettext_lazy("result", "unit"), max_length=40, blank=True, default="")
    as_of = models.DateField(_("as of"))
    indicator = models.CharField(_("counted by"), max_length=60, blank=True, default="")
    url = models.URLField(_("address"), max_length=500, blank=True, default="")
    source = models.CharField(pgettext_lazy("result", "source"), max_length=300, blank=True, default="")

    objects = OfInitiativeQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("initiative", "result")
        verbose_name_plural = pgettext_lazy("initiative", "results")
        ordering = ["-as_of", "-id"]
        constraints = [
            named_in_some_language("title", "broadcasters_result_titled"),
            models.CheckConstraint(
                name="broadcasters_result_figure_told_whole",
                condition=Q(value__isnull=True, unit="") | Q(value__isnull=False) & ~Q(unit="") & ~Q(source=""),
            ),
        ]

    def __str__(self) -> str:
        return localized(self, "title")

    def clean(self) -> None:
        super().clean()
        if self.value is not None and not (self.unit and self.source):
            raise ValidationError({"unit": _("A figure has a unit and a source.")})
        if self.value is None and self.unit:
            raise ValidationError({"unit": _("A unit without a figure says nothing.")})
        if self.indicator and indicator(self.indicator) is None:
            raise ValidationError({"indicator": _("Nothing is counted under this name.")})
