"""The schedule's chart and the calendar of windows, as staff use them."""

import re
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone

from productions.models import Milestone, Window
from productions.services.baseline import lock_baseline
from productions.services.schedule import finish_milestone, save_milestone
from tests.factories import make_broadcaster, make_channel
from tests.productions.factories import make_milestone, make_producer, make_production, make_run, make_window

pytestmark = pytest.mark.django_db


@pytest.fixture
def production(rts, ptrc):
    return make_production(rts, ptrc)


def signed_in(user, language="en"):
    client = Client(headers={"accept-language": language})
    client.force_login(user)
    return client


def pages(production):
    return f"/admin/productions/production/{production.pk}/"


def test_the_chart_shows_each_milestone_beside_its_baseline_and_the_table_says_the_same(production, rts, ptrc):
    today = timezone.localdate(timezone=ZoneInfo("Europe/Belgrade"))  # where those who look are
    late, done, moved = (make_milestone(production, rts, due_on=today + timedelta(days=days)) for days in (-5, -2, 9))
    baseline = lock_baseline(production, actor=None, name="Signed in Belgrade")
    finish_milestone(done, actor=None)
    moved.due_on += timedelta(days=4)
    save_milestone(moved, actor=None, changed={"due_on"})
    client = signed_in(make_producer(rts))
    page = client.get(f"{pages(production)}schedule/").content.decode()
    for kind, number in (("planned", 3), ("late", 1), ("done", 1), ("open", 1)):
        assert page.count(f'class="pr-bar {kind}"><title>') == number
    assert "4 days later" in page
    assert "2 days later" in page
    assert "5 days overdue" in page
    assert 'class="pr-today"><title>' in page
    names, today = re.findall(r'y="(\d+)" class="pr-name"', page), re.search('(?s)class="pr-today">(.*?)</g>', page)[1]
    pieces = [(int(top), int(end)) for top, end in re.findall(r'y1="(\d+)" y2="(\d+)"', today)]
    assert len(pieces) == len(names) == 3
    assert not any(top - 4 < int(name) < end for name in names for top, end in pieces)  # no name is struck through
    assert baseline.name in page
    without = client.get(f"{pages(production)}schedule/?baseline=0").content.decode()
    assert 'class="pr-bar planned"><title>' not in without
    client.post(f"{pages(production)}schedule/", {"deed": "finish", "milestone": late.pk})
    late.refresh_from_db()
    assert late.is_done
    client.post(f"{pages(production)}schedule/", {"deed": "lock", "name": "Second"})
    assert list(production.baselines.values_list("name", flat=True)) == ["Second", "Signed in Belgrade"]


def test_a_partner_cannot_finish_what_another_owes_nor_a_stranger_see_anything(production, rts, ptrc):
    milestone, window = make_milestone(production, ptrc), make_window(production, rts)
    signed_in(make_producer(rts)).post(f"{pages(production)}schedule/", {"deed": "finish", "milestone": milestone.pk})
    milestone.refresh_from_db()
    assert not milestone.is_done
    stranger = signed_in(make_producer(make_broadcaster("rtv")))
    for address in (
        f"{pages(production)}schedule/", f"{pages(production)}windows/",
        f"/admin/productions/milestone/{milestone.pk}/change/", f"/admin/productions/window/{window.pk}/change/",
        f"/admin/productions/window/{window.pk}/plan/",
    ):  # fmt: skip
        assert stranger.get(address).status_code == 404
    assert str(production) not in stranger.get("/admin/productions/window/calendar/").content.decode()


def test_a_milestone_is_planned_by_form_with_what_it_waits_for(production, rts, ptrc):
    first = make_milestone(production)
    owner = production.partners.get(broadcaster=ptrc)
    answer = signed_in(make_producer(rts)).post(
        f"/admin/productions/milestone/add/?production={production.pk}",
        {"owner": owner.pk, "title_sr": "Завршна монтажа", "due_on": "2027-03-01", "position": 0,
         "depends_on": [first.pk]},
    )  # fmt: skip
    assert answer.status_code == 302
    milestone = Milestone.objects.exclude(pk=first.pk).get()
    assert (milestone.time_zone, list(milestone.depends_on.all())) == ("Asia/Almaty", [first])


def test_days_of_a_window_are_typed_and_shown_by_its_own_clocks_and_conflicts_are_linked(production, rts, ptrc):
    there = make_window(production, rts, is_exclusive=True)
    client = signed_in(make_producer(rts))
    typed = {
        "holder": production.partners.get(broadcaster=ptrc).pk, "territories": ["RS"], "platforms": ["television"],
        "languages": "kk, sr-Latn", "starts_on": "2027-03-01", "ends_on": "2027-03-31", "repeat_length": 0,
        "repeat_unit": "hours",
    }  # fmt: skip
    refused = client.post(f"/admin/productions/window/add/?production={production.pk}", typed)
    assert f'<a class="ar-link" href="/admin/productions/window/{there.pk}/change/">' in refused.content.decode()
    assert Window.objects.count() == 1
    typed["territories"] = ["KZ"]
    assert client.post(f"/admin/productions/window/add/?production={production.pk}", typed).status_code == 302
    window = Window.objects.exclude(pk=there.pk).get()
    assert (window.starts_at.isoformat(), window.ends_at.isoformat()) == (
        "2027-02-28T19:00:00+00:00", "2027-03-31T19:00:00+00:00",
    )  # fmt: skip
    address = f"/admin/productions/window/{window.pk}/change/"
    form = client.get(address).context["adminform"].form
    assert (str(form.initial["starts_on"]), str(form.initial["ends_on"])) == ("2027-03-01", "2027-03-31")
    client.post(address, typed | {"time_zone": "Asia/Almaty", "ends_time": "18:00"})
    window.refresh_from_db()
    assert (window.ends_at.isoformat(), window.sequence) == ("2027-03-31T13:00:00+00:00", 1)


def test_the_calendar_hatches_what_is_exclusive_and_marks_what_stands_against_a_question(production, rts, ptrc):
    make_window(production, rts, is_exclusive=True, territories=["RS", "ME"])
    make_window(production, ptrc, territories=["KZ"])
    client = signed_in(make_producer(rts))
    page = client.get(f"{pages(production)}windows/?from=2027-01&months=12&by=territory").content.decode()
    assert page.count('class="pr-bar exclusive"><title>') == 2  # a line for each territory
    assert page.count('class="pr-bar shared"><title>') == 1
    holder = production.partners.get(broadcaster=ptrc).pk
    asked = {"holder": holder, "territories": "ME", "first_on": "2027-02-01", "from": "2027-01", "by": "partner"}
    page = client.get(f"{pages(production)}windows/", asked).content.decode()
    assert page.count('class="pr-bar exclusive conflict"><title>') == 1
    assert page.count('class="pr-bar shared proposed"><title>') == 1
    assert "Montenegro · television" in page
    assert Window.objects.count() == 2


def test_a_window_is_neither_typed_nor_asked_for_to_the_end_of_the_calendar(production, rts):
    client = signed_in(make_producer(rts))
    holder = production.partners.get(broadcaster=rts).pk
    typed = {"holder": holder, "starts_on": "2027-03-01", "ends_on": "9999-12-31", "repeat_length": 0}
    page = client.post(f"/admin/productions/window/add/?production={production.pk}", typed)
    assert "Give a day between 1900 and 2200." in page.content.decode()
    asked = {"holder": holder, "first_on": "2027-02-01", "last_on": "9999-12-31"}
    page = client.get(f"{pages(production)}windows/", asked)
    assert "Give a day between 1900 and 2200." in page.content.decode()


def test_showings_are_planned_by_the_clocks_of_the_window_and_refusals_keep_what_was_typed(production, rts):
    window = make_window(production, rts, runs=1)
    channel = make_channel(rts)
    client = signed_in(make_producer(rts))
    typed = {"channel": channel.pk, "day": "2027-03-28", "hour": "20:00"}
    assert client.post(f"/admin/productions/window/{window.pk}/plan/", typed).status_code == 302
    run = window.showings.get()
    assert run.starts_at.isoformat() == "2027-03-28T18:00:00+00:00"  # summer time has begun that night
    again = client.post(f"/admin/productions/window/{window.pk}/plan/", typed | {"day": "2027-03-29"})
    assert again.status_code == 200
    assert "All runs are used up: 1." in again.content.decode()
    client.post(f"/admin/productions/window/{window.pk}/showing/{run.pk}/cancel/", {"reason": "football"})
    window.refresh_from_db()
    assert window.runs_used == 0
    box = client.get(f"/admin/productions/window/{window.pk}/change/").content.decode()
    assert "football" in box


@pytest.mark.parametrize("language", ["sr-Latn", "sr-Cyrl", "kk", "ru"])
def test_pages_draw_in_every_language_without_commas_in_the_drawing(language, production, rts):
    make_milestone(production)
    lock_baseline(production, actor=None, name="B")
    make_run(make_window(production, rts, runs=3, repeat_length=1, repeat_unit="days"))
    client = signed_in(make_producer(rts), language)
    for page in ("schedule/", "windows/?from=2027-01"):
        drawn = client.get(f"{pages(production)}{page}").content.decode().split('class="pr-gantt" viewBox', 1)[1]
        assert not any("," in word for word in drawn.split("</svg>")[0].split() if word.startswith(("x=", "width=")))
