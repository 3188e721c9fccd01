import re

import pytest
from django.utils import timezone, translation

from archive.formats.licence import page
from archive.formats.licence_pdf import compiled, render
from archive.services.footage_request import Conditions
from archive.services.grant import revoke_grant
from archive.services.licence import revoke_licence
from broadcasters.constants import Role
from mediaexchange.core.languages.tags import SHOWN
from tests.archive.factories import make_item, make_licence, make_segment
from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def licence(rts, ptrc):
    item = make_item(rts, title_kk="Тың игеру, 1961 жыл", title_sr="Ролна 17: долазак возом")
    return make_licence(
        ptrc, make_segment(item), seconds=40, runs=2, territories=["CIS"], platforms=["television", "web"],
        production_title="Шестидесятые", conditions=Conditions(repeat_hours=24, terms="Not before nine."),
    )  # fmt: skip


def grants(licence):
    return list(licence.grants.select_related("item", "segment").order_by("pk"))


def test_the_same_state_gives_the_same_bytes_and_languages_change_them(licence):
    one, again = (render(licence, grants(licence), ("sr", "kk")) for _time in range(2))
    assert one == again
    assert one.startswith(b"%PDF")
    assert render(licence, grants(licence), ("sr-latn", "ru")) != one


@pytest.mark.parametrize("language", SHOWN)
def test_both_columns_say_the_same_in_their_own_language(licence, language):
    with translation.override(language):
        said = page(licence, grants(licence), language)
    with translation.override("en"):
        english = page(licence, grants(licence), "en")
    assert len(said.facts) == len(english.facts)
    assert [len(line.facts) for line in said.lines] == [len(line.facts) for line in english.lines]
    assert len(said.notes) == len(english.notes)
    assert licence.number in said.title
    assert any("0:00:10.000 – 0:00:50.000" in value for _label, value in said.lines[0].facts)


def test_the_last_day_and_the_instant_after_it_are_named_in_the_licences_zone(licence):
    with translation.override("en"):
        facts = dict(page(licence, grants(licence), "en").facts)
    assert facts["Time zone of these days"] == "Asia/Almaty"
    assert re.fullmatch(r"\d+ \w+ \d{4}, 00:00 \(Asia/Almaty\)", facts["Ends at"])
    assert facts["Last day, to its end"] != facts["Ends at"].split(",")[0]


def test_a_revoked_licence_says_so_on_top(licence, rts):
    revoke_licence(licence, actor=make_user(rts, Role.RIGHTS_OFFICER), reason="#strong[unpaid]")
    licence.refresh_from_db()
    with translation.override("en"):
        said = page(licence, grants(licence), "en")
    assert said.warning.endswith("#strong[unpaid]")
    assert str(timezone.localdate().year) in said.warning
    assert render(licence, grants(licence), ("en", "kk")).startswith(b"%PDF")


def test_a_revoked_grant_says_so_under_its_title(rts, ptrc):
    licence = make_licence(ptrc, make_item(rts), make_item(rts))
    before = render(licence, grants(licence), ("en", "kk"))
    revoke_grant(grants(licence)[0], actor=make_user(rts, Role.RIGHTS_OFFICER), reason="#strong[unpaid]")
    with translation.override("en"):
        said = page(licence, grants(licence), "en")
    assert said.warning == ""
    assert [line.warning.partition(": ")[2] for line in said.lines] == ["#strong[unpaid]", ""]
    assert render(licence, grants(licence), ("en", "kk")) != before


def test_each_page_becomes_a_picture_with_something_on_it(licence):
    pictures = compiled(licence, grants(licence), ("sr", "kk"), "png", ppi=50)
    first = pictures if isinstance(pictures, bytes) else pictures[0]
    assert first.startswith(b"\x89PNG")
    assert len(first) > 10_000
