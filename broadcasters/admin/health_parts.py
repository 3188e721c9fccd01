"""What the page of an agreement's health shows, made ready for its template."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from broadcasters.admin.module import LOOKS
from broadcasters.admin.obligation import days_of, evidence_address, standing_label
from broadcasters.admin.party import SIGNATURE_LOOKS
from broadcasters.audience import AudienceTable
from broadcasters.balance import Direction, Division
from broadcasters.charts import chart_of
from broadcasters.constants import MODULE_MOVES, ModuleState
from broadcasters.formats.brief_tables import part_called, share
from broadcasters.health import Health
from broadcasters.indicators import indicator
from broadcasters.languages import language_called
from broadcasters.models import Memorandum, Module
from broadcasters.permissions import may
from broadcasters.spans import RHYTHMS, Span, UnknownSpanError, parse_span, span_of
from mediaexchange.core.admin_base import ExchangeAdmin, label, staff
from mediaexchange.core.languages.localize import localized

SHOWN = 12  # parts of a breakdown in a chart; the table has them all


def address_of(memorandum: Memorandum, span: Span | None = None) -> str:
    address = reverse("admin:broadcasters_memorandum_health", args=[memorandum.pk])
    return f"{address}?period={span.code}" if span else address


def span_asked(request: HttpRequest) -> Span | None:
    """The period asked for, else the quarter that runs; None for what is none."""
    try:
        asked = request.GET.get("period", "")
        return parse_span(asked) if asked else span_of("quarter", timezone.localdate())
    except UnknownSpanError:
        return None


def choices_of(memorandum: Memorandum, span: Span) -> dict[str, Any]:
    """The periods before and after, and those of other lengths round the same day."""
    today = timezone.localdate()
    day = today if span.first <= today <= span.last else span.last
    names = {
        "week": pgettext("period", "week"), "month": pgettext("period", "month"),
        "quarter": pgettext("period", "quarter"), "year": pgettext("period", "year"),
    }  # fmt: skip
    return {
        "span": span,
        "before": (span.before().title, address_of(memorandum, span.before())),
        "after": (span.after().title, address_of(memorandum, span.after())),
        "lengths": [
            (names[rhythm], address_of(memorandum, span_of(rhythm, day)), rhythm == span.rhythm) for rhythm in RHYTHMS
        ],
    }


def towards(direction: Direction) -> str:
    return f"{short(direction.giver)} → {short(direction.receiver)}"


def short(house: Any) -> str:
    return localized(house, "abbreviation") or str(house)


def signature_label(party: Any) -> Any:
    return label(party.get_signature_status_display(), SIGNATURE_LOOKS[party.signature_status])


def module_line(page: ExchangeAdmin, request: HttpRequest, module: Module) -> dict[str, Any]:
    site = page.admin_site
    deeds = {}
    for name, state, title in (
        ("pause", ModuleState.PAUSED, _("Pause")), ("start", ModuleState.ACTIVE, _("Start")),
    ):  # fmt: skip
        if _may_move(request, module, state):
            deeds[name] = (title, reverse(f"{site.name}:broadcasters_module_{name}", args=[module.pk]))
    return {
        "module": module,
        "label": label(module.get_state_display(), LOOKS[ModuleState(module.state)]),
        "reason": module.reason,
        "address": reverse(f"{site.name}:broadcasters_module_change", args=[module.pk]),
        "deeds": deeds.values(),
    }


def _may_move(request: HttpRequest, module: Module, state: str) -> bool:
    parties = [party.pk for party in module.parties.all()]
    moves = MODULE_MOVES[module.state]
    return state in moves and any(may(staff(request), "broadcasters.move_module", party) for party in parties)


def obligation_lines(health: Health) -> list[dict[str, Any]]:
    lines = []
    for obligation, progress in health.obligations:
        figures = [
            (days_of(figure), figure, evidence_address(obligation, figure.stretch.first))
            for figure in (progress.current, progress.last)
            if figure is not None
        ]
        counted = indicator(obligation.indicator)
        lines.append(
            {
                "obligation": obligation,
                "address": reverse("admin:broadcasters_obligation_change", args=[obligation.pk]),
                "sides": f"{short(obligation.debtor)} → "
                + (short(obligation.creditor) if obligation.creditor else _t("all")),
                "counted": capfirst(str(counted.title)) if counted else obligation.indicator,
                "label": standing_label(progress.standing),
                "standing": progress.standing.value,
                "figures": figures,
                "forecast": progress.forecast,
            }
        )
    return lines


def _records(health: Health, direction: Direction, **asked: str) -> str:
    query = {
        "period": health.span.code, "giver": direction.giver.slug, "receiver": direction.receiver.slug, **asked
    }  # fmt: skip
    return reverse("admin:broadcasters_memorandum_records", args=[health.memorandum.pk]) + "?" + urlencode(query)


def _linked(health: Health, values: list[int], **asked: str) -> list[tuple[int, str]]:
    """Each direction's figure with the address of its records."""
    sides = zip(values, health.balance.directions, strict=True)
    return [(value, _records(health, each, **asked)) for value, each in sides]


def given_figures(health: Health) -> dict[str, Any]:
    rows = [(capfirst(str(line.count.title)), line.values) for line in health.balance.lines]
    table = [
        (capfirst(str(line.count.title)), _linked(health, line.values, count=line.count.name))
        for line in health.balance.lines
    ]
    drawn = [row for row in rows if any(row[1])]
    return {"chart": chart_of(drawn, one_scale=False), "table": table}


def division_figures(health: Health, division: Division) -> dict[str, Any]:
    known, directions = division.breakdown, health.balance.directions
    rows = [(key, part_called(known.name, key), division.values(key)) for key in division.part_keys()]
    return {
        "name": known.name,
        "title": capfirst(str(known.title)),
        "is_many": known.is_many,
        "chart": chart_of([(title, values) for _key, title, values in rows[:SHOWN]]),
        "more": max(0, len(rows) - SHOWN),
        "table": [
            (title, _linked(health, values, breakdown=known.name, part=key))
            for key, title, values in rows
        ],
        "shares": _shares(division, directions) if known.share_of else [],
    }  # fmt: skip


def _shares(division: Division, directions: list[Direction]) -> list[dict[str, Any]]:
    known = division.breakdown
    found = []
    for direction, parts in zip(directions, division.parts, strict=True):
        values = {part.key: part.value for part in parts}
        silent, wanted = values.pop("", 0), values.get(known.share_of, 0)
        stated = sum(values.values())
        if stated or silent:
            found.append(
                {
                    "towards": towards(direction), "what": known.says(known.share_of), "wanted": wanted,
                    "stated": stated, "silent": silent, "percent": share(wanted, stated),
                }
            )  # fmt: skip
    return found


def audience_figures(health: Health, table: AudienceTable) -> dict[str, Any]:
    lines = [
        {
            "measure": capfirst(table.source.says(line.measure)),
            "language": capfirst(language_called(line.language)) if line.language else part_called("", ""),
            "towards": towards(line.direction),
            "line": line,
            "address": _records(health, line.direction, audience=table.source.count.name, part=line.key),
        }
        for line in table.lines
    ]
    return {"title": table.source.title, "lines": lines}
