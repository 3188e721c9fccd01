import threading
import time
from datetime import timedelta

import pytest
from django.db import connection, connections, transaction
from django.utils import timezone

from mediaexchange.core.models import OutboxEvent
from mediaexchange.core.outbox import number_events, record
from newsexchange.models import Story
from newsexchange.services.recall import recall_story
from newsexchange.services.story import release_due_embargoes
from tests.conftest import Caller
from tests.factories import make_broadcaster, make_embargoed_story, make_key, make_story, offer

WRITERS = 40
CHANGES_EACH = 5


def kinds(response):
    return [row["kind"] for row in response.json()["results"]]


@pytest.mark.django_db
def test_a_partner_hears_of_what_is_offered_and_nothing_else(belgrade, astana, rts, ptrc):
    make_story(rts)
    offered = make_story(rts)
    offer(offered, ptrc)
    page = astana.get("changes/").json()
    assert [(row["kind"], row["uid"]) for row in page["results"]] == [("story.offered", str(offered.uid))]
    assert len(belgrade.get("changes/").json()["results"]) == 3


@pytest.mark.django_db
def test_a_cursor_resumes_exactly_and_survives_being_sent_twice(belgrade, rts):
    make_story(rts)
    cursor = belgrade.get("changes/").json()["cursor"]
    assert belgrade.get("changes/", after=cursor).json()["results"] == []
    story = make_story(rts)
    for _ in range(2):
        page = belgrade.get("changes/", after=cursor).json()
        assert [row["uid"] for row in page["results"]] == [str(story.uid)]


@pytest.mark.django_db
def test_latest_starts_from_now(belgrade, rts):
    make_story(rts)
    cursor = belgrade.get("changes/", after="latest").json()["cursor"]
    assert belgrade.get("changes/", after=cursor).json()["results"] == []


@pytest.mark.django_db
def test_an_embargo_hides_the_story_and_its_end_is_announced(astana, rts, ptrc):
    story = make_embargoed_story(rts)
    offer(story, ptrc)
    page = astana.get("changes/").json()
    assert page["results"] == []
    Story.objects.filter(pk=story.pk).update(embargoed_until=timezone.now() - timedelta(seconds=1))
    assert release_due_embargoes() == 1
    assert release_due_embargoes() == 0
    assert kinds(astana.get("changes/", after=page["cursor"])) == ["story.released"]


@pytest.mark.django_db
def test_a_recall_reaches_whoever_had_the_story_and_says_nothing_of_its_content(astana, rts, ptrc):
    story = make_story(rts)
    offer(story, ptrc)
    recall_story(story, actor=None, kind="kill", reason="Повучено")
    page = astana.get("changes/").json()
    assert [(row["kind"], row["url"]) for row in page["results"]] == [("story.recalled", None)]
    assert "library" not in str(page)


@pytest.mark.django_db
def test_the_recall_of_a_story_that_was_always_embargoed_tells_nobody_else(astana, rts, ptrc):
    story = make_embargoed_story(rts)
    offer(story, ptrc)
    recall_story(story, actor=None, kind="kill", reason="Повучено")
    assert astana.get("changes/").json()["results"] == []
    assert astana.get("recalls/").json()["results"] == []


def write_changes(subject_uid, audience, sequence):
    """A partner's writer: draws its numbers, dawdles, commits. With a plain sequence the dawdlers get lost."""
    try:
        for number in range(CHANGES_EACH):
            with transaction.atomic():
                record("changed", subject_type="test", subject_uid=subject_uid, audience=audience, actor=None, n=number)
                time.sleep((hash((sequence, number)) % 40) / 1000)
    finally:
        connections.close_all()


@pytest.mark.django_db(transaction=True)
def test_forty_concurrent_writers_and_a_reader_lose_nothing_and_repeat_nothing():
    rts = make_broadcaster("rts")
    caller = Caller(make_key(rts))
    uids = [f"00000000-0000-4000-8000-{writer:012d}" for writer in range(WRITERS)]
    threads = [threading.Thread(target=write_changes, args=(uid, [rts.pk], index)) for index, uid in enumerate(uids)]
    for thread in threads:
        thread.start()
    seen, cursor, deadline = [], "", time.monotonic() + 60
    while time.monotonic() < deadline:
        is_over = not any(thread.is_alive() for thread in threads)
        page = caller.get("changes/", after=cursor, limit=100).json()
        seen += page["results"]
        cursor = page["cursor"]
        if is_over and not page["results"]:
            break
    for thread in threads:
        thread.join()
    assert len(seen) == WRITERS * CHANGES_EACH
    assert len({row["id"] for row in seen}) == len(seen)
    for uid in uids:
        assert [row["data"]["n"] for row in seen if row["uid"] == uid] == list(range(CHANGES_EACH))


@pytest.mark.django_db(transaction=True)
def test_a_slow_transaction_is_not_overtaken_for_good():
    """The case that a plain sequence loses: the smaller number commits after the reader has seen the larger one."""
    rts = make_broadcaster("rts")
    caller = Caller(make_key(rts))
    slow_wrote, may_commit = threading.Event(), threading.Event()

    def slow():
        try:
            with transaction.atomic():
                record("slow", subject_type="test", subject_uid=rts.uid, audience=[rts.pk], actor=None)
                slow_wrote.set()
                may_commit.wait(10)
        finally:
            connections.close_all()

    thread = threading.Thread(target=slow)
    thread.start()
    slow_wrote.wait(10)
    with transaction.atomic():
        record("fast", subject_type="test", subject_uid=rts.uid, audience=[rts.pk], actor=None)
    first = caller.get("changes/").json()
    may_commit.set()
    thread.join()
    second = caller.get("changes/", after=first["cursor"]).json()
    assert [row["kind"] for row in first["results"]] == ["fast"]
    assert [row["kind"] for row in second["results"]] == ["slow"]
    numbers = OutboxEvent.objects.in_bulk(field_name="uid")
    assert {event.kind: event.pk for event in numbers.values()}["slow"] < {
        event.kind: event.pk for event in numbers.values()
    }["fast"], "the slow one drew the smaller number: by id alone it would have been missed"


@pytest.mark.django_db(transaction=True)
def test_a_long_poll_returns_as_soon_as_something_happens():
    rts = make_broadcaster("rts")
    caller = Caller(make_key(rts))

    def write_later():
        try:
            time.sleep(0.7)
            with transaction.atomic():
                record("late", subject_type="test", subject_uid=rts.uid, audience=[rts.pk], actor=None)
        finally:
            connections.close_all()

    thread = threading.Thread(target=write_later)
    thread.start()
    started = time.monotonic()
    page = caller.get("changes/", wait=20).json()
    thread.join()
    assert [row["kind"] for row in page["results"]] == ["late"]
    assert time.monotonic() - started < 10


@pytest.mark.django_db(transaction=True)
def test_an_event_outside_a_transaction_is_refused():
    assert not connection.in_atomic_block
    with pytest.raises(RuntimeError):
        record("loose", subject_type="test", subject_uid=make_broadcaster().uid, audience=[], actor=None)
    assert number_events() == 0
