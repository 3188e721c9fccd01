"""Raw counts of co-productions: the rows behind each figure, by house, partner and period."""

from datetime import timedelta

import pytest
from django.utils import timezone

from broadcasters.indicators import Period
from productions.indicators import (
    RAW_COUNTS,
    archive_uses,
    archive_uses_cleared,
    masters_delivered,
    milestones_met,
    milestones_missed,
    pilots_passed,
    pilots_reviewed,
    productions_begun,
    productions_by_stage,
    productions_in_work,
    productions_stopped,
    versions_by_language,
)
from productions.models import (
    ArchiveUse,
    Decision,
    Deliverable,
    LanguageVersion,
    Milestone,
    PilotReview,
    ProductionMove,
    Revision,
)
from tests.archive.factories import make_instantiation, make_item
from tests.factories import make_broadcaster
from tests.productions.factories import make_milestone, make_production, stage_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def rtv():
    return make_broadcaster("rtv")


@pytest.fixture
def week():
    now = timezone.now()
    return Period(now - timedelta(days=7), now + timedelta(minutes=5))


@pytest.fixture
def month_before(week):
    return Period(week.starts_at - timedelta(days=30), week.starts_at)


def test_productions_are_counted_for_each_partner_and_where_they_stood(rts, ptrc, rtv, week, month_before):
    film = make_production(rts, ptrc, stage="production")
    make_production(rts, rtv, stage="stopped")
    make_production(rts, ptrc, is_shared=False)
    assert productions_begun(rts, week).count() == 2
    assert list(productions_begun(rts, week, ptrc)) == list(productions_begun(ptrc, week)) == [film]
    assert not productions_begun(rts, month_before).exists()
    standing = {stage.slug: rows.count() for stage, rows in productions_by_stage(rts, week)}
    assert (standing["production"], standing["stopped"], standing["idea"]) == (1, 1, 0)
    assert list(productions_in_work(rts, week)) == [film]
    assert productions_stopped(rts, week).count() == 1
    # It moves on after the period: what was, was.
    ProductionMove.objects.create(
        production=film, from_stage=film.stage, to_stage=stage_of("post-production"), at=week.ends_at
    )
    assert {stage.slug: rows.count() for stage, rows in productions_by_stage(rts, week)}["production"] == 1


def test_pilots_count_when_they_are_decided(rts, ptrc, week):
    film = make_production(rts, ptrc, stage="pilot", is_pilot=True)
    PilotReview.objects.create(production=film, decision="go", reason="Good", decided_at=week.starts_at)
    other = make_production(rts, ptrc, stage="pilot", is_pilot=True)
    PilotReview.objects.create(production=other, decision="stop", reason="No", decided_at=week.starts_at)
    PilotReview.objects.create(production=make_production(rts, ptrc, stage="pilot", is_pilot=True))
    assert pilots_reviewed(ptrc, week, rts).count() == 2
    assert [review.production for review in pilots_passed(rts, week)] == [film]


def test_delivered_masters_count_minutes_and_versions_by_language(rts, ptrc, rtv, week):
    film = make_production(rts, ptrc, rtv, stage="post-production", episodes=2, episode_minutes=26)
    tape = make_instantiation(make_item(rts))
    final = Revision.objects.create(production=film, kind="final-cut", broadcaster=rts, instantiation=tape)
    for house in (rts, ptrc, rtv):
        Decision.objects.create(revision=final, broadcaster=house, decision="approved")
    for language, house in (("hu-Latn", ptrc), ("sr-Cyrl", rtv)):
        version = LanguageVersion.objects.create(
            production=film, language=language, kind="original", payer=rts, owner=rts, ai_use="none"
        )
        Deliverable.objects.create(
            version=version, broadcaster=house, supplier=rts, kind="master", status="delivered", instantiation=tape,
            delivered_at=week.starts_at,
        )  # fmt: skip
    assert masters_delivered(rts, week).count() == 2
    minutes = next(count for count in RAW_COUNTS if count.name == "minutes-delivered")
    assert minutes.value(minutes.rows(rts, week)) == 104
    assert minutes.value(minutes.rows(rts, week, ptrc)) == 52
    assert minutes.value(minutes.rows(ptrc, week)) == 0
    assert [(tag, rows.count()) for tag, rows in versions_by_language(rts, week)] == [("hu-Latn", 1), ("sr-Cyrl", 1)]
    assert [tag for tag, _rows in versions_by_language(rts, week, rtv)] == ["sr-Cyrl"]


def test_footage_is_counted_with_what_of_it_is_cleared(rts, ptrc, week):
    film = make_production(rts, ptrc, stage="production")
    ArchiveUse.objects.create(production=film, item=make_item(rts), is_contributed=True)
    ArchiveUse.objects.create(production=film, item=make_item(ptrc))
    assert archive_uses(rts, week).count() == archive_uses(ptrc, week).count() == 2
    assert archive_uses(rts, week, ptrc).count() == 1
    assert [use.item.broadcaster for use in archive_uses_cleared(rts, week)] == [rts]


def test_milestones_are_met_or_missed_by_who_owes_them(rts, ptrc, week):
    film = make_production(rts, ptrc, stage="production")
    inside = week.starts_at + timedelta(days=1)
    for done_at in (inside - timedelta(hours=1), inside + timedelta(hours=1), None):
        make_milestone(film, due_at=inside, done_at=done_at)
    Milestone.objects.create(
        production=film, owner=film.partners.get(broadcaster=ptrc), title_en="Off", due_at=inside, is_cancelled=True,
        time_zone="Asia/Almaty",
    )  # fmt: skip
    assert milestones_met(rts, week, ptrc).count() == 1
    assert milestones_missed(rts, week).count() == 2
    assert not milestones_missed(ptrc, week).exists()


def test_every_raw_count_gives_rows_that_can_be_narrowed_to_a_reader(rts, ptrc, week, producer):
    make_production(rts, ptrc, stage="production")
    for count in RAW_COUNTS:
        for partner in (None, ptrc):
            rows = count.rows(rts, week, partner)
            assert count.value(rows.visible_to(producer)) <= count.value(rows), count.name
    assert len({count.name for count in RAW_COUNTS}) == len(RAW_COUNTS)
