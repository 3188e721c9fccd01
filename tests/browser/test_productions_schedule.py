"""A schedule against its baseline and the calendar of windows, in Kazakh and Serbian Latin, at a desk and a phone."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from productions.models import Run
from productions.services.baseline import lock_baseline
from productions.services.schedule import finish_milestone, save_milestone
from tests.browser.desk import PHONE
from tests.factories import make_broadcaster, make_channel
from tests.productions.factories import make_milestone, make_producer, make_production, make_run, make_window

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def a_production():
    """Five milestones, one done, one late, one moved; windows of both, with showings."""
    rts, ptrc = make_broadcaster("rts"), make_broadcaster("ptrc")
    production = make_production(rts, ptrc, stage="production")
    today = timezone.localdate()
    rows = [
        make_milestone(
            production, (rts, ptrc)[number % 2], starts_on=today + timedelta(days=18 * number - 60),
            due_on=today + timedelta(days=18 * number - 40), title_kk=f"Бастапқы монтаж {number}",
        )
        for number in range(6)
    ]  # fmt: skip
    lock_baseline(production, actor=None, name="Београд, потписано")
    finish_milestone(rows[0], actor=None)
    rows[4].due_on += timedelta(days=16)
    save_milestone(rows[4], actor=None, changed={"due_on"})
    window = make_window(
        production, rts, is_exclusive=True, runs=2, repeat_length=1, repeat_unit="days", territories=["RS", "ME"]
    )
    make_run(window, hours=21, channel=make_channel(rts, name_sr="РТС 1", name_kk="РТС 1"))
    make_window(production, ptrc, territories=["CIS"], platforms=[])
    return production, window


@pytest.mark.parametrize(("language", "size"), [("kk", "desk"), ("sr-Latn", "phone")])
def test_a_producer_reads_the_schedule_and_plans_a_showing(open_desk, language, size):
    production, window = a_production()
    desk = open_desk(language).enter(make_producer(make_broadcaster("rts")))
    if size == "phone":
        desk.page.set_viewport_size(PHONE)
    desk.go(reverse("admin:productions_production_schedule", args=[production.pk]))
    expect(desk.page.locator("svg.pr-gantt .pr-bar.planned")).to_have_count(6)
    desk.picture(f"{size}-schedule")
    desk.fits_its_window()
    bar = desk.page.locator("svg.pr-gantt a").first
    bar.focus()
    with desk.page.expect_navigation():
        desk.page.keyboard.press("Enter")
    desk.picture(f"{size}-milestone")
    desk.fits_its_window()
    address = reverse("admin:productions_production_windows", args=[production.pk])
    partner = production.partners.get(broadcaster__slug="ptrc").pk
    desk.go(f"{address}?from=2027-01&by=territory&holder={partner}&territories=ME&first_on=2027-05-01&is_exclusive=on")
    expect(desk.page.locator("svg.pr-gantt .pr-bar.conflict").first).to_be_visible()
    desk.picture(f"{size}-windows")
    desk.fits_its_window()
    desk.go(reverse("admin:productions_window_plan", args=[window.pk]))
    desk.page.locator('select[name="channel"]').select_option(index=1)
    desk.page.locator('input[name="day"]').fill("2027-03-28")
    desk.page.locator('input[name="hour"]').fill("20:00")
    desk.picture(f"{size}-plan")
    with desk.page.expect_navigation():
        desk.press_last("form button.ar-main, form input[type=submit], form button[type=submit]")
    desk.picture(f"{size}-window")
    desk.fits_its_window()
    assert Run.objects.filter(starts_at__date="2027-03-28", number=2).exists()
