"""What a desk does from its pages, and what the rules answer."""

import re
from uuid import uuid4

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse
from django.utils import timezone

from broadcasters.admin.desk import desk
from broadcasters.constants import Role
from broadcasters.services.module import move_module
from newsexchange.constants import OrderStatus, RecallKind
from newsexchange.models import Delivery, Feed, Offer, QuarantinedEntry, Recall, RecallNotice, Story, Take
from newsexchange.services.ingest import ingest_document
from newsexchange.services.offer import offer_story
from newsexchange.services.recall import recall_story
from newsexchange.services.request import ask_story
from newsexchange.services.sync import lease_feed
from tests.factories import (
    make_broadcaster,
    make_delivery,
    make_embargoed_story,
    make_feed,
    make_module,
    make_order,
    make_story,
    make_subscription,
    make_user,
    offer,
)
from tests.newsexchange.admin.conftest import deed, listed, page

pytestmark = pytest.mark.django_db


def said(response):
    """The youngest message."""
    return [str(message) for message in get_messages(response.wsgi_request)][-1]


def typed(story=None, **fields):
    """What the form of a story sends."""
    texts = {f"{field}_{code}": "" for field in ("headline", "summary", "body") for code in ("sr", "kk", "ru", "en")}
    if story:
        texts = {name: getattr(story, name) or "" for name in texts}
    plain = dict.fromkeys(("slugline", "byline", "dateline_place", "urgency", "topics", "keywords", "link"), "")
    plain |= dict.fromkeys(("editors_note", "credit", "copyright_notice", "usage_terms", "note"), "")
    hidden = {"seen_version": story.version} if story else {}
    managed = {}
    for prefix in ("editions", "versions", "offers", "takes", "recalls"):
        managed |= {f"{prefix}-TOTAL_FORMS": "0", f"{prefix}-INITIAL_FORMS": "0"}
    return (
        {"language": "sr", "embargoed_until_0": "", "embargoed_until_1": ""} | texts | plain | hidden | managed | fields
    )


def test_a_desk_writes_a_story_in_latin_script_and_the_master_is_cyrillic(desks):
    address = reverse("admin:newsexchange_story_add")
    response = desks.ana.post(address, typed(broadcaster=desks.rts.pk, headline_sr="Otvorena nova biblioteka"))
    assert response.status_code == 302, response.context["errors"]
    story = Story.objects.get()
    assert (story.headline_sr, story.status, story.created_by) == ("Отворена нова библиотека", "draft", desks.ana_user)


def test_a_story_cannot_be_written_for_somebody_elses_newsroom(desks):
    address = reverse("admin:newsexchange_story_add")
    response = desks.ana.post(address, typed(broadcaster=desks.ptrc.pk, headline_en="Ours"))
    assert response.status_code == 200
    assert not Story.objects.exists()


def test_publishing_a_draft(desks):
    story = make_story(desks.rts, published=False)
    desks.ana.post(deed(story, "publish"))
    story.refresh_from_db()
    assert (story.status, story.version) == ("published", 1)
    assert desks.ana.get(deed(story, "publish")).status_code == 403


def test_a_deed_is_not_done_by_following_a_link(desks):
    story = make_story(desks.rts, published=False)
    assert desks.ana.get(deed(story, "publish")).status_code == 405
    story.refresh_from_db()
    assert story.status == "draft"


def test_an_edited_published_story_gets_a_version_with_its_note(desks):
    story = make_story(desks.rts)
    response = desks.ana.post(page(story), typed(story, headline_en="A corrected library opens", note="The name"))
    assert response.status_code == 302, response.context["errors"]
    story.refresh_from_db()
    assert (story.version, story.headline_en) == (2, "A corrected library opens")
    assert story.versions.get(version=2).note == "The name"


def test_line_ends_as_browsers_send_them_are_no_change(desks):
    story = make_story(desks.rts, body_sr="<p>Први.</p>\n<p>Други.</p>", body_kk="<p>Бір.</p>\n<p>Екі.</p>")
    story.editions.filter(language="kk").update(is_stale=True, origin="machine", ai_use="translation", reviewed_by=None)
    sent = {f"body_{code}": getattr(story, f"body_{code}").replace("\n", "\r\n") for code in ("sr", "kk")}
    desks.ana.post(page(story), typed(story, language="sr-Cyrl", **sent))
    story.refresh_from_db()
    assert story.version == 1
    desks.ana.post(page(story), typed(story, language="sr-Cyrl", urgency="2", **sent))
    story.refresh_from_db()
    assert (story.version, story.urgency) == (2, 2)
    kazakh, english = story.editions.get(language="kk"), story.editions.get(language="en")
    assert (kazakh.is_stale, kazakh.ai_block_reason(), english.is_stale) == (True, "ai-unreviewed", False)
    answers = {"headline": story.headline_sr, "summary": "", "body": sent["body_sr"], "note": "Nothing"}
    assert said(desks.ana.post(deed(story, "correct"), answers)) == "A correction changes something."


def test_two_editors_do_not_overwrite_each_other(desks):
    story = make_story(desks.rts)
    sent = typed(story, headline_en="Second")
    desks.ana.post(page(story), typed(story, headline_en="First"))
    response = desks.ana.post(page(story), sent)
    assert response.status_code == 200
    assert "Somebody else has changed the story since" in response.content.decode()
    story.refresh_from_db()
    assert story.headline_en == "First"


def test_an_embargo_is_typed_in_the_newsrooms_own_time(desks):
    story = make_story(desks.rts, published=False)
    desks.ana.post(page(story), typed(story, embargoed_until_0="2027-01-15", embargoed_until_1="18:00"))
    story.refresh_from_db()
    assert story.embargoed_until.isoformat() == "2027-01-15T17:00:00+00:00"
    text = desks.ana.get(listed("story")).content.decode()
    assert "Belgrade" in text
    assert "10 p.m." in text or "22:00" in text


def test_offering_to_partners_and_to_a_modules_parties(desks):
    module = make_module(desks.rts, desks.ptrc)
    by_name, by_module = make_story(desks.rts), make_story(desks.rts)
    desks.ana.post(deed(by_name, "offer"), {"to": [desks.ptrc.pk]})
    desks.ana.post(deed(by_module, "offer"), {"modules": [module.pk]})
    assert list(by_name.offers.values_list("to_broadcaster", "module")) == [(desks.ptrc.pk, None)]
    assert list(by_module.offers.values_list("to_broadcaster", "module")) == [(desks.ptrc.pk, module.pk)]


def test_offering_to_nobody_is_refused(desks):
    story = make_story(desks.rts)
    response = desks.ana.post(deed(story, "offer"), {})
    assert "Choose at least one partner or module." in response.content.decode()


def test_several_stories_are_offered_from_the_list_after_choosing_partners(desks):
    stories = [make_story(desks.rts), make_story(desks.rts)]
    ticked = {"action": "offer", "_selected_action": [story.pk for story in stories]}
    response = desks.ana.post(listed("story"), ticked)
    assert response.status_code == 200
    assert not Offer.objects.exists()
    desks.ana.post(listed("story"), ticked | {"answered": "1", "to": [desks.ptrc.pk]})
    assert Offer.objects.count() == 2


@pytest.mark.parametrize("noun", ["story", "offer"])
def test_taking_needs_the_credit_tick(desks, noun):
    story = make_story(desks.rts, credit="RTS", usage_terms="Not after Sunday")
    offer(story, desks.ptrc)
    record = story if noun == "story" else Offer.objects.get()
    shown = desks.aigerim.get(deed(record, "take")).content.decode()
    assert "Not after Sunday" in shown
    response = desks.aigerim.post(deed(record, "take"), {})
    assert "Taking a story means accepting the duty to credit its source." in response.content.decode()
    assert not Take.objects.exists()
    assert desks.aigerim.post(deed(record, "take"), {"accepts_credit": "on"}).status_code == 302
    assert Take.objects.get().broadcaster == desks.ptrc


@pytest.mark.parametrize("noun", ["story", "offer"])
def test_what_may_not_be_used_is_not_offered_to_be_taken_and_says_why(desks, noun):
    story = make_story(desks.rts, restrictions=[{"territories": ["KZ"], "is_barred": True}])
    offer(story, desks.ptrc)
    record = story if noun == "story" else Offer.objects.get()
    text = desks.aigerim.get(page(record)).content.decode()
    assert deed(record, "take") not in text
    assert deed(record, "decline") in text
    (bars,) = re.findall(r'id="bars-take">(.+?)</ul>', text, re.DOTALL)
    assert "Kazakhstan" in bars
    story.restrictions.all().delete()
    text = desks.aigerim.get(page(record)).content.decode()
    assert deed(record, "take") in text
    assert "bars-take" not in text


def test_declining_needs_no_reason_and_takes_the_story_out_of_sight(desks):
    story = make_story(desks.rts)
    offer(story, desks.ptrc)
    response = desks.aigerim.post(deed(story, "decline"))
    assert response.headers["Location"] == listed("story")
    assert Offer.objects.get().status == "declined"


def test_withdrawing_is_the_origins_and_answering_the_partners(desks):
    story = make_story(desks.rts)
    offer(story, desks.ptrc)
    given = Offer.objects.get()
    assert desks.aigerim.post(deed(given, "withdraw")).status_code == 403
    assert desks.ana.post(deed(given, "take"), {"accepts_credit": "on"}).status_code == 403
    desks.ana.post(deed(given, "withdraw"))
    given.refresh_from_db()
    assert given.status == "withdrawn"


def test_a_recall_names_who_had_the_story_wants_a_reason_and_empties_their_lists(desks):
    story = make_story(desks.rts)
    offer(story, desks.ptrc)
    desks.aigerim.post(deed(story, "take"), {"accepts_credit": "on"})
    assert desks.aigerim.get(listed("take")).context["cl"].result_count == 1
    assert "Presidential TV" in desks.ana.get(deed(story, "recall")).content.decode()
    assert desks.ana.post(deed(story, "recall"), {"kind": "kill"}).status_code == 200
    assert not Recall.objects.exists()
    desks.ana.post(deed(story, "recall"), {"kind": "kill", "reason": "Wrong names"})
    assert Recall.objects.get().kind == RecallKind.KILL
    for name, query in (("story", ""), ("offer", "?which=all"), ("take", "")):
        assert desks.aigerim.get(listed(name, query)).context["cl"].result_count == 0
    assert desks.aigerim.get(listed("recallnotice", "?acknowledged=mine")).context["cl"].result_count == 1


def test_a_recall_tells_a_house_how_the_story_came_to_it_and_who_of_its_people_took_it(desks):
    story = make_story(desks.rts)
    rtv = make_broadcaster("rtv")
    offer(story, desks.ptrc)
    desks.aigerim.post(deed(story, "take"), {"accepts_credit": "on"})
    offer(story, rtv)
    recall_story(story, actor=desks.ana_user, kind=RecallKind.KILL, reason="wrong")
    notice = RecallNotice.objects.get(broadcaster=desks.ptrc)
    for record in (notice.recall, notice):
        shown = desks.aigerim.get(page(record)).content.decode()
        assert "version 1" in shown
        assert f"· {desks.aigerim_user}" in shown
        assert str(rtv) not in shown
    origin = desks.ana.get(page(notice.recall)).content.decode()
    assert str(rtv) in origin
    assert f"· {desks.aigerim_user}" not in origin


def test_acknowledging_a_recall_is_the_takers(desks):
    story = make_story(desks.rts)
    offer(story, desks.ptrc)
    recall_story(story, actor=desks.ana_user, kind=RecallKind.WITHHOLD, reason="checking")
    notice = RecallNotice.objects.get()
    assert desks.ana.post(deed(notice, "acknowledge")).status_code == 403
    RecallNotice.objects.update(due_at=timezone.now() - timezone.timedelta(minutes=1))
    overdue = desks.aigerim.get(listed("recallnotice", "?acknowledged=overdue")).content.decode()
    assert "bg-red-100" in overdue
    desks.aigerim.post(listed("recallnotice"), {"action": "acknowledge", "_selected_action": [notice.pk]})
    notice.refresh_from_db()
    assert notice.acknowledged_by == desks.aigerim_user


def test_a_withheld_story_is_restored_and_a_killed_one_is_only_read(desks):
    story = make_story(desks.rts)
    recall_story(story, actor=None, kind=RecallKind.WITHHOLD, reason="checking")
    desks.ana.post(deed(story, "restore"))
    story.refresh_from_db()
    assert story.pubstatus == "usable"
    recall_story(story, actor=None, kind=RecallKind.KILL, reason="wrong")
    assert desks.ana.get(page(story)).status_code == 200
    assert desks.ana.post(page(story), {"headline_en": "Back"}).status_code == 403


def test_a_foreign_story_is_read_in_the_readers_script_and_not_page(desks):
    story = make_story(desks.rts, body_sr="<p>Љубав</p><script>alert(1)</script>")
    offer(story, desks.ptrc)
    text = desks.aigerim.get(page(story)).content.decode()
    assert "Ljubav" in text
    assert "alert(1)" not in text
    assert desks.aigerim.post(page(story), {"headline_en": "Mine"}).status_code == 403


def test_a_story_found_by_either_script_and_by_other_languages(desks):
    make_story(desks.rts, headline_kk="Жаңа кітапхана")
    make_story(desks.rts, headline_sr="Друго", headline_en="", body_sr="", body_en="")
    for word in ("библиотека", "biblioteka", "кітапхана", "LIBRARY", "читаоницу čitaonicu"):
        assert desks.ana.get(listed("story", f"?q={word}")).context["cl"].result_count == 1, word
    assert desks.ana.get(listed("story", "?q=" + "a b " * 5000)).status_code == 200


def test_feeds_are_fetched_now_unless_somebody_is_at_it(desks, monkeypatch, django_capture_on_commit_callbacks):
    sent = []
    monkeypatch.setattr("mediaexchange.core.bell.current_app.send_task", lambda task, **_: sent.append(task))
    feed = make_feed(
        desks.rts, url="https://example.org/feed", next_sync_at=timezone.now() + timezone.timedelta(days=1)
    )
    with django_capture_on_commit_callbacks(execute=True):
        assert said(desks.ana.post(deed(feed, "sync"))) == "The feed is being fetched."
    assert (sent, Feed.objects.due().get()) == (["newsexchange.tasks.sync_due_feeds"], feed)
    lease_feed(feed)
    assert said(desks.ana.post(deed(feed, "sync"))) == "Somebody is at it already."
    assert len(sent) == 1


def test_feeds_are_stopped_and_started(desks):
    feed = make_feed(desks.rts, url="https://example.org/feed")
    desks.ana.post(deed(feed, "stop"))
    feed.refresh_from_db()
    assert feed.health == "stopped"
    desks.ana.post(deed(feed, "start"))
    feed.refresh_from_db()
    assert feed.health == "new"


@pytest.mark.parametrize("health", ["healthy", "quiet", "failing", "new", "stopped"])
def test_the_health_filter_says_what_the_label_says(desks, health):
    now, old = timezone.now(), timezone.now() - timezone.timedelta(days=30)
    make_feed(desks.rts, last_success_at=now, last_new_at=now)
    make_feed(desks.rts, last_success_at=now, last_new_at=old)
    make_feed(desks.rts, failures=2)
    make_feed(desks.rts)
    make_feed(desks.rts, is_active=False)
    found = desks.ana.get(listed("feed", f"?health={health}")).context["cl"].result_list
    assert [feed.health for feed in found] == [health]


@pytest.mark.parametrize("url", ["ftp://example.org/", "https://user:secret@example.org/", "http://"])
def test_a_feed_with_an_impossible_address_is_refused(desks, url):
    sent = {"name": "Wire", "slug": "wire", "broadcaster": desks.rts.pk, "url": url, "format": "auto", "language": "sr"}
    sent |= {
        "auth_kind": "none",
        "rules-TOTAL_FORMS": "0",
        "rules-INITIAL_FORMS": "0",
        "interval": "00:15:00",
        "max_interval": "24:00:00",
        "quiet_after": "2 00:00:00",
    }
    address = reverse("admin:newsexchange_feed_add")
    assert desks.ana.post(address, sent).status_code == 200
    assert not Feed.objects.exists()
    assert desks.ana.post(address, sent | {"url": "https://example.org/feed"}).status_code == 302
    assert Feed.objects.get().broadcaster == desks.rts


def test_quarantine_is_replayed_or_says_why_not(desks):
    feed = make_feed(desks.rts)
    good = '<rss version="2.0"><channel><item><guid>1</guid><title>Добра вест</title></item></channel></rss>'.encode()
    ingest_document(feed, b"no news at all", content_type="")
    bad = QuarantinedEntry.objects.get()
    assert said(desks.ana.post(deed(bad, "replay"))).startswith("Refused again")
    entry = QuarantinedEntry.objects.create(feed=feed, reason="no-text", payload=good, payload_hash=uuid4().hex)
    assert said(desks.ana.post(deed(entry, "replay"))) == "Replayed: it is a story now."
    assert Story.objects.get().headline_sr == "Добра вест"
    desks.ana.post(deed(bad, "dismiss"))
    bad.refresh_from_db()
    assert bad.status == "dismissed"


def test_a_payload_is_shown_escaped_and_bounded_and_downloaded_inert(desks):
    payload = b"<script>alert(1)</script>" + b"x" * 100_000
    entry = QuarantinedEntry.objects.create(
        feed=make_feed(desks.rts), reason="no-text", payload=payload, payload_hash=uuid4().hex
    )
    text = desks.ana.get(page(entry)).content.decode()
    assert "&lt;script&gt;alert(1)" in text
    assert "<script>alert(1)" not in text
    assert "x" * 65_000 in text
    assert "x" * 66_000 not in text
    response = desks.ana.get(page(entry, "payload"))
    assert response.content == payload
    assert response.headers["Content-Type"] == "text/plain"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert desks.aigerim.get(page(entry, "payload")).status_code == 404


def test_the_desk_counts_what_waits(desks, rf):
    offer(make_story(desks.rts), desks.ptrc)
    offer(make_embargoed_story(desks.rts), desks.ptrc)
    make_feed(desks.ptrc, failures=1)
    for broadcaster in (desks.rts, desks.ptrc):
        make_delivery(make_subscription(broadcaster, failures=2))
    Delivery.objects.update(attempts=2)
    ask_story(asker=desks.ptrc, of=desks.rts, actor=desks.aigerim_user, subject="Footage")
    killed = make_story(desks.rts)
    offer(killed, desks.ptrc)
    recall_story(killed, actor=desks.ana_user, kind=RecallKind.KILL, reason="wrong")
    for broadcaster in (desks.rts, desks.ptrc, desks.ptrc):
        make_order(make_story(broadcaster, published=False), status=OrderStatus.DONE)
    make_order(make_story(desks.ptrc, published=False))
    request = rf.get("/")
    request.user = desks.aigerim_user
    cards = {str(card.title): card for card in desk(request, {})["cards"]}
    assert (cards["Offers to answer"].count, cards["Feeds failing"].count) == (1, 1)
    assert (cards["Subscriptions failing"].count, cards["Deliveries tried again"].count) == (1, 1)
    assert cards["Machine translations to review"].count == 2
    assert not {"Requests to answer", "Our recalls, not acknowledged yet"} & set(cards)
    for card in cards.values():
        assert len(desks.aigerim.get(card.url).context["cl"].result_list) == card.count, card.title
    request.user = desks.vera_user
    assert desk(request, {})["cards"] == []


def opened(client, row):
    return client.get(page(row)).content.decode()


def test_an_offers_page_shows_its_conditions_and_that_its_module_rests_and_why(desks):
    story = make_story(desks.rts, usage_terms="Not after the tour.", restrictions=[{"max_seconds": 60}])
    module = make_module(desks.rts, desks.ptrc)
    (given,) = offer_story(story, to=[desks.ptrc], actor=None, module=module)
    text = opened(desks.aigerim, given)
    assert "Not after the tour." in text
    assert 'id="terms"' in text
    assert "60" in text[text.index('id="terms"') :]
    assert "mx-rests" not in text
    move_module(module, actor=make_user(desks.rts, Role.ADMINISTRATOR), state="paused", reason="Elections")
    text = opened(desks.aigerim, given)
    assert "mx-rests" in text
    assert "Elections" in text
    assert deed(given, "take") in text


def test_a_declined_offer_is_called_by_words_for_whoever_declined_it_and_by_its_story_for_its_origin(desks):
    story = make_story(desks.rts, headline_en="Kites over the river")
    (given,) = offer_story(story, to=[desks.ptrc], actor=None)
    desks.aigerim.post(deed(given, "decline"))
    declined = opened(desks.aigerim, given)
    assert "A story that is no longer shown to you" in declined
    assert str(story.uid) not in declined
    assert "Kites over the river" not in declined
    assert "Kites over the river" in opened(desks.ana, given)
