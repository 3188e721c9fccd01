"""After a recall no surface of whoever had the story holds a word of it: every address is asked, in every language.

The addresses are found in the URL configuration, as in ``tests/test_access_matrix.py``; the taker read everything
before, in every language and format, so that whatever is stored for reading has been stored.
"""

import re
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from broadcasters.constants import Role
from broadcasters.models import Membership
from mediaexchange.core.languages.tags import SHOWN, to_bcp47
from newsexchange.constants import RecallKind, UseKind
from newsexchange.models import Edition, NearDuplicate, Story, StoryDocument
from newsexchange.services.edition import Text, save_edition
from newsexchange.services.recall import recall_story, restore_story
from newsexchange.services.request import ask_story, fill_request
from newsexchange.services.story import save_story
from newsexchange.services.use import report_use
from tests.factories import make_broadcaster, make_channel, make_key, make_story, make_user, take
from tests.test_access_matrix import body_of, everything, without_the_question

pytestmark = pytest.mark.django_db
# One word a language; the older version has its own, and so has the language without columns.
WORDS = ("kanarinac", "канаринац", "сарыторғай", "канарейка", "canarybird", "kanárimadár", "oldcanary", "canarycredit")
CANARY = re.compile("|".join(WORDS), re.IGNORECASE)
SEARCHED = ("newsroom", "редакци", "szerkesztő")  # words beside the canaries: a page repeats what was searched for


@pytest.fixture(autouse=True)
def unhurried(settings):
    """Walks ask more often than a partner may in a minute; a refusal for that would hide what an address shows."""
    settings.API_RATE = (10**9, 60)


@pytest.fixture
def things() -> list[Any]:
    """A story of Belgrade's, told in six languages and two versions, which Astana asked for, took, read and aired."""
    rts, ptrc = make_broadcaster("rts"), make_broadcaster("ptrc")
    desk, theirs = make_user(rts), make_user(ptrc)
    story = make_story(
        rts,
        headline_sr="Канаринац у редакцији",
        headline_en="Oldcanary in the newsroom",
        headline_kk="Сарыторғай редакцияда",
        headline_ru="Канарейка в редакции",
        body_en="<p>The oldcanary sings.</p>",
        is_open=True,
        credit="Canarycredit",
        renditions=[{"href": "https://rts.example.org/canarybird.mp4", "title": "canarybird"}],
        shots=[{"in_ms": 0, "out_ms": 5000, "description": {"en": "canarybird close"}}],
        soundbites=[{"in_ms": 0, "out_ms": 900, "speaker": "Canarybird", "text": "I sing", "language": "en"}],
    )
    asked = ask_story(asker=ptrc, of=rts, actor=theirs, subject="A bird")
    fill_request(asked, story=story, actor=desk)
    taken = take(story, ptrc)
    save_edition(story, "hu", Text("Kanárimadár a szerkesztőségben"), actor=desk)
    story.refresh_from_db()
    story.headline_en, story.body_en = "Canarybird in the newsroom", "<p>The canarybird sings.</p>"
    save_story(story, actor=desk, changed={"headline_en", "body_en"})
    own = make_story(ptrc)
    NearDuplicate.objects.create(story=own, other=story, distance=1)
    airing = {"channel": make_channel(ptrc), "started_at": story.published_at, "duration_ms": 9000}
    use = report_use(taken, actor=theirs, kind=UseKind.AIRING, title="Canarybird in the newsroom", **airing)
    story = Story.objects.get(pk=story.pk)
    return [
        story, own, taken, asked, use, use.airing, story.offers.get(), *story.versions.all(),
        story.editions.get(language="hu"), *story.renditions.all(), *NearDuplicate.objects.all(),
    ]  # fmt: skip


def desk() -> tuple[Client, dict[str, str]]:
    """Astana's editor with every role."""
    ptrc = make_broadcaster("ptrc")
    editor, client = make_user(ptrc), Client(raise_request_exception=False)
    for role in set(Role) - {Role.EXCHANGE_DESK}:
        Membership.objects.create(user=editor, broadcaster=ptrc, role=role)
    client.force_login(editor, backend="broadcasters.auth.RoleBackend")
    return client, {}


def key() -> tuple[Client, dict[str, str]]:
    return Client(raise_request_exception=False), {"authorization": f"Bearer {make_key(make_broadcaster('ptrc'))}"}


def addresses_of(things: list[Any], *, is_admin: bool) -> list[tuple[str, str]]:
    asked = [(name, address) for name, address in everything(things) if name.startswith("admin:") == is_admin]
    if is_admin:
        return [*asked, *(("search", f"/admin/newsexchange/story/?q={word}") for word in SEARCHED)]
    feeds = [("feed", f"/feeds/rts/{to_bcp47(code)}.{form}") for code in SHOWN for form in ("rss", "atom", "json")]
    return [*asked, *feeds, ("taken", "/api/v1/stories/?relation=taken&translations=all")]


def found(
    things: list[Any], caller: tuple[Client, dict[str, str]], *languages: str, is_admin: bool, among: str = ""
) -> set[str]:
    """The names of the addresses where a word of the story stands, or that fail; stories are asked in each language.

    ``among`` narrows them to names that begin so.
    """
    places = set()
    client, headers = caller
    addresses = [each for each in addresses_of(things, is_admin=is_admin) if each[0].startswith(among or "")]
    for language in languages:
        cache.clear()
        client.cookies["django_language"] = language
        for name, address in addresses:
            if language != languages[0] and not name.startswith("api:story"):
                continue
            response = client.get(address, headers={"accept-language": to_bcp47(language), **headers})
            if response.status_code >= 500:
                places.add(f"{response.status_code} {address}")
            elif CANARY.search(without_the_question(body_of(response), address)):
                places.add(name)
    return places


def withhold(things: list[Any]) -> list[Any]:
    recall_story(things[0], actor=None, kind=RecallKind.WITHHOLD, reason="A mistake")
    return [*things, *things[0].recalls.all(), *things[0].recalls.get().notices.all()]


def test_after_a_recall_the_takers_key_and_the_public_read_no_word_of_it_in_any_language(things):
    before = found(things, key(), "en", is_admin=False)
    assert {"api:story-list", "api:story-detail", "api:story-version", "api:airing-list", "taken", "feed"} <= before
    assert not [place for place in before if place.startswith("5")]
    story = things[0]
    old = StoryDocument.objects.filter(story=story, version__lte=story.version)
    assert old.exists()
    things = withhold(things)
    assert not old.exists()
    assert found(things, key(), *SHOWN, is_admin=False) == set()


def test_after_a_recall_the_takers_desk_shows_no_word_of_it(things):
    taker = desk()
    before = found(things[:4], taker, "en", is_admin=True, among="admin:newsexchange_")
    assert {"admin:newsexchange_story_changelist", "admin:newsexchange_story_change"} <= before
    assert found(withhold(things), taker, "kk", is_admin=True) == set()


def test_a_restored_story_brings_back_its_new_version_and_none_of_the_withdrawn_ones(things):
    story = things[0]
    withhold(things)
    story = Story.objects.get(pk=story.pk)
    for language in ("sr", "en", "kk", "ru"):
        setattr(story, f"headline_{language}", "Bird")
        setattr(story, f"body_{language}", "")
    story.credit = ""
    story.save()
    for rows in (story.renditions, story.shots, story.soundbites):
        rows.all().delete()
    Edition.objects.filter(story=story, language="hu").delete()
    restore_story(story, actor=None)
    client, headers = reader = key()
    # The credit line that was accepted with a take stays a term of that take.
    assert found(things[:9], reader, "en", is_admin=False) <= {"api:take-list", "api:take-detail"}
    assert client.get(f"/api/v1/stories/{story.uid}/", headers=headers).json()["headline"] == "Bird"
    assert len(client.get(f"/api/v1/stories/{story.uid}/versions/", headers=headers).json()["results"]) == 1
