"""The box on every page and the page of results: in the reader's language, grouped, narrowed, and never too much."""

import re

import pytest
from django.core.cache import cache
from django.urls import reverse

from broadcasters.constants import Role
from broadcasters.models import Membership, Person
from mediaexchange.core.search.indexing import refresh
from tests.factories import make_embargoed_story, make_story, make_user, offer
from tests.newsexchange.admin.conftest import listed

pytestmark = pytest.mark.django_db
PAGE = reverse("admin:core_searchentry_changelist")


def text_of(response) -> str:
    assert response.status_code == 200
    return re.sub(r"\s+", " ", response.content.decode())


@pytest.mark.parametrize("address", [reverse("admin:index"), listed("story"), PAGE])
def test_the_box_is_on_every_page(desks, address):
    page = text_of(desks.ana.get(address))
    assert f'role="search" action="{PAGE}"' in page
    assert "core/search.js" in page


def test_results_are_grouped_by_type_and_marked_in_the_readers_script(desks):
    story = make_story(desks.rts, headline_sr="Вучић отворио библиотеку")
    person = Person.objects.create(slug="vucic", name_sr="Александар Вучић", name_en="Aleksandar Vučić")
    refresh("person", [person.pk])
    desks.ana.cookies["django_language"] = "sr-latn"
    page = text_of(desks.ana.get(PAGE, {"q": "vucic"}))
    assert "<mark>Vučić</mark> otvorio biblioteku" in page
    assert "Aleksandar <mark>Vučić</mark>" in page
    assert reverse("admin:newsexchange_story_change", args=[story.pk]) in page
    assert reverse("admin:broadcasters_person_change", args=[person.pk]) in page
    assert page.index("Aleksandar") < page.index("otvorio")


def test_a_type_with_more_leads_to_all_of_them_page_by_page(desks):
    for number in range(23):
        make_story(desks.rts, headline_en=f"Bridge {number}")
    page = text_of(desks.ana.get(PAGE, {"q": "bridge"}))
    assert page.count("<mark>Bridge</mark>") == 5
    assert "?q=bridge&amp;type=story" in page
    page = text_of(desks.ana.get(PAGE, {"q": "bridge", "type": "story"}))
    assert page.count("<mark>Bridge</mark>") == 20
    following = re.search(r'rel="next" href="([^"]+)"', page)[1].replace("&amp;", "&")
    assert text_of(desks.ana.get(PAGE + following)).count("<mark>Bridge</mark>") == 3


def test_facets_narrow_and_widen(desks):
    make_story(desks.rts, headline_en="Bridge one", kind="video")
    make_story(desks.rts, headline_en="Bridge two")
    page = text_of(desks.ana.get(PAGE, {"q": "bridge"}))
    assert "?q=bridge&amp;kind=video" in page
    page = text_of(desks.ana.get(PAGE, {"q": "bridge", "kind": "video"}))
    assert page.count("<mark>Bridge</mark>") == 1
    assert '<a href="?q=bridge" aria-current="true">' in page


def test_while_typing_a_word_may_go_on(desks):
    make_story(desks.rts, headline_en="Bridge one")
    page = text_of(desks.ana.get(PAGE, {"q": "brid", "typing": "1"}))
    assert "<mark>Bridge</mark> one" in page
    assert "<html" not in page


@pytest.mark.parametrize(
    "query",
    [{}, {"q": ""}, {"q": "😀"}, {"q": "x" * 9_000}, {"q": ":*&|!", "typing": "1"}, {"q": "a", "type": "nonsense"},
     {"q": "a", "since": "x"}, {"q": "a", "origin": "a\0b"}, {"q": "a", "cursor": "zzz"}, {"q": '"', "kind": "'"}],
)  # fmt: skip
def test_rubbish_is_answered_with_a_sentence(desks, query):
    text_of(desks.ana.get(PAGE, query))


def test_what_is_typed_is_shown_as_text(desks):
    page = text_of(desks.ana.get(PAGE, {"q": '"><script>alert(1)</script>'}))
    assert "<script>alert(1)" not in page


def test_a_canary_is_on_no_page_for_any_role(desks):
    for make in (make_story, make_embargoed_story):
        story = make(desks.rts, headline_sr="Кандилограф", body_sr="<p>Кандилограф</p>", headline_en="Kandlebird")
        if make is make_embargoed_story:
            offer(story, desks.ptrc)
    for role in set(Role) - {Role.EXCHANGE_DESK}:
        Membership.objects.create(user=desks.aigerim_user, broadcaster=desks.ptrc, role=role)
    for typed in ("kandilograf", "Kandlebird", "кандил"):
        for query in ({"q": typed}, {"q": typed, "typing": "1"}):
            page = text_of(desks.aigerim.get(PAGE, query)).replace(typed, "")
            assert not re.search("kandil|кандил|kandle", page, re.IGNORECASE)
            assert "<mark>" not in page
    assert "<mark>Kandlebird</mark>" in text_of(desks.ana.get(PAGE, {"q": "Kandlebird"}))


def test_nothing_that_was_found_is_kept_for_later(desks):
    """Neither for others nor for oneself: it may be killed the next moment."""
    cache.clear()
    make_story(desks.rts, headline_en="Bridge one")
    response = desks.ana.get(PAGE, {"q": "bridge"})
    assert "no-store" in response.headers["Cache-Control"] or "no-cache" in response.headers["Cache-Control"]


def test_the_index_itself_is_nobodys_page(desks):
    make_story(desks.rts)
    for name in ("add", "change"):
        address = reverse(f"admin:core_searchentry_{name}", args=[1] if name == "change" else [])
        assert desks.ana.get(address).status_code in (403, 404)


def test_somebody_without_a_role_has_no_box(desks, client):
    client.force_login(make_user(), backend="broadcasters.auth.RoleBackend")
    assert client.get(PAGE).status_code == 403
    assert "data-mx-search" not in client.get(reverse("admin:index")).content.decode()
