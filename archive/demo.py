"""The archives of the demonstration: catalogues, a running module, rights, one request that waits and one decided.

The footage itself takes processor time that a start does not have: a timetable row has the workers make one file after
another, and ends itself when nothing lacks.
"""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.utils import timezone
from django_celery_beat.models import IntervalSchedule, PeriodicTask

from archive.constants import ItemStatus
from archive.demo_catalogue import COLLECTIONS, ITEMS, PROVENANCE, SERIES
from archive.demo_footage import generated
from archive.models import (
    Collection,
    Credit,
    FootageDelivery,
    FootageRequest,
    Grant,
    Instantiation,
    Item,
    ItemDate,
    ItemPlace,
    Licence,
    Segment,
    Series,
    TimedText,
    UnderlyingRight,
)
from archive.services.attachment import attach_file
from archive.services.delivery import create_delivery
from archive.services.file import store_file
from archive.services.footage_request import Answer, Conditions, Wanted, ask_footage, decide_request
from archive.services.grant import Terms, create_grant
from archive.services.item import follow_parts, publish_item, save_item
from broadcasters.constants import Area, ModuleState
from broadcasters.models import Broadcaster, Module, Person, Place
from broadcasters.services.module import move_module
from mediaexchange.core.languages.tags import STORED
from mediaexchange.core.models import User
from mediaexchange.core.search.indexing import refresh_record

ARCHIVISTS = {"rts": "belgrade-archive", "rtv": "novisad-archive", "ptrc": "astana-archive"}
RIGHTS_OFFICER = "belgrade-rights"
ADMINISTRATOR = "belgrade-admin"
WAITING, DECIDED = "DEMO-FN-1961-09", "DEMO-FN-1944"
_REASONS = {
    "sr": "Демонстрационо стање: модул је укључен да би се приказао рад архива.",
    "kk": "Көрсетілім күйі: модуль архивтер жұмысын көрсету үшін қосылған.",
    "ru": "Демонстрационное состояние: модуль включён, чтобы показать работу архивов.",
    "en": "Demonstration state: the module is switched on to show the archives at work.",
}
_FOOTAGE_TASK = "archive.tasks.make_demo_footage"
_TIMETABLE_NAME = "demo-footage"
_EVERY_S = 5
_LOCK = 0x6D78_6466  # advisory lock key: "mxdf"


def load_archive() -> Iterator[str]:
    """Yields a line about each part. Safe to repeat: what is there is kept. Needs the demo's staff, and modules."""
    _start_module()
    yield f"Items of the archives: {_load_catalogue()} new."
    yield f"Footage requests: {_load_requests()} new."
    if _lacking() is not None:
        _ask_for_footage()
        yield "Footage: made by the workers from now on."


@transaction.atomic
def _start_module() -> None:
    module = Module.objects.filter(area=Area.ARCHIVE, state=ModuleState.PROPOSED).first()
    if module is None:
        return
    move_module(module, actor=_user(ADMINISTRATOR), state=ModuleState.ACTIVE, reason=_REASONS["sr"])
    Module.objects.filter(pk=module.pk).update(**{f"state_reason_{code}": text for code, text in _REASONS.items()})


@transaction.atomic
def _load_catalogue() -> int:
    houses = {house.slug: house for house in Broadcaster.objects.filter(slug__in=ARCHIVISTS)}
    shelves: dict[str, Any] = {}
    for model, rows in ((Collection, COLLECTIONS), (Series, SERIES)):
        for row in rows:
            values = {**row, "broadcaster": houses[row["broadcaster"]]}
            record, is_new = model._default_manager.get_or_create(slug=values.pop("slug"), defaults=values)
            shelves[record.slug] = record
            if is_new:
                refresh_record(record)
    known = set(Item.objects.filter(identifier__startswith="DEMO-").values_list("broadcaster__slug", "identifier"))
    fresh = [row for row in ITEMS if (row["broadcaster"], row["identifier"]) not in known]
    for row in fresh:
        _load_item(row, houses[row["broadcaster"]], shelves)
    return len(fresh)


def _load_item(row: Mapping[str, Any], house: Broadcaster, shelves: Mapping[str, Any]) -> None:
    actor = _user(ARCHIVISTS[house.slug])
    plain = (
        "identifier", "category", "asset_type", "dated", "genres", "subjects", "topics", "speech_languages",
        "rights_statement", "credit_line", "expected_children",
        *(f"{field}_{code}" for field in ("title", "description") for code in STORED),
    )  # fmt: skip
    item = Item(
        broadcaster=house,
        access=row.get("access", "partners"),
        source_note=PROVENANCE,
        collection=shelves.get(row.get("collection", "")),
        series=shelves.get(row.get("series", "")),
        **{name: row[name] for name in plain if name in row},
    )
    people = {
        person.slug: person
        for person in Person.objects.filter(slug__in=[slug for slug, _role in row.get("people", ())])
    }
    places = Place.objects.filter(slug__in=row.get("places", ()))
    parts: dict[str, list[Any]] = {
        "credits": [Credit(person=people[slug], role=role) for slug, role in row.get("people", ())],
        "places": [ItemPlace(place=place) for place in places],
        "dates": [ItemDate(kind=kind, dated=dated) for kind, dated in row.get("dates", ())],
    }
    item = save_item(item, actor=actor, parts=parts)
    _load_parts(item, row)
    if row.get("is_draft"):
        follow_parts(item, actor=actor)
    else:  # which lets the parts be found, too
        publish_item(item, actor=actor)


def _load_parts(item: Item, row: Mapping[str, Any]) -> None:
    if "carrier" in row:
        format, location = row["carrier"]
        Instantiation.objects.create(
            item=item, kind="physical", generation="original", format=format, location=location, holder=item.broadcaster
        )
    for first, after, titles in row.get("segments", ()):
        texts = {f"title_{code}": text for code, text in titles.items()}
        Segment.objects.create(item=item, in_frame=first, out_frame=after, **texts)
    for language, cues in row.get("subtitles", {}).items():
        TimedText.objects.create(item=item, kind="subtitles", language=language, cues=[list(cue) for cue in cues])
    for kind, clearance, owner, description in row.get("rights", ()):
        UnderlyingRight.objects.create(item=item, kind=kind, clearance=clearance, owner=owner, description=description)


@transaction.atomic
def _load_requests() -> int:
    """One request that waits, one partly approved with its licence, a grant to all partners and an exclusive one."""
    if FootageRequest.objects.filter(lines__item__identifier__in=(WAITING, DECIDED)).exists():
        return 0
    astana, today = _user(ARCHIVISTS["ptrc"]), timezone.now().astimezone(ZoneInfo("Asia/Almaty")).date()
    ptrc = Broadcaster.objects.get(slug="ptrc")
    period: dict[str, Any] = {"starts_on": today, "ends_on": today + timedelta(days=365)}
    waiting = Item.objects.get(broadcaster__slug="rts", identifier=WAITING)
    ask_footage(
        asker=ptrc,
        actor=astana,
        lines=[_wanted(waiting, seconds=3)],
        purpose="1961 жыл туралы деректі фильмге.",
        production_title="Екі қаланың бір күзі",
        platforms=["television"],
        territories=["KZ"],
        **period,
    )
    decided = Item.objects.get(broadcaster__slug="rts", identifier=DECIDED)
    concert = Item.objects.get(broadcaster__slug="rts", identifier="DEMO-KON-1978")
    asked = ask_footage(
        asker=ptrc,
        actor=astana,
        lines=[_wanted(decided, seconds=14, runs=2), _wanted(concert, seconds=5)],
        purpose="Соғыстан кейінгі қалалар туралы бағдарламаға.",
        platforms=["television"],
        territories=["KZ"],
        **period,
    )
    answers = {
        line.pk: Answer(is_approved=True, seconds=7, runs=1, reason="Једно емитовање; остатак је оштећен.")
        if line.item_id == decided.pk
        else Answer(is_approved=False, reason="Права на музику нису рашчишћена.")
        for line in asked.lines.all()
    }
    decide_request(
        asked, actor=_user(RIGHTS_OFFICER), answers=answers, conditions=Conditions(credit_line="РТС", repeat_hours=24)
    )
    _load_grants(ptrc)
    return 2


def _load_grants(ptrc: Broadcaster) -> None:
    """What partners may use without asking, and what one of them alone may."""
    starts_at, ends_at = timezone.now(), timezone.now() + timedelta(days=365)
    free = Item.objects.get(broadcaster__slug="rts", identifier="DEMO-KOM-2019")
    open_terms = Terms(starts_at=starts_at, ends_at=ends_at, time_zone="Europe/Belgrade")
    create_grant(free, actor=_user(RIGHTS_OFFICER), terms=open_terms)
    documentary = Item.objects.get(broadcaster=ptrc, identifier="DEMO-DOC")
    exclusive = Terms(
        starts_at=starts_at, ends_at=ends_at, time_zone="Asia/Almaty", territories=["RS"], platforms=["television"],
        runs=3, seconds=600, is_exclusive=True,
    )  # fmt: skip
    create_grant(
        documentary, actor=_user(ARCHIVISTS["ptrc"]), terms=exclusive, grantee=Broadcaster.objects.get(slug="rts")
    )


def _wanted(item: Item, *, seconds: int, runs: int = 1) -> Wanted:
    return Wanted(item=item, segment=item.segments.order_by("in_frame").first(), seconds=seconds, runs=runs)


def _ask_for_footage() -> None:
    """A row of the timetable: whoever sweeps it finds what lacks, however often workers are killed."""
    every, _created = IntervalSchedule.objects.get_or_create(every=_EVERY_S, period=IntervalSchedule.SECONDS)
    PeriodicTask.objects.update_or_create(
        name=_TIMETABLE_NAME,
        defaults={"task": _FOOTAGE_TASK, "interval": every, "queue": "media", "expire_seconds": 30, "enabled": True},
    )


def make_footage() -> bool:
    """Make the footage of one item that lacks it, or the delivery when all is there; False once nothing lacks.

    Safe to call at once from many places: one of them works.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK])
        if not cursor.fetchone()[0]:
            return True
    try:
        lacking = _lacking()
        if lacking is not None:
            item, seconds, kind = lacking
            actor = _user(ARCHIVISTS[item.broadcaster.slug])
            with generated(item, seconds, kind) as path, path.open("rb") as stream:
                file = store_file(
                    stream, broadcaster=item.broadcaster, actor=actor, original_name=f"{item.identifier.lower()}.mov"
                )
            attach_file(item, file, actor=actor, generation="master")
            return True
        if _deliver():
            return True
        PeriodicTask.objects.filter(name=_TIMETABLE_NAME).update(enabled=False)
        return False
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])


def _lacking() -> tuple[Item, int, str] | None:
    """The first item of the demonstration that should have footage and has no file."""
    wanted = {(row["broadcaster"], row["identifier"]): row["footage"] for row in ITEMS if row.get("footage")}
    items = Item.objects.filter(identifier__in=[identifier for _slug, identifier in wanted]).select_related(
        "broadcaster"
    )
    without = items.exclude(instantiations__file__isnull=False).order_by("pk")
    for item in without:
        if footage := wanted.get((item.broadcaster.slug, item.identifier)):
            return item, *footage
    return None


def _deliver() -> bool:
    """Have the licensed clip cut; whether there still was something to do. Waits for the master's technical data."""
    licence = Licence.objects.filter(footage_request__lines__item__identifier=DECIDED).order_by("pk").first()
    grant = Grant.objects.filter(licence=licence, item__identifier=DECIDED).first() if licence else None
    if (
        grant is None
        or FootageDelivery.objects.filter(grant=grant).exists()
        or grant.item.status != ItemStatus.PUBLISHED
    ):
        return False
    if not grant.item.instantiations.filter(duration_ms__isnull=False, file__isnull=False).exists():
        return True
    create_delivery(grant, actor=_user(ARCHIVISTS["ptrc"]), broadcaster=Broadcaster.objects.get(slug="ptrc"))
    return True


def _user(name: str) -> User:
    return User.objects.get(username=name)
