"""How people read what they were told: in any variant, by their own clocks."""

import re
from datetime import date, datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Model
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import override

from broadcasters.permissions import permissions_of
from mediaexchange.core.inbox.models import Notification
from mediaexchange.core.inbox.reading import with_texts
from mediaexchange.core.languages.leftovers.surfaces import Foreign
from mediaexchange.core.languages.localize import localized
from mediaexchange.core.languages.tags import SHOWN
from mediaexchange.core.models import User
from tests.notifications.houses import Houses
from tests.notifications.words import Words

ZONES = ("Europe/Belgrade", "Asia/Almaty")  # IANA's names are the same in every language
_QUOTES = str.maketrans("", "", "“”„«»")
_UNFILLED = re.compile(r"%\(|%[sd]|[{}]|\bNone\b|“”|„“|«»|^\s|\s$|\.\.|…\.|: ?\.")


def rows_of(code: str, houses: Houses) -> dict[User, list[Notification]]:
    """Of the kind, by whom they were sent to."""
    found: dict[User, list[Notification]] = {}
    rows = Notification.objects.filter(kind=code, recipient__in=houses.readers).select_related("recipient")
    for row in rows.order_by("pk"):
        found.setdefault(row.recipient, []).append(row)
    return found


def least_of(rows: dict[User, list[Notification]]) -> list[User]:
    """For each house that was told the person who may do least: what opens for them opens for the others."""
    least: dict[int, User] = {}
    for person in sorted(rows, key=lambda each: len(permissions_of(each)), reverse=True):
        least[person.memberships.get().broadcaster_id] = person
    return list(least.values())


def said(rows: list[Notification], language: str) -> list[str]:
    """What one person's rows say."""
    person = rows[0].recipient
    with override(language), timezone.override(ZoneInfo(person.time_zone)):
        return [row.text for row in with_texts(rows, person)]


def faults_of(text: str, language: str) -> str:
    """What no sentence of the language holds: nothing at all, a gap, a stop too many, a word of another language."""
    if not text or _UNFILLED.search(text):
        return text or "nothing"
    return _foreign(language).hard_coded(text.translate(_QUOTES))


@cache
def _foreign(language: str) -> Foreign:
    return Foreign(language, ZONES)


def holds(text: str, expected: Any, language: str) -> bool:
    """A name as this variant has it and as no other has it; a day or a moment as it is written there."""
    with override(language):
        match expected:
            case Words():
                others = {expected.of(other) for other in SHOWN} - {expected.of(language)}
                return expected.of(language) in text and not any(other in text for other in others)
            case datetime():
                zones = map(ZoneInfo, ZONES)
                return any(date_format(expected.astimezone(zone), "SHORT_DATETIME_FORMAT") in text for zone in zones)
            case date():
                forms = ("DATE_FORMAT", "SHORT_DATE_FORMAT")
                return any(date_format(expected, form).rstrip(".") in text for form in forms)
            case Model():
                return localized(expected, "name") in text
    return str(expected) in text
