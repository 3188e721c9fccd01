"""Counts what is left over for each language, and says so when the tests are over."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from zoneinfo import available_timezones

import pytest
from django.conf.locale import LANG_INFO
from django.core.cache import cache

from mediaexchange.core.keys import SCOPES
from mediaexchange.core.languages.leftovers.marking import Lookups, brought_back, is_translated, marking
from mediaexchange.core.languages.leftovers.surfaces import Data, Foreign
from mediaexchange.core.languages.tags import LANGUAGES, SHOWN
from mediaexchange.core.rights.territories import NAMES, SET_NAMES
from productions.languages import LANGUAGES as SPOKEN
from productions.languages import SCRIPTS as SPOKEN_SCRIPTS
from productions.models import BudgetCategory, Currency, RuleSet, Stage, Theme
from tests.translations.rows import Newsrooms

_PROPERTY = "leftovers"  # reaches the controlling process from the workers of pytest-xdist
TYPED = ('{"argument": "value"}', "rtv-culture", "belgrade-bridge-opening")  # examples of what is to be typed
PRODUCTS = ("Azure Translator", "DeepL", "LibreTranslate", *TYPED)
ZONES = ("Almaty",)  # by which no newsroom of the rows lives, so that it goes by its own name
SCRIPTS = ("Ћирилица", "Latinica", "(Cyrl)", "(Latn)")
AUTONYMS = {language.autonym for language in LANGUAGES}


class Report:
    """Messages that a language lacks, and words that are the same in every language because nobody translates them."""

    def __init__(self) -> None:
        self.untranslated: dict[str, dict[str, str]] = {language: {} for language in SHOWN}
        self.hard_coded: dict[str, str] = {}
        self.texts = 0

    def add(self, lookups: Lookups) -> None:
        for language in SHOWN:
            for message, place in lookups.first_places.items():
                if message[0] not in AUTONYMS and not is_translated(message, language):
                    self.untranslated[language].setdefault(brought_back(message[0]), place)

    def merge(self, texts: int, untranslated: dict[str, dict[str, str]], hard_coded: dict[str, str]) -> None:
        self.texts += texts
        self.hard_coded |= hard_coded
        for language, messages in untranslated.items():
            self.untranslated[language] |= messages

    def problems(self) -> list[str]:
        missing = (
            f"{language}: no translation of {message!r}, met at {place}"
            for language, messages in self.untranslated.items()
            for message, place in messages.items()
        )
        return [*missing, *(f"not through gettext: {words}, at {place}" for words, place in self.hard_coded.items())]

    def lines(self) -> Iterator[str]:
        yield f"{self.texts} texts were read."
        for language, messages in self.untranslated.items():
            yield f"{language:<8} {len(messages) + len(self.hard_coded)} left over"
        yield from self.problems()


@pytest.fixture
def rooms(db) -> Newsrooms:
    cache.clear()
    return Newsrooms()


@pytest.fixture
def data(db) -> Data:
    names = [info["name_local"] for info in LANG_INFO.values() if "name_local" in info]
    places = [name for labels in (*NAMES.values(), *SET_NAMES.values()) for name in labels.values()]
    zones = [written for zone in available_timezones() for written in (zone, zone.replace("_", " "))]
    years = (" ж.", " г.")  # the word after a year in the formats of dates
    scripts = [name for called in SPOKEN_SCRIPTS.values() for name in called.values()]
    names += [*scripts, *(name for spoken in SPOKEN.values() for name in spoken["names"].values())]
    languages = [*AUTONYMS, *names, *(name[:1].upper() + name[1:] for name in names)]
    return Data([*languages, *places, *zones, *PRODUCTS, *SCRIPTS, *ZONES, *years, *_first_rows()])


def _first_rows() -> Iterator[str]:
    """What the rows say that migrations have written: data, with translations of its own."""
    for model in (Stage, Theme, RuleSet, Currency, BudgetCategory):
        for row in model._default_manager.all():
            for field in model._meta.concrete_fields:
                value = getattr(row, field.attname)
                if isinstance(value, str) and value:
                    yield from (value, value[:1].upper() + value[1:])


@pytest.fixture
def foreign(db) -> Callable[..., Foreign]:
    """What a page may hold of other languages: their own names, time zones, products, what is to be typed, the slugs of
    first rows, which stand in addresses, and what a test names beside them."""
    languages = [info["name_local"] for info in LANG_INFO.values() if "name_local" in info]
    zones = [part for zone in available_timezones() for part in (zone, zone.replace("_", " "))]
    kept = [*AUTONYMS, *languages, *(name.capitalize() for name in languages), *zones, *PRODUCTS, *SCRIPTS, *ZONES]
    kept += [*SCOPES]
    kept += [row.slug for model in (Stage, Theme, RuleSet, BudgetCategory) for row in model._default_manager.all()]
    return lambda language, more=(): Foreign(language, [*kept, *more])


@pytest.fixture
def reporting(record_property: Callable[[str, Any], None]) -> Callable:
    """A block in which translations are marked; afterwards nothing of what was read may be left over."""

    @contextmanager
    def report() -> Iterator[tuple[Report, Lookups]]:
        found = Report()
        with marking() as lookups:
            yield found, lookups
        found.add(lookups)
        record_property(_PROPERTY, json.dumps([found.texts, found.untranslated, found.hard_coded]))
        assert not found.problems(), "\n".join(found.problems())

    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    total = Report()
    for outcome in ("passed", "failed"):
        for test in terminalreporter.getreports(outcome):
            for name, value in test.user_properties:
                if name == _PROPERTY and test.when == "call":
                    total.merge(*json.loads(value))
    if total.texts:
        terminalreporter.section("what readers may not understand")
        for line in total.lines():
            terminalreporter.write_line(line)
