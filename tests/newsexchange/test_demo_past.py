"""The demonstration has a past: what was exchanged last month, modules that run since, and a recall to acknowledge."""

from datetime import timedelta

import pytest
from django.utils import timezone

from broadcasters.constants import ModuleState
from broadcasters.demo import date_modules
from broadcasters.models import Module, Obligation
from broadcasters.obligations import Standing, progress_of
from broadcasters.services.module import move_module
from mediaexchange.core.inbox.models import Notification
from mediaexchange.core.models import User
from newsexchange.demo import load_demo
from newsexchange.demo_past import KILLED, load_past
from newsexchange.models import Offer, RecallNotice, Story

pytestmark = pytest.mark.django_db


def test_obligations_have_a_past_and_one_recall_waits_for_the_desk_of_astana(tmp_path, monkeypatch):
    monkeypatch.setenv("MEDIAEXCHANGE_DATA", str(tmp_path))
    list(load_demo(""))
    director = User.objects.get(username="belgrade-director")
    standings = {row.indicator: progress_of(row, director) for row in Obligation.objects.for_progress()}
    offered, licensed = standings["stories-offered"], standings["seconds-licensed"]
    assert (offered.last.done, offered.last.stretch.wanted) == (5, 5)
    assert (licensed.standing, licensed.last.done, licensed.current.done) == (Standing.OVERDUE, 12, 5)
    (notice,) = RecallNotice.objects.visible_to(User.objects.get(username="astana-desk")).filter(acknowledged_at=None)
    assert (notice.recall.story.slugline, notice.broadcaster.slug) == (KILLED, "ptrc")
    assert Notification.objects.filter(kind="newsexchange.recall", recipient__username="astana-desk").exists()
    past = Offer.objects.filter(story__slugline__startswith="demo-past-").values_list("offered_at", flat=True)
    assert max(past) < timezone.now() - timedelta(hours=12)
    assert not Module.objects.running().filter(state_changed_at__gte=timezone.now() - timedelta(days=80)).exists()
    assert not Notification.objects.filter(kind="broadcasters.module-moved").exists()

    stories = Story.objects.count()
    assert list(load_past()) == ["Stories of last month: 0 new."]
    assert Story.objects.count() == stories
    module = Module.objects.running().first()
    for state in (ModuleState.PAUSED, ModuleState.ACTIVE):
        move_module(module, actor=director, state=state, reason="Elections")
    list(date_modules())
    module.refresh_from_db()
    assert module.state_changed_at > timezone.now() - timedelta(minutes=5)
