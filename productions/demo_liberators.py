"""The documentary: in post-production, late against its baseline, one stretch of footage not cleared."""

import io
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from archive.models import Grant
from archive.services.file import store_file
from productions.demo_cast import RATE_SOURCE, RATES, Cast, person
from productions.demo_script import script_pdf
from productions.demo_texts import LIBERATORS
from productions.models import BudgetLine, Currency, Instalment, Milestone, Production, Revision, RuleSet
from productions.services.baseline import lock_baseline
from productions.services.budget import approve_budget, begin_revision, submit_budget
from productions.services.expense import record_expense
from productions.services.instalment import invoice_instalment, pay_instalment, save_instalment
from productions.services.rate import freeze_rate
from productions.services.review import add_note, decide_revision, resolve_note, submit_revision
from productions.services.schedule import finish_milestone, save_milestone

SLUG = "demo-liberators"
_SHARES: dict[str, dict[str, Any]] = {
    "rts": {
        "share_percent": Decimal(50), "in_kind_percent": Decimal(20), "role": "lead", "is_editorial_lead": True,
        "holds_final_cut": True,
    },
    "ptrc": {"share_percent": Decimal(40), "in_kind_percent": Decimal(10)},
    "rtv": {"share_percent": Decimal(10), "in_kind_percent": Decimal(5), "role": "associate"},
}  # fmt: skip
# owner, titles, agreed day, present day, days ago that it was done
_MILESTONES = (
    ("rts", ("Сценарио је одобрен", "Сценарий мақұлданды", "Сценарий утверждён", "Script approved"), -120, -120, 118),
    ("rts", ("Снимање у Београду", "Белградтағы түсірілім", "Съёмки в Белграде", "Filming in Belgrade"), -80, -80, 76),
    ("ptrc", ("Снимање у Астани", "Астанадағы түсірілім", "Съёмки в Астане", "Filming in Astana"), -62, -62, 41),
    ("rts", ("Груба монтажа", "Қаралама монтаж", "Черновой монтаж", "Rough cut"), -24, -6, None),
    ("rts", ("Завршна верзија", "Соңғы нұсқа", "Окончательная версия", "Final cut"), 6, 24, None),
)
_HANDED_OVER = (
    "Испорука језичких верзија", "Тілдік нұсқаларды тапсыру", "Сдача языковых версий", "Language versions delivered",
)  # fmt: skip
_LINES: tuple[tuple[Any, ...], ...] = (
    ("rts", "crew", "Сниматељска екипа у Београду, 12 дана", 1_450_000, "RSD", (-95, -76), False),
    ("rts", "post-production", "Монтажа, обрада слике и звука", 980_000, "RSD", (-40, 24), False),
    ("rts", "archive", "Скенирање филмске траке", 310_000, "RSD", (-110, -80), False),
    ("rts", "contingency", "Интерна резерва куће", 400_000, "RSD", (-110, 40), True),
    ("ptrc", "crew", "Астанадағы түсірілім тобы, 10 күн", 5_200_000, "KZT", (-70, -41), False),
    ("ptrc", "travel", "Жол жүру және тұру", 2_350_000, "KZT", (-70, -41), False),
    ("ptrc", "language-versions", "Қазақ және орыс тілдеріндегі нұсқалар", 1_800_000, "KZT", (0, 38), False),
    ("ptrc", "contingency", "Телеарнаның ішкі қоры", 900_000, "KZT", (-70, 40), True),
    ("rtv", "music", "Originalna muzika i snimanje tambura", 3_500, "EUR", (-60, 10), False),
)
# payer, start of the line's description, amount, currency, days ago
_SPENT = (
    ("rts", "Сниматељска екипа", 1_512_400, "RSD", 74),
    ("rts", "Скенирање", 287_000, "RSD", 81),
    ("rts", "Монтажа", 395_500, "RSD", 12),
    ("rts", "Интерна резерва", 96_000, "RSD", 60),
    ("ptrc", "Астанадағы", 5_480_000, "KZT", 40),
    ("ptrc", "Жол жүру", 2_110_000, "KZT", 39),
    ("ptrc", "Телеарнаның", 150_000, "KZT", 38),
    ("rtv", "Originalna", 1_750, "EUR", 30),
)


def load(cast: Cast) -> None:
    production = cast.begin(
        SLUG, "rts", LIBERATORS, kind="documentary", themes=("shared-history",), shares=_SHARES,
        languages=["sr-Cyrl", "kk"], episode_minutes=52, slate_on=cast.day(60),
        rule_set=RuleSet.objects.filter(slug="council-of-europe-2017").first(),
    )  # fmt: skip
    cast.move(production, ("development", 150), ("production", 100), ("post-production", 40))
    milestones = _schedule(cast, production)
    _budget(cast, production)
    _instalments(cast, production, milestones)
    _script(cast, production)
    _footage(cast, production)
    cast.version(production, "sr-Cyrl", "original", "rts", ai_use="none")
    cast.version(production, "kk-Cyrl", "voice-over", "ptrc", ai_use="none")
    cast.version(production, "ru-Cyrl", "subtitle", "ptrc", ai_use="translation", ai_tool="Demonstration translator")
    cast.version(production, "en-Latn", "subtitle", "rts")


def _schedule(cast: Cast, production: Production) -> list[Milestone]:
    """What was agreed is locked; since then things have moved."""
    rows: list[Milestone] = []
    for owner, titles, agreed, _present, _done in _MILESTONES:
        row = cast.milestone(production, owner, titles, agreed)
        if rows:
            save_milestone(row, actor=cast.producers[owner], waits_for=[rows[-1]])
        rows.append(row)
    last = cast.milestone(production, "ptrc", _HANDED_OVER, 20, hour=18)
    save_milestone(last, actor=cast.producers["ptrc"], waits_for=[rows[-1]])
    lock_baseline(production, actor=cast.producers["rts"], name="Договорени рокови / Келісілген мерзімдер")
    for row, (owner, _titles, agreed, present, done) in zip(rows, _MILESTONES, strict=True):
        actor = cast.producers[owner]
        if done is not None:
            finish_milestone(row, actor=actor, at=cast.at(-done, 17, row.time_zone))
        elif present != agreed:
            row.due_on = cast.day(present)
            save_milestone(row, actor=actor, changed={"due_on"})
    last.due_at = cast.at(38, 18, last.time_zone)
    save_milestone(last, actor=cast.producers["ptrc"], changed={"due_at"})
    return rows


def _budget(cast: Cast, production: Production) -> None:
    """One revision in force with what was spent, and a second one that waits for two of three."""
    lead = cast.producers["rts"]
    euro = Currency.objects.get(code="EUR")
    budget = begin_revision(production, actor=lead, reporting_currency=euro)
    for code, rate in RATES.items():
        freeze_rate(
            budget, actor=lead, from_currency=euro, to_currency=Currency.objects.get(code=code), rate=rate,
            dated_on=cast.day(-130), source=RATE_SOURCE,
        )  # fmt: skip
    for payer, category, description, planned, currency, days, is_private in _LINES:
        cast.line(budget, payer, category, description, planned, currency, days, is_private=is_private)
    submit_budget(budget, actor=lead)
    for producer in cast.producers.values():
        budget = approve_budget(budget, actor=producer)
    for number, (payer, begins, amount, currency, days) in enumerate(_SPENT, start=1):
        line = BudgetLine.objects.get(budget=budget, payer__broadcaster__slug=payer, description__startswith=begins)
        record_expense(
            line, actor=cast.producers[payer], amount=Decimal(amount), currency=Currency.objects.get(code=currency),
            spent_on=cast.day(-days), voucher=f"DEMO-{payer.upper()}-{number:03}",
        )  # fmt: skip
    second = begin_revision(production, actor=lead, note="Снимање у Астани трајало је дуже од договореног.")
    cast.line(second, "rts", "promotion", "Плакат и најава", 120_000, "RSD", (20, 60))
    submit_budget(second, actor=lead)
    approve_budget(second, actor=lead)


def _instalments(cast: Cast, production: Production, milestones: list[Milestone]) -> None:
    """What Astana pays Belgrade for editing: the first part is paid, the second waits for the rough cut."""
    payer, payee = cast.partner(production, "ptrc"), cast.partner(production, "rts")
    terms: dict[str, Any] = {
        "production": production, "payer": payer, "payee": payee, "currency": Currency.objects.get(code="EUR"),
        "withholding_percent": Decimal(15), "term_days": 15,
    }  # fmt: skip
    parts = ((milestones[2], "Монтажа, прва рата"), (milestones[3], "Монтажа, друга рата"))
    first, _second = (
        save_instalment(
            Instalment(milestone=milestone, amount=Decimal(4_000), description=description, **terms),
            actor=cast.producers["rts"],
        )
        for milestone, description in parts
    )
    invoice_instalment(first, actor=cast.producers["rts"], invoiced_on=cast.day(-38), invoice="DEMO-RTS-41")
    pay_instalment(first, actor=cast.producers["ptrc"], paid_on=cast.day(-28), payment="DEMO-PTRC-7")


def _script(cast: Cast, production: Production) -> None:
    """Approved by all three, with a note on a page that was settled."""
    file = store_file(
        io.BytesIO(script_pdf()), broadcaster=cast.houses["rts"], actor=person("belgrade-archive"),
        original_name="scenario-liberators.pdf",
    )  # fmt: skip
    script = submit_revision(
        production, actor=cast.producers["rts"], kind="script", broadcaster=cast.houses["rts"], file=file,
        description="Радна верзија за све три куће.",
    )  # fmt: skip
    note = add_note(
        script, actor=cast.producers["ptrc"], broadcaster=cast.houses["ptrc"], page=2,
        text="Хат қазақша оқылсын, аудармасы субтитрмен берілсін.",
    )  # fmt: skip
    add_note(
        script, actor=cast.producers["rts"], broadcaster=cast.houses["rts"], parent=note,
        text="Тако ће бити: писмо чујемо на казашком, превод је у титлу.",
    )  # fmt: skip
    resolve_note(note, actor=cast.producers["rts"])
    for slug, producer in cast.producers.items():
        decide_revision(script, actor=producer, broadcaster=cast.houses[slug], decision="approved")
    _backdate(script, cast.at(-121, 11, "Europe/Belgrade"))


def _backdate(revision: Revision, at: datetime) -> None:
    """It was submitted when the script was due; what was decided of it stands as it was made."""
    Revision.objects.filter(pk=revision.pk).update(submitted_at=at.astimezone(ZoneInfo("UTC")) - timedelta(days=2))


def _footage(cast: Cast, production: Production) -> None:
    """Brought in by its holders, granted to all partners, and one concert whose music nobody has cleared."""
    open_grant = Grant.objects.filter(item__identifier="DEMO-KOM-2019", grantee__isnull=True).first()
    cast.use(production, "DEMO-FN-1944", "Сцена 2: кутија са траком", is_contributed=True)
    cast.use(production, "DEMO-KOM-2019", "Сцена 4: венци", grant=open_grant)
    cast.use(production, "DEMO-AST-1997", "3-көрініс: Астана", is_contributed=True, actor="ptrc")
    cast.use(production, "DEMO-KON-1978", "Сцена 4: музика под сликом", is_contributed=True)
