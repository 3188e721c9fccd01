import pytest

from mediaexchange.core.languages.sibilants import before_the_change


@pytest.mark.parametrize(
    ("changed", "earlier"),
    [
        ("reci", "reka"), ("americi", "amerika"), ("radnici", "radnika"), ("odluci", "odluka"), ("grešci", "greška"),
        ("knjizi", "knjiga"), ("snazi", "snaga"), ("biolozi", "biolog"), ("svrsi", "svrha"), ("monasi", "monah"),
    ],
)  # fmt: skip
def test_a_noun_is_led_back_to_what_it_was_before_the_change(changed: str, earlier: str) -> None:
    assert before_the_change(changed) == (earlier,)


@pytest.mark.parametrize(
    "word", ["ulici", "oci", "ulazi", "nalazi", "dolazi", "vozi", "nosi", "prosi", "reči", "noći", ""]
)
def test_a_word_without_the_change_is_left_alone(word: str) -> None:
    assert before_the_change(word) == ()
