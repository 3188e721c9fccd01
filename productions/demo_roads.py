"""The special report: an idea that became a pilot, which two houses are marking."""

from decimal import Decimal
from typing import Any

from productions.demo_cast import Cast
from productions.demo_texts import ROADS
from productions.models import Currency
from productions.services.budget import begin_revision
from productions.services.pilot import mark_pilot, open_review

SLUG = "demo-roads"
_SHARES: dict[str, dict[str, Any]] = {
    "rtv": {"share_percent": Decimal(50), "in_kind_percent": Decimal(30), "role": "lead", "is_editorial_lead": True},
    "ptrc": {"share_percent": Decimal(50), "in_kind_percent": Decimal(20), "holds_final_cut": True},
}
_MARKS = (
    ("ptrc", "demand", 4, "Әуе рейсі туралы сұрақтар көп келеді."),
    ("ptrc", "feasibility", 3, "Шекарадағы түсірілімге рұқсат ұзақ беріледі."),
    ("ptrc", "balance", 4, "Екі санды да дереккөзімен айту дұрыс."),
    ("rtv", "demand", 3, "Gledaoce više zanima let nego pruga."),
    ("rtv", "cost", 4, ""),
    ("rtv", "balance", 5, "Oba broja stoje, svaki sa svojim izvorom."),
)


def load(cast: Cast) -> None:
    production = cast.begin(
        SLUG, "rtv", ROADS, kind="special-report", themes=("infrastructure", "regional-transformation"),
        shares=_SHARES, languages=["sr-Latn", "kk"], episode_minutes=14, is_pilot=True, slate_on=cast.day(75),
    )  # fmt: skip
    cast.move(production, ("development", 35), ("pilot", 9))
    cast.milestone(
        production, "rtv",
        ("Пилот пред публиком", "Пилотты көрермен алдында сынау", "Показ пилота зрителям", "Pilot before an audience"),
        10,
    )  # fmt: skip
    budget = begin_revision(
        production, actor=cast.producers["rtv"], reporting_currency=Currency.objects.get(code="EUR")
    )
    cast.line(budget, "rtv", "crew", "Snimanje na aerodromu i u luci", 2_800, "EUR", (10, 24))
    cast.line(budget, "rtv", "contingency", "Interna rezerva", 400, "EUR", (10, 60), is_private=True)
    review = open_review(production, actor=cast.producers["rtv"], due_on=cast.day(7))
    for house, criterion, mark, note in _MARKS:
        mark_pilot(
            review, actor=cast.producers[house], criterion=criterion, mark=mark, note=note, house=cast.houses[house]
        )
