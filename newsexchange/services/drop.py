"""The file drop: documents left in a subscriber's folder, and taken out of it again.

``<uid>-<language>.<extension>`` are the documents, ``<uid>.json`` says which there are and of which version, and
``<uid>.recall.json`` stands alone where a story was. All of a story begins with its uid, so nothing that was ever left
is forgotten.
"""

import io
import re
from collections.abc import Iterator
from hashlib import sha256
from typing import Any
from uuid import UUID

import orjson
import structlog
from django.db import connection, transaction
from django.db.models.functions import Now

from mediaexchange.core.languages.tags import DEFAULT, shown_language
from mediaexchange.core.models import OutboxEvent
from mediaexchange.core.stores import Store, drop_store
from newsexchange.constants import DeliveryStatus, Destination, Road
from newsexchange.delivery.checking import Checked, checked
from newsexchange.formats import ninjs31
from newsexchange.formats.registry import DOCUMENTS
from newsexchange.models import Delivery, Story, Subscription
from newsexchange.services.claiming import LEASE, Claim, claim_due
from newsexchange.services.delivery import Result, canceled, delivered, finish, missed
from newsexchange.services.documents import document_of
from newsexchange.services.receipt import note_receipts
from newsexchange.text import languages_of

AT_ONCE = 5  # claimed together: their leases must outlast them
_FOLDER = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]*(/[A-Za-z0-9_][A-Za-z0-9._-]*)*")
_LEFT = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}[.-][^/]*")  # by us, and not in a folder below
_LOCK = 0x6D78_6472  # first half of an advisory lock: "mxdr"; the second is the subscription

log = structlog.get_logger(__name__)


def drop_due() -> int:
    """Do what is due in every drop folder; returns how many deliveries were looked at."""
    done = 0
    while claimed := claim_due([Destination.DROP], AT_ONCE, each=AT_ONCE):
        passed, refused = checked(claimed)
        by_delivery = {item.delivery.pk: item for item in passed} | {result.delivery.pk: result for result in refused}
        subscriptions = Subscription.objects.in_bulk({delivery.subscription_id for delivery in claimed})
        events = OutboxEvent.objects.in_bulk({delivery.event_id for delivery in claimed})
        for delivery in claimed:
            subscription, event = subscriptions.get(delivery.subscription_id), events[delivery.event_id]
            found = by_delivery.get(delivery.pk)
            if subscription is None or (found is None and not event.is_retraction):
                continue  # paused meanwhile; what is withdrawn is taken out all the same
            is_to_be_left = isinstance(found, Checked) and not event.is_retraction
            story = found.story if isinstance(found, Checked) and is_to_be_left else None
            _attempt(subscription, event, story, found if isinstance(found, Result) else delivered(delivery))
            done += 1
    return done


def _attempt(subscription: Subscription, event: OutboxEvent, story: Story | None, result: Result) -> None:
    """Leave the story's documents or, without a story, take out whatever there is of it."""
    delivery = result.delivery
    if not _FOLDER.fullmatch(subscription.folder):
        finish([canceled(delivery, "bad-folder")])
        return
    try:
        files = dict(_files(subscription, story)) if story else {}
        with transaction.atomic():
            # Whoever slept over its lease must not write over what the next holder has done.
            lock_folder(subscription)
            if not _renew(delivery):
                return
            subscription.refresh_from_db(fields=["folder"])
            if story:
                _leave(subscription, story, files)
                note_receipts([story.pk], [subscription.broadcaster_id], Road.DROP)
            else:
                _take_out(subscription, event)
            finish([result])
    except OSError as error:
        log.warning("drop.failed", subscription=str(subscription.uid), errno=error.errno)
        finish([missed(delivery, f"store: {error.strerror or 'out of reach'}")])
    except Story.DoesNotExist:  # gone since we looked; its own event follows
        finish([canceled(delivery, "not-visible")])


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


def _leave(subscription: Subscription, story: Story, files: dict[str, bytes]) -> None:
    store, folder = drop_store(), subscription.folder
    for name, content in files.items():
        store.put(f"{folder}/{name}", io.BytesIO(content))
    for path in store.names(f"{folder}/{story.uid}"):
        if path.rpartition("/")[2] not in files:  # a language that is gone, a recall that was lifted
            store.delete(path)


def _take_out(subscription: Subscription, event: OutboxEvent) -> None:
    """Every file of the story, of whatever version and language, and a note in their place. Safe to repeat."""
    store: Store = drop_store()
    beginning = f"{subscription.folder}/{event.subject_uid}"
    was_there = store.purge(beginning)
    if was_there or event.is_retraction:
        store.put(f"{beginning}.recall.json", io.BytesIO(_note(event, event.subject_uid)))


def _note(event: OutboxEvent, uid: UUID) -> bytes:
    note: dict[str, Any] = {"uid": str(uid), "event": event.kind if event.is_retraction else "story.closed"}
    if event.is_retraction:
        note |= {"version": event.subject_version, "at": event.at.isoformat()}
        note |= {name: event.data[name] for name in ("recall", "recall_kind", "reason") if name in event.data}
    return orjson.dumps(note, option=orjson.OPT_INDENT_2)


def empty_folder(subscription: Subscription) -> None:
    """Take out everything that was ever left, since no recall will find it there any more. Lock the folder before."""
    store = drop_store()
    for path in store.names(f"{subscription.folder}/"):
        if _LEFT.fullmatch(path.removeprefix(f"{subscription.folder}/")):
            store.delete(path)


def lock_folder(subscription: Subscription) -> None:
    """Until the transaction ends. Take it before the subscription's row: a drop locks the row last."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK, subscription.pk])


def _renew(delivery: Claim) -> bool:
    """Whether the lease still stands; if so, for its whole length again."""
    mine = Delivery.objects.filter(pk=delivery.pk, lease_token=delivery.lease_token, status=DeliveryStatus.PENDING)
    return bool(mine.filter(leased_until__gt=Now()).update(leased_until=Now() + LEASE))
