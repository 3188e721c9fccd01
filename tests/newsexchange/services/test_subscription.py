import base64
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from mediaexchange.core.errors import ConflictError, DomainError, ForbiddenError
from newsexchange.constants import DeliveryStatus, Destination
from newsexchange.models import Delivery, Subscription
from newsexchange.services.claiming import claim_due
from newsexchange.services.delivery_purge import purge_old_deliveries
from newsexchange.services.fanout import fan_out
from newsexchange.services.replay_delivery import replay_deliveries, replay_window
from newsexchange.services.subscription import (
    change_subscription,
    create_subscription,
    delete_subscription,
    ping_subscription,
    rotate_secret,
)
from tests.factories import make_broadcaster, make_delivery, make_story, make_subscription, make_user, offer

pytestmark = pytest.mark.django_db
HOOK = {"name": "Desk", "destination": Destination.WEBHOOK, "url": "https://desk.example.org/hook"}


def finish_all() -> None:
    Delivery.objects.update(status=DeliveryStatus.DELIVERED, finished_at=timezone.now(), attempts=3)


def test_a_webhook_gets_a_secret_of_at_least_24_bytes(ptrc):
    subscription = create_subscription(ptrc, actor=make_user(ptrc), **HOOK)
    assert subscription.secret.startswith("whsec_")
    assert len(base64.b64decode(subscription.secret.removeprefix("whsec_"))) >= 24
    assert Subscription.objects.get().secret == subscription.secret


def test_nobody_subscribes_for_another_broadcaster(rts, ptrc):
    with pytest.raises(ForbiddenError):
        create_subscription(ptrc, actor=make_user(rts), **HOOK)


@pytest.mark.parametrize(
    "url",
    [
        "http://desk.example.org/hook",
        "https://127.0.0.1/hook",
        "https://10.0.0.7/hook",
        "https://169.254.169.254/latest",
        "https://desk.example.org:8443/hook",
        "https://user:word@desk.example.org/",
        "ftp://desk.example.org/",
        "hook",
    ],
)
def test_an_address_that_must_not_be_posted_to_is_refused_at_once(ptrc, url):
    with pytest.raises(DomainError, match="address"):
        create_subscription(ptrc, actor=None, **HOOK | {"url": url})


def test_a_drop_stays_below_its_own_house(ptrc):
    drop = {"name": "Drop", "destination": Destination.DROP, "formats": ["ninjs-3.1"]}
    for folder in ("rts/in", "ptrc/../rts", "/ptrc", "PTRC/in", ""):
        with pytest.raises(DomainError):
            create_subscription(ptrc, actor=None, folder=folder, **drop)
    with pytest.raises(DomainError):
        create_subscription(ptrc, actor=None, folder="ptrc/in", **drop | {"formats": ["fax"]})
    create_subscription(ptrc, actor=None, folder="ptrc/in", **drop)
    with pytest.raises(ConflictError):
        create_subscription(ptrc, actor=None, folder="ptrc/in", **drop)


@pytest.mark.parametrize("folder", ["ptrc/in", "rts/./in", "../elsewhere"])
def test_what_is_no_drop_has_no_folder(ptrc, folder):
    with pytest.raises(DomainError) as refused:
        create_subscription(ptrc, actor=None, folder=folder, **HOOK)
    assert refused.value.code == "not-a-drop"
    subscription = create_subscription(ptrc, actor=None, **HOOK)
    for changes in ({"folder": folder}, {"formats": ["ninjs-3.1"]}):
        with pytest.raises(DomainError):
            change_subscription(subscription, actor=None, **changes)
    with pytest.raises(IntegrityError), transaction.atomic():
        Subscription.objects.update(folder=folder)


def test_a_rotation_keeps_the_old_secret_alive_for_a_day(ptrc):
    subscription = make_subscription(ptrc)
    old = subscription.secret
    rotated = rotate_secret(subscription, actor=make_user(ptrc))
    assert rotated.secret != old
    assert rotated.previous_secret == old
    assert timedelta(hours=23) < rotated.previous_secret_until - timezone.now() <= timedelta(hours=24)


def test_making_it_active_again_closes_the_breaker(ptrc):
    subscription = make_subscription(
        ptrc, is_active=False, failures=9, trips=5, open_until=timezone.now() + timedelta(days=1)
    )
    Subscription.objects.update(disabled_at=timezone.now())
    changed = change_subscription(subscription, actor=make_user(ptrc), is_active=True)
    changed.refresh_from_db()
    assert (changed.failures, changed.trips, changed.open_until, changed.disabled_at) == (0, 0, None, None)


def test_a_paused_subscription_is_not_tried_out(ptrc):
    with pytest.raises(ConflictError):
        ping_subscription(make_subscription(ptrc, is_active=False), actor=None)


def test_a_replay_keeps_the_id_and_starts_the_ladder_anew(ptrc):
    delivery = make_delivery(make_subscription(ptrc))
    finish_all()
    assert replay_deliveries([delivery.uid], actor=make_user(ptrc)) == 1
    again = Delivery.objects.get()
    assert (again.uid, again.status, again.attempts) == (delivery.uid, DeliveryStatus.PENDING, 0)


def test_the_origin_may_have_its_own_stories_told_again_and_nobody_elses(rts, ptrc):
    make_subscription(ptrc)
    offer(make_story(rts), ptrc)
    fan_out()
    finish_all()
    uid = Delivery.objects.get().uid
    assert replay_deliveries([uid], actor=make_user(make_broadcaster("rtv"))) == 0
    assert replay_deliveries([uid], actor=make_user(rts)) == 1


def test_a_window_sends_again_what_was_sent_and_makes_up_for_a_pause(rts, ptrc):
    subscription = make_subscription(ptrc)
    offer(make_story(rts), ptrc)
    fan_out()
    finish_all()
    Subscription.objects.update(is_active=False)
    offer(make_story(rts), ptrc)
    fan_out()
    assert Delivery.objects.count() == 1
    change_subscription(subscription, actor=None, is_active=True)
    since = timezone.now() - timedelta(hours=1)
    assert replay_window(subscription, since=since, until=None, actor=make_user(ptrc)) == 2
    assert Delivery.objects.filter(status=DeliveryStatus.PENDING).count() == 2


def test_a_window_outside_the_ledger_is_refused(ptrc):
    subscription = make_subscription(ptrc)
    with pytest.raises(DomainError, match="30"):
        replay_window(subscription, since=timezone.now() - timedelta(days=31), until=None, actor=None)
    with pytest.raises(DomainError):
        replay_window(subscription, since=timezone.now() + timedelta(days=1), until=None, actor=None)


def test_the_ledger_forgets_after_thirty_days_all_but_recalls(ptrc):
    subscription = make_subscription(ptrc)
    old, fresh = make_delivery(subscription), make_delivery(subscription)
    recall = make_delivery(subscription, kind="story.recalled", is_retraction=True)
    Delivery.objects.exclude(pk=fresh.pk).update(created_at=timezone.now() - timedelta(days=31))
    old.failed_attempts.create(number=1)
    assert purge_old_deliveries() == 1
    assert purge_old_deliveries() == 0
    assert set(Delivery.objects.values_list("pk", flat=True)) == {fresh.pk, recall.pk}


def test_a_withdrawal_that_nobody_has_heard_of_yet_outlives_a_long_pause(ptrc):
    subscription = make_subscription(ptrc, is_active=False)
    told, untold = (make_delivery(subscription, kind="offer.withdrawn", is_retraction=True) for _ in range(2))
    announced = make_delivery(subscription)
    Delivery.objects.update(created_at=timezone.now() - timedelta(days=90))
    Delivery.objects.filter(pk=told.pk).update(status=DeliveryStatus.DELIVERED, finished_at=timezone.now())
    assert purge_old_deliveries() == 2
    assert list(Delivery.objects.values_list("pk", flat=True)) == [untold.pk]
    assert not Delivery.objects.filter(pk=announced.pk).exists()
    change_subscription(subscription, actor=None, is_active=True)
    assert [claim.pk for claim in claim_due([Destination.WEBHOOK], 10)] == [untold.pk]


def test_the_origin_cannot_have_a_partners_mail_sent_again(rts, ptrc):
    digest = make_subscription(ptrc, destination=Destination.EMAIL, url="", email="desk@example.org")
    hook = make_subscription(ptrc)
    offer(make_story(rts), ptrc)
    fan_out()
    finish_all()
    both = [digest.deliveries.get().uid, hook.deliveries.get().uid]
    assert replay_deliveries(both, actor=make_user(rts)) == 1
    assert hook.deliveries.get().status == DeliveryStatus.PENDING
    assert digest.deliveries.get().status == DeliveryStatus.DELIVERED
    assert replay_deliveries(both, actor=make_user(ptrc)) == 1
    assert digest.deliveries.get().status == DeliveryStatus.PENDING


def test_a_subscription_that_told_of_a_recall_stays_on_record(ptrc):
    delete_subscription(make_subscription(ptrc), actor=make_user(ptrc))
    subscription = make_subscription(ptrc)
    make_delivery(subscription, kind="story.recalled", is_retraction=True)
    with pytest.raises(ConflictError):
        delete_subscription(subscription, actor=make_user(ptrc))
