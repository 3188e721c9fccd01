from datetime import timedelta

import pytest
from django.utils import timezone

from mediaexchange.core.errors import ConflictError, DomainError, ForbiddenError
from mediaexchange.core.models import OutboxEvent
from newsexchange.models import Story, StoryRequest
from newsexchange.services.request import acknowledge_request, ask_story, decline_request, fill_request
from tests.factories import make_broadcaster, make_embargoed_story, make_story, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(rts, ptrc):
    return ask_story(asker=ptrc, of=rts, actor=make_user(ptrc), subject="Отварање моста", language="sr-Cyrl")


def kinds():
    return list(OutboxEvent.objects.filter(subject_type="request").order_by("id").values_list("kind", flat=True))


def test_a_request_is_acknowledged_and_filled_with_a_story_that_is_thereby_offered(asked, rts, ptrc):
    editor, story = make_user(rts), make_story(rts)
    acknowledge_request(asked, actor=editor)
    filled = fill_request(asked, story=story, actor=editor)
    assert (filled.status, filled.story) == ("filled", story)
    assert story.offers.get().to_broadcaster == ptrc
    assert kinds() == ["request.asked", "request.acknowledged", "request.filled"]
    assert all(
        event.audience == sorted([rts.pk, ptrc.pk]) for event in OutboxEvent.objects.filter(subject_type="request")
    )
    fill_request(asked, story=story, actor=editor)
    assert len(kinds()) == 3


def test_an_answer_stands(asked, rts):
    editor, story = make_user(rts), make_story(rts)
    decline_request(asked, actor=editor)
    decline_request(asked, actor=editor)
    for again in (
        lambda: fill_request(asked, story=story, actor=editor),
        lambda: acknowledge_request(asked, actor=editor),
    ):
        with pytest.raises(ConflictError):
            again()
    assert kinds() == ["request.asked", "request.declined"]
    assert not story.offers.exists()


def test_only_the_house_that_was_asked_answers_and_with_its_own_story(asked, rts, ptrc):
    for stranger in (make_user(ptrc), make_user(make_broadcaster("rtv"))):
        with pytest.raises(ForbiddenError):
            decline_request(asked, actor=stranger)
    with pytest.raises(DomainError, match="house that was asked"):
        fill_request(asked, story=make_story(ptrc), actor=make_user(rts))
    with pytest.raises(ConflictError):
        fill_request(asked, story=make_story(rts, published=False), actor=make_user(rts))
    assert StoryRequest.objects.get().status == "asked"


def test_a_request_makes_sense(rts, ptrc):
    ana = make_user(rts)
    wrong = [
        {"of": rts, "subject": "x"},
        {"of": ptrc, "subject": " "},
        {"of": ptrc, "subject": "x", "needed_by": timezone.now() - timedelta(hours=1)},
        {"of": make_broadcaster("rtv", is_active=False), "subject": "x"},
    ]
    for values in wrong:
        with pytest.raises(DomainError):
            ask_story(asker=rts, actor=ana, **values)
    with pytest.raises(ForbiddenError):
        ask_story(asker=ptrc, of=rts, actor=ana, subject="x")


def test_requests_by_api_are_seen_by_both_sides_and_nobody_else(belgrade, astana, rts, ptrc):
    asked = astana.post("requests/", {"to": "rts", "subject": "Bridge", "needed_by": "2126-01-01T00:00:00Z"})
    assert asked.status_code == 201
    path = f"requests/{asked.json()['uid']}/"
    story, foreign = make_story(rts), make_story(ptrc)
    assert belgrade.post(f"{path}acknowledge/").json()["status"] == "acknowledged"
    refused = belgrade.post(f"{path}fill/", {"story": str(foreign.uid)})
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (400, "#/story")
    assert belgrade.post(f"{path}fill/", {"story": "no-uid"}).status_code == 400
    assert belgrade.post(f"{path}fill/", {"story": str(story.uid)}).json()["story"] == str(story.uid)
    assert [row["status"] for row in astana.get("requests/", direction="sent").json()["results"]] == ["filled"]
    assert astana.get("requests/", direction="received").json()["results"] == []
    assert astana.get(f"stories/{story.uid}/").status_code == 200
    assert astana.post(f"{path}decline/").status_code == 403


def test_what_a_request_was_filled_with_is_not_named_before_its_embargo_ends(belgrade, astana, rts, ptrc):
    asked = astana.post("requests/", {"to": "rts", "subject": "Bridge"}).json()
    story, path = make_embargoed_story(rts), f"requests/{asked['uid']}/"
    assert belgrade.post(f"{path}fill/", {"story": str(story.uid)}).json()["story"] == str(story.uid)
    assert astana.get(path).json()["story"] is None
    assert astana.get("requests/").json()["results"][0]["story"] is None
    Story.objects.update(embargoed_until=timezone.now() - timedelta(seconds=1))
    assert astana.get(path).json()["story"] == str(story.uid)
