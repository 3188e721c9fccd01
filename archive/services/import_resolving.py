"""From what a document says to what the catalogue would hold: texts normalised, names found, values checked.

What no field can take is kept as a note. Tables are written by people who see the refusal: there a value that is not
possible refuses its row; in documents of other systems it is a problem beside a record that is otherwise good.
"""

import re
from typing import Any

from archive.catalogue import CARRIER_TEXTS, FIELDS, PLAIN, TEXT_COLUMNS, TRACK_FIELDS, WORDS
from archive.constants import (
    AssetType,
    Category,
    CreditRole,
    DateType,
    DescriptionType,
    Generation,
    InstantiationKind,
    PlaceRelation,
    RightsStatement,
    ScanOrder,
    TitleType,
    TrackKind,
)
from archive.parsing.base import MAIN, UNDETERMINED, Code, ParsedRecord, problem
from archive.services.import_checks import is_date, is_measure, is_tag, storable
from archive.services.import_house import House
from archive.services.item import tagged
from mediaexchange.core.languages.detect import detect_language
from mediaexchange.core.languages.normalise import normalise_text
from mediaexchange.core.languages.tags import STORED, STORED_AS, stored_language

Values = dict[str, Any]
MAX_TITLE, MAX_NAME, MAX_IDENTIFIER, MAX_PART = 500, 200, 100, 200
_LENGTHS = {"credit_line": 300}
_WORD_LENGTHS = {"genres": 100, "topics": 20, "subjects": 200}
_CHOICES = {"category": Category, "asset_type": AssetType, "rights_statement": RightsStatement}
_KINDS = {"titles": TitleType, "descriptions": DescriptionType, "dates": DateType, "credits": CreditRole,
          "places": PlaceRelation}  # fmt: skip
_TOPIC = re.compile(r"medtop:\d{8}\Z")
_CYRILLIC = re.compile("[\u0400-\u052f]")
_TIMECODE = re.compile(r"\d\d:[0-5]\d:[0-5]\d[:;]\d\d\Z")
_MOST_COUNT = 2**31 - 1
# Which further title stands in for a main one, the best first.
_STAND_INS = [
    str(kind)
    for kind in (
        TitleType.ORIGINAL,
        TitleType.EPISODE,
        TitleType.RELEASE,
        TitleType.ALTERNATIVE,
        TitleType.WORKING,
        TitleType.SERIES,
    )
]


class Resolver:
    """One record. ``current`` is what the item that it is about holds now; None for one that is to be created.

    ``wholes`` are the identifiers that an item may be part of: the house's, and those of the same document.
    """

    def __init__(
        self, record: ParsedRecord, house: House, current: Values | None, *, wholes: set[str], is_table: bool
    ) -> None:
        self.wholes = wholes
        self.said: Values = storable(record.said)
        self.house, self.current, self.is_table = house, current, is_table
        self.problems = list(record.problems)
        self.refusal = record.refusal
        self.values: Values = {}
        self.notes: list[list[str]] = []

    def resolve(self) -> Values:
        """The fields that the document says something for, as ``catalogue.values_of`` would give them."""
        self._columns()
        self._texts("titles", "title")
        self._texts("descriptions", "description")
        self._plain()
        self._words()
        self._dates()
        self._identifiers()
        self._credits()
        self._places()
        self._shelves()
        self._carriers()
        self._settle()
        return {name: self.values[name] for name in FIELDS if name in self.values}

    def say(self, code: str, where: str = "", value: object = "") -> None:
        self.problems.append(problem(code, where, value))

    def refuse(self, code: str, where: str = "", value: object = "") -> None:
        self.refusal = self.refusal or problem(code, where, value)

    def note(self, where: str, value: str, code: str = Code.KEPT_AS_NOTE) -> None:
        self.notes.append(["note", UNDETERMINED, f"{where}: {value}"])
        self.say(code, where, value)

    def _columns(self) -> None:
        """Tables name the column of a text's language."""
        for name in TEXT_COLUMNS:
            if name in self.said:
                text = normalise_text(str(self.said[name] or ""), name.rpartition("_")[2]).strip()
                self.values[name] = self._fitting(name, text)

    def _texts(self, name: str, column: str) -> None:
        """Main texts into the columns of their languages; the others with their tags."""
        if name not in self.said:
            return
        kept: list[list[str]] = []
        for kind, tag, text in self.said[name]:
            if not tag and kind == MAIN:
                tag = self._guessed(text, name)
            tag = tag or UNDETERMINED
            if not is_tag(tag):
                self.say(Code.LANGUAGE_UNKNOWN, name, tag)
                tag = UNDETERMINED
            text = normalise_text(text, tag).strip()
            stored = stored_language(tag)
            if not text:
                continue
            if kind == MAIN and stored and f"{column}_{stored}" not in self.values:
                self.values[f"{column}_{stored}"] = self._fitting(f"{column}_{stored}", text)
                continue
            if kind == MAIN:
                other = TitleType.ORIGINAL if not stored else TitleType.ALTERNATIVE
                kind = str(other if name == "titles" else DescriptionType.SYNOPSIS)
            row = [kind, tagged(tag), self._fitting(name, text)]
            if kind in _KINDS[name].values and row not in kept:
                kept.append(row)
        if kept or not any(kind == MAIN for kind, _tag, _text in self.said[name]) or self.is_table:
            self.values[name] = kept

    def _fitting(self, name: str, text: str) -> str:
        if not name.startswith("title") or len(text) <= MAX_TITLE:
            return text
        self.notes.append(["note", UNDETERMINED, text])
        self.say(Code.SHORTENED, name, text)
        return text[:MAX_TITLE].rstrip()

    def _guessed(self, text: str, where: str) -> str:
        """By the whole of the record's words, else by script: what a house writes in that script."""
        whole = " ".join(words for name in ("titles", "descriptions") for _kind, _tag, words in self.said.get(name, ()))
        found = detect_language(f"{text} {whole}")
        if not found:
            is_cyrillic = bool(_CYRILLIC.search(text))
            working = (stored_language(tag) for tag in self.house.broadcaster.working_languages)
            cyrillic = next((tag for tag in working if tag and tag != "en"), "sr")
            found = cyrillic if is_cyrillic else "en"
        self.say(Code.LANGUAGE_GUESSED, where, text)
        return STORED_AS.get(found, found)

    def _plain(self) -> None:
        for name in PLAIN:
            if name not in self.said or name == "dated":
                continue
            text = str(self.said[name] or "")
            if name in _CHOICES:
                if text in _CHOICES[name].values:
                    self.values[name] = text
                continue
            most = _LENGTHS.get(name)
            if most and len(text) > most:
                self.notes.append(["note", UNDETERMINED, f"{name}: {text}"])
                self.say(Code.SHORTENED, name, text)
                text = text[:most].rstrip()
            self.values[name] = text
        count = self.said.get("expected_children")
        if "expected_children" in self.said:
            if count is not None and not 0 <= count <= _MOST_COUNT:
                self._impossible("expected_children", str(count), Code.NUMBER_UNREADABLE)
            else:
                self.values["expected_children"] = count

    def _impossible(self, where: str, value: str, code: str) -> None:
        """In a table the row is refused; elsewhere the value becomes a note."""
        if self.is_table:
            self.refuse(Code.BAD_VALUE, where, value)
        else:
            self.note(where, value, code)

    def _words(self) -> None:
        for name in WORDS:
            if name not in self.said:
                continue
            kept: list[str] = []
            for word in dict.fromkeys(self.said[name]):
                if name.endswith("_languages") and not is_tag(word):
                    self._impossible(name, word, Code.LANGUAGE_UNKNOWN)
                elif name == "topics" and not _TOPIC.match(word):
                    self.said.setdefault("subjects", []).append(word)
                    self.say(Code.TOPIC_UNKNOWN, name, word)
                elif len(word) > _WORD_LENGTHS.get(name, 35):
                    self.note(name, word, Code.SHORTENED)
                else:
                    kept.append(word)
            self.values[name] = kept

    def _dates(self) -> None:
        if "dated" in self.said:
            dated = str(self.said["dated"] or "")
            if is_date(dated):
                self.values["dated"] = dated
            else:
                self._impossible("dated", dated, Code.DATE_UNREADABLE)
        if "dates" not in self.said:
            return
        self.values["dates"] = []
        for kind, dated in self.said["dates"]:
            if kind in DateType.values and dated and is_date(dated):
                self.values["dates"].append([kind, dated])
            else:
                self._impossible(f"dates {kind}".strip(), dated, Code.DATE_UNREADABLE)

    def _identifiers(self) -> None:
        if "identifiers" not in self.said:
            return
        self.values["identifiers"] = []
        for source, value in self.said["identifiers"]:
            if len(source) > MAX_PART or len(value) > MAX_PART:
                self.note(f"identifiers {source[:50]}", value, Code.SHORTENED)
            elif [source, value] not in self.values["identifiers"]:
                self.values["identifiers"].append([source, value])

    def _credits(self) -> None:
        """A person only where one alone bears the name; who was a bare name in this item stays one."""
        if "credits" not in self.said:
            return
        bare = {(role, name) for role, slug, name, _note in (self.current or {}).get("credits", ()) if not slug}
        kept: list[list[str]] = []
        for role, slug, name, note in self.said["credits"]:
            if slug not in self.house.people.slugs:
                slug = "" if (role, name) in bare else self._person(name or slug)
                name = name or slug
            for label, text in (("name", name), ("note", note)):
                if len(text) > MAX_NAME:
                    self.note(f"credits {label}", text, Code.SHORTENED)
            row = [role, slug, "" if slug else name[:MAX_NAME], note[:MAX_NAME]]
            if role in CreditRole.values and (slug or name) and row not in kept:
                kept.append(row)
        self.values["credits"] = kept

    def _person(self, name: str) -> str:
        found = self.house.people.found(name)
        if len(found) > 1:
            self.say(Code.PERSON_AMBIGUOUS, "credits", name)
        return next(iter(found)) if len(found) == 1 else ""

    def _places(self) -> None:
        if "places" not in self.said:
            return
        kept: list[list[str]] = []
        for relation, slug, name in self.said["places"]:
            found = {slug} if slug in self.house.places.slugs else self.house.places.found(name or slug)
            if len(found) != 1:
                self.note("places", name or slug, Code.PLACE_UNKNOWN)
            elif (row := [relation, *found]) not in kept:
                kept.append(row)
        self.values["places"] = kept

    def _shelves(self) -> None:
        for name, known, code in (
            ("collection", self.house.collections, Code.COLLECTION_UNKNOWN),
            ("series", self.house.series, Code.SERIES_UNKNOWN),
        ):
            if name not in self.said:
                continue
            text = str(self.said[name] or "")
            found = known.found(text) if text else {""}
            if len(found) == 1:
                self.values[name] = next(iter(found))
            else:
                self._impossible(name, text, code)
        if "parent" in self.said:
            parent = str(self.said["parent"] or "")
            if not parent or (parent in self.wholes and parent != self.said.get("identifier")):
                self.values["parent"] = parent
            else:
                self._impossible("parent", parent, Code.PARENT_UNKNOWN)

    def _carriers(self) -> None:
        if self.said.get("instantiations"):
            self.values["instantiations"] = [self._carrier(given) for given in self.said["instantiations"]]

    def _carrier(self, given: Values) -> Values:
        carrier: Values = {name: str(given[name]) for name in CARRIER_TEXTS if given.get(name)}
        if carrier.get("kind") not in InstantiationKind.values:
            carrier["kind"] = InstantiationKind.PHYSICAL.value
        if carrier.get("generation") not in Generation.values:
            carrier["generation"] = Generation.COPY.value
        if not is_date(carrier.get("digitised_on", "")):
            self.note("digitised_on", carrier.pop("digitised_on"), Code.DATE_UNREADABLE)
        if not _TIMECODE.match(carrier.get("start_timecode", "00:00:00:00")):
            self.note("start_timecode", carrier.pop("start_timecode"))
        carrier |= {"uid": str(given.get("uid", "")), "tracks": []}
        if holder := given.get("holder"):
            if holder in self.house.houses:
                carrier["holder"] = holder
            else:
                self.note("holder", holder)
        duration_ms = given.get("duration_ms")
        if isinstance(duration_ms, int) and 0 <= duration_ms < 2**63:
            carrier["duration_ms"] = duration_ms
        for place, track in enumerate(given.get("tracks", ())):
            carrier["tracks"].append(self._track(track, place))
        return carrier

    def _track(self, given: Values, place: int) -> Values:
        track = {name: given[name] for name in TRACK_FIELDS if given.get(name) not in (None, "")}
        track["position"] = place
        if track.get("kind") not in TrackKind.values:
            track["kind"] = TrackKind.DATA.value
        if track.get("scan_order") not in ScanOrder.values:
            track.pop("scan_order", None)
        if not is_tag(str(track.get("language", "sr"))):
            track.pop("language")
        for name in [name for name, value in track.items() if not is_measure(name, value)]:
            self.note(f"tracks {name}", str(track.pop(name)), Code.NUMBER_UNREADABLE)
        if not (track.get("rate_numerator") and track.get("rate_denominator")):
            track.pop("rate_numerator", None)
            track.pop("rate_denominator", None)
        return track

    def _settle(self) -> None:
        """Notes beside what is said of descriptions; what a new item must have."""
        if self.notes:
            said = self.values.setdefault("descriptions", [])
            self.said.setdefault("notes_added", "descriptions" not in self.said)
            said.extend(row for row in self.notes if row not in said)
        if self.current is not None:
            return
        if "category" not in self.values:
            self.values["category"] = self.said.get("category_guess") or Category.HISTORICAL_FOOTAGE.value
            self.say(Code.CATEGORY_GUESSED, "category", self.values["category"])
        if not any(self.values.get(f"title_{language}") for language in STORED):
            self._title_of_other()

    def _title_of_other(self) -> None:
        """An episode's title is better than none; one in a language without a field stands where its script is read."""
        titles = sorted(self.values.get("titles", ()), key=lambda row: _STAND_INS.index(row[0]))
        if not titles:
            self.refuse(Code.TITLE_MISSING)
            return
        _kind, tag, text = titles[0]
        stored = stored_language(self._guessed(text, "titles") if tag == UNDETERMINED else tag)
        if stored:
            self.values[f"title_{stored}"] = normalise_text(text, stored)
            self.say(Code.TITLE_STANDS_IN, f"title_{stored}", text)
            return
        column = "title_ru" if _CYRILLIC.search(text) else "title_en"
        self.values[column] = text
        self.say(Code.TITLE_IN_OTHER_LANGUAGE, column, text)
