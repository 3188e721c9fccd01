"""Stages of a production and the moves between them, all of them rows: a house rule is a row more."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from broadcasters.models.base import NamedRecord, named_in_some_language
from productions.querysets import SharedRowsQuerySet, StageMoveQuerySet


class Stage(NamedRecord):
    """A column of the board. Its flags say what holds there; code asks flags, never names."""

    position = models.PositiveSmallIntegerField(_("position"), default=0)
    is_initial = models.BooleanField(_("productions begin here"), default=False)
    is_shared = models.BooleanField(
        _("seen by all partners"), default=True,
        help_text=_("A production that comes here is shown to all its partners, and stays so."),
    )  # fmt: skip
    is_pilot = models.BooleanField(_("pilots are reviewed here"), default=False)
    is_delivering = models.BooleanField(
        _("delivers"), default=False, help_text=_("Only what nothing blocks comes here: approvals, licences, module.")
    )
    is_closed = models.BooleanField(_("nothing is done here any more"), default=False)
    is_stopped = models.BooleanField(_("means stopped"), default=False)

    objects = SharedRowsQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("production", "stage")
        verbose_name_plural = pgettext_lazy("production", "stages")
        ordering = ["position", "id"]
        constraints = [
            named_in_some_language("name", "productions_stage_named"),
            models.UniqueConstraint(
                fields=["is_initial"], name="productions_stage_one_initial", condition=Q(is_initial=True)
            ),
            models.UniqueConstraint(
                fields=["is_stopped"], name="productions_stage_one_stopped", condition=Q(is_stopped=True)
            ),
            models.CheckConstraint(
                name="productions_stage_begins_open",
                condition=Q(is_initial=False) | Q(is_delivering=False, is_closed=False),
            ),
            models.CheckConstraint(
                name="productions_stage_stopped_is_closed",
                condition=Q(is_stopped=False) | Q(is_closed=True, is_delivering=False),
            ),
        ]

    def flags(self) -> frozenset[str]:
        """What a gate may name: the stage's slug and those of its flags that are set."""
        names = {"shared", "pilot", "delivering", "closed", "stopped"}
        return frozenset({self.slug, *(name for name in names if getattr(self, f"is_{name}"))})


class StageMove(models.Model):
    """An allowed move. Without ``from_stage`` it leads there from every stage that is not closed."""

    from_stage = models.ForeignKey(
        Stage, models.CASCADE, null=True, blank=True, related_name="moves_out",
        verbose_name=pgettext_lazy("stage", "from"), help_text=_("Empty: from every stage."),
    )  # fmt: skip
    to_stage = models.ForeignKey(
        Stage, models.CASCADE, related_name="moves_in", verbose_name=pgettext_lazy("stage", "to")
    )
    needs_reason = models.BooleanField(_("asks for a reason"), default=False)
    needs_review = models.BooleanField(
        _("asks for a review"), default=False,
        help_text=_("A pilot goes this way only after a review that said go or scale."),
    )  # fmt: skip

    objects = StageMoveQuerySet.as_manager()

    class Meta:
        verbose_name = _("allowed move")
        verbose_name_plural = _("allowed moves")
        ordering = ["from_stage__position", "to_stage__position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["from_stage", "to_stage"], name="productions_stagemove_once", nulls_distinct=False
            ),
            models.CheckConstraint(
                name="productions_stagemove_leads_on",
                condition=Q(from_stage__isnull=True) | ~Q(from_stage=F("to_stage")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.from_stage or _('everywhere')} → {self.to_stage}"
