"""Records behind a figure: day, channel, title and number, written as the reader's language writes them."""

from datetime import UTC, date, datetime

import pytest
from django.urls import reverse
from lxml import html

from broadcasters.constants import Area, Role
from broadcasters.models import Airing, AudienceFigure, Memorandum
from tests.broadcasters.agreement import make_agreement, owed, signed
from tests.factories import make_broadcaster, make_channel, make_module, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(client):
    """A director's page of an agreement under which Astana has aired Belgrade's film, with two figures on it."""
    rts, ptrc = make_broadcaster("rts"), make_broadcaster("ptrc")
    agreement = make_agreement(rts, ptrc)
    signed(agreement, rts)
    make_module(rts, ptrc, area=Area.NEWS_EXCHANGE)
    channel = make_channel(ptrc, name_sr="Пут свиле")
    airing = Airing.objects.create(
        channel=channel, origin=rts, title="Дунав", language="ru",
        started_at=datetime(2026, 3, 4, 18, 30, tzinfo=UTC), duration_ms=5_180 * 60_000,
    )  # fmt: skip
    for value in (84_000, 111_000):
        AudienceFigure.objects.create(
            airing=airing, language="ru", measure="reach", unit="people", value=value, source=f"TNS {value}",
            as_of=date(2026, 3, 9), stated_by=ptrc, made_by=rts,
        )  # fmt: skip
    client.force_login(make_user(rts, Role.ADMINISTRATOR), backend="broadcasters.auth.RoleBackend")
    client.cookies["django_language"] = "sr"

    def opened(name, **query):
        address = reverse(f"admin:broadcasters_memorandum_{name}", args=[agreement.pk])
        return html.fromstring(client.get(address, {"period": "2026-03", **query}).content.decode())

    return opened


def records(tree):
    return [
        [" ".join(cell.text_content().split()) for cell in row.xpath("td")]
        for row in tree.xpath("//table[contains(@class, 'mx-records')]/tbody/tr")
    ]


def test_records_tell_day_channel_title_and_number(page):
    sides = {"giver": "rts", "receiver": "ptrc"}
    assert records(page("records", count="minutes-aired", **sides)) == [
        ["04.03.2026. 19:30", "Пут свиле", "Дунав", "5.180"]
    ]
    stated = records(page("records", count="audience-stated", **sides))
    assert [row[:3] for row in stated] == [["04.03.2026. 19:30", "Пут свиле", "Дунав"]] * 2
    assert ["111.000" in row[3] for row in stated] == [True, False]


def test_numbers_and_dates_of_one_page_are_written_in_one_manner(page):
    text = page("health").text_content()
    assert text.count("5.180") == 4  # bar and table, of minutes and of minutes by language
    assert "5180" not in text
    assert "111.000" in text
    assert "84.000" in text
    assert ",00" not in text
    assert "27.02.2026." in text
    assert "2026-02-27" not in text


def test_health_says_whose_obligations_are_overdue_where_the_first_page_counts_ones_own(page, client):
    agreement = Memorandum.objects.get()
    for debtor in agreement.parties.order_by("broadcaster__slug"):
        owed(agreement, debtor.broadcaster, starts_on=date(2025, 1, 1))
    alarm = " ".join(page("health").xpath("//p[@class='hl-alarm']")[0].text_content().split())
    assert alarm.startswith("2 обавезе касне.")
    assert "PTRC: 1, RTS: 1." in alarm
    tile = html.fromstring(client.get(reverse("admin:index")).content.decode())
    assert tile.xpath("//a[contains(@href, 'obligation') and contains(., '1')]")
