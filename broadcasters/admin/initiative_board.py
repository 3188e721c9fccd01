"""The board of digital development: a column for each state, a card for each initiative, what is late in words."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from broadcasters.constants import InitiativeKind, InitiativeState
from broadcasters.models import Initiative, InitiativeMilestone
from mediaexchange.core.admin_base import staff
from mediaexchange.core.languages.localize import localized

MOST_CARDS = 200


@dataclass(frozen=True, slots=True)
class Card:
    initiative: Initiative
    title: str
    address: str
    owners: str
    people: str
    milestone: str
    due_on: date | None
    is_late: bool
    reached: int
    planned: int


@dataclass(frozen=True, slots=True)
class Column:
    state: str
    name: str
    cards: list[Card]


def board(page: Any, request: HttpRequest) -> HttpResponse:
    """A number of statements that does not depend on how many initiatives there are."""
    kind = request.GET.get("kind", "")
    rows = page.get_queryset(request).prefetch_related("owners__responsible", "milestones")
    if kind in InitiativeKind.values:
        rows = rows.filter(kind=kind)
    found = list(rows.order_by("ends_on", "pk")[: MOST_CARDS + 1])
    today = timezone.localdate()
    cards = [_card(each, today) for each in found[:MOST_CARDS]]
    columns = [
        Column(value, str(name), [card for card in cards if card.initiative.state == value])
        for value, name in InitiativeState.choices
    ]
    context = page.admin_site.each_context(request) | {
        "title": _("Board of digital development"),
        "opts": page.opts,
        "media": page.media,
        "columns": columns,
        "kinds": [(value, str(name), value == kind) for value, name in InitiativeKind.choices],
        "is_cut": len(found) > MOST_CARDS,
        "most": MOST_CARDS,
        "list": reverse("admin:broadcasters_initiative_changelist"),
        "add": reverse("admin:broadcasters_initiative_add") if page.has_add_permission(request) else "",
        "reader": staff(request),
    }
    request.current_app = page.admin_site.name
    return TemplateResponse(request, "broadcasters/initiative_board.html", context)


def _card(initiative: Initiative, today: date) -> Card:
    counted = [each for each in initiative.milestones.all() if not each.is_cancelled]
    waiting = [each for each in counted if each.actual_on is None]
    following: InitiativeMilestone | None = min(waiting, key=lambda each: each.planned_on, default=None)
    is_open = initiative.state in (InitiativeState.PROPOSED, InitiativeState.RUNNING, InitiativeState.PAUSED)
    owners = list(initiative.owners.all())
    return Card(
        initiative=initiative,
        title=localized(initiative, "name"),
        address=reverse("admin:broadcasters_initiative_change", args=[initiative.pk]),
        owners=", ".join(localized(owner.broadcaster, "abbreviation") or str(owner) for owner in owners),
        people=", ".join(owner.responsible.get_full_name() for owner in owners if owner.responsible),
        milestone=localized(following, "title") if following else "",
        due_on=following.planned_on if following else None,
        is_late=bool(is_open and following and following.planned_on < today),
        reached=len(counted) - len(waiting),
        planned=len(counted),
    )
