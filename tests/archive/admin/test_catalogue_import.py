"""The pages of imports and of completeness: sent, looked at, approved; refusals leave as a table."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from archive.models import CatalogueImport, Item, Series
from archive.services.importing import work_on_imports
from broadcasters.constants import Role
from tests.archive.catalogue import read
from tests.archive.factories import make_item
from tests.factories import make_user

pytestmark = pytest.mark.django_db
TABLE = b"identifier,title_en,dated\r\nA-1,Reel,1961\r\n-2,,1962\r\n"


def signed_in(house, role=Role.ARCHIVIST):
    client = Client()
    client.force_login(make_user(house, role, language="en"))
    return client


def test_an_archivist_sends_a_document_looks_at_it_and_approves(rts):
    client = signed_in(rts)
    form = {"broadcaster": rts.pk, "document": SimpleUploadedFile("reels.csv", TABLE)}
    sent = client.post(reverse("admin:archive_catalogueimport_add"), form)
    assert sent.status_code == 302, sent.content.decode()[:3000]
    work_on_imports()
    row = CatalogueImport.objects.get()
    page = client.get(reverse("admin:archive_catalogueimport_change", args=[row.pk])).content.decode()
    assert "waiting for approval" in page
    assert "Approve and write" in page
    rows = client.get(reverse("admin:archive_importrow_changelist"), {"of": row.pk, "what": "create"}).content.decode()
    assert "A-1" in rows
    assert "Reel" in rows
    client.post(reverse("admin:archive_catalogueimport_approve", args=[row.pk]), {"answered": "1"})
    work_on_imports()
    row.refresh_from_db()
    assert row.status == "applied"
    assert Item.objects.get().identifier == "A-1"
    page = client.get(reverse("admin:archive_catalogueimport_change", args=[row.pk])).content.decode()
    assert "Done: Approve and write." in page
    assert reverse("admin:archive_catalogueimport_approve", args=[row.pk]) not in page


def test_refusals_leave_as_a_table_that_is_no_formula(rts):
    row = read(TABLE, rts)
    response = signed_in(rts).get(reverse("admin:archive_catalogueimport_refusals", args=[row.pk]))
    text = response.content.decode("utf-8-sig")
    assert "A new item needs a title." in text
    assert "'-2" in text
    assert response.headers["Content-Type"].startswith("text/csv")


def test_others_neither_see_nor_approve(rts, ptrc):
    row = read(TABLE, rts)
    address = reverse("admin:archive_catalogueimport_change", args=[row.pk])
    astana = signed_in(ptrc)
    for page in (address, reverse("admin:archive_catalogueimport_refusals", args=[row.pk]),
                 reverse("admin:archive_catalogueimport_approve", args=[row.pk])):  # fmt: skip
        assert astana.get(page).status_code == 404
    assert "A-1" not in astana.get(reverse("admin:archive_importrow_changelist")).content.decode()
    editor = signed_in(rts, Role.EDITOR)
    assert editor.get(address).status_code == 200
    assert editor.post(reverse("admin:archive_catalogueimport_approve", args=[row.pk])).status_code == 403
    assert editor.get(reverse("admin:archive_catalogueimport_add")).status_code == 403


def test_what_is_missing_stands_on_one_page_and_in_one_table(rts, ptrc):
    whole = make_item(rts, expected_children=3, title_en="Whole of three")
    Series.objects.create(broadcaster=rts, slug="serial", name_en="A serial", expected_items=12)
    make_item(ptrc, expected_children=3, title_en="Somebody else's")
    client = signed_in(rts)
    page = client.get(reverse("admin:archive_completeness"))
    text = page.content.decode()
    assert page.status_code == 200
    assert "Whole of three" in text
    assert "A serial" in text
    assert "Somebody else" not in text
    table = client.get(reverse("admin:archive_missing")).content.decode("utf-8-sig")
    assert f"{whole.identifier},Whole of three,3,0,3" in table
    assert "serial,A serial,12,0,12" in table
