"""What fails or is tried again: conditions that pages and figures share."""

from django.db.models import Q
from django.db.models.functions import Now

from newsexchange.constants import DeliveryStatus


def failing_subscriptions() -> Q:
    """Active ones that fail, wait after failures, or were refused for good."""
    return Q(is_active=True) & (Q(failures__gt=0) | Q(open_until__gt=Now()) | Q(disabled_at__isnull=False))


def retried_deliveries() -> Q:
    return Q(status=DeliveryStatus.PENDING, attempts__gt=0)
