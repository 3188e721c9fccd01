import os
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mediaexchange.core.languages.serbian import is_predominantly_latin, master_text, script_of, to_cyrillic, to_latin
from tests.core.languages.word_pairs import PHRASES, words

SAMPLES = Path(os.environ.get("MEDIAEXCHANGE_SAMPLES", Path(__file__).parents[4] / "shared" / "data"))
PAIRS = [*words(), *PHRASES]

PROTECTED = (
    "https://www.rts.rs/vesti/ljubav.html?q=njegov",
    "http://ртс.срб/вести/љубав",
    "www.blic.rs/вест",
    "redakcija.vesti@rts.rs",
    "уредник@ртс.срб",
    "@njegov_profil",
    "@његов",
    "#Beograd",
    "#Београд",
    "portal.rs/najava",
    "извештај.pdf",
    "program.docx",
    '<a href="/вести/прва" title="Прва вест">',
    "<img alt='Слика > текст' src=slika.jpg>",
    '<a title="dugme < kraj" href="/вест">',
    "&nbsp;",
    "&amp;",
    "&lt;",
    "&#160;",
    "%(ime)s",
    "%s",
    "{naslov}",
    "{{ име }}",
    "${iznos}",
)

cyrillic_words = st.sampled_from([cyrillic for _, cyrillic in words() if re.fullmatch("[Ѐ-ӿ]+", cyrillic)])
cyrillic_sentences = st.lists(cyrillic_words, min_size=1, max_size=12).map(" ".join)
latin_letters = st.text("abcčćdđefghijklmnoprsštuvzž", min_size=1, max_size=12)
latin_sentences = st.lists(latin_letters | latin_letters.map(str.capitalize), min_size=1, max_size=10).map(" ".join)


def test_the_word_list_is_long_and_has_no_duplicates() -> None:
    assert len(words()) == len(set(words())) > 200


@pytest.mark.parametrize(("latin", "cyrillic"), PAIRS)
def test_a_tricky_word_becomes_cyrillic(latin: str, cyrillic: str) -> None:
    assert to_cyrillic(latin) == cyrillic


@pytest.mark.parametrize(("latin", "cyrillic"), PAIRS)
def test_a_tricky_word_becomes_latin(latin: str, cyrillic: str) -> None:
    assert to_latin(cyrillic) == latin


# A foreign name keeps its own capitals: only what is Cyrillic throughout can be written in others.
IN_CAPITALS = [pair for pair in words() if re.fullmatch("[Ѐ-ӿ]+", pair[1])]


@pytest.mark.parametrize(("latin", "cyrillic"), IN_CAPITALS)
def test_a_tricky_word_in_capitals_converts_both_ways(latin: str, cyrillic: str) -> None:
    assert to_latin(cyrillic.upper()) == latin.upper()
    assert to_cyrillic(latin.upper()) == cyrillic.upper()


@settings(deadline=None)
@given(cyrillic_sentences)
def test_cyrillic_survives_the_way_to_latin_and_back(sentence: str) -> None:
    assert to_cyrillic(to_latin(sentence)) == sentence


@settings(deadline=None, max_examples=500)
@given(latin_sentences)
def test_latin_survives_the_way_to_cyrillic_and_back(sentence: str) -> None:
    assert to_latin(to_cyrillic(sentence)) == sentence


@settings(deadline=None)
@given(st.text(alphabet="<>&\"'{}%#@.a/дљLjnI -\u0301\n", max_size=60))
def test_hostile_text_never_raises(text: str) -> None:
    """Nothing more is promised for it: what half a tag protects depends on its neighbours, which a pass may change."""
    assert isinstance(to_latin(text), str)
    assert isinstance(to_cyrillic(text), str)


@settings(deadline=None)
@given(cyrillic_sentences)
def test_a_second_pass_to_latin_changes_nothing(sentence: str) -> None:
    assert to_latin(to_latin(sentence)) == to_latin(sentence)


@pytest.mark.parametrize("span", PROTECTED)
def test_what_is_not_prose_stays_in_both_directions(span: str) -> None:
    assert to_cyrillic(f"Vest {span} dana") == f"Вест {span} дана"
    assert to_latin(f"Вест {span} дана") == f"Vest {span} dana"


def test_text_between_tags_is_converted() -> None:
    html = '<p class="uvod">Njegov <b>džez</b>&nbsp;i <a href="https://rts.rs/dzez">koncert</a>.</p>'
    cyrillic = '<p class="uvod">Његов <b>џез</b>&nbsp;и <a href="https://rts.rs/dzez">концерт</a>.</p>'
    assert to_cyrillic(html) == cyrillic
    assert to_latin(cyrillic) == html


def test_character_references_to_serbian_letters_are_letters() -> None:
    assert to_cyrillic("&scaron;kola i ku&#263;a &amp; d&#x17E;ez") == "школа и кућа &amp; џез"
    assert to_latin("&#1096;кола") == "škola"


def test_precomposed_digraphs_and_decomposed_letters_convert() -> None:
    assert to_cyrillic("ǆep ǅep Ǆ ǉudi ǈudi ǌegov ǋegov") == "џеп Џеп Џ људи Људи његов Његов"
    assert to_latin("ǆep") == "džep"
    assert to_cyrillic("c\u030cas\u030ca") == "чаша"


def test_words_of_other_alphabets_stay() -> None:
    assert to_latin("Град Қарағанды и Ёлка") == "Grad Қарағанды i Ёлка"
    assert to_cyrillic("Grad Zürich, Łódź i Malmö") == "Град Zürich, Łódź и Malmö"


def test_stressed_vowels_keep_their_marks() -> None:
    assert to_latin("ѝ сѐ") == "ì sè"
    assert to_latin("ко\u0302д") == "kôd"


def test_a_capital_digraph_follows_its_own_line() -> None:
    assert to_latin("НАСЛОВ\nЉ је слово") == "NASLOV\nLj je slovo"
    assert to_latin("КОЊ. Коњ. Љ-1 И ПЉ1") == "KONJ. Konj. Lj-1 I PLJ1"


def test_the_given_keep_list_replaces_the_default_one() -> None:
    assert to_cyrillic("RTS i BBC", frozenset({"RTS"})) == "RTS и ББЦ"
    assert to_cyrillic("Radio Free Europe javlja", frozenset({"Radio Free Europe"})) == "Radio Free Europe јавља"


def test_capitals_in_the_keep_list_do_not_match_ordinary_words() -> None:
    assert to_cyrillic("Led i LED", frozenset({"LED"})) == "Лед и LED"
    assert to_cyrillic("GOOGLE, google i Googleom") == "GOOGLE, google и Googleom"


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("Добар дан", "Cyrl"),
        ("Dobar dan", "Latn"),
        ("Нови iPhone и Google Chrome", "Cyrl"),
        ("дан https://www.example.com/a/very/long/address", "Cyrl"),
        ('<a title="naslov vesti">дан</a>', "Cyrl"),
        ("YouTube", "Latn"),
        ("дан dan", ""),
        ("2026: 12 % &nbsp;", ""),
        ("", ""),
    ],
)
def test_the_script_is_that_of_most_convertible_letters(text: str, script: str) -> None:
    assert script_of(text) == script


def test_latin_must_outnumber_cyrillic_two_to_one_to_predominate() -> None:
    assert is_predominantly_latin("Ovo je rečenica koja pominje Његоша")
    assert not is_predominantly_latin("Концерт групе Depeche Mode u Areni")


def test_the_master_column_takes_latin_text_as_cyrillic() -> None:
    assert master_text("Njegov koncert u Beogradu") == "Његов концерт у Београду"


def test_latin_words_inside_cyrillic_text_are_intentional() -> None:
    text = "Група Red Hot наступила је синоћ у Београду"
    assert master_text(text) == text


def test_english_under_a_serbian_label_stays_english() -> None:
    text = "The minister of culture was in Belgrade"
    assert master_text(text) == text
    assert (
        master_text("Film The End of Time je u bioskopima i na mreži")
        == "Филм Тхе Енд оф Тиме је у биоскопима и на мрежи"
    )


@pytest.mark.parametrize(
    ("latin", "cyrillic"),
    [
        ("Biće 36°C, u hladu 30 °C.", "Биће 36°C, у хладу 30 °C."),
        ("C je slovo, a °C nije", "Ц је слово, а °C није"),
        ("50 Hz i 1.013 hPa, pH 5,5", "50 Hz и 1.013 hPa, pH 5,5"),
        ("CO2, H1N1 i e-mail UNESCO-a", "CO2, H1N1 и e-mail UNESCO-а"),
        ("JavaScript i OpenAI na iOS-u", "JavaScript и OpenAI на iOS-у"),
        ("mRNK, RTSa i BiH", "мРНК, РТСа и БиХ"),
        ("LjILjANA i NjEGOŠ", "ЉИЉАНА и ЊЕГОШ"),
    ],
)
def test_units_formulas_and_names_with_inner_capitals_stay_latin(latin: str, cyrillic: str) -> None:
    assert to_cyrillic(latin) == cyrillic


def test_words_that_look_like_acronyms_in_a_headline_convert() -> None:
    assert to_cyrillic("LED OKOVAO CEO GRAD") == "ЛЕД ОКОВАО ЦЕО ГРАД"


@settings(deadline=None)
@given(st.lists(cyrillic_words | latin_letters | st.sampled_from(["I", "VI", "NATO", "Wi-Fi", "BBC"]), max_size=12))
def test_the_master_text_of_a_master_text_is_itself(parts: list[str]) -> None:
    stored = master_text(" ".join(parts))
    assert master_text(stored) == stored


@pytest.mark.shared_samples
def test_every_sample_name_converts_both_ways() -> None:
    path = SAMPLES / "lang" / "names_dev.txt"
    if not path.exists():
        pytest.skip(f"No sample names at {path}; set MEDIAEXCHANGE_SAMPLES to the folder that holds lang/")
    failures = []
    for line in path.read_text(encoding="utf-8").splitlines():
        cyrillic, latin = line.split("|")[:2]
        if to_latin(cyrillic) != latin or to_cyrillic(latin) != cyrillic:
            failures.append(line)
    assert failures == []
