"""Ordering machine translations by API; who sees them; and that no road leads an unapproved one to another house."""

import pytest
from django.core.cache import cache
from django.test import Client

from broadcasters.constants import Role
from mediaexchange.core.errors import ForbiddenError
from mediaexchange.core.models import OutboxEvent
from newsexchange.models import TranslationOrder
from newsexchange.services.translation_order import approve_order, order_translation
from newsexchange.services.translation_work import work_next
from tests.conftest import Caller
from tests.core.translating.stub import KEY, Stub
from tests.factories import make_key, make_provider, make_story, make_user, offer

pytestmark = pytest.mark.django_db
CANARY = "kanarinac"


@pytest.fixture
def stub(settings):
    with Stub(lambda _text: f"{CANARY} kk") as running:
        settings.OUTGOING_ALLOWED_ADDRESSES = (running.pair,)
        yield running


@pytest.fixture
def story(rts, ptrc):
    story = make_story(rts, is_open=True)
    offer(story, ptrc)
    return story


@pytest.fixture
def waiting(story, rts, stub) -> TranslationOrder:
    make_provider(rts, adapter="azure", url=stub.url, secret=KEY)
    order = order_translation(story, "kk", actor=None)
    assert work_next()
    order.refresh_from_db()
    assert order.status == "done"
    assert CANARY in order.segments[0]["text"]
    return order


def test_an_order_is_made_once_and_can_be_followed_and_called_off(belgrade, story):
    made = belgrade.post(f"stories/{story.uid}/translations/", {"language": "kk"})
    assert made.status_code == 201
    body = made.json()
    assert (body["status"], body["source_language"], body["target_language"]) == ("queued", "sr-Cyrl", "kk")
    assert belgrade.post(f"stories/{story.uid}/translations/", {"language": "kk"}).json()["uid"] == body["uid"]
    listed = belgrade.get("translations/", story=str(story.uid), status="queued", target_language="kk-KZ")
    assert [row["uid"] for row in listed.json()["results"]] == [body["uid"]]
    assert belgrade.get("translations/", target_language="ru").json()["results"] == []
    assert belgrade.post(f"translations/{body['uid']}/cancel/").json()["status"] == "canceled"


def test_a_failure_is_told_in_the_readers_language(belgrade, story):
    made = belgrade.post(f"stories/{story.uid}/translations/", {"language": "kk"}).json()
    assert work_next()
    told = belgrade.get(f"translations/{made['uid']}/").json()
    assert (told["status"], told["error"]) == ("failed", "no-provider")
    assert "stays empty" in told["message"]


def test_what_cannot_be_ordered_says_why(belgrade, story):
    assert belgrade.post(f"stories/{story.uid}/translations/", {"language": "sr-Latn"}).status_code == 422
    assert belgrade.post(f"stories/{story.uid}/translations/", {"language": "no tag"}).status_code == 400
    assert belgrade.post(f"stories/{story.uid}/translations/", {}).status_code == 400


def test_another_house_neither_orders_nor_sees(astana, story, waiting):
    assert astana.post(f"stories/{story.uid}/translations/", {"language": "ru"}).status_code == 404
    assert astana.get("translations/").json()["results"] == []
    assert astana.get(f"translations/{waiting.uid}/").status_code == 404
    assert astana.post(f"translations/{waiting.uid}/cancel/").status_code == 404


def test_a_key_without_the_scope_may_not(rts, story):
    cache.clear()
    reader = Caller(make_key(rts, ["stories:read"]))
    assert reader.post(f"stories/{story.uid}/translations/", {"language": "kk"}).status_code == 403


def test_an_account_that_is_no_persons_approves_nothing(rts, waiting):
    robot = make_user(rts, Role.EDITOR, is_service=True, is_staff=False)
    with pytest.raises(ForbiddenError, match="person"):
        approve_order(waiting, actor=robot, texts=[segment["text"] for segment in waiting.segments])


def test_the_number_of_queries_does_not_grow(belgrade, rts, django_assert_max_num_queries):
    for _ in range(3):
        order_translation(make_story(rts), "kk", actor=None)
    belgrade.get("translations/")
    with django_assert_max_num_queries(5):
        assert len(belgrade.get("translations/").json()["results"]) == 3


def roads(story) -> list[str]:
    uid = story.uid
    documents = [
        f"stories/{uid}/documents/{name}/"
        for name in ("ninjs-3.1", "ninjs-2.2", "newsml-g2", "newsml-g2-message", "dopesheet-text")
    ]
    return [
        "stories/", f"stories/{uid}/", f"stories/{uid}/editions/", f"stories/{uid}/versions/", *documents, "changes/",
        f"/feeds/{story.broadcaster.slug}/kk.rss", f"/feeds/{story.broadcaster.slug}/kk.atom",
        f"/feeds/{story.broadcaster.slug}/kk.json", "search/?q=kanarinac", "translations/",
    ]  # fmt: skip


def told(caller: Caller, story) -> set[str]:
    """The roads that lead to the canary, in Kazakh."""
    caller.headers["Accept-Language"] = "kk"
    found = set()
    for road in roads(story):
        answer = caller.get(road)
        said = b"".join(answer.streaming_content) if answer.streaming else answer.content
        if CANARY in said.decode():
            found.add(road)
    return found


def test_no_road_leads_unapproved_machine_text_to_another_house(astana, stranger, story, waiting):
    assert told(astana, story) == set()
    assert told(stranger, story) == set()


def test_after_approval_the_same_roads_give_it(astana, stranger, rts, story, waiting):
    ana = make_user(rts, Role.EDITOR)
    approve_order(waiting, actor=ana, texts=[segment["text"] for segment in waiting.segments])
    without_text = {"translations/", "changes/", f"stories/{story.uid}/editions/", f"stories/{story.uid}/versions/"}
    assert set(roads(story)) - told(astana, story) <= without_text
    assert told(stranger, story) == {road for road in roads(story) if road.startswith("/feeds/")}
    edition = next(row for row in astana.get(f"stories/{story.uid}/editions/").json() if row["language"] == "kk")
    assert (edition["origin"], edition["ai_use"]) == ("machine", "translation")


def test_no_page_of_the_admin_shows_it_to_another_house(ptrc, story, waiting):
    client = Client()
    client.force_login(make_user(ptrc), backend="broadcasters.auth.RoleBackend")
    client.cookies["django_language"] = "kk"
    for address in (
        "/admin/newsexchange/translationorder/",
        f"/admin/newsexchange/translationorder/{waiting.pk}/change/",
        f"/admin/newsexchange/story/{story.pk}/change/",
        f"/admin/newsexchange/story/{story.pk}/translation/kk/",
        "/admin/newsexchange/memorysegment/",
    ):
        assert CANARY not in client.get(address).content.decode()


def test_the_machines_work_is_announced_to_nobody_and_the_approval_like_any_change(astana, rts, story, stub):
    make_provider(rts, adapter="azure", url=stub.url, secret=KEY)
    before = list(OutboxEvent.objects.values_list("pk", flat=True))
    order = order_translation(story, "kk", actor=None)
    assert work_next()
    assert not OutboxEvent.objects.exclude(pk__in=before).exists()  # so there is nothing that a webhook could tell
    order.refresh_from_db()
    approve_order(order, actor=make_user(rts, Role.EDITOR), texts=[segment["text"] for segment in order.segments])
    assert OutboxEvent.objects.exclude(pk__in=before).get().kind == "story.updated"
