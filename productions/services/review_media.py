"""What the parties look at, through links that ask again when they are opened.

The house whose file it is sees its clean proxy; other parties see the preview with a watermark, never a clean copy.
Documents are read by every party as they are.
"""

from datetime import datetime
from fractions import Fraction

from django.urls import reverse

from archive.constants import StepKind, TrackKind
from archive.models import Derivative, MediaFile
from archive.services.link import Claims, Opened, make_link, opener, stored, unknown
from archive.services.sniff import extension_of
from archive.timecode import TimecodeError, frames_of, timecode_of
from broadcasters.models import Broadcaster
from mediaexchange.core.models import ApiKey, User
from productions.models import Revision

REVISION = "revision"
DOCUMENT = "document"
_MOVING = frozenset({StepKind.PROXY, StepKind.WATERMARK})
_STILL = frozenset({StepKind.POSTER, StepKind.WAVEFORM})
_RECORDED = ("video/", "audio/", "application/mxf")
_USUAL_RATE = Fraction(25)


class Clock:
    """Timecodes of a revision's material: at its own rate and from its own first timecode; without either 25 and 0.

    Reads ``file`` and ``instantiation``.
    """

    def __init__(self, revision: Revision) -> None:
        self.rate, self.start, self.is_drop = _USUAL_RATE, 0, False
        tracks = revision.file.technical.get("tracks", ()) if revision.file else ()
        for track in tracks:
            numerator, denominator = track.get("rate_numerator"), track.get("rate_denominator")
            if track.get("kind") == TrackKind.VIDEO and numerator and denominator:
                self.rate = Fraction(numerator, denominator)
                break
        named = revision.instantiation.start_timecode if revision.instantiation else ""
        if not named and revision.file:
            named = str(revision.file.technical.get("start_timecode") or "")
        try:
            self.start, self.is_drop = (frames_of(named, self.rate), ";" in named) if named else (0, False)
        except TimecodeError:  # one that does not occur at this rate: count from nought
            self.start = 0

    def frame_at(self, ms: int) -> int:
        """A little late, so that rounding never names the frame before."""
        return int((ms + 1) * self.rate / 1000)

    def ms_of(self, timecode: str) -> int:
        """The beginning of the frame that is named, in the file; rounded down, which ``frame_at`` undoes.

        Raises TimecodeError for what does not occur, and for a moment before the first frame.
        """
        frame = frames_of(timecode, self.rate, is_drop=self.is_drop) - self.start
        if frame < 0:
            raise TimecodeError(timecode)
        return int(frame * 1000 / self.rate)

    def timecode(self, ms: int | None) -> str:
        """ "" for no moment."""
        if ms is None:
            return ""
        return timecode_of(self.start + self.frame_at(ms), self.rate, is_drop=self.is_drop)


def is_recording(revision: Revision) -> bool:
    return revision.file is not None and revision.file.content_type.startswith(_RECORDED)


def kinds_for(revision: Revision, user: User) -> frozenset[str]:
    """What this user may be given of it; the caller has found the revision by ``visible_to``."""
    if revision.file is None:
        return frozenset()
    if not is_recording(revision):
        return frozenset({DOCUMENT})
    is_own = Broadcaster.objects.of(user).filter(pk=revision.file.broadcaster_id).exists()
    return _STILL | {StepKind.PROXY if is_own else StepKind.WATERMARK}


def revision_link(
    revision: Revision, kind: str, *, user: User, key: ApiKey | None = None
) -> tuple[str, datetime | None]:
    """An address for some minutes; "" for what was not made yet or is not for this reader."""
    if kind not in kinds_for(revision, user):
        return "", None
    if kind != DOCUMENT and not Derivative.objects.filter(file=revision.file, kind=kind).exists():
        return "", None
    token, ends_at = make_link(REVISION, revision.uid, user=user, key=key, kind=str(kind))
    return reverse("media", args=[token]), ends_at


def viewing_link(revision: Revision, *, user: User, key: ApiKey | None = None) -> tuple[str, datetime | None]:
    """The one address for looking at it: player or document."""
    found = sorted(kinds_for(revision, user) - _STILL)
    return revision_link(revision, found[0], user=user, key=key) if found else ("", None)


def content_type_of(revision: Revision, user: User) -> str:
    """Of what the player plays; "" while there is nothing to play."""
    kinds = kinds_for(revision, user) & _MOVING
    made = Derivative.objects.filter(file=revision.file, kind__in=kinds).values_list("content_type", flat=True).first()
    return made or ""


@opener(REVISION)
def open_revision(claims: Claims) -> Opened:
    """Asked again: the reader sees the production still, and this kind is for them."""
    rows = Revision.objects.visible_to(claims.user).select_related("file")
    revision = rows.filter(uid=claims.uid).first()
    kind = claims.extra.get("kind", "")
    if revision is None or revision.file is None or kind not in kinds_for(revision, claims.user):
        raise unknown()
    if kind == DOCUMENT:
        return _document(revision, revision.file)
    made = Derivative.objects.filter(file=revision.file, kind=kind).first()
    if made is None:
        raise unknown()
    return stored(
        made.storage_name,
        name=f"{revision.kind}-{revision.number}-{kind}.{extension_of(made.content_type)}",
        content_type=made.content_type,
        size_bytes=made.size_bytes,
        etag=made.sha256 or f"{made.pk}-{made.size_bytes}",
        is_inline=True,
    )


def _document(revision: Revision, file: MediaFile) -> Opened:
    if not file.is_ready:
        raise unknown()
    return stored(
        file.storage_name,
        name=file.original_name or f"{revision.kind}-{revision.number}.{extension_of(file.content_type)}",
        content_type=file.content_type,
        size_bytes=file.size_bytes,
        etag=file.sha256,
        is_inline=True,
    )
