"""Medians of interleaved rounds as a table for people and JSON for machines."""

import json
import platform
import statistics
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any


@dataclass(slots=True)
class Measurement:
    """What one contender did in one scenario, round by round. ``unit`` says what is counted; more is better unless
    ``less_is_better``."""

    scenario: str
    contender: str
    unit: str
    values: list[float] = field(default_factory=list)
    less_is_better: bool = False
    errors: int = 0
    details: dict[str, list[float]] = field(default_factory=dict)

    @property
    def median(self) -> float:
        return statistics.median(self.values) if self.values else 0.0


@dataclass(slots=True)
class Goal:
    """A ratio that we promise: ours against a peer, or one measurement of ours against another."""

    scenario: str
    contender: str
    against: str
    at_least: float
    text: str


class Report:
    def __init__(self) -> None:
        self.measurements: dict[tuple[str, str], Measurement] = {}
        self.notes: list[str] = []

    def add(
        self,
        scenario: str,
        contender: str,
        unit: str,
        value: float,
        *,
        errors: int = 0,
        less: bool = False,
        **details: float,
    ) -> None:
        key = (scenario, contender)
        found = self.measurements.setdefault(key, Measurement(scenario, contender, unit, less_is_better=less))
        found.values.append(value)
        found.errors += errors
        for name, detail in details.items():
            found.details.setdefault(name, []).append(detail)

    def ratio(self, scenario: str, contender: str, against: str) -> float | None:
        """How many times better the contender is; None if one of the two was not measured."""
        one, other = self.measurements.get((scenario, contender)), self.measurements.get((scenario, against))
        if one is None or other is None or not one.median or not other.median:
            return None
        return other.median / one.median if one.less_is_better else one.median / other.median

    def table(self, goals: list[Goal]) -> str:
        lines = [f"{'scenario':<36}{'contender':<34}{'median':>12} {'unit':<12}{'min':>12}{'max':>12}  errors  more"]
        for item in self.measurements.values():
            more = "  ".join(f"{name} {statistics.median(values):.3g}" for name, values in item.details.items())
            lines.append(
                f"{item.scenario:<36}{item.contender:<34}{item.median:>12,.1f} {item.unit:<12}"
                f"{min(item.values):>12,.1f}{max(item.values):>12,.1f}  {item.errors:>6}  {more}"
            )
        lines += ["", f"{'goal':<78}{'wanted':>10}{'measured':>12}"]
        for goal in goals:
            ratio = self.ratio(goal.scenario, goal.contender, goal.against)
            if ratio is not None:
                verdict = "" if ratio >= goal.at_least else "   falls short"
                lines.append(f"{goal.text:<78}{goal.at_least:>9.2f}x{ratio:>11.2f}x{verdict}")
        return "\n".join([*lines, "", *self.notes])

    def write(self, path: Path, goals: list[Goal], **facts: Any) -> None:
        data = {
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
            "python": platform.python_version(),
            "machine": platform.machine(),
            **facts,
            "measurements": [
                {
                    "scenario": item.scenario,
                    "contender": item.contender,
                    "unit": item.unit,
                    "median": item.median,
                    "values": item.values,
                    "errors": item.errors,
                    "details": item.details,
                }
                for item in self.measurements.values()
            ],
            "goals": [
                {
                    "text": goal.text,
                    "wanted": goal.at_least,
                    "measured": self.ratio(goal.scenario, goal.contender, goal.against),
                }
                for goal in goals
            ],
            "notes": self.notes,
        }
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(data, indent=2, ensure_ascii=False) + "\n")
