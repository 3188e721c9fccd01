"""Sending what is due to participants, in each one's language, a message at a time under a lease.

A message is composed when it is sent, from the rows as they are then: no stored message names anybody. Its Message-ID
is that of its row, so that a server that sees the same message twice can tell.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import structlog
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from broadcasters.moments import Local, both_zones
from mediaexchange.core.languages.localize import localized
from mediaexchange.core.languages.tags import to_bcp47
from mediaexchange.core.mail import FAILURES
from training.constants import ACTIVE, ConsentPurpose, EnrolmentStatus, NoticeKind, NoticeStatus
from training.formats import certificate_pdf
from training.models import Certificate, Enrolment, Notice, Workshop
from training.services.feedback import invite
from training.tokens import certificate_address, invitation_address, person_address

SENDING = timedelta(minutes=5)  # a lease while a mail server takes its time
LADDER = (timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=10), timedelta(hours=24))
# What a message is about, as long as that is so.
_STILL = {
    NoticeKind.CONFIRMED: (EnrolmentStatus.CONFIRMED,),
    NoticeKind.WAITING: (EnrolmentStatus.WAITING,),
    NoticeKind.OFFERED: (EnrolmentStatus.OFFERED,),
    NoticeKind.LAPSED: (EnrolmentStatus.LAPSED,),
    NoticeKind.REJECTED: (EnrolmentStatus.REJECTED,),
    NoticeKind.CANCELLED: (EnrolmentStatus.CANCELLED,),
    NoticeKind.CERTIFICATE: (EnrolmentStatus.CONFIRMED,),
    NoticeKind.EVALUATION: (EnrolmentStatus.CONFIRMED,),
    NoticeKind.FOLLOW_UP: (EnrolmentStatus.CONFIRMED,),
}

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Letter:
    """What a message says, in its language."""

    subject: str
    opening: str
    course: str
    host: str
    where: str
    sessions: list[list[Local]]
    until: list[Local]
    reason: str
    link: str
    link_title: str
    person_link: str


def send_next() -> bool:
    """Send one message that is due; False if none is. Safe side by side, and after whoever was killed.

    What has killed its sender time and again is parked, and never stands before others meanwhile.
    """
    claimed = _claim()
    if claimed is None:
        return False
    notice_id, token = claimed
    notice = Notice.objects.select_related(
        "enrolment__participant__broadcaster", "enrolment__workshop__broadcaster",
        "enrolment__workshop__programme__module", "enrolment__workshop__place",
    ).get(pk=notice_id)  # fmt: skip
    if notice.attempts > len(LADDER) + 1:
        _finish(notice, token, status=NoticeStatus.FAILED)
        return True
    if not _is_still_so(notice):
        _finish(notice, token, status=NoticeStatus.CALLED_OFF)
        return True
    try:
        with override(notice.enrolment.participant.shown_language):
            message = _message(notice)
        if message is None:
            _finish(notice, token, status=NoticeStatus.CALLED_OFF)
            return True
        message.send()
    except FAILURES as error:
        _missed(notice, token, f"mail: {type(error).__name__}")
        return True
    _finish(notice, token, status=NoticeStatus.SENT, sent_at=timezone.now())
    return True


@transaction.atomic
def _claim() -> tuple[int, UUID] | None:
    due = (
        Notice.objects.due()
        .select_for_update(of=("self",), skip_locked=True, no_key=True)
        .order_by("attempts", "due_at", "pk")
    )
    notice_id = due.values_list("pk", flat=True).first()
    if notice_id is None:
        return None
    token = uuid4()
    Notice.objects.filter(pk=notice_id).update(
        lease_token=token, leased_until=Now() + SENDING, attempts=F("attempts") + 1
    )
    return notice_id, token


def _finish(notice: Notice, token: UUID, **values: object) -> None:
    """Unless somebody else has the lease by now: a late word does not count."""
    Notice.objects.filter(pk=notice.pk, lease_token=token, status=NoticeStatus.PENDING).update(
        leased_until=None, lease_token=None, last_error="", **values
    )


def _missed(notice: Notice, token: UUID, error: str) -> None:
    log.warning("training.notice-failed", notice=notice.pk, error=error)
    step = notice.attempts - 1
    is_last = step >= len(LADDER)
    Notice.objects.filter(pk=notice.pk, lease_token=token, status=NoticeStatus.PENDING).update(
        status=NoticeStatus.FAILED if is_last else NoticeStatus.PENDING,
        due_at=timezone.now() + (timedelta() if is_last else LADDER[step]),
        last_error=error[:200],
        leased_until=None,
        lease_token=None,
    )


def _is_still_so(notice: Notice) -> bool:
    enrolment, person = notice.enrolment, notice.enrolment.participant
    if person.is_anonymous or not person.email or enrolment.status not in _STILL[NoticeKind(notice.kind)]:
        return False
    if notice.kind == NoticeKind.FOLLOW_UP:
        return person.consents.filter(purpose=ConsentPurpose.FOLLOW_UP, withdrawn_at__isnull=True).exists()
    return True


def _message(notice: Notice) -> EmailMultiAlternatives | None:
    """In the active language. None for what there is no form or certificate for any more."""
    enrolment = notice.enrolment
    person, workshop = enrolment.participant, enrolment.workshop
    certificate = _certificate(enrolment) if notice.kind == NoticeKind.CERTIFICATE else None
    link, link_title = _link(notice, certificate)
    if not link:
        return None
    subject, opening = _words(notice)
    letter = Letter(
        subject=subject,
        opening=opening,
        course=localized(workshop, "name"),
        host=localized(workshop.broadcaster, "name"),
        where=", ".join(part for part in (workshop.venue, localized(workshop.place, "name") if workshop.place else "")
                        if part),
        sessions=_sessions(enrolment) if enrolment.status in ACTIVE else [],
        until=_zones(enrolment, enrolment.offer_ends_at) if enrolment.offer_ends_at else [],
        reason=_reason(notice, workshop),
        link=link,
        link_title=link_title,
        person_link=person_address(person),
    )  # fmt: skip
    tag = to_bcp47(person.shown_language)
    context = {"letter": letter, "name": person.name, "tag": tag}
    message = EmailMultiAlternatives(
        " ".join(subject.split()),
        render_to_string("training/mail.txt", context),
        settings.DEFAULT_FROM_EMAIL,
        [person.email],
        headers={
            "Message-ID": f"<training.{notice.uid}@{urlsplit(settings.PUBLIC_URL).hostname}>",
            "Auto-Submitted": "auto-generated",
            "Content-Language": tag,
        },
    )
    message.attach_alternative(render_to_string("training/mail.html", context), "text/html")
    if certificate is not None:
        message.attach(f"{certificate.number}.pdf", certificate_pdf.render(certificate), certificate_pdf.CONTENT_TYPE)
    return message


def _words(notice: Notice) -> tuple[str, str]:
    """Subject and first sentence."""
    course = {"course": localized(notice.enrolment.workshop, "name")}
    match notice.kind:
        case NoticeKind.CONFIRMED:
            return _("Your seat is confirmed: %(course)s") % course, _("You have a seat in this workshop.")
        case NoticeKind.WAITING:
            return (
                _("You are on the waiting list: %(course)s") % course,
                _("All seats are taken. As soon as one is free, it is offered to whoever has waited longest."),
            )
        case NoticeKind.OFFERED:
            return (
                _("A seat is free for you: %(course)s") % course,
                _("A seat has become free. Accept it in time, otherwise it goes to the next person."),
            )
        case NoticeKind.LAPSED:
            return _("Your place has lapsed: %(course)s") % course, _("No seat is held for you any more.")
        case NoticeKind.REJECTED:
            return _("Your nomination was not accepted: %(course)s") % course, _("The host could not accept you.")
        case NoticeKind.CANCELLED:
            return _("The workshop is cancelled: %(course)s") % course, _("The workshop does not take place.")
        case NoticeKind.CERTIFICATE:
            return _("Your certificate: %(course)s") % course, _("Your certificate of attendance is attached.")
        case NoticeKind.EVALUATION:
            return (
                _("What did you think of it? %(course)s") % course,
                _("Please answer a few questions. Nobody will see who has answered what."),
            )
    return (
        _("What have you applied since? %(course)s") % course,
        _("Some time has passed. Please tell us what you could use. Nobody will see who has answered what."),
    )


def _link(notice: Notice, certificate: Certificate | None) -> tuple[str, str]:
    enrolment, workshop = notice.enrolment, notice.enrolment.workshop
    if notice.kind == NoticeKind.CERTIFICATE:
        return (certificate_address(certificate), _("Public check of the certificate")) if certificate else ("", "")
    if notice.kind in (NoticeKind.EVALUATION, NoticeKind.FOLLOW_UP):
        form = workshop.evaluation_form if notice.kind == NoticeKind.EVALUATION else workshop.follow_up_form
        if form is None:
            return "", ""
        invitation = invite(enrolment, form)
        return ("", "") if invitation.is_used else (invitation_address(invitation), _("Answer the questions"))
    title = _("Accept or decline the seat") if notice.kind == NoticeKind.OFFERED else _("Your page")
    return person_address(enrolment.participant), title


def _certificate(enrolment: Enrolment) -> Certificate | None:
    rows = Certificate.objects.filter(enrolment=enrolment, revoked_at__isnull=True)
    return rows.select_related(
        "enrolment__participant", "enrolment__workshop__broadcaster", "enrolment__workshop__place"
    ).first()


def _sessions(enrolment: Enrolment) -> list[list[Local]]:
    return [
        _zones(enrolment, session.starts_at, session.ends_at)
        for session in enrolment.workshop.sessions.filter(is_cancelled=False)
    ]


def _zones(enrolment: Enrolment, starts_at: datetime, ends_at: datetime | None = None) -> list[Local]:
    """By the host's clocks and by those of the person's house."""
    return both_zones(starts_at, ends_at, enrolment.workshop.time_zone, enrolment.participant.broadcaster.time_zone)


def _reason(notice: Notice, workshop: Workshop) -> str:
    if notice.kind == NoticeKind.REJECTED:
        return notice.enrolment.reason
    return workshop.status_reason if notice.kind == NoticeKind.CANCELLED else ""
