"""Words that very many texts hold: looked for among the newest first, further back for who sees few of them."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from mediaexchange.core.models import SearchEntry
from mediaexchange.core.search import finding, windows
from mediaexchange.core.search.asking import Filters
from mediaexchange.core.search.indexing import refresh
from mediaexchange.core.search.registry import all_types
from mediaexchange.core.search.results import search
from newsexchange.models import Story
from tests.factories import make_broadcaster, make_story, make_user, offer

pytestmark = pytest.mark.django_db


@pytest.fixture
def many(monkeypatch):
    """Forty stories of a month each, the newest first; the bounds are as much lower as there are fewer of them."""
    monkeypatch.setattr(finding, "LIMITS", (4, 8, 16))
    monkeypatch.setattr(windows, "_PROBED", 3)
    monkeypatch.setattr(windows, "_statistics", None)
    rts = make_broadcaster("rts")
    template = make_story(rts, headline_sr="", body_sr="", headline_en="Bridge")
    stories = []
    for number in range(40):
        values = {field.attname: getattr(template, field.attname) for field in Story._meta.concrete_fields}
        moment = datetime.now(UTC) - timedelta(days=30 * number)
        values |= {"id": None, "uid": None, "published_at": moment, "versioned_at": moment}
        values.pop("uid")
        stories.append(Story(**values))
    Story.objects.bulk_create(stories)
    refresh("story", [story.pk for story in stories])
    template.delete()
    SearchEntry.objects.filter(object_id=template.pk).delete()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE core_searchentry")
    yield stories
    windows._statistics = None


def test_a_common_word_is_looked_for_among_the_newest_only(many):
    desk = make_user(make_broadcaster("rts"))
    found = search("bridge", desk, all_types(), language="en", limit=2)
    assert [result.uid for result in found.results] == [str(story.uid) for story in many[:2]]
    assert found.count_is_capped
    assert found.count <= 8


def test_a_rare_word_is_looked_for_everywhere_and_counted_exactly(many):
    oldest = many[-1]
    oldest.headline_en = "Mastodon under the bridge"
    oldest.save()
    refresh("story", [oldest.pk])
    desk = make_user(make_broadcaster("rts"))
    found = search("mastodon bridge", desk, all_types(), language="en")
    assert ([result.uid for result in found.results], found.count_is_capped) == ([str(oldest.uid)], False)


def test_who_sees_few_of_many_is_looked_further_back_for(many):
    ptrc = make_broadcaster("ptrc")
    for story in (many[6], many[9]):
        offer(story, ptrc)
    found = search("bridge", make_user(ptrc), all_types(), language="en", limit=2)
    assert [result.uid for result in found.results] == [str(many[6].uid), str(many[9].uid)]


def test_pages_of_a_common_word_stay_within_what_was_looked_at(many):
    desk = make_user(make_broadcaster("rts"))
    first = search("bridge", desk, all_types(), language="en", limit=3)
    second = search("bridge", desk, all_types(), language="en", limit=3, cursor=first.following)
    seen = [result.uid for result in (*first.results, *second.results)]
    assert seen == [str(story.uid) for story in many[: len(seen)]]
    assert len(set(seen)) > 3


def test_a_period_is_looked_for_however_common_the_word(many):
    desk, wanted = make_user(make_broadcaster("rts")), many[20]
    day = wanted.published_at.date()
    filters = Filters(since=day - timedelta(days=2), until=day + timedelta(days=2))
    found = search("bridge", desk, all_types(), language="en", filters=filters)
    assert [result.uid for result in found.results] == [str(wanted.uid)]
    assert not found.count_is_capped
    found = search("bridge", desk, all_types(), language="en", filters=Filters(until=day), limit=2)
    assert [result.uid for result in found.results] == [str(story.uid) for story in many[20:22]]


@pytest.mark.parametrize("typed", ["zyxwvut", "bridge", "bridge opens", '"a bridge"', "bridge -mastodon", "brid*"])
def test_every_kind_of_question_goes_by_the_index_of_words(many, typed, monkeypatch):
    plans = []
    run = finding.run

    def explained(sql, parameters):
        if "core_searchentry" in sql:
            with connection.cursor() as cursor:
                cursor.execute("EXPLAIN " + sql, parameters)
                plans.append((sql, "\n".join(line for (line,) in cursor.fetchall())))
        return run(sql, parameters)

    monkeypatch.setattr(finding, "run", explained)
    search(typed, make_user(make_broadcaster("ptrc")), all_types(), language="en")
    assert plans
    for sql, plan in plans:
        index = "Bitmap Index Scan on core_search_words" if sql == finding._CANDIDATES else "core_searchentry_pkey"
        assert index in plan
        assert "Seq Scan on core_searchentry" not in plan
        assert "Seq Scan on newsexchange_story" not in plan
