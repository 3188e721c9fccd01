import json
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

DATA = Path(__file__).parents[2] / "broadcasters" / "data"
GLOSSARY = Path(__file__).parents[2] / "docs" / "glossary.md"
LANGUAGES = {"sr", "kk", "ru", "en"}
FILES = (
    "places",
    "broadcasters",
    "channels",
    "people",
    "institutions",
    "memoranda",
    "modules",
    "events",
    "claim_topics",
    "claims",
)

# Brands that Kazakh and Russian newsrooms write in Latin letters even inside Cyrillic text.
LATIN_BRANDS = {"Silk", "Way", "Cinema", "Kazakh", "Invest"}
ROMAN_NUMERAL = re.compile(r"[IVXLCDM]+")
SERBIAN = set("абвгдђежзијклљмнњопрстћуфхцчџш")
KAZAKH = set("аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя")
RUSSIAN = set("абвгдеёжзийклмнопрстуфхцчшщъыьэюя")
EDTF_DAY = r"\d{4}(-\d{2}(-\d{2})?)?[?~%]?"
EDTF = re.compile(rf"({EDTF_DAY}(/{EDTF_DAY})?)?")

Row = dict[str, Any]


def load(name: str) -> list[Row]:
    rows: list[Row] = json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))
    return rows


def key_of(row: Row) -> str:
    return str(row.get("slug") or row["id"])


def slugs(name: str) -> set[str]:
    return {key_of(row) for row in load(name)}


def translated(value: Any, path: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Every mapping below value that is keyed by language and holds text, with the path that leads to it."""
    if isinstance(value, dict):
        if value.keys() & LANGUAGES and not path.endswith("basis"):
            yield path, value
            return
        for key, inner in value.items():
            yield from translated(inner, f"{path}.{key}")
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from translated(inner, f"{path}[{index}]")


def all_texts(name: str) -> list[tuple[str, dict[str, str]]]:
    return [found for row in load(name) for found in translated(row, key_of(row))]


def words(text: str) -> list[str]:
    return re.findall(r"[^\W\d_]+", text)


def foreign_letters(text: str, alphabet: set[str], brands: set[str]) -> list[str]:
    return [
        word
        for word in words(text)
        if word not in brands and not ROMAN_NUMERAL.fullmatch(word) and not set(word.lower()) <= alphabet
    ]


def edtf_values(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            if key.endswith("edtf") or key in {"valid_from", "valid_until"}:
                yield inner
            else:
                yield from edtf_values(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from edtf_values(inner)


@pytest.mark.parametrize("name", FILES)
def test_every_key_is_unique_within_its_file(name: str) -> None:
    keys = [key_of(row) for row in load(name)]
    assert keys
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize("name", FILES)
def test_every_row_of_a_file_has_the_same_keys_for_the_same_kind(name: str) -> None:
    shapes = {(row.get("kind") if name == "places" else "", tuple(sorted(row))) for row in load(name)}
    assert len(shapes) == len({kind for kind, _ in shapes})


@pytest.mark.parametrize("name", FILES)
def test_every_translated_text_is_there_in_all_four_languages(name: str) -> None:
    texts = all_texts(name)
    assert texts
    for path, text in texts:
        assert text.keys() == LANGUAGES, path
        assert all(value.strip() == value and value for value in text.values()), path


@pytest.mark.parametrize("name", FILES)
def test_every_text_is_stored_composed_so_that_equal_names_compare_equal(name: str) -> None:
    raw = (DATA / f"{name}.json").read_text(encoding="utf-8")
    assert unicodedata.is_normalized("NFC", raw)


@pytest.mark.parametrize("name", FILES)
def test_serbian_is_written_in_the_serbian_cyrillic_alphabet_only(name: str) -> None:
    for path, text in all_texts(name):
        assert foreign_letters(text["sr"], SERBIAN, set()) == [], path


@pytest.mark.parametrize("name", FILES)
def test_kazakh_words_hold_no_latin_look_alikes(name: str) -> None:
    for path, text in all_texts(name):
        assert foreign_letters(text["kk"], KAZAKH, LATIN_BRANDS) == [], path


@pytest.mark.parametrize("name", FILES)
def test_russian_words_hold_no_latin_look_alikes(name: str) -> None:
    for path, text in all_texts(name):
        assert foreign_letters(text["ru"], RUSSIAN, LATIN_BRANDS) == [], path


@pytest.mark.parametrize("name", FILES)
def test_english_words_hold_no_cyrillic(name: str) -> None:
    for path, text in all_texts(name):
        assert not re.search(r"[\u0400-\u04ff]", text["en"]), path


@pytest.mark.parametrize("name", FILES)
def test_every_date_is_empty_or_an_edtf_date_or_interval(name: str) -> None:
    for row in load(name):
        for value in edtf_values(row):
            assert EDTF.fullmatch(value), (key_of(row), value)


def test_name_variants_and_aliases_do_not_mix_scripts() -> None:
    variants = [v for row in load("places") for v in row["variants"]] + [
        a for row in load("people") for a in row["aliases"]
    ]
    for variant in variants:
        scripts = {unicodedata.name(letter).split()[0] for word in words(variant["text"]) for letter in word}
        assert len(scripts) == 1, variant
        if "script" in variant:
            assert scripts == {{"Cyrl": "CYRILLIC", "Latn": "LATIN"}[variant["script"]]}, variant


def test_no_record_gives_the_same_spelling_twice_in_one_language() -> None:
    for name, field in (("places", "variants"), ("people", "aliases")):
        for row in load(name):
            spellings = [(item["text"], item["language"], item.get("valid_from")) for item in row[field]]
            assert len(spellings) == len(set(spellings)), row["slug"]


def test_every_spelling_of_the_president_of_kazakhstan_that_desks_type_is_an_alias() -> None:
    person = next(row for row in load("people") if row["slug"] == "kassym-jomart-tokayev")
    typed = {"Tokayev", "Tokaev", "Tokajev", "Toqaev", "Токајев", "Токаев", "Тоқаев"}
    assert typed <= {alias["text"] for alias in person["aliases"]}


def test_every_place_has_a_known_parent_unless_it_is_a_country_or_a_region() -> None:
    by_slug = {row["slug"]: row for row in load("places")}
    for row in by_slug.values():
        if row["kind"] in ("country", "region"):
            assert row["parent"] is None
            assert bool(row["country_code"]) == (row["kind"] == "country")
        else:
            assert by_slug[row["parent"]]["country_code"] == row["country_code"], row["slug"]


def test_every_time_zone_is_in_the_zone_database_and_only_cities_have_one() -> None:
    for row in load("places"):
        assert ("time_zone" in row) == (row["kind"] == "city"), row["slug"]
        if row["kind"] == "city":
            ZoneInfo(row["time_zone"])
    for row in load("broadcasters"):
        ZoneInfo(row["time_zone"])


def test_a_broadcaster_keeps_the_time_zone_and_country_of_its_city() -> None:
    by_slug = {row["slug"]: row for row in load("places")}
    for row in load("broadcasters"):
        city = by_slug[row["city"]]
        assert (row["time_zone"], row["country_code"]) == (city["time_zone"], city["country_code"]), row["slug"]


def test_every_broadcaster_says_how_sure_each_name_is() -> None:
    for row in load("broadcasters"):
        assert row["name_basis"].keys() == LANGUAGES
        assert set(row["name_basis"].values()) <= {"sourced", "known", "guess"}
        assert row["ownership"] in {"public_service", "state", "presidential", "private"}


def test_every_channel_belongs_to_a_known_broadcaster_and_uses_a_known_kind() -> None:
    for row in load("channels"):
        assert row["broadcaster"] in slugs("broadcasters"), row["slug"]
        assert row["kind"] in {"television", "radio", "web", "streaming", "agency"}, row["slug"]


def test_every_foreign_share_cap_gives_its_source() -> None:
    capped = [row for row in load("channels") if row["foreign_share_cap_percent"] is not None]
    assert capped
    for row in load("channels"):
        assert (row["foreign_share_cap_basis"] is not None) == (row in capped), row["slug"]
    for row in capped:
        assert row["foreign_share_cap_basis"]["source"]
        assert 0 < row["foreign_share_cap_percent"] <= 100


def test_every_institution_stands_in_a_known_city_or_in_none() -> None:
    by_slug = {row["slug"]: row for row in load("places")}
    for row in load("institutions"):
        if row["city"] is not None:
            assert by_slug[row["city"]]["kind"] == "city", row["slug"]
            assert by_slug[row["city"]]["country_code"] == row["country_code"], row["slug"]
        assert row["broadcaster"] is None or row["broadcaster"] in slugs("broadcasters"), row["slug"]


def test_every_memorandum_has_known_parties_with_a_status_and_sources() -> None:
    for row in load("memoranda"):
        assert row["place"] in slugs("places")
        assert len({party["broadcaster"] for party in row["parties"]}) == len(row["parties"]) >= 2
        for party in row["parties"]:
            assert party["broadcaster"] in slugs("broadcasters")
            assert party["signature_status"] in {"announced", "signed", "corroborated"}
            assert party["sources"]


def test_the_signature_of_rtv_is_announced_and_carries_no_date() -> None:
    parties = [p for row in load("memoranda") for p in row["parties"] if p["broadcaster"] == "rtv"]
    assert [(p["signature_status"], p["signed_on_edtf"]) for p in parties] == [("announced", "")]


def test_every_module_rests_on_known_memoranda() -> None:
    for row in load("modules"):
        assert row["memoranda"]
        assert set(row["memoranda"]) <= slugs("memoranda"), row["slug"]


def test_the_parties_of_a_module_are_the_parties_of_its_memoranda() -> None:
    parties = {row["slug"]: {party["broadcaster"] for party in row["parties"]} for row in load("memoranda")}
    for row in load("modules"):
        assert set(row["parties"]) == set().union(*(parties[slug] for slug in row["memoranda"])), row["slug"]


def test_only_the_demonstration_module_is_active_and_it_says_so() -> None:
    for row in load("modules"):
        assert row["state"] == ("active" if row["is_demo"] else "proposed"), row["slug"]
    assert [row["area"] for row in load("modules") if row["is_demo"]] == ["news_exchange"]


def test_every_event_names_known_records_and_a_source_with_its_publisher() -> None:
    known = {name: slugs(name) for name in ("places", "institutions", "people", "memoranda", "events")}
    for row in load("events"):
        for name in ("places", "institutions", "people", "memoranda"):
            assert set(row[name]) <= known[name], row["slug"]
        assert {row["part_of"], row["marks"]} - {None} <= known["events"], row["slug"]
        assert row["sources"], row["slug"]
        assert all(source["title"] and source["publisher"] for source in row["sources"]), row["slug"]


def test_every_event_on_which_sources_disagree_explains_itself() -> None:
    disputed = [row for row in load("events") if row["standing"] == "disputed"]
    assert {row["slug"] for row in disputed} == {
        "visit-to-belgrade-2016",
        "nikola-tesla-street-opened",
        "media-memoranda-2026",
    }
    assert all(row["note"] for row in disputed)


def test_no_date_is_more_exact_than_its_source() -> None:
    dates = {row["slug"]: row["date_edtf"] for row in load("events")}
    assert dates["commission-session-3"] == "2024-09"
    assert dates["women-of-the-great-steppe"] == "2024-06"
    assert dates["embassy-of-serbia-opened"] == "2011"
    assert dates["nikola-tesla-street-opened"] == "2016-11-16?"
    assert dates["dina-nurpeissova-orchestra-in-serbia"] == ""


def test_every_claim_says_who_says_it_where_and_of_what() -> None:
    known = {"event": slugs("events"), "place": slugs("places"), "institution": slugs("institutions")}
    people, topics = slugs("people"), slugs("claim_topics")
    for row in load("claims"):
        assert row["said_by"] or row["speaker"], row["slug"]
        assert set(row["speaker"]) <= {"person"}, row["slug"]
        assert set(row["speaker"].values()) <= people, row["slug"]
        assert all((row["source"]["title"], row["source"]["publisher"])), row["slug"]
        assert row["topic"] or row["about"], row["slug"]
        assert row["topic"] is None or row["topic"] in topics, row["slug"]
        assert len(row["about"]) <= 1, row["slug"]
        assert all(slug in known[kind] for kind, slug in row["about"].items()), row["slug"]
        assert bool(row["value"]) == bool(row["unit"]) == (row["kind"] != "statement"), row["slug"]


def test_what_sources_disagree_on_stands_side_by_side() -> None:
    by_topic: dict[str, set[str]] = {}
    for row in load("claims"):
        by_topic.setdefault(row["topic"], set()).add(row["slug"])
    assert {"trade-2025", "trade-spoken-2026", "trade-target", "trade-2023"} <= by_topic["trade-volume"]
    assert by_topic["who-signed"] == {"signed-by-rts-and-rtv", "signed-by-rts-tanjug-telegraf"}
    assert by_topic["visits-2016"] == {"only-visit-2016", "nazarbayev-2016"}


def test_the_glossary_gives_every_word_in_four_languages_without_mixing_scripts() -> None:
    lines = [line for line in GLOSSARY.read_text(encoding="utf-8").splitlines() if line.startswith("| `")]
    assert len(lines) > 70
    for line in lines:
        _, _, serbian, kazakh, russian, english, _, _ = (cell.strip() for cell in line.split("|"))
        assert all((serbian, kazakh, russian, english)), line
        assert foreign_letters(serbian, SERBIAN, set()) == [], line
        assert foreign_letters(kazakh, KAZAKH, set()) == [], line
        assert foreign_letters(russian, RUSSIAN, set()) == [], line
