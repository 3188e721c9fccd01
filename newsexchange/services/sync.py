"""Fetching a feed politely and storing what is new. Each feed on its own: a slow or broken one holds up nobody.

The row is the obligation: ``next_sync_at`` says when, a lease with a token says who. The validators that let the other
side answer 304 are kept only after what they stand for has been stored.
"""

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

import structlog
from django.db import DatabaseError, connection, transaction
from django.db.models import F, Func, TextField, Value, Window
from django.db.models.functions import Now, RowNumber

from broadcasters.permissions import require
from mediaexchange.core.bell import wake
from mediaexchange.core.errors import DomainError
from mediaexchange.core.models import User
from mediaexchange.core.outgoing.client import fetch
from mediaexchange.core.outgoing.errors import OutgoingError
from mediaexchange.core.outgoing.fetched import Fetched
from newsexchange.models import Feed
from newsexchange.services.feed_visit import finish_badly, finish_quietly, finish_well
from newsexchange.services.ingest import ingest_document
from newsexchange.services.intake import Outcome
from newsexchange.services.sync_auth import credentials

LEASE = timedelta(minutes=3)  # longer than a fetch and its storing may take
SIDE_BY_SIDE = 20  # requests of one process
PER_HOST = 2  # feeds of one host that are fetched at a time
SYNC_DUE_FEEDS = "newsexchange.tasks.sync_due_feeds"
_HOST = r"^[a-zA-Z]+://([^/:?#]+|\[[^\]]*\])"
_LEASE_MANY = """
UPDATE newsexchange_feed AS feed SET lease_token = given.token, leased_until = statement_timestamp() + %(lease)s
  FROM unnest(%(ids)s::bigint[], %(tokens)s::uuid[]) AS given(id, token) WHERE feed.id = given.id
"""
_RENEW = """
UPDATE newsexchange_feed AS feed SET leased_until = statement_timestamp() + %(lease)s
  FROM unnest(%(ids)s::bigint[], %(tokens)s::uuid[]) AS given(id, token)
 WHERE feed.id = given.id AND feed.lease_token = given.token RETURNING feed.*
"""
log = structlog.get_logger(__name__)


class UnsendableError(OutgoingError):
    """The feed's credentials make no header."""

    code = "bad-credentials"


@dataclass(frozen=True, slots=True)
class SyncResult:
    """``status`` is the HTTP status, 0 if nothing answered; ``outcomes`` is empty for an unchanged feed."""

    status: int
    error: str = ""
    outcomes: tuple[Outcome, ...] = ()


@transaction.atomic
def lease_due_feeds(limit: int) -> list[tuple[int, UUID]]:
    """Claim feeds whose time has come, so that no second worker fetches them; returns (id, lease token).

    Of one host at most two are leased at a time, whoever holds the leases: its other feeds wait for the next bell.
    """
    host = Func(F("url"), Value(_HOST), function="substring", output_field=TextField())
    host = Func(host, function="lower", output_field=TextField())
    busy = Feed.objects.filter(leased_until__gt=Now()).annotate(host=host).values_list("host", flat=True)
    leases = Counter(busy)
    ranked = (
        Feed.objects.due()
        .annotate(host=host)
        .annotate(place=Window(RowNumber(), partition_by=[F("host")], order_by=["next_sync_at", "pk"]))
        .filter(place__lte=PER_HOST)
        .order_by("next_sync_at", "pk")
        .values_list("pk", "host", "place")
    )
    wanted = [pk for pk, name, place in ranked if leases[name] + place <= PER_HOST][:limit]
    due = Feed.objects.due().filter(pk__in=wanted).select_for_update(skip_locked=True, of=("self",))
    leased = [(pk, uuid4()) for pk in due.order_by("next_sync_at", "pk").values_list("pk", flat=True)]
    with connection.cursor() as cursor:
        values: dict[str, Any] = {"ids": [pk for pk, _token in leased], "tokens": [token for _pk, token in leased]}
        cursor.execute(_LEASE_MANY, values | {"lease": LEASE})
    return leased


def has_due_feeds() -> bool:
    """Whether a feed's time has come and nobody is at it."""
    return bool(Feed.objects.due().exists())


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
    wake(SYNC_DUE_FEEDS)


@transaction.atomic
def lease_feed(feed: Feed) -> UUID | None:
    """Claim one feed now, due or not; None while somebody else is at it."""
    locked = Feed.objects.select_for_update().filter(pk=feed.pk)
    free = locked.filter(leased_until__isnull=True) | locked.filter(leased_until__lt=Now())
    found = free.first()
    return _lease(found) if found else None


def sync_feed(feed_id: int, token: UUID) -> SyncResult:
    """Fetch, store, and write down how it went and when to come again. Without a valid lease nothing is written."""
    return sync_feeds([(feed_id, token)])[0]


def sync_feeds(leased: Sequence[tuple[int, UUID]]) -> list[SyncResult]:
    """The same for several feeds: fetched side by side, so that none waits for a slow one; stored one by one.

    What had nothing new is written down in one statement at the end.
    """
    tokens = dict(leased)
    values: dict[str, Any] = {"ids": list(tokens), "tokens": list(tokens.values()), "lease": LEASE}
    feeds = list(Feed.objects.raw(_RENEW, values))
    results: dict[int, SyncResult] = {}
    quiet: list[tuple[Feed, UUID, Fetched]] = []
    for feed, fetched in _fetch_all(feeds):
        token = tokens[feed.pk]
        try:
            if isinstance(fetched, Fetched) and _is_quiet(feed, fetched):
                quiet.append((feed, token, fetched))
                results[feed.pk] = SyncResult(fetched.status)
            else:
                results[feed.pk] = _sync(feed, token, fetched)
        except (DatabaseError, DomainError) as error:
            log.exception("feed.crashed", feed=feed.slug)
            finish_badly(feed, token, f"internal: {type(error).__name__}")
            results[feed.pk] = SyncResult(0, "internal")
    if quiet:
        finish_quietly(quiet)
    return [results.get(pk, SyncResult(0, "lease-lost")) for pk, _token in leased]


def _fetch_all(feeds: Sequence[Feed]) -> Iterator[tuple[Feed, Fetched | OutgoingError]]:
    """In the order in which they answer. Threads fetch and touch no database; what crashes one fails its feed."""
    started = {_fetchers().submit(_fetch, feed): feed for feed in feeds}
    for future in as_completed(started):
        feed, crash = started[future], future.exception()
        if crash is None:
            yield feed, future.result()
        else:
            log.error("feed.fetch-crashed", feed=feed.slug, exc_info=crash)
            yield feed, OutgoingError(f"internal: {type(crash).__name__}")


@cache
def _fetchers() -> ThreadPoolExecutor:
    """The threads of this process: starting one for each request cost as much as the request."""
    return ThreadPoolExecutor(SIDE_BY_SIDE, thread_name_prefix="fetch")


os.register_at_fork(after_in_child=_fetchers.cache_clear)  # a fork has no threads but its own


def _fetch(feed: Feed) -> Fetched | OutgoingError:
    try:
        return fetch(feed.url, etag=feed.etag, last_modified=feed.last_modified, headers=credentials(feed))
    except OutgoingError as error:
        return error
    except ValueError as error:  # names the header, never its value
        return UnsendableError(str(error))


def _is_quiet(feed: Feed, fetched: Fetched) -> bool:
    """Nothing new, and nothing to be said about the address: the common case, written down in bulk."""
    if fetched.permanent_redirect_to or feed.redirect_url or not fetched.is_success:
        return False
    return fetched.not_modified or (
        sha256(fetched.body).hexdigest() == feed.content_hash
        and (fetched.etag[:500], fetched.last_modified[:100]) == (feed.etag, feed.last_modified)
    )


def _sync(feed: Feed, token: UUID, fetched: Fetched | OutgoingError) -> SyncResult:
    if isinstance(fetched, OutgoingError):
        finish_badly(feed, token, f"{fetched.code}: {fetched.detail}")
        return SyncResult(0, fetched.code)
    if not fetched.is_success:
        finish_badly(feed, token, f"HTTP {fetched.status}", fetched)
        return SyncResult(fetched.status, f"http-{fetched.status}")
    digest = feed.content_hash if fetched.not_modified else sha256(fetched.body).hexdigest()
    outcomes: list[Outcome] = []
    if digest != feed.content_hash:
        Feed.objects.filter(pk=feed.pk, lease_token=token).update(leased_until=Now() + LEASE)
        outcomes = ingest_document(feed, fetched.body, content_type=fetched.content_type, format=feed.format)
    if any(outcome.is_whole_document for outcome in outcomes):
        finish_badly(feed, token, f"{outcomes[0].reason}: {outcomes[0].detail}")
        return SyncResult(fetched.status, outcomes[0].reason, tuple(outcomes))
    finish_well(feed, token, fetched, digest, outcomes)
    return SyncResult(fetched.status, outcomes=tuple(outcomes))


def _lease(feed: Feed) -> UUID:
    token = uuid4()
    Feed.objects.filter(pk=feed.pk).update(lease_token=token, leased_until=Now() + LEASE)
    return token
