import os
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest

from mediaexchange.core.languages.names import name_key
from mediaexchange.core.languages.serbian import to_latin

NAMES = Path(__file__).parent / "data" / "names.txt"
_DATA = Path(os.environ.get("MEDIAEXCHANGE_SAMPLES", Path(__file__).resolve().parents[4] / "shared" / "data"))
SHARED = _DATA / "lang" / "names_dev.txt"


def spellings(path: Path) -> list[list[str]]:
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    return [[name for name in line.split("|") if name] for line in lines]


def with_latin(names: list[str]) -> list[str]:
    latin = to_latin(names[0])
    without = unicodedata.normalize("NFD", latin.replace("đ", "dj").replace("Đ", "Dj"))
    return [names[0], latin, "".join(letter for letter in without if not unicodedata.combining(letter)), *names[1:]]


def trigrams(key: str) -> frozenset[str]:
    """The same pieces as pg_trgm's: words with two spaces before and one behind."""
    padded = [f"  {word} " for word in key.split()]
    return frozenset(word[at : at + 3] for word in padded for at in range(len(word) - 2))


def likeness(first: frozenset[str], second: frozenset[str]) -> float:
    return len(first & second) / len(first | second)


def misses(names: list[list[str]]) -> Iterator[tuple[str, str]]:
    """Each spelling whose nearest key (equal before near) is not that of its own name, and whose key it is."""
    keys = [name_key(row[0]) for row in names]
    pieces = [trigrams(key) for key in keys]
    for number, row in enumerate(names):
        for spelling in row:
            key = name_key(spelling)
            own = trigrams(key)
            best = max(range(len(keys)), key=lambda at: (keys[at] == key, likeness(own, pieces[at])))
            if best != number:
                yield spelling, names[best][0]


@pytest.mark.parametrize("half", [0, 1], ids=["first", "second"])
def test_a_name_is_found_in_any_spelling(half: int) -> None:
    names = [with_latin(row) for row in spellings(NAMES)[half::2]]
    assert len(list(misses(names))) <= 0.01 * sum(map(len, names))


@pytest.mark.shared_samples
@pytest.mark.skipif(not SHARED.exists(), reason="the shared word list is not on this machine")
def test_the_shared_names_are_found() -> None:
    names = spellings(SHARED)
    assert len(list(misses(names))) <= 0.01 * sum(map(len, names))


def test_different_names_have_different_keys() -> None:
    names = [row[0] for row in spellings(NAMES)]
    assert len({name_key(name) for name in names}) == len(names)


@pytest.mark.parametrize(
    "names",
    [
        ("Вучић", "Vučić", "Vucic", "Вучич", "VUČIĆ"),
        ("Токаев", "Тоқаев", "Токајев", "Tokajev", "Tokayev", "Toqaev"),
        ("Ђоковић", "Đoković", "Djokovic", "Джокович"),
        ("Караџић", "Karadžić", "Karadzic", "Караджич"),
        ("Жамбыл Жабаев", "Jambyl Jabaev", "Zhambyl Zhabayev", "Žambil Žabajev"),
        ("Шоқан Уәлиханов", "Şoqan Uälihanov", "Shoqan Walikhanov"),
        ("Реџеп Ердоган", "Redžep Erdogan", "Recep Erdoğan"),
        ("Александар", "Aleksandar", "Aleksandr", "Alexander", "Александр"),
        ("Илхам Алијев", "Ильхам Алиев", "Ilham Aliyev"),
        ("Гумиљов", "Гумилёв", "Гумилев", "Gumiljov", "Gumilev", "Gumilyov"),
        ("Хрушчов", "Хрущёв", "Хрущев", "Hruščov"),
        ("O'Brien", "O’Brien", "OBrien"),
        ("Јована", "Jovana", "Йована", "Yovana"),
        ("Јулија", "Julija", "Юлия", "Yuliya", "Yulia"),
    ],
)
def test_spellings_of_one_name_share_a_key(names: tuple[str, ...]) -> None:
    assert {name_key(name) for name in names} == {name_key(names[0])}


@pytest.mark.parametrize(("one", "other"), [("Јана", "Ана"), ("Яна", "Анна"), ("Јовић", "Овић"), ("Yana", "Anna")])
def test_names_that_begin_differently_do_not(one: str, other: str) -> None:
    assert name_key(one) != name_key(other)


@pytest.mark.parametrize(("name", "key"), [("", ""), (" - ", ""), ("习近平", "习近平"), ("U2", "u2")])
def test_names_without_letters_of_ours_keep_what_they_have(name: str, key: str) -> None:
    assert name_key(name) == key
