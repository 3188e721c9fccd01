import pytest

from mediaexchange.core.languages import normalise
from mediaexchange.core.languages.serbian_words import DEFAULT_KEEP
from mediaexchange.core.models import OutboxEvent
from newsexchange.models import QuarantinedEntry, RecallNotice, Story, StoryVersion
from newsexchange.services import ingest
from newsexchange.services.drafting import draft_of
from newsexchange.services.ingest import ingest_document
from newsexchange.services.recall import recall_story
from newsexchange.services.story import save_story
from tests.factories import make_broadcaster, make_feed, make_module, make_user
from tests.newsexchange.parsing.documents import message, news_item

pytestmark = pytest.mark.django_db


def rss(*items: str) -> bytes:
    namespaces = 'xmlns:nar="http://iptc.org/std/nar/2006-10-01/"'
    return f'<rss version="2.0" {namespaces}><channel><title>Вести</title>{"".join(items)}</channel></rss>'.encode()


def item(guid: str = "a", title: str = "Отворена библиотека", body: str = "<p>Текст</p>", extra: str = "") -> str:
    escaped = body.replace("&", "&amp;").replace("<", "&lt;")
    return f"<item><guid>{guid}</guid><title>{title}</title><description>{escaped}</description>{extra}</item>"


def results(feed, payload):
    return [outcome.result for outcome in ingest_document(feed, payload)]


def test_a_new_entry_becomes_a_published_story_in_the_feeds_language():
    feed = make_feed()
    assert results(feed, rss(item())) == ["created"]
    story = Story.objects.get()
    assert (story.headline_sr, story.headline_en, story.version) == ("Отворена библиотека", None, 1)
    assert story.body_sr == "<p>Текст</p>"


def test_the_same_content_again_changes_nothing():
    feed = make_feed()
    results(feed, rss(item()))
    before = Story.objects.values().get()
    assert results(feed, rss(item())) == ["unchanged"]
    assert Story.objects.values().get() == before


@pytest.mark.parametrize("sent", ["2026-02-27T09:00:00Z", ""])
def test_what_is_sent_again_at_another_time_has_not_changed(sent):
    feed = make_feed()
    told = news_item(content_meta="<headline>Отворена библиотека</headline>")

    def at(moment: str) -> bytes:
        header = f"<header><sent>{moment}</sent><sender>agency.example</sender></header>"
        return message(told).replace(b"<header/>", header.encode())

    assert results(feed, at("2026-02-27T08:00:00Z")) == ["created"]
    assert results(feed, at(sent)) == ["unchanged"]
    story = Story.objects.get()
    assert (story.version, story.versions.count(), story.hops[-1]["by"]) == (1, 1, "agency.example")


def test_changed_content_is_a_new_version_and_the_old_one_stays_readable():
    feed = make_feed()
    results(feed, rss(item()))
    assert results(feed, rss(item(title="Отворена велика библиотека"))) == ["updated"]
    story = Story.objects.get()
    assert story.version == 2
    old = story.versions.get(version=1)
    assert old.snapshot["headline_sr"] == "Отворена библиотека"


def test_a_title_that_is_longer_than_its_column_is_stored_and_kept_whole():
    feed = make_feed()
    assert results(feed, rss(item(title="Реч " * 800))) == ["created"]
    story = Story.objects.get()
    assert len(story.headline_sr) <= 500
    assert story.source_texts[0]["value"] == ("Реч " * 800).strip()


def test_one_bad_entry_does_not_sink_the_others(monkeypatch):
    def overlong(sent, document, feed):
        draft = draft_of(sent, document, feed)
        if sent.guid == "bad":
            draft.desk_fields["slugline"] = "X" * 3000
        return draft

    monkeypatch.setattr(ingest, "draft_of", overlong)
    feed = make_feed()
    assert sorted(results(feed, rss(item("a"), item("bad"), item("b")))) == ["created", "created", "quarantined"]
    assert QuarantinedEntry.objects.get().reason == "refused-by-database"


def test_a_killed_story_is_recalled_and_never_revived():
    feed = make_feed()
    results(feed, rss(item()))
    assert results(feed, rss(item(extra="<nar:pubStatus>canceled</nar:pubStatus>"))) == ["recalled"]
    assert Story.objects.get().recalls.get().kind == "kill"
    assert results(feed, rss(item(title="Ипак"))) == ["quarantined"]
    assert Story.objects.get().pubstatus == "canceled"


def test_new_stories_are_offered_to_the_parties_of_a_running_module():
    rts, ptrc = make_broadcaster("rts"), make_broadcaster("ptrc")
    feed = make_feed(rts, module=make_module(rts, ptrc))
    results(feed, rss(item()))
    assert Story.objects.get().offers.get().to_broadcaster == ptrc


def test_a_paused_module_offers_nothing():
    rts, ptrc = make_broadcaster("rts"), make_broadcaster("ptrc")
    feed = make_feed(rts, module=make_module(rts, ptrc, state="paused"))
    results(feed, rss(item()))
    assert not Story.objects.get().offers.exists()


def test_rubbish_is_quarantined_whole_with_a_reason():
    feed = make_feed()
    assert results(feed, b"<html><body>Sign in") == ["quarantined"]
    entry = QuarantinedEntry.objects.get()
    assert (bytes(entry.payload), entry.reason) == (b"<html><body>Sign in", "unknown-format")


WITHHELD = "<nar:pubStatus>withheld</nar:pubStatus>"


def test_what_the_desk_withheld_is_not_restored_by_a_feed_that_knows_no_status():
    feed = make_feed()
    results(feed, rss(item()))
    desk = make_user(feed.broadcaster)
    recall_story(Story.objects.get(), actor=desk, kind="withhold", reason="court order")
    assert results(feed, rss(item(title="Исправљен зарез"))) == ["updated"]
    story = Story.objects.get()
    assert (story.pubstatus, story.headline_sr) == ("withheld", "Исправљен зарез")


def test_what_the_feed_withheld_comes_back_with_its_new_text_alone(ptrc):
    feed = make_feed(module=make_module(make_broadcaster("rts"), ptrc))
    results(feed, rss(item(title="Клевета")))
    assert results(feed, rss(item(extra=WITHHELD))) == ["recalled"]
    assert results(feed, rss(item(title="Исправка"))) == ["updated"]
    story = Story.objects.get()
    assert (story.pubstatus, story.headline_sr) == ("usable", "Исправка")
    seen = StoryVersion.objects.visible_to(make_user(ptrc))
    assert [version.snapshot["headline_sr"] for version in seen] == ["Исправка"]
    assert not RecallNotice.objects.unanswered().exists()  # of what is usable again nothing is waited for


def test_a_story_first_seen_withheld_can_be_updated_restored_and_recalled(ptrc):
    feed = make_feed(module=make_module(make_broadcaster("rts"), ptrc))
    assert results(feed, rss(item(extra=WITHHELD))) == ["created"]
    assert results(feed, rss(item(title="Друга верзија", extra=WITHHELD))) == ["updated"]
    assert results(feed, rss(item(title="Трећа верзија"))) == ["updated"]
    story = Story.objects.get()
    assert story.offers.get().to_broadcaster == ptrc
    recall = recall_story(story, actor=None, kind="kill", reason="")
    assert recall.notices.get().broadcaster == ptrc


def test_what_the_desk_has_set_survives_a_source_that_never_spoke_of_it():
    feed = make_feed(is_open=True)
    results(feed, rss(item()))
    story = Story.objects.get()
    story.is_held, story.usage_terms = True, "Not in KZ"
    save_story(story, actor=make_user(feed.broadcaster), changed={"is_held", "usage_terms"})
    assert results(feed, rss(item(title="Исправљен зарез"))) == ["updated"]
    story.refresh_from_db()
    assert (story.is_held, story.usage_terms, story.headline_sr) == (True, "Not in KZ", "Исправљен зарез")


def test_an_embargo_that_the_source_moves_is_followed():
    feed = make_feed()
    results(feed, rss(item(extra="<nar:embargoed>2099-01-01T00:00:00Z</nar:embargoed>")))
    results(feed, rss(item(extra="<nar:embargoed>2098-01-01T00:00:00Z</nar:embargoed>")))
    assert Story.objects.get().embargoed_until.year == 2098
    results(feed, rss(item()))
    assert Story.objects.get().embargoed_until is None


def test_an_older_version_does_not_win_against_a_newer_one_that_changed_nothing():
    feed = make_feed()

    def at(version, title="Отворена библиотека"):
        return rss(item(title=title, extra=f"<nar:version>{version}</nar:version>"))

    assert results(feed, at(1)) == ["created"]
    assert results(feed, at(3)) == ["unchanged"]
    assert results(feed, at(2, "Стара")) == ["outdated"]


def test_a_partner_that_a_feed_bars_later_hears_that_the_story_is_gone_for_them(rts, ptrc):
    feed = make_feed(rts, module=make_module(rts, ptrc))
    ingest_document(feed, rss(item()))
    barred = '<media:restriction xmlns:media="http://search.yahoo.com/mrss/" relationship="deny" type="country">kz'
    ingest_document(feed, rss(item(extra=f"{barred}</media:restriction>")))
    gone = OutboxEvent.objects.get(kind="story.restricted")
    assert (gone.audience, gone.is_retraction) == ([ptrc.pk], True)


def test_words_that_the_newsrooms_keep_latin_stay_so_in_what_feeds_bring(monkeypatch):
    feed = make_feed()
    monkeypatch.setattr(normalise, "_keep", lambda: DEFAULT_KEEP | {"Vučje"})
    results(feed, rss(item(title="Danas u Vučje stiže sneg", body="<p>U Beogradu je danas hladno.</p>")))
    story = Story.objects.get()
    assert (story.headline_sr, story.body_sr) == ("Данас у Vučje стиже снег", "<p>У Београду је данас хладно.</p>")
    assert story.editions.get().script == "Latn"
