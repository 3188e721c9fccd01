"""Sending again what was sent before, under the same ids: a receiver that kept count ignores what it already has."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from broadcasters.permissions import may, require
from broadcasters.querysets import member_ids
from mediaexchange.core import bell
from mediaexchange.core.errors import DomainError, ForbiddenError
from mediaexchange.core.models import User
from newsexchange.constants import DeliveryStatus, Destination
from newsexchange.models import Delivery, Story, Subscription
from newsexchange.services.delivery_purge import KEPT
from newsexchange.services.fanout import fan_out_again

MOST = 10_000
_PERMISSION = "newsexchange.replay_delivery"


@transaction.atomic
def replay_deliveries(uids: Sequence[UUID], *, actor: User) -> int:
    """Make these deliveries due again, attempts reset; returns how many were made so. Safe to repeat.

    The subscriber may ask for its own, the origin of a story for those about it, but not for another's mail. What the
    actor does not see or may not ask for that reason does not count. Raises ForbiddenError if the actor's role does not
    allow it for one of them.
    """
    visible = Delivery.objects.visible_to(actor).filter(uid__in=uids)
    others_mail = Q(subscription__destination=Destination.EMAIL) & ~Q(subscription__broadcaster__in=member_ids(actor))
    found = list(visible.exclude(others_mail).select_related("subscription")[: MOST + 1])
    origins = dict(
        Story.objects.filter(uid__in={delivery.subject_uid for delivery in found}).values_list("uid", "broadcaster_id")
    )
    for delivery in found:
        sides = {delivery.subscription.broadcaster_id, origins.get(delivery.subject_uid)} - {None}
        if not any(may(actor, _PERMISSION, side) for side in sides if side is not None):
            raise ForbiddenError("role-missing", _("Your role does not allow this."), permission=_PERMISSION)
    return _again(Delivery.objects.filter(pk__in=[delivery.pk for delivery in found]))


@transaction.atomic
def replay_window(subscription: Subscription, *, since: datetime, until: datetime | None, actor: User) -> int:
    """Send everything of this time again, and what was missed in it by a pause; returns how many are due. Repeatable.

    Raises DomainError for a window that is empty, older than the ledger or larger than ``MOST``.
    """
    require(actor, _PERMISSION, subscription.broadcaster_id)
    now = timezone.now()
    if since < now - KEPT:
        raise DomainError(
            "window-too-old", _("Deliveries are kept for %(days)s days.") % {"days": KEPT.days}, days=KEPT.days
        )
    if since >= min(until or now, now):
        raise DomainError("window-empty", _("The window ends before it begins."))
    missed = fan_out_again(subscription, since, until)
    known = subscription.deliveries.filter(event__at__gte=since)
    if until is not None:
        known = known.filter(event__at__lt=until)
    if known.count() > MOST:
        raise DomainError("window-too-large", _("Too much at once; take a shorter window."), most=MOST)
    return missed + _again(known)


def _again(deliveries: QuerySet[Delivery]) -> int:
    """Those that are over become due; what is still waiting is tried at once, and a lease under way is let be."""
    transaction.on_commit(bell.ring)
    over = deliveries.exclude(status=DeliveryStatus.PENDING)
    waiting = deliveries.filter(status=DeliveryStatus.PENDING, leased_until__isnull=True)
    waiting.update(due_at=Now(), attempts=0)
    return over.update(
        status=DeliveryStatus.PENDING, attempts=0, due_at=Now(), finished_at=None, error="", response_status=None
    )
