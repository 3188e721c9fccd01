"""Background work that belongs to no app in particular."""

from celery import shared_task
from django.db.models.functions import Now

from mediaexchange.core.api.idempotency import purge_repeatable
from mediaexchange.core.models import Heartbeat
from mediaexchange.core.outbox import number_events


@shared_task
def number_outbox() -> None:
    """Number events even while nobody reads, so that their age can be watched."""
    number_events()


@shared_task
def purge_repeatable_requests() -> None:
    """Forget yesterday's answers to repeatable requests."""
    purge_repeatable()


@shared_task
def beat_heart() -> None:
    """Prove that beat, the broker, a worker and the database are all there."""
    Heartbeat.objects.update_or_create(name="worker", defaults={"at": Now()})
