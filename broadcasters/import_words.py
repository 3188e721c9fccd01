"""What the codes of imports and matches mean, in the reader's language."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from broadcasters.parsing.base import Code
from mediaexchange.core.errors import Message

DISCARDED = "discarded"
MESSAGES: dict[str, Message] = {
    Code.TOO_LARGE: _("The table is too large."),
    Code.EMPTY: _("The table has no rows."),
    Code.NOT_WELL_FORMED: _("The file is damaged and cannot be read."),
    Code.BAD_ENCODING: _("The letters of the file are in no known encoding."),
    Code.UNKNOWN_FORMAT: _("The file is no table that is read here."),
    Code.MACROS: _("The workbook holds macros; save it without them."),
    Code.HOSTILE: _("The file holds what only attacks hold."),
    Code.NO_SUCH_SHEET: _("The file has no such sheet."),
    Code.PARSER_FAILED: _("The file could not be read within the time and memory that it may take."),
    Code.VALUE_MISSING: _("Something that is needed is missing in the row."),
    Code.BAD_VALUE: _("This value is not possible here."),
    Code.TOO_MANY_CELLS: _("The row has more cells than the table has columns."),
    Code.TIME_SKIPPED: _("The clocks skipped this time that night: it never was."),
    Code.TIME_TWICE: _("The clocks showed this time twice that night: say the offset from UTC."),
    Code.CHANNEL_UNKNOWN: _("The house has no such channel."),
    Code.CHANNEL_AMBIGUOUS: _("Several channels of the house bear this name."),
    Code.ORIGIN_UNKNOWN: _("There is no such house."),
    Code.LASTS_NOTHING: _("It lasts no time."),
    Code.LASTS_TOO_LONG: _("It lasts more than a day."),
    Code.IN_THE_FUTURE: _("It lies ahead: a plan is not an airing."),
    Code.DAY_AHEAD: _("Only days that are over have an audience."),
    Code.AIRING_UNKNOWN: _("Nothing is known to have been aired then."),
    Code.SUBJECT_UNKNOWN: _("You see nothing of this identity."),
    Code.FIGURE_STANDS: _("The same source has stated another figure as of this day."),
    Code.TITLE_FORGOTTEN: _("What was aired has been recalled; its title is forgotten."),
    Code.TWICE_IN_TABLE: _("Another row of the table says the same."),
    Code.OVERLAPS: _("It overlaps with something else on this channel."),
    DISCARDED: _("It was discarded."),
}
FIELD_NAMES: dict[str, Message] = {
    "channel": _("channel"),
    "date": _("date"),
    "start": _("start"),
    "end": _("end"),
    "until": _("last day"),
    "duration": _("duration"),
    "duration_minutes": _("duration in minutes"),
    "duration_seconds": _("duration in seconds"),
    "duration_ms": _("duration in ms"),
    "title": _("title"),
    "language": _("language"),
    "origin": _("origin"),
    "reference": _("reference to what was aired"),
    "programme_id": _("the house’s own number"),
    "offset": _("offset from UTC"),
    "measure": pgettext_lazy("audience", "measure"),
    "value": _("value"),
    "unit": _("unit"),
    "source": _("source"),
    "method": _("method"),
    "as_of": _("as of"),
    "reach": pgettext_lazy("audience", "reach"),
    "share": pgettext_lazy("audience", "share"),
    "average": pgettext_lazy("audience", "average audience"),
    "views": pgettext_lazy("audience", "views"),
    "unique_users": pgettext_lazy("audience", "unique users"),
}
REASONS: dict[str, Message] = {
    "reference": _("it is named by reference"),
    "title-same": _("the title is the same"),
    "title-alike": _("the titles are alike"),
    "slugline": _("the slug line is the same"),
    "language": _("the language is the same"),
    "duration": _("the length is about the same"),
    "origin": _("the origin is the same"),
    "days-after-take": _("days after it was taken"),
    "window": _("a rights window was open"),
    "planned": _("a showing was planned for then"),
    "grant": _("the footage was granted for then"),
}


def told(code: str) -> str:
    """The code's meaning in the active language; the code itself for one without words."""
    return str(MESSAGES.get(code, code))


def told_refusal(code: str, sheets: Sequence[str]) -> str:
    """Why a whole table is refused; where a sheet is not there, those that are."""
    if code == Code.NO_SUCH_SHEET and sheets:
        return _("The workbook has no such sheet. It has: %(sheets)s.") % {"sheets": ", ".join(sheets)}
    return told(code)


def told_problem(problem: Mapping[str, Any]) -> str:
    """One line: what, at which field, and the value."""
    field = str(problem.get("where", ""))
    about = ": ".join(filter(None, (str(FIELD_NAMES.get(field, field)), str(problem.get("value", "")))))
    said = told(str(problem.get("code", "")))
    return f"{said} ({about})" if about else said


def told_reason(reason: Mapping[str, Any]) -> str:
    """Why an airing was probably this: one line."""
    said = str(REASONS.get(str(reason.get("code", "")), reason.get("code", "")))
    value = str(reason.get("value", ""))
    return f"{said} ({value})" if value else said
