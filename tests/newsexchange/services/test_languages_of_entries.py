"""One story, whatever the number of languages its feed tells it in."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from newsexchange.constants import EditionOrigin
from newsexchange.models import Story
from newsexchange.parsing.base import Entry, ParsedDocument, Text
from newsexchange.parsing.registry import parse
from newsexchange.parsing.sanitise import html_to_text
from newsexchange.services.edition import Text as EditionText
from newsexchange.services.edition import save_edition
from newsexchange.services.ingest import ingest_entries
from tests.factories import make_feed, make_user

pytestmark = pytest.mark.django_db


def entry(language: str = "sr-Cyrl", headline: str = "Отворена библиотека", body: str = "<p>Текст</p>", **fields: Any):
    return Entry(guid="a", language=language, headline=headline, body=body, raw=b"{}", **fields)


def kazakh(headline: str = "Кітапхана ашылды", **fields: Any):
    return entry("kk", headline, "<p>Мәтін</p>", **fields)


def results(feed, *entries):
    return [outcome.result for outcome in ingest_entries(feed, ParsedDocument("ninjs", entries))]


def in_kazakh(headline="Кітапхана ашылды", **fields):
    return (Text("headline", headline, language="kk", **fields), Text("body", "<p>Мәтін</p>", language="kk", **fields))


def editions():
    return {edition.language: (edition.origin, edition.is_stale) for edition in Story.objects.get().editions.all()}


def test_texts_in_several_languages_fill_their_columns_and_editions():
    hungarian = (Text("headline", "Megnyílt", language="hu"), Text("body", "<p>Szöveg</p>", language="hu"))
    assert results(make_feed(), entry(texts=(*in_kazakh(), *hungarian))) == ["created"]
    story = Story.objects.get()
    assert (story.headline_sr, story.headline_kk, story.body_kk) == (
        "Отворена библиотека", "Кітапхана ашылды", "<p>Мәтін</p>",
    )  # fmt: skip
    assert story.editions.get(language="hu").headline == "Megnyílt"
    assert editions() == {"sr": ("original", False), "kk": ("original", False), "hu": ("original", False)}
    assert story.versions.get().snapshot["other_languages"]["hu"]["body"] == "<p>Szöveg</p>"


def test_a_text_that_says_so_is_a_machine_translation():
    results(make_feed(), entry(texts=in_kazakh(role="machine-translation")))
    kazakh = Story.objects.get().editions.get(language="kk")
    assert (kazakh.origin, kazakh.ai_use) == (EditionOrigin.MACHINE, "translation")


def test_a_headline_over_nothing_is_no_edition():
    results(make_feed(), entry(texts=in_kazakh()[:1]))
    assert set(editions()) == {"sr"}
    assert Story.objects.get().source_texts[0]["value"] == "Кітапхана ашылды"


def test_a_teaser_in_another_language_takes_the_place_of_no_whole_text():
    teaser = """<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="a" version="1" xml:lang="en">
      <itemMeta><itemClass qcode="ninat:text"/></itemMeta>
      <contentMeta><headline>Library opens</headline>
        <description role="drol:summary" xml:lang="ru">Тизер</description></contentMeta>
      <contentSet><inlineData contenttype="text/plain">The whole story.</inlineData></contentSet></newsItem>"""
    outcomes = ingest_entries(make_feed(language=""), parse(teaser.encode()))
    assert [outcome.result for outcome in outcomes] == ["created"]
    assert set(editions()) == {"en"}
    assert "Тизер" in {html_to_text(text["value"]) for text in Story.objects.get().source_texts}


def test_descriptions_are_the_text_of_an_entry_that_has_no_other():
    told = tuple(
        Text("description", f"<p>{text}</p>", language=tag) for tag, text in (("sr", "Мост"), ("ru", "Мостик"))
    )
    results(make_feed(), entry(body="<p>Мост</p>", kind="picture", texts=told))
    assert Story.objects.get().body_ru == "<p>Мостик</p>"


def test_the_text_of_an_associated_item_is_no_edition():
    side = {"name": "side", "type": "text", "uri": "urn:b", "embargoedUntil": "2199-01-01T00:00:00Z"}
    side["bodies"] = [{"language": "ru", "value": "Другая статья"}]
    item = {"uri": "a", "language": "en", "headlines": [{"value": "Library opens"}], "associations": [side]}
    for bodies in ([{"value": "The whole story"}], []):
        Story.objects.all().delete()
        ingest_entries(make_feed(language=""), parse(json.dumps(item | {"bodies": bodies}).encode()))
        assert set(editions()) == {"en"}


def test_a_translation_that_the_entry_did_not_renew_turns_stale_with_its_original_and_fresh_when_it_is_renewed():
    feed = make_feed()
    results(feed, entry(texts=in_kazakh()))
    assert results(feed, entry(headline="Отворена велика библиотека", texts=in_kazakh())) == ["updated"]
    assert editions() == {"sr": ("original", False), "kk": ("original", True)}
    assert results(feed, entry(headline="Отворена велика библиотека", texts=in_kazakh("Үлкен"))) == ["updated"]
    assert editions()["kk"] == ("original", False)
    assert Story.objects.get().headline_kk == "Үлкен"


def test_a_change_of_anything_but_the_text_makes_no_translation_stale():
    feed = make_feed()
    results(feed, entry(texts=in_kazakh()))
    assert results(feed, entry(texts=in_kazakh(), urgency=2)) == ["updated"]
    assert editions()["kk"] == ("original", False)


def test_one_guid_in_two_languages_is_one_story_whose_original_stays():
    feed = make_feed(language="")
    assert results(feed, entry(), kazakh()) == ["created", "created"]
    story = Story.objects.get()
    assert (story.language, story.headline_sr, story.headline_kk) == (
        "sr-Cyrl", "Отворена библиотека", "Кітапхана ашылды",
    )  # fmt: skip
    before = Story.objects.values().get()
    assert results(feed, entry(), kazakh()) == ["unchanged", "unchanged"]
    assert results(feed, kazakh(), entry()) == ["unchanged", "unchanged"]
    assert Story.objects.values().get() == before


def test_languages_may_come_in_documents_of_their_own():
    feed = make_feed(language="")
    assert results(feed, entry(version=1)) == ["created"]
    assert results(feed, kazakh(version=1)) == ["updated"]
    assert results(feed, entry(version=1)) == ["unchanged"]
    assert results(feed, kazakh(version=1)) == ["unchanged"]
    story = Story.objects.get()
    assert (story.language, story.version, set(editions())) == ("sr-Cyrl", 2, {"sr", "kk"})


def test_each_language_has_its_own_version_and_an_older_one_never_wins():
    feed = make_feed(language="")
    results(feed, entry(version=1), kazakh(version=1))
    assert results(feed, entry(headline="Друга", version=2)) == ["updated"]
    assert editions()["kk"] == ("original", True)
    assert results(feed, kazakh("Ескі", version=1)) == ["updated"]  # the same number, another text
    assert editions()["kk"] == ("original", True)  # it tells the version that the original has left behind
    assert results(feed, kazakh("Жаңа", version=2)) == ["updated"]
    assert editions()["kk"] == ("original", False)
    assert results(feed, kazakh("Ескі", version=1)) == ["outdated"]
    assert results(feed, entry(headline="Прва", version=1)) == ["outdated"]
    assert (Story.objects.get().headline_sr, Story.objects.get().headline_kk) == ("Друга", "Жаңа")


def test_a_translation_that_came_before_its_original_is_fresh_when_that_follows():
    feed = make_feed(language="")
    results(feed, entry(version=1), kazakh(version=1))
    results(feed, kazakh("Жаңа", version=2))
    assert results(feed, entry(headline="Друга", version=2)) == ["updated"]
    assert editions()["kk"] == ("original", False)


def test_the_same_translation_of_a_newer_original_is_fresh_again():
    feed = make_feed(language="")
    results(feed, entry(version=1), kazakh(version=1))
    results(feed, entry(headline="Исправљен зарез", version=2))
    assert results(feed, kazakh(version=2)) == ["updated"]
    assert editions()["kk"] == ("original", False)


def test_an_entry_that_declares_no_language_speaks_for_the_original():
    feed = make_feed(language="sr-Cyrl")
    results(feed, entry())
    feed.language = "ru"
    assert results(feed, entry("", "Открыта библиотека")) == ["updated"]
    assert Story.objects.get().language == "ru"


def test_both_serbian_scripts_under_one_guid_do_not_fight_over_one_column():
    feed = make_feed(language="")
    latin = entry("sr-Latn", "Otvorena biblioteka", "<p>Tekst</p>")
    results(feed, entry(), latin)
    assert set(results(feed, latin, entry())) == {"unchanged"}
    assert set(results(feed, latin)) == {"unchanged"}
    assert (Story.objects.get().version, Story.objects.get().headline_sr) == (1, "Отворена библиотека")


def test_the_strictest_embargo_of_all_languages_holds_and_ends_with_the_one_who_set_it():
    feed = make_feed(language="")
    results(feed, entry())
    until = datetime(2099, 1, 1, tzinfo=UTC)
    assert results(feed, kazakh(embargoed_until=until)) == ["updated"]
    assert Story.objects.get().embargoed_until == until
    assert results(feed, entry(urgency=3)) == ["updated"]
    assert Story.objects.get().embargoed_until == until
    assert results(feed, kazakh()) == ["updated"]
    assert Story.objects.get().embargoed_until is None


def test_a_kill_in_any_language_kills_the_story():
    feed = make_feed(language="")
    results(feed, entry(), kazakh())
    assert results(feed, kazakh(pubstatus="canceled")) == ["recalled"]
    assert Story.objects.get().pubstatus == "canceled"


def test_a_feeds_translation_does_not_overwrite_a_persons():
    feed = make_feed(language="")
    results(feed, entry())
    editor = make_user(feed.broadcaster)
    save_edition(Story.objects.get(), "kk", EditionText("Адам", "", "<p>Аударған</p>"), actor=editor)
    assert results(feed, kazakh()) == ["updated"]
    assert Story.objects.get().headline_kk == "Адам"
    assert editions()["kk"] == ("human", False)


def test_a_correction_is_a_version_of_its_own_kind_with_its_note():
    feed = make_feed()
    results(feed, entry())
    corrected = entry(headline="Отворена читаоница", is_correction=True, editors_note="Читаоница, не библиотека.")
    assert results(feed, corrected) == ["updated"]
    version = Story.objects.get().versions.get(version=2)
    assert (version.kind, version.note) == ("correction", "Читаоница, не библиотека.")


def test_what_json_and_postgresql_cannot_hold_sinks_nothing():
    broken = entry(headline="Отво\ud800рена", texts=(Text("caption", "а\x00б\udfff"),))
    assert results(make_feed(), broken) == ["created"]
    story = Story.objects.get()
    assert (story.headline_sr, story.source_texts[0]["value"]) == ("Отворена", "аб")
