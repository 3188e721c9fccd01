"""One counter a credential: fairness between partners, held in Redis by an atomic increment."""

import time
from functools import cache
from typing import TYPE_CHECKING

from django.conf import settings
from redis import Redis
from redis.exceptions import RedisError
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from mediaexchange.core.models import ApiKey
from mediaexchange.core.reach import reaching

if TYPE_CHECKING:
    from rest_framework.views import APIView


class CredentialThrottle(BaseThrottle):
    """A fixed window; without Redis it lets everybody through: being fair is no reason to be down."""

    def allow_request(self, request: Request, view: "APIView") -> bool:
        limit, seconds = settings.API_RATE
        window = int(time.time()) // seconds
        self._remaining_s = seconds - int(time.time()) % seconds
        name = f"rate:{_credential(request)}:{window}"
        try:
            with reaching():
                calls = int(_client().incr(name))
                if calls == 1:  # every other call costs one way there and back
                    _client().expire(name, seconds + 5)
            request.rate_headers = _headers(limit, seconds, max(0, limit - calls), self._remaining_s)  # type: ignore[attr-defined]
            return bool(calls <= limit)
        except RedisError:
            return True

    def wait(self) -> float:
        return float(self._remaining_s)


@cache
def _client() -> "Redis":
    """One pool of connections for this process."""
    return Redis.from_url(settings.REDIS_URL, **settings.REDIS_OPTIONS)


def _credential(request: Request) -> str:
    if isinstance(request.auth, ApiKey):
        return f"key:{request.auth.pk}"
    if request.user.is_authenticated:
        return f"user:{request.user.pk}"
    return f"address:{request.META.get('REMOTE_ADDR', '')}"


def _headers(limit: int, seconds: int, left: int, resets_in: int) -> dict[str, str]:
    """Names and values after the IETF's draft “RateLimit header fields for HTTP”."""
    return {"RateLimit-Policy": f'"calls";q={limit};w={seconds}', "RateLimit": f'"calls";r={left};t={resets_in}'}
