"""The last look before something is sent: what was due when it was queued may have become nobody's business."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Q

from broadcasters.models import Broadcaster
from mediaexchange.core.models import OutboxEvent
from newsexchange.constants import AiUse, EditionOrigin
from newsexchange.models import Delivery, Edition, RecallNotice, Restriction, Story, Subscription
from newsexchange.rights import decisions_for
from newsexchange.services.delivery import Result, canceled


@dataclass(frozen=True, slots=True)
class Checked:
    """A claimed delivery that may go now, with what it is about. ``story`` is None for events of other subjects."""

    delivery: Delivery
    subscription: Subscription
    event: OutboxEvent
    story: Story | None
    notice: RecallNotice | None  # the receiver's own, if the event is a recall


def checked(deliveries: Sequence[Delivery]) -> tuple[list[Checked], list[Result]]:
    """What may be sent, and the results of what must not be. Deliveries of paused subscriptions are in neither list.

    Visibility, rights and the state of subscription and broadcaster are those of this moment, for all deliveries in a
    fixed number of statements; only stories with terms of use are looked at one receiver after another.
    """
    subscriptions = Subscription.objects.select_related("broadcaster").in_bulk({d.subscription_id for d in deliveries})
    events = OutboxEvent.objects.in_bulk({delivery.event_id for delivery in deliveries})
    uids = {event.subject_uid for event in events.values() if event.subject_type == "story"}
    stories = {story.uid: story for story in Story.objects.filter(uid__in=uids).select_related("broadcaster")}
    ids = [delivery.pk for delivery in deliveries]
    visible = set(Delivery.objects.filter(pk__in=ids).of_visible_stories().values_list("pk", flat=True))
    notices = _notices(events.values(), subscriptions.values())
    passed, refused = [], []
    for delivery in deliveries:
        subscription, event = subscriptions.get(delivery.subscription_id), events[delivery.event_id]
        if subscription is None or not _is_listening(subscription):
            continue
        story = stories.get(event.subject_uid)
        if event.subject_type == "story" and not event.is_retraction and delivery.pk not in visible:
            refused.append(canceled(delivery, "not-visible"))
            continue
        notice = notices.get((event.data.get("recall"), subscription.broadcaster_id))
        passed.append(Checked(delivery, subscription, event, story, notice))
    barred = _barred(passed)
    refused += [canceled(item.delivery, "use-refused") for item in passed if item.delivery.pk in barred]
    return [item for item in passed if item.delivery.pk not in barred], refused


def _is_listening(subscription: Subscription) -> bool:
    return subscription.is_active and subscription.disabled_at is None and subscription.broadcaster.is_active


def _notices(
    events: Iterable[OutboxEvent], subscriptions: Iterable[Subscription]
) -> dict[tuple[str | None, int], RecallNotice]:
    recalls = {str(event.data["recall"]) for event in events if "recall" in event.data}
    if not recalls:
        return {}
    receivers = {subscription.broadcaster_id for subscription in subscriptions}
    found = RecallNotice.objects.filter(recall__uid__in=recalls, broadcaster__in=receivers).select_related("recall")
    return {(str(notice.recall.uid), notice.broadcaster_id): notice for notice in found}


def _barred(items: Sequence[Checked]) -> set[int]:
    """Ids of the deliveries whose receiver may not use the story on any platform at home."""
    foreign = [
        (item, item.story)
        for item in items
        if item.story and not item.event.is_retraction and item.story.broadcaster_id != item.subscription.broadcaster_id
    ]
    ids = {story.pk for _item, story in foreign}
    bound = set(Restriction.objects.filter(story__in=ids).values_list("story_id", flat=True)) | set(
        Edition.objects.filter(Q(origin=EditionOrigin.MACHINE) | Q(ai_use=AiUse.SYNTHETIC), story__in=ids).values_list(
            "story_id", flat=True
        )
    )
    questions: dict[Broadcaster, dict[int, Story]] = defaultdict(dict)
    for item, story in foreign:
        if story.pk in bound:
            questions[item.subscription.broadcaster][story.pk] = story
    answers = {
        broadcaster.pk: decisions_for(stories.values(), broadcaster) for broadcaster, stories in questions.items()
    }
    return {
        item.delivery.pk
        for item, story in foreign
        if story.pk in bound and not answers[item.subscription.broadcaster_id][story.pk].is_allowed
    }
