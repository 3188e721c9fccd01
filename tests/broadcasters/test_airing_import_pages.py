"""Imports of airings over the API and in the admin: sent, columns named, looked at, approved, corrected."""

from datetime import UTC, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from broadcasters.models import Airing, AiringImport, AiringImportRow
from broadcasters.services.airing_import import work_on_imports
from mediaexchange.core.languages.tags import LANGUAGES
from tests.broadcasters.admin_pages import signed_in
from tests.broadcasters.test_airing_imports import sheets
from tests.factories import make_channel, make_user

pytestmark = pytest.mark.django_db
ROWS = [
    {"channel": "rts-one", "started_at": "2026-09-14T17:30:00Z", "duration_ms": 60_000, "title": "News"},
    {"channel": "rts-one", "started_at": "2026-09-14T18:00:00Z", "duration_ms": 60_000, "title": "=cmd()"},
    {"channel": "nowhere", "started_at": "2026-09-14T18:10:00Z", "duration_ms": 60_000, "title": "Film"},
]


@pytest.fixture
def channel(rts):
    return make_channel(rts, slug="rts-one")


def test_a_list_of_airings_is_sent_looked_at_and_approved_by_api(rts, channel, belgrade, astana):
    sent = belgrade.post("airing-imports/?file_name=log.json", ROWS)
    assert (sent.status_code, sent.json()["status"]) == (202, "reading")
    work_on_imports()
    address = f"airing-imports/{sent.json()['uid']}/"
    said = belgrade.get(address).json()
    assert [said[name] for name in ("status", "new", "known", "refused", "written", "format")] == [
        "preview", 2, 0, 1, 0, "json",
    ]  # fmt: skip
    (refused,) = belgrade.get(f"{address}rows/", action="refuse").json()["results"]
    assert (refused["position"], refused["problems"][0]["code"]) == (3, "channel-unknown")
    assert astana.get(address).status_code == 404
    assert astana.post(f"{address}apply/").status_code == 404
    assert belgrade.post(f"{address}rows/3/correct/", {"cells": {"channel": "rts-one"}}).json()["action"] == "create"
    assert belgrade.post(f"{address}rows/9/correct/", {"cells": {}}).status_code == 404
    assert belgrade.post(f"{address}apply/").status_code == 202
    work_on_imports()
    assert belgrade.get(address).json()["written"] == 3
    assert Airing.objects.get(title="News").started_at == datetime(2026, 9, 14, 17, 30, tzinfo=UTC)
    again = belgrade.post("airing-imports/", ROWS).json()["uid"]
    work_on_imports()
    assert belgrade.get(f"airing-imports/{again}/").json()["known"] == 2


def test_columns_are_named_by_api(rts, channel, belgrade):
    sent = belgrade.post("airing-imports/?channel=rts-one", b"when;how long;what\n2026-09-14 19:30;1800;Film\n").json()
    work_on_imports()
    address = f"airing-imports/{sent['uid']}/"
    assert belgrade.get(address).json()["status"] == "columns"
    assert belgrade.post(f"{address}columns/", {"mapping": {"0": "weather"}}).status_code == 400
    named = belgrade.post(f"{address}columns/", {"mapping": {"0": "start", "1": "duration", "2": "title"}}).json()
    assert (named["status"], named["new"]) == ("preview", 1)
    assert belgrade.post(f"{address}discard/").json()["status"] == "refused"
    assert belgrade.post("airing-imports/?channel=nowhere", b"x").status_code == 400
    assert belgrade.post("airing-imports/", b" ").status_code == 422


def test_a_sheet_is_chosen_by_api_and_in_the_admin(rts, ptrc, channel, belgrade, astana):
    sent = belgrade.post("airing-imports/?sheet=Wednesday", sheets()).json()
    work_on_imports()
    address = f"airing-imports/{sent['uid']}/"
    refused = belgrade.get(address).json()
    assert (refused["error"], refused["sheets"]) == ("no-such-sheet", ["Monday", "Tuesday", "Empty"])
    assert refused["reason"] == "The workbook has no such sheet. It has: Monday, Tuesday, Empty."
    assert belgrade.post(f"{address}sheet/", {"sheet": "Wednesday"}).status_code == 422
    assert astana.post(f"{address}sheet/", {"sheet": "Monday"}).status_code == 404
    assert belgrade.post(f"{address}sheet/", {"sheet": "Monday"}).status_code == 202
    work_on_imports()
    assert [belgrade.get(address).json()[name] for name in ("status", "sheet", "new")] == ["preview", "Monday", 1]
    received = AiringImport.objects.get()
    client, stranger = signed_in(make_user(rts)), signed_in(make_user(ptrc))
    page = reverse("admin:broadcasters_airingimport_change", args=[received.pk])
    choose = reverse("admin:broadcasters_airingimport_choose", args=[received.pk])
    shown = client.get(page).content.decode()
    assert "Monday" in shown
    assert "Tuesday" in shown
    assert choose in shown
    assert stranger.get(choose).status_code == 404
    assert '<option value="Tuesday"' in client.get(choose).content.decode()
    assert client.post(choose, {"sheet": "Wednesday"}).status_code == 200
    assert client.post(choose, {"sheet": "Tuesday"}).status_code == 302
    work_on_imports()
    assert received.rows.get().values["title"] == "News of Tuesday"
    client.post(reverse("admin:broadcasters_airingimport_approve", args=[received.pk]))
    assert choose not in client.get(page).content.decode()


def test_rows_of_an_old_import_are_found_by_its_address_and_those_of_others_never(rts, ptrc, channel, belgrade):
    for _each in range(2):
        belgrade.post("airing-imports/", ROWS)
    work_on_imports()
    old, other = AiringImport.objects.order_by("pk")
    AiringImport.objects.bulk_create(
        [AiringImport(broadcaster=rts, kind="airings", status="refused") for _each in range(100)]
    )
    foreign = AiringImport.objects.create(broadcaster=ptrc, kind="airings", status="refused")
    client, rows = signed_in(make_user(rts)), reverse("admin:broadcasters_airingimportrow_changelist")
    found = client.get(rows, {"of": old.pk}).context["cl"].result_list
    assert {row.airing_import_id for row in found} == {old.pk}
    for odd in (foreign.pk, "²", "1" * 5000):
        assert {row.airing_import_id for row in client.get(rows, {"of": odd}).context["cl"].result_list} == {
            old.pk, other.pk,
        }  # fmt: skip


def test_lists_ask_as_often_with_three_rows_as_with_one(rts, channel, belgrade):
    counts = []
    for number in (1, 3):
        for _each in range(number):
            belgrade.post("airing-imports/", ROWS)
        work_on_imports()
        with CaptureQueriesContext(connection) as asked:
            assert belgrade.get("airing-imports/").status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("language", [language.code for language in LANGUAGES])
def test_the_road_of_a_log_through_the_admin(rts, ptrc, channel, language):
    client, actor = Client(), make_user(rts, language=language)
    client.force_login(actor)
    add = reverse("admin:broadcasters_airingimport_add")
    assert client.get(add).status_code == 200
    log = "Датум;Време;Трајање;Шта\n14.09.2026;19:30;28:30;=1+1\n14.09.2026;20:00;xx;Film\n".encode("cp1251")
    sent = client.post(
        add, {"document": SimpleUploadedFile("log.csv", log), "broadcaster": rts.pk, "channel": channel.pk,
              "kind": "airings", "source": ""},
    )  # fmt: skip
    assert sent.status_code == 302
    work_on_imports()
    received = AiringImport.objects.get()
    page = reverse("admin:broadcasters_airingimport_change", args=[received.pk])
    assert "Шта" in client.get(page).content.decode()
    deed = "admin:broadcasters_airingimport_{}".format
    columns = reverse(deed("columns"), args=[received.pk])
    assert client.get(columns).status_code == 200
    answers = {"column_0": "date", "column_1": "start", "column_2": "duration", "column_3": "title", "channel": ""}
    assert client.post(columns, answers).status_code == 302
    received.refresh_from_db()
    assert received.status == "preview"
    assert "=1+1" in client.get(page).content.decode()
    refusals = client.get(reverse("admin:broadcasters_airingimport_refusals", args=[received.pk]))
    assert "xx" in refusals.content.decode("utf-8-sig")
    rows = reverse("admin:broadcasters_airingimportrow_changelist")
    assert len(client.get(rows, {"of": received.pk, "action__exact": "refuse"}).context["cl"].result_list) == 1
    row = AiringImportRow.objects.get(action="refuse")
    correct = reverse("admin:broadcasters_airingimportrow_correct", args=[row.pk])
    assert client.get(correct).status_code == 200
    cells = {"date": "14.09.2026", "start": "20:00", "duration": "0:30:00", "title": "Film"}
    assert client.post(correct, cells).status_code == 302
    assert client.get(reverse("admin:broadcasters_airingimportrow_change", args=[row.pk])).status_code == 200
    approve = reverse(deed("approve"), args=[received.pk])
    assert client.get(approve).status_code == 200
    assert approve in client.get(page).content.decode()
    client.post(approve)
    work_on_imports()
    assert sorted(Airing.objects.values_list("title", flat=True)) == ["=1+1", "Film"]
    assert approve not in client.get(page).content.decode()  # nothing of it waits to be written
    assert client.get(reverse("admin:broadcasters_airing_change", args=[Airing.objects.first().pk])).status_code == 200
    stranger = Client()
    stranger.force_login(make_user(ptrc))
    for address in (page, columns, approve, correct, reverse(deed("refusals"), args=[received.pk])):
        assert stranger.get(address).status_code == 404
