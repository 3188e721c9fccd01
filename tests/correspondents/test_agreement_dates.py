"""What correspondents have before them under a memorandum, without their names."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from tests.broadcasters.agreement import coming_up, make_agreement
from tests.correspondents.factories import (
    ALMATY,
    make_assignment,
    make_correspondent,
    make_desk,
    make_event,
    make_paper,
    make_scheme,
)
from tests.factories import make_broadcaster

pytestmark = pytest.mark.django_db


def test_assignments_begin_and_end_and_papers_expire_for_the_desks_of_both_sides(rts, ptrc):
    memorandum, scheme = make_agreement(rts, ptrc), make_scheme(rts, ptrc)
    scheme.memoranda.add(memorandum)
    today = timezone.now().astimezone(ALMATY).date()
    year = (today, today + timedelta(days=365))
    make_paper(make_correspondent(rts))  # of somebody who goes nowhere under this memorandum
    make_assignment(make_correspondent(rts), module=scheme, status="draft")
    for number in (1, 2, 3):
        person = make_correspondent(rts)
        expires = today + timedelta(days=300 + number)
        make_paper(person, valid=(today, expires))
        make_assignment(person, module=scheme, first=10, last=15)
        told, statements = coming_up(memorandum, make_desk(rts), *year)
        if number == 1:
            alone = statements
            assert told == [
                ("assignment-begins", today + timedelta(days=10), "Anniversary in Astana (Astana)"),
                ("assignment-ends", today + timedelta(days=14), "Anniversary in Astana (Astana)"),
                ("paper-expires", expires, "accreditation · Kazakhstan"),
            ]
    assert (len(told), statements) == (9, alone)
    assert coming_up(memorandum, make_desk(ptrc), *year)[0] == told
    assert coming_up(memorandum, make_desk(make_broadcaster("rtv")), *year)[0] == []


def test_planned_events_come_next_for_their_parties_until_they_are_called_off(rts, ptrc):
    memorandum, scheme = make_agreement(rts, ptrc), make_scheme(rts, ptrc)
    scheme.memoranda.add(memorandum)
    year = (date(2026, 11, 1), date(2027, 10, 31))
    event = make_event(rts, module=scheme)
    make_event(rts, module=scheme, status="cancelled", slug="called-off")
    reader = make_desk(ptrc)
    told = [("planned-event", date(2026, 12, 10), event.name_en)]
    assert [each for each in coming_up(memorandum, reader, *year)[0] if each[0] == "planned-event"] == told
    assert coming_up(memorandum, make_desk(make_broadcaster("rtv")), *year)[0] == []
