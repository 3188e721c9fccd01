"""Everything that is kept of one correspondent, as JSON for that person."""

from typing import Any

from broadcasters.permissions import require
from correspondents.models import Correspondent, Whereabouts
from mediaexchange.core.languages.localize import localized
from mediaexchange.core.models import User


def export_of(correspondent: Correspondent, *, actor: User | None) -> dict[str, Any]:
    """For the person, or for their own house on their behalf. Made when asked for and kept nowhere.

    Raises ForbiddenError.
    """
    if actor is None or correspondent.user_id != actor.pk:
        require(actor, "correspondents.change_correspondent", correspondent.broadcaster_id)
    assignments = correspondent.assignments.select_related("place", "host").prefetch_related(
        "accesses", "hand_overs", "footage_filed__item"
    )
    return {
        "uid": str(correspondent.uid),
        "name": correspondent.name,
        "name_latn": correspondent.name_latn,
        "language": correspondent.language,
        "languages": correspondent.languages,
        "skills": [skill.slug for skill in correspondent.skills.order_by("slug")],
        "home_base": correspondent.home_base.slug if correspondent.home_base else None,
        "broadcaster": correspondent.broadcaster.slug,
        "data_region": correspondent.data_region,
        "account": correspondent.user.username if correspondent.user else None,
        "created_at": correspondent.created_at,
        "anonymised_at": correspondent.anonymised_at,
        "whereabouts": _whereabouts(correspondent),
        "papers": [
            {
                "uid": str(paper.uid),
                "country_code": paper.country_code,
                "kind": paper.kind,
                "term": paper.term,
                "status": paper.status,
                "applied_on": paper.applied_on,
                "valid_from": paper.valid_from,
                "valid_until": paper.valid_until,
                "reference": paper.reference,
            }
            for paper in correspondent.papers.order_by("pk")
        ],
        "assignments": [_assignment(assignment) for assignment in assignments.order_by("pk")],
        "taken_over": [
            {"uid": str(row.uid), "at": row.at, "status": row.status, "matters": row.matters, "reason": row.reason}
            for row in correspondent.taken_over.order_by("pk")
        ],
    }


def _whereabouts(correspondent: Correspondent) -> dict[str, Any] | None:
    row = Whereabouts.objects.filter(correspondent=correspondent).select_related("place").first()
    if row is None:
        return None
    words = ("address", "phone", "email", "emergency_contact", "local_contacts", "note")
    return {
        "place": row.place.slug if row.place else None,
        **{name: getattr(row, name) for name in words},
        "changed_at": row.changed_at,
    }


def _assignment(assignment: Any) -> dict[str, Any]:
    return {
        "uid": str(assignment.uid),
        "title": localized(assignment, "title"),
        "brief": localized(assignment, "brief"),
        "place": assignment.place.slug,
        "host": assignment.host.slug if assignment.host else None,
        "starts_at": assignment.starts_at,
        "ends_at": assignment.ends_at,
        "time_zone": assignment.time_zone,
        "status": assignment.status,
        "status_reason": assignment.status_reason,
        "access": [{"sphere": row.sphere, "status": row.status} for row in assignment.accesses.all()],
        "hand_overs": [
            {"uid": str(row.uid), "at": row.at, "status": row.status, "matters": row.matters, "reason": row.reason}
            for row in assignment.hand_overs.all()
        ],
        "footage": [str(row.item.uid) for row in assignment.footage_filed.all()],
    }
