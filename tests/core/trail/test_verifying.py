"""Whatever is done to sealed entries or to seals, past the guards of the database, is found and named."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError

from mediaexchange.core.models import AuditEntry
from mediaexchange.core.trail import sealing
from mediaexchange.core.trail.erasing import erase_values
from mediaexchange.core.trail.models import AuditErasure, AuditSeal
from mediaexchange.core.trail.sealing import seal_entries
from mediaexchange.core.trail.verifying import head, unsealed_entries
from tests.core.trail.chain import execute, faults, undone, unguarded, write
from tests.factories import make_user

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def sealed(monkeypatch):
    """The ids of five entries under the seals 2, 3 and 4, with a gap that a lost transaction has left."""
    monkeypatch.setattr(sealing, "BATCH", 2)
    first = write("BBC", "CNN", "DW", "ITV")
    with undone():
        write("lost")
    entries = [*first, *write("RTS")]
    seal_entries()
    return entries


def test_whatever_is_done_to_sealed_entries_is_found_and_named(sealed):
    one, two, three, four, last = sealed
    assert last == four + 2
    assert faults() == set()
    change = "UPDATE core_auditentry SET changed = jsonb_set(changed, '{text}', '\"CBS\"') WHERE id = %s"
    swap = (
        "UPDATE core_auditentry AS entry SET changed = other.changed, row_pk = other.row_pk "
        "FROM core_auditentry AS other WHERE entry.id + other.id = %s AND abs(entry.id - other.id) = 1"
    )
    copy = (
        "INSERT INTO core_auditentry (id, at, table_name, row_pk, action, changed, request_id) "
        "SELECT %s, at, table_name, row_pk, action, changed, request_id FROM core_auditentry WHERE id = %s"
    )
    deeds = [
        (change, (two,), {("altered", two)}),
        ("UPDATE core_auditentry SET at = at + interval '1 microsecond' WHERE id = %s", (two,), {("altered", two)}),
        ("UPDATE core_auditentry SET actor_id = 7 WHERE id = %s", (last,), {("altered", last)}),
        ("UPDATE core_auditentry SET changed = '{}' WHERE id = %s", (one,), {("altered", one)}),
        (swap, (two + three,), {("altered", two), ("altered", three)}),
        ("DELETE FROM core_auditentry WHERE id = %s", (three,), {("removed", three)}),
        ("DELETE FROM core_auditentry WHERE id = %s", (last,), {("removed", last)}),
        (copy, (four + 1, one), {("inserted", four + 1)}),
        (copy, (-1, one), {("inserted", -1)}),
    ]
    for sql, values, expected in deeds:
        with undone(), unguarded():
            execute(sql, *values)
            assert faults() == expected, sql
    assert faults() == set()


def test_whatever_is_done_to_seals_is_found(sealed):
    _one, _two, three, four, _last = sealed
    deeds = [
        (
            "UPDATE core_auditseal SET sealed_at = sealed_at - interval '1 day' WHERE position = 4",
            {("seal altered", 4)},
        ),
        (
            "UPDATE core_auditseal SET digests[1] = digests[2] WHERE position = 3",
            {("seal altered", 3), ("altered", three)},
        ),
    ]
    for sql, expected in deeds:
        with undone(), unguarded():
            execute(sql)
            assert faults() == expected
    with undone(), unguarded():
        execute("ALTER TABLE core_auditseal DROP CONSTRAINT core_auditseal_follows")
        execute("DELETE FROM core_auditseal WHERE position = 3")
        unlinked = {("does not follow the seal before", 4)}
        assert faults() == unlinked | {("inserted", three), ("inserted", four)}
        execute("DELETE FROM core_auditseal WHERE position < 3")
        assert faults() == unlinked


def test_a_chain_that_was_written_anew_is_found_against_a_head_that_was_kept(sealed):
    kept = bytes(head().digest).hex()
    assert f"head: {kept}" in told("--head", kept)
    with unguarded():
        execute("UPDATE core_auditentry SET actor_id = 7 WHERE id = %s", sealed[0])
        execute("DELETE FROM core_auditseal")
    seal_entries()
    assert "head: " in told()
    with pytest.raises(CommandError, match="faults: 1") as refused:
        told("--head", kept)
    assert refused.value.returncode == 1


def test_the_command_names_what_was_altered_and_can_begin_later(sealed):
    with undone(), unguarded():
        execute("DELETE FROM core_auditentry WHERE id = %s", sealed[0])
        output = StringIO()
        with pytest.raises(CommandError, match="not what was sealed"):
            call_command("verify_audit", stdout=output)
        assert f"entry {sealed[0]}: removed" in output.getvalue()
        told("--from-seal", "3")
        told("--since", "2100-01-01")
        with pytest.raises(CommandError):
            told("--since", "2001-01-01")
        first = bytes(AuditSeal.objects.get(position=2).digest).hex()
        with pytest.raises(CommandError):  # what the kept head stands for is verified too
            told("--from-seal", "4", "--head", first)
    write("ZDF")
    assert "not sealed yet: 1 entries" in told()


def test_what_is_erased_by_right_verifies_and_everything_else_about_it_is_still_proven(sealed):
    operator = make_user(is_superuser=True, is_staff=True)
    seal_entries()
    entry = AuditEntry.objects.get(pk=sealed[1])
    told_so = call_erase(entry, operator)
    assert told_so == "1 entries erased\n"
    assert call_erase(entry, operator) == "0 entries erased\n"
    entry.refresh_from_db()
    assert entry.changed == {}
    trace = AuditEntry.objects.get(table_name="core_auditerasure")
    assert (trace.actor_id, trace.changed["reason"], trace.changed["entry_id"]) == (operator.pk, "a court", entry.pk)
    seal_entries()
    assert unsealed_entries() == 0
    assert faults() == set()
    assert "erased by right: 1 entries" in told()
    for sql in (
        "UPDATE core_auditentry SET actor_id = 7 WHERE id = %s",
        'UPDATE core_auditentry SET changed = \'{"text": "CBS"}\' WHERE id = %s',
    ):
        with undone(), unguarded():
            execute(sql, entry.pk)
            assert faults() == {("altered", entry.pk)}
    with pytest.raises(DatabaseError, match="append-only"):
        erase_values("core_auditerasure", trace.row_pk, actor=operator, reason="to hide it")
    assert AuditErasure.objects.count() == 1


def test_an_entry_that_was_erased_before_it_was_sealed_verifies():
    (entry,) = write("BBC")
    erase_values("core_keepword", AuditEntry.objects.get(pk=entry).row_pk, actor=make_user(), reason="a court")
    seal_entries()
    assert faults() == set()


def told(*arguments: str) -> str:
    output = StringIO()
    call_command("verify_audit", *arguments, stdout=output)
    return output.getvalue()


def call_erase(entry: AuditEntry, actor) -> str:
    output = StringIO()
    call_command(
        "erase_audit", entry.table_name, entry.row_pk, "--as", actor.username, "--reason", "a court", stdout=output
    )
    return output.getvalue()
