"""``GET /api/v1/search/``: its answers, filters, pages and refusals."""

from datetime import UTC, datetime

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from broadcasters.models import Person, Place
from mediaexchange.core.models import ApiKey
from mediaexchange.core.search.indexing import refresh
from newsexchange.models import Story
from newsexchange.services.edition import Text, save_edition
from tests.conftest import Caller
from tests.factories import make_broadcaster, make_key, make_story, make_user, offer

pytestmark = pytest.mark.django_db

HEADLINES = {
    "headline_sr": "Вучић и Токајев о мосту на Дунаву",
    "headline_kk": "Вучич пен Тоқаев Дунайдағы көпір туралы",
    "headline_ru": "Вучич и Токаев обсудили мост через Дунай",
    "headline_en": "Vučić and Tokayev discuss a bridge over the Danube",
    "body_sr": "<p>Александар Вучић примио је у Београду Касим-Жомарта Токајева &amp; друге.</p>",
    "body_kk": "<p>Александр Вучич Белградта Қасым-Жомарт Тоқаевты қабылдады.</p>",
    "body_ru": "<p>Александр Вучич принял в Белграде Касым-Жомарта Токаева.</p>",
    "body_en": "<p>Aleksandar Vučić received Kassym-Jomart Tokayev in Belgrade.</p>",
}


@pytest.fixture
def talks(rts, ptrc):
    story = make_story(rts, **HEADLINES)
    offer(story, ptrc)
    return story


def found(caller, shown="en", **query):
    answer = caller.get("search/", lang=shown, **query)
    assert answer.status_code == 200, answer.content
    return answer.json()


TYPED = ("Vucic Tokaev", "Вучић Токајев", "Вучич Тоқаев", "vučić tokajev", "Tokayev Vucic", "ВУЧИЧ ТОКАЕВ")


@pytest.mark.parametrize("typed", TYPED)
@pytest.mark.parametrize(
    ("language", "headline"),
    [
        ("sr-Cyrl", "<mark>Вучић</mark> и <mark>Токајев</mark> о мосту на Дунаву"),
        ("sr-Latn", "<mark>Vučić</mark> i <mark>Tokajev</mark> o mostu na Dunavu"),
        ("kk", "<mark>Вучич</mark> пен <mark>Тоқаев</mark> Дунайдағы көпір туралы"),
        ("ru", "<mark>Вучич</mark> и <mark>Токаев</mark> обсудили мост через Дунай"),
        ("en", "<mark>Vučić</mark> and <mark>Tokayev</mark> discuss a bridge over the Danube"),
    ],
)
def test_two_names_without_diacritics_find_the_story_in_every_language_and_script(
    astana, talks, typed, language, headline
):
    answer = found(astana, language, q=typed)
    (result,) = answer["results"]
    assert result["marked_title"] == headline
    assert (result["type"], result["uid"], result["language"], result["origin"]) == (
        "story",
        str(talks.uid),
        language,
        "rts",
    )
    assert {facet["value"] for facet in answer["facets"]["language"]} == {"sr", "kk", "ru", "en"}
    assert result["snippet"].count("<mark>") == 2
    assert "&lt;" not in result["snippet"]


def test_a_reader_of_another_language_gets_the_script_that_was_typed(astana, talks):
    only = {"language": "sr"}
    assert found(astana, "en", q="vucic", **only)["results"][0]["title"].startswith("Vučić i Tokajev")
    assert found(astana, "en", q="Вучић", **only)["results"][0]["title"].startswith("Вучић и Токајев")
    assert found(astana, "en", q="Вучић", language="sr-Latn")["results"][0]["title"].startswith("Vučić i Tokajev")


def test_what_is_shown_is_escaped_and_marked_with_nothing_else(belgrade, rts):
    make_story(
        rts, headline_en="Fish & chips <b>now</b>", body_en="<p>Fish &lt;script&gt;alert(1)&lt;/script&gt; chips</p>"
    )
    (result,) = found(belgrade, q="chips")["results"]
    assert result["title"] == "Fish & chips now"
    assert result["marked_title"] == "Fish &amp; <mark>chips</mark> now"
    assert result["snippet"] == "Fish &lt;script&gt;alert(1)&lt;/script&gt; <mark>chips</mark>"


def test_a_snippet_is_the_passage_in_which_the_words_stand_together(belgrade, rts):
    filler = " ".join(f"word{number}" for number in range(300))
    make_story(rts, body_en=f"<p>One harbour here. {filler} A harbour beside the lighthouse. {filler}</p>")
    (result,) = found(belgrade, q="harbour lighthouse")["results"]
    assert "A <mark>harbour</mark> beside the <mark>lighthouse</mark>" in result["snippet"]
    assert result["snippet"].startswith("… word")
    assert result["snippet"].endswith(" …")
    assert len(result["snippet"]) < 500


def test_a_name_in_the_headline_comes_before_one_in_the_text_and_newer_before_older(belgrade, rts):
    text = make_story(rts, headline_en="Something else", body_en="<p>The lighthouse</p>")
    old = make_story(rts, headline_en="Old lighthouse")
    new = make_story(rts, headline_en="New lighthouse")
    Story.objects.filter(pk=old.pk).update(published_at=datetime(2020, 1, 1, tzinfo=UTC))
    refresh("story", [old.pk])
    results = found(belgrade, q="lighthouse")["results"]
    assert [result["uid"] for result in results] == [str(story.uid) for story in (new, old, text)]


def test_people_places_and_organisations_are_found_by_every_spelling(belgrade, rts):
    person = Person.objects.create(slug="tokayev", name_en="Kassym-Jomart Tokayev", name_kk="Қасым-Жомарт Тоқаев",
                                   description_en="President of Kazakhstan")  # fmt: skip
    person.aliases.create(text="Токајев, Касим-Жомарт", language="sr")
    place = Place.objects.create(slug="astana2", kind="city", country_code="KZ", name_en="Astana", name_sr="Астана")
    place.variants.create(text="Нур-Султан", language="ru", valid_from="2019", valid_until="2022")
    refresh("person", [person.pk])
    refresh("place", [place.pk])
    refresh("broadcaster", [rts.pk])
    for typed in ("Токаев", "Tokajev", "тоқаев", "Tokaev", "касим жомарт", "president tokayev", "qasym"):
        (result,) = found(belgrade, "sr-Latn", q=typed)["results"]
        assert result["url"].endswith("/api/v1/people/tokayev/"), typed
    for typed in ("nur-sultan", ["Нурсултан", "Астана"][1], '"нур султан"'):
        assert [each["type"] for each in found(belgrade, q=typed)["results"]] == ["place"], typed
    (result,) = found(belgrade, q="RTS")["results"]
    assert (result["type"], result["title"]) == ("broadcaster", "Radio Television of Serbia")


def test_a_person_comes_before_the_stories_about_them(belgrade, rts):
    make_story(rts, headline_en="Tokayev in Belgrade")
    person = Person.objects.create(slug="tokayev", name_en="Kassym-Jomart Tokayev")
    refresh("person", [person.pk])
    assert [each["type"] for each in found(belgrade, q="Tokayev")["results"]] == ["person", "story"]


def test_filters_and_facets(belgrade, rts):
    make_story(rts, headline_en="Bridge one", kind="video", topics=["medtop:04000000", "medtop:01000000"])
    make_story(rts, headline_en="Bridge two", topics=["medtop:01000000"])
    other = make_story(make_broadcaster("rtv"), headline_en="Bridge three", headline_kk="Bridge", kind="video")
    offer(other, rts)
    answer = found(belgrade, q="bridge")
    counted = {name: {each["value"]: each["count"] for each in facet} for name, facet in answer["facets"].items()}
    assert counted == {
        "type": {"story": 3},
        "language": {"en": 3, "kk": 1},
        "origin": {"rts": 2, "rtv": 1},
        "kind": {"video": 2, "text": 1},
        "topic": {"medtop:01000000": 2, "medtop:04000000": 1},
    }
    labels = {each["value"]: each["label"] for each in answer["facets"]["origin"]}
    assert labels == {"rts": "Radio Television of Serbia", "rtv": "rtv"}
    today = datetime.now(UTC).date().isoformat()
    for query, count in (
        ({"origin": "rtv"}, 1), ({"kind": "video"}, 2), ({"kind": "video", "origin": "rts"}, 1),
        ({"topic": "medtop:04000000"}, 1), ({"topic": "medtop:99"}, 0), ({"language": "kk"}, 1),
        ({"language": "hu"}, 0),
        ({"type": "story"}, 3), ({"type": "person,place"}, 0), ({"since": today}, 3), ({"until": "2020-01-01"}, 0),
        ({"since": "2019-06-01", "until": today}, 3), ({"since": "2018-06-01", "until": "2019-06-01"}, 0),
    ):  # fmt: skip
        assert found(belgrade, q="bridge", **query)["count"] == count, query


def test_pages_follow_each_other_without_loss_or_repetition(belgrade, rts):
    expected = {str(make_story(rts, headline_en=f"Bridge {number}").uid) for number in range(5)}
    address, seen = "/api/v1/search/?q=bridge&limit=2&lang=en", []
    while address:
        answer = belgrade.get(address).json()
        assert answer["count"] == 5
        seen += [each["uid"] for each in answer["results"]]
        address = answer["next"]
    assert (len(seen), set(seen)) == (5, expected)


def test_a_language_without_columns_is_found_and_shown(belgrade, rts):
    story = make_story(rts)
    save_edition(story, "hu", Text("Új híd a Dunán", "", "<p>Megnyílt</p>"), actor=make_user(rts))
    (result,) = found(belgrade, q="hid")["results"]
    assert (result["language"], result["marked_title"]) == ("hu", "Új <mark>híd</mark> a Dunán")


def test_a_misspelt_name_is_put_right_from_names_that_the_reader_sees(belgrade, stranger, rts):
    person = Person.objects.create(slug="vucic", name_en="Aleksandar Vučić", name_sr="Александар Вучић")
    refresh("person", [person.pk])
    assert found(belgrade, q="Alexander Vucoc")["suggestions"][0] in ("Alexander Vučić", "Aleksandar Vucoc")
    assert found(belgrade, q="Вучиг")["suggestions"] == ["Вучић"]
    assert found(belgrade, q="Vučić")["suggestions"] == []
    assert found(belgrade, q="bridge")["suggestions"] == []


BAD = [
    ({}, "q", "search-empty"),
    ({"q": "  "}, "q", "search-empty"),
    ({"q": "😀"}, "q", "search-empty"),
    ({"q": ":*&|!()<->"}, "q", "search-empty"),
    ({"q": "-library"}, "q", "search-empty"),
    ({"q": "x" * 201}, "q", "search-too-long"),
    ({"q": "x" * 10_000}, "q", "bad-parameter"),
    ({"q": "bridge", "type": "story,nonsense"}, "type", "bad-filter"),
    ({"q": "bridge", "language": "not a tag"}, "language", "bad-filter"),
    ({"q": "bridge", "since": "yesterday"}, "since", "bad-filter"),
    ({"q": "bridge", "until": "0001-01-01"}, "until", "bad-filter"),
    ({"q": "bridge", "limit": "51"}, "limit", "bad-limit"),
    ({"q": "bridge", "cursor": "rubbish"}, "cursor", "bad-cursor"),
    ({"q": "bridge", "cursor": "WzEsMiwzLDQsNV0"}, "cursor", "bad-cursor"),
    ({"q": "bridge", "colour": "red"}, "colour", "unknown-parameter"),
]


@pytest.mark.parametrize(("query", "parameter", "code"), BAD)
def test_bad_questions_are_refused_with_what_has_to_change(belgrade, query, parameter, code):
    answer = belgrade.get("search/", **query)
    assert (answer.status_code, answer.headers["Content-Type"]) == (400, "application/problem+json")
    assert (answer.json()["code"], answer.json()["errors"][0]["parameter"]) == (code, parameter)


@pytest.mark.parametrize(
    "typed",
    ["the", "i", "на", "је и у", "мен және", '"', '"a" "', "a:b", "x'y", "back\\slash", "%s %d", "'; DROP", "ﷺ" * 190,
     "a* b* c*", "--- -a b", "﻿Vučić", "ê̄́x", "12345 2026-11-22", "<mark>", "l=sr", "n=vucic", "d=0", "word\u0000null"],
)  # fmt: skip
def test_whatever_is_typed_never_breaks(belgrade, typed):
    make_story(make_broadcaster("rts"))
    assert belgrade.get("search/", q=typed).status_code in (200, 400)


def test_what_filters_are_made_of_cannot_be_typed(belgrade, rts):
    make_story(rts)
    for typed in ("l=sr", "y=story", "o=rts", "d=0"):
        assert found(belgrade, q=typed)["count"] == 0, typed


def test_a_key_needs_the_scope_of_search_and_of_each_type(rts):
    person = Person.objects.create(slug="library", name_en="Library Smith")
    refresh("person", [person.pk])
    make_story(rts)
    for scopes, types in (
        (["search:read", "stories:read", "broadcasters:read"], ["person", "story"]),
        (["search:read", "stories:read"], ["story"]),
        (["search:read"], []),
    ):
        cache.clear()
        ApiKey.objects.all().delete()
        caller = Caller(make_key(rts, scopes))
        assert [each["type"] for each in found(caller, q="library")["results"]] == types
    ApiKey.objects.all().delete()
    assert Caller(make_key(rts, ["stories:read"])).get("search/", q="library").status_code == 403
    assert Caller().get("search/", q="library").status_code == 401


def test_the_number_of_statements_does_not_grow_with_the_results(belgrade, rts):
    counts = []
    for number in (3, 6):
        while Story.objects.count() < number:
            make_story(rts, headline_en="Bridge")
        found(belgrade, q="bridge")
        with CaptureQueriesContext(connection) as captured:
            found(belgrade, q="bridge")
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 10


def test_a_snippet_in_another_language_than_its_title_keeps_its_letters_and_is_called_by_its_name(astana):
    person = Person.objects.create(slug="ivan", name_sr="Иван Петровић", description_ru="Министр торговли, Петрович")
    refresh("person", [person.pk])
    (result,) = found(astana, "sr-Latn", q="Petrovic")["results"]
    assert (result["title"], result["language"]) == ("Ivan Petrović", "sr-Latn")
    assert (result["snippet"], result["snippet_language"]) == ("Министр торговли, <mark>Петрович</mark>", "ru")
