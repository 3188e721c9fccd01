"""The first stages, moves, themes and rules, from ``data/``. Rows that exist stay as they are: houses change them."""

import json
from pathlib import Path
from typing import Any

from broadcasters.models.base import name_sort_keys

_DATA = Path(__file__).parent / "data"
_FLAGS = ("initial", "shared", "pilot", "delivering", "closed", "stopped")


def _read(name: str) -> Any:
    return json.loads((_DATA / f"{name}.json").read_text(encoding="utf-8"))


def _named(names: dict[str, str]) -> dict[str, Any]:
    """Without ``NamedRecord.save``, which the models of a migration do not have."""
    texts: dict[str, str | None] = {**names}
    return {f"name_{language}": text for language, text in names.items()} | {"sort_keys": name_sort_keys(texts)}


def seed(stage: Any, stage_move: Any, theme: Any, rule_set: Any) -> None:
    """Write them by these model classes, a migration's or the app's own. Safe to repeat."""
    content = _read("stages")
    stages = {}
    for row in content["stages"]:
        flags = {f"is_{flag}": flag in row["flags"] for flag in _FLAGS}
        values = {"position": row["position"]} | flags | _named(row["names"])
        stages[row["slug"]] = stage.objects.get_or_create(slug=row["slug"], defaults=values)[0]
    for row in content["moves"]:
        stage_move.objects.get_or_create(
            from_stage=stages[row["from"]] if row["from"] else None,
            to_stage=stages[row["to"]],
            defaults={"needs_reason": row["needs"] == "reason", "needs_review": row["needs"] == "review"},
        )
    for row in _read("themes"):
        theme.objects.get_or_create(slug=row["slug"], defaults=_named(row["names"]))
    for row in _read("rule_sets"):
        ranges = {
            f"{kind}_{end}": value
            for kind in ("bilateral", "multilateral")
            for end, value in zip(("least", "most"), row[kind], strict=True)
        }
        notes = {f"note_{language}": text for language, text in row["notes"].items()}
        values = {"source_url": row["source_url"]} | ranges | notes | _named(row["names"])
        rule_set.objects.get_or_create(slug=row["slug"], defaults=values)
