import pytest

from newsexchange.rights import may_use
from tests.factories import make_story, offer

pytestmark = pytest.mark.django_db


def codes(statements):
    return [statement.code for statement in statements]


def test_what_is_barred_at_home_is_refused_and_says_where(rts, ptrc):
    story = make_story(rts, restrictions=[{"territories": ["CIS"], "is_barred": True}])
    offer(story, ptrc)
    decision = may_use(story, ptrc)
    assert not decision.is_allowed
    assert codes(decision.reasons) == ["barred"]
    assert may_use(story, ptrc, territory="CN").is_allowed
    assert may_use(story, rts, territory="KZ").is_allowed
