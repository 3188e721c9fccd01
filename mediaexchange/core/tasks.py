"""Background work that belongs to no app in particular."""

from celery import shared_task
from django.conf import settings
from django.db.models.functions import Now

from mediaexchange.core.api.idempotency import purge_repeatable
from mediaexchange.core.inbox import mailing
from mediaexchange.core.models import Heartbeat
from mediaexchange.core.outbox import number_events
from mediaexchange.core.search.echoes import follow_echoes
from mediaexchange.core.trail.sealing import seal_entries


@shared_task
def number_outbox() -> None:
    """Number events even while nobody reads, so that their age can be watched."""
    number_events()


@shared_task
def purge_repeatable_requests() -> None:
    """Forget yesterday's answers to repeatable requests."""
    purge_repeatable()


@shared_task
def follow_search_echoes() -> None:
    """Let search find records under the new names of what they mention."""
    follow_echoes()


@shared_task
def beat_heart() -> None:
    """Prove that beat, the broker, a worker and the database are all there."""
    Heartbeat.objects.update_or_create(name="worker", defaults={"at": Now()})


@shared_task
def dispatch_notifications() -> None:
    """Mail people what they want mailed, until nothing is due. Several may be at it side by side."""
    while mailing.gather():
        pass
    while mailing.send_next():
        pass


@shared_task
def purge_notifications() -> None:
    """Forget notifications that were read long ago, and those of a year ago."""
    mailing.purge(settings.NOTIFICATION_DAYS, max(settings.NOTIFICATION_DAYS, 365))


@shared_task
def seal_audit() -> None:
    """Seal what the audit trail has got since, for a minute at most; whoever is killed is followed by the next."""
    seal_entries()
