"""Memoranda, their parties and signatures, and the modules in which cooperation happens.

A memorandum is a statement of intent, not a contract. There is no joint channel anywhere in this model, on purpose.
"""

from datetime import date

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from broadcasters.constants import (
    MODULE_MOVES,
    RUNNING_STATES,
    Area,
    ModuleState,
    Renewal,
    SignatureStatus,
    SourceStance,
)
from broadcasters.models.base import NamedRecord, named_in_some_language, one_of
from broadcasters.models.organisations import Broadcaster, language_tags
from broadcasters.models.places import Place
from broadcasters.querysets import MemorandumQuerySet, ModuleQuerySet, PartyQuerySet
from mediaexchange.core.errors import ConflictError
from mediaexchange.core.languages.localize import localized

EDTF = _("EDTF, such as 2026-02-27 or 2026-02.")


class Memorandum(NamedRecord):
    """A memorandum of understanding between two or more broadcasters; ``name`` is its title."""

    occasion = models.CharField(_("occasion"), max_length=300, blank=True)
    summary = models.TextField(_("summary"), blank=True)
    dated_on = models.CharField(_("dated"), max_length=30, blank=True, default="", help_text=EDTF)
    place = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("place"))
    languages = language_tags(_("equally valid texts in"))
    in_force_on = models.DateField(_("in force from"), null=True, blank=True)
    term_months = models.PositiveSmallIntegerField(
        _("term, in months"), null=True, blank=True, help_text=_("Empty: without an end.")
    )
    renewal = models.CharField(_("renewal"), max_length=10, choices=Renewal.choices, default=Renewal.NONE)
    notice_days = models.PositiveSmallIntegerField(_("notice, in days"), null=True, blank=True)

    objects = MemorandumQuerySet.as_manager()

    class Meta:
        verbose_name = _("memorandum")
        verbose_name_plural = _("memoranda")
        ordering = ["-dated_on", "slug"]
        constraints = [
            named_in_some_language("name", "broadcasters_memorandum_named"),
            models.CheckConstraint(
                name="broadcasters_memorandum_renewal",
                condition=models.Q(renewal__in=[value.value for value in Renewal]),
            ),
            models.CheckConstraint(
                name="broadcasters_memorandum_term",
                condition=models.Q(term_months__isnull=True) | models.Q(term_months__gt=0),
            ),
            models.CheckConstraint(
                name="broadcasters_memorandum_renews_a_term",
                condition=models.Q(renewal="none") | models.Q(term_months__isnull=False),
            ),
        ]

    @property
    def is_only_announced(self) -> bool:
        """No source confirms that any of its parties has signed."""
        statuses = {party.signature_status for party in self.parties.all()}
        return statuses == {SignatureStatus.ANNOUNCED.value}

    def bound_on(self, day: date) -> "list[Party]":
        """The parties on this day: who had joined before it, and is not out by a notice that stands. Asks for parties
        and notices."""
        out = {notice.broadcaster_id: notice.last_on for notice in self.notices.all() if notice.withdrawn_on is None}
        return [
            party
            for party in self.parties.all()
            if (party.joined_on is None or party.joined_on < day) and out.get(party.broadcaster_id, day) >= day
        ]

    def clean(self) -> None:
        super().clean()
        if self.renewal != Renewal.NONE and not self.term_months:
            raise ValidationError({"renewal": _("Only a term is renewed: say how long it is.")})


class Party(models.Model):
    """A broadcaster's part in a memorandum, and how far its signature is known. Sources say who says so."""

    memorandum = models.ForeignKey(Memorandum, models.CASCADE, related_name="parties", verbose_name=_("memorandum"))
    broadcaster = models.ForeignKey(Broadcaster, models.PROTECT, related_name="+", verbose_name=_("broadcaster"))
    joined_on = models.DateField(
        _("party since"), null=True, blank=True, editable=False,
        help_text=_("For a house that joined later. Empty: from the beginning."),
    )  # fmt: skip
    signature_status = models.CharField(
        _("signature"), max_length=12, choices=SignatureStatus.choices, default=SignatureStatus.ANNOUNCED
    )
    signed_on = models.CharField(_("signed"), max_length=30, blank=True, default="", help_text=EDTF)
    signatory_name = models.CharField(_("signatory"), max_length=200, blank=True, default="")
    signatory_office = models.CharField(_("office"), max_length=200, blank=True)

    objects = PartyQuerySet.as_manager()

    class Meta:
        verbose_name = _("party")
        verbose_name_plural = _("parties")
        ordering = ["memorandum", "broadcaster"]
        constraints = [
            models.UniqueConstraint(fields=["memorandum", "broadcaster"], name="broadcasters_party_unique"),
            models.CheckConstraint(
                name="broadcasters_party_announced_is_not_signed",
                condition=~models.Q(signature_status="announced") | models.Q(signed_on=""),
            ),
            one_of("signature_status", SignatureStatus, "broadcasters_party_signature_status"),
        ]

    def __str__(self) -> str:
        return f"{self.broadcaster} · {self.get_signature_status_display()}"

    def independent_sources(self) -> int:
        """How many sources report the signature, those of one house or one publisher counted once."""
        confirming = (source for source in self.sources.all() if source.stance == SourceStance.CONFIRMS)
        return len({source.origin for source in confirming} - {None})

    def clean(self) -> None:
        super().clean()
        if self.signature_status == SignatureStatus.ANNOUNCED and self.signed_on:
            raise ValidationError({"signed_on": _("A signature that is only announced has no date.")})


class PartySource(models.Model):
    """Who reports a party's signature, and where."""

    party = models.ForeignKey(Party, models.CASCADE, related_name="sources", verbose_name=_("party"))
    title = models.CharField(_("title"), max_length=300)
    publisher = models.CharField(_("publisher"), max_length=200, blank=True, default="")
    published_on = models.CharField(_("published"), max_length=30, blank=True, default="", help_text=EDTF)
    url = models.CharField(_("address"), max_length=500, blank=True, default="")
    note = models.TextField(_("note"), blank=True, default="")
    stance = models.CharField(
        pgettext_lazy("source", "says of this party"),
        max_length=10,
        choices=SourceStance.choices,
        default=SourceStance.SILENT,
    )
    belongs_to = models.ForeignKey(
        Broadcaster, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=pgettext_lazy("source", "belongs to"),
        help_text=_("Sources of one house, or of one publisher, do not corroborate each other."),
    )  # fmt: skip

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ["published_on", "title"]
        constraints = [
            models.UniqueConstraint(fields=["party", "title", "publisher"], name="broadcasters_partysource_unique"),
            one_of("stance", SourceStance, "broadcasters_partysource_stance"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def origin(self) -> str | None:
        """Whose word it is: the house it belongs to, else its publisher; None where nobody is named."""
        return f"house {self.belongs_to_id}" if self.belongs_to_id else self.publisher.strip().lower() or None


class Module(NamedRecord):
    """One strand of cooperation, started, paused, scaled and ended on its own."""

    memoranda = models.ManyToManyField(Memorandum, related_name="modules", verbose_name=_("memoranda"), blank=True)
    parties = models.ManyToManyField(Broadcaster, related_name="modules", verbose_name=_("parties"))
    area = models.CharField(_("area"), max_length=20, choices=Area.choices)
    state = models.CharField(_("state"), max_length=10, choices=ModuleState.choices, default=ModuleState.PROPOSED)
    state_reason = models.TextField(_("reason for the state"), blank=True)
    state_changed_at = models.DateTimeField(_("in this state since"), db_default=Now(), editable=False)
    demand_note = models.TextField(_("audience demand"), blank=True)
    feasibility_note = models.TextField(_("production feasibility"), blank=True)

    objects = ModuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("module")
        verbose_name_plural = _("modules")
        ordering = ["area", "slug"]
        constraints = [
            named_in_some_language("name", "broadcasters_module_named"),
            one_of("area", Area, "broadcasters_module_area"),
            one_of("state", ModuleState, "broadcasters_module_state"),
        ]

    @property
    def is_running(self) -> bool:
        """Whether new deliveries may be made under it."""
        return self.state in RUNNING_STATES

    def active_parties(self) -> list[Broadcaster]:
        """The parties that take part at present."""
        return list(self.parties.filter(is_active=True))

    def move_to(self, state: str) -> None:
        """Take a new state. Raises ConflictError for a move that ``MODULE_MOVES`` does not allow."""
        if state not in MODULE_MOVES[self.state]:
            raise ConflictError(
                "module-move-refused",
                _("A module cannot go from “%(current)s” to “%(wanted)s”.")
                % {"current": ModuleState(self.state).label, "wanted": ModuleState(state).label},
                current=self.state,
                wanted=state,
            )
        self.state = state

    @property
    def reason(self) -> str:
        return localized(self, "state_reason")


class ModuleMove(models.Model):
    """A recorded change of a module's state: who, when, why."""

    module = models.ForeignKey(Module, models.CASCADE, related_name="moves", verbose_name=_("module"))
    from_state = models.CharField(pgettext_lazy("state", "from"), max_length=10, choices=ModuleState.choices)
    to_state = models.CharField(_("to"), max_length=10, choices=ModuleState.choices)
    reason = models.TextField(_("reason"))
    review = models.ForeignKey(
        "broadcasters.ModuleReview", models.PROTECT, null=True, blank=True, related_name="moves",
        verbose_name=pgettext_lazy("move of a module", "rests on"),
    )  # fmt: skip
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(_("at"), db_default=Now())

    class Meta:
        verbose_name = _("state change")
        verbose_name_plural = _("state changes")
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"{self.get_from_state_display()} → {self.get_to_state_display()}"
