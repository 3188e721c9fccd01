"""A desk writes the dopesheet of its own story on pages of its own."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from broadcasters.constants import Role
from mediaexchange.core.errors import DomainError
from newsexchange.admin.dopesheet_forms import TimecodeField
from newsexchange.models import Shot
from newsexchange.services.bounds import MOST
from newsexchange.services.shotlist import save_dopesheet
from tests.factories import make_story, make_user, offer

pytestmark = pytest.mark.django_db
SHOT = {"in_ms": 0, "out_ms": 4000, "description": {"en": "A reading room", "hu": "Olvasóterem"}, "audio": "natural"}


def address(story, part):
    return reverse(f"admin:newsexchange_story_{part}", args=[story.pk])


def sent(story, part, *rows, note="", standing=None):
    """What the page of these rows sends."""
    story.refresh_from_db()
    known = (1 if standing is None else standing) if rows else 0
    data = {f"{part}-TOTAL_FORMS": str(len(rows)), f"{part}-INITIAL_FORMS": str(known), "seen": story.revision}
    for number, row in enumerate(rows):
        data |= {f"{part}-{number}-{name}": value for name, value in row.items()}
    return data | {"note": note}


@pytest.mark.parametrize(
    ("typed", "milliseconds"),
    [("00:01:02", 62_000), ("1:02", 62_000), ("01:00:00.5", 3_600_500), ("00:00:01:12", 1480), ("", None)],
)
def test_timecodes_are_typed_with_a_fraction_or_with_frames(typed, milliseconds):
    assert TimecodeField().clean(typed) == milliseconds


@pytest.mark.parametrize("typed", ["00:00:01:25", "00:61:00", "00:00:75", "1 minute", "-1:00"])
def test_what_is_no_time_is_refused_in_the_form(typed):
    with pytest.raises(Exception, match=r"time|hh:mm:ss"):
        TimecodeField().clean(typed)


def test_a_shot_is_written_in_every_language_and_makes_a_version(desks):
    story = make_story(desks.rts)
    row = {"in_ms": "00:00:01:05", "out_ms": "00:00:04", "description_sr": "Čitaonica", "description_kk": "Оқу залы"}
    answer = desks.ana.post(address(story, "shots"), sent(story, "shots", row, standing=0, note="First shots"))
    assert answer.status_code == 302, answer.context["formset"].errors
    shot = story.shots.get()
    assert (shot.in_ms, shot.out_ms) == (1200, 4000)
    assert shot.description == {"sr": "Читаоница", "kk": "Оқу залы"}
    version = story.versions.get(version=2)
    assert (version.note, version.snapshot["shots"][0]["in_ms"]) == ("First shots", 1200)
    assert "Čitaonica" in desks.ana.get(address(story, "shots")).content.decode()


def test_a_shot_keeps_its_identity_and_other_languages_and_can_be_taken_away(desks):
    story = make_story(desks.rts, shots=[SHOT])
    shot = story.shots.get()
    row = {"uid": str(shot.uid), "in_ms": "00:00:00", "out_ms": "00:00:05", "description_en": "A hall"}
    desks.ana.post(address(story, "shots"), sent(story, "shots", row))
    changed = story.shots.get()
    assert (changed.pk, changed.out_ms) == (shot.pk, 5000)
    assert changed.description == {"en": "A hall", "hu": "Olvasóterem"}
    desks.ana.post(address(story, "shots"), sent(story, "shots", row | {"DELETE": "on"}))
    assert not story.shots.exists()


def test_the_same_rows_again_make_no_version(desks):
    story = make_story(desks.rts, shots=[SHOT])
    shot = story.shots.get()
    row = {"uid": str(shot.uid), "in_ms": "0:00", "out_ms": "0:04", "description_en": "A reading room"}
    answer = desks.ana.post(address(story, "shots"), sent(story, "shots", row | {"audio": "natural"}))
    assert answer.status_code == 302
    story.refresh_from_db()
    assert story.version == 1


def test_an_end_before_its_beginning_is_said_beside_the_field(desks):
    story = make_story(desks.rts)
    answer = desks.ana.post(
        address(story, "shots"), sent(story, "shots", {"in_ms": "0:05", "out_ms": "0:01"}, standing=0)
    )
    assert "The end comes before the beginning." in answer.content.decode()
    assert not story.shots.exists()


def test_somebody_elses_change_is_not_overwritten(desks):
    story = make_story(desks.rts)
    old = sent(story, "shots", {"in_ms": "0:01", "out_ms": "0:02"}, standing=0)
    desks.ana.post(address(story, "shots"), old)
    answer = desks.ana.post(address(story, "shots"), old)
    assert "load it again" in answer.content.decode()
    assert story.shots.count() == 1


def test_a_soundbite_holds_words_role_and_translations(desks):
    story = make_story(desks.rts)
    row = {"speaker": "Мина", "text": "Добро дошли", "translations_en": "Welcome", "speaker_role_en": "librarian"}
    desks.ana.post(address(story, "soundbites"), sent(story, "soundbites", row, standing=0))
    bite = story.soundbites.get()
    assert (bite.speaker, bite.translations, bite.speaker_role) == ("Мина", {"en": "Welcome"}, {"en": "librarian"})


def test_restrictions_are_chosen_from_lists_and_take_the_story_from_who_is_barred(desks):
    story = make_story(desks.rts, shots=[SHOT])
    offer(story, desks.ptrc)
    row = {"shot": "0", "territories": ["KZ", "RU"], "platforms": ["web"], "is_barred": "on"}
    answer = desks.ana.post(address(story, "restrictions"), sent(story, "restrictions", row, standing=0))
    assert answer.status_code == 302, answer.context["formset"].errors
    item = story.restrictions.get()
    assert (item.territories, item.platforms, item.shot_id) == (["KZ", "RU"], ["web"], story.shots.get().pk)
    shown = desks.ana.get(address(story, "restrictions")).content.decode()
    assert "Kazakhstan" in shown


def test_a_restriction_that_says_nothing_is_refused_beside_its_row(desks):
    story = make_story(desks.rts)
    row = {"territories": ["KZ"]}
    answer = desks.ana.post(address(story, "restrictions"), sent(story, "restrictions", row, standing=0))
    assert "Say what is not allowed." in answer.content.decode()


def test_a_shot_with_restrictions_is_not_taken_away(desks):
    story = make_story(desks.rts, shots=[SHOT], restrictions=[{"shot": 0, "no_edit": True}])
    row = {"uid": str(story.shots.get().uid), "DELETE": "on"}
    answer = desks.ana.post(address(story, "shots"), sent(story, "shots", row))
    assert "Take the restrictions of a shot away" in answer.content.decode()
    assert story.shots.exists()


def test_a_file_is_attached_and_named(desks, settings):
    story = make_story(desks.rts)
    script = SimpleUploadedFile("script.txt", b"Narration", content_type="text/plain")
    desks.ana.post(address(story, "upload"), {"file": script, "title": "Script"})
    rendition = story.renditions.get()
    assert (rendition.title, rendition.size_bytes) == ("Script", 9)
    desks.ana.post(
        address(story, "renditions"), sent(story, "renditions", {"uid": str(rendition.uid), "title": "Text"})
    )
    rendition.refresh_from_db()
    assert (rendition.title, rendition.file_id is not None) == ("Text", True)


@pytest.mark.parametrize("part", ["shots", "soundbites", "renditions", "restrictions"])
def test_only_the_story_s_own_desk_opens_these_pages(desks, client, part):
    story = make_story(desks.rts, shots=[SHOT])
    offer(story, desks.ptrc)
    assert desks.ana.get(address(story, part)).status_code == 200
    assert desks.vera.get(address(story, part)).status_code == 403
    assert desks.aigerim.get(address(story, part)).status_code == 403
    hidden = make_story(desks.rts)
    assert desks.aigerim.get(address(hidden, part)).status_code == 404
    client.force_login(make_user(desks.rts, Role.RIGHTS_OFFICER), backend="broadcasters.auth.RoleBackend")
    assert client.get(address(story, part)).status_code == (200 if part == "restrictions" else 403)


def test_more_rows_than_a_story_may_have_are_refused_on_the_page_and_fewer_are_not(desks, monkeypatch):
    story = make_story(desks.rts, shots=[SHOT, SHOT, SHOT])
    monkeypatch.setitem(MOST, Shot, 2)
    with pytest.raises(DomainError, match="at most 2 shots"):
        save_dopesheet(story, actor=desks.ana_user, shots=[{"in_ms": number} for number in range(4)])
    kept = [{"uid": str(shot.uid)} for shot in story.shots.all()]
    assert save_dopesheet(story, actor=desks.ana_user, shots=kept[:2])
    assert Shot.objects.filter(story=story).count() == 2
    rows = [{"in_ms": f"00:00:0{number}"} for number in (1, 2, 3)]
    answer = desks.ana.post(address(story, "shots"), sent(story, "shots", *rows, standing=0))
    assert "A story has at most 2 shots." in answer.content.decode()
    assert Shot.objects.filter(story=story).count() == 2
