"""Addresses of the database and of Redis, known before either runs. Settings import this module."""

import os
from urllib.parse import quote

from mediaexchange.launcher.layout import Layout

ROLE = DATABASE = "mediaexchange"


def database_url(layout: Layout | None = None) -> str:
    """DATABASE_URL when it is set and no layout is named, else the embedded server's address (libpq URI form).

    The host is in the query, where libpq, psycopg and django-environ agree on it (in Django: OPTIONS["host"]).
    """
    configured = os.environ.get("DATABASE_URL")
    if configured and layout is None:
        return configured
    sockets = (layout or Layout.from_environment()).sockets
    return f"postgresql://{ROLE}@:5432/{DATABASE}?host={quote(str(sockets))}"


def redis_url(layout: Layout | None = None) -> str:
    """REDIS_URL when it is set and no layout is named, else the embedded server's address as redis-py reads it."""
    configured = os.environ.get("REDIS_URL")
    if configured and layout is None:
        return configured
    return f"unix://{quote(str((layout or Layout.from_environment()).valkey_socket))}?db=0"


def broker_url(redis: str | None = None) -> str:
    """The same server as Celery's transport writes it: `unix://` becomes `redis+socket://`, others stay."""
    address = redis or redis_url()
    if not address.startswith("unix://"):
        return address
    return address.replace("unix://", "redis+socket://", 1).replace("?db=", "?virtual_host=", 1)
