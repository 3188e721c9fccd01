"""A write sent twice under one key happens once, whatever happens in between."""

import threading
from datetime import timedelta
from unittest import mock

import pytest
from django.core.cache import cache
from django.db import connection
from django.utils import timezone

from broadcasters.constants import Role
from broadcasters.models import Membership
from mediaexchange.core.api.idempotency import purge_repeatable
from mediaexchange.core.models import ApiKey, IdempotencyRecord, OutboxEvent
from newsexchange.models import Offer, Recall
from newsexchange.services.recall import recall_story
from tests.conftest import Caller
from tests.factories import make_broadcaster, make_key, make_story, offer


def send(caller, path, body=None, key="k-1"):
    caller.headers["Idempotency-Key"] = key
    return caller.post(path, body)


@pytest.mark.django_db
def test_the_same_write_again_gets_the_same_answer_and_happens_once(belgrade, rts, ptrc):
    story = make_story(rts)
    body = {"kind": "kill", "reason": "wrong"}
    first = send(belgrade, f"stories/{story.uid}/recall/", body)
    events = OutboxEvent.objects.count()
    again = send(belgrade, f"stories/{story.uid}/recall/", body)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.content == again.content
    assert again.headers["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first.headers
    assert again.headers["Content-Type"] == first.headers["Content-Type"]
    assert (Recall.objects.count(), OutboxEvent.objects.count()) == (1, events)


@pytest.mark.django_db
def test_another_body_or_address_under_the_same_key_is_refused(belgrade, rts, ptrc):
    story, other = make_story(rts), make_story(rts)
    assert send(belgrade, f"stories/{story.uid}/offer/", {"to": ["ptrc"]}).status_code == 201
    for path, body in ((f"stories/{story.uid}/offer/", {"to": []}), (f"stories/{other.uid}/offer/", {"to": ["ptrc"]})):
        refused = send(belgrade, path, body)
        assert (refused.status_code, refused.json()["code"]) == (422, "idempotency-key-reused")
    assert Offer.objects.count() == 1


@pytest.mark.django_db
def test_two_clients_may_use_the_same_key(belgrade, astana, rts, ptrc):
    story = make_story(rts)
    send(belgrade, f"stories/{story.uid}/offer/", {"to": ["ptrc"]})
    uid = Offer.objects.get().uid
    answer = send(astana, f"offers/{uid}/take/", {"accepts_credit": True})
    assert answer.status_code == 201
    assert "Idempotency-Replayed" not in answer.headers


@pytest.mark.django_db
def test_a_refusal_is_kept_and_nothing_of_the_refused_deed(astana, rts, ptrc):
    story = make_story(rts)
    offer(story, ptrc)
    path = f"offers/{Offer.objects.get().uid}/take/"
    first = send(astana, path, {"accepts_credit": False})
    again = send(astana, path, {"accepts_credit": False})
    assert first.status_code == again.status_code == 422
    assert first.content == again.content
    assert again.headers["Content-Type"] == "application/problem+json"


@pytest.mark.django_db
def test_a_failure_of_ours_undoes_everything_and_may_be_tried_again(belgrade, rts):
    story = make_story(rts)
    with mock.patch(
        "newsexchange.api.views.serializers.RecallSerializer.to_representation", side_effect=ZeroDivisionError
    ):
        assert send(belgrade, f"stories/{story.uid}/recall/", {"kind": "kill", "reason": "x"}).status_code == 500
    assert not Recall.objects.exists()
    assert not IdempotencyRecord.objects.exists()
    assert send(belgrade, f"stories/{story.uid}/recall/", {"kind": "kill", "reason": "x"}).status_code == 201
    assert Recall.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["", "x" * 256, "ключ", "a\tb"])
def test_a_key_that_is_none_is_refused(belgrade, rts, key):
    story = make_story(rts)
    refused = send(belgrade, f"stories/{story.uid}/recall/", {"kind": "kill", "reason": "x"}, key=key)
    assert (refused.status_code, refused.json()["code"]) == (400, "bad-idempotency-key")
    assert not Recall.objects.exists()


def killed_once(caller, story):
    """A kill that was answered, and what an account that asks again may find out from the answer."""
    path, body = f"stories/{story.uid}/recall/", {"kind": "kill", "reason": "tajna"}
    assert send(caller, path, body).status_code == 201
    return path, body


@pytest.mark.django_db
def test_a_kept_answer_is_not_given_once_the_membership_has_ended_or_its_role_has_changed(belgrade, rts):
    Membership.objects.filter(user__username="api-rts").exclude(role=Role.EXCHANGE_DESK).delete()
    path, body = killed_once(belgrade, make_story(rts))
    membership = Membership.objects.get(user__username="api-rts")
    Membership.objects.filter(pk=membership.pk).update(role=Role.VIEWER)
    refused = send(belgrade, path, body)
    assert (refused.status_code, refused.json()["code"]) == (403, "standing-lost")
    assert "tajna" not in refused.content.decode()
    membership.delete()
    assert send(belgrade, path, body).json()["code"] == "standing-lost"
    Membership.objects.create(user=membership.user, broadcaster=rts, role=Role.EXCHANGE_DESK)
    assert send(belgrade, path, body).headers["Idempotency-Replayed"] == "true"


@pytest.mark.django_db
def test_a_kept_answer_belongs_to_the_broadcaster_it_was_given_at(belgrade, rts):
    path, body = killed_once(belgrade, make_story(rts))
    Membership.objects.filter(user__username="api-rts").update(broadcaster=make_broadcaster("rtv"))
    assert send(belgrade, path, body).json()["code"] == "standing-lost"


@pytest.mark.django_db
def test_a_kept_answer_is_not_given_to_a_dead_key_or_one_without_the_scope(belgrade, rts):
    path, body = killed_once(belgrade, make_story(rts))
    poorer = Caller(make_key(rts, ["stories:read"]))
    assert send(poorer, path, body).status_code == 403
    ApiKey.objects.update(revoked_at=timezone.now())
    assert send(belgrade, path, body).status_code == 401


@pytest.mark.django_db
def test_a_kept_answer_that_rests_on_two_scopes_asks_for_both(rts, ptrc):
    cache.clear()
    item = {"language": "en", "texts": {"en": {"headline": "News"}}, "publish": True, "offer_to": ["ptrc"]}
    first = send(Caller(make_key(rts, ["stories:write", "offers:write"])), "stories/bulk/", {"stories": [item]})
    assert [row["status"] for row in first.json()["results"]] == [201], first.content
    again = send(Caller(make_key(rts, ["stories:write"])), "stories/bulk/", {"stories": [item]})
    assert (again.status_code, again.json()["code"]) == (403, "standing-lost")


@pytest.mark.django_db
def test_a_rotated_key_of_the_same_account_gets_the_kept_answer(belgrade, rts):
    path, body = killed_once(belgrade, make_story(rts))
    rotated = Caller(make_key(rts, ["stories:write"]))
    assert send(rotated, path, body).headers["Idempotency-Replayed"] == "true"


@pytest.mark.django_db
def test_reading_needs_no_key_and_keeps_none(belgrade, rts):
    belgrade.headers["Idempotency-Key"] = "k-1"
    assert belgrade.get("stories/").status_code == 200
    assert not IdempotencyRecord.objects.exists()


@pytest.mark.django_db
def test_answers_are_kept_encrypted_for_a_day(belgrade, rts):
    story = make_story(rts)
    send(belgrade, f"stories/{story.uid}/recall/", {"kind": "withhold", "reason": "tajna"})
    record = IdempotencyRecord.objects.get()
    assert b"tajna" not in bytes(record.response_body)
    assert purge_repeatable() == 0
    IdempotencyRecord.objects.update(created_at=timezone.now() - timedelta(hours=25))
    again = send(belgrade, f"stories/{story.uid}/recall/", {"kind": "kill", "reason": "another day"})
    assert again.status_code == 201
    IdempotencyRecord.objects.update(created_at=timezone.now() - timedelta(hours=25))
    assert purge_repeatable() == 1


@pytest.mark.django_db(transaction=True)
def test_the_key_is_taken_while_it_runs_and_a_killed_request_leaves_nothing_behind():
    """The deed is done but not committed when its connection dies: neither deed nor record is left, nor a lock."""
    cache.clear()
    rts = make_broadcaster("rts")
    path, body = f"stories/{make_story(rts).uid}/recall/", {"kind": "withhold", "reason": "x"}
    key = make_key(rts)
    done, go_on, pids = threading.Event(), threading.Event(), []

    def recall_and_wait(*args, **values):
        recall = recall_story(*args, **values)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            pids.append(cursor.fetchone()[0])
        done.set()
        assert go_on.wait(20)
        return recall

    answers = []

    def ask():
        with mock.patch("newsexchange.api.views.recall_story", recall_and_wait):
            answers.append(send(Caller(key), path, body))
        connection.close()

    thread = threading.Thread(target=ask)
    thread.start()
    assert done.wait(20)
    running = send(Caller(key), path, body)
    assert (running.status_code, running.json()["code"]) == (409, "still-running")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", pids)
    go_on.set()
    thread.join()
    assert answers[0].status_code == 500
    assert not Recall.objects.exists()
    assert not IdempotencyRecord.objects.exists()
    again = send(Caller(key), path, body)
    assert again.status_code == 201
    assert Recall.objects.count() == IdempotencyRecord.objects.count() == 1


@pytest.mark.django_db
def test_a_body_that_is_too_large_is_refused_as_such(belgrade):
    answer = send(belgrade, "stories/", {"texts": {"sr": {"body": "a" * 2_700_000}}})
    assert (answer.status_code, answer.json()["code"]) == (413, "too-large")
    assert not IdempotencyRecord.objects.exists()
