"""Every address about footage, asked by a third house for what two others have between them."""

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from archive.models import UnderlyingRight
from broadcasters.constants import Role
from broadcasters.models import Membership
from tests.archive.factories import (
    make_archive_module,
    make_footage_request,
    make_instantiation,
    make_item,
    make_licence,
    make_media_file,
    make_segment,
)
from tests.factories import make_broadcaster, make_key, make_user
from tests.test_access_matrix import CANARIES, CANARY, addresses, asked_for, body_of, filled, without_the_question

ABOUT = ("admin:archive_", "api:footage", "api:licence", "api:grant", "api:item", "api:segment", "api:instantiation")

pytestmark = pytest.mark.django_db


@pytest.fixture
def hidden() -> list[Any]:
    """A reel of Belgrade's own, asked for by Novi Sad, licensed, used and delivered; Astana shares their module."""
    rts, rtv, ptrc = (make_broadcaster(slug) for slug in ("rts", "rtv", "ptrc"))
    make_archive_module(rts, rtv, ptrc)
    item = make_item(rts, title_en=CANARY, title_sr="Канаринац", identifier=CANARY)
    segment = make_segment(item, title_en=CANARY)
    make_instantiation(item, file=make_media_file(rts), note=CANARY)
    right = UnderlyingRight.objects.create(item=item, kind="music", clearance="cleared", owner=CANARY)
    asked = make_footage_request(rtv, segment, purpose=CANARY, production_title=CANARY)
    licence = make_licence(rtv, segment, purpose=CANARY)
    grant = licence.grants.get()
    delivery = grant.deliveries.create(broadcaster=rtv, log=CANARY)
    use = grant.uses.create(broadcaster=rtv, started_at=timezone.now(), used_ms=1000, platform="radio", note=CANARY)
    type(item).objects.filter(pk=item.pk).update(access="house")
    return [item, segment, right, asked, licence, grant, delivery, use]


def leaks(client: Client, hidden: list[Any], **headers: str) -> list[str]:
    client.cookies["django_language"] = "sr-latn"
    found, seen = [], set()
    for name, route in addresses():
        if not name.startswith(ABOUT):
            continue
        for thing in asked_for(name, route, hidden):
            for address in set(filled(route, thing)) - seen:
                seen.add(address)
                response = client.get(address, headers={"accept-language": "sr-Latn", **headers})
                if response.status_code >= 500 or CANARIES.search(without_the_question(body_of(response), address)):
                    found.append(f"{response.status_code} {name} {address}")
    assert len(seen) > 50
    return found


def test_no_page_and_no_address_shows_a_third_house_what_is_between_two_others(hidden):
    cache.clear()
    ptrc = make_broadcaster("ptrc")
    somebody = make_user(ptrc)
    for role in set(Role) - {Role.EXCHANGE_DESK}:
        Membership.objects.create(user=somebody, broadcaster=ptrc, role=role)
    client = Client(raise_request_exception=False)
    client.force_login(somebody, backend="broadcasters.auth.RoleBackend")
    assert leaks(client, hidden) == []
    assert leaks(Client(raise_request_exception=False), hidden, authorization=f"Bearer {make_key(ptrc)}") == []
    assert leaks(Client(raise_request_exception=False), hidden) == []


def test_the_search_above_would_notice_a_leak(hidden):
    cache.clear()
    client = Client(raise_request_exception=False)
    officer = make_user(make_broadcaster("rts"), Role.RIGHTS_OFFICER)
    client.force_login(officer, backend="broadcasters.auth.RoleBackend")
    found = " ".join(leaks(client, hidden))
    for name in ("footagerequest_change", "licence_change", "item_usability", "grantuse_change"):
        assert f"admin:archive_{name}" in found, name
    assert "api:footage-request-detail" in found
    assert "api:footage-use-list" in found
