"""Every kind is told in five variants, and leads whoever was told to its subject and nobody else."""

import re

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils.translation import override

from mediaexchange.core.inbox.models import Notification
from mediaexchange.core.languages.serbian import to_latin
from mediaexchange.core.languages.tags import SHOWN
from mediaexchange.core.notifications import all_kinds, link_of, texts_of
from tests.notifications.reading import faults_of, holds, least_of, rows_of, said

pytestmark = pytest.mark.django_db
KINDS = {kind.code: kind for kind in all_kinds()}
# Pages that another house's people open as well, by right: what they find there is not the recipient's.
FOR_ALL = {
    "archive.file-damaged": "lists the damaged files of one's own house, whosever the file was",
    "correspondents.anniversary": "anniversaries of the published calendar are for every house to plan",
    "training.own-offer": "the address is the key: signed, and known to the person alone",
    "training.own-place": "as for the offer",
    "training.own-certificate": "whoever is shown a certificate may check it",
}
PUBLISHED = {"correspondents.anniversary"}  # about nothing that another house could not know


def test_every_registered_kind_is_brought_about_by_a_deed(houses):
    told = set(Notification.objects.filter(recipient__in=houses.readers).values_list("kind", flat=True))
    assert set(KINDS) - told == set()
    assert set(houses.told) == told


@pytest.mark.parametrize("code", KINDS)
def test_a_kind_says_what_it_is_about_in_every_variant(houses, code):
    rows = rows_of(code, houses)
    for person in least_of(rows):
        texts = {language: said(rows[person], language) for language in SHOWN}
        for language, each in texts.items():
            assert [faults_of(text, language) for text in each] == [""] * len(each), (language, each)
            for expected in houses.told[code]:
                assert any(holds(text, expected, language) for text in each), (expected, each)
        assert all(len(set(variants)) == len(SHOWN) for variants in zip(*texts.values(), strict=True)), texts
        assert [without_figures(to_latin(text)) for text in texts["sr"]] == list(map(without_figures, texts["sr-latn"]))
    for person, theirs in rows.items():
        assert all(said(theirs, person.language)), person


def test_a_title_is_in_the_language_of_its_variant():
    for code, kind in KINDS.items():
        titles = {}
        for language in SHOWN:
            with override(language):
                titles[language] = str(kind.title)
            assert faults_of(titles[language], language) == "", (code, language)
        assert len(set(titles.values())) == len(SHOWN), titles
        assert to_latin(titles["sr"]) == titles["sr-latn"]


def without_figures(text):
    """Days are written with other points and names of months."""
    return re.sub(r"[\d\s.,:/()–-]+", " ", text)


@pytest.mark.parametrize("code", KINDS)
def test_a_kind_leads_its_recipient_to_its_subject_and_nobody_else(houses, code):
    rows = rows_of(code, houses)
    assert all(link_of(row) for each in rows.values() for row in each)
    for person in least_of(rows):
        row = rows[person][-1]
        link, opening = link_of(row), reverse("admin:core_notification_open", args=[row.pk])
        first = houses.browsers[person.pk].get(opening)
        assert (first.status_code, first["Location"]) == (302, link)
        assert looked_at(houses, person, link) == 200, (person, link)
        assert houses.browsers[houses.stranger.pk].get(opening).status_code == 404
        expected = (200,) if code in FOR_ALL else (403, 404)
        assert looked_at(houses, houses.stranger, link) in expected, link
        if code not in PUBLISHED:
            row.recipient = houses.stranger
            assert (texts_of([row], houses.stranger), link_of(row)) == ({}, "")


def looked_at(houses, person, link):
    """The status of the page, which is neither the inbox nor that of signing in; each page is looked at once."""
    if (person.pk, link) not in houses.opened:
        page = houses.browsers[person.pk].get(link.removeprefix(settings.PUBLIC_URL), follow=True)
        elsewhere = [address for address, _status in page.redirect_chain if "/login/" in address]
        houses.opened[person.pk, link] = 302 if elsewhere else page.status_code
    return houses.opened[person.pk, link]
