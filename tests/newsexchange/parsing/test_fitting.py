"""Lines that are longer than their columns: the story is stored, and nothing of them is lost."""

import pytest

from newsexchange.models import Story
from newsexchange.parsing.base import Text
from newsexchange.parsing.fitting import LONGEST, LONGEST_GUID, LONGEST_KEYWORD, LONGEST_LINK, shortened
from tests.newsexchange.parsing.documents import only_entry, rss


def item(**parts):
    said = {"guid": "n-1", "title": "Head"} | parts
    return only_entry(rss("<item>" + "".join(f"<{name}>{value}</{name}>" for name, value in said.items()) + "</item>"))


@pytest.mark.parametrize(("name", "column"), [(name, longest) for name, (longest, _kind) in LONGEST.items()])
def test_the_lengths_are_those_of_the_columns(name, column):
    assert Story._meta.get_field(name).max_length == column


def test_the_other_lengths_are_those_of_the_columns():
    assert Story._meta.get_field("link").max_length == LONGEST_LINK
    assert Story._meta.get_field("source_guid").max_length == LONGEST_GUID
    assert Story._meta.get_field("keywords").base_field.max_length == LONGEST_KEYWORD


def test_a_text_is_cut_between_words():
    assert shortened("Ana Anić, Bora Borić", 15) == "Ana Anić, Bora…"
    assert shortened("Ana Anić, Bora Borić", 12) == "Ana Anić…"
    assert shortened("A " + "b" * 20, 8) == "A bbbbb…"
    assert shortened("abcdefgh", 5) == "abcd…"
    assert shortened("abcde", 5) == "abcde"


def test_a_byline_of_many_authors_is_cut_and_each_of_them_kept():
    names = ", ".join(f"Author Number{n}" for n in range(40))
    entry = item(author=names)
    assert len(entry.byline) <= 300
    assert names.startswith(entry.byline.removesuffix("…"))
    assert Text("byline", names, "whole") in entry.texts


def test_a_headline_of_three_thousand_characters_is_cut_and_kept_whole_beside():
    title = "word " * 600
    entry = item(title=title)
    assert len(entry.headline) <= 500
    assert Text("headline", title.strip()) in entry.texts
    assert not any(text.role == "whole" for text in entry.texts), "it stands there already"


def test_an_endless_identifier_is_told_by_its_digest_and_stays_an_alternative():
    guid = "urn:x:" + "a" * 2000
    entry = item(guid=guid)
    assert entry.guid.startswith("urn:sha256:")
    assert entry.guid == item(guid=guid, title="Another").guid != item(guid=guid + "b").guid
    assert ("guid", guid) in entry.alt_ids


def test_an_endless_link_and_keyword_do_not_keep_a_story_out():
    link, word = "https://a.example/" + "a" * 2500, "very " * 60
    entry = item(link=link, category=word)
    assert entry.link == ""
    assert Text("property", link, "link") in entry.texts
    assert [len(keyword) <= 200 for keyword in entry.keywords] == [True]
    assert Text("keyword", word.strip(), "whole") in entry.texts
