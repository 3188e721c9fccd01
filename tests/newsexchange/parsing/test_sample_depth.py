"""Everything a real document says is found again in what was read of it.

The documents are taken apart a second time here, by plain lxml and json and without any code of the parsers, and every
headline, text, role, language, right, embargo, party, file, part and link found that way is looked for in the entry.
"""

import json
import re
from collections import Counter
from typing import Any

import pytest
from lxml import etree, html

from newsexchange.parsing.base import Entry, RightsStatement, Text
from tests.newsexchange.parsing.test_shared_samples import SAMPLES, STORIES, story
from tests.newsexchange.parsing.test_shared_samples import pytestmark as pytestmark

NAR = "{http://iptc.org/std/nar/2006-10-01/}"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
G2 = [name for name in STORIES if name.startswith("newsml-g2/")]
NINJS = [name for name in STORIES if name.startswith("ninjs/")]
KINDS = {"headline", "title", "slugline", "by", "dateline", "creditline", "keyword", "edNote", "description"}
OURS = {"edNote": {"note"}, "by": {"byline"}, "description": {"description", "summary", "caption"}}
COLUMNS = {"href", "rendition", "contenttype", "size", "width", "height", "duration", "durationunit", "id"}


def squeezed(text: str | None) -> str:
    """Letters and digits alone: how white space and markup are rendered is the business of other tests."""
    return re.sub(r"\W+", "", text or "")


def bare(markup: str) -> str:
    return squeezed(html.fromstring(f"<div>{markup}</div>").text_content()) if markup else ""


def last(code: str | None) -> str:
    return re.split(r"[:/#]", code or "")[-1]


def letters(text: Text) -> str:
    return bare(text.value) if text.kind in {"body", "description", "summary"} else squeezed(text.value)


def g2_item(name: str) -> etree._Element:
    payload = (SAMPLES / name).read_bytes()
    if "LISTING_5" in name:  # says ISO-8859-1 and is UTF-8
        payload = payload.replace(b"ISO-8859-1", b"UTF-8")
    root = etree.fromstring(payload, etree.XMLParser(remove_comments=True))
    items = [root] if root.tag in {f"{NAR}newsItem", f"{NAR}packageItem"} else root.findall(f"{NAR}itemSet/*")
    assert len(items) == 1
    return items[0]


def g2_texts(item: etree._Element) -> list[tuple[set[str], str, str, str]]:
    """(kinds it may be called here, role, language, letters) of each text element outside parts."""
    found = []
    for block in ("itemMeta", "contentMeta"):
        for element in item.findall(f"{NAR}{block}/*"):
            name = etree.QName(element).localname
            words = squeezed("".join(element.itertext()))
            if name in KINDS and words:
                role = last(element.get("role")).lower()
                found.append((OURS.get(name, {name}), role, element.get(XML_LANG) or "", words))
    return found


@pytest.mark.parametrize("name", G2)
def test_every_text_of_a_newsml_g2_sample_is_kept_with_role_and_language(name):
    held = [(text.kind, text.role, text.language, letters(text)) for text in story(name).texts]
    expected = g2_texts(g2_item(name))
    assert expected
    for kinds, role, language, words in expected:
        assert any(
            kind in kinds and (held_role, held_language, held_words) == (role, language, words)
            for kind, held_role, held_language, held_words in held
        ), (kinds, role, language, words)


@pytest.mark.parametrize("name", G2)
def test_every_inline_text_of_a_newsml_g2_sample_is_a_body(name):
    inline = g2_item(name).findall(f"{NAR}contentSet/{NAR}inlineXML")
    bodies = [bare(text.value) for text in story(name).texts if text.kind == "body"]
    assert len(bodies) == len(inline)
    for element, body in zip(inline, bodies, strict=True):
        for paragraph in element.iter("{*}p"):
            if paragraph.get("class") != "byline":  # in a header that repeats the metadata
                assert squeezed("".join(paragraph.itertext())) in body


@pytest.mark.parametrize("name", G2)
def test_every_right_of_a_newsml_g2_sample_is_stated(name):
    entry, item = story(name), g2_item(name)
    blocks = [block for block in item.findall(f"{NAR}rightsInfo") if squeezed("".join(block.itertext()))]
    assert len(entry.rights) == len(blocks)
    for block, statement in zip(blocks, entry.rights, strict=True):
        for tag, value in (
            ("copyrightHolder", statement.holder),
            ("copyrightNotice", statement.notice),
            ("usageTerms", statement.usage_terms),
        ):
            assert squeezed(value) == squeezed("".join("".join(e.itertext()) for e in block.findall(f"{NAR}{tag}")))
            if tag == "usageTerms":
                assert squeezed(value) in squeezed(entry.usage_terms)


@pytest.mark.parametrize("name", G2)
def test_every_file_of_a_newsml_g2_sample_is_a_rendition_with_all_its_attributes(name):
    entry, item = story(name), g2_item(name)
    elements = [*item.iterfind(f".//{NAR}remoteContent"), *item.iterfind(f".//{NAR}icon")]
    assert Counter(rendition.href for rendition in entry.renditions) == Counter(
        (element.get("href") or "").strip() for element in elements
    )
    for element in elements:
        rendition = next(r for r in entry.renditions if r.href == (element.get("href") or "").strip())
        assert rendition.rel == (last(element.get("rendition")) or rendition.rel)
        assert rendition.content_type == (element.get("contenttype") or "")
        for attribute, value in (
            ("size", rendition.size_bytes),
            ("width", rendition.width),
            ("height", rendition.height),
        ):
            assert str(value or "") == (element.get(attribute) or "")
        assert (rendition.duration_ms or 0) == 1000 * int(element.get("duration") or 0), "all samples count seconds"
        technical = dict(rendition.technical)
        for attribute in set(element.attrib) - COLUMNS:
            assert technical[str(attribute)] in {element.get(attribute), last(element.get(attribute))}


@pytest.mark.parametrize("name", G2)
def test_every_part_of_a_newsml_g2_sample_is_a_shot(name):
    entry, item = story(name), g2_item(name)
    parts = item.findall(f"{NAR}partMeta")
    assert len(entry.shots) == len(parts)
    for part, shot in zip(parts, entry.shots, strict=True):
        delimiter = part.find(f"{NAR}timeDelim")
        assert delimiter is not None
        assert delimiter.get("timeunit") == "timeunit:editUnit"
        assert (shot.in_ms, shot.out_ms) == tuple(int(delimiter.get(end)) * 40 for end in ("start", "end"))
        words = squeezed("".join(part.find(f"{NAR}description").itertext()))
        assert [(language, squeezed(text)) for language, text in shot.description] == [(entry.language, words)]
        assert shot.language == part.find(f"{NAR}language").get("tag")


@pytest.mark.parametrize("name", G2)
def test_every_party_and_subject_of_a_newsml_g2_sample_is_named(name):
    entry, item = story(name), g2_item(name)
    named = {entity.name for entity in entry.entities}
    for tag in ("creator", "contributor", "infoSource", "located", "genre"):
        for element in item.findall(f"{NAR}contentMeta/{NAR}{tag}"):
            assert element.find(f"{NAR}name").text.strip() in named
    words = {text.value for text in entry.texts if text.kind == "keyword"}
    for subject in item.findall(f"{NAR}contentMeta/{NAR}subject"):
        assert {found.text.strip() for found in subject.findall(f"{NAR}name")} <= words
        if subject.get("type") in {"cpnat:geoArea", "cpnat:poi"}:
            assert ("place", subject.find(f"{NAR}name").text.strip()) in {(e.kind, e.name) for e in entry.entities}
        if (subject.get("qcode") or "").startswith("medtop:"):
            assert subject.get("qcode") in entry.topics


@pytest.mark.parametrize("name", G2)
def test_dates_class_and_links_of_a_newsml_g2_sample_are_read(name):
    entry, item = story(name), g2_item(name)
    said = {etree.QName(element).localname: element for element in item.find(f"{NAR}itemMeta")}
    assert (entry.embargoed_until is not None) == ("embargoed" in said)
    assert (entry.expires_at is not None) == ("expires" in said)
    assert entry.kind == last(said["itemClass"].get("qcode"))
    links = item.findall(f"{NAR}itemMeta/{NAR}link") + list(item.iterfind(f".//{NAR}itemRef"))
    assert [(link.href, link.uri) for link in entry.associations] == [
        (link.get("href") or "", link.get("residref") or "") for link in links
    ]
    created = item.find(f"{NAR}contentMeta/{NAR}contentCreated")
    assert (str(entry.dateline_on) if entry.dateline_on else "") == (
        "" if created is None else created.text.strip()[:10]
    )
    signals = {signal.get("qcode") for signal in item.findall(f"{NAR}itemMeta/{NAR}signal")}
    assert entry.is_correction == ("sig:correction" in signals)


def ninjs_item(name: str) -> dict[str, Any]:
    value: dict[str, Any] = json.loads((SAMPLES / name).read_bytes())
    return value


def has(entry: Entry, kinds: set[str], role: str, words: str) -> bool:
    return any(text.kind in kinds and text.role == role and letters(text) == squeezed(words) for text in entry.texts)


LISTS = {"headlines": {"headline"}, "bodies": {"body"}, "descriptions": {"description", "summary", "caption"}}
LINES = {
    "headline": "headline", "title": "title", "slugline": "slugline", "by": "byline", "byline": "byline",
    "located": "dateline", "ednote": "note", "edNote": "note", "copyrightnotice": "copyright",
    "copyrightNotice": "copyright",
}  # fmt: skip


@pytest.mark.parametrize("name", NINJS)
def test_every_text_of_a_ninjs_sample_is_kept_with_its_role(name):
    entry, item = story(name), ninjs_item(name)
    count = 0
    for key, value in item.items():
        if key in LISTS:
            for text in value:
                words = (
                    html.fromstring(f"<div>{text['value']}</div>").text_content()
                    if "<" in text["value"]
                    else text["value"]
                )
                assert has(entry, LISTS[key], text["role"].lower(), words)
                count += 1
        elif key in LINES and value:
            assert has(entry, {LINES[key]}, "", value)
            count += 1
        elif key.startswith(("body_", "description_", "headline_")):
            words = html.fromstring(f"<div>{value}</div>").text_content()
            assert has(entry, LISTS["descriptions"] | {"body", "headline"}, key.partition("_")[2], words)
            count += 1
    apart = {"keyword", "property"}
    own = [text for text in entry.texts if text.kind not in apart and not text.role.startswith("mainpic")]
    assert len(own) == count


@pytest.mark.parametrize("name", NINJS)
def test_every_party_and_subject_of_a_ninjs_sample_is_named(name):
    entry, item = story(name), ninjs_item(name)
    held = {(entity.kind, entity.name, entity.role) for entity in entry.entities}
    expected = set()
    for key, kind in (
        ("people", "person"), ("person", "person"), ("organisation", "organisation"), ("places", "place"),
        ("place", "place"), ("objects", "object"),
    ):  # fmt: skip
        for each in item.get(key, []):
            expected.add((kind, each.get("name") or each["literal"], each.get("rel", "subject")))
    for key in ("infosources", "infoSources"):
        expected |= {("organisation", each["name"], "infosource") for each in item.get(key, [])}
    assert held == expected
    assert entry.keywords == tuple(dict.fromkeys(each["name"] for each in item.get("subjects", [])))


@pytest.mark.parametrize("name", NINJS)
def test_every_file_of_a_ninjs_sample_is_a_rendition(name):
    entry, item = story(name), ninjs_item(name)
    files = list(item["renditions"]) if isinstance(item.get("renditions"), list) else []
    for associated in (item.get("associations") or {}).values():
        files += [{"name": key} | value for key, value in associated["renditions"].items()]
    assert len(entry.renditions) == len(files)
    for said, rendition in zip(files, entry.renditions, strict=True):
        said = {key.lower(): value for key, value in said.items()}
        assert (rendition.href, rendition.rel) == (said["href"], said["name"])
        assert rendition.content_type == said.get("contenttype", said.get("mimetype"))
        assert (rendition.width, rendition.height) == (said.get("width"), said.get("height"))
        assert (rendition.size_bytes, rendition.title) == (said.get("sizeinbytes"), said.get("title", ""))
        assert rendition.duration_ms == said.get("duration"), "the only lengths in the samples are in milliseconds"
        assert dict(rendition.technical).get("format") == said.get("format")


@pytest.mark.parametrize("name", NINJS)
def test_every_right_of_a_ninjs_sample_is_stated(name):
    entry, item = story(name), {key.lower(): value for key, value in ninjs_item(name).items()}
    own = RightsStatement(
        holder=item.get("copyrightholder", ""),
        notice=item.get("copyrightnotice", ""),
        usage_terms=item.get("usageterms", ""),
    )
    expected = [own] if own != RightsStatement() else []
    if "rightsinfo" in item:
        rights = item["rightsinfo"]
        expected.append(RightsStatement(aspect=rights["langId"], link=rights["linkedRights"]))
    assert list(entry.rights) == expected
    assert entry.usage_terms == (
        own.usage_terms or (item["rightsinfo"]["linkedRights"] if "rightsinfo" in item else "")
    )


def test_the_dopesheet_of_the_multi_part_video_is_whole():
    entry = story("newsml-g2/LISTING_5_Multi-part_Video_in_NewsML-G2.xml")
    assert [(shot.in_ms, shot.out_ms) for shot in entry.shots] == [
        (0, 17_840), (17_840, 33_240), (33_240, 43_240), (43_240, 52_520),
        (52_520, 64_640), (64_640, 84_360), (84_360, 109_280), (109_280, 111_000),
    ]  # fmt: skip
    assert entry.shots[0].description == (("en", "Vicco von Bülow entering exhibition"),)
    assert [shot.audio for shot in entry.shots].count("voice-over") == 4
    assert {text.role for text in entry.texts if text.kind == "description"} == {"dopesheet", "shotlist"}
    assert entry.duration_ms == 111_000
    assert {(e.name, e.kind) for e in entry.entities if e.role == "located"} == {
        ("Berlin", "place"),
        ("Germany", "place"),
    }
    keyframes = [rendition for rendition in entry.renditions if rendition.rel == "thumbnail"]
    assert [dict(rendition.technical)["partid"] for rendition in keyframes] == [f"Part{n}_ID" for n in range(1, 9)]


def test_the_roles_of_agencies_are_kept():
    afp = story("newsml-g2/LISTING_4_Multiple_Renditions_of_a_Video_in_NewsML-G2.xml")
    assert [(text.kind, text.role) for text in afp.texts] == [
        ("creditline", ""),
        ("summary", "synthe"),
        ("description", "script"),
    ]
    dpa = story("newsml-g2/dpa_embargoed.xml")
    assert Counter(text.role for text in dpa.texts if text.kind == "note") == {
        "editorialnote": 3, "dpacontacts": 2, "embargo": 1, "closingline": 1, "picture": 1, "notepad": 1,
    }  # fmt: skip
    assert Text("headline", "Ausstellung") in dpa.texts
    assert ("place", "Kulturforum") in {(entity.kind, entity.name) for entity in dpa.entities}


def test_a_correction_of_an_agency_is_one_and_says_what_was_wrong():
    entry = story("newsml-g2/dpa_dw-1.xml")
    assert entry.is_correction
    (note,) = [text.value for text in entry.texts if text.role == "correctionshort"]
    assert note.endswith("Richtig ist aber das Jahr 1997.")
    assert note in entry.editors_note


def test_members_of_the_package_are_named_with_their_group():
    package = story("newsml-g2/LISTING_6_Simple_NewsML-G2_Package.xml")
    assert [(link.role, link.kind, link.headline) for link in package.associations] == [
        ("main", "text", "Obama annonce son équipe"),
        ("main", "picture", "Barack Obama arrive à Washington"),
    ]
    assert package.kind == "composite"
