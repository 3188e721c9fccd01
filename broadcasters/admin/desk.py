"""The first page: what waits for this person, by role, the most urgent first; each figure opens the rows it counts."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from broadcasters.constants import Role
from broadcasters.permissions import roles_of
from mediaexchange.core.admin_base import staff
from mediaexchange.core.desks import DeskItem, Urgency, Waiting, items_for, waiting
from mediaexchange.core.errors import Message
from mediaexchange.core.models import User

_LOOKS = {Urgency.AT_ONCE: "danger", Urgency.ANSWER: "info", Urgency.SOON: "warning", Urgency.WORK: ""}


@dataclass(frozen=True, slots=True)
class Card:
    """``look`` is info, warning, danger or empty: how much it wants to be seen."""

    title: Message
    count: int
    url: str
    icon: str
    look: str
    note: Message = ""


@dataclass(frozen=True, slots=True)
class Desk:
    """What waits for one of the reader's roles."""

    role: str
    title: Message
    cards: list[Card]


def desk(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Unfold's dashboard callback. ``desks`` and, all in one, ``cards``: one query each for what may wait here."""
    user = staff(request)
    places = _places(user)
    found = waiting(places, user)
    desks = [
        Desk(role, Role(role).label, [_card(each) for each in found if places[each.item] == role])
        for role in dict.fromkeys(places.values())
    ]
    return context | {
        "title": _("What waits for you"),
        "desks": [each for each in desks if each.cards],
        "cards": [card for each in desks for card in each.cards],
    }


def _places(user: User) -> dict[DeskItem, str]:
    """At which of the reader's desks each item stands: at the first of its roles that the reader has."""
    held = {role for roles in roles_of(user).values() for role in roles}
    held |= set(Role.values) if user.is_superuser else set()
    placed = {item: next((role for role in item.roles if role in held), "") for item in items_for(user)}
    order = {role: number for number, role in enumerate(Role.values)}
    return dict(sorted(((item, role) for item, role in placed.items() if role), key=lambda pair: order[pair[1]]))


def _card(found: Waiting) -> Card:
    item = found.item
    look = "danger" if found.late else _LOOKS[item.urgency]
    note = _("%(count)d overdue") % {"count": found.late} if found.late else ""
    return Card(item.title, found.count, item.address(), item.icon, look, note)
