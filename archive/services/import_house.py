"""What a house's imports are held against: its shelves, and everybody's people and places by their names."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from archive.models import Collection, Series
from broadcasters.models import Broadcaster, Person, Place
from mediaexchange.core.languages.names import name_key
from mediaexchange.core.languages.tags import STORED


@dataclass(frozen=True, slots=True)
class Named:
    """Slugs by key of each spelling of a name."""

    by_key: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    slugs: set[str] = field(default_factory=set)

    def add(self, slug: str, names: Iterable[str | None]) -> None:
        self.slugs.add(slug)
        for name in names:
            if name and (key := name_key(name)):
                self.by_key[key].add(slug)

    def found(self, text: str) -> set[str]:
        """The slug itself, or all that bear a name like it."""
        if text in self.slugs:
            return {text}
        key = name_key(text)
        return self.by_key.get(key, set())


@dataclass(frozen=True, slots=True)
class House:
    broadcaster: Broadcaster
    collections: Named
    series: Named
    people: Named
    places: Named
    houses: frozenset[str]

    @property
    def own_sources(self) -> frozenset[str]:
        return own_sources(self.broadcaster)


def own_sources(broadcaster: Broadcaster) -> frozenset[str]:
    """The names under which a house gives its own identifiers, case-folded."""
    names = {broadcaster.slug}
    for language in STORED:
        names |= {getattr(broadcaster, f"{name}_{language}", "") or "" for name in ("name", "abbreviation")}
    return frozenset(name.casefold() for name in names if name)


def house_of(broadcaster: Broadcaster) -> House:
    """Six queries, whatever is imported."""
    names = [f"name_{language}" for language in STORED]
    return House(
        broadcaster,
        collections=_named(Collection.objects.filter(broadcaster=broadcaster).values_list("slug", *names)),
        series=_named(Series.objects.filter(broadcaster=broadcaster).values_list("slug", *names)),
        people=_named(Person.objects.values_list("slug", *names), Person.objects.values_list("slug", "aliases__text")),
        places=_named(Place.objects.values_list("slug", *names), Place.objects.values_list("slug", "variants__text")),
        houses=frozenset(Broadcaster.objects.values_list("slug", flat=True)),
    )


def _named(*rows: Iterable[tuple[str | None, ...]]) -> Named:
    named = Named()
    for several in rows:
        for slug, *names in several:
            named.add(str(slug), names)
    return named
