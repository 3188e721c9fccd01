"""Certificates: issued at the threshold of attendance, checked by anybody who holds one, revoked with a reason."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from broadcasters.permissions import require
from mediaexchange.core.errors import ConflictError, DomainError, Message
from mediaexchange.core.languages.localize import localized
from mediaexchange.core.models import User
from mediaexchange.core.outbox import record
from training.constants import EnrolmentStatus, NoticeKind, WorkshopStatus
from training.models import Certificate, Enrolment, Workshop
from training.models.workshop import new_token
from training.services.notice import note
from training.services.seating import lock_workshop


@dataclass(frozen=True, slots=True)
class Standing:
    """Where somebody stands: sessions attended of those held, the certificate there is, and what bars another."""

    enrolment: Enrolment
    attended: int
    held: int
    certificate: Certificate | None
    bar: Message

    @property
    def percent(self) -> int:
        """Rounded down: 79.9 is not 80."""
        return self.attended * 100 // self.held if self.held else 0


@dataclass(frozen=True, slots=True)
class Checked:
    """All that the public is told."""

    name: str
    course: str
    on: date
    is_valid: bool


def standings(workshop: Workshop) -> list[Standing]:
    """Of all who have a seat, by house and order of nomination. An excused absence is no attendance."""
    held = workshop.sessions.filter(is_cancelled=False).count()
    rows = Enrolment.objects.filter(workshop=workshop, status=EnrolmentStatus.CONFIRMED).with_attendance()
    rows = rows.select_related("participant", "broadcaster").prefetch_related("certificates")
    return [_standing(workshop, row, held) for row in rows.order_by("broadcaster__slug", "pk")]


@transaction.atomic
def issue_certificates(
    workshop: Workshop, *, actor: User | None, enrolments: Iterable[Enrolment] | None = None
) -> list[Certificate]:
    """Give everybody who has reached the threshold a certificate, or those named. Safe to repeat: who has one keeps it.

    Raises ConflictError before the workshop is completed, DomainError for a named one who may not have it.
    """
    workshop = lock_workshop(workshop.pk)
    require(actor, "training.add_certificate", workshop.broadcaster_id)
    if workshop.status != WorkshopStatus.COMPLETED:
        raise ConflictError(
            "workshop-not-completed",
            _("Certificates are issued once the workshop is completed."),
            current=workshop.status,
            wanted=WorkshopStatus.COMPLETED.value,
        )
    named = None if enrolments is None else {enrolment.pk for enrolment in enrolments}
    issued = []
    for standing in standings(workshop):
        if named is not None and standing.enrolment.pk not in named:
            continue
        if standing.bar:
            if named is not None and standing.certificate is None:
                raise DomainError("certificate-barred", standing.bar)
            continue
        issued.append(_issue(workshop, standing, actor))
    return issued


@transaction.atomic
def revoke_certificate(certificate: Certificate, *, actor: User | None, reason: str) -> Certificate:
    """Say from now on that it does not hold. The reason is never public. Safe to repeat: the first one stays."""
    stored = Certificate.objects.select_for_update(of=("self",), no_key=True).get(pk=certificate.pk)
    workshop = Workshop.objects.get(enrolments=stored.enrolment_id)
    require(actor, "training.change_certificate", workshop.broadcaster_id)
    if not stored.is_valid:
        return stored
    if not reason.strip():
        raise DomainError("reason-missing", _("Give a reason."))
    stored.revoked_at, stored.revocation_reason = timezone.now(), reason.strip()[:500]
    stored.save(update_fields=["revoked_at", "revocation_reason"])
    _tell(stored, workshop, "certificate.revoked", actor)
    return stored


def check_certificate(token: str) -> Checked | None:
    """What is told to whoever holds a certificate; None for a token that nobody was given, and for a person who has
    withdrawn: both are answered alike."""
    found = Certificate.objects.filter(token=token).select_related("enrolment__participant", "enrolment__workshop")
    certificate = found.first()
    if certificate is None or certificate.enrolment.participant.is_anonymous:
        return None
    participant, workshop = certificate.enrolment.participant, certificate.enrolment.workshop
    return Checked(
        name=participant.name_in(participant.shown_language),
        course=localized(workshop, "name"),
        on=held_on(workshop, certificate),
        is_valid=certificate.is_valid,
    )


def held_on(workshop: Workshop, certificate: Certificate) -> date:
    """The last day of the course by the host's clocks."""
    return (workshop.ends_at or certificate.issued_at).astimezone(ZoneInfo(workshop.time_zone)).date()


def issued_on(workshop: Workshop, certificate: Certificate) -> date:
    """By the host's clocks, too."""
    return certificate.issued_at.astimezone(ZoneInfo(workshop.time_zone)).date()


def _standing(workshop: Workshop, row: Enrolment, held: int) -> Standing:
    attended: int = row.attended  # type: ignore[attr-defined]  # annotated
    valid = next((each for each in row.certificates.all() if each.is_valid), None)
    bar: Message = ""
    if row.participant.is_anonymous:
        bar = _("The person has withdrawn the consent.")
    elif valid is not None:
        bar = _("There is a certificate already.")
    elif not held or attended * 100 < workshop.attendance_percent * held:
        bar = _("Attended %(attended)s of %(held)s sessions; %(percent)s%% are needed.") % {
            "attended": attended,
            "held": held,
            "percent": workshop.attendance_percent,
        }
    return Standing(row, attended, held, valid, bar)


def _issue(workshop: Workshop, standing: Standing, actor: User | None) -> Certificate:
    certificate = Certificate.objects.create(
        enrolment=standing.enrolment,
        number=new_token()[:30],  # its own needs the key
        language=standing.enrolment.participant.language,
        sessions_held=standing.held,
        sessions_attended=standing.attended,
        issued_by=actor,
    )
    certificate.refresh_from_db(fields=["issued_at"])
    year = issued_on(workshop, certificate).year
    certificate.number = f"{workshop.broadcaster.slug.upper()[:15]}-{year}-{certificate.pk:05d}"
    certificate.save(update_fields=["number"])
    _tell(certificate, workshop, "certificate.issued", actor)
    note(standing.enrolment, NoticeKind.CERTIFICATE)
    return certificate


def _tell(certificate: Certificate, workshop: Workshop, kind: str, actor: User | None) -> None:
    record(
        kind,
        subject_type="certificate",
        subject_uid=certificate.uid,
        audience=[workshop.broadcaster_id, certificate.enrolment.broadcaster_id],
        actor=actor,
        workshop=str(workshop.uid),
    )
