"""Who sees which story, offer, take, recall, feed and quarantined entry; asked by every surface.

A story is seen by its own broadcaster always, and by another one while it is published, usable, free of embargo by the
database's clock, and offered to or taken by them. What hangs on a story is seen through it. A house's machinery (feeds,
quarantine, subscriptions, deliveries) is seen by those of its people whose role there may view it.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self, TypeVar

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Exists, F, Model, OuterRef, Q
from django.db.models.functions import Now

from broadcasters.querysets import member_ids, member_ids_with
from mediaexchange.core.rights.source_types import SYNTHETIC
from newsexchange.constants import (
    MEDIA_FETCH_ATTEMPTS,
    OPENING_OFFERS,
    AiUse,
    EditionOrigin,
    PubStatus,
    QuarantineStatus,
    StoryStatus,
)

if TYPE_CHECKING:
    from broadcasters.models import Broadcaster
    from mediaexchange.core.models import User

M = TypeVar("M", bound=Model)
Broadcasters = Iterable[int] | models.QuerySet[Any]


def _open() -> Q:
    """By the database's clock at the moment of reading."""
    return Q(
        Q(embargoed_until__isnull=True) | Q(embargoed_until__lte=Now()),
        Q(expires_at__isnull=True) | Q(expires_at__gt=Now()),
        status=StoryStatus.PUBLISHED,
        pubstatus=PubStatus.USABLE,
        is_held=False,
    )


class StoryQuerySet(models.QuerySet[M]):
    def out_in_the_open(self) -> Self:
        """Published, usable, not expired, and past any embargo at this moment of the database's clock."""
        return self.filter(_open())

    def not_withdrawn(self) -> Self:
        """Neither recalled nor expired at this moment: what also its own broadcaster may go on using."""
        return self.filter(Q(expires_at__isnull=True) | Q(expires_at__gt=Now()), pubstatus=PubStatus.USABLE)

    def own(self, user: "User | AnonymousUser") -> Self:
        return self.filter(broadcaster__in=member_ids(user))

    def visible_to(self, user: "User | AnonymousUser") -> Self:
        return self.seen_by(member_ids(user))

    def seen_by(self, broadcasters: Broadcasters) -> Self:
        """What these broadcasters see, given as a list of ids, a sub-query, or an outer row's column in a list."""
        from newsexchange.models import Offer

        # The second condition says nothing new. It keeps PostgreSQL from hashing all offers of a reader for one page.
        offered = Offer.objects.filter(
            story_id=OuterRef("pk"),
            story_id__gte=OuterRef("pk"),
            to_broadcaster__in=broadcasters,
            status__in=OPENING_OFFERS,
        )
        return self.filter(Q(broadcaster__in=broadcasters) | (_open() & Exists(offered)))

    def shown_to(self, broadcasters: Broadcasters) -> models.QuerySet[Any, tuple[int, int]]:
        """(story's id, broadcaster's id) for those of these that see a story as ``seen_by`` says, as guests."""
        from newsexchange.models import Offer

        offers = Offer.objects.filter(
            story__in=self.filter(_open()), to_broadcaster__in=broadcasters, status__in=OPENING_OFFERS
        )
        return offers.order_by().values_list("story_id", "to_broadcaster_id")

    def for_open_feeds(self) -> Self:
        """What anybody may read: released to open feeds by its broadcaster and free of restrictions."""
        from newsexchange.models import Restriction

        restricted = Restriction.objects.filter(story_id=OuterRef("pk"))
        free = self.out_in_the_open().filter(is_open=True, usage_terms="", broadcaster__is_active=True)
        return free.exclude(Exists(restricted))

    def usable_in(
        self, broadcaster: "Broadcaster", *, platform: str = "", territory: str = "", at: datetime | None = None
    ) -> Self:
        """Those whose use ``newsexchange.rights.may_use`` allows, with the same meaning of every argument."""
        from newsexchange.rights import is_usable

        return self.filter(is_usable(broadcaster, platform=platform, territory=territory, at=at))

    def due_for_release(self) -> Self:
        """Stories whose embargo has passed and whose release has not been announced."""
        return self.filter(
            embargoed_until__lte=Now(),
            released_at__isnull=True,
            status=StoryStatus.PUBLISHED,
            pubstatus=PubStatus.USABLE,
            is_held=False,
        )

    def due_for_expiry(self) -> Self:
        """Published stories whose time has passed without its having been told."""
        return self.filter(
            expires_at__lte=Now(), expired_at__isnull=True, status=StoryStatus.PUBLISHED, pubstatus=PubStatus.USABLE
        )


class ThroughStoryQuerySet(models.QuerySet[M]):
    """Rows that belong to a story and are seen by whoever sees it."""

    def visible_to(self, user: "User | AnonymousUser") -> Self:
        from newsexchange.models import Story

        return self.filter(story__in=Story.objects.visible_to(user))


class StoryFiledQuerySet(models.QuerySet[M]):
    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """Whoever sees the assignment and the story."""
        from correspondents.models import Assignment
        from newsexchange.models import Story

        seen = Assignment.objects.visible_to(user)
        return self.filter(assignment__in=seen, story__in=Story.objects.visible_to(user))


class RenditionQuerySet(ThroughStoryQuerySet[M]):
    def due_for_fetching(self) -> Self:
        """Remote files of feeds that keep copies, whose time has come and which nobody is fetching."""
        return self.filter(
            Q(fetch_due_at__isnull=True) | Q(fetch_due_at__lte=Now()),
            Q(fetch_leased_until__isnull=True) | Q(fetch_leased_until__lt=Now()),
            file__isnull=True,
            href__startswith="http",
            fetch_failures__lt=MEDIA_FETCH_ATTEMPTS,
            story__feed__fetches_media=True,
            story__broadcaster__is_active=True,
            story__status=StoryStatus.PUBLISHED,
            story__pubstatus=PubStatus.USABLE,
        )


class StoryDocumentQuerySet(ThroughStoryQuerySet[M]):
    def of_current_versions(self) -> Self:
        """What is not left over from a version that may have been withdrawn since."""
        return self.filter(version=F("story__version"))


class EditionQuerySet(ThroughStoryQuerySet[M]):
    def blocked(self) -> Self:
        """Texts that are not given to others: undeclared or unreviewed machine translations, synthetic text without its
        marks. What a feed declares to be a machine's is its origin's own publication and is given."""
        return self.filter(self._is_blocked())

    def given(self) -> Self:
        """The others."""
        return self.exclude(self._is_blocked())

    def _is_blocked(self) -> Q:
        undeclared = Q(origin=EditionOrigin.MACHINE, ai_use__in=["", AiUse.NONE])
        unreviewed = Q(origin=EditionOrigin.MACHINE, reviewed_by__isnull=True, story__feed__isnull=True)
        unmarked = ~Q(digital_source_type__in=SYNTHETIC) | Q(ai_label__regex=r"^ *$") | Q(reviewed_by__isnull=True)
        return undeclared | unreviewed | (Q(ai_use=AiUse.SYNTHETIC) & unmarked)


class NearDuplicateQuerySet(ThroughStoryQuerySet[M]):
    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """Only to those who see both."""
        from newsexchange.models import Story

        return super().visible_to(user).filter(other__in=Story.objects.visible_to(user))


class StoryVersionQuerySet(ThroughStoryQuerySet[M]):
    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """The origin sees all; others what they could once have read: neither recalled nor hidden versions."""
        from newsexchange.models import Recall

        withdrawn = Recall.objects.filter(story_id=OuterRef("story_id"), story_version__gte=OuterRef("version"))
        readable = Q(was_open=True) | Q(version=F("story__version"))
        others = readable & ~Exists(withdrawn)
        return super().visible_to(user).filter(Q(story__broadcaster__in=member_ids(user)) | others)


class OfferQuerySet(models.QuerySet[M]):
    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """Both sides see an offer; the receiving side only while the story itself is out in the open."""
        from newsexchange.models import Story

        received = Q(to_broadcaster__in=member_ids(user), story__in=Story.objects.out_in_the_open())
        return self.filter(Q(story__broadcaster__in=member_ids(user)) | received)

    def open_for(self, user: "User | AnonymousUser") -> Self:
        """Offers that wait for this user's broadcasters to answer."""
        return self.visible_to(user).filter(to_broadcaster__in=member_ids(user), status="open")


class TakeQuerySet(models.QuerySet[M]):
    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """The taker sees a take while the story is out in the open; the origin always."""
        from newsexchange.models import Story

        own = Q(broadcaster__in=member_ids(user), story__in=Story.objects.out_in_the_open())
        return self.filter(Q(story__broadcaster__in=member_ids(user)) | own)

    def known_to(self, user: "User | AnonymousUser") -> Self:
        """Also one's own takes of what is out of sight since: that one had it is no secret to oneself."""
        return self.visible_to(user) | self.filter(broadcaster__in=member_ids(user))


class RecallQuerySet(models.QuerySet[M]):
    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """The origin, and everybody who ever had the story."""
        from newsexchange.models import RecallNotice

        told = RecallNotice.objects.filter(recall_id=OuterRef("pk"), broadcaster__in=member_ids(user))
        return self.filter(Q(story__broadcaster__in=member_ids(user)) | Exists(told))


NOTICE_WAITS = Q(acknowledged_at__isnull=True, lifted_at__isnull=True)


class RecallNoticeQuerySet(models.QuerySet[M]):
    def visible_to(self, user: "User | AnonymousUser") -> Self:
        return self.filter(Q(broadcaster__in=member_ids(user)) | Q(recall__story__broadcaster__in=member_ids(user)))

    def unanswered(self) -> Self:
        """Those that wait: of a recall that was lifted nothing is waited for any more."""
        return self.filter(NOTICE_WAITS)

    def overdue(self) -> Self:
        return self.unanswered().filter(due_at__lt=Now())


class ReceiptQuerySet(models.QuerySet[M]):
    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """The origin sees who received its story; a receiver sees its own receipts while the story is visible."""
        from newsexchange.models import Story

        own = Q(broadcaster__in=member_ids(user), story__in=Story.objects.out_in_the_open())
        return self.filter(Q(story__broadcaster__in=member_ids(user)) | own)


class UseQuerySet(models.QuerySet[M]):
    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """Seen by whoever sees the take."""
        from newsexchange.models import Take

        return self.filter(take__in=Take.objects.visible_to(user))


class StoryRequestQuerySet(models.QuerySet[M]):
    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """Both sides."""
        return self.filter(Q(from_broadcaster__in=member_ids(user)) | Q(to_broadcaster__in=member_ids(user)))


class SubscriptionQuerySet(models.QuerySet[M]):
    def visible_to(self, user: "User | AnonymousUser") -> Self:
        return self.filter(broadcaster__in=member_ids_with(user, "newsexchange.view_subscription"))


class DeliveryQuerySet(models.QuerySet[M]):
    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """The subscriber sees every delivery; a story's origin those of its own stories, of whoever subscribes.

        The ledger names events by their uid and holds no text. What is the subscriber's own business (address, filter,
        errors) is not the origin's: see ``mine``.
        """
        from newsexchange.models import Story

        members = member_ids_with(user, "newsexchange.view_delivery")
        own = Story.objects.filter(broadcaster__in=members).values("uid")
        told_by = Q(subject_uid__in=own, event__subject_type="story")
        return self.filter(Q(subscription__broadcaster__in=members) | told_by)

    def mine(self, user: "User | AnonymousUser") -> Self:
        """Those of the user's own subscriptions."""
        return self.filter(subscription__broadcaster__in=member_ids_with(user, "newsexchange.view_delivery"))


class DeliveryAttemptQuerySet(models.QuerySet[M]):
    def visible_to(self, user: "User | AnonymousUser") -> Self:
        members = member_ids_with(user, "newsexchange.view_deliveryattempt")
        return self.filter(delivery__subscription__broadcaster__in=members)


class InboundDeliveryQuerySet(models.QuerySet[M]):
    def visible_to(self, user: "User | AnonymousUser") -> Self:
        return self.filter(feed__broadcaster__in=member_ids_with(user, "newsexchange.view_inbounddelivery"))


class FeedRuleQuerySet(models.QuerySet[M]):
    def visible_to(self, user: "User | AnonymousUser") -> Self:
        return self.filter(feed__broadcaster__in=member_ids_with(user, "newsexchange.view_feedrule"))


class FeedQuerySet(models.QuerySet[M]):
    def visible_to(self, user: "User | AnonymousUser") -> Self:
        return self.filter(broadcaster__in=member_ids_with(user, "newsexchange.view_feed"))

    def due(self) -> Self:
        """Active feeds whose time has come and which nobody holds a lease on."""
        return self.filter(
            Q(leased_until__isnull=True) | Q(leased_until__lt=Now()),
            is_active=True,
            next_sync_at__lte=Now(),
            broadcaster__is_active=True,
        ).exclude(url="")


class QuarantineQuerySet(models.QuerySet[M]):
    def visible_to(self, user: "User | AnonymousUser") -> Self:
        return self.filter(feed__broadcaster__in=member_ids_with(user, "newsexchange.view_quarantinedentry"))

    def waiting(self) -> Self:
        return self.filter(status=QuarantineStatus.OPEN)


def audience_of(story: Any) -> set[int]:
    """Ids of the broadcasters that may learn of a story's events: its own, and those it is offered to or taken by."""
    offers = story.offers.filter(status__in=OPENING_OFFERS)
    return {story.broadcaster_id, *offers.values_list("to_broadcaster_id", flat=True)}
