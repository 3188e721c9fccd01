import re
from datetime import datetime, timedelta

import pytest
from django import forms
from django.utils.formats import date_format, get_format, number_format
from django.utils.timesince import timesince
from django.utils.translation import ngettext, override

from mediaexchange.core.languages.tags import SHOWN

DAY = datetime(2026, 3, 5, 9, 7)  # noqa: DTZ001 — only its looks matter

DATES = {
    "sr": ("5. март 2026.", "05.03.2026.", "5. март", "05.03.2026. 09:07"),
    "sr-latn": ("5. mart 2026.", "05.03.2026.", "5. mart", "05.03.2026. 09:07"),
    "kk": ("2026 ж. 5 наурыз", "05.03.2026", "5 наурыз", "05.03.2026 09:07"),
    "ru": ("5 марта 2026 г.", "05.03.2026", "5 марта", "05.03.2026 09:07"),
    "en": ("5 March 2026", "5 Mar 2026", "5 March", "5 Mar 2026, 09:07"),
}
NUMBERS = {
    "sr": "1.234.567,89", "sr-latn": "1.234.567,89", "kk": "1\xa0234\xa0567,89", "ru": "1\xa0234\xa0567,89",
    "en": "1,234,567.89",
}  # fmt: skip
AGES = {  # 1, 2, 5 and 21 of something: every plural form
    "sr": ("1 дан", "2 дана", "5 дана", "3 недеље"),
    "sr-latn": ("1 dan", "2 dana", "5 dana", "3 nedelje"),
    "kk": ("1 күн", "2 күн", "5 күн", "3 апта"),
    "ru": ("1 день", "2 дня", "5 дней", "3 недели"),
    "en": ("1 day", "2 days", "5 days", "3 weeks"),
}

WEEKDAYS = {  # Monday, Sunday, and Monday in short
    "sr": ("понедељак", "недеља", "пон."),
    "sr-latn": ("ponedeljak", "nedelja", "pon."),
    "kk": ("дүйсенбі", "жексенбі", "дс"),
    "ru": ("понедельник", "воскресенье", "пн"),
    "en": ("monday", "sunday", "mon"),
}
MONTHS = {  # as a heading, and within a date
    "sr": ("мај", "2. мај 2026."),
    "sr-latn": ("maj", "2. maj 2026."),
    "kk": ("мамыр", "2026 ж. 2 мамыр"),
    "ru": ("май", "2 мая 2026 г."),
    "en": ("may", "2 may 2026"),
}
ROWS = {  # 1, 2, 5 and 21
    "sr": ("ставка", "ставке", "ставки", "ставка"),
    "sr-latn": ("stavka", "stavke", "stavki", "stavka"),
    "kk": ("жазба", "жазба", "жазба", "жазба"),
    "ru": ("строка", "строки", "строк", "строка"),
    "en": ("row", "rows", "rows", "rows"),
}


def test_every_shown_language_has_its_expectations_here() -> None:
    for expected in (DATES, NUMBERS, AGES, WEEKDAYS, MONTHS, ROWS):
        assert set(expected) == set(SHOWN)


@pytest.mark.parametrize("language", SHOWN)
def test_dates_are_written_as_the_language_writes_them(language: str) -> None:
    with override(language):
        names = ("DATE_FORMAT", "SHORT_DATE_FORMAT", "MONTH_DAY_FORMAT", "SHORT_DATETIME_FORMAT")
        written = tuple(date_format(DAY, name) for name in names)
        if language == "kk":  # the month's letter case is the catalog's
            written = tuple(text.lower() for text in written)
        assert written == DATES[language]
        assert date_format(DAY, "TIME_FORMAT") == "09:07"


@pytest.mark.parametrize("language", sorted(set(SHOWN) - {"en"}))
def test_a_short_date_can_be_typed_as_it_is_shown(language: str) -> None:
    with override(language):
        shown = date_format(DAY, "SHORT_DATE_FORMAT")
        assert forms.DateField().clean(shown) == DAY.date()
        assert get_format("FIRST_DAY_OF_WEEK") == 1


@pytest.mark.parametrize("language", SHOWN)
def test_numbers_are_grouped_as_the_language_groups_them(language: str) -> None:
    with override(language):
        assert number_format(1234567.891, 2, use_l10n=True, force_grouping=True) == NUMBERS[language]


@pytest.mark.parametrize("language", SHOWN)
def test_counted_things_stand_in_the_right_form(language: str) -> None:
    with override(language):
        found = tuple(timesince(DAY - timedelta(days=days), DAY).replace("\xa0", " ") for days in (1, 2, 5, 21))
    assert found == AGES[language]


@pytest.mark.parametrize("language", SHOWN)
def test_days_and_months_have_the_languages_names(language: str) -> None:
    monday, sunday, may = (datetime(2026, 5, day) for day in (4, 10, 2))  # noqa: DTZ001
    with override(language):
        days = tuple(date_format(day, sign).lower() for day, sign in ((monday, "l"), (sunday, "l"), (monday, "D")))
        assert days == WEEKDAYS[language]
        assert (date_format(may, "F").lower(), date_format(may, "DATE_FORMAT").lower()) == MONTHS[language]


@pytest.mark.parametrize("language", SHOWN)
def test_our_own_counted_things_stand_in_the_right_form(language: str) -> None:
    with override(language):
        said = [ngettext("Done: %(count)d row.", "Done: %(count)d rows.", count) for count in (1, 2, 5, 21)]
    for text, noun in zip(said, ROWS[language], strict=True):
        assert noun in re.findall(r"\w+", text.lower()), text
