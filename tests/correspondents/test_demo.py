"""The demonstration's correspondents: everything that the pages have to show, once."""

import pytest

from correspondents.demo import load_correspondents
from correspondents.findings import demands_of
from correspondents.models import Assignment, CoverageWish, HandOver, Paper, PlannedEvent
from newsexchange.demo import load_demo

pytestmark = pytest.mark.django_db


def test_the_demonstration_has_an_anniversary_a_lacking_paper_somebody_under_way_and_a_hand_over(
    settings, tmp_path, monkeypatch
):
    settings.DEMO_PARTS = ()
    monkeypatch.setenv("MEDIAEXCHANGE_DATA", str(tmp_path))
    list(load_demo(""))
    counts = Assignment.objects.count(), PlannedEvent.objects.count(), Paper.objects.count()
    assert list(load_correspondents()) == ["Assignments of correspondents: 0 new."]
    assert (Assignment.objects.count(), PlannedEvent.objects.count(), Paper.objects.count()) == counts
    anniversary = PlannedEvent.objects.get(kind="commemoration")
    assert (anniversary.dated, anniversary.anniversary_of.slug) == ("2026-12-10", "diplomatic-relations")
    assert set(CoverageWish.objects.values_list("status", flat=True)) == {"wanted", "planned"}
    lacking = Assignment.objects.get(status="accepted")
    assert [demand.kind for demand in demands_of([lacking.pk])[lacking.pk] if not demand.is_held] == ["accreditation"]
    assert Assignment.objects.filter(status="in-progress").count() == 2
    assert HandOver.objects.get().status == "accepted"
    assert Assignment.objects.get(status="draft").correspondent is not None
