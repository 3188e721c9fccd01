"""From a committed event to a receiver's server and back into the ledger."""

import sys
from datetime import timedelta

import pytest
from django.utils import timezone

from mediaexchange.core.outbox import number_events
from newsexchange.constants import DeliveryStatus, Destination, RecallKind
from newsexchange.models import Delivery, DeliveryAttempt, Offer, RecallNotice, Receipt, Story, Subscription
from newsexchange.services.claiming import claim_due
from newsexchange.services.dispatch import dispatch
from newsexchange.services.fanout import fan_out
from newsexchange.services.offer import withdraw_offer
from newsexchange.services.recall import recall_story
from newsexchange.services.story import release_due_embargoes, save_story
from tests.factories import (
    make_broadcaster,
    make_delivery,
    make_embargoed_story,
    make_story,
    make_subscription,
    make_user,
    offer,
)

pytestmark = pytest.mark.django_db


def run(**options) -> int:
    return dispatch(linger_s=0.0, **{"timeout": 2.0, **options})


def states() -> list[tuple[str, str]]:
    return [(d.event.kind, d.status) for d in Delivery.objects.order_by("position", "id").select_related("event")]


def ring_the_clock() -> None:
    Delivery.objects.filter(status=DeliveryStatus.PENDING).update(due_at=timezone.now() - timedelta(seconds=1))
    Subscription.objects.update(open_until=None)


def test_an_offered_story_is_told_signed_and_without_a_word_of_its_text(receive, rts, ptrc):
    receiver = receive()
    subscription = make_subscription(ptrc, url=receiver.url)
    story = make_story(rts)
    offer(story, ptrc)
    assert run() == 1
    (message,) = receiver.messages
    delivery = Delivery.objects.get()
    assert message.verified_by(subscription.secret)["type"] == "story.offered"
    assert message.id == str(delivery.uid)
    assert message.data["uid"] == str(story.uid)
    assert message.data["url"].endswith(f"/api/v1/stories/{story.uid}/")
    assert message.data["documents"]["ninjs-3.1"].startswith(message.data["url"])
    assert (message.data["version"], message.data["pubstatus"], message.data["origin"]) == (1, "usable", "rts")
    for word in ("library", "библиотека", "reading"):
        assert word not in message.body.decode()
    assert len(message.body) < 20_000
    assert (delivery.status, delivery.attempts, delivery.response_status) == (DeliveryStatus.DELIVERED, 1, 204)
    receipt = Receipt.objects.get()
    assert (receipt.story, receipt.broadcaster, receipt.road) == (story, ptrc, "webhook")


def test_every_event_has_one_id_that_stays_the_same_at_every_attempt(receive, rts, ptrc):
    receiver = receive(500, 503, 204)
    make_subscription(ptrc, url=receiver.url)
    offer(make_story(rts), ptrc)
    for _ in range(3):
        run()
        ring_the_clock()
    assert len(receiver.messages) == 3
    assert {message.id for message in receiver.messages} == {str(Delivery.objects.get().uid)}
    assert Delivery.objects.get().status == DeliveryStatus.DELIVERED
    assert [attempt.response_status for attempt in Delivery.objects.get().failed_attempts.all()] == [500, 503]


@pytest.mark.parametrize("status", [301, 302, 307, 400, 401, 403, 404, 429, 500, 503])
def test_only_a_success_is_a_success(receive, ptrc, status):
    receiver = receive(status)
    delivery = make_delivery(make_subscription(ptrc, url=receiver.url), subject_type="request")
    assert run() == 0
    delivery.refresh_from_db()
    assert (delivery.status, delivery.attempts, delivery.response_status) == (DeliveryStatus.PENDING, 1, status)


def test_a_redirect_is_not_followed_wherever_it_leads(receive, ptrc):
    inside = receive()
    receiver = receive((307, {"Location": inside.url}))
    make_delivery(make_subscription(ptrc, url=receiver.url), subject_type="request")
    run()
    assert inside.messages == []


def test_gone_disables_the_subscription(receive, ptrc):
    receiver = receive(410)
    subscription = make_subscription(ptrc, url=receiver.url)
    make_delivery(subscription, subject_type="request")
    run()
    subscription.refresh_from_db()
    assert subscription.disabled_at is not None
    ring_the_clock()
    run()
    assert len(receiver.messages) == 1


def test_retry_after_is_read_from_the_answer(receive, ptrc):
    receiver = receive((429, {"Retry-After": "7200"}))
    delivery = make_delivery(make_subscription(ptrc, url=receiver.url), subject_type="request")
    run()
    delivery.refresh_from_db()
    assert delivery.due_at > timezone.now() + timedelta(minutes=119)


def test_a_retry_after_beyond_all_dates_is_an_ordinary_failure(receive, ptrc):
    receiver = receive((503, {"Retry-After": "Mon, 01 Jan 99999999999999999999 00:00:00 GMT"}))
    delivery = make_delivery(make_subscription(ptrc, url=receiver.url), subject_type="request")
    run()
    delivery.refresh_from_db()
    assert (delivery.status, delivery.attempts, delivery.error) == (DeliveryStatus.PENDING, 1, "HTTP 503")


def test_during_a_rotation_both_secrets_sign(receive, ptrc):
    receiver = receive()
    old, new = ("whsec_" + letter * 32 for letter in "AB")
    subscription = make_subscription(
        ptrc,
        url=receiver.url,
        secret=new,
        previous_secret=old,
        previous_secret_until=timezone.now() + timedelta(hours=1),
    )
    make_delivery(subscription, subject_type="request")
    run()
    assert receiver.messages[0].verified_by(old) == receiver.messages[0].verified_by(new)
    Subscription.objects.update(previous_secret_until=timezone.now() - timedelta(seconds=1))
    make_delivery(subscription, subject_type="request")
    run()
    assert receiver.messages[1].headers["webhook-signature"].count("v1,") == 1
    receiver.messages[1].verified_by(new)


def test_an_embargoed_story_is_told_of_only_when_it_is_released(receive, rts, ptrc):
    receiver = receive()
    make_subscription(ptrc, url=receiver.url)
    story = make_embargoed_story(rts)
    offer(story, ptrc)
    run()
    assert receiver.messages == []
    Story.objects.update(embargoed_until=timezone.now() - timedelta(seconds=1))
    release_due_embargoes()
    run()
    assert [message.type for message in receiver.messages] == ["story.released"]


def test_an_embargo_laid_between_queueing_and_delivery_holds(receive, rts, ptrc):
    receiver = receive()
    make_subscription(ptrc, url=receiver.url)
    story = make_story(rts)
    offer(story, ptrc)
    fan_out()
    assert Delivery.objects.count() == 1
    Story.objects.update(embargoed_until=timezone.now() + timedelta(days=1))
    run()
    assert receiver.messages == []
    assert states() == [("story.offered", DeliveryStatus.CANCELED)]
    assert not Receipt.objects.exists()


def test_a_right_revoked_between_queueing_and_delivery_counts(receive, rts, ptrc):
    receiver = receive()
    make_subscription(ptrc, url=receiver.url)
    story = make_story(rts)
    offer(story, ptrc)
    fan_out()
    story.restrictions.create(territories=["KZ"], is_barred=True)
    run()
    assert receiver.messages == []
    assert Delivery.objects.get().error == "use-refused"


def test_an_offer_withdrawn_between_queueing_and_delivery_is_told_instead_of_it(receive, rts, ptrc):
    receiver = receive()
    make_subscription(ptrc, url=receiver.url)
    story = make_story(rts)
    offer(story, ptrc)
    fan_out()
    withdraw_offer(Offer.objects.get(), actor=make_user(rts))
    run()
    assert [message.type for message in receiver.messages] == ["offer.withdrawn"]
    assert states() == [
        ("story.offered", DeliveryStatus.CANCELED),
        ("offer.withdrawn", DeliveryStatus.DELIVERED),
    ]


@pytest.mark.parametrize("revoke", ["subscription", "broadcaster"])
def test_nothing_goes_to_a_subscription_that_was_paused_meanwhile(receive, rts, ptrc, revoke):
    receiver = receive()
    make_subscription(ptrc, url=receiver.url)
    offer(make_story(rts), ptrc)
    fan_out()
    if revoke == "subscription":
        Subscription.objects.update(is_active=False)
    else:
        type(ptrc).objects.filter(pk=ptrc.pk).update(is_active=False)
    run()
    assert receiver.messages == []


def test_a_recall_tells_who_must_acknowledge_what_and_by_when_but_not_why(receive, rts, ptrc):
    receiver = receive()
    make_subscription(ptrc, url=receiver.url)
    story = make_story(rts)
    offer(story, ptrc)
    run()
    recall = recall_story(story, actor=None, kind=RecallKind.KILL, reason="the library never opened")
    run()
    message = receiver.messages[1]
    notice = RecallNotice.objects.get(broadcaster=ptrc)
    assert message.type == "story.recalled"
    assert message.data["recall"]["uid"] == str(recall.uid)
    assert message.data["recall"]["acknowledge_by"] == notice.due_at.isoformat()
    assert message.data["recall"]["acknowledge_url"].endswith(f"/recall-notices/{notice.uid}/acknowledge/")
    assert "library" not in message.body.decode()
    assert "url" not in message.data


def test_a_recall_overtakes_what_waits_of_its_story(receive, rts, ptrc):
    receiver = receive(500, 204)
    make_subscription(ptrc, url=receiver.url)
    story = make_story(rts)
    offer(story, ptrc)
    run()
    recall_story(story, actor=None, kind=RecallKind.KILL, reason="")
    run()
    assert [message.type for message in receiver.messages] == ["story.offered", "story.recalled"]
    assert [status for _kind, status in states()] == [DeliveryStatus.CANCELED, DeliveryStatus.DELIVERED]


def test_one_stuck_story_does_not_hold_up_the_others(receive, rts, ptrc):
    receiver = receive(500, 204)
    make_subscription(ptrc, url=receiver.url)
    stuck, other = make_story(rts), make_story(rts)
    offer(stuck, ptrc)
    run()
    stuck.headline_en = "A new library opens at last"
    save_story(stuck, actor=make_user(rts), changed={"headline_en"})
    offer(other, ptrc)
    run()
    assert [message.data["uid"] for message in receiver.messages[1:]] == [str(other.uid)]
    ring_the_clock()
    run()
    assert [(message.type, message.data["uid"]) for message in receiver.messages[2:]] == [
        ("story.offered", str(stuck.uid)),
        ("story.updated", str(stuck.uid)),
    ]


def test_a_hub_is_pinged_for_open_stories_of_its_own_broadcaster_only(receive, rts, ptrc):
    receiver = receive()
    make_subscription(rts, destination=Destination.HUB, url=receiver.url, secret="")
    make_story(rts)
    make_story(ptrc, is_open=True)
    run()
    assert receiver.messages == []
    make_story(rts, is_open=True, topics=["medtop:01000000"])
    run()
    (message,) = receiver.messages
    form = message.body.decode()
    assert form.startswith("hub.mode=publish&hub.url=")
    assert "%2Ffeeds%2Frts%2Fsr-Cyrl.rss&" in form
    assert "%2Ffeeds%2Frts%2Fsr-Latn.atom%3Ftopic%3Dmedtop%253A01000000" in form
    assert "%2Fkk." not in form
    assert message.headers["content-type"] == "application/x-www-form-urlencoded"
    assert "webhook-signature" not in message.headers


def test_the_embargo_of_an_open_story_is_not_betrayed_to_a_hub(receive, rts):
    receiver = receive()
    make_subscription(rts, destination=Destination.HUB, url=receiver.url, secret="")
    story = make_embargoed_story(rts, is_open=True)
    run()
    assert receiver.messages == []
    Story.objects.filter(pk=story.pk).update(embargoed_until=timezone.now() - timedelta(seconds=1))
    release_due_embargoes()
    run()
    recall_story(story, actor=None, kind=RecallKind.KILL, reason="")
    run()
    assert len(receiver.messages) == 2


def test_what_nobody_may_reach_is_refused_before_anything_is_sent(receive, settings, ptrc):
    receiver = receive()
    settings.OUTGOING_ALLOWED_ADDRESSES = ()
    delivery = make_delivery(make_subscription(ptrc, url=receiver.url), subject_type="request")
    run()
    delivery.refresh_from_db()
    assert receiver.messages == []
    assert delivery.error.startswith("refused")


def test_a_killed_dispatcher_leaves_nothing_behind_but_a_lease(receive, ptrc):
    receiver = receive()
    delivery = make_delivery(make_subscription(ptrc, url=receiver.url), subject_type="request")
    claim_due([Destination.WEBHOOK], 10)
    assert run() == 0
    Delivery.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    assert run() == 1
    assert [message.id for message in receiver.messages] == [str(delivery.uid)]


def test_a_dispatcher_killed_before_its_receipts_are_noted_has_delivered_nothing(receive, rts, ptrc, monkeypatch):
    make_subscription(ptrc, url=receive().url)
    offer(make_story(rts), ptrc)
    monkeypatch.setattr("newsexchange.services.dispatch.note_pairs", lambda *_: sys.exit())
    with pytest.raises(SystemExit):
        run()
    monkeypatch.undo()
    assert [status for _kind, status in states()] == [DeliveryStatus.PENDING]
    Delivery.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    assert run() == 1
    assert Receipt.objects.get().broadcaster == ptrc


def test_a_backlog_that_nobody_wants_does_not_end_the_work_before_what_somebody_wants(receive, rts, ptrc, monkeypatch):
    monkeypatch.setattr("newsexchange.services.fanout.MOST_BATCHES", 1)
    monkeypatch.setattr("newsexchange.services.fanout.MOST_EVENTS", 1)
    for _ in range(3):
        make_story(rts)
        offer(make_story(rts), make_broadcaster("rtv"))
    make_subscription(ptrc, url=receive().url)
    offer(make_story(rts), ptrc)
    assert dispatch(linger_s=0.0) == 1


def test_a_second_look_finds_nothing_to_make(rts, ptrc):
    make_subscription(ptrc)
    offer(make_story(rts), ptrc)
    number_events()
    assert fan_out() > 0
    assert fan_out() == 0
    assert Delivery.objects.count() == 1


def test_a_hanging_subscriber_does_not_slow_the_others(receive, misbehave, ptrc):
    hang = misbehave()
    hang.play(hang.drip(b"HTTP/1.1 200", b"", every=0.1))
    receiver = receive()
    stuck = make_subscription(ptrc, url=hang.url())
    well = make_subscription(ptrc, url=receiver.url)
    for _ in range(20):
        make_delivery(stuck, subject_type="request")
        make_delivery(well, subject_type="request")
    run(timeout=3.0)
    done = Delivery.objects.filter(subscription=well).order_by("finished_at")
    assert {delivery.status for delivery in done} == {DeliveryStatus.DELIVERED}
    first_failure = DeliveryAttempt.objects.order_by("at").first()
    assert done.last().finished_at < first_failure.at
    stuck.refresh_from_db()
    assert stuck.open_until is not None
    assert stuck.last_error.startswith("deadline-exceeded")
