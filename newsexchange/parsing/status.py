"""Whether an entry may be used, and from when. What cannot be understood is not published."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from lxml import etree

from newsexchange.parsing.base import PubStatus
from newsexchange.parsing.dates import parse_date
from newsexchange.parsing.markup import text_of, tidy

IPTC_NAR = "http://iptc.org/std/nar/2006-10-01/"
# NewsCodes "Publishing Status"; the second spelling of canceled is not in it, but on the wire.
PUBSTATUSES: Mapping[str, PubStatus] = {
    "usable": "usable",
    "withheld": "withheld",
    "canceled": "canceled",
    "cancelled": "canceled",
}


@dataclass(frozen=True, slots=True)
class Embargo:
    """Until when an entry is held; ``is_held_indefinitely`` when its source names no instant, or none we can read."""

    embargoed_until: datetime | None = None
    is_held_indefinitely: bool = False


def read_pubstatus(value: object) -> PubStatus:
    """From a QCode, a NewsCodes URI or the bare word. Nothing means usable, an unknown word withheld."""
    word = tidy(str(value)) if value is not None else ""
    if not word:
        return "usable"
    return PUBSTATUSES.get(word.replace("/", ":").rpartition(":")[2].lower(), "withheld")


def read_embargo(value: object) -> Embargo:
    """From an embargo that is present: empty or unreadable holds the entry indefinitely."""
    moment = parse_date(value) if isinstance(value, str) else None
    return Embargo(moment, is_held_indefinitely=moment is None)


def pubstatus_of_element(element: etree._Element | None) -> PubStatus:
    """From <pubStatus>, absent or with its value in an attribute or as text."""
    if element is None:
        return "usable"
    return read_pubstatus(element.get("qcode") or element.get("uri") or text_of(element) or "unreadable")


def embargo_of_element(element: etree._Element | None) -> Embargo:
    """From <embargoed>, absent (no embargo) or present."""
    return Embargo() if element is None else read_embargo(text_of(element))
