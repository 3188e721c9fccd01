"""Foreign shares of a channel's weeks as a workbook (Office Open XML), in the active language."""

import io
from collections.abc import Sequence

import xlsxwriter  # type: ignore[import-untyped]
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from broadcasters.foreign_share import ForeignShare
from broadcasters.models import Channel

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_WIDTHS = (12, 14, 16, 16, 12, 12, 18)


def file_name(channel: Channel, shares: Sequence[ForeignShare]) -> str:
    weeks = f"{shares[0].iso_week}-{shares[-1].iso_week}" if shares else "none"
    return f"foreign-share-{channel.slug}-{weeks}.xlsx"


def render_shares(channel: Channel, shares: Sequence[ForeignShare]) -> bytes:
    """A row a week: what the API says, with minutes as numbers."""
    target = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(target, options) as book:
        book.set_properties({"title": str(channel)})
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        day, two = book.add_format({"num_format": "yyyy-mm-dd"}), book.add_format({"num_format": "0.00"})
        sheet = book.add_worksheet(channel.slug[:31])
        sheet.write_string(0, 0, str(channel), bold)
        sheet.freeze_panes(3, 1)
        headings = (
            _("week"), _("Monday"), _("minutes made elsewhere"), _("minutes of the week"), _("per cent"), _("cap"),
            _("over the cap"),
        )  # fmt: skip
        for place, heading in enumerate(headings):
            sheet.set_column(place, place, _WIDTHS[place])
            sheet.write_string(2, place, capfirst(heading), bold)
        for row, share in enumerate(shares, 3):
            sheet.write_string(row, 0, share.iso_week)
            sheet.write_datetime(row, 1, share.week_starts_on, day)
            sheet.write_number(row, 2, share.foreign_ms / 60_000, two)
            sheet.write_number(row, 3, share.week_ms / 60_000, two)
            sheet.write_number(row, 4, float(share.percent), two)
            if share.cap_percent is None:
                sheet.write_string(row, 5, _("no cap"))
            else:
                sheet.write_number(row, 5, float(share.cap_percent), two)
            sheet.write_string(row, 6, _("over the cap") if share.is_over else "")
    return target.getvalue()
