"""How many of some items are of which category, decade, house …: counted up to a cap, among what the reader sees.

Where there are no more items than the cap, counts are exact. Of more, all is counted among the newest; categories,
decades and holders, by which one finds one's way, also among as many items that an index gives for each value. What is
not known to be all is said to be capped.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count, QuerySet
from django.utils.translation import gettext_lazy as _

from archive.bounded import by_index, first_ids_of, first_items, one_of
from archive.constants import Category
from archive.models import Collection, Credit, Item, ItemPlace
from archive.narrowing import (
    FIRST_DECADE,
    LAST_DECADE,
    Fixity,
    cleared_for,
    has_subtitles,
    held_by,
    in_decade,
    of_category,
    with_fixity,
)
from archive.querysets import ItemQuerySet, Narrowing
from broadcasters.models import Broadcaster, Person, Place
from broadcasters.querysets import member_ids
from mediaexchange.core.errors import Message
from mediaexchange.core.languages.localize import localized
from mediaexchange.core.languages.tags import LANGUAGES

if TYPE_CHECKING:
    from mediaexchange.core.models import User

CAP = 1_000
MOST = 20  # values of one facet
TITLES: dict[str, Message] = {
    "category": _("category"),
    "decade": _("decade"),
    "collection": _("collection"),
    "holder": _("holder"),
    "language": _("language"),
    "people": _("people"),
    "place": _("place"),
    "cleared_for_me": _("cleared for us"),
    "has_subtitles": _("has subtitles"),
    "fixity": _("fixity"),
}
FIXITY: dict[str, Message] = {
    Fixity.CHECKED: _("checked"),
    Fixity.NEVER: _("never checked"),
    Fixity.FAILED: _("check failed"),
    Fixity.NO_FILE: _("without a file"),
}
_AUTONYMS = {language.code: language.autonym for language in LANGUAGES}


@dataclass(frozen=True, slots=True)
class FacetValue:
    """``value`` is what the filter of the facet's name takes; there may be more than ``count`` if it is capped."""

    value: str
    label: str
    count: int
    is_capped: bool = False


Facets = dict[str, list[FacetValue]]


def facets_of(items: ItemQuerySet[Item], user: "User") -> Facets:
    """By name, in the order of ``TITLES``; values by how many there are, decades by time. None has a count of nothing.

    ``items`` are what the user sees, narrowed already.
    """
    found = first_items(items.select_related(None).only("pk"), user, wanted=CAP + 1)
    is_complete = found.ended_at is None and len(found.items) <= CAP
    some = Item.objects.filter(one_of([item.pk for item in found.items[:CAP]]))
    counting = _Counting(some, items, is_complete=is_complete)
    return {
        "category": counting.values((value, str(label), of_category(value)) for value, label in Category.choices),
        "decade": counting.values(
            ((str(year), f"{year}–{year + 9}", in_decade(year)) for year in range(FIRST_DECADE, LAST_DECADE + 1, 10)),
            by_count=False,
        ),
        "collection": _of_collections(some, user, is_complete=is_complete),
        "holder": counting.values(
            (house.slug, localized(house, "name"), held_by([house.pk])) for house in _holders(user)
        ),
        "language": _of_languages(some, is_complete=is_complete),
        "people": _of_records(some, Credit, "person", Person, is_complete=is_complete),
        "place": _of_records(some, ItemPlace, "place", Place, is_complete=is_complete),
        "cleared_for_me": counting.among_newest([("true", str(_("yes")), cleared_for(user))]),
        "has_subtitles": counting.among_newest([("true", str(_("yes")), has_subtitles())]),
        "fixity": counting.among_newest((str(state), str(FIXITY[state]), with_fixity(state, user)) for state in Fixity),
    }


Choice = tuple[str, str, Narrowing]
Choices = Iterable[Choice]


@dataclass(frozen=True, slots=True)
class _Counting:
    """``some`` are the newest of the ``items``: all of them if it ``is_complete``."""

    some: QuerySet[Item]
    items: QuerySet[Item]
    is_complete: bool

    def among_newest(self, choices: Choices) -> list[FacetValue]:
        """All values in one statement."""
        known = list(choices)
        counts = self.some.order_by().aggregate(
            **{f"n{number}": Count("pk", filter=each.condition) for number, (_v, _l, each) in enumerate(known)}
        )
        found = [
            FacetValue(value, label, counts[f"n{number}"], is_capped=not self.is_complete)
            for number, (value, label, _each) in enumerate(known)
        ]
        return sorted((each for each in found if each.count), key=lambda each: -each.count)

    def values(self, choices: Choices, *, by_count: bool = True) -> list[FacetValue]:
        known = list(choices)
        found = self.among_newest(known) if self.is_complete else self._beyond_the_newest(known)
        places = {value: place for place, (value, _label, _narrowing) in enumerate(known)}
        return sorted(found, key=lambda each: (-each.count if by_count else 0, places[each.value]))

    def _beyond_the_newest(self, known: Sequence[Choice]) -> list[FacetValue]:
        """Exact where an index gives no more items of the value than the cap."""
        newest = {each.value: each.count for each in self.among_newest(known)}
        with by_index():
            ids = first_ids_of([narrowing for _value, _label, narrowing in known], CAP + 1)
            some_of_each = one_of(sorted(set().union(*ids)))
            seen = set(self.items.filter(some_of_each).order_by().values_list("pk", flat=True))
        found = []
        for (value, label, _narrowing), some in zip(known, ids, strict=True):
            count = max(newest.get(value, 0), len(seen.intersection(some)))
            if count:
                found.append(FacetValue(value, label, min(count, CAP), is_capped=len(some) > CAP))
        return found


def _holders(user: "User") -> Sequence[Broadcaster]:
    return list(Broadcaster.objects.visible_to(user).order_by("slug")[:MOST])


def _of_collections(items: QuerySet[Item], user: "User", *, is_complete: bool) -> list[FacetValue]:
    own = items.filter(broadcaster__in=member_ids(user), collection__isnull=False)
    counts = Counter(own.order_by().values_list("collection_id", flat=True))
    return _named(counts, Collection.objects.all(), is_complete=is_complete)


def _of_records(items: QuerySet[Item], through: Any, field: str, model: Any, *, is_complete: bool) -> list[FacetValue]:
    rows = through.objects.filter(**{"item__in": items, f"{field}__isnull": False}).order_by()
    counts = Counter(pk for pk, _item in set(rows.values_list(f"{field}_id", "item_id")))
    return _named(counts, model.objects.all(), is_complete=is_complete)


def _of_languages(items: QuerySet[Item], *, is_complete: bool) -> list[FacetValue]:
    counts: Counter[str] = Counter()
    for tags in items.order_by().values_list("speech_languages", flat=True):
        counts.update({tag.partition("-")[0] for tag in tags})
    return _most(counts, lambda tag: _AUTONYMS.get(tag, tag), str, is_complete=is_complete)


def _named(counts: Counter[int], records: QuerySet[Any], *, is_complete: bool) -> list[FacetValue]:
    wanted = [pk for pk, _count in counts.most_common(MOST)]
    known = {record.pk: record for record in records.filter(pk__in=wanted)}
    return _most(
        counts, lambda pk: localized(known[pk], "name"), lambda pk: str(known[pk].slug), is_complete=is_complete
    )


def _most(
    counts: Counter[Any], label: Callable[[Any], str], value: Callable[[Any], str], *, is_complete: bool
) -> list[FacetValue]:
    return [
        FacetValue(value(key), label(key), count, is_capped=not is_complete) for key, count in counts.most_common(MOST)
    ]
