from io import StringIO
from pathlib import Path

import polib
import pytest
from django.core.management import CommandError, call_command

from mediaexchange.core.languages.catalogs import libraries
from mediaexchange.core.languages.catalogs.extraction import ExtractionError, extract, own_sources
from mediaexchange.core.languages.catalogs.files import LATIN, PLURALS, Store, merged, strings_of
from mediaexchange.core.languages.catalogs.latin import latin_catalog
from mediaexchange.core.languages.catalogs.problems import catalog_problems, differences, mismatches


def catalog(*entries: polib.POEntry) -> polib.POFile:
    result = polib.POFile(wrapwidth=0)
    result.extend(entries)
    return result


def problems_of(locale: str, **fields: object) -> list[str]:
    return [problem.split(":")[0] for problem in catalog_problems(catalog(polib.POEntry(**fields)), locale)]


@pytest.mark.parametrize("locale", PLURALS)
def test_plural_rules_are_djangos_own_so_that_catalogs_merge(locale: str) -> None:
    django = polib.pofile(str(libraries.package_folder("django") / "conf/locale" / locale / "LC_MESSAGES/django.po"))
    rule, forms = PLURALS[locale]
    assert django.metadata["Plural-Forms"].rstrip(";") == rule.rstrip(";")
    assert rule.startswith(f"nplurals={forms};")


def test_strings_are_found_in_code_and_templates_with_context_and_plural(tmp_path: Path) -> None:
    (tmp_path / "models.py").write_text(
        'from django.utils.translation import gettext_lazy as _, ngettext, pgettext\n_("Story")\n'
        'ngettext("%(n)d take", "%(n)d takes", 2)\npgettext("of a story", "State")\n'
    )
    page = tmp_path / "templates" / "page.html"
    page.parent.mkdir()
    page.write_text(
        "{% load i18n %}{% translate 'Offers' %}{% blocktranslate trimmed %}\n  of {{ who }}\n{% endblocktranslate %}"
    )
    found = extract(tmp_path, own_sources(tmp_path, frozenset()))
    assert [(entry.msgctxt, entry.msgid, entry.msgid_plural) for entry in found] == [
        (None, "%(n)d take", "%(n)d takes"),
        ("of a story", "State", ""),
        (None, "Story", ""),
        (None, "Offers", ""),
        (None, "of %(who)s", ""),
    ]
    assert [entry.occurrences for entry in found[2:4]] == [[("models.py", "")], [("templates/page.html", "")]]


def test_strings_of_scripts_belong_to_their_own_domain(tmp_path: Path) -> None:
    (tmp_path / "actions.js").write_text("'use strict';\nalert(gettext('Choose a story'));\n")
    assert [entry.msgid for entry in extract(tmp_path, [tmp_path / "actions.js"], "djangojs")] == ["Choose a story"]


def test_hidden_and_ignored_folders_are_not_searched(tmp_path: Path) -> None:
    for name in (".venv/a.py", "tests/b.py", "app/c.py", "app/d.css", "e.py"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.touch()
    names = [path.relative_to(tmp_path).as_posix() for path in own_sources(tmp_path, frozenset({"tests"}))]
    assert names == ["app/c.py", "e.py"]


def test_sources_without_strings_give_no_messages(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("x = 1\n")
    assert extract(tmp_path, [tmp_path / "a.py"]) == []


def test_a_missing_xgettext_is_named_with_its_debian_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ExtractionError, match="Debian package gettext"):
        extract(tmp_path, [])


def test_a_template_with_broken_translation_tags_is_named(tmp_path: Path) -> None:
    (tmp_path / "bad.html").write_text("{% load i18n %}{% blocktranslate %}{% if x %}{% endblocktranslate %}")
    with pytest.raises(ExtractionError, match=r"bad\.html"):
        extract(tmp_path, [tmp_path / "bad.html"])


def test_an_update_keeps_translations_and_drops_what_is_no_longer_needed() -> None:
    old = catalog(
        polib.POEntry(msgid="Kept", msgstr="Сақталды"),
        polib.POEntry(msgid="Gone", msgstr="Кетті"),
        polib.POEntry(msgid="Now plural", msgstr="Жалғыз"),
    )
    wanted = [
        polib.POEntry(msgid="New"),
        polib.POEntry(msgid="Kept"),
        polib.POEntry(msgid="Now plural", msgid_plural="Now plurals"),
    ]
    result = merged(old, wanted, "kk")
    assert [(entry.msgid, strings_of(entry)) for entry in result] == [
        ("New", ("",)),
        ("Kept", ("Сақталды",)),
        ("Now plural", ("", "")),
    ]


def test_the_same_message_in_two_contexts_is_two_messages() -> None:
    old = catalog(polib.POEntry(msgid="State", msgctxt="country", msgstr="Мемлекет"))
    result = merged(old, [polib.POEntry(msgid="State"), polib.POEntry(msgid="State", msgctxt="country")], "kk")
    assert [entry.msgstr for entry in result] == ["", "Мемлекет"]


def test_a_catalog_read_and_written_again_has_the_same_bytes(tmp_path: Path) -> None:
    store = Store(tmp_path)
    long = "Слово " * 40
    store.write(merged(catalog(polib.POEntry(msgid="a", msgstr=long)), [polib.POEntry(msgid="a")], "ru"), "ru")
    first = store.path("ru").read_bytes()
    store.write(store.read("ru"), "ru")
    assert store.path("ru").read_bytes() == first
    assert b"POT-Creation-Date" not in first
    assert f'msgstr "{long}"'.encode() in first


def test_a_domain_without_messages_has_no_file(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.write(merged(catalog(), [polib.POEntry(msgid="a")], "kk"), "kk", "djangojs")
    assert store.path("kk", "djangojs").exists()
    store.write(store.read("sr", "djangojs"), "kk", "djangojs")
    assert not store.path("kk", "djangojs").exists()


def test_the_latin_catalog_converts_prose_and_leaves_placeholders_and_markup() -> None:
    cyrillic = catalog(
        polib.POEntry(msgid="a", msgstr='Његова <a href="%(url)s">прича</a> за {name}: %s'),
        polib.POEntry(
            msgid="%(n)d story", msgid_plural="%(n)d stories", msgstr_plural={0: "вест", 1: "вести", 2: "вести"}
        ),
        polib.POEntry(msgid="unsure", msgstr="Можда", flags=["fuzzy"]),
    )
    latin = latin_catalog(
        cyrillic, [polib.MOEntry(msgid="theirs", msgstr="Туђе"), polib.MOEntry(msgid="a", msgstr="Б")]
    )
    assert {entry.msgid: strings_of(entry) for entry in latin} == {
        "a": ('Njegova <a href="%(url)s">priča</a> za {name}: %s',),
        "%(n)d story": ("vest", "vesti", "vesti"),
        "unsure": ("",),
        "theirs": ("Tuđe",),
    }
    assert latin.metadata["Language"] == LATIN


def test_a_latin_catalog_that_was_edited_is_noticed() -> None:
    generated = latin_catalog(catalog(polib.POEntry(msgid="a", msgstr="Вест"), polib.POEntry(msgid="b", msgstr="Б")))
    edited = catalog(polib.POEntry(msgid="a", msgstr="Vijest"), polib.POEntry(msgid="c", msgstr="C"))
    assert len(list(differences(edited, generated))) == 3
    assert list(differences(generated, generated)) == []


def test_messages_that_are_missing_or_superfluous_are_listed() -> None:
    messages = [polib.POEntry(msgid="New", occurrences=[("app/views.py", "")]), polib.POEntry(msgid="Kept")]
    found = list(mismatches(messages, catalog(polib.POEntry(msgid="Kept"), polib.POEntry(msgid="Old"))))
    assert found == ["missing: 'New' (app/views.py)", "not in the sources any more: 'Old'"]


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("%(name)s of %(place)s", "%(place)s: %(name)s"),
        ("%(name)s", "%(name)sның; %(name)s"),
        ("%d th", "%d-ші"),
        ("{0} by {name}", "{name}: {0}"),
        ("<b>All</b> & more", "<b>Бәрі</b> және тағы"),
        ("API of MBA", "MBAның APIы"),
        ("\nText\n", "\nМәтін\n"),
    ],
)
def test_a_sound_translation_has_no_problems(source: str, text: str) -> None:
    assert problems_of("kk", msgid=source, msgstr=text) == []


@pytest.mark.parametrize(
    ("source", "text", "problem"),
    [
        ("Story", "", "empty"),
        ("Story", "  ", "empty"),
        ("%(name)s", "%(nаme)s", "placeholders differ"),  # the second name is spelled with a Cyrillic а
        ("%(name)s", "атау", "placeholders differ"),
        ("%(n)d", "%(n)s", "placeholders differ"),
        ("%s, %s", "%s", "placeholders differ"),
        ("100%%", "100%", "placeholders differ"),
        ("{name}", "{атау}", "placeholders differ"),
        ("<b>All</b>", "<b>Бәрі<b>", "markup differs"),
        ("Text\n", "Мәтін", "line breaks at the ends differ"),
        ("Knowledge", "бiлiм", "mixed scripts in a word"),
    ],
)
def test_a_broken_translation_is_refused(source: str, text: str, problem: str) -> None:
    found = problems_of("kk", msgid=source, msgstr=text)
    assert problem in found


def test_mixed_scripts_are_a_problem_of_kazakh_only() -> None:
    assert problems_of("ru", msgid="Knowledge", msgstr="знaние") == []


def test_fuzzy_and_obsolete_entries_are_refused() -> None:
    assert problems_of("ru", msgid="a", msgstr="а", flags=["fuzzy"]) == ["fuzzy"]
    assert problems_of("ru", msgid="a", msgstr="а", obsolete=True) == ["obsolete"]


@pytest.mark.parametrize(("locale", "forms"), [("sr", 3), ("sr_Latn", 3), ("ru", 4), ("kk", 2)])
def test_every_language_needs_its_number_of_plural_forms(locale: str, forms: int) -> None:
    right = dict.fromkeys(range(forms), "%(n)d")
    message = {"msgid": "%(n)d day", "msgid_plural": "%(n)d days"}
    assert problems_of(locale, **message, msgstr_plural=right) == []
    assert len(problems_of(locale, **message, msgstr_plural=right | {forms: "%(n)d"})) == 1
    assert problems_of(locale, **message, msgstr_plural=right | {1: ""}) == ["empty"]


def test_only_a_form_said_of_exactly_one_may_omit_the_number() -> None:
    message = {"msgid": "one day", "msgid_plural": "%(n)d days"}
    assert problems_of("kk", **message, msgstr_plural={0: "бір күн", 1: "%(n)d күн"}) == []
    serbian = {0: "један дан", 1: "%(n)d дана", 2: "%(n)d дана"}  # form 0 is also that of 21 and 101
    assert problems_of("sr", **message, msgstr_plural=serbian) == ["placeholders differ"]


def test_library_messages_are_those_users_meet() -> None:
    found = {entry.msgid: entry for entry in libraries.library_messages("django")}
    assert "This field is required." in found
    assert "Type to search" in found  # a template of the admin's theme
    assert "Expected available in {wait} seconds." in found
    assert "The install worked successfully! Congratulations!" not in found
    places = {place for entry in found.values() for place, _ in entry.occurrences}
    assert not [place for place in places if "/management/" in place or "/migrations/" in place or "/gis/" in place]


def test_only_what_no_library_translates_is_ours_to_translate() -> None:
    theirs = libraries.library_translations("sr", "django")
    assert ("", "This field is required.") in theirs
    messages = [polib.POEntry(msgid="This field is required."), polib.POEntry(msgid="Type to search")]
    assert [entry.msgid for entry in libraries.untranslated(messages, theirs, catalog(), "sr")] == ["Type to search"]


def test_what_a_library_says_in_another_language_or_worse_than_we_can_is_ours_too() -> None:
    messages = [polib.POEntry(msgid="Date"), polib.POEntry(msgid="Change"), polib.POEntry(msgid="Delete")]
    theirs = {
        ("", "Date"): polib.MOEntry(msgid="Date", msgstr="Date пішімі"),
        ("", "Change"): polib.MOEntry(msgid="Change", msgstr="Өзгетру"),
        ("", "Delete"): polib.MOEntry(msgid="Delete", msgstr="Өшіру"),
    }
    ours = catalog(polib.POEntry(msgid="Change", msgstr="Өзгерту", tcomment="Instead of theirs: a slip of the pen."))
    assert [entry.msgid for entry in libraries.untranslated(messages, theirs, ours, "kk")] == ["Date", "Change"]


def test_serbian_that_libraries_have_in_one_script_only_is_derived_for_the_other() -> None:
    latin = libraries.library_translations(LATIN, "django")
    gaps = libraries.latin_gaps(libraries.library_messages("django"), "django")
    assert gaps
    assert not [entry.msgid for entry in gaps if (entry.msgctxt or "", entry.msgid) in latin]


def test_every_listed_library_is_installed() -> None:
    assert [
        library.package for library in libraries.LIBRARIES if not libraries.package_folder(library.package).is_dir()
    ] == []


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project of one page and one library, whose catalogs are complete."""
    monkeypatch.setattr(libraries, "LIBRARIES", (libraries.Library("unfold.contrib.filters"),))
    commands = "mediaexchange.core.management.commands"
    for command in ("library_messages", "latin_catalog", "check_catalogs"):
        monkeypatch.setattr(f"{commands}.{command}.LIBRARY_CATALOGS", Store(tmp_path / "locale" / "libraries"))
    for command in ("latin_catalog", "check_catalogs"):
        monkeypatch.setattr(f"{commands}.{command}.OWN_CATALOGS", Store(tmp_path / "locale"))
    monkeypatch.setattr(f"{commands}.check_catalogs.ROOT", tmp_path)
    page = tmp_path / "app" / "templates" / "page.html"
    page.parent.mkdir(parents=True)
    page.write_text("{% load i18n %}{% translate 'Story' %}")
    own = Store(tmp_path / "locale")
    for locale, text in (("sr", "Вест"), ("kk", "Жаңалық"), ("ru", "Новость")):
        story = polib.POEntry(msgid="Story", msgstr=text)
        own.write(merged(catalog(story), [story], locale), locale)
    call_command("library_messages", stdout=StringIO())
    for path in (tmp_path / "locale" / "libraries").rglob("*.po"):
        library = polib.pofile(str(path), wrapwidth=0)
        for entry in library:
            entry.msgstr = "" if entry.msgid_plural else entry.msgid
            entry.msgstr_plural = dict.fromkeys(entry.msgstr_plural, entry.msgid_plural)
        library.save()
    call_command("latin_catalog")
    return tmp_path


def listed() -> str:
    output = StringIO()
    with pytest.raises(CommandError, match="problems in the catalogs"):
        call_command("check_catalogs", stdout=output)
    return output.getvalue()


def test_complete_catalogs_pass_and_collecting_again_changes_no_byte(project: Path) -> None:
    call_command("check_catalogs")
    before = {path: path.read_bytes() for path in project.rglob("*.po")}
    call_command("library_messages", stdout=StringIO())
    call_command("latin_catalog")
    assert {path: path.read_bytes() for path in project.rglob("*.po")} == before
    assert 'msgstr "Vest"' in (project / "locale/sr_Latn/LC_MESSAGES/django.po").read_text()


def test_a_string_that_is_new_in_the_sources_is_listed_for_every_language(project: Path) -> None:
    (project / "app" / "views.py").write_text('from django.utils.translation import gettext as _\n_("Recall")\n')
    output = listed()
    for locale in ("sr", "kk", "ru"):
        assert f"locale/{locale}/LC_MESSAGES/django.po: missing: 'Recall' (app/views.py)" in output


def test_a_cyrillic_catalog_changed_without_its_latin_twin_is_noticed(project: Path) -> None:
    path = project / "locale/sr/LC_MESSAGES/django.po"
    path.write_text(path.read_text().replace("Вест", "Прича"))
    assert listed() == "locale/sr_Latn/LC_MESSAGES/django.po: not what latin_catalog generates: 'Story'\n"


def test_an_untranslated_string_of_a_library_is_listed(project: Path) -> None:
    path = project / "locale/libraries/ru/LC_MESSAGES/django.po"
    library = polib.pofile(str(path), wrapwidth=0)
    entry = library.find("Date from")
    entry.msgstr = ""
    library.save()
    assert listed() == "locale/libraries/ru/LC_MESSAGES/django.po: empty: 'Date from'\n"
