"""What countries demand, and which skills there are: data that ships with the project and that staff may correct."""

import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.db import transaction

from broadcasters.services.upsert import Upsert
from correspondents.models import CountryRequirement, Skill
from correspondents.services.saving import write
from mediaexchange.core.languages.tags import STORED

DATA = Path(__file__).resolve().parent.parent / "data"
TEXTS = ("name", "authority", "papers", "note")
WRITABLE = frozenset(
    {*(f"{field}_{language}" for field in TEXTS for language in STORED),
     "country_code", "kind", "is_compulsory", "for_whom", "term", "validity_days", "lead_days", "decision_days",
     "counts_working_days", "time_zone", "sources", "is_active"}
)  # fmt: skip


@transaction.atomic
def load_checklists(directory: Path = DATA) -> dict[str, Counter[str]]:
    """Bring the database up to the files; what somebody has changed since stays. Counts by model. Safe to repeat."""
    upsert = Upsert()
    for row in _rows(directory / "skills.json"):
        upsert.put(Skill, {"slug": row["slug"]}, **_texts(row, "name"))
    for row in _rows(directory / "requirements.json"):
        texts = {column: text for field in TEXTS for column, text in _texts(row, field).items()}
        plain = {name: value for name, value in row.items() if name not in (*TEXTS, "slug")}
        upsert.put(CountryRequirement, {"slug": row["slug"]}, **texts, **plain)
    return upsert.counts


@transaction.atomic
def save_requirement(requirement: CountryRequirement, *, changed: Iterable[str] = ()) -> CountryRequirement:
    """Write a line of a checklist, which is every house's; that one may is asked by the surface."""
    is_new = requirement.pk is None
    if is_new:
        write(requirement, set(WRITABLE) | {"slug"}, is_new=True)
        return requirement
    locked = CountryRequirement.objects.select_for_update(of=("self",), no_key=True)
    stored = locked.get(pk=requirement.pk)
    names = set(changed) & WRITABLE
    for field in names:
        setattr(stored, field, getattr(requirement, field))
    write(stored, names, is_new=False)
    return stored


def _rows(path: Path) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    return rows


def _texts(row: dict[str, Any], field: str) -> dict[str, Any]:
    return {f"{field}_{language}": row.get(field, {}).get(language, "") for language in STORED}
