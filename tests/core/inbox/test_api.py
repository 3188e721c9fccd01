import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from mediaexchange.core.inbox.models import Notification

pytestmark = pytest.mark.django_db
LIST = "/api/v1/me/notifications/"


@pytest.fixture
def desk(reader):
    client = Client()
    client.force_login(reader, backend="broadcasters.auth.RoleBackend")
    return client


def read(desk, body):
    return desk.post(f"{LIST}read/", body, content_type="application/json")


def test_a_person_reads_their_own_and_marks_them(desk, reader, ask):
    wanted = ask("Snow")
    ask("Rain")
    answer = desk.get(LIST).json()
    assert [row["text"].rpartition(": ")[2] for row in answer["results"]] == ["Rain", "Snow"]
    last = answer["results"][1]
    assert (last["kind"], last["subject_uid"]) == ("newsexchange.request-arrived", str(wanted.uid))
    assert last["page"].endswith("/open/")
    assert desk.get(f"{LIST}{last['uid']}/").json()["text"] == last["text"]
    assert read(desk, {"uids": [last["uid"]]}).json() == {"marked": 1, "unread": 1}
    assert [row["uid"] for row in desk.get(LIST, {"is_read": "true"}).json()["results"]] == [last["uid"]]
    assert read(desk, {"all": True, "up_to": last["uid"]}).json() == {"marked": 0, "unread": 1}
    assert read(desk, {"all": True}).json() == {"marked": 1, "unread": 0}


def test_nonsense_is_refused(desk):
    for body in ({}, {"all": True, "uids": []} | {"uids": ["nonsense"]}, {"up_to": "nonsense"}, {"words": 1}):
        assert read(desk, body).status_code == 400, body
    assert desk.get(LIST, {"recipient": "1"}).status_code == 400


def test_nobody_else_is_told(reader, ask, astana, belgrade, stranger):
    ask()
    (row,) = Notification.objects.filter(recipient=reader)
    for caller in (astana, belgrade):
        assert caller.get("me/notifications/").json()["results"] == []
        assert caller.get(f"me/notifications/{row.uid}/").status_code == 404
        assert caller.post("me/notifications/read/", {"uids": [str(row.uid)]}).json()["marked"] == 0
    assert stranger.get("me/notifications/").status_code == 401


def test_a_page_costs_as_much_with_three_as_with_one(desk, reader, ask):
    ask("Snow")
    counts = []
    for _time in range(2):
        with CaptureQueriesContext(connection) as queries:
            desk.get(LIST)
        counts.append(len(queries))
        ask("Rain")
        ask("Wind")
    assert counts[0] == counts[1]
