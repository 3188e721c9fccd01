"""Access to political, economic and cultural institutions: asked for by who sends, answered by the host's desk."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from broadcasters.models import Institution
from broadcasters.permissions import may, require
from correspondents.constants import AccessStatus, Sphere
from correspondents.models import AccessGranted, Assignment
from correspondents.services.locking import lock_assignment
from correspondents.services.saving import refusals
from correspondents.services.telling import DESK, tell_of_assignment
from mediaexchange.core.errors import ConflictError, DomainError
from mediaexchange.core.models import User

ANSWER = "correspondents.change_accessgranted"


@transaction.atomic
def ask_access(
    assignment: Assignment,
    *,
    actor: User | None,
    sphere: str,
    institution: Institution | None = None,
    conditions: str = "",
) -> AccessGranted:
    """Ask the host for access to an institution, or to those of a sphere; where the host itself writes, it is granted.

    Safe to repeat: what stands already is returned. Raises DomainError without a host, ConflictError for what is over.
    """
    stored = lock_assignment(assignment.pk)
    if stored.host_id is None:
        raise DomainError("host-missing", _("Nobody is the host of this assignment."))
    is_host = actor is not None and may(actor, ANSWER, stored.host_id) and stored.status != "draft"
    if not is_host:
        require(actor, DESK, stored.broadcaster_id)
    if stored.status in ("completed", "cancelled", "declined"):
        raise ConflictError("assignment-over", _("The assignment is over."), current=stored.status)
    standing = stored.accesses.exclude(status=AccessStatus.WITHDRAWN)
    known = standing.filter(sphere=sphere, institution=institution).first()
    if known is not None:
        return known
    access = AccessGranted(
        assignment=stored, sphere=Sphere(sphere).value, institution=institution, conditions=conditions.strip()[:500]
    )
    if is_host:
        access.status = AccessStatus.GRANTED
        access.decided_at, access.decided_by = timezone.now(), actor
    with refusals():
        access.save()
    _tell(access, stored, actor)
    return access


@transaction.atomic
def answer_access(
    access: AccessGranted, *, actor: User | None, status: str, conditions: str | None = None
) -> AccessGranted:
    """Grant, refuse or take back, for the host; take back what was asked for, for who asked. Safe to repeat."""
    stored = lock_assignment(access.assignment_id)
    locked = AccessGranted.objects.select_for_update(of=("self",), no_key=True).get(pk=access.pk)
    locked.assignment = stored
    if status == AccessStatus.WITHDRAWN and actor is not None and may(actor, DESK, stored.broadcaster_id):
        pass
    elif stored.host_id is None:
        require(actor, DESK, stored.broadcaster_id)
    else:
        require(actor, ANSWER, stored.host_id)
    if locked.status == status:
        return locked
    locked.move_to(status)
    if conditions is not None:
        locked.conditions = conditions.strip()[:500]
    locked.decided_at, locked.decided_by = timezone.now(), actor
    with refusals():
        locked.save(update_fields=["status", "conditions", "decided_at", "decided_by"])
    _tell(locked, stored, actor)
    return locked


def ask_anew(assignment: Assignment, *, actor: User | None) -> None:
    """Once another house is the host: what the former one was asked is taken back, and asked of the new one, if any.

    The assignment is locked.
    """
    standing = list(assignment.accesses.exclude(status=AccessStatus.WITHDRAWN))
    asked = [row for row in standing if row.status in (AccessStatus.REQUESTED, AccessStatus.GRANTED)]
    assignment.accesses.filter(pk__in=[row.pk for row in standing]).update(
        status=AccessStatus.WITHDRAWN, decided_at=timezone.now(), decided_by=actor
    )
    if assignment.host_id is not None:
        request_again(assignment, asked)


def request_again(assignment: Assignment, accesses: Iterable[AccessGranted]) -> None:
    """Ask the assignment's host for the same; on what conditions, the host says."""
    AccessGranted.objects.bulk_create(
        AccessGranted(assignment=assignment, sphere=access.sphere, institution=access.institution)
        for access in accesses
    )


def _tell(access: AccessGranted, assignment: Assignment, actor: User | None) -> None:
    tell_of_assignment(
        assignment, f"access.{access.status}", actor=actor, people="correspondents.access",
        key=f"{access.uid} {access.status}", access=str(access.uid), sphere=access.sphere,
    )  # fmt: skip
