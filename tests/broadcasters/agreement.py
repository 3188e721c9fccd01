"""An agreement with something of everything: for tests of its health, its balance and its briefs."""

from datetime import UTC, date, datetime, timedelta
from itertools import count

from django.db import connection
from django.test.utils import CaptureQueriesContext

from broadcasters.agreement_dates import dates_of
from broadcasters.constants import Area, ModuleState, Rhythm, SignatureStatus
from broadcasters.models import Airing, Memorandum, Obligation, Party, PartySource
from newsexchange.models import Offer, Take, Use
from tests.factories import make_channel, make_module, make_story

AT = datetime(2026, 4, 9, 10, 30, tzinfo=UTC)  # the month before, March, is when clocks change in Belgrade
MARCH = "2026-03"
_numbers = count(1)


def make_agreement(*houses, slug="on-exchange", **fields):
    memorandum = Memorandum.objects.create(
        **{
            "slug": slug, "name_sr": "Меморандум о размени", "name_en": "Memorandum on exchange",
            "name_kk": "Алмасу туралы меморандум", "name_ru": "Меморандум об обмене",
            "in_force_on": date(2024, 2, 29), "term_months": 36, "renewal": "tacit", "notice_days": 90,
        }
        | fields
    )  # fmt: skip
    for house in houses:
        Party.objects.create(memorandum=memorandum, broadcaster=house)
    return memorandum


def signed(memorandum, house, **fields):
    """With its source, since the database wants one."""
    party = memorandum.parties.get(broadcaster=house)
    PartySource.objects.create(party=party, title="It was signed", publisher="An agency", published_on="2026-02-27")
    Party.objects.filter(pk=party.pk).update(
        **{"signature_status": SignatureStatus.SIGNED, "signed_on": "2026-02-27", "signatory_name": "N. N."} | fields
    )


def taken(house, partner, at, **story):
    made = make_story(house, **story)
    offer = Offer.objects.create(story=made, to_broadcaster=partner, status="taken", offered_at=at)
    return Take.objects.create(story=made, broadcaster=partner, offer=offer, story_version=1, taken_at=at)


def aired(take, at, seconds, language=""):
    channel = take.broadcaster.channels.first() or make_channel(take.broadcaster)
    airing = Airing.objects.create(
        channel=channel, started_at=at, duration_ms=seconds * 1000, language=language,
        origin=take.story.broadcaster, title=f"Airing {next(_numbers)}",
    )  # fmt: skip
    return Use.objects.create(take=take, kind="airing", airing=airing, used_at=at)


def owed(memorandum, debtor, creditor=None, **fields):
    values = {
        "title_sr": "Пет прича месечно", "title_en": "Five stories a month", "indicator": "stories-taken", "amount": 5,
        "rhythm": Rhythm.MONTH, "starts_on": date(2026, 1, 1),
    }  # fmt: skip
    return Obligation.objects.create(memorandum=memorandum, debtor=debtor, creditor=creditor, **values | fields)


def lived_in_agreement(rts, ptrc):
    """March 2026: three stories to Astana, one back; two aired, one of them in a language nobody has stated."""
    memorandum = make_agreement(rts, ptrc)
    signed(memorandum, ptrc)
    for area, state, reason in (
        (Area.NEWS_EXCHANGE, ModuleState.ACTIVE, ""), (Area.TRAINING, ModuleState.PAUSED, "Нема слободне сале"),
    ):  # fmt: skip
        module = make_module(
            rts, ptrc, area=area, state=state, state_reason_sr=reason, name_sr="Модул", name_en="Module"
        )
        module.memoranda.add(memorandum)
    owed(memorandum, rts, ptrc)
    owed(memorandum, ptrc, rts, title_sr="Два часа", title_en="Two hours", indicator="seconds-aired", amount=7200)
    march = datetime(2026, 3, 2, 9, tzinfo=UTC)
    bites = [
        {"speaker": "Ана", "speaks_as": "official"},
        {"speaker": "Бора", "speaks_as": "public"},
        {"speaker": "Вук"},
    ]
    first = taken(rts, ptrc, march, topics=["medtop:11000000", "medtop:04000000"], soundbites=bites)
    second = taken(rts, ptrc, march + timedelta(days=8), topics=["medtop:11000000"])
    taken(rts, ptrc, march + timedelta(days=9))
    back = taken(
        ptrc, rts, march + timedelta(days=10), language="kk", headline_kk="Жаңалық", topics=["medtop:01000000"]
    )
    aired(first, march + timedelta(hours=5), 1234, "kk")
    aired(second, march + timedelta(days=9), 66)
    aired(back, march + timedelta(days=11), 90, "sr-Latn")
    return memorandum


def coming_up(memorandum, reader, first, last):
    """What comes next for this reader, as (kind, day, words), without what the memorandum itself says; and how many
    statements that took."""
    with CaptureQueriesContext(connection) as captured:
        found = dates_of(memorandum, reader, first, last)
    told = [(each.kind, each.on, each.texts.get("en", "")) for each in found]
    return [each for each in told if each[0] not in {"term-ends", "notice-by", "obligation-due"}], len(captured)
