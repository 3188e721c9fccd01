"""The API of reviews, versions, deliverables and footage: who sees what, what it costs, how refusals look."""

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from productions.models import LanguageVersion
from tests.archive.factories import make_archive_module, make_instantiation, make_item, make_media_file
from tests.conftest import Caller
from tests.factories import make_broadcaster, make_key
from tests.productions.delivery import (
    approve,
    make_deliverable,
    make_document,
    make_final,
    make_footage,
    make_revision,
    make_version,
    use_footage,
)
from tests.productions.factories import make_producer, make_production

pytestmark = pytest.mark.django_db
LISTS = ("revisions/", "review-notes/", "language-versions/", "deliverables/", "archive-uses/")


@pytest.fixture
def production(rts, ptrc):
    return make_production(rts, ptrc, stage="post-production")


@pytest.fixture
def producer(rts, client):
    """RTS's producer, signed in."""
    return signed_in(rts)


def signed_in(house, language="en"):
    from django.test import Client

    cache.clear()
    caller = Caller(language=language)
    caller.client = Client(raise_request_exception=False)
    caller.client.force_login(make_producer(house), backend="broadcasters.auth.RoleBackend")
    return caller


def fill(production, holder):
    """One row of each list."""
    revision = make_revision(production, "script", file=make_document(production.made_by, str(production.pk).encode()))
    from productions.services.review import add_note

    add_note(revision, actor=None, broadcaster=production.made_by, text="Page one", page=1)
    version = make_version(production)
    make_deliverable(version)
    use_footage(production, make_item(holder))


@pytest.mark.parametrize("path", LISTS)
def test_partners_see_what_hangs_on_a_production_and_others_do_not(production, belgrade, astana, stranger, path):
    fill(production, make_broadcaster("tanjug"))
    novi_sad = Caller(make_key(make_broadcaster("rtv")))
    rows = belgrade.get(path).json()["results"]
    assert len(rows) == 1
    assert astana.get(path).json()["results"][0]["uid"] == rows[0]["uid"]
    assert novi_sad.get(path).json()["results"] == []
    assert novi_sad.get(f"{path}{rows[0]['uid']}/").status_code == 404
    assert stranger.get(path).status_code == 401


@pytest.mark.parametrize("path", LISTS)
def test_a_list_costs_the_same_with_one_and_with_three_rows(rts, ptrc, astana, path):
    holder = make_broadcaster("tanjug")

    def cost():
        cache.clear()
        with CaptureQueriesContext(connection) as captured:
            assert astana.get(path).status_code == 200
        return len(captured)

    fill(make_production(rts, ptrc, stage="post-production"), holder)
    cost()  # the key is noted as used once a minute
    one = cost()
    for _number in range(2):
        fill(make_production(rts, ptrc, stage="post-production"), holder)
    assert cost() == one


def test_a_hungarian_and_a_rusyn_version_come_by_data_alone(production, producer, ptrc):
    house = {"payer": "rts", "owner": "ptrc", "production": str(production.uid)}
    for typed, stored, name in (("hu", "hu-Latn", "мађарски"), ("rue-Cyrl", "rue-Cyrl", "русински (ћирилица)")):
        made = producer.post("language-versions/", {"language": typed, "kind": "subtitle", **house})
        assert made.status_code == 201, made.content
        uid = made.json()["uid"]
        shown = producer.get(f"language-versions/{uid}/", lang="sr-Cyrl").json()
        assert (shown["language"], shown["language_name"]) == (stored, name)
        planned = producer.post(f"language-versions/{uid}/plan/", {"supplier": "rts", "broadcaster": "ptrc"})
        assert len(planned.json()["deliverables"]) == 8
    refused = producer.post("language-versions/", {"language": "nog", "kind": "dub", **house})
    assert (refused.status_code, refused.json()["code"]) == (422, "script-missing")


def test_a_round_of_review_over_the_api(production, rts, ptrc):
    belgrade, astana = signed_in(rts), signed_in(ptrc)
    carrier = make_instantiation(make_item(rts))
    body = {"production": str(production.uid), "kind": "final-cut", "instantiation": str(carrier.uid)}
    made = belgrade.post("revisions/", body)
    assert made.status_code == 201, made.content
    uid = made.json()["uid"]
    assert [row["decision"] for row in made.json()["standings"]] == [None, None]
    note = astana.post("review-notes/", {"revision": uid, "text": "Музыка слишком громкая", "in_ms": 4000})
    assert (note.status_code, note.json()["timecode_in"]) == (201, "00:00:04:00")
    assert belgrade.post(f"review-notes/{note.json()['uid']}/resolve/").json()["resolved_at"]
    wanting = astana.post(f"revisions/{uid}/decide/", {"decision": "changes"})
    assert (wanting.status_code, wanting.json()["code"]) == (422, "note-missing")
    foreign = astana.post(f"revisions/{uid}/decide/", {"decision": "approved", "broadcaster": "rts"})
    assert foreign.status_code == 403
    for caller in (belgrade, astana):
        done = caller.post(f"revisions/{uid}/decide/", {"decision": "approved"})
        assert done.status_code == 200
    assert done.json()["is_approved"] is True
    late = astana.post(f"revisions/{uid}/withdraw/", {"reason": "Second thoughts"})
    assert (late.status_code, late.json()["code"]) == (409, "round-over")
    belgrade.post("revisions/", body)
    again = belgrade.get(f"revisions/{uid}/").json()
    assert (again["is_current"], again["is_approved"]) == (False, False)


def test_nobody_submits_the_master_of_another_house_to_look_at_it(production, rts, ptrc):
    make_archive_module(rts, ptrc)
    master = make_instantiation(make_item(rts), file=make_media_file(rts))
    astana = signed_in(ptrc)
    assert astana.get(f"instantiations/{master.uid}/").status_code == 200
    body = {"production": str(production.uid), "kind": "script", "instantiation": str(master.uid)}
    refused = astana.post("revisions/", body)
    assert (refused.status_code, refused.json()["code"]) == (422, "foreign-material")
    assert signed_in(rts).post("revisions/", body).status_code == 201


def test_a_refused_delivery_names_every_reason_with_links(production, rts, ptrc, producer):
    holder = make_broadcaster("tanjug")
    make_footage(holder, rts, ptrc)
    bare = use_footage(production, make_item(holder))
    row = make_deliverable(make_version(production))
    approve(make_revision(production), rts)
    refused = producer.post(f"deliverables/{row.uid}/deliver/")
    assert refused.status_code == 409
    problem = refused.json()
    reasons = {reason["code"]: reason for reason in problem["reasons"]}
    assert set(reasons) == {"final-cut-unapproved", "licence-missing"}
    assert reasons["licence-missing"]["archive_use"] == str(bare.uid)
    assert reasons["licence-missing"]["link"]
    listed = producer.get("archive-uses/", is_cleared="false").json()["results"]
    assert [(each["uid"], each["is_cleared"], each["bars"][0]["code"]) for each in listed] == [
        (str(bare.uid), False, "licence-missing")
    ]
    assert producer.client.delete(f"/api/v1/archive-uses/{bare.uid}/").status_code == 204
    approve(make_revision(production))
    assert producer.post(f"deliverables/{row.uid}/deliver/").json()["status"] == "delivered"
    assert signed_in(ptrc).post(f"deliverables/{row.uid}/accept/").json()["status"] == "accepted"


def test_a_change_names_the_state_that_was_seen(production, producer):
    version = make_version(production)
    seen = producer.get(f"language-versions/{version.uid}/")
    changed = producer.send(
        "PATCH", f"language-versions/{version.uid}/", {"reuse_terms": "For schools"}, If_Match=seen.headers["ETag"]
    )
    assert changed.status_code == 200, changed.content
    stale = producer.send(
        "PATCH", f"language-versions/{version.uid}/", {"reuse_terms": "For all"}, If_Match=seen.headers["ETag"]
    )
    assert stale.status_code == 412
    assert LanguageVersion.objects.get(pk=version.pk).reuse_terms == "For schools"


def test_links_are_given_to_both_sides_of_a_delivery_alone(production, rts, ptrc):
    make_final(production)
    row = make_deliverable(make_version(production), file=make_document(rts))
    belgrade = signed_in(rts)
    assert belgrade.post(f"deliverables/{row.uid}/deliver/").status_code == 200
    assert "/media/" in signed_in(ptrc).get(f"deliverables/{row.uid}/link/").json()["url"]
