import json
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from newsexchange.formats.ninjs31 import render
from newsexchange.models import StoryDocument
from newsexchange.parsing.registry import parse
from newsexchange.text import text_of
from tests.factories import make_embargoed_story, make_story

pytestmark = pytest.mark.django_db
SCHEMAS = Path(os.environ.get("MEDIAEXCHANGE_SAMPLES", Path(__file__).parents[4] / "shared" / "data")) / "schemas"

EVERYTHING = {
    "headline_kk": "Жаңа кітапхана ашылды",
    "headline_ru": "Открылась новая библиотека",
    "summary_en": "<p>Reading <i>room</i></p>",
    "slugline": "library-opening",
    "editors_note": "Slika sledi",
    "byline": "Mila Rakić",
    "dateline_place": "Београд",
    "topics": ["medtop:01000000"],
    "urgency": 5,
    "credit": "РТС",
    "copyright_notice": "© РТС",
    "usage_terms": "Do not archive",
    "renditions": [
        {"href": "https://example.org/a.mp4", "rel": "web", "content_type": "video/mp4", "width": 1920},
        {"href": "https://example.org/c.mp3", "duration_ms": 9000},
        {"href": "https://example.org/b.jpg"},
    ],
}  # fmt: skip


def documents(story):
    rows = StoryDocument.objects.filter(story=story, format="ninjs-3.1")
    return {row.language: json.loads(row.content) for row in rows}


def test_there_is_one_document_for_each_shown_language(db):
    stored = documents(make_story(**EVERYTHING))
    assert {language: document["language"] for language, document in stored.items()} == {
        "sr": "sr-Cyrl", "sr-latn": "sr-Latn", "kk": "kk", "ru": "ru", "en": "en",
    }  # fmt: skip
    assert stored["sr-latn"]["headlines"][0]["value"] == "Otvorena nova biblioteka"


def test_what_we_emit_we_read_back_the_same():
    moment = datetime(2026, 12, 10, 17, 0, tzinfo=UTC)
    story = make_story(embargoed_until=moment, **EVERYTHING)
    (entry,) = parse(json.dumps(documents(story)["en"]).encode()).entries
    assert (entry.headline, entry.body, entry.language) == (story.headline_en, story.body_en, "en")
    assert (entry.embargoed_until, entry.usage_terms, entry.editors_note) == (moment, "Do not archive", "Slika sledi")
    assert (entry.version, entry.urgency, entry.pubstatus, entry.topics) == (1, 5, "usable", ("medtop:01000000",))
    assert entry.copyright_notice == "© РТС"


@pytest.mark.shared_samples
@pytest.mark.skipif(not SCHEMAS.is_dir(), reason=f"no schemas at {SCHEMAS}")
@pytest.mark.parametrize("make", [make_story, make_embargoed_story])
def test_every_document_is_valid_against_the_official_schema(make):
    from jsonschema import Draft202012Validator
    from referencing import Registry, Resource
    from referencing.jsonschema import DRAFT202012

    schema = json.loads((SCHEMAS / "ninjs-schema_3.1.json").read_text("utf8"))
    geo = json.loads((SCHEMAS / "GeoJSON-schema.json").read_text("utf8"))
    registry = Registry(retrieve=lambda uri: Resource.from_contents(geo, default_specification=DRAFT202012))
    validator = Draft202012Validator(schema, registry=registry, format_checker=Draft202012Validator.FORMAT_CHECKER)
    for fields in ({}, EVERYTHING):
        for document in documents(make(**fields)).values():
            assert [error.message for error in validator.iter_errors(document)] == []


def test_a_document_says_only_what_is_known():
    story = make_story()
    assert not {"urgency", "edNote", "renditions"} & set(render(story, text_of(story, "en")))
