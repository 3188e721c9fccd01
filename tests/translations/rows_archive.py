"""Footage in all its states, as the rows of the exchange: Georgian, or beginning with zz."""

from datetime import timedelta
from hashlib import sha256
from itertools import count
from typing import Any

from django.db.models import Model
from django.utils import timezone

from archive.constants import (
    Access,
    ItemStatus,
    PremisOutcome,
    PremisType,
    RightKind,
    StepError,
    StepKind,
    StepStatus,
    UploadRefusal,
    UploadStatus,
)
from archive.models import Item, MediaFile, PreservationEvent, Segment, Series, Step, TimedText, Track, UnderlyingRight
from archive.services.footage_request import Conditions
from archive.services.validation import validate_items
from broadcasters.models import Broadcaster
from tests.archive.factories import (
    make_archive_module,
    make_collection,
    make_footage_request,
    make_grant,
    make_instantiation,
    make_item,
    make_licence,
    make_segment,
    make_upload,
)

WORDS = "ქართული სიტყვები"
NAMES = {f"name_{language}": WORDS for language in ("sr", "kk", "ru", "en")}
TITLES = {f"{name}_{language}": WORDS for name in ("title", "description") for language in ("sr", "kk", "ru", "en")}
_numbers = count(1)


def archive_rows(own: Broadcaster, partner: Broadcaster) -> list[Model]:
    make_archive_module(own, partner, slug="zzarchive", **NAMES)
    collection = make_collection(own, slug="zzcollection", **NAMES)
    series = Series.objects.create(broadcaster=own, slug="zzseries", collection=collection, **NAMES)
    whole = _item(own, collection=collection, series=series, expected_children=3, dated="1961~", access=Access.PUBLIC)
    part = _item(own, parent=whole, dated="1944-10/1944-11", embargoed_until=timezone.now() + timedelta(days=1))
    draft = _item(own, status=ItemStatus.DRAFT, dated="XXXX")
    withdrawn = _item(own, status=ItemStatus.WITHDRAWN, dated="196X")
    received = _item(partner, dated="1961-21")
    segment = _segment(whole)
    whole.titles.create(kind="original", text=WORDS, language="ka")
    whole.descriptions.create(kind="synopsis", text=WORDS, language="ka")
    whole.dates.create(kind="broadcast", dated="1962?")
    whole.identifiers.create(source="zz", value="zz")
    whole.credits.create(name=WORDS, role="camera", position=0)
    for kind in RightKind.values:
        UnderlyingRight.objects.create(item=part, kind=kind, owner=WORDS, description=WORDS, territories=["RS"])
    TimedText.objects.create(item=whole, kind="subtitles", language="kk", origin="machine", tool="zz", format="srt",
                             cues=[{"in_ms": 0, "out_ms": 1000, "text": WORDS}])  # fmt: skip
    file, damaged = _file(own), _file(own, status="refused", refusal="file-unreadable")
    _history(file)
    carrier = make_instantiation(whole, holder=own, location=WORDS, identifier="zz", note=WORDS, format="zz")
    digital = make_instantiation(whole, file=file, duration_ms=61_000, format="video/mp4")
    Track.objects.create(instantiation=digital, position=0, kind="video", codec="zz", scan_order="top-first",
                         width=720, height=576, rate_numerator=25, rate_denominator=1)  # fmt: skip
    Track.objects.create(instantiation=digital, position=1, kind="audio", codec="zz", channels=2, sample_rate_hz=48_000)
    validate_items([item.pk for item in (whole, part, draft)])
    uploads = [
        make_upload(own, original_name="zz.mp4", status=status, refusal=refusal, file=file)
        for status, refusal in (*((each, "") for each in UploadStatus.values if each != "refused"),
                                *(("refused", each) for each in UploadRefusal.values))
    ]  # fmt: skip
    return [
        collection, series, whole, part, draft, withdrawn, received, segment, carrier, digital, file, damaged,
        *uploads, *_rights(whole, part, received, own, partner),
    ]  # fmt: skip


def _rights(whole: Item, part: Item, received: Item, own: Broadcaster, partner: Broadcaster) -> list[Model]:
    grants = [
        make_grant(whole, grantee=partner, platforms=["web"], territories=["RS", "KZ"], runs=2, repeat_hours=24,
                   note=WORDS),
        make_grant(whole, status="revoked", revocation_reason=WORDS, revoked_at=timezone.now()),
    ]  # fmt: skip
    conditions = Conditions(terms=WORDS)
    asked = make_footage_request(partner, whole, purpose=WORDS, production_title=WORDS)
    asking = make_footage_request(own, received, purpose=WORDS)
    licences = [
        make_licence(partner, whole, conditions=conditions, purpose=WORDS),
        make_licence(own, received, conditions=conditions, purpose=WORDS),
    ]
    return [*grants, asked, asking, *licences]


def _item(broadcaster: Broadcaster, **fields: Any) -> Item:
    return make_item(broadcaster, **{"identifier": f"zz-{next(_numbers)}", "rights_note": WORDS} | TITLES | fields)


def _segment(item: Item) -> Segment:
    return make_segment(item, reel="zz", **TITLES)


def _file(broadcaster: Broadcaster, **fields: Any) -> MediaFile:
    digest = sha256(str(next(_numbers)).encode()).hexdigest()
    defaults = {"sha256": digest, "size_bytes": 10_000_000, "content_type": "video/mp4", "original_name": "zz.mp4"}
    return MediaFile.objects.create(broadcaster=broadcaster, **defaults | {"status": "ready"} | fields)


def _history(file: MediaFile) -> None:
    """A step in every state, each failure; every event with each outcome."""
    states = [*StepStatus.values, *["failed"] * len(StepKind.values)]
    errors = iter(StepError.values)
    for kind, status in zip(StepKind.values, states, strict=False):
        error = next(errors) if status == "failed" else ""
        Step.objects.create(file=file, kind=kind, status=status, error=error, log="zz")
    for kind in PremisType.values:
        for outcome in PremisOutcome.values:
            PreservationEvent.objects.create(file=file, kind=kind, outcome=outcome, agent="zz 1", detail={"zz": "zz"})
