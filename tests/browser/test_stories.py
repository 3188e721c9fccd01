"""A desk with its own stories."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.browser.languages import LANGUAGES
from tests.factories import make_story, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_desk_signs_in_finds_a_story_in_either_script_and_corrects_its_kazakh_headline(open_desk, rts, language):
    ana = make_user(rts, username="ana", time_zone="Europe/Belgrade")
    story = make_story(rts, headline_kk="Жаңа кітапхана")
    make_story(rts, headline_sr="Друга вест", headline_en="Another story")
    desk = open_desk(language)
    page = desk.page

    desk.go(reverse("admin:index"))
    desk.picture("sign-in")
    page.locator("#id_username").fill(ana.username)
    page.locator("#id_password").fill("secret-enough")
    page.locator("#id_password").press("Enter")
    page.wait_for_url("**" + reverse("admin:index"))
    desk.picture("first-page")

    page.locator(f'a[href="{reverse("admin:newsexchange_story_changelist")}"]').first.click()
    expect(desk.rows).to_have_count(2)
    desk.picture("stories")
    page.locator("#searchbar").fill("nova biblioteka")
    page.locator("#searchbar").press("Enter")
    expect(desk.rows).to_have_count(1)
    desk.picture("found")

    desk.rows.first.get_by_role("link").first.click()
    expect(page.locator("#id_headline_sr")).to_have_value("Отворена нова библиотека")
    desk.picture("story")
    desk.open_tab("Қазақша")
    headline = page.locator("#id_headline_kk")
    expect(headline).to_be_visible()
    headline.fill("Астанада жаңа кітапхана ашылды")
    desk.picture("kazakh-tab")
    page.locator('[name="_continue"]').click()

    expect(page.locator("#id_headline_kk")).to_have_value("Астанада жаңа кітапхана ашылды")
    page.locator('a[href="#versions"]').click()
    second = reverse("admin:newsexchange_story_version", args=[story.pk, 2])
    page.locator(f'a[href$="{second}"]').click()
    expect(page.get_by_text("Астанада жаңа кітапхана ашылды")).to_be_visible()
    desk.picture("second-version")
    story.refresh_from_db()
    assert (story.version, story.headline_sr) == (2, "Отворена нова библиотека")
