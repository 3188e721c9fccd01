"""The admin's pages of agreements, reviews and digital development: who opens them, what they do and refuse."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import localdate

from broadcasters.constants import Area, ModuleState, Role
from broadcasters.models import (
    Clause,
    Guideline,
    GuidelineVersion,
    Initiative,
    InitiativeMilestone,
    InitiativeOwner,
    Membership,
    MemorandumText,
    Minutes,
    MinutesItem,
    ModuleMove,
    ModuleReview,
    Obligation,
)
from mediaexchange.core.inbox.models import Notification
from tests.broadcasters.admin_pages import add_of, list_of, make_memorandum, page_of, signed_in
from tests.broadcasters.agreement import owed
from tests.factories import make_broadcaster, make_module, make_user

pytestmark = pytest.mark.django_db
BELGRADE = ZoneInfo("Europe/Belgrade")  # where those who sign live


@pytest.fixture
def memorandum(rts, ptrc):
    return make_memorandum(rts, ptrc, in_force_on=date(2024, 2, 29), term_months=12, renewal="tacit", notice_days=30)


@pytest.fixture
def module(rts, ptrc):
    return make_module(rts, ptrc, area=Area.DIGITAL_DEVELOPMENT, slug="digital", name_en="Digital development")


@pytest.fixture
def stana(rts):
    return make_user(rts, Role.ADMINISTRATOR)


@pytest.fixture
def gulnar(ptrc):
    return make_user(ptrc, Role.ADMINISTRATOR)


@pytest.fixture
def rows(memorandum, module, rts):
    """One of each kind."""
    initiative = Initiative.objects.create(slug="player", name_en="One player", module=module, kind="streaming")
    InitiativeOwner.objects.create(initiative=initiative, broadcaster=rts)
    InitiativeMilestone.objects.create(initiative=initiative, owner=rts, planned_on=date(2026, 1, 1), title_en="Late")
    guideline = Guideline.objects.create(slug="ai", name_en="On AI", module=module, kind="ai-use")
    GuidelineVersion.objects.create(guideline=guideline, number=1, text_en="A person reviews.")
    Clause.objects.create(memorandum=memorandum, number="1", heading_en="Aim")
    minutes = Minutes.objects.create(
        memorandum=memorandum, title="In Belgrade", language="en", held_on=date(2026, 1, 1)
    )
    MinutesItem.objects.create(minutes=minutes, topic="Footage", owner=rts, due_on=date(2026, 12, 1))
    return [
        memorandum, initiative, guideline, minutes,
        MemorandumText.objects.create(memorandum=memorandum, language="en", title="T", body="1.", source="RTS"),
        ModuleReview.objects.create(
            module=module, broadcaster=rts, first_on=date(2026, 1, 1), last_on=date(2026, 2, 1), verdict="pause",
            verdict_reason="Nobody watches",
        ),
    ]  # fmt: skip


def empty(*prefixes):
    return {f"{prefix}-{name}_FORMS": 0 for prefix in prefixes for name in ("TOTAL", "INITIAL")}


def test_parties_open_every_page_and_others_none(rows, stana, ptrc):
    reader = signed_in(make_user(ptrc))
    stranger = signed_in(make_user(make_broadcaster("rtv"), Role.ADMINISTRATOR))
    writer = signed_in(stana)
    for row in rows:
        for page in ("change", "history"):
            assert writer.get(page_of(row, page)).status_code == 200, row
            assert stranger.get(page_of(row, page)).status_code == 404, row
        assert reader.get(page_of(row)).status_code == 200, row
        assert reader.post(page_of(row), {}).status_code == 403, row
        assert writer.get(add_of(type(row))).status_code == 200, row
        assert writer.get(list_of(type(row))).status_code == 200, row
        assert str(row).encode() not in stranger.get(list_of(type(row))).content
    board = reverse("admin:broadcasters_initiative_board")
    assert b"One player" in writer.get(board).content
    assert b"in-late" in writer.get(board).content
    assert b"One player" not in stranger.get(board).content


def test_a_memorandum_that_is_only_announced_says_so_with_its_sources(rows, stana):
    page = signed_in(stana).get(page_of(rows[0])).content.decode()
    assert "announced only" in page
    assert "https://example.org/1" in page
    assert "Agency report" in page


def test_a_corroborated_signature_without_two_sources_is_refused_in_words(memorandum, stana):
    party = memorandum.parties.get(broadcaster__slug="rts")
    answer = signed_in(stana).post(
        page_of(party), {"signature_status": "corroborated", **empty("sources")}, follow=True
    )
    assert answer.status_code == 200
    assert [message.level_tag for message in answer.context["messages"]] == ["error"]
    party.refresh_from_db()
    assert party.signature_status == "announced"


def test_notice_is_given_and_taken_back_on_the_memorandums_page(memorandum, stana, rts):
    client = signed_in(stana)
    address = reverse("admin:broadcasters_memorandum_give_notice", args=[memorandum.pk])
    assert client.get(address).status_code == 200
    answers = {"broadcaster": rts.pk, "given_on": localdate(timezone=BELGRADE).isoformat(), "reason": "Elections"}
    assert client.post(address, answers).status_code == 302
    assert memorandum.notices.get().broadcaster == rts
    client.post(reverse("admin:broadcasters_memorandum_take_back", args=[memorandum.pk]), {"broadcaster": rts.pk})
    assert memorandum.notices.get().withdrawn_on == localdate(timezone=BELGRADE)
    stranger = signed_in(make_user(rts))
    assert stranger.post(address, answers).status_code == 403


def test_a_role_in_one_house_adds_nothing_to_the_agreements_of_another(memorandum, module, rts):
    person = make_user(make_broadcaster("rtv"), Role.ADMINISTRATOR)
    Membership.objects.create(user=person, broadcaster=rts, role=Role.VIEWER)
    client = signed_in(person)
    values = {
        "memorandum": memorandum.pk, "title_en": "In Astana", "language": "en", "held_on": "2026-01-01",
        **empty("participants", "items"),
    }  # fmt: skip
    assert client.post(add_of(Minutes), values).status_code == 403
    values = {
        "slug": "second", "name_en": "Second", "module": module.pk, "kind": "ai",
        **empty("milestones", "results", "moves", "owners"), "owners-TOTAL_FORMS": 1, "owners-0-broadcaster": rts.pk,
    }  # fmt: skip
    assert client.post(add_of(Initiative), values).status_code == 403
    assert not Minutes.objects.exists()
    assert not Initiative.objects.exists()
    assert not Notification.objects.exists()


def test_minutes_go_from_writing_to_an_obligation(memorandum, stana, gulnar, rts, ptrc):
    rtv = make_broadcaster("rtv")
    values = {
        "memorandum": memorandum.pk, "title_en": "In Astana", "language": "en", "held_on": "2026-01-01",
        **empty("participants"), "participants-TOTAL_FORMS": 1, "participants-0-broadcaster": rts.pk,
        "participants-0-name": "Jovana Ilić", **empty("items"), "items-TOTAL_FORMS": 1, "items-0-position": 1,
        "items-0-topic_en": "Footage", "items-0-owner": rtv.pk, "items-0-due_on": "2026-12-01",
    }  # fmt: skip
    client = signed_in(stana)
    assert client.post(add_of(Minutes), values).status_code == 200  # RTV is no party
    assert not Minutes.objects.exists()
    assert client.post(add_of(Minutes), values | {"items-0-owner": ptrc.pk}).status_code == 302
    minutes = Minutes.objects.get()
    assert minutes.written_by == stana
    approve, owe = (reverse(f"admin:broadcasters_minutes_{name}", args=[minutes.pk]) for name in ("approve", "owe"))
    client.post(approve, {"broadcaster": rts.pk})
    assert client.post(page_of(minutes), values | {"title_en": "Another"}).status_code == 403
    duty = {"item": minutes.items.get().pk, "indicator": "seconds-licensed", "amount": 60}
    client.post(owe, duty)
    assert not Obligation.objects.exists()  # Astana has not approved
    signed_in(gulnar).post(approve, {"broadcaster": ptrc.pk})
    client.post(owe, duty)
    assert Obligation.objects.get().debtor == ptrc


def test_a_module_is_paused_by_a_review_that_says_so(rows, module, stana):
    review = rows[-1]
    client = signed_in(stana)
    for name, state in (("scale", ModuleState.ACTIVE), ("pause", ModuleState.PAUSED)):
        address = reverse(f"admin:broadcasters_module_{name}", args=[module.pk])
        client.post(address, {"reason": "As reviewed", "review": review.pk})
        module.refresh_from_db()
        assert module.state == state
    assert ModuleMove.objects.get().review == review
    assert client.post(page_of(review), {}).status_code == 403
    assert b"Nobody watches" in client.get(page_of(module)).content


def test_a_review_is_written_with_figures_and_evidence(module, stana, rts):
    values = {
        "module": module.pk, "broadcaster": rts.pk, "first_on": "2026-01-01", "last_on": "2026-06-30",
        "staff": "lacking", "budget": "enough", "kit": "unknown", "verdict": "keep", "verdict_reason": "It grows",
        **empty("demand"), "demand-TOTAL_FORMS": 1, "demand-0-measure": "share", "demand-0-value": "101",
        "demand-0-language": "kk", "demand-0-source": "Panel",
        **empty("evidence"), "evidence-TOTAL_FORMS": 1, "evidence-0-indicator": "modules-reviewed",
        "evidence-0-broadcaster": rts.pk,
    }  # fmt: skip
    client = signed_in(stana)
    client.post(add_of(ModuleReview), values)
    assert not ModuleReview.objects.exists()  # 101 per cent
    assert client.post(add_of(ModuleReview), values | {"demand-0-value": "12.5"}).status_code == 302
    review = ModuleReview.objects.get()
    assert (review.written_by, review.demand.get().language, review.evidence.count()) == (stana, "kk", 1)


def test_a_paused_module_takes_no_new_initiative_nor_milestone_on_any_page(rows, module, stana, rts):
    client = signed_in(stana)
    module.state = ModuleState.PAUSED
    module.save(update_fields=["state"])
    initiative = rows[1]
    values = {
        "slug": "second", "name_en": "Second", "module": module.pk, "kind": "ai",
        **empty("milestones", "results", "moves", "owners"), "owners-TOTAL_FORMS": 1, "owners-0-broadcaster": rts.pk,
    }  # fmt: skip
    assert client.post(add_of(Initiative), values).status_code == 200
    more = values | {
        "owners-INITIAL_FORMS": 1, "owners-0-id": initiative.owners.get().pk, "owners-0-initiative": initiative.pk,
        "milestones-INITIAL_FORMS": 1, "milestones-TOTAL_FORMS": 2,
        "milestones-0-id": initiative.milestones.get().pk, "milestones-0-initiative": initiative.pk,
        "milestones-0-owner": rts.pk, "milestones-0-planned_on": "2026-01-01", "milestones-0-title_en": "Late",
        "milestones-1-owner": rts.pk, "milestones-1-planned_on": "2026-12-01", "milestones-1-title_en": "New",
        "milestones-1-initiative": initiative.pk,
    }  # fmt: skip
    assert client.post(page_of(initiative), more).status_code == 200
    assert (Initiative.objects.count(), InitiativeMilestone.objects.count()) == (1, 1)
    client.post(reverse("admin:broadcasters_initiative_run", args=[initiative.pk]), {"reason": "Go"})
    initiative.refresh_from_db()
    assert initiative.state == "proposed"
    module.state = ModuleState.ACTIVE
    module.save(update_fields=["state"])
    assert client.post(add_of(Initiative), values).status_code == 302
    assert client.post(page_of(initiative), more).status_code == 302
    assert (Initiative.objects.count(), InitiativeMilestone.objects.count()) == (2, 2)


def test_a_house_adopts_a_version_and_a_milestone_is_reached(rows, stana, rts):
    _memorandum, initiative, guideline, *_others = rows
    client = signed_in(stana)
    adopt = reverse("admin:broadcasters_guideline_adopt", args=[guideline.pk])
    version = guideline.versions.get()
    assert client.get(adopt).status_code == 200
    assert client.post(adopt, {"broadcaster": rts.pk, "version": version.pk, "adopted_on": ""}).status_code == 302
    assert version.adoptions.get().adopted_on == localdate(timezone=BELGRADE)
    reach = reverse("admin:broadcasters_initiative_reach", args=[initiative.pk])
    milestone = initiative.milestones.get()
    assert client.post(reach, {"milestone": milestone.pk, "actual_on": "2026-02-01"}).status_code == 302
    milestone.refresh_from_db()
    assert (milestone.actual_on, milestone.done_by) == (date(2026, 2, 1), stana)
    page = client.get(page_of(guideline)).content.decode()
    values = {
        "name_en": "On AI", "kind": "ai-use", **empty("versions"), "versions-TOTAL_FORMS": 1,
        "versions-INITIAL_FORMS": 1, "versions-0-id": version.pk, "versions-0-guideline": guideline.pk,
        "versions-0-text_en": "A machine reviews.",
    }  # fmt: skip
    assert "versions-0-text_en" in page
    answer = client.post(page_of(guideline), values, follow=True)
    assert [message.level_tag for message in answer.context["messages"]] == ["error"]
    version.refresh_from_db()
    assert version.text_en == "A person reviews."


def test_the_board_costs_the_same_for_one_and_for_three(rows, module, stana, rts):
    board, costs = reverse("admin:broadcasters_initiative_board"), []
    InitiativeOwner.objects.update(responsible=stana)
    for slugs in ((), ("second", "third")):
        for slug in slugs:
            each = Initiative.objects.create(slug=slug, name_en=slug, module=module, kind="ai")
            InitiativeOwner.objects.create(initiative=each, broadcaster=rts, responsible=stana)
            InitiativeMilestone.objects.create(initiative=each, owner=rts, planned_on=localdate(), title_en="X")
        client = signed_in(stana)
        client.get(board)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(board).status_code == 200
        costs.append(len(captured))
    assert costs[0] == costs[1]


def test_who_cannot_change_an_indicator_or_a_language_reads_its_name(memorandum, rows, stana, rts):
    client = signed_in(stana)
    page = client.get(page_of(owed(memorandum, rts, indicator="minutes-aired"))).content.decode()
    assert "minutes aired by partners" in page
    assert "minutes-aired" not in page
    MemorandumText.objects.create(memorandum=memorandum, language="sr-Latn", title="T", body="1.", source="RTS")
    page = client.get(list_of(MemorandumText)).content.decode()
    assert "Serbian Latin" in page
    assert "sr-Latn" not in page
