"""Segments of an item: marked one by one, or as many as a shot list holds."""

from collections.abc import Iterable, Sequence
from fractions import Fraction

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext_lazy as _

from archive.errors import invalid
from archive.formats.shots import Footage, Shot, ShotList
from archive.models import Instantiation, Item, Segment
from archive.search import ITEM
from archive.services.item import locked
from archive.timecode import TimecodeError, frames_of
from mediaexchange.core.errors import DomainError
from mediaexchange.core.languages.normalise import guess_language, normalise_text
from mediaexchange.core.languages.tags import DEFAULT, STORED, stored_language
from mediaexchange.core.models import User
from mediaexchange.core.search.indexing import refresh

TEXT_FIELDS = ("title", "description")
TEXT_COLUMNS = frozenset(f"{field}_{language}" for field in TEXT_FIELDS for language in STORED)
WRITABLE = TEXT_COLUMNS | {"instantiation", "in_frame", "out_frame", "rate_numerator", "rate_denominator", "reel"}
_LARGEST = 2**53


@transaction.atomic
def save_segment(segment: Segment, *, actor: User | None, changed: Iterable[str] = ()) -> Segment:
    """Mark a stretch of an item, or write the ``changed`` fields of a stored one. Returns the stored row.

    Raises DomainError for what cannot be (an end before its beginning, beyond the file, a carrier of another item),
    ForbiddenError for an item of a house for which the actor does not catalogue.
    """
    if segment.pk:
        locked(segment.item, actor=actor, permission="archive.change_segment")
        stored = Segment.objects.get(pk=segment.pk)
        names = set(changed) & WRITABLE
        for name in names:
            setattr(stored, name, getattr(segment, name))
    else:
        locked(segment.item, actor=actor, permission="archive.add_segment")
        stored, names = segment, set(WRITABLE)
        stored.created_by = actor
    _clean(stored, names)
    _check(stored)
    stored.save(update_fields=names if stored.pk else None)
    refresh(ITEM, [stored.item_id])
    stored.refresh_from_db()
    return stored


@transaction.atomic
def delete_segment(segment: Segment, *, actor: User | None) -> None:
    """Take the mark away; nothing happens to the footage. Safe to repeat.

    Raises DomainError while requests or licences name it.
    """
    locked(segment.item, actor=actor, permission="archive.delete_segment")
    try:
        Segment.objects.filter(pk=segment.pk).delete()
    except ProtectedError as error:
        raise DomainError("segment-in-use", _("Requests or grants name this segment; it stays.")) from error
    refresh(ITEM, [segment.item_id])


@transaction.atomic
def import_shots(
    item: Item, shots: Sequence[Shot], *, actor: User | None, instantiation: Instantiation | None = None
) -> list[Segment]:
    """Make a segment of every shot that the item does not have yet. Safe to repeat."""
    locked(item, actor=actor, permission="archive.add_segment")
    known = {_key(segment) for segment in item.segments.all()}
    new = []
    for shot in shots:
        segment = segment_of(shot, item, instantiation)
        segment.created_by = actor
        _clean(segment, set(WRITABLE))
        _check(segment)
        if _key(segment) not in known:
            known.add(_key(segment))
            new.append(segment)
    made = Segment.objects.bulk_create(new)
    if made:
        refresh(ITEM, [item.pk])
    return made


def unknown_of(item: Item, listed: ShotList) -> list[Shot]:
    """Those of a list that an import would add: for a preview."""
    known = {_key(segment) for segment in item.segments.all()}
    return [shot for shot in listed.shots if _key(segment_of(shot, item, None)) not in known]


def segment_of(shot: Shot, item: Item, instantiation: Instantiation | None) -> Segment:
    """An unsaved segment with the shot's texts by language; a text of no named language gets the one it looks like."""
    segment = Segment(
        item=item,
        instantiation=instantiation,
        in_frame=shot.in_frame,
        out_frame=shot.out_frame,
        rate_numerator=shot.rate.numerator,
        rate_denominator=shot.rate.denominator,
        reel=shot.reel,
    )
    for field, texts in (("title", shot.titles), ("description", shot.descriptions)):
        for tag, text in texts.items():
            language = stored_language(tag or guess_language(text) or DEFAULT) or DEFAULT
            before = getattr(segment, f"{field}_{language}") or ""
            setattr(segment, f"{field}_{language}", "\n".join(filter(None, (before, text))))
    return segment


def shot_of(segment: Segment) -> Shot:
    texts = {
        field: {language: text for language in STORED if (text := getattr(segment, f"{field}_{language}"))}
        for field in TEXT_FIELDS
    }
    return Shot(segment.in_frame, segment.out_frame, segment.rate, segment.reel, texts["title"], texts["description"])


def footage_of(item: Item, instantiation: Instantiation | None, *, name: str, rate: Fraction | None = None) -> Footage:
    """What a shot list of the item refers to: rate, first timecode and length of the file or carrier.

    Without a rate of its own it is the one given, else that of the item's first segment, else 25.
    """
    picture = None
    if instantiation is not None:
        picture = next((track for track in instantiation.tracks.all() if track.rate_numerator), None)
    if picture is not None and rate is None:
        rate = Fraction(picture.rate_numerator or 25, picture.rate_denominator or 1)
    first = item.segments.first() if rate is None else None
    rate = rate or (first.rate if first is not None else Fraction(25))
    start = instantiation.start_timecode if instantiation is not None else ""
    length = instantiation.duration_ms if instantiation is not None else None
    try:
        start_frame = frames_of(start, rate) if start else 0
    except TimecodeError:
        start_frame = 0
    return Footage(
        name=name,
        rate=rate,
        start_frame=start_frame,
        is_drop=";" in start,
        length=None if length is None else -int(-length * rate / 1000 // 1),
    )


def _key(segment: Segment) -> tuple[int, int, Fraction, str]:
    return segment.in_frame, segment.out_frame, segment.rate, segment.reel


def _clean(segment: Segment, names: set[str]) -> None:
    for name in names & TEXT_COLUMNS:
        text = normalise_text(getattr(segment, name) or "", name.rpartition("_")[2]).strip()
        setattr(segment, name, text)
    segment.reel = normalise_text(segment.reel, "und").strip()


def _check(segment: Segment) -> None:
    if not segment.rate_numerator or not segment.rate_denominator:
        raise DomainError("bad-rate", _("A frame rate is a fraction of two whole numbers above zero."))
    if not 0 <= segment.in_frame < segment.out_frame <= _LARGEST:
        raise DomainError("no-length", _("A segment ends after it begins."))
    if segment.out_ms > _LARGEST:
        raise DomainError("too-long", _("This value is not possible here."))
    try:
        segment.clean_fields(exclude={"item", "instantiation", "created_by"})
    except ValidationError as error:
        raise invalid(error) from error
    medium = segment.instantiation
    if medium is None:
        return
    if medium.item_id != segment.item_id:
        raise DomainError("other-item", _("Choose a carrier or file of the same item."))
    # A frame of grace: lengths in milliseconds are rounded.
    if medium.duration_ms is not None and (segment.out_frame - 1) / segment.rate * 1000 > medium.duration_ms:
        raise DomainError("beyond-end", _("The segment ends after the file."), duration_ms=medium.duration_ms)
