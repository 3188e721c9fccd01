"""Productions by key and by session: who sees them, what is answered, how many questions the database is asked."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mediaexchange.core.languages.tags import STORED
from productions.models import Production, RuleSet, Theme
from tests.conftest import Caller
from tests.factories import make_broadcaster, make_key
from tests.productions.factories import make_production, make_production_module, stage_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def rtv_caller():
    return Caller(make_key(make_broadcaster("rtv")))


def test_a_production_is_for_its_partners_and_an_idea_for_its_house(rts, ptrc, belgrade, astana, rtv_caller):
    shared, idea = make_production(rts, ptrc), make_production(rts, ptrc, is_shared=False)
    seen = {
        caller: {row["uid"] for row in caller.get("productions/").json()["results"]} for caller in (belgrade, astana)
    }
    assert seen[belgrade] == {str(shared.uid), str(idea.uid)}
    assert seen[astana] == {str(shared.uid)}
    assert rtv_caller.get("productions/").json()["results"] == []
    assert astana.get(f"productions/{idea.uid}/").status_code == 404
    for path in ("shares/", "move/", "share/", "resume/"):
        assert astana.post(f"productions/{idea.uid}/{path}").status_code == 404
        assert rtv_caller.post(f"productions/{shared.uid}/{path}").status_code == 404
    assert belgrade.post(f"productions/{idea.uid}/share/").status_code == 200
    assert astana.get(f"productions/{idea.uid}/").status_code == 200


def test_the_slug_of_an_idea_tells_other_houses_nothing(rts, ptrc, belgrade, astana):
    module = make_production_module(rts, ptrc)
    make_production(rts, slug="steppe", module=module, is_shared=False)
    body = {"slug": "steppe", "kind": "documentary", "module": module.slug, "texts": {"en": {"name": "Steppe"}}}
    made = astana.post("productions/", body)
    assert (made.status_code, made.json()["slug"]) == (201, "steppe")
    for caller in (belgrade, astana):
        refused = caller.post("productions/", body)
        assert (refused.status_code, refused.json()["code"]) == (409, "slug-taken")


def test_a_production_is_begun_changed_and_moved_by_key(rts, ptrc, belgrade):
    module = make_production_module(rts, ptrc)
    stage_of("idea")
    body = {
        "slug": "liberators", "kind": "documentary", "module": module.slug, "themes": ["shared-history"],
        "texts": {"sr-Cyrl": {"name": "Ослободиоци"}, "kk": {"name": "Азат етушілер"}}, "languages": ["sr", "kk", "hu"],
    }  # fmt: skip
    made = belgrade.post("productions/", body)
    assert made.status_code == 201, made.json()
    answer = made.json()
    assert (answer["stage"], answer["shared_at"], answer["themes"]) == ("idea", None, ["shared-history"])
    assert [(row["broadcaster"], row["share_percent"]) for row in answer["partners"]] == [("rts", "100.00")]
    address = f"productions/{answer['uid']}/"
    assert Caller(belgrade.headers["Authorization"][7:], "sr-Latn").get(address).json()["name"] == "Oslobodioci"
    assert belgrade.send("patch", address, {"slate_on": "2027-10-20"}).status_code == 428
    tag = belgrade.get(address).headers["ETag"]
    changed = belgrade.send("patch", address, {"slate_on": "2027-10-20", "themes": ["culture"]}, If_Match=tag)
    assert (changed.status_code, changed.json()["slate_on"], changed.json()["themes"]) == (
        200,
        "2027-10-20",
        ["culture"],
    )
    assert belgrade.send("patch", address, {"slate_on": None}, If_Match=tag).status_code == 412
    shares = [{"broadcaster": "rts", "share_percent": "50.00"}, {"broadcaster": "ptrc", "share_percent": "49.99"}]
    refused = belgrade.post(f"{address}shares/", {"shares": shares})
    assert (refused.status_code, refused.json()["code"], refused.json()["off_by"]) == (422, "shares-total", "-0.01")
    shares[1]["share_percent"] = "50.00"
    seen = belgrade.get(address).json()["shares_revision"]
    stored = belgrade.post(f"{address}shares/", {"shares": shares, "seen": seen})
    assert stored.status_code == 200, stored.json()
    stale = belgrade.post(
        f"{address}shares/", {"shares": [*shares[:1], shares[1] | {"role": "associate"}], "seen": seen}
    )
    assert (stale.status_code, stale.json()["code"]) == (409, "shares-changed")
    assert belgrade.post(f"{address}move/", {"stage": "development"}).json()["stage"] == "development"
    moves = belgrade.get(f"{address}moves/").json()
    assert [(move["from_stage"], move["to_stage"]) for move in moves] == [("idea", "development"), (None, "idea")]


def test_a_refused_delivery_names_what_is_in_the_way_in_the_readers_language(rts, ptrc, belgrade):
    module = make_production_module(rts, ptrc)
    production = make_production(rts, ptrc, module=module, stage="post-production")
    module.state, module.state_reason_sr, module.state_reason_en = "paused", "Избори", "Elections"
    module.save()
    refused = belgrade.post(f"productions/{production.uid}/move/", {"stage": "delivery"})
    assert (refused.status_code, refused.json()["code"]) == (409, "production-blocked")
    reasons = {reason["code"]: reason for reason in refused.json()["reasons"]}
    assert "Elections" in reasons["module-not-running"]["message"]
    assert reasons["module-not-running"]["link"].startswith("/admin/")
    steps = belgrade.get(f"productions/{production.uid}/steps/").json()
    assert [step["stage"] for step in steps] == ["production", "delivery", "stopped"]
    assert {blocker["code"] for blocker in steps[1]["blockers"]} == set(reasons)
    latin = Caller(belgrade.headers["Authorization"][7:], "sr-Latn")
    told = latin.post(f"productions/{production.uid}/move/", {"stage": "delivery"}).json()["reasons"]
    assert any("Izbori" in reason["message"] for reason in told)


def test_rules_warn_in_the_answer(rts, ptrc, belgrade):
    rules = RuleSet.objects.get(slug="council-of-europe-2017")
    production = make_production(rts, ptrc, shares=["95", "5"], rule_set=rules)
    warnings = belgrade.get(f"productions/{production.uid}/").json()["warnings"]
    assert [warning["code"] for warning in warnings] == ["share-outside-rules"] * 2
    assert "95" in warnings[0]["message"]


def test_a_list_asks_the_database_as_often_for_three_as_for_one(rts, ptrc, belgrade):
    module, theme = make_production_module(rts, ptrc), Theme.objects.first()
    rules = RuleSet.objects.first()

    def asked(path):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert belgrade.get(path).status_code == 200
        return len(queries)

    def more():
        production = make_production(rts, ptrc, module=module, rule_set=rules, stage="pilot", is_pilot=True)
        production.themes.add(theme)
        review = production.pilot_reviews.create()
        for house in (rts, ptrc):
            review.marks.create(criterion="cost", broadcaster=house, mark=3)

    more()
    belgrade.get("productions/")
    once = [asked("productions/"), asked("pilot-reviews/")]
    more()
    more()
    assert [asked("productions/"), asked("pilot-reviews/")] == once


def test_productions_are_narrowed_by_stage_theme_partner_and_slate_date(rts, ptrc, belgrade):
    production = make_production(rts, ptrc, stage="production", slate_on="2027-05-09", kind="series")
    production.themes.add(Theme.objects.get(slug="culture"))
    make_production(rts)

    def found(**query):
        return [row["uid"] for row in belgrade.get("productions/", **query).json()["results"]]

    for query in (
        {"stage": "production"}, {"theme": "culture"}, {"partner": "ptrc"}, {"kind": "series"},
        {"slate_from": "2027-05-01", "slate_before": "2027-06-01"}, {"module": production.module.slug},
    ):  # fmt: skip
        assert found(**query) == [str(production.uid)], query
    assert len(found()) == 2
    assert belgrade.get("productions/", nonsense="1").status_code == 400


def test_stages_themes_and_rules_are_told_in_every_language(belgrade):
    stages = belgrade.get("production-stages/").json()["results"]
    assert [stage["slug"] for stage in stages[:3]] == ["idea", "development", "pilot"]
    assert stages[2]["moves"] == [
        {"stage": "development", "needs_reason": True, "needs_review": False},
        {"stage": "production", "needs_reason": False, "needs_review": True},
    ]
    assert stages[-1]["is_reached_from_anywhere"]
    for language, word in {"sr": "развој", "sr-Latn": "razvoj", "kk": "әзірлеу", "ru": "разработка"}.items():
        caller = Caller(belgrade.headers["Authorization"][7:], language)
        assert caller.get("production-stages/development/").json()["name"] == word
    themes = belgrade.get("production-themes/").json()["results"]
    assert {"shared-history", "infrastructure", "regional-transformation", "culture"} <= {row["slug"] for row in themes}
    assert all(getattr(theme, f"name_{language}") for theme in Theme.objects.all() for language in STORED)
    assert belgrade.get("production-rules/council-of-europe-2017/").json()["bilateral_least"] == "10.00"


def test_a_pilot_is_reviewed_by_both_keys(rts, ptrc, belgrade, astana, rtv_caller):
    pilot = make_production(rts, ptrc, stage="pilot", is_pilot=True)
    opened = belgrade.post("pilot-reviews/", {"production": str(pilot.uid), "due_on": "2027-01-31"})
    assert opened.status_code == 201, opened.json()
    address = f"pilot-reviews/{opened.json()['uid']}/"
    assert rtv_caller.get(address).status_code == 404
    assert rtv_caller.post("pilot-reviews/", {"production": str(pilot.uid)}).status_code == 400
    for criterion in ("demand", "feasibility", "cost", "balance", "quality"):
        for caller in (belgrade, astana):
            marked = caller.post(f"{address}mark/", {"criterion": criterion, "mark": 4})
    assert {(mark["criterion"], mark["broadcaster"]) for mark in marked.json()["marks"]} >= {("cost", "ptrc")}
    decided = astana.post(f"{address}decide/", {"decision": "scale", "reason": "Watched by many"})
    assert (decided.status_code, decided.json()["decision"]) == (200, "scale")
    assert belgrade.post(f"{address}decide/", {"decision": "stop", "reason": "No"}).json()["code"] == "review-decided"
    assert belgrade.post(f"{address}move-module/").status_code == 403
    assert Production.objects.get().stage.slug == "production"
    assert [row["uid"] for row in belgrade.get("pilot-reviews/", is_open="false").json()["results"]] == [
        opened.json()["uid"]
    ]
