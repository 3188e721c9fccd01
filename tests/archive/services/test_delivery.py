import json
import subprocess
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from psycopg.types.range import Range

from archive.media.binaries import ffprobe
from archive.models import Download, FootageDelivery, Grant, Item, PreservationEvent, UnderlyingRight
from archive.services import delivery as deliveries
from archive.services.delivery import (
    confirm_receipt,
    create_delivery,
    end_deliveries,
    prepare_next,
    retry_delivery,
    revoke_delivery,
)
from archive.services.delivery_link import delivery_link
from archive.services.grant import revoke_grant
from archive.services.licence import revoke_licence
from broadcasters.constants import Role
from mediaexchange.core.errors import ConflictError, DomainError, ForbiddenError
from mediaexchange.core.models import OutboxEvent
from mediaexchange.core.stores import media_store
from tests.archive.factories import (
    make_grant,
    make_instantiation,
    make_item,
    make_licence,
    make_media_file,
    make_segment,
)
from tests.factories import make_broadcaster, make_user

DAY = timedelta(days=1)

pytestmark = pytest.mark.django_db


@pytest.fixture
def producer(ptrc):
    return make_user(ptrc, Role.PRODUCER)


@pytest.fixture
def item(rts, media):
    """An item of RTS with a recording in the store."""
    item = make_item(rts)
    path = media / "cuts.mp4"
    file = make_media_file(rts, path.read_bytes(), path.name)
    make_instantiation(item, file=file, generation="broadcast", duration_ms=3000)
    return item


@pytest.fixture
def segment(item):
    """From 0.4 s to 1.2 s."""
    return make_segment(item, in_frame=10, out_frame=30)


@pytest.fixture
def grant(ptrc, segment):
    return make_licence(ptrc, segment, seconds=1).grants.get()


@pytest.fixture
def delivery(grant, ptrc, producer):
    ordered = create_delivery(grant, actor=producer, broadcaster=ptrc)
    assert prepare_next()
    ordered.refresh_from_db()
    return ordered


def fetch(address, **headers):
    """The answer, read to its end; its ``body`` is what came."""
    answer = Client().get(address, headers=headers)
    answer.body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return answer


def test_only_the_approved_stretch_is_cut_and_lies_under_a_name_that_nobody_guesses(delivery, tmp_path):
    assert (delivery.status, delivery.progress_percent, delivery.error) == ("ready", 100, "")
    assert (delivery.in_ms, delivery.out_ms, delivery.duration_ms) == (400, 1200, 800)
    assert delivery.storage_name.startswith("deliveries/")
    clip = tmp_path / "clip.mp4"
    clip.write_bytes(b"".join(media_store().pieces(delivery.storage_name)))
    said = json.loads(
        subprocess.run(
            [ffprobe(), "-v", "error", "-show_format", "-of", "json", str(clip)], capture_output=True, check=True
        ).stdout
    )
    assert abs(float(said["format"]["duration"]) - 0.8) < 0.1
    event = PreservationEvent.objects.get(kind="dissemination")
    assert event.detail["delivery"] == str(delivery.uid)


def test_a_link_gives_the_clip_to_its_house_and_counts_once_for_all_its_parts(delivery, producer):
    address, ends_at = delivery_link(delivery, user=producer)
    assert ends_at - timezone.now() < timedelta(minutes=5, seconds=5)
    whole = fetch(address)
    assert (whole.status_code, len(whole.body)) == (200, delivery.size_bytes)
    part = fetch(address, range="bytes=0-99")
    assert (part.status_code, len(part.body)) == (206, 100)
    delivery.refresh_from_db()
    assert (delivery.downloads_used, Download.objects.count()) == (1, 1)
    other, _ends_at = delivery_link(delivery, user=make_user(delivery.broadcaster, Role.EDITOR))
    fetch(other)
    delivery.refresh_from_db()
    assert delivery.downloads_used == 2
    assert OutboxEvent.objects.filter(kind="footage-delivery.downloaded").count() == 2


def test_downloads_are_used_up_but_one_that_has_begun_may_go_on(delivery, producer):
    FootageDelivery.objects.filter(pk=delivery.pk).update(max_downloads=1)
    first, _ends_at = delivery_link(delivery, user=producer)
    second, _ends_at = delivery_link(delivery, user=make_user(delivery.broadcaster, Role.EDITOR))
    fetch(first)
    assert fetch(second).json()["code"] == "downloads-used-up"
    assert fetch(first, range="bytes=0-9").status_code == 206
    delivery.refresh_from_db()
    with pytest.raises(ConflictError):
        delivery_link(delivery, user=producer)


def test_revoking_the_licence_kills_a_live_link_and_drops_the_bytes(delivery, producer, rts):
    address, _ends_at = delivery_link(delivery, user=producer)
    assert fetch(address).status_code == 200
    revoke_licence(delivery.grant.licence, actor=make_user(rts, Role.RIGHTS_OFFICER), reason="unpaid")
    answer = fetch(address)
    assert (answer.status_code, answer.json()["code"]) == (410, "delivery-revoked")
    delivery.refresh_from_db()
    name = delivery.storage_name
    end_deliveries()
    delivery.refresh_from_db()
    assert (delivery.status, delivery.storage_name) == ("revoked", "")
    with pytest.raises(FileNotFoundError):
        media_store().size(name)
    assert not media_store().names("deliveries/")


def test_every_thing_that_ends_a_right_closes_a_live_link(delivery, producer, rts, ptrc):
    address, _ends_at = delivery_link(delivery, user=producer)
    grant, item = delivery.grant, delivery.grant.item
    module = rts.modules.get()

    def code():
        return fetch(address).json()["code"]

    now = timezone.now()
    Grant.objects.filter(pk=grant.pk).update(period=Range(now - 2 * DAY, now - DAY))
    assert code() == "delivery-refused"
    Grant.objects.filter(pk=grant.pk).update(period=grant.period)
    Item.objects.filter(pk=item.pk).update(embargoed_until=now + DAY)
    assert code() == "delivery-refused"
    Item.objects.filter(pk=item.pk).update(embargoed_until=None)
    right = UnderlyingRight.objects.create(item=item, kind="music")
    assert code() == "delivery-refused"
    right.delete()
    type(module).objects.filter(pk=module.pk).update(state="paused")
    assert code() == "module-paused"
    type(module).objects.filter(pk=module.pk).update(state="active")
    assert fetch(address).status_code == 200
    producer.memberships.all().delete()
    assert fetch(address).status_code == 404


def test_a_delivery_whose_time_is_over_ends_with_its_bytes(delivery):
    now = timezone.now()
    Grant.objects.filter(pk=delivery.grant_id).update(period=Range(now - 2 * DAY, now - DAY))
    assert end_deliveries() == 1
    assert end_deliveries() == 0
    delivery.refresh_from_db()
    assert (delivery.status, delivery.storage_name) == ("ended", "")


def test_one_delivery_is_revoked_by_the_holder_while_the_grant_stays(delivery, producer, rts):
    with pytest.raises(ForbiddenError):
        revoke_delivery(delivery, actor=producer)
    revoked = revoke_delivery(delivery, actor=make_user(rts, Role.RIGHTS_OFFICER))
    assert (revoked.status, revoked.grant.status) == ("revoked", "active")
    with pytest.raises(ConflictError):
        delivery_link(revoked, user=producer)


def test_a_receipt_is_confirmed_after_a_download_and_stays_the_first(delivery, producer):
    with pytest.raises(ConflictError) as error:
        confirm_receipt(delivery, actor=producer)
    assert error.value.code == "not-downloaded"
    address, _ends_at = delivery_link(delivery, user=producer)
    fetch(address)
    first = confirm_receipt(delivery, actor=producer)
    again = confirm_receipt(delivery, actor=make_user(delivery.broadcaster, Role.EDITOR))
    assert (again.received_at, again.received_by) == (first.received_at, producer)


def test_a_stretch_lies_inside_the_grant_and_is_no_longer_than_granted(grant, ptrc, producer, item):
    for stretch, code in (
        ((0, 800), "stretch-not-granted"),
        ((400, 1201), "stretch-not-granted"),
        ((700, 700), "stretch-empty"),
    ):
        with pytest.raises(DomainError) as error:
            create_delivery(grant, actor=producer, broadcaster=ptrc, in_ms=stretch[0], out_ms=stretch[1])
        assert error.value.code == code
    part = create_delivery(grant, actor=producer, broadcaster=ptrc, in_ms=500, out_ms=700)
    assert (part.in_ms, part.out_ms) == (500, 700)
    whole = make_licence(ptrc, item, seconds=1).grants.get()
    with pytest.raises(ConflictError) as error:
        create_delivery(whole, actor=producer, broadcaster=ptrc, in_ms=0, out_ms=1001)
    assert error.value.code == "stretch-too-long"
    first = create_delivery(whole, actor=producer, broadcaster=ptrc)
    assert (first.in_ms, first.out_ms) == (0, 1000)  # as much as is granted, from the beginning


def test_a_whole_file_is_ready_at_once_and_stays_in_the_store_when_it_is_revoked(item, ptrc, producer, rts):
    module_grant = make_licence(ptrc, make_item(rts)).grants.get()  # houses share a module now
    grant = make_grant(item, grantee=ptrc)
    whole = create_delivery(grant, actor=producer, broadcaster=ptrc)
    file = item.instantiations.get().file
    assert (whole.status, whole.sha256, whole.storage_name) == ("ready", file.sha256, file.storage_name)
    revoke_grant(grant, actor=make_user(rts, Role.RIGHTS_OFFICER), reason="over")
    end_deliveries()
    assert media_store().size(file.storage_name) == file.size_bytes
    assert module_grant.status == "active"


def test_without_a_file_or_a_right_nothing_is_ordered(rts, ptrc, producer, grant):
    bare = make_licence(ptrc, make_item(rts)).grants.get()
    with pytest.raises(DomainError) as error:
        create_delivery(bare, actor=producer, broadcaster=ptrc)
    assert error.value.code == "no-file"
    rtv = make_broadcaster("rtv")
    with pytest.raises(DomainError) as error:
        create_delivery(grant, actor=make_user(rtv, Role.PRODUCER), broadcaster=rtv)
    assert error.value.code == "foreign-grant"
    with pytest.raises(ForbiddenError):
        create_delivery(grant, actor=make_user(rts, Role.PRODUCER), broadcaster=ptrc)


def test_a_worker_that_lost_its_lease_writes_nothing_and_leaves_no_bytes(grant, ptrc, producer, monkeypatch):
    ordered = create_delivery(grant, actor=producer, broadcaster=ptrc)

    def cut(source, target, **_values):
        target.write_bytes(b"clip")
        FootageDelivery.objects.filter(pk=ordered.pk).update(status="revoked", lease_token=None)
        return 800

    monkeypatch.setattr(deliveries, "cut_clip", cut)
    assert prepare_next()
    ordered.refresh_from_db()
    assert (ordered.status, ordered.sha256) == ("revoked", "")
    assert not media_store().names("deliveries/")


def test_what_may_pass_is_tried_again_later_and_what_cannot_fails_with_its_code(grant, ptrc, producer, monkeypatch):
    ordered = create_delivery(grant, actor=producer, broadcaster=ptrc)
    errors = iter([OSError(28, "full"), FileNotFoundError()])

    def cut(*_values, **_options):
        raise next(errors)

    monkeypatch.setattr(deliveries, "cut_clip", cut)
    assert prepare_next()
    ordered.refresh_from_db()
    assert (ordered.status, ordered.error, ordered.attempts) == ("waiting", "store-failed", 1)
    assert not prepare_next()  # not yet
    FootageDelivery.objects.filter(pk=ordered.pk).update(due_at=timezone.now() - DAY)
    assert prepare_next()
    ordered.refresh_from_db()
    assert (ordered.status, ordered.error) == ("failed", "file-missing")
    monkeypatch.undo()
    retry_delivery(ordered, actor=producer)
    assert prepare_next()
    ordered.refresh_from_db()
    assert ordered.status == "ready"


def test_a_delivery_whose_worker_died_is_taken_over_when_its_lease_ends(grant, ptrc, producer):
    ordered = create_delivery(grant, actor=producer, broadcaster=ptrc)
    assert deliveries._claim() is not None
    assert not prepare_next()
    FootageDelivery.objects.filter(pk=ordered.pk).update(leased_until=timezone.now() - DAY)
    assert prepare_next()
    ordered.refresh_from_db()
    assert (ordered.status, ordered.attempts) == ("ready", 2)
    assert media_store().names("deliveries/") == [ordered.storage_name]
