"""What can be searched. An app registers one small class per kind of record; see the recipe in CONTRIBUTING."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Literal

from django.contrib.auth import get_permission_codename
from django.db.models import Expression, Model, QuerySet
from django.urls import reverse

from mediaexchange.core.errors import Message
from mediaexchange.core.languages.resolve import Resolved
from mediaexchange.core.models import ApiKey, User

Weight = Literal["A", "B", "C", "D"]


@dataclass(frozen=True, slots=True)
class Text:
    """Plain words of a record, in a stored language or any BCP 47 tag.

    Weight A is its headline or name, B what else stands on its card, C and D are the whole of it. A reader who may see
    the card alone finds it by A and B alone.
    """

    weight: Weight
    words: str
    language: str


@dataclass(frozen=True, slots=True)
class Document:
    """One row of the index: what a record says in ``language``, or in several at once if that is "".

    ``fresh_at`` None is for what does not age. ``names`` are spellings that "did you mean" may propose.
    """

    object_id: int
    language: str
    texts: tuple[Text, ...]
    fresh_at: datetime | None = None
    origin: str = ""
    kind: str = ""
    topics: tuple[str, ...] = ()
    names: tuple[str, ...] = ()

    @property
    def languages(self) -> list[str]:
        return [self.language] if self.language else sorted({text.language for text in self.texts if text.language})


@dataclass(frozen=True, slots=True)
class Wanted:
    """One found record to be shown: in the language in which it was found, and whole or only its card."""

    object_id: int
    language: str
    is_whole: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """What a result shows. ``texts`` are plain and in the order in which a snippet is looked for in them.

    ``language`` is the title's; each text has its own, as a fallback may have given it. Languages are shown codes of
    ours or other languages' BCP 47 tags.
    ``dated`` is the date as the record itself says it (EDTF, "" for none), None where the moment of the entry is said.
    """

    uid: str
    slug: str
    title: str
    texts: tuple[Resolved, ...]
    language: str
    dated: str | None = None


class SearchType(ABC):
    """A kind of record. ``key`` stands in addresses and in the index; it never changes once there are entries."""

    key: ClassVar[str]
    model: ClassVar[type[Model]]
    icon: ClassVar[str] = "search"
    resource: ClassVar[str]  # the scope that a key needs besides search:read
    route: ClassVar[str]  # the API's address of one record, by name
    route_field: ClassVar[Literal["uid", "slug"]] = "uid"
    has_names: ClassVar[bool] = False  # whether "did you mean" proposes words of its names

    @abstractmethod
    def objects(self, ids: Collection[int]) -> Sequence[Any]:
        """The records with everything that ``describe`` reads, in any order."""

    @abstractmethod
    def describe(self, record: Any) -> Iterable[Document]:
        """The rows of one record; none for one that says nothing."""

    @abstractmethod
    def shown(self, wanted: Sequence[Wanted], reader: User, language: str) -> dict[int, Shown]:
        """By record's id, in a constant number of statements; ``language`` is the reader's, for what has several.

        It asks once more who sees what: a record may have gone out of sight a moment ago.
        """

    def seen(self, reader: User, object_id: Expression) -> QuerySet[Any]:
        """The record with this id if the reader sees it; a condition inside the search.

        Built once per process with a mark in the reader's place: the shape must not depend on who reads.
        """
        rows: Any = self.model._default_manager.all()
        visible: QuerySet[Any] = rows.visible_to(reader).filter(pk=object_id)
        return visible

    def withheld(self, reader: User, object_id: Expression, language: Expression) -> QuerySet[Any] | None:
        """Any row if the text in this language is not given to somebody who sees the record; None if it always is."""
        return None

    def whole(self, reader: User, object_id: Expression) -> QuerySet[Any] | None:
        """The record if the reader may surely read all of it; None if whoever sees a record may."""
        return None

    def wholes(self, reader: User, ids: Collection[int]) -> set[int]:
        """Of records that ``whole`` did not settle, those that the reader may read all of."""
        return set(ids)

    def repeats(self, key: str, ids: Collection[int]) -> QuerySet[Any] | None:
        """Records whose entries hold words of these records of another type; None if none ever do."""
        return None

    @property
    def title(self) -> Message:
        return self.model._meta.verbose_name_plural or self.key

    def kinds(self) -> dict[str, Message]:
        """What the kinds of such records are called."""
        return {}

    def permission(self) -> str:
        options = self.model._meta
        return f"{options.app_label}.{get_permission_codename('view', options)}"

    def is_open_to(self, user: User, credential: object = None) -> bool:
        """Whether this account may look at such records at all: staff by role, a key by its scope."""
        if isinstance(credential, ApiKey):
            return f"{self.resource}:read" in credential.scopes
        return user.is_service or user.has_perm(self.permission())

    def page(self, object_id: int) -> str:
        """Where the admin shows it."""
        options = self.model._meta
        return reverse(f"admin:{options.app_label}_{options.model_name}_change", args=[object_id])


_types: dict[str, SearchType] = {}
_labels: list[Callable[[Iterable[str], str], dict[str, str]]] = []


def register(search_type: type[SearchType]) -> type[SearchType]:
    """Make a type searchable; a class decorator, called when its app is ready."""
    _types[search_type.key] = search_type()
    return search_type


def unregister(key: str) -> None:
    del _types[key]


def all_types() -> tuple[SearchType, ...]:
    """In the order in which results of different types are grouped."""
    return tuple(_types.values())


def type_named(key: str) -> SearchType:
    """Raises KeyError for one that nobody registered."""
    return _types[key]


def types_for(user: User, credential: object = None) -> tuple[SearchType, ...]:
    return tuple(each for each in all_types() if each.is_open_to(user, credential))


def name_origins(label: Callable[[Iterable[str], str], dict[str, str]]) -> None:
    """Let an app say what origins are called: slugs and a shown language → names by slug."""
    _labels.append(label)


def origins_named(slugs: Iterable[str], language: str) -> dict[str, str]:
    wanted = [slug for slug in slugs if slug]
    return {slug: name for label in _labels for slug, name in label(wanted, language).items()} if wanted else {}


def kind_label(kind: str) -> str:
    labels = (each.kinds().get(kind) for each in all_types())
    return str(next((label for label in labels if label), kind))
