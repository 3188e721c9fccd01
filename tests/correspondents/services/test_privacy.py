"""Where somebody is, and who they are: never in trail, events, search, kept answers; erased, in no table at all."""

import json
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection

from broadcasters.constants import Role
from correspondents.models import Assignment, Correspondent, HandOver, Paper, Whereabouts
from correspondents.services.assignment import accept_assignment, decline_assignment, give_assignment
from correspondents.services.export import export_of
from correspondents.services.hand_over import accept_hand_over, decline_hand_over, offer_hand_over
from correspondents.services.paper import grant_paper
from correspondents.services.person import erase_correspondent, note_whereabouts, save_correspondent
from mediaexchange.core.errors import ConflictError, ForbiddenError
from mediaexchange.core.models import AuditEntry, OutboxEvent
from mediaexchange.core.search.indexing import refresh_record
from tests.conftest import Caller
from tests.correspondents.factories import make_assignment, make_correspondent, make_desk, make_paper
from tests.factories import make_key, make_user
from tests.training.services.test_consent import found_in_database

pytestmark = pytest.mark.django_db
NAMES = {"Ђурђица", "Џакуловић", "Đurđica", "Džakulović"}
PLACES = {"Канаринац", "kanarinac", "7017771234"}
NUMBER = {"KZ-NUM-4242"}


@pytest.fixture
def desk(rts):
    return make_desk(rts)


@pytest.fixture
def somebody(rts, desk):
    """Written down by the API and by services, sent, declined, handed over to, found where they are."""
    cache.clear()
    caller = Caller(make_key(rts))
    names = {"name": "Ђурђица Џакуловић", "name_latn": "Đurđica Džakulović", "language": "sr-Cyrl"}
    made = caller.send("POST", "correspondents/", names, Idempotency_Key="written-down")
    person = Correspondent.objects.get(uid=made.json()["uid"])
    person.user, person.name_latn = make_user(rts, Role.VIEWER), "Đurđica  Džakulović"
    save_correspondent(person, actor=desk, changed={"user", "name_latn"})
    where = {"address": "Хотел Канаринац, соба 7", "local_contacts": "kanarinac@example.org", "phone": "+77017771234"}
    caller.send("POST", f"correspondents/{person.uid}/whereabouts/", where, Idempotency_Key="where")
    note_whereabouts(person, actor=desk, note="kanarinac sings")
    note_whereabouts(person, actor=person.user, note="kanarinac is silent")
    grant_paper(
        make_paper(person, status="wanted"), actor=desk, valid_from=person.created_at.date(), reference="KZ-NUM-4242"
    )
    declined = make_assignment(person, first=40, last=45)
    decline_assignment(declined, actor=person.user, reason="Ђурђица Џакуловић is at a wedding")
    given = make_assignment(person, first=50, last=55, status="draft")
    give_assignment(given, actor=desk)
    accept_assignment(given, actor=person.user)
    over = make_assignment(first=20, last=30)
    values = {"to_correspondent": person, "at": over.starts_at + timedelta(days=2)}
    refused = offer_hand_over(over, actor=desk, matters="Đurđica has the keys", **values)
    decline_hand_over(refused, actor=desk, reason="Đurđica is ill")
    accept_hand_over(offer_hand_over(over, actor=desk, matters="Đurđica knows", **values), actor=person.user)
    for row in Assignment.objects.all():
        refresh_record(row)
    person.refresh_from_db()
    return person


def test_whereabouts_are_readable_nowhere_not_even_in_their_own_table(somebody):
    assert found_in_database(PLACES) == []
    with connection.cursor() as cursor:
        cursor.execute("SELECT address FROM correspondents_whereabouts")
        assert cursor.fetchone()[0].startswith("gAAAA")
    assert Whereabouts.objects.get().address == "Хотел Канаринац, соба 7"
    trail = AuditEntry.objects.filter(table_name="correspondents_whereabouts")
    assert {name for entry in trail for name in entry.changed} <= {"id", "correspondent_id", "changed_at"}
    assert trail.exists()  # that somebody wrote is recorded


def test_a_name_stands_in_its_own_row_and_in_words_about_the_person_alone(somebody):
    assert sorted(found_in_database(NAMES)) == [
        "public.correspondents_assignment.status_reason",
        "public.correspondents_correspondent.name",
        "public.correspondents_correspondent.name_latn",
        "public.correspondents_handover.matters",
        "public.correspondents_handover.reason",
    ]
    assert found_in_database(NUMBER) == []


def test_an_erasure_leaves_no_word_of_the_person_and_all_rows(rts, desk, somebody):
    account = somebody.user
    before = (Assignment.objects.count(), Paper.objects.count(), HandOver.objects.count())
    erased = erase_correspondent(somebody, actor=desk)
    assert erase_correspondent(somebody, actor=desk).anonymised_at == erased.anonymised_at
    assert found_in_database(NAMES) == []
    assert not Whereabouts.objects.exists()
    assert {paper.reference for paper in Paper.objects.all()} == {""}
    assert (Assignment.objects.count(), Paper.objects.count(), HandOver.objects.count()) == before
    own = Assignment.objects.filter(correspondent=somebody)
    assert set(own.values_list("status", flat=True)) == {"declined", "cancelled"}
    assert not Correspondent.objects.filter(user=account).exists()
    exported = json.dumps(export_of(erased, actor=desk), default=str)
    assert not any(word in exported for word in NAMES | PLACES | NUMBER)
    with pytest.raises(ConflictError):
        save_correspondent(erased, actor=desk, changed={"name"})
    assert OutboxEvent.objects.filter(kind="correspondent.anonymised").count() == 1


def test_nobody_is_erased_while_their_assignment_runs(rts, ptrc, desk):
    person = make_correspondent(rts)
    make_assignment(person, first=-1, last=2, status="in-progress")
    with pytest.raises(ConflictError):
        erase_correspondent(person, actor=desk)
    with pytest.raises(ForbiddenError):
        erase_correspondent(person, actor=make_desk(ptrc))
