import pytest

from broadcasters.constants import Role
from mediaexchange.core.errors import ForbiddenError
from mediaexchange.core.models import OutboxEvent
from newsexchange.models import Restriction, StoryVersion
from newsexchange.services.offer import take_offer
from newsexchange.services.restriction import RestrictionsError, set_restrictions
from tests.factories import make_broadcaster, make_story, make_user, offer

pytestmark = pytest.mark.django_db

NOT_IN_KAZAKHSTAN = {"territories": ["kz"], "is_barred": True}


def told():
    return {
        (event.is_retraction, tuple(event.audience)) for event in OutboxEvent.objects.filter(kind="story.restricted")
    }


def test_a_rights_officer_restricts_and_who_loses_the_right_hears_that_it_is_gone(rts, ptrc):
    story, third = make_story(rts), make_broadcaster("mrt", country_code="MK")
    offer(story, ptrc, third)
    take_offer(story.offers.get(to_broadcaster=ptrc), actor=make_user(ptrc), accepts_credit=True)
    officer = make_user(rts, Role.RIGHTS_OFFICER)
    story = set_restrictions(story, [NOT_IN_KAZAKHSTAN], actor=officer)
    assert story.version == 2
    assert told() == {(True, (ptrc.pk,)), (False, tuple(sorted((rts.pk, third.pk))))}
    assert StoryVersion.objects.get(story=story, version=2).snapshot["restrictions"][0]["territories"] == ["KZ"]
    assert set_restrictions(story, [NOT_IN_KAZAKHSTAN], actor=officer).version == 2


def test_a_lifted_restriction_gives_the_right_back_without_a_retraction(rts, ptrc):
    story, desk = make_story(rts, restrictions=[{"territories": ["KZ"], "is_barred": True}]), make_user(rts)
    offer(story, ptrc)
    set_restrictions(story, [], actor=desk)
    assert told() == {(False, tuple(sorted((rts.pk, ptrc.pk))))}
    assert not Restriction.objects.filter(story=story).exists()


def test_added_restrictions_stand_beside_the_others(rts):
    story, desk = make_story(rts, restrictions=[{"max_seconds": 60}]), make_user(rts)
    set_restrictions(story, [{"no_archive": True}], actor=desk, keep=True)
    assert Restriction.objects.filter(story=story).count() == 2


def test_a_note_with_the_line_ends_of_browsers_is_the_same_note(rts):
    story = make_story(rts, restrictions=[{"no_edit": True, "note": "Not before noon.\nNot after."}])
    row = {"no_edit": True, "note": "Not before noon.\r\nNot after."}
    assert set_restrictions(story, [row], actor=make_user(rts)).version == 1


def test_a_row_without_sense_is_named_and_nothing_is_written(rts):
    story = make_story(rts, shots=[{}])
    with pytest.raises(RestrictionsError) as refused:
        set_restrictions(story, [{"max_seconds": 60}, {"shot": 1, "is_barred": True}], actor=make_user(rts))
    assert set(refused.value.by_row) == {1}
    assert not Restriction.objects.filter(story=story).exists()


@pytest.mark.parametrize("role", [Role.VIEWER, Role.PRODUCER])
def test_restrictions_are_for_editors_and_rights_officers_of_the_origin(rts, ptrc, role):
    story = make_story(rts)
    offer(story, ptrc)
    for stranger in (make_user(rts, role), make_user(ptrc, Role.RIGHTS_OFFICER)):
        with pytest.raises(ForbiddenError):
            set_restrictions(story, [{"no_edit": True}], actor=stranger)
