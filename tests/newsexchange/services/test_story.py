from datetime import timedelta

import pytest
from django.utils import timezone

from mediaexchange.core.models import OutboxEvent
from newsexchange.models import Story, StoryVersion
from newsexchange.services.offer import take_offer
from newsexchange.services.recall import recall_story, restore_story
from newsexchange.services.story import release_due_embargoes, save_story, tell_expired
from tests.factories import make_embargoed_story, make_module, make_story, make_user, offer

pytestmark = pytest.mark.django_db


def test_an_embargo_put_on_an_open_story_is_told_to_those_who_could_read_it(rts, ptrc, astana):
    story = make_story(rts)
    offer(story, ptrc)
    cursor = astana.get("changes/").json()["cursor"]
    story.embargoed_until = timezone.now() + timedelta(hours=1)
    save_story(story, actor=make_user(rts), changed={"embargoed_until"})
    (change,) = astana.get("changes/", after=cursor).json()["results"]
    assert (change["kind"], change["is_retraction"], change["url"]) == ("story.embargoed", True, None)


def test_two_editors_of_different_fields_do_not_undo_each_other(rts):
    story = make_story(rts, published=False)
    ana, boris = make_user(rts), make_user(rts)
    hers, his = Story.objects.get(pk=story.pk), Story.objects.get(pk=story.pk)
    hers.embargoed_until = timezone.now() + timedelta(days=1)
    save_story(hers, actor=ana, changed={"embargoed_until"})
    his.headline_en = "A corrected headline"
    save_story(his, actor=boris, changed={"headline_en"})
    story.refresh_from_db()
    assert story.embargoed_until is not None
    assert story.headline_en == "A corrected headline"


def test_a_version_that_was_superseded_under_embargo_is_never_shown_to_partners(rts, ptrc):
    story = make_embargoed_story(rts, headline_en="Names the source")
    offer(story, ptrc)
    story.headline_en = "Protects the source"
    save_story(story, actor=make_user(rts), changed={"headline_en"})
    Story.objects.filter(pk=story.pk).update(embargoed_until=timezone.now() - timedelta(seconds=1))
    release_due_embargoes()
    seen = StoryVersion.objects.visible_to(make_user(ptrc))
    assert [version.snapshot["headline_en"] for version in seen] == ["Protects the source"]


def test_whoever_took_a_story_is_told_of_its_kill_whatever_happened_before(rts, ptrc):
    story = make_story(rts)
    desk = make_user(rts)
    recall_story(story, actor=desk, kind="withhold", reason="check")
    story = restore_story(story, actor=desk)
    offer(story, ptrc)
    take_offer(story.offers.get(), actor=make_user(ptrc), accepts_credit=True)
    Story.objects.filter(pk=story.pk).update(embargoed_until=timezone.now() + timedelta(days=1))
    kill = recall_story(story, actor=desk, kind="kill", reason="wrong")
    assert [notice.broadcaster for notice in kill.notices.all()] == [ptrc]


def test_under_a_module_a_story_goes_to_all_its_parties_and_to_nobody_else(rts, ptrc, belgrade):
    story = make_story(rts)
    module = make_module(rts, ptrc)
    assert belgrade.post(f"stories/{story.uid}/offer/", {"module": module.slug}).status_code == 201
    assert story.offers.get().to_broadcaster == ptrc
    foreign = make_module(ptrc)
    assert belgrade.post(f"stories/{story.uid}/offer/", {"module": foreign.slug}).status_code == 400
    assert belgrade.post(f"stories/{story.uid}/offer/", {}).status_code == 400
    refused = belgrade.post(f"stories/{story.uid}/offer/", {"to": ["ptrc"], "modul": module.slug})
    assert refused.json()["errors"][0]["pointer"] == "#/modul"


def test_a_byline_with_control_characters_breaks_no_feed(rts, stranger):
    make_story(rts, is_open=True, byline="Mila\x0bRakić")
    assert stranger.get("/feeds/rts/en.rss").status_code == 200
    assert OutboxEvent.objects.exists()


def test_an_end_that_was_taken_back_and_set_again_is_told_again(rts, ptrc):
    story, desk = make_story(rts), make_user(rts)
    offer(story, ptrc)
    for end in (timezone.now() - timedelta(minutes=5), None, timezone.now() - timedelta(minutes=1)):
        story.expires_at = end
        story = save_story(story, actor=desk, changed={"expires_at"})
        tell_expired()
    assert tell_expired() == 0
    assert OutboxEvent.objects.filter(kind="story.expired").count() == 2


def test_what_says_the_same_once_it_is_clean_counts_as_untouched(rts):
    story = make_story(rts, body_sr="<p>Први ред.</p>\n<p>Други ред.</p>\n", editors_note="Line\nline")
    story.editions.filter(language="en").update(is_stale=True)
    story.body_sr, story.headline_sr = "<p>Prvi red.</p>\r\n<p>Drugi red.</p>", " Otvorena nova biblioteka "
    story.editors_note = "Line\r\nline"
    saved = save_story(story, actor=make_user(rts), changed={"body_sr", "headline_sr", "editors_note", "urgency"})
    assert saved.version == 1
    story.urgency = 3
    saved = save_story(story, actor=make_user(rts), changed={"body_sr", "urgency"})
    assert (saved.version, saved.urgency) == (2, 3)
    assert saved.versions.get(version=2).snapshot["body_sr"] == "<p>Први ред.</p>\n<p>Други ред.</p>\n"
    assert saved.editions.get(language="en").is_stale
