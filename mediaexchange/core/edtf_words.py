"""Uncertain dates in words: what an EDTF text says, for readers of the active language (ISO 8601-2, levels 0 to 2)."""

import re
from collections.abc import Callable
from datetime import date

from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext, pgettext

from mediaexchange.core.edtf import UNKNOWN, span_of

_POINT = re.compile(r"(?P<year>\d{4}|\d{3}X|\d{2}XX)(?:-(?P<month>\d\d|XX))?(?:-(?P<day>\d\d|XX))?\Z")
_QUALIFIERS = re.compile("[~?%]")
_LOWER_CASE = frozenset({"ru"})  # where Django begins the names of months with a capital, as calendars do
_OPEN = frozenset({"", ".."})
# Level 2 tells the hemispheres apart and knows quarters; level 1 has the first four.
_SEASONS: dict[str, Callable[[], str]] = {
    "21": lambda: pgettext("date", "spring %(year)s"),
    "22": lambda: pgettext("date", "summer %(year)s"),
    "23": lambda: pgettext("date", "autumn %(year)s"),
    "24": lambda: pgettext("date", "winter %(year)s"),
}


def edtf_words(text: str) -> str:
    """The date as people of the active language write it; "" stays "", and what has no words stays as it is.

    Raises nothing: a text that is no EDTF date was refused when it was stored.
    """
    if not text:
        return ""
    if text == UNKNOWN:
        return gettext("date unknown")
    first, slash, last = text.partition("/")
    if not slash:
        return _qualified(text) or text
    if first in _OPEN and last in _OPEN:
        return gettext("date unknown")
    if last in _OPEN:
        return _said(pgettext("date", "from %(date)s"), first) or text
    if first in _OPEN:
        return _said(pgettext("date", "until %(date)s"), last) or text
    words = _qualified(first), _qualified(last)
    if not all(words):
        return text
    return pgettext("date", "%(first)s – %(last)s") % {"first": words[0], "last": words[1]}


def edtf_short(text: str) -> str:
    """As ``edtf_words``, but a certain day in the short form, for pages whose other dates are short."""
    try:
        return date_format(date.fromisoformat(text), "SHORT_DATE_FORMAT")
    except ValueError:
        return edtf_words(text)


def _said(pattern: str, text: str) -> str:
    words = _qualified(text)
    return pattern % {"date": words} if words else ""


def _qualified(text: str) -> str:
    """One date with what is said of its certainty; "" for what has no words."""
    words = _point(_QUALIFIERS.sub("", text))
    if not words:
        return ""
    is_about = "~" in text or "%" in text
    is_uncertain = "?" in text or "%" in text
    if is_about:
        # Translators: the date comes in its usual form: “1961 ж. шамасында”, “око 1961.”, “September 1961”.
        words = pgettext("date", "about %(date)s") % {"date": words}
    if is_uncertain:
        words = pgettext("date", "%(date)s (uncertain)") % {"date": words}
    return words


def _point(text: str) -> str:
    match = _POINT.match(text)
    if match is None:
        return ""
    year, month, day = match["year"], match["month"] or "XX", match["day"] or "XX"
    if year.endswith("XX"):
        return pgettext("date", "the years %(first)s–%(last)s") % {"first": f"{year[:2]}00", "last": f"{year[:2]}99"}
    if year.endswith("X"):
        return pgettext("date", "the %(decade)ss") % {"decade": f"{year[:3]}0"}
    if month in _SEASONS:
        return _SEASONS[month]() % {"year": _year(year)}
    if month == "XX":
        return _year(year)
    try:
        first = span_of(text.replace("-XX", "")).first
    except ValidationError:
        return ""
    if first is None or not 1 <= int(month) <= 12:
        return ""
    return _in_format(first, "YEAR_MONTH_FORMAT" if day == "XX" else "DATE_FORMAT")


def _year(year: str) -> str:
    # Translators: a year alone, as a date: “1961.” in Serbian, “1961 ж.” in Kazakh, “1961 г.” in Russian.
    return pgettext("date", "%(year)s") % {"year": year}


def _in_format(day: date, name: str) -> str:
    words = date_format(day, name)
    return words[:1].lower() + words[1:] if get_language() in _LOWER_CASE else words
