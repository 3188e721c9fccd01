import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from archive.models import FootageDelivery, Grant, UnderlyingRight
from archive.periods import last_day, period_of
from archive.services.grant import Terms, create_grant, revoke_grant
from broadcasters.constants import Role
from mediaexchange.core.errors import ConflictError, DomainError, ForbiddenError
from mediaexchange.core.models import OutboxEvent
from tests.archive.factories import make_grant, make_item, make_segment
from tests.factories import make_broadcaster, make_user

NOW = timezone.now()
DAY = timedelta(days=1)


def terms(**fields):
    defaults = {"starts_at": NOW - DAY, "ends_at": NOW + 30 * DAY, "time_zone": "Europe/Belgrade"}
    return Terms(**defaults | fields)


@pytest.fixture
def officer(rts):
    return make_user(rts, Role.RIGHTS_OFFICER)


@pytest.mark.django_db
def test_only_those_who_decide_over_rights_grant_and_only_what_is_their_own(rts, ptrc, officer):
    item = make_item(rts)
    for somebody in (make_user(rts, Role.EDITOR), make_user(ptrc, Role.RIGHTS_OFFICER)):
        with pytest.raises(ForbiddenError):
            create_grant(item, actor=somebody, terms=terms(), grantee=ptrc)
    grant = create_grant(item, actor=officer, terms=terms(seconds=40, runs=2), grantee=ptrc)
    assert (grant.seconds, grant.runs, grant.created_by) == (40, 2, officer)
    assert OutboxEvent.objects.get(kind="grant.created").audience == sorted([rts.pk, ptrc.pk])


@pytest.mark.django_db
def test_uncleared_rights_of_others_block_a_grant_and_say_which(rts, ptrc, officer):
    item = make_item(rts)
    song = make_segment(item, in_frame=0, out_frame=250)
    UnderlyingRight.objects.create(item=item, segment=song, kind="music", owner="A composer")
    with pytest.raises(ConflictError) as error:
        create_grant(item, actor=officer, terms=terms(), grantee=ptrc)
    assert error.value.code == "rights-uncleared"
    assert [reason["code"] for reason in error.value.details["reasons"]] == ["uncleared-music"]
    speech = make_segment(item, in_frame=250, out_frame=500)
    assert create_grant(item, actor=officer, terms=terms(), grantee=ptrc, segment=speech).segment == speech


@pytest.mark.django_db
def test_a_grant_goes_no_further_than_the_clearances_inside_it(rts, ptrc, officer):
    item = make_item(rts)
    UnderlyingRight.objects.create(
        item=item, kind="music", clearance="cleared", territories=["KZ", "RS"], platforms=["television"],
        ends_at=NOW + 30 * DAY,
    )  # fmt: skip
    narrow = {"territories": ["KZ"], "platforms": ["television"]}
    for wider in ({"territories": []}, {"territories": ["CIS"]}, {"platforms": ["web"]}, {"platforms": []},
                  {"ends_at": NOW + 31 * DAY}):  # fmt: skip
        with pytest.raises(ConflictError):
            create_grant(item, actor=officer, terms=terms(**narrow | wider), grantee=ptrc)
    assert create_grant(item, actor=officer, terms=terms(**narrow), grantee=ptrc).pk


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "has_grantee", "code"),
    [
        ({"ends_at": NOW - 2 * DAY}, True, "period-empty"),
        ({"starts_at": NOW - 3 * DAY, "ends_at": NOW - DAY}, True, "period-over"),
        ({"is_exclusive": True}, False, "grantee-missing"),
        ({"seconds": 40}, False, "grantee-missing"),
        ({"territories": ["Ruritania"]}, True, "bad-scope"),
        ({"platforms": ["cinema"]}, True, "bad-scope"),
        ({"is_elsewhere": True}, True, "bad-scope"),
    ],
)
def test_terms_that_cannot_be_are_refused(rts, ptrc, officer, fields, has_grantee, code):
    with pytest.raises(DomainError) as error:
        create_grant(make_item(rts), actor=officer, terms=terms(**fields), grantee=ptrc if has_grantee else None)
    assert error.value.code == code


@pytest.mark.django_db
def test_a_conflict_tells_the_others_window_and_not_whose_it_is(rts, ptrc, officer):
    item = make_item(rts)
    rtv = make_broadcaster("rtv")
    other = create_grant(item, actor=officer, terms=terms(is_exclusive=True, territories=["CIS"]), grantee=rtv)
    with pytest.raises(ConflictError) as error:
        create_grant(item, actor=officer, terms=terms(territories=["KZ"]), grantee=ptrc)
    details = error.value.details
    assert (error.value.code, details["window"]["ends_at"]) == ("grant-conflict", other.period.upper.isoformat())
    assert "rtv" not in str(details).lower()
    elsewhere = create_grant(item, actor=officer, terms=terms(territories=["RS"]), grantee=ptrc)
    later = terms(territories=["KZ"], starts_at=other.period.upper, ends_at=other.period.upper + DAY)
    assert create_grant(item, actor=officer, terms=later, grantee=ptrc).pk != elsewhere.pk
    assert create_grant(item, actor=officer, terms=terms(territories=["KZ"]), grantee=rtv).pk  # its own stands not
    revoke_grant(other, actor=officer, reason="not paid")
    assert Grant.objects.filter(item=item, status="active").count() == 3


@pytest.mark.django_db
def test_the_database_itself_refuses_whoever_writes(rts, ptrc):
    item = make_item(rts)
    make_grant(item, grantee=ptrc, is_exclusive=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_grant(item, grantee=make_broadcaster("rtv"))
    with pytest.raises(IntegrityError), transaction.atomic():
        make_grant(item)


@pytest.mark.django_db(transaction=True)
def test_of_two_simultaneous_exclusive_grants_one_wins_and_the_other_conflicts():
    rts = make_broadcaster("rts")
    item, officer = make_item(rts), make_user(rts, Role.RIGHTS_OFFICER)
    takers = [make_broadcaster("ptrc"), make_broadcaster("rtv")]
    start, outcomes = threading.Barrier(2), []

    def give(taker):
        try:
            start.wait(timeout=20)
            create_grant(item, actor=officer, terms=terms(is_exclusive=True), grantee=taker)
            outcomes.append("granted")
        except ConflictError as error:
            outcomes.append(f"{error.status} {error.code}")
        finally:
            connection.close()

    threads = [threading.Thread(target=give, args=(taker,)) for taker in takers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert sorted(outcomes) == ["409 grant-conflict", "granted"]
    assert Grant.objects.filter(item=item).count() == 1


@pytest.mark.django_db
def test_revoking_closes_deliveries_keeps_the_first_reason_and_needs_one(rts, ptrc, officer):
    grant = make_grant(make_item(rts), grantee=ptrc)
    delivery = FootageDelivery.objects.create(grant=grant, broadcaster=ptrc)
    with pytest.raises(DomainError):
        revoke_grant(grant, actor=officer, reason=" ")
    first = revoke_grant(grant, actor=officer, reason="unpaid")
    again = revoke_grant(grant, actor=officer, reason="something else")
    assert (again.revocation_reason, again.revoked_at) == ("unpaid", first.revoked_at)
    delivery.refresh_from_db()
    assert delivery.status == "revoked"
    assert OutboxEvent.objects.filter(kind="grant.revoked").count() == 1


@pytest.mark.parametrize(
    ("zone", "ends_at"),
    [
        ("Europe/Belgrade", datetime(2026, 12, 31, 23, tzinfo=UTC)),
        ("Asia/Almaty", datetime(2026, 12, 31, 19, tzinfo=UTC)),
    ],
)
def test_until_the_last_of_december_means_the_end_of_that_day_in_its_zone(zone, ends_at):
    day = ends_at.date()
    assert period_of(day, day, zone)[1] == ends_at
    assert last_day(ends_at, zone) == day
    assert (ends_at - period_of(day, day, zone)[0]) == timedelta(days=1)


def test_the_day_on_which_clocks_change_has_23_or_25_hours():
    for day, hours in ((datetime(2026, 3, 29).date(), 23), (datetime(2026, 10, 25).date(), 25)):  # noqa: DTZ001 — days
        starts_at, ends_at = period_of(day, day, "Europe/Belgrade")
        assert ends_at - starts_at == timedelta(hours=hours)
