"""Correspondents in the demonstration: a planned anniversary, people waiting, under way, relieved. All fictional."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from psycopg.types.range import Range

from archive.models import Item
from broadcasters.constants import Area, ModuleState
from broadcasters.models import Broadcaster, DiplomaticEvent, Institution, Module, Place
from broadcasters.services.module import move_module
from correspondents.constants import CoverageForm, EventKind, EventStatus, KitKind, Priority, Sphere
from correspondents.models import (
    Assignment,
    Correspondent,
    CountryRequirement,
    CoverageWish,
    Kit,
    OverlapPolicy,
    Paper,
    PlannedEvent,
    Skill,
)
from correspondents.moments import today_in
from correspondents.services.access import answer_access, ask_access
from correspondents.services.anniversary import plan_anniversary
from correspondents.services.assignment import (
    accept_assignment,
    give_assignment,
    save_assignment,
    start_assignment,
)
from correspondents.services.checklist import load_checklists
from correspondents.services.event import move_event, plan_wish, save_event, save_wish
from correspondents.services.filing import file_footage
from correspondents.services.hand_over import accept_hand_over, offer_hand_over
from correspondents.services.kit import book_kit, save_kit
from correspondents.services.paper import apply_for_paper, grant_paper, want_paper
from correspondents.services.person import note_whereabouts, save_correspondent
from mediaexchange.core.inbox.models import Notification
from mediaexchange.core.models import User

DESKS = {"rts": "belgrade-desk", "rtv": "novisad-desk", "ptrc": "astana-desk"}
ADMINISTRATOR = "belgrade-admin"
ANNIVERSARY, YEAR = "diplomatic-relations", 2026  # of the diplomatic calendar
_REASONS = {
    "sr": "Демонстрационо стање: модул је укључен да би се приказао рад дописника.",
    "kk": "Көрсетілім күйі: модуль тілшілердің жұмысын көрсету үшін қосылған.",
    "ru": "Демонстрационное состояние: модуль включён, чтобы показать работу корреспондентов.",
    "en": "Demonstration state: the module is switched on to show correspondents at work.",
}
# key, house, name, name in Latin letters, language, working languages, skills, home, account
PEOPLE = (
    ("milan", "rts", "Милан Вујанић", "", "sr-Cyrl", ["sr", "ru", "en"], 3, "belgrade", "belgrade-correspondent"),
    ("jovana", "rts", "Јована Остојић", "", "sr-Cyrl", ["sr", "ru"], 2, "belgrade", None),
    ("stefan", "rts", "Стефан Лукић", "", "sr-Cyrl", ["sr", "en"], 2, "belgrade", None),
    ("ivana", "rtv", "Ivana Barta", "Ivana Barta", "sr-Latn", ["sr", "hu", "en"], 2, "novi-sad", None),
    ("daulet", "ptrc", "Дәулет Сапаров", "Däulet Saparov", "kk", ["kk", "ru", "en"], 3, "astana",
     "astana-correspondent"),
    ("lazzat", "ptrc", "Ләззат Омарбек", "Läzzat Omarbek", "kk", ["kk", "ru"], 2, "almaty", None),
)  # fmt: skip
_TEXTS: dict[str, dict[str, str]] = {
    "open-day": {
        "name_sr": "Отворена врата редакције (демонстрација)",
        "name_kk": "Редакцияның ашық есік күні (көрсетілім)",
        "name_ru": "День открытых дверей редакции (демонстрация)",
        "name_en": "Open day of the newsroom (demonstration)",
    },
    "astana": {
        "title_sr": "Годишњица у Астани", "title_kk": "Астанадағы мерейтой", "title_ru": "Годовщина в Астане",
        "title_en": "The anniversary in Astana",
        "brief_sr": "Два прилога и укључење уживо. Разговор са студентима који уче српски.",
        "brief_kk": "Екі сюжет және тікелей эфир. Серб тілін үйренетін студенттермен сұхбат.",
        "brief_ru": "Два сюжета и прямое включение. Беседа со студентами, изучающими сербский.",
        "brief_en": "Two packages and a live report. An interview with students of Serbian.",
    },
    "belgrade": {
        "title_sr": "Казахстанска култура у Београду", "title_kk": "Белградтағы қазақ мәдениеті",
        "title_ru": "Казахская культура в Белграде", "title_en": "Kazakh culture in Belgrade",
        "brief_sr": "Прилог о ансамблу и разговор у музеју.",
        "brief_kk": "Ансамбль туралы сюжет және мұражайдағы сұхбат.",
        "brief_ru": "Сюжет об ансамбле и беседа в музее.",
        "brief_en": "A package on the ensemble and an interview in the museum.",
    },
    "almaty": {
        "title_sr": "Град под планинама", "title_kk": "Тау бөктеріндегі қала", "title_ru": "Город у подножия гор",
        "title_en": "The city below the mountains",
        "brief_sr": "Три приче о граду, саобраћају и филму.", "brief_kk": "Қала, көлік және кино туралы үш әңгіме.",
        "brief_ru": "Три истории о городе, транспорте и кино.",
        "brief_en": "Three stories on the city, its traffic and its films.",
    },
    "camera": {
        "name_sr": "Камера са стативом", "name_kk": "Үштағанды камера", "name_ru": "Камера со штативом",
        "name_en": "Camera with tripod",
    },
    "novi-sad": {
        "title_sr": "Новинари на шеснаест језика", "title_kk": "Он алты тілдегі журналистер",
        "title_ru": "Журналисты на шестнадцати языках", "title_en": "Journalists in sixteen languages",
    },
}  # fmt: skip


def load_correspondents() -> Iterator[str]:
    """Yields a line about each part. Safe to repeat: what is there is kept. Needs the demo's staff and archives."""
    load_checklists()
    yield f"Assignments of correspondents: {_load_all()} new."


@transaction.atomic
def _load_all() -> int:
    module = Module.objects.filter(area=Area.CORRESPONDENTS).first()
    if module is None or PlannedEvent.objects.filter(anniversary_of__slug=ANNIVERSARY).exists():
        return 0
    if module.state == ModuleState.PROPOSED:
        move_module(module, actor=_user(ADMINISTRATOR), state=ModuleState.ACTIVE, reason=_REASONS["sr"])
        Module.objects.filter(pk=module.pk).update(**{f"state_reason_{code}": text for code, text in _REASONS.items()})
        module.refresh_from_db()
    people = {row[0]: _person(*row[1:]) for row in PEOPLE}
    OverlapPolicy.objects.create(broadcaster=_house("rts"), rule="accreditation-term", effect="block")
    anniversary = _calendar(module)
    _to_astana(module, people["milan"], anniversary)
    _to_belgrade(module, people["daulet"])
    _to_almaty(module, people["jovana"], people["stefan"])
    _draft("ptrc", module, people["lazzat"], "novi-sad", "novi-sad", host="rtv", first=20, days=4)
    # Nobody is written to about the past of a demonstration.
    Notification.objects.filter(kind__startswith="correspondents.", mail__isnull=True).update(mail_due_at=None)
    return Assignment.objects.count()


def _calendar(module: Module) -> PlannedEvent:
    """The anniversary that the diplomatic calendar proposes, taken by RTS, with wishes of both sides; and a day that is
    not certain yet."""
    marked = DiplomaticEvent.objects.get(slug=ANNIVERSARY)
    event = plan_anniversary(marked, YEAR, actor=_user(DESKS["rts"]), broadcaster=_house("rts"), module=module)
    event.place, event.time_zone = _place("astana"), "Asia/Almaty"
    embassy = list(Institution.objects.filter(slug="embassy-of-serbia-astana"))
    event = save_event(event, actor=_user(DESKS["rts"]), changed=["place", "time_zone"], institutions=embassy)
    save_wish(
        CoverageWish(
            event=event, broadcaster=_house("ptrc"), forms=[CoverageForm.LIVE, CoverageForm.INTERVIEW],
            languages=["kk", "ru"], deadline_at=datetime(2026, 12, 10, 13, tzinfo=UTC), priority=Priority.HIGH,
        ),
        actor=_user(DESKS["ptrc"]),
    )  # fmt: skip
    starts = _at(24, 8)
    doubtful = save_event(
        PlannedEvent(
            slug="open-day-of-the-newsroom", broadcaster=_house("rtv"), module=module, kind=EventKind.EVENT,
            place=_place("novi-sad"), time_zone="Europe/Belgrade", starts_at=starts,
            ends_at=starts + timedelta(hours=6), **_TEXTS["open-day"],
        ),
        actor=_user(DESKS["rtv"]),
    )  # fmt: skip
    move_event(doubtful, actor=_user(DESKS["rtv"]), status=EventStatus.TENTATIVE)
    return event


def _to_astana(module: Module, person: Correspondent, event: PlannedEvent) -> None:
    """Accepted, with a camera and half of the access; the accreditation is applied for and not granted."""
    desk = _user(DESKS["rts"])
    wish = save_wish(
        CoverageWish(
            event=event, broadcaster=_house("rts"), forms=[CoverageForm.PACKAGE, CoverageForm.LIVE],
            languages=["sr"], deadline_at=datetime(2026, 12, 10, 17, tzinfo=UTC),
        ),
        actor=desk,
    )  # fmt: skip
    row = _draft(
        "rts", module, person, "astana", "astana", host="ptrc", first=_days_to(date(2026, 12, 8)), days=5,
        event=event, priority=Priority.HIGH,
    )  # fmt: skip
    plan_wish(wish, row, actor=desk)
    camera = Kit(
        broadcaster=_house("rts"), kind=KitKind.CAMERA, inventory_number="RTS-K-0417", serial_number="DEMO-417",
        **_TEXTS["camera"],
    )  # fmt: skip
    book_kit(save_kit(camera, actor=desk), row, actor=desk)
    give_assignment(row, actor=desk)
    accept_assignment(row, actor=person.user)
    for paper in Paper.objects.filter(correspondent=person, kind="accreditation", status="wanted"):
        apply_for_paper(paper, actor=desk)
    host = _user(DESKS["ptrc"])
    cultural = ask_access(row, actor=desk, sphere=Sphere.CULTURAL)
    answer_access(cultural, actor=host, status="granted", conditions="")
    ask_access(row, actor=desk, sphere=Sphere.POLITICAL)


def _to_belgrade(module: Module, person: Correspondent) -> None:
    """Under way, with footage filed and a telephone number that few may read."""
    desk = _user(DESKS["ptrc"])
    row = _draft("ptrc", module, person, "belgrade", "belgrade", host="rts", first=-3, days=10)
    give_assignment(row, actor=desk)
    accept_assignment(row, actor=person.user)
    start_assignment(row, actor=person.user)
    access = ask_access(row, actor=desk, sphere=Sphere.CULTURAL)
    answer_access(access, actor=_user(DESKS["rts"]), status="granted")
    note_whereabouts(person, actor=person.user, place=_place("belgrade"), phone="+381 00 000 00 00")
    item = Item.objects.filter(broadcaster=_house("ptrc")).order_by("pk").first()
    if item is not None:
        file_footage(row, item, actor=person.user)


def _to_almaty(module: Module, giver: Correspondent, taker: Correspondent) -> None:
    """Handed over yesterday to a colleague whose accreditation soon runs out."""
    desk = _user(DESKS["rts"])
    today = today_in("Asia/Almaty")
    _accredit(giver, today - timedelta(days=60), today + timedelta(days=120))
    _accredit(taker, today - timedelta(days=65), today + timedelta(days=25))
    row = _draft("rts", module, giver, "almaty", "almaty", host="ptrc", first=-10, days=18)
    give_assignment(row, actor=desk)
    accept_assignment(row, actor=desk)
    start_assignment(row, actor=desk)
    matters = "Снимање у студију је договорено за четвртак. Кључеви опреме су код домаћина."
    offered = offer_hand_over(row, actor=desk, to_correspondent=taker, at=_at(-1, 6), matters=matters)
    accepted = accept_hand_over(offered, actor=desk)
    if accepted.successor is not None:
        start_assignment(accepted.successor, actor=desk)


def _draft(
    house: str, module: Module, person: Correspondent, text: str, place: str, *, host: str, first: int, days: int,
    **fields: Any,
) -> Assignment:  # fmt: skip
    where = _place(place)
    starts = _at(first, 4)
    return save_assignment(
        Assignment(
            broadcaster=_house(house), correspondent=person, place=where, time_zone=where.time_zone,
            host=_house(host), module=module, period=Range(starts, starts + timedelta(days=days)),
            **_TEXTS[text], **fields,
        ),
        actor=_user(DESKS[house]),
    )  # fmt: skip


def _accredit(person: Correspondent, first: date, last: date) -> None:
    desk = _user(DESKS[person.broadcaster.slug])
    line = CountryRequirement.objects.get(slug="kz-accreditation-temporary")
    paper = want_paper(
        person, actor=desk, country_code=line.country_code, kind=line.kind, time_zone=line.time_zone, requirement=line
    )
    apply_for_paper(paper, actor=desk, applied_on=first - timedelta(days=1))
    grant_paper(paper, actor=desk, valid_from=first, valid_until=last, reference=f"DEMO-{person.pk:05d}")


def _person(
    house: str, name: str, name_latn: str, language: str, languages: list[str], skills: int, home: str,
    account: str | None,
) -> Correspondent:  # fmt: skip
    broadcaster = _house(house)
    return save_correspondent(
        Correspondent(
            broadcaster=broadcaster, name=name, name_latn=name_latn, language=language, languages=languages,
            home_base=_place(home), data_region=broadcaster.data_region, user=_user(account) if account else None,
        ),
        actor=_user(DESKS[house]),
        skills=list(Skill.objects.order_by("slug")[:skills]),
    )  # fmt: skip


def _days_to(day: date) -> int:
    """How many days from now, and a fortnight once that day is near or past."""
    left = (day - timezone.now().date()).days
    return left if left >= 5 else 14


def _at(days: int, hour: int) -> datetime:
    """So many days from today, at a full hour of UTC."""
    return timezone.now().replace(hour=hour, minute=0, second=0, microsecond=0) + timedelta(days=days)


def _house(slug: str) -> Broadcaster:
    return Broadcaster.objects.get(slug=slug)


def _place(slug: str) -> Place:
    return Place.objects.get(slug=slug)


def _user(username: str) -> User:
    return User.objects.get(username=username)
