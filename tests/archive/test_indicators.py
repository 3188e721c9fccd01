"""The archive's raw counts: the rows behind each figure, by house, partner and period."""

from datetime import timedelta

import pytest
from django.utils import timezone

from archive.indicators import (
    RAW_COUNTS,
    deliveries_fetched,
    deliveries_made,
    grants_licensed,
    items_published,
    requests_answered_in_time,
    requests_approved,
    requests_received,
    uses_reported,
)
from archive.models import Download, FootageDelivery, FootageRequest, Item, Licence
from archive.services.item import publish_item, withdraw_item
from broadcasters.indicators import Period
from tests.archive.factories import make_archive_module, make_grant, make_item, make_media_file
from tests.factories import make_broadcaster

pytestmark = pytest.mark.django_db


@pytest.fixture
def rts():
    return make_broadcaster("rts")


@pytest.fixture
def ptrc():
    return make_broadcaster("ptrc")


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def week(now):
    return Period(now - timedelta(days=7), now + timedelta(minutes=5))


@pytest.fixture
def month_before(now):
    return Period(now - timedelta(days=37), now - timedelta(days=7))


def ask(holder, asker, at, *, decided_after=None, status="submitted"):
    module = make_archive_module(holder, asker, slug=f"module{FootageRequest.objects.count()}")
    asked = FootageRequest.objects.create(
        broadcaster=asker, holder=holder, module=module, purpose="film", starts_at=at, ends_at=at + timedelta(days=90),
        time_zone="Asia/Almaty", status=status,
    )  # fmt: skip
    FootageRequest.objects.filter(pk=asked.pk).update(
        created_at=at, decided_at=at + decided_after if decided_after is not None else None
    )
    return asked


def test_an_item_counts_when_it_is_published_and_as_long_as_it_is(rts, ptrc, week, month_before):
    item, draft = make_item(rts, status="draft"), make_item(rts, status="draft")
    assert not items_published(rts, week).exists()
    publish_item(item, actor=None)
    assert list(items_published(rts, week)) == [item]
    assert not items_published(ptrc, week).exists()
    assert not items_published(rts, month_before).exists()
    withdraw_item(item, actor=None)
    assert not items_published(rts, week).exists()
    assert Item.objects.get(pk=draft.pk).status == "draft"


def test_requests_are_answered_in_time_within_seven_days_to_the_moment(rts, ptrc, week, now):
    at = now - timedelta(days=6)
    quick = ask(rts, ptrc, at, decided_after=timedelta(days=7), status="refused")
    ask(rts, ptrc, at, decided_after=timedelta(days=7, microseconds=1), status="approved")
    ask(rts, ptrc, at)
    ask(rts, ptrc, now - timedelta(days=8), decided_after=timedelta(hours=1), status="approved")
    assert requests_received(rts, week).count() == 3
    assert list(requests_answered_in_time(rts, week)) == [quick]
    assert requests_approved(rts, week).count() == 1
    assert not requests_received(ptrc, week).exists()


def test_a_partner_narrows_what_is_counted(rts, ptrc, week, now):
    rtv = make_broadcaster("rtv")
    ask(rts, ptrc, now)
    ask(rts, rtv, now)
    assert requests_received(rts, week).count() == 2
    assert requests_received(rts, week, ptrc).get().broadcaster == ptrc


def test_seconds_are_licensed_delivered_and_used(rts, ptrc, week, month_before, now):
    item = make_item(rts)
    asked = ask(rts, ptrc, now, status="approved")
    licence = Licence.objects.create(
        number="RTS-1", footage_request=asked, holder=rts, licensee=ptrc, starts_at=now, time_zone="Asia/Almaty",
        ends_at=now + timedelta(days=90),
    )  # fmt: skip
    grant = make_grant(item, grantee=ptrc, licence=licence, seconds=40)
    make_grant(make_item(rts), grantee=ptrc, seconds=99)  # without a licence
    use = grant.uses.create(broadcaster=ptrc, started_at=now, used_ms=2500, platform="television")
    taken_back = grant.uses.create(
        broadcaster=ptrc, started_at=now - timedelta(hours=1), used_ms=1000, platform="television", taken_back_at=now,
        taken_back_reason="never aired",
    )  # fmt: skip
    ready = FootageDelivery.objects.create(
        grant=grant, broadcaster=ptrc, status="ready", storage_name="deliveries/1", size_bytes=9
    )
    FootageDelivery.objects.create(grant=grant, broadcaster=ptrc)
    assert list(grants_licensed(rts, week)) == [grant]
    assert list(deliveries_made(rts, week, ptrc)) == [ready]
    assert not deliveries_fetched(rts, week).exists()
    Download.objects.create(delivery=ready, token_hash="0" * 64)
    assert list(deliveries_fetched(rts, week)) == [ready]
    assert list(uses_reported(rts, week)) == [use]
    assert taken_back not in uses_reported(rts, week)
    values = {count.name: count.value(count.rows(rts, week)) for count in RAW_COUNTS}
    assert (values["seconds-licensed"], values["seconds-used"], values["deliveries-made"]) == (40, 2, 1)
    assert all(count.value(count.rows(rts, month_before)) == 0 for count in RAW_COUNTS)


def test_files_are_counted_by_number_and_bytes(rts, week):
    file = make_media_file(rts)
    values = {count.name: count.value(count.rows(rts, week)) for count in RAW_COUNTS}
    assert (values["files-received"], values["bytes-received"]) == (1, file.size_bytes)


def test_the_names_of_counts_are_their_own():
    assert len({count.name for count in RAW_COUNTS}) == len(RAW_COUNTS)
