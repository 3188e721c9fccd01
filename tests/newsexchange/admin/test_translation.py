"""Translating side by side: what it says on the left, what is being written on the right."""

import pytest
from django.urls import reverse

from newsexchange.admin.translation import joined, paragraphs_of, typed
from newsexchange.services.story import save_story
from tests.factories import make_story, offer
from tests.newsexchange.admin.conftest import page

pytestmark = pytest.mark.django_db
BODY = "<p>Прва реченица.</p><ul><li>Ставка</li></ul><p>Друга <b>реченица</b>.</p>"


def address(story, tag="kk"):
    return reverse("admin:newsexchange_story_translation", args=[story.pk, tag])


def translated(people, story, tag="kk", **fields):
    form = people.ana.get(address(story, tag)).context["form"]
    hidden = {name: form.initial[name] for name in ("source_version", "seen", "boxes")}
    said = {name: form.initial.get(name) or "" for name in ("headline", "summary", "origin", "reviewed_by")}
    return people.ana.post(address(story, tag), hidden | said | fields)


def test_paragraphs_lists_and_loose_text_are_split_and_joined_without_loss():
    assert paragraphs_of(BODY) == ["<p>Прва реченица.</p>", "<ul><li>Ставка</li></ul>", "<p>Друга <b>реченица</b>.</p>"]
    assert joined(map(typed, paragraphs_of(BODY))) == BODY
    assert paragraphs_of("loose <p>one</p> end") == ["loose", "<p>one</p>", "end"]


def test_both_scripts_of_a_serbian_original_stand_beside_the_boxes(desks):
    story = make_story(desks.rts, body_sr=BODY)
    shown = desks.ana.get(address(story)).content.decode()
    assert "Прва реченица." in shown
    assert "Prva rečenica." in shown
    assert shown.count("<textarea") == 5  # a summary, three paragraphs and one more


def test_a_translation_is_saved_paragraph_by_paragraph_with_what_is_declared(desks):
    story = make_story(desks.rts, body_sr=BODY)
    answer = translated(
        desks, story, headline="Жаңа кітапхана", body_0="Бірінші.", body_1="<ul><li>Тармақ</li></ul>", body_2="Екінші.",
        origin="machine", ai_use="translation", ai_tool="Translator 1", ai_label="Machine translation",
    )  # fmt: skip
    assert answer.status_code == 302, answer.context["form"].errors
    story.refresh_from_db()
    assert story.body_kk == "<p>Бірінші.</p><ul><li>Тармақ</li></ul><p>Екінші.</p>"
    assert story.version == 2
    edition = story.editions.get(language="kk")
    assert (edition.origin, edition.ai_use, edition.ai_tool) == ("machine", "translation", "Translator 1")
    assert (edition.reviewed_by, edition.is_stale) == (desks.ana_user, False)


def test_a_translation_of_what_has_moved_on_meanwhile_is_stale(desks):
    story = make_story(desks.rts)
    old = desks.ana.get(address(story)).context["form"].initial
    story.headline_sr = "Отворена друга библиотека"
    save_story(story, actor=desks.ana_user, changed={"headline_sr"})
    hidden = {name: old[name] for name in ("source_version", "seen", "boxes")}
    desks.ana.post(address(story), hidden | {"headline": "Жаңа кітапхана", "origin": "human"})
    assert story.editions.get(language="kk").is_stale
    shown = desks.ana.get(page(story)).content.decode()
    assert address(story) in shown
    assert "stale" in shown


def test_a_language_without_columns_has_its_own_page(desks):
    story = make_story(desks.rts)
    assert translated(desks, story, "hu", headline="Új könyvtár").status_code == 302
    assert story.editions.get(language="hu").headline == "Új könyvtár"
    assert desks.ana.get(address(story, "no language")).status_code == 404


def test_what_is_declared_must_hold_together(desks):
    story = make_story(desks.rts)
    answer = translated(desks, story, headline="Жаңа", ai_use="none", ai_tool="Translator 1")
    assert "ai_use" in answer.context["form"].errors
    answer = translated(desks, story, headline="Жаңа", ai_use="synthetic")
    assert {"digital_source_type", "ai_label"} <= answer.context["form"].errors.keys()
    assert not story.editions.filter(language="kk").exists()


def test_somebody_elses_translation_is_not_overwritten(desks):
    story = make_story(desks.rts)
    old = desks.ana.get(address(story)).context["form"].initial
    translated(desks, story, headline="Бірінші")
    hidden = {name: old[name] for name in ("source_version", "seen", "boxes")}
    answer = desks.ana.post(address(story), hidden | {"headline": "Екінші", "origin": "human"})
    assert "load it again" in answer.content.decode()
    story.refresh_from_db()
    assert story.headline_kk == "Бірінші"


def test_only_the_origin_translates(desks):
    story = make_story(desks.rts)
    offer(story, desks.ptrc)
    assert desks.aigerim.get(address(story)).status_code == 403
    assert desks.vera.get(address(story)).status_code == 403
    assert desks.aigerim.get(address(make_story(desks.rts))).status_code == 404
    assert desks.ana.get(address(story, "sr")).url == page(story)


def test_a_summary_is_typed_without_tags_and_kept_as_it_was_if_nobody_touches_it(desks):
    story = make_story(
        desks.rts, summary_sr="<p>Љубитељи <b>књига</b>.</p>", summary_kk="<p>Бірінші.</p><p>Екінші.</p>",
        headline_kk="Кітапхана",
    )  # fmt: skip
    answer = desks.ana.get(address(story))
    assert answer.context["form"].initial["summary"] == "Бірінші.\n\nЕкінші."
    shown = answer.content.decode()
    assert "&lt;p&gt;" not in shown
    assert "<p>Љубитељи <b>књига</b>.</p>" in shown
    declared = {"origin": "human", "reviewed_by": desks.ana_user.pk}
    answer = translated(desks, story, summary="Бірінші.\r\n\r\nЕкінші.", **declared)
    assert answer.status_code == 302, answer.context["form"].errors
    story.refresh_from_db()
    assert story.summary_kk == "<p>Бірінші.</p><p>Екінші.</p>"
    answer = translated(desks, story, summary="Бірінші.\r\n\r\nҮшінші <script>x</script>", **declared)
    assert answer.status_code == 302, answer.context["form"].errors
    story.refresh_from_db()
    assert story.summary_kk.replace(" ", "") == "<p>Бірінші.</p><p>Үшінші</p>"
