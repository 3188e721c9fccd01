from datetime import UTC, datetime

import pytest
from django.db import connection
from django.utils.translation import override

from broadcasters.constants import Role
from broadcasters.models import Membership
from mediaexchange.core.errors import DomainError
from mediaexchange.core.inbox.choosing import choose_ways, ways_of
from mediaexchange.core.inbox.constants import Way
from mediaexchange.core.inbox.models import Notification
from mediaexchange.core.inbox.reading import mark_all_read, mark_read, unread_count, with_texts
from mediaexchange.core.notifications import NotificationKind, all_kinds, kinds_for, mail_due, notify, register
from tests.factories import make_user

pytestmark = pytest.mark.django_db
KIND = "newsexchange.request-arrived"


def test_people_are_told_once_however_often_it_is_said(reader, ask):
    wanted = ask()
    for _time in range(2):
        notify(KIND, to=[reader.pk], subject_type="request", subject_uid=wanted.uid)
    assert Notification.objects.filter(recipient=reader).count() == 1
    notify(KIND, to=[reader.pk], subject_type="request", subject_uid=wanted.uid, key="again")
    assert unread_count(reader) == 2


def test_neither_the_actor_nor_a_machine_nor_whoever_has_left_is_told(rts, ptrc, asker):
    service = make_user(is_service=True, is_staff=False)
    gone = make_user(ptrc, is_active=False)
    notify(
        KIND, to=[asker.pk, service.pk, gone.pk], subject_type="request", subject_uid=rts.uid, actor=asker
    )  # fmt: skip
    assert not Notification.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_nobody_is_told_outside_the_transaction_of_what_they_are_told_of(rts):
    with pytest.raises(RuntimeError):
        notify(KIND, to=[1], subject_type="request", subject_uid=rts.uid)


def test_a_sentence_is_made_from_the_subject_in_the_readers_language_and_nothing_of_it_is_kept(reader, ask):
    ask("Snow in Belgrade")
    (row,) = Notification.objects.filter(recipient=reader)
    with override("en"):
        assert (
            with_texts([row], reader)[0].text == "Presidential TV and Radio Complex asks for a story: Snow in Belgrade"
        )
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_jsonb(n)::text FROM core_notification n")
        assert "Snow" not in cursor.fetchone()[0]


def test_what_has_gone_out_of_sight_says_nothing_any_more(reader, ask):
    ask()
    (row,) = Notification.objects.filter(recipient=reader)
    Membership.objects.filter(user=reader).update(role=Role.VIEWER)
    assert with_texts([row], reader)[0].text == ""
    Membership.objects.filter(user=reader).delete()
    del reader._roles, reader._granted
    assert with_texts([row], reader)[0].text == ""


def test_a_page_of_notifications_asks_as_much_for_three_as_for_one(reader, ask, django_assert_num_queries):
    ask()
    with django_assert_num_queries(3):
        with_texts(Notification.objects.filter(recipient=reader), reader)
    ask("Rain")
    ask("Wind")
    del reader._roles, reader._granted
    with django_assert_num_queries(3):
        assert len(with_texts(Notification.objects.filter(recipient=reader), reader)) == 3


def test_reading_is_ones_own_and_keeps_the_first_moment(reader, asker, ask):
    ask()
    ask("Rain")
    first, second = Notification.objects.filter(recipient=reader).order_by("pk")
    assert mark_read(asker, [first.uid]) == 0
    assert (mark_read(reader, [first.uid]), mark_read(reader, [first.uid])) == (1, 0)
    assert mark_all_read(reader, up_to=first.pk) == 0
    assert mark_all_read(reader, app="archive") == 0
    assert mark_all_read(reader, app="newsexchange") == 1
    assert unread_count(reader) == 0
    assert second.read_at is None


def test_mail_once_a_day_comes_at_the_hour_on_the_persons_own_clocks(rts):
    person = make_user(rts, time_zone="Asia/Almaty", digest_hour=7)  # five hours before UTC
    at = lambda hour, minute=0: datetime(2026, 3, 2, hour, minute, tzinfo=UTC)  # noqa: E731 — five times a moment
    assert mail_due(Way.DIGEST, person, at(1)) == at(2)
    assert mail_due(Way.DIGEST, person, at(2)) == datetime(2026, 3, 3, 2, tzinfo=UTC)
    assert mail_due(Way.AT_ONCE, person, at(1)) == at(1)
    assert mail_due(Way.INBOX, person, at(1)) is None
    belgrade = make_user(rts, time_zone="Europe/Belgrade", digest_hour=7)
    before_summer = datetime(2026, 3, 28, 12, tzinfo=UTC)
    assert mail_due(Way.DIGEST, belgrade, before_summer) == datetime(2026, 3, 29, 5, tzinfo=UTC)


def test_who_wants_to_hear_nothing_gets_no_row_and_what_waits_follows_a_choice(reader, ask):
    choose_ways(reader, {KIND: "digest"})
    ask()
    (row,) = Notification.objects.filter(recipient=reader)
    assert row.mail_due_at > row.created_at
    choose_ways(reader, {KIND: "inbox"})
    row.refresh_from_db()
    assert row.mail_due_at is None
    choose_ways(reader, {KIND: "off"})
    ask("Rain")
    assert Notification.objects.filter(recipient=reader).count() == 1
    assert ways_of(reader)[KIND] == "off"


def test_a_choice_that_there_is_not_is_refused(rts, reader):
    for ways, hour in (
        ({"newsexchange.nothing": "inbox"}, None),
        ({KIND: "pigeon"}, None),
        ({"training.own-offer": "at-once"}, None),  # a mail of its own goes out
        ({}, 24),
    ):
        with pytest.raises(DomainError):
            choose_ways(reader, ways, digest_hour=hour)
    with pytest.raises(DomainError):
        choose_ways(make_user(rts, Role.VIEWER), {KIND: "inbox"})


def test_each_kind_speaks_of_an_app_and_is_offered_to_those_whom_it_can_concern(rts):
    assert {kind.app for kind in all_kinds()} >= {"archive", "newsexchange", "training"}
    assert len({kind.code for kind in all_kinds()}) == len(all_kinds())
    seen = {kind.code for kind in kinds_for(make_user(rts, Role.VIEWER))}
    assert "training.own-offer" in seen
    assert KIND not in seen
    with pytest.raises(ValueError, match="mailed twice"):
        register(
            NotificationKind(
                "core.twice", lambda rows: {}, lambda row: "", "twice", usual=Way.DIGEST, is_mailed_elsewhere=True
            )
        )
