"""The writers of the fault tests, in a process of their own: ``python -m tests.faults.newsroom``.

A line of JSON on standard input names a deed and its arguments; its result comes back as a line. Everything is written
through the project's own services, and repeated when the database went away in the middle of it.
"""

import json
import os
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import django
from django.db import InterfaceError, OperationalError, connection, transaction

django.setup()

from django.utils import timezone  # noqa: E402 — all below needs Django

from broadcasters.constants import Role  # noqa: E402
from broadcasters.models import Broadcaster  # noqa: E402
from mediaexchange.core import bell  # noqa: E402
from mediaexchange.core.errors import ConflictError  # noqa: E402
from mediaexchange.core.models import User  # noqa: E402
from newsexchange.constants import OfferStatus, PubStatus, RecallKind  # noqa: E402
from newsexchange.delivery.signing import new_secret  # noqa: E402
from newsexchange.models import Feed, InboundDelivery, Offer, Story, Subscription  # noqa: E402
from newsexchange.services.fanout import fan_out  # noqa: E402
from newsexchange.services.inbound import accept_push  # noqa: E402
from newsexchange.services.ingest import ingest_document  # noqa: E402
from newsexchange.services.offer import offer_story, take_offer  # noqa: E402
from newsexchange.services.recall import recall_story  # noqa: E402
from newsexchange.services.restriction import set_restrictions  # noqa: E402
from newsexchange.services.story import publish_story, save_story  # noqa: E402
from newsexchange.services.subscription import change_subscription  # noqa: E402
from tests.factories import make_broadcaster, make_feed, make_module, make_subscription, make_user  # noqa: E402

PARTNERS = ("ptrc", "rtv", "mrt")
CANARY = "Zlatnakanarinka"  # in every headline that is under embargo
RINGS = 3  # dispatchers called at once
POISON = "Otrovnapečurka"  # kills whoever reads it, see saboteur.py


def set_up(sink: str) -> dict[str, Any]:
    """RTS and its partners with two subscriptions each; returns {path: [broadcaster id, secret]}."""
    rts = make_broadcaster("rts")
    partners = [make_broadcaster(slug, **({"country_code": "MK"} if slug == "mrt" else {})) for slug in PARTNERS]
    for broadcaster in (rts, *partners):
        make_user(broadcaster, Role.EXCHANGE_DESK, username=f"desk-{broadcaster.slug}")
    module = make_module(rts, *partners)
    for slug in ("wire", "pushed"):
        make_feed(rts, slug=slug, module=module, is_active=True, url="")
    paths = {}
    for broadcaster in (rts, *partners, *partners):
        path = f"{broadcaster.slug}-{len(paths)}"
        made = make_subscription(broadcaster, name=path, url=f"{sink}/{path}", secret=new_secret())
        paths[path] = [broadcaster.pk, made.secret]
    return paths


class Writer:
    """What one newsroom does in some seconds; ``seed`` also keeps the names of two newsrooms apart."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.random = random.Random(seed)
        self.number = 0
        self.done: Counter[str] = Counter()
        self.deeds: list[tuple[Callable[[str], None], int]] = [
            (self.ingest, 4), (self.push, 3), (self.offer, 3), (self.embargo, 2), (self.update, 2), (self.recall, 1),
            (self.take, 2), (self.ring_thrice, 1),
        ]  # fmt: skip

    def run(self, seconds: float, pause: float) -> None:
        until = time.monotonic() + seconds
        weights = [weight for _deed, weight in self.deeds]
        while time.monotonic() < until:
            deed = self.random.choices([deed for deed, _weight in self.deeds], weights)[0]
            self.number += 1
            insist(lambda deed=deed: deed(f"{self.seed}-{self.number}"))
            self.done[deed.__name__] += 1
            time.sleep(self.random.uniform(0, 2 * pause))

    def ingest(self, name: str) -> None:
        ingest_document(Feed.objects.get(slug="wire"), rss(*(f"{name}-{place}" for place in range(3))))

    def push(self, name: str) -> None:
        feed = Feed.objects.get(slug="pushed")
        accept_push(feed, message_id=f"msg-{name}", payload=rss(name), content_type="application/rss+xml")

    def offer(self, name: str) -> None:
        publish(name, offered_to=self.random.sample(PARTNERS, 2))

    def embargo(self, name: str) -> None:
        seconds = self.random.uniform(2, 10)
        publish(
            name, headline=f"{CANARY} {name}", offered_to=PARTNERS,
            embargoed_until=timezone.now() + timedelta(seconds=seconds),
        )  # fmt: skip

    def update(self, name: str) -> None:
        if story := self.any_story():
            story.headline_en = f"What is new, {name}"
            save_story(story, actor=desk(), changed={"headline_en"})

    def recall(self, name: str) -> None:
        if story := self.any_story():
            recall_story(story, actor=desk(), kind=RecallKind.KILL, reason=name)

    def take(self, _name: str) -> None:
        offers = Offer.objects.filter(status=OfferStatus.OPEN, opened_at__isnull=False, story__feed=None)
        if offer := self.random.choice(list(offers[:20]) or [None]):
            take_offer(offer, actor=desk(offer.to_broadcaster.slug), accepts_credit=True)

    def ring_thrice(self, _name: str) -> None:
        """Three dispatchers at once."""
        for _ in range(RINGS):
            bell.wake(bell.DISPATCH, queue=bell.QUEUE)

    def any_story(self) -> Story | None:
        mine = Story.objects.filter(feed=None, pubstatus=PubStatus.USABLE, embargoed_until=None)
        return self.random.choice(list(mine.order_by("-pk")[:40]) or [None])


def write(seed: int, seconds: float, pause: float) -> dict[str, Any]:
    writer = Writer(seed)
    writer.run(seconds, pause)
    return dict(writer.done)


def insist(deed: Callable[[], Any]) -> Any:
    """Do it until the database stays for the whole of it; what another newsroom made impossible is left."""
    for _ in range(600):
        try:
            return deed()
        except (OperationalError, InterfaceError):
            connection.close()
            time.sleep(0.1)
        except ConflictError:
            return None
    raise RuntimeError("The database did not come back.")


def desk(slug: str = "rts") -> User:
    return User.objects.get(username=f"desk-{slug}")


def publish(name: str, *, headline: str = "", offered_to: Any = PARTNERS, **fields: Any) -> Story:
    """A desk's story, found again by its slugline if an earlier try got so far."""
    actor = desk()
    story = Story.objects.filter(slugline=name).first()
    if story is None:
        story = Story(
            broadcaster=Broadcaster.objects.get(slug="rts"), slugline=name, language="en",
            headline_en=headline or f"News of the day, {name}", body_en="<p>What happened.</p>", **fields,
        )  # fmt: skip
        save_story(story, actor=actor, changed=set())
    story = publish_story(story, actor=actor)
    offer_story(story, to=Broadcaster.objects.filter(slug__in=offered_to), actor=actor)
    return story


def rss(*names: str, title: str = "News of the day") -> bytes:
    items = "".join(
        f"<item><guid isPermaLink='false'>{name}</guid><title>{title}, {name}</title>"
        f"<description>What happened in {name}.</description></item>"
        for name in names
    )
    return f'<rss version="2.0"><channel><title>Wire</title>{items}</channel></rss>'.encode()


def publish_one(name: str, **fields: Any) -> str:
    return str(insist(lambda: publish(name, **fields)).uid)


def publish_secret(name: str) -> str:
    """Under embargo until tomorrow: nobody but its own broadcaster may learn of it."""
    until = timezone.now() + timedelta(days=1)
    return publish_one(name, headline=f"{CANARY} {name}", embargoed_until=until)


def push_one(name: str, *, is_poisoned: bool = False) -> None:
    feed = Feed.objects.get(slug="pushed")
    body = rss(name, title=POISON if is_poisoned else "News of the day")
    accept_push(feed, message_id=name, payload=body, content_type="application/rss+xml")


def let_lease_end(name: str) -> None:
    """As if its time had passed."""
    past = timezone.now() - timedelta(seconds=1)
    InboundDelivery.objects.filter(message_id=name, leased_until__isnull=False).update(leased_until=past)


def die_before_ringing(name: str) -> None:
    """Killed between the commit and the bell: the first thing done after the commit is to die."""
    with transaction.atomic():
        transaction.on_commit(lambda: os.kill(os.getpid(), signal.SIGKILL))
        publish(name)


def revoke_what_waits(path: str) -> dict[str, str]:
    """Queue deliveries of stories, then take back what they rested on; returns the stories by what was revoked.

    The silent ones change as they would between the last fan-out and the last look: no retraction waits behind them.
    """
    names = ("embargo", "right", "silent-embargo", "silent-right", "nothing")
    stories = {name: publish(f"revoked-{name}", offered_to=["ptrc"]) for name in names}
    fan_out()
    stories["embargo"].embargoed_until = timezone.now() + timedelta(days=1)
    save_story(stories["embargo"], actor=desk(), changed={"embargoed_until"})
    set_restrictions(stories["right"], [{"territories": ["kz"], "is_barred": True}], actor=desk())
    Story.objects.filter(pk=stories["silent-embargo"].pk).update(embargoed_until=timezone.now() + timedelta(days=1))
    stories["silent-right"].restrictions.create(territories=["KZ"], is_barred=True)
    change_subscription(Subscription.objects.get(name=path), actor=None, is_active=False)
    return {name: str(story.uid) for name, story in stories.items()}


def main() -> None:
    deeds: dict[str, Callable[..., Any]] = {
        deed.__name__: deed
        for deed in (
            set_up, write, publish_one, publish_secret, push_one, let_lease_end, die_before_ringing, revoke_what_waits,
        )
    }  # fmt: skip
    for line in sys.stdin:
        order = json.loads(line)
        result = deeds[order.pop("deed")](**order)
        sys.stdout.write(json.dumps(result) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
