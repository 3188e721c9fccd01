"""Two made-up houses of the demonstration, between which a developer may write what they like.

One is the developer's, with a key; the other puts stories before it. They have no memorandum and no module, so that
nothing written there is seen or counted elsewhere.
"""

from typing import Any

from django.db import transaction

from broadcasters.constants import ChannelKind, Ownership, Role
from broadcasters.models import Broadcaster, Channel, Membership, Place
from mediaexchange.core.models import User
from newsexchange.models import Story
from newsexchange.services.offer import offer_story
from newsexchange.services.story import publish_story, save_story

SANDBOX, PARTNER = "sandbox", "sandbox-partner"
EDITOR = "sandbox-editor"  # cannot sign in

_HOUSES: dict[str, dict[str, str]] = {
    SANDBOX: {
        "name_sr": "Пробна телевизија", "name_kk": "Сынақ телевизиясы",
        "name_ru": "Пробное телевидение", "name_en": "Sandbox Television",
    },
    PARTNER: {
        "name_sr": "Партнер пробне телевизије", "name_kk": "Сынақ телевизиясының серіктесі",
        "name_ru": "Партнёр пробного телевидения", "name_en": "Partner of Sandbox Television",
    },
}  # fmt: skip
_CHANNEL = {
    "name_sr": "Пробни канал", "name_kk": "Сынақ арнасы", "name_ru": "Пробный канал", "name_en": "Sandbox Channel",
}  # fmt: skip
_STORIES: tuple[dict[str, Any], ...] = (
    {
        "slugline": "sandbox-lighthouse",
        "headline_sr": "Светионик од песка стоји трећи дан",
        "headline_kk": "Құмнан салынған шамшырақ үшінші күн тұр",
        "headline_ru": "Маяк из песка стоит третий день",
        "headline_en": "A lighthouse made of sand stands for a third day",
        "body_sr": "<p>Деца су га саградила на плажи која не постоји.</p>",
        "body_kk": "<p>Оны балалар ойдан шығарылған жағажайда салды.</p>",
        "body_ru": "<p>Дети построили его на пляже, которого нет.</p>",
        "body_en": "<p>Children built it on a beach that does not exist.</p>",
    },
    {
        "slugline": "sandbox-kite",
        "headline_sr": "Змај од новина облетео измишљени град",
        "headline_kk": "Газеттен жасалған батпырауық ойдан шығарылған қаланы айналып ұшты",
        "headline_ru": "Газетный змей облетел вымышленный город",
        "headline_en": "A newspaper kite flew around an invented town",
        "body_sr": "<p>Сва имена у овој вести су измишљена, па их зато и нема.</p>",
        "body_kk": "<p>Бұл жаңалықтағы есімдердің бәрі ойдан шығарылған, сондықтан олар аталмайды.</p>",
        "body_ru": "<p>Все имена в этой новости вымышлены, поэтому их здесь нет.</p>",
        "body_en": "<p>All names in this story are invented, so there are none.</p>",
    },
)


@transaction.atomic
def load_sandbox() -> int:
    """The houses, a channel, and offered stories; returns how many stories are new. Safe to repeat."""
    sandbox, partner = (_house(slug) for slug in (SANDBOX, PARTNER))
    Channel.objects.get_or_create(
        slug=SANDBOX, defaults={"broadcaster": sandbox, "kind": ChannelKind.TELEVISION, "languages": ["sr"]} | _CHANNEL
    )
    editor, _created = User.objects.get_or_create(username=EDITOR, defaults={"is_service": True})
    Membership.objects.get_or_create(user=editor, broadcaster=partner, role=Role.EXCHANGE_DESK)
    fresh = 0
    for values in _STORIES:
        if not Story.objects.filter(broadcaster=partner, slugline=values["slugline"]).exists():
            story = Story(broadcaster=partner, language="sr-Cyrl", credit=_HOUSES[PARTNER]["name_sr"], **values)
            story = publish_story(save_story(story, actor=editor, changed=set()), actor=editor)
            offer_story(story, to=[sandbox], actor=editor)
            fresh += 1
    return fresh


def _house(slug: str) -> Broadcaster:
    values = {
        "country_code": "RS", "home_city": Place.objects.get(slug="belgrade"), "time_zone": "Europe/Belgrade",
        "working_languages": ["sr"], "ownership": Ownership.PRIVATE, "data_region": "RS",
    }  # fmt: skip
    house, _created = Broadcaster.objects.get_or_create(slug=slug, defaults=values | _HOUSES[slug])
    return house
