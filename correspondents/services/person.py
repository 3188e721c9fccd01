"""Correspondents: written down by their house, found where they are by few, erased for good."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from broadcasters.permissions import require
from correspondents.constants import HandOverStatus, PaperStatus
from correspondents.models import Assignment, Correspondent, HandOver, Paper, Skill, Whereabouts
from correspondents.services.assignment import cancel_assignment
from correspondents.services.locking import lock_person
from correspondents.services.saving import write
from mediaexchange.core.errors import ConflictError, DomainError
from mediaexchange.core.languages.normalise import normalise_text
from mediaexchange.core.models import User
from mediaexchange.core.outbox import record

WRITABLE = frozenset({"name", "name_latn", "language", "languages", "home_base", "data_region", "user", "is_active"})
PLACED = frozenset({"place", "address", "phone", "email", "emergency_contact", "local_contacts", "note"})
KEEP, KEEP_WHERE = "correspondents.change_correspondent", "correspondents.change_whereabouts"


@transaction.atomic
def save_correspondent(
    correspondent: Correspondent,
    *,
    actor: User | None,
    changed: Iterable[str] = (),
    skills: Sequence[Skill] | None = None,
) -> Correspondent:
    """Write somebody down, or change the ``changed`` fields; ``skills`` None leaves them as they are.

    Raises DomainError for what cannot be, ConflictError for who is anonymous and for an account that is taken.
    """
    is_new = correspondent.pk is None
    if is_new:
        require(actor, "correspondents.add_correspondent", correspondent.broadcaster)
        stored, names = correspondent, set(WRITABLE)
        stored.data_region = stored.data_region or stored.broadcaster.data_region
    else:
        stored = lock_person(correspondent.pk)
        require(actor, KEEP, stored.broadcaster_id)
        _refuse_gone(stored)
        names = set(changed) & WRITABLE
        for field in names:
            setattr(stored, field, getattr(correspondent, field))
    stored.name = normalise_text(stored.name, stored.shown_language.partition("-")[0]).strip()
    stored.name_latn = normalise_text(stored.name_latn, "en").strip()
    if not stored.name:
        raise DomainError("name-missing", _("Give the name as the person writes it."))
    if names:
        write(stored, names, is_new=is_new, named="")
    if skills is not None:
        stored.skills.set(skills)
    if is_new or names or skills is not None:
        _tell(stored, "correspondent.created" if is_new else "correspondent.changed", actor)
    return stored


@transaction.atomic
def note_whereabouts(correspondent: Correspondent, *, actor: User | None, **values: Any) -> Whereabouts:
    """Write where somebody is and how they are reached: the own desk, or the person. What is not given stays.

    No event tells of it. Raises ForbiddenError, ConflictError for who is anonymous.
    """
    person = lock_person(correspondent.pk)
    if actor is None or person.user_id != actor.pk:
        require(actor, KEEP_WHERE, person.broadcaster_id)
    _refuse_gone(person)
    stored = Whereabouts.objects.filter(correspondent=person).first() or Whereabouts(correspondent=person)
    names = set(values) & PLACED
    for field in names:
        setattr(stored, field, values[field])
    stored.changed_at = timezone.now()
    write(stored, names | {"changed_at"}, is_new=stored._state.adding, named="")
    return stored


@transaction.atomic
def erase_correspondent(correspondent: Correspondent, *, actor: User | None) -> Correspondent:
    """Take away whatever names the person or may: names, account, whereabouts, numbers of papers, words about them.

    What they were given and has not begun is called off; assignments, papers and hand-overs stay as rows without a
    person. Audit, outbox, search and notifications have never held any of it. Raises ConflictError while an assignment
    runs. Safe to repeat: the first moment stays.
    """
    stored = lock_person(correspondent.pk)
    require(actor, KEEP, stored.broadcaster_id)
    if stored.is_anonymous:
        return stored
    own = Assignment.objects.filter(correspondent=stored)
    if own.filter(status="in-progress").exists():
        raise ConflictError("assignment-runs", _("An assignment runs; end it first."), current="in-progress")
    for assignment in own.filter(status__in=("draft", "assigned", "accepted")).order_by("pk"):
        cancel_assignment(assignment, actor=None, reason=str(_("The person is not sent any more.")))
    now = timezone.now()
    own.exclude(status_reason="").update(status_reason="")
    for side in ({"assignment__correspondent": stored}, {"to_correspondent": stored}):
        rows = HandOver.objects.filter(**side)
        rows.filter(status=HandOverStatus.OFFERED).update(status=HandOverStatus.WITHDRAWN, answered_at=now)
        rows.update(matters="", reason="")
    papers = Paper.objects.filter(correspondent=stored)
    papers.filter(status__in=(PaperStatus.WANTED, PaperStatus.APPLIED)).update(status=PaperStatus.DROPPED)
    papers.update(reference="")
    Whereabouts.objects.filter(correspondent=stored).delete()
    Correspondent.objects.filter(pk=stored.pk).update(
        name="", name_latn="", user=None, is_active=False, anonymised_at=now
    )
    stored.refresh_from_db()
    _tell(stored, "correspondent.anonymised", actor)
    return stored


def _refuse_gone(person: Correspondent) -> None:
    if person.is_anonymous:
        raise ConflictError("person-anonymous", _("This person’s data are gone."), current="anonymous")


def _tell(correspondent: Correspondent, kind: str, actor: User | None) -> None:
    record(
        kind, subject_type="correspondent", subject_uid=correspondent.uid, audience=[correspondent.broadcaster_id],
        actor=actor,
    )  # fmt: skip
