"""What a production consists of when it goes out: language versions, deliverables, archive footage, windows."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from mediaexchange.core.languages.localize import localized
from mediaexchange.core.models import User
from mediaexchange.core.rights.words import platform_label, territory_label
from productions.constants import DeliveryBar
from productions.formats.brief_page import Column, Section, Table
from productions.formats.brief_words import NOTHING, day, footage_clock, moment, short, yes
from productions.models import ArchiveUse, Deliverable, LanguageVersion, Production, Window


def versions(production: Production, reader: User) -> Section | None:
    rows = (
        LanguageVersion.objects.visible_to(reader)
        .filter(production=production)
        .wanted()
        .select_related("payer", "owner")
    )
    if not rows:
        return None
    return Section(
        _("Language versions"),
        table=Table(
            [
                Column(_("Language"), 3),
                Column(_("Tag"), 2),
                Column(pgettext("language version", "Kind"), 3),
                Column(_("Paid for by"), 2),
                Column(_("Owned by"), 2),
                Column(_("Use of AI"), 3),
                Column(_("Status"), 3),
            ],
            [
                [
                    row.language_name,
                    row.language,
                    str(row.get_kind_display()),
                    short(row.payer),
                    short(row.owner),
                    str(row.get_ai_use_display() or _("not declared")),
                    str(row.get_status_display()),
                ]
                for row in rows
            ],
        ),
    )


def deliverables(production: Production, reader: User) -> Section | None:
    rows = (
        Deliverable.objects.visible_to(reader)
        .filter(version__production=production)
        .select_related("version", "broadcaster", "supplier")
    )
    if not rows:
        return None
    return Section(
        _("Deliverables"),
        table=Table(
            [
                Column(_("Language version"), 4),
                Column(_("Deliverable"), 4),
                Column(_("From whom to whom"), 3),
                Column(_("Due on"), 2),
                Column(_("Status"), 3),
            ],
            [
                [
                    str(row.version),
                    str(row.get_kind_display()),
                    f"{short(row.supplier)} → {short(row.broadcaster)}",
                    day(row.due_on),
                    "\n".join(filter(None, [str(row.get_status_display()), row.reason])),
                ]
                for row in rows
            ],
        ),
    )


def footage(production: Production, reader: User) -> Section | None:
    """Each stretch with its licence, and what it lacks."""
    rows: list[Any] = list(
        ArchiveUse.objects.visible_to(reader)
        .filter(production=production)
        .with_bars()
        .select_related("grant__licence", "item__broadcaster")
    )
    if not rows:
        return None
    return Section(
        _("Archive footage"),
        table=Table(
            [
                Column(_("Footage"), 5),
                Column(_("Holder"), 3),
                Column(_("Stretch"), 3),
                Column(_("Used under"), 3),
                Column(_("Clearance"), 4),
            ],
            [
                [
                    localized(row.item, "title") or row.item.identifier,
                    short(row.item.broadcaster),
                    _stretch(row),
                    _ground(row),
                    "\n".join(str(DeliveryBar(bar).label) for bar in row.bars) or _("cleared"),
                ]
                for row in rows
            ],
        ),
    )


def _stretch(row: ArchiveUse) -> str:
    if row.in_ms is None or row.out_ms is None:
        return _("the whole item")
    return f"{footage_clock(row.in_ms)}\n– {footage_clock(row.out_ms)}"


def _ground(row: ArchiveUse) -> str:
    if row.is_contributed:
        return _("contributed by its holder")
    if row.grant is None:
        return NOTHING
    return row.grant.licence.number if row.grant.licence else _("a grant to partners")


def windows(production: Production, reader: User, zones: Sequence[str]) -> Section | None:
    rows = (
        Window.objects.visible_to(reader).active().filter(production=production).select_related("holder__broadcaster")
    )
    if not rows:
        return None
    return Section(
        _("Rights windows"),
        table=Table(
            [
                Column(_("Holder"), 3),
                Column(_("Territory"), 3),
                Column(_("Platforms"), 3),
                Column(pgettext("rights window", "From"), 5),
                Column(pgettext("rights window", "Until"), 5),
                Column(_("Exclusive"), 3),
                Column(_("Runs"), 0, "end"),
            ],
            [_window(row, zones) for row in rows],
        ),
    )


def _window(row: Window, zones: Sequence[str]) -> list[str]:
    clocks = [row.time_zone, *(zone for zone in zones if zone != row.time_zone)]
    named = ", ".join(map(territory_label, row.territories))
    places = named or _("the whole world")
    if named and row.is_elsewhere:
        places = _("everywhere except: %(territories)s") % {"territories": named}
    return [
        short(row.holder.broadcaster),
        places,
        ", ".join(map(platform_label, row.platforms)) or _("all platforms"),
        moment(row.starts_at, clocks),
        moment(row.ends_at, clocks),
        yes(row.is_exclusive),
        f"{row.runs_used} / {row.runs if row.runs is not None else '∞'}",
    ]
