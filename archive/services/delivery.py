"""Deliveries: a clip that is cut for one grant, given out by links that ask again, gone once the grant is.

The row is the obligation: when it is due, who is at it under which lease, how often it failed.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import structlog
from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from archive.constants import DeliveryStatus, GrantStatus, PremisOutcome, PremisType, StepError
from archive.media.cutting import cut_clip
from archive.media.errors import MediaError
from archive.media.local import local_copy, work_folder
from archive.models import FootageDelivery, Grant, MediaFile, PreservationEvent
from archive.services.delivery_terms import refuse_delivery, source_of, stretch_of
from broadcasters.models import Broadcaster
from broadcasters.permissions import require
from mediaexchange.core import bell
from mediaexchange.core.errors import ConflictError, DomainError
from mediaexchange.core.models import User
from mediaexchange.core.outbox import record
from mediaexchange.core.stores import media_store

LEASE = timedelta(seconds=90)  # renewed while it works
MOST_ATTEMPTS = 5
FIRST_WAIT = timedelta(seconds=30)
MAX_DOWNLOADS = 10
TASK = "archive.tasks.prepare_deliveries"
OURS = "deliveries/"  # where clips lie in the store; what lies elsewhere is an item's own file
_AGENT = "mediaexchange"

log = structlog.get_logger(__name__)


class LeaseLostError(Exception):
    """Somebody else is at it, or it was revoked meanwhile: nothing more is written."""


@transaction.atomic
def create_delivery(
    grant: Grant,
    *,
    actor: User | None,
    broadcaster: Broadcaster,
    in_ms: int | None = None,
    out_ms: int | None = None,
    max_downloads: int = MAX_DOWNLOADS,
) -> FootageDelivery:
    """Have granted footage prepared for one's own house: the stretch named, else what was granted.

    Where only clips are delivered and a stretch is not named, it is the granted one, cut to the granted seconds.
    Raises ConflictError "delivery-refused" with reasons, "module-paused"; DomainError for a stretch outside of the
    grant, and "no-file" if there is nothing to deliver.
    """
    grant = _granted().select_for_update(of=("self",), no_key=True).get(pk=grant.pk)
    require(actor, "archive.add_footagedelivery", broadcaster)
    refuse_delivery(grant, broadcaster)
    file = source_of(grant)
    stretch = stretch_of(grant, file, in_ms, out_ms)
    delivery = FootageDelivery(
        grant=grant, broadcaster=broadcaster, max_downloads=max(1, min(max_downloads, 100)), created_by=actor
    )
    if stretch is None:  # the file as it is
        delivery.status, delivery.progress_percent = DeliveryStatus.READY, 100
        delivery.storage_name, delivery.sha256 = file.storage_name, file.sha256
        delivery.content_type, delivery.size_bytes = file.content_type, file.size_bytes
        delivery.duration_ms = duration_of(file)
    else:
        delivery.in_ms, delivery.out_ms = stretch
    delivery.save()
    tell_delivery("footage-delivery.asked" if stretch else "footage-delivery.ready", delivery, actor)
    if stretch:
        transaction.on_commit(ring)
    return delivery


@transaction.atomic
def retry_delivery(delivery: FootageDelivery, *, actor: User | None) -> FootageDelivery:
    """Let a delivery that failed be prepared again. ConflictError for any other."""
    delivery = _deliveries().select_for_update(of=("self",), no_key=True).get(pk=delivery.pk)
    require(actor, "archive.add_footagedelivery", delivery.broadcaster_id)
    if delivery.status != DeliveryStatus.FAILED:
        raise ConflictError("delivery-not-failed", _("Only what failed is tried again."), current=delivery.status)
    refuse_delivery(delivery.grant, delivery.broadcaster)
    FootageDelivery.objects.filter(pk=delivery.pk).update(
        status=DeliveryStatus.WAITING, attempts=0, error="", log="", progress_percent=0, due_at=Now()
    )
    transaction.on_commit(ring)
    delivery.refresh_from_db()
    return delivery


@transaction.atomic
def confirm_receipt(delivery: FootageDelivery, *, actor: User) -> FootageDelivery:
    """Say that the footage has arrived whole; the holder is told. Safe to repeat: the first moment stays."""
    delivery = _deliveries().select_for_update(of=("self",), no_key=True).get(pk=delivery.pk)
    require(actor, "archive.add_footagedelivery", delivery.broadcaster_id)
    if delivery.received_at is not None:
        return delivery
    if not delivery.downloads_used:
        raise ConflictError("not-downloaded", _("It was not downloaded yet."), current=delivery.status)
    FootageDelivery.objects.filter(pk=delivery.pk).update(received_at=Now(), received_by=actor)
    delivery.refresh_from_db()
    tell_delivery("footage-delivery.received", delivery, actor)
    return delivery


@transaction.atomic
def revoke_delivery(delivery: FootageDelivery, *, actor: User | None) -> FootageDelivery:
    """Close one delivery's links at once; the grant stays. Safe to repeat. By the holder of the footage."""
    delivery = _deliveries().select_for_update(of=("self",), no_key=True).get(pk=delivery.pk)
    require(actor, "archive.change_grant", delivery.grant.item.broadcaster_id)
    if delivery.status in (DeliveryStatus.REVOKED, DeliveryStatus.ENDED):
        return delivery
    FootageDelivery.objects.filter(pk=delivery.pk).update(
        status=DeliveryStatus.REVOKED, lease_token=None, leased_until=None
    )
    delivery.refresh_from_db()
    tell_delivery("footage-delivery.revoked", delivery, actor)
    return delivery


def prepare_next() -> bool:
    """Cut the clip that is due longest; False if none is. Each failure stands in its row."""
    claimed = _claim()
    if claimed is None:
        return False
    delivery, token = claimed
    try:
        _prepare(delivery, token)
    except LeaseLostError:
        log.warning("delivery.lease-lost", delivery=str(delivery.uid))
    except MediaError as error:
        _fail(delivery, token, error.code.value, error.log, may_pass=error.may_pass)
    except FileNotFoundError:
        _fail(delivery, token, StepError.MISSING.value, "", may_pass=False)
    except OSError as error:
        _fail(delivery, token, StepError.STORE.value, str(error), may_pass=True)
    except DomainError as error:  # its source has gone meanwhile
        _fail(delivery, token, error.code[:40], "", may_pass=False)
    return True


def ring() -> None:
    bell.wake(TASK, queue="media")


def wake_if_due() -> None:
    """Wake a worker if something waits that nobody is at."""
    if _due().exists():
        ring()


def end_deliveries() -> int:
    """Close deliveries whose grant's time is over, and drop the bytes of all that are closed. Returns how many ended.

    Safe to repeat: bytes go before the row says so.
    """
    ended = FootageDelivery.objects.filter(
        grant__period__endswith__lte=Now(),
        status__in=(DeliveryStatus.WAITING, DeliveryStatus.READY, DeliveryStatus.FAILED),
    ).update(status=DeliveryStatus.ENDED, lease_token=None, leased_until=None)
    closed = FootageDelivery.objects.filter(
        status__in=(DeliveryStatus.REVOKED, DeliveryStatus.ENDED, DeliveryStatus.FAILED), storage_name__startswith=OURS
    )
    for pk, name in closed.values_list("pk", "storage_name")[:200]:
        _drop(name)
        FootageDelivery.objects.filter(pk=pk, storage_name=name).exclude(status=DeliveryStatus.READY).update(
            storage_name=""
        )
    return int(ended)


def duration_of(file: MediaFile) -> int | None:
    found = file.instantiations.filter(duration_ms__isnull=False).first()
    return found.duration_ms if found else None


def tell_delivery(kind: str, delivery: FootageDelivery, actor: User | None) -> None:
    record(
        kind, subject_type="footage-delivery", subject_uid=delivery.uid,
        audience=[delivery.grant.item.broadcaster_id, delivery.broadcaster_id], actor=actor,
        grant=str(delivery.grant.uid), item=str(delivery.grant.item.uid),
    )  # fmt: skip


def _granted():  # type: ignore[no-untyped-def]  # a queryset of grants
    return Grant.objects.select_related("item__broadcaster", "segment__instantiation__file", "licence", "grantee")


def _deliveries():  # type: ignore[no-untyped-def]  # a queryset of deliveries
    return FootageDelivery.objects.select_related(
        "broadcaster", "grant__item__broadcaster", "grant__segment__instantiation__file", "grant__licence"
    )


def _due():  # type: ignore[no-untyped-def]  # a queryset of deliveries
    free = Q(leased_until__isnull=True) | Q(leased_until__lt=Now())
    return FootageDelivery.objects.filter(free, status=DeliveryStatus.WAITING, due_at__lte=Now())


@transaction.atomic
def _claim() -> tuple[FootageDelivery, UUID] | None:
    """A delivery and the token of its lease. Its row names the bytes before they are written: none are left behind."""
    due = _due().select_for_update(skip_locked=True, of=("self",), no_key=True).order_by("due_at", "pk")
    delivery = due.first()
    if delivery is None:
        return None
    if delivery.storage_name:
        _drop(delivery.storage_name)  # of a worker that was killed
    token = uuid4()
    FootageDelivery.objects.filter(pk=delivery.pk).update(
        attempts=F("attempts") + 1, lease_token=token, leased_until=Now() + LEASE, progress_percent=0,
        storage_name=f"{OURS}{uuid4().hex}",
    )  # fmt: skip
    return _deliveries().get(pk=delivery.pk), token


def _drop(name: str) -> None:
    with suppress(FileNotFoundError):
        media_store().delete(name)


def _prepare(delivery: FootageDelivery, token: UUID) -> None:
    if delivery.attempts > MOST_ATTEMPTS:  # its worker was killed each time
        raise MediaError(StepError.GAVE_UP)
    if delivery.in_ms is None or delivery.out_ms is None:
        raise ValueError("Whole files are not prepared.")
    file = source_of(delivery.grant)
    said = [timezone.now()]

    def on_progress(percent: int) -> None:
        if timezone.now() - said[0] >= timedelta(seconds=2):
            said[0] = timezone.now()
            _renew(delivery, token, percent)

    with local_copy(file.storage_name) as source, work_folder() as folder:
        target = folder / ("clip.wav" if file.content_type.startswith("audio/") else "clip.mp4")
        duration_ms = cut_clip(source, target, in_ms=delivery.in_ms, out_ms=delivery.out_ms, on_progress=on_progress)
        _renew(delivery, token, 99)
        with _put(target, delivery.storage_name):
            _finish(delivery, token, target, duration_ms, file)


@contextmanager
def _put(target: Path, name: str) -> Iterator[None]:
    """Into the store; taken out again if the row does not take it."""
    with target.open("rb") as content:
        media_store().put(name, content)
    try:
        yield
    except BaseException:
        _drop(name)
        raise


@transaction.atomic
def _finish(delivery: FootageDelivery, token: UUID, target: Path, duration_ms: int, file: MediaFile) -> None:
    """Raises LeaseLostError if the row is no longer ours: revoked, ended, or somebody else's."""
    with target.open("rb") as content:
        sha256 = hashlib.file_digest(content, "sha256").hexdigest()
    is_sound = target.suffix == ".wav"
    mine = FootageDelivery.objects.filter(pk=delivery.pk, lease_token=token, status=DeliveryStatus.WAITING)
    kept = mine.update(
        status=DeliveryStatus.READY, progress_percent=100, error="", log="", lease_token=None, leased_until=None,
        content_type="audio/wav" if is_sound else "video/mp4", size_bytes=target.stat().st_size,
        sha256=sha256, duration_ms=duration_ms,
    )  # fmt: skip
    if not kept:
        raise LeaseLostError
    PreservationEvent.objects.create(
        file=file, kind=PremisType.DISSEMINATION, outcome=PremisOutcome.SUCCESS, agent=_AGENT,
        detail={"delivery": str(delivery.uid), "in_ms": delivery.in_ms, "out_ms": delivery.out_ms, "sha256": sha256},
    )  # fmt: skip
    tell_delivery("footage-delivery.ready", delivery, None)


def _renew(delivery: FootageDelivery, token: UUID, percent: int) -> None:
    mine = FootageDelivery.objects.filter(pk=delivery.pk, lease_token=token, status=DeliveryStatus.WAITING)
    if not mine.update(leased_until=Now() + LEASE, progress_percent=max(0, min(percent, 100))):
        raise LeaseLostError


@transaction.atomic
def _fail(delivery: FootageDelivery, token: UUID, error: str, said: str, *, may_pass: bool) -> None:
    """Try again ever later what may pass, and not for ever."""
    mine = FootageDelivery.objects.filter(pk=delivery.pk, lease_token=token, status=DeliveryStatus.WAITING)
    free = {"lease_token": None, "leased_until": None, "error": error, "log": said[-4000:]}
    log.warning("delivery.failed", delivery=str(delivery.uid), error=error, attempts=delivery.attempts)
    if may_pass and delivery.attempts < MOST_ATTEMPTS:
        mine.update(due_at=Now() + FIRST_WAIT * 4 ** (delivery.attempts - 1), **free)
    elif mine.update(status=DeliveryStatus.FAILED, **free):
        tell_delivery("footage-delivery.failed", delivery, None)


def is_open(delivery: FootageDelivery) -> bool:
    """Whether it could be downloaded if its terms allow: its bytes lie ready."""
    return delivery.status == DeliveryStatus.READY and delivery.grant.status == GrantStatus.ACTIVE
