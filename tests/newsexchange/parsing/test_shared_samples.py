"""Real documents of the field, which are not part of the project: skipped where they are not installed."""

import contextlib
import os
from pathlib import Path

import pytest

from newsexchange.parsing.base import DocumentError, Entry, ParsedDocument, ReasonCode
from newsexchange.parsing.registry import parse
from newsexchange.parsing.sandbox import parse_in_child

DEFAULT = Path(__file__).resolve().parents[4] / "shared" / "data"
SAMPLES = Path(os.environ.get("MEDIAEXCHANGE_SAMPLES") or DEFAULT) / "samples"
pytestmark = [
    pytest.mark.shared_samples,
    pytest.mark.skipif(
        not SAMPLES.is_dir(), reason=f"no sample documents in {SAMPLES}; MEDIAEXCHANGE_SAMPLES names their data folder"
    ),
]

# What a person read in each document: guid's end, headline's beginning, language, embargo, status.
STORIES = {
    "newsml-g2/LISTING_2_NewsML-G2_Text_Document.xml": (
        "US-FINANCE-FED",
        "Fed to halt QE to avert",
        "en-US",
        None,
        "usable",
    ),
    "newsml-g2/LISTING_4_Multiple_Renditions_of_a_Video_in_NewsML-G2.xml": ("video_1359566", "", "en", None, "usable"),
    "newsml-g2/LISTING_5_Multi-part_Video_in_NewsML-G2.xml": (
        "2008:407624",
        "Loriot retrospective",
        "en",
        None,
        "usable",
    ),
    "newsml-g2/LISTING_6_Simple_NewsML-G2_Package.xml": ("UK20081220098658", "UK", "en", None, "usable"),
    "newsml-g2/dpa_audio.xml": ("20250128-99-00001583", "1583/KI-Schock aus China", "de", None, "usable"),
    "newsml-g2/dpa_dw-1.xml": ("240923-930-240378", "«Mythos Jungfernhäutchen»", "de", None, "usable"),
    "newsml-g2/dpa_embargoed.xml": (
        "250123-930-353124",
        "Steinmeier: Russland",
        "de",
        "2025-01-23T18:00:00+00:00",
        "usable",
    ),
    "newsml-g2/dpa_no_content.xml": ("photo-20241121130950", "Archivo - Monedas", "es", None, "usable"),
    "ninjs/1.4_ninjsExComplex1.json": ("20130709cplx123", "Captain of wrecked cruise ship", "en", None, "usable"),
    "ninjs/2.1_SIPA_image_2.json": ("2.1234567", "Italy: Italy Demonstration", "en", None, "usable"),
    "ninjs/2.1_ap_audio.json": ("0a3aza2c0", "Next up in impeachment hearings", "en", None, "usable"),
    "ninjs/2.1_dpa_text.json": ("190510-99-167362", "Faktencheck Derby-Elfmeter", "de", None, "usable"),
    "ninjs/3.0_ap_video.json": ("0a3aza9c0", "House leaders double down", "en", None, "usable"),
    "ninjs/3.0_dpa_text.json": ("190510-99-167362", "Faktencheck Derby-Elfmeter", "de", None, "usable"),
    "ninjs/3.0_imageLinkedRights.json": ("TG346285", "MotoGP - Spain", "", None, "usable"),
    "ninjs/3.0_ntb_text.json": ("1207599f2872", "Google har kjøpt", "nb-NO", None, "usable"),
}
NOT_STORIES = {
    "newsml-g2/LISTING_14_Event_sent_as_a_Concept_Item.xml": [ReasonCode.NOT_NEWS],
    "newsml-g2/LISTING_17_Planning_Item_a_CCL.xml": [ReasonCode.NOT_NEWS],
    "newsml-g2/LISTING_24_News_Message_conveying_a_complete_News_Package.xml": [ReasonCode.NO_TEXT] * 5,
    "ninjs/3.0_simpleEvent.json": [ReasonCode.NOT_NEWS],
}
# Test suites of other projects hold feeds on purpose that have nothing but a channel.
EMPTY_FEEDS = ("atom_feed_", "atom_relative_uri", "enc_", "rss_channel_", "rss_rss_")


def sample_files(*folders: str) -> list[str]:
    return [f"{path.parent.name}/{path.name}" for folder in folders for path in sorted((SAMPLES / folder).glob("*.*"))]


def read(name: str) -> ParsedDocument:
    return parse((SAMPLES / name).read_bytes())


def story(name: str) -> Entry:
    parsed = read(name)
    assert parsed.problems == ()
    (entry,) = parsed.entries
    return entry


@pytest.mark.parametrize("name", sample_files("feeds", "newsml-g2", "ninjs"))
def test_every_sample_is_accounted_for(name):
    try:
        parsed = read(name)
    except DocumentError as error:
        pytest.fail(f"{error.reason}: {error.detail}")
    assert parsed.entries or parsed.problems or Path(name).name.startswith(EMPTY_FEEDS)
    for entry in parsed.entries:
        assert entry.guid
        assert entry.headline or entry.body
        assert entry.raw
    assert all(problem.detail for problem in parsed.problems)


@pytest.mark.parametrize("name", list(STORIES))
def test_a_story_is_read_as_a_person_reads_it(name):
    guid, headline, language, embargo, status = STORIES[name]
    entry = story(name)
    assert entry.guid.endswith(guid)
    assert entry.headline.startswith(headline)
    assert bool(entry.headline) == bool(headline)
    assert entry.language == language
    assert (entry.embargoed_until.isoformat() if entry.embargoed_until else None) == embargo
    assert not entry.is_held_indefinitely
    assert entry.pubstatus == status
    assert entry.body


@pytest.mark.parametrize("name", list(NOT_STORIES))
def test_what_is_no_story_is_named(name):
    parsed = read(name)
    assert parsed.entries == ()
    assert [problem.reason for problem in parsed.problems] == NOT_STORIES[name]


def test_every_document_of_the_news_formats_has_an_expectation():
    assert set(sample_files("newsml-g2", "ninjs")) == set(STORIES) | set(NOT_STORIES)


def test_rights_media_and_false_labels_of_the_samples_are_read():
    loriot = story("newsml-g2/LISTING_5_Multi-part_Video_in_NewsML-G2.xml")
    assert loriot.usage_terms.startswith("Access only for Eurovision Members")
    assert "Vicco von Bülow" in loriot.body, "labelled ISO-8859-1, but written in UTF-8"
    assert loriot.renditions[0].duration_ms == 111_000
    assert len(story("newsml-g2/LISTING_4_Multiple_Renditions_of_a_Video_in_NewsML-G2.xml").renditions) == 4
    assert (
        story("newsml-g2/LISTING_2_NewsML-G2_Text_Document.xml").copyright_notice
        == "Copyright 2017-18 Acme News and Media LLC"
    )


@pytest.mark.parametrize("name", sample_files("feeds")[:10] + sample_files("newsml-g2", "ninjs"))
def test_the_child_reads_the_samples_alike(name):
    assert parse_in_child((SAMPLES / name).read_bytes(), "auto", "") == read(name)


@pytest.mark.parametrize("name", sample_files("newsml-g2", "ninjs", "feeds"))
def test_no_truncation_of_a_sample_raises_anything_but_a_document_error(name):
    payload = (SAMPLES / name).read_bytes()
    for cut in {len(payload) * part // 8 for part in range(8)}:
        with contextlib.suppress(DocumentError):
            assert all(entry.raw for entry in parse(payload[:cut]).entries)
