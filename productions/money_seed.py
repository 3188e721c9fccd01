"""The first currencies and budget categories, from ``data/``. Rows that exist stay as they are: houses change them."""

import json
from pathlib import Path
from typing import Any

from broadcasters.models.base import name_sort_keys

_DATA = Path(__file__).parent / "data"


def seed_money(currency: Any, category: Any) -> None:
    """Write them by these model classes, a migration's or the app's own. Safe to repeat."""
    for row in _read("currencies"):
        values = {"minor_units": row["minor_units"]} | _names(row["names"])
        currency.objects.get_or_create(code=row["code"], defaults=values)
    for place, row in enumerate(_read("budget_categories")):
        values = {"position": 10 * place, "sort_keys": name_sort_keys(row["names"])} | _names(row["names"])
        category.objects.get_or_create(slug=row["slug"], defaults=values)


def _names(names: dict[str, str]) -> dict[str, str]:
    return {f"name_{language}": text for language, text in names.items()}


def _read(name: str) -> Any:
    return json.loads((_DATA / f"{name}.json").read_text(encoding="utf-8"))
