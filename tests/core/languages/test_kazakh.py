import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mediaexchange.core.languages.kazakh import normalise_mixed_script


@pytest.mark.parametrize(
    ("typed", "normal"),
    [
        ("бiр мемлекеттiк бiлiм", "бір мемлекеттік білім"),
        ("Iшкi iстер", "Ішкі істер"),
        ("Aстана мен Aлматы", "Астана мен Алматы"),
        ("қаhарман", "қаһарман"),
        ("ж\u0259не м\u0259селе", "және мәселе"),
        ("к\u0275мек", "көмек"),
        ("Hұрсұлтан", "Нұрсұлтан"),
        ("ҚAЗAҚСTAH", "ҚАЗАҚСТАН"),
        ("Қазақстан-Pесей", "Қазақстан-Ресей"),
    ],
)
def test_latin_look_alikes_in_a_cyrillic_word_become_cyrillic(typed: str, normal: str) -> None:
    assert normalise_mixed_script(typed) == normal


@pytest.mark.parametrize(
    "text",
    [
        "Қазақстан Apple Pay",
        "iPhoneды сатып алды",
        "MBAның түлегі",
        "KASE-дегі",
        "бұл i мен c",
        "https://кaз.example/бiр",
        '<a href="/бiр">',
        "Xabar TV",
        "",
    ],
)
def test_latin_words_and_addresses_stay(text: str) -> None:
    assert normalise_mixed_script(text) == text


@settings(deadline=None)
@given(st.text("абіқaieoxhZ </>&;.", max_size=40))
def test_normalising_twice_changes_nothing_more(text: str) -> None:
    once = normalise_mixed_script(text)
    assert normalise_mixed_script(once) == once
