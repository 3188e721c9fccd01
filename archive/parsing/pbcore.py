"""PBCore 1.x, 2.0 and 2.1, as archives really write it: any order and prefix, attributes or subelements, many records.

The language of a text stands in ``xml:lang`` or, as in what we write, in ``annotation``: PBCore knows no attribute of
its own for it.
"""

from collections.abc import Iterator
from itertools import islice

from lxml import etree

from archive.parsing import words
from archive.parsing.base import (
    CATEGORY_URN,
    COLLECTION_URN,
    HOLDER_URN,
    MAIN,
    MAX_RECORDS,
    PERSON_URN,
    PLACE_URN,
    SERIES_URN,
    TOPIC_URI,
    UID_URN,
    UNDETERMINED,
    Code,
    DocumentError,
    ParsedDocument,
    ParsedRecord,
    problem,
    refused_if_excessive,
)
from archive.parsing.carriers import read_instantiation, settle_languages
from archive.parsing.leftovers import keep_rest
from archive.parsing.reading import XML_LANG, attribute, children, line_of, load_tree, local, text_of
from archive.parsing.values import edtf, language_tag, number

RECORDS = frozenset({"pbcoreDescriptionDocument", "PBCoreDescriptionDocument", "pbcorePart"})
ROOTS = RECORDS | {"pbcoreCollection", "pbcoreInstantiationDocument"}
_TAG_LIKE = 35
_AGENTS = {"pbcoreCreator": "creator", "pbcoreContributor": "contributor", "pbcorePublisher": "publisher"}
ANNOTATED_LISTS = {
    "speech-language": "speech_languages",
    "subtitle-language": "subtitle_languages",
    "credit-language": "credit_languages",
}


def sniff(root: etree._Element) -> bool:
    return local(root) in ROOTS or any(local(element) in RECORDS for element in islice(root.iter(), 2000))


def parse(payload: bytes, own_sources: frozenset[str] = frozenset()) -> ParsedDocument:
    """Every record. ``own_sources`` are the names under which the house gives its own identifiers, case-folded.

    Raises DocumentError.
    """
    tree = load_tree(payload)
    if not sniff(tree.root):
        raise DocumentError(Code.UNKNOWN_FORMAT, f"<{local(tree.root)[:60]}> is not of PBCore")
    parsed = ParsedDocument()
    if tree.is_damaged:
        parsed.problems.append(problem(Code.DAMAGED))
    for element in _records(tree.root):
        if len(parsed.records) >= MAX_RECORDS:
            raise DocumentError(Code.TOO_LARGE, f"more than {MAX_RECORDS} records")
        record = ParsedRecord(len(parsed.records) + 1)
        if local(element) == "pbcoreInstantiationDocument":
            record.refusal = problem(Code.NO_RECORD, local(element), line_of(element))
        else:
            _Reader(record, own_sources).read(element)
        if tree.is_damaged:
            record.problems.append(problem(Code.DAMAGED))
        parsed.records.append(refused_if_excessive(record))
    if not parsed.records:
        raise DocumentError(Code.NO_RECORDS, "there is no description document in it")
    return parsed


def _records(root: etree._Element) -> Iterator[etree._Element]:
    """Description documents wherever they stand (OAI and SOAP wrap them); parts belong to what they stand in."""
    if local(root) in RECORDS or local(root) == "pbcoreInstantiationDocument":
        yield root
        return
    for element in children(root):
        yield from _records(element)


def settle(record: ParsedRecord) -> None:
    """The identifier and the date that stand for the whole, where the document does not say which one does."""
    settle_languages(record)
    identifiers = record.said.get("identifiers", [])
    if "identifier" not in record.said and identifiers:
        record.said["identifier"] = identifiers[0][1]
    dates = dict(reversed(record.said.get("dates", [])))
    if "dated" not in record.said:
        for kind in ("recorded", "created", "broadcast", "issued"):
            if dates.get(kind, "XXXX") != "XXXX":
                record.said["dated"] = dates[kind]
                break
    if "category" not in record.said:
        guess = words.guessed_category(record.said.get("genres", []), record.said.get("asset_type", ""))
        record.said["category_guess"] = guess


class _Reader:
    def __init__(self, record: ParsedRecord, own_sources: frozenset[str]) -> None:
        self.record, self.own = record, own_sources
        self.said = record.said

    def read(self, document: etree._Element) -> None:
        for element in children(document):
            name = local(element)
            handler = getattr(self, f"_{name}", None) if name.startswith("pbcore") else None
            if name in _AGENTS:
                self._agent(element, _AGENTS[name])
            elif handler is not None:
                handler(element)
            else:
                keep_rest(self.record, element)
        settle(self.record)

    def _language(self, element: etree._Element) -> str:
        return language_tag(element.get(XML_LANG) or "") or self._annotated(element)

    @staticmethod
    def _annotated(element: etree._Element) -> str:
        given = attribute(element, "annotation")
        return language_tag(given) if len(given) <= _TAG_LIKE and given == language_tag(given) else ""

    def _kind(self, element: etree._Element, known: dict[str, str], attributes: tuple[str, ...], default: str) -> str:
        """By the type attribute, or by the subelement that PBCore 1 had for it. An unknown one is told."""
        given = attribute(element, *attributes)
        if not given:
            return default
        kind = known.get(words.folded(given), "")
        if not kind:
            self.record.problems.append(problem(Code.WORD_UNKNOWN, f"{local(element)}@{attributes[0]}", given))
        return kind

    def _pbcoreAssetType(self, element: etree._Element) -> None:
        text = line_of(element)
        if not text:
            return
        kind = words.ASSET_TYPES.get(words.folded(text))
        if kind and "asset_type" not in self.said:
            self.said["asset_type"] = kind
        else:
            self.record.note("pbcoreAssetType", text)

    def _pbcoreAssetDate(self, element: etree._Element) -> None:
        text = line_of(element)
        if not text:
            return
        given = attribute(element, "dateType")
        kind = self._kind(element, words.DATES, ("dateType",), "dated")
        dated = edtf(text)
        if kind == "dated" and "dated" not in self.said:
            self.said["dated"] = dated
        elif kind and kind != "dated":
            self.record.add("dates", [kind, dated])
        else:
            self.record.note(f"pbcoreAssetDate {given}".strip(), text)

    def _pbcoreIdentifier(self, element: etree._Element) -> None:
        value, source = line_of(element), attribute(element, "source")
        # PBCore 1 had both in subelements.
        for child in children(element):
            if local(child) == "identifierSource":
                source = line_of(child)
                value = next((line_of(each) for each in children(element) if local(each) == "identifier"), "")
        if not value:
            return
        if value.lower().startswith(UID_URN):
            self.said["uid"] = value[len(UID_URN) :]
        elif source.casefold() in self.own and "identifier" not in self.said:
            self.said["identifier"] = value
        else:
            self.record.add("identifiers", [source or "PBCore", value])

    def _pbcoreTitle(self, element: etree._Element) -> None:
        self._text(element, "titles", "title", words.TITLES, ("titleType",), "alternative")

    def _pbcoreDescription(self, element: etree._Element) -> None:
        self._text(element, "descriptions", "description", words.DESCRIPTIONS, ("descriptionType",), "note")

    def _text(
        self, element: etree._Element, name: str, inner: str, known: dict[str, str], types: tuple[str, ...], other: str
    ) -> None:
        text, kind = text_of(element), self._kind(element, known, types, MAIN)
        for child in children(element):  # PBCore 1
            if local(child) == inner:
                text = text_of(child)
            elif local(child) == f"{inner}Type":
                kind = known.get(words.folded(line_of(child)), other)
        if not text:
            return
        if name == "titles":
            text = " ".join(text.split())
        self.record.add(name, [kind or other, self._language(element), text])

    def _pbcoreSubject(self, element: etree._Element) -> None:
        reference, text = attribute(element, "ref"), line_of(element)
        code = reference.removeprefix(TOPIC_URI) if reference.startswith(TOPIC_URI) else ""
        if not code and text.startswith("medtop:"):
            code = text.removeprefix("medtop:")
        if code:
            self.record.add("topics", f"medtop:{code}")
        elif text:
            self.record.add("subjects", text)

    def _pbcoreGenre(self, element: etree._Element) -> None:
        reference, text = attribute(element, "ref"), line_of(element)
        category = reference.removeprefix(CATEGORY_URN) if reference.startswith(CATEGORY_URN) else words.folded(text)
        if category in words.CATEGORIES and (reference.startswith(CATEGORY_URN) or "category" not in self.said):
            self.said["category"] = category
        elif text:
            self.record.add("genres", text)

    def _pbcoreRelation(self, element: etree._Element) -> None:
        kind = next((line_of(child) for child in children(element) if local(child) == "pbcoreRelationType"), "")
        target = next((child for child in children(element) if local(child) == "pbcoreRelationIdentifier"), None)
        value = line_of(target)
        reference = attribute(target, "ref") if target is not None else ""
        if not value and not reference:
            return
        is_part = words.folded(kind) in ("is-part-of", "ispartof", "part-of")
        if reference.startswith(COLLECTION_URN):
            self.said["collection"] = reference.removeprefix(COLLECTION_URN)
        elif reference.startswith(SERIES_URN):
            self.said["series"] = reference.removeprefix(SERIES_URN)
        elif is_part and "parent" not in self.said:
            self.said["parent"] = value
        else:
            self.record.note(f"pbcoreRelation {kind}".strip(), value)

    def _pbcoreCoverage(self, element: etree._Element) -> None:
        kind = next((line_of(child) for child in children(element) if local(child) == "coverageType"), "")
        for child in children(element):
            if local(child) != "coverage" or not (text := line_of(child)):
                continue
            if words.folded(kind) == "temporal":
                self.record.note("pbcoreCoverage Temporal", text)
                continue
            reference, relation = attribute(child, "ref"), attribute(child, "annotation")
            slug = reference.removeprefix(PLACE_URN) if reference.startswith(PLACE_URN) else ""
            known = words.RELATIONS.get(words.folded(relation), "") if relation else "shown"
            if relation and not known:
                self.record.problems.append(problem(Code.WORD_UNKNOWN, "coverage@annotation", relation))
            self.record.add("places", [known or "shown", slug, text])

    def _agent(self, element: etree._Element, inner: str) -> None:
        """A person or body with their roles; several roles are several credits."""
        names = [child for child in children(element) if local(child) == inner]
        roles = [child for child in children(element) if local(child) == f"{inner}Role"]
        for rest in children(element):
            if rest not in names and rest not in roles:
                keep_rest(self.record, rest)
        for agent in names:
            name, reference = line_of(agent), attribute(agent, "ref")
            if not name or reference.startswith(HOLDER_URN):
                continue
            slug = reference.removeprefix(PERSON_URN) if reference.startswith(PERSON_URN) else ""
            about = [attribute(agent, "affiliation"), attribute(agent, "annotation")]
            for role, said in _roles(roles, inner):
                note = "; ".join(filter(None, (*about, said)))
                self.record.add("credits", [role, slug, name, note])

    def _pbcoreRightsSummary(self, element: etree._Element) -> None:
        for child in children(element):
            text = text_of(child)
            statement = words.rights_statement(f"{attribute(child, 'ref')} {text}")
            if statement:
                self.said["rights_statement"] = statement
            elif words.folded(attribute(child, "annotation")) == "credit-line":
                self.said["credit_line"] = line_of(child)
            elif text:
                noted = self.said.get("rights_note", "")
                self.said["rights_note"] = f"{noted}\n{text}".strip()

    def _pbcoreAnnotation(self, element: etree._Element) -> None:
        kind, text = words.folded(attribute(element, "annotationType")), text_of(element)
        if not text:
            return
        if kind in ANNOTATED_LISTS and language_tag(text):
            self.record.add(ANNOTATED_LISTS[kind], language_tag(text))
        elif kind == "expected-children" and (count := number(text)) is not None:
            self.said["expected_children"] = count
        elif kind == "provenance" and "source_note" not in self.said:
            self.said["source_note"] = text
        elif kind:
            self.record.note(f"pbcoreAnnotation {kind}", text)
        else:
            self.record.add("descriptions", ["note", self._language(element) or UNDETERMINED, text])

    def _pbcoreInstantiation(self, element: etree._Element) -> None:
        self.record.add("instantiations", read_instantiation(self.record, element))


def _roles(elements: list[etree._Element], inner: str) -> list[tuple[str, str]]:
    """(our role, what the document says where that is more): publishers are "other", with what they are as a note."""
    found = []
    for element in elements:
        text = line_of(element)
        if not text:
            continue
        role = words.ROLES.get(words.folded(text), "")
        portrayal = attribute(element, "portrayal")
        said = "" if role and text in words.ROLES_OUT.values() else text
        found.append((role or "other", "; ".join(filter(None, (said, portrayal)))))
    return found or [("author" if inner == "creator" else "other", inner if inner == "publisher" else "")]
