"""Forgetting machine translations of long ago: first those of which nothing came, then the words of those decided on.

Who approved or rejected what, with which service and why, stays in the row for ever; so does the edition that an
approval made. Nothing that a person still has to decide is ever forgotten.
"""

from datetime import timedelta

from django.db.models.functions import Now

from newsexchange.constants import OrderStatus
from newsexchange.models import TranslationOrder

FRUITLESS_KEPT = timedelta(days=30)  # failed or called off: the reason can be looked up for a while
WORDS_KEPT = timedelta(days=180)  # what the machine had written, beside what the person made of it
_AT_ONCE = 500


def purge_old_orders() -> int:
    """Delete some fruitless orders and empty some decided ones; returns how many. Call until 0."""
    fruitless = TranslationOrder.objects.filter(
        status__in=[OrderStatus.FAILED, OrderStatus.CANCELED], finished_at__lt=Now() - FRUITLESS_KEPT
    )
    ids = list(fruitless.order_by("pk").values_list("pk", flat=True)[:_AT_ONCE])
    TranslationOrder.objects.filter(pk__in=ids).delete()
    decided = TranslationOrder.objects.filter(
        status__in=[OrderStatus.APPROVED, OrderStatus.REJECTED], reviewed_at__lt=Now() - WORDS_KEPT
    ).exclude(source={}, segments=[])
    emptied = list(decided.order_by("pk").values_list("pk", flat=True)[:_AT_ONCE])
    TranslationOrder.objects.filter(pk__in=emptied).update(source={}, segments=[])
    return len(ids) + len(emptied)
