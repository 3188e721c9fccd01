from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from newsexchange.constants import DeliveryStatus, Destination, RecallKind
from newsexchange.models import Delivery, Subscription
from newsexchange.services.claiming import claim_due
from newsexchange.services.delivery import finish, missed
from newsexchange.services.fanout import fan_out
from newsexchange.services.recall import recall_story
from tests.factories import make_delivery, make_story, make_subscription, offer

pytestmark = pytest.mark.django_db
HOOK = {"name": "Desk", "destination": "webhook", "url": "https://desk.example.org/hook", "languages": ["kk"]}


def test_a_partner_subscribes_and_sees_the_secret_once(astana, ptrc):
    response = astana.post("subscriptions/", HOOK)
    assert response.status_code == 201
    body = response.json()
    assert body["secret"].startswith("whsec_")
    assert (body["broadcaster"], body["languages"], body["is_active"]) == ("ptrc", ["kk"], True)
    shown = astana.get(f"subscriptions/{body['uid']}/").json()
    assert "secret" not in shown
    assert body["secret"] not in str(astana.get("subscriptions/").json())
    rotated = astana.post(f"subscriptions/{body['uid']}/rotate-secret/").json()
    assert rotated["secret"] not in ("", body["secret"])
    assert rotated["previous_secret_until"]


def test_nobody_sees_or_touches_the_subscriptions_of_another(belgrade, ptrc):
    uid = make_subscription(ptrc).uid
    assert belgrade.get("subscriptions/").json()["results"] == []
    for path in ("", "deliveries/", "changes/"):
        assert belgrade.get(f"subscriptions/{uid}/{path}").status_code == 404, path
    for method, path in (
        ("patch", ""),
        ("delete", ""),
        ("post", "rotate-secret/"),
        ("post", "test/"),
        ("post", "replay/"),
    ):
        assert belgrade.send(method, f"subscriptions/{uid}/{path}").status_code == 404, (method, path)


def test_a_filter_and_an_address_can_be_changed_and_the_destination_cannot(astana, ptrc):
    uid = make_subscription(ptrc).uid
    response = astana.send("patch", f"subscriptions/{uid}/", {"topics": ["medtop:01000000"], "is_active": False})
    assert response.status_code == 200
    assert (response.json()["topics"], response.json()["is_active"]) == (["medtop:01000000"], False)
    assert astana.send("patch", f"subscriptions/{uid}/", {"destination": "hub"}).status_code == 400
    refused = astana.send("patch", f"subscriptions/{uid}/", {"url": "https://10.1.1.1/"})
    assert (refused.status_code, refused.json()["code"]) == (422, "bad-address")
    assert astana.send("delete", f"subscriptions/{uid}/").status_code == 204


def test_a_key_needs_the_scope(ptrc):
    from tests.conftest import Caller
    from tests.factories import make_key

    reader = Caller(make_key(ptrc, ["subscriptions:read"]))
    assert reader.get("subscriptions/").status_code == 200
    assert reader.post("subscriptions/", HOOK).status_code == 403


def test_a_webhook_is_tried_out(astana, ptrc):
    subscription = make_subscription(ptrc)
    response = astana.post(f"subscriptions/{subscription.uid}/test/")
    assert response.status_code == 202
    fan_out()
    (row,) = astana.get(f"subscriptions/{subscription.uid}/deliveries/").json()["results"]
    assert (row["event"], row["kind"], row["status"]) == (response.json()["event"], "subscription.test", "pending")


def test_the_subscriber_reads_what_failed_and_why(astana, ptrc):
    subscription = make_subscription(ptrc)
    delivery = make_delivery(subscription)
    (claim,) = claim_due([Destination.WEBHOOK], 1)
    finish([missed(claim, "HTTP 500", answer=500, duration_ms=7)])
    row = astana.get(f"deliveries/{delivery.uid}/").json()
    assert (row["error"], row["response_status"], row["subscription"]) == ("HTTP 500", 500, str(subscription.uid))
    assert [(a["number"], a["error"]) for a in row["failed_attempts"]] == [(1, "HTTP 500")]


def test_the_origin_reads_who_was_told_but_not_where_or_by_what_filter(belgrade, astana, rts, ptrc):
    make_subscription(ptrc, name="Geheim", url="https://geheim.example.org/")
    story = make_story(rts)
    offer(story, ptrc)
    fan_out()
    (claim,) = claim_due([Destination.WEBHOOK], 1)
    finish([missed(claim, "connection-failed: geheim.example.org cannot be reached.")])
    response = belgrade.get("deliveries/", story=str(story.uid))
    (row,) = response.json()["results"]
    assert (row["subscriber"], row["kind"], row["status"], row["attempts"]) == ("ptrc", "story.offered", "pending", 1)
    assert (row["subscription"], row["error"], row["failed_attempts"]) == (None, None, [])
    assert "geheim" not in response.content.decode().lower()
    subscription = Subscription.objects.get()
    assert belgrade.get("deliveries/", subscription=str(subscription.uid)).json()["results"] == []
    assert len(astana.get("deliveries/", subscription=str(subscription.uid)).json()["results"]) == 1


def test_the_ledger_is_filtered_and_paged(astana, ptrc):
    subscription = make_subscription(ptrc)
    rows = [make_delivery(subscription) for _ in range(3)]
    Delivery.objects.filter(pk=rows[0].pk).update(
        status=DeliveryStatus.DELIVERED, finished_at=timezone.now(), created_at=timezone.now() - timedelta(days=2)
    )
    assert [row["uid"] for row in astana.get("deliveries/", status="delivered").json()["results"]] == [str(rows[0].uid)]
    since = (timezone.now() - timedelta(days=1)).isoformat()
    assert len(astana.get("deliveries/", since=since).json()["results"]) == 2
    page = astana.get("deliveries/", limit=2).json()
    assert [row["uid"] for row in page["results"]] == [str(rows[2].uid), str(rows[1].uid)]
    assert [row["uid"] for row in astana.get(page["next"]).json()["results"]] == [str(rows[0].uid)]
    page = astana.get(f"subscriptions/{subscription.uid}/deliveries/", limit=2).json()
    assert [row["uid"] for row in astana.get(page["next"]).json()["results"]] == [str(rows[0].uid)]


@pytest.mark.parametrize("path", ["subscriptions/", "deliveries/"])
def test_a_list_of_three_asks_the_database_no_more_often_than_a_list_of_one(
    astana, ptrc, path, django_assert_num_queries
):
    make_delivery(make_subscription(ptrc))
    astana.get(path)  # notes that the key was used
    with CaptureQueriesContext(connection) as one:
        astana.get(path)
    for _ in range(2):
        make_delivery(make_subscription(ptrc))
    with django_assert_num_queries(len(one)):
        assert len(astana.get(path).json()["results"]) == 3


def test_deliveries_are_sent_again_by_id_and_by_time(astana, ptrc):
    subscription = make_subscription(ptrc)
    delivery = make_delivery(subscription)
    Delivery.objects.update(status=DeliveryStatus.FAILED, finished_at=timezone.now(), attempts=10)
    assert astana.post("deliveries/replay/", {"deliveries": [str(delivery.uid)]}).json() == {"replayed": 1}
    Delivery.objects.update(status=DeliveryStatus.FAILED, finished_at=timezone.now(), attempts=10)
    since = (timezone.now() - timedelta(hours=1)).isoformat()
    response = astana.post(f"subscriptions/{subscription.uid}/replay/", {"since": since})
    assert (response.status_code, response.json()) == (202, {"replayed": 1})


def test_a_subscription_to_be_fetched_is_the_change_feed_through_its_filter(astana, rts, ptrc):
    subscription = make_subscription(ptrc, destination=Destination.PULL, url="", secret="", topics=["medtop:01000000"])
    wanted = make_story(rts, topics=["medtop:01000000"])
    offer(make_story(rts), ptrc)
    offer(wanted, ptrc)
    path = f"subscriptions/{subscription.uid}/changes/"
    page = astana.get(path).json()
    assert [(row["kind"], row["uid"]) for row in page["results"]] == [("story.offered", str(wanted.uid))]
    assert astana.get(path, after=page["cursor"]).json()["results"] == []
    recall_story(wanted, actor=None, kind=RecallKind.KILL, reason="")
    later = astana.get(path, after=page["cursor"]).json()
    assert [row["kind"] for row in later["results"]] == ["story.recalled"]
    assert astana.get(path, after="nonsense").status_code == 400


def test_what_is_sent_is_not_fetched(astana, ptrc):
    response = astana.get(f"subscriptions/{make_subscription(ptrc).uid}/changes/")
    assert (response.status_code, response.json()["code"]) == (409, "not-to-be-fetched")
