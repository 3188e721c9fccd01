import pytest

from archive.models import Collection, Instantiation
from tests.archive.factories import make_archive_module, make_collection, make_instantiation, make_item, make_media_file

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("kind", ["collections", "series"])
def test_a_house_orders_its_own_archive_and_nobody_elses(belgrade, astana, kind, rts, ptrc):
    body = {"slug": "filmske-novosti", "texts": {"sr-Latn": {"name": "Filmske novosti"}}}
    written = belgrade.post(f"{kind}/", body)
    assert (written.status_code, written.json()["name"]) == (201, "Филмске новости"), written.content
    assert belgrade.post(f"{kind}/", body).json()["code"] == "slug-taken"
    assert belgrade.post(f"{kind}/", {"slug": "empty"}).json()["code"] == "name-missing"
    path = f"{kind}/filmske-novosti/"
    assert astana.get(path).status_code == 404
    changed = belgrade.send("PATCH", path, {"texts": {"en": {"name": "Newsreels"}}}, If_Match=written.headers["ETag"])
    assert (changed.status_code, changed.json()["name"]) == (200, "Newsreels"), changed.content
    assert belgrade.send("PATCH", path, {"texts": {}}, If_Match=written.headers["ETag"]).status_code == 412
    assert len(belgrade.get(f"{kind}/", ordering="name").json()["results"]) == 1
    assert belgrade.get("search/", q="newsreels").json()["results"][0]["type"] == kind.removesuffix("s").replace(
        "serie", "series"
    )


def test_a_collection_cannot_lie_in_itself(belgrade, rts):
    outer = make_collection(rts, slug="outer")
    make_collection(rts, slug="inner", parent=outer)
    body = {"parent": "inner"}
    assert belgrade.send("PATCH", "collections/outer/", body, If_Match="*").json()["code"] == "part-of-itself"
    assert Collection.objects.get(slug="outer").parent is None


def test_carriers_are_catalogued_by_hand_and_files_are_measured(belgrade, astana, rts, ptrc):
    make_archive_module(rts, ptrc)
    item = make_item(rts)
    body = {"item": str(item.uid), "generation": "original", "format": "35 mm film", "location": "Shelf 7"}
    written = belgrade.post("instantiations/", body)
    assert (written.status_code, written.json()["kind"]) == (201, "physical"), written.content
    path = f"instantiations/{written.json()['uid']}/"
    moved = belgrade.send("PATCH", path, {"location": "Shelf 8"}, If_Match=written.headers["ETag"])
    assert moved.json()["location"] == "Shelf 8"
    assert astana.get(path).json()["location"] is None
    assert astana.send("PATCH", path, {"location": "x"}, If_Match="*").status_code == 403
    assert belgrade.send("PATCH", path, {"start_timecode": "soon"}, If_Match="*").status_code in (400, 422)
    kept = make_instantiation(item, file=make_media_file(rts))
    assert belgrade.send("DELETE", path).status_code == 204
    own = f"instantiations/{kept.uid}/"
    assert belgrade.send("PATCH", own, {"duration_ms": 5}, If_Match="*").json()["code"] == "is-measured"
    assert belgrade.send("DELETE", own).json()["code"] == "is-kept"
    assert belgrade.get(f"{own}link/").status_code == 200
    assert astana.get(f"{own}link/").status_code == 404
    assert Instantiation.objects.count() == 1


def test_what_happened_to_files_is_told_to_their_own_house_alone(belgrade, astana, rts, ptrc):
    make_archive_module(rts, ptrc)
    item, file = make_item(rts), make_media_file(rts)
    make_instantiation(item, file=file)
    file.events.create(kind="fixity check", outcome="success", agent="tests")
    found = belgrade.get("preservation-events/", item=str(item.uid), kind="fixity check").json()["results"]
    assert [(each["outcome"], each["file"]) for each in found] == [("success", str(file.uid))]
    assert astana.get("preservation-events/").json()["results"] == []
    assert belgrade.get(f"items/{item.uid}/media/").json() == {"results": []}
