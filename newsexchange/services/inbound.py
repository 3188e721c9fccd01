"""Documents that partners push: kept before they are acknowledged, read by a worker, their outcomes kept.

The row is the obligation. A worker takes one at a time under a lease, counting the attempt before it begins: what kills
its worker three times, or is refused by the database, is parked. When the database is out of reach nothing is counted.
"""

import contextlib
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import structlog
from django.db import DatabaseError, InterfaceError, OperationalError, connection, transaction
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mediaexchange.core.bell import wake
from mediaexchange.core.errors import ConflictError
from newsexchange.constants import InboundStatus
from newsexchange.models import Feed, InboundDelivery
from newsexchange.services.inbound_signature import is_signed, may_be_signed
from newsexchange.services.ingest import ingest_document
from newsexchange.services.intake import Outcome

MAX_BODY_BYTES = 15 * 1024 * 1024
LEASE = timedelta(seconds=60)  # of a worker that lives; it renews it while it reads
MOST_ATTEMPTS = 3
PAYLOAD_KEPT = timedelta(days=7)  # after it was stored
INGEST_PUSHED = "newsexchange.tasks.ingest_pushed"

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Signed:
    """The three headers of Standard Webhooks."""

    message_id: str
    timestamp: str
    signatures: str


def may_be_authentic(headers: Signed) -> bool:
    """Whether it is worth reading the body: the same answer for every feed, and for none."""
    return may_be_signed(
        message_id=headers.message_id,
        timestamp=headers.timestamp,
        signatures=headers.signatures,
        now=timezone.now(),
    )


def authenticated_feed(slug: str, headers: Signed, body: bytes) -> Feed | None:
    """The feed that this body is signed for; None, for the same work, if there is none or no signature fits."""
    feed = Feed.objects.select_related("broadcaster").filter(slug=slug, broadcaster__is_active=True).first()
    is_right = is_signed(
        body,
        message_id=headers.message_id,
        timestamp=headers.timestamp,
        signatures=headers.signatures,
        secrets=_secrets(feed) if feed else (),
        now=timezone.now(),
    )
    return feed if is_right else None


@transaction.atomic
def accept_push(feed: Feed, *, message_id: str, payload: bytes, content_type: str) -> InboundDelivery:
    """Keep a pushed document; it is read later. Safe to repeat: the same message id is the same delivery.

    Raises ConflictError for a feed that is stopped.
    """
    if not feed.is_active:
        raise ConflictError("feed-stopped", _("The feed is stopped."), current="stopped", wanted="active")
    new = InboundDelivery(feed=feed, message_id=message_id, payload=payload, content_type=content_type[:200])
    InboundDelivery.objects.bulk_create([new], ignore_conflicts=True)
    delivery = InboundDelivery.objects.defer("payload").get(feed=feed, message_id=message_id)
    if delivery.uid == new.uid:
        transaction.on_commit(_ring)
    return delivery


def ingest_next() -> bool:
    """Read the delivery that waits longest; False if none waits. If the database fails, it is tried again later."""
    claimed = _claim()
    if claimed is None:
        return False
    delivery, token = claimed
    try:
        with _lease_renewed(delivery, token):
            outcomes = ingest_document(
                delivery.feed, bytes(delivery.payload), content_type=delivery.content_type, format=delivery.feed.format
            )
    except DatabaseError as error:
        log.exception("inbound.crashed", delivery=str(delivery.uid))
        if _is_away(error):
            _take_back_attempt(delivery, token)
        return True
    _finish(delivery, token, outcomes)
    return True


@transaction.atomic
def park_the_deadly() -> int:
    """Put aside what has killed its worker as often as it may; returns how many."""
    deadly = InboundDelivery.objects.filter(
        status=InboundStatus.WAITING, attempts__gte=MOST_ATTEMPTS, leased_until__lt=Now()
    )
    return deadly.update(status=InboundStatus.PARKED, finished_at=Now(), lease_token=None, leased_until=None)


@transaction.atomic
def purge_payloads(limit: int = 200) -> int:
    """Forget the payloads of what was stored long ago; who pushed what when, and what became of it, stays."""
    old = InboundDelivery.objects.filter(
        status=InboundStatus.STORED, finished_at__lt=timezone.now() - PAYLOAD_KEPT
    ).exclude(payload=b"")
    ids = list(old.order_by("pk").values_list("pk", flat=True)[:limit])
    return InboundDelivery.objects.filter(pk__in=ids).update(payload=b"")


@transaction.atomic
def _claim() -> tuple[InboundDelivery, UUID] | None:
    """The oldest that is due. Documents of one feed are read in their order, but none waits for one that failed."""
    free = Q(leased_until__isnull=True) | Q(leased_until__lt=Now())
    ahead = InboundDelivery.objects.filter(
        feed=OuterRef("feed"),
        pk__lt=OuterRef("pk"),
        status=InboundStatus.WAITING,
        attempts__lte=1,
        leased_until__gte=Now(),
    )
    waiting = InboundDelivery.objects.filter(free, status=InboundStatus.WAITING, attempts__lt=MOST_ATTEMPTS)
    row = (
        waiting.exclude(Exists(ahead))
        .select_for_update(skip_locked=True, of=("self",))
        .select_related("feed__broadcaster", "feed__module")
        .order_by("attempts", "pk")
        .first()
    )
    if row is None:
        return None
    token = uuid4()
    InboundDelivery.objects.filter(pk=row.pk).update(
        attempts=F("attempts") + 1, lease_token=token, leased_until=Now() + LEASE
    )
    return row, token


@contextlib.contextmanager
def _lease_renewed(delivery: InboundDelivery, token: UUID) -> Iterator[None]:
    """A long document keeps its lease as long as its worker lives; of a killed one it ends soon."""
    is_done = threading.Event()

    def renew() -> None:
        while not is_done.wait(LEASE.total_seconds() / 3):
            try:
                InboundDelivery.objects.filter(pk=delivery.pk, lease_token=token).update(leased_until=Now() + LEASE)
            except DatabaseError:
                log.warning("inbound.lease-not-renewed", delivery=str(delivery.uid))
            finally:
                connection.close()

    thread = threading.Thread(target=renew, name="lease", daemon=True)
    thread.start()
    try:
        yield
    finally:
        is_done.set()
        thread.join()


def _is_away(error: DatabaseError) -> bool:
    """Whether the database could not be reached or is overburdened, as opposed to refusing this document.

    By SQLSTATE (PostgreSQL, appendix A): no state at all, connections, rollbacks by others, resources, shutdowns.
    """
    if not isinstance(error, OperationalError | InterfaceError):
        return False
    state = getattr(error.__cause__, "sqlstate", None)
    return state is None or state.startswith(("08", "40", "53", "57P0"))


def _take_back_attempt(delivery: InboundDelivery, token: UUID) -> None:
    """If the database can be reached again; the lease ends by itself."""
    connection.close_if_unusable_or_obsolete()
    try:
        InboundDelivery.objects.filter(pk=delivery.pk, lease_token=token).update(attempts=F("attempts") - 1)
    except DatabaseError:
        log.warning("inbound.attempt-not-taken-back", delivery=str(delivery.uid))


def _finish(delivery: InboundDelivery, token: UUID, outcomes: Sequence[Outcome]) -> None:
    """Without the lease nothing is written: somebody else has it."""
    rows = [_row(outcome) for outcome in outcomes]
    held = InboundDelivery.objects.filter(pk=delivery.pk, lease_token=token)
    done = held.update(
        status=InboundStatus.STORED, outcomes=rows, finished_at=Now(), lease_token=None, leased_until=None
    )
    if not done:
        log.warning("inbound.lease-lost", delivery=str(delivery.uid))
        return
    results = {outcome.result for outcome in outcomes}
    changes: dict[str, Any] = {"last_success_at": Now()} if not all(o.is_whole_document for o in outcomes) else {}
    if "created" in results:
        changes["last_new_at"] = Now()
    if changes:
        Feed.objects.filter(pk=delivery.feed_id).update(**changes)


def _row(outcome: Outcome) -> dict[str, Any]:
    values = {
        "result": outcome.result,
        "guid": outcome.guid,
        "story": str(outcome.uid) if outcome.uid else None,
        "reason": str(outcome.reason),
        "detail": outcome.detail.replace("\0", ""),
    }
    return {name: value for name, value in values.items() if value}


def _secrets(feed: Feed) -> list[str]:
    secrets = [feed.inbound_secret]
    until = feed.previous_inbound_secret_until
    if until is not None and until > timezone.now():
        secrets.append(feed.previous_inbound_secret)
    return [secret for secret in secrets if secret]


def _ring() -> None:
    wake(INGEST_PUSHED)
