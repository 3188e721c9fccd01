"""The archive's things in tests: fictional footage of Belgrade and Astana."""

import base64
import io
import struct
from datetime import timedelta
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone
from psycopg.types.range import Range

from archive.models import Collection, FootageRequest, Grant, Instantiation, Item, Licence, MediaFile, Segment, Upload
from archive.services.file import store_file
from archive.services.footage_request import Answer, Conditions, Wanted, ask_footage, decide_request
from broadcasters.constants import Area, Role
from broadcasters.models import Broadcaster, Module
from tests.factories import make_broadcaster, make_module, make_user

_numbers = count(1)
PNG = (
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89\0\0\0\rIDATx\x9cc\xfc\xcf\xc0P"
    b"\x0f\0\x04\x85\x01\x80\x84\xa9\x8c!\0\0\0\0IEND\xaeB`\x82"
)
# A black frame of 16 by 16, and room behind it so that parts of it can be asked for.
MP4 = (
    base64.b64decode(
        "AAAAIGZ0eXBpc29tAAACAGlzb21pc28yYXZjMW1wNDEAAAAIZnJlZQAAABZtZGF0AAAACmWIhDomKAAJAuAAAALobW9vdgAAAGxtdmhkAAAAAAAA"
        "AAAAAAAAAAAD6AAAACgAAQAAAQAAAAAAAAAAAAAAAAEAAAAAAAAAAAAAAAAAAAABAAAAAAAAAAAAAAAAAABAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
        "AAAAAAAAAAAAAgAAAjd0cmFrAAAAXHRraGQAAAADAAAAAAAAAAAAAAABAAAAAAAAACgAAAAAAAAAAAAAAAAAAAAAAAEAAAAAAAAAAAAAAAAAAAAB"
        "AAAAAAAAAAAAAAAAAABAAAAAABAAAAAQAAAAAAAkZWR0cwAAABxlbHN0AAAAAAAAAAEAAAAoAAAAAAABAAAAAAGvbWRpYQAAACBtZGhkAAAAAAAA"
        "AAAAAAAAAAAyAAAAAgBVxAAAAAAALWhkbHIAAAAAAAAAAHZpZGUAAAAAAAAAAAAAAABWaWRlb0hhbmRsZXIAAAABWm1pbmYAAAAUdm1oZAAAAAEA"
        "AAAAAAAAAAAAACRkaW5mAAAAHGRyZWYAAAAAAAAAAQAAAAx1cmwgAAAAAQAAARpzdGJsAAAAtnN0c2QAAAAAAAAAAQAAAKZhdmMxAAAAAAAAAAEA"
        "AAAAAAAAAAAAAAAAAAAAABAAEABIAAAASAAAAAAAAAABDExhdmMgbGlieDI2NAAAAAAAAAAAAAAAAAAAAAAAAAAAGP//AAAALGF2Y0MBQsAK/+EA"
        "FWdCwAraewEQAAADABAAAAMDIPEiagEABGjOD8gAAAAQcGFzcAAAAAEAAAABAAAAFGJ0cnQAAAAAAAAK8AAAAAAAAAAYc3R0cwAAAAAAAAABAAAA"
        "AQAAAgAAAAAcc3RzYwAAAAAAAAABAAAAAQAAAAEAAAABAAAAFHN0c3oAAAAAAAAADgAAAAEAAAAUc3RjbwAAAAAAAAABAAAAMAAAAD11ZHRhAAAA"
        "NW1ldGEAAAAAAAAAIWhkbHIAAAAAAAAAAG1kaXJhcHBsAAAAAAAAAAAAAAAACGlsc3Q="
    )
    + struct.pack(">I4s", 10248, b"free")
    + bytes(range(256)) * 40
)


def make_archive_module(*parties: Broadcaster, **fields: Any) -> Module:
    return make_module(*parties, **{"area": Area.ARCHIVE, "name_en": "Archive cooperation"} | fields)


def make_collection(broadcaster: Broadcaster | None = None, **fields: Any) -> Collection:
    defaults = {"slug": f"collection{next(_numbers)}", "name_en": "Newsreels"}
    return Collection.objects.create(broadcaster=broadcaster or make_broadcaster(), **defaults | fields)


def make_item(broadcaster: Broadcaster | None = None, **fields: Any) -> Item:
    """A published item that every partner in an archive module reads, unless told otherwise."""
    number = next(_numbers)
    defaults = {
        "identifier": f"REEL-{number}",
        "category": "historical-footage",
        "status": "published",
        "access": "partners",
        "title_en": f"Reel {number}",
        "title_sr": f"Ролна {number}",
        "dated": "1961-09",
    }
    return Item.objects.create(broadcaster=broadcaster or make_broadcaster(), **defaults | fields)


def make_segment(item: Item | None = None, **fields: Any) -> Segment:
    """Forty seconds, from the tenth on, at 25 frames a second."""
    defaults = {"in_frame": 250, "out_frame": 1250, "title_en": "Arrival"}
    return Segment.objects.create(item=item or make_item(), **defaults | fields)


def make_media_file(broadcaster: Broadcaster | None = None, content: bytes = PNG, name: str = "still.png") -> MediaFile:
    return store_file(
        io.BytesIO(content), broadcaster=broadcaster or make_broadcaster(), actor=None, original_name=name
    )


def make_instantiation(item: Item | None = None, **fields: Any) -> Instantiation:
    """A film reel on a shelf; with ``file``, a digital master."""
    kind = "digital" if "file" in fields else "physical"
    defaults = {"kind": kind, "generation": "master", "format": "" if "file" in fields else "35 mm film"}
    return Instantiation.objects.create(item=item or make_item(), **defaults | fields)


def make_grant(item: Item | None = None, **fields: Any) -> Grant:
    """For everybody, everywhere, on every platform, from yesterday for thirty days."""
    starts_at = timezone.now() - timedelta(days=1)
    defaults = {"period": Range(starts_at, starts_at + timedelta(days=30)), "time_zone": "Europe/Belgrade"}
    return Grant.objects.create(item=item or make_item(), **defaults | fields)


def make_footage_request(
    asker: Broadcaster, *items: Item | Segment, seconds: int = 40, runs: int = 1, **fields: Any
) -> FootageRequest:
    """Asked by a producer of the house for the next hundred days, under a module that is made if there is none."""
    holder = (items[0] if isinstance(items[0], Item) else items[0].item).broadcaster
    if not Module.objects.filter(area=Area.ARCHIVE, parties=asker).filter(parties=holder).exists():
        make_archive_module(asker, holder)
    today = timezone.localdate(timezone=ZoneInfo(asker.time_zone))
    wanted = [
        Wanted(item, None, seconds, runs) if isinstance(item, Item) else Wanted(item.item, item, seconds, runs)
        for item in items
    ]
    defaults = {"purpose": "A film about the sixties", "starts_on": today, "ends_on": today + timedelta(days=100)}
    producer = make_user(asker, Role.PRODUCER)
    return ask_footage(asker=asker, actor=producer, lines=wanted, **defaults | fields)


def make_licence(
    asker: Broadcaster, *items: Item | Segment, conditions: Conditions | None = None, **fields: Any
) -> Licence:
    """A request that the holder's rights officer approved as it was."""
    asked = make_footage_request(asker, *items, **fields)
    answers = {line.pk: Answer(True) for line in asked.lines.all()}
    officer = make_user(asked.holder, Role.RIGHTS_OFFICER)
    decide_request(asked, actor=officer, answers=answers, conditions=conditions)
    return Licence.objects.get(footage_request=asked)


def make_upload(broadcaster: Broadcaster | None = None, **fields: Any) -> Upload:
    """Ten bytes, of which none has come, unless told otherwise."""
    defaults = {"length_bytes": 10, "original_name": "reel.mp4", "expires_at": timezone.now() + timedelta(days=7)}
    return Upload.objects.create(broadcaster=broadcaster or make_broadcaster(), **defaults | fields)
