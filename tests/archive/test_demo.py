"""The archives of the demonstration: complete, safe to repeat, and their footage made by workers."""

import pytest
from django_celery_beat.models import PeriodicTask

from archive import demo
from archive.constants import Category
from archive.demo_licensed import load_licensed
from archive.models import Collection, FootageRequest, Grant, Item, Licence, MediaFile, Series, Step
from broadcasters.models import Module
from newsexchange.demo import load_demo

pytestmark = pytest.mark.django_db


@pytest.fixture
def loaded(tmp_path, monkeypatch):
    monkeypatch.setenv("MEDIAEXCHANGE_DATA", str(tmp_path))
    return list(load_demo(""))


def counts():
    return [model._default_manager.count() for model in (Collection, Series, Item, FootageRequest, Licence, Grant)]


def test_three_archives_with_requests_and_rights_are_loaded_once_and_share_a_running_module(loaded):
    before = counts()
    list(load_licensed())
    assert list(demo.load_archive())[:2] == ["Items of the archives: 0 new.", "Footage requests: 0 new."]
    assert counts() == before
    assert set(Item.objects.values_list("broadcaster__slug", flat=True)) == {"rts", "rtv", "ptrc"}
    assert Module.objects.get(area="archive").is_running
    assert {item.category for item in Item.objects.all()} == set(Category.values)
    assert sorted(FootageRequest.objects.values_list("status", flat=True)) == [
        "approved",
        "approved",
        "approved",
        "partly-approved",
        "submitted",
    ]
    assert Licence.objects.count() == 4
    assert Grant.objects.filter(is_exclusive=True, grantee__slug="rts").exists()


def test_the_footage_is_made_by_whoever_sweeps_the_timetable_until_nothing_lacks(loaded, monkeypatch):
    row = PeriodicTask.objects.get(name="demo-footage")
    assert row.enabled
    footage = MediaFile.objects.filter(instantiations__isnull=False)
    assert not footage.exists()
    assert demo.make_footage()
    file = footage.get()
    assert file.is_ready
    assert Step.objects.filter(file=file).exists()
    assert file.instantiations.get().item.identifier == "DEMO-FN-1961-09"
    monkeypatch.setattr(demo, "_lacking", lambda: None)
    monkeypatch.setattr(demo, "_deliver", lambda: False)
    assert not demo.make_footage()
    row.refresh_from_db()
    assert not row.enabled
