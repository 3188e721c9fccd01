"""Small checks for single values, used by models and serializers alike."""

import re
from datetime import date, datetime
from functools import cache
from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

# RFC 5646 in the shape that is used: language, script, region, variants.
LONGEST_TAG = 35  # what RFC 5646, section 4.4.1, asks to have room for; so have the columns
_BCP47 = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|\d{3}))?(-[a-zA-Z0-9]{5,8})*\Z")


FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2200, 12, 31)
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f\d][A-Za-z\u00c0-\u024f\d .&+'’-]*\Z")


def validate_latin(value: str) -> None:
    """Latin letters and digits, and what stands between them in names."""
    if not _LATIN.match(value) or value != value.strip() or not any(letter.isalpha() for letter in value):
        raise ValidationError(_("Write it in Latin letters, without spaces around it."), code="latin")


@cache
def _time_zones() -> frozenset[str]:
    """Read once: the directories of all zones are walked for it."""
    return frozenset(available_timezones())


def validate_time_zone(value: str) -> None:
    if value not in _time_zones():
        raise ValidationError(
            _("“%(value)s” is not a time zone of the IANA database."), code="time-zone", params={"value": value}
        )


def validate_language_tag(value: str) -> None:
    """BCP 47 in canonical letter case: ``sr-Latn``, ``kk``, ``rsk``."""
    if len(value) > LONGEST_TAG or not _BCP47.match(value):
        raise ValidationError(
            _("“%(value)s” is not a BCP 47 language tag such as sr-Latn."), code="language", params={"value": value}
        )


def validate_moment(value: datetime) -> None:
    """Years 1900 to 2200: near the ends of the calendar a moment has no time by the clocks of some zones.

    ``CoreConfig`` gives it to every field of models, forms and serializers that takes moments.
    """
    if not FIRST_DAY.year <= value.year <= LAST_DAY.year:
        raise ValidationError(_("Datetime value out of range."), code="moment")


def validate_day(value: date) -> None:
    """Of plans and books, in the same years: pages count the days and months between them."""
    if not FIRST_DAY <= value <= LAST_DAY:
        raise ValidationError(_("Give a day between 1900 and 2200."), code="day")
