"""Correspondents' things in tests: RTS sends fictional people to Astana, where PTRC is the host."""

from datetime import date, datetime, timedelta
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone
from psycopg.types.range import Range

from broadcasters.constants import Area, Role
from broadcasters.models import Broadcaster, Module, Place
from correspondents.models import (
    Assignment,
    Correspondent,
    CountryRequirement,
    CoverageWish,
    Kit,
    OverlapPolicy,
    Paper,
    PlannedEvent,
    Whereabouts,
)
from mediaexchange.core.models import User
from tests.factories import make_broadcaster, make_module, make_place, make_user

_numbers = count(1)
ALMATY = ZoneInfo("Asia/Almaty")


def make_scheme(*parties: Broadcaster, **fields: Any) -> Module:
    """A module of correspondents; of RTS and PTRC unless told otherwise."""
    parties = parties or (make_broadcaster("rts"), make_broadcaster("ptrc"))
    return make_module(*parties, **{"area": Area.CORRESPONDENTS, "name_en": "Correspondents"} | fields)


def make_astana() -> Place:
    return make_place("astana", country_code="KZ", time_zone="Asia/Almaty")


def make_desk(broadcaster: Broadcaster | None = None) -> User:
    return make_user(broadcaster or make_broadcaster(), Role.EXCHANGE_DESK)


def make_correspondent(broadcaster: Broadcaster | None = None, **fields: Any) -> Correspondent:
    broadcaster = broadcaster or make_broadcaster("rts")
    number = next(_numbers)
    defaults = {
        "name": f"Милица Дописник {number}",
        "name_latn": f"Milica Dopisnik {number}",
        "language": "sr-Cyrl",
        "languages": ["sr", "ru"],
        "home_base": broadcaster.home_city,
        "data_region": broadcaster.data_region,
    }
    return Correspondent.objects.create(broadcaster=broadcaster, **defaults | fields)


def make_whereabouts(correspondent: Correspondent, **fields: Any) -> Whereabouts:
    defaults = {"address": "Хотел Есил, соба 12", "phone": "+7 700 000 00 00", "local_contacts": "Данияр, возач"}
    return Whereabouts.objects.create(correspondent=correspondent, **defaults | fields)


def make_requirement(**fields: Any) -> CountryRequirement:
    """Kazakhstan's compulsory accreditation, decided within twenty days, to be applied for thirty days before."""
    defaults = {
        "slug": f"requirement{next(_numbers)}",
        "name_en": "Accreditation by the Foreign Ministry",
        "country_code": "KZ",
        "kind": "accreditation",
        "is_compulsory": True,
        "for_whom": "foreign",
        "lead_days": 30,
        "decision_days": 20,
        "time_zone": "Asia/Almaty",
    }
    return CountryRequirement.objects.create(**defaults | fields)


def make_paper(correspondent: Correspondent, *, valid: tuple[date, date | None] | None = None, **fields: Any) -> Paper:
    """A granted accreditation for Kazakhstan; ``valid`` are its first and last day, a year round today by default."""
    today = timezone.now().astimezone(ALMATY).date()
    first, last = valid or (today - timedelta(days=30), today + timedelta(days=330))
    defaults = {
        "country_code": "KZ",
        "kind": "accreditation",
        "status": "granted",
        "time_zone": "Asia/Almaty",
        "valid": Range(first, last + timedelta(days=1) if last else None),
    }
    return Paper.objects.create(correspondent=correspondent, **defaults | fields)


def days(first: int, last: int, zone: ZoneInfo = ALMATY) -> "Range[datetime]":
    """A period from midnight of the day so many days from now to midnight of the other, by the clocks of the zone."""
    today = datetime.combine(timezone.now().astimezone(zone).date(), datetime.min.time(), zone)
    return Range(today + timedelta(days=first), today + timedelta(days=last))


def make_assignment(
    correspondent: Correspondent | None = None, *, first: int = 10, last: int = 15, **fields: Any
) -> Assignment:
    """To Astana, hosted by PTRC, from ``first`` days from now up to and without ``last``; assigned."""
    correspondent = correspondent or make_correspondent()
    defaults = {
        "title_en": "Anniversary in Astana",
        "title_sr": "Годишњица у Астани",
        "brief_en": "Two packages and a live report.",
        "broadcaster": correspondent.broadcaster,
        "host": make_broadcaster("ptrc"),
        "place": make_astana(),
        "time_zone": "Asia/Almaty",
        "period": days(first, last),
        "status": "assigned",
    }
    if fields.get("status") in ("in-progress", "completed"):
        defaults["started_at"] = timezone.now()
    if fields.get("status") != "draft":
        defaults["assigned_at"] = timezone.now()
    return Assignment.objects.create(correspondent=correspondent, **defaults | fields)


def make_kit(broadcaster: Broadcaster | None = None, **fields: Any) -> Kit:
    number = next(_numbers)
    defaults = {"name_en": f"Camera {number}", "kind": "camera", "inventory_number": f"C-{number}"}
    return Kit.objects.create(broadcaster=broadcaster or make_broadcaster("rts"), **defaults | fields)


def make_event(broadcaster: Broadcaster | None = None, **fields: Any) -> PlannedEvent:
    """The anniversary, shared with PTRC."""
    broadcaster = broadcaster or make_broadcaster("rts")
    if "module" not in fields:
        fields["module"] = make_scheme(broadcaster, make_broadcaster("ptrc"))
    defaults = {
        "slug": f"event{next(_numbers)}",
        "name_en": "Thirty years of diplomatic relations",
        "name_sr": "Тридесет година дипломатских односа",
        "kind": "commemoration",
        "place": make_astana(),
        "time_zone": "Asia/Almaty",
    }
    if "starts_at" not in fields:
        defaults["dated"] = "2026-12-10"
    return PlannedEvent.objects.create(broadcaster=broadcaster, **defaults | fields)


def make_wish(event: PlannedEvent | None = None, broadcaster: Broadcaster | None = None, **fields: Any) -> CoverageWish:
    event = event or make_event()
    defaults = {"forms": ["package"], "languages": ["sr"], "deadline_at": timezone.now() + timedelta(days=20)}
    return CoverageWish.objects.create(event=event, broadcaster=broadcaster or event.broadcaster, **defaults | fields)


def set_policy(broadcaster: Broadcaster, rule: str, effect: str, module: Module | None = None) -> OverlapPolicy:
    return OverlapPolicy.objects.update_or_create(
        broadcaster=broadcaster, rule=rule, module=module, defaults={"effect": effect}
    )[0]
