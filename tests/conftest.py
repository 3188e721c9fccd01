"""Callers that every test may ask for."""

import json
import os
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from hypothesis import settings as hypothesis_settings

from mediaexchange.core.languages import normalise
from mediaexchange.core.languages.serbian_words import DEFAULT_KEEP
from productions.models import BudgetCategory, Currency, RuleSet, Stage, StageMove, Theme
from productions.money_seed import seed_money
from productions.seed import seed
from tests.factories import make_broadcaster, make_key

# A pipeline tries the same examples every time; a person at a keyboard looks for new ones.
hypothesis_settings.register_profile("steady", derandomize=True)
if os.environ.get("CI"):
    hypothesis_settings.load_profile("steady")


class Caller:
    """A partner's developer with a key; answers are Django test responses."""

    def __init__(self, key: str = "", language: str = "en") -> None:
        self.headers = {"Accept-Language": language}
        if key:
            self.headers["Authorization"] = f"Bearer {key}"
        self.client = Client(raise_request_exception=False)

    def get(self, path: str, **query: Any) -> Any:
        address = path if path.startswith(("/", "http")) else f"/api/v1/{path}"
        return self.client.get(address, query, headers=self.headers)

    def post(self, path: str, body: Any = None) -> Any:
        content = body if isinstance(body, str | bytes) else json.dumps(body or {})
        return self.client.post(f"/api/v1/{path}", content, content_type="application/json", headers=self.headers)

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """Any method, with headers by their names: ``If_Match="…"``."""
        named = self.headers | {name.replace("_", "-"): value for name, value in headers.items()}
        send = getattr(self.client, method.lower())
        content = json.dumps(body or {})
        return send(f"/api/v1/{path}", content, content_type="application/json", headers=named)


_LONGEST = ("tests/translations/", "tests/test_", "tests/faults/", "tests/launcher/")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes minutes, so that no worker is left alone with it at the end."""
    items.sort(key=lambda item: not item.nodeid.startswith(_LONGEST))


def pytest_make_parametrize_id(val: Any, argname: str) -> str | None:
    """Name bytes by their argument: compressed data holds the second it was made, and workers collect at two."""
    return argname if isinstance(val, bytes) else None


@pytest.fixture(scope="session", autouse=True)
def usual_keep_list():
    """Texts are normalised without asking the database; tests of the list itself install it again."""
    normalise.keep_from(lambda: DEFAULT_KEEP)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """A test that commits ends by emptying all tables, which the audit trail refuses anywhere else."""
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        for table in ("core_auditentry", "core_auditseal", "core_auditerasure"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER never_emptied")


@pytest.fixture(autouse=True)
def first_rows(request):
    """A test that commits leaves empty tables behind; the next one finds the rows that migrations have written."""
    asking = {"db", "transactional_db", "live_server"} & set(request.fixturenames)
    if not asking and request.node.get_closest_marker("django_db") is None:
        return
    request.getfixturevalue("_django_db_helper")
    if not Stage.objects.exists():
        seed(Stage, StageMove, Theme, RuleSet)
        seed_money(Currency, BudgetCategory)


@pytest.fixture
def rts(db):
    return make_broadcaster("rts")


@pytest.fixture
def ptrc(db):
    return make_broadcaster("ptrc")


@pytest.fixture
def belgrade(rts):
    """RTS's developer."""
    cache.clear()
    return Caller(make_key(rts))


@pytest.fixture
def astana(ptrc):
    """PTRC's developer."""
    cache.clear()
    return Caller(make_key(ptrc))


@pytest.fixture
def stranger(db):
    """Somebody without a key."""
    cache.clear()
    return Caller()
