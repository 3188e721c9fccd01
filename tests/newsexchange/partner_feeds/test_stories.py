"""The written texts: enough of them, in the right letters, and well-formed."""

import re
from itertools import chain

import pytest
from lxml import etree

from newsexchange.partner_feeds.catalog import FEEDS
from newsexchange.partner_feeds.story_files import WrittenStory, read_stories

STORIES = read_stories().stories
CYRILLIC = re.compile(r"[\u0400-\u04ff]")
LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]")
KAZAKH_LETTERS = frozenset("әғқңөұүһі")
SERBIAN_CYRILLIC = frozenset("абвгдђежзијклљмнњопрстћуфхцчџш")
RUSSIAN = frozenset("абвгдеёжзийклмнопрстуфхцчшщъыьэюя")
SERBIAN_LATIN = frozenset("abcčćdđefghijklmnoprsštuvzž")


def texts(story: WrittenStory) -> list[str]:
    """Everything a reader sees, without markup, links, code samples and placeholders."""
    revised = chain.from_iterable((r.headline, r.summary, r.body, r.editors_note) for r in story.revisions)
    written = [story.headline, story.summary, story.body, story.byline, story.place, story.editors_note, *revised]
    return [re.sub(r"<code>.*?</code>|<[^>]+>|&\w+;|\$\w+|°C|km/h|\bcm\b", " ", text) for text in written if text]


def written_in(language: str) -> list[WrittenStory]:
    return [story for story in STORIES if story.language == language]


def letters(language: str) -> set[str]:
    return {
        letter
        for story in written_in(language)
        for text in texts(story)
        for letter in text.lower()
        if CYRILLIC.match(letter) or LATIN.match(letter)
    }


def test_there_are_at_least_thirty_stories_in_five_language_forms() -> None:
    assert len(STORIES) >= 30
    assert {story.language for story in STORIES} == {"sr-Cyrl", "sr-Latn", "kk", "ru", "en"}


@pytest.mark.parametrize(
    ("language", "alphabet"),
    [("sr-Cyrl", SERBIAN_CYRILLIC), ("sr-Latn", SERBIAN_LATIN), ("ru", RUSSIAN), ("kk", RUSSIAN | KAZAKH_LETTERS)],
)
def test_a_language_uses_no_letter_of_another(language: str, alphabet: frozenset[str]) -> None:
    assert letters(language) <= alphabet


def test_every_kazakh_story_has_kazakh_letters() -> None:
    assert all(KAZAKH_LETTERS & set(story.headline.lower() + story.body.lower()) for story in written_in("kk"))


@pytest.mark.parametrize("path", [feed.path for feed in FEEDS if feed.language_bcp47 in {"sr-Latn", "en"}])
def test_latin_feeds_hold_no_cyrillic(path: str) -> None:
    assert not [story.key for story in STORIES if story.feed == path and CYRILLIC.search(repr(story))]


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.key)
def test_a_story_is_well_formed_belongs_to_a_feed_and_speaks_its_language(story: WrittenStory) -> None:
    feed = next(feed for feed in FEEDS if feed.path == story.feed)
    assert feed.broadcaster_slug == story.newsroom.slug
    assert story.language == (feed.language_bcp47 or story.language)
    bodies = [story.body, *(revision.body for revision in story.revisions if revision.body)]
    for body in bodies:
        paragraphs = etree.fromstring(f"<div>{body}</div>")
        assert {child.tag for child in paragraphs} == {"p"}
    assert 2 <= len(etree.fromstring(f"<div>{story.body}</div>")) <= 5
    assert all(re.fullmatch(r"medtop:\d{8}", topic) for topic in story.topics)


def test_links_lead_to_the_reserved_domain_only() -> None:
    links = [link for story in STORIES for link in re.findall(r'href="([^"]*)"', repr(story))]
    assert links
    assert all(link.startswith("https://example.org/") for link in links)


def test_keys_are_unique() -> None:
    assert len({story.key for story in STORIES}) == len(STORIES)
