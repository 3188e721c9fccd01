"""What is mailed of each kind: the sentence in the reader's language, and an address that works outside the system."""

from html import escape
from itertools import cycle

import pytest
from django.core import mail
from django.utils import timezone

from mediaexchange.core.inbox.mailing import gather, send_next
from mediaexchange.core.inbox.models import Notification
from mediaexchange.core.languages.tags import SHOWN, to_bcp47
from mediaexchange.core.models import User
from mediaexchange.core.notifications import all_kinds, link_of
from tests.notifications.reading import rows_of, said
from training.services import mailing as training_mailing

pytestmark = pytest.mark.django_db
ADDRESS = "https://exchange.example.org"
ELSEWHERE = [kind.code for kind in all_kinds() if kind.is_mailed_elsewhere]


@pytest.fixture
def digest(houses, settings, monkeypatch):
    """The readers' messages by whom they went to; everything is due, and the readers' languages go round."""
    settings.PUBLIC_URL = ADDRESS
    monkeypatch.setattr("mediaexchange.core.inbox.mailing.LINES", 200)
    for person, language in zip(houses.readers, cycle(SHOWN), strict=False):
        User.objects.filter(pk=person.pk).update(language=language)
    due = Notification.objects.filter(recipient__in=houses.readers).exclude(kind__in=ELSEWHERE)
    due.update(mail_due_at=timezone.now(), mail=None)
    while gather():
        pass
    while send_next():
        pass
    return {message.to[0]: message for message in mail.outbox}


def test_every_kind_is_mailed_with_an_absolute_link(houses, digest):
    mailed = set()
    for person in User.objects.filter(pk__in=[each.pk for each in houses.readers], email__in=digest):
        message = digest[person.email]
        (page, _type), language = message.alternatives[0], person.language
        assert message.extra_headers["Content-Language"] == to_bcp47(language)
        rows = list(Notification.objects.filter(recipient=person, mail__isnull=False).select_related("recipient"))
        for row, text in zip(rows, said(rows, language), strict=True):
            link = f"{ADDRESS}/admin/core/notification/{row.pk}/open/"
            assert f"\n{link}\n" in message.body
            assert f'href="{link}"' in page
            assert f"{text}\n" in message.body
            assert escape(text) in page
            mailed.add((row.kind, language))
    assert {kind for kind, _language in mailed} == {kind.code for kind in all_kinds()} - set(ELSEWHERE)
    assert {language for _kind, language in mailed} == set(SHOWN)


@pytest.mark.parametrize("code", ELSEWHERE)
def test_what_is_mailed_by_another_road_has_the_same_link_there(houses, code):
    while training_mailing.send_next():
        pass
    for person, rows in rows_of(code, houses).items():
        bodies = [message.body for message in (*houses.mailed, *mail.outbox) if message.to == [person.email]]
        link = link_of(rows[-1]).removeprefix("http://127.0.0.1:8000")
        assert any(f"http://127.0.0.1:8000{link}" in body for body in bodies), (person, link)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("sr", ("обавештења", "обавештења", "обавештење")),
        ("sr-latn", ("obaveštenja", "obaveštenja", "obaveštenje")),
        ("kk", ("хабарландыру", "хабарландыру", "хабарландыру")),
        ("ru", ("уведомления", "уведомлений", "уведомление")),
        ("en", ("notifications", "notifications", "notifications")),
    ],
)
def test_the_subject_counts_in_the_forms_of_the_language(houses, language, words):
    person = houses.at_own("administrator")
    User.objects.filter(pk=person.pk).update(language=language)
    rows = Notification.objects.filter(recipient=person)
    for count, word in zip((2, 5, 21), words, strict=True):
        Notification.objects.update(mail_due_at=None, mail=None)
        few = rows.order_by("pk").values("pk")[:count]
        Notification.objects.filter(pk__in=few).update(mail_due_at=timezone.now())
        gather()
        send_next()
        assert mail.outbox[-1].subject == f"{count} {word}"
    Notification.objects.update(mail_due_at=None, mail=None)
    Notification.objects.filter(pk=rows.earliest("pk").pk).update(mail_due_at=timezone.now())
    gather()
    send_next()
    assert mail.outbox[-1].subject == said([rows.select_related("recipient").earliest("pk")], language)[0]
