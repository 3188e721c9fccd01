"""Every page and every address that the demonstration's people and keys may open answers, with the rows it consists of.

Rows of the demonstration are made by other hands than those of the tests' factories: what the factories never write,
pages and serializers have never shown.
"""

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from broadcasters.models import Broadcaster
from mediaexchange.core.models import User
from newsexchange.demo import load_demo
from tests.conftest import Caller
from tests.factories import make_key
from tests.test_access_matrix import addresses

pytestmark = pytest.mark.django_db
PEOPLE = ("novisad-producer", "astana-desk")
_NO_PAGES = {"admin:logout", "admin:jsi18n"}  # and forms, which need no rows
_LONG_POLLS = {"api/v1/changes/"}


@pytest.fixture
def demonstration(tmp_path, monkeypatch):
    monkeypatch.setenv("MEDIAEXCHANGE_DATA", str(tmp_path))
    cache.clear()
    list(load_demo(""))


def test_everything_that_can_be_listed_and_opened_answers(demonstration, settings):
    settings.API_RATE = (10**9, 60)
    statuses = {**_api(), **_admin()}
    assert {address: status for address, status in statuses.items() if status >= 500} == {}
    opened = [address for address, status in statuses.items() if status == 200]
    assert len(opened) > 200


def _api() -> dict[str, int]:
    statuses = {}
    for house in Broadcaster.objects.filter(slug="ptrc"):
        caller = Caller(make_key(house))
        for _name, route in addresses():
            if not route.startswith("api/v1/") or "<" in route or route in _LONG_POLLS or "(?P" in route:
                continue
            answer = caller.get(f"/{route}")
            statuses[f"{house.slug} {route}"] = answer.status_code
            rows = _rows(answer)
            for key in ("slug", "uid", "id", "identifier"):
                if rows and isinstance(rows[0], dict) and key in rows[0]:
                    for row in rows[:1]:
                        detail = f"/{route}{row[key]}/"
                        statuses[f"{house.slug} {detail}"] = caller.get(detail).status_code
                    break
    return statuses


def _rows(answer: Any) -> list[Any]:
    if answer.status_code != 200 or "json" not in answer.headers.get("Content-Type", ""):
        return []
    body = answer.json()
    found = body.get("results", []) if isinstance(body, dict) else body
    return found if isinstance(found, list) else []


def _admin() -> dict[str, int]:
    statuses = {}
    for username in PEOPLE:
        client = Client(raise_request_exception=False)
        client.force_login(User.objects.get(username=username), backend="broadcasters.auth.RoleBackend")
        for name, route in addresses():
            if name.startswith("admin:") and name not in _NO_PAGES and "<" not in route and not name.endswith("_add"):
                statuses[f"{username} {route}"] = client.get(f"/{route}").status_code
    return statuses
