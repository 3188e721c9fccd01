"""What waits for a desk that sends people or hosts them, and for the correspondents themselves."""

from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from broadcasters.constants import Role
from broadcasters.querysets import member_ids_with
from correspondents.constants import AccessStatus, AssignmentStatus, HandOverStatus, PaperStatus
from correspondents.models import AccessGranted, Assignment, HandOver, Paper
from mediaexchange.core.desks import DeskItem, Urgency
from mediaexchange.core.models import User

_APPLY_SOON = timedelta(days=14)
_END_SOON = timedelta(days=30)
_EVERYBODY: Any = tuple(Role.values)
_DESK: Any = (Role.EXCHANGE_DESK, Role.ADMINISTRATOR)
_PLANNING: Any = (Role.EXCHANGE_DESK, Role.EDITOR, Role.ADMINISTRATOR)


def _today() -> date:
    """In UTC; by the clocks of a country, its papers' own pages say."""
    return timezone.now().date()


def _mine(user: User) -> QuerySet[Assignment]:
    """Given to the reader, who is the correspondent, and not accepted yet."""
    return Assignment.objects.of_person(user).filter(status=AssignmentStatus.ASSIGNED)


def _unconfirmed(user: User) -> QuerySet[Assignment]:
    houses = member_ids_with(user, "correspondents.change_assignment")
    return Assignment.objects.visible_to(user).filter(broadcaster__in=houses, status=AssignmentStatus.ASSIGNED)


def _accesses(user: User) -> QuerySet[Assignment]:
    """People who come to one's own house and have asked for access."""
    asked = AccessGranted.objects.filter(assignment=OuterRef("pk"), status=AccessStatus.REQUESTED)
    houses = member_ids_with(user, "correspondents.change_accessgranted")
    return Assignment.objects.visible_to(user).open().filter(Exists(asked), host__in=houses)


def _hand_overs(user: User) -> QuerySet[HandOver]:
    houses = member_ids_with(user, "correspondents.change_handover")
    theirs = Q(to_correspondent__broadcaster__in=houses) | Q(to_correspondent__user_id=user.pk)
    return HandOver.objects.visible_to(user).filter(theirs, status=HandOverStatus.OFFERED)


def _papers(user: User) -> Any:
    houses = member_ids_with(user, "correspondents.change_paper")
    rows = Paper.objects.visible_to(user).filter(correspondent__broadcaster__in=houses)
    return rows.filter(correspondent__is_active=True)


def _ending(user: User) -> QuerySet[Paper]:
    near = Q(valid__endswith__gt=_today(), valid__endswith__lte=_today() + _END_SOON)
    rows: QuerySet[Paper] = _papers(user).granted().filter(near)
    return rows


def _to_apply_for(user: User) -> QuerySet[Paper]:
    rows: QuerySet[Paper] = _papers(user).filter(status=PaperStatus.WANTED, apply_by_on__lte=_today() + _APPLY_SOON)
    return rows


ITEMS = (
    DeskItem(
        "correspondents.mine", _("My assignments to confirm"), "correspondents.assignment", _EVERYBODY,
        "correspondents.view_assignment", "assignment_ind", Urgency.ANSWER, _mine,
    ),
    DeskItem(
        "correspondents.hand-overs", _("Hand-overs to answer"), "correspondents.handover", _EVERYBODY,
        "correspondents.view_handover", "swap_horiz", Urgency.ANSWER, _hand_overs,
    ),
    DeskItem(
        "correspondents.accesses", _("Access asked of us"), "correspondents.assignment", _DESK,
        "correspondents.change_accessgranted", "badge", Urgency.ANSWER, _accesses,
    ),
    DeskItem(
        "correspondents.papers", _("Papers to apply for within 14 days"), "correspondents.paper", _DESK,
        "correspondents.change_paper", "description", Urgency.SOON, _to_apply_for,
        late=lambda: Q(apply_by_on__lt=_today()),
    ),
    DeskItem(
        "correspondents.ending", _("Papers that end within 30 days"), "correspondents.paper", _DESK,
        "correspondents.change_paper", "event_busy", Urgency.SOON, _ending,
    ),
    DeskItem(
        "correspondents.assignments", _("Assignments not confirmed yet"), "correspondents.assignment", _PLANNING,
        "correspondents.change_assignment", "pending_actions", Urgency.WORK, _unconfirmed,
    ),
)  # fmt: skip
