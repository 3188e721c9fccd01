"""The dopesheet as plain text, for prompters, mail and whoever has no printer."""

from collections.abc import Iterator

from newsexchange.formats.dopesheet import Section, sheet
from newsexchange.formats.outgoing import Outgoing

NAME = "dopesheet-text"
CONTENT_TYPE = "text/plain; charset=utf-8"
_WIDTH = 78


def render(out: Outgoing, language: str) -> str:
    page = sheet(out, language)
    lines = [page.title.upper(), page.headline, "=" * _WIDTH]
    lines += [f"! {warning}" for warning in page.warnings]
    lines += [f"{label}: {value}" for label, value in page.facts]
    for section in page.sections:
        lines += ["", section.heading.upper(), "-" * _WIDTH, *_body(section)]
    return "\n".join([*lines, "", page.footer, ""])


def _body(section: Section) -> Iterator[str]:
    yield from section.paragraphs
    for row in section.table[1:]:
        cells = (cell.replace("\n", " · ") for cell in row)
        yield " | ".join(cells)
