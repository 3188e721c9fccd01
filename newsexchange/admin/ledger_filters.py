"""What subscriptions, deliveries and pushed documents can be narrowed to."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from broadcasters.querysets import member_ids
from mediaexchange.core.models import User
from newsexchange.admin.filters import ByRecord, ByWord
from newsexchange.constants import DeliveryStatus, Destination, InboundStatus
from newsexchange.models import Subscription
from newsexchange.standing import failing_subscriptions, retried_deliveries


class SubscriptionStateFilter(ByWord):
    title, parameter_name = _("state"), "state"

    def words(self, user: User) -> dict[str, tuple[Any, Any]]:
        return {
            "failing": (_("failing"), failing_subscriptions()),
            "paused": (_("paused"), Q(is_active=False)),
            "working": (_("working"), Q(is_active=True, failures=0, disabled_at__isnull=True)),
        }


class DestinationFilter(ByWord):
    title, parameter_name, prefix = _("destination"), "destination", ""

    def words(self, user: User) -> dict[str, tuple[Any, Any]]:
        return {str(value): (value.label, Q(**{f"{self.prefix}destination": value})) for value in Destination}


class DestinationOfFilter(DestinationFilter):
    prefix = "subscription__"


class SubscriptionFilter(ByRecord):
    title, parameter_name, column = _("subscription"), "subscription", "subscription"

    def records(self, user: User) -> QuerySet:
        return Subscription.objects.visible_to(user)


class LedgerFilter(ByWord):
    title, parameter_name = _("whose"), "whose"

    def words(self, user: User) -> dict[str, tuple[Any, Any]]:
        mine = Q(subscription__broadcaster__in=member_ids(user))
        return {"mine": (_("told to us"), mine), "ours": (_("told of our stories"), ~mine)}


class DeliveryStateFilter(ByWord):
    title, parameter_name = _("status"), "state"

    def words(self, user: User) -> dict[str, tuple[Any, Any]]:
        failing = retried_deliveries() | Q(status=DeliveryStatus.FAILED)
        return {"failing": (_("failing"), failing), "retried": (_("tried again"), retried_deliveries())} | {
            str(value): (value.label, Q(status=value)) for value in DeliveryStatus
        }


class InboundStateFilter(ByWord):
    title, parameter_name = _("status"), "state"

    def words(self, user: User) -> dict[str, tuple[Any, Any]]:
        return {str(value): (value.label, Q(status=value)) for value in InboundStatus}
