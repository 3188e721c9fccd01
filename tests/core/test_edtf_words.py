import pytest
from django.utils import translation

from mediaexchange.core.edtf_words import edtf_words


def said(language, *texts):
    with translation.override(language):
        return [edtf_words(text) for text in texts]


@pytest.mark.parametrize(
    ("language", "month", "day", "interval"),
    [
        ("sr", "септембар 1961.", "12. септембар 1961.", "октобар 1944. – новембар 1944."),
        ("sr-latn", "septembar 1961.", "12. septembar 1961.", "oktobar 1944. – novembar 1944."),
        ("kk", "1961 ж. қыркүйек", "1961 ж. 12 қыркүйек", "1944 ж. қазан – 1944 ж. қараша"),
        ("ru", "сентябрь 1961 г.", "12 сентября 1961 г.", "октябрь 1944 г. – ноябрь 1944 г."),
        ("en", "September 1961", "12 September 1961", "October 1944 – November 1944"),
    ],
)
def test_dates_are_said_as_each_language_writes_them(language, month, day, interval):
    assert said(language, "1961-09", "1961-09-12", "1944-10/1944-11") == [month, day, interval]


def test_what_is_not_sure_is_said_to_be_so():
    assert said("en", "1961", "1961~", "1961?", "1961-09%", "196X", "19XX", "1961-21", "1961-XX", "1961-09-XX") == [
        "1961", "about 1961", "1961 (uncertain)", "about September 1961 (uncertain)", "the 1960s",
        "the years 1900–1999", "spring 1961", "1961", "September 1961",
    ]  # fmt: skip
    assert said("en", "1961/..", "../1961", "1961~/1962?") == [
        "from 1961", "until 1961", "about 1961 – 1962 (uncertain)"
    ]  # fmt: skip
    assert said("en", "", "XXXX", "../..") == ["", "date unknown", "date unknown"]


def test_what_has_no_words_stays_as_it_is():
    odd = ("Y170000002", "[1961,1962]", "1961-35", "-0044", "2001-02-30")
    assert said("kk", *odd) == list(odd)
