"""Addresses that stand for a person: signed, so that none can be guessed and no list of them is kept anywhere.

They die with the person's data: what they lead to is looked up each time.
"""

from uuid import UUID

from django.conf import settings
from django.core import signing
from django.urls import reverse

from training.models import Certificate, FeedbackInvitation, Participant, Workshop

_PERSON, _INVITATION = "training.person", "training.invitation"


def person_token(participant: Participant) -> str:
    return signing.Signer(salt=_PERSON).sign(participant.uid.hex).replace(":", ".")


def person_of(token: str) -> Participant | None:
    """Who it stands for; None for whoever has gone, and for what we never made."""
    uid = _uid(token, _PERSON)
    found = Participant.objects.filter(uid=uid, anonymised_at__isnull=True) if uid else Participant.objects.none()
    return found.select_related("broadcaster").first()


def invitation_token(invitation: FeedbackInvitation) -> str:
    return signing.Signer(salt=_INVITATION).sign(invitation.uid.hex).replace(":", ".")


def invitation_of(token: str) -> FeedbackInvitation | None:
    uid = _uid(token, _INVITATION)
    found = FeedbackInvitation.objects.filter(uid=uid) if uid else FeedbackInvitation.objects.none()
    return found.select_related("form", "enrolment__workshop", "enrolment__participant").first()


def person_address(participant: Participant) -> str:
    return settings.PUBLIC_URL + reverse("training:person", args=[person_token(participant)])


def invitation_address(invitation: FeedbackInvitation) -> str:
    return settings.PUBLIC_URL + reverse("training:feedback", args=[invitation_token(invitation)])


def certificate_address(certificate: Certificate) -> str:
    return settings.PUBLIC_URL + reverse("certificate", args=[certificate.token])


def calendar_address(workshop: Workshop) -> str:
    return settings.PUBLIC_URL + reverse("training:calendar", args=[workshop.calendar_token])


def _uid(token: str, salt: str) -> UUID | None:
    try:
        return UUID(signing.Signer(salt=salt).unsign(token.replace(".", ":")))
    except (signing.BadSignature, ValueError):
        return None
