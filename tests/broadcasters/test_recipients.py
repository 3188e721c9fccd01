import pytest

from broadcasters.constants import Role
from broadcasters.services.recipients import people_with
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def test_those_are_told_whose_role_at_one_of_the_houses_may_deal_with_it(rts, ptrc):
    desk, viewer = make_user(rts), make_user(rts, Role.VIEWER)
    make_user(rts, is_active=False)
    abroad = make_user(ptrc)
    assert people_with("newsexchange.acknowledge_recall", [rts]) == [desk.pk]
    assert people_with("newsexchange.acknowledge_recall", [rts.pk, ptrc.pk]) == sorted([desk.pk, abroad.pk])
    assert viewer.pk in people_with("newsexchange.view_story", [rts])
    rts.is_active = False
    rts.save()
    assert people_with("newsexchange.acknowledge_recall", [rts]) == []
