"""Sentences that count, that name a moment, and that are read when things have gone on."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import override

from mediaexchange.core.languages.tags import SHOWN
from mediaexchange.core.models import User
from newsexchange.models import RecallNotice
from productions.models import Decision, Window
from productions.services.review import withdraw_decision
from tests.notifications.bureau import YEARS
from tests.notifications.reading import faults_of, rows_of, said

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("sr", ("година", "године", "година", "година")),
        ("sr-latn", ("godina", "godine", "godina", "godina")),
        ("kk", ("жыл", "жыл", "жыл", "жыл")),
        ("ru", ("год", "года", "лет", "год")),
        ("en", ("year", "years", "years", "years")),
    ],
)
def test_years_are_counted_in_the_forms_of_the_language(houses, language, words):
    rows = rows_of("correspondents.anniversary", houses)[houses.at_own("editor")]
    text = " ".join(said(rows, language))
    assert sorted(re.findall(r": (\d+) (\w+),", text)) == sorted(
        (str(count), word) for count, word in zip(YEARS, words, strict=True)
    )


def test_a_moment_is_told_by_the_clocks_of_each_reader(houses):
    """In the inbox as in the mail; the languages write it otherwise."""
    moved = houses.at_partner("administrator")
    User.objects.filter(pk=moved.pk).update(time_zone="Europe/Belgrade")
    inbox = reverse("admin:core_notification_changelist") + "?app=newsexchange"
    rows = rows_of("newsexchange.recall", houses)
    for person, zone in ((houses.at_partner("exchange-desk"), "Asia/Almaty"), (moved, "Europe/Belgrade")):
        for language in SHOWN:
            User.objects.filter(pk=person.pk).update(language=language)
            notices = RecallNotice.objects.filter(uid__in=[row.subject_uid for row in rows[person]])
            (due,) = notices.filter(due_at__gt=timezone.now()).values_list("due_at", flat=True)
            with override(language):
                moment = date_format(due.astimezone(ZoneInfo(zone)), "SHORT_DATETIME_FORMAT")
            assert any(moment in text for text in said(rows[User.objects.get(pk=person.pk)], language))
            assert moment in houses.browsers[person.pk].get(inbox).content.decode(), (person, language)


def test_a_windows_days_are_those_of_its_page_and_hours_name_their_zone(houses):
    person = houses.at_own("producer")
    rows = rows_of("productions.window-ends", houses)[person]
    ends = Window.objects.filter(uid=rows[0].subject_uid)
    assert said(rows, "ru")[0].endswith("(Asia/Almaty).")
    ends.update(ends_at=datetime(2027, 12, 31, 19, tzinfo=UTC), starts_at=datetime(2026, 12, 31, 19, tzinfo=UTC))
    assert said(rows, "en")[0].endswith("ends on 31 Dec 2027.")  # midnight in Almaty ends the day before
    assert said(rows, "sr")[0].endswith(" 31.12.2027.")
    (opens,) = rows_of("productions.window-opens", houses)[person]
    Window.objects.filter(uid=opens.subject_uid).update(starts_at=datetime(2026, 12, 31, 23, tzinfo=UTC))
    assert said([opens], "en")[0].endswith("opens on 1 Jan 2027.")


@pytest.mark.parametrize("code", ["broadcasters.term-ends", "broadcasters.notice-by"])
def test_a_reminder_that_is_read_in_the_next_term_tells_of_the_one_that_was_meant(houses, code):
    rows = rows_of(code, houses)[houses.at_own("administrator")]
    told = said(rows, "en")
    with time_machine.travel(timezone.now() + timedelta(days=60)):
        assert said(rows, "en") == told


def test_a_decision_that_was_withdrawn_is_not_told_as_one_that_stands(houses):
    decision = Decision.objects.get(decision="changes")
    withdraw_decision(decision, actor=None, reason="zz")
    rows = rows_of("productions.decision-made", houses)[houses.at_partner("producer")]
    theirs = [row for row in rows if row.subject_uid == decision.uid]
    assert len(theirs) == 2  # what was said, and that it was taken back
    assert all(text.endswith(" (withdrawn).") for text in said(theirs, "en"))
    for language in SHOWN:
        for text in said(theirs, language):
            assert text.endswith(").")
            assert faults_of(text, language) == ""
