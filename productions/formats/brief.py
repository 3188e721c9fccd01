"""A production on paper: A4 as PDF, set by Typst with the fonts it brings, in the reader's language and script.

Everything is asked as its reader may see it, private lines of budgets above all. Words reach the template as data.
"""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

import orjson
import typst
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override, pgettext

from broadcasters.models import Broadcaster
from mediaexchange.core.languages.localize import alphabetical, localized
from mediaexchange.core.languages.tags import LANGUAGES
from mediaexchange.core.models import User
from productions.formats import brief_delivery, brief_money, brief_review, brief_schedule
from productions.formats.brief_page import Column, Facts, Section, Sheet, StageMark, Table, given
from productions.formats.brief_words import day, houses, moment, per_cent, short, yes
from productions.languages import language_name
from productions.models import Partner, Production, Stage
from productions.services.partner import advice_on
from productions.services.stage import blockers_of

CONTENT_TYPE = "application/pdf"
_LANGUAGES = {language.code: language for language in LANGUAGES}


def render(production: Production, reader: User, language: str, now: datetime | None = None) -> bytes:
    """The PDF in a shown language, as this reader may see the production, by the clocks of ``now``."""
    at = now or timezone.now()
    data = orjson.dumps(asdict(sheet(production, reader, language, at))).decode()
    page = typst.compile(
        _template(), format="pdf", ignore_system_fonts=True, sys_inputs={"sheet": data}, timestamp=int(at.timestamp())
    )
    if not isinstance(page, bytes):
        raise TypeError("One input without an output file gives the bytes of one document.")
    return page


def sheet(production: Production, reader: User, language: str, now: datetime) -> Sheet:
    """What stands on the pages. The caller has asked whether the reader sees the production."""
    shown = _LANGUAGES[language]
    with override(language):
        partners = list(
            Partner.objects.visible_to(reader)
            .filter(production=production)
            .select_related("broadcaster")
            .order_by("-share_percent", "pk")
        )
        zones = list(dict.fromkeys(partner.broadcaster.time_zone for partner in partners))
        blockers = [] if production.stage.is_closed else blockers_of(production, "delivering")
        return Sheet(
            language=shown.language,
            script=shown.script.lower(),
            kind=str(production.get_kind_display()),
            title=localized(production, "name"),
            logline=localized(production, "logline"),
            stages=_road(production),
            warned=_("In the way of delivery:"),
            warnings=list(dict.fromkeys(blocker.message for blocker in blockers)),
            facts=_facts(production, zones),
            sections=_sections(production, partners, reader, zones, now),
            footer=_("As %(house)s may see it · %(moment)s · %(slug)s")
            % {"house": houses(_own(partners, reader)), "moment": _made(now, zones), "slug": production.slug},
        )


def _sections(
    production: Production, partners: Sequence[Partner], reader: User, zones: Sequence[str], now: datetime
) -> list[Section]:
    """Those that say something."""
    objectives = localized(production, "objectives")
    found = (
        Section(_("Objectives"), paragraphs=[objectives]) if objectives else None,
        _partners(production, partners),
        brief_schedule.schedule(production, reader, zones, now),
        brief_money.budget(production, reader),
        brief_money.instalments(production, reader),
        brief_review.pilot(production, partners, reader),
        brief_review.review(production, partners, reader, zones),
        brief_delivery.versions(production, reader),
        brief_delivery.deliverables(production, reader),
        brief_delivery.footage(production, reader),
        brief_delivery.windows(production, reader, zones),
    )
    return [section for section in found if section is not None]


def _road(production: Production) -> list[StageMark]:
    """The stages on the straight road; a stopped production shows the last one that it had reached, then the stop."""
    stages = list(Stage.objects.order_by("position", "pk"))
    reached = production.stage
    if reached.is_stopped:
        last = production.moves.filter(to_stage=reached).first()
        reached = last.from_stage if last is not None and last.from_stage is not None else reached
    road = [stage for stage in stages if not stage.is_stopped]
    marks = [
        StageMark(
            localized(stage, "name"),
            "here" if stage.pk == production.stage_id else "done" if stage.position <= reached.position else "ahead",
        )
        for stage in road
    ]
    if production.stage.is_stopped:
        marks.append(StageMark(localized(production.stage, "name"), "here"))
    return marks


def _facts(production: Production, zones: Sequence[str]) -> Facts:
    module = production.module
    themes = ", ".join(sorted((localized(theme, "name") for theme in production.themes.all()), key=alphabetical))
    return given(
        [
            (_("Module"), f"{localized(module, 'name')} ({module.get_state_display()})"),
            (_("Themes"), themes),
            (_("Made by"), localized(production.made_by, "name")),
            (_("Stage"), f"{localized(production.stage, 'name')}, {_since(production, zones)}"),
            (_("On hold since"), moment(production.held_at, zones) if production.held_at else ""),
            (_("Length"), _length(production)),
            (_("Original languages"), ", ".join(language_name(tag) for tag in production.languages)),
            (_("Slate date"), day(production.slate_on) if production.slate_on else ""),
        ]
    )


def _since(production: Production, zones: Sequence[str]) -> str:
    on = production.staged_at.astimezone(ZoneInfo(zones[0] if zones else "UTC")).date()
    said: str = pgettext("stage", "since %(day)s") % {"day": day(on)}
    return said


def _length(production: Production) -> str:
    minutes = production.episode_minutes
    if minutes is None:
        return ""
    length = ngettext("%(count)d minute", "%(count)d minutes", minutes) % {"count": minutes}
    return f"{production.episodes} × {length}" if production.episodes > 1 else length


def _partners(production: Production, partners: Sequence[Partner]) -> Section:
    """Shares in per cent of the whole, and what the rules of shares advise."""
    columns = [
        Column(_("Partner"), 5),
        Column(_("Role"), 3),
        Column(_("Share"), 0, "end"),
        Column(_("in cash"), 0, "end"),
        Column(_("in kind"), 0, "end"),
        Column(_("Editorial lead"), 2),
        Column(_("Final cut"), 2),
    ]
    rows = [
        [
            f"{localized(partner.broadcaster, 'name')} ({short(partner.broadcaster)})",
            str(partner.get_role_display()),
            per_cent(partner.share_percent),
            per_cent(partner.cash_percent),
            per_cent(partner.in_kind_percent),
            yes(partner.is_editorial_lead),
            yes(partner.holds_final_cut),
        ]
        for partner in partners
    ]
    total = sum(partner.share_percent for partner in partners)
    totals = [[_("Total"), "", f"{number_format(total, 2, use_l10n=True)} %", "", "", "", ""]]
    return Section(
        _("Partners and shares"), table=Table(columns, rows, totals),
        notes=[advice.message for advice in advice_on(production)],
    )  # fmt: skip


def _own(partners: Sequence[Partner], reader: User) -> list[Broadcaster]:
    own = set(Broadcaster.objects.of(reader).values_list("pk", flat=True))
    return [partner.broadcaster for partner in partners if partner.broadcaster_id in own]


def _made(now: datetime, zones: Sequence[str]) -> str:
    return moment(now, zones or ["UTC"]).replace("\n", ", ")


@cache
def _template() -> bytes:
    return (files("productions.formats") / "brief.typ").read_bytes()
