"""What people are told, in their inbox and by mail, is in their language: each kind of which there is a row."""

import pytest
from django.core import mail
from django.utils import timezone
from django.utils.translation import override

from mediaexchange.core.inbox.mailing import gather, send_next
from mediaexchange.core.inbox.models import Notification
from mediaexchange.core.inbox.reading import with_texts
from mediaexchange.core.languages.leftovers.surfaces import hard_coded, of_page
from mediaexchange.core.languages.tags import SHOWN
from mediaexchange.core.models import User
from tests.translations.rows import make_rows

pytestmark = pytest.mark.django_db


def test_nothing_that_people_are_mailed_holds_a_word_that_nobody_translates(rooms, data, reporting):
    make_rows(rooms, is_whole=True)
    User.objects.filter(pk__in=[rooms.editor.pk, rooms.colleague.pk]).update(email="zz@example.org")
    Notification.objects.update(mail_due_at=timezone.now())
    with reporting() as (report, lookups):
        lookups.place = "mail of notifications"
        gather()
        while send_next():
            pass
        for message in mail.outbox:
            (page,) = message.alternatives
            texts = [(message.subject, "subject"), *((line, "mail") for line in message.body.splitlines())]
            texts += of_page(page.content)
            report.texts += len(texts)
            report.hard_coded |= dict(hard_coded(texts, data))
    assert {message.subject for message in mail.outbox}


def test_no_notification_holds_a_word_of_another_language(rooms, foreign):
    make_rows(rooms, is_whole=True)
    found, told = {}, set()
    for language in SHOWN:
        said = []
        for reader in (rooms.editor, rooms.colleague):
            with override(language):
                rows = with_texts(Notification.objects.filter(recipient=reader), reader)
                said += [(row.text, row.kind) for row in rows if row.text]
        found[language] = list(hard_coded(said, foreign(language)))
        told |= {kind.partition(".")[0] for _text, kind in said}
    assert not any(found.values()), found
    assert told >= {"archive", "correspondents", "newsexchange", "productions", "training"}
