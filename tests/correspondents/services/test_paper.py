"""Papers: wanted when an assignment is given, counted in the country's days, reminded of once, over in time."""

from datetime import date, timedelta

import pytest
import time_machine
from django.utils import timezone, translation

from correspondents.models import CountryRequirement, Paper
from correspondents.moments import days_after, days_before
from correspondents.services.assignment import cancel_assignment, give_assignment, save_assignment
from correspondents.services.checklist import load_checklists
from correspondents.services.paper import apply_for_paper, correct_paper, end_paper, expire_papers, grant_paper
from correspondents.services.reminders import remind_of_papers
from mediaexchange.core.errors import ConflictError, DomainError
from mediaexchange.core.inbox.models import Notification
from mediaexchange.core.notifications import texts_of
from tests.correspondents.factories import (
    ALMATY,
    days,
    make_assignment,
    make_correspondent,
    make_desk,
    make_paper,
    make_requirement,
)
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def test_what_the_country_demands_is_put_on_the_list_once_and_taken_off_when_nobody_needs_it(rts):
    load_checklists()
    person = make_correspondent(rts)
    first, second = (make_assignment(person, first=day, last=day + 5, status="draft") for day in (40, 50))
    give_assignment(first, actor=None)
    give_assignment(second, actor=None)
    (paper,) = Paper.objects.filter(correspondent=person)
    assert (paper.kind, paper.term, paper.status, paper.time_zone) == (
        "accreditation", "temporary", "wanted", "Asia/Almaty",
    )  # fmt: skip
    cancel_assignment(first, actor=None, reason="Off.")
    paper.refresh_from_db()
    assert paper.status == "wanted"
    cancel_assignment(second, actor=None, reason="Off.")
    paper.refresh_from_db()
    assert paper.status == "dropped"


def test_the_checklists_of_both_countries_ship_with_the_project():
    counts = load_checklists()
    assert counts["CountryRequirement"]["created"] == 3
    assert load_checklists()["CountryRequirement"]["unchanged"] == 3
    kazakhstan = CountryRequirement.objects.filter(country_code="KZ")
    assert {(row.is_compulsory, row.term) for row in kazakhstan} == {(True, "temporary"), (True, "permanent")}
    serbia = CountryRequirement.objects.get(country_code="RS")
    assert (serbia.is_compulsory, serbia.decision_days) == (False, 8)
    for row in CountryRequirement.objects.all():
        for language in ("sr", "kk", "ru", "en"):
            assert getattr(row, f"name_{language}")
            assert getattr(row, f"authority_{language}")


def test_a_permanent_accreditation_serves_in_the_place_of_a_temporary_one(rts):
    load_checklists()
    person = make_correspondent(rts)
    make_paper(person, term="permanent", requirement=CountryRequirement.objects.get(slug="kz-accreditation-permanent"))
    give_assignment(make_assignment(person, status="draft"), actor=None)
    assert Paper.objects.filter(correspondent=person).count() == 1


def test_a_decision_is_due_after_the_days_that_the_law_says():
    friday = date(2026, 11, 20)
    assert days_after(friday, 8, working=False) == date(2026, 11, 30)  # the eighth day is a Saturday
    assert days_after(friday, 8, working=True) == date(2026, 12, 2)
    assert days_before(date(2026, 12, 10), 8, working=False) == date(2026, 12, 2)
    assert days_before(date(2026, 12, 10), 8, working=True) == date(2026, 11, 30)
    assert days_before(date(2026, 12, 7), 1, working=False) == date(2026, 12, 4)  # Sunday is too late


def test_the_day_of_an_application_is_the_countrys(rts):
    line = make_requirement(country_code="RS", decision_days=8, time_zone="Europe/Belgrade")
    paper = make_paper(make_correspondent(rts), status="wanted", valid=None, requirement=line, time_zone="Asia/Almaty")
    with time_machine.travel("2026-11-19T20:00:00Z", tick=False):  # Friday in Almaty, Thursday in Belgrade
        applied = apply_for_paper(paper, actor=None)
    assert (applied.applied_on, applied.decision_due_on) == (date(2026, 11, 20), date(2026, 11, 30))
    with pytest.raises(DomainError):
        apply_for_paper(
            make_paper(make_correspondent(rts), status="wanted"), actor=None,
            applied_on=timezone.now().date() + timedelta(days=3),
        )  # fmt: skip


def test_a_paper_goes_its_way_and_no_other(rts):
    desk, line = make_desk(rts), make_requirement(validity_days=90)
    paper = make_paper(make_correspondent(rts), status="wanted", requirement=line)
    with pytest.raises(ConflictError):
        end_paper(paper, actor=desk, status="revoked")
    apply_for_paper(paper, actor=desk)
    granted = grant_paper(paper, actor=desk, valid_from=date(2027, 1, 1), reference=" KZ-2027-0815 ")
    assert (granted.valid_until, granted.masked_reference) == (date(2027, 3, 31), "…15")
    corrected = correct_paper(paper, actor=desk, valid_from=date(2027, 1, 1), valid_until=date(2027, 6, 30))
    assert corrected.valid_until == date(2027, 6, 30)
    corrected = correct_paper(paper, actor=desk, valid_from=date(2027, 1, 1), valid_until=None)
    assert corrected.valid_until == date(2027, 3, 31)  # as long as the requirement says
    assert end_paper(paper, actor=desk, status="revoked").status == "revoked"
    with pytest.raises(DomainError):
        grant_paper(
            make_paper(make_correspondent(rts), status="wanted"), actor=desk,
            valid_from=date(2027, 2, 1), valid_until=date(2027, 1, 1),
        )  # fmt: skip


def test_people_are_reminded_once_sixty_thirty_and_seven_days_before(rts):
    desk = make_desk(rts)
    person = make_correspondent(rts, user=make_user(rts))
    last = date(2027, 3, 31)
    paper = make_paper(person, valid=(date(2027, 1, 1), last))
    told = Notification.objects.filter(kind="correspondents.paper-ends", subject_uid=paper.uid)

    def at(days: int) -> int:
        with time_machine.travel(f"{last - timedelta(days=days)}T10:00:00Z", tick=False):
            remind_of_papers()
            remind_of_papers()
        return told.all().count()

    assert [at(days) for days in (61, 60, 45, 30, 8, 7, 1)] == [0, 2, 2, 4, 4, 6, 6]
    assert {row.recipient_id for row in told} == {desk.pk, person.user_id}
    correct_paper(paper, actor=desk, valid_from=date(2027, 1, 1), valid_until=date(2027, 5, 10))
    last = date(2027, 5, 10)
    assert at(60) == 8  # prolonged, and reminded of again
    with translation.override("en"):
        (text,) = set(texts_of(list(told.filter(recipient=desk)), desk).values())
    assert "Accreditation" in text.capitalize()
    assert "Kazakhstan" in text


def test_people_are_reminded_before_it_is_too_late_to_apply(rts):
    make_desk(rts)
    paper = make_paper(make_correspondent(rts), status="wanted", apply_by_on=date(2027, 3, 10))
    told = Notification.objects.filter(kind="correspondents.paper-due", subject_uid=paper.uid)
    counts = []
    for day in ("2027-02-23", "2027-02-24", "2027-03-03", "2027-03-09"):
        with time_machine.travel(f"{day}T10:00:00Z", tick=False):
            remind_of_papers()
        counts.append(told.count())
    assert counts == [0, 1, 2, 3]


def test_a_paper_is_over_when_its_last_day_is_over_there(rts):
    make_desk(rts)
    there = make_paper(make_correspondent(rts), valid=(date(2027, 1, 1), date(2027, 3, 31)))
    here = make_paper(
        make_correspondent(rts), valid=(date(2027, 1, 1), date(2027, 3, 31)), country_code="RS",
        time_zone="Europe/Belgrade",
    )  # fmt: skip
    with time_machine.travel("2027-03-31T19:30:00Z", tick=False):  # half past midnight in Almaty
        assert expire_papers() == 1
        assert expire_papers() == 0
    there.refresh_from_db()
    here.refresh_from_db()
    assert (there.status, here.status) == ("expired", "granted")
    assert Notification.objects.filter(kind="correspondents.paper-ended", subject_uid=there.uid).exists()


def test_by_when_it_is_to_be_applied_for_follows_the_assignments(rts):
    make_requirement(lead_days=30)
    person = make_correspondent(rts)
    late, early = (make_assignment(person, first=day, last=day + 5, status="draft") for day in (100, 80))

    def apply_by(first: int) -> bool:
        there = days(first, first + 1).lower.astimezone(ALMATY).date()
        return Paper.objects.get(status="wanted").apply_by_on == days_before(there, 30, working=False)

    give_assignment(late, actor=None)
    assert apply_by(100)
    give_assignment(early, actor=None)
    assert apply_by(80)
    cancel_assignment(early, actor=None, reason="Off.")
    assert apply_by(100)
    late.refresh_from_db()
    late.period = days(60, 65)
    save_assignment(late, actor=None, changed={"period"})
    assert apply_by(60)


def test_an_assignment_that_holds_its_paper_does_not_hurry_the_next_one(rts):
    make_requirement(lead_days=30)
    person = make_correspondent(rts)
    there = days(50, 51).lower.astimezone(ALMATY).date()
    make_paper(person, valid=(there, there + timedelta(days=10)))
    give_assignment(make_assignment(person, first=50, last=55, status="draft"), actor=None)
    give_assignment(make_assignment(person, first=90, last=95, status="draft"), actor=None)
    first = days(90, 91).lower.astimezone(ALMATY).date()
    assert Paper.objects.get(status="wanted").apply_by_on == days_before(first, 30, working=False)
