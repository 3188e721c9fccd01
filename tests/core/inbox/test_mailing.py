from datetime import timedelta
from smtplib import SMTPServerDisconnected

import pytest
from django.core import mail
from django.utils import timezone

from mediaexchange.core.inbox import mailing
from mediaexchange.core.inbox.choosing import choose_ways
from mediaexchange.core.inbox.mailing import LADDER, gather, purge, send_next
from mediaexchange.core.inbox.models import Notification, NotificationMail
from mediaexchange.core.inbox.reading import mark_all_read
from mediaexchange.core.tasks import dispatch_notifications
from tests.factories import make_user

pytestmark = pytest.mark.django_db
KIND = "newsexchange.request-arrived"


def test_what_is_wanted_at_once_is_mailed_once_in_the_readers_language(rts, ask):
    make_user(rts, email="stol@example.rs", language="sr-latn")
    ask("Снег у Београду")
    dispatch_notifications()
    dispatch_notifications()
    (message,) = mail.outbox
    assert message.to == ["stol@example.rs"]
    assert message.extra_headers["Content-Language"] == "sr-Latn"
    assert "/admin/core/notification/choices/" in message.extra_headers["List-Unsubscribe"]
    (page, content_type) = message.alternatives[0]
    assert content_type == "text/html"
    (row,) = Notification.objects.filter(recipient__email="stol@example.rs")
    for text in (message.body, page):
        assert f"/admin/core/notification/{row.pk}/open/" in text
        assert "/admin/core/notification/choices/" in text
    assert row.mail.status == "sent"


def test_what_is_wanted_once_a_day_comes_in_one_message(reader, ask):
    choose_ways(reader, {KIND: "digest"})
    ask("Snow")
    ask("Rain & <wind>")
    dispatch_notifications()
    assert mail.outbox == []
    Notification.objects.update(mail_due_at=timezone.now() - timedelta(seconds=1))
    dispatch_notifications()
    (message,) = mail.outbox
    assert message.subject == "2 notifications"
    assert message.body.index("Snow") < message.body.index("Rain & <wind>")
    assert "Rain &amp; &lt;wind&gt;" in message.alternatives[0][0]


def test_what_has_been_read_or_has_gone_is_not_mailed(reader, ask):
    ask()
    assert gather() == 1
    mark_all_read(reader)
    assert send_next()
    ask("Rain")
    gather()
    reader.memberships.all().delete()
    assert send_next()
    assert mail.outbox == []
    assert set(NotificationMail.objects.values_list("status", flat=True)) == {"called-off"}
    assert send_next() is False


def test_a_killed_senders_message_is_sent_by_the_next_under_the_same_identity(reader, ask, monkeypatch):
    class KilledError(BaseException):
        pass

    def die(message):
        sent.append(message.extra_headers["Message-ID"])
        raise KilledError

    sent = []
    ask()
    gather()
    with monkeypatch.context() as patched:
        patched.setattr("django.core.mail.EmailMultiAlternatives.send", die)
        with pytest.raises(KilledError):
            send_next()
    assert send_next() is False  # another has the lease
    NotificationMail.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    assert send_next()
    assert [message.extra_headers["Message-ID"] for message in mail.outbox] == sent
    assert send_next() is False


def test_a_server_out_of_reach_is_tried_again_and_given_up_in_the_end(reader, ask, monkeypatch):
    def refuse(message):
        raise SMTPServerDisconnected

    monkeypatch.setattr("django.core.mail.EmailMultiAlternatives.send", refuse)
    ask()
    gather()
    for number in range(len(LADDER) + 1):
        assert send_next(), number
        NotificationMail.objects.update(due_at=timezone.now() - timedelta(seconds=1))
    (tried,) = NotificationMail.objects.all()
    assert (tried.status, tried.last_error) == ("failed", "mail: SMTPServerDisconnected")
    assert send_next() is False


def test_a_message_that_kills_its_senders_is_parked(reader, ask):
    ask()
    gather()
    NotificationMail.objects.update(attempts=len(LADDER) + 1)
    assert send_next()
    assert NotificationMail.objects.get().status == "failed"
    assert mail.outbox == []


def test_a_long_message_ends_with_the_way_to_the_rest(reader, ask, monkeypatch):
    monkeypatch.setattr(mailing, "LINES", 1)
    ask("Snow")
    ask("Rain")
    dispatch_notifications()
    (message,) = mail.outbox
    assert "Rain" not in message.body
    assert "And 1 more in your inbox:" in message.body


def test_old_ones_are_forgotten_with_their_mails_and_unread_ones_later(reader, ask):
    ask("Snow")
    ask("Rain")
    dispatch_notifications()
    old = timezone.now() - timedelta(days=100)
    Notification.objects.update(created_at=old)
    first = Notification.objects.order_by("pk").first()
    Notification.objects.filter(pk=first.pk).update(read_at=old)
    assert purge(90, 365) == 1
    assert NotificationMail.objects.count() == 1
    Notification.objects.update(created_at=timezone.now() - timedelta(days=366))
    assert purge(90, 365) == 1
    assert not NotificationMail.objects.exists()


def test_a_message_that_cannot_be_made_is_missed_and_holds_up_no_other(reader, ask, monkeypatch):
    def stumble(rows, person):
        raise ValueError("no words for it")

    ask()
    gather()
    with monkeypatch.context() as patched:
        patched.setattr("mediaexchange.core.inbox.mailing.with_texts", stumble)
        assert send_next()
    (missed,) = NotificationMail.objects.all()
    assert (missed.status, missed.last_error) == ("pending", "mail: ValueError")
    assert missed.due_at > timezone.now()
