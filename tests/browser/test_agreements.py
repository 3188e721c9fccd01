"""What was signed, and what was only announced."""

import pytest
from playwright.sync_api import expect

from broadcasters.constants import SignatureStatus
from broadcasters.models import Party
from broadcasters.services.reference import load_reference
from tests.browser.languages import LANGUAGES
from tests.factories import make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_memorandum_shows_the_signature_of_rtv_as_only_announced(open_desk, language):
    load_reference()
    party = Party.objects.get(broadcaster__slug="rtv")
    desk = open_desk(language).enter(make_user(party.broadcaster))
    desk.open_list("memorandum", app="broadcasters")
    desk.picture("memoranda")
    desk.open_record(party.memorandum)
    desk.picture("memorandum")

    announced = desk.page.get_by_text(desk.text("Announced only: the signature is not corroborated."))
    expect(announced).to_have_count(
        Party.objects.filter(memorandum=party.memorandum, signature_status=SignatureStatus.ANNOUNCED).count()
    )
    expect(announced.first).to_be_visible()
    part = desk.page.locator('[id^="parties-"]').filter(
        has=desk.page.locator(f'input[name$="-id"][value="{party.pk}"]')
    )
    expect(part.last).to_contain_text(desk.text("Announced only: the signature is not corroborated."))
