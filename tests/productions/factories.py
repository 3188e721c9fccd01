"""Co-productions in tests: a documentary of RTS and PTRC, half and half."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from django.db import transaction
from django.utils import timezone

from broadcasters.constants import Area, Role
from broadcasters.models import Broadcaster, Channel, Module
from mediaexchange.core.models import User
from productions.models import (
    Milestone,
    Partner,
    Production,
    ProductionMove,
    RuleSet,
    Run,
    Stage,
    StageMove,
    Theme,
    Window,
)
from productions.seed import seed
from tests.factories import make_broadcaster, make_channel, make_module, make_user

_numbers = count(1)


def stage_of(slug: str) -> Stage:
    """Tests with real transactions empty every table: what the migration has written is written again."""
    if not Stage.objects.filter(slug=slug).exists():
        seed(Stage, StageMove, Theme, RuleSet)
    return Stage.objects.get(slug=slug)


def make_production_module(*parties: Broadcaster, **fields: Any) -> Module:
    return make_module(*parties, **{"area": Area.CO_PRODUCTION, "name_en": "Co-productions"} | fields)


def make_producer(broadcaster: Broadcaster | None = None) -> User:
    return make_user(broadcaster or make_broadcaster(), Role.PRODUCER)


def make_production(
    *partners: Broadcaster, stage: str = "idea", shares: list[str] | None = None, is_shared: bool = True, **fields: Any
) -> Production:
    """Of RTS, which made it and leads, with PTRC, unless other partners are named; equal shares unless given.

    It is taken to its stage by the shortest road of allowed moves, without asking gates; the database's own rules hold.
    """
    houses = list(partners) or [make_broadcaster("rts"), make_broadcaster("ptrc")]
    number = next(_numbers)
    begin, wanted = stage_of("idea"), stage_of(stage)
    defaults = {
        "slug": f"production{number}",
        "name_en": f"Liberators of Belgrade {number}",
        "name_sr": f"Ослободиоци Београда {number}",
        "name_kk": f"Белградты азат етушілер {number}",
        "kind": "documentary",
        "made_by": houses[0],
        "shared_at": timezone.now() if is_shared else None,
        "stage": begin,
    }
    if "module" not in fields:
        fields["module"] = make_production_module(*houses)
    with transaction.atomic():
        production = Production.objects.create(**defaults | fields)
        for position, (house, share) in enumerate(zip(houses, _shares(shares, len(houses)), strict=True)):
            Partner.objects.create(
                production=production, broadcaster=house, share_percent=share,
                role="co-producer" if position else "lead", is_editorial_lead=position == 0,
                holds_final_cut=position == 0,
            )  # fmt: skip
        ProductionMove.objects.create(production=production, to_stage=begin)
        take_to(production, wanted)
    return production


def take_to(production: Production, wanted: Stage) -> None:
    """Write each stage on the shortest road there; what delivers has a final cut that every partner has approved."""
    from tests.productions.delivery import make_final

    for stage in _road(production.stage, wanted):
        if stage.is_delivering and not production.stage.is_delivering:
            make_final(production)
        ProductionMove.objects.create(production=production, from_stage=production.stage, to_stage=stage)
        production.stage = stage
        production.save(update_fields=["stage"])


def _shares(given: list[str] | None, number: int) -> list[Decimal]:
    if given is not None:
        return [Decimal(share) for share in given]
    equal = (Decimal(100) / number).quantize(Decimal("0.01"))
    return [Decimal(100) - equal * (number - 1), *[equal] * (number - 1)]


def _road(begin: Stage, wanted: Stage) -> list[Stage]:
    roads: list[list[Stage]] = [[begin]]
    seen = {begin.pk}
    while roads:
        road = roads.pop(0)
        if road[-1].pk == wanted.pk:
            return road[1:]
        for move in StageMove.objects.leaving(road[-1].pk):
            if move.to_stage_id not in seen:
                seen.add(move.to_stage_id)
                roads.append([*road, move.to_stage])
    raise ValueError(f"no road leads to {wanted}")


def make_milestone(production: Production | None = None, owner: Broadcaster | None = None, **fields: Any) -> Milestone:
    """A rough cut that RTS, or ``owner``, owes at the end of a day in March 2027."""
    production = production or make_production()
    house = owner or production.made_by
    number = next(_numbers)
    defaults = {
        "title_en": f"Rough cut {number}",
        "title_sr": f"Груба монтажа {number}",
        "time_zone": house.time_zone,
        "position": number,
    }
    if "due_at" not in fields:
        defaults["due_on"] = date(2027, 3, 31)
    partner = production.partners.get(broadcaster=house)
    return Milestone.objects.create(production=production, owner=partner, **defaults | fields)


def make_window(production: Production | None = None, holder: Broadcaster | None = None, **fields: Any) -> Window:
    """Television in Serbia in 2027, for RTS or ``holder``, not exclusive, any number of runs."""
    production = production or make_production()
    house = holder or production.made_by
    defaults = {
        "territories": ["RS"],
        "platforms": ["television"],
        "starts_at": datetime(2026, 12, 31, 23, tzinfo=UTC),
        "ends_at": datetime(2027, 12, 31, 23, tzinfo=UTC),
        "time_zone": house.time_zone,
    }
    partner = production.partners.get(broadcaster=house)
    return Window.objects.create(production=production, holder=partner, **defaults | fields)


def make_run(window: Window, *, hours: float = 24, channel: Channel | None = None, **fields: Any) -> Run:
    """A planned showing so many hours after the window has opened, on a channel of its holder."""
    channel = channel or make_channel(window.holder.broadcaster)
    defaults = {"starts_at": window.starts_at + timedelta(hours=hours), "platform": "television"}
    run = Run.objects.create(window=window, channel=channel, **defaults | fields)
    run.refresh_from_db()
    return run
