"""Every address of the archive's API, asked by a partner and by nobody for footage that is not for them."""

import pytest
from django.core.cache import cache
from django.test import Client

from archive.models import Collection, Instantiation, Item, PreservationEvent, Segment, Series, TimedText
from archive.services.item import withdraw_item
from archive.services.text import import_text
from tests.archive.factories import (
    make_archive_module,
    make_collection,
    make_instantiation,
    make_item,
    make_media_file,
    make_segment,
)
from tests.factories import make_broadcaster, make_key, make_user
from tests.test_access_matrix import CANARIES, CANARY, addresses, body_of, filled, without_the_question

pytestmark = pytest.mark.django_db
# The first words of a route's name and the model whose identities it takes.
MODELS = {
    "item": Item, "collection": Collection, "series": Series, "instantiation": Instantiation, "segment": Segment,
    "text": TimedText, "preservation-event": PreservationEvent, "search": Item,
}  # fmt: skip


@pytest.fixture
def hidden():
    """What Belgrade has and its partner in Astana must not see: house only, embargoed, a draft, withdrawn."""
    rts, ptrc = make_broadcaster("rts"), make_broadcaster("ptrc")
    make_archive_module(rts, ptrc)
    said = {"title_en": f"{CANARY} sings", "title_sr": "Канаринац пева", "source_note": CANARY}
    collection = make_collection(rts, slug=CANARY, name_en=CANARY)
    things = [collection]
    for state in (
        {"access": "house"}, {"embargoed_until": "2999-01-01T00:00:00Z"}, {"status": "draft"}, {"status": "published"},
    ):  # fmt: skip
        item = make_item(rts, **said, collection=collection, identifier=f"{CANARY}-{len(things)}", **state)
        segment = make_segment(item, title_en=CANARY)
        cues = f"1\n00:00:01,000 --> 00:00:02,000\n{CANARY}\n".encode()
        text, _read = import_text(item, "transcript", "en", cues, actor=None)
        carrier = make_instantiation(item, location=CANARY)
        things += [item, segment, text, carrier]
    withdraw_item(item, actor=None)
    file = make_media_file(rts)
    kept = make_instantiation(item, file=file)
    things += [kept, file.events.create(kind="ingestion", outcome="success", agent=CANARY)]
    return things


def asked(hidden):
    """Lists with what might narrow them to what is hidden, everything else for the hidden rows of its own model."""
    for name, route in addresses():
        kind = name.removeprefix("api:")
        model = next((model for prefix, model in MODELS.items() if kind.startswith(prefix)), None)
        if model is None or not name.startswith("api:"):
            continue
        for thing in hidden:
            if isinstance(thing, model):
                for address in filled(route.replace("<str:file_format>", "vtt"), thing):
                    queries = ("?format=otio",) if "shot-list" in address else ("", "?translations=all")
                    is_list = "<" not in route
                    yield from ((name, address + query) for query in (QUERIES if is_list else queries))


QUERIES = ("", f"?q={CANARY}", f"?collection={CANARY}")


def found(client, hidden, **headers):
    leaked = set()
    for name, address in dict.fromkeys(asked(hidden)):
        response = client.get(address, headers={"accept-language": "en", **headers})
        assert response.status_code < 500, address
        if CANARIES.search(without_the_question(body_of(response), address.partition("?")[0])):
            leaked.add(name)
    return leaked


def test_a_partner_learns_nothing_of_footage_that_is_not_for_them(hidden):
    cache.clear()
    client = Client(raise_request_exception=False)
    assert found(client, hidden, authorization=f"Bearer {make_key(make_broadcaster('ptrc'))}") == set()
    client.force_login(make_user(make_broadcaster("ptrc")), backend="broadcasters.auth.RoleBackend")
    assert found(client, hidden) == set()


def test_nobody_without_an_account_learns_anything(hidden):
    cache.clear()
    assert found(Client(raise_request_exception=False), hidden) == set()


def test_the_own_house_finds_what_the_test_above_looks_for(hidden):
    cache.clear()
    client = Client(raise_request_exception=False)
    names = found(client, hidden, authorization=f"Bearer {make_key(make_broadcaster('rts'))}")
    assert names >= {
        "api:item-list", "api:item-detail", "api:item-facets", "api:item-shot-list", "api:segment-list",
        "api:text-detail", "api:text-file", "api:collection-list", "api:instantiation-list", "api:search",
        "api:preservation-event-list",
    }, names  # fmt: skip
