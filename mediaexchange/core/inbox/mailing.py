"""Mail of what people want mailed: at once, or everything of a day in one message.

Rows that are due are gathered into a message of their recipient, and stay its. A message is composed when it is sent,
under a lease, in its recipient's language, from what they may see then and have not read. Its Message-ID is that of its
row, so that a server that sees the same message twice can tell.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import structlog
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Now
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import ngettext, override

from mediaexchange.core.inbox.constants import MailStatus
from mediaexchange.core.inbox.models import Notification, NotificationMail
from mediaexchange.core.inbox.reading import with_texts
from mediaexchange.core.languages.tags import to_bcp47
from mediaexchange.core.mail import FAILURES

SENDING = timedelta(minutes=5)  # a lease while a mail server takes its time
LADDER = (timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=10), timedelta(hours=24))
GATHERED = 1000  # notifications in one transaction
LINES = 50  # of one message; the inbox has the rest
_SUBJECT = 120  # characters

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Line:
    text: str
    at: datetime
    link: str


def gather() -> int:
    """Put what is due into messages, one for each person; returns how many. Safe side by side."""
    with transaction.atomic():
        due = Notification.objects.to_gather().order_by("recipient_id", "pk")
        rows = due.select_for_update(of=("self",), skip_locked=True, no_key=True).values_list("recipient_id", "pk")
        people: dict[int, list[int]] = defaultdict(list)
        for recipient_id, pk in rows[:GATHERED]:
            people[recipient_id].append(pk)
        mails = NotificationMail.objects.bulk_create([NotificationMail(recipient_id=each) for each in people])
        for mail in mails:
            Notification.objects.filter(pk__in=people[mail.recipient_id]).update(mail=mail)
        return len(mails)


def send_next() -> bool:
    """Send one message that is due; False if none is. Safe side by side, and after whoever was killed.

    What has killed its sender time and again is parked, and never stands before others meanwhile.
    """
    claimed = _claim()
    if claimed is None:
        return False
    mail_id, token = claimed
    mail = NotificationMail.objects.select_related("recipient").get(pk=mail_id)
    if mail.attempts > len(LADDER) + 1:
        _finish(mail, token, status=MailStatus.FAILED)
        return True
    try:
        message = _message(mail)
        if message is None:
            _finish(mail, token, status=MailStatus.CALLED_OFF)
            return True
        message.send()
    except FAILURES as error:
        _missed(mail, token, f"mail: {type(error).__name__}")
        return True
    _finish(mail, token, status=MailStatus.SENT, sent_at=timezone.now())
    return True


@transaction.atomic
def _claim() -> tuple[int, UUID] | None:
    due = (
        NotificationMail.objects.due()
        .select_for_update(of=("self",), skip_locked=True, no_key=True)
        .order_by("attempts", "due_at", "pk")
    )
    mail_id = due.values_list("pk", flat=True).first()
    if mail_id is None:
        return None
    token = uuid4()
    NotificationMail.objects.filter(pk=mail_id).update(
        lease_token=token, leased_until=Now() + SENDING, attempts=F("attempts") + 1
    )
    return mail_id, token


def _finish(mail: NotificationMail, token: UUID, **values: object) -> None:
    """Unless somebody else has the lease by now: a late word does not count."""
    NotificationMail.objects.filter(pk=mail.pk, lease_token=token, status=MailStatus.PENDING).update(
        leased_until=None, lease_token=None, last_error="", **values
    )


def _missed(mail: NotificationMail, token: UUID, error: str) -> None:
    log.warning("notifications.mail-failed", mail=mail.pk, error=error)
    step = mail.attempts - 1
    is_last = step >= len(LADDER)
    NotificationMail.objects.filter(pk=mail.pk, lease_token=token, status=MailStatus.PENDING).update(
        status=MailStatus.FAILED if is_last else MailStatus.PENDING,
        due_at=timezone.now() + (timedelta() if is_last else LADDER[step]),
        last_error=error[:200],
        leased_until=None,
        lease_token=None,
    )


def _message(mail: NotificationMail) -> EmailMultiAlternatives | None:
    """None if there is nothing to tell any more, or nowhere to send it."""
    person = mail.recipient
    if not person.email or not person.is_active:
        return None
    rows = mail.notifications.filter(read_at__isnull=True).order_by("pk")
    with override(person.language), timezone.override(ZoneInfo(person.time_zone)):
        told = [row for row in with_texts(rows, person) if row.text]
        if not told:
            return None
        lines = [Line(row.text, row.created_at, settings.PUBLIC_URL + opening_of(row)) for row in told[:LINES]]
        tag, choices = to_bcp47(person.language), settings.PUBLIC_URL + reverse("admin:core_notification_choices")
        subject = _subject(told)
        context = {
            "subject": subject,
            "lines": lines,
            "more": len(told) - len(lines),
            "inbox": settings.PUBLIC_URL + reverse("admin:core_notification_changelist"),
            "choices": choices,
            "tag": tag,
        }
        message = EmailMultiAlternatives(
            subject,
            render_to_string("core/inbox/mail.txt", context),
            settings.DEFAULT_FROM_EMAIL,
            [person.email],
            headers={
                "Message-ID": f"<notifications.{mail.uid}@{urlsplit(settings.PUBLIC_URL).hostname}>",
                "Auto-Submitted": "auto-generated",
                "Content-Language": tag,
                "List-Unsubscribe": f"<{choices}>",
            },
        )
        message.attach_alternative(render_to_string("core/inbox/mail.html", context), "text/html")
    return message


def _subject(told: list[Notification]) -> str:
    if len(told) == 1:
        return Truncator(" ".join(told[0].text.split())).chars(_SUBJECT)
    return ngettext("%(count)d notification", "%(count)d notifications", len(told)) % {"count": len(told)}


def opening_of(row: Notification) -> str:
    """The address that marks the row as read and leads to its subject."""
    return reverse("admin:core_notification_open", args=[row.pk])


def purge(read_days: int, unread_days: int) -> int:
    """Forget what was read, or came, so many days ago, and mails of which nothing is left; returns how many went."""
    old = Q(read_at__lt=Now() - timedelta(days=read_days)) | Q(created_at__lt=Now() - timedelta(days=unread_days))
    aged = Notification.objects.filter(created_at__lt=Now() - timedelta(days=min(read_days, unread_days)))  # by index
    gone, _models = aged.filter(old).delete()
    NotificationMail.objects.exclude(status=MailStatus.PENDING).filter(notifications__isnull=True).delete()
    return gone
