"""Background work of the news exchange. Every task may run twice, be killed, or never start: rows hold what is due."""

from uuid import UUID

from celery import shared_task

from newsexchange.services.delivery_purge import purge_old_deliveries
from newsexchange.services.digest import send_digests
from newsexchange.services.dispatch import dispatch, wake_if_due
from newsexchange.services.documents import render_due
from newsexchange.services.drop import drop_due
from newsexchange.services.duplicates import link_near_duplicates
from newsexchange.services.inbound import ingest_next, park_the_deadly, purge_payloads
from newsexchange.services.media_fetch import fetch_rendition, lease_due_renditions
from newsexchange.services.recall import remind_of_recalls
from newsexchange.services.story import release_due_embargoes, tell_expired
from newsexchange.services.sync import has_due_feeds, lease_due_feeds, sync_feeds
from newsexchange.services.translation_purge import purge_old_orders
from newsexchange.services.translation_work import wake_if_due as wake_translators_if_due
from newsexchange.services.translation_work import work_next

BATCH = 100  # feeds leased by one beat
FILES = 8  # media files leased by one beat
CHUNK = 20  # feeds handed to one task: a task costs more than an unchanged feed


@shared_task
def sync_due_feeds() -> None:
    """Lease what is due and hand it out in chunks. A lost chunk is due again when its leases end."""
    leased = [(feed_id, str(token)) for feed_id, token in lease_due_feeds(BATCH)]
    for start in range(0, len(leased), CHUNK):
        sync_leased_feeds.delay(leased[start : start + CHUNK])


@shared_task
def sync_leased_feeds(leased: list[tuple[int, str]]) -> None:
    """Fetch and store the feeds of the chunk; each failure is that feed's own and stands in its row.

    Then ring for the feeds that have waited for these: only two of a host are asked at a time.
    """
    sync_feeds([(feed_id, UUID(token)) for feed_id, token in leased])
    if leased and has_due_feeds():
        sync_due_feeds.delay()


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


@shared_task
def sweep_deliveries() -> None:
    """Wake a dispatcher if something waits: a bell may have been missed, a retry has become due, a lease has ended."""
    wake_if_due()


@shared_task
def dispatch_deliveries() -> None:
    """Send what is due to webhooks and hubs. Several may run at a time; a lost one costs the length of a lease."""
    dispatch()


@shared_task
def purge_deliveries() -> None:
    """Forget deliveries of long ago, but for those of recalls."""
    while purge_old_deliveries():
        pass


@shared_task
def ingest_pushed() -> None:
    """Read pushed documents one after the other, each in transactions of its own, until none waits."""
    park_the_deadly()
    while ingest_next():
        pass


@shared_task
def purge_pushed() -> None:
    """Forget the payloads of pushed documents that were stored long ago."""
    while purge_payloads():
        pass


@shared_task
def link_duplicates() -> None:
    """Link stories that say nearly the same, until none is without a signature."""
    while link_near_duplicates():
        pass


@shared_task
def dispatch_drops() -> None:
    """Leave documents in drop folders, and take out what was recalled."""
    drop_due()


@shared_task
def dispatch_digests() -> None:
    """Send the digests whose hour has come, and what was recalled at once."""
    send_digests()


@shared_task
def fetch_due_media() -> None:
    """Lease remote media files that are due and hand them out one by one: a large one holds up no other."""
    for rendition_id, token in lease_due_renditions(FILES):
        fetch_media.delay(rendition_id, str(token))


@shared_task
def fetch_media(rendition_id: int, token: str) -> None:
    """Fetch one file; a failure stands in its row."""
    fetch_rendition(rendition_id, UUID(token))


@shared_task
def translate_orders() -> None:
    """Do machine translations until none is due. Several may be at it side by side."""
    while work_next():
        pass


@shared_task
def sweep_translations() -> None:
    """Wake a worker for what is due again or was lost, and call off what belongs to killed stories."""
    wake_translators_if_due()


@shared_task
def purge_translations() -> None:
    """Forget machine translations of which nothing came, and the words of those decided long ago."""
    while purge_old_orders():
        pass
