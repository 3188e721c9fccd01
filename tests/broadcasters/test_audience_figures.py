"""Audience figures: stated with their source by hand, by API and by table; never changed, never added up."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from broadcasters.airing_constants import LogStatus
from broadcasters.audience import audience_source
from broadcasters.constants import Role
from broadcasters.indicators import Period, indicator
from broadcasters.models import Airing, AudienceFigure
from broadcasters.parsing.base import Code
from broadcasters.services.airing_import import apply_airings, read_airings, receive_airings, work_on_imports
from broadcasters.services.audience import state_figure
from mediaexchange.core.errors import ConflictError, DomainError, ForbiddenError
from tests.factories import make_broadcaster, make_channel, make_story, make_user, offer

pytestmark = pytest.mark.django_db
EVENING = datetime(2026, 9, 14, 17, 30, tzinfo=UTC)


@pytest.fixture
def channel(ptrc):
    return make_channel(ptrc, slug="astana-one")


@pytest.fixture
def airing(rts, channel):
    """Of RTS's work, in Russian, on Astana's channel."""
    return Airing.objects.create(
        channel=channel, started_at=EVENING, duration_ms=1_800_000, origin=rts, title="Film", language="ru"
    )


def stated(ptrc, **values):
    said = {
        "actor": make_user(ptrc), "stated_by": ptrc, "measure": "reach", "value": Decimal("120500"),
        "source": "Panel of Astana", "as_of": date(2026, 9, 16),
    }  # fmt: skip
    return state_figure(**said | values)


def test_a_figure_is_stated_once_and_another_of_the_same_source_and_day_is_a_conflict(ptrc, airing):
    figure = stated(ptrc, airing=airing, method="people meter")
    assert stated(ptrc, airing=airing) == figure
    assert (figure.unit, figure.language, figure.made_by) == ("people", "ru", airing.origin)
    with pytest.raises(ConflictError):
        stated(ptrc, airing=airing, value=Decimal("1"))
    other = stated(ptrc, airing=airing, value=Decimal("98000"), source="Another panel")
    in_percent = stated(ptrc, airing=airing, value=Decimal("2.5"), unit="percent")
    assert AudienceFigure.objects.filter(pk__in=[figure.pk, other.pk, in_percent.pk]).count() == 3


def test_what_cannot_be_is_refused_by_the_service_and_by_the_database(rts, ptrc, airing, channel):
    days = {"channel": channel, "starts_on": date(2026, 9, 14), "ends_on": date(2026, 9, 20)}
    wrong = [
        {}, {"airing": airing, **days}, {"airing": airing, "value": Decimal("-1")}, {"airing": airing, "source": " "},
        {"airing": airing, "measure": "share", "value": Decimal("101")}, {"airing": airing, "measure": "applause"},
        {"airing": airing, "measure": "share", "unit": "people"}, {"channel": channel},
        days | {"ends_on": date(2026, 9, 1)}, days | {"ends_on": date(2199, 1, 1)},
        {"subject_uid": "6f1f0a5e-95f1-4b7c-9f57-0d6f6f8f0a11", "language": "ru"},
    ]  # fmt: skip
    for values in wrong:
        with pytest.raises(DomainError):
            stated(ptrc, **values)
    for stranger in (make_user(rts), make_user(ptrc, Role.ARCHIVIST)):
        with pytest.raises(ForbiddenError):
            stated(ptrc, airing=airing, actor=stranger)
    row = {"measure": "share", "unit": "percent", "source": "Panel", "as_of": date(2026, 9, 16), "stated_by": ptrc}
    for broken in (
        {"airing": airing, "value": 101}, {"value": 5}, {"airing": airing, "channel": channel, "value": 5},
        {"airing": airing, "value": 5, "unit": "people"}, {"airing": airing, "value": 5, "source": ""},
    ):  # fmt: skip
        with pytest.raises(IntegrityError), transaction.atomic():
            AudienceFigure.objects.create(**row | broken)


def test_an_edition_of_a_story_has_figures_in_its_language_that_its_maker_reads(rts, ptrc):
    story = make_story(rts)
    with pytest.raises(DomainError):
        stated(ptrc, subject_uid=story.uid, language="en", measure="views")  # nobody has shown it to them
    offer(story, ptrc)
    with pytest.raises(DomainError):
        stated(ptrc, subject_uid=story.uid, measure="views")
    figure = stated(ptrc, subject_uid=story.uid, language="en", measure="views")
    assert (figure.subject_type, figure.made_by, figure.unit) == ("story", rts, "views")
    third = make_broadcaster("rtv")
    seen = {house: AudienceFigure.objects.visible_to(make_user(house)).exists() for house in (rts, ptrc, third)}
    assert seen == {rts: True, ptrc: True, third: False}


def imported(house, text, **values):
    received = receive_airings(text.encode(), broadcaster=house, actor=make_user(house), kind="audience", **values)
    read_airings(received.pk)
    received.refresh_from_db()
    return received


def test_a_table_states_figures_of_airings_days_and_editions(rts, ptrc, airing, channel):
    story = make_story(rts)
    offer(story, ptrc)
    received = imported(
        ptrc,
        "Арна;Күні;Басталуы;Тілі;Сілтеме;Қамту;Үлес;Просмотры;По состоянию на\n"
        "astana-one;14.09.2026;22:30:40;;;120.500;12,5;;16.09.2026\n"  # the panel rounds to the minute
        "astana-one;14.09.2026;;;;1 234 567;;;16.09.2026\n"
        f";;;en;{story.uid};;;4500;16.09.2026\n"
        "astana-one;14.09.2026;03:00;;;5;;;16.09.2026\n"
        "astana-one;14.09.2026;;;;;120;;16.09.2026\n"
        "astana-one;14.09.2026;;;;;;;16.09.2026\n",
        source="Panel of Astana",
    )
    rows = list(received.rows.order_by("position"))
    assert [row.problems[0]["code"] if row.problems else row.action for row in rows] == [
        "create", "create", "create", Code.AIRING_UNKNOWN, Code.BAD_VALUE, Code.VALUE_MISSING,
    ]  # fmt: skip
    apply_airings(received, actor=received.created_by)
    work_on_imports()
    figures = AudienceFigure.objects.order_by("measure", "-value")
    assert [(each.measure, each.value, each.airing, each.made_by) for each in figures] == [
        ("reach", Decimal("1234567.00"), None, None), ("reach", Decimal("120500.00"), airing, rts),
        ("share", Decimal("12.50"), airing, rts), ("views", Decimal("4500.00"), None, rts),
    ]  # fmt: skip
    again = imported(
        ptrc, "channel;date;start;reach;share;as of\nastana-one;2026-09-14;22:30;120500;12.5;2026-09-16\n"
        "astana-one;2026-09-14;22:30;;13;2026-09-16\n", source="Panel of Astana",
    )  # fmt: skip
    assert [row.action for row in again.rows.order_by("position")] == ["known", "refuse"]
    assert again.rows.get(position=3).problems[0]["code"] == Code.FIGURE_STANDS
    assert imported(ptrc, "channel;date;reach\nastana-one;2026-09-14;5\n").status == LogStatus.COLUMNS  # no source


def test_days_to_come_have_no_audience(ptrc, channel):
    tomorrow = ptrc.today() + timedelta(days=1)
    received = imported(ptrc, f"channel;date;reach;as of\nastana-one;{tomorrow};5;{tomorrow}\n", source="Panel")
    assert received.rows.get().problems[0]["code"] == Code.DAY_AHEAD


def test_partners_figures_are_counted_by_measure_and_language_and_never_added(rts, ptrc, airing):
    stated(ptrc, airing=airing)
    stated(ptrc, airing=airing, value=Decimal("98000"), source="Another panel")
    source, period = audience_source("audience-stated"), Period(EVENING.replace(day=1), EVENING.replace(day=30))
    rows = source.count.rows(rts, period, ptrc)
    assert rows.count() == 2
    assert source.count.rows(ptrc, period, rts).count() == 0
    minutes = indicator("minutes-aired")
    assert minutes.value(minutes.rows(rts, period, ptrc)) == 30
    foreign = indicator("minutes-aired-of-partners")
    assert foreign.value(foreign.rows(ptrc, period, rts)) == 30
    assert foreign.value(foreign.rows(rts, period, ptrc)) == 0


def test_by_api_and_admin(rts, ptrc, airing, channel, belgrade, astana):
    body = {"airing": str(airing.uid), "measure": "share", "value": "12.5", "source": "Panel", "as_of": "2026-09-16"}
    written = astana.post("audience-figures/", body)
    assert written.status_code == 201
    assert astana.post("audience-figures/", body).json()["uid"] == written.json()["uid"]
    assert astana.post("audience-figures/", body | {"value": "13"}).status_code == 409
    assert astana.post("audience-figures/", body | {"stated_by": "rts"}).status_code == 403
    assert astana.post("audience-figures/", body | {"weather": "fine"}).status_code == 400
    edition = {"subject_uid": str(make_story(ptrc).uid), "language": "kk", "starts_on": "2026-09-14"}
    backwards = {"measure": "views", "value": "5", "source": "Log", "as_of": "2026-09-16", "ends_on": "2026-09-01"}
    assert astana.post("audience-figures/", edition | backwards).status_code == 422
    assert [row["value"] for row in belgrade.get("audience-figures/", language="ru").json()["results"]] == ["12.50"]
    client = Client()
    client.force_login(make_user(ptrc))
    address = reverse("admin:broadcasters_audiencefigure_add")
    assert client.get(address).status_code == 200
    said = {
        "channel": channel.pk, "starts_on": "2026-09-14", "ends_on": "2026-09-20", "measure": "reach", "value": "5000",
        "source": "Panel", "as_of": "2026-09-21", "stated_by": ptrc.pk, "unit": "", "language": "", "method": "",
    }  # fmt: skip
    assert client.post(address, said | {"ends_on": "2026-09-01"}).status_code == 200
    of_edition = {"channel": "", "measure": "views", "ends_on": "2026-09-01"} | {
        name: edition[name] for name in ("subject_uid", "language")
    }
    assert client.post(address, said | of_edition).status_code == 200
    assert client.post(address, said).status_code == 302
    assert AudienceFigure.objects.get(channel=channel).unit == "people"
    assert client.get(reverse("admin:broadcasters_audiencefigure_changelist")).status_code == 200
