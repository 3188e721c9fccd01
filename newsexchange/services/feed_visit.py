"""How a visit to a feed went, written into its row: what was learned, and when to come again."""

import random
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import structlog
from django.db import connection
from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone

from mediaexchange.core.outgoing.fetched import Fetched
from newsexchange.models import Feed
from newsexchange.services.intake import STORED_RESULTS, Outcome
from newsexchange.services.sync_auth import may_move

BELIEVED_AFTER = timedelta(days=14)  # how long 301/308 and 410 must agree before they are believed
LONGEST_BACKOFF = timedelta(hours=24)
_GONE = 410
# What was learned about another address than the feed's present one is dropped; the lease is given back all the same.
_FINISH_QUIETLY = """
UPDATE newsexchange_feed AS feed
   SET lease_token = NULL, leased_until = NULL,
       current_interval = CASE WHEN feed.url = given.url THEN given.interval ELSE feed.current_interval END,
       next_sync_at = CASE WHEN feed.url = given.url THEN statement_timestamp() + given.wait ELSE feed.next_sync_at END,
       last_success_at = CASE WHEN feed.url = given.url THEN statement_timestamp() ELSE feed.last_success_at END,
       failures = CASE WHEN feed.url = given.url THEN 0 ELSE feed.failures END,
       last_error = CASE WHEN feed.url = given.url THEN '' ELSE feed.last_error END,
       gone_since = CASE WHEN feed.url = given.url THEN NULL ELSE feed.gone_since END
  FROM unnest(%(ids)s::bigint[], %(tokens)s::uuid[], %(urls)s::text[], %(intervals)s::interval[], %(waits)s::interval[])
       AS given(id, token, url, interval, wait)
 WHERE feed.id = given.id AND feed.lease_token = given.token
"""

log = structlog.get_logger(__name__)


def finish_quietly(feeds: Sequence[tuple[Feed, UUID, Fetched]]) -> None:
    """Write down many visits that brought nothing, in one statement; a lease that was lost writes nothing."""
    waits = [_jittered(_longer(feed)) for feed, _token, _fetched in feeds]
    with connection.cursor() as cursor:
        cursor.execute(
            _FINISH_QUIETLY,
            {
                "ids": [feed.pk for feed, _token, _fetched in feeds],
                "tokens": [token for _feed, token, _fetched in feeds],
                "urls": [feed.url for feed, _token, _fetched in feeds],
                "intervals": [_longer(feed) for feed, _token, _fetched in feeds],
                "waits": waits,
            },
        )
    log.info("feeds.quiet", feeds=len(feeds))


def finish_well(feed: Feed, token: UUID, fetched: Fetched, digest: str, outcomes: list[Outcome]) -> None:
    """Come back soon to a feed that had news, ever later to one that had none, within its two intervals."""
    has_news = any(outcome.result in STORED_RESULTS for outcome in outcomes)
    interval = min(feed.interval, feed.max_interval) if has_news else _longer(feed)
    changes: dict[str, Any] = {
        "current_interval": interval,
        "next_sync_at": Now() + _jittered(interval),
        "last_success_at": Now(),
        "failures": 0,
        "last_error": "",
        "gone_since": None,
    }
    if not fetched.not_modified:
        changes |= {"etag": fetched.etag[:500], "last_modified": fetched.last_modified[:100], "content_hash": digest}
    if any(outcome.result == "created" for outcome in outcomes):
        changes["last_new_at"] = Now()
    changes |= _redirection(feed, fetched)
    _release(feed, token, changes)
    counts = {name: sum(outcome.result == name for outcome in outcomes) for name in {o.result for o in outcomes}}
    log.info("feed.synced", feed=feed.slug, status=fetched.status, **counts)


def finish_badly(feed: Feed, token: UUID, error: str, fetched: Fetched | None = None) -> None:
    """Back off, doubling with jitter; obey Retry-After; stop a feed that has been gone for two weeks."""
    wait = min(max(feed.interval, timedelta(seconds=5)) * 2 ** min(feed.failures, 12), LONGEST_BACKOFF)
    wait = _jittered(wait)
    if fetched is not None and fetched.retry_after is not None:
        wait = max(wait, min(fetched.retry_after, LONGEST_BACKOFF))
    changes: dict[str, Any] = {
        "next_sync_at": Now() + wait,
        "last_error_at": Now(),
        "last_error": error[:300],
        "failures": F("failures") + 1,
    }
    if fetched is not None and fetched.status == _GONE:
        changes["gone_since"] = feed.gone_since or Now()
        if feed.gone_since and feed.gone_since < timezone.now() - BELIEVED_AFTER:
            changes["is_active"] = False
    elif fetched is not None:
        changes["gone_since"] = None
    _release(feed, token, changes)
    log.warning("feed.failed", feed=feed.slug, error=error)


def _redirection(feed: Feed, fetched: Fetched) -> dict[str, Any]:
    """A permanent redirect is believed when it has said the same for two weeks; until then both addresses are asked.

    One that leads credentials elsewhere is never believed: staff must say that they belong there.
    """
    target = fetched.permanent_redirect_to or ""
    if target != feed.redirect_url:
        return {"redirect_url": target[:1000], "redirect_since": Now() if target else None}
    if target and not may_move(feed, target):
        return {}
    if target and feed.redirect_since and feed.redirect_since < timezone.now() - BELIEVED_AFTER:
        return {"url": target, "redirect_url": "", "redirect_since": None}
    return {}


def _release(feed: Feed, token: UUID, changes: dict[str, Any]) -> None:
    """Write the bookkeeping and give the lease back, unless it has passed to somebody else meanwhile."""
    if not Feed.objects.filter(pk=feed.pk, lease_token=token, url=feed.url).update(**changes):
        log.info("feed.address-changed", feed=feed.slug)  # what was learned is about another address
    Feed.objects.filter(pk=feed.pk, lease_token=token).update(lease_token=None, leased_until=None)


def _jittered(interval: timedelta) -> timedelta:
    return interval * random.uniform(0.9, 1.1)  # noqa: S311 — spreads load, keeps no secret


def _longer(feed: Feed) -> timedelta:
    """How long to wait after a visit that brought nothing."""
    return min(max(feed.interval, feed.current_interval * 1.5), feed.max_interval)
