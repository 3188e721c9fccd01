"""What people without an account read of training, and what they are mailed: pages, mail, certificates."""

import orjson
import pytest
import typst
from django.core import mail
from django.urls import reverse

from mediaexchange.core.languages.leftovers.marking import Lookups
from mediaexchange.core.languages.leftovers.surfaces import hard_coded, of_page
from mediaexchange.core.languages.tags import SHOWN, to_bcp47
from tests.translations.rows_training import training_rows
from tests.translations.walk import Walk
from training.formats import certificate_pdf
from training.models import Certificate, FeedbackInvitation, Notice, Participant
from training.services.mailing import send_next
from training.tokens import certificate_address, invitation_token, person_token

pytestmark = pytest.mark.django_db


def public_pages():
    """Everybody's own page, forms that are answered and that are not, certificates that hold and that do not."""
    people = Participant.objects.filter(anonymised_at__isnull=True)
    pages = [reverse("training:person", args=[person_token(person)]) for person in people]
    forms = [FeedbackInvitation.objects.filter(is_used=is_used).first() for is_used in (True, False)]
    pages += [reverse("training:feedback", args=[invitation_token(form)]) for form in forms if form]
    pages += [certificate_address(each).partition("//")[2].partition("/")[2] for each in Certificate.objects.all()]
    return [f"/{page.lstrip('/')}" for page in pages]


def test_no_public_page_of_training_holds_a_word_that_nobody_translates(rooms, data, reporting):
    training_rows(rooms.own, rooms.partner)
    walk_all(rooms, "kk", data, reporting)


def walk_all(rooms, language, data, reporting):
    with reporting() as (report, lookups):
        walk = Walk(None, language, lookups, data)
        for address in public_pages():
            assert walk.look(f"{address}?lang={to_bcp47(language)}") is not None, address
        report.texts, report.hard_coded = walk.texts, walk.hard_coded
    assert report.texts > 200


@pytest.mark.parametrize("language", SHOWN)
def test_no_public_page_of_training_shows_a_word_of_another_language(rooms, foreign, language):
    training_rows(rooms.own, rooms.partner)
    walk = Walk(None, language, Lookups(), foreign(language))
    for address in public_pages():
        walk.look(f"{address}?lang={to_bcp47(language)}")
    assert walk.hard_coded == {}
    assert walk.texts > 200


def test_no_mail_of_training_holds_a_word_that_nobody_translates(rooms, data, reporting):
    training_rows(rooms.own, rooms.partner)
    with reporting() as (report, lookups):
        lookups.place = "mail of training"
        while send_next():
            pass
        for message in mail.outbox:
            (page,) = message.alternatives
            texts = [(message.subject, "subject"), *((line, "mail") for line in message.body.splitlines())]
            texts += of_page(page.content)
            report.texts += len(texts)
            report.hard_coded |= dict(hard_coded(texts, data))
    assert {"confirmed", "offered", "rejected", "cancelled", "certificate", "evaluation"} <= set(
        Notice.objects.filter(status="sent").values_list("kind", flat=True)
    )


@pytest.mark.parametrize("language", SHOWN)
def test_a_certificate_holds_no_word_of_another_language(rooms, foreign, monkeypatch, language):
    def noted(template, **options):
        texts.extend(text for value in options["sys_inputs"].values() for text in said(orjson.loads(value)))
        return compile_page(template, **options)

    compile_page, texts = typst.compile, []
    monkeypatch.setattr(typst, "compile", noted)
    training_rows(rooms.own, rooms.partner)
    certificate = Certificate.objects.first()
    certificate.language = to_bcp47(language)
    certificate_pdf.render(certificate)
    assert list(hard_coded(((text, "") for text in texts), foreign(language))) == []
    assert texts


def said(value):
    """Texts of the page: neither the picture of the code nor the name of the script that chooses its letters."""
    if isinstance(value, str):
        if not value.startswith("<svg") and value not in ("cyrl", "latn"):
            yield value
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from said(each)
