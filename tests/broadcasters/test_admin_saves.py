"""What a saved form writes: what it asks for, and nothing that a deed has written since the page was opened."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from broadcasters.admin.initiative import InitiativeAdmin
from broadcasters.admin.module import ModuleAdmin
from broadcasters.constants import Area, ModuleState, Role
from broadcasters.models import Initiative, InitiativeMilestone, InitiativeOwner
from broadcasters.services.initiative import move_initiative, reach_milestone
from broadcasters.services.module import move_module
from broadcasters.services.saving import refusals
from mediaexchange.core.errors import ConflictError
from mediaexchange.core.models import OutboxEvent
from tests.broadcasters.admin_pages import make_memorandum, page_of, sent, signed_in
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


def test_what_is_reached_is_not_called_off_and_what_has_ended_plans_no_more(initiative, stana, rts):
    reached = milestone_of(initiative, rts, actual_on=date(2026, 1, 2))
    client = signed_in(stana)
    assert sent(client, page_of(initiative), **{"milestones-0-is_cancelled": "on"}).context["errors"]
    with pytest.raises(ConflictError), refusals():
        InitiativeMilestone.objects.filter(pk=reached.pk).update(is_cancelled=True)
    Initiative.objects.update(state="completed")
    new = {"owner": rts.pk, "planned_on": "2027-01-01", "title_en": "New", "id": "", "initiative": initiative.pk}
    more = {"milestones-TOTAL_FORMS": "2", **{f"milestones-1-{name}": value for name, value in new.items()}}
    assert sent(client, page_of(initiative), **more).context["errors"]
    assert initiative.milestones.get() == reached


def test_who_owns_a_milestone_reaches_it_without_carrying_the_initiative(initiative, ptrc):
    milestone = milestone_of(initiative, ptrc)
    gulnar = signed_in(make_user(ptrc, Role.ADMINISTRATOR))
    assert sent(gulnar, page_of(initiative, "reach"), milestone=milestone.pk).status_code == 302
    milestone.refresh_from_db()
    assert milestone.actual_on == ptrc.today()


def test_what_is_written_on_pages_of_memoranda_reaches_the_change_feed(stana, rts, ptrc):
    memorandum = make_memorandum(rts, ptrc)
    client = signed_in(stana)

    def told():
        return list(OutboxEvent.objects.order_by("pk").values_list("kind", flat=True))

    clause = {"memorandum": memorandum.pk, "position": "1", "number": "1", "heading_en": "Reels", "id": ""}
    first = {"clauses-TOTAL_FORMS": "1", **{f"clauses-0-{name}": value for name, value in clause.items()}}
    assert sent(client, page_of(memorandum), notice_days="10", **first).status_code == 302
    assert told() == ["memorandum.changed", "memorandum.clause"]
    assert sent(client, page_of(memorandum), **{"parties-0-signature_status": "signed"}).status_code == 302
    assert told()[2:] == ["memorandum.changed", "memorandum.signature"]
    party = memorandum.parties.get(broadcaster=ptrc)
    assert sent(client, page_of(party), signature_status="signed").status_code == 302
    assert told()[4:] == ["memorandum.signature"]


def test_what_a_module_is_about_stays(module, initiative, stana):
    assert sent(signed_in(stana), page_of(module), area="archive").status_code == 302
    module.refresh_from_db()
    assert module.area == Area.DIGITAL_DEVELOPMENT
    with pytest.raises(IntegrityError, match="area of a module"), transaction.atomic():
        type(module).objects.filter(pk=module.pk).update(area=Area.ARCHIVE)
