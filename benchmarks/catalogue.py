"""The archive's catalogue at a million items: pages of lists, facets, and the admin's list. One process, no network.

Three readers: the house that holds all of it, a partner that reads nine tenths, and a house that reads nothing of it.
"""

import random
import statistics
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import psycopg
from django.conf import settings

from benchmarks.report import Goal, Report

OURS = "ours"
GOALS: list[Goal] = []
_CATEGORIES = ("historical-footage", "cultural-performance", "national-commemoration", "news", "programme")
_COLUMNS = (
    "uid", "broadcaster_id", "identifier", "collection_id", "status", "access", "widest_access", "category",
    "asset_type", "title", "title_sr", "title_en", "description", "genres", "topics", "subjects", "speech_languages",
    "subtitle_languages", "credit_languages", "rights_statement", "rights_note", "credit_line", "source_note",
    "validation", "validation_reasons", "version", "dated", "dated_first", "dated_last",
)  # fmt: skip
_PEOPLE, _COLLECTIONS = 500, 200
_QUESTIONS = (
    ("newest", ""),
    ("by date", "?ordering=dated"),
    ("by date, back", "?ordering=-dated"),
    ("a decade", "?decade=1960"),
    ("a rare decade", "?decade=1890"),
    ("a person", "?people=person7"),
    ("a category", "?category=news&ordering=dated"),
    ("with subtitles", "?has_subtitles=true"),
    ("cleared", "?cleared_for_me=true"),
)


def measure(report: Report, superuser_url: str, *, items: int, rounds: int) -> None:
    """Fill a migrated database and time answers in milliseconds; Django is set up for it already."""
    settings.API_RATE = (10**9, 60)  # a reader in a hurry, who asks without a network
    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "testserver"]
    keys = load(items, superuser_url)
    for reader, key in keys.items():
        _as(report, reader, _reader(key), rounds)
    _time(report, "change list of the admin, own", _admin(), rounds)


def _as(report: Report, reader: str, get: Callable[[str], Any], rounds: int) -> None:
    for name, query in _QUESTIONS:
        _time(report, f"list, {name}, {reader}", partial(get, f"/api/v1/items/{query}"), rounds)
    _time(report, f"list, deep page, {reader}", _deep(get), rounds)
    _time(report, f"facets, {reader}", partial(get, "/api/v1/items/facets/"), rounds)
    _time(report, f"facets of a decade, {reader}", partial(get, "/api/v1/items/facets/?decade=1960"), rounds)


def load(items: int, superuser_url: str) -> dict[str, str]:
    """The catalogue by COPY; returns each reader's API key."""
    from broadcasters.models import Person
    from broadcasters.services.account import issue_api_key
    from mediaexchange.core.keys import SCOPES
    from tests.archive.factories import make_archive_module, make_collection
    from tests.factories import make_broadcaster

    houses = {name: make_broadcaster(slug) for name, slug in (("own", "rts"), ("partner", "ptrc"), ("other", "rtv"))}
    make_archive_module(houses["own"], houses["partner"])
    people = [Person.objects.create(slug=f"person{number}", name_en=f"Person {number}").pk for number in range(_PEOPLE)]
    collections = [make_collection(houses["own"], slug=f"fonds{number}").pk for number in range(_COLLECTIONS)]
    with psycopg.connect(superuser_url, autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")  # no audit of made-up rows
        columns = ", ".join(_COLUMNS)
        with connection.cursor().copy(f"COPY archive_item ({columns}) FROM STDIN") as copy:
            for row in _rows(items, houses["own"].pk, collections):
                copy.write_row(row)
        first = connection.execute("SELECT min(id) FROM archive_item").fetchone()
        start = first[0] if first else 1
        dice = random.Random(7)  # noqa: S311 — made-up rows, the same each time
        with connection.cursor().copy(
            "COPY archive_credit (item_id, person_id, name, role, note, position) FROM STDIN"
        ) as copy:
            for number in range(items):
                copy.write_row((start + number, people[int(_PEOPLE * dice.random() ** 3)], "", "depicted", "", 0))
        with connection.cursor().copy(
            "COPY archive_timedtext (uid, item_id, kind, language, origin, tool, format, cues) FROM STDIN"
        ) as copy:
            for number in range(0, items, 50):
                uid = f"00000000-0000-4000-9000-{number:012d}"
                copy.write_row((uid, start + number, "subtitles", "kk", "human", "", "", "[]"))
        connection.execute("VACUUM ANALYZE")
    return {
        name: issue_api_key(house, actor=None, name="bench", scopes=list(SCOPES))[1] for name, house in houses.items()
    }


def _rows(items: int, house: int, collections: list[int]) -> Iterator[tuple[Any, ...]]:
    dice = random.Random(5)  # noqa: S311 — made-up rows, the same each time
    for number in range(items):
        year = 2025 - int(120 * dice.random() ** 2)
        dated, first, last = _date(year, number)
        category = _CATEGORIES[min(4, int(5 * dice.random() ** 2))]
        access = "house" if number % 10 == 0 else "partners"
        language = ("sr", "sr", "sr", "ru", "kk", "en")[number % 6]
        yield (
            f"00000000-0000-4000-8000-{number:012d}", house, f"FN-{number}", collections[number % len(collections)],
            "published", access, access, category, "clip", "", f"Ролна {number}", f"Reel {number}", "", [], [], [],
            [language], [], [], "CNE", "", "", "", "unchecked", "[]", 1, dated, first, last,
        )  # fmt: skip


def _date(year: int, number: int) -> tuple[str, str | None, str | None]:
    if number % 20 == 0:
        return "", None, None
    if number % 4 == 0:
        return f"{year}~", f"{year}-01-01", f"{year}-12-31"
    month = number % 12 + 1
    return f"{year}-{month:02d}", f"{year}-{month:02d}-01", f"{year}-{month:02d}-28"


def _reader(key: str) -> Callable[[str], Any]:
    from django.test import Client

    client = Client()
    headers = {"authorization": f"Bearer {key}", "accept-language": "sr-Latn"}

    def get(address: str) -> Any:
        response = client.get(address, headers=headers)
        if response.status_code != 200:
            raise RuntimeError(f"{address}: {response.status_code} {response.content[:300]!r}")
        return response.json()

    return get


def _deep(get: Callable[[str], Any]) -> Callable[[], Any]:
    """A page in the middle of the catalogue, by a cursor as a reader would have been given it."""
    from archive.models import Item
    from mediaexchange.core.api.pagination import encode_cursor

    middle = Item.objects.order_by("id").values_list("pk", flat=True)[0] + Item.objects.count() // 2
    return lambda: get(f"/api/v1/items/?cursor={encode_cursor(middle)}")


def _admin() -> Callable[[], Any]:
    from django.test import Client
    from django.urls import reverse

    from broadcasters.constants import Role
    from tests.factories import make_broadcaster, make_user

    client = Client()
    client.force_login(make_user(make_broadcaster("rts"), Role.ARCHIVIST), backend="broadcasters.auth.RoleBackend")
    address = reverse("admin:archive_item_changelist")

    def get() -> None:
        response = client.get(address)
        if response.status_code != 200:
            raise RuntimeError(f"{address}: {response.status_code}")

    return get


def _time(report: Report, scenario: str, ask: Callable[[], Any], rounds: int) -> None:
    ask()  # what is compiled or read once
    for _round in range(rounds):
        seconds = []
        for _number in range(5):
            started = time.perf_counter()
            ask()
            seconds.append(time.perf_counter() - started)
        report.add(scenario, OURS, "ms", 1000 * statistics.median(seconds), less=True)
