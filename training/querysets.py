"""Who sees what of training.

The parties of a module see its programmes, and its workshops once they are no drafts. A person's data are seen by those
of the person's own house who send people, by the coordinator of the house that hosts a workshop the person is enrolled
in, and by nobody else: not by other parties, not by other roles of the host.
"""

from typing import TYPE_CHECKING, Self, TypeVar

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Case, Count, Exists, F, IntegerField, Model, OuterRef, Q, Subquery, When
from django.db.models.functions import Now

from broadcasters.querysets import NamedQuerySet, member_ids, member_ids_with
from training.constants import ACTIVE, EnrolmentStatus, NoticeStatus, WorkshopStatus

if TYPE_CHECKING:
    from mediaexchange.core.models import User

M = TypeVar("M", bound=Model)
SEND, HOST = "training.view_participant", "training.change_enrolment"


def _is_party(user: "User | AnonymousUser", module: str) -> Q:
    """Of the module that stands in this column of the outer row."""
    from broadcasters.models import Module

    parties = Module.parties.through.objects
    return Q(Exists(parties.filter(module_id=OuterRef(module), broadcaster__in=member_ids(user))))


class ProgrammeQuerySet(NamedQuerySet[M]):
    def visible_to(self, user: "User | AnonymousUser") -> Self:
        return self.filter(_is_party(user, "module_id") | Q(broadcaster__in=member_ids(user)))


class WorkshopQuerySet(NamedQuerySet[M]):
    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """One's own house's, drafts too; others' once they are out."""
        own = Q(broadcaster__in=member_ids(user))
        return self.filter(own | ~Q(status=WorkshopStatus.DRAFT) & _is_party(user, "programme__module_id"))

    def hosted_by(self, user: "User | AnonymousUser") -> Self:
        """Those on whose nominations the user decides."""
        return self.filter(broadcaster__in=member_ids_with(user, HOST))

    def to_fill(self) -> Self:
        """Workshops with a free seat and somebody who waits for one; perhaps for other reasons than the seats."""
        from training.models import Enrolment

        waiting = Enrolment.objects.filter(workshop=OuterRef("pk"), status=EnrolmentStatus.WAITING)
        is_free = Q(seats_taken__lt=F("capacity"), status=WorkshopStatus.OPEN)
        return self.filter(is_free, Exists(waiting))


class WorkshopPartQuerySet(models.QuerySet[M]):
    """What hangs on a workshop and tells of no person: seen by whoever sees the workshop."""

    def visible_to(self, user: "User | AnonymousUser") -> Self:
        from training.models import Workshop

        return self.filter(workshop__in=Workshop.objects.visible_to(user))


class ParticipantQuerySet(models.QuerySet[M]):
    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """People of one's own house, those enrolled in workshops that one coordinates, and oneself."""
        from training.models import Enrolment

        hosted = Enrolment.objects.filter(
            participant=OuterRef("pk"), workshop__broadcaster__in=member_ids_with(user, HOST)
        )
        return self.filter(Q(broadcaster__in=member_ids_with(user, SEND)) | Q(Exists(hosted)) | Q(user_id=user.pk or 0))

    def own(self, user: "User | AnonymousUser") -> Self:
        """People whom the user's house sends, without those of others that come to it."""
        return self.filter(broadcaster__in=member_ids_with(user, SEND))


class ParticipantPartQuerySet(models.QuerySet[M]):
    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """Consents are a matter of the own house."""
        return self.filter(participant__broadcaster__in=member_ids_with(user, SEND))


def _enrolments(user: "User | AnonymousUser", prefix: str = "") -> Q:
    return (
        Q(**{f"{prefix}broadcaster__in": member_ids_with(user, SEND)})
        | Q(**{f"{prefix}workshop__broadcaster__in": member_ids_with(user, HOST)})
        | Q(**{f"{prefix}participant__user_id": user.pk or 0})
    )


class EnrolmentQuerySet(models.QuerySet[M]):
    def visible_to(self, user: "User | AnonymousUser") -> Self:
        return self.filter(_enrolments(user))

    def active(self) -> Self:
        return self.filter(status__in=ACTIVE)

    def waiting(self) -> Self:
        """In the order of the list."""
        return self.filter(status=EnrolmentStatus.WAITING).order_by("queue_number")

    def with_people(self) -> Self:
        return self.select_related("participant", "broadcaster")

    def with_place(self) -> Self:
        """Each row with ``place``: as which it waits, counted without those who wait no more; None unless it waits."""
        ahead = self.model._default_manager.filter(
            workshop=OuterRef("workshop"), status=EnrolmentStatus.WAITING, queue_number__lte=OuterRef("queue_number")
        )
        counted = ahead.order_by().values("workshop").annotate(ahead=Count("pk")).values("ahead")
        waits = When(status=EnrolmentStatus.WAITING, then=Subquery(counted))
        return self.annotate(place=Case(waits, output_field=IntegerField()))

    def that_fit(self) -> Self:
        """Those whose house has seats left, as far as a quota binds it."""
        from training.models import SeatQuota

        full = SeatQuota.objects.filter(
            workshop=OuterRef("workshop"), broadcaster=OuterRef("broadcaster"), seats_taken__gte=F("seats")
        )
        return self.filter(~Exists(full))

    def with_lapsed_offer(self) -> Self:
        """By the database's clock."""
        return self.filter(status=EnrolmentStatus.OFFERED, offer_ends_at__lte=Now())

    def with_attendance(self) -> Self:
        """Each row with ``attended``: at how many sessions that took place the person was."""
        from training.models import Attendance

        there = Attendance.objects.filter(enrolment=OuterRef("pk"), status="attended", session__is_cancelled=False)
        counted = there.order_by().values("enrolment").annotate(number=models.Count("pk")).values("number")
        zero = models.Value(0)
        return self.annotate(
            attended=models.functions.Coalesce(Subquery(counted), zero, output_field=models.IntegerField())
        )


class EnrolmentPartQuerySet(models.QuerySet[M]):
    def visible_to(self, user: "User | AnonymousUser") -> Self:
        return self.filter(_enrolments(user, "enrolment__"))


class NoticeQuerySet(EnrolmentPartQuerySet[M]):
    def due(self) -> Self:
        free = Q(leased_until__isnull=True) | Q(leased_until__lt=Now())
        return self.filter(free, status=NoticeStatus.PENDING, due_at__lte=Now())


class FeedbackFormQuerySet(NamedQuerySet[M]):
    """Forms may be used by every house of the exchange."""

    def visible_to(self, user: "User | AnonymousUser") -> Self:
        return self.filter(Exists(member_ids(user)))

    def of(self, user: "User | AnonymousUser") -> Self:
        return self.filter(broadcaster__in=member_ids(user))


class FormPartQuerySet(models.QuerySet[M]):
    def visible_to(self, user: "User | AnonymousUser") -> Self:
        return self.filter(Exists(member_ids(user)))


class ResponseQuerySet(models.QuerySet[M]):
    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """Nobody is told by them who said what; the parties of the module read the results."""
        from training.models import Workshop

        return self.filter(workshop__in=Workshop.objects.visible_to(user))
