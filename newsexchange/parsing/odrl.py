"""Restrictions as ODRL 2.2 policies (https://www.w3.org/TR/odrl-model/), one policy a restriction, and back.

Every rule of a policy is a prohibition that holds within the same scope: territories, platforms, period. What the core
vocabulary has no word for is a word of our profile: publishing online, re-importation, and the platforms.
"""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from newsexchange.parsing.base import Restriction
from newsexchange.parsing.dates import parse_date
from newsexchange.parsing.json_text import JsonObject, mapping, objects

LANGUAGE = "http://www.w3.org/ns/odrl/2/"
PROFILE = "urn:x-mediaexchange:rights:1"
PLATFORMS = frozenset({"television", "radio", "web", "social", "streaming", "mobile"})
_ACTIONS = {"archive": "no_archive", "mx:publishOnline": "no_online", "modify": "no_edit", "sell": "no_resale"}
_MAX_SECONDS = 2**31 - 1
_MAX_HOURS = 720
_SECONDS = re.compile(r"PT([0-9]{1,10})S")
_HOURS = re.compile(r"PT([0-9]{1,4})H")
_PART = re.compile(r".*#shot-([1-9][0-9]{0,4})")
_TERRITORY = re.compile(r"[A-Z0-9][A-Za-z0-9-]{0,11}")


def policies(restrictions: Sequence[Restriction], target: str) -> JsonObject:
    """A JSON-LD graph of one policy for each restriction; shots are fragments of the target, counted from 1."""
    context = [
        "http://www.w3.org/ns/odrl.jsonld",
        {"mx": f"{PROFILE}:", "note": "http://purl.org/dc/terms/description"},
    ]
    return {"@context": context, "@graph": [_policy(item, place, target) for place, item in enumerate(restrictions)]}


def read_policies(value: Any) -> tuple[Restriction, ...]:
    """The restrictions of such a graph, other profiles left alone. What of one cannot be understood makes it wider."""
    found = (
        _restriction(policy) for policy in objects(mapping(value).get("@graph")) if policy.get("profile") == PROFILE
    )
    return tuple(item for item in found if item is not None)


def _policy(item: Restriction, place: int, target: str) -> JsonObject:
    scope = _scope(item)
    rules: list[JsonObject] = []
    if item.is_barred:
        rules.append({"action": "use"})
    if item.barred_competitors:
        rules.append({"action": "use", "assignee": list(item.barred_competitors)})
    rules += [{"action": action} for action, name in _ACTIONS.items() if getattr(item, name)]
    if item.max_seconds is not None:
        rules.append({"action": "use", "constraint": [_limit("elapsedTime", "gt", f"PT{item.max_seconds}S")]})
    if item.reimport_hours is not None:
        hours = _limit("mx:timeSinceFirstPublication", "lt", f"PT{item.reimport_hours}H")
        rules.append({"action": "use", "constraint": [_limit("spatial", "eq", "mx:countryOfOrigin"), hours]})
    policy = {
        "@type": "Set",
        "uid": f"{target}#restriction-{place + 1}",
        "profile": PROFILE,
        "target": target if item.shot is None else f"{target}#shot-{item.shot + 1}",
        "prohibition": [rule | _with(rule.get("constraint", []) + scope) for rule in rules],
    }
    return policy | ({"note": item.note} if item.note else {})


def _with(constraints: list[JsonObject]) -> JsonObject:
    return {"constraint": constraints} if constraints else {}


def _limit(operand: str, operator: str, value: Any) -> JsonObject:
    return {"leftOperand": operand, "operator": operator, "rightOperand": value}


def _scope(item: Restriction) -> list[JsonObject]:
    found = []
    if item.territories:
        found.append(_limit("spatial", "isNoneOf" if item.is_elsewhere else "isAnyOf", list(item.territories)))
    if item.platforms:
        found.append(_limit("deliveryChannel", "isAnyOf", [f"mx:{name}" for name in item.platforms]))
    if item.starts_at:
        found.append(_limit("dateTime", "gteq", item.starts_at.isoformat()))
    if item.ends_at:
        found.append(_limit("dateTime", "lt", item.ends_at.isoformat()))
    return found


def _restriction(policy: JsonObject) -> Restriction | None:
    rules = objects(policy.get("prohibition"))
    values: dict[str, Any] = {}
    for rule in rules:
        values |= _terms(rule)
    if not values:
        return None
    values |= _scope_of(objects(rules[0].get("constraint")))
    part = _PART.fullmatch(str(policy.get("target")))
    note = policy.get("note")
    return Restriction(shot=int(part[1]) - 1 if part else None, note=note if isinstance(note, str) else "", **values)


def _terms(rule: JsonObject) -> dict[str, Any]:
    """What one rule forbids. A limit that cannot be read forbids the use altogether."""
    action = rule.get("action")
    if action in _ACTIONS:
        return {_ACTIONS[str(action)]: True}
    if action != "use":
        return {}
    if names := _strings(rule.get("assignee")):
        return {"barred_competitors": names}
    for limit in objects(rule.get("constraint")):
        if limit.get("leftOperand") == "elapsedTime":
            seconds = _number(_SECONDS, limit)
            return {"is_barred": True} if seconds is None or seconds > _MAX_SECONDS else {"max_seconds": seconds}
        if limit.get("leftOperand") == "mx:timeSinceFirstPublication":
            hours = _number(_HOURS, limit)
            return {"is_barred": True} if hours is None or not 0 < hours <= _MAX_HOURS else {"reimport_hours": hours}
    return {"is_barred": True}


def _scope_of(limits: list[JsonObject]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for limit in limits:
        operand, operator, value = (limit.get(name) for name in ("leftOperand", "operator", "rightOperand"))
        if operand == "spatial" and operator in ("isAnyOf", "isNoneOf"):
            named = _strings(value)
            territories = named if all(map(_TERRITORY.fullmatch, named)) else ()
            values |= {"territories": territories, "is_elsewhere": bool(territories) and operator == "isNoneOf"}
        elif operand == "deliveryChannel":
            platforms = tuple(name.removeprefix("mx:") for name in _strings(value))
            values["platforms"] = platforms if PLATFORMS.issuperset(platforms) else ()
        elif operand == "dateTime":
            values["starts_at" if operator == "gteq" else "ends_at"] = parse_date(
                value if isinstance(value, str) else ""
            )
    starts, ends = values.get("starts_at"), values.get("ends_at")
    return values | ({"starts_at": None, "ends_at": None} if _is_inverted(starts, ends) else {})


def _is_inverted(starts: datetime | None, ends: datetime | None) -> bool:
    return starts is not None and ends is not None and ends <= starts


def _number(pattern: re.Pattern[str], limit: JsonObject) -> int | None:
    match = pattern.fullmatch(str(limit.get("rightOperand")))
    return int(match[1]) if match else None


def _strings(value: Any) -> tuple[str, ...]:
    listed = value if isinstance(value, list) else [value]
    return tuple(item.replace("\0", "")[:100] for item in listed if isinstance(item, str) and item)
