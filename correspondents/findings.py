"""What stands in an assignment's way or is to be thought of, found anew whenever it is asked.

The questions are put to the functions with which the database refuses, so that a page never says otherwise. What a
policy ignores is not found. Other people's assignments and equipment are a matter of the own house: for a host only
what concerns papers is found.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import connection
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from correspondents.constants import AssignmentStatus, Effect, PaperKind, PaperStatus
from correspondents.models import Assignment
from correspondents.moments import days_before, days_between, today_in
from mediaexchange.core.languages.sentences import one_stop
from mediaexchange.core.models import User


@dataclass(frozen=True, slots=True)
class Demand:
    """One kind of paper that the country demands; ``ends_on`` is the last day of what is held.

    ``standing`` is the status of the youngest such paper, "" without one; ``apply_by_on`` is the last day in time.
    """

    kind: str
    is_held: bool
    is_held_throughout: bool
    ends_on: date | None
    effect: str
    standing: str
    apply_by_on: date | None


@dataclass(frozen=True, slots=True)
class Finding:
    """``code`` is stable; ``effect`` says whether it blocks a deed or warns."""

    code: str
    effect: str
    details: dict[str, Any] = field(default_factory=dict)


_DEMANDS = """
SELECT assignment.id, assignment.period, assignment.time_zone, demand.kind, demand.is_held, demand.is_held_throughout,
       demand.ends_on,
       correspondents_effect(assignment.broadcaster_id, assignment.module_id, 'accreditation-term'),
       coalesce((SELECT paper.status FROM correspondents_paper paper
                  WHERE paper.correspondent_id = assignment.correspondent_id
                    AND paper.country_code = place.country_code AND paper.kind = demand.kind
                  ORDER BY paper.status = 'granted' DESC, paper.id DESC LIMIT 1), ''),
       line.lead, line.counts_working_days
  FROM correspondents_assignment assignment
  JOIN broadcasters_place place ON place.id = assignment.place_id
 CROSS JOIN LATERAL correspondents_demands(
       assignment, (clock_timestamp() AT TIME ZONE assignment.time_zone)::date) AS demand
  LEFT JOIN LATERAL (
       SELECT coalesce(requirement.lead_days, requirement.decision_days) AS lead, requirement.counts_working_days
         FROM correspondents_countryrequirement requirement
        WHERE requirement.country_code = place.country_code AND requirement.kind = demand.kind
          AND requirement.is_compulsory AND requirement.is_active
        ORDER BY 1 NULLS LAST LIMIT 1) AS line ON true
 WHERE assignment.id = ANY(%s)
 ORDER BY assignment.id, demand.kind
"""

# Lanes are as the other row was written; this one's rule is asked now.
_SAME_PERSON = """
SELECT assignment.id, other.uid, other.period, other.time_zone,
       CASE WHEN lower_inf(other.lane) THEN 'block'
            ELSE correspondents_effect(assignment.broadcaster_id, assignment.module_id, 'same-person') END
  FROM correspondents_assignment assignment
  JOIN correspondents_assignment other
    ON other.correspondent_id = assignment.correspondent_id AND other.id <> assignment.id
   AND other.period && assignment.period
   AND other.status IN ('assigned', 'accepted', 'in-progress', 'completed')
 WHERE assignment.id = ANY(%s) ORDER BY assignment.id, other.id
"""

_SAME_KIT = """
SELECT booking.assignment_id, kit.uid, other.period, assignment.time_zone,
       CASE WHEN lower_inf(other.lane) THEN 'block'
            ELSE correspondents_effect(kit.broadcaster_id, assignment.module_id, 'same-kit') END
  FROM correspondents_kitbooking booking
  JOIN correspondents_assignment assignment ON assignment.id = booking.assignment_id
  JOIN correspondents_kit kit ON kit.id = booking.kit_id
  JOIN correspondents_kitbooking other
    ON other.kit_id = booking.kit_id AND other.id <> booking.id AND other.period && booking.period
   AND other.released_at IS NULL
 WHERE booking.assignment_id = ANY(%s) AND booking.released_at IS NULL ORDER BY booking.id, other.id
"""


def demands_of(ids: Iterable[int]) -> dict[int, list[Demand]]:
    """By assignment, what its country demands and how far it is held; in one statement."""
    found: dict[int, list[Demand]] = defaultdict(list)
    for row in _rows(_DEMANDS, ids):
        pk, period, zone, kind, is_held, throughout, ends_on, effect, standing, lead, working = row
        first, _last = days_between(period.lower, period.upper, zone)
        apply_by = days_before(first, lead, working=working) if lead else None
        found[pk].append(Demand(kind, is_held, throughout, ends_on, effect, standing, apply_by))
    return found


def findings_of(assignments: Iterable[Assignment], *, reader: User | None) -> dict[int, list[Finding]]:
    """By assignment, what the reader may know of it, in a constant number of statements. None is the system itself."""
    rows = {row.pk: row for row in assignments if row.status in ("draft", "assigned", "accepted", "in-progress")}
    if not rows:
        return {}
    own = set(rows)
    if reader is not None:
        own &= set(Assignment.objects.own(reader).filter(pk__in=rows).values_list("pk", flat=True))
    found: dict[int, list[Finding]] = defaultdict(list)
    for pk, demands in demands_of(rows).items():
        for demand in demands:
            found[pk] += _of_paper(demand, rows[pk])
    for code, name, statement in (
        ("person-twice", "assignment", _SAME_PERSON),
        ("kit-twice", "kit", _SAME_KIT),
    ):
        for pk, uid, period, zone, effect in _rows(statement, own):
            if effect != Effect.IGNORE:
                first, last = days_between(period.lower, period.upper, zone)
                details = {name: str(uid), "first_on": first.isoformat(), "last_on": last.isoformat()}
                found[pk].append(Finding(code, effect, details))
    return found


def say(finding: Finding) -> str:
    """The finding as a sentence in the active language."""
    details = finding.details
    if finding.code == "person-twice":
        return one_stop(_("The person has another assignment from %(first)s to %(last)s.") % _span(details))
    if finding.code == "kit-twice":
        return one_stop(_("Its equipment is booked elsewhere from %(first)s to %(last)s.") % _span(details))
    paper = str(PaperKind(details["paper"]).label)
    if finding.code == "paper-ends-within":
        return _("A paper ends within the assignment, on %(day)s: %(paper)s.") % {
            "day": _day(details["ends_on"]),
            "paper": paper,
        }
    if finding.code == "paper-late":
        return _("It should have been applied for by %(day)s: %(paper)s.") % {
            "day": _day(details["apply_by_on"]),
            "paper": paper,
        }
    standing = details["standing"]
    return _("The country demands a paper that is not held: %(paper)s (%(standing)s).") % {
        "paper": paper,
        "standing": PaperStatus(standing).label if standing else _("not on the list"),
    }


def _of_paper(demand: Demand, assignment: Assignment) -> list[Finding]:
    details: dict[str, Any] = {"paper": demand.kind}
    if demand.is_held:
        if demand.is_held_throughout or demand.effect == Effect.IGNORE:
            return []
        ends_on = demand.ends_on.isoformat() if demand.ends_on else None
        return [Finding("paper-ends-within", demand.effect, details | {"ends_on": ends_on})]
    findings = [Finding("paper-missing", Effect.BLOCK.value, details | {"standing": demand.standing})]
    is_moot = demand.standing == PaperStatus.APPLIED or assignment.status == AssignmentStatus.IN_PROGRESS
    if demand.apply_by_on and not is_moot and demand.apply_by_on < today_in(assignment.time_zone):
        late = details | {"apply_by_on": demand.apply_by_on.isoformat()}
        findings.append(Finding("paper-late", Effect.WARN.value, late))
    return findings


def _span(details: dict[str, Any]) -> dict[str, str]:
    return {"first": _day(details["first_on"]), "last": _day(details["last_on"])}


def _day(text: str) -> str:
    return date_format(date.fromisoformat(text), "SHORT_DATE_FORMAT")


def _rows(statement: str, ids: Iterable[int]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, [list(ids)])
        return cursor.fetchall()  # type: ignore[no-any-return]
