"""ODRL 2.2 (https://www.w3.org/TR/odrl-model/) as it stands in JSON-LD: what a processor would check, checked here."""

import re
from datetime import UTC, datetime

import orjson
import pytest

from archive.formats.odrl import grant_policy, licence_policy
from archive.services.footage_request import Conditions
from tests.archive.factories import make_grant, make_item, make_licence, make_segment

ACTIONS = {"display", "attribute"}
LEFT_OPERANDS = {"dateTime", "spatial", "deliveryChannel", "language", "count", "meteredTime", "mx:repeatedWithin"}
OPERATORS = {"eq", "gteq", "gt", "lteq", "lt", "isAnyOf", "isNoneOf"}
ABSOLUTE = re.compile(r"[a-z][a-z0-9+.-]*:.+")

pytestmark = pytest.mark.django_db


def check(policy):
    """Section 2.1: a policy has a uid, a type, rules; each rule one action and a target; constraints three operands."""
    policy = orjson.loads(orjson.dumps(policy))
    core, own = policy["@context"]
    assert core == "http://www.w3.org/ns/odrl.jsonld"
    assert all(ABSOLUTE.fullmatch(iri_of(meaning, own)) for meaning in own.values())
    assert policy["@type"] in {"Agreement", "Offer"}
    assert ABSOLUTE.fullmatch(policy["uid"])
    assert ABSOLUTE.fullmatch(policy["profile"])
    assert policy["assigner"]["uid"].startswith("urn:uuid:")
    assert ("assignee" in policy) == (policy["@type"] == "Agreement")
    rules = [*policy["permission"], *policy.get("prohibition", ())]
    assert rules
    for rule in rules:
        assert rule["action"] in ACTIONS
        assert ABSOLUTE.fullmatch(rule["target"]["uid"])
        for constraint in rule["constraint"]:
            assert set(constraint) == {"leftOperand", "operator", "rightOperand"}
            assert constraint["leftOperand"] in LEFT_OPERANDS
            assert constraint["operator"] in OPERATORS
            check_value(constraint, own)
    for permission in policy["permission"]:
        (duty,) = permission["duty"]
        assert duty["action"] == "attribute"
        assert duty["credit"]
    return policy


def iri_of(meaning, own):
    text = meaning["@id"] if isinstance(meaning, dict) else meaning
    prefix, _, rest = text.partition(":")
    return own[prefix] + rest if prefix in own and isinstance(own[prefix], str) else text


def check_value(constraint, own):
    value = constraint["rightOperand"]
    if isinstance(value, dict):
        assert set(value) == {"@value", "@type"}
        assert value["@type"].startswith("xsd:")
        if value["@type"] == "xsd:dateTime":
            assert datetime.fromisoformat(value["@value"]).tzinfo is not None
    else:
        assert value
        assert all(":" not in each or each.split(":")[0] in own for each in value)


def constraints(rule):
    return {(each["leftOperand"], each["operator"]): each["rightOperand"] for each in rule["constraint"]}


def test_a_licence_is_an_agreement_whose_permissions_are_counted(rts, ptrc):
    item = make_item(rts, credit_line="Archive of RTS")
    segment = make_segment(item)
    licence = make_licence(
        ptrc, segment, make_item(rts), seconds=40, runs=2, territories=["CIS"], platforms=["television"],
        languages=["kk"], conditions=Conditions(
            repeat_hours=24, holdback_until=datetime(2030, 1, 1, tzinfo=UTC), holdback_platforms=["web"],
            terms="Not before nine.",
        ),
    )  # fmt: skip
    policy = check(licence_policy(licence, list(licence.grants.order_by("pk"))))
    assert (policy["@type"], policy["identifier"], policy["description"]) == (
        "Agreement", licence.number, "Not before nine.",
    )  # fmt: skip
    assert (policy["assigner"]["identifier"], policy["assignee"]["identifier"]) == ("rts", "ptrc")
    first, second = policy["permission"]
    assert first["target"]["uid"].endswith("#t=10.000,50.000")
    assert first["target"]["partOf"] == f"urn:uuid:{item.uid}"
    assert "partOf" not in second["target"]
    found = constraints(first)
    assert found["count", "lteq"] == {"@value": "2", "@type": "xsd:integer"}
    assert found["meteredTime", "lteq"]["@value"] == "PT40S"
    assert found["mx:repeatedWithin", "lt"]["@value"] == "PT24H"
    assert found["spatial", "isAnyOf"] == ["CIS"]
    assert found["dateTime", "lt"]["@value"] == licence.ends_at.isoformat()
    assert constraints(policy["prohibition"][0])["deliveryChannel", "isAnyOf"] == ["mx:web"]


def test_a_grant_to_all_partners_is_an_offer_and_elsewhere_is_none_of(rts):
    grant = make_grant(make_item(rts), territories=["RU"], is_elsewhere=True, note="With our greetings.")
    policy = check(grant_policy(grant))
    assert policy["@type"] == "Offer"
    assert constraints(policy["permission"][0])["spatial", "isNoneOf"] == ["RU"]


def test_an_exclusive_grant_says_so_and_begins_after_its_embargo(rts, ptrc):
    grant = make_grant(make_item(rts), grantee=ptrc, is_exclusive=True)
    grant.embargoed_until = grant.period.upper.replace(microsecond=0)
    policy = check(grant_policy(grant))
    (permission,) = policy["permission"]
    assert permission["mx:exclusive"] is True
    assert constraints(permission)["dateTime", "gteq"]["@value"] == grant.embargoed_until.isoformat()
