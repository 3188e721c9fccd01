"""Who sees what hangs on a memorandum or a module: the members of its parties, nobody else."""

from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Exists, Model, OuterRef

from broadcasters.constants import OPEN_INITIATIVES
from broadcasters.querysets import NamedQuerySet, member_ids

if TYPE_CHECKING:
    from mediaexchange.core.models import User

M = TypeVar("M", bound=Model)


class OfMemorandumQuerySet(models.QuerySet[M]):
    """``memorandum_path`` is the way from the row to its memorandum."""

    memorandum_path: ClassVar[str] = "memorandum"

    def visible_to(self, user: "User | AnonymousUser") -> Self:
        from broadcasters.models import Memorandum

        return self.filter(**{f"{self.memorandum_path}__in": Memorandum.objects.visible_to(user)})


class OfMinutesQuerySet(OfMemorandumQuerySet[M]):
    memorandum_path = "minutes__memorandum"


class NoticeQuerySet(OfMemorandumQuerySet[M]):
    def standing(self) -> Self:
        """Those that were not taken back."""
        return self.filter(withdrawn_on__isnull=True)


class MinutesQuerySet(OfMemorandumQuerySet[M]):
    def with_parts(self) -> Self:
        return self.select_related("memorandum", "place").prefetch_related(
            "memorandum__parties__broadcaster", "memorandum__notices", "participants__broadcaster", "items__owner",
            "items__obligation", "approvals__broadcaster",
        )  # fmt: skip


class OfModuleQuerySet(models.QuerySet[M]):
    """``module_path`` is the way from the row to its module."""

    module_path: ClassVar[str] = "module"

    def visible_to(self, user: "User | AnonymousUser") -> Self:
        return self.filter(_of_own_modules(user, self.module_path))


class OfReviewQuerySet(OfModuleQuerySet[M]):
    module_path = "review__module"


class InitiativeQuerySet(NamedQuerySet[M]):
    def visible_to(self, user: "User | AnonymousUser") -> Self:
        return self.filter(_of_own_modules(user, "module"))

    def open(self) -> Self:
        return self.filter(state__in=OPEN_INITIATIVES)


class OfInitiativeQuerySet(OfModuleQuerySet[M]):
    module_path = "initiative__module"

    def overdue(self, day: Any) -> Self:
        """Planned before this day, neither reached nor called off, of initiatives that have not ended."""
        return self.filter(
            planned_on__lt=day, actual_on__isnull=True, is_cancelled=False, initiative__state__in=OPEN_INITIATIVES
        )


class GuidelineQuerySet(NamedQuerySet[M]):
    def visible_to(self, user: "User | AnonymousUser") -> Self:
        return self.filter(_of_own_modules(user, "module"))


class OfGuidelineQuerySet(OfModuleQuerySet[M]):
    module_path = "guideline__module"


class OfVersionQuerySet(OfModuleQuerySet[M]):
    module_path = "version__guideline__module"


def _of_own_modules(user: "User | AnonymousUser", path: str) -> Exists:
    from broadcasters.models import Module

    links = Module.parties.through.objects
    return Exists(links.filter(module_id=OuterRef(f"{path}_id"), broadcaster__in=member_ids(user)))
