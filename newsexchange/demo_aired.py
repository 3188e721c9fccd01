"""A story that the demonstration's Belgrade took from Astana, and the log that shows it on air: a match to decide."""

from collections.abc import Iterator
from datetime import timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone

from broadcasters.models import Airing, AiringMatch, Broadcaster, Channel
from broadcasters.services.matching import suggest_matches
from broadcasters.titles import programme_key
from mediaexchange.core.models import User
from newsexchange.models import Story, Take
from newsexchange.services.offer import offer_story, take_offer
from newsexchange.services.story import publish_story, save_story

KITES = "demo-kites"
_HEADLINES = {
    "headline_sr": "Фестивал змајева изнад степе", "headline_kk": "Дала үстіндегі батпырауық мерекесі",
    "headline_ru": "Фестиваль воздушных змеев над степью", "headline_en": "A festival of kites above the steppe",
}  # fmt: skip
_BODIES = {
    "body_sr": "<p>Двеста змајева полетело је у исти час.</p>",
    "body_kk": "<p>Екі жүз батпырауық бір сәтте көкке көтерілді.</p>",
    "body_ru": "<p>Двести змеев поднялись в один и тот же час.</p>",
    "body_en": "<p>Two hundred kites rose in the same hour.</p>",
}


@transaction.atomic
def load_aired() -> Iterator[str]:
    """Yields a line about it. Safe to repeat."""
    rts, ptrc = (Broadcaster.objects.get(slug=slug) for slug in ("rts", "ptrc"))
    if not Story.objects.filter(broadcaster=ptrc, slugline=KITES).exists():
        writer, taker = (User.objects.get(username=name) for name in ("astana-desk", "belgrade-desk"))
        story = Story(
            broadcaster=ptrc, language="kk", slugline=KITES, credit="PTRC", duration_ms=75_000,
            **_HEADLINES, **_BODIES,
        )  # fmt: skip
        story = publish_story(save_story(story, actor=writer, changed=set()), actor=writer)
        offer_story(story, to=[rts], actor=writer)
        taken = take_offer(story.offers.get(to_broadcaster=rts), actor=taker, accepts_credit=True)
        # Taken the day before yesterday, for airings lie in the past.
        Take.objects.filter(pk=taken.pk).update(taken_at=timezone.now() - timedelta(days=2))
        suggest_matches(rts, [_aired(rts, "Festival zmajeva iznad stepe"), _aired(rts, "Змајеви над степом", 3)],
                        actor=None)  # fmt: skip
    yield f"Suggestions of what was aired: {AiringMatch.objects.count()}."


def _aired(house: Broadcaster, title: str, hours: int = 0) -> Airing:
    """Yesterday on the first channel, as its log called it."""
    yesterday = timezone.localtime(timezone=ZoneInfo(house.time_zone)) - timedelta(days=1)
    at = yesterday.replace(hour=19 + hours, minute=47, second=12, microsecond=0)
    return Airing.objects.create(
        channel=Channel.objects.get(slug="rts1"), started_at=min(at, timezone.now()), duration_ms=75_000, origin=house,
        language="sr", title=title, programme_key=programme_key(title),
    )  # fmt: skip
