"""Who hears of what: events for houses, without a name; notifications for the people who have to do with it."""

from collections.abc import Iterable
from typing import Any

from broadcasters.services.recipients import people_with
from correspondents.constants import AssignmentStatus
from correspondents.models import Assignment, CoverageWish, HandOver, Paper, PlannedEvent
from mediaexchange.core.models import User
from mediaexchange.core.notifications import notify
from mediaexchange.core.outbox import record

DESK, HOST = "correspondents.change_assignment", "correspondents.host_assignment"


def tell_of_assignment(
    assignment: Assignment,
    kind: str,
    *,
    actor: User | None,
    people: str = "",
    key: str = "",
    also: Iterable[int] = (),
    **data: Any,
) -> None:
    """Write the event for the sending and the hosting house; ``people`` is the kind of notification, if any.

    ``also`` are further houses that have had to do with it. A host is told of nothing before it is given.
    """
    houses = {assignment.broadcaster_id, *_told_host(assignment), *also}
    record(
        kind, subject_type="assignment", subject_uid=assignment.uid, audience=houses, actor=actor,
        status=assignment.status, **data,
    )  # fmt: skip
    if people:
        notify(
            people, to=people_of(assignment), subject_type="assignment", subject_uid=assignment.uid, key=key,
            actor=actor,
        )  # fmt: skip


def people_of(assignment: Assignment) -> set[int]:
    """The person, the own desk and the host's."""
    to = set(people_with(DESK, [assignment.broadcaster_id]))
    to |= set(people_with(HOST, _told_host(assignment)))
    if assignment.correspondent is not None and assignment.correspondent.user_id:
        to.add(assignment.correspondent.user_id)
    return to


def _told_host(assignment: Assignment) -> list[int]:
    """The host, as far as it sees the assignment."""
    is_seen = assignment.assigned_at is not None and assignment.status != AssignmentStatus.DRAFT
    return [assignment.host_id] if assignment.host_id is not None and is_seen else []


def tell_of_hand_over(hand_over: HandOver, kind: str, *, actor: User | None) -> None:
    """Both sides: the houses and the people that give and that take."""
    giver, taker = hand_over.assignment, hand_over.to_correspondent
    houses = {giver.broadcaster_id, taker.broadcaster_id, *([giver.host_id] if giver.host_id else [])}
    record(
        f"hand-over.{kind}", subject_type="hand-over", subject_uid=hand_over.uid, audience=houses, actor=actor,
        assignment=str(giver.uid),
    )  # fmt: skip
    to = people_of(giver) | set(people_with(DESK, [taker.broadcaster_id]))
    if taker.user_id:
        to.add(taker.user_id)
    notify(
        "correspondents.hand-over", to=to, subject_type="hand-over", subject_uid=hand_over.uid,
        key=str(hand_over.status), actor=actor,
    )  # fmt: skip


def tell_of_paper(paper: Paper, *, actor: User | None, people: str, key: str) -> None:
    """The own desk and the person; nobody else is told of papers, though some may look."""
    to = set(people_with("correspondents.keep_paper", [paper.correspondent.broadcaster_id]))
    if paper.correspondent.user_id:
        to.add(paper.correspondent.user_id)
    notify(people, to=to, subject_type="paper", subject_uid=paper.uid, key=key, actor=actor)


def tell_of_event(event: PlannedEvent, kind: str, *, actor: User | None) -> None:
    """The house, and the parties it is shared with. People who cover it are told that it has changed."""
    record(
        kind, subject_type="planned-event", subject_uid=event.uid, audience=audience_of(event), actor=actor,
        status=event.status,
    )  # fmt: skip


def audience_of(event: PlannedEvent) -> set[int]:
    parties = event.module.parties.values_list("pk", flat=True) if event.is_shared and event.module else ()
    return {event.broadcaster_id, *parties}


def tell_of_wish(wish: CoverageWish, *, actor: User | None, people: str = "") -> None:
    """Everybody who sees the event; the people of the house that wants it when it is planned or delivered."""
    record(
        f"coverage.{wish.status}", subject_type="coverage-wish", subject_uid=wish.uid,
        audience={*audience_of(wish.event), wish.broadcaster_id}, actor=actor, event=str(wish.event.uid),
    )  # fmt: skip
    if people:
        notify(
            people, to=people_with("correspondents.change_coveragewish", [wish.broadcaster_id]),
            subject_type="coverage-wish", subject_uid=wish.uid, key=str(wish.status), actor=actor,
        )  # fmt: skip
