"""Showings found in logs: a confirmed one is a counted run, and what was made together is not foreign."""

from datetime import UTC, datetime, timedelta

import pytest

from broadcasters.models import Airing, AiringMatch
from broadcasters.services.matching import confirm_match, suggest_matches
from mediaexchange.core.errors import ConflictError
from productions.models import Run
from productions.services.run import plan_run, report_run
from tests.factories import make_broadcaster, make_channel
from tests.productions.factories import make_producer, make_production, make_window

pytestmark = pytest.mark.django_db
EVENING = datetime(2026, 9, 14, 18, tzinfo=UTC)
OPEN = {"starts_at": datetime(2026, 9, 1, tzinfo=UTC), "ends_at": datetime(2026, 10, 1, tzinfo=UTC)}


@pytest.fixture
def production(rts, ptrc):
    return make_production(rts, ptrc, name_en="Liberators of Belgrade", name_sr="Ослободиоци Београда")


def aired(channel, title, at=EVENING, **fields):
    return Airing.objects.create(
        channel=channel, started_at=at, duration_ms=3_000_000, origin=channel.broadcaster, title=title, **fields
    )


def test_a_showing_under_a_window_is_found_and_becomes_its_run_once(rts, ptrc, production):
    window, channel = make_window(production, ptrc, territories=["KZ"], runs=1, **OPEN), make_channel(ptrc)
    early = aired(channel, "Liberators of Belgrade", EVENING - timedelta(days=30))
    airing, second = aired(channel, "Oslobodioci Beograda"), aired(channel, "x", EVENING + timedelta(days=1),
                                                                  reference=f"urn:uuid:{production.uid}")  # fmt: skip
    producer = make_producer(ptrc)
    assert suggest_matches(ptrc, [early, airing, second], actor=None) == 2
    match = AiringMatch.objects.get(airing=airing)
    assert (match.subject_type, match.subject_uid, match.evidence_uid) == ("production", production.uid, window.uid)
    for _again in range(2):
        confirm_match(match, actor=producer)
    run = Run.objects.get()
    airing.refresh_from_db()
    assert (run.airing, run.window) == (airing, window)
    assert (airing.origin, airing.is_joint, airing.is_foreign) == (rts, True, False)
    assert Airing.objects.foreign_share(channel, EVENING.date()).foreign_ms == 0
    with pytest.raises(ConflictError) as refused:
        confirm_match(AiringMatch.objects.get(airing=second), actor=producer)
    assert refused.value.code == "runs-used-up"
    second.refresh_from_db()
    assert (second.subject_uid, second.origin, Run.objects.count()) == (None, ptrc, 1)


def test_a_planned_showing_becomes_the_airing_that_the_log_brought(ptrc, production):
    window, channel = make_window(production, ptrc, territories=["KZ"], **OPEN), make_channel(ptrc)
    planned = plan_run(window, actor=make_producer(ptrc), channel=channel, starts_at=EVENING)
    airing = aired(channel, "Liberators of Belgrade")
    suggest_matches(ptrc, [airing], actor=None)
    match = AiringMatch.objects.get()
    assert "planned" in [reason["code"] for reason in match.reasons]
    confirm_match(match, actor=make_producer(ptrc))
    planned.refresh_from_db()
    assert (planned.airing, Run.objects.count()) == (airing, 1)


def test_a_showing_counted_by_hand_is_not_foreign_at_its_partners_and_is_elsewhere(rts, ptrc, production):
    third = make_broadcaster("rtv")
    window, channel = make_window(production, ptrc, territories=["KZ"], **OPEN), make_channel(ptrc)
    run = report_run(
        window, actor=make_producer(ptrc), channel=channel, starts_at=EVENING, duration_ms=3_000_000
    )  # fmt: skip
    assert (run.airing.is_joint, run.airing.is_foreign) == (True, False)
    named = aired(channel, "Something", EVENING + timedelta(days=1))
    counted = report_run(window, actor=make_producer(ptrc), airing=named)
    assert (counted.airing.subject_uid, counted.airing.is_joint) == (production.uid, True)
    elsewhere = aired(make_channel(third), "Liberators of Belgrade")
    assert suggest_matches(third, [elsewhere], actor=None) == 0  # it holds no window
    own = make_window(production, rts, **OPEN)
    at_home = report_run(
        own, actor=make_producer(rts), channel=make_channel(rts), starts_at=EVENING, duration_ms=1000
    )  # fmt: skip
    assert (at_home.airing.is_joint, at_home.airing.is_foreign) == (False, False)
