from datetime import date

import pytest
from django.db import connection

from mediaexchange.core.search.asking import Filters, ask, filtering, period
from mediaexchange.core.search.indexing import rows_of
from mediaexchange.core.search.parsing import parse
from mediaexchange.core.search.registry import Document, Text

pytestmark = pytest.mark.django_db

LIBRARY = {
    "sr": "Председник Вучић отворио је библиотеку на Дунаву у Новом Саду",
    "kk": "Президент Вучич Астанада жаңа кітапхананы ашты",
    "ru": "Президент Вучич открыл новую библиотеку на берегу Дуная",
    "en": "President Vučić opens a new library on the bank of the Danube",
}


def matches(typed: str, text: str, language: str, only: str = "") -> bool:
    """Whether the question finds a text in this language."""
    (row,) = rows_of("story", [Document(1, language, (Text("A", text, language),))])
    asked = ask(parse(typed), only)
    query = asked.matching() + (f" & {asked.unwanted()}" if asked.unwanted() else "")
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::tsvector @@ %s::tsquery", [row.words, query])
        ((found,),) = cursor.fetchall()
    return bool(found)


@pytest.mark.parametrize("typed", ["библиотека", "biblioteka", "Библиотеком", "bibliotekama", "DUNAV", "дунава"])
def test_serbian_is_found_in_either_script_and_any_case(typed):
    assert matches(typed, LIBRARY["sr"], "sr")


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("Шумадија и Чачак", "sumadija cacak"),
        ("Ђаци из Ђурђева", "djaci djurdjeva"),
        ("Жељезничка станица Његош", "zeljeznicka stanica njegos"),
        ("Џемпери од вуне", "dzemperi vune"),
        ("Кишобран за ћерку", "kisobran cerku"),
    ],
)
def test_serbian_without_diacritics_finds_the_same_words(written, typed):
    assert matches(typed, written, "sr")


@pytest.mark.parametrize("typed", ["кітапхана", "кітапханалар", "китапхана", "Астана", "астанадан"])
def test_kazakh_is_found_by_its_stems_and_from_a_russian_keyboard(typed):
    assert matches(typed, LIBRARY["kk"], "kk")


@pytest.mark.parametrize(
    ("language", "typed"), [("ru", "библиотеки"), ("ru", "дунай"), ("en", "libraries"), ("en", "banks")]
)
def test_russian_and_english_are_stemmed(language, typed):
    assert matches(typed, LIBRARY[language], language)


@pytest.mark.parametrize("typed", ["Vucic", "vučić", "вучич", "ВУЧИЋ", "Vučića", "Вучићем", "Вучичем"])
@pytest.mark.parametrize("language", ["sr", "kk", "ru", "en"])
def test_a_name_is_found_in_every_language_whatever_its_script_and_case(typed, language):
    assert matches(typed, LIBRARY[language], language)


@pytest.mark.parametrize(
    ("inflected", "language"),
    [
        ("Вучићем", "sr"),
        ("Вучићу", "sr"),
        ("Вучићева", "sr"),
        ("Вучичем", "ru"),
        ("Вучича", "ru"),
        ("Вучичтің", "kk"),
        ("Vučić's", "en"),
    ],
)
def test_a_name_is_found_though_the_text_inflects_it(inflected, language):
    assert matches("Vucic", f"Разговор {inflected} данас", language)


def test_all_words_must_occur():
    assert matches("library danube", LIBRARY["en"], "en")
    assert not matches("library tisza", LIBRARY["en"], "en")


def test_words_that_nobody_looks_for_need_not_occur():
    assert matches("the library on the Danube", LIBRARY["en"], "en")
    assert matches("председника у библиотеци Дунава", "Председник у новој библиотеци покрај Дунава", "sr")


def test_a_stop_word_of_one_language_is_a_word_of_another():
    assert matches("most", "Нови мост на Сави", "sr")
    assert not matches("novi most", "Нова зграда на Сави", "sr")
    assert not matches("most", "The most beautiful bridge", "en")


def test_a_phrase_is_found_only_where_its_words_follow_each_other():
    assert matches('"new library"', LIBRARY["en"], "en")
    assert not matches('"library new"', LIBRARY["en"], "en")
    assert not matches('"president library"', LIBRARY["en"], "en")


def test_a_phrase_counts_the_words_that_are_left_out():
    assert matches('"bank of the Danube"', LIBRARY["en"], "en")
    assert not matches('"bank the Danube"', LIBRARY["en"], "en")


def test_a_phrase_is_found_in_the_other_script():
    assert matches('"novom sadu"', LIBRARY["sr"], "sr")


def test_an_exception_takes_away():
    assert not matches("library -danube", LIBRARY["en"], "en")
    assert matches("library -tisza", LIBRARY["en"], "en")
    assert not matches('library -"new library"', LIBRARY["en"], "en")


@pytest.mark.parametrize("typed", ["bibl*", "библ*", "vuč*", "vuc*", "вуч*"])
def test_a_beginning_finds_what_goes_on(typed):
    assert matches(typed, LIBRARY["sr"], "sr")
    assert not matches(typed.replace("*", "zq*"), LIBRARY["sr"], "sr")


def test_a_language_without_columns_is_found_by_whole_words_and_stemmed_when_asked_for():
    text = "Megnyílt az új könyvtár Szabadkán"
    assert matches("könyvtár", text, "hu")
    assert matches("konyvtar", text, "hu")
    assert matches("könyvtárak", text, "hu", only="hu")


def test_texts_of_one_record_do_not_make_a_phrase_together():
    document = Document(1, "en", (Text("A", "A new", "en"), Text("B", "library", "en")))
    (row,) = rows_of("story", [document])
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::tsvector @@ %s::tsquery", [row.words, ask(parse('"new library"')).matching()])
        assert cursor.fetchall() == [(False,)]


@pytest.mark.parametrize(
    "words", ["ﷺ" * 200, "x" * 5_000, " ".join(f"слово{number}" for number in range(30_000)), "o'neil \\ back:slash"]
)
def test_no_text_is_too_long_or_too_strange_for_the_index(words):
    (row,) = rows_of("story", [Document(1, "sr", (Text("A", "Наслов", "sr"), Text("D", words, "sr")))])
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::tsvector @@ 'naslov'", [row.words])
        assert cursor.fetchall() == [(True,)]


def test_filters_are_words_of_the_query():
    filters = Filters(
        types=("story", "person"), language="sr-Latn", origin="rts", kind="video", topic="medtop:01000000"
    )
    assert (
        filtering(filters, ["story", "place"], ["story", "place", "person"])
        == "('y=story') & 'l=sr' & 'o=rts' & 'k=video' & 't=medtop:01000000'"
    )


@pytest.mark.parametrize(
    ("since", "until", "first", "last", "count"),
    [
        (date(2026, 2, 27), date(2026, 3, 1), "'d=20260227'", "'d=20260301'", 3),
        (date(2025, 11, 30), date(2026, 2, 1), "'d=202511'", "'d=202602'", 4),
        (date(2001, 5, 5), date(2026, 2, 1), "'d=2001'", "'d=2026'", 26),
    ],
)
def test_a_period_is_asked_for_by_days_months_or_years(since, until, first, last, count):
    parts = period(since, until, date(2026, 11, 22)).strip("()").split(" | ")
    assert (parts[0], parts[-1], len(parts)) == (first, last, count)


@pytest.mark.parametrize("typed", ["kitaphana", "kitapkhana", "kitaphanalar", "jaña kitaphana", "Astanadan"])
def test_kazakh_is_found_by_what_is_typed_in_latin_letters(typed):
    assert matches(typed, LIBRARY["kk"], "kk")
    assert matches(typed, LIBRARY["kk"], "kk", only="kk")


@pytest.mark.parametrize("typed", ["Qazaqstan", "Kazakstan", "Qazaqstannyñ", "Toqaev", "Tokayev", "Toqaevtyñ"])
def test_kazakh_names_are_found_in_the_new_alphabet_and_without_its_marks(typed):
    assert matches(typed, "Қазақстан президенті Тоқаевтың сапары", "kk")


def test_an_english_word_finds_no_kazakh_one_that_only_sounds_alike():
    assert not matches("taking", "Тақ сан", "kk")
    assert not matches("most", "Мосты көпір", "kk")


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("Америка", "У Америци и у Републици"),
        ("Americi", "Путовање кроз Америку"),
        ("река", "На реци се гради мост"),
        ("republika", "у Републици Српској"),
        ("радник", "Радници траже веће плате"),
        ("radnici", "Сваки радник зна"),
        ("политика", "О политици се не говори"),
        ("odluka", "Закон о одлуци"),
        ("грешка", "Реч је о грешци"),
        ("књига", "О новој књизи"),
        ("биолог", "Биолози упозоравају"),
    ],
)
def test_serbian_nouns_are_found_though_their_last_sound_changes(typed, written):
    assert matches(typed, written, "sr")


@pytest.mark.parametrize(
    ("typed", "written"),
    [("улика", "На улици"), ("улагање", "Улази у кућу"), ("река", "Једна реч"), ("нога", "Ножеви су оштри"),
     ("слога", "Сложни смо"), ("нос", "Ноге боле")],
)  # fmt: skip
def test_a_changed_sound_makes_no_other_word_of_a_serbian_one(typed, written):
    assert not matches(typed, written, "sr")
