"""What the scheme of correspondents can be measured by: for a house, a partner and a period, the very rows counted.

``house`` is who sends or wants, ``partner`` who hosts or is covered by. Every function gives a queryset and no number.
Nothing here looks at who asks: narrow the rows with ``visible_to``.
"""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from broadcasters.indicators import Period, RawCount, register
from broadcasters.models import Broadcaster
from broadcasters.record_lines import Told, tell
from correspondents.constants import AccessStatus, AssignmentStatus, HandOverStatus, WishStatus
from correspondents.models import AccessGranted, Assignment, CoverageWish, FootageFiled, HandOver


def assignments_begun(house: Broadcaster, period: Period, partner: Broadcaster | None = None) -> QuerySet[Assignment]:
    """Assignments of the house that really began in the period; with a partner, those that it hosted."""
    rows = Assignment.objects.filter(period.holds("started_at"), broadcaster=house)
    return rows.filter(host=partner) if partner else rows


def assignments_completed(
    house: Broadcaster, period: Period, partner: Broadcaster | None = None
) -> QuerySet[Assignment]:
    rows = Assignment.objects.filter(period.holds("ended_at"), broadcaster=house, status=AssignmentStatus.COMPLETED)
    return rows.filter(host=partner) if partner else rows


def assignments_hosted(house: Broadcaster, period: Period, partner: Broadcaster | None = None) -> QuerySet[Assignment]:
    """Assignments of others that the house hosted and that began in the period."""
    rows = Assignment.objects.filter(period.holds("started_at"), host=house)
    return rows.filter(broadcaster=partner) if partner else rows


def access_granted(house: Broadcaster, period: Period, partner: Broadcaster | None = None) -> QuerySet[AccessGranted]:
    """Access that the house, as a host, granted in the period and has not taken back."""
    rows = AccessGranted.objects.filter(period.holds("decided_at"), assignment__host=house, status=AccessStatus.GRANTED)
    return rows.filter(assignment__broadcaster=partner) if partner else rows


def access_refused(house: Broadcaster, period: Period, partner: Broadcaster | None = None) -> QuerySet[AccessGranted]:
    rows = AccessGranted.objects.filter(period.holds("decided_at"), assignment__host=house, status=AccessStatus.REFUSED)
    return rows.filter(assignment__broadcaster=partner) if partner else rows


def coverage_wanted(house: Broadcaster, period: Period, partner: Broadcaster | None = None) -> QuerySet[CoverageWish]:
    """Wishes of the house made in the period; with a partner, for events that it put into the calendar."""
    rows = CoverageWish.objects.filter(period.holds("created_at"), broadcaster=house)
    return rows.filter(event__broadcaster=partner) if partner else rows


def coverage_delivered(
    house: Broadcaster, period: Period, partner: Broadcaster | None = None
) -> QuerySet[CoverageWish]:
    """Wishes of others that the house's assignments answered in the period."""
    rows = CoverageWish.objects.filter(
        period.holds("delivered_at"), assignment__broadcaster=house, status=WishStatus.DELIVERED
    ).exclude(broadcaster=house)
    return rows.filter(broadcaster=partner) if partner else rows


def footage_filed(house: Broadcaster, period: Period, partner: Broadcaster | None = None) -> QuerySet[FootageFiled]:
    """Items filed in the period for assignments of the house; with a partner, for those that it hosted."""
    rows = FootageFiled.objects.filter(period.holds("filed_at"), assignment__broadcaster=house)
    return rows.filter(assignment__host=partner) if partner else rows


def hand_overs_accepted(house: Broadcaster, period: Period, partner: Broadcaster | None = None) -> QuerySet[HandOver]:
    """Assignments of the house that somebody took over in the period; with a partner, somebody of that house."""
    rows = HandOver.objects.filter(
        period.holds("answered_at"), assignment__broadcaster=house, status=HandOverStatus.ACCEPTED
    )
    return rows.filter(to_correspondent__broadcaster=partner) if partner else rows


RAW_COUNTS = (
    RawCount("assignments-begun", _("assignments begun"), assignments_begun),
    RawCount("assignments-completed", _("assignments completed"), assignments_completed),
    RawCount("assignments-hosted", _("assignments hosted"), assignments_hosted, is_given=True),
    RawCount("access-granted", _("access granted"), access_granted, is_given=True),
    RawCount("access-refused", _("access refused"), access_refused),
    RawCount("coverage-wanted", _("coverage wanted"), coverage_wanted),
    RawCount("coverage-delivered", _("coverage delivered"), coverage_delivered),
    RawCount("footage-filed", _("footage filed for assignments"), footage_filed),
    RawCount("hand-overs-accepted", _("hand-overs accepted"), hand_overs_accepted),
)
register(*RAW_COUNTS)
tell(Assignment, Told(("started_at",)))
tell(AccessGranted, Told(("decided_at",)))
tell(FootageFiled, Told(("filed_at",)))
