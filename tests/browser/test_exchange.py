"""A story on its way from Belgrade to Astana and back out of sight."""

import pytest
from playwright.sync_api import expect

from newsexchange.models import Offer, RecallNotice, Take
from tests.browser.languages import LANGUAGES
from tests.factories import make_story, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_story_is_offered_taken_with_its_credit_killed_and_gone_from_astana(open_desk, rts, ptrc, language):
    story = make_story(rts, headline_kk="Жаңа кітапхана", credit="RTS", usage_terms="Only with the credit")
    belgrade = open_desk(language).enter(make_user(rts, time_zone="Europe/Belgrade"))
    astana = open_desk(language).enter(make_user(ptrc, time_zone="Asia/Almaty"))
    astana.open_list("story")
    expect(astana.rows).to_have_count(0)

    belgrade.open_record(story)
    belgrade.start_deed("offer")
    belgrade.page.locator(f'input[name="to"][value="{ptrc.pk}"]').check()
    belgrade.picture("belgrade-offers")
    belgrade.confirm_deed()
    belgrade.hears("The story is offered.")
    belgrade.picture("belgrade-has-offered")

    astana.open_list("offer")
    expect(astana.rows).to_have_count(1)
    astana.picture("astana-sees-the-offer")
    astana.open_record(Offer.objects.get())
    astana.start_deed("take")
    expect(astana.page.get_by_text("Only with the credit")).to_be_visible()
    astana.confirm_deed()
    astana.hears("Taking a story means accepting the duty to credit its source.")
    astana.picture("astana-without-the-tick")
    assert not Take.objects.exists()
    astana.page.locator('input[name="accepts_credit"]').check()
    astana.confirm_deed()
    astana.hears("The story is taken.")
    astana.picture("astana-has-taken")
    for noun, query in (("story", ""), ("take", "")):
        astana.open_list(noun, query)
        expect(astana.rows).to_have_count(1)

    belgrade.open_record(story)
    belgrade.start_deed("recall")
    belgrade.page.locator('input[name="kind"][value="kill"]').check()
    belgrade.page.locator('textarea[name="reason"]').fill("The library opens in another town.")
    belgrade.picture("belgrade-kills")
    belgrade.confirm_deed()
    belgrade.hears("The story is recalled.")
    belgrade.picture("belgrade-has-killed")

    for noun, query in (("story", ""), ("offer", "?which=all"), ("take", "")):
        astana.open_list(noun, query)
        expect(astana.rows).to_have_count(0)
        astana.picture(f"astana-has-no-{noun}")
    astana.open_list("recallnotice")
    expect(astana.rows).to_have_count(1)
    expect(astana.page.get_by_text("The library opens in another town.")).to_be_visible()
    assert "библиотека" not in astana.page.content()
    astana.picture("astana-is-told")
    astana.open_record(RecallNotice.objects.get())
    astana.start_deed("acknowledge")
    astana.hears("Acknowledged: the story is gone here.")
    astana.picture("astana-acknowledges")
    assert RecallNotice.objects.get().acknowledged_at
