"""Who goes is told to the host while the assignment holds the person; afterwards, with the reason, to the own side."""

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from broadcasters.constants import Role
from broadcasters.models import Broadcaster
from correspondents.models import HandOver
from mediaexchange.core.calendar_feeds import address_of, make_feed
from tests.correspondents.factories import make_assignment, make_correspondent, make_desk
from tests.factories import make_user

pytestmark = pytest.mark.django_db
BOARD = reverse("admin:correspondents_assignment_board")
LIST = reverse("admin:correspondents_assignment_changelist")


@pytest.fixture(autouse=True)
def _uncounted():
    cache.clear()


@pytest.fixture
def person(rts):
    return make_correspondent(
        rts, name="Милица Канаринац", name_latn="Milica Kanarinac", user=make_user(rts, Role.VIEWER)
    )


def signed_in(user):
    client = Client()
    client.force_login(user, backend="broadcasters.auth.RoleBackend")
    client.cookies["django_language"] = "en"
    return client


def read_by(user, row):
    """Everything that names the assignment's person to whoever may."""
    client, month = signed_in(user), f"{row.starts_at:%Y-%m}"
    addresses = [
        reverse("admin:correspondents_assignment_change", args=[row.pk]),
        reverse("admin:correspondents_planning") + f"?month={month}&view=list",
        reverse("admin:correspondents_handover_changelist"),
        BOARD,
        LIST,
    ]
    house = Broadcaster.objects.of(user).get()
    addresses.append("/" + address_of(make_feed(user, kind="desk", subject=house.uid)).split("/", 3)[3])
    pages = [client.get(address).content.decode().replace("\r\n ", "") for address in addresses]
    return [("Kanarinac" in page or "Канаринац" in page, "WEDDING" in page) for page in pages]


@pytest.mark.parametrize("status", ["declined", "cancelled"])
def test_no_page_tells_the_host_who_does_not_come_and_why(rts, ptrc, person, status):
    row = make_assignment(person, status=status, status_reason="At a WEDDING")
    HandOver.objects.create(
        assignment=row, to_correspondent=make_correspondent(rts), at=row.starts_at, matters="Keys",
        status="withdrawn", answered_at=row.starts_at,
    )  # fmt: skip
    host = make_desk(ptrc)
    assert read_by(host, row) == [(False, False)] * 6
    told = read_by(make_desk(rts), row)
    assert told[0] == (True, True)
    assert [name for name, _reason in told[1:]] == [True, True, status == "declined", True, True]


def test_the_host_reads_who_comes(rts, ptrc, person):
    assert [name for name, _reason in read_by(make_desk(ptrc), make_assignment(person))] == [
        True, True, False, True, True, True,
    ]  # fmt: skip


def test_a_host_finds_nobody_by_the_name_of_who_declined(rts, ptrc, person):
    make_assignment(person, status="declined", title_en="Declined one", title_sr="")
    make_assignment(person, title_en="Standing one", title_sr="", first=30, last=31)
    for user, count in ((make_desk(ptrc), 1), (make_desk(rts), 2)):
        found = signed_in(user).get(LIST, {"q": "Канаринац"})
        assert found.context["cl"].result_count == count


def test_the_page_of_somebody_who_comes_does_not_list_what_they_declined(rts, ptrc, person):
    make_assignment(person, status="declined", title_en="Declined one", title_sr="")
    make_assignment(person, title_en="Standing one", title_sr="", first=30, last=31)
    address = reverse("admin:correspondents_correspondent_change", args=[person.pk])
    shown = signed_in(make_desk(ptrc)).get(address).content.decode()
    assert ("Standing one" in shown, "Declined one" in shown) == (True, False)
    assert "Declined one" in signed_in(make_desk(rts)).get(address).content.decode()


def test_the_api_neither_names_nor_finds_who_declined_for_the_host(rts, ptrc, belgrade, astana, person):
    row = make_assignment(person, status="declined", status_reason="At a WEDDING")
    path = f"assignments/{row.uid}/"
    assert [astana.get(path).json()[name] for name in ("correspondent", "status_reason")] == [None, ""]
    own = belgrade.get(path).json()
    assert (own["correspondent"]["uid"], own["status_reason"]) == (str(person.uid), "At a WEDDING")
    assert astana.get("assignments/", correspondent=str(person.uid)).json()["results"] == []
    assert len(belgrade.get("assignments/", correspondent=str(person.uid)).json()["results"]) == 1
    hand_over = HandOver.objects.create(
        assignment=row, to_correspondent=make_correspondent(rts), at=row.starts_at, matters="Keys",
        status="withdrawn", answered_at=row.starts_at,
    )  # fmt: skip
    path = f"hand-overs/{hand_over.uid}/"
    assert (astana.get(path).json()["from_correspondent"], belgrade.get(path).json()["from_correspondent"]) == (
        None, str(person.uid),
    )  # fmt: skip
