"""A pytest plugin: real PostgreSQL and Redis for the suite, embedded and thrown away unless an address is given.

It is loaded before Django's settings, which read the addresses. Only the controlling process starts servers; the
workers of pytest-xdist inherit the addresses and have a database each.
"""

import os
from contextlib import ExitStack

import pytest

from mediaexchange.launcher.catalogs import compile_catalogs, stale_catalogs
from mediaexchange.launcher.servers import throwaway

_stack = ExitStack()

if "PYTEST_XDIST_WORKER" not in os.environ and (problem := compile_catalogs(stale_catalogs())):
    raise pytest.UsageError(problem)

if "PYTEST_XDIST_WORKER" not in os.environ and not (os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL")):
    servers = _stack.enter_context(throwaway())
    for name, value in servers.environment().items():
        os.environ.setdefault(name, value)


def pytest_unconfigure(config: pytest.Config) -> None:
    _stack.close()
