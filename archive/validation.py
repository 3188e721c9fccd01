"""What an item must hold to be complete: one small function a rule, each with a stable code.

``WRONG`` contradicts itself or is broken; ``INCOMPLETE`` still lacks something. A rule returns what it found, None if
all is well.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from archive.constants import (
    MASTERS,
    AssetType,
    DateType,
    FileStatus,
    InstantiationKind,
    RightsStatement,
    ValidationStatus,
)
from archive.models import Item
from mediaexchange.core.errors import Message
from mediaexchange.core.languages.tags import STORED, stored_language

# IPTC's codes: 17 at the top, all others from 20000000 on.
_TOPIC = re.compile(r"medtop:(?:(?:0[1-9]|1[0-7])000000|20\d{6})\Z")
_WITHOUT_SPEECH = frozenset({AssetType.PHOTOGRAPH, AssetType.DOCUMENT})


@dataclass(frozen=True, slots=True)
class Known:
    """What is asked about many items at once: how many parts each has, and whose files do not hold what they held."""

    children: Mapping[int, int]
    damaged: frozenset[int]


Check = Callable[[Item, Known], dict[str, Any] | None]


@dataclass(frozen=True, slots=True)
class Rule:
    code: str
    status: ValidationStatus
    message: Message
    check: Check


def _title_in_working_language(item: Item, known: Known) -> dict[str, Any] | None:
    working = list(dict.fromkeys(filter(None, map(stored_language, item.broadcaster.working_languages))))
    wanted = working or list(STORED)
    return None if any(getattr(item, f"title_{language}") for language in wanted) else {"languages": wanted}


def _description(item: Item, known: Known) -> dict[str, Any] | None:
    has_main = any(getattr(item, f"description_{language}") for language in STORED)
    return None if has_main or any(row.kind != "note" for row in item.descriptions.all()) else {}


def _date(item: Item, known: Known) -> dict[str, Any] | None:
    return None if item.dated else {}


def _dates_in_order(item: Item, known: Known) -> dict[str, Any] | None:
    """Nothing is broadcast, issued or restored before it was recorded."""
    recorded = _first([row for row in item.dates.all() if row.kind in (DateType.RECORDED, DateType.CREATED)])
    later = (DateType.BROADCAST, DateType.ISSUED, DateType.RESTORED)
    for row in item.dates.all():
        if recorded and row.kind in later and row.dated_last and row.dated_last < recorded:
            return {"date": row.dated, "kind": row.kind}
    return None


def _first(rows: list[Any]) -> date | None:
    return min((row.dated_first for row in rows if row.dated_first), default=None)


def _topics(item: Item, known: Known) -> dict[str, Any] | None:
    unknown = [code for code in item.topics if not _TOPIC.match(code)]
    return {"topics": unknown} if unknown else None


def _language(item: Item, known: Known) -> dict[str, Any] | None:
    return None if item.speech_languages or item.asset_type in _WITHOUT_SPEECH else {}


def _rights(item: Item, known: Known) -> dict[str, Any] | None:
    return {} if item.rights_statement == RightsStatement.NOT_EVALUATED else None


def _master(item: Item, known: Known) -> dict[str, Any] | None:
    return None if any(row.generation in MASTERS for row in item.instantiations.all()) else {}


def _file(item: Item, known: Known) -> dict[str, Any] | None:
    """A file that was refused, or whose last reading found other bytes or none."""
    broken = [
        row.file.sha256[:12]
        for row in item.instantiations.all()
        if row.file and (row.file.status == FileStatus.REFUSED or row.file_id in known.damaged)
    ]
    return {"files": broken} if broken else None


def _place_of_carrier(item: Item, known: Known) -> dict[str, Any] | None:
    """A carrier that stands nowhere will not be found."""
    lost = [
        row.identifier or row.format
        for row in item.instantiations.all()
        if row.kind == InstantiationKind.PHYSICAL and not row.location and row.holder_id is None
    ]
    return {"carriers": lost} if lost else None


def _children(item: Item, known: Known) -> dict[str, Any] | None:
    expected, there = item.expected_children, known.children.get(item.pk, 0)
    return {"expected": expected, "there": there} if expected is not None and there < expected else None


def _too_many_children(item: Item, known: Known) -> dict[str, Any] | None:
    expected, there = item.expected_children, known.children.get(item.pk, 0)
    return {"expected": expected, "there": there} if expected is not None and there > expected else None


_WRONG, _INCOMPLETE = ValidationStatus.WRONG, ValidationStatus.INCOMPLETE
RULES: tuple[Rule, ...] = (
    Rule("file-damaged", _WRONG, _("A file does not hold what it held when it came."), _file),
    Rule("dates-contradictory", _WRONG, _("It was broadcast or restored before it was recorded."), _dates_in_order),
    Rule("topic-unknown", _WRONG, _("A topic is no IPTC Media Topic."), _topics),
    Rule("children-too-many", _WRONG, _("It has more parts than expected."), _too_many_children),
    Rule(
        "title-missing",
        _INCOMPLETE,
        _("There is no title in a language that the house works in."),
        _title_in_working_language,
    ),
    Rule("description-missing", _INCOMPLETE, _("There is no description."), _description),
    Rule("date-missing", _INCOMPLETE, _("There is no date; XXXX says that it is unknown."), _date),
    Rule("language-missing", _INCOMPLETE, _("It is not said which languages are spoken; zxx says none."), _language),
    Rule("rights-not-evaluated", _INCOMPLETE, _("Nobody has evaluated the rights."), _rights),
    Rule("master-missing", _INCOMPLETE, _("There is neither an original nor a master."), _master),
    Rule("location-missing", _INCOMPLETE, _("It is not said where a carrier stands."), _place_of_carrier),
    Rule("children-missing", _INCOMPLETE, _("Parts that are expected are missing."), _children),
)
BY_CODE = {rule.code: rule for rule in RULES}


def findings_of(item: Item, known: Known) -> tuple[ValidationStatus, list[dict[str, Any]]]:
    """The status and its reasons, worst first. The item was loaded by ``catalogue.with_parts``."""
    reasons: list[dict[str, Any]] = []
    status = ValidationStatus.COMPLETE
    for rule in RULES:
        found = rule.check(item, known)
        if found is not None:
            reasons.append({"code": rule.code} | found)
            if status != ValidationStatus.WRONG:
                status = rule.status
    return status, reasons


def told_reason(reason: Mapping[str, Any]) -> str:
    """A reason in the active language, with what was found."""
    rule = BY_CODE.get(str(reason.get("code", "")))
    if rule is None:
        return str(reason.get("code", ""))
    found = [value for name, value in reason.items() if name != "code"]
    words = ", ".join(", ".join(map(str, value)) if isinstance(value, list) else str(value) for value in found)
    if rule.check in (_children, _too_many_children):
        words = _("%(there)s of %(expected)s") % {"there": reason.get("there"), "expected": reason.get("expected")}
    return f"{rule.message} ({words})" if words else str(rule.message)
