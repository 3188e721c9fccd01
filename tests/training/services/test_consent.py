"""Consent withdrawn: no table, file, index, trail or export holds the name; the counts are what they were."""

import json
from collections.abc import Iterator
from datetime import timedelta
from itertools import groupby
from operator import itemgetter
from pathlib import Path

import pytest
from django.conf import settings
from django.core import mail
from django.db import connection
from django.test import Client
from django.utils import timezone

from broadcasters.indicators import Period
from mediaexchange.core.errors import ConflictError, DomainError
from mediaexchange.core.languages.serbian import to_latin
from mediaexchange.core.models import AuditEntry, IdempotencyRecord
from mediaexchange.core.trail.sealing import seal_entries
from mediaexchange.core.trail.verifying import unsealed_entries
from tests.core.trail.chain import faults
from tests.factories import make_key, make_user
from tests.training.factories import complete, enrol, make_form, make_participant, make_workshop
from training.constants import AttendanceStatus
from training.indicators import RAW_COUNTS
from training.models import Attendance, Certificate, Enrolment, Notice, Participant
from training.services.attendance import record_attendance
from training.services.certificate import issue_certificates, revoke_certificate
from training.services.enrolment import nominate_participant, reject_enrolment
from training.services.export import export_of
from training.services.feedback import answer_form, invite
from training.services.mailing import send_next
from training.services.participant import record_consent, save_participant, withdraw_consent
from training.tokens import certificate_address, person_address

pytestmark = pytest.mark.django_db
CYRILLIC, LATIN, EMAIL = "Ђурђица Џакуловић", "Đurđica Džakulović", "djurdjica.dzakulovic@example.org"
WORDS = {"Ђурђица", "Џакуловић", "Đurđica", "Džakulović", "djurdjica", "dzakulovic"}


def columns() -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Every table with its columns that can hold words, and their types."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT quote_ident(table_schema) || '.' || quote_ident(table_name), quote_ident(column_name), data_type "
            "FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name) "
            "WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema') "
            "AND data_type NOT IN ('bigint', 'integer', 'smallint', 'boolean', 'date', 'uuid', 'interval', 'numeric', "
            "'timestamp with time zone', 'time without time zone', 'double precision') ORDER BY 1"
        )
        for table, rows in groupby(cursor.fetchall(), key=itemgetter(0)):
            yield table, [(column, kind) for _table, column, kind in rows]


def found_in_database(words: set[str]) -> list[str]:
    """Looked for as they are, as JSON escapes them, and as bytes."""
    texts = [f"%{form}%" for word in words for form in (word, json.dumps(word)[1:-1].replace("\\", "\\\\"))]
    raw = [f"%{''.join(_escaped(byte) for byte in word.encode())}%" for word in words]
    found = []
    with connection.cursor() as cursor:
        for table, fields in columns():
            asked = ", ".join(
                f"count(*) FILTER (WHERE encode({column}, 'escape') ILIKE ANY (%(raw)s))"
                if kind == "bytea"
                else f"count(*) FILTER (WHERE {column}::text ILIKE ANY (%(texts)s))"
                for column, kind in fields
            )
            cursor.execute(f"SELECT {asked} FROM {table}", {"raw": raw, "texts": texts})
            found += [
                f"{table}.{column}" for (column, _kind), number in zip(fields, cursor.fetchone(), strict=True) if number
            ]
    return found


def _escaped(byte: int) -> str:
    """As PostgreSQL's “escape” writes it, the backslash doubled for LIKE."""
    return chr(byte) if byte < 128 else f"\\\\{byte:03o}"


def found_in_files(words: set[str]) -> list[str]:
    root = Path(settings.STORAGES["media"]["OPTIONS"]["location"])
    hidden = [word.encode() for word in words]
    files = [path for path in root.rglob("*") if path.is_file()] if root.exists() else []
    return [str(path) for path in files if any(word in path.read_bytes() for word in hidden)]


def counts(house, *partners):
    period = Period(timezone.now() - timedelta(days=400), timezone.now() + timedelta(days=1))
    return {
        (count.name, partner): count.value(count.rows(house, period, partner))
        for count in RAW_COUNTS
        for partner in (None, *partners)
    }


@pytest.fixture
def somebody(rts, ptrc, host, sender):
    """A person who went every way: trained, certified, heard, rejected elsewhere, waiting elsewhere."""
    account = make_user(ptrc)
    person = save_participant(
        Participant(
            broadcaster=ptrc, name_cyrl=CYRILLIC, name_latn=LATIN, email=EMAIL, language="sr-Latn", user=account
        ),
        actor=sender,
    )
    person.name_latn = LATIN + " "
    save_participant(person, actor=sender, changed={"name_latn"})
    record_consent(person, actor=sender, purpose="participation", road="paper")
    done = make_workshop(rts, evaluation_form=make_form(rts))
    enrolment = enrol(done, person)
    for session in done.sessions.all():
        session.starts_at, session.ends_at = (timezone.now() - timedelta(hours=hours) for hours in (2, 1))
        session.save()
        record_attendance(session, {enrolment: AttendanceStatus.ATTENDED}, actor=host)
    complete(done)
    first = issue_certificates(done, actor=host)[0]
    revoke_certificate(first, actor=host, reason=f"{CYRILLIC} was not there")
    issue_certificates(done, actor=host)
    invitation = invite(enrolment, done.evaluation_form)
    question = done.evaluation_form.questions.get(kind="scale")
    answer_form(invitation, {question.pk: "5"})
    picky = make_workshop(rts, needs_approval=True, programme=done.programme)
    reject_enrolment(nominate_participant(picky, person, actor=sender), actor=host, reason=f"{LATIN} knows it all")
    small = make_workshop(rts, capacity=1, programme=done.programme)
    enrol(small, person)
    enrol(small)
    while send_next():
        pass
    person.refresh_from_db()
    return person


def test_the_name_is_found_before_so_that_the_search_can_fail(somebody):
    assert "public.training_participant.name_cyrl" in found_in_database(WORDS)
    assert "public.training_enrolment.reason" in found_in_database(WORDS)
    assert any(EMAIL in message.to for message in mail.outbox)
    IdempotencyRecord.objects.create(
        user=somebody.user, key="k", route="r", body_hash="h", response_body=f"a {CYRILLIC}".encode()
    )
    assert "public.core_idempotencyrecord.response_body" in found_in_database({"Џакуловић"})


def test_after_the_withdrawal_no_table_and_no_file_holds_the_name_and_the_counts_stand(somebody, sender, rts, ptrc):
    before = counts(rts, ptrc), counts(ptrc, rts)
    withdraw_consent(somebody, actor=sender, purpose="participation")
    withdraw_consent(somebody, actor=sender, purpose="participation")
    assert found_in_database(WORDS) == []
    assert found_in_files(WORDS) == []
    assert (counts(rts, ptrc), counts(ptrc, rts)) == before
    gone = Participant.objects.get(pk=somebody.pk)
    export = json.dumps(export_of(gone, actor=sender), default=str, ensure_ascii=False)
    assert not any(word in export for word in WORDS)


def test_the_trail_says_that_somebody_was_changed_and_not_who(somebody, sender):
    withdraw_consent(somebody, actor=sender, purpose="participation")
    entries = AuditEntry.objects.filter(table_name="training_participant", row_pk=str(somebody.pk))
    assert {"insert", "update"} == set(entries.values_list("action", flat=True))
    assert "anonymised_at" in entries.first().changed


@pytest.mark.django_db(transaction=True)
def test_the_sealed_trail_verifies_after_the_withdrawal(somebody, sender):
    seal_entries()
    withdraw_consent(somebody, actor=sender, purpose="participation")
    seal_entries()
    assert unsealed_entries() == 0
    assert faults() == set()
    assert found_in_database(WORDS) == []


def test_seats_are_given_on_and_messages_called_off(somebody, sender):
    waiting = Enrolment.objects.get(workshop__capacity=1, status="waiting")
    withdraw_consent(somebody, actor=sender, purpose="participation")
    waiting.refresh_from_db()
    assert waiting.status == "offered"
    assert not Notice.objects.filter(enrolment__participant=somebody, status="pending").exists()
    assert Enrolment.objects.filter(participant=somebody, status="confirmed").count() == 1  # where they were trained
    assert Attendance.objects.filter(enrolment__participant=somebody).count() == 2


def test_addresses_that_stood_for_the_person_lead_nowhere(somebody, sender):
    certificate = Certificate.objects.get(revoked_at=None)
    addresses = [certificate_address(certificate), person_address(somebody)]
    client = Client()
    assert [client.get(address).status_code for address in addresses] == [200, 200]
    withdraw_consent(somebody, actor=sender, purpose="participation")
    assert [client.get(address).status_code for address in addresses] == [404, 404]


def test_nothing_more_is_written_about_who_has_gone(somebody, sender, rts):
    withdraw_consent(somebody, actor=sender, purpose="participation")
    with pytest.raises(ConflictError, match="gone"):
        save_participant(somebody, actor=sender, changed={"email"})
    with pytest.raises(ConflictError, match="gone"):
        record_consent(somebody, actor=sender, purpose="participation", road="paper")
    with pytest.raises(DomainError, match="consent"):
        nominate_participant(make_workshop(rts), somebody, actor=sender)


def test_a_repeated_write_keeps_no_answer_with_a_name(ptrc, rts):
    workshop = make_workshop(rts)
    headers = {"authorization": f"Bearer {make_key(ptrc)}", "idempotency-key": "once"}
    body = {"name_cyrl": CYRILLIC, "email": EMAIL, "language": "sr-Cyrl"}
    client = Client()
    made = client.post("/api/v1/participants/", json.dumps(body), content_type="application/json", headers=headers)
    assert (made.status_code, set(made.json())) == (201, {"uid", "anonymised_at"})
    address = f"/api/v1/participants/{made.json()['uid']}"
    agreed = {"purpose": "participation", "road": "email"}
    headers["idempotency-key"] = "twice"
    client.post(f"{address}/consent/", json.dumps(agreed), content_type="application/json", headers=headers)
    headers["idempotency-key"] = "thrice"
    nominated = client.post(
        f"/api/v1/workshops/{workshop.slug}/nominate/", json.dumps({"participant": made.json()["uid"]}),
        content_type="application/json", headers=headers,
    )  # fmt: skip
    assert nominated.json()["status"] == "confirmed"
    assert "name" not in nominated.json()


def test_one_reads_everything_that_is_kept_of_oneself(somebody, sender):
    export = export_of(somebody, actor=None, is_person=True)
    assert (export["name_cyrl"], export["name_latn"], export["email"]) == (CYRILLIC, LATIN, EMAIL)
    assert {each["status"] for each in export["enrolments"]} == {"confirmed", "rejected"}
    assert sum(len(each["certificates"]) for each in export["enrolments"]) == 2
    assert export["consents"][0]["purpose"] == "participation"


def test_without_leave_for_it_nobody_is_asked_later(somebody, sender):
    record_consent(somebody, actor=sender, purpose="follow-up", road="paper")
    withdraw_consent(somebody, actor=sender, purpose="follow-up")
    assert not somebody.is_anonymous
    assert somebody.consents.get(purpose="follow-up").withdrawn_at is not None


def test_a_serbian_name_is_written_in_both_scripts_and_a_kazakh_one_as_given():
    serbian = make_participant(name_cyrl="Ђорђе Његош", name_latn="", language="sr-Latn")
    assert (serbian.name, serbian.name_in("sr")) == (to_latin("Ђорђе Његош"), "Ђорђе Његош")
    latin = make_participant(name_cyrl="", name_latn="Đorđe Njegoš", language="sr-Cyrl")
    assert latin.name == "Ђорђе Његош"
    kazakh = make_participant(name_cyrl="Әсел Жұмабай", name_latn="", language="kk")
    assert (kazakh.name, kazakh.name_in("en")) == ("Әсел Жұмабай", "Әсел Жұмабай")
