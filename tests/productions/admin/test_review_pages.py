"""The pages of review, versions, deliverables and footage, as two producers see them."""

import pytest
from django.test import Client
from django.urls import reverse

from productions.models import ArchiveUse, Decision, Deliverable, LanguageVersion, Note, Revision
from tests.archive.factories import make_item
from tests.factories import make_broadcaster
from tests.productions.delivery import (
    approve,
    make_deliverable,
    make_document,
    make_final,
    make_revision,
    make_version,
    use_footage,
)
from tests.productions.factories import make_producer, make_production

pytestmark = pytest.mark.django_db


def signed_in(user):
    client = Client()
    client.force_login(user, backend="broadcasters.auth.RoleBackend")
    return client


@pytest.fixture
def production(rts, ptrc):
    return make_production(rts, ptrc, stage="post-production")


@pytest.fixture
def belgrade(rts):
    return signed_in(make_producer(rts))


@pytest.fixture
def astana(ptrc):
    return signed_in(make_producer(ptrc))


def page_of(row, name="change"):
    model = row._meta.model_name
    return reverse(f"admin:productions_{model}_{name}", args=[row.pk])


def text(answer):
    assert answer.status_code == 200, answer.content[:2000]
    return answer.content.decode()


def test_both_parties_take_notes_and_decide_on_one_page(production, rts, belgrade, astana):
    recording = make_document(rts)
    recording.content_type = "video/mp4"
    recording.technical = {"duration_ms": 60_000}
    recording.save()
    cut = make_revision(production, file=recording, description="With the new music")
    page = text(belgrade.get(page_of(cut)))
    assert "With the new music" in page
    assert page.count('name="decision"') == 3  # one party's buttons: the other's are not this reader's
    belgrade.post(page_of(cut, "note"), {"text": "Wrong flag", "in_at": "00:00:10:05", "out_at": "00:00:12:00"})
    note = Note.objects.get()
    assert (note.in_ms, note.out_ms) == (10_200, 12_000)
    page = text(astana.get(page_of(cut)))
    assert "00:00:10:05 – 00:00:12:00" in page
    bad = astana.post(page_of(cut, "note"), {"text": "?", "in_at": "00:00:10:77"}, follow=True)
    assert "is no timecode" in text(bad)
    astana.post(page_of(cut, "note"), {"text": "It is Tuesday’s", "parent": str(note.uid)})
    astana.post(page_of(cut, "resolve"), {"note": str(note.uid)})
    note.refresh_from_db()
    assert note.resolved_at is not None
    assert note.replies.count() == 1
    astana.post(page_of(cut, "decide"), {"decision": "changes", "note": "The flag"})
    astana.post(page_of(cut, "withdraw"), {"reason": "It is right after all"})
    for client in (belgrade, astana):
        client.post(page_of(cut, "decide"), {"decision": "approved"})
    assert "Every party has approved this revision." in text(belgrade.get(page_of(cut)))
    make_revision(production)
    assert "What was said of this one is void." in text(belgrade.get(page_of(cut)))
    assert Decision.objects.filter(revision=cut, withdrawn_at__isnull=False).count() == 1


def test_one_does_not_decide_for_the_other_house_and_strangers_see_nothing(production, rts, belgrade):
    cut = make_revision(production)
    ptrc = production.partners.exclude(broadcaster=rts).get().broadcaster
    answer = belgrade.post(page_of(cut, "decide"), {"decision": "approved", "house": ptrc.pk})
    assert answer.status_code == 403
    novi_sad = signed_in(make_producer(make_broadcaster("rtv")))
    row = make_deliverable(make_version(production))
    use = use_footage(production, make_item(rts))
    for each in (cut, row, row.version, use):
        assert novi_sad.get(page_of(each)).status_code == 404
    assert novi_sad.post(page_of(cut, "decide"), {"decision": "approved"}).status_code == 404
    assert novi_sad.get(page_of(cut, "links")).status_code == 404
    assert not Decision.objects.exists()


def test_a_script_is_submitted_by_the_form(production, rts, belgrade):
    script = make_document(rts)
    body = {"production": production.pk, "kind": "script", "broadcaster": rts.pk, "file": script.pk, "description": "x"}
    answer = belgrade.post(reverse("admin:productions_revision_add"), body, follow=True)
    assert "Open the document" in text(belgrade.get(page_of(Revision.objects.get())))
    assert answer.status_code == 200
    page = text(belgrade.get(reverse("admin:productions_production_review", args=[production.pk])))
    assert "script, revision 1" in page
    text(belgrade.get(reverse("admin:productions_revision_changelist")))


def test_a_hungarian_and_a_rusyn_version_are_added_by_the_form(production, rts, ptrc, belgrade):
    for typed, stored in (("hu", "hu-Latn"), ("rue", "rue-Cyrl")):
        body = {"production": production.pk, "language": typed, "kind": "dub", "payer": rts.pk, "owner": ptrc.pk}
        answer = belgrade.post(reverse("admin:productions_languageversion_add"), body | {"ai_use": "none"})
        assert answer.status_code == 302, answer.content.decode()[:4000]
        assert LanguageVersion.objects.filter(language=stored).exists()
    page = text(belgrade.get(reverse("admin:productions_production_deliverables", args=[production.pk])))
    assert "Hungarian · dubbing" in page
    assert "Rusyn (Cyrillic) · dubbing" in page
    version = LanguageVersion.objects.get(language="hu-Latn")
    checklist = reverse("admin:productions_production_deliverables", args=[production.pk])
    belgrade.post(checklist, {"version": version.pk, "supplier": rts.pk, "broadcaster": ptrc.pk})
    assert Deliverable.objects.filter(version=version, broadcaster=ptrc).count() == 8
    text(belgrade.get(reverse("admin:productions_languageversion_changelist")))
    text(belgrade.get(page_of(version)))


def test_a_refused_delivery_lists_what_is_in_the_way_with_links(production, rts, ptrc, belgrade, astana):
    use = use_footage(production, make_item(make_broadcaster("tanjug"), title_en="Parade of 1961"))
    row = make_deliverable(make_version(production))
    final = make_revision(production)
    approve(final, rts)
    for address in (
        page_of(row, "deliver"),
        reverse("admin:productions_production_deliverables", args=[production.pk]),
    ):
        page = text(belgrade.get(address))
        assert page_of(use) in page
        assert page_of(final) in page
        assert "Parade of 1961" in page
    assert astana.get(page_of(row, "deliver")).status_code == 403
    page = text(belgrade.get(reverse("admin:productions_production_footage", args=[production.pk])))
    assert "no licence" in page
    belgrade.post(page_of(use, "remove"))
    assert not ArchiveUse.objects.exists()
    approve(final, ptrc)
    belgrade.post(page_of(row, "deliver"))
    row.refresh_from_db()
    assert row.status == "delivered"
    astana.post(page_of(row, "reject"), {"reason": "Silent"})
    row.refresh_from_db()
    assert (row.status, row.reason) == ("rejected", "Silent")
    for model in ("deliverable", "archiveuse"):
        text(belgrade.get(reverse(f"admin:productions_{model}_changelist")))


def test_footage_is_written_down_and_contributed_by_its_holder(production, rts, belgrade):
    item = make_item(rts)
    body = {"production": production.pk, "item": item.pk, "in_ms": 1000, "out_ms": 5000, "place": "Scene 4"}
    answer = belgrade.post(reverse("admin:productions_archiveuse_add"), body)
    assert answer.status_code == 302, answer.content.decode()[:4000]
    use = ArchiveUse.objects.get()
    assert "Not cleared" in text(belgrade.get(page_of(use)))
    from broadcasters.constants import Role
    from tests.factories import make_user

    officer = signed_in(make_user(rts, Role.RIGHTS_OFFICER))
    officer.post(page_of(use, "contribute"))
    use.refresh_from_db()
    assert use.is_contributed
    page = text(officer.get(page_of(use)))
    assert "Cleared." in page


def test_a_final_that_all_approved_frees_the_checklist(production, belgrade):
    make_final(production)
    page = text(belgrade.get(reverse("admin:productions_production_deliverables", args=[production.pk])))
    assert "Nothing is in the way of delivery." in page
