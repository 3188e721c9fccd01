from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from mediaexchange.core.models import OutboxEvent
from tests.training.factories import complete, enrol, make_form, make_participant, make_workshop
from training.models import Attendance, FeedbackInvitation, Notice
from training.services import mailing
from training.services.certificate import issue_certificates
from training.services.enrolment import accept_offer, pass_on_offers, withdraw_enrolment
from training.services.mailing import LADDER, send_next
from training.services.participant import record_consent
from training.services.workshop import move_workshop
from training.tokens import person_address

pytestmark = pytest.mark.django_db


def send_all():
    while send_next():
        pass
    return mail.outbox


def test_a_message_is_written_to_the_person_in_their_language_with_both_clocks(workshop):
    person = make_participant(language="sr-Latn", name_cyrl="Ђорђе Његош", name_latn="")
    enrol(workshop, person)
    (message,) = send_all()
    assert message.to == [person.email]
    assert "Veštačka inteligencija u redakciji" in message.subject
    assert message.extra_headers["Content-Language"] == "sr-Latn"
    assert "Đorđe Njegoš," in message.body
    assert "Belgrade: " in message.body  # as the place is called in the only language it has a name in
    assert "Astana: " in message.body
    assert person_address(person) in message.body
    assert "Ђорђе" not in message.body


def test_nothing_is_sent_in_the_deed_itself_and_nothing_twice(workshop):
    enrol(workshop)
    assert mail.outbox == []
    assert len(send_all()) == 1
    assert len(send_all()) == 1
    assert Notice.objects.get().status == "sent"


def test_an_offer_names_its_deadline_and_is_not_sent_once_it_is_over(rts):
    workshop = make_workshop(rts, capacity=1)
    first, second = enrol(workshop), enrol(workshop, make_participant(language="en"))
    send_all()
    mail.outbox.clear()
    withdraw_enrolment(first, actor=None)
    (message,) = send_all()
    assert message.subject == "A seat is free for you: AI in broadcasting"
    assert "The offer ends at:" in message.body
    assert "Accept or decline the seat" in message.body
    mail.outbox.clear()
    third = enrol(workshop)
    withdraw_enrolment(second, actor=None)
    type(third).objects.filter(pk=third.pk).update(offer_ends_at=timezone.now() - timedelta(minutes=1))
    pass_on_offers()
    send_all()
    kinds = set(Notice.objects.filter(enrolment=third).values_list("kind", "status"))
    assert kinds == {("waiting", "called-off"), ("offered", "called-off"), ("lapsed", "sent")}


def test_what_is_no_longer_so_is_not_told(rts):
    workshop = make_workshop(rts, capacity=1)
    first, second = enrol(workshop), enrol(workshop)
    send_all()
    withdraw_enrolment(first, actor=None)
    accept_offer(second, actor=None)
    mail.outbox.clear()
    send_all()
    assert dict(Notice.objects.filter(enrolment=second).values_list("kind", "status")) == {
        "waiting": "sent", "offered": "called-off", "confirmed": "sent",
    }  # fmt: skip
    assert len(mail.outbox) == 1


def test_a_cancelled_workshop_is_told_with_its_reason(workshop, host):
    enrol(workshop)
    move_workshop(workshop, actor=host, status="cancelled", reason="snow on the runway")
    (message,) = send_all()
    assert "snow on the runway" in message.body


def test_a_certificate_comes_as_a_file(rts, host):
    workshop = make_workshop(rts)
    enrolment = enrol(workshop)
    for session in workshop.sessions.all():
        Attendance.objects.create(enrolment=enrolment, session=session, status="attended")
    complete(workshop)
    (certificate,) = issue_certificates(workshop, actor=host)
    message = send_all()[-1]
    ((name, content, content_type),) = message.attachments
    assert (name, content_type, content[:5]) == (f"{certificate.number}.pdf", "application/pdf", b"%PDF-")
    assert certificate.token in message.body


def test_after_the_end_people_are_asked_and_later_only_who_agreed(rts):
    forms = {
        "evaluation_form": make_form(rts),
        "follow_up_form": make_form(rts, kind="follow-up"),
        "follow_up_days": 30,
    }
    workshop = make_workshop(rts, **forms)
    willing, other = enrol(workshop), enrol(workshop)
    record_consent(willing.participant, actor=None, purpose="follow-up", road="paper")
    complete(workshop)
    send_all()
    assert Notice.objects.filter(kind="evaluation", status="sent").count() == 2
    assert FeedbackInvitation.objects.count() == 2
    assert Notice.objects.filter(kind="follow-up", status="pending").count() == 2
    Notice.objects.update(due_at=timezone.now() - timedelta(seconds=1))
    mail.outbox.clear()
    send_all()
    assert [message.to for message in mail.outbox] == [[willing.participant.email]]
    assert Notice.objects.get(kind="follow-up", enrolment=other).status == "called-off"


def test_a_mail_server_that_fails_is_asked_again_and_in_the_end_not(workshop, monkeypatch):
    def fail(*args, **kwargs):
        raise OSError("no route")

    monkeypatch.setattr("django.core.mail.EmailMultiAlternatives.send", fail)
    enrol(workshop)
    for attempt in range(len(LADDER) + 1):
        assert Notice.objects.get().attempts == attempt
        Notice.objects.update(due_at=timezone.now() - timedelta(seconds=1))
        send_next()
    notice = Notice.objects.get()
    assert (notice.status, notice.last_error) == ("failed", "mail: OSError")


def test_a_name_of_two_lines_stands_in_one_line_of_the_subject(rts):
    workshop = make_workshop(rts, name_en="AI\nin broadcasting")
    enrol(workshop, make_participant(language="en"))
    (message,) = send_all()
    assert message.subject == "Your seat is confirmed: AI in broadcasting"


def test_a_message_that_cannot_be_made_is_missed_and_holds_up_no_other(workshop, monkeypatch):
    broken, other = enrol(workshop), enrol(workshop)
    compose = mailing._message

    def fail(notice):
        if notice.enrolment_id == broken.pk:
            raise ValueError
        return compose(notice)

    monkeypatch.setattr(mailing, "_message", fail)
    assert [message.to for message in send_all()] == [[other.participant.email]]
    missed = Notice.objects.get(enrolment=broken)
    assert (missed.status, missed.last_error, missed.lease_token) == ("pending", "mail: ValueError", None)


def test_whoever_lost_the_lease_has_the_late_word_refused(workshop, monkeypatch):
    enrol(workshop)

    def slowly(self, *args, **kwargs):
        Notice.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
        monkeypatch.undo()
        assert send_next()  # another one, meanwhile
        return 1

    monkeypatch.setattr("django.core.mail.EmailMultiAlternatives.send", slowly)
    assert send_next()
    assert Notice.objects.get().status == "sent"
    assert OutboxEvent.objects.filter(kind="enrolment.confirmed").count() == 1


def test_a_message_that_kills_its_sender_is_parked_and_holds_up_no_other(workshop, monkeypatch):
    deadly, other = enrol(workshop), enrol(workshop)
    compose = mailing._message

    def kill(notice):
        if notice.enrolment_id == deadly.pk:
            raise MemoryError
        return compose(notice)

    monkeypatch.setattr(mailing, "_message", kill)
    with pytest.raises(MemoryError):
        send_next()
    assert send_next()
    assert [message.to for message in mail.outbox] == [[other.participant.email]]
    assert not send_next()  # under lease
    for _attempt in range(len(LADDER)):
        Notice.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
        with pytest.raises(MemoryError):
            send_next()
    Notice.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    assert send_next()
    assert Notice.objects.get(enrolment=deadly).status == "failed"
