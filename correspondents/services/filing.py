"""What came of an assignment: footage in the archive. Stories are filed by the app above, through ``check_filing``."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from archive.models import Item
from broadcasters.permissions import require
from correspondents.constants import AssignmentStatus
from correspondents.models import Assignment, CoverageWish, FootageFiled
from correspondents.services.event import deliver_wish
from correspondents.services.locking import lock_assignment
from correspondents.services.saving import refusals
from correspondents.services.telling import tell_of_assignment
from mediaexchange.core.errors import ConflictError, DomainError
from mediaexchange.core.models import User

FILE = "correspondents.add_footagefiled"


@transaction.atomic
def file_footage(
    assignment: Assignment, item: Item, *, actor: User | None, wish: CoverageWish | None = None
) -> FootageFiled:
    """Link an item of the own house to the assignment it came of; a wish that it answers is delivered. Safe to repeat.

    Raises ConflictError before the assignment has begun, DomainError for footage of another house, ForbiddenError.
    """
    stored = check_filing(assignment, actor=actor, house_id=item.broadcaster_id, wish=wish)
    known = FootageFiled.objects.filter(assignment=stored, item=item).first()
    if known is None:
        known = FootageFiled(assignment=stored, item=item, wish=wish, filed_by=actor)
        with refusals():
            known.save()
        tell_of_assignment(stored, "footage.filed", actor=actor, item=str(item.uid))
    if wish is not None:
        deliver_wish(wish, actor=None)
    return known


def check_filing(assignment: Assignment, *, actor: User | None, house_id: int, wish: CoverageWish | None) -> Assignment:
    """The assignment, locked, if something of this house may be filed for it, in answer to this wish.

    By the own desk, or by the person.
    """
    stored = lock_assignment(assignment.pk)
    person = stored.correspondent
    if actor is None or person is None or person.user_id != actor.pk:
        require(actor, FILE, stored.broadcaster_id)
    if house_id != stored.broadcaster_id:
        raise DomainError("filed-elsewhere", _("What is filed belongs to the house that sends."))
    if stored.status not in (AssignmentStatus.IN_PROGRESS, AssignmentStatus.COMPLETED):
        raise ConflictError("assignment-not-begun", _("The assignment has not begun."), current=stored.status)
    if wish is not None and not stored.wishes.filter(pk=wish.pk).exists():
        raise DomainError("foreign-wish", _("This coverage was not planned for the assignment."))
    return stored
