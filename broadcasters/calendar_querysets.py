"""Who sees what of the diplomatic calendar and of claims.

What is published is public: every member of the exchange sees it. A draft is seen by the house that keeps it, by nobody
else. A claim about a memorandum or a module is seen by whoever sees that, besides.
"""

from datetime import date
from typing import TYPE_CHECKING, Any, Self, TypeVar

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Exists, Model, OuterRef, Q, Value
from django.db.models.functions import Coalesce

from broadcasters.querysets import NamedQuerySet, member_ids

if TYPE_CHECKING:
    from mediaexchange.core.models import User

M = TypeVar("M", bound=Model)
EXACT_DAYS = r"^\d{4}-\d{2}-\d{2}(/\d{4}-\d{2}-\d{2})?$"  # neither a month nor an uncertain day
_UNDATED_LAST = date(9999, 12, 31)


def published_or_own(user: "User | AnonymousUser") -> Q:
    """Whatever its rows are: shared with every member, or kept by a house of this user."""
    return Q(Exists(member_ids(user))) & (Q(is_published=True) | Q(broadcaster__in=member_ids(user)))


class DiplomaticEventQuerySet(NamedQuerySet[M]):
    def visible_to(self, user: "User | AnonymousUser") -> Self:
        return self.filter(published_or_own(user))

    def touching(self, first: date | None, last: date | None) -> Self:
        """Those that may fall on one of these days, both included; None is an open end. Undated ones never do."""
        rows = self.filter(Q(dated_first__isnull=False) | Q(dated_last__isnull=False))
        if first is not None:
            rows = rows.filter(Q(dated_last__isnull=True) | Q(dated_last__gte=first))
        if last is not None:
            rows = rows.filter(Q(dated_first__isnull=True) | Q(dated_first__lte=last))
        return rows

    def on_exact_days(self) -> Self:
        return self.filter(dated__regex=EXACT_DAYS)

    def yearly(self) -> Self:
        """Published ones whose anniversaries are marked and can be reckoned."""
        return self.filter(is_yearly=True, is_published=True, dated_first__isnull=False).exclude(standing="called-off")

    def with_sort_day(self) -> Self:
        """Each with ``sort_day``: its first day, the undated last."""
        return self.annotate(sort_day=Coalesce("dated_first", Value(_UNDATED_LAST), output_field=models.DateField()))


class ClaimQuerySet(models.QuerySet[M]):
    def visible_to(self, user: "User | AnonymousUser") -> Self:
        from broadcasters.models import DiplomaticEvent, Memorandum, Module

        rows = self.filter(published_or_own(user))
        subjects: tuple[tuple[str, Any], ...] = (
            ("event", DiplomaticEvent.objects), ("memorandum", Memorandum.objects), ("module", Module.objects),
        )  # fmt: skip
        for name, known in subjects:
            seen = known.visible_to(user).filter(pk=OuterRef(f"{name}_id"))
            rows = rows.filter(Q(**{f"{name}__isnull": True}) | Exists(seen))
        return rows

    def with_attribution(self) -> Self:
        """With everything that is needed to say who says it, and of what."""
        return self.select_related(
            "speaker_person", "speaker_institution", "topic", "event", "place", "institution", "person", "memorandum",
            "module", "broadcaster",
        )  # fmt: skip

    def side_by_side(self) -> Self:
        """In the order in which they were said; what is not dated comes last. None stands above the others."""
        return self.order_by(models.F("said_first").asc(nulls_last=True), "pk")
