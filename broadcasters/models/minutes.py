"""Minutes of consultations between the parties of a memorandum: who was there, what was decided, who does what."""

from uuid import uuid4

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from broadcasters.agreement_querysets import MinutesQuerySet, OfMinutesQuerySet
from broadcasters.models.agreements import Memorandum
from broadcasters.models.base import named_in_some_language
from broadcasters.models.obligation import Obligation
from broadcasters.models.organisations import Broadcaster
from broadcasters.models.places import Place
from mediaexchange.core.languages.localize import localized
from mediaexchange.core.validators import validate_language_tag


class Minutes(models.Model):
    """Only parties read them. With the first approval their words stand, in all languages; a trigger holds it."""

    uid = models.UUIDField(_("UID"), default=uuid4, unique=True, editable=False)
    memorandum = models.ForeignKey(Memorandum, models.PROTECT, related_name="minutes", verbose_name=_("memorandum"))
    title = models.CharField(_("title"), max_length=200, blank=True)
    language = models.CharField(
        _("language"), max_length=35, validators=[validate_language_tag],
        help_text=_("In which they are written: BCP 47, such as sr-Cyrl."),
    )  # fmt: skip
    held_on = models.DateField(pgettext_lazy("consultation", "held on"))
    place = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("place"))
    venue = models.CharField(_("venue"), max_length=300, blank=True, help_text=_("Or how they met."))
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    written_at = models.DateTimeField(_("written at"), db_default=Now(), editable=False)

    objects = MinutesQuerySet.as_manager()

    class Meta:
        verbose_name = _("minutes of a consultation")
        verbose_name_plural = _("minutes of consultations")
        ordering = ["-held_on", "-id"]
        constraints = [named_in_some_language("title", "broadcasters_minutes_titled")]

    def __str__(self) -> str:
        return f"{localized(self, 'title')} · {date_format(self.held_on, 'SHORT_DATE_FORMAT')}"

    def clean(self) -> None:
        super().clean()
        if not self.memorandum_id or not self.held_on:
            return  # said elsewhere
        parties = self.memorandum.parties.select_related("broadcaster")
        if self.held_on > max((party.broadcaster.today() for party in parties), default=self.held_on):
            raise ValidationError({"held_on": _("Minutes are of what has been.")})

    @property
    def waits_for(self) -> list[Broadcaster]:
        """The parties on the day of the consultation that have not approved yet; who joined later was not there."""
        approved = {approval.broadcaster_id for approval in self.approvals.all()}
        parties = self.memorandum.bound_on(self.held_on)
        return [party.broadcaster for party in parties if party.broadcaster_id not in approved]

    @property
    def is_approved(self) -> bool:
        return not self.waits_for


class MinutesParticipant(models.Model):
    minutes = models.ForeignKey(Minutes, models.CASCADE, related_name="participants", verbose_name=_("minutes"))
    broadcaster = models.ForeignKey(Broadcaster, models.PROTECT, related_name="+", verbose_name=_("party"))
    name = models.CharField(_("name"), max_length=200)
    office = models.CharField(_("office"), max_length=200, blank=True, default="")

    objects = OfMinutesQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("consultation", "participant")
        verbose_name_plural = pgettext_lazy("consultation", "participants")
        ordering = ["minutes", "broadcaster", "name"]

    def __str__(self) -> str:
        return self.name


class MinutesItem(models.Model):
    """A point of the agenda; with an owner it is an action, which may have become an obligation."""

    uid = models.UUIDField(_("UID"), default=uuid4, unique=True, editable=False)
    minutes = models.ForeignKey(Minutes, models.CASCADE, related_name="items", verbose_name=_("minutes"))
    position = models.PositiveSmallIntegerField(_("position"), default=1)
    topic = models.CharField(_("topic"), max_length=300, blank=True)
    decision = models.TextField(_("decision"), blank=True)
    owner = models.ForeignKey(
        Broadcaster,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=pgettext_lazy("action point", "who does it"),
    )
    responsible = models.CharField(_("responsible person"), max_length=200, blank=True, default="")
    due_on = models.DateField(pgettext_lazy("action point", "by"), null=True, blank=True)
    done_on = models.DateField(pgettext_lazy("action point", "done on"), null=True, blank=True)
    obligation = models.OneToOneField(
        Obligation, models.PROTECT, null=True, blank=True, related_name="agreed_in", verbose_name=_("obligation"),
        editable=False,
    )  # fmt: skip

    objects = OfMinutesQuerySet.as_manager()

    class Meta:
        verbose_name = _("point of the agenda")
        verbose_name_plural = _("agenda")
        ordering = ["minutes", "position", "id"]
        constraints = [
            named_in_some_language("topic", "broadcasters_item_named"),
            models.UniqueConstraint(fields=["minutes", "position"], name="broadcasters_item_position_once"),
            models.CheckConstraint(
                name="broadcasters_item_action_owned",
                condition=Q(owner__isnull=False)
                | Q(due_on__isnull=True, done_on__isnull=True, obligation__isnull=True, responsible=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position}. {localized(self, 'topic')}"


class MinutesApproval(models.Model):
    """One party's approval of the words as they stand."""

    minutes = models.ForeignKey(Minutes, models.PROTECT, related_name="approvals", verbose_name=_("minutes"))
    broadcaster = models.ForeignKey(Broadcaster, models.PROTECT, related_name="+", verbose_name=_("party"))
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    approved_at = models.DateTimeField(_("approved at"), db_default=Now(), editable=False)

    objects = OfMinutesQuerySet.as_manager()

    class Meta:
        verbose_name = _("approval")
        verbose_name_plural = _("approvals")
        ordering = ["approved_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["minutes", "broadcaster"], name="broadcasters_approval_once"),
        ]

    def __str__(self) -> str:
        return str(self.broadcaster)
