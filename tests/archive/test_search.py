import re

import pytest
from django.core.management import call_command
from django.db import transaction
from django.urls import reverse

from archive.formats.shots import Shot
from archive.models import Item, Segment
from archive.services.item import publish_item, save_item
from archive.services.segment import delete_segment, import_shots, save_segment
from archive.services.text import delete_text, import_text
from broadcasters.constants import Role
from broadcasters.models import Person
from mediaexchange.core.models import SearchEcho, SearchEntry
from mediaexchange.core.search.echoes import follow_echoes
from mediaexchange.core.search.indexing import refresh, refresh_record
from mediaexchange.core.search.rebuilding import check
from mediaexchange.core.search.registry import type_named
from tests.archive.factories import make_archive_module, make_collection
from tests.factories import make_place, make_user

pytestmark = pytest.mark.django_db
PAGE = reverse("admin:core_searchentry_changelist")


@pytest.fixture
def archivist(rts):
    return make_user(rts, Role.ARCHIVIST)


@pytest.fixture
def reel(rts, ptrc, archivist):
    """Footage of a visit, with its guest under two names of the record and one alias."""
    make_archive_module(rts, ptrc)
    person = Person.objects.create(slug="tokayev", name_ru="Касым-Жомарт Токаев", name_kk="Қасым-Жомарт Тоқаев")
    person.aliases.create(text="Tokajev", language="sr-Latn")
    place = make_place("astana", name_kk="Астана")
    place.variants.create(text="Акмолинск", language="ru")
    item = Item(
        broadcaster=rts, identifier="FN-77", category="national-commemoration", access="partners",
        title_sr="Посета Београду", title_en="A visit to Belgrade", dated="1961-09", subjects=["протокол"],
    )  # fmt: skip
    stored = save_item(
        item,
        actor=archivist,
        parts={
            "credits": [item.credits.model(person=person, role="depicted")],
            "places": [item.places.model(place=place)],
        },
    )
    return publish_item(stored, actor=archivist)


def found(caller, question, **query):
    response = caller.get("search/", q=question, **query)
    assert response.status_code == 200, response.content
    return {row["uid"] for row in response.json()["results"] if row["type"] == "item"}


def is_right():
    return all(progress.wrong == 0 for key in ("item", "collection", "series") for progress in check(type_named(key)))


@pytest.mark.parametrize("name", ["Токаев", "Тоқаев", "Tokajev", "Tokayev", "Токајев", "tokaev", "Tokayevu"])
def test_every_spelling_of_a_name_finds_the_same_persons_footage(belgrade, astana, reel, name):
    assert found(belgrade, name) == found(astana, name) == {str(reel.uid)}


@pytest.mark.parametrize("question", ["poseta", "Посета", "visit", "Акмолинск", "Astana", "FN-77", "протокол"])
def test_footage_is_found_by_title_place_identifier_and_subject(astana, reel, question):
    assert found(astana, question) == {str(reel.uid)}


def test_footage_is_found_by_its_segments_and_by_what_is_said_in_it(belgrade, reel, archivist):
    segment = save_segment(Segment(item=reel, in_frame=0, out_frame=50, title_kk="Ұшақтан түсу"), actor=archivist)
    import_shots(reel, [Shot(100, 200, segment.rate, "", {"sr": "Поворка"})], actor=archivist)
    srt = "1\n00:00:01,000 --> 00:00:04,000\nDragi prijatelji, dobrodošli u Beograd.\n"
    text, _read = import_text(reel, "transcript", "sr-Latn", srt.encode(), actor=archivist)
    for question in ("ұшақтан", "поворка", "povorka", "добродошли", "dobrodosli"):
        assert found(belgrade, question) == {str(reel.uid)}, question
    (row,) = belgrade.get("search/", q="dobrodošli", lang="sr-Latn").json()["results"]
    assert "<mark>dobrodošli</mark>" in row["snippet"]
    assert is_right()
    delete_segment(segment, actor=archivist)
    delete_text(text, actor=archivist)
    assert found(belgrade, "ұшақтан") == found(belgrade, "dobrodošli") == set()
    assert is_right()


def test_search_gives_nobody_what_they_do_not_see(belgrade, astana, reel, archivist):
    reel.embargoed_until = "2199-01-01T00:00:00Z"
    save_item(reel, actor=archivist, changed={"embargoed_until"})
    assert found(belgrade, "poseta") == {str(reel.uid)}
    answer = astana.get("search/", q="poseta").json()
    assert (answer["results"], answer["count"], answer["facets"]["kind"]) == ([], 0, [])
    make_collection(reel.broadcaster, name_sr="Филмске новости")
    refresh("collection", reel.broadcaster.collections.values_list("pk", flat=True))
    assert len(belgrade.get("search/", q="filmske").json()["results"]) == 1
    assert astana.get("search/", q="filmske").json()["results"] == []


def test_a_new_name_of_a_person_finds_older_footage_by_itself(belgrade, reel):
    person = Person.objects.get(slug="tokayev")
    with transaction.atomic():
        person.aliases.create(text="Kemelevich", language="en")
        refresh_record(person)
    assert found(belgrade, "Kemelevich") == set()
    SearchEcho.objects.update(changed_at="2026-01-01T00:00:00Z")
    follow_echoes()
    assert found(belgrade, "Kemelevich") == {str(reel.uid)}
    assert not SearchEcho.objects.exists()
    assert is_right()


def test_a_following_that_is_cut_short_goes_on_where_it_was(reel, archivist, monkeypatch):
    monkeypatch.setattr("mediaexchange.core.search.echoes.BATCH", 1)
    person = Person.objects.get(slug="tokayev")
    other = Item(broadcaster=reel.broadcaster, identifier="FN-78", category="news", title_en="Departure")
    save_item(other, actor=archivist, parts={"credits": [other.credits.model(person=person, role="speaker")]})
    person.name_en = "Guest of Honour"
    person.save()
    refresh_record(person)
    SearchEcho.objects.exclude(follower="item").delete()  # other kinds that name people follow in the same way
    SearchEcho.objects.update(changed_at="2026-01-01T00:00:00Z")
    assert follow_echoes(batches=1) == 1
    assert not is_right()
    assert SearchEcho.objects.get().last_id == reel.pk
    follow_echoes()
    assert is_right()


def test_the_index_is_what_a_fresh_rebuild_makes_of_it(reel):
    before = list(SearchEntry.objects.filter(type="item").order_by("language").values_list("language", "words", "kind"))
    SearchEntry.objects.all().delete()
    call_command("rebuild_search", verbosity=0)
    after = SearchEntry.objects.filter(type="item").order_by("language").values_list("language", "words", "kind")
    assert before == list(after)
    assert {kind for _language, _words, kind in before} == {"national-commemoration"}


def test_periods_of_search_go_by_what_footage_shows(belgrade, reel):
    assert found(belgrade, "poseta", since="1961-09-01", until="1961-09-30") == {str(reel.uid)}
    assert found(belgrade, "poseta", since="2026-01-01") == set()


def test_a_result_says_the_date_as_its_record_does_and_its_language_by_name(reel, archivist, client):
    client.force_login(archivist, backend="broadcasters.auth.RoleBackend")
    for language, question, when, name in (
        ("sr", "Посета", "септембар 1961.", "Српски"), ("kk", "visit Belgrade", "1961 ж. қыркүйек", "English"),
    ):  # fmt: skip
        client.cookies["django_language"] = language
        page = client.get(PAGE, {"q": question})
        about = re.search(r'class="mx-search-about">([^<]*)<', page.content.decode())[1]
        assert about.split(" · ")[1:] == [when, name]
