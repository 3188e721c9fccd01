"""The cultural exchange: versions in five languages, windows, and, once its cut is there, delivery."""

from decimal import Decimal
from typing import Any

from productions.demo_cast import RATE_SOURCE, RATES, Cast
from productions.demo_texts import WOMEN
from productions.models import Currency, Milestone, Production, Window
from productions.services.baseline import lock_baseline
from productions.services.budget import approve_budget, begin_revision, submit_budget
from productions.services.deliverable import plan_deliverables
from productions.services.rate import freeze_rate
from productions.services.schedule import finish_milestone, save_milestone
from productions.services.window import save_window

SLUG = "demo-women-of-the-steppe"
_SHARES: dict[str, dict[str, Any]] = {
    "ptrc": {
        "share_percent": Decimal(45), "in_kind_percent": Decimal(25), "role": "lead", "is_editorial_lead": True,
        "holds_final_cut": True,
    },
    "rtv": {"share_percent": Decimal(35), "in_kind_percent": Decimal(20)},
    "rts": {"share_percent": Decimal(20), "in_kind_percent": Decimal(20)},
}  # fmt: skip
_MILESTONES = (
    ("ptrc", ("Разговори у Казахстану", "Қазақстандағы сұхбаттар", "Интервью в Казахстане",
              "Interviews in Kazakhstan"), -70, 72),
    ("rtv", ("Разговори у Војводини", "Воеводинадағы сұхбаттар", "Интервью в Воеводине", "Interviews in Vojvodina"),
     -55, 57),
    ("ptrc", ("Завршна верзија", "Соңғы нұсқа", "Окончательная версия", "Final cut"), -3, None),
    ("rtv", ("Мађарски и русински титлови", "Мажар және русин субтитрлері", "Венгерские и русинские субтитры",
             "Hungarian and Rusyn subtitles"), 5, None),
)  # fmt: skip
_FIRST_SHOWING = ("Прво емитовање", "Алғашқы көрсетілім", "Первый показ", "First airing")
_LINES: tuple[tuple[Any, ...], ...] = (
    ("ptrc", "crew", "Түсірілім тобы, 8 күн", 3_600_000, "KZT", (-80, -70), False),
    ("ptrc", "post-production", "Монтаж және дыбыс", 2_400_000, "KZT", (-50, -3), False),
    ("ptrc", "contingency", "Телеарнаның ішкі қоры", 500_000, "KZT", (-80, 10), True),
    ("rtv", "crew", "Ekipa u Vojvodini, 6 dana", 720_000, "RSD", (-62, -55), False),
    ("rtv", "language-versions", "Titlovi na mađarskom i rusinskom", 260_000, "RSD", (-10, 5), False),
    ("rts", "language-versions", "Преводни глас на српском", 340_000, "RSD", (-12, 4), False),
)


def load(cast: Cast) -> None:
    production = cast.begin(
        SLUG, "ptrc", WOMEN, kind="cultural-programme", themes=("culture", "everyday-life"), shares=_SHARES,
        languages=["kk", "sr-Cyrl"], episode_minutes=26, slate_on=cast.day(12),
    )  # fmt: skip
    cast.move(production, ("development", 110), ("production", 85), ("post-production", 50))
    _schedule(cast, production)
    _budget(cast, production)
    cast.use(production, "DEMO-NAU-2011", "Кіріспе: мереке", is_contributed=True)
    cast.use(production, "DEMO-TAM-1985", "Pesma treće sagovornice", is_contributed=True, actor="rtv")
    _versions(cast, production)
    _windows(cast, production)


def _schedule(cast: Cast, production: Production) -> None:
    rows: list[tuple[Milestone, int | None]] = []
    for owner, titles, days, done in _MILESTONES:
        rows.append((cast.milestone(production, owner, titles, days), done))
    airing = cast.milestone(production, "rts", _FIRST_SHOWING, 12, hour=20)
    save_milestone(airing, actor=cast.producers["rts"], waits_for=[row for row, _done in rows[2:]])
    lock_baseline(production, actor=cast.producers["ptrc"], name="Келісілген мерзімдер")
    for row, done in rows:
        if done is not None:
            actor = cast.producers[row.owner.broadcaster.slug]
            finish_milestone(row, actor=actor, at=cast.at(-done, 16, row.time_zone))


def _budget(cast: Cast, production: Production) -> None:
    lead, tenge = cast.producers["ptrc"], Currency.objects.get(code="KZT")
    budget = begin_revision(production, actor=lead, reporting_currency=tenge)
    dinar = RATES["KZT"] / RATES["RSD"]
    freeze_rate(
        budget, actor=lead, from_currency=Currency.objects.get(code="RSD"), to_currency=tenge,
        rate=dinar.quantize(Decimal("0.0001")), dated_on=cast.day(-110), source=RATE_SOURCE,
    )  # fmt: skip
    for payer, category, description, planned, currency, days, is_private in _LINES:
        cast.line(budget, payer, category, description, planned, currency, days, is_private=is_private)
    submit_budget(budget, actor=lead)
    for producer in cast.producers.values():
        approve_budget(budget, actor=producer)


def _versions(cast: Cast, production: Production) -> None:
    """Hungarian and Rusyn are rows like any others."""
    kazakh = cast.version(production, "kk-Cyrl", "original", "ptrc", ai_use="none")
    serbian = cast.version(production, "sr-Cyrl", "voice-over", "rts", ai_use="none")
    cast.version(production, "ru-Cyrl", "subtitle", "ptrc", ai_use="none", reuse_terms="Барлық серіктестер үшін тегін.")
    hungarian = cast.version(
        production, "hu-Latn", "subtitle", "rtv", ai_use="none", reuse_terms="Slobodno za sve partnere, uz potpis RTV."
    )
    rusyn = cast.version(production, "rue-Cyrl", "subtitle", "rtv", ai_use="none", autonym="Руски")
    houses = cast.houses
    wanted: tuple[tuple[Any, str, str, tuple[str, ...]], ...] = (
        (kazakh, "rts", "ptrc", ("master", "dialogue-list", "music-cue-sheet", "stills")),
        (kazakh, "rtv", "ptrc", ("master", "textless")),
        (serbian, "ptrc", "rts", ("master",)),
        (hungarian, "ptrc", "rtv", ("master",)),
        (rusyn, "ptrc", "rtv", ("master",)),
    )
    for version, to, supplier, kinds in wanted:
        plan_deliverables(
            version, actor=cast.producers[supplier], broadcaster=houses[to], supplier=houses[supplier], kinds=kinds,
            due_on=cast.day(5),
        )  # fmt: skip


def _windows(cast: Cast, production: Production) -> None:
    """Each at home on television; Novi Sad after Belgrade, and on the web from the first day."""
    terms: tuple[tuple[str, dict[str, Any]], ...] = (
        ("ptrc", {"territories": ["KZ"], "platforms": ["television"], "is_exclusive": True, "runs": 4,
                  "starts_at": cast.at(12, 0, "Asia/Almaty"), "ends_at": cast.at(377, 0, "Asia/Almaty")}),
        ("rts", {"territories": ["RS"], "platforms": ["television"], "is_exclusive": True, "runs": 2,
                 "starts_at": cast.at(12, 0, "Europe/Belgrade"), "ends_at": cast.at(26, 0, "Europe/Belgrade")}),
        ("rtv", {"territories": ["RS"], "platforms": ["television"], "runs": 3,
                 "starts_at": cast.at(26, 0, "Europe/Belgrade"), "ends_at": cast.at(391, 0, "Europe/Belgrade")}),
        ("rtv", {"territories": ["RS"], "platforms": ["web"],
                 "starts_at": cast.at(12, 20, "Europe/Belgrade"), "ends_at": cast.at(391, 0, "Europe/Belgrade")}),
    )  # fmt: skip
    for holder, fields in terms:
        partner = cast.partner(production, holder)
        row = Window(
            production=production, holder=partner, time_zone=partner.broadcaster.time_zone, repeat_length=48, **fields
        )
        save_window(row, actor=cast.producers[holder])
