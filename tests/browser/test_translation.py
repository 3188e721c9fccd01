"""A machine translation at the desk: from the story's page over the review to the edition, in four interfaces."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from broadcasters.constants import Role
from broadcasters.services.reference import load_reference
from newsexchange.demo_stories import load_stories
from newsexchange.demo_translation import load_translation
from newsexchange.models import TranslationOrder, TranslationProvider
from tests.factories import make_broadcaster, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("language", ["en", "kk", "sr-latn", "ru"])
def test_a_translation_is_reviewed_and_approved(open_desk, language):
    load_reference()
    editor = make_user(make_broadcaster("rts"), Role.EXCHANGE_DESK, language=language)
    load_stories(editor)
    load_translation(editor)
    order = TranslationOrder.objects.get()
    desk = open_desk(language).enter(editor)
    desk.go(reverse("admin:newsexchange_translationorder_changelist"))
    desk.picture("queue")
    desk.go(reverse("admin:newsexchange_translationorder_change", args=[order.pk]))
    desk.picture("review")
    boxes = desk.page.locator(".mx-pair textarea")
    expect(boxes).to_have_count(len(order.segments))
    for number, segment in enumerate(order.segments):
        if not segment["text"]:
            boxes.nth(number).fill("Редакциялар пропратни лист, архивтік бейнематериал, жаңалықтар алмасу.")
    desk.page.locator('button[name="approve"]').click()
    desk.page.wait_for_load_state()
    order.refresh_from_db()
    if order.status == "done":  # terms of the glossary are missing, and the page asks
        desk.picture("asked")
        desk.page.locator('[name="has_looked"]').check(force=True)
        desk.page.locator('button[name="approve"]').click()
        desk.page.wait_for_load_state()
        order.refresh_from_db()
    desk.picture("approved")
    assert (order.status, order.reviewed_by) == ("approved", editor)
    desk.go(reverse("admin:newsexchange_story_translation", args=[order.story_id, "ru"]))
    desk.picture("side-by-side")
    provider = TranslationProvider.objects.get()
    desk.go(reverse("admin:newsexchange_translationprovider_change", args=[provider.pk]))
    desk.picture("service")
    desk.go(reverse("admin:broadcasters_glossaryterm_changelist"))
    desk.picture("glossary")
    desk.go(reverse("admin:newsexchange_memorysegment_changelist"))
    desk.picture("memory")
