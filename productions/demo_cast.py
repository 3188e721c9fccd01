"""Who acts in the demonstration's productions, and the short ways in which its parts are written."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from archive.models import Grant, Item
from broadcasters.models import Broadcaster, Module
from mediaexchange.core.models import User
from productions.demo_texts import Words, said
from productions.models import (
    ArchiveUse,
    Budget,
    BudgetCategory,
    BudgetLine,
    Currency,
    LanguageVersion,
    Milestone,
    Partner,
    Production,
    ProductionMove,
    Stage,
    Theme,
)
from productions.services.archive_use import add_use, contribute_use
from productions.services.budget import save_line
from productions.services.partner import Share, set_shares
from productions.services.production import save_production
from productions.services.schedule import save_milestone
from productions.services.stage import move_production
from productions.services.version import save_version

PRODUCERS = {"rts": "belgrade-producer", "rtv": "novisad-producer", "ptrc": "astana-producer"}
RIGHTS = {"rts": "belgrade-rights", "rtv": "novisad-archive", "ptrc": "astana-archive"}
RATES = {"RSD": Decimal("117.2"), "KZT": Decimal("600")}
RATE_SOURCE = "demonstration rate, not a quotation"


def person(username: str) -> User:
    return User.objects.get(username=username)


class Cast:
    """The module, its houses and their producers. Days are counted from today."""

    def __init__(self, module: Module) -> None:
        self.module = module
        self.today = timezone.localdate()

    @cached_property
    def houses(self) -> dict[str, Broadcaster]:
        return {house.slug: house for house in Broadcaster.objects.filter(slug__in=PRODUCERS)}

    @cached_property
    def producers(self) -> dict[str, User]:
        return {slug: person(name) for slug, name in PRODUCERS.items()}

    def day(self, days: int) -> date:
        return self.today + timedelta(days=days)

    def at(self, days: int, hour: int, zone: str) -> datetime:
        return datetime.combine(self.day(days), time(hour), ZoneInfo(zone))

    def begin(
        self, slug: str, maker: str, texts: Mapping[str, Words], *, themes: Iterable[str],
        shares: Mapping[str, Mapping[str, Any]], **fields: Any,
    ) -> Production:  # fmt: skip
        """An idea of one house, with the shares that were agreed later."""
        columns = {"name": texts["title"], "logline": texts["logline"], "objectives": texts["objectives"]}
        values = {name: text for field, words in columns.items() for name, text in said(field, words).items()}
        production = save_production(
            Production(slug=slug, made_by=self.houses[maker], module=self.module, **values, **fields),
            actor=self.producers[maker],
            themes=Theme.objects.filter(slug__in=list(themes)),
        )
        wanted = [Share(self.houses[house], **terms) for house, terms in shares.items()]
        return set_shares(production, wanted, actor=self.producers[maker])

    def move(self, production: Production, *stages: tuple[str, int]) -> None:
        """Through these stages; each is told as so many days ago."""
        for slug, _days in stages:
            actor = self.producers[production.made_by.slug]
            move_production(production, actor=actor, stage=Stage.objects.get(slug=slug))
        production.refresh_from_db()
        moments = [self._ago(days) for _slug, days in stages]
        begun = self._ago(stages[0][1] + 14)
        moves = list(production.moves.order_by("pk"))
        for move, at in zip(moves, [begun, *moments], strict=True):
            ProductionMove.objects.filter(pk=move.pk).update(at=at)
        shared = next(at for move, at in zip(moves[1:], moments, strict=True) if move.to_stage.is_shared)
        values = {"created_at": begun, "shared_at": shared, "staged_at": moments[-1]}
        Production.objects.filter(pk=production.pk).update(**values)
        production.refresh_from_db()

    def partner(self, production: Production, slug: str) -> Partner:
        return Partner.objects.select_related("broadcaster").get(production=production, broadcaster__slug=slug)

    def milestone(
        self, production: Production, owner: str, titles: Words, days: int, *, hour: int | None = None, **fields: Any
    ) -> Milestone:
        """Due on a day; with an hour, at that hour by the clocks of the house that owes it."""
        partner = self.partner(production, owner)
        zone = partner.broadcaster.time_zone
        due = {"due_on": self.day(days)} if hour is None else {"due_at": self.at(days, hour, zone)}
        row = Milestone(production=production, owner=partner, time_zone=zone, **due, **said("title", titles), **fields)
        return save_milestone(row, actor=self.producers[owner])

    def line(
        self, budget: Budget, payer: str, category: str, description: str, planned: int, currency: str,
        days: tuple[int, int], *, is_private: bool = False,
    ) -> BudgetLine:  # fmt: skip
        row = BudgetLine(
            budget=budget, category=BudgetCategory.objects.get(slug=category), description=description,
            payer=self.partner(budget.production, payer), planned=Decimal(planned),
            currency=Currency.objects.get(code=currency), starts_on=self.day(days[0]), ends_on=self.day(days[1]),
            is_private=is_private,
        )  # fmt: skip
        return save_line(row, actor=self.producers[payer], partner=row.payer)

    def version(self, production: Production, language: str, kind: str, owner: str, **fields: Any) -> LanguageVersion:
        row = LanguageVersion(
            production=production, language=language, kind=kind, payer=self.houses[owner], owner=self.houses[owner],
            **fields,
        )  # fmt: skip
        return save_version(row, actor=self.producers[owner])

    def use(
        self, production: Production, identifier: str, place: str, *, is_contributed: bool = False,
        grant: Grant | None = None, actor: str = "",
    ) -> ArchiveUse:  # fmt: skip
        """The first segment of an item of the demonstration's archives, all of an item without any."""
        item = Item.objects.select_related("broadcaster").get(identifier=identifier)
        segment = item.segments.order_by("in_frame").first()
        maker = self.producers[actor or production.made_by.slug]
        row = add_use(production, actor=maker, item=item, segment=segment, grant=grant, place=place)
        return contribute_use(row, actor=person(RIGHTS[item.broadcaster.slug])) if is_contributed else row

    def _ago(self, days: int) -> datetime:
        return timezone.now() - timedelta(days=days)
