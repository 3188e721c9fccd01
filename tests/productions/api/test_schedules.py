"""Milestones, baselines, windows and showings for partners' systems."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from productions.models import Milestone, Run, Window
from productions.services.baseline import lock_baseline
from productions.services.run import report_run
from tests.conftest import Caller
from tests.factories import make_broadcaster, make_channel, make_key
from tests.productions.factories import make_milestone, make_production, make_run, make_window

pytestmark = pytest.mark.django_db


@pytest.fixture
def production(rts, ptrc):
    return make_production(rts, ptrc)


@pytest.fixture
def novi_sad():
    """A developer of a house that is no partner."""
    return Caller(make_key(make_broadcaster("rtv")))


def window_input(production, **fields):
    return {
        "production": str(production.uid), "holder": "ptrc", "territories": ["kz"], "platforms": ["television"],
        "starts_at": "2027-01-01T00:00:00+05:00", "ends_at": "2028-01-01T00:00:00+05:00",
    } | fields  # fmt: skip


def test_partners_plan_change_and_finish_and_others_see_nothing(production, belgrade, astana, novi_sad):
    body = {
        "production": str(production.uid), "owner": "ptrc", "texts": {"sr-Latn": {"title": "Gruba montaža"}},
        "due_on": "2027-03-28",
    }  # fmt: skip
    made = belgrade.post("milestones/", body)
    assert made.status_code == 201, made.json()
    milestone = made.json()
    assert (milestone["late_from"], milestone["time_zone"]) == ("2027-03-28T19:00:00Z", "Asia/Almaty")
    address = f"milestones/{milestone['uid']}/"
    assert novi_sad.get(address).status_code == 404
    assert novi_sad.get("milestones/").json()["results"] == []
    assert belgrade.send("patch", address, {"due_on": "2027-04-02"}).status_code == 428
    changed = belgrade.send("patch", address, {"due_on": "2027-04-02"}, If_Match=made.headers["ETag"])
    assert (changed.json()["due_on"], changed.json()["sequence"]) == ("2027-04-02", 1)
    assert belgrade.post(f"{address}finish/").status_code == 403
    assert astana.post(f"{address}finish/").json()["state"] == "done"
    assert [row["uid"] for row in astana.get("milestones/", state="done").json()["results"]] == [milestone["uid"]]


@pytest.mark.parametrize("day", ["0001-01-01", "1899-12-31", "2201-01-01", "9999-12-31"])
def test_days_near_the_ends_of_the_calendar_are_no_plans(production, belgrade, day):
    body = {"production": str(production.uid), "owner": "ptrc", "texts": {"en": {"title": "Cut"}}}
    for days in ({"due_on": day}, {"starts_on": day, "due_on": "2027-03-28"}, {"due_at": f"{day}T10:00:00Z"}):
        refused = belgrade.post("milestones/", body | days)
        assert refused.status_code in (400, 422), (days, refused.content)
        assert belgrade.post("windows/", window_input(production, ends_at=f"{day}T10:00:00Z")).status_code == 400
    milestone = make_milestone(production)
    with pytest.raises(IntegrityError), transaction.atomic():
        Milestone.objects.filter(pk=milestone.pk).update(due_on=day, starts_on=day)


def test_a_baseline_is_locked_and_compared(production, belgrade):
    milestone = make_milestone(production)
    made = belgrade.post("baselines/", {"production": str(production.uid), "name": "Signed"})
    assert made.status_code == 201, made.json()
    Milestone.objects.filter(pk=milestone.pk).update(due_on=milestone.due_on + timedelta(days=5))
    (row,) = belgrade.get(f"baselines/{made.json()['uid']}/comparison/").json()
    assert (row["milestone"], row["days"], row["planned_on"]) == (str(milestone.uid), 5, "2027-03-31")
    assert belgrade.post("baselines/", {"production": str(production.uid), "name": "Signed"}).status_code == 409


def test_conflicts_are_named_by_the_check_and_by_the_refusal(production, rts, belgrade, astana, novi_sad):
    there = make_window(production, rts, is_exclusive=True, territories=["CIS"])
    found = astana.post("windows/check/", window_input(production))
    assert found.status_code == 200, found.json()
    (conflict,) = found.json()
    assert (conflict["window"], conflict["territories"]) == (str(there.uid), ["KZ"])
    refused = astana.post("windows/", window_input(production))
    assert (refused.status_code, refused.json()["code"]) == (409, "window-conflict")
    assert Window.objects.count() == 1
    assert astana.post("windows/check/", window_input(production, territories=["RS"])).json() == []
    own = window_input(production, holder="rts", territories=["CIS"], is_exclusive=True)
    assert len(belgrade.post("windows/check/", own).json()) == 1
    assert belgrade.post("windows/check/", own | {"window": str(there.uid)}).json() == []
    assert novi_sad.post("windows/check/", window_input(production)).status_code == 400
    made = astana.post("windows/", window_input(production, territories=["RS"]))
    assert made.status_code == 201, made.json()
    assert [row["uid"] for row in astana.get("windows/", territory="kz").json()["results"]] == [str(there.uid)]
    moved = astana.send(
        "patch", f"windows/{made.json()['uid']}/", {"territories": ["KZ"]}, If_Match=made.headers["ETag"]
    )
    assert (moved.status_code, moved.json()["code"]) == (409, "window-conflict")


def test_showings_are_planned_aired_and_taken_back_within_the_window(production, rts, ptrc, belgrade, astana):
    now = timezone.now()
    window = make_window(production, ptrc, starts_at=now - timedelta(days=10), ends_at=None, runs=1)
    channel = make_channel(ptrc)
    plan = {"window": str(window.uid), "channel": channel.slug, "starts_at": (now + timedelta(days=1)).isoformat()}
    made = astana.post("runs/", plan)
    assert made.status_code == 201, made.json()
    assert (made.json()["is_planned"], made.json()["number"]) == (True, 1)
    aired = {"window": str(window.uid), "channel": channel.slug, "starts_at": (now - timedelta(days=1)).isoformat()}
    refused = astana.post("runs/", aired | {"duration_ms": 60_000})
    assert (refused.status_code, refused.json()["code"]) == (409, "runs-used-up")
    too_early = {"starts_at": (now - timedelta(days=11)).isoformat()}
    assert astana.post("runs/", plan | too_early).json()["code"] == "outside-window"
    uid = made.json()["uid"]
    assert astana.post("runs/", aired | {"duration_ms": 60_000, "planned": uid}).json()["is_planned"] is False
    figure = {"kind": "share", "value": "21.40", "source": "TNS, week 12", "as_of": "2026-11-20"}
    stated = astana.post(f"runs/{uid}/audience/", figure)
    assert (stated.status_code, stated.json()["figures"][0]["stated_by"]) == (201, "ptrc")
    assert belgrade.get(f"runs/{uid}/").json()["figures"][0]["value"] == "21.40"
    assert belgrade.post(f"runs/{uid}/cancel/", {"reason": "wrong"}).status_code == 403
    assert astana.post(f"runs/{uid}/cancel/", {"reason": "wrong"}).json()["number"] == 0
    assert astana.post("runs/", {"window": str(window.uid)}).status_code == 400


@pytest.mark.parametrize("path", ["milestones/", "baselines/", "windows/", "runs/"])
def test_lists_ask_no_more_for_three_rows_than_for_one(path, production, rts, belgrade, django_assert_max_num_queries):
    def more(number):
        window = make_window(production, rts, starts_at=datetime(2020 + number, 1, 1, tzinfo=UTC), ends_at=None)
        milestone = make_milestone(production)
        make_milestone(production).depends_on.add(milestone)
        lock_baseline(production, actor=None, name=f"Baseline {number}")
        channel = make_channel(rts)
        make_run(window, channel=channel)
        aired = datetime(2026, 1, 1 + number, tzinfo=UTC)
        run = report_run(window, actor=None, channel=channel, starts_at=aired, duration_ms=60_000)
        run.figures.create(kind="reach", value=1, platform="television", source="S", as_of=aired.date(), stated_by=rts)

    more(0)
    belgrade.get(path)
    with django_assert_max_num_queries(100) as one:
        assert belgrade.get(path).status_code == 200
    more(1)
    more(2)
    with django_assert_max_num_queries(len(one)):
        assert len(belgrade.get(path).json()["results"]) >= 3
    assert Run.objects.count() == 6
