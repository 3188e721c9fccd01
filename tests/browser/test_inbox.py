"""A person's inbox: by the keyboard, on a phone, and what they want to be told."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from broadcasters.constants import Role
from mediaexchange.core.inbox.models import Notification, NotificationChoice
from newsexchange.services.recall import recall_story
from newsexchange.services.request import ask_story
from tests.browser.desk import DESKTOP, PHONE
from tests.browser.languages import LANGUAGES
from tests.factories import make_story, make_user, offer, take

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_inbox_is_read_and_its_mail_chosen(open_desk, rts, ptrc, language):
    person, asker = make_user(rts, email="desk@example.org"), make_user(ptrc)
    recalled = make_story(ptrc)
    take(recalled, rts)
    recall_story(recalled, actor=asker, kind="withhold", reason="wrong picture")
    offer(make_story(ptrc, headline_sr="Отворена нова библиотека " * 4), rts)
    wanted = ask_story(asker=ptrc, of=rts, actor=asker, subject="Bridge opening in Belgrade")
    desk = open_desk(language).enter(person)
    desk.go(reverse("admin:index"))
    expect(desk.page.locator(".mx-bell-count")).to_have_text("4")  # the story that was taken had been offered
    desk.page.locator(".mx-bell").focus()
    desk.page.keyboard.press("Enter")
    expect(desk.page.locator(".mx-inbox li")).to_have_count(4)
    for name, window in (("desktop", DESKTOP), ("phone", PHONE)):
        desk.page.set_viewport_size(window)
        desk.picture(f"inbox-{name}")
        assert desk.excess_width() <= 0, name
    desk.page.locator(".mx-inbox input[type=checkbox]").last.focus()
    desk.page.keyboard.press("Space")
    desk.page.locator(".mx-inbox-deeds button").first.focus()
    desk.page.keyboard.press("Enter")
    desk.hears("%(count)d notification is read now.")
    expect(desk.page.locator(".mx-bell-count")).to_have_text("3")
    desk.page.locator(".mx-inbox a").first.click()
    expect(desk.page).to_have_url(desk.origin + reverse("admin:newsexchange_storyrequest_change", args=[wanted.pk]))
    assert Notification.objects.filter(recipient=person, read_at__isnull=True).count() == 2
    desk.go(reverse("admin:core_notification_choices"))
    for name, window in (("desktop", DESKTOP), ("phone", PHONE)):
        desk.page.set_viewport_size(window)
        desk.picture(f"choices-{name}")
        assert desk.excess_width() <= 0, name
    desk.page.locator('select[name="newsexchange.offer"]').select_option("off")
    desk.press_last(".mx-choices button")
    desk.hears("Your choices are kept.")
    assert NotificationChoice.objects.get(user=person, kind="newsexchange.offer").way == "off"


def test_whoever_may_do_little_is_offered_little(open_desk, rts):
    desk = open_desk("en").enter(make_user(rts, Role.VIEWER))
    desk.go(reverse("admin:core_notification_changelist"))
    expect(desk.page.get_by_text("Nothing has happened yet that concerns you.")).to_be_visible()
    desk.go(reverse("admin:core_notification_choices"))
    expect(desk.page.locator('select[name="newsexchange.offer"]')).to_have_count(0)
    expect(desk.page.get_by_role("alert")).to_contain_text("no e-mail address")
