"""The people and things of the tests: Belgrade (RTS), Novi Sad (RTV) and Astana (PTRC) exchange fictional news."""

from datetime import timedelta
from itertools import count
from typing import Any
from uuid import uuid4

from django.db.models import Max
from django.utils import timezone

from broadcasters.constants import Area, ModuleState, Ownership, Role
from broadcasters.models import Broadcaster, Channel, Membership, Module, Place
from broadcasters.services.account import issue_api_key
from mediaexchange.core.keys import SCOPES
from mediaexchange.core.models import OutboxEvent, User
from newsexchange.models import Delivery, Feed, Story, Subscription, Take, TranslationOrder, TranslationProvider
from newsexchange.services.offer import offer_story, take_offer
from newsexchange.services.story import publish_story, save_story

_numbers = count(1)


def make_place(slug: str = "belgrade", **fields: Any) -> Place:
    defaults = {"kind": "city", "country_code": "RS", "time_zone": "Europe/Belgrade", "name_en": slug.title()}
    return Place.objects.get_or_create(slug=slug, defaults=defaults | fields)[0]


def make_broadcaster(slug: str = "rts", **fields: Any) -> Broadcaster:
    """RTS by default; ``ptrc`` lives in Astana's zone."""
    is_kazakh = slug == "ptrc"
    defaults = {
        "name_en": {"rts": "Radio Television of Serbia", "ptrc": "Presidential TV and Radio Complex"}.get(slug, slug),
        "name_sr": {"rts": "Радио-телевизија Србије", "rtv": "Радио-телевизија Војводине"}.get(slug, ""),
        "abbreviation_en": slug.upper(),
        "country_code": "KZ" if is_kazakh else "RS",
        "home_city": make_place("astana", country_code="KZ", time_zone="Asia/Almaty") if is_kazakh else make_place(),
        "time_zone": "Asia/Almaty" if is_kazakh else "Europe/Belgrade",
        "ownership": Ownership.PRESIDENTIAL if is_kazakh else Ownership.PUBLIC_SERVICE,
        "data_region": "KZ" if is_kazakh else "RS",
    }
    return Broadcaster.objects.get_or_create(slug=slug, defaults=defaults | fields)[0]


def make_user(broadcaster: Broadcaster | None = None, role: Role = Role.EXCHANGE_DESK, **fields: Any) -> User:
    """A member of staff; without a broadcaster somebody who belongs to nobody."""
    zone = broadcaster.time_zone if broadcaster else "UTC"
    defaults = {"username": f"user{next(_numbers)}", "is_staff": True, "time_zone": zone} | fields
    user = User.objects.create_user(password="secret-enough", **defaults)
    if broadcaster:
        Membership.objects.create(user=user, broadcaster=broadcaster, role=role)
    return user


def make_key(broadcaster: Broadcaster, scopes: list[str] | None = None) -> str:
    """The text of a fresh API key of this broadcaster, with every scope unless told otherwise."""
    _key, text = issue_api_key(broadcaster, actor=None, name="tests", scopes=list(SCOPES) if scopes is None else scopes)
    return text


def make_module(*parties: Broadcaster, state: str = ModuleState.ACTIVE, **fields: Any) -> Module:
    module = Module.objects.create(
        **{"slug": f"module{next(_numbers)}", "name_en": "News exchange", "area": Area.NEWS_EXCHANGE, "state": state}
        | fields
    )
    module.parties.set(parties)
    return module


def make_feed(broadcaster: Broadcaster | None = None, **fields: Any) -> Feed:
    defaults = {"slug": f"feed{next(_numbers)}", "name": "News", "language": "sr-Cyrl"}
    return Feed.objects.create(broadcaster=broadcaster or make_broadcaster(), **defaults | fields)


def make_story(broadcaster: Broadcaster | None = None, *, published: bool = True, **fields: Any) -> Story:
    """A story by the broadcaster's own desk, published unless told otherwise, with text in Serbian and English.

    ``renditions``, ``shots``, ``soundbites`` and ``restrictions`` are lists of rows; a restriction names its ``shot``
    by place.
    """
    broadcaster = broadcaster or make_broadcaster()
    defaults = {
        "language": "sr-Cyrl",
        "headline_sr": "Отворена нова библиотека",
        "headline_en": "A new library opens",
        "body_sr": "<p>Љубитељи књига <b>добили</b> су нову читаоницу.</p>",
        "body_en": "<p>Book lovers have a <b>new</b> reading room.</p>",
    }
    editor = make_user(broadcaster)
    rows = {name: fields.pop(name, ()) for name in ("renditions", "shots", "soundbites", "restrictions")}
    story = Story(broadcaster=broadcaster, **defaults | fields)
    save_story(story, actor=editor, changed=set())
    for name, values in rows.items():
        for position, row in enumerate(values):
            place = {} if name == "restrictions" else {"position": position}
            if name == "restrictions" and "shot" in row:
                row = row | {"shot": story.shots.get(position=row["shot"])}
            getattr(story, name).create(**place | row)
    return publish_story(story, actor=editor) if published else story


def make_embargoed_story(broadcaster: Broadcaster | None = None, **fields: Any) -> Story:
    """Published, but nobody else's until tomorrow."""
    return make_story(broadcaster, embargoed_until=timezone.now() + timedelta(days=1), **fields)


def offer(story: Story, *to: Broadcaster) -> None:
    """Put the story before these partners."""
    offer_story(story, to=to, actor=None)


def make_subscription(broadcaster: Broadcaster | None = None, **fields: Any) -> Subscription:
    """A webhook of this broadcaster for everything it may hear of."""
    number = next(_numbers)
    defaults = {
        "name": f"Newsroom {number}",
        "destination": "webhook",
        "url": f"https://newsroom{number}.example.org/hook",
        "secret": "whsec_dGVzdHMgb25seTogbm8gc2VjcmV0IGF0IGFsbA==",
    }
    return Subscription.objects.create(broadcaster=broadcaster or make_broadcaster("ptrc"), **defaults | fields)


def make_delivery(subscription: Subscription | None = None, **event: Any) -> Delivery:
    """A delivery that is due, of an event made for it; ``event`` are the event's fields."""
    subscription = subscription or make_subscription()
    defaults = {
        "kind": "story.published",
        "subject_type": "story",
        "subject_uid": uuid4(),
        "audience": [subscription.broadcaster_id],
        "position": (OutboxEvent.objects.aggregate(Max("position"))["position__max"] or 0) + 1,
    }
    made = OutboxEvent.objects.create(**defaults | event)
    return Delivery.objects.create(
        subscription=subscription, event=made, subject_uid=made.subject_uid, position=made.position
    )


def make_channel(broadcaster: Broadcaster | None = None, **fields: Any) -> Channel:
    defaults = {"slug": f"channel{next(_numbers)}", "name_en": "First channel", "kind": "television"}
    return Channel.objects.create(broadcaster=broadcaster or make_broadcaster(), **defaults | fields)


def take(story: Story, broadcaster: Broadcaster) -> Take:
    """Offer the story to this broadcaster, which takes it."""
    offer(story, broadcaster)
    offered = story.offers.get(to_broadcaster=broadcaster)
    return take_offer(offered, actor=make_user(broadcaster), accepts_credit=True)


def make_provider(broadcaster: Broadcaster | None = None, **fields: Any) -> TranslationProvider:
    """The house's own memory, unless another kind is named."""
    defaults = {"name": f"Service {next(_numbers)}", "adapter": "memory"}
    return TranslationProvider.objects.create(broadcaster=broadcaster or make_broadcaster(), **defaults | fields)


def make_order(story: Story, **fields: Any) -> TranslationOrder:
    """A machine translation of this story into Kazakh, waiting for a machine unless told otherwise."""
    segment = {"field": "headline", "source": story.headline_sr, "text": "Жаңа кітапхана ашылды"}
    defaults = {
        "source_version": story.version,
        "source_hash": uuid4().hex,
        "source_language": "sr",
        "target_language": "kk",
        "source": {"headline": story.headline_sr, "summary": "", "body": ""},
        "segments": [segment | {"provider": "Memory", "model": "", "percent": 100, "at": timezone.now().isoformat()}],
    }
    return TranslationOrder.objects.create(story=story, **defaults | fields)
