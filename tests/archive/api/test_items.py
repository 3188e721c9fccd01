import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from archive.models import Item
from broadcasters.models import Person, PersonAlias
from mediaexchange.core.models import OutboxEvent
from tests.archive.factories import (
    make_archive_module,
    make_collection,
    make_instantiation,
    make_item,
    make_segment,
)
from tests.factories import make_key, make_place

pytestmark = pytest.mark.django_db
REEL = {
    "identifier": "FN-1961/09",
    "category": "historical-footage",
    "texts": {"sr-Latn": {"title": "Dolazak gostiju"}, "kk": {"title": "Қонақтардың келуі"}},
    "dated": "1961-09",
    "access": "partners",
    "credits": [{"name": "Непознат", "role": "camera"}],
    "dates": [{"kind": "broadcast", "dated": "1961-10~"}],
    "identifiers": [{"source": "tape", "value": "K-77"}],
}


def uids(response):
    assert response.status_code == 200, response.content
    return [row["uid"] for row in response.json()["results"]]


def count_queries(caller, path):
    caller.get(path)
    with CaptureQueriesContext(connection) as queries:
        assert caller.get(path).status_code == 200
    return len(queries)


def make_person(slug="tokayev", **fields):
    person = Person.objects.create(**{"slug": slug, "name_ru": "Токаев", "name_kk": "Тоқаев"} | fields)
    PersonAlias.objects.create(person=person, text="Tokajev", language="sr-Latn")
    return person


def test_an_item_is_catalogued_changed_published_and_withdrawn_by_api(belgrade, astana, rts, ptrc):
    make_archive_module(rts, ptrc)
    written = belgrade.post("items/", REEL)
    assert written.status_code == 201, written.content
    item = written.json()
    assert (item["status"], item["version"], item["title"]) == ("draft", 1, "Долазак гостију")
    assert Item.objects.get().title_sr == "Долазак гостију"
    path = written.headers["Location"].partition("/api/v1/")[2]
    assert astana.get(path).status_code == 404
    changed = belgrade.send("PATCH", path, {"credits": [], "dated": "1961~"}, If_Match=written.headers["ETag"])
    assert (changed.status_code, changed.json()["version"], changed.json()["credits"]) == (200, 2, [])
    assert changed.json()["identifiers"] == [{"source": "tape", "value": "K-77"}]
    late = belgrade.send("PATCH", path, {"dated": "1962"}, If_Match=written.headers["ETag"])
    assert late.status_code == 412
    assert belgrade.send("PATCH", path, {"dated": "1962"}).status_code == 428
    assert belgrade.post(f"{path}publish/").json()["status"] == "published"
    assert astana.get(path, lang="kk").json()["title"] == "Қонақтардың келуі"
    assert astana.post(f"{path}withdraw/").status_code == 403
    assert belgrade.post(f"{path}withdraw/", {"reason": "Права су оспорена."}).json()["status"] == "withdrawn"
    assert astana.get(path).status_code == 404
    published, withdrawn = OutboxEvent.objects.filter(subject_type="item").order_by("id")
    assert (published.kind, set(published.audience)) == ("item.published", {rts.pk, ptrc.pk})
    assert (withdrawn.kind, withdrawn.is_retraction, withdrawn.data) == (
        "item.withdrawn",
        True,
        {"reason": "Права су оспорена."},
    )


def test_what_cannot_be_is_refused_with_a_pointer(belgrade, rts, ptrc):
    def refusal(**fields):
        response = belgrade.post("items/", REEL | fields)
        return response.status_code, response.json().get("code"), response.json().get("errors", [{}])[0].get("pointer")

    assert refusal(dated="Септембар") == (400, "invalid", "#/dated")
    assert refusal(texts={}) == (422, "title-missing", None)
    assert refusal(texts={"de": {"title": "Ankunft"}}) == (400, "invalid", "#/texts/de")
    assert refusal(texts={"sr-Latn": {"title": "A"}, "sr-Cyrl": {"title": "А"}})[:2] == (400, "invalid")
    assert refusal(titel="x") == (400, "invalid", "#/titel")
    assert refusal(credits=[{"role": "camera"}]) == (422, "credit-nameless", None)
    assert refusal(collection=make_collection(ptrc).slug)[:2] == (400, "invalid")
    assert refusal(topics=["sport"])[0] == 400
    assert belgrade.post("items/", REEL).status_code == 201
    assert refusal()[:2] == (409, "identifier-taken")
    assert Item.objects.count() == 1


def test_partners_read_what_is_published_for_them_and_write_nothing(belgrade, astana, stranger, rts, ptrc):
    item = make_item(rts)
    path = f"items/{item.uid}/"
    assert astana.get(path).status_code == 404
    make_archive_module(rts, ptrc)
    assert astana.get(path).status_code == 200
    assert astana.send("PATCH", path, {"dated": ""}, If_Match="*").status_code == 403
    assert stranger.get(path).status_code == 401
    assert uids(astana.get("items/")) == uids(belgrade.get("items/")) == [str(item.uid)]
    Item.objects.filter(pk=item.pk).update(embargoed_until="2999-01-01T00:00:00Z")
    assert astana.get(path).status_code == 404
    assert belgrade.get(path).status_code == 200


def test_partners_are_not_told_where_it_lies_nor_what_is_wrong_with_it(belgrade, astana, rts, ptrc):
    make_archive_module(rts, ptrc)
    item = make_item(rts, collection=make_collection(rts), source_note="A gift", parent=make_item(rts, access="house"))
    make_instantiation(item, location="Shelf 7", note="Vinegar")
    own, others = (caller.get(f"items/{item.uid}/").json() for caller in (belgrade, astana))
    assert own["instantiations"][0]["location"] == "Shelf 7"
    assert own["parent"] is not None
    assert (own["collection"]["name"], own["validation"]) == ("Newsreels", "unchecked")
    carrier = others["instantiations"][0]
    assert (carrier["location"], carrier["note"], carrier["file"]) == (None, None, None)
    assert [others[name] for name in ("parent", "collection", "validation", "source_note")] == [None] * 4


def test_lists_and_details_cost_the_same_number_of_statements_whatever_there_is(belgrade, rts):
    place, person = make_place(), make_person()

    def fill(item):
        item.credits.create(person=person, role="depicted")
        item.places.create(place=place)
        make_segment(item)
        make_instantiation(item).tracks.create(position=0, kind="video")
        item.texts.create(kind="subtitles", language="kk", cues=[[0, 10, "Сәлем"]])
        make_item(rts, parent=item)

    item = make_item(rts, collection=make_collection(rts))
    fill(item)
    few = count_queries(belgrade, "items/"), count_queries(belgrade, f"items/{item.uid}/?translations=all")
    for number in range(2):
        fill(make_item(rts, collection=make_collection(rts)))
        item.credits.create(person=make_person(f"person{number}"), role="speaker")
        item.places.create(place=make_place(f"place{number}"))
        make_segment(item, instantiation=make_instantiation(item))
        item.texts.create(kind="transcript", language=("ru", "en")[number], cues=[])
        make_item(rts, parent=item)
    many = count_queries(belgrade, "items/"), count_queries(belgrade, f"items/{item.uid}/?translations=all")
    assert few == many


def test_a_detail_that_has_not_changed_is_304_and_fields_narrow_it(belgrade, rts):
    item = make_item(rts)
    path = f"items/{item.uid}/"
    first = belgrade.get(path)
    belgrade.headers["If-None-Match"] = first.headers["ETag"]
    assert belgrade.get(path).status_code == 304
    assert belgrade.get(path, lang="kk").status_code == 200
    make_segment(item)
    assert belgrade.get(path).status_code == 200
    assert set(belgrade.get(path, fields="uid,title").json()) == {"uid", "title"}
    assert belgrade.get(path, fields="nonsense").status_code == 400
    assert belgrade.get(path, translations="all").json()["translations"]["title"]["sr-Latn"].startswith("Rolna")


def test_1961_09_and_1944_10_to_1944_11_sort_and_filter_rightly(belgrade, rts):
    dates = ("1961-09", "1944-10/1944-11", "", "196X", "1961~", "XXXX", "../1943", "2011-03-05")
    made = {dated: make_item(rts, dated=dated) for dated in dates}

    def found(**query):
        by_uid = {str(item.uid): dated for dated, item in made.items()}
        return [by_uid[uid] for uid in uids(belgrade.get("items/", **query))]

    in_order = ["../1943", "1944-10/1944-11", "196X", "1961~", "1961-09", "2011-03-05", "", "XXXX"]
    assert found(ordering="dated") == in_order
    newest_first = found(ordering="-dated")
    assert newest_first[:6] == in_order[:6][::-1]
    assert set(newest_first[6:]) == {"", "XXXX"}
    assert set(found(decade="1960")) == {"196X", "1961~", "1961-09"}
    assert set(found(decade="1940")) == {"../1943", "1944-10/1944-11"}
    assert set(found(dated_from="1944-11", dated_to="1944-12")) == {"1944-10/1944-11"}
    assert set(found(dated_from="1944-12", dated_to="1961-08")) == {"196X", "1961~"}
    assert set(found(dated_from="1961-09-30")) == {"196X", "1961~", "1961-09", "2011-03-05"}
    assert set(found(dated_to="1944-10-01")) == {"../1943", "1944-10/1944-11"}
    assert belgrade.get("items/", dated_from="jučer").status_code == 400


@pytest.mark.parametrize("ordering", ["dated", "-dated", "changed_at", "-changed_at", ""])
def test_pages_of_any_order_neither_lose_nor_repeat(belgrade, rts, ordering):
    for dated in ("1961", "", "1944-10/1944-11", "XXXX", "1961-09", "1961"):
        make_item(rts, dated=dated)
    query = {"ordering": ordering} if ordering else {}
    page = belgrade.get("items/", limit=2, **query).json()
    seen = [row["uid"] for row in page["results"]]
    while page["next"]:
        page = belgrade.get(page["next"]).json()
        seen += [row["uid"] for row in page["results"]]
    assert len(seen) == len(set(seen)) == 6
    assert seen == uids(belgrade.get("items/", **query))


def test_each_filter_leaves_what_it_says(belgrade, rts, ptrc):
    street = make_place("knez-mihailova", kind="street", parent=make_place())
    collection = make_collection(rts, parent=make_collection(rts, slug="newsreels"))
    wanted = make_item(
        rts, collection=collection, category="news", speech_languages=["sr-Latn"], topics=["medtop:20000038"]
    )
    wanted.credits.create(person=make_person(), role="depicted")
    wanted.places.create(place=street)
    wanted.texts.create(kind="subtitles", language="kk", cues=[])
    other = make_item(rts)
    for query in (
        {"category": "news"}, {"collection": "newsreels"}, {"language": "sr"}, {"people": "tokayev"},
        {"place": "belgrade"}, {"topic": "medtop:20000038"}, {"has_subtitles": "true"},
        {"identifier": wanted.identifier},
    ):  # fmt: skip
        assert uids(belgrade.get("items/", **query)) == [str(wanted.uid)], query
    assert uids(belgrade.get("items/", has_subtitles="false")) == [str(other.uid)]
    assert len(uids(belgrade.get("items/", holder="rts", status="published", validation="unchecked"))) == 2
    assert uids(belgrade.get("items/", holder="ptrc")) == []
    assert len(uids(belgrade.get("items/", cleared_for_me="true"))) == 2  # a house’s own
    assert uids(belgrade.get("items/", updated_since="2999-01-01T00:00:00Z")) == []
    assert len(uids(belgrade.get("items/", fixity="no-file"))) == 2
    assert belgrade.get("items/", colour="red").json()["code"] == "unknown-parameter"


def test_a_key_without_the_scope_reads_nothing(rts):
    from tests.conftest import Caller

    make_item(rts)
    caller = Caller(make_key(rts, ["stories:read"]))
    assert caller.get("items/").status_code == caller.get("items/facets/").status_code == 403
    assert Caller(make_key(rts, ["archive:read"])).post("items/", REEL).status_code == 403
