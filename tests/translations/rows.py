"""A row of every kind that has pages. What it says is Georgian, or begins with zz, so that no word of it is a language
of ours: what else stands on a page without having been translated is the page's own."""

import os
from datetime import timedelta
from typing import Any

from django.db.models import Model
from django.utils import timezone
from django_celery_beat.models import (
    ClockedSchedule,
    CrontabSchedule,
    IntervalSchedule,
    PeriodicTask,
    SolarSchedule,
)

from broadcasters.constants import ModuleState, Role
from broadcasters.models import (
    Airing,
    Broadcaster,
    Channel,
    Institution,
    Membership,
    Memorandum,
    Party,
    PartySource,
    Person,
    PersonAlias,
    PlaceName,
)
from broadcasters.services.account import issue_api_key
from correspondents.models import Assignment
from mediaexchange.core.calendar_feeds import make_feed as make_calendar
from mediaexchange.core.inbox.models import Notification
from mediaexchange.core.keys import SCOPES
from mediaexchange.core.models import ApiKey, AuditEntry, CalendarKind, KeepWord, User
from newsexchange.constants import RecallKind, UseKind
from newsexchange.models import (
    Feed,
    InboundDelivery,
    Offer,
    QuarantinedEntry,
    RecallNotice,
    Story,
)
from newsexchange.services.filing import file_story
from newsexchange.services.offer import offer_story, take_offer
from newsexchange.services.recall import recall_story
from newsexchange.services.request import ask_story
from newsexchange.services.story import publish_story, save_story
from newsexchange.services.use import report_use
from tests.factories import make_delivery, make_feed, make_module, make_place, make_subscription, make_user
from tests.translations.rows_agreements import agreement_rows
from tests.translations.rows_archive import archive_rows
from tests.translations.rows_calendar import calendar_rows
from tests.translations.rows_correspondents import correspondent_rows
from tests.translations.rows_productions import production_rows
from tests.translations.rows_training import training_rows

EVERY = "WALK_EVERY_LANGUAGE" in os.environ
WORDS = "ქართული სიტყვები"
NAMES = {f"name_{language}": WORDS for language in ("sr", "kk", "ru", "en")}
TEXTS = {f"{field}_{language}": WORDS for field in ("headline", "summary", "body") for language in ("sr", "kk", "en")}


class Newsrooms:
    """Two newsrooms that have dealt with each other in every way, and the people who look at it."""

    def __init__(self) -> None:
        KeepWord.objects.all().delete()  # the list of names that comes with the system
        self.city = make_place("zzcity", **NAMES)
        self.own, self.partner = _broadcaster("zzown", self.city), _broadcaster("zzpartner", self.city)
        self.editor = _user("zzeditor", self.own, Role.EXCHANGE_DESK)
        for role in set(Role) - {Role.EXCHANGE_DESK}:
            Membership.objects.create(user=self.editor, broadcaster=self.own, role=role)
        self.colleague = _user("zzcolleague", self.partner, Role.EXCHANGE_DESK)
        self.guest = _user("zzguest", None, Role.VIEWER)
        self.superuser = make_user(username="zzsuper", first_name=WORDS, is_superuser=True)
        self.superuser.set_password("zz-secret-enough")
        self.superuser.save()
        _key, self.key = issue_api_key(self.own, actor=None, name=WORDS, scopes=list(SCOPES))
        _key, self.partner_key = issue_api_key(self.partner, actor=None, name=WORDS, scopes=list(SCOPES))
        _key, self.bare_key = issue_api_key(self.own, actor=None, name=WORDS, scopes=[])

    def story(self, broadcaster: Broadcaster | None = None, *, is_published: bool = True, **fields: Any) -> Story:
        owner = broadcaster or self.own
        actor = self.editor if owner == self.own else self.colleague
        values = {"language": "sr-Cyrl", "credit": WORDS, "slugline": "zzslug", "keywords": [WORDS]} | TEXTS | fields
        story = Story(broadcaster=owner, **values)
        save_story(story, actor=actor, changed=set())
        return publish_story(story, actor=actor) if is_published else story


def make_rows(rooms: Newsrooms, *, is_whole: bool = EVERY) -> list[Model]:
    """The rows whose pages are looked at; those of an exchange in all its states."""
    footage = archive_rows(rooms.own, rooms.partner)
    training = training_rows(rooms.own, rooms.partner)
    exchange = _exchange(rooms)
    bureaus, films = _bureaus_and_films(rooms) if is_whole else ([], [])
    told = Notification.objects.filter(recipient=rooms.editor).order_by("kind").distinct("kind")
    calendars = [make_calendar(rooms.editor, kind=CalendarKind.PERSON, subject=None)]
    joint, entries = [*bureaus, *films, *calendars], AuditEntry.objects.all()[:2]
    directory = _directory(rooms)
    diplomatic = calendar_rows(rooms.own, NAMES, WORDS)
    memorandum = Memorandum.objects.get(slug="zzmemorandum")
    agreed = agreement_rows(rooms.own, memorandum, NAMES, WORDS)
    return [*directory, *diplomatic, *agreed, *_timetable(), *exchange, *footage, *training, *joint, *told, *entries]


def _bureaus_and_films(rooms: Newsrooms) -> tuple[list[Model], list[Model]]:
    """Minutes of pages: walked by `manage.py check_translations`, which sets the variable."""
    bureaus = correspondent_rows(rooms.own, rooms.partner, rooms.editor)
    file_story(Assignment.objects.get(status="in-progress"), rooms.story(), actor=None)
    return bureaus, production_rows(rooms.own, rooms.partner, rooms.editor)


def _directory(rooms: Newsrooms) -> list[Model]:
    PlaceName.objects.create(place=rooms.city, text=WORDS, language="hu")
    person = Person.objects.create(slug="zzperson", sources=[{"title": WORDS, "url": ""}], **NAMES)
    PersonAlias.objects.create(person=person, text=WORDS)
    memorandum = Memorandum.objects.create(slug="zzmemorandum", dated_on="2026-02-27", **NAMES)
    for broadcaster in (rooms.own, rooms.partner):
        party = Party.objects.create(memorandum=memorandum, broadcaster=broadcaster, signatory_name=WORDS)
        PartySource.objects.create(party=party, title=WORDS, publisher=WORDS, url="https://example.org/1")
    channel = Channel.objects.create(
        slug="zzchannel", broadcaster=rooms.own, kind="television", foreign_share_cap_percent=20, weekly_minutes=900,
        **NAMES,
    )  # fmt: skip
    modules = [make_module(rooms.own, rooms.partner, slug=f"zz{state}", state=state, **NAMES) for state in ModuleState]
    airing = Airing.objects.create(
        channel=channel, started_at=timezone.now() - timedelta(hours=2), duration_ms=90_000, language="kk",
        origin=rooms.partner, title=WORDS,
    )  # fmt: skip
    return [
        rooms.city, person, memorandum, memorandum.parties.first(), rooms.own, rooms.partner, channel, airing, *modules,
        Institution.objects.create(slug="zzmuseum", kind="museum", country_code="RS", city=rooms.city, **NAMES),
        rooms.editor, rooms.superuser, Membership.objects.filter(broadcaster=rooms.own).first(), *ApiKey.objects.all(),
    ]  # fmt: skip


def _timetable() -> list[Model]:
    interval = IntervalSchedule.objects.create(every=1, period=IntervalSchedule.HOURS)
    often = IntervalSchedule.objects.create(every=15, period=IntervalSchedule.SECONDS)
    crontab = CrontabSchedule.objects.create(minute="0", hour="4", timezone="Europe/Belgrade")
    solar = SolarSchedule.objects.create(event="sunrise", latitude=44, longitude=20)
    clocked = ClockedSchedule.objects.create(clocked_time=timezone.now())
    tasks = [
        PeriodicTask.objects.create(name=f"zz{number}", task="newsexchange.tasks.sync_due_feeds", **schedule)
        for number, schedule in enumerate(
            ({"interval": interval}, {"interval": often}, {"crontab": crontab}, {"solar": solar},
             {"clocked": clocked, "one_off": True})
        )
    ]  # fmt: skip
    return [interval, often, crontab, solar, clocked, *tasks]


def _exchange(rooms: Newsrooms) -> list[Model]:
    now = timezone.now()
    feed, failing = _feed(rooms, 1), _feed(rooms, 2, failures=4, last_error="http-503: zz", last_error_at=now)
    silent = _feed(rooms, 3, url="", is_active=False)
    failing.rules.create(field="keyword", value=WORDS, action="tag", tag="medtop:01000000")
    entries = [
        QuarantinedEntry.objects.create(
            feed=feed, reason=reason, detail="what a parser said", payload=b"<rss", payload_hash=f"{number:064}"
        )
        for number, reason in enumerate(("no-text", "bad-date"))
    ]
    plain = rooms.story(usage_terms=WORDS, editors_note=WORDS, byline=WORDS, urgency=3)
    hang_dopesheet(plain)
    draft = rooms.story(is_published=False)
    embargoed = rooms.story(embargoed_until=now + timedelta(days=1))
    held = rooms.story(is_held=True)
    offered, taken, killed, declined = (rooms.story() for _ in range(4))
    for story in (offered, taken, killed, declined, embargoed):
        offer_story(story, to=[rooms.partner], actor=None)
    received, received_taken = rooms.story(rooms.partner), rooms.story(rooms.partner)
    received.restrictions.create(is_barred=True, territories=["KZ"], note=WORDS)
    for story in (received, received_taken):
        offer_story(story, to=[rooms.own], actor=None)
    take = take_offer(Offer.objects.get(story=taken), actor=rooms.colleague, accepts_credit=True)
    own_take = take_offer(Offer.objects.get(story=received_taken), actor=rooms.editor, accepts_credit=True)
    take_offer(Offer.objects.get(story=killed), actor=rooms.colleague, accepts_credit=True)
    recall = recall_story(killed, actor=rooms.editor, kind=RecallKind.KILL, reason=WORDS)
    theirs = rooms.story(rooms.partner)
    offer_story(theirs, to=[rooms.own], actor=None)
    take_offer(Offer.objects.get(story=theirs), actor=rooms.editor, accepts_credit=True)
    theirs_recall = recall_story(theirs, actor=rooms.colleague, kind=RecallKind.WITHHOLD, reason=WORDS)
    use = report_use(own_take, actor=rooms.editor, kind=UseKind.LINK, url="https://example.org/1")
    wanted = {"subject": WORDS, "text": WORDS, "needed_by": now + timedelta(hours=3)}
    asked = ask_story(asker=rooms.partner, of=rooms.own, actor=rooms.colleague, **wanted)
    asking = ask_story(asker=rooms.own, of=rooms.partner, actor=rooms.editor, **wanted)
    return [
        feed, failing, silent, *entries, plain, draft, embargoed, held, offered, taken, killed, received,
        received_taken, *Offer.objects.all(), take, own_take, recall, theirs_recall, *RecallNotice.objects.all(), use,
        asked, asking, *_deliveries(rooms, plain, feed),
    ]  # fmt: skip


def _deliveries(rooms: Newsrooms, story: Story, feed: Feed) -> list[Model]:
    subscriptions = [
        make_subscription(rooms.own, name="zz", url="https://example.org/hook", failures=3, last_error="http-500: zz",
                          last_error_at=timezone.now()),
        make_subscription(rooms.own, name="zz", destination="email", url="", secret="", email="zz@example.org"),
        make_subscription(rooms.own, name="zz", destination="drop", url="", secret="", folder="zz", formats=["ninjs"]),
        make_subscription(rooms.own, name="zz", destination="pull", url="", secret=""),
    ]  # fmt: skip
    waiting = make_delivery(subscriptions[0], subject_uid=story.uid, audience=[rooms.own.pk])
    failed = make_delivery(subscriptions[0], subject_uid=story.uid, audience=[rooms.own.pk])
    failed.failed_attempts.create(number=1, response_status=500, error="zz")
    type(failed).objects.filter(pk=failed.pk).update(
        status="failed", response_status=500, error="zz", attempts=1, finished_at=timezone.now()
    )
    inbound = InboundDelivery.objects.create(
        feed=feed, message_id="zz", payload=b"<rss", outcomes=[{"result": "created", "guid": "zz"}]
    )
    return [*subscriptions, waiting, failed, inbound]


def hang_dopesheet(story: Story) -> None:
    story.shots.create(position=0, in_ms=0, out_ms=4000, description={"sr": WORDS}, location=WORDS, audio="natural")
    story.soundbites.create(position=0, in_ms=0, out_ms=4000, speaker=WORDS, text=WORDS, language="sr-Cyrl",
                            translations={"en": WORDS})  # fmt: skip
    story.restrictions.create(
        territories=["RS", "KZ"], platforms=["television", "web"], is_barred=True, ends_at=timezone.now(),
        max_seconds=30, note=WORDS,
    )  # fmt: skip
    story.restrictions.create(no_archive=True, no_edit=True, no_resale=True, no_online=True, max_seconds=60)
    story.renditions.create(
        href="https://example.org/1.mp4", content_type="video/mp4", title=WORDS, duration_ms=61_000, width=1920,
        height=1080, size_bytes=1_500_000,
    )  # fmt: skip


def _broadcaster(slug: str, city: Any) -> Broadcaster:
    return Broadcaster.objects.create(
        slug=slug, abbreviation_en="ქმრ", country_code="RS", home_city=city, time_zone="Europe/Belgrade",
        ownership="public_service", data_region="RS", **NAMES,
    )  # fmt: skip


def _user(username: str, broadcaster: Broadcaster | None, role: Role) -> User:
    return make_user(broadcaster, role, username=username, first_name=WORDS, last_name=WORDS)


def _feed(rooms: Newsrooms, number: int, **fields: Any) -> Feed:
    defaults = {"slug": f"zzfeed{number}", "name": WORDS, "url": f"https://example.org/{number}"}
    return make_feed(rooms.own, **defaults | fields)
