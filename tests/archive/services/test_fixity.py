"""What lies in the store is read again: who comes first, and who is told when something is not what it was."""

from datetime import timedelta

import pytest
from django.utils import timezone

from archive.models import MediaFile, PreservationEvent
from archive.services.fixity import check_file, check_slice
from archive.tasks import check_fixity
from mediaexchange.core.models import OutboxEvent
from mediaexchange.core.stores import media_store
from tests.archive.factories import make_instantiation, make_item, make_media_file
from tests.factories import make_broadcaster, make_user

pytestmark = pytest.mark.django_db


def make_text(number, **fields):
    file = make_media_file(content=b"Text %d" % number, name=f"{number}.txt")
    MediaFile.objects.filter(pk=file.pk).update(**fields)
    return file


def days_ago(days):
    return timezone.now() - timedelta(days=days)


def checks():
    events = PreservationEvent.objects.filter(kind="fixity check").order_by("id")
    return list(events.values_list("file__original_name", "outcome"))


def test_masters_come_first_and_among_them_what_was_read_longest_ago(settings):
    settings.FIXITY_DAYS = 30
    make_text(1, checked_at=days_ago(400))
    make_text(2)
    for number, checked_at in ((3, days_ago(40)), (4, days_ago(50)), (5, None), (6, days_ago(10))):
        make_instantiation(make_item(), file=make_text(number, checked_at=checked_at), generation="preservation")
    make_instantiation(make_item(), file=make_text(7), generation="access")
    assert check_slice() == (6, 0)
    assert [name for name, _outcome in checks()] == ["5.txt", "4.txt", "3.txt", "2.txt", "7.txt", "1.txt"]
    assert check_slice() == (0, 0)  # until they are due again, nothing is read twice


def test_a_slice_reads_no_more_than_a_day_may():
    for number in range(4):
        make_text(number)
    assert check_slice(max_bytes=10) == (2, 0)  # of six bytes each
    assert check_slice(max_bytes=10) == (2, 0)


def test_bytes_that_changed_are_an_alarm_for_the_house_alone(stores):
    file = make_text(1)
    (stores / "media" / file.storage_name).write_bytes(b"Text 2")
    check_fixity()
    event = PreservationEvent.objects.get(kind="fixity check")
    assert (event.outcome, event.detail["expected"]) == ("fail", file.sha256)
    assert event.detail["found"] not in (None, file.sha256)
    alarm = OutboxEvent.objects.get(kind="file.fixity-failed")
    assert (alarm.subject_uid, alarm.audience, alarm.data["is_missing"]) == (file.uid, [file.broadcaster_id], False)
    house, other = make_user(file.broadcaster), make_user(make_broadcaster("ptrc"))
    assert list(MediaFile.objects.damaged().visible_to(house)) == [file]
    assert not MediaFile.objects.damaged().visible_to(other).exists()


def test_a_missing_file_is_an_alarm_too_and_one_that_was_restored_is_no_longer_damaged(stores):
    file = make_text(1)
    path = stores / "media" / file.storage_name
    content = path.read_bytes()
    path.unlink()
    assert not check_file(file)
    assert PreservationEvent.objects.get().detail["found"] is None
    assert MediaFile.objects.damaged().count() == 1
    path.write_bytes(content)
    assert check_file(file)
    assert not MediaFile.objects.damaged().exists()
    assert OutboxEvent.objects.filter(kind="file.fixity-failed").count() == 1


def test_nothing_is_said_of_files_while_the_store_is_out_of_reach(monkeypatch):
    make_text(1)

    def out_of_reach(self, name, start=0, length=None):
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(type(media_store()), "pieces", out_of_reach)
    assert check_slice() == (0, 0)
    assert checks() == []
    assert MediaFile.objects.get().checked_at is None
