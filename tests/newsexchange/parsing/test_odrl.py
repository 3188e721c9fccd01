from dataclasses import replace
from datetime import UTC, datetime

import pytest

from newsexchange.parsing.base import Restriction
from newsexchange.parsing.odrl import policies, read_policies

TARGET = "urn:uuid:1"
FULL = Restriction(
    shot=3,
    territories=("RS", "EU"),
    is_elsewhere=True,
    platforms=("web", "mobile"),
    starts_at=datetime(2026, 1, 1, tzinfo=UTC),
    ends_at=datetime(2027, 1, 1, tzinfo=UTC),
    is_barred=True,
    barred_competitors=("Трећа ТВ",),
    max_seconds=0,
    no_archive=True,
    no_online=True,
    no_edit=True,
    no_resale=True,
    reimport_hours=48,
    note="По уговору",
)


def one(**changed):
    graph = policies([FULL], TARGET)
    for rule in graph["@graph"][0]["prohibition"]:
        for limit in rule.get("constraint", []):
            if limit["leftOperand"] in changed:
                limit["rightOperand"] = changed[limit["leftOperand"]]
    return read_policies(graph)[0]


def test_restrictions_come_back_in_their_order():
    said = (FULL, Restriction(is_barred=True), Restriction(max_seconds=60, territories=("KZ",)))
    assert read_policies(policies(said, TARGET)) == said


@pytest.mark.parametrize("value", ["P3D", "", None, 7, {"@value": "PT5S"}])
def test_a_limit_that_cannot_be_read_forbids_the_use(value):
    only = policies([Restriction(max_seconds=60)], TARGET)
    only["@graph"][0]["prohibition"][0]["constraint"][0]["rightOperand"] = value
    assert read_policies(only) == (Restriction(is_barred=True),)


def test_a_scope_that_cannot_be_read_is_everywhere_and_always():
    assert one(spatial=["RS", "Atlantis!"]) == replace(FULL, territories=(), is_elsewhere=False)
    assert one(deliveryChannel=["mx:web", "mx:hologram"]).platforms == ()
    assert one(dateTime="soon") == replace(FULL, starts_at=None, ends_at=None)


def test_a_period_that_ends_before_it_begins_is_always():
    assert one(dateTime="2026-06-01T00:00:00+00:00") == replace(FULL, starts_at=None, ends_at=None)


@pytest.mark.parametrize(
    "value",
    [None, [], {}, {"@graph": 7}, {"@graph": [7, {}]}, {"@graph": [{"profile": "urn:x-mediaexchange:rights:1"}]},
     {"@graph": [{"profile": "https://example.org/other", "prohibition": [{"action": "use"}]}]}],
)  # fmt: skip
def test_what_says_nothing_in_our_profile_restricts_nothing(value):
    assert read_policies(value) == ()
