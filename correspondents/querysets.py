"""Who sees what of correspondents.

A house follows its own assignments; the desk of the host sees those that come to it, once they are no drafts. Names,
languages and the standing of papers cross with an assignment. Where a person is and how they are reached are seen by
their own desk, by the host's while the assignment runs, and by the person. The planning calendar belongs to the
parties of its module.
"""

from typing import TYPE_CHECKING, Self, TypeVar

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Exists, Model, OuterRef, Q

from broadcasters.querysets import NamedQuerySet, member_ids, member_ids_with
from correspondents.constants import OPEN, SHOWN_TO_HOST, AssignmentStatus, EventStatus, PaperStatus, WishStatus

if TYPE_CHECKING:
    from mediaexchange.core.models import User

M = TypeVar("M", bound=Model)
FOLLOW, HOST = "correspondents.follow_assignment", "correspondents.host_assignment"
KEEP_PAPERS, WHERE = "correspondents.keep_paper", "correspondents.view_whereabouts"


class SharedQuerySet(NamedQuerySet[M]):
    """What is known to every house of the exchange."""

    def visible_to(self, user: "User | AnonymousUser") -> Self:
        return self.filter(Exists(member_ids(user)))


class RequirementQuerySet(SharedQuerySet[M]):
    def in_force(self) -> Self:
        return self.filter(is_active=True)


class HouseQuerySet(models.QuerySet[M]):
    """Rows that the house's own planners see."""

    def visible_to(self, user: "User | AnonymousUser") -> Self:
        return self.filter(broadcaster__in=member_ids_with(user, FOLLOW))


class CorrespondentQuerySet(models.QuerySet[M]):
    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """People of one's own house, those who come to it or are to hand over to it, and oneself."""
        from correspondents.models import Assignment, HandOver

        coming = Assignment.objects.filter(
            correspondent=OuterRef("pk"), status__in=SHOWN_TO_HOST, host__in=member_ids_with(user, HOST)
        )
        handing = HandOver.objects.filter(
            assignment__correspondent=OuterRef("pk"), to_correspondent__broadcaster__in=member_ids_with(user, FOLLOW)
        )
        own = Q(broadcaster__in=member_ids_with(user, FOLLOW)) | Q(user_id=user.pk or 0)
        return self.filter(own | Exists(coming) | Exists(handing))

    def own(self, user: "User | AnonymousUser") -> Self:
        """People whom the user's house sends."""
        return self.filter(broadcaster__in=member_ids_with(user, FOLLOW))

    def at_work(self) -> Self:
        return self.filter(is_active=True, anonymised_at__isnull=True)


class WhereaboutsQuerySet(models.QuerySet[M]):
    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """For the own desk, for the host's while the assignment runs, and for the person; for nobody else."""
        from correspondents.models import Assignment

        hosted = Assignment.objects.filter(
            correspondent=OuterRef("correspondent"),
            status=AssignmentStatus.IN_PROGRESS,
            host__in=member_ids_with(user, HOST),
        )
        own = Q(correspondent__broadcaster__in=member_ids_with(user, WHERE))
        return self.filter(own | Q(correspondent__user_id=user.pk or 0) | Exists(hosted))


class PaperQuerySet(models.QuerySet[M]):
    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """The own desk's, one's own, and of those who come: what stands for the country that they come to."""
        from correspondents.models import Assignment

        coming = Assignment.objects.filter(
            correspondent=OuterRef("correspondent"),
            place__country_code=OuterRef("country_code"),
            status__in=OPEN,
            host__in=member_ids_with(user, HOST),
        )
        return self.filter(self._own(user) | Exists(coming))

    def with_numbers_for(self, user: "User | AnonymousUser") -> Self:
        """Those whose reference number the user may read."""
        return self.filter(self._own(user))

    def _own(self, user: "User | AnonymousUser") -> Q:
        own = Q(correspondent__broadcaster__in=member_ids_with(user, KEEP_PAPERS))
        return own | Q(correspondent__user_id=user.pk or 0)

    def granted(self) -> Self:
        return self.filter(status=PaperStatus.GRANTED)


def _assignments(user: "User | AnonymousUser", prefix: str = "") -> Q:
    return (
        Q(**{f"{prefix}broadcaster__in": member_ids_with(user, FOLLOW)})
        | Q(**{f"{prefix}host__in": member_ids_with(user, HOST), f"{prefix}assigned_at__isnull": False})
        & ~Q(**{f"{prefix}status": AssignmentStatus.DRAFT})
        | Q(**{f"{prefix}correspondent__user_id": user.pk or 0}) & ~Q(**{f"{prefix}status": AssignmentStatus.DRAFT})
    )


def _own_side(user: "User | AnonymousUser", prefix: str = "") -> Q:
    """The house that sends, and the person who goes."""
    house = Q(**{f"{prefix}broadcaster__in": member_ids_with(user, FOLLOW)})
    return house | Q(**{f"{prefix}correspondent__user_id": user.pk or 0})


# Who may read who goes: their own side always, a host only while the assignment holds the person.
TELLS_WHO = Q(is_own_side=True) | Q(status__in=SHOWN_TO_HOST)


class AssignmentQuerySet(models.QuerySet[M]):
    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """Those of the own house, those that come to it, one's own: ``is_own_side`` tells the first and last apart."""
        return self.filter(_assignments(user)).annotate(is_own_side=_own_side(user))

    def telling_who(self) -> Self:
        """Of what ``visible_to`` gave: those of which its reader may know who goes."""
        return self.filter(TELLS_WHO)

    def own(self, user: "User | AnonymousUser") -> Self:
        """Of houses whose assignments the user follows."""
        return self.filter(broadcaster__in=member_ids_with(user, FOLLOW))

    def hosted_by(self, user: "User | AnonymousUser") -> Self:
        """Those that come to a house for which the user coordinates."""
        rows = self.filter(host__in=member_ids_with(user, HOST), assigned_at__isnull=False)
        return rows.exclude(status=AssignmentStatus.DRAFT)

    def of_person(self, user: "User | AnonymousUser") -> Self:
        """The user's own, as a correspondent."""
        return self.filter(correspondent__user_id=user.pk or 0).exclude(status=AssignmentStatus.DRAFT)

    def open(self) -> Self:
        return self.filter(status__in=OPEN)


class AssignmentPartQuerySet(models.QuerySet[M]):
    """What hangs on an assignment: seen by whoever sees it."""

    def visible_to(self, user: "User | AnonymousUser") -> Self:
        return self.filter(_assignments(user, "assignment__"))


class FootageFiledQuerySet(AssignmentPartQuerySet[M]):
    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """Of assignments that one sees: those items that one sees."""
        from archive.models import Item

        return super().visible_to(user).filter(item__in=Item.objects.visible_to(user))


class HandOverQuerySet(models.QuerySet[M]):
    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """For both sides: whoever sees the assignment, the house and the person that take over.

        ``tells_who`` says whether the user may read who hands over.
        """
        receiver = Q(to_correspondent__broadcaster__in=member_ids_with(user, FOLLOW))
        receiver |= Q(to_correspondent__user_id=user.pk or 0)
        own = _own_side(user, "assignment__")
        rows = self.filter(_assignments(user, "assignment__") | receiver)
        return rows.annotate(tells_who=receiver | own | Q(assignment__status__in=SHOWN_TO_HOST))


class KitBookingQuerySet(models.QuerySet[M]):
    def visible_to(self, user: "User | AnonymousUser") -> Self:
        return self.filter(kit__broadcaster__in=member_ids_with(user, FOLLOW))

    def standing(self) -> Self:
        return self.filter(released_at__isnull=True)


def _is_party(user: "User | AnonymousUser", module: str) -> Exists:
    from broadcasters.models import Module

    parties = Module.parties.through.objects
    return Exists(parties.filter(module_id=OuterRef(module), broadcaster__in=member_ids(user)))


class PlannedEventQuerySet(NamedQuerySet[M]):
    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """One's own house's, and those shared with the parties of their module."""
        shared = Q(is_shared=True) & Q(_is_party(user, "module_id"))
        return self.filter(Q(broadcaster__in=member_ids(user)) | shared)

    def standing(self) -> Self:
        return self.exclude(status=EventStatus.CANCELLED)


class CoverageWishQuerySet(models.QuerySet[M]):
    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """One's own house's, and others' for events that one sees: partners plan together what each of them wants."""
        from correspondents.models import PlannedEvent

        return self.filter(Q(broadcaster__in=member_ids(user)) | Q(event__in=PlannedEvent.objects.visible_to(user)))

    def unanswered(self) -> Self:
        return self.filter(status=WishStatus.WANTED)
