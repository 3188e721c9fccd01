"""The last look before something is sent: what was due when it was queued may have become nobody's business."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from broadcasters.models import Broadcaster
from mediaexchange.core.models import OutboxEvent
from newsexchange.constants import AiUse, Destination, EditionOrigin
from newsexchange.models import Edition, RecallNotice, Restriction, Story, Subscription
from newsexchange.rights import decisions_for
from newsexchange.services.claiming import Claim
from newsexchange.services.delivery import Result, canceled


class Recipient(NamedTuple):
    """What must be known of a subscription to send to it."""

    pk: int
    broadcaster_id: int
    destination: str
    url: str
    secret: str
    previous_secret: str
    previous_secret_until: datetime | None


class ToldStory(NamedTuple):
    """What a message says of a story, and whether terms of use must be looked at. ``origin`` is a slug."""

    pk: int
    uid: UUID
    broadcaster_id: int
    origin: str
    pubstatus: str
    has_terms: bool


@dataclass(frozen=True, slots=True)
class Cleared:
    """A claimed delivery that may go now. ``story`` is None for events of other subjects and stories that are gone."""

    delivery: Claim
    recipient: Recipient
    event: OutboxEvent
    story: ToldStory | None
    notice: RecallNotice | None  # the receiver's own, if the event is a recall


@dataclass(frozen=True, slots=True)
class Checked:
    """A cleared delivery with the rows it is about, for those who need more than a message says."""

    delivery: Claim
    subscription: Subscription
    event: OutboxEvent
    story: Story | None


def checked(claims: Sequence[Claim]) -> tuple[list[Checked], list[Result]]:
    """``cleared`` with rows. Stories that have gone meanwhile are None."""
    passed, refused = cleared(claims)
    subscriptions = Subscription.objects.select_related("broadcaster").in_bulk({item.recipient.pk for item in passed})
    ids = {item.story.pk for item in passed if item.story}
    stories = Story.objects.select_related("broadcaster").in_bulk(ids)
    rows = [
        Checked(
            item.delivery,
            subscriptions[item.recipient.pk],
            item.event,
            stories.get(item.story.pk) if item.story else None,
        )
        for item in passed
        if item.recipient.pk in subscriptions
    ]
    return rows, refused


def cleared(
    claims: Sequence[Claim], events: dict[int, OutboxEvent] | None = None
) -> tuple[list[Cleared], list[Result]]:
    """What may be sent, and the results of what must not be. Deliveries of paused subscriptions are in neither list.

    Visibility, rights and the state of subscription and broadcaster are those of this moment, for all deliveries in a
    fixed number of statements; only stories with terms of use are looked at one receiver after another. ``events``
    are those read before; they never change, and new ones are added.
    """
    events = {} if events is None else events
    events |= OutboxEvent.objects.in_bulk({claim.event_id for claim in claims} - events.keys())
    subjects = [events[pk] for pk in {claim.event_id for claim in claims}]
    recipients = _recipients(claims)
    stories = _stories(subjects)
    shown = _shown([story.pk for story in stories.values()], {to.broadcaster_id for to in recipients.values()})
    notices = _notices(subjects, recipients.values())
    passed, refused = [], []
    for claim in claims:
        recipient, event = recipients.get(claim.subscription_id), events[claim.event_id]
        if recipient is None:
            continue
        story = stories.get(event.subject_uid) if event.subject_type == "story" else None
        if not _may_be_told(event, story, recipient, shown):
            refused.append(canceled(claim, "not-visible"))
            continue
        notice = notices.get((event.data["recall"], recipient.broadcaster_id)) if "recall" in event.data else None
        passed.append(Cleared(claim, recipient, event, story, notice))
    barred = _barred(passed)
    refused += [canceled(item.delivery, "use-refused") for item in passed if item.delivery.pk in barred]
    return [item for item in passed if item.delivery.pk not in barred], refused


def _may_be_told(
    event: OutboxEvent, story: ToldStory | None, recipient: Recipient, shown: set[tuple[int, int]]
) -> bool:
    """A retraction may be told to whoever is to hear of it; an announcement to who sees the story at this moment."""
    if story is None:
        return recipient.destination != Destination.HUB and (event.subject_type != "story" or event.is_retraction)
    if event.is_retraction or story.broadcaster_id == recipient.broadcaster_id:
        return True
    return (story.pk, recipient.broadcaster_id) in shown


def _recipients(claims: Sequence[Claim]) -> dict[int, Recipient]:
    """By id; only those that listen."""
    listening = Subscription.objects.filter(
        pk__in={claim.subscription_id for claim in claims},
        is_active=True,
        disabled_at__isnull=True,
        broadcaster__is_active=True,
    ).order_by()
    rows = listening.values_list(*Recipient._fields)
    return {row[0]: Recipient._make(row) for row in rows}


def _stories(events: Iterable[OutboxEvent]) -> dict[UUID, ToldStory]:
    uids = {event.subject_uid for event in events if event.subject_type == "story"}
    if not uids:
        return {}
    restricted = Restriction.objects.filter(story_id=OuterRef("pk"))
    by_machines = Edition.objects.filter(
        Q(origin=EditionOrigin.MACHINE) | Q(ai_use=AiUse.SYNTHETIC), story_id=OuterRef("pk")
    )
    stories = Story.objects.filter(uid__in=uids).annotate(has_terms=Exists(restricted) | Exists(by_machines))
    rows = stories.order_by().values_list("pk", "uid", "broadcaster_id", "broadcaster__slug", "pubstatus", "has_terms")
    return {row[1]: ToldStory._make(row) for row in rows}


def _shown(stories: Sequence[int], broadcasters: Iterable[int]) -> set[tuple[int, int]]:
    return set(Story.objects.filter(pk__in=stories).shown_to(broadcasters)) if stories else set()


def _notices(events: Iterable[OutboxEvent], recipients: Iterable[Recipient]) -> dict[tuple[Any, int], RecallNotice]:
    recalls = {str(event.data["recall"]) for event in events if "recall" in event.data}
    if not recalls:
        return {}
    receivers = {recipient.broadcaster_id for recipient in recipients}
    found = RecallNotice.objects.filter(recall__uid__in=recalls, broadcaster__in=receivers).select_related("recall")
    return {(str(notice.recall.uid), notice.broadcaster_id): notice for notice in found}


def _barred(items: Sequence[Cleared]) -> set[int]:
    """Ids of the deliveries whose receiver may not use the story on any platform at home."""
    questions: dict[int, set[int]] = defaultdict(set)
    bound = []
    for item in items:
        story = item.story
        if story is None or not story.has_terms or item.event.is_retraction:
            continue
        if story.broadcaster_id != item.recipient.broadcaster_id:
            bound.append((item, story))
            questions[item.recipient.broadcaster_id].add(story.pk)
    if not bound:
        return set()
    broadcasters = Broadcaster.objects.in_bulk(questions)
    rows = Story.objects.in_bulk({story.pk for _item, story in bound})
    answers = {
        pk: decisions_for([rows[story] for story in stories if story in rows], broadcasters[pk])
        for pk, stories in questions.items()
    }
    return {
        item.delivery.pk
        for item, story in bound
        if story.pk not in (known := answers[item.recipient.broadcaster_id]) or not known[story.pk].is_allowed
    }
