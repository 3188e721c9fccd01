"""Claims: never without speaker and source, side by side, quotes as they were said."""

import re
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from broadcasters.attribution import attributed
from broadcasters.constants import Role
from broadcasters.models import Claim, DiplomaticEvent, Person, PersonAlias
from broadcasters.services.reference import load_reference
from mediaexchange.core.context import acting
from mediaexchange.core.search.indexing import refresh_record
from tests.broadcasters.admin_pages import make_memorandum, signed_in
from tests.broadcasters.calendar_factories import make_claim, make_diplomatic_event, make_topic
from tests.factories import make_place, make_user

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"said_by_en": "", "said_by_sr": ""}, "broadcasters_claim_speaker"),
        ({"source_title": ""}, "broadcasters_claim_sourced"),
        ({"source_publisher": ""}, "broadcasters_claim_sourced"),
        ({"original_language": ""}, "broadcasters_claim_sourced"),
        ({"wording_en": "", "wording_sr": ""}, "broadcasters_claim_worded"),
        ({"topic": None}, "broadcasters_claim_subject"),
        ({"confidence": "true"}, "broadcasters_claim_confidence"),
        ({"kind": "statistic"}, "broadcasters_claim_figure"),
        ({"value": 5, "unit": "USD"}, "broadcasters_claim_figure"),
        ({"kind": "statistic", "value": 5, "unit": "apples"}, "broadcasters_claim_unit"),
        ({"is_published": False}, "broadcasters_claim_kept"),
    ],
)
def test_the_database_refuses_a_bare_fact(fields, constraint):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        make_claim(**fields)
    assert not Claim.objects.exists()


def test_a_claim_is_about_one_record():
    with pytest.raises(IntegrityError, match="broadcasters_claim_subject"), transaction.atomic():
        make_claim(event=make_diplomatic_event(), place=make_place())
    make_claim(event=make_diplomatic_event(), topic=make_topic())


def test_the_form_says_what_the_database_refuses():
    claim = Claim(kind="statistic", original_language="sr", source_title="x", source_publisher="y", is_published=True)
    with pytest.raises(ValidationError) as refused:
        claim.clean()
    assert set(refused.value.message_dict) == {"topic", "speaker_person", "quote", "value"}


def test_a_published_quote_is_never_rewritten():
    claim = make_claim(quote="Мост је отворен.")
    with pytest.raises(IntegrityError, match="never rewritten"), transaction.atomic():
        Claim.objects.filter(pk=claim.pk).update(quote="Мост је затворен.")
    with pytest.raises(IntegrityError, match="never rewritten"), transaction.atomic():
        Claim.objects.filter(pk=claim.pk).update(original_language="ru")
    Claim.objects.filter(pk=claim.pk).update(wording_en="the bridge has been opened")


def test_a_quote_keeps_its_script_while_our_wording_follows_the_reader():
    claim = make_claim(quote="Мост је отворен.")
    with translation.override("sr-latn"):
        told = attributed(claim)
    assert (told.quote, told.wording) == ("Мост је отворен.", "most je otvoren")
    assert (told.language, told.is_translation) == ("sr-Latn", False)
    with translation.override("en"):
        told = attributed(claim)
    assert (told.wording, told.is_translation, told.original_language) == ("the bridge is open", True, "sr")


def test_whatever_is_told_of_a_claim_names_speaker_and_source():
    person = Person.objects.create(slug="envoy", name_en="Ana Envoy", name_sr="Ана Изасланик")
    claim = make_claim(speaker_person=person, kind="statistic", value=Decimal("120000000"), unit="USD",
                       is_approximate=True, source_published="2026-02", is_sensitive=True)  # fmt: skip
    with translation.override("en"):
        told = attributed(claim)
        assert str(claim) == told.text
    for part in ("Ana Envoy, the envoy", "the bridge is open", "120,000,000", "Interview, Agency, February 2026"):
        assert part in told.text
    assert "about" in told.figure
    assert told.notice


def test_no_code_reads_the_wording_of_a_claim_but_the_renderer():
    """Whatever shows a claim goes through ``attribution``: nothing can be shown without who says it."""
    allowed = {"attribution.py", "claim.py", "translation.py", "claim.html", "claims.html", "claims.py"}
    reading = re.compile(r"\.(wording|quote)\b(?!_)")
    for app in ("broadcasters", "correspondents", "newsexchange", "productions", "training", "archive"):
        for path in (*(ROOT / app).rglob("*.py"), *(ROOT / app).rglob("*.html")):
            if path.name in allowed or path.name == "calendar_search.py" or "migrations" in path.parts:
                continue
            found = [line for line in path.read_text("utf-8").splitlines() if reading.search(line) and "claim" in line]
            assert not found, (path, found)
    for template in ("claim.html", "claims.html"):
        text = (ROOT / "broadcasters" / "templates" / "broadcasters" / template).read_text("utf-8")
        assert "claim.wording" not in text
        assert text.count("told.speaker") >= 1


def test_sparse_answers_never_take_a_claim_from_its_speaker(belgrade):
    make_claim(is_sensitive=True, quote="Мост је отворен.", kind="statistic", value=91_200_000, unit="USD")
    (row,) = belgrade.get("claims/", fields="statement").json()["results"]
    assert set(row) == {"statement"}
    said = row["statement"]
    assert said["speaker"] == "the envoy"
    assert said["source"] == {"title": "Interview", "publisher": "Agency", "published": "", "url": ""}
    assert said["figure"]["value"] == "91200000.0000"
    assert "the envoy" in said["text"]
    assert said["notice"]
    (bare,) = belgrade.get("claims/?fields=kind,confidence").json()["results"]
    assert "отворен" not in str(bare)
    assert belgrade.get("claims/?fields=wording").status_code == 400


def test_claims_of_one_matter_stand_side_by_side_in_api_and_admin(rts, belgrade):
    topic = make_topic(slug="trade")
    later = make_claim(topic=topic, said="2026-02-26", kind="statistic", value=120, unit="USD")
    earlier = make_claim(topic=topic, said="2024", kind="statistic", value=91, unit="USD", confidence="disputed")
    make_claim(event=make_diplomatic_event(slug="relations"))
    found = belgrade.get("claims/?about=topic:trade").json()["results"]
    assert {row["uid"] for row in found} == {str(later.uid), str(earlier.uid)}
    assert [row["about"] for row in belgrade.get("claims/?about=event:relations").json()["results"]] == [
        ["event:relations"]
    ]
    assert not any("true" in key or "chosen" in key for row in found for key in row)
    page = signed_in(make_user(rts, Role.VIEWER, language="en")).get(
        reverse("admin:broadcasters_claim_about"), {"about": "topic:trade"}
    )
    assert [side.claim for side in page.context["sides"]] == [earlier, later]
    assert len(page.context["figures"]) == 2
    assert page.content.decode().count("the envoy") >= 4


@pytest.mark.parametrize("about", ["", "trade", "topic:", "secret:trade", "topic:none", "event:' OR 1=1"])
def test_rubbish_in_what_claims_are_asked_about_is_refused(rts, belgrade, about):
    page = signed_in(make_user(rts)).get(reverse("admin:broadcasters_claim_about"), {"about": about})
    assert page.status_code == 404
    answer = belgrade.get(f"claims/?about={about}")
    assert answer.status_code in (200, 400)
    assert not answer.json().get("results")


def test_drafts_and_claims_about_agreements_of_others_do_not_exist(rts, ptrc, belgrade, astana):
    memorandum = make_memorandum(rts)
    hidden = [
        make_claim(broadcaster=rts, is_published=False),
        make_claim(memorandum=memorandum),
        make_claim(event=make_diplomatic_event(broadcaster=rts, is_published=False)),
    ]
    shared = make_claim()
    assert len(belgrade.get("claims/").json()["results"]) == 4
    assert [row["uid"] for row in astana.get("claims/").json()["results"]] == [str(shared.uid)]
    client = signed_in(make_user(ptrc, Role.ADMINISTRATOR))
    for claim in hidden:
        assert astana.get(f"claims/{claim.uid}/").status_code == 404
        assert client.get(reverse("admin:broadcasters_claim_change", args=[claim.pk])).status_code == 404


def test_whoever_only_reads_gets_the_claim_whole(rts):
    claim = make_claim()
    address = reverse("admin:broadcasters_claim_change", args=[claim.pk])
    page = signed_in(make_user(rts, Role.VIEWER, language="en")).get(address)
    assert page.context["adminform"].form.fields == {}
    history = reverse("admin:broadcasters_claim_history", args=[claim.pk])
    assert signed_in(make_user(rts, Role.VIEWER)).get(history).status_code == 403
    text = page.content.decode()
    assert text.index("the envoy") < text.index("the bridge is open")
    assert "Agency" in text


def test_rubbish_in_the_address_of_claims_is_not_found(rts):
    about = reverse("admin:broadcasters_claim_about")
    assert signed_in(make_user(rts)).get(f"{about}?about=topic:%00").status_code == 404


def test_a_list_of_claims_costs_the_same_for_one_and_three(belgrade):
    make_claim(place=make_place())
    belgrade.get("claims/")
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as asked:
            belgrade.get("claims/")
        counts.append(len(asked))
        make_claim(place=make_place())
        make_claim(event=make_diplomatic_event())
    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    "words", ["вучић", "Vucic", "Vučić", "Вучич", "trgovinska razmena danas", "товарооборот сегодня"]
)
def test_claims_are_found_in_every_script_with_their_speaker(rts, belgrade, words):
    person = Person.objects.create(slug="av", name_en="Aleksandar Vučić", name_sr="Александар Вучић",
                                   name_ru="Александр Вучич", name_kk="Александр Вучич")  # fmt: skip
    PersonAlias.objects.create(person=person, text="Vucic", language="en")
    claim = make_claim(
        speaker_person=person, wording_sr="трговинска размена Србије и Казахстана данас",
        wording_ru="товарооборот Сербии и Казахстана сегодня",
    )  # fmt: skip
    refresh_record(claim)
    found = belgrade.get("search/", q=words, type="claim").json()["results"]
    assert [row["uid"] for row in found] == [str(claim.uid)]
    assert "Agency" in found[0]["title"]


def test_the_reference_data_keep_what_staff_have_changed_and_disagree_openly():
    load_reference()
    claims = Claim.objects.filter(topic__slug="trade-volume")
    assert claims.get(slug="trade-2023").value == 91_200_000
    spoken = claims.get(slug="trade-spoken-2026")
    assert (spoken.value, spoken.is_approximate, spoken.speaker_person.slug) == (120_000_000, True, "aleksandar-vucic")
    assert claims.get(slug="trade-target").period == "2031"
    assert Claim.objects.get(slug="leap-year").confidence == "disputed"
    assert set(Claim.objects.filter(is_sensitive=True).values_list("slug", flat=True)) >= {"territorial-integrity-2026"}
    event = DiplomaticEvent.objects.get(slug="commission-session-3")
    with acting(make_user().pk):
        event.dated = "2024-09-17"
        event.save()
    load_reference()
    event.refresh_from_db()
    assert event.dated == "2024-09-17"
    assert DiplomaticEvent.objects.filter(part_of__slug="ten-documents-2026").count() == 9
