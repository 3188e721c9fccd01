"""Anniversaries of the diplomatic calendar, proposed to the desks until they are planned. Reads and never writes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from broadcasters.anniversaries import Anniversary, anniversaries
from broadcasters.models import Broadcaster, DiplomaticEvent
from broadcasters.querysets import member_ids
from correspondents.constants import EventStatus
from correspondents.models import PlannedEvent
from mediaexchange.core.models import User


@dataclass(frozen=True, slots=True)
class Proposal:
    """An anniversary, and the planned event that marks it, of one's own house or shared with it; None: not yet."""

    anniversary: Anniversary
    planned: PlannedEvent | None


def proposals(user: User, first: date, last: date) -> list[Proposal]:
    """Every anniversary that may fall on these days, as far as the user sees the events."""
    found = anniversaries(DiplomaticEvent.objects.visible_to(user), first, last)
    own = set(member_ids(user).values_list("broadcaster_id", flat=True))
    planned: dict[tuple[int, int], PlannedEvent] = {}
    for row in _marking(found).filter(pk__in=PlannedEvent.objects.visible_to(user)).order_by("-pk"):
        if row.broadcaster_id in own or row.status != EventStatus.CANCELLED:
            key = (row.anniversary_of_id or 0, row.anniversary_year or 0)
            if key not in planned or row.broadcaster_id in own:
                planned[key] = row
    return [Proposal(each, planned.get((each.event.pk, each.year))) for each in found]


def houses_without(found: Sequence[Anniversary]) -> dict[tuple[int, int], list[int]]:
    """By event and year, the houses that have neither planned it nor share in what another has planned."""
    houses = list(Broadcaster.objects.filter(is_active=True).order_by("pk").values_list("pk", flat=True))
    taken: dict[tuple[int, int], set[int]] = {}
    for row in _marking(found).select_related("module").prefetch_related("module__parties"):
        key = (row.anniversary_of_id or 0, row.anniversary_year or 0)
        taken.setdefault(key, set()).add(row.broadcaster_id)
        if row.is_shared and row.module and row.status != EventStatus.CANCELLED:
            taken[key] |= {party.pk for party in row.module.parties.all()}
    return {
        (each.event.pk, each.year): [pk for pk in houses if pk not in taken.get((each.event.pk, each.year), ())]
        for each in found
    }


def _marking(found: Sequence[Anniversary]) -> QuerySet[PlannedEvent]:
    return PlannedEvent.objects.filter(
        anniversary_of__in={each.event.pk for each in found}, anniversary_year__in={each.year for each in found}
    )
