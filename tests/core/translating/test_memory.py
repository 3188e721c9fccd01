"""The memory as a translator, how alike sentences are, and terms in running text."""

import pytest

from mediaexchange.core.translating.likeness import bands_of, digest_of, percent_alike
from mediaexchange.core.translating.memory import MemoryTranslator
from mediaexchange.core.translating.nothing import NullTranslator
from mediaexchange.core.translating.terms import Term, hits_in

KNOWN = {"Отворена је нова библиотека у Нишу.": "Нишада жаңа кітапхана ашылды.", "Киша.": "Жаңбыр."}
TERMS = {
    "sr": [
        Term("news-exchange", "sr", ("размена вести",)),
        Term("memorandum", "sr", ("меморандум о разумевању",)),
        Term("soundbite", "sr", ("изјава",)),
        Term("feed", "sr", ("фид",), doubt="unproven"),
    ],
    "kk": [
        Term("news-exchange", "kk", ("жаңалықтар алмасу",)),
        Term("memorandum", "kk", ("өзара түсіністік туралы меморандум",)),
        Term("soundbite", "kk", ("синхрон",)),
        Term("feed", "kk", ("ақпарат ағыны",)),
    ],
}


def memory(least: int = 75) -> MemoryTranslator:
    return MemoryTranslator(
        "Memory",
        lambda segments, _source, _target: {segment: list(KNOWN.items()) for segment in segments},
        lambda language: TERMS[language],
        least_percent=least,
    )


def test_the_same_sentence_is_exact_and_a_similar_one_says_how_similar():
    exact, similar, none = memory(60).translate(
        ["Отворена је нова библиотека у Нишу.", "Отворена је нова библиотека у Новом Саду.", "Сунце"], "sr", "kk"
    )
    assert (exact.text, exact.percent) == ("Нишада жаңа кітапхана ашылды.", 100)
    assert similar.text == "Нишада жаңа кітапхана ашылды."
    assert 60 <= similar.percent < 100
    assert (none.text, none.percent) == ("", None)


def test_below_the_least_percent_nothing_is_offered():
    assert memory(95).translate(["Отворена је нова библиотека у Новом Саду."], "sr", "kk")[0].text == ""


def test_a_segment_that_is_a_term_is_translated_by_the_glossary_unless_in_doubt():
    term, doubtful = memory().translate(["Размена вести", "фид"], "sr", "kk")
    assert (term.text, term.model, term.percent) == ("Жаңалықтар алмасу", "glossary", 100)
    assert doubtful.text == ""


def test_without_a_translator_everything_stays_empty_and_no_pair_is_known():
    nothing = NullTranslator()
    assert [each.text for each in nothing.translate(["a", "b"], "sr", "kk")] == ["", ""]
    assert not nothing.supports("sr", "kk")


@pytest.mark.parametrize(
    ("one", "other", "low", "high"),
    [
        ("Киша пада", "Киша  пада", 100, 100),
        ("<b>Киша</b> пада", "Киша пада", 99, 99),
        ("Киша пада.", "Киша пада!", 99, 99),
        ("Отворена нова библиотека", "Отворене нове библиотеке", 50, 90),
        ("Отворена нова библиотека", "Авион је слетео", 0, 10),
        ("…", "!", 0, 0),
    ],
)
def test_likeness_is_full_only_for_the_same(one, other, low, high):
    assert low <= percent_alike(one, other) <= high


def test_sentences_that_are_alike_share_a_number_and_others_hardly_ever():
    said = "Отворена је нова библиотека у Новом Саду, а књиге се износе бесплатно."
    alike = "Отворена је нова библиотека у Новом Пазару, а књиге се износе бесплатно."
    other = "Киша ће падати до петка, саопштио је хидрометеоролошки завод."
    assert percent_alike(said, alike) >= 70
    assert set(bands_of(said)) & set(bands_of(alike))
    assert not set(bands_of(said)) & set(bands_of(other))
    assert all(-(2**31) <= number < 2**31 for number in bands_of(said))
    assert bands_of("…") == []
    assert bands_of("Љубав")[:3] == [-1385969581, 74059854, 1988592203]


def test_a_digest_overlooks_spaces_and_minds_tags():
    assert digest_of("a  b") == digest_of("a b") != digest_of("a <b>b</b>")


def test_terms_are_found_inflected_and_missing_ones_are_named():
    found = hits_in(
        "Потписан је меморандум о разумевању и програм размене вести уз изјаву.",
        "Өзара түсіністік туралы меморандумға қол қойылды.",
        TERMS["sr"],
        TERMS["kk"],
    )
    assert {hit.concept: hit.is_missing for hit in found} == {
        "news-exchange": True, "memorandum": False, "soundbite": True,
    }  # fmt: skip


def test_an_empty_translation_lacks_nothing_yet():
    (hit,) = hits_in("Размена вести", "", TERMS["sr"], TERMS["kk"])
    assert not hit.is_missing


def test_a_word_that_only_begins_alike_is_no_form_of_a_term():
    assert hits_in("Изјаснили су се", "", TERMS["sr"], TERMS["kk"]) == []


def test_a_term_within_a_longer_one_is_not_spoken_of():
    longer = {
        "sr": [*TERMS["sr"], Term("archive", "sr", ("архив",)), Term("footage", "sr", ("архивски снимак",))],
        "kk": [*TERMS["kk"], Term("archive", "kk", ("мұрағат",)), Term("footage", "kk", ("архивтік бейнематериал",))],
    }
    found = hits_in("Архивски снимци и архивски снимак.", "", longer["sr"], longer["kk"])
    assert [hit.concept for hit in found] == ["archive", "footage"]
    found = hits_in("Само архивски снимак.", "", longer["sr"], longer["kk"])
    assert [hit.concept for hit in found] == ["footage"]
