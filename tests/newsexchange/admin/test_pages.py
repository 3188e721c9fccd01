"""Every page answers, in every language, and asks the database no more for many rows than for one."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

from newsexchange.constants import RecallKind, UseKind
from newsexchange.models import (
    Delivery,
    InboundDelivery,
    Offer,
    QuarantinedEntry,
    Recall,
    RecallNotice,
    StoryRequest,
    Subscription,
    Take,
    Use,
)
from newsexchange.services.offer import take_offer
from newsexchange.services.recall import recall_story
from newsexchange.services.request import ask_story
from newsexchange.services.use import report_use
from tests.factories import make_delivery, make_feed, make_story, make_subscription, offer
from tests.newsexchange.admin.conftest import deed, listed, page

pytestmark = pytest.mark.django_db
NOUNS = (
    "story", "offer", "take", "recall", "recallnotice", "feed", "quarantinedentry", "subscription", "delivery",
    "inbounddelivery", "storyrequest", "use",
)  # fmt: skip
WHOLE = {"offer": "?which=all", "delivery": "?whose=mine"}  # these lists open narrowed
LANGUAGES = ("sr", "sr-latn", "kk", "ru", "en")


def make_entry(feed, payload=b"<rss", **fields):
    number = QuarantinedEntry.objects.count()
    return QuarantinedEntry.objects.create(
        feed=feed, reason="no-text", payload=payload, payload_hash=f"{number:064}", **fields
    )


def take(story, people):
    return take_offer(Offer.objects.get(story=story), actor=people.aigerim_user, accepts_credit=True)


def speak(people, language):
    for client in (people.ana, people.aigerim):
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = language


def make_everything(people):
    """One more row of every kind, all of them visible to both desks or to Belgrade."""
    feed = make_feed(people.rts)
    make_entry(feed)
    offered, taken, recalled = (make_story(people.rts) for _ in range(3))
    for story in (offered, taken, recalled):
        offer(story, people.ptrc)
    take(taken, people)
    recall_story(recalled, actor=people.ana_user, kind=RecallKind.KILL, reason="wrong")
    subscription = make_subscription(people.rts)
    delivery = make_delivery(subscription, subject_uid=offered.uid)
    delivery.failed_attempts.create(number=1, response_status=500, error="boom")
    number = InboundDelivery.objects.count()
    outcomes = [{"result": "created", "guid": "one"}]
    InboundDelivery.objects.create(feed=feed, message_id=f"message-{number}", payload=b"<rss", outcomes=outcomes)
    wanted = {"subject": "Footage of the library", "needed_by": timezone.now() + timedelta(hours=3)}
    ask_story(asker=people.ptrc, of=people.rts, actor=people.aigerim_user, **wanted)
    report_use(
        Take.objects.get(story=taken), actor=people.aigerim_user, kind=UseKind.LINK,
        url=f"https://news.example.org/{taken.pk}",
    )  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("noun", NOUNS)
def test_every_list_answers_in_every_language(desks, noun, language):
    make_everything(desks)
    speak(desks, language)
    response = desks.ana.get(listed(noun, WHOLE.get(noun, "")))
    assert response.status_code == 200
    assert response.context["cl"].result_count >= 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_record_answers_in_every_language(desks, language):
    make_everything(desks)
    speak(desks, language)
    offered = Offer.objects.get(status="open", story__pubstatus="usable")
    records = [
        offered.story, offered, Take.objects.get(), Recall.objects.get(), RecallNotice.objects.get(),
        QuarantinedEntry.objects.get().feed, QuarantinedEntry.objects.get(), Subscription.objects.get(),
        Delivery.objects.get(), InboundDelivery.objects.get(), StoryRequest.objects.get(), Use.objects.get(),
    ]  # fmt: skip
    for record in records:
        assert desks.ana.get(page(record)).status_code == 200, record
    for record in records[:5]:
        if record not in (Take.objects.get(),):
            assert desks.aigerim.get(page(record)).status_code == 200, record
    assert desks.ana.get(reverse("admin:index")).status_code == 200
    assert desks.ana.get(reverse("admin:newsexchange_story_version", args=[offered.story_id, 1])).status_code == 200
    for name in ("offer", "recall", "correct"):
        assert desks.ana.get(deed(offered.story, name)).status_code == 200
    for record in (offered, offered.story):
        assert desks.aigerim.get(deed(record, "take")).status_code == 200
    for noun in ("story", "feed", "subscription", "storyrequest"):
        assert desks.ana.get(reverse(f"admin:newsexchange_{noun}_add")).status_code == 200
    for part in ("shots", "soundbites", "restrictions", "renditions"):
        address = reverse(f"admin:newsexchange_story_{part}", args=[offered.story_id])
        assert desks.ana.get(address).status_code == 200
    translation = reverse("admin:newsexchange_story_translation", args=[offered.story_id, "kk"])
    assert desks.ana.get(translation).status_code == 200
    assert desks.aigerim.get(deed(Take.objects.get(), "use")).status_code == 200
    assert desks.ana.get(deed(StoryRequest.objects.get(), "fill")).status_code == 200
    assert desks.ana.get(deed(Subscription.objects.get(), "replay")).status_code == 200


def cost_of(client, address):
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


FILTERED = {
    "story": "?whose=own&language=sr&q=библиотека+nova&state=usable&embargo=no&open=no&since=today",
    "offer": "?which=given&answer=open",
    "feed": "?health=new",
    "delivery": "?whose=mine&state=pending",
    "subscription": "?state=working&destination=webhook&q=Newsroom",
    "inbounddelivery": "?state=waiting&q=message",
    "storyrequest": "?which=to-answer&state=asked&q=library",
    "use": "?kind=link",
    "take": "?week=2026-01-01",
    "recallnotice": "?acknowledged=waiting",
    "quarantinedentry": "?status_is=open&reason_is=no-text&q=x",
}


@pytest.mark.parametrize("noun", NOUNS)
@pytest.mark.parametrize("is_filtered", [False, True])
def test_a_list_of_three_rows_costs_the_queries_of_one(desks, noun, is_filtered):
    address = listed(noun, FILTERED.get(noun, "") if is_filtered else WHOLE.get(noun, ""))
    make_everything(desks)
    cost_of(desks.ana, address)
    one = cost_of(desks.ana, address)
    make_everything(desks)
    make_everything(desks)
    assert cost_of(desks.ana, address) == one


@pytest.mark.parametrize("noun", ["offer", "take", "use"])
@pytest.mark.parametrize("day", ["9999-12-31", "no day"])
def test_a_week_beyond_the_calendar_changes_nothing(desks, noun, day):
    make_everything(desks)
    whole = desks.ana.get(listed(noun, "?which=all" if noun == "offer" else "")).context["cl"].result_count
    answer = desks.ana.get(listed(noun, f"?week={day}" + ("&which=all" if noun == "offer" else "")))
    assert (answer.status_code, answer.context["cl"].result_count) == (200, whole)


def test_the_desk_and_reciprocity_say_what_they_are(desks):
    for address, name in (("admin:index", "What waits for you"), ("admin:newsexchange_reciprocity", "Reciprocity")):
        shown = desks.ana.get(reverse(address)).content.decode()
        heads = re.findall(r"<(?:h1|title)\b[^>]*>(.*?)</(?:h1|title)\s*>", shown, re.DOTALL)
        page_title, heading = (" ".join(strip_tags(head).split()) for head in heads[:2])
        assert page_title.startswith(f"{name} |")
        assert heading == name
        assert "Site administration" not in shown
