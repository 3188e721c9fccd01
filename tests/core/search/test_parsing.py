import pytest
from hypothesis import given
from hypothesis import strategies as st

from mediaexchange.core.search.parsing import SearchError, Term, parse


def test_words_phrases_exceptions_and_beginnings_are_told_apart():
    assert parse('Нови "most na Dunavu" -реке книж*').terms == (
        Term(("нови",)),
        Term(("most", "na", "dunavu")),
        Term(("реке",), is_negative=True),
        Term(("книж",), is_prefix=True),
    )


def test_an_exception_may_be_a_phrase():
    assert parse('biblioteka -"stara zgrada"').negative == (Term(("stara", "zgrada"), is_negative=True),)


def test_quotes_of_every_fashion_make_a_phrase():
    assert {parse(text).terms for text in ("„нови мост“", "«нови мост»", "“нови мост”", '"нови мост"')} == {
        (Term(("нови", "мост")),)
    }


def test_a_quote_without_its_other_half_is_left_out():
    assert parse('novi "most').terms == (Term(("novi",)), Term(("most",)))


def test_what_hangs_together_is_a_phrase():
    assert parse("Нур-Султан RTS-a").terms == (Term(("нур", "султан")), Term(("rts", "a")))


def test_a_beginning_of_two_letters_is_a_word():
    assert parse("bi*").terms == (Term(("bi",)),)


@pytest.mark.parametrize(("typed", "script"), [("Вучић", "Cyrl"), ("Vučić", "Latn"), ("Вучић vesti", ""), ("2026", "")])
def test_the_script_is_the_one_that_was_typed(typed, script):
    assert parse(typed).script == script


@pytest.mark.parametrize("typed", ["", "   ", "!!!", ":*&|!", "''", '""', "-", "-library", "😀", "\0", "_"])
def test_without_a_word_to_look_for_there_is_no_question(typed):
    with pytest.raises(SearchError) as refusal:
        parse(typed)
    assert refusal.value.code == "search-empty"


@pytest.mark.parametrize("typed", ["a" * 10_000, "word " * 13])
def test_a_question_has_a_length(typed):
    with pytest.raises(SearchError) as refusal:
        parse(typed)
    assert refusal.value.code == "search-too-long"


@given(st.text(max_size=250))
def test_whatever_is_typed_is_understood_or_refused(typed):
    try:
        question = parse(typed)
    except SearchError:
        return
    assert question.positive
    assert all(word == word.lower() for term in question.terms for word in term.words)
