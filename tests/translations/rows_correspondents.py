"""Correspondents, papers, assignments and planned events in every state: Georgian, or beginning with zz."""

from datetime import timedelta
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Model
from django.utils import timezone

from broadcasters.models import Broadcaster, Module, Place
from correspondents.constants import PaperStatus
from correspondents.models import Assignment, Correspondent, CoverageWish, Kit, KitBooking, PlannedEvent, Skill
from correspondents.moments import today_in
from correspondents.services.access import answer_access, ask_access
from correspondents.services.assignment import (
    accept_assignment,
    cancel_assignment,
    complete_assignment,
    decline_assignment,
    give_assignment,
    save_assignment,
    start_assignment,
)
from correspondents.services.event import move_event, plan_wish, save_event, save_wish, withdraw_wish
from correspondents.services.filing import file_footage
from correspondents.services.hand_over import (
    accept_hand_over,
    decline_hand_over,
    offer_hand_over,
    withdraw_hand_over,
)
from correspondents.services.kit import book_kit
from correspondents.services.person import erase_correspondent
from correspondents.services.reminders import remind_of_papers
from mediaexchange.core.models import User
from tests.archive.factories import make_item
from tests.correspondents.factories import (
    days,
    make_correspondent,
    make_kit,
    make_paper,
    make_requirement,
    make_scheme,
    make_whereabouts,
    set_policy,
)
from tests.factories import make_place

WORDS = "ქართული სიტყვები"
_LANGUAGES = ("sr", "kk", "ru", "en")
_numbers = count(1)


def said(*fields: str) -> dict[str, str]:
    """These translated fields in every language."""
    return {f"{field}_{language}": WORDS for field in fields for language in _LANGUAGES}


class Bureau:
    """Of one house that sends people to a country that demands accreditation, where the partner is the host."""

    def __init__(self, own: Broadcaster, partner: Broadcaster) -> None:
        self.own, self.partner = own, partner
        self.place = make_place("zzastana", country_code="KZ", time_zone="Asia/Almaty", **said("name"))
        self.module: Module = make_scheme(own, partner, slug="zzcorrespondents", **said("name"))
        self.requirement = make_requirement(slug="zzrequirement", **said("name", "authority", "papers", "note"))
        for rule in ("same-person", "same-kit"):
            set_policy(own, rule, "warn")

    def person(self, house: Broadcaster | None = None, **fields: Any) -> Correspondent:
        return make_correspondent(house or self.own, **{"name": WORDS, "name_latn": "zzname"} | fields)

    def given(self, person: Correspondent, first: int, last: int, **fields: Any) -> Assignment:
        """Assigned, for so many days from now up to and without the last."""
        return give_assignment(self.draft(person, first, last, **fields), actor=None)

    def accepted(self, person: Correspondent, first: int, last: int, **fields: Any) -> Assignment:
        return accept_assignment(self.given(person, first, last, **fields), actor=None)

    def draft(self, person: Correspondent | None, first: int, last: int, **fields: Any) -> Assignment:
        house = person.broadcaster if person else self.own
        place: Place = self.place if house == self.own else self.own.home_city
        values = {
            "broadcaster": house, "host": self.partner if house == self.own else self.own, "module": self.module,
            "place": place, "time_zone": place.time_zone, "period": days(first, last, ZoneInfo(place.time_zone)),
        }  # fmt: skip
        return save_assignment(
            Assignment(correspondent=person, **said("title", "brief"), **values | fields), actor=None
        )

    def event(self, house: Broadcaster, **fields: Any) -> PlannedEvent:
        values = {"module": self.module, "kind": "commemoration", "place": self.place, "time_zone": "Asia/Almaty"}
        if "starts_at" not in fields:
            values["dated"] = "2027-06"
        slug = f"zzevent{next(_numbers)}"
        event = PlannedEvent(
            slug=slug, broadcaster=house, venue=WORDS, **said("name", "description"), **values | fields
        )
        return save_event(event, actor=None)

    def wish(self, event: PlannedEvent, house: Broadcaster) -> CoverageWish:
        deadline = timezone.now() + timedelta(days=20)
        wish = CoverageWish(
            event=event, broadcaster=house, forms=["package", "live"], languages=["kk"], deadline_at=deadline,
            note=WORDS,
        )  # fmt: skip
        return save_wish(wish, actor=None)


def correspondent_rows(own: Broadcaster, partner: Broadcaster, editor: User) -> list[Model]:
    """``editor`` is one of the correspondents."""
    bureau = Bureau(own, partner)
    own_person, other, runner, starter, taker = (bureau.person(user=user) for user in (editor, None, None, None, None))
    for person in (own_person, runner, starter):
        person.skills.add(Skill.objects.get_or_create(slug="zzskill", defaults=said("name"))[0])
        make_paper(person, reference="zz-12345")
    gone = erase_correspondent(bureau.person(), actor=None)
    make_whereabouts(
        runner, place=bureau.place, address=WORDS, phone="+7 700 0000", local_contacts=WORDS, note=WORDS,
        emergency_contact=WORDS,
    )  # fmt: skip
    assignments = _assignments(bureau, own_person, other, runner, starter)
    offers = _hand_overs(bureau, assignments[0], taker)
    wishes = _wishes(bureau, assignments)
    kits = _kits(bureau, assignments)
    _access(bureau, assignments)
    papers = _papers(bureau, other)
    remind_of_papers()
    return [
        *assignments, *offers, *papers, own_person, runner, gone, bureau.requirement, *wishes, *kits,
        *PlannedEvent.objects.order_by("pk"), *KitBooking.objects.all(),
    ]  # fmt: skip


def _assignments(
    bureau: Bureau, own_person: Correspondent, other: Correspondent, runner: Correspondent, starter: Correspondent
) -> list[Assignment]:
    """One in every state: the first is under way, the second has everything against it, then what is not open."""
    running = start_assignment(bureau.accepted(runner, -2, 5, event=bureau.event(bureau.own)), actor=None)
    make_paper(other, valid=(today_in("Asia/Almaty"), today_in("Asia/Almaty") + timedelta(days=4)))
    bureau.accepted(other, 5, 9)
    crowded = bureau.accepted(other, 2, 8, priority="urgent")
    draft = bureau.draft(None, 40, 44)
    declined = decline_assignment(bureau.given(own_person, 50, 55), actor=None, reason=WORDS)
    cancelled = cancel_assignment(bureau.given(own_person, 60, 65), actor=None, reason=WORDS)
    completed = complete_assignment(start_assignment(bureau.accepted(starter, -3, 3), actor=None), actor=None)
    own = bureau.given(own_person, 1, 4)
    theirs = bureau.accepted(bureau.person(bureau.partner), 6, 9)
    item = make_item(bureau.own, identifier="zzfiled", **said("title"))
    file_footage(running, item, actor=None)
    return [running, crowded, draft, declined, own, cancelled, completed, theirs]


def _hand_overs(bureau: Bureau, running: Assignment, taker: Correspondent) -> list[Model]:
    """Offered, declined, withdrawn and accepted."""
    at = timezone.now() + timedelta(days=1)
    terms: dict[str, Any] = {"actor": None, "to_correspondent": taker, "at": at, "matters": WORDS}
    declined = decline_hand_over(offer_hand_over(running, **terms), actor=None, reason=WORDS)
    withdrawn = withdraw_hand_over(offer_hand_over(running, **terms), actor=None)
    offered = offer_hand_over(running, **terms)
    relieved = bureau.accepted(bureau.person(), 70, 75)
    at = relieved.starts_at + timedelta(days=2)
    accepted = accept_hand_over(offer_hand_over(relieved, **terms | {"at": at}), actor=None)
    return [offered, accepted, declined, withdrawn]


def _wishes(bureau: Bureau, assignments: list[Assignment]) -> list[Model]:
    """Wanted, planned, delivered, withdrawn; of events that are confirmed, tentative and cancelled."""
    running = assignments[0]
    event, starts = running.event, timezone.now() + timedelta(days=3)
    assert event is not None
    tentative = bureau.event(bureau.own, starts_at=starts, ends_at=starts + timedelta(hours=2), is_shared=False)
    move_event(tentative, actor=None, status="tentative")
    move_event(bureau.event(bureau.partner), actor=None, status="cancelled")
    wanted = bureau.wish(event, bureau.own)
    planned = plan_wish(bureau.wish(event, bureau.partner), running, actor=None)
    answered = plan_wish(bureau.wish(event, bureau.own), running, actor=None)
    file_footage(running, running.footage_filed.get().item, actor=None, wish=answered)
    withdrawn = withdraw_wish(bureau.wish(event, bureau.own), actor=None)
    return [wanted, planned, answered, withdrawn]


def _kits(bureau: Bureau, assignments: list[Assignment]) -> list[Model]:
    """A camera that two assignments have at once, and one that nobody uses."""
    camera: Kit = make_kit(bureau.own, inventory_number="zz-1", serial_number="zz-1", **said("name"))
    unused: Kit = make_kit(bureau.own, inventory_number="zz-2", kind="sound", is_active=False, **said("name"))
    for assignment in assignments[:2]:
        book_kit(camera, assignment, actor=None)
    return [camera, unused]


def _access(bureau: Bureau, assignments: list[Assignment]) -> None:
    """Asked for, granted and refused by the host; then withdrawn; and what the own desk is to answer."""
    running, crowded = assignments[:2]
    ask_access(running, actor=None, sphere="political")
    for sphere, status in (("cultural", "granted"), ("economic", "refused")):
        answer_access(ask_access(running, actor=None, sphere=sphere), actor=None, status=status, conditions=WORDS)
    answer_access(ask_access(crowded, actor=None, sphere="cultural"), actor=None, status="withdrawn")
    ask_access(assignments[-1], actor=None, sphere="cultural", conditions=WORDS)


def _papers(bureau: Bureau, person: Correspondent) -> list[Model]:
    """One in every state, one that should have been applied for, one that ends in a few days."""
    today = today_in("Asia/Almaty")
    rows: list[Model] = [
        make_paper(person, status=status, requirement=bureau.requirement, reference="zz-54321", kind="accreditation")
        for status in PaperStatus.values
    ]
    late = make_paper(person, status="wanted", kind="visa", valid=None, apply_by_on=today - timedelta(days=2))
    applied = make_paper(
        person, status="applied", kind="ata-carnet", applied_on=today, decision_due_on=today + timedelta(days=2)
    )
    ending = make_paper(person, kind="press-card", valid=(today, today + timedelta(days=5)))
    return [late, ending, applied, *rows]
