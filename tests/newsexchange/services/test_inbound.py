"""What partners push: signed, kept before it is acknowledged, read by a worker, whatever happens to that."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from standardwebhooks import Webhook

from newsexchange.models import Feed, InboundDelivery, QuarantinedEntry, Story
from newsexchange.services import inbound
from newsexchange.services.feed import rotate_inbound_secret, start_feed, stop_feed
from newsexchange.services.inbound import ingest_next, park_the_deadly, purge_payloads
from newsexchange.tasks import ingest_pushed
from tests.factories import make_broadcaster, make_feed, make_user

pytestmark = pytest.mark.django_db

DOCUMENT = (
    '<rss version="2.0"><channel><title>t</title><item><guid>a</guid><title>Отворена библиотека</title></item>'
    "</channel></rss>"
)


@pytest.fixture
def feed(rts):
    return make_feed(rts, slug="pushed")


@pytest.fixture
def secret(feed):
    return rotate_inbound_secret(feed, actor=make_user(feed.broadcaster))


def push(secret, body=DOCUMENT, *, message_id="msg_1", at=None, slug="pushed", signature=None):
    at = at or datetime.now(UTC)
    signature = signature or Webhook(secret).sign(message_id, at, body)
    return Client(raise_request_exception=False).post(
        f"/api/v1/inbound/{slug}/",
        body.encode(),
        content_type="application/rss+xml",
        headers={
            "webhook-id": message_id,
            "webhook-timestamp": str(int(at.timestamp())),
            "webhook-signature": signature,
        },
    )


def test_a_signed_document_is_kept_acknowledged_and_then_read(feed, secret, belgrade):
    answer = push(secret)
    assert answer.status_code == 202
    uid = answer.json()["uid"]
    assert Story.objects.count() == 0
    assert belgrade.get(f"inbound/pushed/{uid}/").json()["status"] == "waiting"
    assert ingest_next() is True
    assert ingest_next() is False
    story = Story.objects.get()
    body = belgrade.get(f"inbound/pushed/{uid}/").json()
    assert (body["status"], body["outcomes"]) == (
        "stored", [{"result": "created", "guid": "a", "story": str(story.uid)}],
    )  # fmt: skip
    feed.refresh_from_db()
    assert feed.health == "healthy"


def test_the_same_message_again_is_the_same_delivery(secret):
    first, second = push(secret).json(), push(secret).json()
    assert first == second
    assert InboundDelivery.objects.count() == 1


def test_nobody_learns_from_a_refusal_whether_the_feed_exists(secret):
    wrong = "whsec_" + "A" * 43 + "="
    refusals = [
        push(wrong),
        push(secret, slug="no-such-feed"),
        push(secret, at=datetime.now(UTC) - timedelta(minutes=6)),
        push(secret, at=datetime.now(UTC) + timedelta(minutes=6)),
        push(secret, signature="v1,"),
        push(secret, signature="nonsense"),
        push(secret, signature=Webhook(secret).sign("msg_1", datetime.now(UTC), "another body")),
        push(secret, message_id="x" * 300),
    ]
    answers = {(answer.status_code, answer.json()["code"], answer.json()["detail"]) for answer in refusals}
    assert len(answers) == 1
    assert answers.pop()[:2] == (401, "not-signed")
    assert not InboundDelivery.objects.exists()


def test_a_feed_without_a_secret_takes_no_push(feed):
    assert push("whsec_" + "A" * 43 + "=").status_code == 401


def test_during_a_rotation_both_secrets_count_and_afterwards_only_the_new_one(feed, secret):
    newer = rotate_inbound_secret(feed, actor=make_user(feed.broadcaster))
    assert push(secret, message_id="old").status_code == push(newer, message_id="new").status_code == 202
    Feed.objects.update(previous_inbound_secret_until=timezone.now() - timedelta(seconds=1))
    assert push(secret, message_id="late").status_code == 401


def test_a_sender_in_rotation_may_send_two_signatures(secret):
    at = datetime.now(UTC)
    both = "v1,AAAA v2,BBBB " + Webhook(secret).sign("msg_1", at, DOCUMENT)
    assert push(secret, at=at, signature=both).status_code == 202


def test_more_than_fifteen_mebibytes_are_refused_before_anything_is_kept(secret, monkeypatch):
    monkeypatch.setattr("newsexchange.api.inbound.MAX_BODY_BYTES", 100)
    answer = push(secret)
    assert (answer.status_code, answer.json()["code"]) == (413, "too-large")


@pytest.mark.parametrize(
    "wrong",
    [
        {"at": datetime.now(UTC) - timedelta(minutes=6)},
        {"at": datetime.now(UTC) + timedelta(days=1)},
        {"signature": "v2,AAAA"},
        {"message_id": "x" * 300},
    ],
)
def test_headers_that_can_sign_nothing_are_refused_before_a_byte_is_read(secret, monkeypatch, wrong):
    def read(_request):
        raise AssertionError("the body was read")

    monkeypatch.setattr("newsexchange.api.inbound._body", read)
    answer = push(secret, **wrong)
    assert (answer.status_code, answer.json()["code"]) == (401, "not-signed")


def test_a_stopped_feed_takes_no_push_until_it_is_started(feed, secret):
    actor = make_user(feed.broadcaster)
    assert stop_feed(feed, actor=actor).health == "stopped"
    assert (push(secret).status_code, push(secret).json()["code"]) == (409, "feed-stopped")
    start_feed(feed, actor=actor)
    assert push(secret).status_code == 202


def test_what_nobody_can_read_is_quarantined_and_said(secret):
    push(secret, "<html>Sign in")
    ingest_next()
    delivery = InboundDelivery.objects.get()
    assert (delivery.status, delivery.outcomes[0]["reason"]) == ("stored", "unknown-format")
    assert QuarantinedEntry.objects.count() == 1


class WorkerKilledError(BaseException):
    """Stands for kill -9: nothing in the code under test may catch it."""


def end_leases():
    InboundDelivery.objects.filter(leased_until__isnull=False).update(
        leased_until=timezone.now() - timedelta(seconds=1)
    )


def test_what_always_kills_its_worker_is_parked_after_three_and_others_flow(secret, monkeypatch):
    push(secret, DOCUMENT.replace("<guid>a", "<guid>deadly"), message_id="deadly")
    push(secret, message_id="harmless")
    original = inbound.ingest_document

    def deadly(feed, payload, **options):
        if b"deadly" in payload:
            raise WorkerKilledError
        return original(feed, payload, **options)

    monkeypatch.setattr(inbound, "ingest_document", deadly)
    killed = 0
    for _attempt in range(5):
        try:
            ingest_pushed()
        except WorkerKilledError:
            killed += 1
        end_leases()
    assert killed == 3
    status = dict(InboundDelivery.objects.values_list("message_id", "status"))
    assert status == {"deadly": "parked", "harmless": "stored"}
    assert InboundDelivery.objects.get(message_id="deadly").payload


def test_a_worker_that_lost_its_lease_writes_nothing(secret):
    push(secret)
    delivery, token = inbound._claim()
    end_leases()
    inbound._claim()
    inbound._finish(delivery, token, [])
    assert InboundDelivery.objects.get().status == "waiting"


def test_documents_of_a_feed_are_read_in_their_order_and_other_feeds_do_not_wait(feed, secret, ptrc):
    other = make_feed(ptrc, slug="other")
    others = rotate_inbound_secret(other, actor=make_user(ptrc))
    push(secret, message_id="1")
    push(secret, message_id="2")
    push(others, message_id="3", slug="other")
    assert [inbound._claim()[0].message_id for _ in range(2)] == ["1", "3"]
    assert inbound._claim() is None


def test_payloads_are_forgotten_a_week_after_they_were_stored(secret):
    push(secret)
    ingest_next()
    assert purge_payloads() == 0
    InboundDelivery.objects.update(finished_at=timezone.now() - timedelta(days=8))
    assert purge_payloads() == 1
    assert (bytes(InboundDelivery.objects.get().payload), park_the_deadly()) == (b"", 0)


def test_only_its_own_broadcaster_rotates_the_secret_and_reads_what_became_of_a_push(feed, secret, astana, belgrade):
    uid = push(secret).json()["uid"]
    assert astana.get(f"inbound/pushed/{uid}/").status_code == 404
    assert astana.post("feeds/pushed/inbound-secret/").status_code == 404
    answer = belgrade.post("feeds/pushed/inbound-secret/")
    assert answer.status_code == 201
    assert push(answer.json()["secret"], message_id="again").status_code == 202
    assert belgrade.post("feeds/pushed/stop/").json()["health"] == "stopped"
    assert belgrade.post("feeds/pushed/start/").json()["is_active"] is True


def test_a_feed_of_a_broadcaster_that_has_left_takes_no_push(feed, secret):
    make_broadcaster("rts").__class__.objects.update(is_active=False)
    assert push(secret).status_code == 401
