import re
from datetime import UTC, datetime, time, timedelta
from smtplib import SMTPServerDisconnected

import pytest
from django.core import mail
from django.utils import timezone

from newsexchange.constants import DeliveryStatus, Destination, Road
from newsexchange.models import Delivery, Receipt, Story, Subscription
from newsexchange.services import digest as digests
from newsexchange.services.digest import mail_language, next_digest_at, redate_digest, send_digests
from newsexchange.services.fanout import fan_out
from newsexchange.services.offer import withdraw_offer
from newsexchange.services.recall import recall_story, restore_story
from newsexchange.services.replay_delivery import replay_deliveries
from newsexchange.services.story import save_story
from tests.factories import make_broadcaster, make_embargoed_story, make_story, make_user, offer

pytestmark = pytest.mark.django_db


def subscribe(broadcaster, *languages, **fields):
    broadcaster.working_languages = list(languages)
    broadcaster.save()
    defaults = {"name": "Jutro", "destination": Destination.EMAIL, "email": "desk@example.org"}
    return Subscription.objects.create(broadcaster=broadcaster, **defaults | fields)


def make_due():
    """It is the hour of the digest."""
    fan_out()
    Delivery.objects.filter(status=DeliveryStatus.PENDING).update(due_at=timezone.now())


def deliver():
    make_due()
    return send_digests()


def html_of(message):
    (alternative,) = message.alternatives
    assert alternative.mimetype == "text/html"
    return alternative.content


def test_a_digest_in_serbian_latin_has_headline_summary_link_and_credit(rts, ptrc):
    rtv = make_broadcaster("rtv", name_en="RTV")
    subscribe(rtv, "sr-Latn", "hu")
    story = make_story(rts, summary_sr="<p>Љубитељи књига су срећни.</p>", usage_terms="Само за вести.")
    offer(story, rtv)
    assert deliver() == 1
    (message,) = mail.outbox
    assert message.to == ["desk@example.org"]
    for body in (message.body, html_of(message)):
        assert "Otvorena nova biblioteka" in body
        assert "Ljubitelji knjiga su srećni." in body
        assert f"/admin/newsexchange/story/{story.pk}/change/" in body
        assert "Radio-televizija Srbije" in body
    assert message.extra_headers["Content-Language"] == "sr-Latn"
    assert Receipt.objects.filter(story=story, broadcaster=rtv, road=Road.EMAIL).exists()
    assert set(Delivery.objects.values_list("status", flat=True)) == {DeliveryStatus.DELIVERED}


def test_a_digest_in_kazakh_has_the_kazakh_text_and_the_markup_made_harmless(rts, ptrc):
    subscribe(ptrc, "kk", "ru")
    story = make_story(
        rts,
        headline_kk="Жаңа <кітапхана> ашылды",
        summary_kk="Оқырмандар қуанышты.",
        body_kk="<p>Мәтін</p>",
        restrictions=[{"territories": ["KZ"], "max_seconds": 30}],
    )
    offer(story, ptrc)
    deliver()
    (message,) = mail.outbox
    assert "Жаңа <кітапхана> ашылды" in message.body
    assert "Жаңа &lt;кітапхана&gt; ашылды" in html_of(message)
    assert "Оқырмандар қуанышты." in message.body
    assert re.search(r"\b30\b", message.body)  # what the rights ask for stands beside it
    assert '<html lang="kk">' in html_of(message)


def test_one_message_holds_everything_that_is_due(rts, ptrc):
    subscribe(ptrc, "en")
    for number in range(3):
        offer(make_story(rts, headline_en=f"Story {number}"), ptrc)
    assert deliver() == 1
    (message,) = mail.outbox
    assert all(f"Story {number}" in message.body for number in range(3))


def test_a_story_that_changed_twice_stands_there_once(rts, ptrc):
    subscribe(ptrc, "en")
    story = make_story(rts)
    offer(story, ptrc)
    story.headline_en = "A library opens after all"
    save_story(story, actor=make_user(rts), changed={"headline_en"})
    deliver()
    (message,) = mail.outbox
    assert message.body.count("A library opens after all") == 1
    assert "A new library opens" not in message.body


def test_recalls_stand_first_and_repeat_no_word_of_the_story(rts, ptrc):
    subscribe(ptrc, "en")
    killed = make_story(rts, headline_en="Secret kanarinac")
    offer(killed, ptrc)
    deliver()
    mail.outbox.clear()
    offer(make_story(rts, headline_en="Another story"), ptrc)
    recall_story(killed, actor=None, kind="kill", reason="Wrong picture")
    deliver()
    (message,) = mail.outbox
    for body in (message.body, html_of(message)):
        assert body.index(str(killed.uid)) < body.index("Another story")
        assert "Wrong picture" in body
        assert "kanarinac" not in body


def test_a_recall_is_told_at_once_and_not_with_the_next_digest(rts, ptrc):
    subscribe(ptrc, "en", digest_at=(timezone.now() + timedelta(hours=12)).time())
    story = make_story(rts)
    offer(story, ptrc)
    deliver()
    mail.outbox.clear()
    recall_story(story, actor=None, kind="withhold", reason="being checked")
    fan_out()
    assert send_digests() == 1
    assert str(story.uid) in mail.outbox[0].body


def test_what_was_embargoed_recalled_or_withdrawn_meanwhile_is_left_out(rts, ptrc):
    subscribe(ptrc, "en")
    stories = [make_story(rts, headline_en=f"Kanarinac {number}") for number in range(3)]
    for story in stories:
        offer(story, ptrc)
    offer(make_embargoed_story(rts, headline_en="Kanarinac 4"), ptrc)
    offer(make_story(rts, headline_en="Free to read"), ptrc)
    make_due()
    Story.objects.filter(pk=stories[0].pk).update(embargoed_until=timezone.now() + timedelta(hours=1))
    recall_story(stories[1], actor=None, kind="kill", reason="wrong")
    withdraw_offer(stories[2].offers.get(), actor=make_user(rts))
    send_digests()
    (message,) = mail.outbox
    assert "Free to read" in message.body
    assert "Kanarinac" not in message.body + html_of(message)


def test_with_nothing_to_tell_no_mail_is_sent(rts, ptrc):
    subscribe(ptrc, "en")
    story = make_story(rts)
    offer(story, ptrc)
    make_due()
    Story.objects.filter(pk=story.pk).update(embargoed_until=timezone.now() + timedelta(hours=1))
    assert send_digests() == 0
    assert mail.outbox == []
    assert set(Delivery.objects.values_list("status", flat=True)) == {DeliveryStatus.CANCELED}


def test_a_task_that_runs_twice_sends_one_message(rts, ptrc):
    subscribe(ptrc, "en")
    offer(make_story(rts), ptrc)
    assert deliver() == 1
    assert send_digests() == 0
    assert len(mail.outbox) == 1


def test_two_tasks_with_the_same_claim_send_one_message(rts, ptrc):
    subscribe(ptrc, "en")
    offer(make_story(rts), ptrc)
    make_due()
    claimed = digests.claim_due([Destination.EMAIL], 100)
    assert digests._send(claimed)
    assert not digests._send(claimed)
    assert len(mail.outbox) == 1


def test_who_lost_the_lease_sends_nothing(rts, ptrc):
    subscribe(ptrc, "en")
    offer(make_story(rts), ptrc)
    make_due()
    sleepy = digests.claim_due([Destination.EMAIL], 100)
    Delivery.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    assert send_digests() == 1
    assert not digests._send(sleepy)
    assert len(mail.outbox) == 1


def test_a_mail_server_that_fails_is_asked_again_for_the_same_message(rts, ptrc, monkeypatch):
    subscription = subscribe(ptrc, "en")
    for _number in range(3):
        offer(make_story(rts), ptrc)
    sent = []

    def refuse(message, *_arguments, **_options):
        sent.append(message)
        raise SMTPServerDisconnected("gone")

    monkeypatch.setattr("django.core.mail.EmailMultiAlternatives.send", refuse)
    assert deliver() == 0
    waiting = subscription.deliveries.filter(status=DeliveryStatus.PENDING)
    assert (waiting.count(), waiting.values("due_at").distinct().count()) == (3, 1)
    assert set(waiting.values_list("attempts", "error")) == {(1, "mail: SMTPServerDisconnected")}
    assert not Receipt.objects.exists()
    monkeypatch.undo()
    offer(make_story(rts), ptrc)
    assert deliver() == 1
    (message,) = mail.outbox
    assert message.extra_headers["Message-ID"] == sent[0].extra_headers["Message-ID"]
    assert re.fullmatch(r"<digest\.[0-9a-f-]{36}@\S+>", message.extra_headers["Message-ID"])


def test_the_language_is_the_first_one_of_the_house_that_we_speak(rts):
    for tags, language in ((["hu", "sr-Latn"], "sr-latn"), (["kk-Latn", "ru"], "ru"), (["hu"], "en"), ([], "en")):
        rts.working_languages = tags
        assert mail_language(rts) == language, tags


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("digest_at", "now", "expected"),
    [
        (time(6, 0), "2026-01-15 04:59:59", "2026-01-15 05:00"),
        (time(6, 0), "2026-01-15 05:00:00", "2026-01-16 05:00"),  # exactly at the hour: that one has gone out
        (time(6, 0), "2026-07-15 03:00:00", "2026-07-15 04:00"),
        (time(6, 0), "2026-03-28 06:00:00", "2026-03-29 04:00"),  # the day the clocks go forward: 23 hours
        (time(6, 0), "2026-10-24 05:00:00", "2026-10-25 05:00"),  # and back: 25 hours
        (time(2, 30), "2026-03-29 00:00:00", "2026-03-29 01:30"),  # 02:30 does not exist: 03:30 by the clock
        (time(2, 30), "2026-10-25 00:00:00", "2026-10-25 00:30"),  # 02:30 exists twice: the first
        (time(0, 0), "2026-06-30 22:30:00", "2026-07-01 22:00"),  # it is already July in Belgrade
    ],
)
def test_the_hour_of_the_digest_is_belgrades_in_summer_and_winter(rts, digest_at, now, expected):
    subscription = Subscription(broadcaster=rts, digest_at=digest_at)
    assert next_digest_at(subscription, at(now)) == at(expected)


def test_no_digest_is_sent_twice_in_the_night_that_has_its_hour_twice(rts):
    subscription = Subscription(broadcaster=rts, digest_at=time(2, 30))
    first = next_digest_at(subscription, at("2026-10-24 12:00"))
    assert next_digest_at(subscription, first) == at("2026-10-26 01:30")


def test_what_waits_follows_a_new_hour(rts, ptrc):
    later = (timezone.now() + timedelta(hours=8)).time()
    subscription = subscribe(ptrc, "en", digest_at=later)
    offer(make_story(rts), ptrc)
    fan_out()
    subscription.digest_at = (timezone.now() + timedelta(hours=7)).time()
    subscription.save()
    redate_digest(subscription)
    expected = next_digest_at(subscription, timezone.now())
    assert set(subscription.deliveries.values_list("due_at", flat=True)) == {expected}


def test_an_old_recall_sent_again_does_not_withdraw_what_may_be_used_again(rts, ptrc):
    subscription = subscribe(ptrc, "en")
    story = make_story(rts, headline_en="Back in use")
    offer(story, ptrc)
    recall_story(story, actor=None, kind="withhold", reason="being checked")
    deliver()
    assert "Back in use" not in mail.outbox[0].body
    restore_story(story, actor=make_user(rts))
    offer(story, ptrc)
    deliver()
    mail.outbox.clear()
    recalled = subscription.deliveries.get(event__kind="story.recalled")
    replay_deliveries([recalled.uid], actor=make_user(ptrc))
    assert deliver() == 1
    assert "Back in use" in mail.outbox[0].body
    assert "Withheld" not in mail.outbox[0].body
