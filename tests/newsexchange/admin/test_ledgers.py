"""Subscriptions, ledgers, requests, uses, airings and the page of reciprocity, as desks work with them."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import localtime

from broadcasters.models import Airing
from newsexchange.models import Delivery, Feed, RecallNotice, StoryRequest, Subscription, Use
from newsexchange.services.recall import recall_story
from newsexchange.services.receipt import note_receipts
from newsexchange.services.request import ask_story
from tests.factories import (
    make_broadcaster,
    make_channel,
    make_delivery,
    make_feed,
    make_story,
    make_subscription,
    offer,
    take,
)
from tests.newsexchange.admin.conftest import deed, listed, page

pytestmark = pytest.mark.django_db
RECIPROCITY = "admin:newsexchange_reciprocity"


def said(response):
    return [str(message) for message in get_messages(response.wsgi_request)][-1]


def text(response):
    return response.content.decode()


def subscribed(people, **fields):
    sent = {
        "broadcaster": people.rts.pk, "name": "Newsroom system", "destination": "webhook", "topics": "",
        "url": "https://newsroom.example.org/hook", "digest_at": "06:00",
    }  # fmt: skip
    return people.ana.post(reverse("admin:newsexchange_subscription_add"), sent | fields)


def test_the_secret_of_a_webhook_is_shown_once(desks):
    answer = subscribed(desks)
    subscription = Subscription.objects.get()
    assert answer.status_code == 200
    assert subscription.secret in text(answer)
    assert subscription.secret not in text(desks.ana.get(page(subscription)))
    old = subscription.secret
    renewed = text(desks.ana.post(deed(subscription, "rotate")))
    subscription.refresh_from_db()
    assert subscription.secret != old
    assert subscription.secret in renewed
    assert old not in renewed


def test_what_the_service_refuses_stands_in_the_form(desks):
    answer = subscribed(desks, url="http://newsroom.example.org/hook")
    assert "https" in text(answer)
    answer = subscribed(desks, destination="drop", folder="ptrc/in", formats="ninjs-3.1")
    assert "A folder begins with" in text(answer)
    assert not Subscription.objects.exists()


def test_what_was_typed_for_another_destination_is_left_out(desks):
    subscribed(desks, folder="rts/in", formats="ninjs-3.1")
    subscription = Subscription.objects.get()
    assert (subscription.destination, subscription.folder, subscription.formats) == ("webhook", "", [])


def test_a_subscription_is_changed_paused_and_resumed(desks):
    subscription = make_subscription(desks.rts, failures=3)
    sent = {"name": "Renamed", "url": subscription.url, "topics": "", "languages": ["kk"]}
    assert desks.ana.post(page(subscription), sent).status_code == 302
    subscription.refresh_from_db()
    assert (subscription.name, subscription.languages, subscription.failures) == ("Renamed", ["kk"], 3)
    desks.ana.post(deed(subscription, "pause"))
    subscription.refresh_from_db()
    assert not subscription.is_active
    desks.ana.post(deed(subscription, "resume"))
    subscription.refresh_from_db()
    assert (subscription.is_active, subscription.failures) == (True, 0)
    assert desks.aigerim.get(page(subscription)).status_code == 404


def test_a_failed_delivery_is_sent_again_from_the_ledger(desks):
    delivery = make_delivery(make_subscription(desks.rts))
    delivery.failed_attempts.create(number=1, response_status=503, error="the other side is at lunch")
    Delivery.objects.update(status="failed", attempts=9, finished_at=timezone.now())
    assert "at lunch" in text(desks.ana.get(page(delivery)))
    desks.ana.post(deed(delivery, "replay"))
    delivery.refresh_from_db()
    assert (delivery.status, delivery.attempts) == ("pending", 0)


def test_the_origin_reads_who_was_told_but_not_how_it_went(desks):
    story = make_story(desks.rts)
    delivery = make_delivery(make_subscription(desks.ptrc, name="Hush"), subject_uid=story.uid)
    Delivery.objects.update(error="their own business", response_status=500)
    shown = text(desks.ana.get(listed("delivery", "?whose=ours"))) + text(desks.ana.get(page(delivery)))
    assert "Presidential" in shown
    assert "Hush" not in shown
    assert "their own business" not in shown
    assert desks.ana.get(listed("delivery", f"?q={story.uid}")).context["cl"].result_list
    assert not desks.ana.get(listed("delivery", "?q=nonsense")).context["cl"].result_list


def test_the_ledger_is_never_counted(desks):
    make_delivery(make_subscription(desks.rts))
    with CaptureQueriesContext(connection) as captured:
        desks.ana.get(listed("delivery", "?whose=mine&state=failing"))
    assert not [
        query["sql"] for query in captured if "COUNT(" in query["sql"] and "newsexchange_delivery" in query["sql"]
    ]


def test_a_feeds_password_is_kept_and_never_shown(desks):
    feed = make_feed(
        desks.rts, url="https://example.org/feed", auth_kind="basic", auth_name="ana", auth_secret="hush-hush"
    )
    assert "hush-hush" not in text(desks.ana.get(page(feed)))
    sent = {
        "name": "Wire", "url": feed.url, "format": "auto", "language": "sr", "interval": "00:15:00", "auth_secret": "",
        "max_interval": "24:00:00", "quiet_after": "2 00:00:00", "auth_kind": "basic", "auth_name": "ana",
        "rules-TOTAL_FORMS": "1", "rules-INITIAL_FORMS": "0", "rules-0-position": "0", "rules-0-is_active": "on",
        "rules-0-field": "topic", "rules-0-value": "medtop:15000000", "rules-0-action": "hold", "rules-0-feed": feed.pk,
    }  # fmt: skip
    answer = desks.ana.post(page(feed), sent)
    assert answer.status_code == 302, answer.context["errors"]
    feed = Feed.objects.get()
    assert (feed.name, feed.auth_secret, feed.rules.get().action) == ("Wire", "hush-hush", "hold")
    renewed = text(desks.ana.post(deed(feed, "rotate")))
    feed.refresh_from_db()
    assert feed.inbound_secret in renewed
    assert feed.inbound_secret not in text(desks.ana.get(page(feed)))


def test_a_feed_is_declared_its_broadcasters_own_output_by_the_desk_alone(desks):
    feed = make_feed(desks.rts)
    sent = {
        "name": "Wire", "format": "auto", "interval": "00:15:00", "max_interval": "24:00:00", "auth_kind": "none",
        "quiet_after": "2 00:00:00", "is_own_output": "on", "rules-TOTAL_FORMS": "0", "rules-INITIAL_FORMS": "0",
    }  # fmt: skip
    assert desks.vera.post(page(feed), sent).status_code == 403
    assert not Feed.objects.get().is_own_output
    assert desks.ana.post(page(feed), sent).status_code == 302
    assert Feed.objects.get().is_own_output


def test_a_request_is_asked_and_answered_with_a_story(desks):
    sent = {
        "from_broadcaster": desks.ptrc.pk, "to_broadcaster": desks.rts.pk, "subject": "Footage of the library",
        "text": "", "language": "", "needed_by_0": "", "needed_by_1": "",
    }  # fmt: skip
    address = reverse("admin:newsexchange_storyrequest_add")
    assert desks.aigerim.post(address, sent | {"to_broadcaster": desks.ptrc.pk}).status_code == 200
    assert desks.aigerim.post(address, sent).status_code == 302
    wanted = StoryRequest.objects.get()
    desks.ana.post(deed(wanted, "acknowledge"))
    story = make_story(desks.rts)
    foreign = make_story(desks.ptrc)
    assert desks.ana.post(deed(wanted, "fill"), {"story": foreign.pk}).status_code == 200
    desks.ana.post(deed(wanted, "fill"), {"story": story.pk})
    wanted.refresh_from_db()
    assert (wanted.status, wanted.story) == ("filled", story)
    assert story.offers.get().to_broadcaster == desks.ptrc
    assert desks.aigerim.get(deed(wanted, "decline")).status_code == 403
    other = ask_story(asker=desks.ptrc, of=desks.rts, actor=desks.aigerim_user, subject="More")
    desks.ana.post(deed(other, "decline"))
    other.refresh_from_db()
    assert other.status == "declined"


def test_a_use_is_reported_on_a_take_and_counts_for_the_channel(desks):
    taken = take(make_story(desks.rts), desks.ptrc)
    channel = make_channel(desks.ptrc)
    at = timezone.localtime(timezone.now() - timedelta(hours=1), ZoneInfo(desks.aigerim_user.time_zone))
    sent = {
        "kind": "airing", "channel": channel.pk, "started_at_0": at.strftime("%Y-%m-%d"),
        "started_at_1": at.strftime("%H:%M:%S"), "duration_ms": "00:01:30", "title": "Evening news",
    }  # fmt: skip
    answer = desks.aigerim.post(deed(taken, "use"), sent | {"channel": make_channel(desks.rts).pk})
    assert answer.status_code == 200
    desks.aigerim.post(deed(taken, "use"), sent)
    use = Use.objects.get()
    assert (use.airing.channel, use.airing.duration_ms) == (channel, 90_000)
    assert "Evening news" in text(desks.ana.get(reverse("admin:broadcasters_airing_changelist")))
    assert desks.ana.get(deed(taken, "use")).status_code == 403


def test_what_was_aired_before_a_recall_is_reported_from_its_notice(desks):
    story = make_story(desks.rts)
    take(story, desks.ptrc)
    recall_story(story, actor=desks.ana_user, kind="kill", reason="wrong")
    notice = RecallNotice.objects.get()
    assert deed(notice, "use") in text(desks.aigerim.get(page(notice)))
    assert "A new library opens" not in text(desks.aigerim.get(deed(notice, "use")))
    at = timezone.localtime(timezone.now() - timedelta(hours=1), ZoneInfo(desks.aigerim_user.time_zone))
    sent = {
        "kind": "airing", "channel": make_channel(desks.ptrc).pk, "started_at_0": at.strftime("%Y-%m-%d"),
        "started_at_1": at.strftime("%H:%M:%S"), "duration_ms": "00:01:30", "title": "A new library opens",
    }  # fmt: skip
    desks.aigerim.post(deed(notice, "use"), sent)
    assert Use.objects.get().airing.title == f"urn:uuid:{story.uid}"
    assert desks.ana.get(deed(notice, "use")).status_code == 403


def test_an_airing_is_reported_for_ones_own_channel_alone(desks):
    own, foreign = make_channel(desks.rts), make_channel(desks.ptrc)
    sent = {
        "channel": own.pk, "started_at_0": "2026-01-05", "started_at_1": "18:00:00", "minutes": "2.5",
        "origin": desks.ptrc.pk, "title": "A film", "language": "kk",
    }  # fmt: skip
    address = reverse("admin:broadcasters_airing_add")
    assert desks.ana.post(address, sent | {"channel": foreign.pk}).status_code == 200
    assert desks.ana.post(address, sent | {"minutes": "0"}).status_code == 200
    assert not Airing.objects.exists()
    assert desks.ana.post(address, sent).status_code == 302
    assert Airing.objects.get().duration_ms == 150_000
    assert desks.vera.get(address).status_code == 403


def figures(response):
    """Of the first partner, this week: three figures from us, three from them, with their addresses."""
    (first, *_others) = response.context["partners"]
    return first["rows"][0][1]


def test_every_figure_of_reciprocity_leads_to_the_rows_it_counts(desks):
    for _ in range(2):
        offer(make_story(desks.rts), desks.ptrc)
    taken = take(make_story(desks.rts), desks.ptrc)
    Use.objects.create(take=taken, kind="link", url="https://news.example.org/1", used_at=timezone.now())
    take(make_story(desks.ptrc), desks.rts)
    for client, expected in ((desks.ana, [3, 1, 1, 1, 1, 0]), (desks.aigerim, [1, 1, 0, 3, 1, 1])):
        shown = client.get(reverse(RECIPROCITY))
        assert [count for count, _address in figures(shown)] == expected
        for count, address in figures(shown):
            assert client.get(address).context["cl"].result_count == count, address
        assert text(shown).count('<rect class="mx-given"') == 2
    assert desks.vera.get(reverse(RECIPROCITY)).context["partners"]


def test_reciprocity_counts_nothing_that_its_reader_does_not_see(desks):
    story = make_story(desks.rts)
    offer(story, desks.ptrc)
    recall_story(story, actor=desks.ana_user, kind="kill", reason="wrong")
    assert desks.aigerim.get(reverse(RECIPROCITY)).context["partners"] == []


def test_more_rows_cost_reciprocity_no_more_queries(desks):
    def cost():
        with CaptureQueriesContext(connection) as captured:
            assert desks.ana.get(reverse(RECIPROCITY)).status_code == 200
        return len(captured)

    make_channel(desks.rts)
    take(make_story(desks.rts), desks.ptrc)
    cost()
    one = cost()
    for _ in range(2):
        take(make_story(desks.rts), desks.ptrc)
    assert cost() == one


def test_a_channel_over_its_cap_is_red(desks):
    channel = make_channel(desks.rts, weekly_minutes=100, foreign_share_cap_percent=10)
    at = timezone.now() - timedelta(days=7)
    Airing.objects.create(channel=channel, started_at=at, duration_ms=20 * 60_000, origin=desks.ptrc, title="A film")
    shown = desks.ana.get(reverse(RECIPROCITY))
    (_channel, weeks), *_others = shown.context["channels"]
    assert [week.minutes for week in weeks][:3].count(20) == 1
    assert text(shown).count("over the cap") == 1
    week = next(week for week in weeks if week.minutes)
    assert len(desks.ana.get(week.address).context["cl"].result_list) == 1


def test_a_recall_names_the_story_by_its_headline_at_home_and_by_house_and_moment_elsewhere(desks):
    story = make_story(desks.rts, headline_en="Zeppelin over the ferry")
    offer(story, desks.ptrc)
    recall = recall_story(story, actor=desks.ana_user, kind="kill", reason="wrong picture")
    notice = recall.notices.get()
    moment = date_format(localtime(story.published_at, ZoneInfo("Asia/Almaty")), "SHORT_DATETIME_FORMAT")
    name = f"{moment} · {str(story.uid)[:8]}…"
    for address in (listed("recall"), listed("recallnotice"), page(recall), page(notice)):
        assert "Zeppelin over the ferry" in text(desks.ana.get(address)), address
        elsewhere = text(desks.aigerim.get(address))
        assert name in elsewhere, address
        assert "Zeppelin" not in elsewhere


def test_more_recalls_of_ones_own_cost_their_list_no_more_queries(desks):
    def recalled():
        story = make_story(desks.rts)
        offer(story, desks.ptrc)
        recall_story(story, actor=desks.ana_user, kind="kill", reason="wrong")

    def cost():
        with CaptureQueriesContext(connection) as captured:
            assert desks.ana.get(listed("recallnotice")).status_code == 200
        return len(captured)

    recalled()
    cost()
    one = cost()
    recalled()
    recalled()
    assert cost() == one


def test_the_origin_reads_by_which_roads_a_recalled_story_went(desks):
    story = make_story(desks.rts)
    offer(story, desks.ptrc)
    note_receipts([story.pk], [desks.ptrc.pk], "webhook")
    rtv = make_broadcaster("rtv")
    offer(story, rtv)
    note_receipts([story.pk], [rtv.pk], "drop")
    recall = recall_story(story, actor=desks.ana_user, kind="kill", reason="wrong picture")
    shown = text(desks.ana.get(page(recall)))
    for words in ("webhook", "file drop", "Presidential"):
        assert words in shown
    own = text(desks.aigerim.get(page(recall)))  # a house reads of its own roads alone
    assert "webhook" in own
    assert "file drop" not in own


def test_the_ledger_speaks_in_words(desks):
    subscription = make_subscription(desks.rts)
    make_delivery(subscription, kind="story.recalled", is_retraction=True, data={"recall_kind": "kill"})
    make_delivery(subscription, kind="story.offered")
    Delivery.objects.filter(event__kind="story.offered").update(
        status="canceled", error="use-refused", finished_at=timezone.now()
    )
    shown = text(desks.ana.get(listed("delivery", "?whose=mine")))
    for words in ("story killed", "story offered", "bar every use"):
        assert words in shown
    for code in ("story.recalled", "story.offered", "use-refused"):
        assert code not in shown


def test_nobody_is_offered_to_send_a_partners_mail_again(desks):
    story = make_story(desks.rts)
    partner = make_subscription(desks.ptrc, destination="email", email="desk@example.org", url="")
    delivery = make_delivery(partner, subject_uid=story.uid)
    assert deed(delivery, "replay") not in text(desks.ana.get(page(delivery)))
    assert deed(delivery, "replay") in text(desks.aigerim.get(page(delivery)))
