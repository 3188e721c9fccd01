"""The metadata formats that records are disseminated in."""

from collections.abc import Callable
from dataclasses import dataclass

from lxml import etree

from archive.formats import dublin_core, ebucore, pbcore
from archive.formats.writing import Shown


@dataclass(frozen=True, slots=True)
class MetadataFormat:
    prefix: str
    schema: str
    namespace: str
    element_of: Callable[[Shown], etree._Element]


FORMATS: dict[str, MetadataFormat] = {
    each.prefix: each
    for each in (
        MetadataFormat("oai_dc", dublin_core.OAI_DC_SCHEMA, dublin_core.OAI_DC, dublin_core.element_of),
        MetadataFormat("pbcore", pbcore.SCHEMA, pbcore.NAMESPACE, pbcore.element_of),
        MetadataFormat("ebucore", ebucore.SCHEMA, ebucore.NAMESPACE, ebucore.element_of),
    )
}
