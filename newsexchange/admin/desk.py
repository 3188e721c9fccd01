"""The first page: what waits for this person, one figure a card, each leading to its rows."""

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
from mediaexchange.core.admin_base import staff
from mediaexchange.core.errors import Message
from mediaexchange.core.models import User
from newsexchange.models import Feed, Offer, QuarantinedEntry, RecallNotice, Story


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
    """Unfold's dashboard callback: adds ``cards``, at most one query each, for what this user may do."""
    user = staff(request)
    granted = permissions_of(user)
    makers = (
        ("newsexchange.answer_offer", _offers),
        ("newsexchange.acknowledge_recall", _recalls),
        ("newsexchange.view_quarantinedentry", _quarantine),
        ("newsexchange.view_feed", _feeds),
        ("newsexchange.view_story", _stories),
    )
    return context | {"cards": [make(user) for permission, make in makers if permission in granted]}


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
    ours = ours.filter(broadcaster__in=_at(user, "newsexchange.acknowledge_recall"))
    found = ours.order_by().aggregate(count=Count("pk"), overdue=Count("pk", filter=Q(due_at__lt=Now())))
    note = _("%(count)d overdue") % {"count": found["overdue"]} if found["overdue"] else ""
    look = "danger" if found["count"] else "success"
    url = _address("recallnotice", "?acknowledged=mine")
    return Card(_("Recalls to acknowledge"), found["count"], url, "block", look, note)


def _quarantine(user: User) -> Card:
    count = QuarantinedEntry.objects.visible_to(user).waiting().count()
    url = _address("quarantinedentry", "?status_is=open")
    return Card(_("Waiting in quarantine"), count, url, "report", "warning" if count else "success")


def _feeds(user: User) -> Card:
    count = Feed.objects.visible_to(user).filter(is_active=True, failures__gt=0).count()
    return Card(
        _("Feeds failing"), count, _address("feed", "?health=failing"), "rss_feed", "danger" if count else "success"
    )


def _stories(user: User) -> Card:
    count = Story.objects.own(user).filter(published_at__gte=start_of_today(user)).count()
    return Card(_("Our stories today"), count, _address("story", "?whose=own&since=today"), "article", "info")


def start_of_today(user: User) -> datetime:
    """Midnight where this person is."""
    return timezone.localtime(timezone=ZoneInfo(user.time_zone)).replace(hour=0, minute=0, second=0, microsecond=0)
