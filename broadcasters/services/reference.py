"""Loads the reference data that ships with the project: who cooperates with whom, where, and on what footing.

A new value in a file replaces an old one, except where a person has changed that column since. What is missing from the
files is left alone.
"""

import json
from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Model

from broadcasters.constants import TermSource
from broadcasters.models import (
    Broadcaster,
    Channel,
    Claim,
    ClaimTopic,
    DiplomaticEvent,
    EventSource,
    GlossaryTerm,
    Institution,
    Memorandum,
    Module,
    Party,
    PartySource,
    Person,
    PersonAlias,
    Place,
    PlaceName,
)
from broadcasters.services.upsert import Upsert, by_slug
from mediaexchange.core.search.indexing import refresh_record

DATA = Path(__file__).resolve().parent.parent / "data"
Row = dict[str, Any]


@transaction.atomic
def load_reference(directory: Path = DATA) -> dict[str, Counter[str]]:
    """Bring the database up to the files and count by model what was created, updated, unchanged. Safe to repeat."""
    upsert = Upsert()
    for load in LOADERS:
        name = load.__name__.removeprefix("_")
        load(upsert, json.loads((directory / f"{name}.json").read_text(encoding="utf-8")))
    for record in dict.fromkeys(_named_by(row) for row in upsert.written):
        refresh_record(record)
    return upsert.counts


def _named_by(row: Model) -> Model:
    """The record that a written row names: an alias is found through whoever bears it."""
    if isinstance(row, PersonAlias):
        return row.person
    if isinstance(row, EventSource):
        return row.event
    return row.place if isinstance(row, PlaceName) else row


def _places(upsert: Upsert, rows: list[Row]) -> None:
    known: dict[str | None, Place | None] = {None: None}
    for row in _parents_first(rows):
        place = upsert.put(
            Place,
            {"slug": row["slug"]},
            kind=row["kind"],
            country_code=row["country_code"],
            parent=known[row["parent"]],
            existence=row["existence"],
            time_zone=row.get("time_zone", ""),
            **_texts("name", row["names"]),
        )
        known[row["slug"]] = place
        for variant in row["variants"]:
            key = {name: variant[name] for name in ("text", "language", "valid_from")}
            upsert.put(PlaceName, {"place": place, **key}, valid_until=variant["valid_until"], note=variant["note"])


def _broadcasters(upsert: Upsert, rows: list[Row]) -> None:
    places = by_slug(Place)
    for row in rows:
        upsert.put(
            Broadcaster,
            {"slug": row["slug"]},
            home_city=places[row["city"]],
            member_of=row["memberships"],
            **_same(row, "country_code", "time_zone", "working_languages", "ownership", "website", "data_region"),
            **_texts("name", row["names"]),
            **_texts("abbreviation", row["abbreviations"]),
        )


def _channels(upsert: Upsert, rows: list[Row]) -> None:
    broadcasters = by_slug(Broadcaster)
    for row in rows:
        upsert.put(
            Channel,
            {"slug": row["slug"]},
            broadcaster=broadcasters[row["broadcaster"]],
            note=_channel_note(row),
            **_same(row, "kind", "languages", "foreign_share_cap_percent", "is_live"),
            **_texts("name", row["names"]),
        )


def _people(upsert: Upsert, rows: list[Row]) -> None:
    for row in rows:
        person = upsert.put(
            Person,
            {"slug": row["slug"]},
            sources=row["sources"],
            **_texts("name", row["names"]),
            **_texts("description", row["description"]),
        )
        for alias in row["aliases"]:
            upsert.put(PersonAlias, {"person": person, "text": alias["text"], "language": alias["language"]})


def _institutions(upsert: Upsert, rows: list[Row]) -> None:
    places = by_slug(Place)
    for row in rows:
        upsert.put(
            Institution,
            {"slug": row["slug"]},
            city=places[row["city"]] if row["city"] else None,
            opened=row["opened_edtf"],
            **_same(row, "kind", "country_code", "existence", "note"),
            **_texts("name", row["names"]),
        )


def _memoranda(upsert: Upsert, rows: list[Row]) -> None:
    places, broadcasters = by_slug(Place), by_slug(Broadcaster)
    for row in rows:
        memorandum = upsert.put(
            Memorandum,
            {"slug": row["slug"]},
            dated_on=row["dated_on_edtf"],
            place=places[row["place"]],
            languages=row["languages"],
            **_texts("name", row["titles"]),
            **_texts("occasion", row["occasion"]),
            **_texts("summary", row["summary"]),
        )
        for part in row["parties"]:
            party = upsert.put(
                Party,
                {"memorandum": memorandum, "broadcaster": broadcasters[part["broadcaster"]]},
                signed_on=part["signed_on_edtf"],
                **_same(part, "signature_status", "signatory_name"),
                **_texts("signatory_office", part["signatory_office"] or {}),
            )
            for source in part["sources"]:
                upsert.put(
                    PartySource,
                    {"party": party, **_same(source, "title", "publisher")},
                    belongs_to=broadcasters[source["belongs_to"]] if source["belongs_to"] else None,
                    **_same(source, "published_on", "url", "note", "stance"),
                )


def _modules(upsert: Upsert, rows: list[Row]) -> None:
    memoranda, broadcasters = by_slug(Memorandum), by_slug(Broadcaster)
    for row in rows:
        module = upsert.put(
            Module,
            {"slug": row["slug"]},
            area=row["area"],
            at_first={"state": row["state"], **_texts("state_reason", row["state_reason"])},
            **_texts("name", row["names"]),
            **_texts("demand_note", row["demand_note"]),
            **_texts("feasibility_note", row["feasibility_note"]),
        )
        upsert.link(module.memoranda, [memoranda[slug] for slug in row["memoranda"]])
        upsert.link(module.parties, [broadcasters[slug] for slug in row["parties"]])


def _glossary(upsert: Upsert, rows: list[Row]) -> None:
    for row in rows:
        for language, term in row["terms"].items():
            upsert.put(
                GlossaryTerm,
                {"concept": row["concept"], "language": language},
                text=term["text"],
                part_of_speech=row["part_of_speech"],
                variants=term.get("variants", []),
                note=term.get("note", ""),
                is_doubtful="doubt" in term,
                doubt=term.get("doubt", ""),
                source=TermSource.ATTESTED if term.get("is_attested") else TermSource.PROJECT,
            )


def _events(upsert: Upsert, rows: list[Row]) -> None:
    events: dict[str | None, DiplomaticEvent | None] = {None: None}
    places, institutions, people = by_slug(Place), by_slug(Institution), by_slug(Person)
    memoranda = by_slug(Memorandum)
    for row in _parents_first(rows, "part_of", "marks"):
        event = upsert.put(
            DiplomaticEvent,
            {"slug": row["slug"]},
            dated=row["date_edtf"],
            part_of=events[row["part_of"]],
            marks=events[row["marks"]],
            is_published=True,
            **_same(row, "kind", "session_number", "standing", "is_yearly"),
            **_texts("name", row["titles"]),
            **_texts("note", row["note"]),
        )
        events[row["slug"]] = event
        for source in row["sources"]:
            upsert.put(
                EventSource,
                {"event": event, **_same(source, "title", "publisher")},
                published=source["published_edtf"],
                **_same(source, "url", "note"),
            )
        upsert.link(event.places, [places[slug] for slug in row["places"]])
        upsert.link(event.institutions, [institutions[slug] for slug in row["institutions"]])
        upsert.link(event.people, [people[slug] for slug in row["people"]])
        upsert.link(event.memoranda, [memoranda[slug] for slug in row["memoranda"]])


def _claim_topics(upsert: Upsert, rows: list[Row]) -> None:
    for row in rows:
        upsert.put(ClaimTopic, {"slug": row["slug"]}, **_texts("name", row["names"]), **_texts("note", row["note"]))


def _claims(upsert: Upsert, rows: list[Row]) -> None:
    topics = by_slug(ClaimTopic)
    subjects: dict[str, Any] = {
        "event": by_slug(DiplomaticEvent),
        "place": by_slug(Place),
        "institution": by_slug(Institution),
        "person": by_slug(Person),
    }
    for row in rows:
        upsert.put(
            Claim,
            {"slug": row["slug"]},
            topic=topics[row["topic"]] if row["topic"] else None,
            said=row["said_edtf"],
            period=row["period_edtf"],
            value=Decimal(row["value"]) if row["value"] else None,
            is_published=True,
            source_title=row["source"]["title"],
            source_publisher=row["source"]["publisher"],
            source_published=row["source"]["published_edtf"],
            source_url=row["source"]["url"],
            **{kind: subjects[kind][slug] for kind, slug in row["about"].items()},
            **{f"speaker_{kind}": subjects[kind][slug] for kind, slug in row["speaker"].items()},
            **_same(row, "kind", "original_language", "unit", "is_approximate", "confidence", "is_sensitive"),
            **_texts("said_by", row["said_by"]),
            **_texts("wording", row["wording"]),
            **_texts("note", row["note"]),
        )


LOADERS = (
    _places, _broadcasters, _channels, _people, _institutions, _memoranda, _modules, _glossary, _events, _claim_topics,
    _claims,
)  # fmt: skip


def _texts(field: str, texts: Mapping[str, str]) -> Row:
    return {f"{field}_{language}": text for language, text in texts.items()}


def _same(row: Row, *names: str) -> Row:
    return {name: row[name] for name in names}


def _parents_first(rows: list[Row], *names: str) -> list[Row]:
    """Countries before cities before venues before streets, whatever their order in the file."""
    by_name = {row["slug"]: row for row in rows}

    def depth(row: Row) -> int:
        return max((1 + depth(by_name[row[name]]) for name in names or ("parent",) if row[name]), default=0)

    return sorted(rows, key=depth)


def _channel_note(row: Row) -> str:
    """The channel's own note and, after it, where its cap on foreign programmes comes from."""
    basis = row["foreign_share_cap_basis"] or {"note": "", "source": ""}
    return "\n".join(part for part in (row["note"], basis["note"], basis["source"]) if part)
