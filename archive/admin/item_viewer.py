"""What the viewer of an item's page is made from: links that end soon, pictures, and what is marked."""

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from archive.admin.base import clock
from archive.constants import StepKind, TextKind, TrackKind
from archive.models import Derivative, Instantiation, Item, MediaFile, Segment, TimedText, Track
from archive.services.viewing import OPEN_TO_PARTNERS, names_in, preview_kind, shown_file, view_link
from archive.timecode import TimecodeError, frames_of, timecode_of
from broadcasters.permissions import may, roles_of
from mediaexchange.core.languages.own_names import own_name
from mediaexchange.core.languages.tags import DEFAULT, LANGUAGES, STORED, STORED_AS, stored_language, to_bcp47
from mediaexchange.core.models import User

_DEFAULT_RATE = Fraction(25)
_AUTONYMS = {language.code: language.autonym for language in LANGUAGES}
# What a player offers, as HTML calls it: no browser shows tracks of the kind “descriptions”.
_TRACK_KINDS = {TextKind.SUBTITLES: "subtitles", TextKind.CAPTIONS: "captions", TextKind.AUDIO_DESCRIPTION: "subtitles"}


@dataclass(slots=True)
class Shown:
    """The footage as this reader may see it. ``made`` are its derivatives by kind, less what is not for them."""

    item: Item
    user: User
    file: MediaFile | None
    made: dict[str, Derivative] = field(default_factory=dict)
    instantiation: Instantiation | None = None
    picture: Track | None = None

    @property
    def rate(self) -> Fraction:
        """Frames a second of the picture; sound alone is counted as if it were at 25."""
        track = self.picture
        if track is None or not track.rate_numerator or not track.rate_denominator:
            return _DEFAULT_RATE
        return Fraction(track.rate_numerator, track.rate_denominator)

    @property
    def start_timecode(self) -> str:
        return self.instantiation.start_timecode if self.instantiation else ""

    @property
    def start_frame(self) -> int:
        try:
            return frames_of(self.start_timecode, self.rate) if self.start_timecode else 0
        except TimecodeError:  # one that does not occur at this rate: count from nought
            return 0

    @property
    def is_drop(self) -> bool:
        return ";" in self.start_timecode

    @property
    def duration_ms(self) -> int | None:
        return self.instantiation.duration_ms if self.instantiation else None

    def timecode(self, frame: int) -> str:
        return timecode_of(self.start_frame + frame, self.rate, is_drop=self.is_drop)

    def frame_at(self, ms: int) -> int:
        """A little late, so that rounding never names the frame before."""
        return int((ms + 1) * self.rate / 1000)

    def link(self, kind: StepKind | str) -> str:
        """An address for some minutes; "" for what was not made or is not for this reader."""
        if kind not in self.made:
            return ""
        return view_link(self.item, kind, user=self.user)[0]


def shown_to(item: Item, user: User) -> Shown:
    file = shown_file(item)
    shown = Shown(item, user, file)
    if file is None:
        return shown
    is_own = preview_kind(item, user) == StepKind.PROXY
    shown.made = {each.kind: each for each in file.derivatives.all() if is_own or each.kind in OPEN_TO_PARTNERS}
    shown.instantiation = item.instantiations.filter(file=file).prefetch_related("tracks").first()
    if shown.instantiation is not None:
        tracks = shown.instantiation.tracks.all()
        shown.picture = next((track for track in tracks if track.kind == TrackKind.VIDEO), None)
    return shown


def source_of(shown: Shown) -> str:
    """The address of what the player plays: the clean proxy at home, the watermarked preview elsewhere."""
    return shown.link(preview_kind(shown.item, shown.user))


def viewer_box(request: HttpRequest, shown: Shown) -> SafeString:
    item, user = shown.item, shown.user
    kind = preview_kind(item, user)
    source, poster = shown.link(kind), shown.link(StepKind.POSTER)
    content_type = shown.made[kind].content_type if source else ""
    segments = list(item.segments.all())
    may_mark = may(user, "archive.add_segment", item.broadcaster_id)
    facts = {
        "rate": [shown.rate.numerator, shown.rate.denominator],
        "duration_ms": shown.duration_ms,
        "start_frame": shown.start_frame,
        "is_drop": shown.is_drop,
        "fresh": reverse("admin:archive_item_links", args=[item.pk]) if source else "",
        "sprite": _sprite(shown),
        "segments": [_piece(segment, shown) for segment in segments],
    }
    context = {
        "item": item,
        "shown": shown,
        "facts": facts,
        "source": source,
        "content_type": content_type,
        "is_video": content_type.startswith("video/"),
        "poster": poster,
        "strip": _strip(shown),
        "wave": shown.link(StepKind.WAVEFORM),
        "tracks": text_tracks(item),
        "segments": [_row(segment, shown) for segment in segments],
        "may_mark": may_mark,
        "shot_lists": reverse("admin:archive_item_shot_list", args=[item.pk]) if may_mark or segments else "",
        "languages": _languages(),
        "is_own": kind == StepKind.PROXY,
        "may_ask": any_house_may_ask(item, user),
        "ask_address": reverse("admin:archive_footagerequest_add"),
    }
    return SafeString(render_to_string("archive/viewer.html", context, request))


@dataclass(frozen=True, slots=True)
class TextTrack:
    """A text of the item as the player offers it; of those ``is_default`` there is one at most."""

    address: str
    kind: str
    language: str  # BCP 47, in the script in which the cues come
    title: str
    is_default: bool


def text_tracks(item: Item) -> list[TextTrack]:
    """What runs along with the picture, subtitles first; those in the reader's language are switched on."""
    shown = item.texts.filter(kind__in=_TRACK_KINDS).defer("as_received", "cues")
    texts = sorted(shown, key=lambda text: list(_TRACK_KINDS).index(TextKind(text.kind)))
    own = STORED_AS[get_language() or DEFAULT]
    spoken = (text for text in texts if text.kind != TextKind.AUDIO_DESCRIPTION)
    first = next((text for text in spoken if stored_language(text.language) == own), None)
    return [
        TextTrack(
            address=reverse("admin:archive_item_cues", args=[item.pk, text.uid]),
            kind=_TRACK_KINDS[TextKind(text.kind)],
            language=text_tag(text),
            title=f"{text.get_kind_display()} · {own_name(text_tag(text))}",
            is_default=text is first,
        )
        for text in texts
    ]


def text_tag(text: TimedText) -> str:
    """The tag under which this reader gets a text: Serbian comes in the script that they read."""
    is_latin = text.language == "sr" and get_language() == "sr-latn"
    return to_bcp47("sr-latn") if is_latin else text.language


def any_house_may_ask(item: Item, user: User) -> bool:
    """Whether one of the reader's houses, not the holder, may send footage requests."""
    return any(
        house != item.broadcaster_id and may(user, "archive.add_footagerequest", house) for house in roles_of(user)
    )


def _languages() -> list[tuple[str, str]]:
    """(code, autonym) of the stored languages, the reader's own first."""
    own = STORED_AS.get(get_language() or "", "")
    return [(code, _AUTONYMS[code]) for code in sorted(STORED, key=lambda code: code != own)]


def _piece(segment: Segment, shown: Shown) -> dict[str, Any]:
    """A segment for the script, in frames of the footage that is shown."""
    texts = {
        f"{name}_{code}": getattr(segment, f"{name}_{code}") or ""
        for name in ("title", "description")
        for code in STORED
    }
    return {
        "uid": str(segment.uid),
        "in": round(segment.in_frame / segment.rate * shown.rate),
        "out": round(segment.out_frame / segment.rate * shown.rate),
        "title": str(segment),
        "texts": texts,
    }


def _row(segment: Segment, shown: Shown) -> dict[str, Any]:
    first = round(segment.in_frame / segment.rate * shown.rate)
    after = round(segment.out_frame / segment.rate * shown.rate)
    return {
        "segment": segment,
        "in": shown.timecode(first),
        "out": shown.timecode(after),
        "length": clock(segment.duration_ms),
    }


@dataclass(frozen=True, slots=True)
class Frame:
    """A key frame: a window on the sheet that holds all of them."""

    at_ms: int
    timecode: str
    window: str  # an SVG view box


@dataclass(frozen=True, slots=True)
class Strip:
    url: str
    sheet_width: int
    sheet_height: int
    width: int
    height: int
    frames: list[Frame]


def _strip(shown: Shown) -> Strip | None:
    """The key frames in order; None where there are none."""
    sheet = shown.made.get(StepKind.KEYFRAMES)
    if sheet is None:
        return None
    facts = sheet.facts
    width, height = int(facts["frame_width"]), int(facts["frame_height"])
    frames = [
        Frame(each["at_ms"], shown.timecode(shown.frame_at(each["at_ms"])), f"{each['x']} {each['y']} {width} {height}")
        for each in facts["frames"]
    ]
    return Strip(
        url=shown.link(StepKind.KEYFRAMES),
        sheet_width=width * int(facts["columns"]),
        sheet_height=height * int(facts["rows"]),
        width=width,
        height=height,
        frames=frames,
    )


def _sprite(shown: Shown) -> dict[str, Any] | None:
    """What stands above the time line under the pointer: which of the sprite's windows is whose moment."""
    sprite = shown.made.get(StepKind.SPRITE)
    if sprite is None:
        return None
    picture = next((name for name in names_in(sprite) if name.endswith(".jpg")), "")
    facts = sprite.facts
    return {
        "url": f"{shown.link(StepKind.SPRITE).rpartition('/')[0]}/{picture}",
        "width": facts["frame_width"],
        "height": facts["frame_height"],
        "columns": facts["columns"],
        "count": facts["count"],
        "every_ms": facts["interval_ms"],
    }
