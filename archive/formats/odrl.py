"""Licences and grants as ODRL 2.2 policies in JSON-LD (W3C, https://www.w3.org/TR/odrl-model/).

A licence is an Agreement with one permission for each of its grants in force; a grant to all partners is an Offer. What
the core vocabulary has no word for (platforms, runs, seconds in all, repeats) is a word of our own profile. Where every
grant is revoked there is no policy: the model wants a rule in each.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from archive.constants import GrantStatus
from archive.models import Grant, Licence
from archive.rights_rules import part_of_grant
from broadcasters.models import Broadcaster
from mediaexchange.core.errors import ConflictError

CONTEXT = "http://www.w3.org/ns/odrl.jsonld"
PROFILE = "urn:x-mediaexchange:footage:1"
CONTENT_TYPE = "application/ld+json"
_ISO_DAY_TIME = "xsd:dateTime"

Json = dict[str, Any]


class PolicyGoneError(ConflictError):
    status = 410


def licence_policy(licence: Licence, grants: Iterable[Grant]) -> Json:
    """The licence with these of its grants, as an Agreement between its two houses. Raises PolicyGoneError."""
    holder, licensee = _party(licence.holder), _party(licence.licensee)
    policy = _policy("Agreement", f"urn:uuid:{licence.uid}", grants, licence.credit_line)
    policy |= {"assigner": holder, "assignee": licensee, "identifier": licence.number}
    policy["dateIssued"] = _typed(licence.created_at)
    return policy | ({"description": licence.terms} if licence.terms else {})


def grant_policy(grant: Grant) -> Json:
    """A grant by itself: an Agreement with the house that it was given to, an Offer if that is every partner.

    Raises PolicyGoneError.
    """
    kind = "Agreement" if grant.grantee else "Offer"
    policy = _policy(kind, f"urn:uuid:{grant.uid}", [grant], grant.item.credit_line)
    policy |= {"assigner": _party(grant.item.broadcaster)}
    if grant.grantee:
        policy["assignee"] = _party(grant.grantee)
    return policy | ({"description": grant.note} if grant.note else {})


def _policy(kind: str, uid: str, grants: Iterable[Grant], credit: str) -> Json:
    grants = [grant for grant in grants if grant.status == GrantStatus.ACTIVE]
    if not grants:
        raise PolicyGoneError("revoked", _("The grant was revoked."))
    context = [
        CONTEXT,
        {
            "mx": f"{PROFILE}:",
            "xsd": "http://www.w3.org/2001/XMLSchema#",
            "identifier": "http://purl.org/dc/terms/identifier",
            "dateIssued": {"@id": "http://purl.org/dc/terms/issued"},
            "description": "http://purl.org/dc/terms/description",
            "credit": "mx:creditLine",
        },
    ]
    permissions = [_permission(grant, credit) for grant in grants]
    held = [_prohibition(grant) for grant in grants if grant.holdback_until]
    policy: Json = {"@context": context, "@type": kind, "uid": uid, "profile": PROFILE, "permission": permissions}
    return policy | ({"prohibition": held} if held else {})


def _permission(grant: Grant, credit: str) -> Json:
    permission: Json = {
        "uid": f"urn:uuid:{grant.uid}",
        "target": _target(grant),
        "action": "display",
        "constraint": _constraints(grant),
        "duty": [_attribution(credit or grant.item.credit_line or grant.item.broadcaster.slug)],
    }
    if grant.is_exclusive:
        permission["mx:exclusive"] = True
    return permission


def _target(grant: Grant) -> Json:
    """The item, or its stretch as a media fragment (W3C Media Fragments URI 1.0, 4.2.1), in seconds."""
    item = f"urn:uuid:{grant.item.uid}"
    begins, ends = part_of_grant(grant)
    if begins is None and ends is None:
        return {"@type": "Asset", "uid": item}
    stretch = f"{item}#t={(begins or 0) / 1000:.3f},{(ends or 0) / 1000:.3f}"
    return {"@type": "Asset", "uid": stretch, "partOf": item}


def _constraints(grant: Grant) -> list[Json]:
    found = []
    starts_at = max(filter(None, (grant.period.lower, grant.embargoed_until)), default=None)
    if starts_at:
        found.append(_limit("dateTime", "gteq", _typed(starts_at)))
    if grant.period.upper:
        found.append(_limit("dateTime", "lt", _typed(grant.period.upper)))
    if grant.territories:
        found.append(_limit("spatial", "isNoneOf" if grant.is_elsewhere else "isAnyOf", list(grant.territories)))
    if grant.platforms:
        found.append(_limit("deliveryChannel", "isAnyOf", [f"mx:{name}" for name in grant.platforms]))
    if grant.languages:
        found.append(_limit("language", "isAnyOf", list(grant.languages)))
    if grant.runs is not None:
        found.append(_limit("count", "lteq", {"@value": str(grant.runs), "@type": "xsd:integer"}))
    if grant.runs is not None and grant.repeat_hours:
        found.append(_limit("mx:repeatedWithin", "lt", _duration(f"PT{grant.repeat_hours}H")))
    if grant.seconds is not None:
        found.append(_limit("meteredTime", "lteq", _duration(f"PT{grant.seconds}S")))
    return found


def _prohibition(grant: Grant) -> Json:
    """A holdback: on these platforms, or on all, not before its end."""
    if grant.holdback_until is None:
        raise ValueError("Asked only of grants that are held back.")
    constraints = [_limit("dateTime", "lt", _typed(grant.holdback_until))]
    if grant.holdback_platforms:
        constraints.append(_limit("deliveryChannel", "isAnyOf", [f"mx:{name}" for name in grant.holdback_platforms]))
    return {"target": _target(grant), "action": "display", "constraint": constraints}


def _attribution(credit: str) -> Json:
    return {"action": "attribute", "credit": credit}


def _limit(operand: str, operator: str, value: Any) -> Json:
    return {"leftOperand": operand, "operator": operator, "rightOperand": value}


def _typed(at: datetime) -> Json:
    return {"@value": at.isoformat(), "@type": _ISO_DAY_TIME}


def _duration(text: str) -> Json:
    return {"@value": text, "@type": "xsd:duration"}


def _party(house: Broadcaster) -> Json:
    return {"@type": "Party", "uid": f"urn:uuid:{house.uid}", "identifier": house.slug}
