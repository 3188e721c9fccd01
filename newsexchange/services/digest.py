"""The e-mail digest: when it is due."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from newsexchange.models import Subscription


def next_digest_at(subscription: Subscription, now: datetime) -> datetime:
    """The next moment after ``now`` at which the broadcaster's clocks show ``digest_at``.

    In the night without that time (the clocks go forward) it is as much later as they jump; in the night that has it
    twice it is the first. Reads ``subscription.broadcaster``.
    """
    zone = ZoneInfo(subscription.broadcaster.time_zone)
    day = now.astimezone(zone).date()
    for later in (0, 1, 2):
        moment = datetime.combine(day + timedelta(days=later), subscription.digest_at, zone).astimezone(now.tzinfo)
        if moment > now:
            return moment
    raise AssertionError("Of three days one lies ahead.")
