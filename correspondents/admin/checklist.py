"""An assignment's checklist in words: what its country demands, what is held until when, what is missing by when."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from correspondents.admin.base import day
from correspondents.constants import Effect, PaperKind, PaperStatus
from correspondents.findings import Demand, demands_of
from correspondents.models import Assignment, Paper
from correspondents.moments import days_between, today_in
from mediaexchange.core.models import User

GOOD, WARNS, MISSING = "good", "warns", "missing"
_SIGNS = {GOOD: "✓", WARNS: "!", MISSING: "✕"}


@dataclass(frozen=True, slots=True)
class Line:
    """One demand; ``look`` is good, warns or missing, and the sign says the same without a colour."""

    paper: str
    words: str
    look: str

    @property
    def sign(self) -> str:
        return _SIGNS[self.look]


@dataclass(frozen=True, slots=True)
class Checklist:
    """``is_complete`` means that nothing keeps it from beginning."""

    lines: list[Line]

    @property
    def is_complete(self) -> bool:
        return all(line.look != MISSING for line in self.lines)

    @property
    def missing(self) -> list[Line]:
        return [line for line in self.lines if line.look != GOOD]


def checklists_of(assignments: Iterable[Assignment], reader: User) -> dict[int, Checklist]:
    """By assignment, in two statements however many there are."""
    rows = {row.pk: row for row in assignments}
    demands = demands_of(rows)
    people = {row.correspondent_id for row in rows.values() if row.correspondent_id}
    papers = Paper.objects.visible_to(reader).filter(correspondent__in=people, status=PaperStatus.APPLIED)
    due = {
        (paper.correspondent_id, paper.country_code, paper.kind): paper.decision_due_on
        for paper in papers.order_by("pk")
    }
    found = {}
    for pk, row in rows.items():
        country = row.place.country_code
        found[pk] = Checklist(
            [
                _line(demand, row, due.get((row.correspondent_id or 0, country, demand.kind)))
                for demand in demands.get(pk, [])
            ]
        )
    return found


def _line(demand: Demand, assignment: Assignment, decision_due_on: date | None) -> Line:
    paper = str(PaperKind(demand.kind).label)
    if demand.is_held and (demand.is_held_throughout or demand.effect == Effect.IGNORE):
        if demand.ends_on is None:
            return Line(paper, _("held, without an end"), GOOD)
        return Line(paper, _("held until %(day)s") % {"day": day(demand.ends_on)}, GOOD)
    if demand.is_held:
        look = MISSING if demand.effect == Effect.BLOCK else WARNS
        return Line(paper, _("ends within the assignment, on %(day)s") % {"day": day(demand.ends_on)}, look)
    if demand.standing == PaperStatus.APPLIED:
        if decision_due_on is None:
            return Line(paper, _("missing: applied for, not decided"), MISSING)
        return Line(paper, _("missing: applied for, decision due by %(day)s") % {"day": day(decision_due_on)}, MISSING)
    if demand.apply_by_on is None:
        first, _last = days_between(assignment.starts_at, assignment.ends_at, assignment.time_zone)
        return Line(paper, _("missing: needed by %(day)s") % {"day": day(first)}, MISSING)
    if demand.apply_by_on < today_in(assignment.time_zone):
        return Line(
            paper, _("missing: should have been applied for by %(day)s") % {"day": day(demand.apply_by_on)}, MISSING
        )
    return Line(paper, _("missing: to be applied for by %(day)s") % {"day": day(demand.apply_by_on)}, MISSING)
