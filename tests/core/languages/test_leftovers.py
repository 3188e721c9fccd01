"""The check that looks for untranslated words finds them: a translation that is gone, a word in a template."""

import pytest
from django.template import Context, Template
from django.utils.translation import gettext, gettext_lazy, ngettext, override, pgettext, trans_real

from mediaexchange.core.languages.leftovers.marking import brought_back, is_translated, marking
from mediaexchange.core.languages.leftovers.surfaces import Data, hard_coded, of_answer, of_page
from mediaexchange.core.languages.leftovers.words import foreign_words

NOTHING = Data(())
PAGE = """{% load i18n %}<!doctype html><html lang="kk"><head><title>{% translate "Stories" %}</title></head><body>
<h1>{% translate "stories" %}</h1><p title="{% translate 'offer' %}">ქართული {% translate "feed" %}</p>
<span lang="en">socket hang up</span><span class="material-symbols-outlined">upload</span></body></html>"""


def words_of(page: str) -> list[str]:
    with override("kk"), marking():
        content = Template(page).render(Context({}))
    return [words.partition(" — ")[0] for words, _place in hard_coded(of_page(content), NOTHING)]


def test_a_page_whose_words_are_all_translated_or_data_has_nothing_left() -> None:
    assert words_of(PAGE) == []


@pytest.mark.parametrize(
    "change",
    [
        ("ქართული", "Newest"),
        ("</h1>", " today</h1>"),
        ("<body>", '<body><input type="submit" value="Send">'),
        ("<body>", '<body><input placeholder="Type here">'),
        ("<body>", '<body><a aria-label="Close">×</a>'),
        ("</title>", " | Desk</title>"),
        ("<body>", "<body><select><option>Every day</option></select>"),
        ("<body>", "<body>Бүгін"),
    ],
)
def test_a_hard_coded_word_is_found_wherever_a_reader_meets_it(change: tuple[str, str]) -> None:
    assert len(words_of(PAGE.replace(*change))) == 1


def test_a_word_put_into_a_translated_sentence_is_found() -> None:
    with override("kk"), marking():
        said = gettext("The offer is already “%(current)s”.") % {"current": "taken"}
    ((words, _place),) = hard_coded([(said, "")], NOTHING)
    assert words.startswith("taken — ")


def test_a_translation_that_is_gone_is_found_in_its_language_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    assert all(is_translated(("stories", None), language) for language in ("sr", "sr-latn", "kk", "ru", "en"))
    catalog = trans_real.translation("kk")._catalog
    for part in catalog._catalogs:
        monkeypatch.delitem(part, "stories", raising=False)
    assert not is_translated(("stories", None), "kk")
    assert is_translated(("stories", None), "ru")


def test_a_plural_that_is_gone_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    message = "Done: %(count)d row."
    assert all(is_translated((message, number), "sr") for number in (1, 2, 5))
    for part in trans_real.translation("sr")._catalog._catalogs:
        monkeypatch.delitem(part, (message, 2), raising=False)
    assert [is_translated((message, number), "sr") for number in (1, 2, 5)] == [True, True, False]


def test_cyrillic_is_no_translation_into_latin_script(monkeypatch: pytest.MonkeyPatch) -> None:
    """gettext falls back from sr_Latn to sr by itself."""
    for part in trans_real.translation("sr-latn")._catalog._catalogs:
        monkeypatch.delitem(part, "stories", raising=False)
    assert not is_translated(("stories", None), "sr-latn")


def test_what_is_looked_up_is_remembered_with_its_place_plurals_and_contexts_too() -> None:
    lazy = gettext_lazy("stories")
    with override("sr"), marking() as lookups:
        lookups.place = "/admin/"
        assert brought_back(str(lazy)) == "вести"
        ngettext("Done: %(count)d row.", "Done: %(count)d rows.", 5)
        pgettext("media topic", "sport")
    assert lookups.first_places == {
        ("stories", None): "/admin/",
        ("Done: %(count)d row.", 5): "/admin/",
        ("media topic\x04sport", None): "/admin/",
    }
    with override("sr"):
        assert str(lazy) == "вести"


def test_placeholders_and_markup_survive_marking() -> None:
    with override("kk"), marking():
        assert gettext("%(count)d characters") % {"count": 5}
        assert "<b>" in str(
            Template("{% load i18n %}{% blocktranslate %}<b>x</b>{% endblocktranslate %}").render(Context())
        )


def test_of_an_answer_only_what_is_said_to_people_counts() -> None:
    problem = {"title": "Conflict", "code": "offer-move-refused", "errors": [{"pointer": "#/kind", "detail": "Wrong"}]}
    assert list(of_answer(problem)) == [("Conflict", "title"), ("Wrong", "detail")]


@pytest.mark.parametrize(
    ("text", "language", "found"),
    [
        ("Күтілгені - date", "kk", ["date"]),
        ("Poruke", "sr", ["Poruke"]),
        ("Поруке", "sr-latn", ["Поруке"]),
        ("Новости и фиды", "kk", ["и"]),
        ("Емитер", "ru", []),
        ("Ђердап", "ru", ["Ђердап"]),
        ("Быть", "sr", ["Быть"]),
        ("Жаңалық API арқылы JSON пішімінде", "kk", []),
        ("„limit“ је цео број од 1 до %(maximum)s.", "sr", []),
    ],
)
def test_words_of_another_language_are_told_by_script_and_letters(text: str, language: str, found: list[str]) -> None:
    assert foreign_words(text, language) == found
