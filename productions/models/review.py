"""Revisions of scripts and cuts, what each party decided of them, and notes at their timecodes."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from archive.models import Instantiation, MediaFile
from broadcasters.models import Broadcaster
from productions.constants import DecisionKind, RevisionKind
from productions.delivery_querysets import RevisionPartQuerySet, RevisionQuerySet
from productions.models.base import one_of
from productions.models.production import Production


class Revision(models.Model):
    """What the parties are asked to approve: a carrier or file of the archive, or a file such as a script.

    A trigger numbers it within its kind and supersedes the one before, whose approvals are void from then on. What it
    shows never changes: ``file`` is kept besides the carrier it was found in, and is None for a reel on a shelf.
    """

    uid = models.UUIDField(_("UID"), default=uuid4, unique=True, editable=False)
    production = models.ForeignKey(Production, models.PROTECT, related_name="revisions", verbose_name=_("production"))
    kind = models.CharField(pgettext_lazy("revision", "kind"), max_length=10, choices=RevisionKind.choices)
    number = models.PositiveIntegerField(pgettext_lazy("document", "number"), default=0, editable=False)
    broadcaster = models.ForeignKey(
        Broadcaster, models.PROTECT, related_name="+", verbose_name=_("submitted for"),
        help_text=_("The partner that made it."),
    )  # fmt: skip
    instantiation = models.ForeignKey(
        Instantiation, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("carrier or file of the archive"),
    )  # fmt: skip
    file = models.ForeignKey(
        MediaFile, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("file"),
        help_text=_("A recording or a document that is in no catalogue."),
    )  # fmt: skip
    description = models.TextField(_("what is new"), blank=True, default="")
    due_at = models.DateTimeField(
        _("deadline"), null=True, blank=True, help_text=_("By when every party should have decided.")
    )
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+",
        verbose_name=_("submitted by"),
    )  # fmt: skip
    submitted_at = models.DateTimeField(_("submitted at"), db_default=Now(), editable=False)
    superseded_at = models.DateTimeField(_("superseded at"), null=True, blank=True, editable=False)
    overdue_told_at = models.DateTimeField(null=True, editable=False)

    objects = RevisionQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("production", "revision")
        verbose_name_plural = pgettext_lazy("production", "revisions")
        ordering = ["-id"]
        indexes = [
            models.Index(
                fields=["due_at"], name="productions_revision_due",
                condition=Q(superseded_at__isnull=True, overdue_told_at__isnull=True),
            )
        ]  # fmt: skip
        constraints = [
            one_of("kind", RevisionKind, "productions_revision_kind"),
            models.UniqueConstraint(fields=["production", "kind", "number"], name="productions_revision_number"),
            models.UniqueConstraint(
                fields=["production", "kind"], name="productions_revision_one_current",
                condition=Q(superseded_at__isnull=True),
            ),
            models.CheckConstraint(
                name="productions_revision_shows_something",
                condition=Q(instantiation__isnull=False) | Q(file__isnull=False),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return _("%(kind)s, revision %(number)d") % {"kind": self.get_kind_display(), "number": self.number}

    @property
    def is_current(self) -> bool:
        return self.superseded_at is None

    def is_past_due(self) -> bool:
        """Whether its time is over. Whether somebody still owes a decision is asked of the decisions."""
        return self.due_at is not None and self.due_at <= timezone.now()


class Decision(models.Model):
    """What one party said of one revision, once. It never changes: it is withdrawn, while the round is open, or void.

    A trigger refuses decisions about superseded revisions, by houses that are no partners, and late withdrawals.
    """

    uid = models.UUIDField(_("UID"), default=uuid4, unique=True, editable=False)
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="decisions", verbose_name=_("revision"))
    broadcaster = models.ForeignKey(Broadcaster, models.PROTECT, related_name="+", verbose_name=_("party"))
    decision = models.CharField(_("decision"), max_length=10, choices=DecisionKind.choices)
    note = models.TextField(pgettext_lazy("decision", "note"), blank=True, default="")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided at"), db_default=Now(), editable=False)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True, editable=False)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+",
        verbose_name=_("withdrawn by"),
    )  # fmt: skip
    withdrawal_reason = models.CharField(_("reason of the withdrawal"), max_length=500, blank=True, default="")

    objects = RevisionPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ["-id"]
        constraints = [
            one_of("decision", DecisionKind, "productions_decision_word"),
            models.UniqueConstraint(
                fields=["revision", "broadcaster"], name="productions_decision_once",
                condition=Q(withdrawn_at__isnull=True),
            ),
            models.CheckConstraint(
                name="productions_decision_says_why", condition=Q(decision="approved") | Q(note__gt="")
            ),
            models.CheckConstraint(
                name="productions_decision_withdrawn_why",
                condition=Q(withdrawn_at__isnull=True) | Q(withdrawal_reason__gt=""),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.broadcaster} · {self.get_decision_display()}"


class Note(models.Model):
    """Something to look at, from ``in_ms`` up to ``out_ms`` of a recording, on a page of a document, or of the whole.

    Answers hang on the note that began the thread. Milliseconds are those of the file, from its first frame.
    """

    uid = models.UUIDField(_("UID"), default=uuid4, unique=True, editable=False)
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="notes", verbose_name=_("revision"))
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="replies", verbose_name=_("answers to")
    )
    broadcaster = models.ForeignKey(Broadcaster, models.PROTECT, related_name="+", verbose_name=_("party"))
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+",
        verbose_name=_("author"),
    )  # fmt: skip
    in_ms = models.PositiveBigIntegerField(_("from, in ms"), null=True, blank=True)
    out_ms = models.PositiveBigIntegerField(_("until, in ms"), null=True, blank=True)
    page = models.PositiveSmallIntegerField(_("page"), null=True, blank=True)
    text = models.TextField(_("text"))
    created_at = models.DateTimeField(_("created at"), db_default=Now(), editable=False)
    resolved_at = models.DateTimeField(_("resolved at"), null=True, blank=True, editable=False)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+",
        verbose_name=_("resolved by"),
    )  # fmt: skip

    objects = RevisionPartQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("review", "note")
        verbose_name_plural = pgettext_lazy("review", "notes")
        ordering = ["revision", F("in_ms").asc(nulls_first=True), "id"]
        constraints = [
            models.CheckConstraint(name="productions_note_says_something", condition=Q(text__gt="")),
            models.CheckConstraint(
                name="productions_note_stretch",
                condition=Q(out_ms__isnull=True) | Q(in_ms__isnull=False, out_ms__gt=F("in_ms")),
            ),
            models.CheckConstraint(
                name="productions_note_answers_have_no_place",
                condition=Q(parent__isnull=True)
                | Q(in_ms__isnull=True, out_ms__isnull=True, page__isnull=True, resolved_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]
