"""What readers at other houses may do with a story, as its page, the lists and the taking say it."""

from io import BytesIO

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from newsexchange.models import Receipt, Story, Take
from newsexchange.services.media import attach_file
from newsexchange.services.restriction import set_restrictions
from tests.factories import make_story, offer
from tests.newsexchange.admin.conftest import deed, listed, page

pytestmark = pytest.mark.django_db
SHOT = {"in_ms": 0, "out_ms": 4000, "description": {"en": "A reading room", "sr": "Читаоница"}, "audio": "natural"}


def offered(people, restrictions=(), **fields):
    story = make_story(people.rts, **fields)
    if restrictions:
        story = set_restrictions(story, restrictions, actor=people.ana_user)
    offer(story, people.ptrc)
    return story


def text(response):
    return response.content.decode()


def document(story, name, query=""):
    return reverse("admin:newsexchange_story_document", args=[story.pk, name]) + query


def test_a_reader_sees_conditions_and_the_duty_to_credit(desks):
    story = offered(desks, [{"max_seconds": 90, "platforms": ["television"]}], credit="RTS/Ana")
    shown = text(desks.aigerim.get(page(story)))
    assert "Longest use: 90 s." in shown
    assert "RTS/Ana" in shown


def test_a_refusal_keeps_shots_and_text_from_the_page_and_gives_the_reason(desks):
    story = offered(desks, [{"territories": ["KZ"], "is_barred": True}], shots=[SHOT])
    shown = text(desks.aigerim.get(page(story)))
    assert "Use is barred in: Kazakhstan." in shown
    assert "A new library opens" in shown
    assert "A reading room" not in shown
    assert "reading room" not in shown
    assert "A reading room" in text(desks.ana.get(page(story)))


def test_use_can_be_asked_for_another_platform_and_territory(desks):
    story = offered(desks, [{"platforms": ["web"], "is_barred": True}, {"territories": ["UZ"], "is_barred": True}])
    assert 'id="usability"' in text(desks.aigerim.get(page(story)))
    for query in ("?platform=web", "?territory=UZ"):
        assert "not allowed" in text(desks.aigerim.get(page(story) + query))
    for query in ("?platform=radio", "?territory=RU", "?platform=nonsense&territory=nowhere"):
        assert "not allowed" not in text(desks.aigerim.get(page(story) + query))


def test_opening_the_page_is_a_receipt_by_the_desk(desks):
    story = offered(desks)
    desks.aigerim.get(page(story))
    assert Receipt.objects.get(story=story).road == "desk"


@pytest.mark.parametrize("noun", ["story", "offer"])
def test_lists_can_be_narrowed_to_what_may_be_used_at_home(desks, noun):
    free = offered(desks, headline_en="Free as a bird")
    barred = offered(desks, [{"territories": ["KZ"], "is_barred": True}], headline_en="Barred like a door")
    no_web = offered(desks, [{"platforms": ["web"], "is_barred": True}], headline_en="Off the web")
    rows = lambda query: {  # noqa: E731
        row.pk if noun == "story" else row.story_id
        for row in desks.aigerim.get(listed(noun, f"?which=all&{query}" if noun == "offer" else f"?{query}"))
        .context["cl"].result_list
    }  # fmt: skip
    assert rows("") == {free.pk, barred.pk, no_web.pk}
    assert rows("usable=ptrc") == {free.pk, no_web.pk}
    assert rows("usable=ptrc.web") == {free.pk}
    assert rows("usable=rts") == rows("usable=ptrc.nonsense") == {free.pk, barred.pk, no_web.pk}


def test_taking_shows_credit_and_conditions_and_keeps_them(desks):
    story = offered(desks, [{"no_archive": True}], credit="RTS/Ana")
    shown = text(desks.aigerim.get(deed(story, "take")))
    assert "RTS/Ana" in shown
    assert "Not to be kept in an archive." in shown
    desks.aigerim.post(deed(story, "take"), {"accepts_credit": "on"})
    assert [each["code"] for each in Take.objects.get().conditions] == ["credit", "no-archive"]


def test_taking_what_is_barred_is_refused_with_the_reason(desks):
    story = offered(desks, [{"territories": ["KZ"], "is_barred": True}])
    asked = text(desks.aigerim.get(deed(story, "take")))
    assert "Use is barred in: Kazakhstan." in asked
    assert 'name="accepts_credit"' not in asked
    answer = desks.aigerim.post(deed(story, "take"), {"accepts_credit": "on"})
    assert "Use is barred in: Kazakhstan." in str(list(get_messages(answer.wsgi_request))[-1])
    assert not Take.objects.exists()


@pytest.mark.parametrize(
    ("name", "start"),
    [
        ("ninjs-3.1", b"{"), ("ninjs-2.2", b"{"), ("newsml-g2", b"<?xml"), ("dopesheet-text", b""),
        ("dopesheet-pdf", b"%PDF"),
    ],
)  # fmt: skip
def test_every_document_can_be_saved_in_a_language_of_choice(desks, name, start):
    story = offered(desks, shots=[SHOT])
    for tag in ("sr-Latn", "en"):
        answer = desks.aigerim.get(document(story, name, f"?lang={tag}"))
        assert answer.status_code == 200
        assert answer.headers["Content-Language"] == tag
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert answer.content.startswith(start)
    assert Receipt.objects.filter(road="document").count() == 1


def test_a_document_is_refused_like_the_page(desks):
    story = offered(desks, [{"territories": ["KZ"], "is_barred": True}])
    assert desks.aigerim.get(document(story, "ninjs-3.1")).url == page(story)
    assert desks.ana.get(document(story, "ninjs-3.1")).status_code == 200
    assert desks.ana.get(document(story, "nonsense")).status_code == 404
    assert desks.nobody.get(document(story, "ninjs-3.1")).status_code == 404
    hidden = make_story(desks.rts)
    assert desks.aigerim.get(document(hidden, "ninjs-3.1")).status_code == 404


def test_a_file_is_had_through_a_link_of_its_own_reader(desks):
    story = offered(desks)
    attach_file(story, BytesIO(b"Narration"), actor=desks.ana_user, original_name="script.txt", title="Script")
    address = reverse("admin:newsexchange_story_medium", args=[story.pk, story.renditions.get().uid])
    assert address in text(desks.aigerim.get(page(story)))
    file = desks.aigerim.get(desks.aigerim.get(address).url)
    assert b"".join(file.streaming_content) == b"Narration"
    set_restrictions(story, [{"territories": ["KZ"], "is_barred": True}], actor=desks.ana_user)
    assert desks.aigerim.get(address).url == page(story)
    assert address not in text(desks.aigerim.get(page(story)))
    assert desks.nobody.get(address).status_code == 404


def test_a_correction_needs_a_note_and_makes_a_version_that_says_so(desks):
    story = make_story(desks.rts)
    answers = {"headline": "Otvorena obnovljena biblioteka", "summary": "", "body": story.body_sr}
    assert desks.ana.post(deed(story, "correct"), answers).status_code == 200
    assert Story.objects.get().version == 1
    desks.ana.post(deed(story, "correct"), answers | {"note": "It was reopened"})
    story.refresh_from_db()
    assert (story.version, story.headline_sr) == (2, "Отворена обновљена библиотека")
    version = story.versions.get(version=2)
    assert (version.kind, version.note) == ("correction", "It was reopened")
    assert desks.vera.get(deed(story, "correct")).status_code == 403
