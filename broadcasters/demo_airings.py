"""What the demonstration's channels have broadcast in the last weeks, and what is said of its audience. All made up."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone

from broadcasters.airing_constants import Unit
from broadcasters.models import Airing, AiringImport, AudienceFigure, Broadcaster, Channel
from broadcasters.services.airing_import import apply_airings, read_airings, receive_airings, run_airings
from broadcasters.titles import programme_key
from mediaexchange.core.models import User

WEEKS = 11
_LOG = "as-run-jibek-joly.csv"
_DESK = "astana-desk"
_SOURCE = "Шартты панель (көрсетілім)"
# What is foreign on Jibek Joly in each of the last weeks, youngest first, in minutes; its cap is 1008 of a full week.
_MINUTES = (310, 620, 540, 1130, 760, 480, 900, 350, 690, 820, 430)
_FOREIGN = (
    ("Дунав: од извора до ушћа", "sr"), ("Реки без границ", "ru"), ("Night trains of the Balkans", "en"),
    ("Музика са салаша", "sr"), ("Город у слияния рек", "ru"),
)  # fmt: skip
_OWN = (("Дала кеші", "kk", 20, 45), ("Утренний выпуск", "ru", 7, 30), ("Қорытынды", "kk", 21, 35))
_SERBIAN = (("Степа у сумрак", "sr", 22, 52), ("Деца номада", "sr", 17, 28))


@transaction.atomic
def load_airings() -> Iterator[str]:
    """Yields a line about them. Safe to repeat: what is there is known by its channel, moment and title."""
    rts, ptrc = (Broadcaster.objects.get(slug=slug) for slug in ("rts", "ptrc"))
    before = Airing.objects.count()
    if not AiringImport.objects.filter(broadcaster=ptrc, file_name=_LOG).exists():
        today = timezone.localdate(timezone=ZoneInfo(ptrc.time_zone))
        monday = today - timedelta(days=today.weekday())
        rows = [
            *_foreign(Channel.objects.get(slug="jibek-joly"), rts, monday),
            *_own(Channel.objects.get(slug="jibek-joly"), monday),
            *_from_astana(Channel.objects.get(slug="rts2"), ptrc, monday),
        ]
        now = timezone.now()
        Airing.objects.bulk_create([row for row in rows if row.started_at < now], ignore_conflicts=True)
        _say_audiences(rts, ptrc)
        _send_log(ptrc, today)
    yield f"Airings: {Airing.objects.count() - before} new."


def _foreign(channel: Channel, origin: Broadcaster, monday: date) -> Iterator[Airing]:
    """Films from Serbia from Monday on, two hours at most each, until the week's minutes are filled."""
    for back, minutes in enumerate(_MINUTES):
        left, place = minutes, 0
        while left:
            title, language = _FOREIGN[place % len(_FOREIGN)]
            lasting, day = min(left, 110), monday - timedelta(weeks=back) + timedelta(days=place % 7)
            yield _row(channel, origin, title, language, day, 10 + place // 7 * 2, lasting)
            left, place = left - lasting, place + 1


def _own(channel: Channel, monday: date) -> Iterator[Airing]:
    for days in range(-7 * (WEEKS - 1), 7):
        for title, language, hour, minutes in _OWN:
            yield _row(channel, channel.broadcaster, title, language, monday + timedelta(days=days), hour, minutes)


def _from_astana(channel: Channel, origin: Broadcaster, monday: date) -> Iterator[Airing]:
    """Two Kazakh programmes a week in Belgrade, where no cap holds."""
    for back in range(WEEKS):
        for place, (title, language, hour, minutes) in enumerate(_SERBIAN):
            yield _row(channel, origin, title, language, monday - timedelta(weeks=back, days=-2 * place), hour, minutes)


def _row(
    channel: Channel, origin: Broadcaster, title: str, language: str, day: date, hour: int, minutes: int
) -> Airing:
    started_at = datetime.combine(day, time(hour), ZoneInfo(channel.broadcaster.time_zone))
    return Airing(
        channel=channel, origin=origin, title=title, language=language, started_at=started_at,
        duration_ms=minutes * 60_000, programme_key=programme_key(title),
    )  # fmt: skip


def _say_audiences(rts: Broadcaster, ptrc: Broadcaster) -> None:
    """Reach and share of three films, each as one panel says it, and of a week of the channel."""
    desk = User.objects.get(username=_DESK)
    films = Airing.objects.filter(channel__slug="jibek-joly", origin=rts).order_by("-started_at")[:3]
    for place, film in enumerate(films):
        shared = {
            "airing": film, "language": film.language, "source": _SOURCE, "method": "people meter",
            "as_of": film.started_at.date() + timedelta(days=1), "stated_by": ptrc, "made_by": rts, "recorded_by": desk,
        }  # fmt: skip
        AudienceFigure.objects.create(measure="reach", unit=Unit.PEOPLE, value=84_000 + 13_500 * place, **shared)
        AudienceFigure.objects.create(
            measure="share", unit=Unit.PERCENT, value=Decimal("3.4") + Decimal("0.7") * place, **shared
        )


def _send_log(house: Broadcaster, today: date) -> None:
    """A log of two days ago that is written but for one row, which waits for a person."""
    day = (today - timedelta(days=2)).strftime("%d.%m.%Y")
    log = (
        "Күні;Басталуы;Ұзақтығы;Атауы;Тілі;Шыққан жері\n"
        f"{day};06:00:00;00:25:00;Таңғы шолу;kk;\n"
        f"{day};12:30:00;00:40:10:12;Dunavske priče;sr;RTS\n"
        f"{day};25:10:00;01:20:00;Түнгі фильм;kk;\n"
        f"{day};18:00:00;00:30:00;Мост через Саву;ru;Көрші телеарна\n"
    )
    desk = User.objects.get(username=_DESK)
    channel = Channel.objects.get(slug="jibek-joly")
    received = receive_airings(log.encode(), broadcaster=house, actor=desk, file_name=_LOG, channel=channel)
    read_airings(received.pk)
    apply_airings(received, actor=desk)
    run_airings(received.pk)
