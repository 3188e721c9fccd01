"""How often one address may ask public pages. Held in Redis; without it everybody passes: tokens are what protects."""

import time

from django.core.cache import cache
from django.http import HttpRequest
from redis.exceptions import RedisError

from mediaexchange.core.reach import reaching

WINDOW_S = 60
PER_WINDOW = 30


def is_too_often(request: HttpRequest, name: str, *, limit: int = PER_WINDOW) -> bool:
    """Counts this request, in windows of a minute."""
    window = int(time.time()) // WINDOW_S
    key = f"asked:{name}:{request.META.get('REMOTE_ADDR', '')}:{window}"
    try:
        with reaching():
            cache.add(key, 0, timeout=WINDOW_S + 5)
            return bool(cache.incr(key) > limit)
    except (RedisError, ValueError):
        return False
