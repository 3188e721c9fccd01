"""Broadcasters, people, places, institutions and memoranda as search finds them: by every name in any language.

Such a record is one entry, whatever the number of its languages: what was asked for in two languages meets in it.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import Any, ClassVar, Literal

from broadcasters.models import Broadcaster, Institution, Memorandum, Person, Place
from mediaexchange.core.languages.localize import resolve_field
from mediaexchange.core.languages.resolve import resolve
from mediaexchange.core.languages.serbian import to_latin
from mediaexchange.core.languages.tags import STORED, stored_language
from mediaexchange.core.models import User
from mediaexchange.core.search.registry import (
    Document,
    SearchType,
    Shown,
    Text,
    Wanted,
    Weight,
    name_origins,
    register,
)


class NamedSearch(SearchType):
    """A record with a slug and a translated name; ``described`` are its other translated fields."""

    resource = "broadcasters"
    route_field: ClassVar[Literal["uid", "slug"]] = "slug"
    has_names = True
    described: ClassVar[tuple[str, ...]] = ()
    also_called: ClassVar[tuple[str, ...]] = ()  # translated fields that are names as well
    aliases: ClassVar[str] = ""  # the relation to other spellings

    def objects(self, ids: Collection[int]) -> Sequence[Any]:
        rows = self.model._default_manager.filter(pk__in=ids)
        return list(rows.prefetch_related(self.aliases) if self.aliases else rows)

    def describe(self, record: Any) -> Iterable[Document]:
        names = [*self._texts(record, "A", "name"), *self._aliases(record)]
        for field in self.also_called:
            names += self._texts(record, "A", field)
        texts = [text for field in self.described for text in self._texts(record, "B", field)]
        slug = Text("B", record.slug, "en")
        spellings = {text.words for text in names}
        spellings |= {to_latin(text.words) for text in names if text.language == "sr"}
        yield Document(record.pk, "", (*names, *texts, slug), names=tuple(sorted(spellings)))

    def shown(self, wanted: Sequence[Wanted], reader: User, language: str) -> dict[int, Shown]:
        rows: Any = self.model._default_manager.all()
        visible = rows.visible_to(reader).filter(pk__in=[each.object_id for each in wanted])
        return {record.pk: self._shown(record, language) for record in visible}

    def _shown(self, record: Any, language: str) -> Shown:
        name = resolve_field(record, "name", language)
        texts = tuple(resolve_field(record, field, language) for field in self.described)
        return Shown(str(record.uid), record.slug, name.text, texts, name.language or language)

    def _texts(self, record: Any, weight: Weight, field: str) -> list[Text]:
        found = ((language, getattr(record, f"{field}_{language}") or "") for language in STORED)
        return [Text(weight, words, language) for language, words in found if words]

    def _aliases(self, record: Any) -> list[Text]:
        spelled = getattr(record, self.aliases).all() if self.aliases else ()
        return [Text("A", alias.text, stored_language(alias.language) or alias.language) for alias in spelled]


@register
class PersonSearch(NamedSearch):
    key = "person"
    model = Person
    icon = "person"
    route = "api:person-detail"
    described = ("description",)
    aliases = "aliases"


@register
class PlaceSearch(NamedSearch):
    key = "place"
    model = Place
    icon = "location_on"
    route = "api:place-detail"
    aliases = "variants"


@register
class InstitutionSearch(NamedSearch):
    key = "institution"
    model = Institution
    icon = "account_balance"
    route = "api:institution-detail"


@register
class BroadcasterSearch(NamedSearch):
    key = "broadcaster"
    model = Broadcaster
    icon = "cell_tower"
    route = "api:broadcaster-detail"
    also_called = ("abbreviation",)


@register
class MemorandumSearch(NamedSearch):
    key = "memorandum"
    model = Memorandum
    icon = "handshake"
    route = "api:memorandum-detail"
    described = ("occasion", "summary")
    has_names = False  # its title is a sentence, not a name


def _names_of_origins(slugs: Iterable[str], language: str) -> dict[str, str]:
    rows = Broadcaster.objects.filter(slug__in=slugs).values_list("slug", *(f"name_{code}" for code in STORED))
    return {slug: resolve(dict(zip(STORED, names, strict=True)), language).text for slug, *names in rows}


name_origins(_names_of_origins)
