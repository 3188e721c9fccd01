"""Rounds of review: one decision a party and revision, void with the next; notes; deadlines; links."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from archive.services.link import Claims, LinkUnknownError
from mediaexchange.core.errors import ConflictError, DomainError
from mediaexchange.core.inbox.models import Notification
from mediaexchange.core.models import OutboxEvent
from mediaexchange.core.notifications import link_of
from productions.models import Decision, Note, Revision
from productions.services import review
from productions.services.production import lock_production
from productions.services.review import (
    add_note,
    announce_overdue,
    decide_revision,
    is_complete,
    resolve_note,
    standings,
    submit_revision,
    withdraw_decision,
)
from productions.services.review_media import Clock, kinds_for, open_revision
from tests.archive.factories import make_instantiation, make_item
from tests.factories import make_broadcaster
from tests.productions.delivery import approve, make_document, make_revision
from tests.productions.factories import make_producer, make_production

pytestmark = pytest.mark.django_db


@pytest.fixture
def production(rts, ptrc):
    return make_production(rts, ptrc, stage="post-production")


@pytest.fixture
def cut(production):
    return make_revision(production, "fine-cut")


def test_revisions_are_numbered_by_kind_and_supersede_each_other(production):
    first, script = make_revision(production, "rough-cut"), make_revision(production, "script")
    second = make_revision(production, "rough-cut")
    first.refresh_from_db()
    assert [(row.kind, row.number) for row in (first, script, second)] == [
        ("rough-cut", 1), ("script", 1), ("rough-cut", 2),
    ]  # fmt: skip
    assert (first.is_current, script.is_current, second.is_current) == (False, True, True)
    with pytest.raises(IntegrityError), transaction.atomic():
        Revision.objects.filter(pk=first.pk).update(superseded_at=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        Revision.objects.filter(pk=second.pk).update(instantiation=first.instantiation, number=7)


def test_a_revision_is_complete_only_when_every_party_has_approved(cut, rts, ptrc):
    approve(cut, rts)
    assert not is_complete(cut)
    decide_revision(cut, actor=None, broadcaster=ptrc, decision="changes", note="The opening is too long")
    assert not is_complete(cut)
    assert [row.has_approved for row in standings(cut)] == [True, False]
    assert not OutboxEvent.objects.filter(kind="revision.approved").exists()


def test_a_party_decides_once_and_changes_its_mind_only_on_record(cut, rts):
    producer = make_producer(rts)
    made = decide_revision(cut, actor=producer, broadcaster=rts, decision="refused", note="Not our film")
    again = decide_revision(cut, actor=producer, broadcaster=rts, decision="refused", note="Not our film")
    assert made == again
    with pytest.raises(ConflictError) as refused:
        decide_revision(cut, actor=producer, broadcaster=rts, decision="approved")
    assert refused.value.code == "already-decided"
    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.filter(pk=made.pk).update(decision="approved")
    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.create(revision=cut, broadcaster=rts, decision="approved")
    with pytest.raises(DomainError):
        withdraw_decision(made, actor=producer, reason="")
    withdraw_decision(made, actor=producer, reason="Watched the wrong reel")
    assert decide_revision(cut, actor=producer, broadcaster=rts, decision="approved").decision == "approved"
    kept = Decision.objects.get(pk=made.pk)
    assert (kept.withdrawn_by, kept.withdrawal_reason) == (producer, "Watched the wrong reel")


def test_once_every_party_has_approved_only_a_new_revision_opens_the_question(cut):
    decision, _other = approve(cut)
    with pytest.raises(ConflictError) as refused:
        withdraw_decision(decision, actor=None, reason="Second thoughts")
    assert refused.value.code == "round-over"
    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.filter(pk=decision.pk).update(withdrawn_at=timezone.now(), withdrawal_reason="by force")


def test_a_superseded_revision_is_decided_no_more(production, cut, rts):
    make_revision(production, "fine-cut")
    with pytest.raises(ConflictError) as refused:
        decide_revision(cut, actor=None, broadcaster=rts, decision="approved")
    assert refused.value.code == "revision-superseded"
    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.create(revision=cut, broadcaster=rts, decision="approved")


def test_strangers_and_other_houses_people_decide_nothing(cut, rts, ptrc):
    rtv = make_broadcaster("rtv")
    for actor, house in ((make_producer(ptrc), rts), (make_producer(rtv), rts)):
        with pytest.raises(DomainError) as refused:
            decide_revision(cut, actor=actor, broadcaster=house, decision="approved")
        assert refused.value.status == 403
    with pytest.raises(DomainError) as refused:
        decide_revision(cut, actor=make_producer(rtv), broadcaster=rtv, decision="approved")
    assert refused.value.code == "not-a-partner"
    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.create(revision=cut, broadcaster=rtv, decision="approved")


def test_a_house_submits_only_what_is_its_own(production, rts, ptrc):
    stranger, partner = (make_instantiation(make_item(house)) for house in (make_broadcaster("rtv"), ptrc))
    for fields, code in (
        ({}, "material-missing"),
        ({"instantiation": stranger}, "foreign-material"),
        ({"instantiation": partner}, "foreign-material"),
        ({"file": make_document(ptrc)}, "foreign-material"),
        ({"file": make_document(rts), "due_at": timezone.now()}, "deadline-passed"),
    ):
        with pytest.raises(DomainError) as refused:
            submit_revision(production, actor=None, kind="script", broadcaster=rts, **fields)
        assert refused.value.code == code


def test_notes_hang_in_threads_at_timecodes_of_the_material(production, rts, ptrc):
    recording = make_document(rts)
    track = {"kind": "video", "rate_numerator": 30000, "rate_denominator": 1001}
    recording.technical = {"duration_ms": 60_000, "start_timecode": "01:00:00;00", "tracks": [track]}
    recording.content_type = "video/mp4"
    recording.save()
    cut = make_revision(production, "rough-cut", file=recording)
    clock = Clock(cut)
    in_ms = clock.ms_of("01:00:10;05")
    assert clock.timecode(in_ms) == "01:00:10;05"
    assert all(clock.timecode(clock.ms_of(text)) == text for text in ("01:00:00;00", "01:00:59;28", "01:00:00;01"))
    note = add_note(
        cut, actor=make_producer(ptrc), broadcaster=ptrc, text="The flag is wrong", in_ms=in_ms, out_ms=in_ms + 2000
    )
    answer = add_note(cut, actor=make_producer(rts), broadcaster=rts, text="We change it", parent=note)
    deeper = add_note(cut, actor=None, broadcaster=ptrc, text="Thank you", parent=answer)
    assert deeper.parent == note
    assert resolve_note(answer, actor=make_producer(rts)).resolved_at is not None
    assert resolve_note(note, actor=make_producer(rts), is_resolved=False).resolved_at is None
    for place, code in (({"in_ms": 5, "out_ms": 5}, "bad-stretch"), ({"in_ms": 70_000}, "beyond-end")):
        with pytest.raises(DomainError) as refused:
            add_note(cut, actor=None, broadcaster=rts, text="Look", **place)
        assert refused.value.code == code
    assert Note.objects.filter(revision=cut).count() == 3


def test_parties_are_told_of_what_waits_for_them_and_of_what_is_late(production, rts, ptrc):
    belgrade, astana = make_producer(rts), make_producer(ptrc)
    revision = submit_revision(
        production, actor=belgrade, kind="script", broadcaster=rts, file=make_document(rts),
        due_at=timezone.now() + timedelta(days=3),
    )  # fmt: skip

    def told(kind: str) -> set[int]:
        rows = Notification.objects.filter(kind=f"productions.{kind}")
        return set(rows.values_list("recipient", flat=True))

    assert told("revision-submitted") == {astana.pk}
    waiting = Notification.objects.select_related("recipient").get(kind="productions.revision-submitted")
    assert link_of(waiting).endswith(f"/productions/revision/{revision.pk}/change/")
    assert announce_overdue() == 0
    Revision.objects.filter(pk=revision.pk).update(due_at=timezone.now() - timedelta(minutes=1))
    approve(revision, rts)
    assert Revision.objects.overdue().get() == revision
    assert announce_overdue() == 1
    assert announce_overdue() == 0
    assert told("revision-overdue") == {astana.pk}
    decide_revision(revision, actor=astana, broadcaster=ptrc, decision="approved")
    assert not Revision.objects.overdue().exists()
    assert belgrade.pk in told("revision-approved")


def test_the_clean_copy_stays_with_its_house_and_strangers_open_nothing(production, rts, ptrc):
    recording = make_document(rts)
    recording.content_type = "video/mp4"
    recording.save()
    cut = make_revision(production, "rough-cut", file=recording)
    belgrade, astana = make_producer(rts), make_producer(ptrc)
    assert "proxy" in kinds_for(cut, belgrade)
    assert kinds_for(cut, astana) == {"poster", "waveform", "watermark"}
    stranger = make_producer(make_broadcaster("rtv"))
    for user, kind in ((astana, "proxy"), (stranger, "watermark"), (stranger, "document")):
        claims = Claims("revision", cut.uid, user, None, None, {"kind": kind}, "x")
        with pytest.raises(LinkUnknownError):
            open_revision(claims)


@pytest.mark.django_db(transaction=True)
def test_an_approval_and_a_new_revision_at_the_same_time_never_leave_a_void_approval_standing(monkeypatch):
    """Whichever comes first, what is approved afterwards is not the new revision."""
    rts, ptrc = make_broadcaster("rts"), make_broadcaster("ptrc")
    production = make_production(rts, ptrc, stage="post-production")
    material = make_instantiation(make_item(rts))
    revision = make_revision(production, instantiation=material)
    approve(revision, rts)

    def slowly(row):
        locked = lock_production(row)
        time.sleep(0.05)
        return locked

    monkeypatch.setattr(review, "lock_production", slowly)
    start, said = threading.Barrier(2), []

    def work(deed):
        try:
            start.wait(timeout=20)
            deed()
        except DomainError as error:
            said.append(error.code)
        finally:
            connection.close()

    deeds = (
        lambda: decide_revision(revision, actor=None, broadcaster=ptrc, decision="approved"),
        lambda: submit_revision(production, actor=None, kind="final-cut", broadcaster=rts, instantiation=material),
    )
    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(work, deed) for deed in deeds]:
            done.result(timeout=30)
    current = Revision.objects.current().get(production=production, kind="final-cut")
    assert current.number == 2
    assert not is_complete(current)
    approved_first = Decision.objects.filter(revision=revision).count() == 2
    assert approved_first or said == ["revision-superseded"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT code FROM productions_delivery_bars(%s)", [production.pk])
        assert {code for (code,) in cursor.fetchall()} == {"final-cut-unapproved"}
