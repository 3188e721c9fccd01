"""Fetching a feed politely and storing what is new. Each feed on its own: a slow or broken one holds up nobody.

The row is the obligation: ``next_sync_at`` says when, a lease with a token says who. The validators that let the other
side answer 304 are kept only after what they stand for has been stored.
"""

import random
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

import structlog
from celery import current_app
from django.db import DatabaseError, transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone
from kombu.exceptions import OperationalError

from broadcasters.permissions import require
from mediaexchange.core.errors import DomainError
from mediaexchange.core.models import User
from mediaexchange.core.outgoing.client import fetch
from mediaexchange.core.outgoing.errors import OutgoingError
from mediaexchange.core.outgoing.fetched import Fetched
from newsexchange.models import Feed
from newsexchange.services.ingest import ingest_document
from newsexchange.services.intake import Outcome

LEASE = timedelta(minutes=3)  # longer than a fetch and its storing may take
BELIEVED_AFTER = timedelta(days=14)  # how long 301/308 and 410 must agree before they are believed
LONGEST_BACKOFF = timedelta(hours=24)
_GONE = 410
SYNC_DUE_FEEDS = "newsexchange.tasks.sync_due_feeds"

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class SyncResult:
    """``status`` is the HTTP status, 0 if nothing answered; ``outcomes`` is empty for an unchanged feed."""

    status: int
    error: str = ""
    outcomes: tuple[Outcome, ...] = ()


@transaction.atomic
def lease_due_feeds(limit: int) -> list[tuple[int, UUID]]:
    """Claim feeds whose time has come, so that no second worker fetches them; returns (id, lease token)."""
    feeds = Feed.objects.due().select_for_update(skip_locked=True, of=("self",)).order_by("next_sync_at")[:limit]
    return [(feed.pk, _lease(feed)) for feed in feeds]


@transaction.atomic
def request_sync(feed: Feed, *, actor: User) -> bool:
    """Make a feed due now and ring; False while somebody is at it already. A bell that nobody hears loses nothing."""
    require(actor, "newsexchange.sync_feed", feed.broadcaster_id)
    free = Feed.objects.filter(pk=feed.pk, is_active=True).exclude(leased_until__gt=Now()).exclude(url="")
    is_due = bool(free.update(next_sync_at=Now()))
    if is_due:
        transaction.on_commit(_ring)
    return is_due


def _ring() -> None:
    try:
        current_app.send_task(SYNC_DUE_FEEDS)
    except OperationalError:
        log.warning("feed.bell-unheard")  # the timetable rings again within seconds


@transaction.atomic
def lease_feed(feed: Feed) -> UUID | None:
    """Claim one feed now, due or not; None while somebody else is at it."""
    locked = Feed.objects.select_for_update().filter(pk=feed.pk)
    free = locked.filter(leased_until__isnull=True) | locked.filter(leased_until__lt=Now())
    found = free.first()
    return _lease(found) if found else None


def sync_feed(feed_id: int, token: UUID) -> SyncResult:
    """Fetch, store, and write down how it went and when to come again. Without a valid lease nothing is written."""
    renewed = Feed.objects.filter(pk=feed_id, lease_token=token).update(leased_until=Now() + LEASE)
    if not renewed:
        return SyncResult(0, "lease-lost")
    feed = Feed.objects.select_related("broadcaster", "module").get(pk=feed_id)
    try:
        return _sync(feed, token)
    except (DatabaseError, DomainError) as error:
        log.exception("feed.crashed", feed=feed.slug)
        _finish_badly(feed, token, f"internal: {type(error).__name__}")
        return SyncResult(0, "internal")


def _sync(feed: Feed, token: UUID) -> SyncResult:
    try:
        fetched = fetch(feed.url, etag=feed.etag, last_modified=feed.last_modified)
    except OutgoingError as error:
        _finish_badly(feed, token, f"{error.code}: {error.detail}")
        return SyncResult(0, error.code)
    if not fetched.is_success:
        _finish_badly(feed, token, f"HTTP {fetched.status}", fetched)
        return SyncResult(fetched.status, f"http-{fetched.status}")
    digest = feed.content_hash if fetched.not_modified else sha256(fetched.body).hexdigest()
    outcomes: list[Outcome] = []
    if digest != feed.content_hash:
        outcomes = ingest_document(feed, fetched.body, content_type=fetched.content_type, format=feed.format)
    if any(outcome.is_whole_document for outcome in outcomes):
        _finish_badly(feed, token, f"{outcomes[0].reason}: {outcomes[0].detail}")
        return SyncResult(fetched.status, outcomes[0].reason, tuple(outcomes))
    _finish_well(feed, token, fetched, digest, outcomes)
    return SyncResult(fetched.status, outcomes=tuple(outcomes))


def _lease(feed: Feed) -> UUID:
    token = uuid4()
    Feed.objects.filter(pk=feed.pk).update(lease_token=token, leased_until=Now() + LEASE)
    return token


def _finish_well(feed: Feed, token: UUID, fetched: Fetched, digest: str, outcomes: list[Outcome]) -> None:
    """Come back soon to a feed that had news, ever later to one that had none, within its two intervals."""
    has_news = any(outcome.result in ("created", "updated", "recalled") for outcome in outcomes)
    interval = feed.interval if has_news else max(feed.interval, feed.current_interval * 1.5)
    interval = min(interval, feed.max_interval)
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


def _finish_badly(feed: Feed, token: UUID, error: str, fetched: Fetched | None = None) -> None:
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
    """A permanent redirect is believed when it has said the same for two weeks; until then both addresses are asked."""
    target = fetched.permanent_redirect_to or ""
    if target != feed.redirect_url:
        return {"redirect_url": target[:1000], "redirect_since": Now() if target else None}
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
