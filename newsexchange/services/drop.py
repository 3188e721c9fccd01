"""The file drop: documents left in a subscriber's folder, and taken out of it again.

``<uid>-<language>.<extension>`` are the documents, ``<uid>.json`` says which there are and of which version, and
``<uid>.recall.json`` stands alone where a story was. All of a story begins with its uid, so nothing that was ever left
is forgotten.

Whatever an event says, the folder is brought to what holds for its story now: an old one may be sent again. No
transaction waits for the store. A delivery is claimed, files are written while its lease stands, and it is finished
under its token; who finds that it lost the lease has the story's last delivery done again.
"""

import io
import re
from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

import orjson
import structlog
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now

from mediaexchange.core.languages.tags import DEFAULT, shown_language
from mediaexchange.core.models import OutboxEvent
from mediaexchange.core.stores import Store, drop_store
from newsexchange.constants import DeliveryStatus, Destination, Road
from newsexchange.formats import ninjs31
from newsexchange.formats.registry import DOCUMENTS
from newsexchange.models import Delivery, LeftFolder, Story, Subscription
from newsexchange.rights import may_use
from newsexchange.services.claiming import LEASE, Claim, claim_due
from newsexchange.services.delivery import Result, canceled, delivered, finish, missed
from newsexchange.services.documents import document_of
from newsexchange.services.receipt import note_receipts
from newsexchange.text import languages_of

AT_ONCE = 5  # claimed together: their leases must outlast them
_LATE = timedelta(minutes=5)  # by then nobody writes any more to a folder that was left
_FOLDER = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]*(/[A-Za-z0-9_][A-Za-z0-9._-]*)*")
_LEFT = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}[.-][^/]*")  # by us, and not in a folder below

log = structlog.get_logger(__name__)


class LeaseLostError(Exception):
    """Somebody else has the delivery, or the folder is not the subscription's any more."""


def drop_due() -> int:
    """Do what is due in every drop folder; returns how many deliveries were looked at."""
    empty_left_folders()
    done = 0
    while claimed := claim_due([Destination.DROP], AT_ONCE, each=AT_ONCE):
        ids = {claim.subscription_id for claim in claimed}
        subscriptions = Subscription.objects.select_related("broadcaster").in_bulk(ids)
        events = OutboxEvent.objects.in_bulk({claim.event_id for claim in claimed})
        for claim in claimed:
            subscription, event = subscriptions.get(claim.subscription_id), events[claim.event_id]
            if subscription is None or not (_is_listening(subscription) or event.is_retraction):
                continue  # paused meanwhile; what is withdrawn is taken out all the same
            _attempt(claim, subscription, event)
            done += 1
    return done


def _is_listening(subscription: Subscription) -> bool:
    return subscription.is_active and subscription.disabled_at is None and subscription.broadcaster.is_active


def _attempt(claim: Claim, subscription: Subscription, event: OutboxEvent) -> None:
    """Leave the story's documents or, if the subscriber has no right to them now, take out whatever there is of it."""
    if not _FOLDER.fullmatch(subscription.folder):
        finish([canceled(claim, "bad-folder")])
        return
    story, reason = _present(subscription, event.subject_uid)
    result = canceled(claim, reason) if reason and not event.is_retraction else delivered(claim)
    try:
        if story is None:
            _require_lease(claim)
            _take_out(subscription.folder, event)
        elif _is_listening(subscription):
            _leave(claim, subscription.folder, story, dict(_files(subscription, story)))
        _conclude(result, subscription, story)
    except OSError as error:
        log.warning("drop.failed", subscription=str(subscription.uid), errno=error.errno)
        if not finish([missed(claim, f"store: {error.strerror or 'out of reach'}")]):
            _amend(subscription, event.subject_uid)
    except Story.DoesNotExist:  # gone since we looked; its own event follows
        finish([canceled(claim, "not-visible")])
    except LeaseLostError:
        _amend(subscription, event.subject_uid)


def _present(subscription: Subscription, uid: UUID) -> tuple[Story | None, str]:
    """The story if it may lie in the folder at this moment; otherwise None and why not."""
    home = subscription.broadcaster
    standing = Story.objects.filter(uid=uid).not_withdrawn().seen_by([home.pk])
    story = standing.select_related("broadcaster").first()
    if story is None:
        return None, "not-visible"
    if story.broadcaster_id != home.pk and not may_use(story, home).is_allowed:
        return None, "use-refused"
    return story, ""


@transaction.atomic
def _conclude(result: Result, subscription: Subscription, story: Story | None) -> None:
    """Write down what was done. Raises LeaseLostError if somebody else may have done something else meanwhile."""
    if not finish([result]):
        raise LeaseLostError
    if story is not None and _is_listening(subscription):
        note_receipts([story.pk], [subscription.broadcaster_id], Road.DROP)


def _amend(subscription: Subscription, uid: UUID) -> None:
    """Have what was written too late put right: the story's last delivery is done again, in the folder of today."""
    folder = Subscription.objects.filter(pk=subscription.pk).values_list("folder", flat=True).first()
    if folder != subscription.folder:
        try:
            drop_store().purge(f"{subscription.folder}/{uid}")
        except OSError as error:
            log.warning("drop.not-amended", folder=subscription.folder, errno=error.errno)
    last = Delivery.objects.filter(subscription=subscription.pk, subject_uid=uid).order_by("-position").values("pk")[:1]
    Delivery.objects.filter(pk__in=last).exclude(status=DeliveryStatus.PENDING).update(
        status=DeliveryStatus.PENDING, attempts=0, due_at=Now(), finished_at=None, error=""
    )


def _files(subscription: Subscription, story: Story) -> Iterator[tuple[str, bytes]]:
    """Names and contents, the list of them last: whoever sees it finds what it names."""
    kept: list[dict[str, Any]] = []
    names: set[str] = set()
    extensions: set[str] = set()
    version = story.version
    for format in subscription.formats or [ninjs31.NAME]:
        extension = DOCUMENTS[format].extension
        infix = f".{format}" if extension in extensions else ""
        extensions.add(extension)
        for shown in _languages(subscription, story):
            document = document_of(story, format, shown)
            name = f"{story.uid}-{document.language}{infix}.{extension}"
            if name in names:  # two languages without text of their own fell back to the same
                continue
            names.add(name)
            version = document.version
            kept.append(
                {
                    "name": name,
                    "format": format,
                    "language": document.language,
                    "content_type": document.content_type,
                    "size_bytes": len(document.content),
                    "sha256": sha256(document.content).hexdigest(),
                }
            )
            yield name, document.content
    listed = {"uid": str(story.uid), "version": version, "pubstatus": story.pubstatus, "files": kept}
    yield f"{story.uid}.json", orjson.dumps(listed, option=orjson.OPT_INDENT_2)


def _languages(subscription: Subscription, story: Story) -> list[str]:
    """Shown languages in which the story has text and which are wanted; if there are none, the first that is wanted."""
    wanted = [shown for tag in subscription.languages if (shown := shown_language(tag))]
    has_text = [shown for tag in languages_of(story) if (shown := shown_language(tag))]
    return [shown for shown in has_text if shown in wanted or not wanted] or (wanted or [DEFAULT])[:1]


def _leave(claim: Claim, folder: str, story: Story, files: dict[str, bytes]) -> None:
    store = drop_store()
    for name, content in files.items():
        _require_lease(claim)
        store.put(f"{folder}/{name}", io.BytesIO(content))
    for path in store.names(f"{folder}/{story.uid}"):
        if path.rpartition("/")[2] not in files:  # a language that is gone, a recall that was lifted
            store.delete(path)


def _take_out(folder: str, event: OutboxEvent) -> None:
    """Every file of the story, of whatever version and language, and a note in their place. Safe to repeat."""
    store: Store = drop_store()
    beginning = f"{folder}/{event.subject_uid}"
    was_there = store.purge(beginning)
    if was_there or event.is_retraction:
        store.put(f"{beginning}.recall.json", io.BytesIO(_note(event, event.subject_uid)))


def _note(event: OutboxEvent, uid: UUID) -> bytes:
    note: dict[str, Any] = {"uid": str(uid), "event": event.kind if event.is_retraction else "story.closed"}
    if event.is_retraction:
        note |= {"version": event.subject_version, "at": event.at.isoformat()}
        note |= {name: event.data[name] for name in ("recall", "recall_kind", "reason") if name in event.data}
    return orjson.dumps(note, option=orjson.OPT_INDENT_2)


def leave_folder(subscription: Subscription) -> None:
    """In the transaction in which its folder ceases to be a subscription's: note that it is to be emptied.

    Who is writing there loses its lease, so that it does its work again in the new folder.
    """
    LeftFolder.objects.get_or_create(folder=subscription.folder)
    under_way = subscription.deliveries.filter(status=DeliveryStatus.PENDING, lease_token__isnull=False)
    under_way.update(lease_token=None, leased_until=None)


def empty_left_folders() -> None:
    """Take out everything that was ever left, since no recall will find it there any more: at once, and again when
    whoever was late has come to an end."""
    late = Q(created_at__lt=Now() - _LATE)
    for left in LeftFolder.objects.filter(Q(emptied_at__isnull=True) | late):
        try:
            _empty(left.folder)
        except OSError as error:
            log.warning("drop.not-emptied", folder=left.folder, errno=error.errno)
            continue
        mine = LeftFolder.objects.filter(pk=left.pk)
        mine.filter(late).delete()
        mine.update(emptied_at=Now())


def _empty(folder: str) -> None:
    if not _FOLDER.fullmatch(folder):
        return  # nothing was ever written there
    store = drop_store()
    for path in store.names(f"{folder}/"):
        if _LEFT.fullmatch(path.removeprefix(f"{folder}/")):
            store.delete(path)


def _require_lease(claim: Claim) -> None:
    """Have it for its whole length again, or raise LeaseLostError."""
    mine = Delivery.objects.filter(pk=claim.pk, lease_token=claim.lease_token, status=DeliveryStatus.PENDING)
    if not mine.filter(leased_until__gt=Now()).update(leased_until=Now() + LEASE):
        raise LeaseLostError
