"""Loads the reference data that ships with the project: who cooperates with whom, where, and on what footing.

A new value in a file replaces an old one, except where a person has changed that column since. What is missing from the
files is left alone.
"""

import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Model

from broadcasters.constants import TermSource
from broadcasters.models import (
    Broadcaster,
    Channel,
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
    for load in (_places, _broadcasters, _channels, _people, _institutions, _memoranda, _modules, _glossary):
        name = load.__name__.removeprefix("_")
        load(upsert, json.loads((directory / f"{name}.json").read_text(encoding="utf-8")))
    for record in dict.fromkeys(_named_by(row) for row in upsert.written):
        refresh_record(record)
    return upsert.counts


def _named_by(row: Model) -> Model:
    """The record that a written row names: an alias is found through whoever bears it."""
    if isinstance(row, PersonAlias):
        return row.person
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
            **_same(row, "kind", "country_code", "note"),
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
                    **_same(source, "published_on", "url", "note"),
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


def _texts(field: str, texts: Mapping[str, str]) -> Row:
    return {f"{field}_{language}": text for language, text in texts.items()}


def _same(row: Row, *names: str) -> Row:
    return {name: row[name] for name in names}


def _parents_first(rows: list[Row]) -> list[Row]:
    """Countries before cities before venues before streets, whatever their order in the file."""
    by_name = {row["slug"]: row for row in rows}

    def depth(row: Row) -> int:
        return 1 + depth(by_name[row["parent"]]) if row["parent"] else 0

    return sorted(rows, key=depth)


def _channel_note(row: Row) -> str:
    """The channel's own note and, after it, where its cap on foreign programmes comes from."""
    basis = row["foreign_share_cap_basis"] or {"note": "", "source": ""}
    return "\n".join(part for part in (row["note"], basis["note"], basis["source"]) if part)
