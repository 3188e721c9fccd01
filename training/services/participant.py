"""People whom a house sends: written down with their consent, anonymised when it is withdrawn."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from archive.errors import invalid
from broadcasters.permissions import require
from mediaexchange.core.errors import ConflictError, DomainError
from mediaexchange.core.languages.normalise import normalise_text
from mediaexchange.core.models import User
from mediaexchange.core.outbox import record
from training.constants import ConsentPurpose, ConsentRoad, NoticeKind, NoticeStatus
from training.models import Certificate, Consent, Enrolment, FeedbackInvitation, Notice, Participant
from training.notifications import forget_person
from training.services.enrolment import withdraw_enrolment

WRITABLE = frozenset({"name_cyrl", "name_latn", "email", "language", "data_region", "user"})
SEND = "training.change_participant"


@transaction.atomic
def save_participant(participant: Participant, *, actor: User | None, changed: Iterable[str] = ()) -> Participant:
    """Write somebody down, or change the ``changed`` fields. A new e-mail that the house has already is that person:
    safe to repeat.

    Raises DomainError for what cannot be, ConflictError for who is anonymous and for somebody else's e-mail.
    """
    is_new = participant.pk is None
    if is_new:
        require(actor, "training.add_participant", participant.broadcaster)
        stored, names = participant, set(WRITABLE)
        stored.data_region = stored.data_region or participant.broadcaster.data_region
        known = Participant.objects.filter(broadcaster=stored.broadcaster, email__iexact=stored.email or "-").first()
        if known is not None:
            return known
    else:
        stored = _locked(participant.pk)
        require(actor, SEND, stored.broadcaster_id)
        if stored.is_anonymous:
            raise _gone()
        names = set(changed) & WRITABLE
        for field in names:
            setattr(stored, field, getattr(participant, field))
    stored.name_cyrl = normalise_text(stored.name_cyrl, "kk").strip()
    stored.name_latn = normalise_text(stored.name_latn, "en").strip()
    stored.email = stored.email.strip()
    if not stored.name_cyrl and not stored.name_latn:
        raise DomainError("name-missing", _("Give the name in at least one script."))
    try:
        stored.clean_fields(exclude={field.name for field in stored._meta.get_fields()} - names)
    except ValidationError as error:
        raise invalid(error) from error
    try:
        with transaction.atomic():
            stored.save(update_fields=None if is_new else names or None)
    except IntegrityError as error:
        if "training_participant_once" not in str(error):
            raise
        raise ConflictError("email-taken", _("Somebody of the house has this e-mail address already.")) from error
    return stored


@transaction.atomic
def record_consent(
    participant: Participant, *, actor: User | None, purpose: str, road: str, is_person: bool = False
) -> Consent:
    """Keep that somebody has agreed, from now on. Safe to repeat: a consent in force stays as it is."""
    stored = _locked(participant.pk)
    if not is_person:
        require(actor, "training.add_consent", stored.broadcaster_id)
    if stored.is_anonymous:
        raise _gone()
    in_force = stored.consents.filter(purpose=purpose, withdrawn_at__isnull=True).first()
    if in_force is not None:
        return in_force
    return Consent.objects.create(
        participant=stored, purpose=ConsentPurpose(purpose), road=ConsentRoad(road), given_at=timezone.now()
    )


@transaction.atomic
def withdraw_consent(
    participant: Participant, *, actor: User | None, purpose: str, is_person: bool = False
) -> Participant:
    """End a consent. That to take part frees the seats and anonymises the person. Safe to repeat."""
    stored = _locked(participant.pk)
    if not is_person:
        require(actor, "training.change_consent", stored.broadcaster_id)
    now = timezone.now()
    if purpose == ConsentPurpose.PARTICIPATION:
        return _anonymise(stored, actor=actor)
    stored.consents.filter(purpose=purpose, withdrawn_at__isnull=True).update(withdrawn_at=now)
    Notice.objects.filter(enrolment__participant=stored, kind=NoticeKind.FOLLOW_UP, status=NoticeStatus.PENDING).update(
        status=NoticeStatus.CALLED_OFF
    )
    return stored


def _anonymise(stored: Participant, *, actor: User | None) -> Participant:
    """Take away whatever names the person or may: names, e-mail, account, free words written about them.

    Enrolments, attendance, certificates and consents stay as rows without a person: counts are what they were. What
    has been rendered (a certificate, a grid, an export) was never stored. A certificate's address answers no more.
    Audit, outbox, search and messages have never held a name. The person's row is locked, its workshops after it.
    """
    if stored.is_anonymous:
        return stored
    house, uid = stored.broadcaster_id, stored.uid
    active = Enrolment.objects.active().filter(participant=stored).order_by("workshop_id")
    for enrolment in list(active):
        if not _is_over(enrolment):
            withdraw_enrolment(enrolment, actor=None)
    now = timezone.now()
    stored.consents.filter(withdrawn_at__isnull=True).update(withdrawn_at=now)
    enrolments = Enrolment.objects.filter(participant=stored)
    enrolments.exclude(reason="").update(reason="")
    Certificate.objects.filter(enrolment__in=enrolments).exclude(revocation_reason="").update(revocation_reason="")
    FeedbackInvitation.objects.filter(enrolment__in=enrolments, is_used=False).delete()
    Notice.objects.filter(enrolment__in=enrolments, status=NoticeStatus.PENDING).update(status=NoticeStatus.CALLED_OFF)
    Notice.objects.filter(enrolment__in=enrolments).exclude(last_error="").update(last_error="")
    forget_person(stored)
    stored.name_cyrl = stored.name_latn = stored.email = ""
    stored.user = None
    stored.anonymised_at = now
    stored.save(update_fields=["name_cyrl", "name_latn", "email", "user", "anonymised_at"])
    # Told without a name, so that systems of the house can follow.
    record(
        "participant.anonymised",
        subject_type="participant",
        subject_uid=uid,
        audience=_held_by(stored, house),
        actor=actor,
    )
    return stored


def _is_over(enrolment: Enrolment) -> bool:
    """A course that has begun is part of the statistics: who was there was there."""
    return enrolment.workshop.status in ("running", "completed")


def _held_by(participant: Participant, house: int) -> set[int]:
    """Houses that could read the person's name: the own one and the hosts."""
    hosts = Enrolment.objects.filter(participant=participant).values_list("workshop__broadcaster_id", flat=True)
    return {house, *hosts}


def _locked(participant_id: Any) -> Participant:
    locked = Participant.objects.select_for_update(of=("self",), no_key=True)
    return locked.select_related("broadcaster").get(pk=participant_id)


def _gone() -> ConflictError:
    return ConflictError("person-anonymous", _("This person’s data are gone."), current="anonymous")
