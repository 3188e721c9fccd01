"""The board: a column for each stage, a card for each production, and what each of them waits for."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count, F, Prefetch, Q, QuerySet
from django.db.models.functions import Now
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from archive.admin.base import short_name
from broadcasters.constants import Area
from broadcasters.models import Broadcaster, Module
from mediaexchange.core.admin_base import staff
from mediaexchange.core.languages.localize import localized
from mediaexchange.core.models import User
from productions.constants import ProductionKind
from productions.models import Milestone, Partner, Production, Stage, StageMove, Theme
from productions.querysets import CHANGE
from productions.services.stage import Blocker, next_blockers

MOST_CARDS = 300
_CLOSED_SHOWN = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Card:
    production: Production
    title: str
    address: str
    partners: str
    blockers: list[Blocker]
    milestone: Milestone | None
    owner: str
    is_late: bool
    moves: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Column:
    """``hidden`` is how many closed productions are older than the board shows."""

    stage: Stage
    name: str
    cards: list[Card]
    hidden: int


def board(page: Any, request: HttpRequest) -> HttpResponse:
    """A number of statements that does not depend on how many productions there are."""
    user = staff(request)
    chosen = {name: request.GET.get(name, "") for name in ("module", "partner", "theme", "kind", "pilot")}
    rows = narrowed(Production.objects.visible_to(user), chosen)
    is_old = Q(stage__is_closed=True, staged_at__lt=Now() - _CLOSED_SHOWN)
    partners = Partner.objects.select_related("broadcaster")
    found = list(
        rows.exclude(is_old)
        .select_related("stage", "module", "made_by")
        .prefetch_related(Prefetch("partners", partners))
        .order_by(F("slate_on").asc(nulls_last=True), "-pk")[: MOST_CARDS + 1]
    )
    old = dict(rows.filter(is_old).order_by().values_list("stage").annotate(Count("pk")))
    cards = cards_of(found[:MOST_CARDS], user)
    columns = [
        Column(stage, localized(stage, "name"), cards.get(stage.pk, []), old.get(stage.pk, 0))
        for stage in Stage.objects.order_by("position", "pk")
    ]
    context = page.admin_site.each_context(request) | {
        "title": _("Board of co-productions"),
        "opts": page.opts,
        "media": page.media,
        "columns": columns,
        "filters": _filters(user, chosen),
        "pilot": chosen["pilot"],
        "is_cut": len(found) > MOST_CARDS,
        "most": MOST_CARDS,
        "may_add": page.has_add_permission(request),
        "list": reverse("admin:productions_production_changelist"),
    }
    request.current_app = page.admin_site.name
    return TemplateResponse(request, "productions/board.html", context)


def narrowed(rows: QuerySet[Production], chosen: dict[str, str]) -> QuerySet[Production]:
    """By slugs of module, partner and theme, by kind, and to pilots; an empty or unknown word narrows nothing."""
    for name, column in (("module", "module__slug"), ("theme", "themes__slug")):
        if chosen[name]:
            rows = rows.filter(**{column: chosen[name]})
    if chosen["partner"]:
        rows = rows.filter(partners__broadcaster__slug=chosen["partner"])
    if chosen["kind"] in ProductionKind.values:
        rows = rows.filter(kind=chosen["kind"])
    return rows.filter(is_pilot=True) if chosen["pilot"] == "on" else rows


def cards_of(productions: list[Production], user: User) -> dict[int, list[Card]]:
    """By stage, in the order given."""
    changeable = set(
        Production.objects.changeable_by(user, CHANGE)
        .filter(pk__in=[each.pk for each in productions])
        .values_list("pk", flat=True)
    )
    blockers = next_blockers(productions)
    milestones = _next_milestones(productions)
    moves = _moves()
    now = timezone.now()
    cards: dict[int, list[Card]] = {}
    for each in productions:
        milestone = milestones.get(each.pk)
        cards.setdefault(each.stage_id, []).append(
            Card(
                production=each,
                title=localized(each, "name"),
                address=reverse("admin:productions_production_change", args=[each.pk]),
                partners=", ".join(short_name(partner.broadcaster) for partner in each.partners.all()),
                blockers=blockers[each.pk],
                milestone=milestone,
                owner=short_name(milestone.owner.broadcaster) if milestone else "",
                is_late=milestone is not None and milestone.is_late(now),
                moves=moves.get(each.stage_id, []) if each.pk in changeable else [],
            )
        )
    return cards


def _next_milestones(productions: list[Production]) -> dict[int, Milestone]:
    """The open one of each that is due first."""
    rows = Milestone.objects.filter(production__in=productions, done_at__isnull=True, is_cancelled=False)
    first = (
        rows.select_related("owner__broadcaster").order_by("production_id", "ends_at", "pk").distinct("production_id")
    )
    return {milestone.production_id: milestone for milestone in first}


def _moves() -> dict[int, list[tuple[str, str]]]:
    """Where each stage leads: slug and name, the way forward first."""
    rows = list(StageMove.objects.select_related("to_stage").order_by("to_stage__position"))
    found: dict[int, list[tuple[str, str]]] = {}
    for stage in Stage.objects.all():
        onward = sorted(rows, key=lambda row: row.to_stage.position < stage.position)
        found[stage.pk] = [
            (row.to_stage.slug, localized(row.to_stage, "name"))
            for row in onward
            if row.to_stage_id != stage.pk
            and (row.from_stage_id == stage.pk or (row.from_stage_id is None and not stage.is_closed))
        ]
    return found


def _filters(user: User, chosen: dict[str, str]) -> list[tuple[str, str, list[tuple[str, str, bool]]]]:
    modules = Module.objects.visible_to(user).filter(area=Area.CO_PRODUCTION).order_by("slug")
    houses = Broadcaster.objects.visible_to(user).filter(modules__in=modules).distinct().order_by("slug")
    themes = Theme.objects.visible_to(user)
    words = {
        "module": (_("Module"), [(row.slug, str(row)) for row in modules]),
        "partner": (_("Partner"), [(row.slug, str(row)) for row in houses]),
        "theme": (_("Theme"), [(row.slug, str(row)) for row in themes]),
        "kind": (_("Kind"), [(value, str(label)) for value, label in ProductionKind.choices]),
    }
    return [
        (name, str(title), [(value, text, value == chosen[name]) for value, text in choices])
        for name, (title, choices) in words.items()
    ]
