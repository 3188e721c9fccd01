"""The rules of footage: what forbids a use of an item or a stretch of it, and what an allowed use has to keep to.

Everything has been read before: rows and a question in, a decision out. Periods hold their first moment and not their
last; hours are elapsed time, whatever the clocks do meanwhile.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from archive.constants import Access, Clearance, GrantStatus, ItemStatus
from archive.models import Grant, Item, UnderlyingRight
from archive.models.rights import territory_numbers
from broadcasters.constants import RUNNING_STATES, ModuleState
from broadcasters.models import Module
from mediaexchange.core.rights.terms import PLATFORMS, Decision, Statement
from mediaexchange.core.rights.territories import covered

Part = tuple[int | None, int | None]  # milliseconds of the item; None is its beginning or its end
WHOLE: Part = (None, None)


@dataclass(frozen=True, slots=True)
class Question:
    """Every one of the ``territories`` is meant, any of the ``platforms``. ``seconds`` and ``runs`` 0: however few."""

    territories: frozenset[str]
    platforms: tuple[str, ...]
    at: datetime
    language: str = ""
    seconds: int = 0
    runs: int = 0


@dataclass(slots=True)
class Facts:
    """What is known of one item and one house. ``grants`` are those to the house or to all, ``others`` exclusive ones
    to somebody else; ``runs`` are, by grant, (its beginning, its longest showing in ms)."""

    item: Item
    is_own: bool
    modules: list[Module] = field(default_factory=list)
    rights: list[UnderlyingRight] = field(default_factory=list)
    grants: list[Grant] = field(default_factory=list)
    others: list[Grant] = field(default_factory=list)
    runs: Mapping[int, list[tuple[datetime, int]]] = field(default_factory=dict)

    @property
    def is_shared(self) -> bool:
        """Whether what is granted to all partners is granted to this house, too."""
        is_running = any(module.state in RUNNING_STATES for module in self.modules)
        return self.item.access == Access.PUBLIC or (self.item.access == Access.PARTNERS and is_running)


def decide(facts: Facts, part: Part, question: Question) -> Decision:
    """Allowed if on some asked platform no right of others stands against it and one grant covers it all."""
    rights = [right for right in facts.rights if overlaps(part_of_right(right), part)]
    bars = {platform: list(_right_bars(rights, question, platform)) for platform in question.platforms}
    clear = [platform for platform in question.platforms if not bars[platform]]
    barred = [bar for found in bars.values() for bar in found]
    if facts.is_own:
        conditions = (*_closed(question, clear), *_clearance_conditions(rights))
        return Decision(True, conditions=conditions) if clear else Decision(False, reasons=tuple(_unique(barred)))
    state = list(_state(facts, question))
    candidates = [grant for grant in _open_grants(facts) if is_inside(part, part_of_grant(grant))]
    granted = {grant: _granted_on(grant, facts, question) for grant in candidates}
    left = {grant: [platform for platform in granted[grant] if platform in clear] for grant in candidates}
    best = max(candidates, key=lambda grant: _preference(grant, left[grant]), default=None)
    if not state and best is not None and left[best]:
        conditions = (*_closed(question, left[best]), *_conditions(facts, best, question, rights))
        return Decision(True, conditions=tuple(_unique(conditions)))
    lacking = [] if any(granted.values()) else list(_lacking(facts, candidates, part, question))
    return Decision(False, reasons=tuple(_unique((*state, *barred, *lacking))))


def _granted_on(grant: Grant, facts: Facts, question: Question) -> list[str]:
    """The asked platforms on which nothing of the grant itself stands against the use."""
    return [name for name in question.platforms if not any(grant_bars(grant, facts, question, name))]


def part_of_grant(grant: Grant) -> Part:
    return grant.part.lower, grant.part.upper


def part_of_right(right: UnderlyingRight) -> Part:
    return (right.segment.in_ms, right.segment.out_ms) if right.segment else WHOLE


def is_inside(part: Part, outer: Part) -> bool:
    starts_in = outer[0] is None or (part[0] is not None and part[0] >= outer[0])
    return starts_in and (outer[1] is None or (part[1] is not None and part[1] <= outer[1]))


def overlaps(one: Part, other: Part) -> bool:
    return all(
        first is None or last is None or first < last for first, last in ((one[0], other[1]), (other[0], one[1]))
    )


def _state(facts: Facts, question: Question) -> Iterator[Statement]:
    item = facts.item
    if item.status != ItemStatus.PUBLISHED:
        yield Statement("not-published")
    if item.embargoed_until and item.embargoed_until > question.at:
        yield Statement("footage-embargo", {"ends_at": item.embargoed_until.isoformat()})


def right_bars(rights: Iterable[UnderlyingRight], question: Question) -> list[Statement]:
    """What these rights of others forbid on any of the platforms, each once."""
    return list(_unique(bar for platform in question.platforms for bar in _right_bars(rights, question, platform)))


def _right_bars(rights: Iterable[UnderlyingRight], question: Question, platform: str) -> Iterator[Statement]:
    for right in rights:
        about = _about_right(right)
        if right.clearance == Clearance.UNCLEARED:
            yield Statement(f"uncleared-{right.kind}", about)
        elif right.clearance == Clearance.REFUSED:
            yield Statement("clearance-refused", about)
        else:
            if right.ends_at and right.ends_at <= question.at:
                yield Statement("clearance-ended", about | {"ends_at": right.ends_at.isoformat()})
            if right.platforms and platform not in right.platforms:
                yield Statement("cleared-platforms-only", about | {"platforms": right.platforms})
            if not _is_cleared_in(right, question.territories):
                yield Statement("cleared-elsewhere-only", about | {"territories": right.territories})


def _is_cleared_in(right: UnderlyingRight, asked: frozenset[str]) -> bool:
    """A name that nobody knows clears nothing."""
    return covered(right.territories, True, asked) == frozenset() if right.territories else True


def _about_right(right: UnderlyingRight) -> dict[str, Any]:
    about: dict[str, Any] = {"right": right.kind}
    if right.owner:
        about["owner"] = right.owner
    if right.segment:
        about["stretches"] = [list(part_of_right(right))]
    return about


def _clearance_conditions(rights: Iterable[UnderlyingRight]) -> Iterator[Statement]:
    """Limits of the clearances that this use keeps to."""
    for right in rights:
        about = _about_right(right)
        if right.territories:
            yield Statement("cleared-elsewhere-only", about | {"territories": right.territories})
        if right.platforms:
            yield Statement("cleared-platforms-only", about | {"platforms": right.platforms})
        if right.ends_at:
            yield Statement("cleared-until", about | {"ends_at": right.ends_at.isoformat()})


def _open_grants(facts: Facts) -> list[Grant]:
    """Those that stand and are this house's: its own, and all partners' while it is one of them."""
    standing = (grant for grant in facts.grants if grant.status == GrantStatus.ACTIVE)
    return [grant for grant in standing if grant.grantee_id or facts.is_shared]


def grant_bars(grant: Grant, facts: Facts, question: Question, platform: str) -> Iterator[Statement]:
    """What of this one grant stands against the use."""
    about = _about(grant)
    if not set(grant.territory_numbers).issuperset(territory_numbers(question.territories, False)):
        yield Statement("territory-not-granted", about | _places(grant))
    if PLATFORMS.index(platform) not in grant.platform_numbers:
        yield Statement("platform-not-granted", about | {"platforms": grant.platforms})
    if question.language and not _is_in_language(grant, question.language):
        yield Statement("language-not-granted", about | {"languages": grant.languages})
    if grant.period.lower and grant.period.lower > question.at:
        yield Statement("not-started", about | {"starts_at": grant.period.lower.isoformat()})
    if grant.period.upper and grant.period.upper <= question.at:
        yield Statement("ended", about | {"ends_at": grant.period.upper.isoformat()})
    if grant.embargoed_until and grant.embargoed_until > question.at:
        yield Statement("grant-embargo", about | {"ends_at": grant.embargoed_until.isoformat()})
    if _is_held_back(grant, question.at) and (not grant.holdback_platforms or platform in grant.holdback_platforms):
        yield _holdback(grant)
    yield from _used_up(grant, facts.runs.get(grant.pk, ()), question)


def _used_up(grant: Grant, runs: Iterable[tuple[datetime, int]], question: Question) -> Iterator[Statement]:
    """A repeat needs no run, and only the seconds that its run has not shown yet."""
    repeated = _repeated(grant, runs, question.at)
    new_runs = max(question.runs, 1) - (repeated is not None)
    new_ms = max(question.seconds * 1000, 1) if repeated is None else max(question.seconds * 1000 - repeated, 0)
    if grant.runs is not None and grant.runs_used + new_runs > grant.runs:
        yield Statement("runs-used-up", _about(grant) | {"used": grant.runs_used, "runs": grant.runs})
    if grant.seconds is not None and grant.used_ms + new_ms > grant.seconds * 1000:
        yield Statement("seconds-used-up", _about(grant) | {"seconds": grant.seconds, "left": seconds_left(grant)})


def _repeated(grant: Grant, runs: Iterable[tuple[datetime, int]], at: datetime) -> int | None:
    """How many ms the run has shown that a showing at this moment would repeat; None if it would begin a new one."""
    window = timedelta(hours=grant.repeat_hours)
    shown = [longest for began, longest in runs if began <= at < began.astimezone(UTC) + window]
    return max(shown, default=None)


def seconds_left(grant: Grant) -> int:
    """Whole seconds; 0 also for a grant without limit, which nobody asks."""
    return 0 if grant.seconds is None else (grant.seconds * 1000 - grant.used_ms) // 1000


def _is_in_language(grant: Grant, language: str) -> bool:
    """A grant for "sr" is one for "sr-Latn", too."""
    asked = language.lower()
    return not grant.languages or any(
        asked == tag.lower() or asked.startswith(f"{tag.lower()}-") for tag in grant.languages
    )


def _is_held_back(grant: Grant, at: datetime) -> bool:
    return grant.holdback_until is not None and grant.holdback_until > at


def _holdback(grant: Grant) -> Statement:
    ends_at = grant.holdback_until.isoformat() if grant.holdback_until else ""
    platforms = {"platforms": grant.holdback_platforms} if grant.holdback_platforms else {}
    return Statement("holdback", _about(grant) | platforms | {"ends_at": ends_at})


def _lacking(facts: Facts, candidates: list[Grant], part: Part, question: Question) -> Iterator[Statement]:
    """Why no grant covers it, the nearest ones first; and that another house has it to itself."""
    for grant in candidates:
        for platform in question.platforms:
            yield from grant_bars(grant, facts, question, platform)
    if not candidates:
        yield from _without_candidates(facts)
    for grant in facts.others:
        is_there = set(grant.territory_numbers) & set(territory_numbers(question.territories, False))
        is_on = set(grant.platform_numbers) & {PLATFORMS.index(name) for name in question.platforms}
        if is_there and is_on and question.at in grant.period and overlaps(part_of_grant(grant), part):
            ends_at = {"ends_at": grant.period.upper.isoformat()} if grant.period.upper else {}
            yield Statement("exclusive-to-another", {"time_zone": grant.time_zone} | ends_at)


def _without_candidates(facts: Facts) -> Iterator[Statement]:
    standing = _open_grants(facts)
    if standing:
        yield Statement("other-stretches-only", {"stretches": [list(part_of_grant(grant)) for grant in standing]})
        return
    for grant in facts.grants:
        if grant.status == GrantStatus.REVOKED and grant.grantee_id:
            note = {"note": grant.revocation_reason} if grant.revocation_reason else {}
            yield Statement("revoked", _about(grant) | note)
    if not facts.is_shared and any(grant.grantee_id is None for grant in facts.grants):
        paused = [module for module in facts.modules if module.state == ModuleState.PAUSED]
        for module in paused if facts.item.access == Access.PARTNERS else ():
            yield Statement("module-paused", {"note": module.reason} if module.reason else {})
        if not paused or facts.item.access != Access.PARTNERS:
            yield Statement("not-shared")
        return
    yield Statement("no-grant")


def _preference(grant: Grant, platforms: list[str]) -> tuple[Any, ...]:
    """The grant that leaves most: on most platforms, without counts, longest."""
    ends_at = grant.period.upper.timestamp() if grant.period.upper else float("inf")
    return len(platforms), grant.runs is None, grant.seconds is None, ends_at, -grant.pk


def _conditions(facts: Facts, grant: Grant, question: Question, rights: list[UnderlyingRight]) -> Iterator[Statement]:
    about, licence = _about(grant), grant.licence
    credit = (licence.credit_line if licence else "") or facts.item.credit_line or str(facts.item.broadcaster)
    yield Statement("credit", {"credit": credit})
    if grant.period.upper:
        yield Statement("use-until", about | {"ends_at": grant.period.upper.isoformat()})
    if grant.territories:
        yield Statement("granted-in", _places(grant))
    if grant.platforms:
        yield Statement("platform-not-granted", {"platforms": grant.platforms})
    if grant.languages:
        yield Statement("language-not-granted", {"languages": grant.languages})
    if _is_held_back(grant, question.at):
        yield _holdback(grant)
    if grant.seconds is not None:
        yield Statement("seconds-left", {"left": seconds_left(grant), "seconds": grant.seconds})
    if grant.runs is not None:
        yield Statement("runs-left", {"left": grant.runs - grant.runs_used, "runs": grant.runs})
        if _repeated(grant, facts.runs.get(grant.pk, ()), question.at) is not None:
            yield Statement("repeat")
        if grant.repeat_hours:
            yield Statement("repeat-window", {"hours": grant.repeat_hours})
    yield from _clearance_conditions(rights)
    if licence and licence.terms:
        yield Statement("further-terms", {"terms": licence.terms})
    if grant.note and grant.licence_id is None:
        yield Statement("further-terms", {"terms": grant.note})


def _closed(question: Question, left: list[str]) -> Iterator[Statement]:
    closed = [platform for platform in question.platforms if platform not in left]
    if closed:
        yield Statement("platforms-barred", {"platforms": closed})


def _about(grant: Grant) -> dict[str, Any]:
    about: dict[str, Any] = {"time_zone": grant.time_zone}
    if grant.licence:
        about["licence"] = grant.licence.number
    return about


def _places(grant: Grant) -> dict[str, Any]:
    return {"territories": grant.territories, "is_elsewhere": grant.is_elsewhere}


def _unique(statements: Iterable[Statement]) -> Iterator[Statement]:
    """Each once, in the order in which they first come."""
    seen: list[Statement] = []
    for statement in statements:
        if statement not in seen:
            seen.append(statement)
            yield statement
