"""Pilots are marked by the partners and decided over once; a decision reaches the module where somebody may."""

import pytest
from django.db import IntegrityError, transaction

from broadcasters.constants import Role
from broadcasters.models import Module, ModuleMove
from broadcasters.services.module import move_module
from mediaexchange.core.errors import DomainError, ForbiddenError
from mediaexchange.core.models import OutboxEvent
from productions.constants import Criterion
from productions.models import PilotMark, PilotReview, Production
from productions.services.pilot import decide_pilot, mark_pilot, move_module_of, open_review, proposal_for
from tests.factories import make_broadcaster, make_user
from tests.productions.factories import make_production
from tests.productions.refusals import refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def pilot(rts, ptrc):
    """A pilot of RTS and PTRC that waits to be reviewed."""
    return make_production(rts, ptrc, stage="pilot", is_pilot=True)


@pytest.fixture
def review(pilot, producer, partner):
    """Everything marked, by one partner or the other."""
    review = open_review(pilot, actor=producer)
    for number, criterion in enumerate(Criterion):
        mark_pilot(
            review, actor=(producer, partner)[number % 2], criterion=criterion, mark=number + 1, note="Seen twice"
        )
    return review


def test_one_review_is_open_at_a_time_and_both_partners_are_told(pilot, producer, partner, rts, ptrc):
    review = open_review(pilot, actor=producer)
    assert open_review(pilot, actor=partner) == review
    assert OutboxEvent.objects.get(kind="pilot-review.opened").audience == sorted([rts.pk, ptrc.pk])
    with refused("not-a-pilot"):
        open_review(make_production(rts, ptrc, stage="production"), actor=producer)


def test_each_house_marks_for_itself_and_the_last_word_counts(pilot, producer, partner, rts, ptrc):
    review = open_review(pilot, actor=producer)
    mark_pilot(review, actor=producer, criterion="demand", mark=2)
    mark_pilot(review, actor=producer, criterion="demand", mark=4, note="After the second screening")
    mark_pilot(review, actor=partner, criterion="demand", mark=5)
    marks = {mark.broadcaster: (mark.mark, mark.note) for mark in review.marks.all()}
    assert marks == {rts: (4, "After the second screening"), ptrc: (5, "")}
    with pytest.raises(ForbiddenError):
        mark_pilot(review, actor=producer, criterion="demand", mark=1, house=ptrc)
    with pytest.raises(ForbiddenError):
        mark_pilot(review, actor=make_user(rts, Role.EDITOR), criterion="demand", mark=1)
    with refused("mark-impossible"):
        mark_pilot(review, actor=producer, criterion="demand", mark=6)


def test_nothing_is_decided_while_nobody_has_said_what_they_think(pilot, producer):
    review = open_review(pilot, actor=producer)
    mark_pilot(review, actor=producer, criterion="demand", mark=4)
    with pytest.raises(DomainError) as error:
        decide_pilot(review, actor=producer, decision="go", reason="It is good")
    assert error.value.code == "marks-missing"
    assert [each["code"] for each in error.value.details["reasons"]] == ["feasibility", "cost", "balance", "quality"]


def test_go_takes_it_into_production_and_pause_puts_it_on_hold(review, producer, rts, ptrc):
    decide_pilot(review, actor=producer, decision="go", reason="Asked for")
    pilot = Production.objects.get(pk=review.production_id)
    assert (pilot.stage.slug, pilot.is_held, pilot.moves.first().reason) == ("production", False, "Asked for")
    again = open_review(pilot, actor=producer)
    for criterion in Criterion:
        mark_pilot(again, actor=producer, criterion=criterion, mark=2)
    decide_pilot(again, actor=producer, decision="pause", reason="Too dear")
    pilot.refresh_from_db()
    assert (pilot.stage.slug, pilot.is_held) == ("production", True)


def test_stop_stops_it_with_the_reason(review, producer):
    decide_pilot(review, actor=producer, decision="stop", reason="Nobody watched it")
    pilot = Production.objects.get(pk=review.production_id)
    assert (pilot.stage.slug, pilot.moves.first().reason) == ("stopped", "Nobody watched it")


def test_a_review_is_decided_once_by_whatever_road(review, producer):
    decide_pilot(review, actor=producer, decision="go", reason="Asked for")
    decide_pilot(review, actor=producer, decision="go", reason="Asked for, again")
    assert PilotReview.objects.get().reason == "Asked for"
    with refused("review-decided"):
        decide_pilot(review, actor=producer, decision="stop", reason="No")
    with refused("review-decided"):
        mark_pilot(review, actor=producer, criterion="demand", mark=1)
    for forbidden in (
        lambda: PilotReview.objects.update(decision="stop"),
        lambda: PilotMark.objects.update(mark=1),
        lambda: PilotMark.objects.all().delete(),
    ):
        with pytest.raises(IntegrityError, match="stand"), transaction.atomic():
            forbidden()


def test_a_module_scales_only_on_a_recorded_review(review, producer, rts):
    module = review.production.module
    administrator = make_user(rts, Role.ADMINISTRATOR)
    with refused("review-missing"):
        move_module(module, actor=administrator, state="scaled", reason="We like it")
    with pytest.raises(IntegrityError, match="no review of a pilot"), transaction.atomic():
        Module.objects.filter(pk=module.pk).update(state="scaled")
    decide_pilot(review, actor=producer, decision="scale", reason="Watched by many")
    review.refresh_from_db()
    assert proposal_for(review, administrator) == "scaled"
    assert proposal_for(review, producer) == ""
    with pytest.raises(ForbiddenError):
        move_module_of(review, actor=producer)
    moved = move_module_of(review, actor=administrator)
    assert (moved.module_move.to_state, moved.module_move.reason) == ("scaled", "Watched by many")
    assert move_module_of(review, actor=administrator).module_move == ModuleMove.objects.get()


def test_an_administrator_pauses_the_module_with_the_decision_itself(review, rts):
    decide_pilot(
        review, actor=make_user(rts, Role.ADMINISTRATOR), decision="pause", reason="Elections", with_module=True
    )
    assert Module.objects.get(pk=review.production.module_id).state == "paused"


def test_only_producers_of_partners_decide(review, rts):
    for somebody in (make_user(rts, Role.EDITOR), make_user(make_broadcaster("rtv"), Role.PRODUCER)):
        with pytest.raises(ForbiddenError):
            decide_pilot(review, actor=somebody, decision="go", reason="Yes")
