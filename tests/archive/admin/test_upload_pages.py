from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from archive.services import upload_bytes
from broadcasters.constants import Role
from tests.archive.factories import make_item, make_upload
from tests.factories import make_user

pytestmark = pytest.mark.django_db
LIST, ADD = reverse("admin:archive_upload_changelist"), reverse("admin:archive_upload_add")


def signed_in(broadcaster, role=Role.ARCHIVIST, language="en"):
    client = Client(headers={"accept-language": language})
    client.force_login(make_user(broadcaster, role, language=language), backend="broadcasters.auth.RoleBackend")
    return client


def page(upload, name="change"):
    return reverse(f"admin:archive_upload_{name}", args=[upload.pk])


def refused(broadcaster, **fields):
    upload = make_upload(
        broadcaster, status="refused", refusal="checksum-mismatch", details={"declared": "md5:1", "found": "md5:2"},
        offset_bytes=10, **fields,
    )  # fmt: skip
    upload_bytes.folder()
    upload_bytes.path_of(upload.uid).write_bytes(b"0123456789")
    return upload


def test_the_page_that_uploads_names_the_item_and_says_everything_in_the_readers_language(rts):
    item = make_item(rts, identifier="KOLUBARA-7")
    content = signed_in(rts).get(ADD, {"item": str(item.uid)}).content.decode()
    assert "KOLUBARA-7" in content
    assert f'value="{item.uid}" selected' in content
    assert 'data-endpoint="/api/v1/uploads/"' in content
    assert "style=" not in content[content.index("data-ar-upload") : content.index("</template>")]
    assert 'data-lang="kk' in signed_in(rts, language="kk").get(ADD).content.decode()


def test_another_houses_item_is_not_chosen(rts, ptrc):
    item = make_item(ptrc, identifier="ASTANA-7", title_en="Steppe")
    content = signed_in(rts).get(ADD, {"item": str(item.uid)}).content.decode()
    assert "ASTANA-7" not in content
    assert signed_in(rts).get(ADD, {"item": "nonsense"}).status_code == 200


def test_items_are_found_by_identifier_or_title_in_any_language(rts, ptrc):
    item = make_item(rts, identifier="KOLUBARA-7", title_sr="Рудари Колубаре", title_en="Miners")
    make_item(ptrc, identifier="KOLUBARA-8")
    client = signed_in(rts)
    address = reverse("admin:archive_upload_items")
    for words in ("kolu", "рудари", "Miners"):
        found = client.get(address, {"q": words}).content.decode()
        assert (found.count("<option"), str(item.uid) in found) == (1, True), words
    assert b"<option" not in client.get(address).content
    assert b"<option" not in signed_in(rts, Role.PRODUCER).get(address, {"q": "kolu"}).content


def test_who_may_not_upload_has_no_page_for_it(rts):
    viewer = signed_in(rts, Role.VIEWER)
    assert viewer.get(ADD).status_code == 403
    assert viewer.get(LIST).status_code == 200


def test_the_list_says_what_became_of_each_and_why(rts, ptrc):
    refused(rts, original_name="снимак.mp4")
    make_upload(rts, original_name="half.mov", offset_bytes=4)
    make_upload(ptrc, original_name="foreign.mov")
    content = signed_in(rts).get(LIST).content.decode()
    assert "The file does not have the checksum it was announced with." in content
    assert "4 B of 10 B" in content
    assert "foreign.mov" not in content


def test_a_refused_upload_shows_what_was_declared_and_found_and_is_checked_again(rts):
    upload, client = refused(rts), signed_in(rts)
    content = client.get(page(upload)).content.decode()
    assert "md5:1 ≠ md5:2" in content
    assert page(upload, "check") in content
    assert client.get(page(upload, "check")).status_code == 405
    assert client.post(page(upload, "check")).status_code == 302
    upload.refresh_from_db()
    assert (upload.status, upload.refusal) == ("checking", "")
    assert page(upload, "check") not in client.get(page(upload)).content.decode()


def test_a_refused_upload_is_thrown_away(rts):
    upload = refused(rts)
    signed_in(rts).post(page(upload, "cancel"))
    upload.refresh_from_db()
    assert (upload.status, upload_bytes.size_of(upload.uid)) == ("ended", 0)


def test_who_may_not_have_it_checked_is_neither_offered_it_nor_heard(rts):
    upload, producer = refused(rts), signed_in(rts, Role.PRODUCER)
    assert page(upload, "check") not in producer.get(page(upload)).content.decode()
    producer.post(page(upload, "check"))
    upload.refresh_from_db()
    assert upload.status == "refused"


def test_another_houses_upload_is_like_one_that_never_was(rts, ptrc):
    upload, client = refused(ptrc), signed_in(rts)
    assert client.get(page(upload)).status_code == 404
    assert client.post(page(upload, "check")).status_code == 404
    assert client.post(page(upload, "cancel")).status_code == 404
    upload.refresh_from_db()
    assert upload.status == "refused"


def test_an_upload_under_way_says_until_when_it_can_go_on(rts):
    upload = make_upload(rts, expires_at=timezone.now() + timedelta(days=3))
    content = signed_in(rts).get(page(upload)).content.decode()
    assert ADD in content
    assert page(upload, "cancel") in content
