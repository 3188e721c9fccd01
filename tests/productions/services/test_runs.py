"""Runs are counted through changes of summer time: in Belgrade days of 23 and 25 hours, in Almaty none."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mediaexchange.core.errors import ConflictError, DomainError, ForbiddenError
from productions.models import Run, Window
from productions.runs import end_of_run, numbered
from productions.services.run import cancel_run, plan_run, preview, record_figure, report_run
from tests.factories import make_channel
from tests.productions.factories import make_producer, make_production, make_run, make_window

BELGRADE, ALMATY = "Europe/Belgrade", "Asia/Almaty"
CHANGES = [
    datetime(2026, 3, 29, 1, tzinfo=UTC),
    datetime(2026, 10, 25, 1, tzinfo=UTC),
    datetime(2027, 3, 28, 1, tzinfo=UTC),
    datetime(2027, 10, 31, 1, tzinfo=UTC),
]
HOUR = timedelta(hours=1)


@pytest.fixture
def production(rts):
    return make_production(rts)


@pytest.fixture
def channel(rts):
    return make_channel(rts)


def local(text, zone=BELGRADE):
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


@pytest.mark.parametrize(
    ("first", "zone", "hours"),
    [
        ("2026-03-28T20:30", BELGRADE, 23),
        ("2026-10-24T20:30", BELGRADE, 25),
        ("2027-03-27T20:30", BELGRADE, 23),
        ("2027-10-30T20:30", BELGRADE, 25),
        ("2027-06-01T20:30", BELGRADE, 24),
        ("2026-03-28T20:30", ALMATY, 24),
        ("2026-10-24T20:30", ALMATY, 24),
        ("2027-03-27T20:30", ALMATY, 24),
        ("2027-10-30T20:30", ALMATY, 24),
    ],
)
def test_a_local_day_is_as_long_as_the_clocks_make_it_and_24_hours_are_24_hours(first, zone, hours):
    begins = local(first, zone).astimezone(UTC)
    assert end_of_run(begins, unit="days", length=1, time_zone=zone) == begins + hours * HOUR
    assert end_of_run(begins, unit="hours", length=24, time_zone=zone) == begins + 24 * HOUR


def test_a_time_that_the_clocks_show_twice_or_never_is_the_later_moment():
    never = end_of_run(local("2027-03-27T02:30"), unit="days", length=1, time_zone=BELGRADE)
    assert never == datetime(2027, 3, 28, 1, 30, tzinfo=UTC)  # half past two does not come: half past three
    twice = end_of_run(local("2027-10-30T02:30"), unit="days", length=1, time_zone=BELGRADE)
    assert twice == datetime(2027, 10, 31, 1, 30, tzinfo=UTC)
    first_of_two = datetime(2027, 10, 31, 0, 30, tzinfo=UTC)
    assert end_of_run(first_of_two, unit="days", length=0, time_zone=BELGRADE) == first_of_two


@pytest.mark.django_db
def test_the_database_ends_runs_at_the_same_moments_at_every_change():
    starts = [change + step * HOUR / 4 for change in CHANGES for step in range(-49 * 4, 49 * 4)]
    for zone in (BELGRADE, ALMATY):
        for unit, length in (("days", 0), ("days", 1), ("days", 2), ("days", 7), ("hours", 1), ("hours", 24)):
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT productions_end_of_run(first, %s, %s, %s) FROM unnest(%s::timestamptz[]) AS first",
                    [unit, length, zone, starts],
                )
                ends = [end for (end,) in cursor.fetchall()]
            assert ends == [end_of_run(start, unit=unit, length=length, time_zone=zone) for start in starts]


@pytest.mark.django_db
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    change=st.sampled_from(CHANGES),
    minutes=st.lists(st.integers(-60 * 60, 60 * 60), min_size=1, max_size=6, unique=True),
    zone=st.sampled_from([BELGRADE, ALMATY]),
    unit=st.sampled_from(["days", "hours"]),
    length=st.integers(0, 49),
)
def test_what_the_database_counts_is_what_the_rule_says_in_whatever_order_showings_come(
    production, channel, change, minutes, zone, unit, length
):
    with transaction.atomic():
        window = make_window(
            production,
            starts_at=change - timedelta(days=9),
            ends_at=change + timedelta(days=9),
            time_zone=zone,
            repeat_unit=unit,
            repeat_length=length,
        )
        starts = [change + timedelta(minutes=minute) for minute in minutes]
        for start in starts:
            Run.objects.create(window=window, channel=channel, starts_at=start, platform="television")
        expected = numbered(starts, unit=unit, length=length, time_zone=zone)
        assert list(window.showings.values_list("starts_at", "number", "is_repeat")) == expected
        assert Window.objects.get(pk=window.pk).runs_used == expected[-1][1]
        for start, number, is_repeat in expected:
            first = min(other for other, run, _ in expected if run == number)
            assert is_repeat == (start != first)
            assert start == first or start < end_of_run(first, unit=unit, length=length, time_zone=zone)
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_a_repeat_on_the_next_evening_is_free_through_the_long_night_and_costs_a_run_by_the_hour(rts):
    first, repeat = local("2026-10-24T20:30"), local("2026-10-25T20:15")  # 24 hours and 45 minutes lie between
    used = {}
    for unit, length in (("days", 1), ("hours", 24)):
        window = make_window(
            make_production(rts), starts_at=first - timedelta(days=1), runs=1, repeat_unit=unit, repeat_length=length
        )
        channel = make_channel(rts, slug=f"c-{unit}")
        plan_run(window, actor=None, channel=channel, starts_at=first)
        try:
            used[unit] = plan_run(window, actor=None, channel=channel, starts_at=repeat).is_repeat
        except ConflictError as error:
            used[unit] = error.code
    assert used == {"days": True, "hours": "runs-used-up"}


@pytest.mark.django_db
def test_no_road_leads_past_the_allowed_runs_or_out_of_the_window(rts):
    window = make_window(make_production(rts), runs=2)
    channel = make_channel(rts)
    late = make_run(window, hours=100, channel=channel)
    make_run(window, hours=200, channel=channel)
    with pytest.raises(IntegrityError, match="productions_window_runs"), transaction.atomic():
        make_run(window, hours=300, channel=channel)
    with pytest.raises(IntegrityError, match="lies outside"), transaction.atomic():
        make_run(window, hours=-1, channel=channel)
    with pytest.raises(IntegrityError, match="lies outside"), transaction.atomic():
        Run.objects.filter(pk=late.pk).update(platform="web")
    with pytest.raises(IntegrityError, match="lies outside"), transaction.atomic():
        Window.objects.filter(pk=window.pk).update(ends_at=late.starts_at)
    with pytest.raises(IntegrityError, match="productions_window_runs"), transaction.atomic():
        Window.objects.filter(pk=window.pk).update(runs=1)
    Window.objects.filter(pk=window.pk).update(runs_used=0)
    Run.objects.filter(pk=late.pk).update(number=7, is_repeat=True)
    late.refresh_from_db()
    assert (Window.objects.get(pk=window.pk).runs_used, late.number, late.is_repeat) == (2, 1, False)
    with pytest.raises(ConflictError) as refused:
        plan_run(window, actor=None, channel=channel, starts_at=window.starts_at + 300 * HOUR)
    assert (refused.value.code, refused.value.details["allowed"]) == ("runs-used-up", 2)
    cancel_run(late, actor=make_producer(rts), reason="football instead")
    assert plan_run(window, actor=None, channel=channel, starts_at=window.starts_at + 300 * HOUR).number == 2


@pytest.mark.django_db
def test_one_that_comes_late_may_begin_a_run_that_others_repeat(rts):
    window = make_window(make_production(rts), repeat_length=24)
    channel = make_channel(rts)
    second = make_run(window, hours=30, channel=channel)
    assert preview(window, window.starts_at + 20 * HOUR) == (1, False)
    assert preview(window, window.starts_at + 40 * HOUR) == (1, True)
    first = make_run(window, hours=20, channel=channel)
    second.refresh_from_db()
    assert [(run.number, run.is_repeat) for run in (first, second)] == [(1, False), (1, True)]
    cancel_run(first, actor=None, reason="never shown")
    second.refresh_from_db()
    assert (second.number, second.is_repeat) == (1, False)


@pytest.mark.django_db
@time_machine.travel(datetime(2027, 3, 1, tzinfo=UTC))
def test_what_was_planned_is_aired_once_and_is_the_channels_own_production_too(rts, ptrc):
    production = make_production(rts, ptrc)
    window = make_window(production, ptrc, territories=["KZ"])
    channel, producer = make_channel(ptrc), make_producer(ptrc)
    planned = plan_run(window, actor=producer, channel=channel, starts_at=local("2027-02-01T20:00", ALMATY))
    assert plan_run(window, actor=producer, channel=channel, starts_at=planned.starts_at).pk == planned.pk
    at = local("2027-02-01T20:04", ALMATY).astimezone(UTC)
    aired = {"channel": channel, "starts_at": at, "duration_ms": 52 * 60_000}
    run = report_run(window, actor=make_producer(ptrc), planned=planned, **aired)
    assert (run.pk, run.starts_at, run.is_planned) == (planned.pk, at, False)
    assert (run.airing.subject_uid, run.airing.is_foreign) == (production.uid, False)
    assert report_run(window, actor=None, airing=run.airing).pk == run.pk
    other = make_window(production, ptrc, territories=["RU"])
    with pytest.raises(ConflictError) as refused:
        report_run(other, actor=None, airing=run.airing)
    assert refused.value.code == "airing-counted"
    with pytest.raises(DomainError) as refused:
        plan_run(window, actor=None, channel=make_channel(rts), starts_at=at)
    assert refused.value.code == "foreign-channel"
    with pytest.raises(ForbiddenError):
        plan_run(window, actor=make_producer(rts), channel=channel, starts_at=at + HOUR)


@pytest.mark.django_db
@time_machine.travel(datetime(2027, 3, 1, tzinfo=UTC))
def test_audience_figures_name_their_source_and_stand_as_they_were_stated(rts, ptrc):
    window = make_window(make_production(rts, ptrc), rts)
    at = local("2027-02-01T20:00")
    channel = make_channel(rts)
    planned = make_run(window, hours=900, channel=channel)
    run = report_run(window, actor=None, channel=channel, starts_at=at, duration_ms=60_000)
    said = {"stated_by": rts, "source": "RTS, audience research", "as_of": date(2027, 2, 8)}
    with pytest.raises(ConflictError) as refused:
        record_figure(planned, actor=None, kind="reach", value=Decimal(1), **said)
    assert refused.value.code == "not-aired"
    producer = make_producer(rts)
    reach = record_figure(run, actor=producer, kind="reach", value=Decimal(812_000), **said)
    assert record_figure(run, actor=producer, kind="reach", value=Decimal(812_000), **said) == reach
    with pytest.raises(ConflictError):
        record_figure(run, actor=producer, kind="reach", value=Decimal(900_000), **said)
    for wrong in ({"kind": "share", "value": Decimal(101)}, {"kind": "reach", "value": Decimal(5), "source": " "}):
        with pytest.raises(DomainError):
            record_figure(run, actor=producer, **said | wrong)
    with pytest.raises(ForbiddenError):
        record_figure(run, actor=producer, kind="share", value=Decimal("21.4"), **said | {"stated_by": ptrc})
    with pytest.raises(IntegrityError, match="stands as it was stated"), transaction.atomic():
        run.figures.update(value=1)
