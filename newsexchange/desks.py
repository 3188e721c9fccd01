"""What waits for a news desk: answers to partners first, then what has failed."""

from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from broadcasters.constants import Role
from broadcasters.querysets import member_ids_with
from mediaexchange.core.desks import DeskItem, Urgency
from mediaexchange.core.models import User
from newsexchange.constants import OrderStatus, RequestStatus, StoryStatus
from newsexchange.models import (
    Delivery,
    Feed,
    Offer,
    QuarantinedEntry,
    RecallNotice,
    Story,
    StoryRequest,
    Subscription,
    TranslationOrder,
)
from newsexchange.standing import failing_subscriptions, retried_deliveries

_DESK: Any = (Role.EXCHANGE_DESK, Role.ADMINISTRATOR)
_EDITOR: Any = (Role.EDITOR,)
_BOTH: Any = (Role.EXCHANGE_DESK, Role.EDITOR, Role.ADMINISTRATOR)


def _offers(user: User) -> QuerySet[Offer]:
    houses = member_ids_with(user, "newsexchange.answer_offer")
    return Offer.objects.open_for(user).filter(to_broadcaster__in=houses)


def _recalls(user: User) -> QuerySet[RecallNotice]:
    houses = member_ids_with(user, "newsexchange.acknowledge_recall")
    return RecallNotice.objects.visible_to(user).unanswered().filter(broadcaster__in=houses)


def _own_recalls(user: User) -> QuerySet[RecallNotice]:
    houses = member_ids_with(user, "newsexchange.recall_story")
    return RecallNotice.objects.visible_to(user).unanswered().filter(recall__story__broadcaster__in=houses)


def _requests(user: User) -> QuerySet[StoryRequest]:
    houses = member_ids_with(user, "newsexchange.answer_storyrequest")
    unanswered = (RequestStatus.ASKED, RequestStatus.ACKNOWLEDGED)
    return StoryRequest.objects.visible_to(user).filter(to_broadcaster__in=houses, status__in=unanswered)


def _translations(user: User) -> QuerySet[TranslationOrder]:
    houses = member_ids_with(user, "newsexchange.review_translation")
    return TranslationOrder.objects.visible_to(user).filter(story__broadcaster__in=houses, status=OrderStatus.DONE)


def _drafts(user: User) -> QuerySet[Story]:
    houses = member_ids_with(user, "newsexchange.change_story")
    return Story.objects.own(user).filter(broadcaster__in=houses, status=StoryStatus.DRAFT)


def _quarantine(user: User) -> QuerySet[QuarantinedEntry]:
    return QuarantinedEntry.objects.visible_to(user).waiting()


def _feeds(user: User) -> QuerySet[Feed]:
    return Feed.objects.visible_to(user).filter(is_active=True, failures__gt=0)


def _subscriptions(user: User) -> QuerySet[Subscription]:
    return Subscription.objects.visible_to(user).filter(failing_subscriptions())


def _deliveries(user: User) -> QuerySet[Delivery]:
    """Only what is still being tried: it stands in an index of its own, however long the ledger is."""
    return Delivery.objects.mine(user).filter(retried_deliveries())


ITEMS = (
    DeskItem(
        "newsexchange.recalls", _("Recalls to acknowledge"), "newsexchange.recallnotice", _DESK,
        "newsexchange.acknowledge_recall", "block", Urgency.AT_ONCE, _recalls, late=lambda: Q(due_at__lt=Now()),
    ),
    DeskItem(
        "newsexchange.own-recalls", _("Our recalls, not acknowledged yet"), "newsexchange.recallnotice", _DESK,
        "newsexchange.recall_story", "undo", Urgency.AT_ONCE, _own_recalls, late=lambda: Q(due_at__lt=Now()),
    ),
    DeskItem(
        "newsexchange.feeds", _("Feeds failing"), "newsexchange.feed", _BOTH,
        "newsexchange.view_feed", "rss_feed", Urgency.AT_ONCE, _feeds,
    ),
    DeskItem(
        "newsexchange.subscriptions", _("Subscriptions failing"), "newsexchange.subscription", _BOTH,
        "newsexchange.view_subscription", "notifications_off", Urgency.AT_ONCE, _subscriptions,
    ),
    DeskItem(
        "newsexchange.offers", _("Offers to answer"), "newsexchange.offer", _BOTH,
        "newsexchange.answer_offer", "inbox", Urgency.ANSWER, _offers,
    ),
    DeskItem(
        "newsexchange.requests", _("Requests to answer"), "newsexchange.storyrequest", _BOTH,
        "newsexchange.answer_storyrequest", "contact_support", Urgency.ANSWER, _requests,
        late=lambda: Q(needed_by__lt=Now()),
    ),
    DeskItem(
        "newsexchange.deliveries", _("Deliveries tried again"), "newsexchange.delivery", _BOTH,
        "newsexchange.view_delivery", "sync_problem", Urgency.WORK, _deliveries,
    ),
    DeskItem(
        "newsexchange.quarantine", _("Waiting in quarantine"), "newsexchange.quarantinedentry", _BOTH,
        "newsexchange.view_quarantinedentry", "report", Urgency.WORK, _quarantine,
    ),
    DeskItem(
        "newsexchange.translations", _("Machine translations to review"), "newsexchange.translationorder",
        (*_EDITOR, *_DESK), "newsexchange.review_translation", "translate", Urgency.WORK, _translations,
    ),
    DeskItem(
        "newsexchange.drafts", _("Our drafts"), "newsexchange.story", (*_EDITOR, *_DESK),
        "newsexchange.change_story", "edit_note", Urgency.WORK, _drafts,
    ),
)  # fmt: skip
