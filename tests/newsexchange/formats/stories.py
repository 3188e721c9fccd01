"""A story that says everything a story can say, and a way to hold documents against the official schemas."""

import json
import os
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

SCHEMAS = Path(os.environ.get("MEDIAEXCHANGE_SAMPLES", Path(__file__).parents[4] / "shared" / "data")) / "schemas"
NEEDS_SCHEMAS = [
    pytest.mark.shared_samples,
    pytest.mark.skipif(not SCHEMAS.is_dir(), reason=f"no schemas at {SCHEMAS}"),
]
EXCHANGED = ("ninjs-3.1", "ninjs-2.2", "newsml-g2", "newsml-g2-message")

EVERYTHING: dict[str, Any] = {
    "headline_kk": "Жаңа кітапхана ашылды: ә ғ қ ң ө ұ ү һ і",
    "body_kk": "<p>Оқырмандар жаңа оқу залына ие болды.</p>",
    "headline_ru": "Открылась новая библиотека",
    "body_ru": "<p>У читателей появился <b>новый</b> зал &amp; кафе.<br>Вход свободный.</p>",
    "summary_en": "<p>Reading <i>room</i></p>",
    "kind": "video",
    "slugline": "library-opening",
    "editors_note": "Slika sledi.\n\nПровери имена!",
    "byline": "Mila Rakić",
    "dateline_place": "Београд",
    "dateline_on": date(2026, 2, 27),
    "event_uri": "urn:event:1",
    "assignment_uri": "urn:assignment:1",
    "link": "https://example.org/library",
    "topics": ["medtop:01000000", "medtop:20000038"],
    "keywords": ["књига", "читаоница"],
    "entities": [
        {"kind": "person", "name": "Ана Анић", "uri": "", "role": "author"},
        {"kind": "place", "name": "Novi Sad", "uri": "https://example.org/ns", "role": "subject"},
        {"kind": "organisation", "name": "Библиотека града", "uri": "", "role": "subject"},
    ],
    "alt_ids": [{"role": "archive", "value": "A/17"}],
    "associations": [
        {"role": "main", "uri": "urn:uuid:9f3c7f60-0f0e-4c37-8f0e-0c9b9d1b1c11", "href": "", "kind": "picture",
         "headline": "Читаоница", "language": "sr", "version": "2"}
    ],
    "hops": [{"by": "urn:example:agency", "at": "2026-01-01T00:00:00+00:00", "action": "published"}],
    "source_rights": [{"scope": "", "aspect": "", "holder": "РТС", "notice": "© РТС", "usage_terms": "", "link": ""}],
    "duration_ms": 61_500,
    "urgency": 5,
    "expires_at": datetime(2127, 1, 1, tzinfo=UTC),
    "credit": "РТС",
    "copyright_notice": "© РТС",
    "usage_terms": "Do not archive",
    "renditions": [
        {"href": "https://example.org/a b.mp4", "rel": "web", "content_type": "video/mp4", "width": 1920,
         "height": 1080,
         "size_bytes": 123_456_789, "duration_ms": 61_500, "checksum": "sha256:ab12", "title": "Снимак",
         "language": "sr", "technical": {"videocodec": "c015", "videoframerate": "25", "audiobitrate": "192"}},
        {"href": "https://example.org/c.mp3", "duration_ms": 9001},
    ],
    "shots": [
        {"in_ms": 0, "out_ms": 1500, "description": {"sr": "Улица", "en": "A street"}, "location": "Београд",
         "shot_on": "2026-02-27", "language": "sr-Cyrl", "audio": "natural", "source": "РТС"},
        {"description": {"kk": "Көше"}, "in_ms": 1500},
    ],
    "soundbites": [
        {"in_ms": 500, "out_ms": 1500, "speaker": "Ана Анић", "speaker_role": {"sr": "управница"}, "language": "sr",
         "text": "Добро дошли!", "translations": {"en": "Welcome!", "kk": "Қош келдіңіз!"}}
    ],
    "restrictions": [
        {"no_archive": True, "no_online": True, "no_edit": True, "no_resale": True, "max_seconds": 120,
         "reimport_hours": 24, "barred_competitors": ["Трећа ТВ"], "note": "По уговору"},
        {"shot": 1, "is_barred": True, "territories": ["RU", "CIS"], "is_elsewhere": True, "platforms": ["web"],
         "starts_at": datetime(2026, 1, 1, tzinfo=UTC), "ends_at": datetime(2127, 1, 1, tzinfo=UTC)},
    ],
}  # fmt: skip


def faults(content: bytes, format: str) -> list[str]:
    """What the official schema of a format finds wrong with a document."""
    if format.startswith("ninjs"):
        return [f"{error.json_path}: {error.message}" for error in _ninjs(format[-3:]).iter_errors(json.loads(content))]
    schema = _newsml_g2()
    schema.validate(etree.fromstring(content))
    return [error.message for error in schema.error_log]


@cache
def _ninjs(version: str) -> Any:
    from jsonschema import Draft202012Validator
    from referencing import Registry, Resource
    from referencing.jsonschema import DRAFT202012

    geo = json.loads((SCHEMAS / "GeoJSON-schema.json").read_text("utf8"))
    registry: Any = Registry(retrieve=lambda _uri: Resource.from_contents(geo, default_specification=DRAFT202012))
    schema = json.loads((SCHEMAS / f"ninjs-schema_{version}.json").read_text("utf8"))
    return Draft202012Validator(schema, registry=registry, format_checker=Draft202012Validator.FORMAT_CHECKER)


class _Local(etree.Resolver):
    def resolve(self, url: str, _public_id: Any, context: Any) -> Any:
        return self.resolve_filename(str(SCHEMAS / Path(url).name), context)


@cache
def _newsml_g2() -> etree.XMLSchema:
    parser = etree.XMLParser(no_network=True)
    parser.resolvers.add(_Local())
    return etree.XMLSchema(etree.parse(str(SCHEMAS / "NewsML-G2_2.35-spec-All-Power.xsd"), parser))
