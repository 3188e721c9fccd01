"""A year of everything that is counted, made up from a seed: three houses, 2026 with both changes of clocks.

Rows are written past the services and triggers, which have tests of their own: here it matters what is counted, also of
rows that no service would write today. Moments crowd round the edges of days, months and years in both zones.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from hashlib import sha256
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from django.apps import apps
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange, NumericRange
from psycopg.sql import SQL, Identifier

from archive.models import Download, FootageDelivery, FootageRequest, Grant, GrantUse, Item, Licence, MediaFile
from broadcasters.constants import Area, ModuleState, Role
from broadcasters.models import (
    Airing,
    AudienceFigure,
    Guideline,
    GuidelineAdoption,
    GuidelineVersion,
    Initiative,
    InitiativeMilestone,
    InitiativeOwner,
    Module,
    ModuleReview,
)
from correspondents.models import (
    AccessGranted,
    Assignment,
    Correspondent,
    CoverageWish,
    FootageFiled,
    HandOver,
    PlannedEvent,
)
from mediaexchange.core.models import AuditEntry
from newsexchange.models import Offer, Recall, RecallNotice, Soundbite, Story, StoryRequest, Take, Use
from productions import models as made
from tests.factories import make_broadcaster, make_channel, make_module, make_user
from training.models import (
    Attendance,
    Certificate,
    Enrolment,
    FeedbackForm,
    FeedbackResponse,
    Participant,
    Programme,
    Session,
    Workshop,
)

EDGES = (
    date(2026, 1, 1), date(2026, 3, 1), date(2026, 3, 29), date(2026, 4, 1), date(2026, 10, 19), date(2026, 10, 26),
    date(2026, 12, 28), date(2027, 1, 1), date(2027, 1, 4),
)  # fmt: skip
ZONES = ("Europe/Belgrade", "Asia/Almaty")


COUNTED = ("archive", "broadcasters", "correspondents", "newsexchange", "productions", "training")


def without_triggers() -> None:
    """Until the test's transaction is rolled back. Constraints hold all the same."""
    tables = [model._meta.db_table for name in COUNTED for model in apps.get_app_config(name).get_models()]
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # what waits for the end of the transaction keeps tables open
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        for table in tables:
            cursor.execute(SQL("ALTER TABLE {} DISABLE TRIGGER USER").format(Identifier(table)))


class Year:
    """``houses`` are three; ``viewers`` are (name, user) of every kind."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        without_triggers()
        self.houses = [make_broadcaster(slug) for slug in ("rts", "rtv", "ptrc")]
        self.stranger = make_broadcaster("stranger")
        rts, rtv, ptrc = self.houses
        everywhere = make_user(rts, Role.ADMINISTRATOR)
        for house in (rtv, ptrc):
            everywhere.memberships.create(broadcaster=house, role=Role.VIEWER)
        self.viewers = [
            ("superuser at rts", make_user(rts, Role.VIEWER, is_superuser=True)),
            ("administrator of rts", make_user(rts, Role.ADMINISTRATOR)),
            ("administrator of rtv", make_user(rtv, Role.ADMINISTRATOR)),
            ("administrator of ptrc", make_user(ptrc, Role.ADMINISTRATOR)),
            ("viewer at ptrc", make_user(ptrc, Role.VIEWER)),
            ("of several houses", everywhere),
            ("administrator of a stranger", make_user(self.stranger, Role.ADMINISTRATOR)),
        ]
        self._modules()
        self._news()
        self._footage()
        self._training()
        self._correspondents()
        self._productions()
        self._broadcast()
        self._digital()

    # what is random

    def at(self) -> datetime:
        """Some moment of the year or a few days round it; every third within an hour of an edge."""
        if self.random.random() < 0.34:
            clocks = ZoneInfo(self.random.choice(ZONES))
            edge = datetime.combine(self.random.choice(EDGES), time(), clocks).astimezone(UTC)
            return edge + timedelta(seconds=self.random.choice((-3600, -1, 0, 0, 1, 3599)))
        return datetime(2025, 12, 25, tzinfo=UTC) + timedelta(minutes=self.random.randrange(380 * 24 * 60))

    def maybe(self, share: float = 0.5) -> bool:
        return self.random.random() < share

    def one(self, among: Any) -> Any:
        return self.random.choice(list(among))

    def pair(self) -> tuple[Any, Any]:
        first, second = self.random.sample(self.houses, 2)
        return first, second

    def many(self, model: Any, number: int, make: Callable[[int], dict[str, Any] | None]) -> list[Any]:
        """So many rows, but for those of which ``make`` says None."""
        rows = [model(**values) for place in range(number) if (values := make(place)) is not None]
        return list(model._default_manager.bulk_create(rows))

    def named(self, slug: str) -> dict[str, Any]:
        return {"slug": slug, "name_en": slug, "sort_keys": {}}

    # what happens

    def _modules(self) -> None:
        rts, rtv, ptrc = self.houses
        self.modules = [
            make_module(rts, ptrc, area=Area.ARCHIVE),
            make_module(rts, rtv, ptrc, area=Area.ARCHIVE, state=ModuleState.PAUSED),
            make_module(rtv, ptrc, area=Area.TRAINING),
            make_module(rts, ptrc, area=Area.TRAINING),
            make_module(rts, rtv, ptrc, area=Area.NEWS_EXCHANGE),
            make_module(rts, rtv, area=Area.ARCHIVE, state=ModuleState.ENDED),
        ]
        self.channels = [make_channel(house) for house in self.houses]

    def _news(self) -> None:
        now = datetime.now(UTC)
        topics = ("medtop:11000000", "medtop:04000000", "medtop:15000000")
        self.stories = self.many(Story, 90, lambda _place: {
            "broadcaster": self.one(self.houses), "headline_en": "Something happened",
            "language": self.one(("sr-Cyrl", "kk", "ru", "")) , "version": 1,
            "topics": self.random.sample(topics, self.random.randrange(3)),
            "status": self.one(("published", "published", "published", "draft")),
            "pubstatus": self.one(("usable", "usable", "usable", "canceled")),
            "is_held": self.maybe(0.1), "published_at": self.at(),
            "embargoed_until": now + timedelta(days=self.one((-9, 9))) if self.maybe(0.2) else None,
            "expires_at": now + timedelta(days=self.one((-9, 9))) if self.maybe(0.2) else None,
        })  # fmt: skip
        self.many(Soundbite, 150, lambda _place: {
            "story": self.one(self.stories), "speaker": self.one(("", "Ana", "Бора", "Vuk", "Данияр")),
            "speaks_as": self.one(("", "official", "expert", "public", "other")),
        })  # fmt: skip
        wanted = [(story, house) for story in self.stories for house in self.houses if house != story.broadcaster]
        self.offers = self.many(Offer, len(wanted), lambda place: {
            "story": wanted[place][0], "to_broadcaster": wanted[place][1], "offered_at": self.at(),
            "status": self.one(("open", "taken", "taken", "declined", "withdrawn")),
        })  # fmt: skip
        self.takes = self.many(Take, len(self.offers), lambda place: {
            "story": self.offers[place].story, "broadcaster": self.offers[place].to_broadcaster,
            "offer": self.offers[place], "story_version": 1, "taken_at": self.at(),
        } if self.offers[place].status == "taken" else None)  # fmt: skip
        self.many(StoryRequest, 80, lambda _place: dict(zip(
            ("from_broadcaster", "to_broadcaster"), self.pair(), strict=True,
        )) | self._request())  # fmt: skip
        recalls = self.many(Recall, 40, lambda _place: {
            "story": self.one(self.stories), "kind": "kill", "story_version": 1, "recalled_at": self.at(),
        })  # fmt: skip
        self.many(RecallNotice, 80, lambda place: self._notice(recalls[place // 2], self.houses[place % 3]))

    def _request(self) -> dict[str, Any]:
        status = self.one(("asked", "filled", "declined"))
        story = self.stories[0] if status == "filled" else None
        return {"subject": "Something", "status": status, "asked_at": self.at(), "story": story}

    def _notice(self, recall: Recall, house: Any) -> dict[str, Any]:
        due = self.at()
        acknowledged = due + timedelta(seconds=self.one((-5, 0, 5))) if self.maybe(0.7) else None
        lifted = due + timedelta(seconds=self.one((-5, 0, 5))) if not acknowledged and self.maybe(0.3) else None
        return {
            "recall": recall, "broadcaster": house, "due_at": due, "acknowledged_at": acknowledged, "lifted_at": lifted,
        }  # fmt: skip

    def _footage(self) -> None:
        now = datetime.now(UTC)
        self.items = self.many(Item, 60, lambda place: {
            "broadcaster": self.one(self.houses), "identifier": f"REEL-{place}", "category": "news", "title_en": "Reel",
            "status": self.one(("published", "published", "draft", "withdrawn")),
            "access": self.one(("house", "partners", "public")),
            "embargoed_until": now + timedelta(days=self.one((-9, 9))) if self.maybe(0.2) else None,
        })  # fmt: skip
        self.many(AuditEntry, 120, lambda _place: {
            "at": self.at(), "table_name": "archive_item", "row_pk": str(self.one(self.items).pk),
            **self.one((
                {"action": "insert", "changed": {"status": "published"}},
                {"action": "update", "changed": {"status": ["draft", "published"]}},
                {"action": "update", "changed": {"status": ["published", "withdrawn"]}},
                {"action": "update", "changed": {"title_en": ["draft", "published"]}},
            )),
        })  # fmt: skip
        self.files = self.many(MediaFile, 70, lambda place: {
            "broadcaster": self.one(self.houses), "sha256": sha256(b"%d" % place).hexdigest(),
            "size_bytes": self.random.randrange(10**9), "content_type": "video/mp4", "created_at": self.at(),
            "status": self.one(("waiting", "ready", "ready", "refused")),
        })  # fmt: skip
        self.asked = self.many(FootageRequest, 80, lambda _place: self._footage_request())
        licences = self.many(Licence, 10, lambda place: {
            "number": f"L-{place}", "footage_request": self.asked[place], "holder": self.asked[place].holder,
            "licensee": self.asked[place].broadcaster, "starts_at": now, "ends_at": now + timedelta(days=9),
            "time_zone": "UTC",
        })  # fmt: skip
        self.grants = self.many(Grant, 90, lambda place: {
            "item": self.one(self.items), "grantee": self.one([*self.houses, None]), "time_zone": "UTC",
            "period": DateTimeTZRange(now, now + timedelta(days=9)), "created_at": self.at(),
            "licence": self.one([*licences, None, None]), "seconds": self.one((None, 90, 3600)),
            "part": NumericRange(None, None), "territory_numbers": [1], "platform_numbers": [1],
            "grantee_number": place, "lane": NumericRange(place, place + 1),
        })  # fmt: skip
        deliveries = self.many(FootageDelivery, 80, lambda place: {
            "grant": self.one(self.grants), "broadcaster": self.one(self.houses), "created_at": self.at(),
            "status": self.one(("waiting", "ready", "ready", "failed", "revoked", "ended")),
            "size_bytes": self.one((None, 5)), "storage_name": f"clip-{place}",
        })  # fmt: skip
        self.many(Download, 60, lambda place: {
            "delivery": self.one(deliveries), "token_hash": sha256(b"%d" % place).hexdigest(),
        })  # fmt: skip
        self.many(GrantUse, 90, lambda _place: {
            "grant": self.one(self.grants), "broadcaster": self.one(self.houses), "started_at": self.at(),
            "used_ms": self.random.randrange(1, 99_999), "platform": "television",
            **self.one(({}, {}, {"taken_back_at": now, "taken_back_reason": "A mistake"})),
        })  # fmt: skip

    def _footage_request(self) -> dict[str, Any]:
        asker, holder = self.pair()
        asked = self.at()
        took = timedelta(days=7) + timedelta(seconds=self.one((-86_400, -1, 0, 1, 86_400)))
        return {
            "broadcaster": asker, "holder": holder, "module": self.modules[0], "purpose": "A film",
            "starts_at": asked, "ends_at": asked + timedelta(days=1), "time_zone": "UTC", "created_at": asked,
            "status": self.one(("submitted", "quoted", "approved", "partly-approved", "refused", "withdrawn")),
            "decided_at": asked + took if self.maybe(0.8) else None,
        }  # fmt: skip

    def _training(self) -> None:
        programmes = self.many(Programme, 6, lambda place: self.named(f"programme{place}") | {
            "broadcaster": self.one(self.houses), "module": self.one(self.modules),
        })  # fmt: skip
        workshops = self.many(Workshop, 40, lambda place: self.named(f"workshop{place}") | {
            "programme": self.one(programmes), "broadcaster": self.one(self.houses), "time_zone": "UTC",
            "status": self.one(("draft", "open", "running", "completed", "completed", "cancelled")),
            "starts_at": self.at(), "capacity": 12, "queue_tail": 0, "seats_taken": 0,
        })  # fmt: skip
        sessions = self.many(Session, 80, lambda _place: self._session(self.one(workshops)))
        users = [None, *(user for _name, user in self.viewers)]
        people = self.many(Participant, len(users) * 3, lambda place: {
            "broadcaster": self.one(self.houses), "name_latn": f"Person {place}", "data_region": "RS",
            "user": users[place] if place < len(users) else None,
        })  # fmt: skip
        self.enrolments = self.many(Enrolment, 140, lambda place: {
            "workshop": workshops[place % 40], "participant": people[place // 40 + place % 20],
            "broadcaster": self.one(self.houses), "nominated_at": self.at(),
            "status": self.one(("confirmed", "confirmed", "withdrawn", "rejected", "lapsed", "cancelled")),
        })  # fmt: skip
        met = {(self.one(self.enrolments).pk, self.one(sessions).pk) for _number in range(150)}
        pairs = sorted(met)
        self.many(Attendance, len(pairs), lambda place: {
            "enrolment_id": pairs[place][0], "session_id": pairs[place][1],
            "status": self.one(("attended", "attended", "absent", "excused")),
        })  # fmt: skip
        self.many(Certificate, 60, lambda place: {
            "enrolment": self.enrolments[place], "number": f"C-{place}", "token": f"token{place}", "language": "kk",
            "sessions_held": 1, "sessions_attended": 1, "issued_at": self.at(),
            "revoked_at": self.at() if self.maybe(0.2) else None,
        })  # fmt: skip
        form = FeedbackForm.objects.create(slug="form", name_en="Form", broadcaster=self.houses[0])
        self.many(FeedbackResponse, 90, lambda _place: {
            "workshop": self.one(workshops), "form": form, "answered_on": self.at().date(),
        })  # fmt: skip

    def _session(self, workshop: Workshop) -> dict[str, Any]:
        starts_at = self.at()
        return {
            "workshop": workshop, "title_en": "Session", "starts_at": starts_at, "is_cancelled": self.maybe(0.2),
            "ends_at": starts_at + timedelta(hours=1), "check_in_secret": "x",
        }  # fmt: skip

    def _correspondents(self) -> None:
        users = [None, *(user for _name, user in self.viewers)]
        people = self.many(Correspondent, 30, lambda place: {
            "broadcaster": self.one(self.houses), "name": f"Person {place}", "data_region": "RS",
            "user": users[place] if place < len(users) else None,
        })  # fmt: skip
        self.assignments = self.many(Assignment, 90, lambda _place: self._assignment(people))
        self.many(AccessGranted, 90, lambda place: {
            "assignment": self.assignments[place], "sphere": "political", "decided_at": self.at(),
            "status": self.one(("granted", "refused", "withdrawn")),
        })  # fmt: skip
        events = self.many(PlannedEvent, 25, lambda place: self.named(f"event{place}") | {
            "broadcaster": self.one(self.houses), "module": self.one([*self.modules, None]), "time_zone": "UTC",
            "is_shared": self.maybe(), "starts_at": self.at(), "ends_at": datetime(2030, 1, 1, tzinfo=UTC),
        })  # fmt: skip
        self.many(CoverageWish, 90, lambda _place: self._wish(self.one(events)))
        filed = sorted({(self.one(self.assignments).pk, self.one(self.items).pk) for _number in range(100)})
        self.many(FootageFiled, len(filed), lambda place: {
            "assignment_id": filed[place][0], "item_id": filed[place][1], "filed_at": self.at(),
        })  # fmt: skip
        self.many(HandOver, 60, lambda place: {
            "assignment": self.assignments[place], "to_correspondent": self.one(people), "at": self.at(),
            "matters": [], "status": self.one(("accepted", "accepted", "declined", "withdrawn")),
            "answered_at": self.at(),
        })  # fmt: skip

    def _assignment(self, people: list[Any]) -> dict[str, Any]:
        status = self.one(("draft", "assigned", "in-progress", "completed", "completed", "cancelled"))
        begun = status in {"in-progress", "completed"}
        starts_at = self.at()
        return {
            "title_en": "Assignment", "correspondent": self.one(people), "broadcaster": self.one(self.houses),
            "host": self.one([*self.houses, None]), "place": self.houses[0].home_city, "time_zone": "UTC",
            "period": DateTimeTZRange(starts_at, starts_at + timedelta(days=3)), "status": status,
            "assigned_at": starts_at if status not in {"draft", "cancelled"} or self.maybe() else None,
            "started_at": self.at() if begun else None, "ended_at": self.at() if status == "completed" else None,
        }  # fmt: skip

    def _wish(self, event: Any) -> dict[str, Any]:
        status = self.one(("wanted", "planned", "delivered", "delivered", "withdrawn"))
        is_planned = status in {"planned", "delivered"}
        return {
            "event": event, "broadcaster": self.one(self.houses), "forms": ["text"], "status": status,
            "assignment": self.one(self.assignments) if is_planned else None, "created_at": self.at(),
            "delivered_at": self.at() if status == "delivered" else None,
        }  # fmt: skip

    def _productions(self) -> None:
        stages = list(made.Stage.objects.order_by("pk"))
        productions = self.many(made.Production, 30, lambda place: self.named(f"production{place}") | {
            "made_by": self.one(self.houses), "module": self.modules[0], "kind": "documentary",
            "stage": self.one(stages), "shared_at": self.at() if self.maybe(0.8) else None, "is_pilot": True,
            "episodes": self.one((1, 4)), "episode_minutes": self.one((None, 26, 52)),
        })  # fmt: skip
        sides = [(one, house) for one in productions for house in self.random.sample(self.houses, self.one((1, 2, 3)))]
        partners = self.many(made.Partner, len(sides), lambda place: {
            "production": sides[place][0], "broadcaster": sides[place][1], "role": "co-producer",
            "share_percent": Decimal(30),
        })  # fmt: skip
        self.many(made.ProductionMove, 120, lambda _place: {
            "production": self.one(productions), "to_stage": self.one(stages), "at": self.at(),
        })  # fmt: skip
        self.many(made.PilotReview, 60, lambda _place: {
            "production": self.one(productions), "decision": self.one(("go", "scale", "pause", "stop")),
            "reason": "So", "decided_at": self.at(),
        })  # fmt: skip
        tags = ("sr-Cyrl", "kk-Cyrl", "ru-Cyrl", "en-Latn", "hu-Latn")
        versions = self.many(made.LanguageVersion, 90, lambda place: {
            "production": productions[place % 30], "language": tags[place // 30], "kind": "subtitle",
            "payer": self.one(self.houses), "owner": self.one(self.houses),
            "status": self.one(("planned", "delivered", "cancelled")),
        })  # fmt: skip
        kinds = ("master", "stills")
        self.many(made.Deliverable, 180, lambda place: self._deliverable(versions[place // 2], kinds[place % 2]))
        self.many(made.ArchiveUse, 90, lambda _place: {
            "production": self.one(productions), "item": self.one(self.items), "created_at": self.at(),
            **self.one(({}, {"is_contributed": True},
                        {"grant": self.one(self.grants)})),
        })  # fmt: skip
        revisions = self.many(made.Revision, 60, lambda place: {
            "production": self.one(productions), "kind": "final-cut", "number": place + 1, "file": self.files[0],
            "broadcaster": self.one(self.houses), "superseded_at": self.at(),
        })  # fmt: skip
        said = sorted({(self.one(revisions).pk, self.one(self.houses).pk) for _number in range(120)})
        self.many(made.Decision, len(said), lambda place: {
            "revision_id": said[place][0], "broadcaster_id": said[place][1], "note": "So", "decided_at": self.at(),
            "decision": self.one(("approved", "approved", "changes", "refused")),
            **self.one(({}, {}, {"withdrawn_at": self.at(), "withdrawal_reason": "So"})),
        })  # fmt: skip
        self.many(made.Milestone, 120, lambda _place: self._milestone(self.one(partners)))
        windows = self.many(made.Window, 40, lambda _place: self._window(self.one(partners)))
        airings = self.many(Airing, 60, lambda _place: self._airing())
        self.runs = self.many(made.Run, 100, lambda place: {
            "window": self.one(windows), "airing": airings[place] if place < 60 else None,
            "channel": airings[place].channel if place < 60 else self.one(self.channels), "platform": "television",
            "starts_at": airings[place].started_at if place < 60 else self.at() + timedelta(microseconds=place),
            **self.one(({}, {}, {}, {"cancelled_at": self.at(), "cancelled_reason": "So"})),
        })  # fmt: skip
        self.many(made.AudienceFigure, 90, lambda place: {
            "run": self.one(self.runs), "kind": self.one(("reach", "share", "views")), "platform": "television",
            "value": Decimal(self.random.randrange(100)), "source": f"Panel {place}", "as_of": self.at().date(),
            "stated_by": self.one(self.houses),
        })  # fmt: skip

    def _deliverable(self, version: Any, kind: str) -> dict[str, Any]:
        supplier, receiver = self.pair()
        status = self.one(("due", "delivered", "accepted", "accepted", "rejected"))
        return {
            "version": version, "broadcaster": receiver, "supplier": supplier, "kind": kind, "status": status,
            "file": None if status == "due" else self.files[0], "reason": "So",
            "delivered_at": None if status == "due" else self.at(),
            "decided_at": self.at() if status in {"accepted", "rejected"} else None,
        }  # fmt: skip

    def _window(self, holder: Any) -> dict[str, Any]:
        return {
            "production": holder.production, "holder": holder, "starts_at": self.at(), "time_zone": "UTC",
            "territory_numbers": [1], "platform_numbers": [1], "platforms": ["television"],
            "numbers_of": ["+", "television"],
        }  # fmt: skip

    def _milestone(self, owner: Any) -> dict[str, Any]:
        ends_at = self.at()
        done = self.one((None, ends_at, ends_at - timedelta(seconds=1), ends_at + timedelta(seconds=1)))
        return {
            "production": owner.production, "owner": owner, "title_en": "Milestone", "time_zone": "UTC",
            "due_at": ends_at, "ends_at": ends_at, "done_at": done, "is_cancelled": done is None and self.maybe(0.3),
        }  # fmt: skip

    def _airing(self) -> dict[str, Any]:
        return {
            "channel": self.one(self.channels), "started_at": self.at(), "origin": self.one(self.houses),
            "duration_ms": self.random.randrange(1, 9_000_000), "title": f"Airing {self.random.random()}",
            "language": self.one(("", "sr-Latn", "kk", "ru")), "is_joint": self.maybe(0.1),
            "programme_key": f"{self.random.random()}",
        }  # fmt: skip

    def _broadcast(self) -> None:
        airings = self.many(Airing, 90, lambda _place: self._airing())
        self.many(Use, 140, lambda place: {
            "take": self.one(self.takes), "used_at": self.at(),
            **({"kind": "airing", "airing": airings[place]} if place < 80 else {"kind": "link", "url": "https://x.example"}),
        })  # fmt: skip
        self.many(AudienceFigure, 120, lambda place: {
            "source": f"Panel {place}", "as_of": self.at().date(), "stated_by": self.one(self.houses),
            "made_by": self.one([*self.houses, None]), "language": self.one(("kk", "sr-Latn")),
            "value": Decimal(self.random.randrange(100)), "measure": "reach", "unit": "people",
            **({"airing": self.one(airings)} if self.maybe(0.7) else {
                "subject_type": "story", "subject_uid": self.stories[place % 90].uid,
            }),
        })  # fmt: skip
        Airing.objects.filter(pk__in=[one.pk for one in airings[::3]]).update(
            subject_type="story", subject_uid=self.stories[0].uid
        )

    def _digital(self) -> None:
        initiatives = self.many(Initiative, 9, lambda place: self.named(f"initiative{place}") | {
            "module": self.one(self.modules), "kind": "ai", "state": "running",
        })  # fmt: skip
        carried = [(one, house) for one in initiatives for house in self.random.sample(self.houses, 2)]
        self.many(InitiativeOwner, len(carried), lambda place: {
            "initiative": carried[place][0], "broadcaster": carried[place][1],
        })  # fmt: skip
        self.many(InitiativeMilestone, 90, lambda _place: {
            "initiative": self.one(initiatives), "title_en": "Step", "owner": self.one(self.houses),
            "planned_on": self.at().date(), "actual_on": self.one((None, self.at().date(), self.at().date())),
        })  # fmt: skip
        guidelines = self.many(Guideline, 6, lambda place: self.named(f"guideline{place}") | {
            "module": self.one(self.modules), "kind": "ai-use",
        })  # fmt: skip
        versions = self.many(GuidelineVersion, 30, lambda place: {
            "guideline": guidelines[place % 6], "number": place // 6 + 1, "text_en": "Text",
        })  # fmt: skip
        self.many(GuidelineAdoption, 90, lambda place: {
            "version": versions[place // 3], "broadcaster": self.houses[place % 3], "adopted_on": self.at().date(),
        } if self.maybe(0.7) else None)  # fmt: skip
        self.many(ModuleReview, 60, lambda _place: {
            "module": self.one(self.modules), "broadcaster": self.one(self.houses), "first_on": date(2025, 1, 1),
            "last_on": self.at().date(), "verdict": "keep", "verdict_reason": "So",
        })  # fmt: skip
        assert Module.objects.count() >= len(self.modules)
