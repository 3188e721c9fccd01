import pytest

from broadcasters.constants import Area
from newsexchange.demo_stories import CONCERT, FERRY, load_stories
from newsexchange.models import Story
from newsexchange.rights import may_use
from tests.factories import make_module, make_user

pytestmark = pytest.mark.django_db


def test_the_demonstration_has_a_dopesheet_and_a_story_barred_in_kazakhstan(rts, ptrc):
    make_module(rts, ptrc, area=Area.NEWS_EXCHANGE)
    editor = make_user(rts)
    assert (load_stories(editor), load_stories(editor)) == (2, 0)
    ferry, concert = Story.objects.get(slugline=FERRY), Story.objects.get(slugline=CONCERT)
    assert (ferry.shots.count(), ferry.soundbites.count()) == (3, 1)
    conditions = {statement.code for statement in may_use(ferry, ptrc).conditions}
    assert "credit" in conditions
    refusal = may_use(concert, ptrc)
    assert not refusal.is_allowed
    assert refusal.reasons
