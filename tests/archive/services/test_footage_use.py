from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from django.utils.translation import override
from psycopg.types.range import Range

from archive.models import GrantUse
from archive.rights import may_use
from archive.services.footage_request import Conditions
from archive.services.licence import announce_expiries, revoke_licence
from archive.services.use import report_footage_use, take_back_use
from broadcasters.constants import Role
from mediaexchange.core.errors import ConflictError, DomainError, ForbiddenError
from mediaexchange.core.models import OutboxEvent
from tests.archive.factories import make_archive_module, make_grant, make_item, make_licence
from tests.factories import make_broadcaster, make_user

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
EVENING = datetime(2024, 10, 26, 20, tzinfo=ZoneInfo("Europe/Belgrade"))

pytestmark = pytest.mark.django_db


@pytest.fixture
def grant(rts, ptrc):
    """Forty seconds in two runs, each to be repeated within 24 hours, all the year."""
    make_archive_module(rts, ptrc)
    period = Range(datetime(2024, 1, 1, tzinfo=UTC), datetime(2025, 1, 1, tzinfo=UTC))
    return make_grant(make_item(rts), grantee=ptrc, seconds=40, runs=2, repeat_hours=24, period=period)


@pytest.fixture
def editor(ptrc):
    return make_user(ptrc, Role.PRODUCER)


@pytest.fixture
def report(grant, ptrc, editor):
    """Report a showing, in seconds, at so long after the evening, some weeks ago."""

    def reported(seconds, *, after=timedelta(), platform="television", of=grant):
        started_at = EVENING.astimezone(UTC) - 30 * DAY + after
        return report_footage_use(
            of, actor=editor, broadcaster=ptrc, started_at=started_at, used_ms=int(seconds * 1000), platform=platform
        )

    return reported


def counts(grant):
    grant.refresh_from_db()
    return grant.runs_used, grant.used_ms


def test_the_forty_first_second_is_refused_and_says_what_is_left(grant, report):
    report(15)
    with pytest.raises(ConflictError) as error:
        report(26, after=30 * HOUR)
    assert (error.value.code, error.value.status) == ("seconds-used-up", 409)
    assert (error.value.details["granted_seconds"], error.value.details["left_seconds"]) == (40, 25)
    with override("en"):
        assert str(error.value) == "40 s are granted, 25 s of them are left: this showing is too long."
    assert counts(grant) == (1, 15_000)
    report(25, after=30 * HOUR)
    assert counts(grant) == (2, 40_000)
    assert report(25, after=31 * HOUR).is_repeat  # nothing is shown that was not shown before
    with pytest.raises(ConflictError):
        report(25.001, after=32 * HOUR)


def test_a_repeat_counts_no_run_and_only_seconds_that_its_run_has_not_shown(grant, report):
    report(20)
    assert report(20, after=23 * HOUR).is_repeat
    assert counts(grant) == (1, 20_000)
    assert report(25, after=12 * HOUR, platform="web").is_repeat
    assert counts(grant) == (1, 25_000)
    assert not report(15, after=24 * HOUR).is_repeat
    assert counts(grant) == (2, 40_000)


def test_runs_are_used_up_and_a_repeat_is_still_allowed(grant, report):
    report(10)
    report(10, after=48 * HOUR)
    with pytest.raises(ConflictError) as error:
        report(10, after=96 * HOUR)
    assert (error.value.code, error.value.details["granted_runs"]) == ("runs-used-up", 2)
    assert report(10, after=71 * HOUR).is_repeat


def test_the_window_is_elapsed_hours_when_clocks_change(rts, ptrc, editor):
    period = Range(datetime(2024, 1, 1, tzinfo=UTC), datetime(2025, 1, 1, tzinfo=UTC))
    grant = make_grant(make_item(rts), grantee=ptrc, runs=2, repeat_hours=24, period=period)
    evening = datetime(2024, 10, 26, 20, tzinfo=ZoneInfo("Europe/Belgrade"))  # 25 hours before the next 20:00

    def shown(at):
        return report_footage_use(
            grant, actor=editor, broadcaster=ptrc, started_at=at, used_ms=1000, platform="television"
        )

    shown(evening)
    assert shown(datetime(2024, 10, 27, 18, 59, tzinfo=ZoneInfo("Europe/Belgrade"))).is_repeat
    assert not shown(datetime(2024, 10, 27, 19, tzinfo=ZoneInfo("Europe/Belgrade"))).is_repeat


def test_a_showing_reported_late_is_put_where_it_belongs_and_all_is_counted_afresh(grant, report):
    report(10)
    second = report(30, after=23 * HOUR)
    assert second.is_repeat
    report(10, after=-2 * HOUR)  # the run began earlier than anybody had said
    second.refresh_from_db()
    assert not second.is_repeat
    assert counts(grant) == (2, 40_000)


def test_a_wrong_report_is_taken_back_with_a_reason_and_counts_no_longer(grant, report, editor, rts):
    use = report(40)
    with pytest.raises(ForbiddenError):
        take_back_use(use, actor=make_user(rts, Role.RIGHTS_OFFICER), reason="no")
    with pytest.raises(DomainError):
        take_back_use(use, actor=editor, reason=" ")
    taken = take_back_use(use, actor=editor, reason="It was another film.")
    assert taken == take_back_use(use, actor=editor, reason="again")
    assert (taken.taken_back_reason, taken.taken_back_by, counts(grant)) == ("It was another film.", editor, (0, 0))
    report(40)
    assert GrantUse.objects.filter(grant=grant).count() == 2
    kinds = list(OutboxEvent.objects.order_by("id").values_list("kind", flat=True))
    assert kinds == ["footage.used", "footage.use-taken-back", "footage.used"]


def test_the_same_showing_is_counted_once_and_with_another_length_refused(grant, report):
    assert report(10) == report(10)
    with pytest.raises(ConflictError) as error:
        report(11)
    assert error.value.code == "use-known"
    assert counts(grant) == (1, 10_000)


def test_a_showing_outside_of_the_grant_is_refused_with_the_reason(grant, report, ptrc, editor):
    grant.platforms, grant.holdback_until = ["television"], EVENING - 29 * DAY
    grant.save()
    with pytest.raises(ConflictError) as error:
        report(10, after=-400 * DAY, platform="web")
    codes = [reason["code"] for reason in error.value.details["reasons"]]
    assert (error.value.code, codes) == ("use-not-granted", ["platform-not-granted", "not-started", "holdback"])
    for fields, code in (
        ({"started_at": timezone.now() + DAY}, "use-in-the-future"),
        ({"used_ms": 0}, "nothing-used"),
        ({"platform": "cinema"}, "unknown-platform"),
    ):
        values = {"started_at": EVENING - 20 * DAY, "used_ms": 1000, "platform": "television"} | fields
        with pytest.raises(DomainError) as refused:
            report_footage_use(grant, actor=editor, broadcaster=ptrc, **values)
        assert refused.value.code == code


def test_what_was_shown_before_a_revocation_is_reported_after_it(rts, ptrc, editor):
    item = make_item(rts)
    licence = make_licence(ptrc, item, seconds=40)
    (grant,) = licence.grants.all()
    shown_at = timezone.now()
    revoke_licence(licence, actor=make_user(rts, Role.RIGHTS_OFFICER), reason="unpaid")
    assert [each.code for each in may_use(item, ptrc).reasons] == ["revoked", "no-grant"]
    report_footage_use(grant, actor=editor, broadcaster=ptrc, started_at=shown_at, used_ms=5000, platform="television")
    with pytest.raises(ConflictError) as error:
        report_footage_use(
            grant, actor=editor, broadcaster=ptrc, started_at=timezone.now(), used_ms=5000, platform="television"
        )
    assert [reason["code"] for reason in error.value.details["reasons"]] == ["revoked"]


def test_nobody_else_reports_for_a_house_or_on_its_grant(grant, ptrc):
    rtv = make_broadcaster("rtv")
    stranger = make_user(rtv, Role.PRODUCER)
    values = {"started_at": EVENING - 30 * DAY, "used_ms": 1000, "platform": "television"}
    with pytest.raises(ForbiddenError):
        report_footage_use(grant, actor=stranger, broadcaster=ptrc, **values)
    with pytest.raises(DomainError) as error:
        report_footage_use(grant, actor=stranger, broadcaster=rtv, **values)
    assert error.value.code == "foreign-grant"


def test_both_houses_are_warned_thirty_days_before_the_end_and_once(rts, ptrc):
    today = timezone.localdate(timezone=ZoneInfo("Asia/Almaty"))
    ending = make_licence(ptrc, make_item(rts), ends_on=today + timedelta(days=29))
    make_licence(ptrc, make_item(rts), ends_on=today + timedelta(days=31))
    assert announce_expiries() == 1
    assert announce_expiries() == 0
    event = OutboxEvent.objects.get(kind="licence.expiring")
    assert (event.subject_uid, event.audience) == (ending.uid, sorted([rts.pk, ptrc.pk]))
    assert event.data["ends_at"] == ending.ends_at.isoformat()


def test_the_repeat_hours_of_a_decision_reach_the_licence(rts, ptrc):
    licence = make_licence(ptrc, make_item(rts), conditions=Conditions(repeat_hours=48))
    assert licence.grants.get().repeat_hours == 48
