"""Workshops that begin come next under the memorandum of their module."""

from datetime import UTC, date, datetime

import pytest

from tests.broadcasters.agreement import coming_up, make_agreement
from tests.factories import make_broadcaster, make_user
from tests.training.factories import make_programme, make_workshop

pytestmark = pytest.mark.django_db
YEAR = (date(2027, 1, 1), date(2027, 12, 31))


def test_open_workshops_come_next_on_their_first_day_for_the_parties_of_their_module(rts, ptrc):
    memorandum, programme = make_agreement(rts, ptrc), make_programme(rts)
    programme.module.memoranda.add(memorandum)
    make_workshop(rts, programme=programme, sessions=0, status="draft", starts_at=datetime(2027, 4, 1, tzinfo=UTC))
    for number in (1, 2, 3):
        starts_at = datetime(2027, 4, number, 22, 30, tzinfo=UTC)  # half past midnight in Belgrade
        make_workshop(rts, programme=programme, sessions=0, starts_at=starts_at)
        told, statements = coming_up(memorandum, make_user(ptrc), *YEAR)
        if number == 1:
            alone = statements
            assert told == [("workshop-begins", date(2027, 4, 2), "AI in broadcasting")]
    assert (len(told), statements) == (3, alone)
    assert coming_up(memorandum, make_user(make_broadcaster("rtv")), *YEAR)[0] == []
