"""Cutting a text and putting it together: nothing is lost, and no tag is torn."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mediaexchange.core.translating.segments import cut_html, cut_plain, is_balanced, plain, same_tags
from newsexchange.parsing.sanitise import clean_html

BODY = (
    "<p>У подне је испловио <b>први трајект</b> на реци. На палуби је било 40 путника.</p>"
    "<ul><li>Дана 22. новембра др. Јовић и В. Путин. „Да!“ рекао је.</li></ul>"
    'loose <a href="https://a.example/?x=1&amp;y=2" rel="nofollow noopener">A. B. C</a> text<hr>'
)


def test_sentences_and_blocks_are_cut_and_inline_tags_stay_with_their_words():
    assert cut_html(BODY, "sr").segments == [
        "У подне је испловио <b>први трајект</b> на реци.",
        "На палуби је било 40 путника.",
        "Дана 22. новембра др. Јовић и В. Путин.",
        "„Да!“ рекао је.",
        'loose <a href="https://a.example/?x=1&amp;y=2" rel="nofollow noopener">A. B. C</a> text',
    ]


@pytest.mark.parametrize(
    ("language", "text", "count"),
    [
        ("en", "Mr. Smith came. He left.", 2),
        ("en", "It cost 5. He paid.", 2),
        ("sr", "Било је 5. Марта у подне.", 1),
        ("ru", "Он пришёл в 2026 году. Она ушла… Все молчали!", 3),
        ("kk", "«Бәрі жақсы!» деді ол. Біз күттік.", 2),
        ("en", "“Stop!” He ran.", 2),
        ("en", "Prices rose 3.5 per cent.", 1),
        ("en", "<i>One. Two.</i> Three.", 2),
    ],
)
def test_where_sentences_end(language, text, count):
    assert len(cut_html(text, language).segments) == count


def test_translations_take_the_places_of_their_sources():
    cut = cut_html("<p>One. <b>Two.</b></p>\n<p>  Three  </p>", "en")
    assert cut.joined([segment.upper() for segment in ("um.", "<b>dois.</b>", "tres")]) == (
        "<p>UM. <B>DOIS.</B></p>\n<p>  TRES  </p>"
    )
    with pytest.raises(ValueError, match="one translation for each"):
        cut.joined(["only one"])


def test_a_headline_is_text_and_comes_back_as_text():
    cut = cut_plain("Смеће & <дим>: 5 > 3")
    assert cut.segments == ["Смеће &amp; &lt;дим&gt;: 5 &gt; 3"]
    assert plain(cut.joined(cut.segments)) == "Смеће & <дим>: 5 > 3"
    assert cut_plain("").segments == []


def test_tags_are_compared_to_the_letter_and_must_close():
    assert same_tags("<b>a</b> <i>b</i>", "<i>x</i> <b>y</b>")
    assert not same_tags("<b>a</b>", "<b>a</b><b></b>")
    assert not same_tags('<a href="https://a.example">a</a>', '<a href="https://b.example">a</a>')
    assert not is_balanced("<b><i>a</b></i>")


@given(
    st.recursive(
        st.text("абвAB .!?&<>\"'1„“", max_size=30),
        lambda inner: (
            st.tuples(st.sampled_from(["p", "b", "i", "ul", "li", "a", "blockquote", "br"]), inner).map(
                lambda pair: f"<{pair[0]}>{pair[1]}</{pair[0]}>"
            )
            | st.lists(inner, max_size=4).map("".join)
        ),
        max_leaves=12,
    ),
    st.sampled_from(["sr", "kk", "ru", "en"]),
)
def test_whatever_is_safe_html_is_cut_without_loss_into_whole_elements(html, language):
    safe = clean_html(html)
    cut = cut_html(safe, language)
    assert cut.joined(cut.segments) == safe
    assert all(is_balanced(segment) for segment in cut.segments)
