"""Every address of the project, asked by somebody from elsewhere for what is foreign, embargoed or killed.

The addresses are not listed here but found in the URL configuration: a new one is tested the day it is added. Each asks
with the identities of stories that the caller must not see, and no answer may hold a word of them.
"""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from archive.models import FootageRequest
from broadcasters.constants import Role
from broadcasters.models import Membership, Module
from broadcasters.permissions import permissions_of
from mediaexchange.core.api.permissions import permission_to_view
from mediaexchange.core.models import AuditEntry
from newsexchange.models import InboundDelivery, Offer, Story, Take, TranslationOrder
from newsexchange.services.ingest import ingest_document
from newsexchange.services.offer import take_offer
from newsexchange.services.recall import recall_story
from newsexchange.services.translation_memory import remember
from tests.archive.factories import make_archive_module, make_collection, make_item, make_segment
from tests.factories import (
    make_broadcaster,
    make_delivery,
    make_embargoed_story,
    make_feed,
    make_key,
    make_provider,
    make_story,
    make_subscription,
    make_user,
    offer,
)

CANARY = "kanarinac"
TEXT = {
    "headline_sr": "Канаринац у редакцији",
    "headline_en": f"{CANARY} in the newsroom",
    "body_en": f"<p>{CANARY} sings</p>",
    "body_sr": "<p>Канаринац пева</p>",
    "slugline": CANARY,
}
CANARIES = re.compile("kanarinac|канаринац", re.IGNORECASE)
NOT_ASKED = {"admin:logout", "admin:jsi18n"}
# Parameters that name no row.
FIXED = {
    "tag": "en",
    "extension": "json",
    "format": "json",
    "document": "ninjs-3.1",
    "app_label": "newsexchange",
    "content_type_id": "1",
    "version": "1",
    "number": "1",
}
PARAMETER = re.compile(r"<(?:(?P<converter>\w+):)?(?P<name>\w+)>")

pytestmark = pytest.mark.django_db


@pytest.fixture
def hidden() -> list[Any]:
    """What Belgrade has and Astana must not see: foreign, embargoed though offered, killed though taken."""
    rts, ptrc = make_broadcaster("rts"), make_broadcaster("ptrc")
    foreign = make_story(rts, is_open=False, **TEXT)
    embargoed = make_embargoed_story(rts, is_open=True, **TEXT)
    offer(embargoed, ptrc)
    killed = make_story(rts, is_open=True, **TEXT)
    offer(killed, ptrc)
    take_offer(killed.offers.get(), actor=make_user(ptrc), accepts_credit=True)
    recall_story(killed, actor=None, kind="kill", reason="wrong picture")
    feed = make_feed(rts, slug=CANARY, name=CANARY, url=f"https://{CANARY}.example.org/feed")
    ingest_document(feed, f"{CANARY} is no feed".encode())
    stories = [foreign, embargoed, killed]
    objects = [*stories, feed, *feed.quarantine.all()]
    for story in stories:
        objects += [story.versions.first(), story.editions.first()]
    objects += [*Offer.objects.filter(story=embargoed), *Offer.objects.filter(story=killed), *Take.objects.all()]
    objects += AuditEntry.objects.filter(table_name__in=["newsexchange_story", "newsexchange_feed"])[:3]
    return [*objects, *translations_of(foreign), *footage_of(rts, ptrc)]


def footage_of(rts: Any, ptrc: Any) -> list[Any]:
    """Footage of the house alone, under embargo, and asked for by a third; though the two share an archive module."""
    make_archive_module(rts, ptrc, make_broadcaster("rtv"))
    words = {"title_sr": "Канаринац", "title_en": CANARY, "description_en": f"{CANARY} sings", "source_note": CANARY}
    own = make_item(rts, identifier=f"{CANARY}-1", access="house", **words)
    embargoed = make_item(
        rts, identifier=f"{CANARY}-2", access="public", embargoed_until=timezone.now() + timedelta(days=9), **words
    )
    for item in (own, embargoed):
        item.texts.create(kind="subtitles", language="en", cues=[[0, 900, CANARY]])
        item.instantiations.create(kind="physical", generation="master", format=CANARY, location=CANARY)
    things: list[Any] = [own, embargoed, make_segment(embargoed, title_en=CANARY, description_en=CANARY)]
    asked = FootageRequest.objects.create(
        broadcaster=make_broadcaster("rtv"), holder=rts, module=Module.objects.get(area="archive"), purpose=CANARY,
        production_title=CANARY, starts_at=timezone.now(), ends_at=timezone.now() + timedelta(days=9),
        time_zone="Europe/Belgrade",
    )  # fmt: skip
    asked.lines.create(item=own, seconds=5, note=CANARY)
    collection = make_collection(rts, slug=CANARY, name_en=CANARY, description_en=CANARY)
    return [*things, asked, collection]


def translations_of(story: Story) -> list[Any]:
    """A service, what a machine has made of the story and nobody has approved, and a remembered sentence."""
    provider = make_provider(story.broadcaster, name=CANARY, adapter="azure", url=f"https://{CANARY}.example.org")
    segment = {"field": "headline", "source": CANARY, "text": CANARY, "provider": CANARY, "model": "", "percent": None}
    order = TranslationOrder.objects.create(
        story=story, source_version=1, source_hash="0" * 64, source_language="sr", target_language="kk",
        source={"headline": CANARY, "summary": "", "body": ""}, segments=[segment], status="done", tool=CANARY,
        provider=provider, error="quota", error_detail=CANARY,
    )  # fmt: skip
    remember(story, "sr", "kk", [(CANARY, CANARY)], actor=None)
    return [provider, order, *story.memory.all()]


def addresses(patterns: Any = None, prefix: str = "", names: str = "") -> Iterator[tuple[str, str]]:
    """Every (name, route) of the URL configuration."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{names}{pattern.namespace}:" if pattern.namespace else names
            yield from addresses(pattern.url_patterns, route, inner)
        elif isinstance(pattern, URLPattern):
            yield f"{names}{pattern.name}", route.replace("^", "").replace("$", "").replace("\\Z", "")


def values_of(thing: Any) -> dict[str, list[str]]:
    uid, pk = str(getattr(thing, "uid", "")), str(thing.pk)
    named = thing if hasattr(thing, "slug") else getattr(thing, "feed", None)  # what a feed brought stands under it
    slug = str(getattr(named, "slug", ""))
    return {
        "uuid": [uid],
        "slug": [slug],
        "int": [pk],
        "path": [pk],
        "str": [value for value in (uid, pk, slug) if value],
    }


def filled(route: str, thing: Any) -> Iterator[str]:
    """The route with the thing's identities in the place of its parameters, or nothing if it has none that fit."""
    paths = [""]
    position = 0
    for match in PARAMETER.finditer(route):
        literal = route[position : match.start()]
        choices = [FIXED[match["name"]]] if match["name"] in FIXED else values_of(thing)[match["converter"] or "str"]
        paths = [path + literal + choice for path in paths for choice in choices if choice]
        position = match.end()
    for path in paths:
        address = "/" + path + route[position:]
        if "(?P" not in address:
            yield address


def asked_for(name: str, route: str, hidden: list[Any]) -> list[Any]:
    """Pages of the admin and resources of the API are asked for rows of their own model, other addresses for all."""
    if not PARAMETER.search(route):
        return hidden[:1]
    if name.startswith("admin:"):
        return [thing for thing in hidden if thing._meta.model_name in name]
    if route.startswith("api/v1/"):
        return [thing for thing in hidden if is_called(route.split("/")[2], thing)] or hidden[:1]
    return hidden


def is_called(noun: str, thing: Any) -> bool:
    """Whether the resource may hold the thing: “stories” stories and their versions, “quarantine” its entries."""
    one = noun.replace("-", "").removesuffix("s").removesuffix("ie")
    model = thing._meta.model_name
    return model.startswith(one[:9]) or one.endswith(model)


def everything(hidden: list[Any]) -> Iterator[tuple[str, str]]:
    seen = set()
    for name, route in addresses():
        if name in NOT_ASKED:
            continue
        for thing in asked_for(name, route, hidden):
            for address in filled(route, thing):
                if address not in seen:
                    seen.add(address)
                    yield name, address


def body_of(response: Any) -> str:
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return content.decode("utf-8", "replace")


def without_the_question(text: str, address: str) -> str:
    """An answer may repeat the address that it was asked at."""
    return text.replace(address, "")


@pytest.fixture(autouse=True)
def unhurried(settings):
    """Walks ask more often than a partner may in a minute; a refusal for that would hide what an address shows."""
    settings.API_RATE = (10**9, 60)


def leaks(client: Client, hidden: list[Any], *, among: set[str] | None = None, **headers: str) -> list[str]:
    """Addresses that fail or show a canary; of all, or ``among`` those with these names."""
    client.cookies["django_language"] = "sr-latn"  # the canary reads alike in English and in Serbian Latin
    found = []
    for name, address in everything(hidden):
        if among is not None and name not in among:
            continue
        response = client.get(address, headers={"accept-language": "sr-Latn", **headers})
        if response.status_code >= 500:
            found.append(f"{response.status_code} {name} {address}")
        if CANARIES.search(without_the_question(body_of(response), address)):
            found.append(f"leak {name} {address}")
    return found


def test_no_page_shows_a_foreign_editor_with_every_role_what_is_not_theirs(hidden):
    client = Client(raise_request_exception=False)
    ptrc = make_broadcaster("ptrc")
    editor = make_user(ptrc)
    for role in set(Role) - {Role.EXCHANGE_DESK}:
        Membership.objects.create(user=editor, broadcaster=ptrc, role=role)
    client.force_login(editor, backend="broadcasters.auth.RoleBackend")
    assert leaks(client, hidden) == []


def test_no_page_shows_a_superuser_without_membership_any_story(hidden):
    client = Client(raise_request_exception=False)
    client.force_login(make_user(is_superuser=True), backend="broadcasters.auth.RoleBackend")
    assert leaks(client, hidden) == []


def test_no_address_tells_a_partners_key_what_is_not_theirs(hidden):
    cache.clear()
    client = Client(raise_request_exception=False)
    key = make_key(make_broadcaster("ptrc"))
    assert leaks(client, hidden, authorization=f"Bearer {key}") == []


def test_no_address_tells_anybody_without_an_account_anything(hidden):
    cache.clear()
    assert leaks(Client(raise_request_exception=False), hidden) == []


def test_api_details_of_what_is_not_theirs_are_404_for_every_method(hidden):
    cache.clear()
    client = Client(raise_request_exception=False)
    headers = {"authorization": f"Bearer {make_key(make_broadcaster('ptrc'))}"}
    asked, kinds = 0, set()
    for name, address in everything(hidden):
        about = [thing for thing in hidden if str(getattr(thing, "uid", "without")) in address]
        if not name.startswith("api:") or not about:
            continue
        kinds |= {thing._meta.model_name for thing in about}
        for method in (client.get, client.post):
            arguments = {} if method == client.get else {"data": "{}", "content_type": "application/json"}
            response = method(address, headers=headers, **arguments)
            assert response.status_code in (404, 405), f"{method.__name__} {address}: {response.status_code}"
            asked += 1
            if asked % 500 == 0:
                cache.clear()  # which counts the calls of a minute
    assert asked > 50
    assert kinds >= {"story", "offer", "take", "item", "segment", "footagerequest", "translationorder"}


@pytest.fixture
def machinery() -> list[Any]:
    """What Belgrade's newsroom runs on: addresses, secrets, payloads and errors that are not for all of its people."""
    rts = make_broadcaster("rts")
    feed = make_feed(rts, slug=CANARY, name=CANARY, url=f"https://{CANARY}.example.org/feed")
    ingest_document(feed, f"{CANARY} is no feed".encode())
    rule = feed.rules.create(field="headline", value=CANARY, action="hold")
    pushed = InboundDelivery.objects.create(
        feed=feed, message_id=CANARY, payload=CANARY.encode(), outcomes=[{"result": "created", "guid": CANARY}]
    )
    subscription = make_subscription(rts, name=CANARY, url=f"https://{CANARY}.example.org/hook")
    delivery = make_delivery(subscription)
    attempt = delivery.failed_attempts.create(number=1, response_status=500, error=CANARY)
    translating = translations_of(make_story(rts, is_open=False))
    return [feed, *feed.quarantine.all(), rule, pushed, subscription, delivery, attempt, *translating]


def session_of(role: Role, **fields: Any) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(make_user(make_broadcaster("rts"), role, **fields), backend="broadcasters.auth.RoleBackend")
    return client


NEWSROOM = {Role.EDITOR, Role.EXCHANGE_DESK, Role.ADMINISTRATOR}
MACHINERY = {
    "api:feed-list", "api:feed-detail", "api:quarantine-list", "api:quarantine-detail", "api:quarantine-payload",
    "api:inbound-delivery", "api:subscription-list", "api:subscription-detail", "api:delivery-list",
    "api:delivery-detail", "admin:newsexchange_feed_changelist", "admin:newsexchange_feed_change",
    "admin:newsexchange_quarantinedentry_payload", "admin:newsexchange_subscription_change",
    "admin:newsexchange_translationprovider_change", "admin:newsexchange_translationorder_change",
    "admin:newsexchange_memorysegment_changelist", "api:translation-list", "api:translation-detail",
}  # fmt: skip


@pytest.mark.parametrize("role", [Role.VIEWER, Role.RIGHTS_OFFICER])
def test_no_page_shows_the_newsrooms_machinery_to_a_role_of_its_own_house_that_may_not_view_it(machinery, role):
    cache.clear()
    assert leaks(session_of(role), machinery) == []


@pytest.mark.parametrize("role", sorted(set(Role) - NEWSROOM))
def test_the_api_refuses_the_newsrooms_machinery_to_a_role_and_names_the_reason(machinery, role):
    cache.clear()
    client = session_of(role)
    for address in ("feeds", "quarantine", "subscriptions", "deliveries", "translations"):
        answer = client.get(f"/api/v1/{address}/")
        assert (answer.status_code, answer.json()["code"]) == (403, "role-missing"), address
    assert client.get("/api/v1/stories/").status_code == 200


def test_the_newsrooms_roles_see_its_machinery(machinery):
    """What the test above looks for is there to be found."""
    cache.clear()
    found = {
        line.split()[1]
        for line in leaks(session_of(Role.EDITOR), machinery, among=MACHINERY)
        if line.startswith("leak")
    }
    assert found >= MACHINERY - {"admin:newsexchange_quarantinedentry_payload"}, MACHINERY - found


def test_a_role_in_one_house_opens_no_machinery_of_another_where_one_only_looks_on(machinery):
    cache.clear()
    client = Client(raise_request_exception=False)
    editor = make_user(make_broadcaster("ptrc"), Role.EDITOR)
    Membership.objects.create(user=editor, broadcaster=make_broadcaster("rts"), role=Role.VIEWER)
    client.force_login(editor, backend="broadcasters.auth.RoleBackend")
    assert leaks(client, machinery) == []
    assert client.get("/api/v1/feeds/").json()["results"] == []


def test_every_resource_names_a_permission_that_some_role_holds():
    granted = {permission for role in Role for permission in permissions_with(role)}
    asked = 0
    for name, view in views():
        if getattr(view, "resource", ""):
            assert permission_to_view(view) in granted, name
            asked += 1
    assert asked > 30


def permissions_with(role: Role) -> set[str]:
    return permissions_of(make_user(make_broadcaster("rts"), role))


def views(patterns: Any = None, names: str = "") -> Iterator[tuple[str, Any]]:
    """Every (name, view of the API) of the URL configuration, with what its route sets on the view."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            yield from views(pattern.url_patterns, f"{names}{pattern.namespace}:" if pattern.namespace else names)
        elif view := getattr(pattern.callback, "cls", None):
            yield f"{names}{pattern.name}", view(**getattr(pattern.callback, "initkwargs", {}))


def test_the_matrix_would_notice_a_leak(hidden):
    """The origin's own desk does see the canary, on pages and in the API: the search above can fail."""
    cache.clear()
    rts = make_broadcaster("rts")
    client = Client(raise_request_exception=False)
    client.force_login(make_user(rts), backend="broadcasters.auth.RoleBackend")
    shown = {
        "api:item-list", "api:item-detail", "api:segment-list", "admin:archive_item_change",
        "admin:archive_item_changelist", "admin:archive_footagerequest_change", "api:story-list", "api:story-detail",
        "api:story-version", "api:quarantine-payload", "admin:newsexchange_story_changelist",
        "admin:newsexchange_story_change", "admin:newsexchange_feed_changelist",
    }  # fmt: skip
    assert {line.split()[1] for line in leaks(client, hidden, among=shown)} == shown
