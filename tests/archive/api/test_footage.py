from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from archive.constants import RequestStatus
from archive.models import Grant, GrantUse, UnderlyingRight
from broadcasters.constants import Role
from tests.archive.factories import (
    make_archive_module,
    make_footage_request,
    make_grant,
    make_instantiation,
    make_item,
    make_licence,
    make_media_file,
    make_segment,
)
from tests.conftest import Caller
from tests.factories import make_broadcaster, make_key, make_user

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()


class Desk(Caller):
    """A person with a role, signed in."""

    def __init__(self, user, language="en"):
        super().__init__(language=language)
        self.client.force_login(user, backend="broadcasters.auth.RoleBackend")


@pytest.fixture
def officer(rts):
    """Decides over rights at RTS."""
    return Desk(make_user(rts, Role.RIGHTS_OFFICER))


@pytest.fixture
def module(rts, ptrc):
    return make_archive_module(rts, ptrc)


def asking(*lines, **fields):
    days = {"starts_on": TODAY.isoformat(), "ends_on": (TODAY + timedelta(days=60)).isoformat()}
    return (
        {"purpose": "A film", "lines": list(lines), "territories": ["kz"], "platforms": ["television"]} | days | fields
    )


def test_from_we_need_forty_seconds_to_a_counted_licence(module, astana, officer, rts):
    segment = make_segment(make_item(rts))
    asked = astana.post("footage-requests/", asking({"segment": str(segment.uid), "seconds": 40}))
    assert asked.status_code == 201, asked.json()
    body = asked.json()
    assert (body["holder"], body["status"], body["territories"], body["time_zone"]) == (
        "rts", "submitted", ["KZ"], "Asia/Almaty",
    )  # fmt: skip
    assert body["ends_on"] == (TODAY + timedelta(days=60)).isoformat()
    address = f"footage-requests/{body['uid']}/"
    line = body["lines"][0]["uid"]
    price = {"prices": [{"line": line, "amount": "120.00", "currency": "EUR"}]}
    assert officer.post(f"{address}quote/", price).json()["status"] == "quoted"
    answer = {"answers": [{"line": line, "approve": True, "seconds": 20, "reason": "The rest is damaged."}]}
    decided = officer.post(f"{address}decide/", answer)
    assert decided.status_code == 200, decided.json()
    assert (decided.json()["status"], decided.json()["lines"][0]["approved_seconds"]) == ("partly-approved", 20)
    licence = astana.get(f"licences/{decided.json()['licence']}/").json()
    (grant,) = licence["grants"]
    assert (grant["seconds"], grant["seconds_left"], grant["runs_left"], grant["in_ms"]) == (20, 20, 1, 10_000)
    used = {
        "grant": grant["uid"],
        "started_at": timezone.now().isoformat(),
        "used_ms": 15_000,
        "platform": "television",
    }
    assert astana.post("footage-uses/", used).status_code == 201
    more = {**used, "started_at": (timezone.now() - timedelta(minutes=1)).isoformat(), "used_ms": 21_000}
    refused = astana.post("footage-uses/", more)
    assert (refused.status_code, refused.json()["code"], refused.json()["left_seconds"]) == (409, "seconds-used-up", 5)
    assert astana.get("grants/", licence=licence["uid"]).json()["results"][0]["seconds_left"] == 5


def test_only_the_holder_decides_and_a_third_house_finds_nothing(module, astana, belgrade, officer, rts, ptrc):
    asked = make_footage_request(ptrc, make_item(rts))
    licence = make_licence(ptrc, make_item(rts))
    make_broadcaster("rtv")
    novi_sad = Caller(make_key(make_broadcaster("rtv")))
    decision = {"answers": [{"line": str(asked.lines.get().uid), "approve": True}]}
    addresses = [
        f"footage-requests/{asked.uid}/", f"licences/{licence.uid}/", f"licences/{licence.uid}/pdf/",
        f"licences/{licence.uid}/odrl/", f"grants/{licence.grants.get().uid}/",
    ]  # fmt: skip
    for address in addresses:
        assert novi_sad.get(address).status_code == 404, address
        assert astana.get(address).status_code == 200, address
    for deed in ("decide", "quote", "withdraw"):
        assert novi_sad.post(f"footage-requests/{asked.uid}/{deed}/", decision).status_code == 404
    assert astana.post(f"footage-requests/{asked.uid}/decide/", decision).json()["code"] == "role-missing"
    assert officer.post(f"footage-requests/{asked.uid}/decide/", decision).status_code == 200
    assert officer.post(f"footage-requests/{asked.uid}/decide/", decision).status_code == 409
    for side, count in (("received", 0), ("sent", 2)):
        assert len(astana.get("footage-requests/", direction=side).json()["results"]) == count
        assert len(belgrade.get("footage-requests/", direction=side).json()["results"]) == 2 - count


def test_what_bars_an_approval_is_told_by_line_in_the_readers_language(module, rts, ptrc):
    item = make_item(rts)
    UnderlyingRight.objects.create(item=item, kind="music", owner="А. Композитор")
    asked = make_footage_request(ptrc, item)
    line = str(asked.lines.get().uid)
    desk = Desk(make_user(rts, Role.RIGHTS_OFFICER), language="kk")
    refused = desk.post(f"footage-requests/{asked.uid}/decide/", {"answers": [{"line": line, "approve": True}]})
    problem = refused.json()
    assert (refused.status_code, problem["code"], refused.headers["Content-Language"]) == (
        409,
        "rights-uncleared",
        "kk",
    )
    assert [(each["line"], [reason["code"] for reason in each["reasons"]]) for each in problem["lines"]] == [
        (line, ["uncleared-music"])
    ]


def test_a_request_is_refused_for_what_it_names_wrongly(module, astana, rts):
    item = make_item(rts)
    line = {"item": str(item.uid), "seconds": 40}
    for body, pointer in (
        (asking(), "#/lines"),
        (asking({"seconds": 40}), "#/lines/0/item"),
        (asking(line, territories=["ruritania"]), "#/territories/0"),
        (asking(line, platforms=["cinema"]), "#/platforms/0"),
        (asking(line, languages=["not a tag"]), "#/languages"),
        (asking({**line, "seconds": 0}), "#/lines/0/seconds"),
    ):
        answer = astana.post("footage-requests/", body)
        assert answer.status_code == 400, body
        assert any(error["pointer"].startswith(pointer) for error in answer.json()["errors"]), answer.json()
    hidden = make_item(rts, access="house")
    assert astana.post("footage-requests/", asking({"item": str(hidden.uid), "seconds": 1})).status_code == 400


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_no_period_goes_to_the_ends_of_the_calendar(module, astana, officer, rts, day):
    item = make_item(rts)
    first, last = sorted((day, TODAY.isoformat()))
    wanted = asking({"item": str(item.uid), "seconds": 40})
    asked = astana.post("footage-requests/", wanted | {"starts_on": first, "ends_on": last})
    assert (asked.status_code, asked.json()["code"]) == (422, "invalid")
    granted = officer.post("grants/", {"item": str(item.uid), "grantee": "ptrc", "starts_on": first, "ends_on": last})
    assert (granted.status_code, granted.json()["code"]) == (422, "invalid")
    uid = astana.post("footage-requests/", wanted).json()["uid"]
    line = officer.get(f"footage-requests/{uid}/").json()["lines"][0]["uid"]
    decision = {"answers": [{"line": line, "approve": True}], "ends_on": day}
    assert officer.post(f"footage-requests/{uid}/decide/", decision).status_code == 422


def test_the_same_request_sent_twice_with_a_key_is_asked_once(module, astana, rts):
    body = asking({"item": str(make_item(rts).uid), "seconds": 40})
    first = astana.send("post", "footage-requests/", body, Idempotency_Key="once")
    again = astana.send("post", "footage-requests/", body, Idempotency_Key="once")
    assert (first.status_code, again.json()["uid"]) == (201, first.json()["uid"])
    assert len(astana.get("footage-requests/").json()["results"]) == 1


def test_a_grant_is_given_revoked_and_conflicts_by_the_api(module, officer, astana, rts, ptrc):
    item = make_item(rts)
    make_broadcaster("rtv")
    body = {
        "item": str(item.uid), "grantee": "rtv", "is_exclusive": True, "territories": ["CIS"],
        "starts_on": TODAY.isoformat(), "ends_on": (TODAY + timedelta(days=9)).isoformat(),
    }  # fmt: skip
    given = officer.post("grants/", body)
    assert given.status_code == 201, given.json()
    conflict = officer.post("grants/", {**body, "grantee": "ptrc"})
    assert (conflict.status_code, conflict.json()["code"]) == (409, "grant-conflict")
    assert conflict.json()["window"]["ends_at"].startswith(given.json()["ends_at"][:10])
    assert astana.get("grants/").json()["results"] == []
    revoked = officer.post(f"grants/{given.json()['uid']}/revoke/", {"reason": "unpaid"})
    assert (revoked.json()["status"], revoked.json()["revocation_reason"]) == ("revoked", "unpaid")
    assert officer.post("grants/", {**body, "grantee": "ptrc"}).status_code == 201
    assert astana.post("grants/", body).status_code in (400, 403)


def test_policies_tell_of_grants_in_force_alone(module, officer, astana, rts, ptrc):
    licence = make_licence(ptrc, make_item(rts), make_item(rts))
    first, second = licence.grants.order_by("pk")
    address = f"licences/{licence.uid}/odrl/"
    assert len(astana.get(address).json()["permission"]) == 2
    officer.post(f"grants/{first.uid}/revoke/", {"reason": "unpaid"})
    (left,) = astana.get(address).json()["permission"]
    assert left["uid"] == f"urn:uuid:{second.uid}"
    gone = astana.get(f"grants/{first.uid}/odrl/")
    assert (gone.status_code, gone.json()["code"]) == (410, "revoked")
    assert astana.get(f"grants/{second.uid}/odrl/").status_code == 200
    officer.post(f"licences/{licence.uid}/revoke/", {"reason": "unpaid"})
    assert astana.get(address).status_code == 410


def test_usability_answers_for_items_and_segments_with_reasons(module, astana, belgrade, rts, ptrc):
    item = make_item(rts)
    segment = make_segment(item)
    address = f"items/{item.uid}/usability/"
    answer = astana.get(address).json()
    assert (answer["usable"], answer["broadcaster"], [each["code"] for each in answer["reasons"]]) == (
        False, "ptrc", ["no-grant"],
    )  # fmt: skip
    grant = make_grant(item, segment=segment, grantee=ptrc, seconds=40, platforms=["television"])
    assert astana.get(address).json()["reasons"][0]["code"] == "other-stretches-only"
    below = f"segments/{segment.uid}/usability/"
    assert astana.get(below, platform="television", territory="KZ", seconds=40).json()["usable"]
    assert not astana.get(below, platform="television", seconds=41).json()["usable"]
    assert not astana.get(below, platform="web").json()["usable"]
    later = {"at": grant.period.upper.isoformat(), "platform": "television"}
    assert [each["code"] for each in astana.get(below, **later).json()["reasons"]] == ["ended"]
    assert belgrade.get(address).json()["usable"]
    for query, code in (
        ({"platform": "cinema"}, "unknown-platform"), ({"territory": "ZZ"}, "unknown-territory"),
        ({"at": "tomorrow"}, "bad-moment"), ({"seconds": "many"}, "bad-number"), ({"seconds": "9" * 40}, "bad-number"),
        ({"broadcaster": "bbc"}, "unknown-broadcaster"), ({"colour": "red"}, "unknown-parameter"),
    ):  # fmt: skip
        refused = astana.get(address, **query)
        assert (refused.status_code, refused.json()["code"]) == (400, code)
    assert astana.get(f"items/{make_item(rts, access='house').uid}/usability/").status_code == 404


def test_usability_is_asked_for_a_partner_by_the_holder_and_within_what_one_may_read(
    module, astana, belgrade, rts, ptrc
):
    item = make_item(rts)
    address = f"items/{item.uid}/usability/"
    make_grant(item, grantee=ptrc, platforms=["television"], territories=["KZ"])
    for_astana = {"broadcaster": "ptrc", "platform": "television"}
    assert belgrade.get(address, **for_astana).json()["usable"]
    refused = belgrade.get(address, **for_astana, territory="RS").json()
    assert [each["code"] for each in refused["reasons"]] == ["territory-not-granted"]
    rtv = make_broadcaster("rtv")
    assert astana.get(address, broadcaster="rtv").status_code == 400
    assert belgrade.get(address, broadcaster="rtv").json()["reasons"][0]["code"] == "no-grant"
    module.parties.add(rtv)
    make_grant(item, grantee=rtv)
    assert belgrade.get(address, broadcaster="rtv").json()["usable"]
    assert not astana.get(address, broadcaster="rtv").json()[
        "usable"
    ]  # what Novi Sad was granted is not theirs to know


def test_a_delivery_is_ordered_and_its_link_given_to_its_house_alone(module, astana, belgrade, rts, ptrc):
    item = make_item(rts)
    make_instantiation(item, file=make_media_file(rts))
    grant = make_grant(item, grantee=ptrc)
    ordered = astana.post("footage-deliveries/", {"grant": str(grant.uid)})
    assert (ordered.status_code, ordered.json()["status"]) == (201, "ready"), ordered.json()
    address = f"footage-deliveries/{ordered.json()['uid']}/"
    assert astana.post(f"{address}receipt/").json()["code"] == "not-downloaded"
    link = astana.post(f"{address}link/").json()
    given = astana.get(link["url"])
    assert (given.status_code, len(b"".join(given.streaming_content))) == (200, ordered.json()["size_bytes"])
    assert belgrade.get(address).status_code == 200
    assert belgrade.post(f"{address}link/").status_code == 403
    assert astana.post(f"{address}receipt/").json()["received_at"]


def test_a_stretch_beyond_all_footage_is_refused(module, astana, rts, ptrc):
    item = make_item(rts)
    make_instantiation(item, file=make_media_file(rts))
    body = {"grant": str(make_grant(item, grantee=ptrc).uid), "in_ms": 0, "out_ms": "9" * 20}
    assert astana.post("footage-deliveries/", body).status_code == 400


def test_a_wrong_use_is_taken_back(module, astana, rts, ptrc):
    grant = make_grant(make_item(rts), grantee=ptrc, seconds=40)
    body = {"grant": str(grant.uid), "started_at": timezone.now().isoformat(), "used_ms": 9000, "platform": "radio"}
    use = astana.post("footage-uses/", body).json()
    taken = astana.post(f"footage-uses/{use['uid']}/take-back/", {"reason": "Another film."}).json()
    assert taken["taken_back_reason"] == "Another film."
    assert Grant.objects.get(pk=grant.pk).used_ms == 0
    assert GrantUse.objects.count() == 1


def test_a_licence_is_revoked_by_its_holder_alone(module, astana, officer, rts, ptrc):
    licence = make_licence(ptrc, make_item(rts))
    address = f"licences/{licence.uid}/revoke/"
    assert astana.post(address, {"reason": "no"}).status_code == 403
    assert officer.post(address, {}).status_code == 400
    revoked = officer.post(address, {"reason": "unpaid"}).json()
    assert (revoked["status"], revoked["grants"][0]["status"]) == ("revoked", "revoked")


def test_a_licence_comes_as_a_pdf_in_two_languages(module, astana, rts, ptrc):
    licence = make_licence(ptrc, make_item(rts))
    answer = astana.get(f"licences/{licence.uid}/pdf/", languages="sr-Cyrl,kk")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/pdf")
    assert answer.content.startswith(b"%PDF")
    assert f"{licence.number}.pdf" in answer.headers["Content-Disposition"]
    for languages in ("kk", "kk,kk", "kk,xx", "kk,ru,en"):
        assert astana.get(f"licences/{licence.uid}/pdf/", languages=languages).status_code == 400


def test_a_key_needs_the_scope_of_licences(module, rts, ptrc):
    cache.clear()
    reader = Caller(make_key(ptrc, ["licences:read"]))
    assert reader.get("licences/").status_code == 200
    assert reader.post("footage-requests/", {}).status_code == 403
    other = Caller(make_key(rts, ["archive:read"]))
    assert other.get("licences/").status_code == 403


@pytest.mark.parametrize("name", ["footage-requests", "licences", "grants", "footage-deliveries", "footage-uses"])
def test_lists_ask_as_many_queries_for_three_rows_as_for_one(
    name, module, astana, rts, ptrc, django_assert_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def add():
        licence = make_licence(ptrc, make_segment(make_item(rts)), make_item(rts))
        for grant in licence.grants.all():
            GrantUse.objects.create(
                grant=grant, broadcaster=ptrc, started_at=timezone.now(), used_ms=1000, platform="radio"
            )
            grant.deliveries.create(broadcaster=ptrc)

    add()
    astana.get(f"{name}/")
    with CaptureQueriesContext(connection) as one:
        first = astana.get(f"{name}/").json()["results"]
    add()
    add()
    with django_assert_num_queries(len(one)):
        results = astana.get(f"{name}/").json()["results"]
    assert len(results) == 3 * len(first)


def test_requests_are_filtered_by_their_status(module, astana, rts, ptrc):
    make_footage_request(ptrc, make_item(rts))
    for status in RequestStatus:
        found = astana.get("footage-requests/", status=status.value).json()["results"]
        assert len(found) == (status == RequestStatus.SUBMITTED)
