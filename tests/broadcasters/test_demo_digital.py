"""Digital development in the demonstration."""

import pytest
from django.core.management import call_command
from django.utils.timezone import localdate

from broadcasters.demo_digital import load_digital
from broadcasters.models import (
    Broadcaster,
    Guideline,
    Initiative,
    InitiativeMilestone,
    Membership,
    Minutes,
    ModuleReview,
)
from mediaexchange.core.models import User
from newsexchange.demo import STAFF

pytestmark = pytest.mark.django_db


def test_it_is_loaded_once_and_has_a_milestone_that_is_late():
    call_command("load_reference", verbosity=0)
    for username, slug, role, *_names, language, _zone in STAFF:
        user = User.objects.create_user(username, language=language, is_staff=True)
        Membership.objects.create(user=user, broadcaster=Broadcaster.objects.get(slug=slug), role=role)
    assert list(load_digital()) == ["Initiatives of digital development: 2 new."]
    assert list(load_digital()) == ["Initiatives of digital development: 0 new."]
    assert set(Initiative.objects.values_list("kind", flat=True)) == {"streaming", "ai"}
    assert InitiativeMilestone.objects.overdue(localdate()).count() == 1
    assert Guideline.objects.get().versions.get().adoptions.get().broadcaster.slug == "rts"
    assert ModuleReview.objects.get().verdict == "keep"
    assert [str(house.slug) for house in Minutes.objects.get().waits_for] == ["ptrc"]
    for model in (Initiative, InitiativeMilestone, Guideline, Minutes, ModuleReview):
        for row in model.objects.all():
            row.full_clean(exclude={"written_by"})
