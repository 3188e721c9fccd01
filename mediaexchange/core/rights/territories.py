"""Territories of rights statements: ISO 3166-1 alpha-2 codes, XK, and named sets of them, all read from data files.

XK is a code of its own: RS is Serbia without it, RS-INCL-XK Serbia with it. Codes are what contracts are evaluated by;
what people read is a label, and a house may put its own in its place (``words``).
"""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

_DATA = Path(__file__).parent / "data"


def _read(name: str) -> Any:
    return json.loads((_DATA / name).read_text(encoding="utf-8"))


NAMES: Mapping[str, Mapping[str, str]] = _read("territories.json")["names"]
_SETS: Mapping[str, Mapping[str, Any]] = _read("territory_sets.json")
SETS: Mapping[str, frozenset[str]] = {name: frozenset(about["members"]) for name, about in _SETS.items()}
SET_NAMES: Mapping[str, Mapping[str, str]] = {name: about["names"] for name, about in _SETS.items()}
CODES = frozenset(NAMES)
KNOWN = CODES | SETS.keys()
ALIASES: Mapping[str, str] = {name: next(iter(inside)) for name, inside in SETS.items() if len(inside) == 1}  # UK: GB


def members(name: str) -> frozenset[str]:
    """The codes that a code or a set's name stands for; KeyError for a name nobody knows."""
    return frozenset({name}) if name in CODES else SETS[name]


def naming(code: str) -> frozenset[str]:
    """Every name under which a statement may mean this code: itself and the sets it is in."""
    return frozenset({code, *(name for name, inside in SETS.items() if code in inside)})


def covered(names: Iterable[str], is_elsewhere: bool, asked: frozenset[str]) -> frozenset[str]:
    """Which of the asked codes a statement about these territories is about.

    No names mean the whole world. A name that nobody knows may mean any place, so a statement holding one is about all
    that it does not certainly leave out.
    """
    names = frozenset(names)
    if not names:
        return asked
    inside = frozenset(code for code in asked if naming(code) & names)
    if is_elsewhere:
        return asked - inside
    return inside if names <= KNOWN else asked
