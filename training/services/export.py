"""Everything that is kept of one person, as JSON for that person."""

from typing import Any

from broadcasters.permissions import require
from mediaexchange.core.models import User
from training.models import Participant


def export_of(participant: Participant, *, actor: User | None, is_person: bool = False) -> dict[str, Any]:
    """For the person, or for their own house on their behalf. Made when asked for and kept nowhere.

    Feedback is not in it: nobody knows which is whose. Raises ForbiddenError.
    """
    if not is_person and not (actor is not None and participant.user_id == actor.pk):
        require(actor, "training.change_participant", participant.broadcaster_id)
    enrolments = participant.enrolments.select_related("workshop", "broadcaster").prefetch_related(
        "attendances__session", "certificates", "notices"
    )
    return {
        "uid": str(participant.uid),
        "name_cyrl": participant.name_cyrl,
        "name_latn": participant.name_latn,
        "email": participant.email,
        "language": participant.language,
        "broadcaster": participant.broadcaster.slug,
        "data_region": participant.data_region,
        "account": participant.user.username if participant.user else None,
        "created_at": participant.created_at,
        "anonymised_at": participant.anonymised_at,
        "consents": [
            {
                "purpose": consent.purpose,
                "road": consent.road,
                "given_at": consent.given_at,
                "withdrawn_at": consent.withdrawn_at,
            }
            for consent in participant.consents.all()
        ],
        "enrolments": [_enrolment(enrolment) for enrolment in enrolments.order_by("pk")],
    }


def _enrolment(enrolment: Any) -> dict[str, Any]:
    return {
        "uid": str(enrolment.uid),
        "workshop": str(enrolment.workshop.uid),
        "workshop_slug": enrolment.workshop.slug,
        "status": enrolment.status,
        "reason": enrolment.reason,
        "nominated_at": enrolment.nominated_at,
        "changed_at": enrolment.changed_at,
        "attendance": [
            {"session": str(each.session.uid), "status": each.status, "is_by_code": each.is_by_code, "at": each.at}
            for each in enrolment.attendances.all()
        ],
        "certificates": [
            {
                "number": each.number,
                "issued_at": each.issued_at,
                "revoked_at": each.revoked_at,
                "revocation_reason": each.revocation_reason,
            }
            for each in enrolment.certificates.all()
        ],
        "messages": [
            {"kind": each.kind, "status": each.status, "due_at": each.due_at, "sent_at": each.sent_at}
            for each in enrolment.notices.all()
        ],
    }
