"""Rounds of review: a revision is submitted, every party decides once, notes are taken and settled.

Each deed locks the production, then the revision: an approval and a new revision come one after the other.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from archive.models import Instantiation, MediaFile
from broadcasters.models import Broadcaster
from broadcasters.permissions import require
from mediaexchange.core.errors import ConflictError, DomainError
from mediaexchange.core.models import User
from mediaexchange.core.outbox import record
from mediaexchange.core.search.indexing import refresh_record
from productions.constants import DecisionKind
from productions.models import Decision, Note, Partner, Production, Revision
from productions.notifications import (
    DECIDED,
    REVISION_APPROVED,
    REVISION_NOTED,
    REVISION_OVERDUE,
    REVISION_SUBMITTED,
    tell_partners,
)
from productions.services.production import lock_production, partner_ids, require_partner

DECIDE = "productions.add_decision"
MOST_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Standing:
    """One party and what it says of a revision now; None: nothing yet."""

    broadcaster: Broadcaster
    decision: Decision | None

    @property
    def has_approved(self) -> bool:
        return self.decision is not None and self.decision.decision == DecisionKind.APPROVED


def standings(revision: Revision) -> list[Standing]:
    """Every party, the largest share first."""
    said = {row.broadcaster_id: row for row in revision.decisions.all() if row.withdrawn_at is None}
    partners = revision.production.partners.all()
    return [Standing(partner.broadcaster, said.get(partner.broadcaster_id)) for partner in partners]


def is_complete(revision: Revision) -> bool:
    """Whether every party has approved it, by the rows as they are now."""
    approved = Decision.objects.filter(
        revision=revision, decision=DecisionKind.APPROVED, withdrawn_at__isnull=True
    ).values("broadcaster")
    parties = Partner.objects.filter(production=revision.production_id)
    return parties.exists() and not parties.exclude(broadcaster__in=approved).exists()


@transaction.atomic
def submit_revision(
    production: Production,
    *,
    actor: User | None,
    kind: str,
    broadcaster: Broadcaster,
    instantiation: Instantiation | None = None,
    file: MediaFile | None = None,
    description: str = "",
    due_at: datetime | None = None,
) -> Revision:
    """Put a script or cut before the parties. What they said of the last one of its kind is void from then on.

    Raises DomainError for nothing to look at, for what is not the house's own or is not ready, and for a deadline that
    has passed; ConflictError for a production that is closed; ForbiddenError.
    """
    stored = lock_production(production)
    require(actor, "productions.add_revision", broadcaster)
    require_open(stored)
    if broadcaster.pk not in partner_ids(stored):
        raise DomainError("not-a-partner", _("Only partners of the production submit revisions."))
    file = _material(instantiation, file, broadcaster)
    if due_at is not None and due_at <= timezone.now():
        raise DomainError("deadline-passed", _("The deadline lies in the past."))
    revision = Revision.objects.create(
        production=stored, kind=kind, broadcaster=broadcaster, instantiation=instantiation, file=file,
        description=description.strip(), due_at=due_at, submitted_by=actor,
    )  # fmt: skip
    revision.refresh_from_db(fields=["number", "superseded_at"])
    _tell("revision.submitted", revision, actor)
    tell_partners(REVISION_SUBMITTED, stored, subject=revision, actor=actor, permission=DECIDE)
    return revision


@transaction.atomic
def decide_revision(
    revision: Revision, *, actor: User | None, broadcaster: Broadcaster, decision: str, note: str = ""
) -> Decision:
    """Say what one party thinks of it, once. Safe to repeat: the same word again is the same decision.

    Raises ConflictError for a superseded revision and for a party that has said something else; DomainError without
    a note where one is due and for a house that is no party; ForbiddenError.
    """
    stored = lock_revision(revision)
    require(actor, DECIDE, broadcaster)
    require_open(stored.production)
    if broadcaster.pk not in partner_ids(stored.production):
        raise DomainError("not-a-partner", _("Only partners of the production decide."))
    _require_current(stored)
    known = Decision.objects.filter(revision=stored, broadcaster=broadcaster, withdrawn_at__isnull=True).first()
    if known is not None:
        if known.decision == decision:
            return known
        raise ConflictError(
            "already-decided",
            _("Your house has decided already. Withdraw that decision first, or wait for a new revision."),
            current=known.decision,
            wanted=decision,
        )
    if decision != DecisionKind.APPROVED and not note.strip():
        raise DomainError("note-missing", _("Say what has to change, or why it is refused."))
    made = Decision.objects.create(
        revision=stored, broadcaster=broadcaster, decision=decision, note=note.strip(), decided_by=actor
    )
    made.refresh_from_db(fields=["decided_at"])
    _tell("revision.decided", stored, actor, decision=decision, broadcaster=broadcaster.slug)
    tell_partners(DECIDED, stored.production, subject=made, actor=actor)
    if is_complete(stored):
        _tell("revision.approved", stored, actor)
        tell_partners(REVISION_APPROVED, stored.production, subject=stored, actor=actor)
    return made


@transaction.atomic
def withdraw_decision(decision: Decision, *, actor: User | None, reason: str) -> Decision:
    """Take back what a party has said, while the round is open; it stays on record. Safe to repeat.

    Raises ConflictError once every party has approved or a new revision has come; DomainError without a reason;
    ForbiddenError.
    """
    stored = lock_revision(decision.revision)
    require(actor, DECIDE, decision.broadcaster_id)
    made = Decision.objects.select_for_update(of=("self",), no_key=True).get(pk=decision.pk)
    if made.withdrawn_at is not None:
        return made
    _require_current(stored)
    if is_complete(stored):
        raise ConflictError(
            "round-over", _("Every party has approved. Only a new revision opens the question again."),
            current="approved",
        )  # fmt: skip
    if not reason.strip():
        raise DomainError("reason-missing", _("Give a reason."))
    Decision.objects.filter(pk=made.pk).update(
        withdrawn_at=Now(), withdrawn_by=actor, withdrawal_reason=reason.strip()[:500]
    )
    made.refresh_from_db()
    _tell("revision.decision-withdrawn", stored, actor, broadcaster=made.broadcaster.slug)
    tell_partners(DECIDED, stored.production, subject=made, actor=actor, key="withdrawn")
    return made


@transaction.atomic
def add_note(
    revision: Revision,
    *,
    actor: User | None,
    broadcaster: Broadcaster,
    text: str,
    in_ms: int | None = None,
    out_ms: int | None = None,
    page: int | None = None,
    parent: Note | None = None,
) -> Note:
    """Write a note at a moment, a stretch, a page or of the whole; or answer one: answers hang on its thread.

    Raises ConflictError for a new thread on a superseded revision, DomainError for an empty note and a stretch that
    cannot be, ForbiddenError.
    """
    stored = lock_revision(revision)
    require(actor, "productions.add_note", broadcaster)
    if broadcaster.pk not in partner_ids(stored.production):
        raise DomainError("not-a-partner", _("Only partners of the production write notes."))
    if not text.strip():
        raise DomainError("note-empty", _("Write something."))
    if parent is not None:
        if parent.revision_id != stored.pk:
            raise DomainError("foreign-note", _("The note belongs to another revision."))
        parent, in_ms, out_ms, page = parent.parent or parent, None, None, None
    else:
        _require_current(stored)
        _check_place(stored, in_ms, out_ms)
    note = Note.objects.create(
        revision=stored, broadcaster=broadcaster, author=actor, parent=parent, in_ms=in_ms, out_ms=out_ms, page=page,
        text=text.strip(),
    )  # fmt: skip
    note.refresh_from_db(fields=["created_at"])
    refresh_record(stored.production)
    _tell("revision.noted", stored, actor, note=str(note.uid))
    # Once a day for each revision: notes come in dozens.
    tell_partners(REVISION_NOTED, stored.production, subject=stored, actor=actor, key=timezone.localdate().isoformat())
    return note


@transaction.atomic
def resolve_note(note: Note, *, actor: User | None, is_resolved: bool = True) -> Note:
    """Settle the thread that the note began, or open it again. Safe to repeat. Raises ForbiddenError."""
    stored = lock_revision(note.revision)
    require_partner(actor, "productions.change_note", stored.production)
    first = note.parent or note
    thread = Note.objects.filter(pk=first.pk, resolved_at__isnull=is_resolved)
    if thread.update(resolved_at=Now() if is_resolved else None, resolved_by=actor if is_resolved else None):
        _tell("revision.note-resolved" if is_resolved else "revision.note-reopened", stored, actor, note=str(first.uid))
    return Note.objects.select_related("broadcaster", "author", "resolved_by").get(pk=first.pk)


@transaction.atomic
def announce_overdue() -> int:
    """Tell the parties that have not decided by the deadline, once for each revision. Returns how many revisions."""
    late: QuerySet[Revision] = Revision.objects.overdue().filter(overdue_told_at__isnull=True)
    locked = late.select_for_update(skip_locked=True, of=("self",), no_key=True).select_related("production")
    revisions = list(locked.order_by("due_at", "pk")[:MOST_AT_ONCE])
    for revision in revisions:
        silent = [each.broadcaster.pk for each in standings(revision) if each.decision is None]
        tell_partners(
            REVISION_OVERDUE, revision.production, subject=revision, actor=None, houses=silent, permission=DECIDE
        )
        _tell("revision.overdue", revision, None)
    Revision.objects.filter(pk__in=[revision.pk for revision in revisions]).update(overdue_told_at=Now())
    return len(revisions)


def lock_revision(revision: Revision) -> Revision:
    """The stored row after its production, both locked until the transaction ends."""
    production = lock_production(revision.production)
    stored = Revision.objects.select_for_update(of=("self",), no_key=True).get(pk=revision.pk)
    stored.production = production
    return stored


def require_open(production: Production) -> None:
    """Raises ConflictError where nothing is done any more. Reads ``stage``."""
    if production.stage.is_closed:
        raise ConflictError("production-closed", _("The production is closed."), current=production.stage.slug)


def _require_current(revision: Revision) -> None:
    if not revision.is_current:
        raise ConflictError(
            "revision-superseded", _("A newer revision has come; this one is decided no more."), current="superseded"
        )


def _material(
    instantiation: Instantiation | None, file: MediaFile | None, broadcaster: Broadcaster
) -> MediaFile | None:
    """The file to look at; None for a reel on a shelf. Every party reads documents as they are."""
    if (instantiation is None) == (file is None):
        raise DomainError("material-missing", _("Choose what is to be looked at: one carrier, or one file."))
    owner = instantiation.item.broadcaster_id if instantiation else file.broadcaster_id if file else 0
    if owner != broadcaster.pk:
        raise DomainError("foreign-material", _("A house submits only what is its own."))
    shown = instantiation.file if instantiation else file
    if shown is not None and not shown.is_ready:
        raise DomainError("file-not-ready", _("The file is not ready."))
    return shown


def _check_place(revision: Revision, in_ms: int | None, out_ms: int | None) -> None:
    if out_ms is not None and (in_ms is None or out_ms <= in_ms):
        raise DomainError("bad-stretch", _("The stretch ends after it has begun."))
    lasts_ms = (revision.file.technical.get("duration_ms") if revision.file else None) or None
    if lasts_ms and max(in_ms or 0, out_ms or 0) > lasts_ms + 1000:  # a frame's rounding is no reason
        raise DomainError("beyond-end", _("The recording ends before."))


def _tell(kind: str, revision: Revision, actor: User | None, **data: Any) -> None:
    record(
        kind, subject_type="revision", subject_uid=revision.uid, audience=partner_ids(revision.production), actor=actor,
        production=str(revision.production.uid), revision_kind=revision.kind, number=revision.number, **data,
    )  # fmt: skip
