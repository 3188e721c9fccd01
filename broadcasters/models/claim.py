"""Claims: statements and figures, each with who says it and where. Where sources disagree, all of them stand."""

from typing import Any, ClassVar
from uuid import uuid4

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from broadcasters.calendar_constants import FIGURES, ClaimKind, Confidence, Unit
from broadcasters.calendar_querysets import ClaimQuerySet
from broadcasters.models.agreements import Memorandum, Module
from broadcasters.models.base import NamedRecord, named_in_some_language, one_of
from broadcasters.models.dated import Spanned, edtf_field
from broadcasters.models.event import DiplomaticEvent
from broadcasters.models.organisations import Broadcaster, Institution
from broadcasters.models.people import Person
from broadcasters.models.places import Place
from broadcasters.querysets import ReferenceQuerySet
from mediaexchange.core.languages.tags import STORED
from mediaexchange.core.validators import validate_language_tag

SUBJECTS = ("event", "place", "institution", "person", "memorandum", "module")


def _in_some_language(field: str) -> Q:
    condition = Q()
    for language in STORED:
        # Not null is said as well: a check that comes to NULL passes.
        condition |= Q(**{f"{field}_{language}__isnull": False, f"{field}_{language}__gt": ""})
    return condition


def _about_one_thing() -> Q:
    """One of the records, or none of them and a topic; a topic may stand beside either."""
    nothing = Q(**{f"{name}__isnull": True for name in SUBJECTS})
    condition = nothing & Q(topic__isnull=False)
    for name in SUBJECTS:
        condition |= Q(**{f"{other}__isnull": other != name for other in SUBJECTS})
    return condition


def _some(claim: models.Model, field: str) -> bool:
    return any(getattr(claim, f"{field}_{language}") for language in STORED)


class ClaimTopic(NamedRecord):
    """A question on which several speak, such as the volume of trade; ``name`` puts it without an answer."""

    note = models.TextField(
        _("note"), blank=True, help_text=_("How the claims may be compared: what they count, for which years.")
    )

    objects = ReferenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("topic of claims")
        verbose_name_plural = _("topics of claims")
        ordering = ["slug"]
        constraints = [named_in_some_language("name", "broadcasters_claimtopic_named")]


class Claim(Spanned, models.Model):
    """What somebody says, where, and when: never a bare fact. It is shown by ``broadcasters.attribution`` alone.

    ``wording`` is what is said in our words, in each language. ``quote`` holds the very words, in
    ``original_language``; once published it is never rewritten. A figure has ``value`` and ``unit``; of a target
    ``period`` is by when.
    """

    spans: ClassVar[dict[str, str]] = {"period": "period", "said": "said"}

    uid = models.UUIDField(_("UID"), default=uuid4, unique=True, editable=False)
    slug = models.SlugField(
        _("slug"), unique=True, null=True, blank=True, editable=False, help_text=_("Name in the reference data.")
    )
    kind = models.CharField(
        pgettext_lazy("claim", "kind"), max_length=10, choices=ClaimKind.choices, default=ClaimKind.STATEMENT,
        help_text=_("A target is a figure that is to be reached."),
    )  # fmt: skip
    topic = models.ForeignKey(
        ClaimTopic, models.PROTECT, null=True, blank=True, related_name="claims", verbose_name=_("topic"),
        help_text=_("Claims of one topic stand side by side."),
    )  # fmt: skip
    event = models.ForeignKey(
        DiplomaticEvent, models.PROTECT, null=True, blank=True, related_name="claims", verbose_name=_("event")
    )
    place = models.ForeignKey(
        Place, models.PROTECT, null=True, blank=True, related_name="claims", verbose_name=_("place")
    )
    institution = models.ForeignKey(
        Institution, models.PROTECT, null=True, blank=True, related_name="claims", verbose_name=_("institution")
    )
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="claims", verbose_name=_("person"),
        help_text=_("Whom it is about, not who says it."),
    )  # fmt: skip
    memorandum = models.ForeignKey(
        Memorandum, models.PROTECT, null=True, blank=True, related_name="claims", verbose_name=_("memorandum")
    )
    module = models.ForeignKey(
        Module, models.PROTECT, null=True, blank=True, related_name="claims", verbose_name=_("module")
    )

    speaker_person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="said", verbose_name=_("person who says it")
    )
    speaker_institution = models.ForeignKey(
        Institution, models.PROTECT, null=True, blank=True, related_name="said",
        verbose_name=_("institution that says it"),
    )  # fmt: skip
    said_by = models.CharField(
        _("who says it, in words"), max_length=200, blank=True,
        help_text=_("The office of the person; or who speaks, if there is no record: “the commentary”, “observers”."),
    )  # fmt: skip
    wording = models.TextField(
        _("what is said"), blank=True, help_text=_("In your own words, no more and no less than was said.")
    )
    quote = models.TextField(
        _("the very words"), blank=True, default="",
        help_text=_("As published, in the language in which they were said. Never rewritten once published."),
    )  # fmt: skip
    original_language = models.CharField(
        _("said in"), max_length=35, validators=[validate_language_tag],
        help_text=_("BCP 47, such as sr-Cyrl or kk."),
    )  # fmt: skip
    source_title = models.CharField(
        _("source"), max_length=300, help_text=_("Its title, or in a few words of your own what kind of text it is.")
    )
    source_publisher = models.CharField(
        _("publisher"), max_length=200, help_text=_("Agency, newspaper, museum, ministry.")
    )
    source_url = models.URLField(
        _("address"), max_length=500, blank=True, default="", help_text=_("Of the text itself, if it is on the web.")
    )
    source_published = edtf_field(_("published"))
    said = edtf_field(_("as of"))
    said_first = models.DateField(_("as of"), null=True, editable=False)
    said_last = models.DateField(null=True, editable=False)
    period = edtf_field(_("period"))
    period_first = models.DateField(null=True, editable=False)
    period_last = models.DateField(null=True, editable=False)
    value = models.DecimalField(
        _("value"), max_digits=24, decimal_places=4, null=True, blank=True,
        help_text=_("In whole units: 91200000, not 91.2 million."),
    )  # fmt: skip
    unit = models.CharField(
        _("unit"), max_length=12, choices=Unit.choices, blank=True, default="", help_text=_("What is counted.")
    )
    is_approximate = models.BooleanField(
        _("about"), default=False, help_text=_("The speaker gives a round or rough figure.")
    )
    confidence = models.CharField(
        _("confidence"), max_length=12, choices=Confidence.choices, default=Confidence.STATED,
        help_text=_("What is known about the claim. No claim is marked as the true one."),
    )  # fmt: skip
    is_sensitive = models.BooleanField(
        _("sensitive"), default=False, help_text=_("Contested politically: a notice is shown with it.")
    )
    note = models.TextField(_("note"), blank=True, help_text=_("What a reader should bear in mind."))
    broadcaster = models.ForeignKey(
        Broadcaster, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("kept by"),
        help_text=_("The house that changes it. Empty for what comes with the reference data."),
    )  # fmt: skip
    is_published = models.BooleanField(
        _("published"), default=False,
        help_text=_("Every member of the exchange sees it. Until then it is a draft of its house."),
    )  # fmt: skip
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", editable=False
    )
    created_at = models.DateTimeField(_("created at"), db_default=Now(), editable=False)
    changed_at = models.DateTimeField(_("changed at"), db_default=Now(), editable=False)
    sequence = models.PositiveIntegerField(default=0, editable=False)

    objects = ClaimQuerySet.as_manager()

    class Meta:
        verbose_name = _("claim")
        verbose_name_plural = _("claims")
        ordering = ["said_first", "id"]
        constraints = [
            one_of("kind", ClaimKind, "broadcasters_claim_kind"),
            one_of("confidence", Confidence, "broadcasters_claim_confidence"),
            models.CheckConstraint(name="broadcasters_claim_unit", condition=Q(unit__in=["", *Unit.values])),
            models.CheckConstraint(
                name="broadcasters_claim_figure",
                condition=Q(kind__in=sorted(FIGURES), value__isnull=False, unit__gt="")
                | Q(kind="statement", value__isnull=True, unit=""),
            ),
            models.CheckConstraint(
                name="broadcasters_claim_sourced",
                condition=Q(source_title__gt="", source_publisher__gt="", original_language__gt=""),
            ),
            models.CheckConstraint(
                name="broadcasters_claim_speaker",
                condition=_in_some_language("said_by")
                & (Q(speaker_person__isnull=True) | Q(speaker_institution__isnull=True))
                | Q(speaker_person__isnull=False, speaker_institution__isnull=True)
                | Q(speaker_person__isnull=True, speaker_institution__isnull=False),
            ),
            models.CheckConstraint(
                name="broadcasters_claim_worded", condition=_in_some_language("wording") | Q(quote__gt="")
            ),
            models.CheckConstraint(name="broadcasters_claim_subject", condition=_about_one_thing()),
            models.CheckConstraint(
                name="broadcasters_claim_kept", condition=Q(is_published=True) | Q(broadcaster__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        """With its speaker and source, like everywhere."""
        from broadcasters.attribution import attributed

        return attributed(self).text

    def clean(self) -> None:
        """What the database refuses as well, said where it is typed in."""
        super().clean()
        problems: dict[str, Any] = {}
        about = [name for name in SUBJECTS if getattr(self, f"{name}_id")]
        if len(about) > 1:
            problems[about[1]] = _("A claim is about one thing.")
        if not about and not self.topic_id:
            problems["topic"] = _("Say what it is about: a topic, or one of the records.")
        if self.speaker_person_id and self.speaker_institution_id:
            problems["speaker_institution"] = _("Either a person says it or an institution.")
        if not (self.speaker_person_id or self.speaker_institution_id or _some(self, "said_by")):
            problems["speaker_person"] = _("Say who says it. A bare fact is not stored.")
        if not self.quote and not _some(self, "wording"):
            problems["quote"] = _("Give the wording in some language, or the very words.")
        if (self.kind in FIGURES) != (self.value is not None):
            problems["value"] = _("A figure or a target has a value and a unit, a statement has none.")
        elif (self.value is not None) != bool(self.unit):
            problems["unit"] = _("A figure or a target has a value and a unit, a statement has none.")
        if not self.is_published and self.broadcaster_id is None:
            problems["broadcaster"] = _("A draft belongs to a house.")
        if problems:
            raise ValidationError(problems)
