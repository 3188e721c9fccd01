"""The first page: what waits for this person, one figure a card, each leading to the rows that it counts."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Q
from django.db.models.functions import Now
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from broadcasters.permissions import may, permissions_of, roles_of
from broadcasters.querysets import member_ids
from mediaexchange.core.admin_base import staff
from mediaexchange.core.errors import Message
from mediaexchange.core.models import User
from newsexchange.admin.filters import UNANSWERED
from newsexchange.admin.ledger_filters import failing_subscriptions, retried_deliveries
from newsexchange.models import (
    Delivery,
    Feed,
    Offer,
    QuarantinedEntry,
    RecallNotice,
    Story,
    StoryRequest,
    Subscription,
)


@dataclass(frozen=True, slots=True)
class Card:
    """``look`` is info, success, warning or danger: how much it wants to be seen."""

    title: Message
    count: int
    url: str
    icon: str
    look: str
    note: Message = ""


def desk(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Unfold's dashboard callback: its title, and ``cards``, at most one query each, for what this user may do."""
    user = staff(request)
    granted = permissions_of(user)
    makers = (
        ("newsexchange.answer_offer", _offers),
        ("newsexchange.acknowledge_recall", _recalls),
        ("newsexchange.recall_story", _own_recalls),
        ("newsexchange.answer_storyrequest", _requests),
        ("newsexchange.view_quarantinedentry", _quarantine),
        ("newsexchange.view_feed", _feeds),
        ("newsexchange.view_subscription", _subscriptions),
        ("newsexchange.view_delivery", _deliveries),
        ("newsexchange.view_offer", _todays_offers),
        ("newsexchange.view_story", _stories),
    )
    return context | {
        "title": _("Exchange desk"),
        "cards": [make(user) for permission, make in makers if permission in granted],
    }


def _address(name: str, query: str) -> str:
    return reverse(f"admin:newsexchange_{name}_changelist") + query


def _at(user: User, permission: str) -> list[int]:
    return [pk for pk in roles_of(user) if may(user, permission, pk)]


def _offers(user: User) -> Card:
    count = Offer.objects.open_for(user).filter(to_broadcaster__in=_at(user, "newsexchange.answer_offer")).count()
    return Card(
        _("Offers to answer"), count, _address("offer", "?which=to-answer"), "inbox", "info" if count else "success"
    )


def _recalls(user: User) -> Card:
    ours = RecallNotice.objects.visible_to(user).unanswered()
    return _notices(
        _("Recalls to acknowledge"), ours.filter(broadcaster__in=_at(user, "newsexchange.acknowledge_recall")), "mine"
    )


def _own_recalls(user: User) -> Card:
    told = RecallNotice.objects.visible_to(user).unanswered()
    return _notices(
        _("Our recalls, not acknowledged yet"), told.filter(recall__story__broadcaster__in=member_ids(user)), "others"
    )


def _notices(title: Message, notices: Any, word: str) -> Card:
    found = notices.order_by().aggregate(count=Count("pk"), overdue=Count("pk", filter=Q(due_at__lt=Now())))
    note = _("%(count)d overdue") % {"count": found["overdue"]} if found["overdue"] else ""
    look = "danger" if found["overdue"] or (found["count"] and word == "mine") else "warning"
    url = _address("recallnotice", f"?acknowledged={word}")
    return Card(title, found["count"], url, "block", look if found["count"] else "success", note)


def _requests(user: User) -> Card:
    asked = StoryRequest.objects.visible_to(user).filter(
        to_broadcaster__in=_at(user, "newsexchange.answer_storyrequest"), status__in=UNANSWERED
    )
    found = asked.order_by().aggregate(count=Count("pk"), late=Count("pk", filter=Q(needed_by__lt=Now())))
    note = _("%(count)d past the time they were needed by") % {"count": found["late"]} if found["late"] else ""
    url = _address("storyrequest", "?which=to-answer")
    return Card(
        _("Requests to answer"), found["count"], url, "contact_support", "info" if found["count"] else "success", note
    )


def _quarantine(user: User) -> Card:
    count = QuarantinedEntry.objects.visible_to(user).waiting().count()
    url = _address("quarantinedentry", "?status_is=open")
    return Card(_("Waiting in quarantine"), count, url, "report", "warning" if count else "success")


def _feeds(user: User) -> Card:
    count = Feed.objects.visible_to(user).filter(is_active=True, failures__gt=0).count()
    return Card(
        _("Feeds failing"), count, _address("feed", "?health=failing"), "rss_feed", "danger" if count else "success"
    )


def _subscriptions(user: User) -> Card:
    count = Subscription.objects.visible_to(user).filter(failing_subscriptions()).count()
    url = _address("subscription", "?state=failing")
    return Card(_("Subscriptions failing"), count, url, "notifications_off", "danger" if count else "success")


def _deliveries(user: User) -> Card:
    """Only what is still being tried: it stands in an index of its own, however long the ledger is."""
    count = Delivery.objects.mine(user).filter(retried_deliveries()).count()
    url = _address("delivery", "?whose=mine&state=retried")
    return Card(_("Deliveries tried again"), count, url, "sync_problem", "warning" if count else "success")


def _todays_offers(user: User) -> Card:
    received = Offer.objects.visible_to(user).filter(to_broadcaster__in=member_ids(user))
    count = received.filter(offered_at__gte=start_of_today(user)).count()
    return Card(_("Offered to us today"), count, _address("offer", "?which=received&since=today"), "today", "info")


def _stories(user: User) -> Card:
    count = Story.objects.own(user).filter(published_at__gte=start_of_today(user)).count()
    return Card(_("Our stories today"), count, _address("story", "?whose=own&since=today"), "article", "info")


def start_of_today(user: User) -> datetime:
    """Midnight where this person is."""
    return timezone.localtime(timezone=ZoneInfo(user.time_zone)).replace(hour=0, minute=0, second=0, microsecond=0)
