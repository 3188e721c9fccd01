"""Every obligation is a row: what is killed, lost, stopped or taken back in between changes nothing of what is due."""

import contextlib
import logging
import signal
import time

import pytest

from tests.faults.balance import balance_of, require_signature
from tests.faults.conftest import SEED
from tests.faults.exchange import WORKERS, Exchange, Tormentor

pytestmark = [pytest.mark.faults, pytest.mark.enable_socket]

LOAD_S = 28.0
CANARY = "Zlatnakanarinka"  # stands in every headline that is under embargo

log = logging.getLogger(__name__)


def test_every_event_reaches_everybody_it_is_due_to_whatever_is_killed(exchange: Exchange) -> None:
    """Workers ten times, Valkey five times and emptied once, PostgreSQL twice; two beats, three dispatchers at once."""
    newsrooms = [exchange.newsroom() for _ in range(2)]
    for number, newsroom in enumerate(newsrooms):
        newsroom.begin("write", seed=SEED + number, seconds=LOAD_S, pause=0.12)
    tormentor = Tormentor(exchange, SEED)
    tormentor.torment(LOAD_S, workers=10, valkeys=5, flushes=1, databases=2)
    killed_at = time.monotonic()
    written = [newsroom.answer() for newsroom in newsrooms]
    for newsroom in newsrooms:
        assert newsroom.end() == 0
    exchange.settle()
    balance = balance_of(exchange)
    log.info(
        "%s; written %s; %d events × %d subscriptions: %d due, %d possible, %d received, %d repeats of an id; "
        "settled %.1f s after the last kill; ended by themselves: %s",
        dict(tormentor.done), written, balance.events, len(exchange.paths), len(balance.must), len(balance.may),
        len(balance.received), balance.repeated, time.monotonic() - killed_at, dict(exchange.ended),
    )  # fmt: skip
    assert tormentor.done == {"worker": 10, "valkey": 5, "flush": 1, "database": 2}
    assert len(balance.must) > 200
    assert (balance.lost, balance.strange, balance.renamed, balance.early) == (set(), set(), [], [])
    assert {arrival.path for arrival in exchange.sink.about(exchange.hidden)} == {"rts-0"}
    for arrival in exchange.sink.arrivals:
        require_signature(exchange, arrival)
    effects_stand_once(exchange, written)


def effects_stand_once(exchange: Exchange, written: list[dict[str, int]]) -> None:
    total = {name: sum(each.get(name, 0) for each in written) for name in {*written[0], *written[1]}}
    assert dict(exchange.rows("SELECT slug, count(*) FROM newsexchange_story AS story JOIN newsexchange_feed AS feed"
                              " ON feed.id = story.feed_id GROUP BY slug")) == {
        "wire": 3 * total["ingest"], "pushed": total["push"],
    }  # fmt: skip
    own = exchange.rows("SELECT count(*), count(DISTINCT slugline) FROM newsexchange_story WHERE feed_id IS NULL")[0]
    assert own == (total["offer"] + total["embargo"] + 1,) * 2
    doubled = exchange.rows(
        "SELECT kind, subject_uid FROM core_outboxevent"
        " WHERE kind IN ('story.published', 'story.offered', 'story.released', 'story.recalled', 'story.taken')"
        " GROUP BY kind, subject_uid, CASE WHEN kind = 'story.taken' THEN audience END HAVING count(*) > 1"
    )
    assert doubled == []
    once = exchange.rows(
        "SELECT (SELECT count(*) - count(DISTINCT story_id) FROM newsexchange_recall),"
        " (SELECT count(*) - count(DISTINCT offer_id) FROM newsexchange_take),"
        " (SELECT count(*) - count(DISTINCT (recall_id, broadcaster_id)) FROM newsexchange_recallnotice),"
        " (SELECT count(*) - count(DISTINCT (story_id, version)) FROM newsexchange_storyversion)"
    )
    assert once == [(0, 0, 0, 0)]
    # Whoever was told of a story stands in the ledger of receipts.
    unnoted = exchange.rows(
        "SELECT count(*) FROM newsexchange_delivery AS told"
        " JOIN core_outboxevent AS event ON event.id = told.event_id AND NOT event.is_retraction"
        " JOIN newsexchange_subscription AS subscription ON subscription.id = told.subscription_id"
        " JOIN newsexchange_story AS story ON story.uid = told.subject_uid"
        "  AND story.broadcaster_id <> subscription.broadcaster_id"
        " WHERE told.status = 'delivered' AND NOT EXISTS (SELECT FROM newsexchange_receipt AS receipt"
        "  WHERE receipt.story_id = story.id AND receipt.broadcaster_id = subscription.broadcaster_id)"
    )
    assert unnoted == [(0,)]


def test_what_was_committed_without_a_ring_is_found_by_the_timetable(exchange: Exchange) -> None:
    exchange.settle()
    newsroom = exchange.newsroom()
    with contextlib.closing(exchange.valkey()) as valkey:
        assert exchange.until(lambda: not valkey.keys("*deliver:awake*"), 40), "a dispatcher is still awake"
        newsroom.begin("die_before_ringing", name="unrung")
        assert newsroom.end() == -signal.SIGKILL
    [(uid,)] = exchange.rows("SELECT uid::text FROM newsexchange_story WHERE slugline = 'unrung'")
    assert exchange.until(lambda: {a.path for a in exchange.sink.about(uid)} == set(exchange.paths), 60)


def test_the_late_word_of_a_worker_that_slept_through_its_lease_is_refused(exchange: Exchange) -> None:
    exchange.settle()
    exchange.send(signal.SIGKILL, *WORKERS)
    sleeper, successor = WORKERS
    exchange.start(sleeper)
    exchange.sink.hold("ptrc-1")
    newsroom = exchange.newsroom()
    uid = newsroom.ask("publish_one", name="slept-on", offered_to=["ptrc"])
    newsroom.end()
    assert exchange.until(exchange.sink.held.is_set, 60)
    exchange.send(signal.SIGSTOP, sleeper)
    exchange.sink.release()  # the answer waits for the sleeper in its socket
    exchange.rows(
        "UPDATE newsexchange_delivery SET leased_until = now() - interval '1 second'"
        " WHERE status = 'pending' AND leased_until IS NOT NULL RETURNING id"
    )
    exchange.sink.hold("ptrc-1")
    exchange.start(successor)
    assert exchange.until(exchange.sink.held.is_set, 60)
    ledger = (
        "SELECT delivery.status, attempts, lease_token, delivery.xmin::text FROM newsexchange_delivery AS delivery"
        " JOIN newsexchange_subscription AS subscription ON subscription.id = delivery.subscription_id"
        " WHERE subject_uid = %s AND subscription.name = 'ptrc-1'"
    )
    [successors] = exchange.rows(ledger, uid)
    exchange.send(signal.SIGCONT, sleeper)
    assert exchange.until(lambda: "delivery.lease-lost" in exchange.logs()[f"{sleeper}.log"], 60)
    assert exchange.rows(ledger, uid) == [successors]
    assert successors[:2] == ("pending", 0)
    exchange.sink.release()
    assert exchange.until(lambda: exchange.rows(ledger, uid)[0][:3] == ("delivered", 1, None), 60)
    told = [arrival.id for arrival in exchange.sink.to("ptrc-1") if arrival.data["uid"] == uid]
    assert len(told) == 2
    assert len(set(told)) == 1


def test_what_was_revoked_between_queueing_and_delivery_is_not_told(exchange: Exchange) -> None:
    exchange.settle()
    exchange.send(signal.SIGKILL, *WORKERS)
    newsroom = exchange.newsroom()
    stories = newsroom.ask("revoke_what_waits", path="ptrc-4")
    newsroom.end()
    exchange.start(*WORKERS)

    def told(name: str, path: str) -> list[str]:
        return [arrival.type for arrival in exchange.sink.about(stories[name]) if arrival.path == path]

    assert exchange.until(lambda: told("nothing", "ptrc-1"), 60)
    assert exchange.until(lambda: told("embargo", "ptrc-1") and told("right", "ptrc-1"), 60)
    assert told("nothing", "ptrc-1") == ["story.offered"]
    assert told("embargo", "ptrc-1") == ["story.embargoed"]
    assert told("right", "ptrc-1") == ["story.restricted"]
    uids = [stories["silent-embargo"], stories["silent-right"]]
    ends = (
        "SELECT DISTINCT status, error FROM newsexchange_delivery AS told JOIN newsexchange_subscription AS wish"
        " ON wish.id = told.subscription_id WHERE subject_uid = ANY(%s::uuid[]) AND wish.name = 'ptrc-1'"
    )
    assert exchange.until(lambda: not exchange.rows(f"{ends} AND told.status = 'pending'", uids), 60)
    assert set(exchange.rows(ends, uids)) == {("canceled", "not-visible"), ("canceled", "use-refused")}
    assert (told("silent-embargo", "ptrc-1"), told("silent-right", "ptrc-1")) == ([], [])
    assert [told(name, "ptrc-4") for name in stories] == [[]] * len(stories)


def test_a_document_that_always_kills_its_reader_is_parked_and_others_flow(exchange: Exchange) -> None:
    newsroom = exchange.newsroom()
    newsroom.ask("push_one", name="poisoned", is_poisoned=True)
    for number in range(5):
        newsroom.ask("push_one", name=f"wholesome-{number}")
    state = "SELECT status, attempts FROM newsexchange_inbounddelivery WHERE message_id = %s"

    def is_parked() -> bool:
        newsroom.ask("let_lease_end", name="poisoned")
        return exchange.rows(state, "poisoned") == [("parked", 3)]

    assert exchange.until(is_parked, 60), exchange.rows(state, "poisoned")
    newsroom.end()
    wholesome = "SELECT count(*) FROM newsexchange_inbounddelivery WHERE message_id LIKE %s AND status = 'stored'"
    assert exchange.until(lambda: exchange.rows(wholesome, "wholesome-%") == [(5,)], 60)


def test_no_embargoed_word_is_in_any_message_or_log(exchange: Exchange) -> None:
    assert exchange.until(lambda: exchange.sink.about(exchange.hidden), 60)
    [(headline,)] = exchange.rows("SELECT headline_en FROM newsexchange_story WHERE uid = %s", exchange.hidden)
    assert headline.startswith(CANARY)
    assert [arrival.path for arrival in exchange.sink.arrivals if CANARY.encode() in arrival.body] == []
    logs = exchange.logs()
    assert {*WORKERS, "newsroom", "beat-1"} <= {name.removesuffix(".log") for name in logs}
    assert [name for name, text in logs.items() if CANARY in text] == []
