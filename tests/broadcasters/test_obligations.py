"""Obligations: what the database refuses, how stretches are cut, what each reader's figures are."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from broadcasters.constants import Rhythm, Role
from broadcasters.demo import load_obligations
from broadcasters.desks import announced_signatures, overdue_obligations
from broadcasters.indicators import RawCount, indicators, register
from broadcasters.models import Airing, Broadcaster, Membership, Memorandum, Obligation, Party
from broadcasters.obligations import Standing, progress_of, stretch_of
from broadcasters.services.reference import load_reference
from newsexchange.models import Offer, Soundbite, Take
from tests.broadcasters.admin_pages import make_memorandum
from tests.factories import make_broadcaster, make_channel, make_story, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def memorandum(rts, ptrc):
    memorandum = Memorandum.objects.create(slug="on-exchange", name_en="On exchange")
    for house in (rts, ptrc):
        Party.objects.create(memorandum=memorandum, broadcaster=house)
    return memorandum


@pytest.fixture
def rtv(db):
    return make_broadcaster("rtv")


def owed(memorandum, debtor, creditor=None, **fields):
    values = {
        "title_en": "Stories taken", "indicator": "stories-taken", "amount": 10, "rhythm": Rhythm.MONTH,
        "starts_on": date(2026, 1, 15),
    }  # fmt: skip
    return Obligation.objects.create(memorandum=memorandum, debtor=debtor, creditor=creditor, **values | fields)


def taken(house, partner, at):
    story = make_story(house)
    offer = Offer.objects.create(story=story, to_broadcaster=partner)
    return Take.objects.create(story=story, broadcaster=partner, offer=offer, story_version=1, taken_at=at)


def test_only_parties_of_the_memorandum_owe_and_are_owed(memorandum, rts, rtv):
    for sides in ({"debtor": rtv}, {"debtor": rts, "creditor": rtv}):
        with pytest.raises(IntegrityError, match="is_party"), transaction.atomic():
            owed(memorandum, **sides)


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"rhythm": Rhythm.ONCE}, "obligation_ends"),
        ({"ends_on": date(2026, 1, 14)}, "obligation_ends"),
        ({"amount": 0}, "obligation_amount"),
        ({"rhythm": "daily"}, "obligation_rhythm"),
        ({"title_en": ""}, "obligation_titled"),
    ],
    ids=["no-day", "ends-before", "nothing", "unknown-rhythm", "no-title"],
)
def test_the_database_refuses_what_makes_no_sense(memorandum, rts, fields, constraint):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        owed(memorandum, rts, **fields)


def test_a_month_that_is_begun_within_is_owed_by_its_days(memorandum, rts):
    monthly = owed(memorandum, rts, amount=31)
    first, whole = stretch_of(monthly, date(2026, 1, 20)), stretch_of(monthly, date(2026, 3, 31))
    assert (first.first, first.last, first.wanted) == (date(2026, 1, 15), date(2026, 1, 31), 17)
    assert (whole.first, whole.last, whole.wanted) == (date(2026, 3, 1), date(2026, 3, 31), 31)
    assert stretch_of(monthly, date(2026, 1, 14)) is None


@pytest.mark.parametrize(
    ("rhythm", "day", "first", "last"),
    [
        (Rhythm.WEEK, date(2027, 1, 1), date(2026, 12, 28), date(2027, 1, 3)),
        (Rhythm.QUARTER, date(2028, 2, 29), date(2028, 1, 1), date(2028, 3, 31)),
        (Rhythm.YEAR, date(2028, 2, 29), date(2028, 1, 1), date(2028, 12, 31)),
    ],
)
def test_stretches_follow_the_calendar(memorandum, rts, rhythm, day, first, last):
    stretch = stretch_of(owed(memorandum, rts, rhythm=rhythm), day)
    assert (stretch.first, stretch.last) == (first, last)


def test_a_stretch_is_cut_at_midnights_of_the_debtor_through_the_change_of_clocks(memorandum, rts, ptrc):
    belgrade = stretch_of(owed(memorandum, rts), date(2026, 3, 10)).period
    almaty = stretch_of(owed(memorandum, ptrc), date(2026, 3, 10)).period
    assert (belgrade.starts_at, belgrade.ends_at) == (
        datetime(2026, 2, 28, 23, tzinfo=UTC),
        datetime(2026, 3, 31, 22, tzinfo=UTC),
    )
    assert (almaty.starts_at, almaty.ends_at) == (
        datetime(2026, 2, 28, 19, tzinfo=UTC),
        datetime(2026, 3, 31, 19, tzinfo=UTC),
    )


def test_figures_count_the_debtors_own_stretch_and_forecast_by_its_pace(memorandum, rts, ptrc):
    obligation = owed(memorandum, rts, ptrc, amount=4)
    for day, hour in ((28, 22), (28, 23)):  # before and after midnight in Belgrade
        taken(rts, ptrc, datetime(2026, 2, day, hour, tzinfo=UTC))
    taken(ptrc, rts, datetime(2026, 3, 2, tzinfo=UTC))
    reader = make_user(rts)
    progress = progress_of(obligation, reader, at=datetime(2026, 3, 11, 2, 0, tzinfo=UTC))
    assert (progress.current.done, progress.last.done) == (1, 1)
    assert progress.forecast == 3
    assert progress.standing == Standing.OVERDUE


def test_standings(memorandum, rts, ptrc):
    obligation = owed(memorandum, rts, ptrc, amount=2, starts_on=date(2026, 3, 1), ends_on=date(2026, 4, 30))
    reader = make_user(rts)

    def standing(*at):
        return progress_of(obligation, reader, at=datetime(*at, tzinfo=UTC)).standing

    assert standing(2026, 2, 1) == Standing.NOT_BEGUN
    assert standing(2026, 3, 1, 12) == Standing.ON_TRACK
    assert standing(2026, 3, 20) == Standing.BEHIND
    for day in (21, 22):
        taken(rts, ptrc, datetime(2026, 3, day, tzinfo=UTC))
    assert standing(2026, 3, 23) == Standing.MET
    assert standing(2026, 5, 2) == Standing.OVERDUE
    for day in (1, 2):
        taken(rts, ptrc, datetime(2026, 4, day, 12, tzinfo=UTC))
    assert standing(2026, 5, 2) == Standing.OVER


def test_what_lacked_is_made_up_for_by_the_next_stretch_and_the_desk_counts_it_no_longer(memorandum, rts, ptrc):
    zone = ZoneInfo(rts.time_zone)
    month = datetime.now(zone).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    before = (month - timedelta(days=1)).replace(day=1)
    obligation = owed(memorandum, rts, ptrc, amount=2, starts_on=before.date())
    administrator = make_user(rts, role=Role.ADMINISTRATOR)

    def is_overdue():
        standing = progress_of(obligation, administrator).standing
        assert (standing == Standing.OVERDUE) == overdue_obligations(administrator).filter(pk=obligation.pk).exists()
        return standing == Standing.OVERDUE

    taken(rts, ptrc, before + timedelta(days=3))
    for _number in range(2):
        taken(rts, ptrc, month)
    assert is_overdue()  # this month has its two, last month lacks one
    taken(rts, ptrc, month)
    assert not is_overdue()
    assert progress_of(obligation, administrator).standing == Standing.MET


def test_the_desk_counts_whole_minutes_as_the_obligations_page_does(memorandum, rts, ptrc):
    weekly = owed(memorandum, rts, ptrc, indicator="minutes-aired", rhythm=Rhythm.WEEK, starts_on=date(2026, 3, 2))
    channel, administrator = make_channel(ptrc), make_user(rts, role=Role.ADMINISTRATOR)
    for day, ms in ((4, 276_000), (11, 930_000)):  # 4.6 and 15.5 minutes: 4 and 15, where 10 are owed each week
        Airing.objects.create(
            channel=channel, started_at=datetime(2026, 3, day, 9, tzinfo=UTC), duration_ms=ms, origin=rts, title="Film"
        )
    with time_machine.travel(datetime(2026, 3, 13, 9, tzinfo=UTC), tick=False):
        assert progress_of(weekly, administrator).standing == Standing.OVERDUE
        assert overdue_obligations(administrator).get() == weekly


def test_a_pace_is_reckoned_in_time_that_has_gone_by_also_when_clocks_change(memorandum, rts, ptrc):
    weekly = owed(memorandum, rts, ptrc, rhythm=Rhythm.WEEK, amount=100)
    first = datetime(2026, 10, 19, 9, tzinfo=UTC)  # this week has an hour more
    for minute in range(99):
        taken(rts, ptrc, first + timedelta(minutes=minute))
    end = datetime(2026, 10, 25, 22, 50, tzinfo=UTC)  # ten minutes before its end
    assert progress_of(weekly, make_user(rts), at=end).forecast == 99


def test_signatures_wait_for_whoever_may_write_them_down(rts, ptrc, rtv):
    memorandum = make_memorandum(rts, rtv)
    elsewhere = make_user(ptrc, Role.ADMINISTRATOR)
    Membership.objects.create(user=elsewhere, broadcaster=rts, role=Role.VIEWER)
    assert not announced_signatures(elsewhere).exists()
    assert set(announced_signatures(make_user(rtv, Role.ADMINISTRATOR))) == set(memorandum.parties.all())


def test_the_desk_counts_speakers_as_the_obligations_page_does(memorandum, rts, ptrc):
    before = (datetime.now(UTC).replace(day=1) - timedelta(days=3)).replace(day=5)
    obligation = owed(
        memorandum, rts, ptrc, indicator="speakers-taken", amount=2, starts_on=before.date().replace(day=1)
    )
    administrator = make_user(rts, role=Role.ADMINISTRATOR)
    take = taken(rts, ptrc, before)
    for speaker in ("Ana", "Ana", ""):
        Soundbite.objects.create(story=take.story, speaker=speaker)
    progress = progress_of(obligation, administrator)
    assert (progress.last.done, progress.standing) == (1, Standing.OVERDUE)
    assert overdue_obligations(administrator).filter(pk=obligation.pk).exists()
    Soundbite.objects.create(story=take.story, speaker="Бора")
    assert not overdue_obligations(administrator).exists()


def test_what_no_installed_app_counts_says_so(memorandum, rts):
    assert progress_of(owed(memorandum, rts, indicator="gone"), make_user(rts)).standing == Standing.NOT_COUNTED


def test_two_indicators_cannot_have_one_name():
    known = indicators()[0]
    register(known)
    with pytest.raises(ValueError, match=known.name):
        register(RawCount(known.name, "Another", known.rows))


def test_a_reader_counts_only_what_they_may_see(memorandum, rts, ptrc, rtv):
    Party.objects.create(memorandum=memorandum, broadcaster=rtv)
    obligation = owed(memorandum, rts, amount=1)
    taken(rts, ptrc, datetime(2026, 3, 2, tzinfo=UTC))
    at = datetime(2026, 3, 20, tzinfo=UTC)
    assert progress_of(obligation, make_user(ptrc), at=at).current.done == 1
    assert progress_of(obligation, make_user(rtv), at=at).current.done == 0


def test_the_api_tells_progress_to_parties_alone(memorandum, rts, ptrc, rtv, client):
    obligation = owed(memorandum, rts, ptrc)
    address = f"/api/v1/obligations/{obligation.uid}/progress/"
    client.force_login(make_user(ptrc))
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer.json()["standing"] == "overdue"
    assert answer.json()["current"]["wanted"] == 10
    client.force_login(make_user(rtv))
    assert client.get(address).status_code == 404


def test_the_list_costs_the_same_for_one_and_for_three(memorandum, rts, ptrc, client):
    client.force_login(make_user(ptrc))
    costs = []
    for more in (1, 2):
        for _number in range(more):
            owed(memorandum, rts, ptrc)
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/api/v1/obligations/").status_code == 200
        costs.append(len(captured))
    assert costs[0] == costs[1]


def test_a_figure_opens_the_records_that_it_counts(memorandum, rts, ptrc, rtv, client):
    today = datetime.now(UTC)
    obligation = owed(memorandum, rts, ptrc, amount=1, starts_on=today.date().replace(day=1))
    take = taken(rts, ptrc, today)
    client.force_login(make_user(rts, role=Role.ADMINISTRATOR))
    page = client.get(reverse("admin:broadcasters_obligation_change", args=[obligation.pk])).content.decode()
    evidence = reverse("admin:broadcasters_obligation_evidence", args=[obligation.pk, f"{today:%Y-%m-01}"])
    assert evidence in page
    assert "1 of 1" in page
    assert reverse("admin:newsexchange_take_change", args=[take.pk]) in client.get(evidence).content.decode()
    client.force_login(make_user(rtv, role=Role.ADMINISTRATOR))
    assert client.get(evidence).status_code == 404


def test_a_figure_of_part_of_a_year_says_what_a_whole_one_asks(memorandum, rts, ptrc, client):
    today = datetime.now(UTC).date()
    around = {"starts_on": today - timedelta(days=2), "ends_on": today + timedelta(days=2)}
    obligation = owed(memorandum, rts, ptrc, amount=400, rhythm=Rhythm.YEAR, **around)
    client.force_login(make_user(rts, role=Role.ADMINISTRATOR))
    pages = (
        reverse("admin:broadcasters_obligation_change", args=[obligation.pk]),
        reverse("admin:broadcasters_memorandum_health", args=[memorandum.pk]),
    )
    for address in pages:
        assert "(in proportion; 400 for a whole period)" in client.get(address).content.decode(), address


def test_the_demonstrations_obligations_are_loaded_once_and_are_counted(db):
    load_reference()
    assert list(load_obligations()) == ["Obligations under a memorandum: 3 new."]
    assert list(load_obligations()) == ["Obligations under a memorandum: 0 new."]
    reader = make_user(Broadcaster.objects.get(slug="rts"))
    standings = {row.rhythm: progress_of(row, reader).standing for row in Obligation.objects.for_progress()}
    assert standings.keys() == {Rhythm.MONTH, Rhythm.QUARTER, Rhythm.YEAR}
    # Without the stories and licences of the rest of the demonstration nothing has been done yet.
    assert standings[Rhythm.MONTH] == standings[Rhythm.QUARTER] == Standing.OVERDUE
    for row in Obligation.objects.all():
        row.full_clean()
