"""Items with everything in them, for tests of documents; and how an import is run from bytes to rows."""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.utils import timezone
from lxml import etree

from archive.catalogue import with_parts
from archive.constants import ImportStatus
from archive.formats.writing import Shown
from archive.models import CatalogueImport, Item, Track
from archive.services.importing import apply_import, read_import, receive_import, run_import
from broadcasters.models import Broadcaster, Person
from tests.archive.factories import make_collection, make_instantiation, make_item, make_media_file
from tests.factories import make_broadcaster, make_place

DATA = Path(os.environ.get("MEDIAEXCHANGE_SAMPLES") or Path(__file__).resolve().parents[3] / "shared" / "data")
PBCORE_XSD = DATA / "schemas" / "pbcore-2.1.xsd"
EBUCORE_XSD = DATA / "schemas" / "ebucore" / "ebucore-1.10.1.xsd"


def make_person(slug: str = "jovan-petrovic", **names: Any) -> Person:
    defaults = {"name_sr": "Јован Петровић", "name_en": "Jovan Petrović"}
    return Person.objects.get_or_create(slug=slug, defaults=defaults | names)[0]


def make_full_item(broadcaster: Broadcaster | None = None, **fields: Any) -> Item:
    """One with a row of every kind, a reel on a shelf and a digital master with two tracks."""
    house = broadcaster or make_broadcaster()
    slug = f"newsreels-{house.slug}"
    from archive.models import Collection

    collection = Collection.objects.filter(slug=slug).first() or make_collection(house, slug=slug)
    item = make_item(
        house,
        **{
            "title_kk": "Қуанышты қарсы алу әңгімесі",
            "title_ru": "Встреча",
            "description_sr": "Дочек на станици.\n\nДруги пасус.",
            "description_en": "A welcome & a <parade> at the station.",
            "dated": "1961-09",
            "genres": ["newsreel", "black | white = both"],
            "topics": ["medtop:20000038", "medtop:01000000"],
            "subjects": ["railways", "железница"],
            "speech_languages": ["sr-Cyrl", "zxx"],
            "subtitle_languages": ["ru"],
            "credit_languages": ["kk"],
            "rights_statement": "InC",
            "rights_note": "Music not cleared.",
            "credit_line": "RTS / Filmske novosti",
            "source_note": "From the estate\nof a cameraman",
            "expected_children": 3,
            "collection": collection,
        }
        | fields,
    )
    item.titles.create(kind="original", text="Ankunft", language="de")
    item.titles.create(kind="working", text="Долазак", language="sr")
    item.descriptions.create(kind="shot-list", text="0:00 train\n0:12 crowd", language="en")
    item.descriptions.create(kind="note", text="-=dangerous= 'cell", language="und")
    item.dates.create(kind="broadcast", dated="1961-10-02")
    item.dates.create(kind="recorded", dated="1961~")
    item.identifiers.create(source="ISAN", value="0000-0001-8CFA")
    item.identifiers.create(source="Tape", value="=B|12\\3")
    item.credits.create(person=make_person(), role="director", position=0)
    item.credits.create(name="Petar P.", role="camera", note="second unit", position=1)
    item.credits.create(name="Chorus", role="performer", position=2)
    item.places.create(place=make_place(), relation="recorded")
    make_instantiation(
        item, identifier="R-17", format="35 mm film", location="Shelf 4", colours="black and white", note="a\nb",
        duration_ms=61_234, digitised_on="2014-06",
    )  # fmt: skip
    digital = make_instantiation(item, file=make_media_file(house), start_timecode="10:00:00:00", duration_ms=61_240)
    Track.objects.create(
        instantiation=digital, position=0, kind="video", codec="mpeg2video", profile="Main", bit_rate=50_000_000,
        rate_numerator=30000, rate_denominator=1001, width=720, height=576, pixel_numerator=16, pixel_denominator=15,
        picture_numerator=4, picture_denominator=3, scan_order="top-first", pixel_format="yuv422p", duration_ms=61_240,
    )  # fmt: skip
    Track.objects.create(
        instantiation=digital, position=1, kind="audio", codec="pcm_s24le", sample_rate_hz=48000, bit_depth=24,
        channels=2, channel_layout="stereo", language="sr-Cyrl", loudness_lufs="-23.1", true_peak_dbtp="-1.5",
    )  # fmt: skip
    return item


def loaded(*items: Item) -> list[Shown]:
    """As their own house sees them."""
    rows = {item.pk: item for item in with_parts(Item.objects.filter(pk__in=[item.pk for item in items]))}
    return [Shown(rows[item.pk], is_own=True, shows_parent=True) for item in items]


def read(payload: bytes, broadcaster: Broadcaster, file_name: str = "", format: str = "") -> CatalogueImport:
    """Received and read, ready to be looked at."""
    received = receive_import(payload, broadcaster=broadcaster, actor=None, file_name=file_name, format=format)
    read_import(received.pk)
    received.refresh_from_db()
    return received


def imported(payload: bytes, broadcaster: Broadcaster, **options: Any) -> CatalogueImport:
    """Read, approved and written."""
    done = read(payload, broadcaster, **options)
    assert done.status == ImportStatus.PREVIEW, (done.error, done.detail)
    apply_import(done, actor=None)
    run_import(done.pk)
    done.refresh_from_db()
    assert done.status == ImportStatus.APPLIED
    return done


def actions(done: CatalogueImport) -> list[str]:
    return list(done.rows.order_by("position").values_list("action", flat=True))


def codes(row: Any) -> list[str]:
    return [each["code"] for each in row.problems]


class _Local(etree.Resolver):
    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder = folder

    def resolve(self, url: str, public_id: str, context: Any) -> Any:
        for folder in (self.folder, PBCORE_XSD.parent):
            if (path := folder / Path(url).name).exists():
                return self.resolve_filename(str(path), context)
        return self.resolve_empty(context)


def schema_of(path: Path) -> etree.XMLSchema:
    """The schema, its imports taken from beside it: the network is never asked."""
    parser = etree.XMLParser(no_network=True)
    parser.resolvers.add(_Local(path.parent))
    return etree.XMLSchema(etree.parse(str(path), parser))


def yesterday() -> Any:
    return timezone.now() - timedelta(days=1)
