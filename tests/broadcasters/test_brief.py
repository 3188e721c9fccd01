"""Briefs: the same figures in five languages and three formats, one page, frozen, sent at most once."""

import io
import re
import shutil
import subprocess
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from lxml import html
from python_calamine import CalamineWorkbook

from broadcasters.constants import Role
from broadcasters.formats.brief import page_of, render_html, render_pdf
from broadcasters.formats.brief_book import render_book
from broadcasters.health import health_of
from broadcasters.models import Brief, BriefIssue, BriefSubscription, Membership, Memorandum
from broadcasters.services.brief import make_brief, next_due_at, resume_subscription, subscribe
from broadcasters.services.brief_sending import plan_issues, send_next
from broadcasters.spans import parse_span
from mediaexchange.core.errors import ForbiddenError
from mediaexchange.core.inbox.models import Notification
from mediaexchange.core.languages.tags import SHOWN
from tests.broadcasters.admin_pages import sent
from tests.broadcasters.agreement import AT, MARCH, lived_in_agreement, make_agreement, owed, taken
from tests.factories import make_broadcaster, make_user

pytestmark = pytest.mark.django_db
NEEDS_POPPLER = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler-utils are not installed")


@pytest.fixture
def agreement(rts, ptrc):
    return lived_in_agreement(rts, ptrc)


@pytest.fixture
def brief(agreement, rts):
    return make_brief(agreement, actor=make_user(rts, time_zone="Europe/Belgrade"), span=parse_span(MARCH), at=AT)


def cells_of_html(brief, language):
    """(table, row, place) → the value behind the shown text; the text itself is checked to say it."""
    tree, found = html.fromstring(render_html(brief, language)), {}
    for table in tree.xpath("//section[@data-key]"):
        for number, row in enumerate(table.xpath(".//tbody/tr"), start=1):
            for place, cell in enumerate(row.xpath("./th|./td")):
                if (value := cell.get("data-value")) and "-" not in value:
                    shown = re.sub(r"[\s\u00a0\u202f%]", "", cell.text_content())
                    point = "." if language == "en" else ","
                    plain = re.sub(rf"[^0-9{re.escape(point)}]", "", shown).replace(point, ".")
                    assert Decimal(plain) == Decimal(value), (language, cell.text_content(), value)
                    found[table.get("data-key"), number, place] = Decimal(value)
    return found


def cells_of_book(brief, language):
    """The same of a workbook, whose cells must be numbers."""
    book, found = CalamineWorkbook.from_filelike(io.BytesIO(render_book(brief, language))), {}
    tables = page_of(brief, language).tables
    for name, table in zip(book.sheet_names[1:], tables, strict=True):
        rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        for number in range(1, len(table.rows) + 1):
            for place, value in enumerate(rows[number]):
                if isinstance(value, int | float):
                    found[table.key, number, place] = Decimal(str(value))
    return found


def words_of(text):
    """Without the hyphens of the page's lines."""
    return Counter(re.findall(r"\d+", re.sub(r"[\s\u00a0\u202f]", " ", text)))


def test_all_languages_and_formats_have_the_same_figures(brief):
    first = cells_of_html(brief, "sr")
    assert {
        ("obligations", 1, 6): 3,
        ("seconds-by-language", 1, 2): 1234,
        ("shares", 1, 4): Decimal("50.0"),
    }.items() <= (first.items())
    assert len(first) > 60
    for language in SHOWN:
        assert cells_of_html(brief, language) == first, language
        assert cells_of_book(brief, language) == first, language


@NEEDS_POPPLER
@pytest.mark.parametrize("language", SHOWN)
def test_the_paper_has_the_figures_of_the_page_in_one_page(brief, language):
    made = subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=render_pdf(brief, language), capture_output=True, check=True
    )
    paper = made.stdout.decode()
    assert paper.count("\f") == 1
    tree = html.fromstring(render_html(brief, language))
    page = " ".join(tree.xpath("//main//text()"))
    assert words_of(paper) - Counter({"1": 2}) == words_of(page)  # but for “1 / 1” of the footer


@NEEDS_POPPLER
def test_what_does_not_fit_on_the_page_is_told_and_stands_in_the_workbook(agreement, rts, ptrc):
    for number in range(70):
        owed(agreement, rts, title_sr=f"Обавеза {number}", title_en=f"Duty {number}")
    brief = make_brief(agreement, actor=make_user(rts), span=parse_span(MARCH), at=AT)
    told = subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=render_pdf(brief, "en"), capture_output=True, check=True
    )
    paper = told.stdout.decode()
    assert paper.count("\f") == 1
    shown = len(re.findall(r"Duty \d+|Five stories|Two hours", paper))
    left_out = [int(number) for number in re.findall(r"(\d+) more rows? stands? in the workbook", paper)]
    assert 72 - shown in left_out
    assert sum(key[0] == "obligations" and key[2] == 3 for key in cells_of_book(brief, "en")) == 72


def test_an_obligation_of_part_of_a_year_says_what_a_whole_one_asks(agreement, rts):
    late = date(2026, 3, 15)
    owed(agreement, rts, title_en="Duty", title_sr="Обавеза", amount=400, rhythm="year", starts_on=late)
    brief = make_brief(agreement, actor=make_user(rts), span=parse_span(MARCH), at=AT)
    assert "Duty (in proportion; 400 for a whole period)" in render_html(brief, "en")


def test_what_happens_later_does_not_change_a_brief(brief, rts, ptrc):
    before = cells_of_html(brief, "kk")
    taken(rts, ptrc, datetime(2026, 3, 20, tzinfo=UTC))
    assert cells_of_html(Brief.objects.get(), "kk") == before


def test_a_brief_counts_what_its_person_sees_and_is_that_persons_alone(agreement, brief, rts, ptrc, client):
    theirs = make_brief(agreement, actor=make_user(ptrc), span=parse_span(MARCH), at=AT)
    taken(rts, ptrc, datetime(2026, 3, 21, tzinfo=UTC))
    rts_takes = rts.stories.filter(takes__isnull=False).first()
    type(rts_takes).objects.filter(pk=rts_takes.pk).update(is_held=True)  # out of sight for who has taken it
    ours = make_brief(agreement, actor=brief.person, span=parse_span(MARCH), at=AT)
    others = make_brief(agreement, actor=theirs.person, span=parse_span(MARCH), at=AT)
    assert [line["values"] for line in ours.content["counts"] if line["count"] == "stories-taken"] == [[1, 4]]
    assert [line["values"] for line in others.content["counts"] if line["count"] == "stories-taken"] == [[1, 3]]
    client.force_login(brief.person)
    assert client.get(reverse("admin:broadcasters_brief_page", args=[brief.pk, "sr"])).status_code == 200
    assert client.get(reverse("admin:broadcasters_brief_page", args=[theirs.pk, "sr"])).status_code == 404
    Membership.objects.filter(user=brief.person).update(broadcaster=make_broadcaster("elsewhere"))
    assert client.get(reverse("admin:broadcasters_brief_page", args=[brief.pk, "sr"])).status_code == 404
    with pytest.raises(ForbiddenError):
        make_brief(agreement, actor=make_user(make_broadcaster("rtv")), span=parse_span(MARCH))


def test_the_health_of_an_agreement_costs_as_much_for_one_record_as_for_three(agreement, rts, ptrc):
    reader, costs = make_user(rts), []
    for more in (0, 2):
        for day in range(more):
            taken(rts, ptrc, datetime(2026, 3, 12 + day, tzinfo=UTC), topics=["medtop:11000000"])
        with CaptureQueriesContext(connection) as captured:
            health_of(Memorandum.objects.get(), parse_span(MARCH), reader, at=AT)
        costs.append(len(captured))
    assert costs[0] == costs[1]


def test_every_figure_of_the_page_opens_as_many_records_as_it_counts(agreement, rts, ptrc, client):
    client.force_login(make_user(rts, Role.ADMINISTRATOR))
    address = reverse("admin:broadcasters_memorandum_health", args=[agreement.pk])
    tree = html.fromstring(client.get(f"{address}?period={MARCH}").content)
    figures = {link.get("href"): link.text_content() for link in tree.xpath("//a[contains(@href, '/health/records/')]")}
    assert len(figures) > 40
    told = [each for each in figures.items() if each[1] != "0"]
    for href, shown in [*told[::4], next(each for each in figures.items() if each[1] == "0")]:
        opened = html.fromstring(client.get(href).content)
        assert opened.xpath("//strong[@class='hl-value-counted']")[0].text_content() == shown, href
        if "seconds" not in href and "minutes" not in href and "speakers" not in href:
            rows = opened.xpath("//table[contains(@class, 'mx-records')]/tbody/tr")
            assert [bool(row.xpath(".//a")) for row in rows] == [True] * int(shown), href
    client.force_login(make_user(make_broadcaster("rtv"), Role.ADMINISTRATOR))
    assert client.get(next(iter(figures))).status_code == 404


def test_a_frozen_figure_of_an_obligation_opens_the_records_of_its_own_days(rts, ptrc, client):
    agreement, person = make_agreement(rts, ptrc), make_user(rts, Role.ADMINISTRATOR)
    owed(agreement, rts, ptrc)
    for day in (2, 3, 4):
        taken(rts, ptrc, datetime(2026, 3, day, 9, tzinfo=UTC))
    taken(rts, ptrc, datetime(2026, 4, 2, 9, tzinfo=UTC))
    frozen = make_brief(agreement, actor=person, span=parse_span(MARCH), at=datetime(2026, 3, 31, 8, tzinfo=UTC))
    with time_machine.travel(AT, tick=False):  # in April
        client.force_login(person)
        page = client.get(reverse("admin:broadcasters_brief_page", args=[frozen.pk, "en"]))
        links = html.fromstring(page.content).xpath("//a[contains(@href, 'obligation=')]")
        opened = [client.get(link.get("href"), follow=True).context["figure"].done for link in links]
    assert opened == [int(link.text_content()) for link in links] == [3, 0]


@time_machine.travel(datetime(2026, 3, 31, 20, 30, tzinfo=UTC), tick=False)
def test_the_last_month_is_that_of_the_persons_clocks(agreement, ptrc, client):
    client.force_login(make_user(ptrc))
    answer = client.get(f"/api/v1/memoranda/{agreement.slug}/brief/?format=json")
    assert answer.json()["content"]["period"]["code"] == MARCH  # in Astana it is April


@pytest.mark.parametrize(
    "query",
    [
        "period=2026-13", "giver=rts&receiver=x", "count=gone", "breakdown=stories-by-topic&part=%00", "page=9",
        "giver=rts&receiver=ptrc&breakdown=stories-by-topic&part=%00",
        "giver=rts&receiver=ptrc&audience=audience-stated&part=a%00:b",
    ],
)  # fmt: skip
def test_rubbish_in_the_address_of_records_is_not_found(agreement, rts, client, query):
    client.force_login(make_user(rts, Role.ADMINISTRATOR))
    address = reverse("admin:broadcasters_memorandum_records", args=[agreement.pk])
    assert client.get(f"{address}?{query}").status_code == 404


@pytest.mark.parametrize(
    ("accept", "query", "content_type"),
    [
        ("application/json", "", "application/json"),
        ("application/pdf", "", "application/pdf"),
        ("text/html", "&lang=sr-Latn", "text/html; charset=utf-8"),
        ("*/*", "&format=xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ],
)
def test_the_api_gives_the_brief_in_the_form_that_is_asked_for(agreement, rts, client, accept, query, content_type):
    client.force_login(make_user(rts))
    answer = client.get(f"/api/v1/memoranda/{agreement.slug}/brief/?period={MARCH}{query}", headers={"accept": accept})
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, content_type)
    client.force_login(make_user(make_broadcaster("rtv")))
    assert client.get(f"/api/v1/memoranda/{agreement.slug}/brief/").status_code == 404


# Sent by schedule


def scheduled(agreement, person, at, **fields):
    values = {"rhythm": "week", "language": "sr", "format": "pdf", "weekday": "0", "hour": 7}
    return subscribe(
        BriefSubscription(person=person, memorandum=agreement, **values | fields), actor=person, at=at
    )  # fmt: skip


def work():
    while plan_issues():
        pass
    while send_next():
        pass


def test_a_brief_goes_out_at_the_persons_hour_through_the_change_of_clocks(agreement, rts):
    person = make_user(rts, time_zone="Europe/Belgrade")
    friday = datetime(2026, 3, 27, 12, tzinfo=UTC)
    weekly = scheduled(agreement, person, friday)
    assert weekly.next_due_at == datetime(2026, 3, 30, 5, tzinfo=UTC)  # 7 o'clock, summer time since the day before
    monthly = scheduled(agreement, person, friday, rhythm="month", weekday="2", hour=0)
    assert monthly.next_due_at == datetime(2026, 3, 31, 22, tzinfo=UTC)  # Wednesday, 1 April
    quarterly = scheduled(agreement, person, friday, rhythm="quarter", weekday="1")
    assert quarterly.next_due_at == datetime(2026, 4, 7, 5, tzinfo=UTC)
    assert next_due_at(quarterly, quarterly.next_due_at) == datetime(2026, 7, 7, 5, tzinfo=UTC)


def test_a_brief_is_sent_once_for_each_period_with_its_paper(agreement, rts):
    person = make_user(rts, email="director@example.org", language="sr")
    now = datetime.now(UTC)
    weekly = scheduled(agreement, person, now - timedelta(days=20))
    work()
    work()
    BriefSubscription.objects.update(next_due_at=now - timedelta(days=1))  # rung for again
    work()
    (message,) = mail.outbox
    issue = BriefIssue.objects.get()
    assert (issue.status, message.to) == ("sent", ["director@example.org"])
    assert message.extra_headers["Message-ID"].startswith(f"<briefs.{issue.uid}@")
    ((name, content, kind),) = message.attachments
    assert name == f"{agreement.slug}-{issue.period}-sr-Cyrl.pdf"
    assert (kind, content[:5]) == ("application/pdf", b"%PDF-")
    assert "Меморандум о размени" in message.subject
    assert Notification.objects.get(recipient=person).subject_uid == issue.brief.uid
    weekly.refresh_from_db()
    assert weekly.next_due_at > now


def test_a_brief_that_cannot_be_sent_is_missed_and_holds_up_no_other(agreement, rts, monkeypatch):
    broken, other = (make_user(rts, email=f"{name}@example.org") for name in ("first", "second"))
    for person in (broken, other):
        scheduled(agreement, person, datetime.now(UTC) - timedelta(days=20))
    send = EmailMultiAlternatives.send

    def fail(message, *args, **kwargs):
        if message.to == [broken.email]:
            raise ValueError
        return send(message, *args, **kwargs)

    monkeypatch.setattr(EmailMultiAlternatives, "send", fail)
    Memorandum.objects.update(name_sr="Меморандум\nо размени")
    work()
    (message,) = mail.outbox
    assert message.to == [other.email]
    assert "Меморандум о размени" in message.subject
    missed = BriefIssue.objects.get(subscription__person=broken)
    assert (missed.status, missed.last_error, missed.lease_token) == ("pending", "mail: ValueError", None)


def test_who_loses_the_membership_gets_nothing_and_is_paused(agreement, rts):
    person = make_user(rts, email="director@example.org")
    subscription = scheduled(agreement, person, datetime.now(UTC) - timedelta(days=20))
    Membership.objects.filter(user=person).delete()
    work()
    subscription.refresh_from_db()
    assert (mail.outbox, subscription.paused) == ([], "not-a-member")
    assert BriefIssue.objects.get().status == "called-off"
    assert not Brief.objects.exists()
    with pytest.raises(ForbiddenError):
        resume_subscription(subscription, actor=person)


def test_a_sender_that_was_killed_is_followed_by_another_with_the_same_figures(agreement, rts, monkeypatch):
    person = make_user(rts, email="director@example.org")
    scheduled(agreement, person, datetime.now(UTC) - timedelta(days=20))

    class Killed(BaseException):
        pass

    def killed(*_args):
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr("broadcasters.services.brief_sending._message", killed)
        with pytest.raises(Killed):
            work()
    assert not send_next()  # the lease holds
    BriefIssue.objects.update(leased_until=datetime.now(UTC) - timedelta(seconds=1))
    work()
    assert (len(mail.outbox), Brief.objects.count(), BriefIssue.objects.get().status) == (1, 1, "sent")


def test_two_schedules_of_one_kind_and_those_of_others_are_refused(agreement, rts, ptrc, client):
    person = make_user(rts)
    client.force_login(person)
    address = "/api/v1/brief-subscriptions/"
    wanted = {"memorandum": agreement.slug, "language": "kk"}
    made = client.post(address, wanted, content_type="application/json")
    assert made.status_code == 201, made.content
    again = client.post(address, wanted, content_type="application/json")
    assert (again.status_code, again.json()["code"]) == (422, "subscribed-already")
    add = reverse("admin:broadcasters_briefsubscription_add")
    assert sent(client, add, memorandum=agreement.pk, rhythm="week", format="pdf").context["errors"]
    uid = made.json()["uid"]
    assert client.post(f"{address}{uid}/pause/").json()["paused"] == "asked"
    assert client.post(f"{address}{uid}/resume/").json()["paused"] == ""
    client.force_login(make_user(ptrc, Role.ADMINISTRATOR))
    assert client.get(f"{address}{uid}/").status_code == 404
    assert client.delete(f"{address}{uid}/").status_code == 404
    client.force_login(person)
    assert client.delete(f"{address}{uid}/").status_code == 204


def test_an_agreement_without_anything_has_a_brief_as_well(rts, ptrc):
    with time_machine.travel(AT, tick=False):
        empty = make_agreement(rts, ptrc, slug="empty", in_force_on=None, term_months=None, renewal="none")
        brief = make_brief(empty, actor=make_user(rts), span=parse_span("2026-W10"))
        assert render_pdf(brief, "ru").startswith(b"%PDF-")
        assert all(row[1].value == row[2].value == 0 for row in _given(brief).rows)


def _given(brief):
    return next(table for table in page_of(brief, "en").tables if table.key == "given")
