from datetime import timedelta

import pytest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import override

from broadcasters.constants import Role
from mediaexchange.core.inbox.models import Notification
from mediaexchange.core.inbox.reading import with_texts
from mediaexchange.core.notifications import link_of
from newsexchange.models import RecallNotice
from newsexchange.services.offer import decline_offer
from newsexchange.services.recall import acknowledge_recall, recall_story, remind_of_recalls, restore_story
from newsexchange.services.request import ask_story, decline_request
from tests.factories import make_embargoed_story, make_story, make_user, offer, take

pytestmark = pytest.mark.django_db


def told(user):
    with override("en"):
        rows = with_texts(Notification.objects.filter(recipient=user).order_by("pk"), user)
        return [(row.kind, row.text) for row in rows]


@pytest.fixture
def astanas_desk(ptrc):
    return make_user(ptrc)


def test_a_story_offered_by_hand_is_told_and_one_offered_anew_again(rts, ptrc, astanas_desk):
    viewer, story = make_user(ptrc, Role.VIEWER), make_story(rts)
    offer(story, ptrc)
    offer(story, ptrc)
    said = ("newsexchange.offer", "Radio Television of Serbia offers: A new library opens")
    assert told(astanas_desk) == [said]
    assert link_of(Notification.objects.get(recipient=astanas_desk)) == f"/admin/newsexchange/story/{story.pk}/change/"
    decline_offer(story.offers.get(), actor=astanas_desk)
    assert told(astanas_desk)[0][1] == "Radio Television of Serbia has offered: A new library opens"
    offer(story, ptrc)
    assert told(astanas_desk) == [said, said]
    assert told(viewer) == []


def test_a_headline_that_is_not_given_out_is_told_to_nobody(rts, ptrc, astanas_desk):
    story = make_story(rts, headline_sr="")
    story.editions.filter(language="en").update(origin="machine", ai_use="translation", reviewed_by=None)
    story.editions.create(language="hu", origin="human", headline="Könyvtár")
    offer(story, ptrc)
    assert told(astanas_desk) == [("newsexchange.offer", "Radio Television of Serbia offers: Könyvtár")]


def test_an_embargoed_headline_is_told_to_nobody(rts, ptrc, astanas_desk):
    offer(make_embargoed_story(rts), ptrc)
    assert told(astanas_desk) == [("newsexchange.offer", "")]


def test_a_recall_that_was_lifted_is_told_as_one_that_was(rts, ptrc, astanas_desk):
    story = make_story(rts)
    take(story, ptrc)
    recall_story(story, actor=None, kind="withhold", reason="check")
    restore_story(story, actor=None)
    (text,) = [text for kind, text in told(astanas_desk) if kind == "newsexchange.recall"]
    assert text.endswith("it is usable again.")


def test_a_recall_is_told_without_the_storys_words_and_again_to_both_sides_when_it_is_overdue(rts, ptrc, astanas_desk):
    belgrade, story = make_user(rts), make_story(rts)
    take(story, ptrc)
    recall_story(story, actor=belgrade, kind="kill", reason="wrong picture")
    notice = RecallNotice.objects.get()
    kind, text = told(astanas_desk)[-1]
    assert kind == "newsexchange.recall"
    assert "Acknowledge by" in text
    assert "library" not in str(told(astanas_desk))
    RecallNotice.objects.update(due_at=timezone.now() - timedelta(minutes=1))
    remind_of_recalls()
    remind_of_recalls()
    overdue = [text for kind, text in told(belgrade) if kind == "newsexchange.recall-overdue"]
    out, code = date_format(localtime(story.published_at), "SHORT_DATETIME_FORMAT"), str(story.uid)[:8]
    assert f"its story of {out} ({code}…)" in text
    assert overdue == [
        f"Presidential TV and Radio Complex has not acknowledged the recall of the story of {out} ({code}…) in time."
    ]
    assert told(astanas_desk)[-1] == ("newsexchange.recall-overdue", overdue[0])
    acknowledge_recall(notice, actor=astanas_desk)
    assert told(belgrade)[-1][1].endswith("…) late.")


def test_a_request_is_told_to_the_house_that_is_asked_and_its_answer_to_the_one_that_asked(rts, ptrc, astanas_desk):
    belgrade = make_user(rts)
    wanted = ask_story(asker=ptrc, of=rts, actor=astanas_desk, subject="Bridge opening")
    assert told(belgrade) == [
        ("newsexchange.request-arrived", "Presidential TV and Radio Complex asks for a story: Bridge opening")
    ]
    decline_request(wanted, actor=belgrade)
    assert told(astanas_desk) == [
        (
            "newsexchange.request-answered",
            "Radio Television of Serbia has answered your request “Bridge opening”: declined.",
        )
    ]
