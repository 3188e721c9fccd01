"""Who was there: marked by the host's coordinator, or by the participants themselves with a code that changes.

The code is a time-based one-time password (RFC 6238, six digits) of the session's own secret, shown by the trainer and
good for a minute and the one before. Five wrong ones close a person's door for ten minutes, counted in the database.
"""

import hmac
import time
from collections.abc import Iterable, Mapping
from datetime import timedelta

from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from broadcasters.permissions import require
from mediaexchange.core.errors import ConflictError, DomainError
from mediaexchange.core.models import User
from training.constants import AttendanceStatus, EnrolmentStatus, WorkshopStatus
from training.models import Attendance, CheckInFailure, Enrolment, Session

STEP_S = 60
DIGITS = 6
MAX_WRONG = 5
CLOSED_FOR = timedelta(minutes=10)
BEFORE, AFTER = timedelta(minutes=30), timedelta(minutes=30)


class TooManyCodesError(DomainError):
    status = 429


@transaction.atomic
def record_attendance(session: Session, marks: Mapping[Enrolment, str], *, actor: User | None) -> int:
    """Write down who was there, over what stood there before; "" takes a mark away. Returns how many changed.

    Raises ConflictError before the session has begun and for one that does not take place; DomainError for somebody
    without a seat; ForbiddenError.
    """
    require(actor, "training.change_attendance", session.workshop.broadcaster_id)
    _require_held(session)
    stored = _locked_marks(session, marks)
    changed = 0
    for enrolment, status in sorted(marks.items(), key=lambda mark: mark[0].pk):
        if enrolment.workshop_id != session.workshop_id or enrolment.status != EnrolmentStatus.CONFIRMED:
            raise DomainError("no-seat", _("Only who has a seat attends."))
        row = stored.get(enrolment.pk)
        if (row.status if row else "") == status:
            continue
        changed += 1
        if not status and row is not None:
            row.delete()
        else:
            Attendance.objects.update_or_create(
                enrolment=enrolment,
                session=session,
                defaults={"status": AttendanceStatus(status), "is_by_code": False, "recorded_by": actor, "at": Now()},
            )
    return changed


@transaction.atomic
def change_attendance(
    session: Session, marks: Mapping[Enrolment, tuple[str, str]], *, actor: User | None
) -> tuple[int, list[Enrolment]]:
    """The same from a page that somebody has looked at: what it showed and what is wanted, "" for no mark.

    Returns how many changed, and those whose mark has become another one since: theirs stay as they are.
    """
    stored = _locked_marks(session, marks)
    now = {enrolment: row.status if (row := stored.get(enrolment.pk)) else "" for enrolment in marks}
    moved = [enrolment for enrolment, seen_and_wanted in marks.items() if now[enrolment] not in seen_and_wanted]
    wanted = {enrolment: status for enrolment, (_seen, status) in marks.items() if enrolment not in moved}
    return record_attendance(session, wanted, actor=actor), moved


def _locked_marks(session: Session, people: Iterable[Enrolment]) -> dict[int, Attendance]:
    """Marks by enrolment. Enrolments are locked, too: whoever checks in meanwhile waits, or is seen here."""
    seated = Enrolment.objects.filter(pk__in=[each.pk for each in people], status=EnrolmentStatus.CONFIRMED)
    list(seated.select_for_update(of=("self",), no_key=True).order_by("pk"))
    return {row.enrolment_id: row for row in Attendance.objects.select_for_update().filter(session=session)}


def check_in(enrolment: Enrolment, session: Session, code: str) -> Attendance:
    """The person says the code that the trainer shows. Safe to repeat.

    Raises TooManyCodesError, DomainError for a wrong code, ConflictError outside the time round the session and for
    somebody whom the coordinator has marked as not there.
    """
    is_right = _is_right(session, code)
    with transaction.atomic():
        enrolment = Enrolment.objects.select_for_update(of=("self",), no_key=True).get(pk=enrolment.pk)
        if enrolment.workshop_id != session.workshop_id or enrolment.status != EnrolmentStatus.CONFIRMED:
            raise DomainError("no-seat", _("Only who has a seat attends."))
        wrong = CheckInFailure.objects.filter(enrolment=enrolment, at__gt=Now() - CLOSED_FOR).count()
        if wrong >= MAX_WRONG:
            raise TooManyCodesError("too-many-codes", _("Too many wrong codes. Try again in ten minutes."))
        if is_right:
            _require_held(session)
            if timezone.now() > session.ends_at + AFTER:
                raise ConflictError("session-over", _("The session is over; ask the coordinator."), current="over")
            row, _is_new = Attendance.objects.get_or_create(
                enrolment=enrolment,
                session=session,
                defaults={"status": AttendanceStatus.ATTENDED, "is_by_code": True},
            )
            if row.status != AttendanceStatus.ATTENDED:
                raise ConflictError(
                    "marked-otherwise",
                    _("You are noted as “%(status)s” already; ask the coordinator.")
                    % {"status": row.get_status_display()},
                    current=row.status,
                )
            return row
        CheckInFailure.objects.create(enrolment=enrolment)  # kept, though the deed is refused
    raise DomainError("wrong-code", _("This is not the code that is shown now."))


def code_of(session: Session, *, actor: User | None, at: float | None = None) -> tuple[str, int]:
    """The code of this moment and how many seconds it is shown. For whoever runs the session. Raises ForbiddenError."""
    require(actor, "training.change_attendance", session.workshop.broadcaster_id)
    now = time.time() if at is None else at
    return _code(session, int(now) // STEP_S), STEP_S - int(now) % STEP_S


def purge_failures() -> int:
    """Forget wrong codes that close no door any more; returns how many."""
    return CheckInFailure.objects.filter(at__lt=Now() - 6 * CLOSED_FOR).delete()[0]


def _is_right(session: Session, code: str) -> bool:
    given = "".join(code.split()).encode()
    step = int(time.time()) // STEP_S
    return any(hmac.compare_digest(_code(session, step - back).encode(), given) for back in (0, 1))


def _code(session: Session, step: int) -> str:
    """RFC 4226, 5.3: dynamic truncation."""
    digest = hmac.digest(bytes.fromhex(session.check_in_secret), step.to_bytes(8, "big"), "sha1")
    offset = digest[-1] & 15
    number = int.from_bytes(digest[offset : offset + 4], "big") & 0x7FFF_FFFF
    return f"{number % 10**DIGITS:0{DIGITS}d}"


def _require_held(session: Session) -> None:
    if session.is_cancelled or session.workshop.status in (WorkshopStatus.DRAFT, WorkshopStatus.CANCELLED):
        raise ConflictError("session-not-held", _("The session does not take place."), current="cancelled")
    if timezone.now() < session.starts_at - BEFORE:
        raise ConflictError("session-not-begun", _("The session has not begun."), current="planned")
