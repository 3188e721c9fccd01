"""What another broadcaster must not learn: nowhere in lists, pages, choices, counts, searches or deeds."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from broadcasters.admin.desk import desk
from mediaexchange.core.search.indexing import refresh
from newsexchange.constants import RecallKind, UseKind
from newsexchange.models import Edition, Offer, Recall, RecallNotice, Story, Take, Use
from newsexchange.services.offer import take_offer
from newsexchange.services.recall import recall_story
from newsexchange.services.use import report_use
from tests.factories import make_broadcaster, make_embargoed_story, make_feed, make_story, make_user, offer, take
from tests.newsexchange.admin.conftest import deed, listed, page

pytestmark = pytest.mark.django_db
SECRET = "Непоменик"


def foreign(people):
    return make_story(people.rts, headline_sr=SECRET)


def draft(people):
    return make_story(people.rts, headline_sr=SECRET, published=False)


def embargoed(people):
    story = make_embargoed_story(people.rts, headline_sr=SECRET)
    offer(story, people.ptrc)
    return story


def held(people):
    story = make_story(people.rts, headline_sr=SECRET, is_held=True)
    offer(story, people.ptrc)
    return story


def killed(people):
    story = make_story(people.rts, headline_sr=SECRET)
    offer(story, people.ptrc)
    take_offer(Offer.objects.get(), actor=people.aigerim_user, accepts_credit=True)
    recall_story(story, actor=people.ana_user, kind=RecallKind.KILL, reason="wrong")
    return story


HIDDEN = (foreign, draft, embargoed, held, killed)


@pytest.mark.parametrize("make", HIDDEN)
def test_a_hidden_story_is_in_no_list_and_no_search(desks, make):
    make(desks)
    lists = (
        ("story", ""), ("story", "?q=непоменик"), ("story", "?q=nepomenik"), ("story", "?whose=offered"),
        ("story", "?whose=taken"), ("offer", "?which=all"), ("offer", "?which=to-answer"), ("take", ""),
    )  # fmt: skip
    for name, query in lists:
        response = desks.aigerim.get(listed(name, query))
        assert response.status_code == 200
        assert response.context["cl"].result_count == 0, (name, query)
        assert SECRET not in response.content.decode()
    for name in ("recall", "recallnotice", "feed", "quarantinedentry"):
        assert SECRET not in desks.aigerim.get(listed(name)).content.decode()
    assert SECRET not in desks.aigerim.get(reverse("admin:index")).content.decode()


def nameless(answer, address):
    """The page without what differs at every call: its own address and the token against forged forms."""
    text = answer.content.decode().replace(address, "")
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text)


@pytest.mark.parametrize("make", HIDDEN)
def test_a_hidden_storys_addresses_answer_like_ones_that_never_were(desks, make):
    story = make(desks)
    addresses = [
        page(story), page(story, "history"), reverse("admin:newsexchange_story_version", args=[story.pk, 1]),
        *(deed(story, name) for name in ("publish", "offer", "take", "decline", "recall", "restore")),
    ]  # fmt: skip
    for address in addresses:
        for method in (desks.aigerim.get, desks.aigerim.post):
            answer = method(address)
            never = method(address.replace(f"/{story.pk}/", "/999999/"))
            assert (answer.status_code, never.status_code) == (404, 404), address
            assert nameless(answer, address) == nameless(never, address.replace(f"/{story.pk}/", "/999999/")), address
    assert Story.objects.get(pk=story.pk).version == story.version + (make is killed)


def test_what_is_not_there_is_said_in_the_readers_language_on_a_page_of_the_admin(desks):
    address = page(foreign(desks))
    desks.aigerim.cookies["django_language"] = "ru"
    with translation.override("ru"):
        expected = gettext("There is nothing here that you can see.")
    answer = desks.aigerim.get(address)
    assert (answer.status_code, answer.headers["Content-Language"]) == (404, "ru")
    assert expected in answer.content.decode()
    assert reverse("admin:index") in answer.content.decode()


@pytest.mark.parametrize("make", [embargoed, held, killed])
def test_offers_and_takes_of_a_hidden_story_are_hidden_with_it(desks, make):
    make(desks)
    for record in (*Offer.objects.all(), *Take.objects.all()):
        assert desks.aigerim.get(page(record)).status_code == 404


def test_the_words_of_a_killed_story_are_not_on_its_recall_pages(desks):
    story = killed(desks)
    for record in (Recall.objects.get(), RecallNotice.objects.get()):
        text = desks.aigerim.get(page(record)).content.decode()
        assert str(story.uid) in text
        assert "wrong" in text
        assert SECRET not in text
        assert story.headline_en not in text
        assert page(story) not in text


def test_a_taker_does_not_learn_who_else_had_the_story(desks):
    third = make_broadcaster("third", name_en="Third Partner", name_sr="")
    story = make_story(desks.rts)
    offer(story, desks.ptrc, third)
    assert "Third Partner" not in desks.aigerim.get(page(story)).content.decode().split('id="content-main"')[1]
    recall_story(story, actor=desks.ana_user, kind=RecallKind.KILL, reason="wrong")
    assert "Third Partner" not in desks.aigerim.get(page(Recall.objects.get())).content.decode()
    assert "Third Partner" in desks.ana.get(page(Recall.objects.get())).content.decode()


def test_a_list_cannot_be_filtered_or_sorted_by_a_recalled_storys_words(desks):
    killed(desks)
    response = desks.aigerim.get(listed("recall", "?story__headline_sr__startswith=Не"))
    assert response.status_code == 400
    response = desks.aigerim.get(listed("recallnotice", "?recall__story__headline_sr__startswith=Не"))
    assert response.status_code == 400


def test_filter_choices_name_only_ones_own_feeds(desks):
    make_feed(desks.rts, name="Belgrade wire")
    make_feed(desks.ptrc, name="Astana wire")
    text = desks.aigerim.get(listed("story")).content.decode()
    assert "Astana wire" in text
    assert "Belgrade wire" not in text


def test_the_desk_counts_only_what_may_be_seen(desks, rf):
    foreign(desks), embargoed(desks), held(desks)
    request = rf.get("/")
    request.user = desks.aigerim_user
    assert desk(request, {})["cards"] == []


def test_feeds_of_others_answer_like_ones_that_never_were(desks):
    feed = make_feed(desks.rts)
    assert desks.aigerim.get(page(feed)).status_code == 404
    assert desks.aigerim.post(deed(feed, "stop")).status_code == 404
    feed.refresh_from_db()
    assert feed.is_active


def test_somebody_without_a_broadcaster_sees_nothing(desks):
    foreign(desks)
    assert desks.nobody.get(listed("story")).status_code == 403


def test_a_superuser_without_membership_sees_no_story(desks):
    story = foreign(desks)
    chief = make_user(is_superuser=True)
    client = Client()
    client.force_login(chief, backend="broadcasters.auth.RoleBackend")
    assert client.get(listed("story")).context["cl"].result_count == 0
    assert client.get(page(story)).status_code == 404


def test_a_viewer_reads_and_changes_nothing(desks):
    story = make_story(desks.rts)
    text = desks.vera.get(page(story)).content.decode()
    assert 'name="headline_en"' not in text
    assert "/deed/" not in text
    assert desks.vera.post(page(story), {"headline_en": "Mine"}).status_code == 403
    for name in ("offer", "recall"):
        assert desks.vera.get(deed(story, name)).status_code == 403
        assert desks.vera.post(deed(story, name), {"reason": "x", "kind": "kill"}).status_code == 403
    ticked = {"action": "offer", "_selected_action": [story.pk], "answered": "1", "to": [desks.ptrc.pk]}
    desks.vera.post(listed("story"), ticked)
    assert not Offer.objects.exists()
    story.refresh_from_db()
    assert (story.headline_en, story.pubstatus) == ("A new library opens", "usable")
    for name in ("feed", "quarantinedentry"):
        assert desks.vera.get(listed(name)).status_code == 403


def found(client, words):
    return [story.pk for story in client.get(listed("story", f"?q={words}")).context["cl"].result_list]


def test_a_search_matches_the_text_of_a_foreign_story_only_for_those_who_may_use_it(desks):
    story = make_story(desks.rts, body_sr=f"<p>{SECRET}</p>", restrictions=[{"territories": ["KZ"], "is_barred": True}])
    story.editions.create(language="hu", origin="human", headline="Könyvtár", body=f"<p>{SECRET}</p>")
    refresh("story", [story.pk])
    offer(story, desks.ptrc)
    assert SECRET not in desks.aigerim.get(page(story)).content.decode()
    assert found(desks.aigerim, "Непоменик") == found(desks.aigerim, "nepomenik") == []
    assert found(desks.aigerim, "библиотека") == found(desks.aigerim, "Könyvtár") == [story.pk]
    assert found(desks.aigerim, "библиотека+nepomenik") == []
    assert found(desks.ana, "библиотека+nepomenik") == [story.pk]
    story.restrictions.all().delete()
    assert found(desks.aigerim, "nepomenik") == [story.pk]


def test_a_search_matches_no_foreign_text_that_is_not_given_out(desks):
    story = make_story(desks.rts, headline_en="Zebra", body_en="<p>Okapi</p>")
    story.editions.filter(language="en").update(origin="machine", ai_use="")
    offer(story, desks.ptrc)
    assert found(desks.aigerim, "zebra") == found(desks.aigerim, "okapi") == []
    assert found(desks.ana, "zebra+okapi") == [story.pk]
    assert found(desks.aigerim, "библиотека") == [story.pk]


@pytest.mark.parametrize("fields", [{"headline_ru": SECRET}, {}])
def test_a_headline_that_is_not_given_out_stands_in_no_list_of_others(desks, fields):
    story = make_story(desks.rts, **fields)
    story.editions.filter(language="ru").update(origin="machine", ai_use="translation", reviewed_by=None)
    if not fields:
        Story.objects.filter(pk=story.pk).update(headline_sr="", headline_en="")
        Edition.objects.create(story=story, language="hu", origin="machine", ai_use="", headline=SECRET)
    take(story, desks.ptrc)
    report_use(Take.objects.get(), actor=desks.aigerim_user, kind=UseKind.LINK, url="https://news.example.org/1")
    offer(make_story(desks.rts, headline_ru=SECRET), desks.ptrc)
    Story.objects.latest("pk").editions.filter(language="ru").update(origin="machine", ai_use="")
    for client in (desks.aigerim, desks.ana):
        client.cookies["django_language"] = "ru"
    for noun in ("story", "offer", "take", "use"):
        assert (
            SECRET not in desks.aigerim.get(listed(noun, "?which=all" if noun == "offer" else "")).content.decode()
        ), noun
    for record in (story, Offer.objects.first(), Take.objects.get(), Use.objects.get()):
        assert SECRET not in desks.aigerim.get(page(record)).content.decode(), record
    assert SECRET in desks.ana.get(listed("story")).content.decode()
