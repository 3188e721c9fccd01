"""The documents in which items go out."""

from collections.abc import Callable
from dataclasses import dataclass

from archive.formats import dublin_core, ebucore, pbcore, tables
from archive.formats.writing import Shown


@dataclass(frozen=True, slots=True)
class DocumentFormat:
    """``render`` takes items loaded by ``catalogue.with_parts``, one at least; ``most`` is how many it may hold."""

    name: str
    content_type: str
    extension: str
    render: Callable[[list[Shown]], bytes]
    most: int


DOCUMENTS: dict[str, DocumentFormat] = {
    each.name: each
    for each in (
        DocumentFormat("pbcore", "application/xml; charset=utf-8", "xml", pbcore.render, 1_000),
        DocumentFormat("ebucore", "application/xml; charset=utf-8", "xml", ebucore.render, 1_000),
        DocumentFormat("dc", "application/xml; charset=utf-8", "xml", dublin_core.render, 1_000),
        DocumentFormat("qdc", "application/xml; charset=utf-8", "xml", dublin_core.render_qualified, 1_000),
        DocumentFormat("csv", "text/csv; charset=utf-8", "csv", tables.render_csv, 50_000),
        DocumentFormat(
            "xlsx",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "xlsx",
            tables.render_xlsx,
            10_000,
        ),
    )
}
