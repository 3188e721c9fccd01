"""Messages to participants: written as rows with what they tell of, called off when that is no longer so."""

from datetime import timedelta

from django.utils import timezone

from training.constants import NoticeKind, NoticeStatus
from training.models import Enrolment, Notice
from training.notifications import tell_of_notice


def note(enrolment: Enrolment, kind: NoticeKind, *, days: int = 0) -> Notice:
    """Have a message sent, at once or in so many days. In the caller's transaction; nothing is sent here."""
    notice = Notice.objects.create(enrolment=enrolment, kind=kind, due_at=timezone.now() + timedelta(days=days))
    tell_of_notice(notice)
    return notice


def call_off(enrolment: Enrolment) -> None:
    """What waits to be sent of this enrolment is not sent."""
    Notice.objects.filter(enrolment=enrolment, status=NoticeStatus.PENDING).update(status=NoticeStatus.CALLED_OFF)
