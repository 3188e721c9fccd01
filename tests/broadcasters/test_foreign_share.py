"""What part of a channel's week was made elsewhere: across clock changes, new year, overlaps and co-productions."""

import io
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from python_calamine import CalamineWorkbook

from broadcasters.models import Airing
from mediaexchange.core.languages.tags import LANGUAGES
from tests.factories import make_channel, make_user

pytestmark = pytest.mark.django_db
HOUR = 3_600_000


def aired(channel, origin, started_at, hours=1.0, **fields):
    return Airing.objects.create(
        channel=channel, origin=origin, started_at=started_at, duration_ms=int(hours * HOUR), title="Film", **fields
    )


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2026, 3, 25), 167), (date(2026, 10, 21), 169), (date(2026, 6, 3), 168)]
)
def test_a_week_in_which_clocks_change_has_167_or_169_hours(rts, ptrc, day, hours):
    channel = make_channel(rts, foreign_share_cap_percent=Decimal("100"))
    first = datetime.combine(day - timedelta(days=day.weekday() + 1), datetime.min.time(), UTC)
    for place in range(10):
        aired(channel, ptrc, first + timedelta(days=place), 24)
    share = Airing.objects.foreign_share(channel, day)
    assert (share.foreign_ms, share.week_ms) == (hours * HOUR, hours * HOUR)
    assert (share.percent, share.is_over) == (Decimal("100.00"), False)


def test_the_night_in_which_kazakhstan_became_one_zone_lasted_an_hour_longer(rts, ptrc):
    channel = make_channel(ptrc)
    aired(channel, rts, datetime(2024, 2, 29, 17, tzinfo=UTC), 2)  # 23:00 by UTC+6 to midnight by UTC+5
    share = Airing.objects.foreign_share(channel, date(2024, 2, 28))
    assert (share.week_starts_on, share.week_ms, share.foreign_ms) == (date(2024, 2, 26), 169 * HOUR, 2 * HOUR)
    before = make_channel(ptrc)
    aired(before, rts, datetime(2024, 2, 25, 17, 30, tzinfo=UTC))  # Monday began at 18:00 UTC, as long as it was UTC+6
    assert Airing.objects.foreign_share(before, date(2024, 2, 26)).foreign_ms == HOUR // 2
    after = make_channel(ptrc)
    aired(after, rts, datetime(2024, 3, 3, 18, 30, tzinfo=UTC))  # and at 19:00 UTC since
    assert Airing.objects.foreign_share(after, date(2024, 3, 4)).foreign_ms == HOUR // 2


def test_the_week_over_new_year_is_one_week_of_the_year_of_its_thursday(rts, ptrc):
    channel = make_channel(rts)
    aired(channel, ptrc, datetime(2026, 12, 31, 22, 30, tzinfo=UTC))  # across midnight of the year
    aired(channel, ptrc, datetime(2027, 1, 3, 22, 30, tzinfo=UTC))  # across midnight of the week
    weeks = Airing.objects.foreign_shares(channel, date(2026, 12, 21), date(2027, 1, 10))
    assert [(week.iso_week, week.foreign_ms) for week in weeks] == [
        ("2026-W52", 0), ("2026-W53", HOUR + HOUR // 2), ("2027-W01", HOUR // 2),
    ]  # fmt: skip


def test_what_overlaps_is_counted_once(rts, rtv, ptrc):
    channel = make_channel(rts)
    start = datetime(2026, 9, 15, 18, tzinfo=UTC)
    aired(channel, ptrc, start, 2)
    aired(channel, ptrc, start + timedelta(minutes=10), 0.5)  # a clip within it
    aired(channel, rtv, start + timedelta(hours=1), 2)  # and what runs into its end
    aired(channel, rts, start, 3)  # a programme of one's own round all of it adds nothing
    assert Airing.objects.foreign_share(channel, start.date()).foreign_ms == 3 * HOUR


@pytest.fixture
def rtv(db):
    from tests.factories import make_broadcaster

    return make_broadcaster("rtv")


def test_what_the_house_made_together_with_others_is_not_foreign(rts, ptrc):
    channel = make_channel(rts)
    joint = aired(channel, ptrc, datetime(2026, 9, 15, 18, tzinfo=UTC), is_joint=True)
    assert not joint.is_foreign
    assert Airing.objects.foreign_share(channel, date(2026, 9, 15)).foreign_ms == 0


def test_a_channel_that_pauses_is_measured_by_the_minutes_it_says(rts, ptrc):
    channel = make_channel(rts, weekly_minutes=6000, foreign_share_cap_percent=Decimal("1.00"))
    aired(channel, ptrc, datetime(2026, 3, 25, 18, tzinfo=UTC))
    share = Airing.objects.foreign_share(channel, date(2026, 3, 25))
    assert (share.week_ms, share.percent, share.is_over) == (6000 * 60_000, Decimal("1.00"), False)
    aired(channel, ptrc, datetime(2026, 3, 26, 18, tzinfo=UTC), 0.0001)
    share = Airing.objects.foreign_share(channel, date(2026, 3, 25))
    assert (share.percent, share.is_over) == (Decimal("1.00"), True)  # of the exact share, not of the rounded one


def test_many_weeks_are_one_question(rts, ptrc, django_assert_num_queries):
    channel = make_channel(rts)
    aired(channel, ptrc, datetime(2026, 3, 25, 18, tzinfo=UTC))
    with django_assert_num_queries(1):
        assert len(Airing.objects.foreign_shares(channel, date(2026, 1, 1), date(2026, 12, 31))) == 53


def test_the_range_by_api_is_the_own_houses_alone(belgrade, astana, rts, ptrc):
    channel = make_channel(rts, foreign_share_cap_percent=None)
    aired(channel, ptrc, datetime(2026, 9, 15, 18, tzinfo=UTC))
    address = f"channels/{channel.slug}/foreign-shares/"
    weeks = belgrade.get(address, **{"from": "2026-09-08", "until": "2026-09-21"}).json()
    assert [(week["iso_week"], week["foreign_ms"], week["cap_percent"], week["is_over"]) for week in weeks] == [
        ("2026-W37", 0, None, False), ("2026-W38", HOUR, None, False), ("2026-W39", 0, None, False),
    ]  # fmt: skip
    assert len(belgrade.get(address).json()) == 12
    assert astana.get(address).status_code == 403
    ends = ({"until": "9999-12-31"}, {"from": "0001-01-01", "until": "0001-01-02"})
    for wrong in ({"from": "x"}, {"from": "2026-09-08", "until": "2026-09-01"}, {"from": "2000-01-01"}, *ends):
        assert belgrade.get(address, **wrong).status_code == 400
    for wrong in ("x", "9999-12-31", "0001-01-01"):
        assert belgrade.get(f"channels/{channel.slug}/foreign-share/", on=wrong).status_code == 400
    sheet = belgrade.get(
        f"channels/{channel.slug}/foreign-shares.xlsx/", **{"from": "2026-09-15", "until": "2026-09-15"}
    )
    rows = CalamineWorkbook.from_filelike(io.BytesIO(sheet.content)).get_sheet_by_index(0).to_python()
    assert rows[-1][0] == "2026-W38"
    assert rows[-1][2] == 60.0


@pytest.mark.parametrize("language", [language.code for language in LANGUAGES])
def test_the_page_draws_bars_and_marks_weeks_over_the_cap_by_a_word(rts, ptrc, language):
    channel = make_channel(rts, weekly_minutes=1000, foreign_share_cap_percent=Decimal("10"))
    aired(channel, ptrc, datetime(2026, 9, 15, 18, tzinfo=UTC), 2)
    aired(channel, ptrc, datetime(2026, 9, 8, 18, tzinfo=UTC), 1)
    client = Client()
    client.force_login(make_user(rts, language=language))
    address = reverse("admin:broadcasters_foreign_share")
    page = client.get(address, {"channel": channel.slug, "until": "2026-09-20"})
    text = page.content.decode()
    chart = page.context["chart"]
    assert [bar.share.is_over for bar in chart.bars][-2:] == [False, True]
    assert text.count("on-bar on-over") == 2  # the week, and the key to what it looks like
    assert "on-over-word" in text
    assert 'class="on-cap"' in text
    figures = client.get(chart.bars[-1].address)
    assert [row.duration_ms for row in figures.context["cl"].result_list] == [2 * HOUR]
    book = client.get(address, {"channel": channel.slug, "format": "xlsx"})
    assert book["Content-Type"].endswith("spreadsheetml.sheet")


def test_the_page_shows_ones_own_channels_alone(rts, ptrc):
    make_channel(rts, slug="belgrade-one")
    own = make_channel(ptrc, slug="astana-one")
    client = Client()
    client.force_login(make_user(ptrc))
    page = client.get(reverse("admin:broadcasters_foreign_share"), {"channel": "belgrade-one"})
    assert page.context["channel"] == own
    assert "belgrade-one" not in page.content.decode()
