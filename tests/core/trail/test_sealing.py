"""Seals take every committed entry once, whatever is written, killed or repeated meanwhile; the database keeps them."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import DatabaseError, connection, transaction

from mediaexchange.core.models import AuditEntry, KeepWord
from mediaexchange.core.tasks import seal_audit
from mediaexchange.core.trail import sealing
from mediaexchange.core.trail.models import AuditMark, AuditSeal
from mediaexchange.core.trail.sealing import seal_batch, seal_entries
from mediaexchange.core.trail.verifying import unsealed_entries
from tests.core.trail.chain import execute, faults, undone, write

transactional = pytest.mark.django_db(transaction=True)


def sealed_entries() -> list[int]:
    """Without what was there before the test."""
    return [entry for seal in AuditSeal.objects.filter(position__gt=1).order_by("position") for entry in seal.entries]


@transactional
def test_an_entry_waits_for_older_transactions_that_may_still_commit_smaller_ids():
    has_written, may_end = threading.Event(), threading.Event()

    def slowly() -> None:
        try:
            with transaction.atomic():
                KeepWord.objects.create(text="slow")
                has_written.set()
                assert may_end.wait(30)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        writer = pool.submit(slowly)
        assert has_written.wait(30)
        (quick,) = write("quick")
        try:
            assert seal_entries() == 0
        finally:
            may_end.set()
        writer.result()
    (slow,) = AuditEntry.objects.filter(pk__lt=quick).order_by("-pk").values_list("pk", flat=True)[:1]
    assert seal_entries() == 2
    assert sealed_entries() == [slow, quick]


@transactional
def test_an_entry_waits_for_a_younger_transaction_that_drew_a_smaller_id():
    has_number, has_written, may_end = threading.Event(), threading.Event(), threading.Event()

    def first_to_begin() -> None:
        try:
            with transaction.atomic():
                execute("SELECT pg_current_xact_id()")
                has_number.set()
                assert has_written.wait(30)
                KeepWord.objects.create(text="begun first, written last")
        finally:
            connection.close()

    def last_to_end() -> None:
        try:
            with transaction.atomic():
                assert has_number.wait(30)
                KeepWord.objects.create(text="begun last, written first")
                has_written.set()
                assert may_end.wait(30)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        first, last = pool.submit(first_to_begin), pool.submit(last_to_end)
        try:
            first.result()
            assert seal_entries() == 0
        finally:
            may_end.set()
        last.result()
    assert seal_entries() == 2


@transactional
def test_nothing_that_several_write_while_it_is_sealed_is_lost_or_sealed_twice(monkeypatch):
    monkeypatch.setattr(sealing, "BATCH", 7)
    writers, each = 3, 25

    def work(name: int) -> None:
        try:
            for number in range(each):
                with transaction.atomic():
                    KeepWord.objects.create(text=f"{name}-{number}")
        finally:
            connection.close()

    def seal() -> None:
        try:
            while unfinished:
                seal_audit()
        finally:
            connection.close()

    unfinished = [True]
    with ThreadPoolExecutor(writers + 2) as pool:
        working, sealers = [pool.submit(work, name) for name in range(writers)], [pool.submit(seal) for _ in range(2)]
        try:
            for each_work in working:
                each_work.result()
        finally:
            unfinished.clear()
        for sealer in sealers:
            sealer.result()
    seal_entries()
    written = AuditEntry.objects.filter(pk__gt=AuditSeal.objects.get(position=1).last_id)
    assert sealed_entries() == list(written.order_by("pk").values_list("pk", flat=True))
    assert len(sealed_entries()) == writers * each
    assert faults() == set()


@transactional
def test_a_killed_sealing_goes_on_where_it_was(monkeypatch):
    monkeypatch.setattr(sealing, "BATCH", 2)
    entries = write("BBC", "CNN", "DW", "ITV", "RTS")
    assert seal_entries(seconds=0) == 0
    sealing._mark()
    assert seal_batch() == 2
    with undone():  # killed before the commit
        seal_batch()
    assert sealed_entries() == entries[:2]
    assert seal_entries() == 3
    assert seal_entries() == 0
    assert sealed_entries() == entries
    assert faults() == set()


@transactional
def test_a_mark_of_another_server_is_set_anew():
    write("BBC")
    AuditMark.objects.update(fence=2**62)
    assert seal_entries() == 1


@transactional
def test_the_chain_has_neither_gaps_nor_branches():
    write("BBC")
    seal_entries()
    again = (
        "INSERT INTO core_auditseal "
        "(position, previous_digest, after_id, last_id, entries, digests, sealed_at, digest) "
        "SELECT {position}, {previous}, {after}, last_id + 9, entries, digests, sealed_at, sha256('x') "
        "FROM core_auditseal WHERE position = 2"
    )
    its_own = {"position": 3, "previous": "digest", "after": "last_id"}
    refused = [
        {"position": 2, "previous": "previous_digest", "after": "after_id"},  # a second successor
        {"position": 1, "previous": "NULL", "after": "NULL"},
        its_own | {"position": 4},
        its_own | {"previous": "previous_digest"},
        its_own | {"after": "last_id + 1"},
        its_own | {"previous": "NULL", "after": "NULL"},
    ]
    for values in refused:
        with pytest.raises(DatabaseError, match=r"core_auditseal_|duplicate"), transaction.atomic():
            execute(again.format(**values))
    execute(again.format(**its_own))


@pytest.mark.django_db
@pytest.mark.parametrize("table", ["core_auditentry", "core_auditseal", "core_auditerasure"])
def test_no_table_of_the_trail_can_be_emptied(table):
    execute(f"ALTER TABLE {table} ENABLE TRIGGER never_emptied")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        execute(f"TRUNCATE {table} CASCADE")


@transactional
def test_seals_and_values_of_entries_are_kept_by_the_database():
    for statement in (
        "UPDATE core_auditseal SET sealed_at = now()",
        "DELETE FROM core_auditseal",
        "UPDATE core_auditentry SET changed = '{}'",  # no erasure says so
    ):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            execute(statement)
    assert unsealed_entries() == 0
