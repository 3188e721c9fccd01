"""The archive's records, one noun per file."""

from archive.models.collection import Collection, Series
from archive.models.delivery import Download, FootageDelivery
from archive.models.file import MediaFile
from archive.models.importing import CatalogueImport, ImportRow
from archive.models.instantiation import Instantiation, Track
from archive.models.item import (
    Credit,
    Item,
    ItemDate,
    ItemDescription,
    ItemIdentifier,
    ItemPlace,
    ItemTitle,
)
from archive.models.pipeline import Derivative, PreservationEvent, Step
from archive.models.request import FootageRequest, Licence, RequestLine
from archive.models.rights import Grant, GrantUse, UnderlyingRight
from archive.models.segment import Segment, TimedText
from archive.models.upload import Upload

__all__ = [
    "CatalogueImport",
    "Collection",
    "Credit",
    "Derivative",
    "Download",
    "FootageDelivery",
    "FootageRequest",
    "Grant",
    "GrantUse",
    "ImportRow",
    "Instantiation",
    "Item",
    "ItemDate",
    "ItemDescription",
    "ItemIdentifier",
    "ItemPlace",
    "ItemTitle",
    "Licence",
    "MediaFile",
    "PreservationEvent",
    "RequestLine",
    "Segment",
    "Series",
    "Step",
    "TimedText",
    "Track",
    "UnderlyingRight",
    "Upload",
]
