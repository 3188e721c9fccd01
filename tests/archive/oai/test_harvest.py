"""An independent harvester (Sickle) against the running server: resumption, what changed since, what is gone."""

import threading
from datetime import UTC, datetime

import pytest
from django.db import connection, transaction
from sickle import Sickle

from archive.models import Item
from archive.oai import answers
from tests.archive.catalogue import make_full_item
from tests.archive.factories import make_item
from tests.factories import make_broadcaster


@pytest.fixture
def harvester(live_server, transactional_db, monkeypatch):
    monkeypatch.setattr(answers, "PAGE", 3)
    return Sickle(f"{live_server.url}/oai", timeout=20)


@pytest.fixture
def posting(live_server, transactional_db):
    return Sickle(f"{live_server.url}/oai", http_method="POST", timeout=20)


def uids(records):
    return [record.header.identifier.rpartition(":")[2] for record in records]


def test_a_harvester_gets_every_record_once_page_by_page(harvester, posting):
    house = make_broadcaster()
    items = [make_item(house, access="public") for _number in range(7)] + [make_full_item(house, access="public")]
    make_item(house)
    for prefix in ("oai_dc", "pbcore", "ebucore"):
        found = list(harvester.ListRecords(metadataPrefix=prefix))
        assert uids(found) == [str(item.uid) for item in items]
        assert all(record.raw for record in found)
    assert len(list(posting.ListIdentifiers(metadataPrefix="oai_dc"))) == 8
    assert harvester.Identify().granularity == "YYYY-MM-DDThh:mm:ssZ"
    assert "holder:rts" in [each.setSpec for each in harvester.ListSets()]
    assert [each.metadataPrefix for each in harvester.ListMetadataFormats()] == ["oai_dc", "pbcore", "ebucore"]
    assert harvester.GetRecord(metadataPrefix="oai_dc", identifier=found[-1].header.identifier).metadata["title"]


def test_the_next_harvest_brings_what_has_changed_and_what_is_gone(harvester):
    house = make_broadcaster()
    items = [make_item(house, access="public") for _number in range(5)]
    since = harvester.Identify().xml.getparent().findtext("{*}responseDate")
    Item.objects.filter(pk=items[1].pk).update(title_en="Changed")
    Item.objects.filter(pk=items[3].pk).update(status="withdrawn")
    new = make_item(house, access="public")
    found = list(harvester.ListRecords(metadataPrefix="oai_dc", **{"from": since}))
    gone = [record for record in found if record.deleted]
    assert uids(gone) == [str(items[3].uid)]
    assert {str(items[1].uid), str(new.uid)} <= set(uids(found))
    alive = list(harvester.ListRecords(metadataPrefix="oai_dc", ignore_deleted=True))
    assert str(items[3].uid) not in uids(alive)


def test_a_slow_transaction_loses_a_harvester_nothing(harvester):
    """It changes a record, a harvest ends meanwhile, it commits: the next harvest brings the change."""
    house = make_broadcaster()
    item = make_item(house, access="public", title_en="Before")
    changed, harvested = threading.Event(), threading.Event()

    def slowly() -> None:
        with transaction.atomic():
            Item.objects.filter(pk=item.pk).update(title_en="After")
            changed.set()
            harvested.wait(20)
        connection.close()

    writer = threading.Thread(target=slowly)
    writer.start()
    assert changed.wait(20)
    began = datetime.now(UTC)
    since = harvester.Identify().xml.getparent().findtext("{*}responseDate")
    (before,) = harvester.ListRecords(metadataPrefix="oai_dc")
    assert before.metadata["title"][-1:] != ["After"]
    harvested.set()
    writer.join()
    assert datetime.fromisoformat(since) <= began
    found = {uid: record for record in harvester.ListRecords(metadataPrefix="oai_dc", **{"from": since})
             for uid in uids([record])}  # fmt: skip
    assert "After" in found[str(item.uid)].metadata["title"]


def test_many_writers_lose_a_harvester_nothing(harvester):
    """Writers change records while harvests follow each other, each from the first answer of the one before."""
    house = make_broadcaster()
    items = [make_item(house, access="public") for _number in range(8)]
    seen: dict[str, str] = {}
    since = ""

    def harvest() -> None:
        nonlocal since
        following = harvester.Identify().xml.getparent().findtext("{*}responseDate")
        query = {"from": since} if since else {}
        for record in harvester.ListRecords(metadataPrefix="oai_dc", **query):
            seen[uids([record])[0]] = max(record.metadata["title"])
        since = following

    def write(number: int) -> None:
        for turn in range(5):
            with transaction.atomic():
                item = items[(number + turn) % len(items)]
                Item.objects.select_for_update().get(pk=item.pk)
                Item.objects.filter(pk=item.pk).update(title_en=f"writer {number} turn {turn}")
        connection.close()

    writers = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for writer in writers:
        writer.start()
    while any(writer.is_alive() for writer in writers):
        harvest()
    for writer in writers:
        writer.join()
    harvest()
    assert seen == {
        str(item.uid): max(item.title_en, item.title_sr) for item in Item.objects.filter(pk__in=[i.pk for i in items])
    }
