from zoneinfo import ZoneInfo

import pytest
from django.utils.translation import override

from mediaexchange.core.rights import words
from mediaexchange.core.rights.source_types import DIGITAL_SOURCE_TYPES, SYNTHETIC
from mediaexchange.core.rights.terms import ONLINE, PLATFORMS, Statement
from mediaexchange.core.rights.territories import CODES, NAMES, SET_NAMES, SETS, members
from newsexchange import constants


@pytest.mark.parametrize(
    ("language", "name"), [("sr", "Казахстан"), ("sr-latn", "Kazahstan"), ("kk", "Қазақстан"), ("en", "Kazakhstan")]
)
def test_a_territory_is_called_what_its_reader_calls_it(language, name):
    assert words.territory_label("KZ", language) == name


def test_a_house_may_call_a_territory_its_own_way_and_the_code_stays(settings):
    settings.TERRITORY_LABELS = {"XK": {"sr": "Косово и Метохија"}}
    assert words.territory_label("XK", "sr-latn") == "Kosovo i Metohija"
    assert words.territory_label("RS-INCL-XK", "en") == "Serbia incl. Kosovo"
    assert members("XK") == {"XK"}


def test_a_name_that_nobody_knows_is_shown_as_it_came():
    assert words.territory_label("Ruritania", "en") == "Ruritania"


def test_moments_are_told_in_the_readers_zone_with_its_name():
    statement = Statement("embargo", {"ends_at": "2026-01-15T17:00:00+00:00"})
    with override("en"):
        assert "15 January 2026, 22:00 (Asia/Almaty)" in words.message(statement, ZoneInfo("Asia/Almaty"))
        assert "15 January 2026, 18:00 (Europe/Belgrade)" in words.message(statement, ZoneInfo("Europe/Belgrade"))


def test_a_reason_names_territories_platforms_shots_and_the_sources_words():
    values = {"territories": ["KZ", "EU"], "platforms": ["web"], "shots": [2], "note": "Само вест 100 %"}
    with override("en"):
        text = words.message(Statement("barred", values))
    assert text == (
        "Use is barred in: Kazakhstan, European Union. On: web. Shots: 3. In the source's words: “Само вест 100 %”"
    )


def test_all_territories_and_sets_have_names_in_all_languages():
    for names in (*NAMES.values(), *SET_NAMES.values()):
        assert set(names) == {"sr", "kk", "ru", "en"}
    assert all(inside and inside <= CODES for inside in SETS.values())
    assert len(SETS["EU"]) == 27
    assert SETS["EU"] < SETS["EEA"]
    assert "XK" in CODES


def test_the_platforms_of_rows_are_those_that_are_evaluated():
    assert tuple(constants.Platform.values) == PLATFORMS
    assert ONLINE == constants.ONLINE
    assert set(words.PLATFORM_LABELS) == set(PLATFORMS)


def test_synthetic_types_are_among_all_digital_source_types():
    assert SYNTHETIC < DIGITAL_SOURCE_TYPES
    assert "digitalCapture" not in SYNTHETIC
