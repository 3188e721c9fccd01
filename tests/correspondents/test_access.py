"""Every address of correspondents, API and admin, asked by those who must not know: what Belgrade plans and keeps."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from broadcasters.constants import Role
from broadcasters.models import Membership
from correspondents.models import HandOver
from tests.correspondents.factories import (
    make_assignment,
    make_correspondent,
    make_event,
    make_kit,
    make_paper,
    make_whereabouts,
    make_wish,
)
from tests.factories import make_broadcaster, make_key, make_user
from tests.test_access_matrix import addresses, asked_for, body_of, filled, without_the_question

pytestmark = pytest.mark.django_db
CANARY = "kanarinac"
CANARIES = re.compile("kanarinac|канаринац|5554321", re.IGNORECASE)
OURS = re.compile(
    r"(^|/)(correspondents|assignments|papers|hand-overs|kits|kit-bookings|planned-events|coverage-wishes|stories-filed)/"
)


@pytest.fixture
def hidden() -> list[Any]:
    """A draft, a person who stays at home, what they have and what their house keeps to itself."""
    rts = make_broadcaster("rts")
    person = make_correspondent(rts, name="Милица Канаринац", name_latn="Milica Kanarinac")
    place = make_whereabouts(person, address=CANARY, phone="5554321")
    paper = make_paper(person, reference="5554321")
    event = make_event(rts, is_shared=False, name_en=CANARY, name_sr="Канаринац", description_en=CANARY)
    words = {"title_en": CANARY, "title_sr": "Канаринац", "brief_en": CANARY}
    draft = make_assignment(person, status="draft", event=event, **words)
    alone = make_assignment(person, host=None, **words)
    kit = make_kit(rts, name_en=CANARY, serial_number="5554321")
    handed = HandOver.objects.create(
        assignment=alone, to_correspondent=make_correspondent(rts), at=timezone.now(), matters=CANARY
    )
    wish = make_wish(event, note=CANARY)
    access = draft.accesses.create(sphere="political", conditions=CANARY)
    booking = alone.kit_bookings.create(kit=kit, period=alone.period)
    return [person, place, paper, event, draft, alone, kit, handed, wish, access, booking]


def ours(hidden: list[Any]) -> Iterator[tuple[str, str, Any]]:
    """Each address with the identities of rows of its own kind; the great matrix asks for all with all."""
    for name, route in addresses():
        if OURS.search(route):
            own = [thing for thing in hidden if name.startswith(f"api:{thing._meta.model_name}-")]
            for thing in own[:2] or asked_for(name, route, hidden)[:2]:
                for address in filled(route, thing):
                    yield name, address, thing


def leaks(client: Client, hidden: list[Any], *, only: str = "", **headers: str) -> tuple[list[str], int]:
    cache.clear()
    found, asked = [], 0
    seen = set()
    for name, address, _thing in ours(hidden):
        if address in seen or not name.startswith(only):
            continue
        seen.add(address)
        answer = client.get(address, headers={"accept-language": "sr-Latn", **headers})
        asked += 1
        if answer.status_code >= 500:
            found.append(f"{answer.status_code} {name} {address}")
        if CANARIES.search(without_the_question(body_of(answer), address)):
            found.append(f"leak {name} {address}")
    return found, asked


def signed_in(house: str, *roles: Role) -> Client:
    broadcaster = make_broadcaster(house)
    user = make_user(broadcaster, roles[0])
    for role in roles[1:]:
        Membership.objects.create(user=user, broadcaster=broadcaster, role=role)
    client = Client(raise_request_exception=False)
    client.force_login(user, backend="broadcasters.auth.RoleBackend")
    return client


def test_no_page_shows_another_house_what_is_not_theirs_whatever_the_role(hidden):
    found, asked = leaks(signed_in("ptrc", *Role), hidden)
    assert (found, asked > 40) == ([], True)


def test_no_address_tells_a_partners_key_or_anybody_without_one(hidden):
    key = make_key(make_broadcaster("ptrc"))
    for headers in ({"authorization": f"Bearer {key}"}, {}):
        assert leaks(Client(raise_request_exception=False), hidden, **headers)[0] == []


def test_every_deed_on_what_is_not_theirs_is_404(hidden):
    cache.clear()
    headers = {"authorization": f"Bearer {make_key(make_broadcaster('ptrc'))}"}
    client, asked = Client(raise_request_exception=False), 0
    for name, address, thing in ours(hidden):
        if name.startswith("api:") and str(getattr(thing, "uid", "without")) in address:
            answer = client.post(address, "{}", content_type="application/json", headers=headers)
            assert answer.status_code in (404, 405), f"{address}: {answer.status_code}"
            asked += 1
    assert asked > 20


def test_those_of_the_own_house_who_only_look_on_do_not_learn_where_somebody_is(hidden):
    """They see the house's private event; assignments, people and numbers are for those who plan."""
    found, _asked = leaks(signed_in("rts", Role.VIEWER, Role.ARCHIVIST), hidden, only="api:")
    seen = {line.split()[1] for line in found}
    assert {name for name in seen if "event" not in name and "wish" not in name} == set()


def test_the_own_desk_sees_it_all(hidden):
    """What the tests above look for is there to be found."""
    found, _asked = leaks(signed_in("rts", Role.EXCHANGE_DESK), hidden, only="api:")
    seen = {line.split()[1] for line in found}
    assert seen >= {
        "api:correspondent-list", "api:correspondent-detail", "api:correspondent-whereabouts", "api:assignment-list",
        "api:assignment-detail", "api:handover-detail", "api:kit-list", "api:plannedevent-detail",
        "api:coveragewish-detail",
    }  # fmt: skip
    assert not any(line.startswith("5") for line in found)
