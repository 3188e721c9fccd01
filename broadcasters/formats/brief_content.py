"""What a brief keeps: numbers, codes, days, and texts by stored language. Nothing of it depends on a reader's language.

Counts stand under the names by which they are registered; what an uninstalled app has counted is told by that name.
"""

from typing import Any

import orjson

from broadcasters.agreement_dates import texts_of
from broadcasters.balance import Balance, Division
from broadcasters.health import Health
from broadcasters.models import Broadcaster, Module, Obligation, Party
from broadcasters.obligations import Figure, Progress

Content = dict[str, Any]
VERSION = 1


def content_of(health: Health, readers: list[Broadcaster]) -> Content:
    """JSON-ready. ``readers`` are the houses under whose rights it was counted."""
    memorandum, term = health.memorandum, health.term
    content = {
        "version": VERSION,
        "memorandum": {"slug": memorandum.slug, "name": _named(memorandum)},
        "period": {"code": health.span.code, "first": health.span.first, "last": health.span.last},
        "readers": [_house(house) for house in readers],
        "parties": [_party(party) for party in health.parties],
        "modules": [_module(module) for module in health.modules],
        "obligations": [_obligation(*each) for each in health.obligations],
        "directions": [
            {"giver": _house(each.giver), "receiver": _house(each.receiver)} for each in health.balance.directions
        ],
        "counts": [{"count": line.count.name, "values": line.values} for line in health.balance.lines],
        "breakdowns": _breakdowns(health.balance),
        "audience": [
            {
                "source": table.source.count.name,
                "giver": _house(line.direction.giver),
                "receiver": _house(line.direction.receiver),
                "measure": line.measure,
                "language": line.language,
                "number": line.number,
                "lowest": str(line.lowest),
                "highest": str(line.highest),
            }
            for table in health.audience
            for line in table.lines
        ],
        "term": {"number": term.number, "first": term.first_on, "last": term.last_on} if term else None,
        "dates": [{"kind": each.kind, "on": each.on, "texts": each.texts} for each in health.dates],
    }
    plain: Content = orjson.loads(orjson.dumps(content))  # days and moments as ISO 8601, as they are when they are kept
    return plain


def _named(record: Any) -> dict[str, str]:
    return texts_of(record, "name") or {"en": record.slug}


def _house(house: Broadcaster) -> Content:
    return {"slug": house.slug, "short": texts_of(house, "abbreviation") or _named(house)}


def _party(party: Party) -> Content:
    return {
        "house": _named(party.broadcaster),
        "status": party.signature_status,
        "signed_on": party.signed_on,
        "signatory": party.signatory_name,
        "sources": [
            {"title": source.title, "publisher": source.publisher, "published_on": source.published_on}
            for source in party.sources.all()
        ],
    }


def _module(module: Module) -> Content:
    return {
        "name": _named(module),
        "area": module.area,
        "state": module.state,
        "since": module.state_changed_at,
        "reason": texts_of(module, "state_reason"),
    }


def _obligation(obligation: Obligation, progress: Progress) -> Content:
    return {
        "uid": obligation.uid,
        "title": texts_of(obligation, "title"),
        "debtor": _house(obligation.debtor),
        "creditor": _house(obligation.creditor) if obligation.creditor else None,
        "count": obligation.indicator,
        "standing": progress.standing.value,
        "current": _figure(progress.current),
        "last": _figure(progress.last),
        "forecast": progress.forecast,
    }


def _figure(figure: Figure | None) -> Content | None:
    if figure is None:
        return None
    stretch = figure.stretch
    return {
        "first": stretch.first, "last": stretch.last, "done": figure.done, "wanted": stretch.wanted,
        "whole": stretch.whole,
    }  # fmt: skip


def _breakdowns(balance: Balance) -> list[Content]:
    return [{"breakdown": division.breakdown.name, "parts": _parts(division)} for division in balance.divisions]


def _parts(division: Division) -> list[Content]:
    return [{"part": key, "values": division.values(key)} for key in division.part_keys()]
