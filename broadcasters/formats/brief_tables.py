"""The tables of a brief in one language, from what it keeps. Only words differ between languages, never values."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

from django.utils.text import capfirst
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from broadcasters.agreement_dates import KINDS, MOST
from broadcasters.audience import audience_source
from broadcasters.constants import Area, ModuleState, SignatureStatus
from broadcasters.formats.brief_content import Content
from broadcasters.formats.brief_page import Cell, Column, Table, day, decimal, number, per_cent, words
from broadcasters.indicators import breakdown, indicator
from broadcasters.languages import language_called
from broadcasters.obligations import Standing
from broadcasters.standing_words import STANDINGS, part_of
from mediaexchange.core.edtf_words import edtf_short
from mediaexchange.core.languages.resolve import resolve
from mediaexchange.core.languages.tags import DEFAULT

NOTHING = "—"


def said(texts: dict[str, str] | None) -> str:
    """The text that a reader of the active language gets."""
    return resolve(texts or {}, get_language() or DEFAULT).text


def towards(one: Content) -> str:
    return f"{said(one['giver']['short'])} → {said(one['receiver']['short'])}"


def tables_of(content: Content, zone: str) -> list[Table]:
    """Those that say something, whole. ``zone`` is that of the reader, for the days of what happened at a moment."""
    found = [
        _signatures(content),
        _modules(content, ZoneInfo(zone)),
        _obligations(content),
        _given(content),
        *_breakdowns(content, "balance"),
        _shares(content),
        *_breakdowns(content, "resonance"),
        _audience(content),
        _dates(content),
    ]
    return [table for table in found if table is not None and table.rows]


def _signatures(content: Content) -> Table:
    columns = [
        Column(_("party"), 4), Column(_("signature"), 2), Column(_("signed"), 0), Column(_("signatory"), 3),
        Column(_("sources"), 5),
    ]  # fmt: skip
    rows = [
        [
            words(said(party["house"])),
            words(SignatureStatus(party["status"]).label, "warning" if party["status"] == "announced" else ""),
            words(edtf_short(party["signed_on"])),
            words(party["signatory"]),
            words("; ".join(_source(source) for source in party["sources"])),
        ]
        for party in content["parties"]
    ]
    return Table("signatures", _("Signatures"), columns, rows)


def _source(source: Content) -> str:
    return ", ".join(filter(None, (source["publisher"] or source["title"], edtf_short(source["published_on"]))))


def _modules(content: Content, zone: ZoneInfo) -> Table:
    columns = [
        Column(_("module"), 4), Column(_("area"), 3), Column(_("state"), 0), Column(pgettext("state", "since"), 0),
        Column(_("reason"), 5),
    ]  # fmt: skip
    rows = [
        [
            words(said(module["name"])),
            words(Area(module["area"]).label),
            words(ModuleState(module["state"]).label, "warning" if module["state"] == "paused" else ""),
            day(datetime.fromisoformat(module["since"]).astimezone(zone).date()),
            words(said(module["reason"])),
        ]
        for module in content["modules"]
    ]
    return Table("modules", _("Modules"), columns, rows)


def _obligations(content: Content) -> Table:
    columns = [
        Column(pgettext("obligation", "what is owed"), 6), Column(_("by whom, to whom"), 3),
        Column(_("now"), 0, "end"), Column(pgettext("obligation", "required"), 0, "end"), Column(_("until"), 0),
        Column(_("at this pace"), 0, "end"), Column(_("before"), 0, "end"),
        Column(pgettext("obligation", "required"), 0, "end"), Column(pgettext("obligation", "standing"), 0),
    ]  # fmt: skip
    rows = []
    for each in content["obligations"]:
        standing, look = STANDINGS[Standing(each["standing"])]
        current, last = each["current"], each["last"]
        sides = f"{said(each['debtor']['short'])} → {said(each['creditor']['short']) if each['creditor'] else _('all')}"
        rows.append(
            [
                words(" ".join([said(each["title"]), *_parts_of(current, last)])),
                words(sides),
                number(current["done"], obligation=each["uid"], day=current["first"]) if current else words(""),
                number(current["wanted"]) if current else words(""),
                day(date.fromisoformat(current["last"])) if current else words(""),
                words("") if each["forecast"] is None else number(each["forecast"]),
                number(last["done"], obligation=each["uid"], day=last["first"]) if last else words(""),
                number(last["wanted"]) if last else words(""),
                words(standing, look),
            ]
        )
    return Table("obligations", _("Obligations"), columns, rows)


def _parts_of(*figures: Content | None) -> list[str]:
    """Why less is owed than the title says, where a stretch is only part of one; older briefs do not tell."""
    parts = [each for each in figures if each and each.get("whole", each["wanted"]) != each["wanted"]]
    return [f"({part_of(parts[0]['whole'])})"] if parts else []


def _sides(content: Content) -> list[Column]:
    return [Column(towards(each), 0, "end") for each in content["directions"]]


def _given(content: Content) -> Table:
    rows = [
        [words(_counted(line["count"])), *_figures(content, line["values"], count=line["count"])]
        for line in content["counts"]
    ]
    columns = [Column(_("what was given"), 1), *_sides(content)]
    return Table("given", pgettext("agreement", "Balance: who gave what to whom"), columns, rows)


def _figures(content: Content, values: list[int], **asks: str) -> list[Cell]:
    """One for each direction."""
    sides = zip(values, content["directions"], strict=True)
    return [number(value, **asks, **_between(content, each)) for value, each in sides]


def _between(content: Content, one: Content) -> dict[str, str]:
    return {
        "period": content["period"]["code"], "giver": one["giver"]["slug"], "receiver": one["receiver"]["slug"]
    }  # fmt: skip


def _counted(name: str) -> str:
    count = indicator(name)
    return capfirst(str(count.title)) if count else name


def _breakdowns(content: Content, side: str) -> list[Table]:
    tables = []
    for each in content["breakdowns"]:
        known = breakdown(each["breakdown"])
        if known is None or known.side != side:
            continue
        rows = [
            [
                words(part_called(known.name, part["part"])),
                *_figures(content, part["values"], breakdown=known.name, part=part["part"]),
            ]
            for part in each["parts"]
        ]
        notes = [_("What has several counts in each.")] if known.is_many and rows else []
        columns = [Column("", 1), *_sides(content)]
        tables.append(Table(known.name, capfirst(str(known.title)), columns, rows, notes))
    return tables


def part_called(name: str, key: str) -> str:
    """What a part is called in the active language."""
    known = breakdown(name)
    if not key or known is None:
        return key or capfirst(_("not stated"))
    return capfirst(known.says(key))


def _shares(content: Content) -> Table:
    """Per cent of what is stated, to one place, half up; what is not stated is told beside it and never counted in."""
    rows: list[list[Cell]] = []
    for each in content["breakdowns"]:
        known = breakdown(each["breakdown"])
        if known is None or not known.share_of:
            continue
        for place, direction in enumerate(content["directions"]):
            values = {part["part"]: part["values"][place] for part in each["parts"]}
            silent = values.pop("", 0)
            stated = sum(values.values())
            wanted = values.get(known.share_of, 0)
            if stated or silent:
                rows.append(
                    [
                        words(f"{capfirst(str(known.title))}: {known.says(known.share_of)}"), words(towards(direction)),
                        number(wanted), number(stated), per_cent(share(wanted, stated)), number(silent),
                    ]
                )  # fmt: skip
    columns = [
        Column("", 4), Column("", 2), Column(pgettext("agreement", "counted"), 0, "end"),
        Column(_("of those stated"), 0, "end"), Column("%", 0, "end"), Column(_("not stated"), 0, "end"),
    ]  # fmt: skip
    return Table("shares", _("Share of official sources"), columns, rows)


def share(part: int, whole: int) -> Decimal | None:
    return (Decimal(100 * part) / whole).quantize(Decimal("0.1"), ROUND_HALF_UP) if whole else None


def _audience(content: Content) -> Table:
    rows = []
    for line in content["audience"]:
        source = audience_source(line["source"])
        rows.append(
            [
                words(capfirst(source.says(line["measure"])) if source else line["measure"]),
                words(capfirst(language_called(line["language"])) if line["language"] else capfirst(_("not stated"))),
                words(towards(line)),
                number(
                    line["number"],
                    audience=line["source"],
                    part=f"{line['measure']}:{line['language']}",
                    **_between(content, line),
                ),
                decimal(Decimal(line["lowest"])),
                decimal(Decimal(line["highest"])),
            ]
        )
    columns = [
        Column(_("measure"), 3), Column(_("language"), 2), Column("", 3), Column(_("figures"), 0, "end"),
        Column(_("lowest"), 0, "end"), Column(_("highest"), 0, "end"),
    ]  # fmt: skip
    return Table("audience", _("Resonance: what is known of audiences"), columns, rows)


def _dates(content: Content) -> Table:
    rows = [
        [day(date.fromisoformat(each["on"])), words(_matter(each["kind"])), words(said(each["texts"]))]
        for each in content["dates"]
    ]
    columns = [Column(_("day"), 0), Column(_("matter"), 2), Column("", 4)]
    note = at_most(each["kind"] for each in content["dates"])
    return Table("dates", _("What comes next"), columns, rows, notes=[note] if note else [])


def _matter(kind: str) -> str:
    return capfirst(str(KINDS[kind])) if kind in KINDS else kind


def at_most(kinds: Iterable[str]) -> str:
    """The note under days that are shown up to a number of each kind; empty where none has so many."""
    if MOST not in Counter(kinds).values():
        return ""
    return ngettext(
        "Of each matter, the next day alone is shown.", "Of each matter, the next %(count)d days are shown.", MOST
    ) % {"count": MOST}


def left_out(count: int) -> str:
    """The note under a table that was shortened."""
    return ngettext(
        "%(count)d more row stands in the workbook and on the agreement’s page.",
        "%(count)d more rows stand in the workbook and on the agreement’s page.",
        count,
    ) % {"count": count}
