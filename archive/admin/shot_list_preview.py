"""A shot list that was read, in the words of a page: what it would make and what is refused."""

from dataclasses import dataclass

from django.utils.translation import get_language

from archive.admin.base import clock
from archive.formats.shots import FAULTS, Footage, Shot
from archive.models import Item, Segment
from archive.services.segment import segment_of
from archive.services.shot_list import ReadList
from archive.timecode import timecode_of
from mediaexchange.core.languages.serbian import to_latin
from mediaexchange.core.languages.tags import STORED, to_bcp47

_MOST_ROWS = 300  # of each table


@dataclass(frozen=True, slots=True)
class PreviewRow:
    shot: Shot
    segment: Segment
    begins: str
    ends: str
    length: str

    @property
    def titles(self) -> list[tuple[str, str]]:
        """(BCP 47 tag, title) in all languages, Serbian in the reader's script."""
        titles = [(code, title) for code in STORED if (title := getattr(self.segment, f"title_{code}"))]
        is_latin = get_language() == "sr-latn"
        return [
            ("sr-Latn", to_latin(title)) if code == "sr" and is_latin else (to_bcp47(code), title)
            for code, title in titles
        ]


class Preview:
    """What a list would make, in the words of a page; long tables are cut, and say how much is left out."""

    def __init__(self, read: ReadList, item: Item) -> None:
        self.name, self.known = read.name, read.known
        self.number, self.number_refused = len(read.new), len(read.refused)
        self.rows = [_preview_row(shot, item, read.footage) for shot in read.new[:_MOST_ROWS]]
        self.refused = [(each.place, FAULTS[each.code], each.detail) for each in read.refused[:_MOST_ROWS]]
        self.more, self.more_refused = self.number - len(self.rows), self.number_refused - len(self.refused)


def _preview_row(shot: Shot, item: Item, footage: Footage) -> PreviewRow:
    first = round(footage.start_frame * shot.rate / footage.rate)
    segment = segment_of(shot, item, None)
    begins, ends = (
        timecode_of(first + frame, shot.rate, is_drop=footage.is_drop) for frame in (shot.in_frame, shot.out_frame)
    )
    return PreviewRow(shot, segment, begins, ends, clock(segment.duration_ms))
