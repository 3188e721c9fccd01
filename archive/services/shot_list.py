"""Shot lists of an item: its segments as a file, and a file as segments, with what would become of each event."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from archive.formats import cmx3600, otio
from archive.formats.charset import UndecodableError
from archive.formats.cmx3600 import read_edl, write_edl
from archive.formats.otio import read_otio, write_otio
from archive.formats.shots import Footage, RefusedShot, Shot
from archive.models import Instantiation, Item, Segment
from archive.services.segment import footage_of, import_shots, shot_of, unknown_of
from mediaexchange.core.errors import DomainError
from mediaexchange.core.languages.localize import localized
from mediaexchange.core.models import User

EDL, OTIO = "edl", "otio"
FORMATS = (EDL, OTIO)
CONTENT_TYPES = {EDL: cmx3600.CONTENT_TYPE, OTIO: otio.CONTENT_TYPE}


@dataclass(frozen=True, slots=True)
class ReadList:
    """What a list holds: ``new`` would be added or were; ``known`` are segments already; the rest is ``refused``.

    ``footage`` is what its timecodes were counted against.
    """

    name: str
    new: tuple[Shot, ...]
    known: int
    refused: tuple[RefusedShot, ...]
    footage: Footage
    made: tuple[Segment, ...] = ()


def format_of(content: bytes) -> str:
    """What a list looks like by its opening: OpenTimelineIO is JSON; whatever is not is read as an edit list."""
    return OTIO if content[:64].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{") else EDL


def export_list(
    item: Item,
    format: str,
    *,
    language: str,
    instantiation: Instantiation | None = None,
    counted_from: Instantiation | None = None,
) -> bytes:
    """The item's segments, or those of one carrier or file, in the order of their beginnings.

    ``language`` is a stored one: that of the clips' names. All segments may be ``counted_from`` a carrier or file, by
    its first timecode, where that is what each of them is of.
    Raises DomainError where they have several frame rates and the format knows but one.
    """
    segments = _segments_of(item, instantiation)
    shots = [shot_of(segment) for segment in segments]
    rates = {shot.rate for shot in shots}
    if format == EDL and len(rates) > 1:
        raise DomainError("several-rates", _("The segments have several frame rates; an edit list has one."))
    footage = _footage(item, instantiation or counted_from, rate=next(iter(rates)) if len(rates) == 1 else None)
    write = write_edl if format == EDL else write_otio
    return write(shots, footage, language=language)


def read_list(
    item: Item,
    content: bytes,
    format: str,
    *,
    actor: User | None,
    instantiation: Instantiation | None = None,
    rate: Fraction | None = None,
    charset: str = "",
    is_applied: bool = False,
) -> ReadList:
    """Read a list and say what would become of its events; with ``is_applied``, make segments of them.

    Raises DomainError for what is no such list.
    """
    footage = _footage(item, instantiation, rate=rate)
    try:
        listed = read_edl(content, footage, charset=charset) if format == EDL else read_otio(content, footage)
    except UndecodableError as error:
        raise DomainError("charset-unknown", _("The text is in no charset that is known here.")) from error
    new = tuple(unknown_of(item, listed))
    made = tuple(import_shots(item, new, actor=actor, instantiation=instantiation)) if is_applied else ()
    return ReadList(listed.name, new, len(listed.shots) - len(new), listed.refused, footage, made)


def _segments_of(item: Item, instantiation: Instantiation | None) -> Iterable[Segment]:
    segments: QuerySet[Segment] = item.segments.order_by("in_frame", "id")
    return segments if instantiation is None else segments.filter(instantiation=instantiation)


def _footage(item: Item, instantiation: Instantiation | None, *, rate: Fraction | None) -> Footage:
    return footage_of(item, instantiation, name=localized(item, "title") or item.identifier, rate=rate)
