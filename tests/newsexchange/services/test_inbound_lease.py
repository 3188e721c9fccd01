"""The lease of a pushed document, with the clocks of real connections."""

import time
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from newsexchange.models import InboundDelivery
from newsexchange.services import inbound
from newsexchange.services.inbound import accept_push, ingest_next
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
