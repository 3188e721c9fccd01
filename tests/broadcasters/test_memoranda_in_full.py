"""Memoranda: texts, clauses, terms, notices, minutes; read by parties, written by administrators of one."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localdate

from broadcasters.constants import Renewal, Role
from broadcasters.models import Clause, Membership, Memorandum, Minutes, MinutesItem, Obligation, TerminationNotice
from broadcasters.services.agreement_reminders import remind_of_agreements
from broadcasters.services.notice import consent_to_renewal, give_notice
from broadcasters.terms import ends_by_notice, term_of
from mediaexchange.core.calendars import events_for
from mediaexchange.core.errors import ConflictError, DomainError, ForbiddenError
from mediaexchange.core.inbox.models import Notification
from mediaexchange.core.models import CalendarKind
from tests.broadcasters.admin_pages import add_of, make_memorandum, page_of, sent, signed_in
from tests.factories import make_broadcaster, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def memorandum(rts, ptrc):
    return make_memorandum(rts, ptrc)


@pytest.fixture
def stana(rts):
    """Administers Belgrade."""
    return make_user(rts, Role.ADMINISTRATOR)


@pytest.fixture
def gulnar(ptrc):
    """Administers Astana."""
    return make_user(ptrc, Role.ADMINISTRATOR)


def send(user, path, body, method="post", **headers):
    client = signed_in(user)
    return getattr(client, method)(
        f"/api/v1/{path}", body, content_type="application/json", headers={"Accept-Language": "en"} | headers
    )


def read(user, path, lang="en"):
    return signed_in(user).get(f"/api/v1/{path}", headers={"Accept-Language": lang})


def refusal(deed, *args, **kwargs):
    with pytest.raises(DomainError) as refused:
        deed(*args, **kwargs)
    return refused.value.code


def test_a_memorandum_is_written_clause_by_clause_and_text_by_text_over_the_api(stana, gulnar, rts, ptrc):
    values = {
        "slug": "on-archives", "parties": ["rts", "ptrc"],
        "texts": {"sr-Latn": {"name": "O arhivima"}, "en": {"name": "On archives"}}, "languages": ["sr-Cyrl", "kk"],
    }  # fmt: skip
    made = send(stana, "memoranda/", values)
    assert made.status_code == 201, made.content
    assert made.json()["is_only_announced"] is True
    assert Memorandum.objects.get(slug="on-archives").name_sr == "О архивима"
    clause = {"memorandum": "on-archives", "number": "4.2", "area": "archive", "texts": {"en": {"heading": "Reels"}}}
    assert send(stana, "clauses/", clause).status_code == 201
    again = send(gulnar, "clauses/", clause)
    assert (again.status_code, again.json()["code"]) == (409, "clause-number-once")
    text = {"memorandum": "on-archives", "language": "kk", "title": "Мұрағат", "source": "Handed in by PTRC"}
    assert send(gulnar, "memorandum-texts/", text).status_code == 422  # neither words nor an address
    assert send(gulnar, "memorandum-texts/", text | {"body": "1. …", "is_equally_valid": True}).status_code == 201
    assert send(stana, "memorandum-texts/", text | {"body": "2. …"}).json()["code"] == "text-language-once"
    whole = read(gulnar, "memoranda/on-archives/").json()
    assert [each["number"] for each in whole["clauses"]] == ["4.2"]
    assert [(each["language"], each["is_equally_valid"]) for each in whole["texts"]] == [("kk", True)]
    assert {party["signature_status"] for party in whole["parties"]} == {"announced"}


def test_nobody_but_administrators_of_a_party_writes_and_nobody_else_reads(memorandum, stana, rts):
    clause = {"memorandum": "mou", "number": "1", "texts": {"en": {"heading": "Aim"}}}
    assert send(make_user(rts, Role.EDITOR), "clauses/", clause).status_code == 403
    stranger = make_user(make_broadcaster("rtv"), Role.ADMINISTRATOR)
    assert send(stranger, "clauses/", clause).status_code == 400  # such a memorandum does not exist for them
    assert read(stranger, "memoranda/mou/").status_code == 404
    assert read(stranger, "clauses/").json()["results"] == []
    assert (
        send(stana, "memoranda/", {"slug": "x", "parties": ["rts"], "texts": {"en": {"name": "X"}}}).json()["code"]
        == "parties-missing"
    )


def test_a_document_is_kept_by_its_hash_and_handed_out_to_parties_as_an_attachment(memorandum, stana, gulnar):
    text = {"memorandum": "mou", "language": "sr-Cyrl", "title": "Меморандум", "source": "RTS", "url": "https://rts.rs"}
    uid = send(stana, "memorandum-texts/", text).json()["uid"]
    address = f"/api/v1/memorandum-texts/{uid}/document/"
    client = signed_in(stana)
    assert client.get(address).status_code == 404

    def hand_in(content, name="меморандум.pdf"):
        from django.test.client import MULTIPART_CONTENT, encode_multipart

        boundary = "BoUnDaRyStRiNg"
        body = encode_multipart(boundary, {"file": SimpleUploadedFile(name, content)})
        return client.put(address, body, content_type=MULTIPART_CONTENT)

    assert hand_in(b"<html>no</html>").json()["code"] == "document-kind"
    assert hand_in(b"PK\x03\x04 bomb", "programme.exe").json()["code"] == "document-kind"
    kept = hand_in(b"%PDF-1.7 words")
    assert kept.status_code == 200, kept.content
    assert kept.json()["document_bytes"] == 14
    answer = signed_in(gulnar).get(address)
    assert b"".join(answer.streaming_content) == b"%PDF-1.7 words"
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    stranger = make_user(make_broadcaster("rtv"), Role.ADMINISTRATOR)
    assert signed_in(stranger).get(address).status_code == 404


def test_an_obligation_rests_on_a_clause_of_its_own_memorandum(memorandum, rts, ptrc):
    other = make_memorandum(rts, ptrc, slug="other")
    foreign = Clause.objects.create(memorandum=other, number="1", heading_en="Elsewhere")
    owed = {"memorandum": memorandum, "debtor": rts, "indicator": "stories-taken", "amount": 1, "rhythm": "year"}
    with pytest.raises(IntegrityError, match="clause_of_memorandum"), transaction.atomic():
        Obligation.objects.create(**owed, starts_on=date(2026, 1, 1), title_en="X", clause=foreign)


def test_a_signature_becomes_corroborated_over_the_api_with_its_second_source(memorandum, stana):
    def say(*publishers, status="corroborated"):
        sources = [{"title": "Report", "publisher": name, "stance": "confirms"} for name in publishers]
        body = {"broadcaster": "rts", "signature_status": status, "signed_on": "2026-02-27", "sources": sources}
        return send(stana, "memoranda/mou/signature/", body)

    bad = {"title": "Report", "stance": "confirms", "url": "javascript:alert(1)"}
    body = {"broadcaster": "rts", "signature_status": "signed", "sources": [bad]}
    assert send(stana, "memoranda/mou/signature/", body).status_code == 400
    refused = say("Agency")
    assert (refused.status_code, refused.json()["code"]) == (409, "party-corroborated")
    assert memorandum.parties.get(broadcaster__slug="rts").signature_status == "announced"
    assert say("Agency", status="signed").json()["is_only_announced"] is False
    party = next(each for each in say("Gazette").json()["parties"] if each["broadcaster"] == "rts")
    assert (party["signature_status"], party["independent_sources"]) == ("corroborated", 2)


@time_machine.travel("2027-01-10T12:00:00Z", tick=False)
def test_notice_in_time_ends_a_term_that_would_go_on_and_notice_too_late_ends_the_next(memorandum, stana, rts, ptrc):
    Memorandum.objects.update(in_force_on=date(2024, 2, 29), term_months=12, renewal=Renewal.TACIT, notice_days=30)
    memorandum.refresh_from_db()
    term = term_of(memorandum, date(2027, 1, 10))
    assert (term.number, term.first_on, term.last_on, term.notice_by) == (
        3, date(2026, 2, 28), date(2027, 2, 27), date(2027, 1, 28),
    )  # fmt: skip
    notice = give_notice(memorandum, actor=stana, broadcaster=rts)
    assert notice.last_on == date(2027, 2, 27)
    assert ends_by_notice(memorandum) == date(2027, 2, 27)
    assert term_of(memorandum, date(2027, 2, 28)) is None
    assert refusal(give_notice, memorandum, actor=stana, broadcaster=rts) == "notice-stands-once"
    with pytest.raises(ForbiddenError):
        give_notice(memorandum, actor=stana, broadcaster=ptrc)
    whole = read(stana, "memoranda/mou/").json()
    assert whole["current_term"]["is_ended"] is True
    assert whole["next_term"] is None
    back = send(stana, "memoranda/mou/withdraw-notice/", {"notice": whole["notices"][0]["uid"]}).json()
    assert back["current_term"]["notice_by"] == "2027-01-28"
    assert back["next_term"]["first_on"] == "2027-02-28"
    with time_machine.travel("2027-02-10T12:00:00Z", tick=False):
        late = give_notice(memorandum, actor=stana, broadcaster=rts)
        assert late.last_on == date(2028, 2, 28)  # the term after, up to the eve of 29 February


@time_machine.travel(datetime(2026, 6, 30, 20, 30, tzinfo=UTC), tick=False)
def test_a_notice_has_the_day_of_its_party_by_whichever_road(memorandum, gulnar):
    Memorandum.objects.update(in_force_on=date(2026, 1, 1), notice_days=0)
    given = send(gulnar, "memoranda/mou/give-notice/", {"broadcaster": "ptrc"}).json()["notices"][0]
    assert given["given_on"] == "2026-07-01"  # in Astana it is July already
    back = send(gulnar, "memoranda/mou/withdraw-notice/", {"notice": given["uid"]}).json()["notices"][0]
    assert back["withdrawn_on"] == "2026-07-01"
    gulnar.time_zone = "UTC"
    gulnar.save()
    assert sent(signed_in(gulnar), page_of(memorandum, "give_notice")).status_code == 302
    assert TerminationNotice.objects.standing().get().given_on == date(2026, 7, 1)


@time_machine.travel("2026-06-01T12:00:00Z", tick=False)
def test_without_an_end_the_days_of_notice_count_and_three_parties_become_two(memorandum, stana, gulnar, rts, ptrc):
    Memorandum.objects.update(in_force_on=date(2026, 1, 1), notice_days=90)
    memorandum.refresh_from_db()
    memorandum.parties.create(broadcaster=make_broadcaster("rtv"))
    assert give_notice(memorandum, actor=stana, broadcaster=rts).last_on == date(2026, 8, 30)
    assert term_of(memorandum, date(2027, 1, 1)).last_on is None
    give_notice(memorandum, actor=gulnar, broadcaster=ptrc)
    assert term_of(memorandum, date(2026, 8, 30)).is_ended
    assert term_of(memorandum, date(2026, 8, 31)) is None


@time_machine.travel("2026-11-01T12:00:00Z", tick=False)
def test_a_term_that_needs_agreement_goes_on_when_every_party_has_consented(memorandum, stana, gulnar, rts, ptrc):
    Memorandum.objects.update(in_force_on=date(2025, 12, 1), term_months=12, renewal=Renewal.AGREED)
    memorandum.refresh_from_db()
    consent_to_renewal(memorandum, actor=stana, broadcaster=rts)
    assert term_of(memorandum, date(2026, 12, 1)) is None
    consent_to_renewal(memorandum, actor=gulnar, broadcaster=ptrc)
    consent_to_renewal(memorandum, actor=gulnar, broadcaster=ptrc)
    assert term_of(memorandum, date(2026, 12, 1)).last_on == date(2027, 11, 30)
    assert term_of(memorandum, date(2027, 12, 1)) is None


def test_what_is_not_known_to_be_in_force_cannot_be_left(memorandum, stana, rts):
    assert refusal(give_notice, memorandum, actor=stana, broadcaster=rts) == "not-in-force"
    with pytest.raises(IntegrityError, match="notice_by_party"), transaction.atomic():
        TerminationNotice.objects.create(
            memorandum=memorandum, broadcaster=make_broadcaster("rtv"), given_on=date(2026, 1, 1),
            last_on=date(2026, 2, 1),
        )  # fmt: skip


@time_machine.travel("2026-11-01T12:00:00Z", tick=False)
def test_ends_of_terms_are_reminded_of_once_and_stand_in_calendars(memorandum, stana, rts):
    Memorandum.objects.update(in_force_on=date(2026, 1, 1), term_months=12, renewal=Renewal.TACIT, notice_days=45)
    for _twice in range(2):
        remind_of_agreements()
    kinds = list(Notification.objects.filter(recipient=stana).order_by("kind").values_list("kind", flat=True))
    assert kinds == ["broadcasters.notice-by", "broadcasters.term-ends"]
    events = events_for(stana, kind=CalendarKind.DESK, subject=rts.uid)
    assert {event.starts for event in events} == {date(2026, 12, 31), date(2027, 1, 1), date(2026, 11, 16)}
    stranger = make_user(make_broadcaster("rtv"), Role.ADMINISTRATOR)
    assert events_for(stranger, kind=CalendarKind.PERSON) == []


def minutes_of(memorandum, author, **fields):
    body = {
        "memorandum": memorandum.slug, "texts": {"en": {"title": "Consultation in Belgrade"}}, "language": "en",
        "held_on": str(localdate() - timedelta(days=3)),
        "participants": [{"broadcaster": "rts", "name": "Jovana Ilić"}, {"broadcaster": "ptrc", "name": "Aru Bek"}],
        "items": [
            {"texts": {"en": {"topic": "Election footage", "decision": "PTRC sends two hours"},
                       "sr-Latn": {"topic": "Snimci izbora", "decision": "Astana šalje dva sata"}},
             "owner": "ptrc", "responsible": "Aru Bek", "due_on": str(localdate() + timedelta(days=10))},
            {"texts": {"en": {"topic": "Next meeting", "decision": "In Astana"}}},
        ],
    }  # fmt: skip
    return send(author, "minutes/", body | fields)


def test_minutes_are_approved_by_each_party_and_an_action_becomes_an_obligation(memorandum, stana, gulnar, rts, ptrc):
    made = minutes_of(memorandum, stana)
    assert made.status_code == 201, made.content
    assert made.json()["waits_for"] == ["ptrc", "rts"] or set(made.json()["waits_for"]) == {"ptrc", "rts"}
    assert Notification.objects.get(recipient=gulnar).kind == "broadcasters.minutes-to-approve"
    address, point = f"minutes/{made.json()['uid']}/", made.json()["items"][0]["uid"]
    owe = {"item": point, "indicator": "seconds-licensed", "amount": 7200}
    assert send(stana, f"{address}approve/", {"broadcaster": "rts"}).json()["is_approved"] is False
    assert send(stana, f"{address}approve/", {"broadcaster": "ptrc"}).status_code == 403
    assert send(stana, f"{address}owe/", owe).json()["code"] == "minutes-not-approved"
    tag = read(gulnar, address)["ETag"]
    changed = send(gulnar, address, {"items": []}, method="patch", **{"If-Match": tag})
    assert (changed.status_code, changed.json()["code"]) == (409, "minutes-stand"), changed.content
    assert send(gulnar, f"{address}approve/", {"broadcaster": "ptrc"}).json()["is_approved"] is True
    for _twice in range(2):
        owed = send(gulnar, f"{address}owe/", owe)
        assert owed.status_code == 200, owed.content
    obligation = Obligation.objects.get()
    assert (obligation.debtor, obligation.amount, obligation.title_en) == (ptrc, 7200, "Election footage")
    assert (obligation.title_sr, obligation.note) == ("Снимци избора", "PTRC sends two hours")
    assert send(stana, f"{address}finish/", {"item": point}).status_code == 403
    done = send(gulnar, f"{address}finish/", {"item": point}).json()
    assert done["items"][0]["done_on"] == str(ptrc.today())
    stranger = make_user(make_broadcaster("rtv"), Role.ADMINISTRATOR)
    assert read(stranger, address).status_code == 404


def test_minutes_are_of_what_has_been_by_whichever_road(memorandum, stana):
    tomorrow = str(localdate() + timedelta(days=2))
    refused = minutes_of(memorandum, stana, held_on=tomorrow)
    assert (refused.status_code, refused.json()["field"]) == (422, "held_on")
    none = {"participants-TOTAL_FORMS": "0", "items-TOTAL_FORMS": "0"}
    values = {"memorandum": memorandum.pk, "language": "en", "held_on": tomorrow, "title_en": "In Belgrade"}
    assert sent(signed_in(stana), add_of(Minutes), **none, **values).context["errors"]
    assert not Minutes.objects.exists()


def test_a_change_that_saw_another_list_of_points_is_refused(memorandum, stana, gulnar):
    address = f"minutes/{minutes_of(memorandum, stana).json()['uid']}/"
    seen = read(gulnar, address)["ETag"]
    points = [{"texts": {"en": {"topic": "Studio hours", "decision": "In May"}}}]
    first = send(stana, address, {"items": points}, method="patch", **{"If-Match": seen})
    assert first.status_code == 200, first.content
    late = send(gulnar, address, {"items": []}, method="patch", **{"If-Match": seen})
    assert late.status_code == 412
    assert len(read(gulnar, address).json()["items"]) == 1
    assert send(gulnar, address, {"items": []}, method="patch", **{"If-Match": first["ETag"]}).status_code == 200


def test_minutes_are_read_in_every_language_that_they_were_written_in(memorandum, stana):
    made = minutes_of(
        memorandum, stana, texts={"en": {"title": "In Belgrade"}, "sr-Cyrl": {"title": "У Београду", "venue": "РТС"}}
    )
    address = f"minutes/{made.json()['uid']}/"
    said = {tag: read(stana, address, lang=tag).json() for tag in ("sr-Latn", "sr-Cyrl", "en")}
    assert {tag: each["title"] for tag, each in said.items()} == {
        "sr-Latn": "U Beogradu", "sr-Cyrl": "У Београду", "en": "In Belgrade",
    }  # fmt: skip
    assert said["sr-Cyrl"]["items"][0]["topic"] == "Снимци избора"
    assert said["sr-Latn"]["items"][0]["decision"] == "Astana šalje dva sata"
    assert said["sr-Latn"]["items"][1]["topic"] == "Next meeting"  # nobody has translated it
    silent = minutes_of(memorandum, stana, texts={"en": {"venue": "By video"}})
    assert (silent.status_code, silent.json()["code"]) == (422, "text-missing"), silent.content


def test_the_database_keeps_approved_words_and_knows_who_is_a_party(memorandum, stana, rts):
    uid = minutes_of(memorandum, stana).json()["uid"]
    item = MinutesItem.objects.filter(minutes__uid=uid).first()
    with pytest.raises(IntegrityError, match="parties of the memorandum"), transaction.atomic():
        MinutesItem.objects.filter(pk=item.pk).update(owner=make_broadcaster("rtv"))
    send(stana, f"minutes/{uid}/approve/", {"broadcaster": "rts"})
    with pytest.raises(IntegrityError, match="approved these minutes"), transaction.atomic():
        MinutesItem.objects.filter(pk=item.pk).update(decision_kk="Басқа")
    with pytest.raises(IntegrityError, match="approved these minutes"), transaction.atomic():
        Minutes.objects.filter(uid=uid).update(title_sr="Други")
    assert send(stana, f"minutes/{uid}/reopen/", {}).json()["approvals"] == []
    MinutesItem.objects.filter(pk=item.pk).update(decision="Something else")


def test_only_approvals_of_houses_that_one_speaks_for_are_taken_back(memorandum, stana, gulnar, rts, ptrc):
    address = f"minutes/{minutes_of(memorandum, stana).json()['uid']}/"
    Membership.objects.create(user=gulnar, broadcaster=rts, role=Role.VIEWER)
    for person, house in ((stana, "rts"), (gulnar, "ptrc")):
        assert send(person, f"{address}approve/", {"broadcaster": house}).status_code == 200
    left = send(gulnar, f"{address}reopen/", {}).json()["approvals"]
    assert [approval["broadcaster"] for approval in left] == ["rts"]


def test_a_promise_that_is_due_is_reminded_of_to_whoever_made_it(memorandum, stana, gulnar):
    minutes_of(memorandum, stana)
    remind_of_agreements()
    due = Notification.objects.filter(kind="broadcasters.action-due")
    assert [row.recipient for row in due] == [gulnar]


def test_lists_cost_the_same_for_one_and_for_three(memorandum, stana, rts, ptrc):
    costs = {}
    for number in (1, 2):
        if number == 2:
            for slug in ("second", "third"):
                minutes_of(make_memorandum(rts, ptrc, slug=slug), stana)
        else:
            minutes_of(memorandum, stana)
        for memorandum_ in Memorandum.objects.all():
            Clause.objects.get_or_create(memorandum=memorandum_, number="1", heading_en="Aim")
        for path in ("memoranda/", "minutes/", "clauses/"):
            with CaptureQueriesContext(connection) as captured:
                assert read(stana, path).status_code == 200
            costs.setdefault(path, []).append(len(captured))
    assert {path: len(set(each)) for path, each in costs.items()} == dict.fromkeys(costs, 1), costs


def test_two_who_are_late_meet_a_conflict_and_no_error(memorandum, stana, rts):
    with pytest.raises(ConflictError):
        consent_to_renewal(memorandum, actor=stana, broadcaster=rts)
