"""Filters as they are given in an address, and facets as people call their values."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from mediaexchange.core.errors import Message
from mediaexchange.core.languages.own_names import AUTONYMS
from mediaexchange.core.languages.tags import STORED_AS
from mediaexchange.core.search.asking import Filters
from mediaexchange.core.search.parsing import SearchError
from mediaexchange.core.search.registry import all_types, kind_label, origins_named, type_named
from mediaexchange.core.topics import topic_name
from mediaexchange.core.validators import validate_language_tag

PARAMETERS = ("type", "language", "origin", "kind", "topic", "since", "until")
_LONGEST = 100


@dataclass(frozen=True, slots=True)
class Facet:
    """A value that the filter of its name takes, what people call it, and how many records found have it."""

    value: str
    label: str
    count: int


def filters_of(given: Mapping[str, str]) -> Filters:
    """Raises SearchError, naming the parameter, for a value that cannot be."""
    values = {name: given.get(name, "") for name in PARAMETERS}
    for name, value in values.items():
        if "\0" in value or len(value) > _LONGEST:
            raise _refused(name, _("Give “%(name)s” once, with a sensible value.") % {"name": name})
    types = tuple(part for part in values["type"].split(",") if part)
    if unknown := sorted(set(types) - {each.key for each in all_types()}):
        raise _refused("type", _("There is no type “%(name)s” to search for.") % {"name": unknown[0][:60]})
    if values["language"]:
        try:
            validate_language_tag(values["language"])
        except ValidationError as error:
            raise _refused("language", _("This is not a language tag.")) from error
    return Filters(
        types=types,
        language=values["language"],
        origin=values["origin"],
        kind=values["kind"],
        topic=values["topic"],
        since=_day(values["since"], "since"),
        until=_day(values["until"], "until"),
    )


def labelled(facets: Mapping[str, Sequence[tuple[str, int]]], language: str) -> dict[str, list[Facet]]:
    """Counted values by filter, named for a reader of this shown language."""
    origins = origins_named((slug for slug, _count in facets.get("origin", ())), language)
    labels: dict[str, Callable[[str], str]] = {
        "type": lambda key: str(type_named(key).title),
        "language": lambda tag: AUTONYMS[language] if STORED_AS.get(language) == tag else AUTONYMS.get(tag, tag),
        "origin": lambda slug: origins.get(slug, slug),
        "kind": kind_label,
        "topic": topic_name,
    }
    return {
        name: [Facet(value, label(value), count) for value, count in facets.get(name, ())]
        for name, label in labels.items()
    }


def _day(text: str, name: str) -> date | None:
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or not 1900 <= day.year <= 2200:
        raise _refused(name, _("“%(name)s” is a day such as 2026-02-27.") % {"name": name})
    return day


def _refused(name: str, message: Message) -> SearchError:
    return SearchError("bad-filter", message, parameter=name)
