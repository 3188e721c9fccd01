"""A person's notifications as they are shown, and the marks of what has been read."""

from collections.abc import Collection, Iterable
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Now

from mediaexchange.core.inbox.models import Notification
from mediaexchange.core.models import User
from mediaexchange.core.notifications import texts_of

COUNTED = 99  # the bell counts no further


def unread_count(reader: User) -> int:
    """How many are unread, up to one more than the bell shows."""
    return Notification.objects.visible_to(reader).unread()[: COUNTED + 1].count()


def with_texts(rows: Iterable[Notification], reader: User) -> list[Notification]:
    """The same rows with their ``text`` in the active language, "" for those whose subject is gone for the reader."""
    listed = list(rows)
    said = texts_of(listed, reader)
    for row in listed:
        row.text = said.get(row.pk, "")
    return listed


@transaction.atomic
def mark_read(reader: User, uids: Collection[UUID]) -> int:
    """Those of the reader's among them that were unread; returns how many. Safe to repeat: the first moment stays."""
    rows = Notification.objects.visible_to(reader).unread().filter(uid__in=uids)
    return rows.update(read_at=Now())


@transaction.atomic
def mark_all_read(reader: User, *, up_to: int | None = None, app: str = "") -> int:
    """Everything that the reader can have seen: up to a row's id, and of one app only if it is named."""
    rows = Notification.objects.visible_to(reader).unread()
    if up_to is not None:
        rows = rows.filter(pk__lte=up_to)
    if app:
        rows = rows.filter(kind__startswith=f"{app}.")
    return rows.update(read_at=Now())
