"""Who sees which money. This is the only place that knows what a private line of a budget is hidden from.

Money of a production is seen by those at its partners whose role reads budgets. A private line, and what was spent on
it, is seen by its owner's people alone: for everybody else there is no such row, in no list, sum, file or count.
"""

from typing import TYPE_CHECKING, Self, TypeVar

from django.contrib.auth.models import AnonymousUser
from django.db.models import DateField, DateTimeField, Exists, F, Func, Model, OuterRef, Q
from django.db.models.functions import Cast, Coalesce, Now

from broadcasters.querysets import member_ids_with
from productions.constants import BudgetStatus, InstalmentStatus
from productions.querysets import ProductionPartQuerySet

if TYPE_CHECKING:
    from mediaexchange.core.models import User

M = TypeVar("M", bound=Model)
VIEW = "productions.view_budget"


class MoneyQuerySet(ProductionPartQuerySet[M]):
    def visible_to(self, user: "User | AnonymousUser") -> Self:
        from productions.models import Partner

        theirs = Partner.objects.filter(
            production=OuterRef(self.production_path), broadcaster__in=member_ids_with(user, VIEW)
        )
        return super().visible_to(user).filter(Exists(theirs))


class BudgetQuerySet(MoneyQuerySet[M]):
    def in_force(self) -> Self:
        """At most one a production."""
        return self.filter(status=BudgetStatus.APPROVED)

    def open(self) -> Self:
        """At most one a production: the revision that is being written or decided on."""
        return self.filter(status__in=(BudgetStatus.DRAFT, BudgetStatus.SUBMITTED))


class BudgetPartQuerySet(MoneyQuerySet[M]):
    production_path = "budget__production"


class _LineQuerySet(MoneyQuerySet[M]):
    line_path = ""

    def visible_to(self, user: "User | AnonymousUser") -> Self:
        own = Q(**{f"{self.line_path}owner__broadcaster__in": member_ids_with(user, VIEW)})
        return super().visible_to(user).filter(own | self._shared())

    def shared(self) -> Self:
        """Those that every partner sees, for sums that are to be the same for all."""
        return self.filter(self._shared())

    def private_to(self, user: "User | AnonymousUser") -> Self:
        """The private ones of this user's own house."""
        return self.visible_to(user).filter(~self._shared())

    def _shared(self) -> Q:
        return Q(**{f"{self.line_path}is_private": False})


class BudgetLineQuerySet(_LineQuerySet[M]):
    production_path = "budget__production"


class ExpenseQuerySet(_LineQuerySet[M]):
    production_path = "line__budget__production"
    line_path = "line__"

    def counted(self) -> Self:
        """Without what was taken back."""
        return self.filter(voided_at__isnull=True)


class InstalmentQuerySet(MoneyQuerySet[M]):
    def with_day(self) -> Self:
        """Each row with ``falls_due_on``: its own day, or some days after its milestone was done; None until then."""
        clock = Func(
            F("milestone__time_zone"), F("milestone__done_at"), function="timezone", output_field=DateTimeField()
        )
        done_on = Func(
            Cast(clock, DateField()), F("term_days"), template="(%(expressions)s)", arg_joiner=" + ",
            output_field=DateField(),
        )  # fmt: skip
        return self.annotate(falls_due_on=Coalesce("due_on", done_on, output_field=DateField()))

    def overdue(self) -> Self:
        """Not paid though its day is over where the payer is, by the database's clock."""
        clock = Func(F("payer__broadcaster__time_zone"), Now(), function="timezone", output_field=DateTimeField())
        here = Cast(clock, DateField())
        return self.with_day().filter(~Q(status=InstalmentStatus.PAID), falls_due_on__lt=here)


class IncomePartQuerySet(MoneyQuerySet[M]):
    production_path = "income__production"
