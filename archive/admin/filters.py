"""What the archive's lists can be narrowed to. Choices hold what the reader may see; unknown values change nothing."""

from collections.abc import Iterable
from typing import Any

from django.contrib.admin.options import ModelAdmin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import DropdownFilter

from archive.querysets import Narrowing
from broadcasters.models import Broadcaster
from broadcasters.querysets import member_ids
from mediaexchange.core.admin_base import staff
from mediaexchange.core.models import User


class ByWord(DropdownFilter):
    """A filter whose values are words, each standing for a condition."""

    def words(self, user: User) -> dict[str, tuple[Any, Any]]:
        """Value → (label, condition or narrowing)."""
        raise NotImplementedError

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin) -> Iterable[tuple[str, Any]]:
        return [(word, label) for word, (label, _condition) in self.words(staff(request)).items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        found = self.words(staff(request)).get(self.value() or "")
        return narrow(queryset, found[1]) if found else queryset


def narrow(queryset: QuerySet, wanted: Any) -> QuerySet:
    """Filtered by a condition; lists of items keep in mind what an index knows of it."""
    if isinstance(wanted, Narrowing):
        return queryset.narrowed(wanted)  # type: ignore[attr-defined, no-any-return]
    return queryset.filter(wanted)


class ByChoice(ByWord):
    """The words of a field with choices."""

    column: str
    choices_of: type[Any]

    def words(self, user: User) -> dict[str, tuple[Any, Any]]:
        return {value.value: (value.label, Q(**{self.column: value.value})) for value in self.choices_of}


class ByRecord(DropdownFilter):
    """A filter whose values are ids of records the reader may see."""

    column: str
    most = 200  # choices; a longer list helps nobody

    def records(self, user: User) -> QuerySet:
        raise NotImplementedError

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin) -> Iterable[tuple[str, Any]]:
        return [(str(record.pk), str(record)) for record in self.records(staff(request))[: self.most]]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        chosen = self.value() or ""
        return queryset.filter(**{self.column: int(chosen)}) if chosen in dict(self.lookup_choices) else queryset


class HouseFilter(ByRecord):
    title, parameter_name, column = _("broadcaster"), "house", "broadcaster"

    def records(self, user: User) -> QuerySet:
        return Broadcaster.objects.visible_to(user)


class WhoseFilter(ByWord):
    title, parameter_name, column = _("whose"), "whose", "broadcaster"

    def words(self, user: User) -> dict[str, tuple[Any, Any]]:
        own = Q(**{f"{self.column}__in": member_ids(user)})
        return {"own": (_("our own"), own), "partners": (_("partners'"), ~own)}
