"""Footage in a production: which stretch of it is used, and what its holder has brought in."""

import pytest

from broadcasters.constants import Role
from mediaexchange.core.errors import DomainError
from productions.models import ArchiveUse
from productions.services.archive_use import change_use, contribute_use
from tests.archive.factories import make_item, make_segment
from tests.factories import make_user
from tests.productions.delivery import use_footage
from tests.productions.factories import make_producer, make_production

pytestmark = pytest.mark.django_db


@pytest.fixture
def production(rts, ptrc):
    return make_production(rts, ptrc, stage="post-production")


def change(use, actor=None, **fields):
    """Change a use as the API does: what is not named stays."""
    names = ("segment", "in_ms", "out_ms", "grant", "place")
    return change_use(use, actor=actor, **{name: getattr(use, name) for name in names} | fields)


def stretch_of(use):
    use = ArchiveUse.objects.get(pk=use.pk)
    return use.in_ms, use.out_ms


def test_another_segment_brings_its_own_stretch(production, rts):
    first = make_segment(make_item(rts))
    second = make_segment(first.item, in_frame=2500, out_frame=5000)
    use = use_footage(production, first)
    assert stretch_of(use) == (10_000, 50_000)
    changed = change(use, segment=second, in_ms=None, out_ms=None)
    assert stretch_of(changed) == (100_000, 200_000)
    assert stretch_of(change(changed, segment=first, in_ms=12_000, out_ms=20_000)) == (12_000, 20_000)


def test_a_stretch_lies_in_its_segment(production, rts):
    segment = make_segment(make_item(rts))
    use = use_footage(production, segment)
    for ends in ({"in_ms": 9_999}, {"out_ms": 50_001}, {"in_ms": 0, "out_ms": 5_000}):
        with pytest.raises(DomainError) as refused:
            change(use, **ends)
        assert refused.value.code == "beyond-segment"
    with pytest.raises(DomainError):
        use_footage(production, segment, in_ms=0, out_ms=50_000)
    segment.in_frame = 500
    segment.save()
    assert change(use, place="Scene 4").place == "Scene 4"


def test_nobody_else_widens_what_its_holder_has_contributed(production, rts, ptrc):
    item = make_item(ptrc)
    holder, producer = make_user(ptrc, Role.ADMINISTRATOR), make_producer(rts)

    def is_contributed_after(actor, **ends):
        use = use_footage(production, item, in_ms=10_000, out_ms=20_000)
        contribute_use(use, actor=holder)
        changed = ArchiveUse.objects.get(pk=change(use, actor, **ends).pk)
        assert (changed.contributed_by is not None) == changed.is_contributed
        return changed.is_contributed

    assert is_contributed_after(producer, in_ms=12_000, out_ms=20_000)
    assert is_contributed_after(producer, place="Scene 4")
    assert not is_contributed_after(producer, in_ms=None, out_ms=None)
    assert not is_contributed_after(producer, out_ms=20_001)
    assert not is_contributed_after(producer, in_ms=9_999)
    assert is_contributed_after(holder, in_ms=None, out_ms=None)
