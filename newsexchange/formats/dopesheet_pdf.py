"""The dopesheet on paper: A4 as PDF, set by Typst with the fonts it brings, the same on every machine.

The story reaches the template as data. A string that Typst shows is shown as it is: no text of a story can be markup.
"""

from dataclasses import asdict
from functools import cache
from importlib.resources import files

import orjson
import typst

from newsexchange.formats.dopesheet import sheet
from newsexchange.formats.outgoing import Outgoing

NAME = "dopesheet-pdf"
CONTENT_TYPE = "application/pdf"


def render(out: Outgoing, language: str) -> bytes:
    """The PDF; the same version gives the same bytes, for the time in it is the version's."""
    data = orjson.dumps(asdict(sheet(out, language))).decode()
    made_at = int(out.entry.updated_at.timestamp()) if out.entry.updated_at else 0
    page = typst.compile(
        _template(), format="pdf", ignore_system_fonts=True, sys_inputs={"sheet": data}, timestamp=made_at
    )
    if not isinstance(page, bytes):
        raise TypeError("One input without an output file gives the bytes of one document.")
    return page


@cache
def _template() -> bytes:
    return (files("newsexchange.formats") / "dopesheet.typ").read_bytes()
