"""Codes are the API's; people read words."""

import re
from pathlib import Path

from django.utils.translation import override

import archive.services
import broadcasters.services
import correspondents.services
import newsexchange.services
import productions.services
from newsexchange.constants import RequestStatus
from newsexchange.event_words import EVENTS, error_in_words, event_in_words

_KIND = re.compile(
    r'"((?:story|offer|recall|request|subscription|module|airing|footage(?:-[a-z]+)?|licence|grant|production'
    r"|pilot-review|budget|expense|income|instalment|milestone|baseline|window|run|revision|version|deliverable"
    r'|archive-use|assignment|correspondent|planned-event)\.[a-z-]+)"'
)
_OTHERWISE = {
    "subscription.broadcaster",
    "subscription.uid",
    "airing.language",
    "assignment.uid",
    "correspondent.uid",
}  # names of fields in reports


def test_every_kind_of_event_that_services_record_has_words():
    kinds = {f"request.{status}" for status in RequestStatus}
    for package in (
        archive.services,
        broadcasters.services,
        correspondents.services,
        newsexchange.services,
        productions.services,
    ):
        for path in Path(package.__path__[0]).glob("*.py"):
            kinds |= set(_KIND.findall(path.read_text()))
    assert len(kinds) > 20
    assert kinds - _OTHERWISE - EVENTS.keys() == set()


def test_what_has_no_words_keeps_its_code():
    with override("en"):
        assert event_in_words("story.updated") == "story updated"
        assert event_in_words("story.recalled", "withhold") == "story withheld"
        assert event_in_words("weather.changed") == "weather.changed"
        assert error_in_words("HTTP 503") == "HTTP 503"
        assert error_in_words("superseded").startswith("The story was withdrawn")
