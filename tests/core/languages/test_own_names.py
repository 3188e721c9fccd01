import pytest

from mediaexchange.core.languages.own_names import own_name


@pytest.mark.parametrize(
    ("tag", "name"),
    [("sr-Latn", "Srpski"), ("sr-Cyrl", "Српски"), ("kk", "Қазақша"), ("de-AT", "Deutsch"), ("qaa", "qaa"), ("", "")],
)
def test_a_language_is_called_as_its_speakers_call_it(tag, name):
    assert own_name(tag) == name
