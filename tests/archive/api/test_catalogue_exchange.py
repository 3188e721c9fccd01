"""Exports and imports by API: who gets what, previews, approval."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from archive.formats.registry import DOCUMENTS
from archive.models import CatalogueImport, Item
from archive.services.importing import work_on_imports
from tests.archive.catalogue import loaded, make_full_item
from tests.archive.factories import make_archive_module, make_item
from tests.conftest import Caller
from tests.factories import make_key

pytestmark = pytest.mark.django_db
TABLE = b"identifier,title_en,dated\r\nA-1,Reel,1961\r\nA-2,,1962\r\n"


def send(caller, payload, **query):
    from urllib.parse import urlencode

    address = f"/api/v1/catalogue-imports/?{urlencode(query)}"
    return caller.client.post(address, payload, content_type="application/octet-stream", headers=caller.headers)


@pytest.mark.parametrize("name", list(DOCUMENTS))
def test_an_item_is_had_as_any_document_by_those_who_may_read_it(name, belgrade, astana, stranger, rts, ptrc):
    item = make_full_item(rts)
    path = f"items/{item.uid}/documents/{name}/"
    response = belgrade.get(path)
    assert response.status_code == 200
    assert response.headers["Content-Type"] == DOCUMENTS[name].content_type
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert astana.get(path).status_code == 404
    assert stranger.get(path).status_code == 401
    make_archive_module(rts, ptrc)
    content = b"".join(astana.get(path))
    assert content
    if name != "xlsx":
        assert b"Shelf 4" not in content


def test_an_unknown_document_says_which_there_are(belgrade, rts):
    response = belgrade.get(f"items/{make_item(rts).uid}/documents/marc/")
    assert response.status_code == 422
    assert response.json()["code"] == "unknown-format"
    assert "pbcore" in response.json()["formats"]


def test_an_export_holds_what_the_filters_leave_and_the_caller_may_read(belgrade, astana, rts, ptrc):
    make_archive_module(rts, ptrc)
    news, reel = make_item(rts, category="news"), make_item(rts)
    hidden = make_item(rts, access="house")
    own = b"".join(belgrade.get("items/export/", format="csv")).decode("utf-8-sig")
    assert all(item.identifier in own for item in (news, reel, hidden))
    theirs = b"".join(astana.get("items/export/", format="csv")).decode("utf-8-sig")
    assert news.identifier in theirs
    assert hidden.identifier not in theirs
    filtered = b"".join(astana.get("items/export/", format="csv", category="news")).decode("utf-8-sig")
    assert reel.identifier not in filtered
    assert belgrade.get("items/export/", format="csv", category="dance").status_code == 400
    assert belgrade.get("items/export/", format="csv", nonsense="1").status_code == 400
    assert belgrade.get("items/export/").status_code == 422
    assert belgrade.get("items/export/", format="pbcore", identifier="none").json()["code"] == "no-records"


def test_an_export_that_is_too_large_is_refused_not_cut(belgrade, rts, monkeypatch):
    make_item(rts), make_item(rts)
    from dataclasses import replace

    monkeypatch.setitem(DOCUMENTS, "csv", replace(DOCUMENTS["csv"], most=1))
    response = belgrade.get("items/export/", format="csv")
    assert (response.status_code, response.json()["code"]) == (422, "too-large")


def test_a_document_is_sent_looked_at_and_approved(belgrade, rts, django_capture_on_commit_callbacks):
    response = send(belgrade, TABLE, file_name="../../etc/reels.csv")
    assert response.status_code == 202, response.content
    sent = response.json()
    assert (sent["status"], sent["file_name"], sent["broadcaster"]) == ("reading", "reels.csv", "rts")
    work_on_imports()
    seen = belgrade.get(f"catalogue-imports/{sent['uid']}/").json()
    assert {name: seen[name] for name in ("status", "format", "created", "updated", "unchanged", "refused")} == {
        "status": "preview", "format": "csv", "created": 1, "updated": 0, "unchanged": 0, "refused": 1,
    }  # fmt: skip
    rows = belgrade.get(f"catalogue-imports/{sent['uid']}/rows/").json()["results"]
    assert rows[0]["changes"]["title_en"] == [None, "Reel"]
    assert rows[1]["problems"][0]["code"] == "title-missing"
    assert rows[1]["problems"][0]["detail"] == "A new item needs a title."
    refused = belgrade.get(f"catalogue-imports/{sent['uid']}/rows/", action="refuse").json()["results"]
    assert [row["identifier"] for row in refused] == ["A-2"]
    assert not Item.objects.exists()
    applied = belgrade.post(f"catalogue-imports/{sent['uid']}/apply/")
    assert (applied.status_code, applied.json()["status"]) == (202, "applying")
    work_on_imports()
    assert belgrade.get(f"catalogue-imports/{sent['uid']}/").json()["status"] == "applied"
    item = Item.objects.get()
    assert (item.identifier, item.created_by) == ("A-1", CatalogueImport.objects.get().applied_by)
    assert belgrade.post(f"catalogue-imports/{sent['uid']}/discard/").status_code == 409


def test_imports_are_their_houses_own(belgrade, astana, stranger, rts):
    uid = send(belgrade, TABLE).json()["uid"]
    assert astana.get(f"catalogue-imports/{uid}/").status_code == 404
    assert astana.get(f"catalogue-imports/{uid}/rows/").status_code == 404
    assert astana.post(f"catalogue-imports/{uid}/apply/").status_code == 404
    assert astana.get("catalogue-imports/").json()["results"] == []
    assert stranger.get("catalogue-imports/").status_code == 401
    assert send(stranger, TABLE).status_code == 401
    reader = Caller(make_key(rts, ["archive:read"]))
    assert reader.get(f"catalogue-imports/{uid}/").status_code == 200
    assert send(reader, TABLE).status_code == 403


def test_nothing_and_too_much_are_refused_at_the_door(belgrade, monkeypatch):
    assert send(belgrade, b"  ").json()["code"] == "no-records"
    monkeypatch.setattr("archive.api.catalogue_imports.MAX_BYTES", 10)
    assert send(belgrade, TABLE).status_code == 413
    assert send(belgrade, TABLE, nonsense="1").status_code == 400


def test_lists_ask_the_same_number_of_queries_whatever_they_hold(belgrade, rts):
    payload = DOCUMENTS["csv"].render(loaded(make_full_item(rts)))
    counts = []
    for number in (1, 2):
        for _each in range(number):
            send(belgrade, payload)
        work_on_imports()
        uid = CatalogueImport.objects.latest("pk").uid
        with CaptureQueriesContext(connection) as queries:
            assert len(belgrade.get("catalogue-imports/").json()["results"]) == number * (number + 1) // 2
            belgrade.get(f"catalogue-imports/{uid}/rows/")
        counts.append(len(queries))
    assert counts[0] == counts[1]
