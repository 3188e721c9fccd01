"""Search over HTTP as a partner uses it: key, access, embargo, facets, marked snippets; by the kind of words."""

import contextlib
from typing import IO
from urllib.parse import urlencode

from benchmarks import search_data
from benchmarks.load import request, run_window
from benchmarks.report import Goal, Report
from benchmarks.servers import ours, serving

OURS, LIMIT = "media exchange", "goal"
_P50_MS, _P95_MS = 20.0, 100.0
_CONNECTIONS = 2

# Nobody wrote the first; the others are in one of 50,000, 1,000, 100 and 10 stories and in most of them.
QUESTIONS = {
    "word nobody wrote": ("zyxwvutsrq", "шпрлјкњџ", "ққүүіі"),
    "rare word": ("мастодонт", "mastodont", "mastodon"),
    "two names": ("Vucic Tokaev", "Вучич Токаев", "Вучић Токајев", "Tokayev Vučić"),
    "middling word": ("опсерваторија", "observatory", "обсерваторию", "opservatorije"),
    "common word": ("рудника", "colliery", "шахту", "кеніште"),
    "word of most texts": ("право", "rights", "құқығы", "pravo"),
    "common words together": ("право рудник", "rights colliery", "шахта право"),
    "phrase": ('"universal declaration"', '"Всеобщей декларации"'),
}
_FILTERED = {"language": "kk", "type": "story", "topic": "medtop:20000344"}

GOALS = [
    Goal(f"search, {kind}: {part}", OURS, LIMIT, 1, f"search at 20 ms (p50) and 100 ms (p95), {kind}: {part}")
    for kind in (*QUESTIONS, "common word, filtered")
    for part in ("p50", "p95")
]


def measure(
    report: Report, environment: dict[str, str], *, stories: int, rounds: int, seconds: float, log: IO[bytes]
) -> None:
    """Load the stories, then ask each kind of question in turn, two readers at a time."""
    superuser = environment["DATABASE_URL"].replace("//mediaexchange@", "//postgres@")
    headers = {"Authorization": f"Bearer {search_data.load(stories, superuser)}"}
    scenarios = {kind: [{"q": words} for words in asked] for kind, asked in QUESTIONS.items()}
    scenarios["common word, filtered"] = [{"q": words, **_FILTERED} for words in ("кеніш", "кеніштің")]
    with contextlib.ExitStack() as stack:
        server = stack.enter_context(serving(OURS, ours(), environment | {"API_CALLS_PER_MINUTE": "1000000"}, log))
        for round_number in range(rounds + 1):
            for kind, asked in scenarios.items():
                requests = [
                    request(f"/api/v1/search/?{urlencode(query)}", headers | {"Accept-Language": language})
                    for language in ("kk", "sr-Latn", "en")
                    for query in asked
                ]
                window = run_window(server.port, requests, seconds, server.process.pid, connections=_CONNECTIONS)
                if round_number == 0:
                    continue  # warm up
                details = {"rps": window.rate, "cpu_ms": window.cpu_ms}
                for part, value, limit in (("p50", window.p50_ms, _P50_MS), ("p95", window.p95_ms, _P95_MS)):
                    scenario = f"search, {kind}: {part}"
                    report.add(scenario, OURS, "ms", value, less=True, errors=window.errors, **details)
                    report.add(scenario, LIMIT, "ms", limit, less=True)
