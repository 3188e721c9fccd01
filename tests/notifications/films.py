"""Co-productions: shared and moved, piloted, budgeted and paid, scheduled, decided on, delivered, licensed."""

from datetime import timedelta
from decimal import Decimal
from itertools import count

from django.utils import timezone

from productions.constants import Criterion
from productions.models import Production, Revision
from productions.services.archive_use import announce_uncleared
from productions.services.budget import begin_revision, return_budget, submit_budget
from productions.services.deliverable import accept_deliverable, deliver
from productions.services.instalment import invoice_instalment, pay_instalment, tell_of_overdue
from productions.services.partner import Share, set_shares
from productions.services.pilot import decide_pilot, mark_pilot, open_review
from productions.services.production import share_production
from productions.services.reminders import tell_of_schedules
from productions.services.revenue import set_revenue_shares
from productions.services.review import add_note, announce_overdue, decide_revision
from productions.services.schedule import finish_milestone
from productions.services.stage import move_production
from tests.archive.factories import make_grant, make_item
from tests.notifications.houses import Houses
from tests.notifications.words import FILM, OWN, PARTNER, REEL, SHOOTING
from tests.productions.delivery import approve as approve_revision
from tests.productions.delivery import make_deliverable, make_revision, make_version, use_footage
from tests.productions.factories import make_milestone, make_production, make_production_module, make_window, stage_of
from tests.productions.money import add_line, currency, make_budget, make_instalment
from tests.productions.money import approve as approve_budget

_numbers = count(1)


def bring_films(houses: Houses) -> None:
    film = _film(houses, stage="idea", is_shared=False)
    share_production(film, actor=None)
    move_production(film, actor=None, stage=stage_of("development"))
    shares = [Share(houses.own, Decimal(70), role="lead"), Share(houses.partner, Decimal(30))]
    set_shares(film, shares, actor=None)
    halves = dict(zip(film.partners.all(), (Decimal(60), Decimal(40)), strict=True))
    set_revenue_shares(film, actor=None, territory="", shares=halves)
    for kind in ("shared", "shares-changed", "revenue-shares-changed"):
        houses.told[f"productions.{kind}"] = (FILM,)
    houses.told["productions.stage-moved"] = (FILM, stage_of("development"))
    _pilot(houses)
    _money(film, houses)
    _schedule(film, houses)
    _review(_film(houses, stage="post-production"), houses)
    _delivery(_film(houses, stage="delivery"), houses)
    _footage(film, houses)


def _film(houses: Houses, **fields) -> Production:
    names = {"slug": f"film{next(_numbers)}", **FILM.fields("name")}
    module = make_production_module(houses.own, houses.partner)
    return make_production(houses.own, houses.partner, module=module, **names | fields)


def _pilot(houses: Houses) -> None:
    review = open_review(_film(houses, stage="pilot", is_pilot=True), actor=None)
    for criterion in Criterion.values:
        mark_pilot(review, actor=houses.at_own("producer"), criterion=criterion, mark=4)
    decide_pilot(review, actor=None, decision="pause", reason="zz")
    for kind in ("pilot-opened", "pilot-decided"):
        houses.told[f"productions.{kind}"] = (FILM,)


def _money(film: Production, houses: Houses) -> None:
    budget = make_budget(film)
    add_line(budget, "rts", description="zzcrew")
    return_budget(submit_budget(budget, actor=None), actor=None, reason="zz")
    budget.refresh_from_db()
    approve_budget(budget)
    submit_budget(begin_revision(film, actor=None, reporting_currency=currency()), actor=None)
    today = timezone.localdate()
    late, owed = (make_instalment(film, due_on=today - timedelta(days=9), description="zzpart") for _ in range(2))
    invoice_instalment(owed, actor=None, invoiced_on=today - timedelta(days=8), invoice="zz-1")
    tell_of_overdue()
    pay_instalment(owed, actor=None, paid_on=today - timedelta(days=2), payment="zz-2")
    for kind in ("submitted", "returned", "approved"):
        houses.told[f"productions.budget-{kind}"] = (FILM,)
    for kind in ("invoiced", "paid", "overdue"):
        houses.told[f"productions.instalment-{kind}"] = (FILM, late.description)


def _schedule(film: Production, houses: Houses) -> None:
    now, titles = timezone.now(), SHOOTING.fields("title")
    finish_milestone(make_milestone(film, **titles), actor=None)
    make_milestone(film, due_at=now - timedelta(hours=1), **titles)
    soon = make_window(film, starts_at=now + timedelta(days=9), ends_at=now + timedelta(days=90))
    ending = make_window(film, houses.partner, starts_at=now - timedelta(days=9), ends_at=now + timedelta(days=20))
    tell_of_schedules()
    for kind in ("late", "done"):
        houses.told[f"productions.milestone-{kind}"] = (FILM, SHOOTING)
    houses.told["productions.window-opens"] = (FILM, OWN, soon.starts_at)
    houses.told["productions.window-ends"] = (FILM, PARTNER, ending.ends_at)


def _review(film: Production, houses: Houses) -> None:
    script = make_revision(film, "script", description="zz", due_at=timezone.now() + timedelta(days=1))
    add_note(script, actor=None, broadcaster=houses.partner, text="zz")
    decide_revision(script, actor=None, broadcaster=houses.own, decision="changes", note="zz")
    Revision.objects.filter(pk=script.pk).update(due_at=timezone.now() - timedelta(hours=1))
    announce_overdue()
    approve_revision(make_revision(film, "rough-cut", description="zz"))
    for kind in ("revision-submitted", "revision-overdue", "revision-noted", "revision-approved"):
        houses.told[f"productions.{kind}"] = (FILM,)
    houses.told["productions.decision-made"] = (FILM,)


def _delivery(film: Production, houses: Houses) -> None:
    owed = make_deliverable(make_version(film))
    accept_deliverable(deliver(owed, actor=None), actor=None)
    for kind in ("deliverable-delivered", "deliverable-decided"):
        houses.told[f"productions.{kind}"] = (FILM, PARTNER)


def _footage(film: Production, houses: Houses) -> None:
    """Used for longer than was granted."""
    reel = make_item(houses.own, **REEL.fields("title"))
    grant = make_grant(reel, grantee=houses.partner, platforms=["web"], territories=["RS"], languages=["sr"])
    use_footage(film, reel, grant=grant, in_ms=0, out_ms=90_000)
    announce_uncleared()
    houses.told["productions.archive-use-uncleared"] = (FILM, REEL)
