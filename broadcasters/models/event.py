"""The diplomatic calendar: what happened between the partners' countries, or is to happen, and who says so."""

import re
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from broadcasters.calendar_constants import DiplomaticKind, EventStanding
from broadcasters.calendar_querysets import EXACT_DAYS, DiplomaticEventQuerySet
from broadcasters.models.agreements import Memorandum
from broadcasters.models.base import NamedRecord, named_in_some_language, one_of
from broadcasters.models.dated import Spanned, edtf_field
from broadcasters.models.organisations import Broadcaster, Institution
from broadcasters.models.people import Person
from broadcasters.models.places import Place


class DiplomaticEvent(Spanned, NamedRecord):
    """A milestone, visit, session, exhibition …; ``name`` is its title. Documents that were signed are events too.

    ``dated_first`` and ``dated_last`` are the days that its date may mean, both None while it is not known. A row
    without ``broadcaster`` is reference data. Once it is published it has a source, which the database asks for.
    """

    kind = models.CharField(
        pgettext_lazy("calendar", "kind"), max_length=20, choices=DiplomaticKind.choices,
        help_text=_("A document that was signed is a signing of its own, part of the event at which it was signed."),
    )  # fmt: skip
    session_number = models.PositiveSmallIntegerField(
        _("number of the session"), null=True, blank=True, help_text=_("Of a commission: 3 for its third session.")
    )
    dated = edtf_field(_("date"))
    dated_first = models.DateField(_("date"), null=True, editable=False)
    dated_last = models.DateField(null=True, editable=False)
    standing = models.CharField(
        pgettext_lazy("event", "how it is known"), max_length=15, choices=EventStanding.choices,
        default=EventStanding.SOURCED,
        help_text=_("Where sources disagree, say so here and put their claims side by side."),
    )  # fmt: skip
    is_yearly = models.BooleanField(
        _("its anniversaries are marked"), default=False,
        help_text=_("Each year it is proposed to the desks that plan coverage."),
    )  # fmt: skip
    note = models.TextField(_("note"), blank=True, help_text=_("What a reader should know of the event and its date."))
    part_of = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="parts",
        verbose_name=pgettext_lazy("event", "part of"),
        help_text=_("The visit during which it happened, the set of documents to which it belongs."),
    )  # fmt: skip
    marks = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="marked_by", verbose_name=_("anniversary of"),
        help_text=_("For an anniversary: the event whose anniversary it is."),
    )  # fmt: skip
    places = models.ManyToManyField(
        Place, blank=True, related_name="events", verbose_name=_("places"), help_text=_("Where it happened.")
    )
    institutions = models.ManyToManyField(
        Institution, blank=True, related_name="events", verbose_name=_("institutions"),
        help_text=_("Who took part, performed, was opened or visited."),
    )  # fmt: skip
    people = models.ManyToManyField(
        Person,
        blank=True,
        related_name="events",
        verbose_name=_("people"),
        help_text=_("As far as a source names them."),
    )
    memoranda = models.ManyToManyField(
        Memorandum, blank=True, related_name="events", verbose_name=_("memoranda"),
        help_text=_("Those that were signed on this occasion. Others see only those of their own house."),
    )  # fmt: skip
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

    objects = DiplomaticEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("diplomatic event")
        verbose_name_plural = _("diplomatic events")
        ordering = ["dated_first", "id"]
        indexes = [models.Index(fields=["dated_first", "id"], name="broadcasters_event_by_day")]
        constraints = [
            named_in_some_language("name", "broadcasters_event_named"),
            one_of("kind", DiplomaticKind, "broadcasters_event_kind"),
            one_of("standing", EventStanding, "broadcasters_event_standing"),
            models.CheckConstraint(
                name="broadcasters_event_session",
                condition=Q(session_number__isnull=True) | Q(session_number__gt=0, kind="commission"),
            ),
            models.CheckConstraint(
                name="broadcasters_event_kept", condition=Q(is_published=True) | Q(broadcaster__isnull=False)
            ),
            models.CheckConstraint(
                name="broadcasters_event_marks",
                condition=Q(marks__isnull=True) | Q(kind="anniversary") & ~Q(marks=F("id")),
            ),
            models.CheckConstraint(
                name="broadcasters_event_part", condition=Q(part_of__isnull=True) | ~Q(part_of=F("id"))
            ),
        ]  # fmt: skip

    @property
    def has_exact_days(self) -> bool:
        """Whether its date says the very days: neither a month nor a year, nor an uncertain day."""
        return re.match(EXACT_DAYS, self.dated) is not None

    def clean(self) -> None:
        super().clean()
        problems: dict[str, Any] = {}
        if self.session_number and self.kind != DiplomaticKind.COMMISSION:
            problems["session_number"] = _("Only sessions of a commission are numbered.")
        if self.marks_id and self.kind != DiplomaticKind.ANNIVERSARY:
            problems["marks"] = _("Only an anniversary is the anniversary of something.")
        for field in ("marks", "part_of"):
            if self.pk and getattr(self, f"{field}_id") == self.pk:
                problems[field] = _("Choose another event.")
        for field in ("marks", "part_of"):
            other = getattr(self, field)
            if self.is_published and other is not None and not other.is_published:
                problems[field] = _("What is published names only what is published.")
        if not self.is_published and self.broadcaster_id is None:
            problems["broadcaster"] = _("A draft belongs to a house.")
        if problems:
            raise ValidationError(problems)


class EventSource(models.Model):
    """Who reports an event, and where."""

    uid = models.UUIDField(_("UID"), default=uuid4, unique=True, editable=False)
    event = models.ForeignKey(
        DiplomaticEvent, models.CASCADE, related_name="sources", verbose_name=_("diplomatic event")
    )
    title = models.CharField(
        _("title"), max_length=300, help_text=_("As published, or in a few words of your own what kind of text it is.")
    )
    publisher = models.CharField(_("publisher"), max_length=200, help_text=_("Agency, newspaper, museum, ministry."))
    published = edtf_field(_("published"))
    url = models.URLField(
        _("address"), max_length=500, blank=True, default="", help_text=_("Of the text itself, if it is on the web.")
    )
    note = models.CharField(
        _("note"), max_length=300, blank=True, default="", help_text=_("What the source is good for.")
    )

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ["published", "id"]
        constraints = [
            models.UniqueConstraint(fields=["event", "title", "publisher"], name="broadcasters_eventsource_unique"),
            models.CheckConstraint(
                name="broadcasters_eventsource_named", condition=Q(title__gt="") & Q(publisher__gt="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.publisher})"
