"""What waits for a person. Apps say it in their ``desks`` modules, as ``ITEMS``; the first page counts the rows.

A figure and the list that it opens are the same rows: the list is narrowed by ``?desk=<code>`` to what ``rows`` gives.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from importlib import import_module
from typing import Any

from django.apps import apps
from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.module_loading import module_has_submodule

from mediaexchange.core.errors import Message
from mediaexchange.core.models import User

PARAMETER = "desk"


class Urgency(IntEnum):
    """What comes first. Items of the same urgency stand as their apps have them."""

    AT_ONCE = 0  # somebody is harmed while it waits
    ANSWER = 1  # another house waits
    SOON = 2  # a day is coming
    WORK = 3  # one's own work to go on with


@dataclass(frozen=True, slots=True)
class DeskItem:
    """``rows`` are those that wait for this user, by their roles and ``visible_to``; without joins that repeat rows.

    ``code`` begins with its app's label and a dot. ``roles`` are the desks at which it stands, ``permission`` what the
    user must hold besides. ``late`` tells which of the rows have waited too long. ``queries`` is how many statements
    ``rows`` itself takes, besides the one that counts: for what only Python can reckon.
    """

    code: str
    title: Message
    model: str
    roles: tuple[str, ...]
    permission: str
    icon: str
    urgency: Urgency
    rows: Callable[[User], QuerySet[Any]]
    late: Callable[[], Q] | None = None
    queries: int = 0

    def address(self) -> str:
        name = self.model.replace(".", "_")
        return f"{reverse(f'admin:{name}_changelist')}?{PARAMETER}={self.code}"


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many rows of an item wait, and how many of them have waited too long."""

    item: DeskItem
    count: int
    late: int


@cache
def all_items() -> tuple[DeskItem, ...]:
    """Of all apps, by urgency. Raises ValueError where two have the same code: codes stand in addresses."""
    items: list[DeskItem] = []
    for app in apps.get_app_configs():
        if module_has_submodule(app.module, "desks") and app.label != "core":
            items += import_module(f"{app.name}.desks").ITEMS
    if len({item.code for item in items}) < len(items):
        raise ValueError("Two items of desks have the same code.")
    return tuple(sorted(items, key=lambda item: item.urgency))


def items_for(user: User, *, model: str = "") -> list[DeskItem]:
    """Those that may wait for this user, on the list of ``model`` if it is named."""
    return [item for item in all_items() if (not model or item.model == model) and user.has_perm(item.permission)]


def waiting(items: Iterable[DeskItem], user: User) -> list[Waiting]:
    """What waits now, one statement an item; items without rows are left out. What is late stands first."""
    found = []
    for item in items:
        late = Count("pk", filter=item.late()) if item.late else Count("pk", filter=Q(pk=None))
        counted = item.rows(user).order_by().aggregate(count=Count("pk"), late=late)
        if counted["count"]:
            found.append(Waiting(item, counted["count"], counted["late"]))
    return sorted(found, key=lambda each: (not each.late, each.item.urgency))
