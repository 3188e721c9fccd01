"""Sending webhooks and hub pings: claim in batches, post many at once, write results in batches.

Any number of these may run at a time, be killed or sleep: leases and their tokens keep each delivery to one of them.
"""

import time
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now
from django.utils import timezone

from mediaexchange.core import bell
from mediaexchange.core.models import OutboxEvent
from mediaexchange.core.outgoing.courier import POST_SECONDS
from newsexchange.constants import DeliveryStatus, Destination, Road
from newsexchange.delivery import payloads
from newsexchange.delivery.checking import Cleared, Recipient, cleared
from newsexchange.delivery.postman import MOST, STALLED_S, Parcel, Postman, Report
from newsexchange.delivery.signing import signed_headers
from newsexchange.models import Delivery, Story, Subscription
from newsexchange.services.claiming import LEASE, Claim, claim_due
from newsexchange.services.delivery import Result, delivered, finish, missed
from newsexchange.services.fanout import fan_out, has_events_to_fan_out
from newsexchange.services.receipt import note_pairs

WORK_S = 20.0  # then another takes over, so that a worker can be stopped
VENTURE_S = 5.0  # in the beginning also those are tried that failed last time; they may take the rest of the time
LINGER_S = 2.5  # after the last work; longer than one ring silences the next
BATCH = 400
AT_ONCE = 600  # waiting for their turn or for an answer, without what has stalled
EACH = 100  # of one subscription that answers
START = 10  # of one that has not answered this dispatcher yet; more with every answer
SLOW_S = 2.0  # who leaves something unanswered for so long gets nothing more until it answers
_LOOK_S = 0.1  # how often it looks for new events
_GATHER_S = 0.05  # how long results are gathered before they are written together
_SPENT = LEASE - timedelta(seconds=POST_SECONDS + 5)  # what is not started by then is left to another
_EVENTS_KEPT = 2000


def dispatch(*, work_s: float = WORK_S, linger_s: float = LINGER_S, timeout: float = POST_SECONDS) -> int:
    """Deliver until nothing is due, or for ``work_s`` seconds and what is then still under way; returns how many."""
    with Postman(timeout=timeout) as postman:
        return _Dispatcher(postman, time.monotonic(), work_s, linger_s).run()


class _Dispatcher:
    def __init__(self, postman: Postman, started: float, work_s: float, linger_s: float) -> None:
        self._postman = postman
        self._started = started
        self._work_s = work_s
        self._linger_s = linger_s
        self._last_served = 0
        self._looked_at = 0.0
        self._arrived = 0
        self._answered: Counter[int] = Counter()  # by subscription, since its last failure
        self._events: dict[int, OutboxEvent] = {}

    def run(self) -> int:
        busy_at = self._started
        bell.stay_awake()
        awake_at = time.monotonic()
        while time.monotonic() < self._started + self._work_s:
            if time.monotonic() - awake_at > bell.AWAKE_S / 4:
                bell.stay_awake()
                awake_at = time.monotonic()
            if self._pass():
                busy_at = time.monotonic()
            elif time.monotonic() > busy_at + self._linger_s:
                bell.fall_asleep()
                self._looked_at = 0.0
                if not self._pass():  # committed between the last look and the bell's return
                    return self._arrived
                busy_at = time.monotonic()
            elif not self._postman.load:
                time.sleep(_LOOK_S if self._linger_s else 0)
        bell.fall_asleep()
        bell.ring()  # whoever comes finds what is left
        while self._postman.load:
            self._write(self._postman.collect(1.0, BATCH))
        return self._arrived

    def _pass(self) -> bool:
        """Make, claim, send, write; False if there was nothing to do and nothing is under way."""
        seen = 0
        if time.monotonic() > self._looked_at + _LOOK_S:
            seen = fan_out()
            self._looked_at = time.monotonic()
        load, stalled = self._postman.load, sum(self._postman.stalled(STALLED_S).values())
        room = min(AT_ONCE - load + stalled, MOST - load)
        claims = self._claim(min(room, BATCH)) if room >= BATCH // 2 else []
        if claims:
            self._send(claims)
        is_only_waiting = not claims and load == stalled
        self._write(self._postman.collect(_LOOK_S if is_only_waiting else _GATHER_S, BATCH // 2))
        return bool(seen or claims or self._postman.load)

    def _claim(self, limit: int) -> list[Claim]:
        windows = {pk: min(2 * count, EACH) for pk, count in self._answered.items() if 2 * count > START}
        windows |= dict.fromkeys(self._postman.stalled(SLOW_S), 0)
        is_venturing = time.monotonic() < self._started + VENTURE_S
        claims = claim_due(
            (Destination.WEBHOOK, Destination.HUB),
            limit,
            each=START,
            windows=windows,
            in_flight=self._postman.in_flight,
            after=self._last_served,
            healthy_only=not is_venturing,
        )
        if claims:
            self._last_served = claims[-1].subscription_id
        return claims

    def _send(self, claims: Sequence[Claim]) -> None:
        start_before = time.monotonic() + _SPENT.total_seconds()
        if len(self._events) > _EVENTS_KEPT:
            self._events.clear()
        ready, refused = cleared(claims, self._events)
        finish(refused)
        self._postman.send(parcels_of(ready, timezone.now(), start_before))

    @transaction.atomic
    def _write(self, reports: Sequence[Report]) -> None:
        """Together, so that nothing counts as delivered without its receipt, whenever the dispatcher is killed."""
        results = [result for report in reports if (result := _result(report))]
        stood = finish(results)
        pairs = set()
        for report in reports:
            delivery = report.parcel.delivery
            if report.answer is None or not report.answer.is_success:
                del self._answered[delivery.subscription_id]
                continue
            self._answered[delivery.subscription_id] += 1
            if delivery.pk in stood:
                self._arrived += 1
                if report.parcel.told:
                    pairs.add(report.parcel.told)
        note_pairs(pairs, Road.WEBHOOK)


def parcels_of(ready: Sequence[Cleared], now: datetime, start_before: float) -> list[Parcel]:
    """What to post where. The body of an event is made once for all who are told the same."""
    bodies: dict[tuple[int, int | None], bytes] = {}
    pings = _pings(ready)
    sent_at = int(now.timestamp())
    parcels = []
    for item in ready:
        recipient, event, story = item.recipient, item.event, item.story
        if recipient.destination == Destination.HUB:
            if story and story.pk in pings:  # otherwise it has gone since it was looked at
                headers = {"Content-Type": payloads.FORM_TYPE}
                parcels.append(Parcel(item.delivery, recipient.url, pings[story.pk], headers, start_before))
            continue
        key = (event.pk, item.notice.pk if item.notice else None)
        found = bodies.get(key)
        if found is None:
            found = bodies[key] = payloads.body_of(event, story, item.notice)
        headers = {
            "Content-Type": payloads.CONTENT_TYPE,
            **signed_headers(str(item.delivery.uid), sent_at, found, living_secrets(recipient, now)),
        }
        is_receipt = story and not event.is_retraction and story.broadcaster_id != recipient.broadcaster_id
        told = (story.pk, recipient.broadcaster_id) if story and is_receipt else None
        parcels.append(Parcel(item.delivery, recipient.url, found, headers, start_before, told))
    return parcels


def _pings(ready: Iterable[Cleared]) -> dict[int, bytes]:
    """What hubs are told, by story."""
    ids = {item.story.pk for item in ready if item.story and item.recipient.destination == Destination.HUB}
    stories = Story.objects.select_related("broadcaster").filter(pk__in=ids) if ids else ()
    return {story.pk: payloads.ping_of(story) for story in stories}


def living_secrets(recipient: Recipient, now: datetime) -> list[str]:
    """The secret, and the one before it while receivers are changing over."""
    until = recipient.previous_secret_until
    is_changing = bool(recipient.previous_secret) and until is not None and until > now
    return [recipient.secret, *([recipient.previous_secret] if is_changing else [])]


def _result(report: Report) -> Result | None:
    """What a report means; None for what was never started, which its lease gives back."""
    delivery, answer = report.parcel.delivery, report.answer
    if answer is None:
        if report.error is None:
            return None
        return missed(delivery, f"{report.error.code}: {report.error.detail}", duration_ms=report.elapsed_ms)
    if answer.is_success:
        return delivered(delivery, answer=answer.status, duration_ms=answer.elapsed_ms)
    return missed(
        delivery,
        f"HTTP {answer.status}",
        answer=answer.status,
        duration_ms=answer.elapsed_ms,
        retry_after=answer.retry_after,
    )


def wake_if_due() -> bool:
    """Ring if events wait to become deliveries, or deliveries to be sent; for the timetable, in case no bell was heard.

    Says whether it rang.
    """
    now = Now()
    due = Delivery.objects.filter(
        Q(leased_until__isnull=True) | Q(leased_until__lt=now),
        subscription_id=OuterRef("pk"),
        status=DeliveryStatus.PENDING,
        due_at__lte=now,
    )
    waiting = Subscription.objects.filter(
        Q(open_until__isnull=True) | Q(open_until__lte=now),
        Exists(due),
        destination__in=[Destination.WEBHOOK, Destination.HUB],
        is_active=True,
        disabled_at__isnull=True,
        broadcaster__is_active=True,
    )
    is_due = has_events_to_fan_out() or waiting.exists()
    if is_due:
        bell.ring()
    return is_due
