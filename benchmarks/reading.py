"""Lists, details and depth over HTTP: ours with key, access, embargo and language; the peers with none of it."""

import contextlib
import itertools
import os
import subprocess
import sys
import time
from typing import IO
from urllib.parse import quote

import psycopg

from benchmarks.dataset import Dataset
from benchmarks.load import request, run_window
from benchmarks.report import Goal, Report
from benchmarks.servers import PEERS, Contender, gunicorn, ours, serving, uvicorn

LANGUAGES = ("kk", "ru", "en", "sr", "sr-Latn")
OURS, DRF, WAGTAIL, CEILING = "media exchange", "plain DRF", "Wagtail API v2", "bare ASGI + asyncpg"

GOALS = [
    Goal("list of 20", OURS, WAGTAIL, 300, "list of 20: against Wagtail API v2"),
    Goal("list of 20", OURS, DRF, 25, "list of 20: against plain DRF"),
    Goal("list of 20", OURS, CEILING, 0.7, "list of 20: share of the bare asyncpg ceiling"),
    Goal("detail", OURS, WAGTAIL, 20, "detail: against Wagtail API v2"),
    Goal("detail", OURS, DRF, 6, "detail: against plain DRF"),
    Goal("depth", f"{OURS}, row 0.9 N", f"{OURS}, page 1", 1 / 1.5, "page at row 0.9 N against page 1 (1/1.5 or more)"),
]


def measure(
    report: Report,
    data: Dataset,
    environment: dict[str, str],
    bench_python: str,
    *,
    rounds: int,
    seconds: float,
    log: IO[bytes],
) -> None:
    """Windows of load, contenders in turn, with a pause in which everything drains."""
    with contextlib.ExitStack() as stack:
        contenders = [_ours(stack, data, environment, log), _drf(stack, data, environment, log)]
        if bench_python:
            contenders += [
                _ceiling(stack, data, environment, bench_python, log),
                _wagtail(stack, data, environment, bench_python, log),
            ]
        else:
            report.notes.append("The peers' environment is missing: no Wagtail, no asyncpg.")
        for contender in contenders:
            for requests in (contender.lists, contender.details):
                window = run_window(contender.port, requests, 1.0, contender.process.pid)  # warm up
                if window.errors:
                    raise RuntimeError(f"{contender.name} answers with errors; its log says why.")
        for scenario, kind in (("list of 20", "lists"), ("detail", "details")):
            for _round in range(rounds):
                for contender in contenders:
                    _drain(environment["DATABASE_URL"])
                    window = run_window(contender.port, getattr(contender, kind), seconds, contender.process.pid)
                    report.add(
                        scenario, contender.name, "requests/s", window.rate, errors=window.errors,
                        cpu_ms=window.cpu_ms, p50_ms=window.p50_ms, p95_ms=window.p95_ms,
                    )  # fmt: skip
        _depth(report, contenders[0], data, rounds, seconds, environment)


def _depth(
    report: Report, ours: Contender, data: Dataset, rounds: int, seconds: float, environment: dict[str, str]
) -> None:
    headers = _headers(data)
    pages = {
        "page 1": "/api/v1/stories/?limit=20",
        "row 0.9 N": f"/api/v1/stories/?limit=20&cursor={_cursor(data.deep)}",
    }
    for _round in range(rounds):
        for name, path in pages.items():
            _drain(environment["DATABASE_URL"])
            requests = [request(path, headers | {"Accept-Language": language}) for language in LANGUAGES]
            window = run_window(ours.port, requests, seconds, ours.process.pid)
            report.add(
                "depth", f"{ours.name}, {name}", "requests/s", window.rate, errors=window.errors, p50_ms=window.p50_ms
            )


def _ours(stack: contextlib.ExitStack, data: Dataset, environment: dict[str, str], log: IO[bytes]) -> Contender:
    limits = {"API_CALLS_PER_MINUTE": "1000000000", "WEB_THREADS": "4"}
    contender = stack.enter_context(serving(OURS, ours(), environment | limits, log))
    headers = _headers(data)
    contender.lists = [
        request(f"/api/v1/stories/?limit=20&cursor={_cursor(cursor)}", headers | {"Accept-Language": language})
        for cursor, language in zip(data.cursors, itertools.cycle(LANGUAGES), strict=False)
    ]
    contender.details = [
        request(f"/api/v1/stories/{uid}/", headers | {"Accept-Language": language})
        for uid, language in zip(data.uids, itertools.cycle(LANGUAGES), strict=False)
    ]
    return contender


def _headers(data: Dataset) -> dict[str, str]:
    return {"Authorization": f"Bearer {data.key}"}


def _cursor(cursor: tuple[str, int]) -> str:
    from mediaexchange.core.api.pagination import encode_cursor

    return encode_cursor(*cursor)


def _drf(stack: contextlib.ExitStack, data: Dataset, environment: dict[str, str], log: IO[bytes]) -> Contender:
    command = gunicorn(sys.executable, "benchmarks.peers.plain_drf:application")
    contender = stack.enter_context(serving(DRF, command, environment | {"DJANGO_SETTINGS_MODULE": ""}, log))
    contender.lists = [
        request(f"/stories/?page={page + 1}", {"Accept-Language": language[:2]})
        for page, language in zip(range(50), itertools.cycle(LANGUAGES), strict=False)
    ]
    contender.details = [
        request(f"/stories/{uid}/", {"Accept-Language": language[:2]})
        for uid, language in zip(data.uids, itertools.cycle(LANGUAGES), strict=False)
    ]
    return contender


def _ceiling(
    stack: contextlib.ExitStack, data: Dataset, environment: dict[str, str], python: str, log: IO[bytes]
) -> Contender:
    command = uvicorn(python, "bare_asyncpg:app")
    contender = stack.enter_context(serving(CEILING, command, environment, log, cwd=PEERS))
    contender.lists = [
        request(f"/list/?before={quote(moment)}", {"Accept-Language": language})
        for (moment, _id), language in zip(data.cursors, itertools.cycle(LANGUAGES), strict=False)
    ]
    contender.details = [
        request(f"/detail/{uid}", {"Accept-Language": language})
        for uid, language in zip(data.uids, itertools.cycle(LANGUAGES), strict=False)
    ]
    return contender


def _wagtail(
    stack: contextlib.ExitStack, data: Dataset, environment: dict[str, str], python: str, log: IO[bytes]
) -> Contender:
    folder = PEERS / "wagtail_site"
    site = environment | {"DJANGO_SETTINGS_MODULE": "site_settings"}
    with psycopg.connect(environment["DATABASE_URL"], autocommit=True) as connection:
        connection.execute("CREATE DATABASE bench_wagtail")
        texts = connection.execute(
            "SELECT headline_sr, headline_kk, headline_ru, headline_en, summary_sr, summary_kk, summary_ru, summary_en,"
            " body_sr, body_kk, body_ru, body_en FROM newsexchange_story WHERE source_guid = 'urn:copy:1'"
        ).fetchone()
    subprocess.run(
        [python, "-W", "ignore", "fill.py", str(data.stories)],
        cwd=folder, env=os.environ | site, input="\x1e".join(texts or ()).encode(), check=True, stdout=log, stderr=log,
    )  # fmt: skip
    command = gunicorn(python, "django.core.wsgi:get_wsgi_application()")
    contender = stack.enter_context(serving(WAGTAIL, command, site, log, cwd=folder))
    query = "type=bench_pages.StoryPage&fields=headline_{0},summary_{0},slugline,urgency"
    contender.lists = [
        request(f"/api/v2/pages/?{query.format(language[:2])}&limit=20&offset={offset * 20}")
        for offset, language in zip(range(50), itertools.cycle(LANGUAGES), strict=False)
    ]
    step = max(data.stories // 500, 1)
    first = _first_page(environment["DATABASE_URL"])
    contender.details = [
        request(f"/api/v2/pages/{first + number * step}/?fields=body_{language[:2]}")
        for number, language in zip(range(min(500, data.stories - 1)), itertools.cycle(LANGUAGES), strict=False)
    ]
    return contender


def _first_page(database_url: str) -> int:
    with psycopg.connect(database_url.replace("/mediaexchange?", "/bench_wagtail?")) as connection:
        row = connection.execute("SELECT min(page_ptr_id) FROM bench_pages_storypage").fetchone()
    return int(row[0]) if row else 0


def _drain(database_url: str) -> None:
    """Wait until no query runs any more: a slow contender's leftovers must not be charged to the next."""
    time.sleep(0.3)
    with psycopg.connect(database_url, autocommit=True) as connection:
        for _attempt in range(100):
            row = connection.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND pid <> pg_backend_pid()"
            ).fetchone()
            if row is None or row[0] == 0:
                return
            time.sleep(0.1)
