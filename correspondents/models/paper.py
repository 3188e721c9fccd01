"""What countries demand of correspondents, as data, and the papers that people have for it."""

from datetime import date, timedelta
from uuid import uuid4

from django.contrib.postgres.fields import DateRangeField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from archive.models.base import one_of
from broadcasters.models.base import NamedRecord, named_in_some_language
from correspondents.constants import PAPER_MOVES, ForWhom, PaperKind, PaperStatus, PaperTerm
from correspondents.models.correspondent import Correspondent
from correspondents.querysets import PaperQuerySet, RequirementQuerySet
from mediaexchange.core.errors import ConflictError
from mediaexchange.core.secrets import EncryptedTextField
from mediaexchange.core.sources import sources_are_titled, validate_sources
from mediaexchange.core.validators import validate_time_zone

_DAYS = [MinValueValidator(1), MaxValueValidator(3650)]


class CountryRequirement(NamedRecord):
    """One line of a country's checklist; ``name`` says what it is.

    A compulsory line demands a granted paper of its country and kind. Lines of the same country and kind that differ
    in their term are alternatives: a paper under any of them will do. Numbers that no source gives stay empty.
    ``counts_working_days`` says how lead and decision are counted; a paper's validity is always in calendar days.
    """

    country_code = models.CharField(_("country code"), max_length=2, help_text=_("ISO 3166-1 alpha-2; Kosovo is XK."))
    kind = models.CharField(pgettext_lazy("paper", "kind"), max_length=15, choices=PaperKind.choices)
    is_compulsory = models.BooleanField(_("compulsory"), default=False)
    for_whom = models.CharField(_("for whom"), max_length=20, choices=ForWhom.choices, default=ForWhom.FOREIGN)
    term = models.CharField(_("term"), max_length=10, choices=PaperTerm.choices, blank=True, default="")
    validity_days = models.PositiveSmallIntegerField(
        _("valid for, in days"), null=True, blank=True, validators=_DAYS, help_text=_("Empty if nothing is laid down.")
    )
    lead_days = models.PositiveSmallIntegerField(
        _("to be applied for before arrival, in days"), null=True, blank=True, validators=_DAYS
    )
    decision_days = models.PositiveSmallIntegerField(
        _("decided within, in days"), null=True, blank=True, validators=_DAYS
    )
    counts_working_days = models.BooleanField(
        _("counted in working days"), default=False,
        help_text=_("Monday to Friday. Public holidays are not known here: a deadline may be later for them."),
    )  # fmt: skip
    time_zone = models.CharField(
        _("time zone"), max_length=40, validators=[validate_time_zone], help_text=_("The authority’s: days are its.")
    )
    authority = models.CharField(_("authority"), max_length=200, blank=True)
    papers = models.TextField(_("papers to hand in"), blank=True, help_text=_("One a line."))
    note = models.TextField(_("note"), blank=True)
    sources = models.JSONField(_("sources"), default=list, blank=True, validators=[validate_sources])
    is_active = models.BooleanField(_("in force"), default=True)

    objects = RequirementQuerySet.as_manager()

    class Meta:
        verbose_name = _("requirement of a country")
        verbose_name_plural = _("requirements of countries")
        ordering = ["country_code", "-is_compulsory", "slug"]
        constraints = [
            named_in_some_language("name", "correspondents_requirement_named"),
            one_of("kind", PaperKind, "correspondents_requirement_kind"),
            one_of("for_whom", ForWhom, "correspondents_requirement_whom"),
            sources_are_titled("sources", "correspondents_requirement_sources"),
            models.CheckConstraint(
                name="correspondents_requirement_term", condition=Q(term__in=["", "permanent", "temporary"])
            ),
            models.CheckConstraint(
                name="correspondents_requirement_country", condition=Q(country_code__regex=r"^[A-Z]{2}$")
            ),
        ]


class Paper(models.Model):
    """A paper of one person for one country: its standing, its days, and no picture of it.

    ``valid`` holds its first day and not the day after its last, by the calendar of ``time_zone``: the country's.
    ``apply_by_on`` is the last day on which applying is in time. The number is sealed, and read by the own desk alone.
    """

    uid = models.UUIDField(_("UID"), default=uuid4, unique=True, editable=False)
    correspondent = models.ForeignKey(
        Correspondent, models.CASCADE, related_name="papers", verbose_name=_("correspondent")
    )
    requirement = models.ForeignKey(
        CountryRequirement, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("requirement")
    )
    country_code = models.CharField(_("country code"), max_length=2)
    kind = models.CharField(pgettext_lazy("paper", "kind"), max_length=15, choices=PaperKind.choices)
    term = models.CharField(_("term"), max_length=10, choices=PaperTerm.choices, blank=True, default="")
    status = models.CharField(
        _("status"), max_length=10, choices=PaperStatus.choices, default=PaperStatus.WANTED, editable=False
    )
    time_zone = models.CharField(_("time zone"), max_length=40, validators=[validate_time_zone])
    apply_by_on = models.DateField(_("to be applied for by"), null=True, blank=True)
    applied_on = models.DateField(_("applied for on"), null=True, blank=True)
    decision_due_on = models.DateField(_("decision due on"), null=True, blank=True)
    valid = DateRangeField(_("valid"), null=True, blank=True)
    reference = EncryptedTextField(_("reference number"), blank=True, default="")
    created_at = models.DateTimeField(_("created at"), db_default=Now(), editable=False)
    changed_at = models.DateTimeField(_("changed at"), db_default=Now(), editable=False)

    objects = PaperQuerySet.as_manager()

    class Meta:
        verbose_name = _("paper")
        verbose_name_plural = _("papers")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["correspondent", "country_code", "kind"], name="correspondents_paper_for"),
            models.Index(fields=["valid"], name="correspondents_paper_granted", condition=Q(status="granted")),
        ]
        constraints = [
            one_of("kind", PaperKind, "correspondents_paper_kind"),
            one_of("status", PaperStatus, "correspondents_paper_status"),
            models.CheckConstraint(
                name="correspondents_paper_term", condition=Q(term__in=["", "permanent", "temporary"])
            ),
            models.CheckConstraint(name="correspondents_paper_country", condition=Q(country_code__regex=r"^[A-Z]{2}$")),
            models.CheckConstraint(
                name="correspondents_paper_valid",
                condition=Q(valid__isnull=True) | Q(valid__isempty=False, valid__lower_inf=False),
            ),
            models.CheckConstraint(
                name="correspondents_paper_granted_when",
                condition=~Q(status__in=["granted", "expired", "revoked"]) | Q(valid__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.country_code} · {self.get_status_display()}"

    @property
    def valid_from(self) -> date | None:
        return self.valid.lower if self.valid else None

    @property
    def valid_until(self) -> date | None:
        """The last day on which it is valid; None while there is none and for what has no end."""
        return self.valid.upper - timedelta(days=1) if self.valid and self.valid.upper else None

    @property
    def masked_reference(self) -> str:
        """The number's last two characters, as it is shown in lists."""
        return f"…{self.reference[-2:]}" if len(self.reference) > 4 else "…" if self.reference else ""

    def move_to(self, status: str) -> None:
        """Take a new status. Raises ConflictError for a move that ``PAPER_MOVES`` does not allow."""
        if status not in PAPER_MOVES[self.status]:
            raise ConflictError(
                "paper-move-refused",
                _("A paper cannot go from “%(current)s” to “%(wanted)s”.")
                % {"current": PaperStatus(self.status).label, "wanted": PaperStatus(status).label},
                current=self.status,
                wanted=status,
            )
        self.status = status
