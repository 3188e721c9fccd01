import pytest

from mediaexchange.core.languages.folding import fold, fold_kazakh


@pytest.mark.parametrize(
    "spellings",
    [
        ("Ђоковић", "Đoković", "Djokovic", "ĐOKOVIĆ", "Ðoković", "djoković"),
        ("џунгла", "džungla", "dzungla", "ǆungla", "Džungla"),
        ("Љубљана", "Ljubljana", "ǈubljana"),
        ("Танјуг", "Tanjug"),
        ("шљива чаша ћуп жаба", "šljiva čaša ćup žaba", "sljiva casa cup zaba"),
        ("Зо̀ран", "Зоран", "Zoran"),
    ],
)
def test_serbian_typed_in_either_script_or_without_diacritics_folds_alike(spellings: tuple[str, ...]) -> None:
    assert {fold(spelling) for spelling in spellings} == {fold(spellings[0])}
    assert fold(spellings[0]).isascii()


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Erdoğan, İzmir", "erdogan, izmir"),
        ("Tóth Málta Łódź", "toth malta lodz"),
        ("Тоқаев", "tokaev"),
        ("北京 É", "北京 e"),
    ],
)
def test_other_letters_lose_their_marks(text: str, folded: str) -> None:
    assert fold(text) == folded
    assert fold(fold(text)) == folded


def test_kazakh_folds_to_the_letters_of_a_russian_keyboard() -> None:
    assert fold_kazakh("Қазақстан Үкіметі, Өскемен, Әлия, Жаңғырту, һәм, ұлы") == (
        "казакстан укимети, оскемен, алия, жангырту, хам, улы"
    )
