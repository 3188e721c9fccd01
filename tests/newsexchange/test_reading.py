import pytest

from newsexchange import reading
from newsexchange.constants import Road
from newsexchange.models import Receipt
from newsexchange.services.documents import documents_of
from newsexchange.services.recall import recall_story
from tests.factories import make_embargoed_story, make_story, make_user, offer

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(ptrc):
    return make_user(ptrc)


def cards(user, **options):
    return reading.page_of_cards(user, "card", "en", **{"before": None, "limit": 20} | options)


def test_a_page_holds_what_the_reader_sees_newest_first(rts, ptrc, editor):
    offered, _foreign, hidden = make_story(rts), make_story(rts), make_embargoed_story(rts)
    own = make_story(ptrc)
    offer(offered, ptrc)
    offer(hidden, ptrc)
    assert [row.id for row in cards(editor)] == [own.pk, offered.pk]


def test_pages_follow_one_another_without_gap_or_repetition(ptrc, editor):
    stories = [make_story(ptrc).pk for _number in range(5)]
    seen, before = [], None
    while rows := cards(editor, before=before, limit=2):
        seen += [row.id for row in rows]
        before = (rows[-1].published_at, rows[-1].id)
    assert seen == stories[::-1]


def test_a_first_reading_is_noted_before_the_short_way_is_open(rts, ptrc, editor, astana):
    story = make_story(rts)
    offer(story, ptrc)
    assert not reading.story_document(editor, story.uid, "detail", "en").is_settled
    astana.get(f"stories/{story.uid}/")
    assert Receipt.objects.get().road == Road.API
    documents_of([story.pk], "detail", "en", reader=editor)
    row = reading.story_document(editor, story.uid, "detail", "en")
    assert row.is_settled
    assert '"headline":"A new library opens"' in row.content


def test_rights_are_weighed_on_the_long_way(rts, ptrc, editor, astana):
    story = make_story(rts, restrictions=[{"no_archive": True}])
    offer(story, ptrc)
    astana.get(f"stories/{story.uid}/")
    assert not reading.story_document(editor, story.uid, "detail", "en").is_settled


def test_a_recalled_story_is_gone_from_the_short_way_at_once(rts, ptrc, editor, astana):
    story = make_story(rts)
    offer(story, ptrc)
    assert astana.get(f"stories/{story.uid}/").status_code == 200
    recall_story(story, actor=None, kind="kill", reason="")
    assert reading.story_document(editor, story.uid, "detail", "en") is None
    assert astana.get(f"stories/{story.uid}/").status_code == 404
    assert cards(editor) == []


def test_both_ways_give_the_same_answer(rts, ptrc, astana):
    story = make_story(rts)
    offer(story, ptrc)
    long_way = astana.get(f"stories/{story.uid}/", lang="kk")
    short_way = astana.get(f"stories/{story.uid}/", lang="kk")
    assert long_way.json() == short_way.json()
    headers = ("ETag", "Content-Language", "Last-Modified", "Vary", "Cache-Control")
    assert [long_way.headers[name] for name in headers] == [short_way.headers[name] for name in headers]
    filtered = astana.get("stories/", broadcaster="rts").json()
    assert astana.get("stories/").json()["results"] == filtered["results"]
