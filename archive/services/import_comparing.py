"""What a document would change in an item: field → [before, after].

A table's column is the whole of its field and replaces it. Documents of other systems add to lists and never take
away: what an archivist has added by hand is not in them.
"""

from typing import Any

from archive.catalogue import FIELDS, PARTS, WORDS
from archive.parsing.base import Code, Problem, problem

Values = dict[str, Any]
Changes = dict[str, list[Any]]
_EMPTY: Values = {name: [] for name in (*WORDS, *PARTS, "instantiations")} | {"expected_children": None}
_NOT_COMPARED = frozenset({"has_file", "uid"})


def changes_of(
    current: Values | None, values: Values, *, replaces: bool, adds: frozenset[str] = frozenset()
) -> tuple[Changes, list[Problem]]:
    """``replaces``: lists are replaced, but for those that ``adds`` names. Nothing said is nothing changed."""
    changes: Changes = {}
    problems: list[Problem] = []
    for name in FIELDS:
        if name not in values:
            continue
        before: Any = (current or {}).get(name, _EMPTY.get(name, ""))
        if name == "instantiations":
            after, found = _carriers(before, values[name])
            problems.extend(found)
        elif name in (*WORDS, *PARTS):
            after = _listed(before, values[name], replaces=replaces and name not in adds, ordered=name != "identifiers")
        else:
            after = values[name]
            if not replaces and isinstance(after, str) and (not after or _flat(after) == _flat(before)):
                continue  # XML keeps no white space; and an empty element says nothing
        if after != before:
            changes[name] = [before if current is not None else None, after]
    return changes, problems


def _listed(before: list[Any], said: list[Any], *, replaces: bool, ordered: bool) -> list[Any]:
    """``ordered``: rows in another order are other rows; the catalogue sorts the rest itself."""
    known = {_key(row) for row in before}
    if replaces:
        is_same = len(said) == len(before) and {_key(row) for row in said} == known
        return before if is_same and said != before and not ordered else said
    return [*before, *(row for row in said if _key(row) not in known)]


def _key(row: Any) -> tuple[str, ...]:
    return tuple(_flat(part) for part in row) if isinstance(row, list) else (_flat(row),)


def _flat(text: Any) -> str:
    return " ".join(str(text or "").split())


def _carriers(before: list[Values], said: list[Values]) -> tuple[list[Values], list[Problem]]:
    """Carriers are found again by their UID, by their identifier, or by saying the same."""
    after = [dict(row) for row in before]
    problems = []
    taken: set[int] = set()
    for given in said:
        place = _place_of(given, after, taken)
        if place is None:
            after.append({**_blank(), **given, "has_file": False, "uid": ""})
            taken.add(len(after) - 1)
            continue
        taken.add(place)
        row = after[place]
        differing = {name: value for name, value in given.items() if _differs(name, row.get(name), value)}
        if row["has_file"] and differing.keys() - {"note", "location", "identifier"}:
            if place < len(before) and differing.keys() - {"format", "tracks"}:
                problems.append(problem(Code.FILE_MEASURED, "instantiations", row["identifier"] or row["uid"]))
            continue
        row.update(differing)
    return after, problems


def _differs(name: str, stored: Any, given: Any) -> bool:
    if name in _NOT_COMPARED or given in ("", None, []):
        return False
    if name == "tracks":
        return not stored and bool(given)  # tracks that are there were measured, or came first
    return _flat(stored) != _flat(given)


def _place_of(given: Values, rows: list[Values], taken: set[int]) -> int | None:
    free = [(place, row) for place, row in enumerate(rows) if place not in taken]
    for name in ("uid", "identifier"):
        if given.get(name):
            for place, row in free:
                if row.get(name) == given[name] and (name == "uid" or row["kind"] == given["kind"]):
                    return place
    if given.get("identifier"):
        return None
    for place, row in free:
        if not row["identifier"] and all(not _differs(name, row.get(name), value) for name, value in given.items()):
            return place
    return None


def _blank() -> Values:
    return {
        "kind": "physical", "generation": "copy", "identifier": "", "format": "", "location": "", "digitised_on": "",
        "start_timecode": "", "colours": "", "note": "", "holder": "", "duration_ms": None, "tracks": [],
    }  # fmt: skip
