import json

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsexchange.parsing.base import Entry, Restriction, Shot
from newsexchange.parsing.own_terms import CONTENT_TYPE, ROLE, TERMS, applied, from_ninjs, written
from newsexchange.parsing.registry import parse

ENTRY = Entry(guid="urn:uuid:1", version=3, headline="x", body="<p>y</p>", shots=(Shot(in_ms=1),))
junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
names = st.sampled_from([name for name in Entry.__dataclass_fields__ if name != "raw"])


def terms(**changed):
    return orjson.loads(orjson.dumps(written(ENTRY, {}))) | changed


def ninjs(said):
    body = {"role": ROLE, "contentType": CONTENT_TYPE, "value": json.dumps(said)}  # any size of number
    main = {"role": "main", "contentType": "text/html", "value": "<p>y</p>"}
    document = {"uri": "urn:uuid:1", "version": "3", "language": "sr", "bodies": [main, body]}
    return orjson.dumps(document | {"headlines": [{"value": "x"}]})


def test_terms_of_this_version_are_applied():
    assert applied(Entry(guid="urn:uuid:1", version=3), terms()).shots == (Shot(in_ms=1),)


@pytest.mark.parametrize("other", [{"guid": "urn:uuid:2"}, {"version": 4}, {"version": "3"}])
def test_terms_of_another_item_or_version_are_not(other):
    entry = Entry(guid="urn:uuid:1", version=3)
    assert applied(entry, terms(**other)) is entry


def test_terms_in_another_language_than_ours_stay_a_text_of_the_document():
    item = {"bodies": [{"role": ROLE, "value": '{"terms": "urn:example:other"}'}]}
    assert from_ninjs(item) == (item, {})


def test_a_restriction_on_a_shot_that_is_not_there_is_on_everything():
    policy = {"profile": "urn:x-mediaexchange:rights:1", "target": "x#shot-9", "prohibition": [{"action": "use"}]}
    found = applied(Entry(guid="urn:uuid:1", version=3), terms(policies={"@graph": [policy]}))
    assert found.restrictions == (Restriction(is_barred=True),)


def test_a_shot_that_ends_before_it_begins_has_no_end():
    found = applied(Entry(guid="urn:uuid:1", version=3), terms(shots=[{"in_ms": 9, "out_ms": 3, "audio": "loud"}]))
    assert found.shots == (Shot(in_ms=9),)


def test_an_address_that_is_none_of_the_web_is_not_taken_from_the_terms():
    script, page = "javascript:alert(1)", "https://a.example/1"
    (entry,) = parse(
        ninjs(
            terms(
                link=script,
                renditions=[{"href": script}, {"href": page}],
                associations=[{"role": "main", "uri": "urn:b", "href": script}, {"href": page}],
                rights=[{"notice": "© A", "link": script}],
            )
        )
    ).entries
    assert (entry.link, [file.href for file in entry.renditions]) == ("", [page])
    assert [(item.uri, item.href) for item in entry.associations] == [("urn:b", ""), ("", page)]
    assert [(one.notice, one.link) for one in entry.rights] == [("© A", "")]


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # a busy machine is no failure
@given(said=st.dictionaries(names, junk, max_size=6))
def test_whatever_stands_in_the_terms_an_entry_comes_out(said):
    said |= {"terms": TERMS, "guid": "urn:uuid:1", "version": 3}
    parsed = parse(ninjs(said))
    assert len(parsed.entries) + len(parsed.problems) == 1
    for entry in parsed.entries:
        assert entry.body == "<p>y</p>" or said.get("has_body") is False
        hash(entry)


@pytest.mark.parametrize("value", ["", "{", "[]", "7", "null", '{"terms": 7}'])
def test_terms_that_are_none_are_ignored(value):
    body = {"role": ROLE, "contentType": CONTENT_TYPE, "value": value}
    assert from_ninjs({"bodies": [body]})[1] == {}
