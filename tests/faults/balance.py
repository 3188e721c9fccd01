"""The books of the fault tests: who had to be told what, worked out from the events alone, and who was."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime

from standardwebhooks import Webhook

from tests.faults.exchange import Exchange
from tests.faults.sink import Arrival

Told = tuple[str, str]  # event's uid, subscription's path

_EVENTS = """
SELECT event.uid::text, event.subject_uid, event.audience, event.is_retraction, event.position,
       story.broadcaster_id, event.at < story.embargoed_until, story.embargoed_until
  FROM core_outboxevent AS event JOIN newsexchange_story AS story ON story.uid = event.subject_uid
 WHERE event.subject_type = 'story'
"""


@dataclass(slots=True)
class Balance:
    """``must`` had to be told; ``may`` could be: under embargo when it was written, or overtaken by a retraction."""

    events: int = 0
    must: set[Told] = field(default_factory=set)
    may: set[Told] = field(default_factory=set)
    received: set[Told] = field(default_factory=set)
    early: list[Told] = field(default_factory=list)
    renamed: list[Told] = field(default_factory=list)  # the same under a second id
    repeated: int = 0  # messages beyond the first under the same id

    @property
    def lost(self) -> set[Told]:
        return self.must - self.received

    @property
    def strange(self) -> set[Told]:
        return self.received - self.must - self.may


def balance_of(exchange: Exchange) -> Balance:
    balance = Balance()
    events = exchange.rows(_EVENTS)
    balance.events = len(events)
    retracted: dict[tuple[object, int], int] = defaultdict(int)  # story, broadcaster → last position
    for _uid, subject, audience, is_retraction, position, *_ in events:
        for broadcaster in audience if is_retraction else ():
            retracted[subject, broadcaster] = max(retracted[subject, broadcaster], position)
    opens: dict[Told, datetime] = {}
    for uid, subject, audience, is_retraction, position, origin, was_embargoed, embargoed_until in events:
        for path, (broadcaster, _secret) in exchange.paths.items():
            if broadcaster not in audience:
                continue
            is_overtaken = not is_retraction and retracted[subject, broadcaster] > position
            is_early = was_embargoed and broadcaster != origin
            (balance.may if is_overtaken or is_early else balance.must).add((uid, path))
            if embargoed_until and broadcaster != origin:
                opens[uid, path] = embargoed_until
    ids: dict[Told, str] = {}
    arrivals = list(exchange.sink.arrivals)
    for arrival in arrivals:
        told = arrival.event, arrival.path
        if ids.setdefault(told, arrival.id) != arrival.id:
            balance.renamed.append(told)
        if told in opens and datetime.fromtimestamp(arrival.at, UTC) < opens[told]:
            balance.early.append(told)
    balance.received = set(ids)
    balance.repeated = len(arrivals) - len({arrival.id for arrival in arrivals})
    return balance


def require_signature(exchange: Exchange, arrival: Arrival) -> None:
    """Raises unless an independent receiver takes the message for what its subscription's secret signed."""
    Webhook(exchange.paths[arrival.path][1]).verify(arrival.body, arrival.headers)
