"""A partner's developer, from a key to the first webhook, over real connections: what the API quick start promises."""

import json
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.cache import cache

from newsexchange.models import Subscription
from newsexchange.services.dispatch import dispatch
from tests.factories import make_broadcaster, make_key, make_story, offer

pytestmark = pytest.mark.django_db(transaction=True)


class Developer:
    """Somebody with an address and a key; answers are (status, headers, content)."""

    def __init__(self, address: str, key: str) -> None:
        self.address, self.key = address, key

    def ask(self, path: str, body: dict[str, Any] | None = None, **headers: str) -> tuple[int, Any, Any]:
        sent = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        connection = HTTPConnection(urlsplit(self.address).netloc, timeout=20)
        try:
            data = None if body is None else json.dumps(body)
            connection.request("GET" if body is None else "POST", f"/api/v1/{path}", data, sent)
            answer = connection.getresponse()
            return answer.status, answer.headers, json.load(answer)
        finally:
            connection.close()


def test_from_the_key_to_the_first_webhook_and_its_replay(live_server, receive):
    cache.clear()
    rts, ptrc = make_broadcaster("rts"), make_broadcaster("ptrc")
    story, draft = make_story(rts, headline_sr="Трајект преко Дунава"), make_story(rts, is_open=False)
    offer(story, ptrc)
    developer = Developer(live_server.url, make_key(ptrc))

    status, _headers, me = developer.ask("me/")
    assert (status, "stories:read" in json.dumps(me)) == (200, True)

    status, headers, page = developer.ask("stories/?limit=1", Accept_Language="sr-Latn")
    assert (status, headers["Content-Language"]) == (200, "sr-Latn")
    assert page["results"][0]["headline"] == "Trajekt preko Dunava"

    assert developer.ask(f"stories/{draft.uid}/")[0] == 404
    status, headers, problem = developer.ask("stories/?color=red", Accept_Language="kk")
    assert (status, headers["Content-Type"], headers["Content-Language"]) == (400, "application/problem+json", "kk")
    assert problem["errors"]

    status, _headers, changes = developer.ask("changes/")
    assert [change["kind"] for change in changes["results"]] == ["story.offered"]
    cursor = changes["cursor"]

    receiver = receive()
    Subscription.objects.all().delete()
    hook = {"name": "first", "destination": "webhook", "url": receiver.url}
    status, _headers, subscription = developer.ask("subscriptions/", hook)
    assert status == 201
    second = make_story(rts, headline_sr="Друга вест")
    offer(second, ptrc)
    assert dispatch(linger_s=0.0, timeout=2.0) == 1
    (message,) = receiver.messages
    assert message.verified_by(subscription["secret"])["type"] == "story.offered"
    assert message.data["uid"] == str(second.uid)

    status, _headers, ledger = developer.ask("deliveries/?status=delivered")
    assert (status, len(ledger["results"])) == (200, 1)
    again = developer.ask("deliveries/replay/", {"deliveries": [ledger["results"][0]["uid"]]})
    assert (again[0], again[2]) == (202, {"replayed": 1})
    assert dispatch(linger_s=0.0, timeout=2.0) == 1
    assert {message.id for message in receiver.messages} == {message.id}
    assert len(receiver.messages) == 2

    status, _headers, after = developer.ask(f"changes/?after={cursor}")
    assert [change["kind"] for change in after["results"]] == ["story.offered"]
