"""Training in the demonstration: complete, and safe to repeat."""

import pytest

from newsexchange.demo import load_demo
from training.demo import load_training
from training.models import Certificate, Enrolment, Notice, Participant, Workshop

pytestmark = pytest.mark.django_db


def test_one_workshop_fills_up_and_one_is_over(tmp_path, monkeypatch):
    monkeypatch.setenv("MEDIAEXCHANGE_DATA", str(tmp_path))
    assert "Workshops: 2 new." in list(load_demo(""))
    coming = Workshop.objects.get(slug="ai-in-broadcasting-2026")
    assert (coming.capacity, coming.seats_taken, coming.languages) == (12, 12, ["kk", "ru", "sr"])
    statuses = list(Enrolment.objects.filter(workshop=coming).values_list("status", flat=True))
    assert {"confirmed", "offered", "waiting", "withdrawn", "nominated"} == set(statuses)
    assert Certificate.objects.count() == 6
    assert {certificate.language for certificate in Certificate.objects.all()} >= {"sr-Cyrl", "sr-Latn", "kk"}
    assert not Notice.objects.filter(status="pending").exists()
    assert all(person.email.endswith(".example.org") for person in Participant.objects.all())
    assert list(load_training()) == ["Workshops: 0 new."]
