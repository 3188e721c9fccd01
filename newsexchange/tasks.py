"""Background work of the news exchange. Every task may run twice, be killed, or never start: rows hold what is due."""

from uuid import UUID

from celery import shared_task

from newsexchange.services.documents import render_due
from newsexchange.services.recall import remind_of_recalls
from newsexchange.services.story import release_due_embargoes, tell_expired
from newsexchange.services.sync import lease_due_feeds, sync_feed

BATCH = 50  # feeds leased by one beat
CHUNK = 5  # feeds handed to one task: a task costs more than an unchanged feed


@shared_task
def sync_due_feeds() -> None:
    """Lease what is due and hand it out in chunks. A lost chunk is due again when its leases end."""
    leased = [(feed_id, str(token)) for feed_id, token in lease_due_feeds(BATCH)]
    for start in range(0, len(leased), CHUNK):
        sync_leased_feeds.delay(leased[start : start + CHUNK])


@shared_task
def sync_leased_feeds(leased: list[tuple[int, str]]) -> None:
    """Fetch and store each feed of the chunk; each failure is that feed's own and stands in its row."""
    for feed_id, token in leased:
        sync_feed(feed_id, UUID(token))


@shared_task
def release_embargoes() -> None:
    """Announce stories whose embargo has passed."""
    release_due_embargoes()


@shared_task
def render_due_documents() -> None:
    """Render cards and details of what feeds brought, until none is due. Short transactions: readers wait for none."""
    while render_due():
        pass


@shared_task
def tell_of_deadlines() -> None:
    """Tell of stories that have expired and of recalls that nobody acknowledged in time."""
    tell_expired()
    remind_of_recalls()
