import pytest

from newsexchange.api.serializers import StoryCardSerializer, StorySerializer
from newsexchange.models import Offer
from tests.factories import make_embargoed_story, make_story, offer

pytestmark = pytest.mark.django_db


def uids(response):
    return [row["uid"] for row in response.json()["results"]]


def test_own_and_offered_stories_are_listed_and_others_do_not_exist(belgrade, astana, rts, ptrc):
    own, foreign, offered = make_story(ptrc), make_story(rts), make_story(rts)
    offer(offered, ptrc)
    assert set(uids(astana.get("stories/"))) == {str(own.uid), str(offered.uid)}
    response = astana.get(f"stories/{foreign.uid}/")
    assert response.status_code == 404
    assert response.json()["code"] == "not-found"


def test_an_embargoed_story_is_seen_by_its_own_broadcaster_alone(belgrade, astana, rts, ptrc):
    story = make_embargoed_story(rts)
    offer(story, ptrc)
    assert uids(belgrade.get("stories/")) == [str(story.uid)]
    assert uids(astana.get("stories/")) == []
    assert astana.get(f"stories/{story.uid}/").status_code == 404
    assert astana.get("offers/").json()["results"] == []


def test_the_answer_is_in_the_language_asked_for_and_says_which_one_it_gave(belgrade, rts):
    story = make_story(rts)
    latin = belgrade.get(f"stories/{story.uid}/", lang="sr-Latn")
    assert latin.json()["headline"] == "Otvorena nova biblioteka"
    assert latin.json()["language"] == latin.headers["Content-Language"] == "sr-Latn"
    kazakh = belgrade.get(f"stories/{story.uid}/", lang="kk")
    assert (kazakh.headers["Content-Language"], kazakh.json()["headline"]) == ("en", "A new library opens")


def test_card_and_detail_are_what_the_schema_describes(belgrade, rts):
    story = make_story(rts)
    card = belgrade.get("stories/").json()["results"][0]
    assert set(card) == set(StoryCardSerializer().fields)
    assert set(belgrade.get(f"stories/{story.uid}/").json()) == set(StorySerializer().fields)


def test_pages_follow_each_other_without_losing_or_repeating(belgrade, rts):
    stories = {str(make_story(rts).uid) for _ in range(5)}
    seen, url = [], "/api/v1/stories/?limit=2"
    while url:
        page = belgrade.get(url).json()
        seen += [row["uid"] for row in page["results"]]
        url = page["next"]
    assert len(seen) == 5
    assert set(seen) == stories


def test_the_list_needs_the_same_number_of_queries_for_one_row_and_three(
    belgrade, rts, django_assert_num_queries, django_assert_max_num_queries
):
    make_story(rts)
    belgrade.get("stories/")  # notes the key's use, once a minute
    with django_assert_max_num_queries(8) as one:
        belgrade.get("stories/")
    make_story(rts)
    make_story(rts)
    with django_assert_num_queries(len(one)):
        belgrade.get("stories/")


def test_an_offer_is_taken_only_with_the_credit_duty(astana, rts, ptrc):
    story = make_story(rts)
    offer(story, ptrc)
    uid = Offer.objects.get().uid
    for body in ({"accepts_credit": False}, {}, None):
        refused = astana.post(f"offers/{uid}/take/", body)
        assert (refused.status_code, refused.json()["code"]) == (422, "credit-duty")
    assert astana.post(f"offers/{uid}/take/", {"accepts_credit": True}).status_code == 201
    assert astana.post(f"offers/{uid}/take/", {"accepts_credit": True}).status_code == 201
    assert astana.get("takes/").json()["results"][0]["story"] == str(story.uid)


def test_an_answer_says_when_it_was_given_as_reading_it_again_does(belgrade, astana, rts, ptrc):
    declined, withdrawn = make_story(rts), make_story(rts)
    offer(declined, ptrc)
    offer(withdrawn, ptrc)
    for reader, deed, story in ((astana, "decline", declined), (belgrade, "withdraw", withdrawn)):
        path = f"offers/{story.offers.get().uid}/"
        answered = reader.post(f"{path}{deed}/").json()["answered_at"]
        assert answered is not None
        assert answered == belgrade.get(path).json()["answered_at"]


def test_a_recalled_story_is_gone_for_its_taker_who_acknowledges(belgrade, astana, rts, ptrc):
    story = make_story(rts)
    offer(story, ptrc)
    astana.post(f"offers/{Offer.objects.get().uid}/take/", {"accepts_credit": True})
    recalled = belgrade.post(f"stories/{story.uid}/recall/", {"kind": "kill", "reason": "Погрешна фотографија"})
    assert recalled.status_code == 201
    for path in (
        f"stories/{story.uid}/",
        f"stories/{story.uid}/versions/",
        f"stories/{story.uid}/versions/1/",
        f"stories/{story.uid}/documents/ninjs-3.1/",
    ):
        assert astana.get(path).status_code == 404
    assert astana.get("takes/").json()["results"] == astana.get("offers/").json()["results"] == []
    notice = astana.get("recall-notices/").json()["results"][0]
    assert notice["recall"]["story"] == str(story.uid)
    acknowledged = astana.post(f"recall-notices/{notice['uid']}/acknowledge/")
    assert acknowledged.json()["acknowledged_at"] is not None


def test_only_the_origin_may_recall_and_only_partners_may_take(belgrade, astana, rts, ptrc):
    story = make_story(rts)
    offer(story, ptrc)
    response = astana.post(f"stories/{story.uid}/recall/", {"kind": "kill", "reason": "no"})
    assert (response.status_code, response.json()["code"]) == (403, "role-missing")
    response = belgrade.post(f"offers/{Offer.objects.get().uid}/take/", {"accepts_credit": True})
    assert response.status_code == 403
