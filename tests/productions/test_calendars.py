"""What co-productions put into calendars."""

from datetime import UTC, date, datetime

import pytest

from mediaexchange.core.calendars import events_for
from productions.services.schedule import cancel_milestone, save_milestone
from productions.services.window import cancel_window
from tests.factories import make_broadcaster
from tests.productions.factories import make_milestone, make_producer, make_production, make_window

pytestmark = pytest.mark.django_db


def test_a_person_has_what_their_house_owes_a_desk_its_own_and_a_module_all(rts, ptrc):
    production = make_production(rts, ptrc)
    own = make_milestone(production, rts, starts_on=date(2027, 3, 1), due_on=date(2027, 3, 5))
    theirs = make_milestone(production, ptrc, due_at=datetime(2027, 3, 9, 12, tzinfo=UTC))
    person = make_producer(rts)
    (event,) = events_for(person, kind="person")
    assert (event.uid, event.starts, event.ends) == (own.uid, date(2027, 3, 1), date(2027, 3, 5))
    assert event.url.endswith(f"/admin/productions/production/{production.pk}/schedule/")
    assert [each.uid for each in events_for(person, kind="desk", subject=ptrc.uid)] == [theirs.uid]
    module = events_for(person, kind="module", subject=production.module.uid)
    assert {each.uid for each in module} == {own.uid, theirs.uid}
    stranger = make_producer(make_broadcaster("rtv"))
    for kind, subject in (("person", None), ("desk", rts.uid), ("module", production.module.uid)):
        assert events_for(stranger, kind=kind, subject=subject) == []


def test_what_is_called_off_stays_with_a_higher_sequence(rts, ptrc):
    production = make_production(rts, ptrc)
    milestone, window = make_milestone(production, rts), make_window(production, rts)
    person = make_producer(rts)
    before = {str(each.uid): each.sequence for each in events_for(person, kind="person")}
    milestone.due_on = date(2027, 4, 4)
    save_milestone(milestone, actor=None, changed={"due_on"})
    cancel_milestone(milestone, actor=None)
    cancel_window(window, actor=None, reason="renegotiated")
    after = events_for(person, kind="person")
    assert {str(each.uid) for each in after} == before.keys() == {
        str(milestone.uid), f"{window.uid}-opens", f"{window.uid}-ends",
    }  # fmt: skip
    assert all(each.is_cancelled and each.sequence > before[str(each.uid)] for each in after)
