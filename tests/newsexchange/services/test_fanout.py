"""Which event becomes a delivery for whom."""

from datetime import timedelta

import pytest
from django.utils import timezone

from mediaexchange.core.models import OutboxEvent
from newsexchange.constants import DeliveryStatus, Destination, RecallKind, Road
from newsexchange.models import Delivery, Fanout, Offer, Story, Subscription
from newsexchange.services.claiming import claim_due
from newsexchange.services.dispatch import dispatch
from newsexchange.services.fanout import fan_out
from newsexchange.services.offer import withdraw_offer
from newsexchange.services.recall import recall_story
from newsexchange.services.receipt import note_receipts
from newsexchange.services.restriction import set_restrictions
from newsexchange.services.story import save_story
from tests.factories import (
    make_broadcaster,
    make_embargoed_story,
    make_story,
    make_subscription,
    make_user,
    offer,
)

pytestmark = pytest.mark.django_db


def told(subscription: Subscription) -> list[str]:
    fan_out()
    return list(subscription.deliveries.order_by("position").values_list("event__kind", flat=True))


def test_an_event_becomes_one_delivery_for_each_subscription_of_its_audience(rts, ptrc):
    first, second = make_subscription(ptrc), make_subscription(ptrc)
    elsewhere = make_subscription(make_broadcaster("rtv"))
    offer(make_story(rts), ptrc)
    for subscription in (first, second):
        assert told(subscription) == ["story.offered"]
    assert told(elsewhere) == []
    assert fan_out() == 0


def test_a_fan_out_that_forgot_where_it_was_makes_nothing_twice(rts, ptrc):
    make_subscription(ptrc)
    offer(make_story(rts), ptrc)
    fan_out()
    Fanout.objects.update(position=0)
    fan_out()
    assert Delivery.objects.count() == 1


def test_events_from_before_a_subscription_are_not_for_it(rts, ptrc):
    offer(make_story(rts), ptrc)
    OutboxEvent.objects.update(at=timezone.now() - timedelta(minutes=1))
    assert told(make_subscription(ptrc)) == []


@pytest.mark.parametrize("fields", [{"is_active": False}, {"disabled_at": timezone.now()}, {"destination": "pull"}])
def test_nothing_is_made_for_who_is_paused_or_fetches(rts, ptrc, fields):
    subscription = make_subscription(ptrc, **fields)
    offer(make_story(rts), ptrc)
    assert told(subscription) == []


@pytest.mark.parametrize(
    ("wish", "passes"),
    [
        ({"topics": ["medtop:01000000"]}, True),
        ({"topics": ["medtop:15000000", "medtop:01000000"]}, True),
        ({"topics": ["medtop:15000000"]}, False),
        ({"kinds": ["video"]}, True),
        ({"kinds": ["text", "audio"]}, False),
        ({"languages": ["sr-Latn"]}, True),
        ({"languages": ["en"]}, True),
        ({"languages": ["kk", "ru"]}, False),
    ],
)
def test_the_saved_filter_lets_pass_what_it_names(rts, ptrc, wish, passes):
    subscription = make_subscription(ptrc, **wish)
    offer(make_story(rts, topics=["medtop:01000000"], kind="video"), ptrc)
    assert bool(told(subscription)) is passes


def test_text_in_a_language_without_a_column_counts_as_its_own(rts, ptrc):
    subscription = make_subscription(ptrc, languages=["fr"])
    story = make_story(rts)
    offer(story, ptrc)
    assert told(subscription) == []
    story.editions.create(language="fr", headline="Une bibliothèque ouvre")
    Offer.objects.all().delete()
    offer(story, ptrc)
    assert told(subscription) == ["story.offered"]


def test_origins_name_whose_stories_pass(rts, ptrc):
    rtv = make_broadcaster("rtv")
    subscription = make_subscription(ptrc)
    subscription.origins.set([rtv])
    offer(make_story(rts), ptrc)
    assert told(subscription) == []
    offer(make_story(rtv), ptrc)
    assert told(subscription) == ["story.offered"]


@pytest.mark.parametrize(
    ("restriction", "passes"),
    [
        ({"territories": ["KZ"], "is_barred": True}, False),
        ({"territories": ["CIS"], "is_barred": True}, False),
        ({"territories": [], "is_barred": True}, False),
        ({"territories": ["RS"], "is_elsewhere": True, "is_barred": True}, False),
        ({"territories": ["nowhere known"], "is_barred": True}, False),
        ({"territories": ["RS"], "is_barred": True}, True),
        ({"territories": ["KZ"], "is_elsewhere": True, "is_barred": True}, True),
        ({"territories": ["KZ"], "no_archive": True}, True),
        ({"territories": ["KZ"], "is_barred": True, "platforms": ["web"]}, True),
        ({"territories": ["KZ"], "is_barred": True, "ends_at": timezone.now() - timedelta(days=1)}, True),
    ],
)
def test_who_wants_only_what_is_clear_at_home_hears_of_nothing_else(rts, ptrc, restriction, passes):
    picky, open_minded = make_subscription(ptrc, only_clear=True), make_subscription(ptrc)
    offer(make_story(rts, restrictions=[restriction]), ptrc)
    assert bool(told(picky)) is passes
    assert told(open_minded) == ["story.offered"]


def test_an_announcement_under_embargo_makes_nothing_for_partners(rts, ptrc):
    partner, own = make_subscription(ptrc), make_subscription(rts)
    offer(make_embargoed_story(rts), ptrc)
    assert told(partner) == []
    assert told(own) == ["story.published", "story.offered"]


def test_a_retraction_passes_the_filter_for_whoever_was_told(rts, ptrc):
    subscription = make_subscription(ptrc)
    story = make_story(rts)
    offer(story, ptrc)
    fan_out()
    Delivery.objects.update(status=DeliveryStatus.DELIVERED, finished_at=timezone.now())
    Subscription.objects.update(topics=["medtop:15000000"])
    recall_story(story, actor=None, kind=RecallKind.KILL, reason="")
    assert told(subscription) == ["story.offered", "story.recalled"]


def test_a_retraction_passes_the_filter_for_whoever_received_the_story_by_another_road(rts, ptrc):
    subscription = make_subscription(ptrc, topics=["medtop:15000000"])
    story = make_story(rts)
    offer(story, ptrc)
    note_receipts([story.pk], [ptrc.pk], Road.API)
    withdraw_offer(Offer.objects.get(), actor=make_user(rts))
    assert told(subscription) == ["offer.withdrawn"]


def test_a_retraction_supersedes_what_waits_of_its_story_and_nothing_else(rts, ptrc):
    subscription = make_subscription(ptrc)
    story, other = make_story(rts), make_story(rts)
    offer(story, ptrc)
    offer(other, ptrc)
    fan_out()
    recall_story(story, actor=None, kind=RecallKind.WITHHOLD, reason="")
    fan_out()
    states = dict(subscription.deliveries.filter(event__kind="story.offered").values_list("subject_uid", "status"))
    assert states == {story.uid: DeliveryStatus.CANCELED, other.uid: DeliveryStatus.PENDING}


def test_a_second_recall_does_not_cancel_the_first_but_hurries_it(rts, ptrc):
    subscription = make_subscription(ptrc)
    story = make_story(rts)
    offer(story, ptrc)
    recall_story(story, actor=None, kind=RecallKind.WITHHOLD, reason="")
    fan_out()
    Delivery.objects.update(due_at=timezone.now() + timedelta(hours=20))
    recall_story(Story.objects.get(pk=story.pk), actor=None, kind=RecallKind.KILL, reason="")
    fan_out()
    waiting = subscription.deliveries.filter(status=DeliveryStatus.PENDING)
    assert waiting.count() == 2
    assert all(delivery.due_at <= timezone.now() for delivery in waiting)


def test_a_digest_waits_for_its_hour_but_a_recall_does_not(rts, ptrc):
    digest = make_subscription(ptrc, destination=Destination.EMAIL, url="", email="desk@example.org")
    offer(make_story(rts), ptrc)
    fan_out()
    due = digest.deliveries.get().due_at
    local = due.astimezone(timezone.zoneinfo.ZoneInfo("Asia/Almaty"))
    assert (local.hour, local.minute) == (6, 0)
    assert timezone.now() < due <= timezone.now() + timedelta(days=1)
    recall_story(Story.objects.get(), actor=None, kind=RecallKind.KILL, reason="")
    fan_out()
    assert digest.deliveries.get(event__is_retraction=True).due_at <= timezone.now()


def test_files_and_digests_are_of_stories_only(rts, ptrc):
    from mediaexchange.core.outbox import record

    drop = make_subscription(ptrc, destination=Destination.DROP, url="", folder="ptrc/in")
    hook = make_subscription(ptrc)
    record("request.asked", subject_type="request", subject_uid=drop.uid, audience=[ptrc.pk], actor=None)
    assert told(drop) == []
    assert told(hook) == ["request.asked"]


def test_a_test_goes_to_the_subscription_it_is_for(ptrc):
    from newsexchange.services.subscription import ping_subscription

    tried, other = make_subscription(ptrc), make_subscription(ptrc)
    ping_subscription(tried, actor=None)
    assert told(tried) == ["subscription.test"]
    assert told(other) == []


def test_who_paused_hears_of_a_recall_when_it_listens_again(rts, ptrc):
    subscription, story = make_subscription(ptrc), make_story(rts)
    offer(story, ptrc)
    fan_out()
    Delivery.objects.update(status=DeliveryStatus.DELIVERED, finished_at=timezone.now())
    Subscription.objects.update(is_active=False)
    recall_story(story, actor=None, kind=RecallKind.KILL, reason="")
    assert told(subscription) == ["story.offered", "story.recalled"]
    assert claim_due([Destination.WEBHOOK], 10) == []
    Subscription.objects.update(is_active=True)
    (claim,) = claim_due([Destination.WEBHOOK], 10)
    assert Delivery.objects.get(pk=claim.pk).event.kind == "story.recalled"


def test_a_withdrawn_offer_is_no_withdrawal_for_the_origin(rts, ptrc):
    own, partner = make_subscription(rts), make_subscription(ptrc)
    offer(make_story(rts), ptrc)
    withdraw_offer(Offer.objects.get(), actor=make_user(rts))
    fan_out()
    withdrawn = Delivery.objects.filter(event__kind="offer.withdrawn")
    said = dict(withdrawn.values_list("subscription", "event__is_retraction"))
    assert said == {own.pk: False, partner.pk: True}


def make_hub(broadcaster):
    return make_subscription(broadcaster, destination=Destination.HUB, secret="")


@pytest.mark.parametrize(
    "fields", [{"usage_terms": "Television only"}, {"restrictions": [{"is_barred": True, "territories": ["KZ"]}]}]
)
def test_a_hub_does_not_hear_of_what_its_terms_keep_out_of_the_open_feeds(rts, fields):
    hub = make_hub(rts)
    story = make_story(rts, is_open=True, **fields)
    recall_story(story, actor=None, kind=RecallKind.KILL, reason="")
    assert told(hub) == []


def test_a_hub_does_not_hear_that_an_embargoed_story_was_killed(rts):
    hub = make_hub(rts)
    recall_story(make_embargoed_story(rts, is_open=True), actor=None, kind=RecallKind.KILL, reason="")
    assert told(hub) == []


@pytest.mark.parametrize(
    "change", [{"is_open": False}, {"usage_terms": "Television only"}, {"is_held": True}, {"headline_en": "Another"}]
)
def test_a_hub_hears_of_what_leaves_or_changes_in_the_open_feeds(rts, change):
    hub, story = make_hub(rts), make_story(rts, is_open=True)
    for name, value in change.items():
        setattr(story, name, value)
    save_story(story, actor=make_user(rts), changed=set(change))
    assert told(hub) == ["story.published", "story.updated"]


def test_of_a_story_that_is_barred_at_home_the_ledger_says_so_once_while_that_lasts(rts, ptrc):
    subscription = make_subscription(ptrc)
    story = make_story(rts, restrictions=[{"territories": ["KZ"], "is_barred": True}])

    def update(headline):
        story.headline_en = headline
        save_story(story, actor=make_user(rts), changed={"headline_en"})
        dispatch(linger_s=0.0, timeout=1.0)

    offer(story, ptrc)
    dispatch(linger_s=0.0, timeout=1.0)
    for number in range(3):
        update(f"Version {number}")
    ledger = subscription.deliveries.order_by("position")
    assert list(ledger.values_list("event__kind", "status", "error")) == [
        ("story.offered", DeliveryStatus.CANCELED, "use-refused")
    ]
    set_restrictions(story, [], actor=make_user(rts))
    fan_out()
    update("Free at last")
    assert list(ledger.values_list("event__kind", flat=True)) == ["story.offered", "story.restricted", "story.updated"]
    assert ledger.last().error != "use-refused"
