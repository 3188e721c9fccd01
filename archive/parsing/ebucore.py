"""EBUCore 1.x, as archives write it: any order, prefix and version; several records as ``part`` or side by side."""

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
    Code,
    DocumentError,
    ParsedDocument,
    ParsedRecord,
    problem,
    refused_if_excessive,
)
from archive.parsing.ebucore_format import read_format
from archive.parsing.leftovers import keep_rest
from archive.parsing.pbcore import settle
from archive.parsing.reading import XML_LANG, attribute, children, line_of, load_tree, local, text_of
from archive.parsing.values import edtf, language_tag, number

ROOTS = frozenset({"ebuCoreMain", "coreMetadata"})
RECORD_PART = "record"  # the typeLabel of parts that are records of their own, as we write collections
_LANGUAGES = {"speech": "speech_languages", "subtitles": "subtitle_languages", "credits": "credit_languages"}
_DATES = {
    "created": "created", "issued": "issued", "released": "broadcast", "produced": "created", "published": "broadcast",
    "copyrighted": "issued",
}  # fmt: skip
_HANDLED = frozenset({
    "title", "alternativeTitle", "description", "subject", "creator", "contributor", "publisher", "date", "type",
    "identifier", "source", "language", "isMemberOf", "isEpisodeOf", "hasPart", "coverage", "rights", "format",
})  # fmt: skip
_PARENTS = frozenset({"isPartOf", "isChildOf", "hasParent"})


def sniff(root: etree._Element) -> bool:
    return any(local(element) in ROOTS for element in islice(root.iter(), 2000))


def parse(payload: bytes, own_sources: frozenset[str] = frozenset()) -> ParsedDocument:
    """Every record; see ``pbcore.parse``. Raises DocumentError."""
    tree = load_tree(payload)
    if not sniff(tree.root):
        raise DocumentError(Code.UNKNOWN_FORMAT, f"<{local(tree.root)[:60]}> is not of EBUCore")
    parsed = ParsedDocument()
    if tree.is_damaged:
        parsed.problems.append(problem(Code.DAMAGED))
    for element in _records(tree.root):
        if len(parsed.records) >= MAX_RECORDS:
            raise DocumentError(Code.TOO_LARGE, f"more than {MAX_RECORDS} records")
        record = ParsedRecord(len(parsed.records) + 1)
        _Reader(record, own_sources).read(element)
        if tree.is_damaged:
            record.problems.append(problem(Code.DAMAGED))
        parsed.records.append(refused_if_excessive(record))
    if not parsed.records:
        raise DocumentError(Code.NO_RECORDS, "there is no metadata in it")
    return parsed


def _records(root: etree._Element) -> Iterator[etree._Element]:
    """Each coreMetadata; one that only holds parts which are records stands for those."""
    if local(root) != "coreMetadata":
        for element in children(root):
            yield from _records(element)
        return
    parts = [part for part in children(root) if local(part) == "part"]
    if parts and len(parts) == len(children(root)):
        yield from parts
        return
    yield root


class _Reader:
    def __init__(self, record: ParsedRecord, own_sources: frozenset[str]) -> None:
        self.record, self.own = record, own_sources
        self.said = record.said

    def read(self, metadata: etree._Element) -> None:
        self.default = next(
            (tag for each in metadata.iterancestors() if (tag := language_tag(each.get(XML_LANG) or ""))), ""
        )
        for element in children(metadata):
            name = local(element)
            if name in _HANDLED:
                getattr(self, f"_{name}")(element)
            elif name in _PARENTS:
                self._relation(element, "parent")
            else:
                keep_rest(self.record, element)
        settle(self.record)

    def _tag(self, element: etree._Element) -> str:
        own = language_tag(element.get(XML_LANG) or "") or language_tag(attribute(element, "typeLanguage"))
        return own or self.default

    def _kind(self, element: etree._Element, known: dict[str, str], default: str, other: str) -> str:
        label = attribute(element, "typeLabel", "typeDefinition")
        if not label:
            return default
        kind = known.get(words.folded(label))
        if kind is None:
            self.record.problems.append(problem(Code.WORD_UNKNOWN, f"{local(element)}@typeLabel", label))
        return kind or other

    def _texts(self, element: etree._Element, name: str, inner: str, kind: str) -> None:
        for child in children(element):
            if local(child) != inner:
                keep_rest(self.record, child)
            elif text := line_of(child) if name == "titles" else text_of(child):
                self.record.add(name, [kind, self._tag(child), text])
        if not len(element) and (text := text_of(element)):  # written without the inner element
            self.record.add(name, [kind, self._tag(element), text])
        if note := attribute(element, "note"):
            self.record.note(f"{local(element)}.note", note)

    def _title(self, element: etree._Element) -> None:
        self._texts(element, "titles", "title", self._kind(element, words.TITLES, MAIN, "alternative"))

    def _alternativeTitle(self, element: etree._Element) -> None:
        kind = self._kind(element, words.TITLES, "alternative", "alternative")
        self._texts(element, "titles", "title", "alternative" if kind == MAIN else kind)

    def _description(self, element: etree._Element) -> None:
        kind = self._kind(element, words.DESCRIPTIONS, MAIN, "note")
        self._texts(element, "descriptions", "description", kind)

    def _subject(self, element: etree._Element) -> None:
        code = next((line_of(child) for child in children(element) if local(child) == "subjectCode"), "")
        texts = [line_of(child) for child in children(element) if local(child) == "subject" and line_of(child)]
        if not len(element) and line_of(element):
            texts = [line_of(element)]
        if code.startswith(TOPIC_URI):
            self.record.add("topics", f"medtop:{code.removeprefix(TOPIC_URI)}")
            return
        for text in texts:
            if text.startswith("medtop:"):
                self.record.add("topics", text)
            else:
                self.record.add("subjects", text)
        for child in children(element):
            if local(child) not in ("subject", "subjectCode") or (local(child) == "subjectCode" and not texts):
                keep_rest(self.record, child)

    def _creator(self, element: etree._Element) -> None:
        self._entity(element, "author")

    def _contributor(self, element: etree._Element) -> None:
        self._entity(element, "other")

    def _publisher(self, element: etree._Element) -> None:
        self._entity(element, "other", "publisher")

    def _entity(self, element: etree._Element, default: str, says: str = "") -> None:
        """One credit for each role; a person's name in several languages is one person's."""
        reference = attribute(element, "entityId")
        if reference.startswith(HOLDER_URN):
            return
        slug = reference.removeprefix(PERSON_URN) if reference.startswith(PERSON_URN) else ""
        names: list[str] = []
        notes: list[str] = []
        for child in children(element):
            if local(child) in ("contactDetails", "organisationDetails"):
                found, more = _named(child)
                names.extend(found)
                notes.extend(more)
            elif local(child) not in ("role",) and (text := line_of(child)):
                notes.append(text)
        name = next(iter(names), "") or ("" if len(element) else line_of(element))
        if not name:
            keep_rest(self.record, element)
            return
        roles = [child for child in children(element) if local(child) == "role"]
        for role, said in _roles(roles, default, says):
            note = "; ".join(filter(None, (*notes, said)))
            self.record.add("credits", [role, slug, name, note])

    def _date(self, element: etree._Element) -> None:
        label = attribute(element, "typeLabel")
        kind = words.DATES.get(words.folded(label), "dated") if label else "dated"
        for child in children(element):
            name = local(child)
            if name == "date":
                self._dated(kind, edtf(line_of(child)))
            elif name in _DATES and (found := _of_group(child)):
                self._dated(_DATES[name], found)
            elif name == "alternative" and (found := _of_group(child)):
                self._dated(words.DATES.get(words.folded(attribute(child, "typeLabel")), "dated"), found)
            else:
                keep_rest(self.record, child)
        if not len(element) and (text := line_of(element)):
            self._dated(kind, edtf(text))

    def _dated(self, kind: str, dated: str) -> None:
        if not dated:
            return
        if kind != "dated":
            self.record.add("dates", [kind, dated])
        elif "dated" not in self.said:
            self.said["dated"] = dated
        elif self.said["dated"] != dated:
            self.record.note("date", dated)

    def _type(self, element: etree._Element) -> None:
        for child in children(element):
            label, link = attribute(child, "typeLabel", "typeDefinition"), attribute(child, "typeLink")
            text = label or line_of(child)
            if link.startswith(CATEGORY_URN) and link.removeprefix(CATEGORY_URN) in words.CATEGORIES:
                self.said["category"] = link.removeprefix(CATEGORY_URN)
            elif (
                local(child) == "objectType"
                and words.folded(text) in words.ASSET_TYPES
                and "asset_type" not in self.said
            ):
                self.said["asset_type"] = words.ASSET_TYPES[words.folded(text)]
            elif local(child) in ("genre", "type") and text:
                self.record.add("genres", text)
            else:
                keep_rest(self.record, child)

    def _identifier(self, element: etree._Element) -> None:
        value = next((line_of(child) for child in children(element) if local(child) == "identifier"), "")
        value = value or ("" if len(element) else line_of(element))
        source = attribute(element, "typeLabel", "formatLabel", "typeDefinition")
        if not value:
            return
        if value.lower().startswith(UID_URN):
            self.said["uid"] = value[len(UID_URN) :]
        elif source.casefold() in self.own and "identifier" not in self.said:
            self.said["identifier"] = value
        else:
            self.record.add("identifiers", [source or "EBUCore", value])

    def _source(self, element: etree._Element) -> None:
        if text := text_of(element):
            noted = self.said.get("source_note", "")
            self.said["source_note"] = f"{noted}\n{text}".strip()

    def _language(self, element: etree._Element) -> None:
        text = next((line_of(child) for child in children(element) if local(child) == "language"), "")
        text = text or ("" if len(element) else line_of(element))
        name = _LANGUAGES.get(words.folded(attribute(element, "typeLabel")), "speech_languages")
        if tag := language_tag(text):
            self.record.add(name, tag)
        elif text:
            self.record.note("language", text)

    def _isMemberOf(self, element: etree._Element) -> None:
        self._relation(element, "collection")

    def _isEpisodeOf(self, element: etree._Element) -> None:
        self._relation(element, "series")

    def _hasPart(self, element: etree._Element) -> None:
        count = number(attribute(element, "totalNumberOfGroupMembers"))
        if count is not None and "expected_children" not in self.said:
            self.said["expected_children"] = count
        else:
            keep_rest(self.record, element)

    def _relation(self, element: etree._Element, field: str) -> None:
        value = next((line_of(each) for each in element.iter(etree.Element) if local(each) == "identifier"), "")
        value = value or line_of(element)
        for urn, name in ((COLLECTION_URN, "collection"), (SERIES_URN, "series")):
            if value.startswith(urn):
                field, value = name, value.removeprefix(urn)
        if value and field not in self.said:
            self.said[field] = value
        elif value:
            self.record.note(local(element), value)

    def _coverage(self, element: etree._Element) -> None:
        relation = words.RELATIONS.get(words.folded(attribute(element, "typeLabel")), "shown")
        for child in children(element):
            locations = [each for each in children(child) if local(each) == "location"]
            if local(child) != "spatial" or len(locations) != len(children(child)):
                keep_rest(self.record, child)
                continue
            for location in locations:
                names = [line_of(each) for each in children(location) if local(each) == "name"]
                reference = attribute(location, "locationId")
                slug = reference.removeprefix(PLACE_URN) if reference.startswith(PLACE_URN) else ""
                if any(names):
                    self.record.add("places", [relation, slug, next(filter(None, names))])
                for each in children(location):
                    if local(each) != "name":
                        keep_rest(self.record, each)

    def _rights(self, element: etree._Element) -> None:
        label = words.folded(attribute(element, "typeLabel"))
        for child in children(element):
            text = text_of(child)
            if statement := words.rights_statement(text):
                self.said["rights_statement"] = statement
            elif label == "credit-line" and local(child) == "rights":
                self.said["credit_line"] = line_of(child)
            elif local(child) in ("rights", "copyrightStatement", "exploitationIssues", "disclaimer"):
                if text:
                    noted = self.said.get("rights_note", "")
                    self.said["rights_note"] = f"{noted}\n{text}".strip()
            else:
                keep_rest(self.record, child)

    def _format(self, element: etree._Element) -> None:
        self.record.add("instantiations", read_format(self.record, element))


def _named(details: etree._Element) -> tuple[list[str], list[str]]:
    """Names, the given and the family name together, and what else is said of the person or body."""
    names, given, notes = [], "", []
    for child in children(details):
        text = line_of(child)
        if local(child) in ("name", "organisationName") and text:
            names.append(text)
        elif local(child) == "givenName":
            given = text
        elif local(child) == "familyName":
            names.append(f"{given} {text}".strip())
        elif text:
            notes.append(text)
    return names, notes


def _roles(elements: list[etree._Element], default: str, says: str) -> list[tuple[str, str]]:
    found = []
    for element in elements:
        text = attribute(element, "typeLabel", "typeDefinition") or line_of(element)
        role = words.ROLES.get(words.folded(text), "") if text else ""
        if text:
            found.append((role or "other", "" if role and text in words.ROLES_OUT.values() else text))
    return found or [(default, says)]


def _of_group(element: etree._Element) -> str:
    """EBU's group of date attributes as EDTF."""
    for name in ("date", "year"):
        if value := attribute(element, name):
            return edtf(value)
    first = attribute(element, "startDate", "startYear")
    last = attribute(element, "endDate", "endYear")
    if first and last:
        return edtf(first) if first == last else f"{edtf(first)}/{edtf(last)}"
    return edtf(first or last or attribute(element, "period") or line_of(element))
