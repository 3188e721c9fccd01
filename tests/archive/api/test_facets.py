import pytest

from archive import facets
from tests.archive.api.test_items import make_person
from tests.archive.factories import make_archive_module, make_collection, make_item
from tests.factories import make_place

pytestmark = pytest.mark.django_db


def counted(response):
    assert response.status_code == 200, response.content
    return {name: {each["value"]: each["count"] for each in values} for name, values in response.json().items()}


@pytest.fixture
def catalogue(rts, ptrc):
    make_archive_module(rts, ptrc)
    person, place = make_person(), make_place()
    for dated in ("1961-09", "1944-10/1944-11", ""):
        item = make_item(rts, dated=dated, collection=make_collection(rts, slug=f"c{len(dated)}"))
        item.credits.create(person=person, role="depicted")
        item.credits.create(person=person, role="speaker")
        item.places.create(place=place)
    make_item(rts, dated="", access="house", category="news", speech_languages=["sr", "kk"])
    make_item(ptrc, dated="196X", category="programme").texts.create(kind="subtitles", language="kk", cues=[])


def test_facets_count_what_their_reader_sees_and_nothing_else(belgrade, astana, catalogue):
    own, others = counted(belgrade.get("items/facets/")), counted(astana.get("items/facets/"))
    assert own["category"] == {"historical-footage": 3, "news": 1, "programme": 1}
    assert own["decade"] == {"1940": 1, "1960": 2}
    assert own["holder"] == {"rts": 4, "ptrc": 1}
    assert own["people"] == {"tokayev": 3}
    assert own["place"] == {"belgrade": 3}
    assert own["language"] == {"sr": 1, "kk": 1}
    assert own["collection"] == {"c7": 1, "c15": 1, "c0": 1}
    assert own["has_subtitles"] == {"true": 1}
    assert own["fixity"] == {"no-file": 4}
    assert own["cleared_for_me"] == {"true": 4}
    assert others["category"] == {"historical-footage": 3, "programme": 1}
    assert others["collection"] == {}  # how another house orders its archive
    assert others["fixity"] == {"no-file": 1}


def test_a_language_is_counted_and_found_whatever_script_or_region_its_tag_names(belgrade, rts):
    tagged = ("en-GB", "en", "sr-Cyrl-RS", "sr-Latn", "de-AT", "de", "kk-Arab", "zxx")
    for tag in tagged:
        make_item(rts, speech_languages=[tag])
    make_item(rts, speech_languages=["sr", "sr-Latn-ME"])
    languages = counted(belgrade.get("items/facets/"))["language"]
    assert languages == {"en": 2, "sr": 3, "de": 2, "kk": 1, "zxx": 1}
    for language, count in languages.items():
        assert len(belgrade.get("items/", language=language).json()["results"]) == count, language
    assert len(belgrade.get("items/", language="sr-Latn").json()["results"]) == 3


def test_filters_narrow_facets_too(belgrade, catalogue):
    found = counted(belgrade.get("items/facets/", decade="1940"))
    assert found["category"] == {"historical-footage": 1}
    assert found["decade"] == {"1940": 1}


def test_beyond_the_cap_counts_are_said_to_be_capped(belgrade, catalogue, monkeypatch):
    monkeypatch.setattr(facets, "CAP", 2)
    (first, *_rest) = belgrade.get("items/facets/").json()["category"]
    assert (first["value"], first["count"], first["is_capped"]) == ("historical-footage", 2, True)
    assert all(each["is_capped"] for each in belgrade.get("items/facets/").json()["people"])


def test_facets_are_labelled_in_the_readers_language(belgrade, catalogue):
    (language, *_rest) = belgrade.get("items/facets/", lang="kk").json()["people"]
    assert language["label"] == "Тоқаев"
