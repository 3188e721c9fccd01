"""What a saved form writes: what it asks for, and nothing that a deed has written since the page was opened."""

from datetime import date

import pytest

from broadcasters.admin.initiative import InitiativeAdmin
from broadcasters.admin.module import ModuleAdmin
from broadcasters.constants import Area, ModuleState, Role
from broadcasters.models import Initiative, InitiativeMilestone, InitiativeOwner
from broadcasters.services.initiative import move_initiative, reach_milestone
from broadcasters.services.module import move_module
from tests.broadcasters.admin_pages import page_of, sent, signed_in
from tests.factories import make_module, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def stana(rts):
    return make_user(rts, Role.ADMINISTRATOR)


@pytest.fixture
def module(rts, ptrc):
    return make_module(rts, ptrc, slug="digital", area=Area.DIGITAL_DEVELOPMENT)


@pytest.fixture
def initiative(module, rts):
    made = Initiative.objects.create(slug="player", name_en="One player", module=module, kind="streaming")
    InitiativeOwner.objects.create(initiative=made, broadcaster=rts)
    return made


def meanwhile(monkeypatch, admin, deed):
    """The deed is done after the page has read its row and before it writes it."""
    save = admin.save_model

    def late(self, *args):
        deed()
        save(self, *args)

    monkeypatch.setattr(admin, "save_model", late)


def test_a_pause_outlasts_a_form_that_was_open(module, stana, ptrc, monkeypatch):
    gulnar = make_user(ptrc, Role.ADMINISTRATOR)
    meanwhile(monkeypatch, ModuleAdmin, lambda: move_module(module, actor=gulnar, state="paused", reason="Rights"))
    assert sent(signed_in(stana), page_of(module), demand_note_en="More sport").status_code == 302
    module.refresh_from_db()
    assert (module.state, module.reason, module.demand_note_en) == (ModuleState.PAUSED, "Rights", "More sport")


def test_an_end_and_a_day_reached_outlast_a_form_that_was_open(initiative, stana, rts, monkeypatch):
    milestone = milestone_of(initiative, rts)

    def end():
        reach_milestone(milestone, actor=stana, actual_on=date(2026, 1, 2))
        move_initiative(initiative, actor=stana, state="abandoned", reason="No money")

    meanwhile(monkeypatch, InitiativeAdmin, end)
    changed = {"summary_en": "A player for both", "milestones-0-title_en": "First broadcast"}
    assert sent(signed_in(stana), page_of(initiative), **changed).status_code == 302
    initiative.refresh_from_db()
    milestone.refresh_from_db()
    assert (initiative.state, initiative.summary_en) == ("abandoned", "A player for both")
    assert (milestone.title_en, milestone.actual_on, milestone.done_by) == ("First broadcast", date(2026, 1, 2), stana)


def milestone_of(initiative, owner, **fields):
    values = {"planned_on": date(2026, 1, 1), "title_en": "First stream"}
    return InitiativeMilestone.objects.create(initiative=initiative, owner=owner, **values | fields)
