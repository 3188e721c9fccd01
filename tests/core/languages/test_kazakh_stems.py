import os
from itertools import product
from pathlib import Path

import pytest

from mediaexchange.core.languages import kazakh_stems
from mediaexchange.core.languages.folding import fold_kazakh
from mediaexchange.core.languages.kazakh_stems import LEMMAS, lexemes, query_lexemes

DATA = Path(__file__).parent / "data"
FORMS = DATA / "kazakh_forms.txt"
_DATA = Path(os.environ.get("MEDIAEXCHANGE_SAMPLES", Path(__file__).resolve().parents[4] / "shared" / "data"))
SHARED = _DATA / "lang" / "kazakh_forms_dev.txt"

Paradigms = dict[str, list[str]]


def paradigms(path: Path) -> Paradigms:
    lines = (line.split(":") for line in path.read_text(encoding="utf-8").splitlines())
    return {lemma: list(dict.fromkeys([lemma, *forms.split()])) for lemma, forms in lines}


def recall_and_precision(words: Paradigms) -> tuple[float, float]:
    """Over every pair of a form that is asked for and another form that is indexed."""
    forms = [(lemma, form, query_lexemes(form), lexemes(form)) for lemma, forms in words.items() for form in forms]
    right = wrong = same = 0
    for (lemma, asked, wanted, _), (other, indexed, _, held) in product(forms, forms):
        if asked == indexed:
            continue
        is_found = not wanted.isdisjoint(held)
        same += lemma == other
        right += is_found and lemma == other
        wrong += is_found and lemma != other
    return right / same, right / (right + wrong)


@pytest.mark.parametrize("half", [0, 1], ids=["first", "second"])
def test_forms_of_one_word_meet_and_forms_of_different_words_do_not(half: int) -> None:
    recall, precision = recall_and_precision(dict(list(paradigms(FORMS).items())[half::2]))
    assert recall >= 0.99
    assert precision >= 0.99


@pytest.mark.parametrize(
    ("name", "precise"),
    [("kazakh_more_forms.txt", 0.99), ("kazakh_look_alikes.txt", 0.97)],  # some look-alikes share a form: қалады
)
def test_other_words_and_words_that_look_alike(name: str, precise: float) -> None:
    recall, precision = recall_and_precision(paradigms(DATA / name))
    assert recall >= 0.98
    assert precision >= precise


def test_words_missing_from_the_list_are_still_found(monkeypatch: pytest.MonkeyPatch) -> None:
    words = paradigms(FORMS)
    unlisted = LEMMAS - frozenset(list(words)[::3])
    monkeypatch.setattr(kazakh_stems, "LEMMAS", unlisted)
    monkeypatch.setattr(kazakh_stems, "_VERBS", kazakh_stems._VERBS & unlisted)
    kazakh_stems._lexemes.cache_clear()
    try:
        recall, precision = recall_and_precision(words)
    finally:
        kazakh_stems._lexemes.cache_clear()
    assert recall >= 0.94
    assert precision >= 0.97


@pytest.mark.shared_samples
@pytest.mark.skipif(not SHARED.exists(), reason="the shared word list is not on this machine")
def test_the_shared_list_is_found() -> None:
    recall, precision = recall_and_precision(paradigms(SHARED))
    assert recall >= 0.94
    assert precision >= 0.94


@pytest.mark.parametrize(
    ("word", "lemma"),
    [
        ("Алматыдағылардың", "алматы"),
        ("жақсырақ", "жақсы"),
        ("суығырақ", "суық"),
        ("көбірегі", "көп"),
        ("қорықты", "қорқу"),
        ("қорқып", "қорқу"),
        ("балқыған", "балқу"),
        ("ренжіді", "ренжу"),
        ("тояды", "тою"),
        ("қуып", "қуу"),
        ("процесінде", "процесс"),
        ("металдан", "металл"),
        ("съезге", "съезд"),
        ("қаупінен", "қауіп"),
        ("мүлкін", "мүлік"),
        ("өткен", "өту"),
        ("қалып", "қалу"),
        ("бағаның", "баға"),
        ("отырмыз", "отыру"),
        ("халқымыздың", "халық"),
        ("мектебінде", "мектеп"),
        ("журналистердің", "журналист"),
        ("Петербургте", "петербург"),
        ("Тоқаевтың", "тоқаев"),
        ("фестивалінде", "фестиваль"),
        ("тауып", "табу"),
        ("қояды", "қою"),
        ("оқиды", "оқу"),
        ("жазбайтындардың", "жазу"),
        ("өткендігін", "өту"),
        ("BBC-дің", "bbc"),
        ("10-ға", "10"),
        ("маған", "мен"),
        ("жылғы", "жыл"),
    ],
)
def test_endings_lead_to_the_dictionary_form(word: str, lemma: str) -> None:
    assert lemma in lexemes(word)
    assert lemma in query_lexemes(word)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Алматы", "алма"),
        ("балта", "бал"),
        ("сайтан", "сай"),
        ("жапырақ", "жабу"),
        ("қорған", "қору"),
        ("сынып", "сыну"),
        ("қалам", "қала"),
        ("баспа", "бас"),
        ("ата", "ат"),
        ("атау", "ат"),
        ("атау", "ата"),
        ("айып", "ай"),
    ],
)
def test_look_alikes_are_kept_apart(first: str, second: str) -> None:
    assert query_lexemes(first).isdisjoint(lexemes(second))
    assert query_lexemes(second).isdisjoint(lexemes(first))


def test_latin_look_alikes_inside_a_word_are_repaired() -> None:
    assert lexemes("Қaзaқстaнның") == lexemes("Қазақстанның")
    assert "қазақстан" in lexemes("Қaзaқстaнның")


@pytest.mark.parametrize("word", ["Reuters", "北京", "Ђоковић", "x", "2026"])
def test_other_words_stand_for_themselves(word: str) -> None:
    assert lexemes(word) == {word.lower()}


@pytest.mark.parametrize(
    ("typed", "lemma"), [("казакстаннын", "қазақстан"), ("улкен", "үлкен"), ("укиметте", "үкімет")]
)
def test_a_question_may_be_typed_on_a_russian_keyboard(typed: str, lemma: str) -> None:
    assert fold_kazakh(lemma) in query_lexemes(typed)


def test_nothing_stands_for_nothing() -> None:
    assert lexemes(" ") == frozenset()


def test_the_list_holds_dictionary_forms_alone() -> None:
    assert not [word for word in LEMMAS if not kazakh_stems._KAZAKH_WORD.fullmatch(word)]
