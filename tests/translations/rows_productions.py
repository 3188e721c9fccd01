"""Co-productions at work, at review and delivered, with money: Georgian, or beginning with zz."""

from datetime import date, timedelta
from decimal import Decimal
from hashlib import sha256
from typing import Any

from django.db.models import Model
from django.utils import timezone

from archive.models import Item, MediaFile, UnderlyingRight
from broadcasters.models import Broadcaster
from mediaexchange.core.models import User
from productions.constants import Criterion
from productions.models import (
    ArchiveUse,
    Budget,
    BudgetCategory,
    BudgetLine,
    Currency,
    Deliverable,
    Expense,
    FrozenRate,
    Income,
    Instalment,
    LanguageVersion,
    Milestone,
    Note,
    Partner,
    Production,
    RevenueShare,
    Revision,
    RuleSet,
    Run,
    Stage,
    Theme,
    Window,
)
from productions.services.archive_use import announce_uncleared, contribute_use
from productions.services.baseline import lock_baseline
from productions.services.budget import begin_revision, return_budget, submit_budget
from productions.services.deliverable import accept_deliverable, deliver, reject_deliverable
from productions.services.expense import record_expense, void_expense
from productions.services.instalment import (
    invoice_instalment,
    pay_instalment,
    save_instalment,
    tell_of_overdue,
)
from productions.services.pilot import decide_pilot, mark_pilot, open_review
from productions.services.rate import freeze_rate
from productions.services.reminders import tell_of_schedules
from productions.services.revenue import record_income, record_payout, set_revenue_shares, void_payout
from productions.services.review import (
    add_note,
    announce_overdue,
    decide_revision,
    resolve_note,
    submit_revision,
    withdraw_decision,
)
from productions.services.run import cancel_run, plan_run, record_figure, report_run
from productions.services.schedule import cancel_milestone, finish_milestone, save_milestone
from productions.services.stage import move_production
from productions.services.version import move_version
from productions.services.window import cancel_window
from tests.archive.factories import make_grant, make_instantiation, make_item
from tests.factories import make_channel
from tests.productions.delivery import approve as approve_revision
from tests.productions.delivery import make_version, use_footage
from tests.productions.factories import (
    make_milestone,
    make_production,
    make_production_module,
    make_window,
    stage_of,
    take_to,
)
from tests.productions.money import add_line, currency
from tests.productions.money import approve as approve_budget
from tests.translations.rows_correspondents import WORDS, said

# Of these one row is enough, whichever.
_OF_OTHERS = (BudgetLine, FrozenRate, Expense, Note, RevenueShare)


def production_rows(own: Broadcaster, partner: Broadcaster, editor: User) -> list[Model]:
    """The first production has everything but delivery; then one that is delivered, pilots, and what is not shared."""
    lists = _name_what_is_there()
    module = make_production_module(own, partner, slug="zzproductions", **said("name"))
    film = _production(own, partner, module=module, shares=["90", "10"], rule_set=RuleSet.objects.first())
    take_to(film, stage_of("post-production"))
    milestones = _schedule(film)
    money = [*_budgets(film), *_instalments(film, milestones), *_revenue(film)]
    review = _review(film, own, partner)
    uses = _footage(film, own, partner)
    windows = _windows(film, own, partner)
    versions = _versions(film, editor)
    delivered = _delivered(own, partner, module)
    pilots = _pilots(own, partner, module, editor)
    lonely = _production(own, partner, module=module, is_shared=False)
    Partner.objects.filter(production=lonely).update(is_editorial_lead=False, holds_final_cut=False)
    stopped = _production(own, partner, module=module)
    move_production(stopped, actor=None, stage=stage_of("stopped"), reason=WORDS)
    tell_of_schedules()
    announce_overdue()
    announce_uncleared()
    tell_of_overdue()
    return [
        film, lonely, *pilots, *delivered, stopped, *milestones, *film.baselines.all(), *money, *review, *uses,
        *windows, *versions, *lists, *(model.objects.first() for model in _OF_OTHERS),
    ]  # fmt: skip


def _name_what_is_there() -> list[Model]:
    """In the place of the lists that come with the system stand rows of our own, and stages have our names."""
    for model in (Theme, BudgetCategory, RuleSet):
        model.objects.all().delete()
    Stage.objects.update(**said("name"))
    Currency.objects.update(**said("name"))
    return [
        Stage.objects.create(slug="zzstage", position=95, **said("name")),
        Theme.objects.create(slug="zztheme", **said("name")),
        BudgetCategory.objects.create(slug="zzcategory", **said("name")),
        RuleSet.objects.create(slug="zzrules", bilateral_most=80, **said("name", "note")),
        Currency.objects.create(code="XTS", **said("name")),
    ]


def _production(own: Broadcaster, partner: Broadcaster, **fields: Any) -> Production:
    texts = said("name", "logline", "objectives")
    terms = {
        "slug": f"zzfilm{Production.objects.count()}", "languages": ["sr-Cyrl", "kk"], "episode_minutes": 52,
        "slate_on": timezone.localdate() + timedelta(days=60),
    }  # fmt: skip
    production = make_production(own, partner, **texts, **terms | fields)
    production.themes.set(Theme.objects.all()[:2])
    return production


def _partner(production: Production, house: Broadcaster) -> Partner:
    return production.partners.get(broadcaster=house)


def _houses(production: Production) -> tuple[Broadcaster, Broadcaster]:
    own, partner = (row.broadcaster for row in production.partners.select_related("broadcaster").order_by("pk"))
    return own, partner


def _schedule(film: Production) -> list[Milestone]:
    """Done, late, to come at an hour, waiting, called off; moved since the baseline, and one that it has not."""
    own, partner = _houses(film)
    today = timezone.localdate()
    late = make_milestone(film, own, due_on=today - timedelta(days=3), **said("title"))
    done = make_milestone(film, partner, due_on=today - timedelta(days=9), **said("title"))
    soon = make_milestone(film, own, due_at=timezone.now() + timedelta(days=8), **said("title"))
    dropped = make_milestone(film, own, **said("title"))
    save_milestone(soon, actor=None, waits_for=[late, done])
    lock_baseline(film, actor=None, name=WORDS)
    finish_milestone(done, actor=None)
    cancel_milestone(dropped, actor=None)
    soon.due_at = timezone.now() + timedelta(days=20)
    save_milestone(soon, actor=None, changed={"due_at"})
    added = make_milestone(film, partner, **said("title"))
    return [late, done, soon, dropped, added]


def _budgets(film: Production) -> list[Model]:
    """Superseded, in force with what was spent, and submitted, of which one partner has approved."""
    own, partner = _houses(film)
    euro, dinar, spent_on = currency("EUR"), currency("RSD"), timezone.localdate() - timedelta(days=3)
    budget = begin_revision(film, actor=None, reporting_currency=euro, note=WORDS)
    freeze_rate(
        budget, actor=None, from_currency=euro, to_currency=dinar, rate=Decimal("117.2"), dated_on=date(2026, 1, 5),
        source=WORDS,
    )  # fmt: skip
    category = BudgetCategory.objects.get()
    terms = {
        "category": category,
        "description": WORDS,
        "starts_on": spent_on - timedelta(days=60),
        "ends_on": spent_on + timedelta(days=60),
    }
    add_line(budget, own.slug, "1000.00", **terms)
    add_line(budget, partner.slug, "90000.00", "RSD", **terms)
    add_line(budget, own.slug, "50.00", is_private=True, **terms)
    approve_budget(budget)
    approve_budget(begin_revision(film, actor=None))
    in_force = Budget.objects.get(production=film, status="approved")
    for line in in_force.lines.order_by("pk"):
        bill = {"actor": None, "currency": line.currency, "spent_on": spent_on, "note": WORDS}
        record_expense(line, amount=line.planned * 2, voucher=f"zz-{line.pk}", **bill)
        void_expense(
            record_expense(line, amount=Decimal(7), voucher=f"zz-0{line.pk}", **bill), actor=None, reason=WORDS
        )
    third = submit_budget(begin_revision(film, actor=None, note=WORDS), actor=None)
    third.approvals.create(partner=_partner(film, own))
    return [in_force, third, budget]


def _instalments(film: Production, milestones: list[Milestone]) -> list[Model]:
    """Overdue, waiting for a milestone, invoiced and paid."""
    own, partner = (_partner(film, house) for house in _houses(film))
    terms: dict[str, Any] = {
        "production": film, "payer": own, "payee": partner, "description": WORDS, "amount": Decimal(1000),
        "currency": currency(), "withholding_percent": Decimal(15),
    }  # fmt: skip
    today = timezone.localdate()
    overdue, invoiced, paid = (
        save_instalment(Instalment(due_on=today - timedelta(days=10), **terms), actor=None) for _ in range(3)
    )
    turned = terms | {"payer": partner, "payee": own}
    waiting = save_instalment(Instalment(milestone=milestones[0], **turned), actor=None)
    for row in (invoiced, paid):
        invoice_instalment(row, actor=None, invoiced_on=today - timedelta(days=12), invoice="zz-1")
    pay_instalment(paid, actor=None, paid_on=today - timedelta(days=5), payment="zz-2")
    return [overdue, waiting, invoiced, paid]


def _revenue(film: Production) -> list[Model]:
    own, partner = (_partner(film, house) for house in _houses(film))
    day = timezone.localdate() - timedelta(days=2)
    for territory, percent in (("", Decimal(60)), ("KZ", Decimal(10))):
        shares = {own: percent, partner: 100 - percent}
        set_revenue_shares(film, actor=None, territory=territory, shares=shares)
    income = Income(
        production=film, received_by=own, description=WORDS, amount=Decimal(5000), currency=currency(), territory="KZ",
        received_on=day, reference="zz-1",
    )  # fmt: skip
    rows: list[Model] = [record_income(income, actor=None)]
    terms: dict[str, Any] = {"payer": own, "payee": partner, "currency": currency(), "paid_on": day}
    for reference in ("zz-1", "zz-2"):
        rows.append(record_payout(film, actor=None, amount=Decimal(100), reference=reference, **terms))
    void_payout(rows[-1], actor=None, reason=WORDS)
    return rows


def _item(house: Broadcaster, **fields: Any) -> Item:
    return make_item(house, identifier=f"zz-p{Item.objects.count()}", **said("title") | fields)


def _review(film: Production, own: Broadcaster, partner: Broadcaster) -> list[Model]:
    """A cut on which the parties differ, its deadline over; a script that a newer one has replaced, and that one."""
    cut = _submit(film, own, "rough-cut", file=_cut(own), due_at=timezone.now() + timedelta(days=1))
    note = add_note(cut, actor=None, broadcaster=partner, text=WORDS, in_ms=1000, out_ms=2000)
    add_note(cut, actor=None, broadcaster=own, text=WORDS, parent=note)
    resolve_note(note, actor=None)
    add_note(cut, actor=None, broadcaster=own, text=WORDS)
    decide_revision(cut, actor=None, broadcaster=own, decision="approved")
    taken_back = decide_revision(cut, actor=None, broadcaster=partner, decision="refused", note=WORDS)
    withdraw_decision(taken_back, actor=None, reason=WORDS)
    Revision.objects.filter(pk=cut.pk).update(due_at=timezone.now() - timedelta(hours=1))
    old = _submit(film, own, "script", instantiation=make_instantiation(_item(own), format="zz"))
    add_note(old, actor=None, broadcaster=partner, text=WORDS, page=2)
    decide_revision(old, actor=None, broadcaster=partner, decision="changes", note=WORDS)
    script = _submit(film, own, "script", instantiation=make_instantiation(_item(own), format="zz"))
    approve_revision(script)
    return [cut, old, script]


def _submit(production: Production, house: Broadcaster, kind: str, **fields: Any) -> Revision:
    return submit_revision(production, actor=None, kind=kind, broadcaster=house, description=WORDS, **fields)


def _cut(house: Broadcaster) -> MediaFile:
    """Twelve seconds; its bytes lie nowhere."""
    return MediaFile.objects.create(
        broadcaster=house, sha256=sha256(b"cut").hexdigest(), size_bytes=10_000_000, content_type="video/mp4",
        original_name="zz.mp4", status="ready", technical={"duration_ms": 12_000},
    )  # fmt: skip


def _footage(film: Production, own: Broadcaster, partner: Broadcaster) -> list[ArchiveUse]:
    """Not licensed, brought in though rights of others are open, and beyond what was granted."""
    bare = use_footage(film, _item(partner), place=WORDS)
    brought = _item(own)
    UnderlyingRight.objects.create(item=brought, kind="music", owner=WORDS, description=WORDS)
    contributed = contribute_use(use_footage(film, brought, place=WORDS), actor=None)
    licensed = _item(partner)
    grant = make_grant(licensed, grantee=own, platforms=["web"], territories=["RS"], languages=["sr"], note=WORDS)
    narrow = use_footage(film, licensed, grant=grant, in_ms=0, out_ms=90_000, place=WORDS)
    return [bare, contributed, narrow]


def _windows(film: Production, own: Broadcaster, partner: Broadcaster) -> list[Model]:
    """One that is open, with showings planned, aired and taken back; one that opens soon; one called off."""
    now = timezone.now()
    terms = {"starts_at": now - timedelta(days=9), "ends_at": now + timedelta(days=9), "note": WORDS}
    window = make_window(film, own, runs=4, is_exclusive=True, repeat_length=48, languages=["kk"], **terms)
    soon = terms | {"starts_at": now + timedelta(days=3), "ends_at": None}
    coming = make_window(film, partner, territories=["RS"], is_elsewhere=True, platforms=[], repeat_unit="days", **soon)
    dropped = make_window(film, partner, territories=["KZ"], platforms=["radio"], **terms)
    cancel_window(dropped, actor=None, reason=WORDS)
    channel = make_channel(own, slug="zzshown", **said("name"))
    show = {"actor": None, "channel": channel}
    planned = plan_run(window, starts_at=now + timedelta(days=2), note=WORDS, **show)
    aired = report_run(window, starts_at=now - timedelta(days=8), duration_ms=90_000, **show)
    cancel_run(plan_run(window, starts_at=now + timedelta(days=5), **show), actor=None, reason=WORDS)
    for kind, value in (("reach", Decimal(120_000)), ("share", Decimal("3.5"))):
        record_figure(
            aired, actor=None, stated_by=own, kind=kind, value=value, source=WORDS, as_of=timezone.localdate()
        )
    rows: list[Window | Run] = [window, coming, dropped, planned, aired]
    return list(rows)


def _versions(film: Production, editor: User) -> list[LanguageVersion]:
    """In every state but delivered, with each use of AI, declared and not, looked through and not."""
    house = film.made_by
    terms = {"reuse_terms": WORDS, "payer": house, "owner": house}
    planned = make_version(film, ai_use="", **terms)
    begun = make_version(film, "kk-Cyrl", kind="subtitle", ai_use="translation", ai_tool="zz", **terms)
    ready = make_version(film, "ru-Cyrl", kind="dub", ai_use="synthetic", ai_tool="zz", **terms)
    dropped = make_version(film, "en-Latn", kind="voice-over", ai_use="assistive", ai_tool="zz", **terms)
    LanguageVersion.objects.filter(pk=dropped.pk).update(reviewed_at=timezone.now(), reviewed_by=editor)
    for version, status in ((begun, "in-progress"), (ready, "ready"), (dropped, "cancelled")):
        move_version(version, actor=None, status=status)
    return [ready, begun, planned, dropped]


def _delivered(own: Broadcaster, partner: Broadcaster, module: Any) -> list[Model]:
    """Delivered, with things that are owed, handed over, taken and sent back."""
    done = _production(own, partner, module=module)
    take_to(done, stage_of("post-production"))
    approve_revision(_submit(done, own, "final-cut", instantiation=make_instantiation(_item(own), format="zz")))
    move_production(done, actor=None, stage=stage_of("delivery"))
    version = make_version(done)
    kinds = ("master", "stills", "synopses", "textless")
    rows = [
        Deliverable.objects.create(
            version=version,
            kind=kind,
            supplier=own,
            broadcaster=partner,
            instantiation=make_instantiation(_item(own), format="zz"),
        )
        for kind in kinds
    ]
    for row in rows[1:]:
        deliver(row, actor=None, instantiation=row.instantiation)
    accept_deliverable(rows[1], actor=None)
    reject_deliverable(rows[2], actor=None, reason=WORDS)
    move_version(move_version(version, actor=None, status="ready"), actor=None, status="delivered")
    return [done, version, *Deliverable.objects.filter(version=version)]


def _pilots(own: Broadcaster, partner: Broadcaster, module: Any, editor: User) -> list[Model]:
    """One under review with a draft of its budget that was sent back, one on hold, one that goes on."""
    rows: list[Model] = []
    for decision in ("", "pause", "scale"):
        pilot = _production(own, partner, module=module, is_pilot=True)
        take_to(pilot, stage_of("pilot"))
        review = open_review(pilot, actor=None, due_on=timezone.localdate() + timedelta(days=7))
        for mark, criterion in enumerate(list(Criterion.values)[: None if decision else 2], start=1):
            mark_pilot(review, actor=editor, criterion=criterion, mark=mark, note=WORDS, house=own)
        if decision:
            decide_pilot(review, actor=None, decision=decision, reason=WORDS)
        rows += [pilot, review]
    draft = begin_revision(rows[0], actor=None, reporting_currency=currency("EUR"))
    add_line(draft, own.slug, description=WORDS, category=BudgetCategory.objects.get())
    rows.append(return_budget(submit_budget(draft, actor=None), actor=None, reason=WORDS))
    return rows
