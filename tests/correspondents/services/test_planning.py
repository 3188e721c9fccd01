"""From the calendar to what is on air: an event, who wants what of it, who goes, what came of it."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import override

from broadcasters.constants import Role
from broadcasters.indicators import Period
from correspondents.indicators import RAW_COUNTS
from correspondents.models import PlannedEvent
from correspondents.services.access import answer_access, ask_access
from correspondents.services.event import deliver_wish, move_event, plan_wish, save_event, save_wish, withdraw_wish
from correspondents.services.filing import file_footage
from mediaexchange.core.errors import ConflictError, DomainError, ForbiddenError
from mediaexchange.core.inbox.models import Notification
from mediaexchange.core.inbox.reading import with_texts
from newsexchange.models import StoryFiled
from newsexchange.services.filing import file_story
from tests.archive.factories import make_item
from tests.correspondents.factories import (
    make_assignment,
    make_correspondent,
    make_desk,
    make_event,
    make_scheme,
    make_wish,
)
from tests.factories import make_broadcaster, make_story, make_user

pytestmark = pytest.mark.django_db


def test_a_wish_is_followed_to_what_was_delivered(rts, ptrc):
    desk, theirs = make_desk(rts), make_desk(ptrc)
    event = make_event(ptrc, module=make_scheme(rts, ptrc))
    own, foreign = make_wish(event, rts), make_wish(event, ptrc, forms=["footage"])
    person = make_correspondent(rts, user=make_user(rts, Role.VIEWER))
    assignment = make_assignment(person, event=event, first=-1, last=3, status="accepted")
    for wish in (own, foreign):
        plan_wish(wish, assignment, actor=desk)
    with pytest.raises(ConflictError):
        file_story(assignment, make_story(rts), actor=desk)  # it has not begun
    assignment.status, assignment.started_at = "in-progress", timezone.now()
    assignment.save()
    story, item = make_story(rts), make_item(rts)
    file_story(assignment, story, actor=person.user, wish=own)
    file_story(assignment, story, actor=person.user, wish=own)
    file_footage(assignment, item, actor=desk, wish=foreign)
    for wish in (own, foreign):
        wish.refresh_from_db()
        assert (wish.status, wish.delivered_at is not None) == ("delivered", True)
    assert StoryFiled.objects.count() == 1
    told = Notification.objects.filter(kind="correspondents.coverage", subject_uid=foreign.uid)
    assert [(row.recipient_id, row.key) for row in told.order_by("pk")] == [
        (theirs.pk, "planned"), (theirs.pk, "delivered"),
    ]  # fmt: skip
    with pytest.raises(DomainError):
        file_footage(assignment, make_item(ptrc), actor=desk)
    with pytest.raises(ForbiddenError):
        file_footage(assignment, item, actor=theirs)


def test_a_wish_is_planned_for_its_own_event_and_closed_once(rts):
    desk, wish = make_desk(rts), make_wish()
    with pytest.raises(DomainError):
        plan_wish(wish, make_assignment(event=make_event(rts)), actor=desk)
    with pytest.raises(ConflictError):
        deliver_wish(wish, actor=desk)
    assert withdraw_wish(wish, actor=desk).status == "withdrawn"
    with pytest.raises(ConflictError):
        save_wish(wish, actor=desk, changed=["note"])


def test_days_of_an_event_are_those_of_its_place():
    """Half past seven in the evening in Astana, the afternoon of the same day in Belgrade; it ends after midnight."""
    almaty = ZoneInfo("Asia/Almaty")
    event = make_event(
        starts_at=datetime(2026, 12, 10, 19, 30, tzinfo=almaty), ends_at=datetime(2026, 12, 11, 1, 0, tzinfo=almaty)
    )
    assert (event.first_on, event.last_on) == (date(2026, 12, 10), date(2026, 12, 11))
    fair = make_event(dated="2027-05-15/2027-08-15")
    assert (fair.first_on, fair.last_on) == (date(2027, 5, 15), date(2027, 8, 15))


def test_an_event_has_a_date_or_instants_never_both_or_none(rts):
    event = make_event(rts)
    event.starts_at = event.ends_at = None
    event.dated = ""
    with pytest.raises(DomainError):
        save_event(event, actor=None, changed=["dated"])
    with pytest.raises(IntegrityError), transaction.atomic():
        PlannedEvent.objects.filter(pk=event.pk).update(starts_at=timezone.now())
    event.dated = "2026-13-40"
    with pytest.raises(DomainError):
        save_event(event, actor=None, changed=["dated"])


def test_what_is_called_off_stays_and_calendars_are_told(rts):
    desk, event = make_desk(rts), make_event(rts)
    cancelled = move_event(event, actor=desk, status="cancelled")
    assert (cancelled.status, cancelled.sequence) == ("cancelled", 1)
    assert move_event(event, actor=desk, status="cancelled").sequence == 1
    with pytest.raises(ConflictError):
        save_wish(make_wish_unsaved(event), actor=desk)
    with pytest.raises(ForbiddenError):
        move_event(event, actor=make_desk(make_broadcaster("ptrc")), status="confirmed")


def make_wish_unsaved(event):
    from correspondents.models import CoverageWish

    return CoverageWish(event=event, broadcaster=event.broadcaster, forms=["live"])


def test_access_is_asked_for_by_who_sends_and_answered_by_the_host(rts, ptrc):
    desk, host = make_desk(rts), make_desk(ptrc)
    assignment = make_assignment()
    asked = ask_access(assignment, actor=desk, sphere="political")
    assert (asked.status, ask_access(assignment, actor=desk, sphere="political").pk) == ("requested", asked.pk)
    with pytest.raises(ForbiddenError):
        answer_access(asked, actor=desk, status="granted")
    granted = answer_access(asked, actor=host, status="granted", conditions="Parliament, press gallery.")
    assert (granted.status, granted.decided_by) == ("granted", host)
    given = ask_access(assignment, actor=host, sphere="cultural")  # the host need not be asked
    assert given.status == "granted"
    assert answer_access(given, actor=host, status="withdrawn").status == "withdrawn"
    rows = Notification.objects.filter(kind="correspondents.access", recipient=desk).order_by("pk")
    with override("en"):  # each tells of one access, as it was then
        told = [row.text.partition(": ")[2] for row in with_texts(rows, desk)]
    assert told == ["political · granted.", "cultural · granted.", "cultural · withdrawn."]
    with pytest.raises(DomainError):
        ask_access(make_assignment(host=None), actor=desk, sphere="economic")


def test_counts_give_the_very_rows(rts, ptrc):
    now = timezone.now()
    period = Period(now - timedelta(days=1), now + timedelta(days=1))
    event = make_event(ptrc, module=make_scheme(rts, ptrc))
    assignment = make_assignment(status="in-progress", first=-1, last=2, event=event)
    wish = make_wish(event, ptrc, status="planned", assignment=assignment)
    make_wish(event, rts, status="delivered", assignment=assignment, delivered_at=now)  # the house's own
    access = ask_access(assignment, actor=make_desk(ptrc), sphere="economic")
    filed = file_footage(assignment, make_item(rts), actor=None, wish=wish)
    counted = {
        (house.slug, count.name): list(count.rows(house, period, other))
        for house, other in ((rts, ptrc), (ptrc, rts))
        for count in RAW_COUNTS
    }
    assert counted["rts", "assignments-begun"] == [assignment] == counted["ptrc", "assignments-hosted"]
    assert counted["ptrc", "access-granted"] == [access]
    assert counted["rts", "coverage-delivered"] == [wish]
    assert counted["rts", "footage-filed"] == [filed]
    assert counted["ptrc", "assignments-begun"] == []
