"""Sending webhooks and hub pings: claim in batches, post many at once, write results in batches.

Any number of these may run at a time, be killed or sleep: leases and their tokens keep each delivery to one of them.
"""

import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now
from django.utils import timezone

from mediaexchange.core import bell
from mediaexchange.core.outgoing.courier import POST_SECONDS
from newsexchange.constants import DeliveryStatus, Destination, Road
from newsexchange.delivery import payloads
from newsexchange.delivery.checking import Checked, checked
from newsexchange.delivery.postman import Parcel, Postman, Report
from newsexchange.delivery.signing import signed_headers
from newsexchange.models import Delivery, Subscription
from newsexchange.services.delivery import LEASE, Result, claim_due, delivered, finish, missed
from newsexchange.services.fanout import fan_out, has_events_to_fan_out
from newsexchange.services.receipt import note_receipts

WORK_S = 20.0  # then another takes over, so that a worker can be stopped
VENTURE_S = 5.0  # in the beginning also those are tried that failed last time; they may take the rest of the time
LINGER_S = 2.5  # after the last work; longer than one ring silences the next
BATCH = 400
AT_ONCE = 600  # below the usual limit of open files
EACH = 100  # of one subscription
SLOW_S = 2.0  # who leaves something unanswered for so long gets nothing more until it answers
_LOOK_S = 0.1  # how often it looks for new events
_GATHER_S = 0.05  # how long results are gathered before they are written together
_SPENT = LEASE - timedelta(seconds=POST_SECONDS + 5)  # what is not started by then is left to another


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
        made = 0
        if time.monotonic() > self._looked_at + _LOOK_S:
            made = fan_out()
            self._looked_at = time.monotonic()
        room = AT_ONCE - self._postman.load
        claims = self._claim(min(room, BATCH)) if room >= BATCH // 2 else []
        if claims:
            self._send(claims)
        self._write(self._postman.collect(_GATHER_S, BATCH // 2))
        return bool(made or claims or self._postman.load)

    def _claim(self, limit: int) -> list[Delivery]:
        full = dict.fromkeys(self._postman.slow(SLOW_S), EACH)
        is_venturing = time.monotonic() < self._started + VENTURE_S
        claims = claim_due(
            (Destination.WEBHOOK, Destination.HUB),
            limit,
            each=EACH,
            in_flight={**self._postman.in_flight, **full},
            after=self._last_served,
            healthy_only=not is_venturing,
        )
        if claims:
            self._last_served = claims[-1].subscription_id
        return claims

    def _send(self, claims: Sequence[Delivery]) -> None:
        start_before = time.monotonic() + _SPENT.total_seconds()
        ready, refused = checked(claims)
        finish(refused)
        self._postman.send(parcels_of(ready, timezone.now(), start_before))

    def _write(self, reports: Sequence[Report]) -> None:
        results = [result for report in reports if (result := _result(report))]
        stood = finish(results)
        arrived = [result.delivery for result in results if result.answer and 200 <= result.answer < 300]
        self._arrived += sum(delivery.pk in stood for delivery in arrived)
        note_arrivals([delivery for delivery in arrived if delivery.pk in stood])


def parcels_of(ready: Iterable[Checked], now: datetime, start_before: float) -> list[Parcel]:
    """What to post where. The body of an event is made once for all who are told the same."""
    bodies: dict[tuple[int, bool, int | None], bytes] = {}
    parcels = []
    for item in ready:
        is_ping = item.subscription.destination == Destination.HUB
        key = (item.event.pk, is_ping, item.notice.pk if item.notice else None)
        if key not in bodies:
            bodies[key] = (
                payloads.ping_of(item.story)
                if is_ping and item.story
                else payloads.body_of(item.event, item.story, item.notice)
            )
        headers = {"Content-Type": payloads.FORM_TYPE if is_ping else payloads.CONTENT_TYPE}
        if not is_ping:
            secrets = living_secrets(item.subscription, now)
            headers |= signed_headers(str(item.delivery.uid), int(now.timestamp()), bodies[key], secrets)
        parcels.append(Parcel(item.delivery, item.subscription.url, bodies[key], headers, start_before))
    return parcels


def living_secrets(subscription: Subscription, now: datetime) -> list[str]:
    """The secret, and the one before it while receivers are changing over."""
    until = subscription.previous_secret_until
    is_changing = bool(subscription.previous_secret) and until is not None and until > now
    return [subscription.secret, *([subscription.previous_secret] if is_changing else [])]


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


def note_arrivals(deliveries: Sequence[Delivery], road: Road = Road.WEBHOOK) -> None:
    """Note in the ledger of receipts who has now been told of which story; a hub is nobody."""
    told = Delivery.objects.filter(
        pk__in=[delivery.pk for delivery in deliveries], event__subject_type="story", event__is_retraction=False
    ).exclude(subscription__destination=Destination.HUB)
    receivers: dict[int, set[int]] = defaultdict(set)
    for story_id, broadcaster_id in told.foreign_stories():
        receivers[story_id].add(broadcaster_id)
    together: dict[frozenset[int], list[int]] = defaultdict(list)
    for story_id, broadcasters in receivers.items():
        together[frozenset(broadcasters)].append(story_id)
    for circle, story_ids in together.items():
        note_receipts(story_ids, circle, road)


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
