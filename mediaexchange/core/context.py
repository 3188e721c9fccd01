"""Who is acting, and in which request: carried beside the call for logs and for the audit triggers."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import uuid4

request_id: ContextVar[str] = ContextVar("request_id", default="")
actor_id: ContextVar[int | None] = ContextVar("actor_id", default=None)


def new_request_id() -> str:
    return uuid4().hex


@contextmanager
def acting(user_id: int | None) -> Iterator[None]:
    """Everything written inside is attributed to this user by the audit triggers; None means the system itself."""
    token = actor_id.set(user_id)
    try:
        yield
    finally:
        actor_id.reset(token)
