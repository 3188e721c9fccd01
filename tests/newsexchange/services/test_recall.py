from datetime import timedelta

import pytest
from django.utils import timezone

from broadcasters.indicators import Period
from mediaexchange.core.errors import ConflictError
from mediaexchange.core.models import OutboxEvent
from newsexchange.constants import ACKNOWLEDGE_WITHIN, Road
from newsexchange.desks import ITEMS
from newsexchange.indicators import recalls_missed
from newsexchange.models import Offer, RecallNotice, Receipt, Story
from newsexchange.services.offer import decline_offer, take_offer, withdraw_offer
from newsexchange.services.recall import acknowledge_recall, recall_story, remind_of_recalls, restore_story
from newsexchange.services.receipt import note_receipts
from newsexchange.services.story import release_due_embargoes, save_story
from tests.factories import make_broadcaster, make_embargoed_story, make_story, make_user, offer

pytestmark = pytest.mark.django_db


def told(recall):
    return {notice.broadcaster.slug for notice in recall.notices.select_related("broadcaster")}


def kill(story):
    return recall_story(story, actor=None, kind="kill", reason="wrong")


def pass_embargo(story):
    """The clock goes on; no task has run yet."""
    Story.objects.filter(pk=story.pk).update(embargoed_until=timezone.now() - timedelta(seconds=1))


def test_an_offer_of_an_embargoed_story_gets_no_notice(rts, ptrc):
    story = make_embargoed_story(rts)
    offer(story, ptrc)
    assert told(kill(story)) == set()


def test_an_offer_withdrawn_under_embargo_gets_no_notice_though_others_could_read_it_later(rts, ptrc):
    story = make_embargoed_story(rts)
    offer(story, ptrc, make_broadcaster("rtv"))
    withdraw_offer(story.offers.get(to_broadcaster=ptrc), actor=make_user(rts))
    pass_embargo(story)
    release_due_embargoes()
    assert told(kill(story)) == {"rtv"}


def test_an_embargo_that_has_passed_opens_an_offer_without_any_task(rts, ptrc):
    story = make_embargoed_story(rts)
    offer(story, ptrc)
    pass_embargo(story)
    withdraw_offer(story.offers.get(), actor=make_user(rts))
    assert told(kill(story)) == {"ptrc"}


def test_an_embargo_put_on_after_the_first_had_passed_does_not_forget_who_could_read(rts, ptrc):
    story = make_embargoed_story(rts)
    offer(story, ptrc)
    pass_embargo(story)
    story.refresh_from_db()
    story.embargoed_until = timezone.now() + timedelta(days=1)
    save_story(story, actor=make_user(rts), changed={"embargoed_until"})
    assert told(kill(story)) == {"ptrc"}


def test_an_offer_made_while_a_hold_was_back_on_stays_unopened(rts, ptrc):
    story = make_story(rts)
    offer(story, make_broadcaster("rtv"))
    story.is_held = True
    save_story(story, actor=make_user(rts), changed={"is_held"})
    offer(story, ptrc)
    assert told(kill(story)) == {"rtv"}


def test_restoring_a_story_opens_the_offers_made_before(rts, ptrc):
    story = make_embargoed_story(rts)
    offer(story, ptrc)
    recall_story(story, actor=None, kind="withhold", reason="check")
    story.refresh_from_db()
    restored = restore_story(story, actor=None)
    assert Offer.objects.get().opened_at is None
    restored.embargoed_until = None
    save_story(restored, actor=make_user(rts), changed={"embargoed_until"})
    assert Offer.objects.get().opened_at is not None
    assert told(kill(story)) == {"ptrc"}


def test_years_later_everybody_is_still_reached(rts, ptrc):
    """By receipt, by take, by an offer once open, and by an earlier recall: one broadcaster each."""
    agency, rtv, tvk = (make_broadcaster(slug) for slug in ("agency", "rtv", "tvk"))
    story = make_story(rts)
    note_receipts([story.pk], [agency.pk], Road.EMAIL)
    offer(story, ptrc, rtv, tvk)
    take_offer(story.offers.get(to_broadcaster=ptrc), actor=make_user(ptrc), accepts_credit=True)
    decline_offer(story.offers.get(to_broadcaster=rtv), actor=make_user(rtv))
    recall_story(story, actor=None, kind="withhold", reason="check")
    withdraw_offer(story.offers.get(to_broadcaster=tvk), actor=make_user(rts))
    long_ago = timezone.now() - timedelta(days=4000)
    Offer.objects.exclude(opened_at=None).update(opened_at=long_ago)
    Receipt.objects.update(first_at=long_ago, last_at=long_ago)
    OutboxEvent.objects.all().delete()
    assert told(kill(story)) == {"agency", "ptrc", "rtv", "tvk"}


def test_a_notice_says_until_when_and_is_overdue_after_that(rts, ptrc):
    story = make_story(rts)
    offer(story, ptrc)
    kill(story)
    notice = RecallNotice.objects.get()
    assert timezone.now() < notice.due_at
    assert not notice.is_overdue
    notice.due_at = timezone.now() - timedelta(seconds=1)
    assert notice.is_overdue
    notice.acknowledged_at = timezone.now()
    assert not notice.is_overdue


def test_both_sides_are_reminded_once_of_what_is_overdue_and_nobody_else(rts, ptrc):
    rtv = make_broadcaster("rtv")
    story = make_story(rts)
    offer(story, ptrc, rtv)
    kill(story)
    assert remind_of_recalls() == 0
    RecallNotice.objects.update(due_at=timezone.now() - timedelta(minutes=1))
    acknowledge_recall(RecallNotice.objects.get(broadcaster=rtv), actor=make_user(rtv))
    assert remind_of_recalls() == 1
    assert remind_of_recalls() == 0
    event = OutboxEvent.objects.get(kind="recall.overdue")
    assert event.audience == sorted([rts.pk, ptrc.pk])
    assert event.data["broadcaster"] == "ptrc"


def test_only_the_recall_itself_says_remove_and_not_what_is_told_of_it_later(rts, ptrc):
    story = make_story(rts)
    offer(story, ptrc)
    kill(story)
    RecallNotice.objects.update(due_at=timezone.now() - timedelta(minutes=1))
    remind_of_recalls()
    acknowledge_recall(RecallNotice.objects.get(), actor=make_user(ptrc))
    told = OutboxEvent.objects.filter(kind__contains="recall").values_list("kind", "is_retraction")
    assert set(told) == {("story.recalled", True), ("recall.overdue", False), ("recall.acknowledged", False)}


def test_taking_after_a_recall_is_impossible(rts, ptrc):
    story = make_story(rts)
    offer(story, ptrc)
    kill(story)
    with pytest.raises(ConflictError, match="cannot be used now"):
        take_offer(story.offers.get(), actor=make_user(ptrc), accepts_credit=True)


def test_nobody_is_reminded_of_a_recall_that_was_lifted(rts, ptrc):
    story = make_story(rts)
    offer(story, ptrc)
    recall_story(story, actor=None, kind="withhold", reason="")
    restore_story(story, actor=None)
    RecallNotice.objects.update(due_at=timezone.now() - timedelta(hours=1))
    assert remind_of_recalls() == 0
    kill(story)
    RecallNotice.objects.update(due_at=timezone.now() - timedelta(hours=1))
    assert remind_of_recalls() == 1


def test_a_recall_that_was_lifted_waits_for_nobody_and_the_next_one_waits_anew(rts, ptrc, belgrade, astana):
    story, since = make_story(rts), timezone.now() - timedelta(days=1)
    until = timezone.now() + ACKNOWLEDGE_WITHIN + timedelta(days=1)
    offer(story, ptrc)
    desks = {item.code: item.rows for item in ITEMS}
    waiting = {"newsexchange.recalls": make_user(ptrc), "newsexchange.own-recalls": make_user(rts)}

    def counted():
        return [desks[code](user).count() for code, user in waiting.items()]

    recall_story(story, actor=None, kind="withhold", reason="")
    assert counted() == [1, 1]
    restore_story(story, actor=None)
    assert counted() == [0, 0]
    assert recalls_missed(ptrc, Period(since, until)).count() == 0
    (notice,) = astana.get("recall-notices/").json()["results"]
    assert (notice["acknowledged_at"], notice["lifted_at"] is None, notice["is_overdue"]) == (None, False, False)
    recall_story(story, actor=None, kind="withhold", reason="")
    assert counted() == [1, 1]
    assert recalls_missed(ptrc, Period(since, until)).count() == 1
