"""What is forgotten of machine translations, and what never."""

from datetime import timedelta

import pytest
from django.utils import timezone

from mediaexchange.core.models import AuditEntry
from newsexchange.constants import OrderError, OrderStatus
from newsexchange.models import TranslationOrder
from newsexchange.services.translation_purge import purge_old_orders
from tests.factories import make_order, make_story, make_user

pytestmark = pytest.mark.django_db


def ago(days):
    return timezone.now() - timedelta(days=days)


@pytest.fixture
def story(rts):
    return make_story(rts)


def test_an_order_of_which_nothing_came_is_forgotten_after_thirty_days(story):
    old, fresh = (
        make_order(story, status=OrderStatus.FAILED, error=OrderError.BY_HAND, finished_at=ago(days))
        for days in (31, 29)
    )
    called_off = make_order(story, status=OrderStatus.CANCELED, finished_at=ago(31))
    assert purge_old_orders() == 2
    assert purge_old_orders() == 0
    assert list(TranslationOrder.objects.all()) == [fresh]
    forgotten = AuditEntry.objects.filter(table_name="newsexchange_translationorder", action="delete")
    assert {int(entry.row_pk) for entry in forgotten} == {old.pk, called_off.pk}


@pytest.mark.parametrize("status", [OrderStatus.APPROVED, OrderStatus.REJECTED])
def test_a_decision_stays_and_the_machines_words_go(story, rts, status):
    editor = make_user(rts)
    decided = {"status": status, "reviewed_by": editor, "reason": "why", "tool": "a service"}
    old, fresh = (make_order(story, **decided, reviewed_at=ago(days), finished_at=ago(days)) for days in (181, 179))
    assert purge_old_orders() == 1
    assert purge_old_orders() == 0
    old.refresh_from_db()
    assert (old.source, old.segments) == ({}, [])
    assert (old.status, old.reviewed_by, old.reason, old.tool) == (status, editor, "why", "a service")
    fresh.refresh_from_db()
    assert fresh.segments


@pytest.mark.parametrize("status", [OrderStatus.QUEUED, OrderStatus.DONE])
def test_what_still_waits_is_never_forgotten(story, status):
    order = make_order(story, status=status, created_at=ago(1000), finished_at=ago(1000))
    assert purge_old_orders() == 0
    order.refresh_from_db()
    assert order.segments
