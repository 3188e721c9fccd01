"""Initiatives, milestones, results and guidelines; reviews of modules and the moves that rest on them."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import localdate

from broadcasters.constants import Area, ModuleState, Role
from broadcasters.indicators import Period, indicator
from broadcasters.models import (
    DemandFigure,
    GuidelineVersion,
    Initiative,
    InitiativeMilestone,
    ModuleMove,
    ModuleReview,
)
from broadcasters.services.agreement_reminders import remind_of_agreements
from broadcasters.services.module import move_module
from mediaexchange.core.calendars import events_for
from mediaexchange.core.inbox.models import Notification
from mediaexchange.core.models import CalendarKind, OutboxEvent
from tests.broadcasters.admin_pages import page_of
from tests.broadcasters.test_memoranda_in_full import read, send, signed_in
from tests.factories import make_broadcaster, make_module, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def module(rts, ptrc):
    return make_module(rts, ptrc, area=Area.DIGITAL_DEVELOPMENT, slug="digital", name_en="Digital development")


@pytest.fixture
def stana(rts):
    return make_user(rts, Role.ADMINISTRATOR)


@pytest.fixture
def gulnar(ptrc):
    return make_user(ptrc, Role.ADMINISTRATOR)


def proposal(**fields):
    values = {
        "slug": "one-player", "module": "digital", "kind": "streaming", "owners": [{"broadcaster": "rts"}],
        "texts": {"sr-Cyrl": {"name": "Један плејер"}, "en": {"name": "One player"}},
    }  # fmt: skip
    return values | fields


def initiative_of(author, **fields):
    made = send(author, "initiatives/", proposal(**fields))
    assert made.status_code == 201, made.content
    return Initiative.objects.get(slug=made.json()["slug"])


def milestone_of(author, initiative, planned_on, owner="rts"):
    body = {
        "initiative": initiative.slug, "owner": owner, "planned_on": str(planned_on),
        "texts": {"en": {"title": "First stream"}},
    }  # fmt: skip
    return send(author, "initiative-milestones/", body)


def test_an_account_of_a_stranger_is_answered_like_one_that_is_not_there(module, stana):
    stranger = make_user(make_broadcaster("ert"))
    answers = [
        send(stana, "initiatives/", proposal(owners=[{"broadcaster": "rts", "responsible": name}]))
        for name in (stranger.username, "nobody-at-all", "\0")
    ]
    assert {answer.status_code for answer in answers} == {400}
    said = [str(answer.json()["errors"]).replace(stranger.username, "nobody-at-all") for answer in answers[:2]]
    assert said[0] == said[1]


def test_an_initiative_goes_from_proposal_to_result(module, stana, gulnar, rts, ptrc):
    producer = make_user(rts, Role.PRODUCER, first_name="Драгана")
    owners = [{"broadcaster": "rts", "responsible": producer.username}, {"broadcaster": "ptrc"}]
    initiative = initiative_of(stana, owners=owners)
    made = milestone_of(gulnar, initiative, localdate() - timedelta(days=2))
    assert made.status_code == 201, made.content
    reached = f"initiative-milestones/{made.json()['uid']}/reach/"
    assert send(gulnar, reached, {}).status_code == 403  # the owner says so
    for _twice in range(2):
        assert send(producer, reached, {"actual_on": str(localdate())}).json()["actual_on"] == str(localdate())
    milestone = InitiativeMilestone.objects.get()
    assert (milestone.done_by, milestone.sequence) == (producer, 1)
    move = {"state": "running", "reason": "Kit has come"}
    assert send(producer, "initiatives/one-player/move/", move).json()["state"] == "running"
    refused = send(stana, "initiatives/one-player/move/", {"state": "proposed", "reason": "Again"})
    assert (refused.status_code, refused.json()["code"]) == (409, "initiative-move-refused")
    result = {
        "initiative": "one-player", "texts": {"en": {"title": "Viewers abroad"}}, "value": "1200.00", "unit": "people",
        "as_of": str(localdate()), "source": "Own count", "indicator": "airings",
    }  # fmt: skip
    assert send(stana, "initiative-results/", result).json()["code"] == "invalid"  # nobody counts that
    assert send(stana, "initiative-results/", result | {"indicator": ""}).status_code == 201
    whole = read(gulnar, "initiatives/one-player/").json()
    assert whole["owners"][0]["responsible"].startswith("Драгана") or whole["owners"][1]["responsible"]
    assert whole["results"][0]["value"] == "1200.00"
    kinds = set(OutboxEvent.objects.filter(subject_uid=initiative.uid).values_list("kind", flat=True))
    assert kinds >= {"initiative.created", "initiative.moved", "initiative.milestone-reached", "initiative.result"}


def test_owners_are_parties_and_those_who_answer_belong_to_them(module, stana, ptrc):
    rtv = make_broadcaster("rtv")
    assert send(stana, "initiatives/", proposal(owners=[{"broadcaster": "rtv"}])).status_code in {409, 422}
    stranger = make_user(ptrc)
    wrong = [{"broadcaster": "rts", "responsible": stranger.username}]
    assert send(stana, "initiatives/", proposal(owners=wrong)).status_code == 422
    twice = send(stana, "initiatives/", proposal(owners=[{"broadcaster": "rts"}, {"broadcaster": "rts"}]))
    assert (twice.status_code, twice.json()["code"]) == (409, "initiative-owner-once")
    assert not Initiative.objects.exists()
    editor = make_user(rtv, Role.ADMINISTRATOR)
    assert send(editor, "initiatives/", proposal()).status_code == 400  # no such module for them
    assert send(make_user(ptrc, Role.EDITOR), "initiatives/", proposal()).status_code == 403


def test_an_initiative_stands_under_digital_development_alone(rts, ptrc, stana):
    make_module(rts, ptrc, slug="digital", area=Area.TRAINING)
    assert send(stana, "initiatives/", proposal()).json()["code"] == "initiative-area"


def test_milestones_that_are_late_are_told_of_and_stand_in_calendars(module, stana, rts, ptrc):
    initiative = initiative_of(stana)
    for days in (-4, 2, 60):
        milestone_of(stana, initiative, localdate() + timedelta(days=days))
    for _twice in range(2):
        remind_of_agreements()
    told = Notification.objects.filter(recipient=stana, kind__contains="milestone")
    assert sorted(told.values_list("kind", flat=True)) == ["broadcasters.milestone-due", "broadcasters.milestone-late"]
    events = events_for(make_user(ptrc), kind=CalendarKind.MODULE, subject=module.uid)
    assert len(events) == 3
    stranger = make_user(make_broadcaster("rtv"), Role.ADMINISTRATOR)
    assert events_for(stranger, kind=CalendarKind.MODULE, subject=module.uid) == []
    assert read(stranger, "initiatives/").json()["results"] == []
    assert read(stranger, "initiatives/one-player/").status_code == 404


def test_a_guideline_is_adopted_version_by_version_and_words_that_are_adopted_stand(module, stana, gulnar, rts, ptrc):
    values = {"slug": "ai-use", "module": "digital", "kind": "ai-use", "texts": {"en": {"name": "On the use of AI"}}}
    assert send(stana, "guidelines/", values).status_code == 201
    first = {"texts": {"en": {"text": "A person reviews."}, "kk": {"text": "Адам қарайды."}}}
    assert send(stana, "guidelines/ai-use/versions/", first).json()["versions"][0]["number"] == 1
    assert Notification.objects.get(recipient=gulnar).kind == "broadcasters.guideline-written"
    adopt = {"number": 1, "broadcaster": "ptrc", "adopted_on": "2026-11-01"}
    assert send(stana, "guidelines/ai-use/adopt/", adopt).status_code == 403
    for _twice in range(2):
        assert send(gulnar, "guidelines/ai-use/adopt/", adopt).json()["versions"][0]["adoptions"] == [
            {"broadcaster": "ptrc", "adopted_on": "2026-11-01"}
        ]
    with pytest.raises(IntegrityError, match="adopted this version"), transaction.atomic():
        GuidelineVersion.objects.update(text_en="A machine reviews.")
    assert send(gulnar, "guidelines/ai-use/versions/", {"texts": {"en": {"text": "Two review."}}}).status_code == 201
    assert [each["number"] for each in read(stana, "guidelines/ai-use/").json()["versions"]] == [2, 1]
    november = Period(datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC))
    assert indicator("guidelines-adopted").rows(ptrc, november).count() == 1
    assert indicator("guidelines-adopted").rows(rts, november).count() == 0


def review(**fields):
    values = {
        "module": "digital", "first_on": "2026-01-01", "last_on": "2026-06-30", "verdict": "pause",
        "verdict_reason": "Nobody watches", "staff": "lacking",
        "demand": [{"measure": "reach", "value": "900", "language": "kk", "source": "Panel", "as_of": "2026-06-30"}],
        "evidence": [{"indicator": "guidelines-adopted", "broadcaster": "ptrc"}],
    }  # fmt: skip
    return values | fields


def test_a_pause_rests_on_a_review_that_speaks_for_it_and_changes_no_more(module, stana, gulnar):
    made = send(stana, "module-reviews/", review())
    assert made.status_code == 201, made.content
    assert made.json()["evidence"][0]["value"] == 0
    uid = made.json()["uid"]
    scale = {"state": "scaled", "reason": "Against the review", "review": uid}
    assert send(gulnar, "modules/digital/move/", scale).json()["code"] == "review-says-otherwise"
    moved = send(gulnar, "modules/digital/move/", {"state": "paused", "reason": "As reviewed", "review": uid}).json()
    assert (moved["state"], moved["moves"][0]["review"], moved["reviews"][0]["verdict"]) == ("paused", uid, "pause")
    with pytest.raises(IntegrityError, match="rests on this review"), transaction.atomic():
        ModuleReview.objects.update(verdict="keep")
    with pytest.raises(IntegrityError, match="rests on this review"), transaction.atomic():
        DemandFigure.objects.all().delete()
    tag = read(stana, f"module-reviews/{uid}/")["ETag"]
    refused = send(stana, f"module-reviews/{uid}/", {"verdict": "keep"}, method="patch", **{"If-Match": tag})
    assert refused.json()["code"] == "review-stands"
    assert send(gulnar, "module-reviews/", review(demand=[{"measure": "share", "value": "101"}])).status_code == 400


def test_a_move_cannot_rest_on_a_review_of_another_module(module, stana, rts, ptrc):
    other = make_module(rts, ptrc, area=Area.TRAINING)
    uid = send(stana, "module-reviews/", review(module=other.slug)).json()["uid"]
    body = {"state": "paused", "reason": "Elsewhere", "review": uid}
    assert send(stana, "modules/digital/move/", body).json()["code"] == "foreign-review"
    with pytest.raises(IntegrityError, match="move_rests_on_own_review"), transaction.atomic():
        ModuleMove.objects.create(
            module=module, from_state="active", to_state="paused", reason="X", review=ModuleReview.objects.get()
        )


def test_evidence_is_counted_as_its_reader_may_see_it_and_opens_its_records(module, stana, gulnar, rts):
    review_ = send(
        stana, "module-reviews/", review(evidence=[{"indicator": "modules-reviewed", "broadcaster": "rts"}])
    ).json()
    assert review_["evidence"][0]["value"] == 1
    row = ModuleReview.objects.get()
    page = signed_in(gulnar).get(page_of(row)).content.decode()
    evidence = reverse("admin:broadcasters_modulereview_evidence", args=[row.pk, row.evidence.get().pk])
    assert evidence in page
    assert page_of(row) in signed_in(gulnar).get(evidence).content.decode()
    stranger = make_user(make_broadcaster("rtv"), Role.ADMINISTRATOR)
    assert signed_in(stranger).get(evidence).status_code == 404


def test_lists_cost_the_same_for_one_and_for_three(module, stana, rts):
    costs = {}
    for slugs in (("first",), ("second", "third")):
        for slug in slugs:
            initiative = initiative_of(stana, slug=slug)
            milestone_of(stana, initiative, localdate())
            send(stana, "module-reviews/", review(evidence=[]))
            values = {"slug": slug, "module": "digital", "kind": "other", "texts": {"en": {"name": slug}}}
            send(stana, "guidelines/", values)
            send(stana, f"guidelines/{slug}/versions/", {"texts": {"en": {"text": "Words"}}})
        for path in ("initiatives/", "initiative-milestones/", "module-reviews/", "guidelines/", "modules/"):
            with CaptureQueriesContext(connection) as captured:
                assert read(stana, path).status_code == 200
            costs.setdefault(path, []).append(len(captured))
    assert {path: len(set(each)) for path, each in costs.items()} == dict.fromkeys(costs, 1), costs


def test_nothing_new_begins_while_the_module_rests_and_resuming_restores_it(module, stana, gulnar):
    initiative = initiative_of(stana)
    move_module(module, actor=stana, state=ModuleState.PAUSED, reason="Budget")
    refused = send(gulnar, "initiatives/", proposal(slug="second", owners=[{"broadcaster": "ptrc"}]))
    assert (refused.status_code, refused.json()["code"]) == (409, "module-not-running")
    assert milestone_of(stana, initiative, localdate()).json()["code"] == "module-not-running"
    run = {"state": "running", "reason": "Go"}
    assert send(stana, "initiatives/one-player/move/", run).json()["code"] == "module-not-running"
    with pytest.raises(IntegrityError, match="not running"), transaction.atomic():
        Initiative.objects.create(slug="third", name_en="Third", module=module, kind="ai")
    with pytest.raises(IntegrityError, match="not running"), transaction.atomic():
        InitiativeMilestone.objects.create(
            initiative=initiative, owner=initiative.owners.get().broadcaster, planned_on=localdate(), title_en="X"
        )
    move_module(module, actor=stana, state=ModuleState.ACTIVE, reason="Money came")
    assert milestone_of(stana, initiative, localdate()).status_code == 201
    assert send(stana, "initiatives/one-player/move/", run).status_code == 200
