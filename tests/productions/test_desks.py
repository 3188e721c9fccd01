"""What waits for a producer, as the first page counts it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from mediaexchange.core.desks import items_for, waiting
from productions.models import Milestone
from tests.productions.factories import make_producer, make_production
from tests.productions.money import make_instalment, partner

pytestmark = pytest.mark.django_db


def test_an_instalment_of_a_milestone_is_late_once_its_term_is_over(rts):
    production = make_production()
    done_at = timezone.now() - timedelta(days=30)
    done = Milestone.objects.create(
        production=production, owner=partner(production, "ptrc"), title_en="Rough cut", due_on=done_at.date(),
        done_at=done_at, time_zone="Asia/Almaty",
    )  # fmt: skip
    make_instalment(production, due_on=None, milestone=done, term_days=10)
    make_instalment(production, due_on=None, milestone=done, term_days=90)
    payer = make_producer(rts)
    (found,) = waiting(items_for(payer, model="productions.instalment"), payer)
    assert (found.count, found.late) == (2, 1)
