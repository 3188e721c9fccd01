"""Entries that repeat what other records say, such as a person's names in footage: they follow by themselves.

Whoever changes the other record writes one row with it, however many entries repeat it. A task brings them up to date
batch by batch; each batch notes how far it came, so that it may be killed and may run twice.
"""

from datetime import timedelta

from django.db import transaction
from django.db.models.functions import Now

from mediaexchange.core.models import SearchEcho
from mediaexchange.core.search.indexing import refresh
from mediaexchange.core.search.registry import type_named

BATCH = 200
SETTLED = timedelta(seconds=5)  # by then writers that still held the old words have ended


def follow_echoes(*, batches: int = 50) -> int:
    """Bring up to date what repeats changed records, at most so many batches; returns how many records it was."""
    followed = 0
    for _number in range(batches):
        count = _follow_one()
        if count is None:
            break
        followed += count
    return followed


@transaction.atomic
def _follow_one() -> int | None:
    """The next batch of the oldest change that nobody else is at; None if there is none."""
    due = SearchEcho.objects.filter(changed_at__lte=Now() - SETTLED).order_by("id")
    echo = due.select_for_update(skip_locked=True, no_key=True).first()
    if echo is None:
        return None
    rows = type_named(echo.follower).repeats(echo.type, [echo.object_id])
    after = rows.filter(pk__gt=echo.last_id).order_by("pk") if rows is not None else None
    ids = list(after.values_list("pk", flat=True).distinct()[:BATCH]) if after is not None else []
    refresh(echo.follower, ids)
    if len(ids) < BATCH:
        echo.delete()
    else:
        echo.last_id = ids[-1]
        echo.save(update_fields=["last_id"])
    return len(ids)
