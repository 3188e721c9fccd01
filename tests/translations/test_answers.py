"""No problem that the API answers with, and no mail, is in another language than its reader's."""

import os
from datetime import timedelta

import orjson
import pytest
import typst
from django.core import mail
from django.utils import timezone
from drf_spectacular.generators import SchemaGenerator

from mediaexchange.core.languages.leftovers.marking import Lookups
from mediaexchange.core.languages.leftovers.surfaces import Data, hard_coded, of_page
from mediaexchange.core.languages.tags import SHOWN
from newsexchange.constants import DeliveryStatus, RecallKind
from newsexchange.models import Delivery
from newsexchange.services.digest import send_digests
from newsexchange.services.documents import document_of
from newsexchange.services.fanout import fan_out
from newsexchange.services.offer import offer_story
from newsexchange.services.recall import recall_story
from newsexchange.services.story import save_story
from tests.factories import make_subscription
from tests.translations.rows import WORDS, hang_dopesheet, make_rows
from tests.translations.walk_api import ApiWalk, walk_api

pytestmark = pytest.mark.django_db
# JSON's kinds of values, by the names that Django REST framework has for them.
_AROUND_NAMES = (("«", "»"), ('"', '"'), (" ", ","), (" ", "."))
ORDERS = ("date", "-date", "dated", "-dated")  # what a list can be sorted by beside its fields
KINDS = ("str", "int", "float", "bool", "list", "dict", "NoneType")


@pytest.fixture
def names_of_the_api() -> list[str]:
    """What a sentence may name: parameters, fields and kinds of values are called the same in every language."""
    names = {*KINDS, *ORDERS}
    schema = SchemaGenerator().get_schema(public=True)
    for operations in schema["paths"].values():
        for operation in operations.values():
            names |= {parameter["name"] for parameter in operation.get("parameters", ())}
    for component in schema["components"]["schemas"].values():
        names |= component.get("properties", {}).keys()
    return [f"{before}{name}{after}" for name in names for before, after in _AROUND_NAMES]


def test_every_problem_is_told_in_the_callers_language(rooms, names_of_the_api, reporting, settings):
    rows, data = make_rows(rooms), Data(names_of_the_api)
    codes = {}
    with reporting() as (report, lookups):
        for key in (rooms.key, rooms.bare_key, "zz", ""):
            walk = ApiWalk(key, "kk", lookups, data)
            if key == rooms.key:
                walk_api(walk, rows)
            for address in ("/api/v1/stories/", "/api/v1/zz/"):
                walk.ask("get", address)
                walk.ask("post", address, b"{}")
            report.texts += walk.texts
            report.hard_coded |= walk.hard_coded
            codes |= walk.codes
        settings.API_RATE = (0, 60)
        walk = ApiWalk(rooms.key, "kk", lookups, data)
        walk.ask("get", "/api/v1/stories/")
        report.texts += walk.texts
        report.hard_coded |= walk.hard_coded
        codes |= walk.codes
    assert {400, 401, 403, 404, 405, 415, 429} <= codes.keys()


@pytest.mark.skipif("WALK_EVERY_LANGUAGE" not in os.environ, reason="minutes: `manage.py check_translations` walks it")
@pytest.mark.parametrize("language", SHOWN)
def test_no_problem_holds_a_word_of_another_language(language, rooms, foreign, names_of_the_api):
    walk = ApiWalk(rooms.key, language, Lookups(), foreign(language, names_of_the_api))
    walk_api(walk, make_rows(rooms))
    assert walk.hard_coded == {}
    assert walk.texts > 500


def test_a_digest_holds_no_word_that_nobody_translates(rooms, data, reporting):
    rooms.partner.working_languages = ["kk"]
    rooms.partner.save()
    make_subscription(rooms.partner, name="zz", destination="email", url="", secret="", email="zz@example.org")
    told, updated, recalled = (rooms.story(usage_terms=WORDS) for _ in range(3))
    told.restrictions.create(no_archive=True, territories=["RS"], max_seconds=30)
    for story in (told, updated, recalled):
        offer_story(story, to=[rooms.partner], actor=None)
    with reporting() as (report, lookups):
        lookups.place = "the digest"
        _send()
        updated.headline_sr = "ახალი"
        save_story(updated, actor=rooms.editor, changed={"headline_sr"})
        recall_story(recalled, actor=rooms.editor, kind=RecallKind.KILL, reason=WORDS)
        _send()
        for message in mail.outbox:
            (page,) = message.alternatives
            texts = [(message.subject, "subject"), *((line, "mail") for line in message.body.splitlines())]
            texts += of_page(page.content)
            report.texts += len(texts)
            report.hard_coded |= dict(hard_coded(texts, data))
    assert len(mail.outbox) == 2


@pytest.fixture
def printed(monkeypatch):
    """What is handed to the printer of PDF documents, as texts."""
    compile_page = typst.compile

    def noted(template, **options):
        texts.extend(text for data in options["sys_inputs"].values() for text in said(orjson.loads(data)))
        return compile_page(template, **options)

    texts: list[str] = []
    monkeypatch.setattr(typst, "compile", noted)
    return texts


def said(data):
    match data:
        case str():
            yield data
        case list():
            for each in data:
                yield from said(each)
        case dict():
            for each in data.values():
                yield from said(each)


def test_a_dopesheet_holds_no_word_that_nobody_translates(rooms, data, reporting, printed):
    story = rooms.story(usage_terms=WORDS, byline=WORDS, embargoed_until=timezone.now() + timedelta(days=1))
    hang_dopesheet(story)
    with reporting() as (report, lookups):
        lookups.place = "the dopesheet"
        content = document_of(story, "dopesheet-text", "kk").content
        assert document_of(story, "dopesheet-pdf", "kk").content[:5] == b"%PDF-"
        texts = [(line, "the dopesheet") for line in bytes(content).decode().splitlines()]
        texts += [(line, "the dopesheet on paper") for line in printed]
        report.texts, report.hard_coded = len(texts), dict(hard_coded(texts, data))
    assert report.texts > 60


@pytest.mark.parametrize("language", SHOWN)
def test_a_dopesheet_holds_no_word_of_another_language(rooms, foreign, language, printed):
    story = rooms.story(usage_terms=WORDS, byline=WORDS, embargoed_until=timezone.now() + timedelta(days=1))
    hang_dopesheet(story)
    document_of(story, "dopesheet-pdf", language)
    assert list(hard_coded(((text, "") for text in printed), foreign(language))) == []
    assert len(printed) > 40


def _send():
    fan_out()
    Delivery.objects.filter(status=DeliveryStatus.PENDING).update(due_at=timezone.now())
    send_digests()
