import pytest
from django.contrib.admin.widgets import get_select2_language
from django.contrib.staticfiles import finders
from django.utils import translation


@pytest.mark.parametrize(("language", "file"), [("kk", "kk"), ("sr", "sr-Cyrl"), ("sr-latn", "sr"), ("ru", "ru")])
def test_lists_that_search_speak_the_readers_language_and_script(language: str, file: str) -> None:
    with translation.override(language):
        assert get_select2_language() == file
    assert finders.find(f"admin/js/vendor/select2/i18n/{file}.js")
