import pytest

from broadcasters.models import Membership
from newsexchange.constants import Road
from newsexchange.models import Receipt
from newsexchange.services.receipt import note_reading, note_receipts
from newsexchange.services.story import save_story
from tests.factories import make_broadcaster, make_story, make_user, offer

pytestmark = pytest.mark.django_db


def test_a_receipt_is_written_once_for_each_broadcaster_and_road(rts, ptrc, django_assert_num_queries):
    rtv = make_broadcaster("rtv")
    stories = [make_story(rts), make_story(rts)]
    ids = [story.pk for story in stories]
    with django_assert_num_queries(1):
        assert note_receipts(ids, [ptrc.pk, rtv.pk], Road.WEBHOOK) == 4
    assert note_receipts(ids, [ptrc.pk, rtv.pk], Road.WEBHOOK) == 0
    assert note_receipts(ids[:1], [ptrc.pk], Road.DOCUMENT) == 1
    assert Receipt.objects.count() == 5


def test_a_newer_version_moves_the_last_one_and_leaves_the_first(rts, ptrc):
    story = make_story(rts)
    note_receipts([story.pk], [ptrc.pk], Road.API)
    story.headline_en = "A new library opens today"
    save_story(story, actor=make_user(rts), changed={"headline_en"})
    assert note_receipts([story.pk], [ptrc.pk], Road.API) == 1
    receipt = Receipt.objects.get()
    assert (receipt.first_version, receipt.last_version) == (1, 2)
    assert receipt.last_at >= receipt.first_at


def test_the_origin_receives_nothing_from_itself(rts, ptrc):
    story = make_story(rts)
    assert note_receipts([story.pk], [rts.pk, ptrc.pk], Road.DESK) == 1
    assert Receipt.objects.get().broadcaster == ptrc


def test_nothing_to_note_asks_the_database_nothing(rts, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert note_receipts([], [rts.pk], Road.API) == note_receipts([1], [], Road.API) == 0


def test_a_reader_of_two_houses_reads_through_the_one_that_has_the_offer(rts, ptrc):
    rtv = make_broadcaster("rtv")
    reader = make_user(ptrc)
    Membership.objects.create(user=reader, broadcaster=rtv, role="editor")
    story = make_story(rts)
    offer(story, ptrc)
    note_reading([story], reader, Road.DESK)
    assert list(Receipt.objects.values_list("broadcaster__slug", "road")) == [("ptrc", "desk")]


def test_somebody_of_the_origin_reads_as_the_origin(rts, ptrc):
    reader = make_user(rts)
    Membership.objects.create(user=reader, broadcaster=ptrc, role="editor")
    story = make_story(rts)
    offer(story, ptrc)
    note_reading([story], reader, Road.DESK)
    assert not Receipt.objects.exists()
