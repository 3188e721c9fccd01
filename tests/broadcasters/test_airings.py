from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from broadcasters.constants import Role
from broadcasters.models import Airing
from broadcasters.services.airing import report_airing
from mediaexchange.core.errors import DomainError, ForbiddenError
from mediaexchange.core.models import OutboxEvent
from tests.factories import make_channel, make_user

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 3, 30)  # the week begins after the night in which Belgrade's clocks went forward
HOUR = 3_600_000


def aired(channel, origin, started_at, duration_ms=HOUR):
    return Airing.objects.create(
        channel=channel, origin=origin, started_at=started_at, duration_ms=duration_ms, title="Film"
    )


def test_the_foreign_share_counts_what_others_made_in_the_channels_own_week(rts, ptrc):
    channel = make_channel(rts, weekly_minutes=1000, foreign_share_cap_percent=Decimal("30"))
    aired(channel, ptrc, datetime(2026, 4, 1, 18, tzinfo=UTC), 5 * HOUR)
    aired(channel, rts, datetime(2026, 4, 1, 12, tzinfo=UTC), 5 * HOUR)
    aired(make_channel(rts), ptrc, datetime(2026, 4, 1, 18, tzinfo=UTC))
    share = Airing.objects.foreign_share(channel, MONDAY + timedelta(days=3))
    assert (share.week_starts_on, share.foreign_ms, share.percent) == (MONDAY, 5 * HOUR, Decimal("30.00"))
    assert not share.is_over
    aired(channel, ptrc, datetime(2026, 4, 2, 18, tzinfo=UTC), 1)
    assert Airing.objects.foreign_share(channel, MONDAY).is_over


def test_an_airing_across_the_end_of_the_week_counts_in_both_with_its_part(rts, ptrc):
    """Midnight in Belgrade is 22:00 UTC once summer time has begun, and 23:00 before."""
    channel = make_channel(rts)
    aired(channel, ptrc, datetime(2026, 4, 5, 21, 30, tzinfo=UTC), 2 * HOUR)
    assert Airing.objects.foreign_share(channel, MONDAY).foreign_ms == HOUR // 2
    assert Airing.objects.foreign_share(channel, MONDAY + timedelta(days=7)).foreign_ms == 3 * HOUR // 2
    in_winter = make_channel(rts)
    aired(in_winter, ptrc, datetime(2026, 3, 22, 22, 30, tzinfo=UTC), HOUR)
    assert Airing.objects.foreign_share(in_winter, MONDAY - timedelta(days=14)).foreign_ms == HOUR // 2


def test_the_week_of_the_change_of_clocks_has_an_hour_less(rts, ptrc):
    channel = make_channel(rts)
    for day in range(23, 31):
        aired(channel, ptrc, datetime(2026, 3, day, tzinfo=UTC) - timedelta(hours=2), 24 * HOUR)
    share = Airing.objects.foreign_share(channel, date(2026, 3, 25))
    assert share.foreign_ms == (7 * 24 - 1) * HOUR


def test_without_airings_and_without_a_cap_nothing_is_over(rts):
    share = Airing.objects.foreign_share(make_channel(rts), MONDAY)
    assert (share.percent, share.cap_percent, share.is_over) == (Decimal("0.00"), None, False)


def test_an_airing_is_reported_by_the_channels_own_house_once_it_has_happened(rts, ptrc):
    channel, editor = make_channel(rts), make_user(rts)
    values = {
        "channel": channel,
        "started_at": timezone.now() - timedelta(hours=1),
        "duration_ms": HOUR,
        "origin": ptrc,
    }
    airing = report_airing(actor=editor, **values)
    assert (airing.is_foreign, airing.title) == (True, channel.slug)
    assert OutboxEvent.objects.get().audience == sorted([rts.pk, ptrc.pk])
    for wrong in ({"duration_ms": 0}, {"duration_ms": 25 * HOUR}, {"started_at": timezone.now() + timedelta(hours=1)}):
        with pytest.raises(DomainError):
            report_airing(actor=editor, **values | wrong)
    for foreigner in (make_user(ptrc), make_user(rts, Role.ARCHIVIST)):
        with pytest.raises(ForbiddenError):
            report_airing(actor=foreigner, **values)


def test_airings_by_api(belgrade, astana, rts, ptrc):
    channel = make_channel(rts)
    body = {"channel": channel.slug, "started_at": "2026-04-01T18:00:00Z", "duration_ms": HOUR, "title": "Film"}
    written = belgrade.post("airings/", body | {"origin": "ptrc"})
    assert written.status_code == 201
    assert written.json()["is_foreign"] is True
    belgrade.post("airings/", body | {"started_at": "2026-04-02T18:00:00Z"})
    assert [row["origin"] for row in belgrade.get("airings/").json()["results"]] == ["rts", "ptrc"]
    assert [row["uid"] for row in astana.get("airings/").json()["results"]] == [written.json()["uid"]]
    assert astana.post("airings/", body).status_code == 403
    share = belgrade.get(f"channels/{channel.slug}/foreign-share/", on="2026-04-01").json()
    assert (share["week_starts_on"], share["foreign_ms"]) == ("2026-03-30", HOUR)
    assert astana.get(f"channels/{channel.slug}/foreign-share/").status_code == 403
    assert belgrade.get(f"channels/{channel.slug}/foreign-share/", on="yesterday").status_code == 400
