"""What we send out, a partner's exchange reads back: the same rights, embargo, notes, shots, words and text.

The stories are made up by Hypothesis, in all four languages and both Serbian scripts.
"""

import re
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.test import override_settings
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsexchange.dopesheet import dopesheet_of
from newsexchange.formats.outgoing import outgoing
from newsexchange.models import Story
from newsexchange.parsing.base import Entry
from newsexchange.parsing.registry import parse
from newsexchange.services.documents import document_of
from newsexchange.services.ingest import ingest_document
from newsexchange.text import text_of
from tests.factories import make_broadcaster, make_feed, make_story
from tests.newsexchange.formats.stories import EVERYTHING, EXCHANGED, NEEDS_SCHEMAS, faults

pytestmark = pytest.mark.django_db
LANGUAGES = ("sr", "sr-latn", "kk", "ru", "en")
FEW = settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
WORDS = (
    "Књига", "ђак", "čitaonica", "džep", "Қазақстан", "әңгіме", "ұлт", "Ёлка", "объезд", "room", "a<b", "R&D", '"q"',
    "№ 7", "€", "2 > 1", "😀", "]]>", "\u0041", "{x}", "%s", "č", "–", "'",
)  # fmt: skip
phrases = st.lists(st.sampled_from(WORDS), min_size=1, max_size=5).map(" ".join)
maybe = st.one_of(st.just(""), phrases)
moments = st.integers(4 * 10**9, 5 * 10**9).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
tongues = st.sampled_from(["sr", "sr-Latn", "kk", "ru", "en", "hu"])
texts = st.dictionaries(st.sampled_from(["sr", "kk", "ru", "en", "hu"]), phrases, max_size=3)
territories = st.lists(st.sampled_from(["RS", "KZ", "RU", "XK", "CIS", "EU"]), unique=True, max_size=3)
escaped = phrases.map(lambda text: text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))
paragraphs = st.lists(
    st.builds('<p>{} <b>{}</b><br>{} <a href="https://example.org/?a=1&amp;b=2">{}</a></p>'.format, *[escaped] * 4),
    min_size=1,
    max_size=3,
).map("".join)


@st.composite
def times(draw: Any) -> dict[str, int | None]:
    first, last = sorted(draw(st.lists(st.integers(0, 10**8), min_size=2, max_size=2)))
    return draw(st.sampled_from([{"in_ms": first, "out_ms": last}, {"in_ms": first}, {}]))


@st.composite
def restrictions(draw: Any, shots: int) -> dict[str, Any]:
    values: dict[str, Any] = {
        "territories": draw(territories),
        "platforms": draw(st.lists(st.sampled_from(["television", "radio", "web", "mobile"]), unique=True)),
        "is_barred": draw(st.booleans()),
        "barred_competitors": draw(st.lists(phrases, unique=True, max_size=2)),
        "max_seconds": draw(st.none() | st.integers(0, 10**6)),
        "no_archive": draw(st.booleans()),
        "no_online": draw(st.booleans()),
        "no_edit": draw(st.booleans()),
        "reimport_hours": draw(st.none() | st.integers(1, 720)),
        "note": draw(maybe),
        "starts_at": draw(st.none() | moments),
    }
    values["no_resale"] = True  # something has to be said
    values["is_elsewhere"] = bool(values["territories"]) and draw(st.booleans())
    if shots and draw(st.booleans()):
        values["shot"] = draw(st.integers(0, shots - 1))
    return values


@st.composite
def stories(draw: Any) -> dict[str, Any]:
    shots = draw(st.lists(st.builds(
        lambda when, **values: values | when, times(), description=texts, location=maybe, source=maybe,
        language=st.just("") | tongues, shot_on=st.sampled_from(["", "2026-02-27", "2026-02", "2026-02~"]),
        audio=st.sampled_from(["", "natural", "voice-over", "mute", "international"]),
    ), max_size=3))  # fmt: skip
    fields = {
        f"{name}_{language}": draw(kind)
        for language in ("sr", "kk", "ru", "en")
        for name, kind in (("headline", phrases), ("summary", escaped.map("<p>{}</p>".format)), ("body", paragraphs))
    }
    if draw(st.booleans()):  # typed in Latin: it is stored in Cyrillic and read in both
        fields["headline_sr"] = "Otvorena nova biblioteka u Novom Sadu"
    return fields | {
        "kind": draw(st.sampled_from(["text", "picture", "audio", "video"])),
        "slugline": draw(maybe), "byline": draw(maybe), "dateline_place": draw(maybe), "credit": draw(maybe),
        "copyright_notice": draw(maybe), "usage_terms": draw(maybe),
        "editors_note": draw(st.lists(phrases, max_size=3).map("\n\n".join)),
        "dateline_on": draw(st.none() | st.dates(date(2000, 1, 1), date(2100, 1, 1))),
        "urgency": draw(st.none() | st.integers(1, 9)),
        "keywords": draw(st.lists(phrases, unique=True, max_size=2)),
        "topics": draw(st.sampled_from([[], ["medtop:01000000"], ["medtop:01000000", "medtop:20000038"]])),
        "embargoed_until": draw(st.none() | moments), "is_held": draw(st.booleans()),
        "expires_at": draw(st.none() | moments),
        "shots": shots,
        "soundbites": draw(st.lists(st.builds(
            lambda when, **values: values | when, times(), speaker=maybe, speaker_role=texts, language=tongues,
            text=phrases, translations=texts), max_size=2)),
        "restrictions": draw(st.lists(restrictions(len(shots)), max_size=2)),
        "renditions": draw(st.lists(st.fixed_dictionaries({
            "href": st.sampled_from(["https://example.org/a.mp4", "https://example.org/б ц.mp4"]), "rel": maybe,
            "title": maybe, "duration_ms": st.none() | st.integers(0, 10**9),
            "technical": st.sampled_from([{}, {"videocodec": "c015", "videoframerate": "29.97"}]),
        }), max_size=2)),
    }  # fmt: skip


def read_back(story: Story, format: str, language: str) -> Entry:
    document = document_of(story, format, language)
    parsed = parse(document.content, content_type=document.content_type)
    assert parsed.problems == ()
    (entry,) = parsed.entries
    return entry


def differences(first: Any, second: Any) -> dict[str, Any]:
    """Fields of two entries that differ, but for what only the reader makes: the raw bytes and the gathered texts."""
    names = [name for name in Entry.__dataclass_fields__ if name not in ("raw", "texts", "body")]
    return {
        name: (getattr(first, name), getattr(second, name))
        for name in names
        if getattr(first, name) != getattr(second, name)
    }


def stored(**fields: Any) -> Story:
    story = make_story(make_broadcaster("rts"), **fields)
    return Story.objects.prefetch_related("editions").get(pk=story.pk)


@FEW
@given(fields=stories(), format=st.sampled_from(EXCHANGED), language=st.sampled_from(LANGUAGES))
def test_whatever_we_emit_we_read_back_identically(db, format, fields, language):
    story = stored(**fields)
    sent = outgoing(story, text_of(story, language), language).entry
    got = read_back(story, format, language)
    assert differences(sent, got) == {}
    assert canonical(got.body) == canonical(sent.body)


@FEW
@given(fields=stories(), format=st.sampled_from(EXCHANGED), language=st.sampled_from(LANGUAGES))
def test_a_partners_exchange_stores_what_we_have_stored(db, format, fields, language):
    story = stored(**fields)
    document = document_of(story, format, language)
    ours, rows = text_of(story, language), said(story)
    Story.objects.filter(pk=story.pk).update(uid=uuid4())  # over there nobody knows the story
    feed = make_feed(make_broadcaster("ptrc"), language="")
    with override_settings(EXCHANGE_URI="urn:example:another-exchange"):
        (outcome,) = ingest_document(feed, document.content, content_type=document.content_type)
    assert outcome.result == "created", (outcome.reason, outcome.detail)
    theirs = Story.objects.get(uid=outcome.uid)
    for name in ("kind", "slugline", "editors_note", "byline", "dateline_place", "dateline_on", "topics", "keywords",
                 "urgency", "embargoed_until", "is_held", "expires_at", "credit", "copyright_notice", "usage_terms",
                 "pubstatus"):  # fmt: skip
        assert getattr(theirs, name) == getattr(story, name), name
    assert theirs.language == document.language
    assert said(theirs) == rows
    got = text_of(theirs, language)
    assert (got.headline, got.summary) == (ours.headline, ours.summary)
    assert canonical(got.body) == canonical(ours.body)


def said(story: Story) -> dict[str, Any]:
    """The dopesheet without what a copy cannot share: identities of rows, and their order where none is kept."""
    rows = dopesheet_of(story)
    kept = {name: [{key: row[key] for key in row if key != "uid"} for row in rows[name]] for name in rows}
    kept["restrictions"] = sorted(kept["restrictions"], key=repr)
    return kept


def canonical(html: str) -> str:
    """Quotes may stand as characters or as references, and what holds for links is added by whoever stores them."""
    return re.sub(r' rel="[^"]*"', "", html).replace("&quot;", '"').replace("&#39;", "'").replace("<br/>", "<br>")


@pytest.mark.parametrize("format", EXCHANGED)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_story_that_says_everything_comes_back_in_every_language(format, language):
    story = stored(**EVERYTHING)
    sent = outgoing(story, text_of(story, language), language).entry
    assert differences(sent, read_back(story, format, language)) == {}


@NEEDS_SCHEMAS[0]
@NEEDS_SCHEMAS[1]
@FEW
@given(fields=stories(), format=st.sampled_from(EXCHANGED), language=st.sampled_from(LANGUAGES))
def test_every_document_is_valid_against_the_official_schema(db, format, fields, language):
    assert faults(document_of(stored(**fields), format, language).content, format) == []


@NEEDS_SCHEMAS[0]
@NEEDS_SCHEMAS[1]
@pytest.mark.parametrize("format", EXCHANGED)
@pytest.mark.parametrize("fields", [{}, EVERYTHING, EVERYTHING | {"is_held": True}])
def test_the_fullest_and_the_barest_story_are_valid_too(format, fields):
    story = stored(**fields)
    for language in LANGUAGES:
        assert faults(document_of(story, format, language).content, format) == []


def test_terms_about_another_version_count_for_nothing():
    story = stored(is_held=True, **EVERYTHING)
    content = document_of(story, "newsml-g2", "en").content.replace(b' version="1"', b' version="2"', 1)
    (entry,) = parse(content).entries
    assert (entry.version, entry.restrictions, entry.soundbites) == (2, (), ())
    assert entry.is_held_indefinitely


def test_our_terms_never_loosen_an_embargo():
    story = stored(embargoed_until=datetime(2127, 1, 1, tzinfo=UTC))
    content = document_of(story, "ninjs-3.1", "en").content.replace(b"2127-01-01", b"2128-06-01")
    (entry,) = parse(content).entries
    assert entry.embargoed_until == datetime(2128, 6, 1, tzinfo=UTC)
