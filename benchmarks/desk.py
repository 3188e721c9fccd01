"""Staff's lists in the admin: stories, sorted and searched, as an editor of the partner sees them."""

from typing import IO

from benchmarks.load import request, run_window
from benchmarks.report import Goal, Report
from benchmarks.servers import ours, serving

OURS, LIMIT = "media exchange", "goal"
_P50_MS = 300.0
_CONNECTIONS = 2
PAGES = {
    "change list": "",
    "change list, third page": "?p=3",
    "change list, filtered": "?urgency__exact=5",
    "change list, searched": "?q=7777",
}

GOALS = [Goal(f"{page}: p50", OURS, LIMIT, 1, f"admin at 300 ms (p50): {page}") for page in PAGES]


def measure(report: Report, environment: dict[str, str], *, rounds: int, seconds: float, log: IO[bytes]) -> None:
    """The stories that are in the database, two editors at a time."""
    cookie = _signed_in()
    with serving(OURS, ours(), environment, log) as server:
        for round_number in range(rounds + 1):
            for page, query in PAGES.items():
                asked = [request(f"/admin/newsexchange/story/{query}", {"Cookie": cookie, "Accept-Language": "kk"})]
                window = run_window(server.port, asked, seconds, server.process.pid, connections=_CONNECTIONS)
                if round_number == 0:
                    continue  # warm up
                details = {"p95_ms": window.p95_ms, "cpu_ms": window.cpu_ms}
                report.add(f"{page}: p50", OURS, "ms", window.p50_ms, less=True, errors=window.errors, **details)
                report.add(f"{page}: p50", LIMIT, "ms", _P50_MS, less=True)


def _signed_in() -> str:
    from django.conf import settings
    from django.test import Client

    from tests.factories import make_broadcaster, make_user

    client = Client()
    client.force_login(make_user(make_broadcaster("ptrc")))
    name = settings.SESSION_COOKIE_NAME
    return f"{name}={client.cookies[name].value}"
