"""The way of a production: what is allowed, what is in the way, who is told."""

import threading
from collections import defaultdict

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from broadcasters.constants import Role
from broadcasters.models import Module
from broadcasters.services.module import move_module
from mediaexchange.core.errors import ConflictError, DomainError, ForbiddenError
from mediaexchange.core.models import OutboxEvent
from productions.models import PilotReview, Production, Stage, StageMove
from productions.services import stage as stages
from productions.services.production import resume_production, save_production
from productions.services.stage import Blocker, gate, move_production, next_blockers, steps_of
from tests.factories import make_user
from tests.productions.delivery import make_final
from tests.productions.factories import make_production, make_production_module, stage_of
from tests.productions.refusals import refused


@pytest.fixture(autouse=True)
def only_the_modules_gate(monkeypatch):
    """What other parts have against delivery is tested with them."""
    monkeypatch.setattr(stages, "_gates", defaultdict(list, delivering=[stages.module_runs]))


@pytest.mark.django_db
def test_an_idea_goes_its_way_and_every_move_is_kept(production, producer, partner):
    for slug in ("development", "production", "post-production"):
        move_production(production, actor=producer, stage=stage_of(slug))
    move_production(production, actor=partner, stage=stage_of("production"), reason="Two scenes are missing")
    moves = [(move.from_stage and move.from_stage.slug, move.to_stage.slug) for move in production.moves.all()]
    assert moves == [
        ("post-production", "production"), ("production", "post-production"), ("development", "production"),
        ("idea", "development"), (None, "idea"),
    ]  # fmt: skip
    last = production.moves.first()
    assert (last.actor, last.reason) == (partner, "Two scenes are missing")
    assert OutboxEvent.objects.filter(kind="production.moved").count() == 4


@pytest.mark.django_db
def test_a_move_that_nobody_has_allowed_is_refused_by_the_service_and_the_database(production, producer):
    with pytest.raises(ConflictError) as error:
        move_production(production, actor=producer, stage=stage_of("delivery"))
    assert error.value.details["allowed"] == ["development", "stopped"]
    with pytest.raises(IntegrityError, match="no move leads"), transaction.atomic():
        Production.objects.update(stage=stage_of("delivery"))
    with pytest.raises(IntegrityError, match="begins at the initial stage"), transaction.atomic():
        Production.objects.create(
            slug="late", name_en="Late", kind="series", stage=stage_of("closed"), module=production.module,
            made_by=production.made_by,
        )  # fmt: skip


@pytest.mark.django_db
def test_a_stage_and_its_moves_are_added_by_data_alone(production, producer):
    hall = Stage.objects.create(slug="test-screening", name_en="Test screening", position=45)
    StageMove.objects.create(from_stage=stage_of("development"), to_stage=hall)
    move_production(production, actor=producer, stage=stage_of("development"))
    move_production(production, actor=producer, stage=hall)
    assert [step.stage.slug for step in steps_of(Production.objects.get())] == ["stopped"]


@pytest.mark.django_db
def test_what_a_stage_means_cannot_be_changed_under_productions(production):
    with pytest.raises(IntegrityError, match="means"), transaction.atomic():
        Stage.objects.filter(slug="delivery").update(is_delivering=False)


@pytest.mark.django_db
def test_it_is_stopped_from_anywhere_with_a_reason_and_goes_on_with_one(production, producer):
    move_production(production, actor=producer, stage=stage_of("development"))
    with refused("reason-missing"):
        move_production(production, actor=producer, stage=stage_of("stopped"), reason=" ")
    move_production(production, actor=producer, stage=stage_of("stopped"), reason="No money")
    move_production(production, actor=producer, stage=stage_of("development"), reason="Money")
    assert Production.objects.get().stage.slug == "development"


@pytest.mark.django_db
def test_the_same_move_twice_is_one_move(production, producer):
    first = move_production(production, actor=producer, stage=stage_of("development"))
    assert move_production(production, actor=producer, stage=stage_of("development")) == first
    assert production.moves.count() == 2


@pytest.mark.django_db
def test_an_idea_is_shown_to_the_partners_once_it_is_developed(rts, ptrc, producer, partner):
    production = make_production(rts, ptrc, is_shared=False)
    with pytest.raises(ForbiddenError):
        move_production(production, actor=partner, stage=stage_of("development"))
    assert not Production.objects.visible_to(partner).exists()
    move_production(production, actor=producer, stage=stage_of("development"))
    assert Production.objects.visible_to(partner).exists()
    assert OutboxEvent.objects.get(kind="production.moved").audience == sorted([rts.pk, ptrc.pk])


@pytest.mark.django_db
def test_a_production_of_one_house_is_no_co_production(rts, producer):
    production = make_production(rts)
    with pytest.raises(ConflictError) as error:
        move_production(production, actor=producer, stage=stage_of("development"))
    assert [reason["code"] for reason in error.value.details["reasons"]] == ["partner-missing"]
    assert [each.code for each in next_blockers([production])[production.pk]] == ["partner-missing"]


@pytest.mark.django_db
def test_the_board_names_the_review_that_a_pilot_waits_for(rts, ptrc):
    module = make_production_module(rts, ptrc)
    pilots = [make_production(rts, ptrc, module=module, stage="pilot", is_pilot=True) for _number in range(3)]
    found = next_blockers(
        Production.objects.select_related("stage", "module").filter(pk__in=[each.pk for each in pilots])
    )
    assert {tuple(blocker.code for blocker in blockers) for blockers in found.values()} == {("review-missing",)}


@pytest.mark.django_db
def test_whoever_only_reads_moves_nothing(production, rts):
    with pytest.raises(ForbiddenError):
        move_production(production, actor=make_user(rts, Role.EDITOR), stage=stage_of("development"))


@pytest.mark.django_db
def test_a_refusal_names_every_blocker_with_its_link(rts, ptrc, producer):
    gate("delivery")(lambda production: [Blocker("cue-sheet-missing", "No cue sheet.", "/sheets/")])
    gate("shared")(lambda production: [Blocker("stills-missing", "No stills.")])
    production = make_production(rts, ptrc, stage="post-production")
    with pytest.raises(ConflictError) as error:
        move_production(production, actor=producer, stage=stage_of("delivery"))
    assert error.value.code == "production-blocked"
    assert error.value.details["reasons"] == [
        {"code": "cue-sheet-missing", "message": "No cue sheet.", "link": "/sheets/"},
        {"code": "stills-missing", "message": "No stills.", "link": ""},
    ]
    assert [each.code for each in next_blockers([production])[production.pk]] == ["cue-sheet-missing", "stills-missing"]


@pytest.mark.django_db
def test_pausing_the_module_stops_new_deliveries_with_its_reason_and_resuming_continues(rts, ptrc, producer):
    administrator = make_user(rts, Role.ADMINISTRATOR)
    module = make_production_module(rts, ptrc)
    pilot = make_production(rts, ptrc, module=module, stage="post-production", is_pilot=True)
    make_final(pilot)
    out = make_production(rts, ptrc, module=module, stage="delivery")
    move_module(module, actor=administrator, state="paused", reason="Elections until June")
    with pytest.raises(ConflictError) as error:
        move_production(pilot, actor=producer, stage=stage_of("delivery"))
    (reason,) = error.value.details["reasons"]
    assert reason["code"] == "module-not-running"
    assert "Elections until June" in reason["message"]
    assert reason["link"].endswith(f"/module/{module.pk}/change/")
    with pytest.raises(IntegrityError, match="nothing new is delivered"), transaction.atomic():
        Production.objects.filter(pk=pilot.pk).update(stage=stage_of("delivery"))
    with pytest.raises(ConflictError):
        move_production(out, actor=producer, stage=stage_of("distribution"))
    move_production(out, actor=producer, stage=stage_of("post-production"), reason="The sound is too quiet")
    move_production(pilot, actor=producer, stage=stage_of("production"), reason="A scene is lacking")
    with pytest.raises(ConflictError):
        move_production(pilot, actor=producer, stage=stage_of("post-production"))
    assert [each.code for each in next_blockers([pilot_now(pilot)])[pilot.pk]] == ["module-not-running"]
    move_module(module, actor=administrator, state="active", reason="Elections are over")
    move_production(pilot, actor=producer, stage=stage_of("post-production"))
    move_production(pilot, actor=producer, stage=stage_of("delivery"))
    assert Production.objects.get(pk=pilot.pk).stage.slug == "delivery"


def pilot_now(production):
    return Production.objects.select_related("stage", "module").get(pk=production.pk)


@pytest.mark.django_db
def test_what_is_on_hold_does_not_move_on_until_it_is_resumed(rts, ptrc, producer):
    production = make_production(rts, ptrc, stage="production", held_at=timezone.now())
    with pytest.raises(ConflictError) as error:
        move_production(production, actor=producer, stage=stage_of("post-production"))
    assert [reason["code"] for reason in error.value.details["reasons"]] == ["production-on-hold"]
    resume_production(production, actor=producer)
    move_production(production, actor=producer, stage=stage_of("post-production"))


@pytest.mark.django_db
def test_a_pilot_goes_into_production_only_after_a_review(rts, ptrc, producer):
    pilot = make_production(rts, ptrc, stage="pilot")
    Production.objects.filter(pk=pilot.pk).update(is_pilot=True)
    with pytest.raises(ConflictError) as error:
        move_production(pilot, actor=producer, stage=stage_of("production"))
    assert [reason["code"] for reason in error.value.details["reasons"]] == ["review-missing"]
    decided = {"reason": "Good", "decided_at": timezone.now()}
    PilotReview.objects.create(production=pilot, decision="go", **decided)
    move_production(pilot, actor=producer, stage=stage_of("production"))


@pytest.mark.django_db
def test_a_new_production_is_an_idea_that_belongs_to_its_house(rts, ptrc, producer):
    module = make_production_module(rts, ptrc)
    stage_of("idea")
    idea = Production(
        slug="steppe", name_en="  Women of the Great Steppe ", kind="documentary", made_by=rts, module=module
    )
    stored = save_production(idea, actor=producer)
    assert (stored.stage.slug, stored.is_shared, stored.name_en) == ("idea", False, "Women of the Great Steppe")
    assert [str(row.share_percent) for row in stored.partners.all()] == ["100.00"]
    connection.check_constraints()
    stored.slate_on = "2027-05-09"
    again = save_production(stored, actor=producer, changed={"slate_on"})
    assert again.sequence == 1
    with refused("not-a-party"):
        save_production(
            Production(slug="x", name_en="X", kind="series", made_by=rts, module=make_production_module(ptrc)),
            actor=producer,
        )


@pytest.mark.django_db(transaction=True)
def test_a_pause_waits_for_the_delivery_that_has_begun(rts, ptrc):
    """Neither is lost: the delivery is there, and the next one is refused."""
    production = make_production(rts, ptrc, stage="post-production")
    make_final(production)
    administrator = make_user(rts, Role.ADMINISTRATOR)
    failures = []

    def pause():
        try:
            move_module(production.module, actor=administrator, state="paused", reason="Elections")
        except (DatabaseError, DomainError) as error:
            failures.append(error)
        finally:
            connection.close()

    with transaction.atomic():
        move_production(production, actor=None, stage=stage_of("delivery"))
        thread = threading.Thread(target=pause)
        thread.start()
        thread.join(timeout=0.5)
        assert thread.is_alive(), "the pause waits"
    thread.join(timeout=10)
    assert failures == []
    assert Module.objects.get(pk=production.module_id).state == "paused"
    assert Production.objects.get().stage.slug == "delivery"
