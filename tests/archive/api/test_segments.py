from fractions import Fraction

import pytest

from archive.models import Segment
from tests.archive.edl import EDL
from tests.archive.factories import make_archive_module, make_grant, make_instantiation, make_item, make_segment

pytestmark = pytest.mark.django_db


@pytest.fixture
def item(rts, ptrc):
    make_archive_module(rts, ptrc)
    return make_item(rts)


def post_list(caller, item, content, **query):
    address = "&".join(f"{name}={value}" for name, value in query.items())
    return caller.client.post(
        f"/api/v1/items/{item.uid}/shot-list/?{address}",
        content,
        content_type="application/octet-stream",
        headers=caller.headers,
    )


def test_a_segment_is_marked_moved_and_taken_away(belgrade, astana, item):
    body = {"item": str(item.uid), "in_frame": 250, "out_frame": 1250, "texts": {"sr-Latn": {"title": "Dolazak"}}}
    written = belgrade.post("segments/", body)
    assert written.status_code == 201, written.content
    assert (written.json()["in_ms"], written.json()["duration_ms"]) == (10_000, 40_000)
    assert Segment.objects.get().title_sr == "Долазак"
    path = f"segments/{written.json()['uid']}/"
    moved = belgrade.send("PATCH", path, {"out_frame": 500}, If_Match=written.headers["ETag"])
    assert (moved.status_code, moved.json()["out_frame"]) == (200, 500)
    assert belgrade.send("PATCH", path, {"out_frame": 9}, If_Match=written.headers["ETag"]).status_code == 412
    assert belgrade.send("PATCH", path, {"out_frame": 9}, If_Match="*").json()["code"] == "no-length"
    assert astana.get(path).status_code == 200
    assert astana.send("PATCH", path, {"out_frame": 600}, If_Match="*").status_code == 403
    assert astana.send("DELETE", path).status_code == 403
    assert belgrade.send("DELETE", path).status_code == 204


def test_a_segment_ends_within_numbers_that_json_can_tell(belgrade, item):
    body = {"item": str(item.uid), "in_frame": 0, "rate_numerator": 1, "rate_denominator": 2**31 - 1}
    refused = belgrade.post("segments/", body | {"out_frame": 2**53})
    assert (refused.status_code, refused.json()["code"]) == (422, "too-long")
    assert belgrade.get(f"items/{item.uid}/").status_code == 200
    assert belgrade.post("segments/", body | {"out_frame": 4000}).status_code == 201


def test_a_segment_lies_inside_its_file_and_stays_while_a_grant_names_it(belgrade, item):
    carrier = make_instantiation(item, duration_ms=10_000)
    body = {"item": str(item.uid), "instantiation": str(carrier.uid), "in_frame": 0, "out_frame": 250}
    segment = belgrade.post("segments/", body).json()
    assert belgrade.post("segments/", body | {"out_frame": 260}).json()["code"] == "beyond-end"
    other = make_instantiation(make_item(item.broadcaster))
    assert belgrade.post("segments/", body | {"instantiation": str(other.uid)}).json()["code"] == "other-item"
    make_grant(item, segment=Segment.objects.get(uid=segment["uid"]))
    assert belgrade.send("DELETE", f"segments/{segment['uid']}/").json()["code"] == "segment-in-use"


def test_a_shot_list_is_looked_at_first_and_then_made_segments(belgrade, astana, item):
    carrier = make_instantiation(item, start_timecode="10:00:00:00", duration_ms=3_600_000)
    query = {"format": "edl", "instantiation": carrier.uid, "rate": "25"}
    preview = post_list(belgrade, item, EDL.encode(), **query)
    assert preview.status_code == 200, preview.content
    answer = preview.json()
    (shot,) = answer["new"]
    assert (shot["in_frame"], shot["out_frame"], shot["reel"]) == (250, 500, "TAPE1")
    assert [(each["place"], each["code"]) for each in answer["refused"]] == [
        (5, "no-source"), (6, "bad-timecode"), (7, "before-start"),
    ]  # fmt: skip
    assert all(each["reason"] for each in answer["refused"])
    assert not Segment.objects.exists()
    assert post_list(astana, item, EDL.encode(), **query, apply="true").status_code == 403
    for expected in (1, 0):
        made = post_list(belgrade, item, EDL.encode(), **query, apply="true").json()["made"]
        assert len(made) == expected
    assert Segment.objects.get().title_kk == "Қонақтардың келуі"


def test_segments_go_out_as_lists_that_come_back_the_same(belgrade, item):
    make_segment(item, title_kk="Келу", title_sr="Долазак", reel="Ролна 7")
    for name in ("edl", "otio"):
        content = belgrade.get(f"items/{item.uid}/shot-list/", format=name, lang="kk").content
        assert "Келу".encode() in content
        answer = post_list(belgrade, item, content, format=name, rate="25").json()
        assert (answer["new"], answer["known"], answer["refused"]) == ([], 1, []), answer


def test_an_edit_list_of_several_rates_is_refused(belgrade, item):
    make_segment(item)
    rate = Fraction(30000, 1001)
    make_segment(item, rate_numerator=rate.numerator, rate_denominator=rate.denominator)
    assert belgrade.get(f"items/{item.uid}/shot-list/", format="edl").json()["code"] == "several-rates"
    assert belgrade.get(f"items/{item.uid}/shot-list/", format="otio").status_code == 200
    assert belgrade.get(f"items/{item.uid}/shot-list/", format="pdf").status_code == 400


def test_what_is_no_list_is_refused(belgrade, item):
    assert post_list(belgrade, item, b"{}", format="otio").json()["code"] == "not-otio"
    assert post_list(belgrade, item, b"x", format="edl", rate="fast").status_code == 400
    assert post_list(belgrade, item, b"", format="edl").status_code == 400
