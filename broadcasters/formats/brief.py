"""A brief of an agreement: one A4 page as HTML and PDF, the same figures whole as a workbook, in any shown language.

Nothing is ever cut silently: where the page is too small, tables are shortened and say by how much; where even that is
not enough, there is a second page.
"""

import re
from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

import orjson
import typst
from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from broadcasters.formats.brief_page import Page, Table
from broadcasters.formats.brief_tables import left_out, said, tables_of
from broadcasters.models import Brief
from broadcasters.spans import parse_span
from mediaexchange.core.languages.tags import LANGUAGES, to_bcp47

PDF = "application/pdf"
HTML = "text/html; charset=utf-8"
_PAGE = re.compile(rb"/Type\s*/Page(?!s)")  # ISO 32000-1, 7.7.3.3: each page is such a dictionary
_LANGUAGES = {language.code: language for language in LANGUAGES}
# Rows of a table, and points of type, until it fits.
_ROOMS: tuple[tuple[int | None, float], ...] = ((None, 8.5), (None, 7.5), (10, 7.5), (6, 7.5), (4, 7.5), (3, 7.0))
_NEVER_SHORTENED = frozenset({"signatures"})


def page_of(brief: Brief, language: str) -> Page:
    """All of it in a shown language, by the clocks of the brief's person. Reads ``person``."""
    shown, content, zone = _LANGUAGES[language], brief.content, brief.person.time_zone
    with override(language):
        span = parse_span(brief.period)
        readers = ", ".join(said(house["short"]) for house in content["readers"])
        return Page(
            language=shown.language,
            script=shown.script.lower(),
            tag=to_bcp47(language),
            kind=_("Agreement in brief"),
            title=said(content["memorandum"]["name"]),
            period=span.title,
            days=span.days,
            made=_("Counted on %(moment)s (%(zone)s), as %(houses)s may see it.")
            % {"moment": _moment(brief.as_of, zone), "zone": zone, "houses": readers or "—"},
            footer=f"{content['memorandum']['slug']} · {brief.period} · {brief.uid}",
            tables=tables_of(content, zone),
        )


def render_html(brief: Brief, language: str, **context: Any) -> str:
    """A page of its own, ready to be printed. ``records``: where figures open; ``links``: to other variants."""
    with override(language):
        return render_to_string("broadcasters/brief.html", {"page": page_of(brief, language)} | context)


def render_pdf(brief: Brief, language: str) -> bytes:
    page = page_of(brief, language)
    made = b""
    for candidate, size in _fitted(page, language):
        made, pages = _set(candidate, size, brief.as_of)
        if pages == 1:
            break
    return made


def _fitted(page: Page, language: str) -> Iterator[tuple[Page, float]]:
    with override(language):
        for rows, size in _ROOMS:
            tables = page.tables if rows is None else [_shortened(table, rows) for table in page.tables]
            yield replace(page, tables=tables), size


def _shortened(table: Table, rows: int) -> Table:
    gone = len(table.rows) - rows
    if gone < 2 or table.key in _NEVER_SHORTENED:  # the note takes a line as well
        return table
    return replace(table, rows=table.rows[:rows], notes=[*table.notes, left_out(gone)], left_out=gone)


def _set(page: Page, size: float, at: datetime) -> tuple[bytes, int]:
    """The document, and of how many pages it is."""
    data = orjson.dumps({**asdict(page), "size": size}, default=str).decode()
    made = typst.compile(
        _template(), format="pdf", ignore_system_fonts=True, sys_inputs={"sheet": data}, timestamp=int(at.timestamp())
    )
    if not isinstance(made, bytes):
        raise TypeError("One input without an output file gives the bytes of one document.")
    return made, len(_PAGE.findall(made))


def _moment(at: datetime, zone: str) -> str:
    return date_format(at.astimezone(ZoneInfo(zone)), "SHORT_DATETIME_FORMAT")


def file_name(brief: Brief, language: str, ending: str) -> str:
    return f"{brief.content['memorandum']['slug']}-{brief.period}-{to_bcp47(language)}.{ending}"


@cache
def _template() -> bytes:
    return (files("broadcasters.formats") / "brief.typ").read_bytes()
