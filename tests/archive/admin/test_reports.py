"""Fixity report, statistics, media files, collections: what each shows, and to whom."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from archive.models import FootageRequest, MediaFile, PreservationEvent, RequestLine, Step
from broadcasters.constants import Role
from tests.archive.admin.conftest import list_of, page_of
from tests.archive.factories import (
    make_collection,
    make_grant,
    make_instantiation,
    make_item,
    make_media_file,
)
from tests.factories import make_user

pytestmark = pytest.mark.django_db
LANGUAGES = ("en", "kk", "ru", "sr", "sr-latn")
FIXITY, STATISTICS = reverse("admin:archive_fixity"), reverse("admin:archive_statistics")


def fail(file, **detail):
    return PreservationEvent.objects.create(
        file=file, kind="fixity check", outcome="fail", detail=detail or {"found": None}, agent="test"
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_reports_open_in_every_language(archivist, rts, signed_in, language):
    item = make_item(rts)
    file = make_media_file(rts)
    make_instantiation(item, file=file)
    make_instantiation(item, location="shelf 4")
    fail(file)
    client = signed_in(archivist)
    client.cookies["django_language"] = language
    addresses = (FIXITY, STATISTICS, list_of("mediafile"), page_of(file), list_of("collection"), list_of("series"))
    for address in addresses:
        assert client.get(address).status_code == 200, address


def test_a_failed_check_is_reported_with_the_other_copies_until_a_later_one_succeeds(archivist, rts, signed_in):
    item, file = make_item(rts), make_media_file(rts)
    make_instantiation(item, file=file)
    make_instantiation(item, location="shelf 4")
    fail(file)
    client = signed_in(archivist)
    (failure,) = client.get(FIXITY).context_data["failures"]
    assert [other.location for other in failure.others] == ["shelf 4"]
    PreservationEvent.objects.create(
        file=file, kind="fixity check", outcome="success", agent="test", at=timezone.now() + timedelta(seconds=1)
    )
    assert client.get(FIXITY).context_data["failures"] == []


def test_the_report_counts_what_was_checked_masters_apart(archivist, rts, signed_in):
    master, copy = make_media_file(rts, b"GIF89a" + bytes(20), "a.gif"), make_media_file(rts)
    make_instantiation(make_item(rts), file=master, generation="master")
    make_instantiation(make_item(rts), file=copy, generation="access")
    MediaFile.objects.filter(pk=master.pk).update(checked_at=timezone.now() - timedelta(days=3))
    everything, masters = signed_in(archivist).get(FIXITY).context_data["slices"]
    assert (everything.files, everything.in_week, everything.never, everything.percent) == (2, 1, 1, 50)
    assert (masters.files, masters.never, masters.percent) == (1, 0, 100)


def test_another_house_sees_nothing_of_it(partner, rts, module, signed_in):
    item, file = make_item(rts), make_media_file(rts, name="secret-reel.png")
    make_instantiation(item, file=file)
    fail(file)
    client = signed_in(partner)
    page = client.get(FIXITY)
    assert page.context_data["failures"] == []
    assert "secret-reel" not in page.content.decode()
    for name in ("change", "steps"):
        assert client.get(reverse(f"admin:archive_mediafile_{name}", args=[file.pk])).status_code == 404
    assert client.post(reverse("admin:archive_mediafile_rerun", args=[file.pk, "probe"])).status_code == 404
    assert "secret-reel" not in client.get(list_of("mediafile")).content.decode()


def test_a_failed_step_says_why_and_is_run_again_by_those_who_may(archivist, rts, signed_in):
    file = make_media_file(rts)
    step = Step.objects.create(file=file, kind="poster", status="failed", error="unreadable", log="moov atom not found")
    viewer = signed_in(make_user(rts, role=Role.VIEWER))
    table, rerun = (
        reverse("admin:archive_mediafile_steps", args=[file.pk]),
        reverse("admin:archive_mediafile_rerun", args=[file.pk, "poster"]),
    )
    text = viewer.get(table).content.decode()
    assert "The recording cannot be read." in text
    assert "moov atom not found" in text
    assert rerun not in text
    assert viewer.post(rerun).status_code == 403
    client = signed_in(archivist)
    assert rerun in client.get(table).content.decode()
    assert client.get(rerun).status_code == 405
    assert client.post(rerun, {"next": "https://elsewhere.example/"}).url == page_of(file)
    step.refresh_from_db()
    assert step.status == "waiting"
    assert 'data-ar-steps="working"' in client.get(table).content.decode()
    assert client.post(reverse("admin:archive_mediafile_rerun", args=[file.pk, "hls"])).status_code == 404


def ask(rts, ptrc, module, item, seconds):
    now = timezone.now()
    asked = FootageRequest.objects.create(
        broadcaster=ptrc, holder=rts, module=module, purpose="film", starts_at=now, ends_at=now + timedelta(days=9),
        time_zone="Asia/Almaty",
    )  # fmt: skip
    RequestLine.objects.create(footage_request=asked, item=item, seconds=seconds)
    return RequestLine.objects.create(
        footage_request=asked, item=item, seconds=50, status="approved", approved_seconds=20, approved_runs=1
    )


def test_both_houses_read_the_same_figures_from_their_sides(archivist, partner, rts, ptrc, module, signed_in):
    item = make_item(rts)
    ask(rts, ptrc, module, item, 40)
    grant = make_grant(item, grantee=ptrc)
    grant.uses.create(broadcaster=ptrc, started_at=timezone.now(), used_ms=7500, platform="television")
    for user, other, side in ((archivist, ptrc, "ours"), (partner, rts, "theirs")):
        (each,) = signed_in(user).get(STATISTICS).context_data["partners"]
        assert each.partner == other
        assert getattr(each, side) == [(2, 90), (1, 20), (0, 0), (1, 7)]
    page = signed_in(archivist).get(STATISTICS, {"year": str(timezone.now().year - 3)})
    assert page.context_data["partners"] == []


def test_a_third_house_reads_no_figures_of_two_others(rts, ptrc, module, signed_in, django_user_model):
    from tests.factories import make_broadcaster

    ask(rts, ptrc, module, make_item(rts), 40)
    third = make_user(make_broadcaster("rtv"), role=Role.ADMINISTRATOR)
    context = signed_in(third).get(STATISTICS).context_data
    assert context["partners"] == []
    assert all(number == 0 for _name, number in context["categories"])


def test_items_are_counted_by_category_and_decade_and_the_store_against_its_quota(archivist, rts, signed_in, settings):
    settings.MEDIA_QUOTA_BYTES = 1000
    make_item(rts, category="news", dated="1961-09")
    make_item(rts, category="news", dated="XXXX")
    file = make_media_file(rts)
    context = signed_in(archivist).get(STATISTICS).context_data
    assert ("news", 2) in [(str(name), number) for name, number in context["categories"]]
    assert [(name, number) for name, number in context["decades"]] == [("1960–1969", 1), ("without a date", 1)]
    (room,) = context["rooms"]
    assert (room.files, room.used_bytes, room.percent) == (1, file.size_bytes, -(-file.size_bytes // 10))


def test_a_list_of_collections_asks_as_many_questions_whatever_their_number(archivist, rts, signed_in):
    client = signed_in(archivist)
    make_item(rts, collection=make_collection(rts))
    client.get(list_of("collection"))
    with CaptureQueriesContext(connection) as one:
        client.get(list_of("collection"))
    for _number in range(2):
        make_item(rts, collection=make_collection(rts, parent=make_collection(rts)))
    with CaptureQueriesContext(connection) as more:
        client.get(list_of("collection"))
    assert len(more) == len(one)


def test_a_list_of_files_asks_as_many_questions_whatever_their_number(archivist, rts, signed_in):
    client = signed_in(archivist)
    make_media_file(rts)
    client.get(list_of("mediafile"))
    with CaptureQueriesContext(connection) as one:
        client.get(list_of("mediafile"))
    for number in range(2):
        make_media_file(rts, b"GIF89a" + bytes(20 + number), f"{number}.gif")
    with CaptureQueriesContext(connection) as more:
        client.get(list_of("mediafile"))
    assert len(more) == len(one)


def test_collections_are_a_houses_own(archivist, partner, rts, module, signed_in):
    collection = make_collection(rts, name_en="Cellar")
    assert signed_in(archivist).get(page_of(collection)).status_code == 200
    assert signed_in(partner).get(page_of(collection)).status_code == 404
    saved = signed_in(archivist).post(page_of(collection), {"name_en": "Attic"})
    assert saved.status_code == 302
    collection.refresh_from_db()
    assert collection.name_en == "Attic"
