"""What the list of items can be narrowed to: the same conditions, names and values as in the API, and their facets."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.admin.options import ModelAdmin
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import DropdownFilter

from archive import narrowing
from archive.admin.filters import ByChoice, ByWord, WhoseFilter, narrow
from archive.constants import Access, AssetType, Category, ItemStatus, ValidationStatus
from archive.facets import FIXITY, TITLES, facets_of
from archive.models import Collection, Credit, Item, ItemPlace, Series
from archive.querysets import ItemQuerySet, Narrowing
from broadcasters.models import Broadcaster, Person, Place
from broadcasters.querysets import by_name
from mediaexchange.core.admin_base import staff
from mediaexchange.core.errors import Message
from mediaexchange.core.languages.tags import LANGUAGES, STORED
from mediaexchange.core.models import User

MOST = 200  # records in one filter


class CategoryFilter(ByChoice):
    title, parameter_name, column, choices_of = TITLES["category"], "category", "category", Category

    def words(self, user: User) -> dict[str, tuple[Any, Any]]:
        return {value.value: (value.label, narrowing.of_category(value)) for value in Category}


class AssetTypeFilter(ByChoice):
    title, parameter_name, column, choices_of = _("kind"), "asset_type", "asset_type", AssetType


class StatusFilter(ByChoice):
    title, parameter_name, column, choices_of = _("status"), "status", "status", ItemStatus


class AccessFilter(ByChoice):
    title, parameter_name, column, choices_of = _("readable for"), "access", "access", Access


class ValidationFilter(ByChoice):
    """What a house finds wrong with its catalogue is its own business."""

    title, parameter_name, column, choices_of = _("validation"), "validation", "validation", ValidationStatus

    def words(self, user: User) -> dict[str, tuple[Any, Any]]:
        return {state.value: (state.label, narrowing.with_validation(state, user)) for state in ValidationStatus}


class DecadeFilter(ByWord):
    """Items that may be of the decade, however uncertain their date is. Values are its first year."""

    title, parameter_name = TITLES["decade"], "decade"

    def words(self, user: User) -> dict[str, tuple[Any, Any]]:
        years = range(narrowing.LAST_DECADE, narrowing.FIRST_DECADE - 1, -10)
        decades = {str(year): (f"{year}–{year + 9}", narrowing.in_decade(year)) for year in years}
        return {**decades, "none": (_("without a date"), narrowing.undated())}


class LanguageFilter(ByWord):
    title, parameter_name = TITLES["language"], "language"

    def words(self, user: User) -> dict[str, tuple[Any, Any]]:
        stored = (language for language in LANGUAGES if language.code in STORED)
        return {language.code: (language.autonym, narrowing.speaking(language.code)) for language in stored}


class BySlug(DropdownFilter):
    """Values are the slugs of records that the reader may see."""

    def records(self, user: User) -> QuerySet:
        raise NotImplementedError

    def narrowing(self, slug: str, user: User) -> Narrowing:
        raise NotImplementedError

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin) -> Iterable[tuple[str, Any]]:
        records = self.records(staff(request)).order_by(by_name(), "slug")
        return [(record.slug, str(record)) for record in records[:MOST]]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        chosen = self.value() or ""
        is_known = chosen and self.records(staff(request)).filter(slug=chosen).exists()
        return narrow(queryset, self.narrowing(chosen, staff(request))) if is_known else queryset


class CollectionFilter(BySlug):
    title, parameter_name = TITLES["collection"], "collection"

    def records(self, user: User) -> QuerySet:
        return Collection.objects.visible_to(user)

    def narrowing(self, slug: str, user: User) -> Narrowing:
        return narrowing.of_collection(slug, self.records(user))


class SeriesFilter(BySlug):
    title, parameter_name = _("series"), "series"

    def records(self, user: User) -> QuerySet:
        return Series.objects.visible_to(user)

    def narrowing(self, slug: str, user: User) -> Narrowing:
        return narrowing.of_series(slug, self.records(user))


class HolderFilter(BySlug):
    title, parameter_name = TITLES["holder"], "holder"

    def records(self, user: User) -> QuerySet:
        return Broadcaster.objects.visible_to(user)

    def narrowing(self, slug: str, user: User) -> Narrowing:
        return narrowing.held_by(self.records(user).filter(slug=slug).values_list("pk", flat=True))


class PersonFilter(BySlug):
    title, parameter_name = TITLES["people"], "people"

    def records(self, user: User) -> QuerySet:
        return Person.objects.visible_to(user).filter(Exists(Credit.objects.filter(person=OuterRef("pk"))))

    def narrowing(self, slug: str, user: User) -> Narrowing:
        return narrowing.crediting(slug)


class PlaceFilter(BySlug):
    """A place and what lies in it."""

    title, parameter_name = TITLES["place"], "place"

    def records(self, user: User) -> QuerySet:
        named = Q(Exists(ItemPlace.objects.filter(place=OuterRef("pk"))))
        around = Q(Exists(ItemPlace.objects.filter(place__parent=OuterRef("pk"))))
        further = Q(Exists(ItemPlace.objects.filter(place__parent__parent=OuterRef("pk"))))
        return Place.objects.visible_to(user).filter(named | around | further)

    def narrowing(self, slug: str, user: User) -> Narrowing:
        return narrowing.at_place(slug)


class ClearedFilter(ByWord):
    title, parameter_name = TITLES["cleared_for_me"], "cleared_for_me"

    def words(self, user: User) -> dict[str, tuple[Any, Any]]:
        cleared = narrowing.cleared_for(user)
        return {"true": (_("yes"), cleared), "false": (_("no"), ~cleared.condition)}


class SubtitleFilter(ByWord):
    title, parameter_name = TITLES["has_subtitles"], "has_subtitles"

    def words(self, user: User) -> dict[str, tuple[Any, Any]]:
        found = narrowing.has_subtitles()
        return {"true": (_("yes"), found), "false": (_("no"), ~found.condition)}


class TranscriptFilter(ByWord):
    title, parameter_name = _("has a transcript"), "has_transcript"

    def words(self, user: User) -> dict[str, tuple[Any, Any]]:
        found = narrowing.has_transcript()
        return {"true": (_("yes"), found), "false": (_("no"), ~found.condition)}


class FixityFilter(ByWord):
    title, parameter_name = TITLES["fixity"], "fixity"

    def words(self, user: User) -> dict[str, tuple[Any, Any]]:
        return {str(state): (FIXITY[state], narrowing.with_fixity(state, user)) for state in narrowing.Fixity}


class PartsFilter(ByWord):
    title, parameter_name = _("parts"), "parts"

    def words(self, user: User) -> dict[str, tuple[Any, Any]]:
        whole = Item.objects.filter(parent=OuterRef("pk"))
        return {"whole": (_("has parts"), Exists(whole)), "part": (_("is a part"), Q(parent__isnull=False))}


FILTERS = (
    WhoseFilter, CategoryFilter, DecadeFilter, CollectionFilter, SeriesFilter, HolderFilter, LanguageFilter,
    PersonFilter, PlaceFilter, ClearedFilter, SubtitleFilter, TranscriptFilter, FixityFilter, AssetTypeFilter,
    StatusFilter, AccessFilter, ValidationFilter, PartsFilter,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Choice:
    """A value of a facet as a link: to choose it, or where it is chosen, to let it go."""

    label: str
    count: str
    address: str
    is_chosen: bool


def facet_links(items: ItemQuerySet[Item], request: HttpRequest) -> list[tuple[Message, list[Choice]]]:
    """Under each facet's name its values among these items."""
    shown = []
    for name, values in facets_of(items, staff(request)).items():
        chosen = request.GET.get(name, "")
        choices = [
            Choice(
                value.label,
                f"{value.count}+" if value.is_capped else str(value.count),
                _address(request, name, "" if value.value == chosen else value.value),
                value.value == chosen,
            )
            for value in values
        ]
        if choices:
            shown.append((TITLES[name], choices))
    return shown


def _address(request: HttpRequest, name: str, value: str) -> str:
    """The list's own address with this facet changed, from its first page on."""
    query = request.GET.copy()
    query.pop("p", None)
    query.pop(name, None)
    if value:
        query[name] = value
    return f"?{query.urlencode()}"
