import pytest
from django.contrib.admin.widgets import get_select2_language
from django.contrib.staticfiles import finders
from django.utils import translation
from lxml import html

from tests.factories import make_user


@pytest.mark.parametrize(("language", "file"), [("kk", "kk"), ("sr", "sr-Cyrl"), ("sr-latn", "sr"), ("ru", "ru")])
def test_lists_that_search_speak_the_readers_language_and_script(language: str, file: str) -> None:
    with translation.override(language):
        assert get_select2_language() == file
    assert finders.find(f"admin/js/vendor/select2/i18n/{file}.js")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "words"),
    [("kk", "Ештеңе табылмады."), ("sr", "Ништа није пронађено."), ("sr-latn", "Ništa nije pronađeno."),
     ("ru", "Ничего не найдено.")],
)  # fmt: skip
def test_every_page_brings_the_words_of_such_lists_after_the_program_that_says_them(client, settings, language, words):
    client.force_login(make_user(is_superuser=True), backend="broadcasters.auth.RoleBackend")
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    page = html.document_fromstring(client.get("/admin/broadcasters/membership/add/").content.decode())
    scripts = page.xpath("//script[@src]")
    names = [script.get("src").rpartition("/")[2] for script in scripts]
    assert names.index("select2.full.min.js") < names.index("jquery.init.js") < names.index("lists.js")
    assert scripts[names.index("lists.js")].get("data-none") == words
