"""The evaluation: terms and a question in, a decision with reasons and conditions out. It asks nobody and no clock."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from mediaexchange.core.rights.terms import ONLINE, PLATFORMS, Asking, Decision, Material, Statement, Term
from mediaexchange.core.rights.territories import covered

Bar = tuple[str, Term]  # why, and by which term


def evaluate(material: Material, asking: Asking) -> Decision:
    """Allowed if on at least one asked platform neither the whole nor every part of it is barred."""
    bars = {platform: list(_bars(material, asking, platform)) for platform in asking.platforms}
    left = [platform for platform in asking.platforms if not _closes(bars[platform], material.parts)]
    if not left:
        return Decision(False, reasons=_unique(_reasons(bars, material)))
    return Decision(True, conditions=_unique(_conditions(material, asking, bars, left)))


def _bars(material: Material, asking: Asking, platform: str) -> Iterator[Bar]:
    """What forbids this use now."""
    for term in material.terms:
        places = covered(term.territories, term.is_elsewhere, asking.territories)
        if places and _holds_at(term, asking.at) and (not term.platforms or platform in term.platforms):
            if term.is_barred:
                yield "barred", term
            elif term.barred_names & asking.names:
                yield "competitor", term
            elif term.no_online and platform in ONLINE:
                yield "no-online", term
            elif material.origin_country in places and _is_within_window(material, term, asking.at):
                yield "reimport", term


def _closes(bars: list[Bar], parts: int) -> bool:
    """Whether these bars leave nothing: the whole is barred, or every part is."""
    barred = {term.part for _code, term in bars}
    return None in barred or (parts > 0 and barred >= set(range(parts)))


def _reasons(bars: dict[str, list[Bar]], material: Material) -> Iterator[Statement]:
    for platform, found in bars.items():
        whole = [bar for bar in found if bar[1].part is None]
        if not whole:
            yield Statement("all-shots-barred")
        for code, term in whole or found:
            about = _about(term)
            if code == "no-online" and len(bars) == 1:
                about["platforms"] = [platform]
            if code == "reimport":
                about |= _window(material, term)
            yield Statement(code, about)


def _conditions(material: Material, asking: Asking, bars: dict[str, list[Bar]], left: list[str]) -> Iterator[Statement]:
    closed = [platform for platform in bars if platform not in left]
    if closed:
        yield Statement("platforms-barred", {"platforms": closed})
    yield from _part_conditions(bars, left)
    for term in material.terms:
        places = covered(term.territories, term.is_elsewhere, asking.territories)
        platforms = [platform for platform in term.platforms or PLATFORMS if platform in left]
        if not platforms:
            continue
        if places and _holds_at(term, asking.at):
            yield from _duties(term, platforms)
        if places and term.starts_at and term.starts_at > asking.at and _forbids(term, asking):
            yield Statement("barred-from", _scope(term) | {"starts_at": term.starts_at.isoformat()})
        if not places and term.is_barred and not _is_over(term, asking.at):
            yield Statement("barred-elsewhere", _about(term))
        if material.origin_country not in asking.territories and _is_within_window(material, term, asking.at):
            yield Statement("reimport", _about(term) | _window(material, term))


def _part_conditions(bars: dict[str, list[Bar]], left: list[str]) -> Iterator[Statement]:
    """Shots that must stay out, on all platforms that are left or on some."""
    barred: dict[int, list[str]] = {}
    for platform in left:
        for part in {term.part for _code, term in bars[platform] if term.part is not None}:
            barred.setdefault(part, []).append(platform)
    everywhere = sorted(part for part, platforms in barred.items() if platforms == left)
    if everywhere:
        yield Statement("shots-barred", {"shots": everywhere})
    for part, platforms in sorted(barred.items()):
        if platforms != left:
            yield Statement("shots-barred", {"shots": [part], "platforms": platforms})


def _duties(term: Term, platforms: list[str]) -> Iterator[Statement]:
    """What a term that holds here and now asks of whoever uses it."""
    scope = _scope(term)
    if term.max_seconds is not None:
        yield Statement("max-seconds", scope | {"seconds": term.max_seconds})
    for code, is_said in (
        ("no-archive", term.no_archive),
        ("no-online", term.no_online and not ONLINE.isdisjoint(term.platforms or ONLINE)),
        ("no-edit", term.no_edit),
        ("no-resale", term.no_resale),
    ):
        if is_said:
            yield Statement(code, scope)


def _forbids(term: Term, asking: Asking) -> bool:
    """Whether the term, once its time has come, forbids the asker something."""
    return term.is_barred or bool(term.barred_names & asking.names)


def _holds_at(term: Term, at: datetime) -> bool:
    return (term.starts_at is None or term.starts_at <= at) and not _is_over(term, at)


def _is_over(term: Term, at: datetime) -> bool:
    return term.ends_at is not None and term.ends_at <= at


def _is_within_window(material: Material, term: Term, at: datetime) -> bool:
    """Before the first publication the window has not begun, and so has not ended."""
    if term.reimport_hours is None or not _holds_at(term, at):
        return False
    first = material.first_published_at
    return first is None or at < first + timedelta(hours=term.reimport_hours)


def _window(material: Material, term: Term) -> dict[str, Any]:
    first, hours = material.first_published_at, term.reimport_hours or 0
    ends = {} if first is None else {"ends_at": (first + timedelta(hours=hours)).isoformat()}
    return {"hours": hours, "territories": [material.origin_country], "is_elsewhere": False} | ends


def _scope(term: Term) -> dict[str, Any]:
    """Which part and platforms it is about, and the rights holder's own words."""
    values: dict[str, Any] = {} if term.part is None else {"shots": [term.part]}
    if term.platforms:
        values["platforms"] = [platform for platform in PLATFORMS if platform in term.platforms]
    if term.note:
        values["note"] = term.note
    return values


def _about(term: Term) -> dict[str, Any]:
    values = _scope(term)
    if term.territories:
        values |= {"territories": list(term.territories), "is_elsewhere": term.is_elsewhere}
    for name in ("starts_at", "ends_at"):
        if moment := getattr(term, name):
            values[name] = moment.isoformat()
    return values


def _unique(statements: Iterable[Statement]) -> tuple[Statement, ...]:
    found: list[Statement] = []
    for statement in statements:
        if statement not in found:
            found.append(statement)
    return tuple(found)
