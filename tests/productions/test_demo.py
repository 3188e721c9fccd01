"""The demonstration's co-productions: at three stages of their road, and safe to repeat."""

from contextlib import contextmanager

import pytest
from django.utils import timezone
from django_celery_beat.models import PeriodicTask

from archive.models import Instantiation
from broadcasters.models import Module
from mediaexchange.core.inbox.models import Notification
from newsexchange.demo import load_demo
from productions import demo_cuts
from productions.demo import load_productions
from productions.models import (
    ArchiveUse,
    Budget,
    BudgetLine,
    Deliverable,
    Expense,
    LanguageVersion,
    Milestone,
    Note,
    PilotReview,
    Production,
    Revision,
    Window,
)
from productions.services.stage import blockers_of
from productions.tasks import make_demo_cuts
from tests.archive.factories import PNG

pytestmark = pytest.mark.django_db

_COUNTED = (
    Production, Budget, BudgetLine, Expense, Milestone, Window, Revision, Note, LanguageVersion, Deliverable,
    ArchiveUse, PilotReview, Instantiation,
)  # fmt: skip


def counts():
    return {model.__name__: model._default_manager.count() for model in _COUNTED}


def test_three_co_productions_at_different_stages_are_loaded_once_and_cut_by_workers(tmp_path, monkeypatch):
    monkeypatch.setenv("MEDIAEXCHANGE_DATA", str(tmp_path))
    assert "Co-productions: 3 new." in list(load_demo(""))
    before = counts()
    assert "Co-productions: 0 new." in list(load_productions())
    assert counts() == before
    assert Module.objects.get(area="co_production").is_running
    film, women, roads = (
        Production.objects.get(slug=slug) for slug in ("demo-liberators", "demo-women-of-the-steppe", "demo-roads")
    )
    assert [film.stage.slug, women.stage.slug, roads.stage.slug] == ["post-production", "post-production", "pilot"]
    for production in (film, women, roads):
        for field in ("name", "logline", "objectives"):
            assert len({getattr(production, f"{field}_{code}") for code in ("sr", "kk", "ru", "en")}) == 4
    assert film.milestones.late().exists()
    assert set(film.archive_uses.cleared(False).values_list("item__identifier", flat=True)) == {"DEMO-KON-1978"}
    private = BudgetLine.objects.filter(budget__production=film, budget__number=1, is_private=True)
    assert set(private.values_list("owner__broadcaster__slug", flat=True)) == {"rts", "ptrc"}
    assert set(women.versions.values_list("language", flat=True)) >= {"kk-Cyrl", "sr-Cyrl", "hu-Latn", "rue-Cyrl"}
    assert women.windows.count() == 4
    assert not roads.pilot_reviews.get().is_decided
    assert not Notification.objects.filter(kind__startswith="productions.", mail_due_at__isnull=False).exists()
    _workers_make_the_cuts_and_what_was_decided_follows(tmp_path, monkeypatch)


def _workers_make_the_cuts_and_what_was_decided_follows(tmp_path, monkeypatch):
    picture = tmp_path / "cut.png"
    picture.write_bytes(PNG)

    @contextmanager
    def quickly(item, seconds, kind):
        picture.write_bytes(PNG + item.identifier.encode())  # a file of its own
        yield picture

    monkeypatch.setattr(demo_cuts, "generated", quickly)
    row = PeriodicTask.objects.get(name="demo-cuts")
    assert row.enabled
    for _time in range(2):
        make_demo_cuts()
        Instantiation.objects.filter(item__identifier__startswith="DEMO-CUT", file__isnull=False).update(
            duration_ms=12_000
        )
        make_demo_cuts()
    film = Production.objects.get(slug="demo-liberators")
    rough = film.revisions.get(kind="rough-cut")
    assert rough.due_at > timezone.now()
    assert dict(rough.decisions.values_list("broadcaster__slug", "decision")) == {"rts": "approved", "ptrc": "changes"}
    assert list(rough.notes.filter(parent__isnull=True).values_list("in_ms", flat=True)) == [1_520, 6_000, 9_240]
    women = Production.objects.get(slug="demo-women-of-the-steppe")
    assert women.stage.slug == "delivery"
    assert blockers_of(women, "delivering") == []
    kazakh = women.versions.get(language="kk-Cyrl")
    masters = dict(kazakh.deliverables.filter(kind="master").values_list("broadcaster__slug", "status"))
    assert masters == {"rts": "accepted", "rtv": "delivered"}
    before = counts()
    make_demo_cuts()
    row.refresh_from_db()
    assert not row.enabled
    assert list(load_productions()) == ["Co-productions: 0 new."]
    assert counts() == before
