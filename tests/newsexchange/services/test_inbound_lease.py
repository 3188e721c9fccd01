"""The lease of a pushed document, with the clocks of real connections."""

import time
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from newsexchange.models import InboundDelivery
from newsexchange.services import inbound
from newsexchange.services.inbound import accept_push, ingest_next, park_the_deadly
from tests.factories import make_feed


@pytest.mark.django_db(transaction=True)
def test_the_lease_of_a_document_that_takes_long_is_renewed_until_it_is_read(monkeypatch):
    monkeypatch.setattr(inbound, "LEASE", timedelta(seconds=0.9))
    accept_push(make_feed(slug="pushed"), message_id="long", payload=b"<rss/>", content_type="")
    seen = []

    def take_long(*_positional, **_named):
        time.sleep(2.0)
        seen.append(InboundDelivery.objects.get().leased_until > timezone.now())
        seen.append(inbound._claim() is None)
        return []

    monkeypatch.setattr(inbound, "ingest_document", take_long)
    assert ingest_next() is True
    assert seen == [True, True]
    assert InboundDelivery.objects.get().status == "stored"
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()")
        assert cursor.fetchone() == (1,)  # the thread left no connection behind


def lose_the_database(*_positional, **_named):
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")


def refuse_the_document(*_positional, **_named):
    with connection.cursor() as cursor:
        cursor.execute("SELECT 'no number'::int")


def exceed_a_limit(*_positional, **_named):
    """What an index cannot hold: the driver calls it an operational error, too."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE limited (id text UNIQUE) ON COMMIT DROP")
        cursor.execute("INSERT INTO limited SELECT string_agg(md5(i::text), '') FROM generate_series(1, 400) AS i")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("fail", "status"),
    [(lose_the_database, "stored"), (refuse_the_document, "parked"), (transaction.atomic(exceed_a_limit), "parked")],
)
def test_an_outage_of_the_database_is_not_the_documents_fault(monkeypatch, fail, status):
    feed = make_feed(slug="pushed")
    accept_push(feed, message_id="first", payload=b"<rss/>", content_type="")
    monkeypatch.setattr(inbound, "ingest_document", fail)
    for _attempt in range(3):
        assert ingest_next() is True
        assert ingest_next() is False
        InboundDelivery.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    monkeypatch.undo()
    park_the_deadly()
    ingest_next()
    assert InboundDelivery.objects.get().status == status
