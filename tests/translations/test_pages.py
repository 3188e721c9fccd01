"""No page of the admin says anything in another language than its reader's.

One walk in marked letters goes for all languages: what was looked up is compared with each language's catalog. What is
made from data when a page is shown (scripts, names, dates) is looked at as it is, each page in one of the languages;
with WALK_EVERY_LANGUAGE in the environment, as `manage.py check_translations` sets it, every page in each of them.
"""

import os

import pytest
from django.test import Client
from django.urls import reverse

from mediaexchange.core.languages.leftovers.marking import Lookups
from mediaexchange.core.languages.leftovers.surfaces import hard_coded, of_page
from mediaexchange.core.languages.tags import SHOWN
from tests.translations.rows import Newsrooms, make_rows
from tests.translations.walk import Walk, admin_addresses, walk_admin

pytestmark = pytest.mark.django_db


def test_every_page_speaks_its_readers_language(rooms, data, reporting):
    rows = make_rows(rooms)
    seen: frozenset[str] = frozenset()
    broken = {}
    with reporting() as (report, lookups):
        for who in (rooms.editor, rooms.superuser, rooms.guest, None):
            walk = Walk(who, "kk", lookups, data)
            walk_admin(walk, rows, without=seen)
            seen |= {address for address, status in walk.statuses.items() if status == 200}
            report.texts += walk.texts
            report.hard_coded |= walk.hard_coded
            broken |= {place: status for place, status in walk.statuses.items() if status >= 500}
    assert not broken
    assert report.texts > 10_000


def test_whoever_is_locked_out_reads_it_in_their_language(rooms, data, reporting, settings):
    settings.AXES_ENABLED, settings.AXES_FAILURE_LIMIT = True, 1
    client = Client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "kk"
    with reporting() as (report, lookups):
        lookups.place = "the page of a locked account"
        for _ in range(2):
            response = client.post(reverse("admin:login"), {"username": "zzeditor", "password": "zz"})
        texts = list(of_page(response.content.decode()))
        report.texts, report.hard_coded = len(texts), dict(hard_coded(texts, data))
    assert response.status_code == 429


def test_no_page_shows_a_word_of_another_language(rooms, foreign):
    """Each page in one of the languages, by its place in the list; as somebody who may open it."""
    rows = make_rows(rooms)
    people = (rooms.editor, rooms.superuser)
    walks = {(who, each): Walk(who, each, Lookups(), foreign(each)) for who in people for each in SHOWN}
    alike = ("/history/", "/delete/")  # of whatever thing
    addresses = [address for address in admin_addresses(rows) if not address.endswith(alike)]
    for number, address in enumerate(addresses):
        language = SHOWN[number % len(SHOWN)]
        walks[rooms.editor, language].look(address)
        if walks[rooms.editor, language].statuses[address] == 403:
            walks[rooms.superuser, language].look(address)
    assert {language: walk.hard_coded for (_who, language), walk in walks.items() if walk.hard_coded} == {}
    assert sum(walk.texts for walk in walks.values()) > 5_000


@pytest.mark.skipif("WALK_EVERY_LANGUAGE" not in os.environ, reason="minutes: `manage.py check_translations` walks it")
@pytest.mark.parametrize("language", SHOWN)
def test_no_page_and_no_form_shows_a_word_of_another_language(language, rooms: Newsrooms, foreign):
    rows = make_rows(rooms)
    seen: frozenset[str] = frozenset()
    found: dict[str, str] = {}
    for who in (rooms.editor, rooms.superuser, rooms.guest, None):
        walk = Walk(who, language, Lookups(), foreign(language))
        walk_admin(walk, rows, without=seen)
        seen |= {address for address, status in walk.statuses.items() if status == 200}
        found |= walk.hard_coded
    assert found == {}
