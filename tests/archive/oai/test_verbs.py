"""OAI-PMH 2.0, verb by verb: structure, errors, tombstones, and that nothing leaks."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from lxml import etree

from archive.models import Item
from archive.oai import answers, arguments
from tests.archive.catalogue import make_full_item
from tests.archive.factories import make_archive_module, make_collection, make_item

pytestmark = pytest.mark.django_db
RECORDS = {"verb": "ListRecords", "metadataPrefix": "oai_dc"}
NS = {"o": answers.NAMESPACE, "dc": "http://purl.org/dc/elements/1.1/"}


def ask(caller, **query):
    response = caller.get("/oai", **{name.rstrip("_"): value for name, value in query.items()})
    assert response.status_code == 200, response.content
    assert response.headers["Content-Type"] == "text/xml; charset=utf-8"
    return etree.fromstring(response.content)


def error(root):
    return root.xpath("string(o:error/@code)", namespaces=NS)


def identifiers(root, status=""):
    path = f"//o:header[{'@status' if status else 'not(@status)'}]/o:identifier/text()"
    return [text.rpartition(":")[2] for text in root.xpath(path, namespaces=NS)]


def public(house, **fields):
    return make_item(house, access="public", **fields)


def stamp(moment):
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def test_the_repository_says_what_it_is(stranger, rts):
    public(rts)
    root = ask(stranger, verb="Identify")
    said = {etree.QName(node).localname: node.text for node in root[2]}
    assert said["protocolVersion"] == "2.0"
    assert said["deletedRecord"] == "persistent"
    assert said["granularity"] == "YYYY-MM-DDThh:mm:ssZ"
    assert said["baseURL"].endswith("/oai")
    assert "@" in said["adminEmail"]
    assert root.xpath("string(o:request/@verb)", namespaces=NS) == "Identify"


def test_formats_are_listed_and_each_is_disseminated(stranger, rts):
    item = make_full_item(rts, access="public")
    formats = ask(stranger, verb="ListMetadataFormats").xpath("//o:metadataPrefix/text()", namespaces=NS)
    assert formats == ["oai_dc", "pbcore", "ebucore"]
    name = answers.identifier_of(item.uid)
    roots = {
        prefix: etree.QName(
            ask(stranger, verb="GetRecord", identifier=name, metadataPrefix=prefix).find(".//{*}metadata")[0]
        ).localname
        for prefix in formats
    }
    assert roots == {"oai_dc": "dc", "pbcore": "pbcoreDescriptionDocument", "ebucore": "ebuCoreMain"}


def test_a_record_tells_its_titles_with_their_languages(stranger, rts):
    item = make_full_item(rts, access="public")
    root = ask(stranger, verb="GetRecord", identifier=answers.identifier_of(item.uid), metadataPrefix="oai_dc")
    lang = "{http://www.w3.org/XML/1998/namespace}lang"
    titles = {node.get(lang): node.text for node in root.iterfind(".//dc:title", NS)}
    assert titles["sr-Cyrl"] == item.title_sr
    assert titles["kk"] == item.title_kk
    assert titles["de"] == "Ankunft"
    assert b"Shelf 4" not in etree.tostring(root), "where a carrier stands is its house's business"


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({}, "badVerb"),
        ({"verb": "Dance"}, "badVerb"),
        ({"verb": "Identify", "set": "x"}, "badArgument"),
        ({"verb": "ListRecords"}, "badArgument"),
        ({"verb": "GetRecord", "metadataPrefix": "oai_dc"}, "badArgument"),
        ({"verb": "ListRecords", "metadataPrefix": "marc"}, "cannotDisseminateFormat"),
        ({**RECORDS, "from_": "yesterday"}, "badArgument"),
        ({**RECORDS, "from_": "2026-02-30"}, "badArgument"),
        ({**RECORDS, "from_": "2026-01-02", "until": "2026-01-01"}, "badArgument"),
        (
            {**RECORDS, "from_": "2026-01-02", "until": "2026-01-03T00:00:00Z"},
            "badArgument",
        ),
        ({**RECORDS, "until": "1999-01-01"}, "noRecordsMatch"),
        ({**RECORDS, "set": "category:dance"}, "noRecordsMatch"),
        ({**RECORDS, "set": "nonsense"}, "noRecordsMatch"),
        ({"verb": "ListRecords", "resumptionToken": "nonsense"}, "badResumptionToken"),
        ({"verb": "ListSets", "resumptionToken": "nonsense"}, "badResumptionToken"),
        ({"verb": "ListRecords", "resumptionToken": "x", "metadataPrefix": "oai_dc"}, "badArgument"),
        ({"verb": "GetRecord", "metadataPrefix": "oai_dc", "identifier": "oai:other:1"}, "idDoesNotExist"),
        ({"verb": "GetRecord", "metadataPrefix": "oai_dc", "identifier": "\x01"}, "badArgument"),
        ({"verb": "ListMetadataFormats", "identifier": "oai:\ufffe:1"}, "badArgument"),
        ({**RECORDS, "set": "\x00"}, "badArgument"),
        ({"verb": "ListMetadataFormats", "identifier": "1"}, "idDoesNotExist"),
    ],
)  # fmt: skip
def test_every_mistake_has_the_protocols_code(stranger, rts, query, code):
    public(rts)
    root = ask(stranger, **query)
    assert error(root) == code
    if code in ("badVerb", "badArgument"):
        assert not root.find("o:request", NS).attrib


def test_an_argument_given_twice_is_a_mistake(stranger):
    response = stranger.client.get("/oai?verb=ListRecords&metadataPrefix=oai_dc&metadataPrefix=pbcore")
    assert error(etree.fromstring(response.content)) == "badArgument"


def test_post_is_answered_like_get(stranger, rts):
    item = public(rts)
    body = "verb=ListIdentifiers&metadataPrefix=oai_dc"
    response = stranger.client.post("/oai", body, content_type="application/x-www-form-urlencoded")
    assert identifiers(etree.fromstring(response.content)) == [str(item.uid)]


def test_lists_go_on_with_tokens_and_end_with_an_empty_one(stranger, rts, monkeypatch):
    monkeypatch.setattr(answers, "PAGE", 2)
    items = [public(rts) for _number in range(5)]
    root, seen, cursors = ask(stranger, verb="ListIdentifiers", metadataPrefix="oai_dc"), [], []
    while True:
        seen += identifiers(root)
        token = root.find(".//{*}resumptionToken")
        cursors.append(token.get("cursor"))
        if not token.text:
            break
        assert token.get("expirationDate") > stamp(timezone.now())
        root = ask(stranger, verb="ListIdentifiers", resumptionToken=token.text)
    assert seen == [str(item.uid) for item in items]
    assert cursors == ["0", "2", "4"]


def test_a_token_is_good_for_its_verb_and_its_time_only(stranger, rts, monkeypatch):
    monkeypatch.setattr(answers, "PAGE", 1)
    public(rts), public(rts)
    token = ask(stranger, verb="ListRecords", metadataPrefix="oai_dc").find(".//{*}resumptionToken").text
    assert error(ask(stranger, verb="ListIdentifiers", resumptionToken=token)) == "badResumptionToken"
    assert error(ask(stranger, verb="ListRecords", resumptionToken=token[:-2] + "AA")) == "badResumptionToken"
    monkeypatch.setattr(arguments, "TOKEN_HOURS", 0)
    assert error(ask(stranger, verb="ListRecords", resumptionToken=token)) == "badResumptionToken"


def test_records_are_selected_by_set(stranger, belgrade, rts, ptrc):
    reel = public(rts, collection=make_collection(rts, slug="newsreels"))
    concert = public(rts, category="cultural-performance")
    kazakh = public(ptrc)
    sets = ask(stranger, verb="ListSets").xpath("//o:setSpec/text()", namespaces=NS)
    assert {"category:news", "holder:rts", "holder:ptrc"} <= set(sets)
    assert "collection:newsreels" not in sets, "how a house orders its archive is its own business"
    assert "collection:newsreels" in ask(belgrade, verb="ListSets").xpath("//o:setSpec/text()", namespaces=NS)
    selections = (
        (belgrade, "collection:newsreels", reel),
        (stranger, "category:cultural-performance", concert),
        (stranger, "holder:ptrc", kazakh),
    )
    for caller, spec, wanted in selections:
        root = ask(caller, verb="ListIdentifiers", metadataPrefix="oai_dc", set=spec)
        assert identifiers(root) == [str(wanted.uid)]
        assert spec in root.xpath("//o:setSpec/text()", namespaces=NS)
    assert error(ask(stranger, **RECORDS, set="collection:newsreels")) == "noRecordsMatch"


def test_records_are_selected_by_date(stranger, rts):
    item = public(rts)
    moment = Item.objects.get().changed_at
    list_records = {"verb": "ListRecords", "metadataPrefix": "oai_dc"}
    assert identifiers(ask(stranger, **list_records, from_=stamp(moment), until=stamp(moment))) == [str(item.uid)]
    assert identifiers(ask(stranger, **list_records, from_=moment.astimezone(UTC).date().isoformat())) == [
        str(item.uid)
    ]
    assert error(ask(stranger, **list_records, from_=stamp(moment + timedelta(seconds=1)))) == "noRecordsMatch"
    assert error(ask(stranger, **list_records, until=stamp(moment - timedelta(seconds=1)))) == "noRecordsMatch"


def test_the_end_of_an_embargo_is_a_change(stranger, rts):
    ended = timezone.now() - timedelta(hours=1)
    item = public(rts, embargoed_until=ended)
    Item.objects.update(changed_at=ended - timedelta(days=3))
    root = ask(stranger, verb="ListRecords", metadataPrefix="oai_dc", from_=stamp(ended))
    assert identifiers(root) == [str(item.uid)]
    assert root.xpath("string(//o:datestamp)", namespaces=NS) == stamp(ended)


@pytest.mark.parametrize("change", [{"status": "withdrawn"}, {"access": "house"}, {"access": "partners"},
                                    {"embargoed_until": datetime(2100, 1, 1, tzinfo=UTC)}])  # fmt: skip
def test_whoever_could_read_a_record_is_told_that_it_is_gone(stranger, rts, change):
    item = make_full_item(rts, access="public")
    before = timezone.now() - timedelta(seconds=2)
    Item.objects.filter(pk=item.pk).update(**change, title_en="A secret title")
    root = ask(stranger, verb="ListRecords", metadataPrefix="pbcore", from_=stamp(before))
    assert identifiers(root, "deleted") == [str(item.uid)]
    assert root.find(".//{*}metadata") is None
    assert b"secret" not in etree.tostring(root)
    assert root.xpath("//o:setSpec/text()", namespaces=NS) == ["holder:rts"]
    name = answers.identifier_of(item.uid)
    assert error(ask(stranger, verb="ListMetadataFormats", identifier=name)) == "noMetadataFormats"
    Item.objects.filter(pk=item.pk).update(status="published", access="public", embargoed_until=None)
    assert identifiers(ask(stranger, verb="ListRecords", metadataPrefix="pbcore")) == [str(item.uid)]


@pytest.mark.parametrize(
    "fields",
    [
        {"access": "house"},
        {"access": "partners"},
        {"access": "public", "status": "draft"},
        {"access": "public", "embargoed_until": datetime(2100, 1, 1, tzinfo=UTC)},
    ],
)
def test_what_was_never_public_leaves_no_trace(stranger, rts, fields):
    item = make_item(rts, collection=make_collection(rts, slug="hidden"), **fields)
    Item.objects.filter(pk=item.pk).update(title_en="changed")
    assert error(ask(stranger, verb="ListRecords", metadataPrefix="oai_dc")) == "noRecordsMatch"
    name = answers.identifier_of(item.uid)
    assert error(ask(stranger, verb="GetRecord", identifier=name, metadataPrefix="oai_dc")) == "idDoesNotExist"
    unknown = ask(stranger, verb="GetRecord", identifier=answers.identifier_of(uuid4()), metadataPrefix="oai_dc")
    assert error(unknown) == "idDoesNotExist"
    assert not [spec for spec in ask(stranger, verb="ListSets").xpath("//o:setSpec/text()", namespaces=NS)
                if spec in ("collection:hidden", "holder:rts")]  # fmt: skip


def test_a_key_reads_what_its_house_may_read(belgrade, astana, stranger, rts, ptrc):
    shared, secret = make_item(rts), make_item(rts, access="house")
    listing = {"verb": "ListIdentifiers", "metadataPrefix": "oai_dc"}
    assert set(identifiers(ask(belgrade, **listing))) == {str(shared.uid), str(secret.uid)}
    assert error(ask(astana, **listing)) == "noRecordsMatch"
    make_archive_module(rts, ptrc)
    assert identifiers(ask(astana, **listing)) == [str(shared.uid)]
    Item.objects.filter(pk=shared.pk).update(access="house")
    assert identifiers(ask(astana, **listing), "deleted") == [str(shared.uid)]
    assert error(ask(stranger, **listing)) == "noRecordsMatch"


def test_a_whole_that_the_reader_may_not_read_is_not_named(stranger, rts):
    whole = make_item(rts, access="house", identifier="SECRET-WHOLE")
    item = public(rts, parent=whole)
    for prefix in ("oai_dc", "pbcore", "ebucore"):
        root = ask(stranger, verb="GetRecord", identifier=answers.identifier_of(item.uid), metadataPrefix=prefix)
        assert b"SECRET-WHOLE" not in etree.tostring(root)


def test_a_wrong_key_is_refused(db, stranger):
    stranger.headers["Authorization"] = "Bearer mx_nonsense"
    assert stranger.get("/oai", verb="Identify").status_code == 401


def test_a_page_costs_the_same_number_of_queries_whatever_it_holds(stranger, rts):
    make_full_item(rts, access="public")
    counts = []
    for _more in range(2):
        with CaptureQueriesContext(connection) as queries:
            ask(stranger, verb="ListRecords", metadataPrefix="pbcore")
        counts.append(len(queries))
        make_full_item(rts, access="public", parent=public(rts))
        make_full_item(rts, access="public", parent=public(rts))
    assert counts[1] - counts[0] <= 1, "the wholes of a page are asked for once"


def test_who_asks_too_often_is_told_when_to_come_again(stranger, settings):
    settings.API_RATE = (1, 60)
    stranger.client.get("/oai?verb=Identify", REMOTE_ADDR="192.0.2.7")
    response = stranger.client.get("/oai?verb=Identify", REMOTE_ADDR="192.0.2.7")
    assert response.status_code == 429
    assert int(response.headers["Retry-After"]) > 0
