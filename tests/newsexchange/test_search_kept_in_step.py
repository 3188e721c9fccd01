"""However a text comes to be written, the index says at once what a fresh rebuilding would say."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.urls import reverse

from broadcasters.constants import Role
from broadcasters.models import Person, PersonAlias, Place
from broadcasters.services.reference import load_reference
from mediaexchange.core.models import SearchEntry, SearchName, SearchRebuild
from mediaexchange.core.search.indexing import refresh
from mediaexchange.core.search.rebuilding import BATCH, check, has_been_built, rebuild
from mediaexchange.core.search.registry import all_types, type_named
from mediaexchange.core.search.results import search
from newsexchange.constants import EditionOrigin
from newsexchange.models import FeedRule, Story
from newsexchange.services.edition import Text, save_edition
from newsexchange.services.ingest import ingest_document
from newsexchange.services.recall import recall_story, restore_story
from newsexchange.services.story import publish_story, save_story
from tests.factories import make_feed, make_module, make_story, make_user

pytestmark = pytest.mark.django_db


def entries():
    fields = ("type", "object_id", "language", "words", "fresh_at", "origin", "kind", "topics")
    names = SearchName.objects.values_list("type", "object_id", "text", "key")
    return set(map(str, SearchEntry.objects.values_list(*fields))), set(names)


@pytest.fixture(autouse=True)
def records_of_the_tests(rts, ptrc):
    """The factories write these past every page and service."""
    refresh("broadcaster", [rts.pk, ptrc.pk])
    refresh("place", Place.objects.values_list("pk", flat=True))


def assert_in_step():
    stored = entries()
    assert stored[0]
    for search_type in all_types():
        assert [progress.wrong for progress in check(search_type)][-1] == 0
    SearchEntry.objects.all().delete()
    SearchName.objects.all().delete()
    for search_type in all_types():
        list(rebuild(search_type))
    assert entries() == stored


def rss(*items: str) -> bytes:
    return f"<rss version='2.0'><channel><title>News</title>{''.join(items)}</channel></rss>".encode()


def item(guid: str, title: str, body: str = "<p>Река је широка</p>") -> str:
    return f"<item><guid>{guid}</guid><title>{title}</title><description><![CDATA[{body}]]></description></item>"


def found_by(typed: str, reader) -> int:
    return search(typed, reader, all_types(), language="sr").count


def test_stories_of_the_desk(rts):
    editor = make_user(rts)
    story = make_story(rts, published=False, keywords=["vodostaj"])
    assert found_by("biblioteka", editor) == 1
    story.headline_sr = "Отворен нови мост"
    story = save_story(story, actor=editor, changed={"headline_sr"})
    assert (found_by("most", editor), found_by("biblioteka", editor)) == (1, 0)
    story = publish_story(story, actor=editor)
    story.headline_sr, story.body_kk = "Отворена нова лука", "<p>Жаңа көпір</p>"
    story = save_story(story, actor=editor, changed={"headline_sr", "body_kk"})
    assert (found_by("luka", editor), found_by("көпір", editor), found_by("most", editor)) == (1, 1, 0)
    story.body_kk = ""
    story = save_story(story, actor=editor, changed={"body_kk"})
    assert found_by("көпір", editor) == 0
    save_story(story, actor=editor, changed=set(), texts={"hu": Text("Új kikötő", "", "<p>Megnyílt</p>")})
    assert found_by("kikötő", editor) == 1
    assert_in_step()


def test_translations(rts):
    editor = make_user(rts)
    story = make_story(rts)
    for language, words in (("kk", "Жаңа кітапхана"), ("hu", "Új könyvtár")):
        text = Text(words, "", f"<p>{words}</p>")
        save_edition(story, language, text, actor=editor, origin=EditionOrigin.HUMAN, reviewed_by=editor)
    assert (found_by("кітапхана", editor), found_by("könyvtár", editor)) == (1, 1)
    assert_in_step()


def test_recalls_and_their_end(rts):
    editor, story = make_user(rts), make_story(rts)
    recall_story(story, actor=editor, kind="withhold", reason="checking")
    assert_in_step()
    restore_story(story, actor=editor)
    assert_in_step()


def test_feeds_with_rules_and_updates(rts, ptrc):
    feed = make_feed(rts, module=make_module(rts, ptrc))
    FeedRule.objects.create(feed=feed, field="headline", value="мост", action="tag", tag="medtop:04000000")
    FeedRule.objects.create(feed=feed, field="headline", value="парк", action="hold")
    ingest_document(feed, rss(item("a", "Отворена библиотека"), item("b", "Отворен мост"), item("c", "Затворен парк")))
    editor = make_user(rts)
    assert (found_by("biblioteka", editor), found_by("reka", editor)) == (1, 3)
    ingest_document(feed, rss(item("a", "Отворена галерија"), item("b", "Отворен мост")))
    assert (found_by("biblioteka", editor), found_by("galerija", editor)) == (0, 1)
    assert_in_step()


def test_a_feed_that_is_rolled_back_leaves_no_entry(rts):
    feed = make_feed(rts)
    assert ingest_document(feed, b"this is no feed")[0].result == "quarantined"
    assert not SearchEntry.objects.filter(type="story").exists()


def test_the_api(belgrade, rts):
    texts = {"sr-Cyrl": {"headline": "Отворена библиотека", "body": "<p>Река</p>"}, "hu": {"headline": "Új könyvtár"}}
    made = belgrade.post("stories/", {"language": "sr-Cyrl", "texts": texts, "topics": ["medtop:04000000"]})
    assert made.status_code == 201
    editor, path = make_user(rts), made.headers["Location"].partition("/api/v1/")[2]
    assert (found_by("biblioteka", editor), found_by("könyvtár", editor)) == (1, 1)
    belgrade.post(f"{path}publish/")
    belgrade.send("PATCH", path, {"texts": {"sr-Cyrl": {"headline": "Отворен мост"}}}, If_Match="*")
    assert (found_by("biblioteka", editor), found_by("most", editor)) == (0, 1)
    assert_in_step()


def test_the_admins_pages_of_stories_and_records(rts):
    admin = make_user(rts, Role.ADMINISTRATOR, is_superuser=True)
    client = Client()
    client.force_login(admin, backend="broadcasters.auth.RoleBackend")
    person = Person.objects.create(slug="vucic", name_sr="Александар Вучић", name_en="Aleksandar Vučić")
    refresh("person", [person.pk])
    page = {
        "slug": "vucic", "sources": "[]", "name_sr": "Александар Вучић", "name_kk": "Александар Вучич", "name_ru": "",
        "name_en": "Aleksandar Vučić", "description_sr": "председник", "description_kk": "", "description_ru": "",
        "description_en": "", "aliases-TOTAL_FORMS": "1", "aliases-INITIAL_FORMS": "0", "aliases-0-text": "Вучичевић",
        "aliases-0-language": "sr-Cyrl", "aliases-0-person": str(person.pk),
    }  # fmt: skip
    answer = client.post(reverse("admin:broadcasters_person_change", args=[person.pk]), page)
    assert answer.status_code == 302, answer.context["errors"]
    assert PersonAlias.objects.count() == 1
    assert found_by("vucicevic", admin) == 1
    assert found_by("predsednik", admin) == 1
    assert_in_step()


def test_the_reference_data():
    load_reference()
    assert_in_step()
    Person.objects.filter(pk=Person.objects.first().pk).update(name_en="Somebody else")
    assert [progress.wrong for progress in check(type_named("person"))][-1] == 1
    load_reference()
    assert [progress.wrong for progress in check(type_named("person"))][-1] == 0


def test_a_rebuilding_that_was_stopped_goes_on_where_it_was(rts):
    load_reference()
    SearchEntry.objects.all().delete()
    places = type_named("place")
    total = Place.objects.count()
    Place.objects.bulk_create(
        Place(slug=f"p{number}", kind="city", country_code="RS", name_en=f"Town {number}")
        for number in range(2 * BATCH)
    )
    running = rebuild(places)
    next(running), next(running)
    running.close()
    assert SearchEntry.objects.filter(type="place").count() == BATCH
    assert not has_been_built(places)
    first, *_others, last = list(rebuild(places))
    assert (first.done, last.done, last.total) == (BATCH, total + 2 * BATCH, total + 2 * BATCH)
    assert has_been_built(places)
    assert SearchRebuild.objects.get(pk="place").finished_at is not None


def test_a_finished_rebuilding_begins_again_and_drops_what_has_no_record(rts):
    story = make_story(rts)
    list(rebuild(type_named("story")))
    SearchEntry.objects.create(type="story", object_id=story.pk + 1_000, language="sr", words="'x':1")
    SearchEntry.objects.create(type="story", object_id=story.pk, language="hu", words="'x':1")
    assert [progress.wrong for progress in check(type_named("story"))][-1] == 2
    list(rebuild(type_named("story")))
    assert sorted(SearchEntry.objects.filter(type="story").values_list("language", flat=True)) == ["en", "sr"]


def test_the_command_shows_progress_and_reports_drift(rts):
    story, out = make_story(rts), io.StringIO()
    call_command("rebuild_search", "--check", stdout=out)
    assert "story: 1 of 1 done" in out.getvalue()
    Story.objects.filter(pk=story.pk).update(headline_sr="Сасвим нешто друго")
    with pytest.raises(CommandError, match="1 records"):
        call_command("rebuild_search", "--check", stdout=io.StringIO())
    assert found_by("sasvim", make_user(rts)) == 0
    call_command("rebuild_search", "--kind", "story", stdout=out)
    assert found_by("sasvim", make_user(rts)) == 1
    call_command("rebuild_search", "--check", stdout=io.StringIO())


def test_once_builds_only_what_was_never_built(rts):
    make_story(rts)
    list(rebuild(type_named("story")))
    out = io.StringIO()
    call_command("rebuild_search", "--once", stdout=out)
    assert "story" not in out.getvalue()
    assert "person: 0 of 0 done" in out.getvalue()


def written() -> dict[int, str]:
    """Which transaction wrote each row of the index."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, ctid::text FROM core_searchentry")
        return dict(cursor.fetchall())


def test_what_does_not_change_the_words_writes_nothing(rts):
    story = make_story(rts)
    before = written()
    refresh("story", [story.pk])
    assert written() == before
    story.urgency = 3
    save_story(story, actor=make_user(rts), changed={"urgency"})
    assert written() == before
