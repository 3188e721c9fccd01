"""Forgetting deliveries of long ago. Those of recalls are kept for ever: they say who was told.

A withdrawal of whatever kind that is still to be told is an obligation: it waits for as long as its receiver pauses.
"""

from datetime import timedelta

from django.db.models.functions import Now

from newsexchange.constants import DeliveryStatus
from newsexchange.models import Delivery

KEPT = timedelta(days=30)
_AT_ONCE = 5000


def purge_old_deliveries() -> int:
    """Delete some deliveries older than thirty days, failed attempts with them; returns how many. Call until 0."""
    old = (
        Delivery.objects.filter(created_at__lt=Now() - KEPT)
        .exclude(event__kind="story.recalled")
        .exclude(status=DeliveryStatus.PENDING, event__is_retraction=True)
    )
    ids = list(old.order_by("pk").values_list("pk", flat=True)[:_AT_ONCE])
    Delivery.objects.filter(pk__in=ids).delete()
    return len(ids)
