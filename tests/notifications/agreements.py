"""Agreements: terms and last days, notice, minutes and promises, reviews, digital development, a brief."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta
from django.utils import timezone

from broadcasters.constants import Area, Renewal
from broadcasters.models import (
    BriefSubscription,
    Guideline,
    GuidelineVersion,
    Initiative,
    InitiativeMilestone,
    Memorandum,
    Minutes,
    Module,
    ModuleReview,
)
from broadcasters.services.agreement_reminders import remind_of_agreements
from broadcasters.services.brief import subscribe
from broadcasters.services.brief_sending import plan_issues, send_next
from broadcasters.services.guideline import save_guideline, save_version
from broadcasters.services.initiative import move_initiative, save_initiative, save_milestone
from broadcasters.services.minutes import save_minutes
from broadcasters.services.module import move_module
from broadcasters.services.notice import give_notice
from broadcasters.services.review import save_review
from tests.broadcasters.agreement import make_agreement
from tests.factories import make_module
from tests.notifications.houses import Houses
from tests.notifications.words import MODULE, OWN, PACT, PLAN, RULES, STEP


def bring_agreements(houses: Houses) -> None:
    terms = {"term_months": 12, "renewal": Renewal.TACIT, "notice_days": 10, **PACT.fields("name")}
    pact, left = (
        make_agreement(houses.own, houses.partner, slug=slug, in_force_on=_a_year_ago(), **terms)
        for slug in ("pact", "left")
    )
    last_on = _a_year_ago() + relativedelta(months=12) - timedelta(days=1)
    houses.told["broadcasters.term-ends"] = (PACT, last_on)
    houses.told["broadcasters.notice-by"] = (PACT, last_on - timedelta(days=10))
    give_notice(left, actor=None, broadcaster=houses.own)
    houses.told["broadcasters.notice-given"] = (PACT, OWN, last_on)
    _consult(pact, houses)
    _develop(houses)
    remind_of_agreements()
    _brief(pact, houses)


def _a_year_ago():
    """The first day of a term of a year that ends in four weeks."""
    return timezone.localdate() - relativedelta(months=12) + timedelta(days=28)


def _consult(pact: Memorandum, houses: Houses) -> None:
    held_on, due_on = timezone.localdate() - timedelta(days=3), timezone.localdate() + timedelta(days=10)
    minutes = Minutes(memorandum=pact, title="zzconsultation", language="en", held_on=held_on)
    promise = {"topic": "zzpromise", "decision": "zz", "owner": houses.partner, "responsible": "zz", "due_on": due_on}
    save_minutes(minutes, actor=None, items=[promise])
    houses.told["broadcasters.minutes-to-approve"] = ("zzconsultation", held_on)
    houses.told["broadcasters.action-due"] = ("zzpromise", due_on)


def _develop(houses: Houses) -> None:
    module = make_module(
        houses.own, houses.partner, area=Area.DIGITAL_DEVELOPMENT, slug="digital", **MODULE.fields("name")
    )
    _review(module, houses)
    initiative = Initiative(slug="player", module=module, kind="streaming", **PLAN.fields("name"))
    save_initiative(initiative, actor=None, owners=[{"broadcaster": houses.own}, {"broadcaster": houses.partner}])
    today = timezone.localdate()
    for kind, day in (("milestone-late", today - timedelta(days=4)), ("milestone-due", today + timedelta(days=9))):
        step = InitiativeMilestone(initiative=initiative, owner=houses.own, planned_on=day, **STEP.fields("title"))
        save_milestone(step, actor=None)
        houses.told[f"broadcasters.{kind}"] = (PLAN, STEP, day)
    move_initiative(initiative, actor=None, state="running", reason="zz")
    houses.told["broadcasters.initiative-moved"] = (PLAN,)
    guideline = Guideline(slug="filming", module=module, kind="editorial", **RULES.fields("name"))
    save_guideline(guideline, actor=None)
    save_version(GuidelineVersion(guideline=guideline, **RULES.fields("text")), actor=None)
    houses.told["broadcasters.guideline-written"] = (RULES, "1")
    move_module(module, actor=houses.at_own("administrator"), state="paused", reason="zzelections")
    houses.told["broadcasters.module-moved"] = (MODULE, "zzelections")


def _review(module: Module, houses: Houses) -> None:
    first_on, last_on = timezone.localdate() - timedelta(days=90), timezone.localdate() - timedelta(days=1)
    review = ModuleReview(
        module=module, broadcaster=houses.own, first_on=first_on, last_on=last_on, verdict="keep", verdict_reason="zz",
        demand_note="zz", feasibility_note="zz",
    )  # fmt: skip
    save_review(review, actor=None)
    houses.told["broadcasters.module-reviewed"] = (MODULE, OWN)


def _brief(pact: Memorandum, houses: Houses) -> None:
    """Whoever may only look has it sent by mail, for the week that is over."""
    person = houses.at_partner("viewer")
    wanted = BriefSubscription(
        person=person, memorandum=pact, rhythm="week", language=person.language, format="html", weekday="0", hour=7
    )
    ago = datetime.now(ZoneInfo(person.time_zone)) - timedelta(days=8)
    subscribe(wanted, actor=person, at=ago)
    plan_issues()
    while send_next():
        pass
    houses.told["broadcasters.brief-ready"] = (PACT,)
