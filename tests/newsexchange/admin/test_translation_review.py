"""The review screen, the queue, the services and the memory, as desks see them."""

import pytest
from django.urls import reverse

from broadcasters.constants import Role
from broadcasters.services.reference import load_reference
from newsexchange.models import MemorySegment, TranslationOrder, TranslationProvider
from newsexchange.services.edition import Text, save_edition
from newsexchange.services.translation_order import order_translation
from newsexchange.services.translation_work import work_next
from tests.core.translating.stub import KEY, Stub
from tests.factories import make_provider, make_story, make_user
from tests.newsexchange.admin.conftest import deed, listed, page

pytestmark = pytest.mark.django_db
BODY = "<p>Почиње размена вести. Потписан је <b>меморандум</b>.</p>"


@pytest.fixture
def stub(settings):
    with Stub(lambda text: f"Машина: {text}") as running:
        settings.OUTGOING_ALLOWED_ADDRESSES = (running.pair,)
        yield running


@pytest.fixture
def story(desks):
    return make_story(desks.rts, headline_sr="Наслов & знак", body_sr=BODY)


@pytest.fixture
def waiting(desks, story, stub) -> TranslationOrder:
    make_provider(desks.rts, adapter="azure", name="Azure", url=stub.url, secret=KEY)
    order = order_translation(story, "kk", actor=desks.ana_user)
    assert work_next()
    order.refresh_from_db()
    return order


def decided(client, order, decision="approve", **fields):
    form = client.get(page(order)).context["form"]
    said = {box.html_name: box.value() for box in form.boxes}
    return client.post(page(order), said | fields | {decision: ""}, follow=True)


def test_the_translation_page_orders_and_leads_to_the_order(desks, story):
    address = reverse("admin:newsexchange_story_translation", args=[story.pk, "kk"])
    assert reverse("admin:newsexchange_story_order", args=[story.pk, "kk"]) in desks.ana.get(address).content.decode()
    answer = desks.ana.post(reverse("admin:newsexchange_story_order", args=[story.pk, "kk"]))
    order = TranslationOrder.objects.get()
    assert answer.url == page(order)
    assert page(order) in desks.ana.get(address).content.decode()
    assert desks.ana.get(reverse("admin:newsexchange_story_order", args=[story.pk, "ru"])).status_code == 302
    assert TranslationOrder.objects.count() == 1
    assert desks.vera.post(reverse("admin:newsexchange_story_order", args=[story.pk, "ru"])).status_code == 403


def test_source_and_machine_text_stand_side_by_side_in_both_scripts_with_their_origin(desks, waiting):
    shown = desks.ana.get(page(waiting)).content.decode()
    for text in ("Почиње размена вести.", "Počinje razmena vesti.", "Машина: Почиње размена вести.", "Azure"):
        assert text in shown
    assert "Машина: Наслов &amp; знак" in shown
    assert "&amp;amp;" not in shown


def test_terms_of_the_glossary_and_what_was_approved_before_stand_beside(desks, waiting):
    load_reference()
    other = make_story(desks.rts, headline_sr="Друго", body_sr="<p>Почиње размена вести!</p>")
    save_edition(
        other, "kk", Text("Басқа", "", "<p>Жаңалық алмасу басталды!</p>"),
        actor=desks.ana_user, reviewed_by=desks.ana_user,
    )  # fmt: skip
    shown = desks.ana.get(page(waiting)).content.decode()
    assert "жаңалықтар алмасу" in shown
    assert "Жаңалық алмасу басталды!" in shown
    assert "99 %" in shown


def test_approval_with_changes_makes_the_edition(desks, story, waiting):
    answer = decided(desks.ana, waiting, text_0="Тақырып & белгі", text_1="Алмасу басталды.")
    assert "is approved" in answer.content.decode()
    story.refresh_from_db()
    assert story.headline_kk == "Тақырып & белгі"
    assert story.body_kk == "<p>Алмасу басталды. Машина: Потписан је <b>меморандум</b>.</p>"
    waiting.refresh_from_db()
    assert (waiting.status, waiting.reviewed_by) == ("approved", desks.ana_user)
    shown = desks.ana.get(page(waiting)).content.decode()
    assert "Алмасу басталды." in shown
    assert "<textarea" not in shown


def test_a_missing_term_must_be_looked_at_before_approval(desks, story, waiting):
    load_reference()
    assert "The glossary says otherwise" in decided(desks.ana, waiting, text_1="Басталды.").content.decode()
    waiting.refresh_from_db()
    assert waiting.status == "done"
    decided(desks.ana, waiting, text_1="Басталды.", has_looked="on")
    waiting.refresh_from_db()
    assert waiting.status == "approved"


def test_a_rejection_says_why(desks, waiting):
    decided(desks.ana, waiting, "reject")
    waiting.refresh_from_db()
    assert waiting.status == "done"
    answer = decided(desks.ana, waiting, "reject", reason="Погрешна имена")
    waiting.refresh_from_db()
    assert (waiting.status, waiting.reason) == ("rejected", "Погрешна имена")
    assert "Погрешна имена" in answer.content.decode()
    assert desks.ana.post(deed(waiting, "again")).status_code == 302
    assert TranslationOrder.objects.filter(status="queued").exists()


def test_what_is_behind_says_so(desks, story, waiting):
    story.headline_sr = "Други"
    story.save()
    assert "The original has changed since" in desks.ana.get(page(waiting)).content.decode()


def test_a_viewer_and_another_house_see_nothing_of_it(desks, waiting):
    for client in (desks.vera, desks.aigerim, desks.nobody):
        assert "Машина" not in client.get(page(waiting)).content.decode()
        assert "Машина" not in client.get(listed("translationorder")).content.decode()
        client.post(page(waiting), {"approve": "", "text_0": "x", "text_1": "y", "text_2": "z"})
        client.post(deed(waiting, "cancel"))
    waiting.refresh_from_db()
    assert waiting.status == "done"


def test_the_queue_can_be_narrowed(desks, waiting):
    for query, count in (("?status=done", 1), ("?status=failed", 0), ("?into=kk", 1)):
        answer = desks.ana.get(listed("translationorder", query))
        assert len(answer.context["cl"].result_list) == count, query


def test_the_queue_asks_as_often_for_one_row_as_for_three(desks, django_assert_max_num_queries):
    def asked() -> int:
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as queries:
            desks.ana.get(listed("translationorder"))
        return len(queries)

    order_translation(make_story(desks.rts), "kk", actor=None)
    asked()
    one = asked()
    for _ in range(2):
        order_translation(make_story(desks.rts), "kk", actor=None)
    assert asked() == one


def service_form(desks, **fields):
    given = {"broadcaster": desks.rts.pk, "name": "Ours", "adapter": "azure", "position": 1, "least_percent": 75,
             "is_active": "on", "secret": KEY}  # fmt: skip
    return given | fields


def test_a_service_is_made_with_a_key_that_is_never_shown_and_kept_when_left_empty(desks, stub):
    add = reverse("admin:newsexchange_translationprovider_add")
    desks.ana.post(add, service_form(desks, url=stub.url, languages=["sr", "kk"]))
    provider = TranslationProvider.objects.get()
    assert (provider.secret, provider.languages) == (KEY, ["sr", "kk"])
    assert KEY not in desks.ana.get(page(provider)).content.decode()
    answer = desks.ana.post(page(provider), service_form(desks, url=stub.url, secret="", name="Renamed"))
    assert answer.status_code == 302
    provider.refresh_from_db()
    assert (provider.name, provider.secret) == ("Renamed", KEY)
    assert KEY not in desks.ana.get(page(provider, "history")).content.decode()


def test_a_stored_key_does_not_follow_to_another_address(desks, stub):
    provider = make_provider(desks.rts, adapter="deepl", secret=KEY)
    answer = desks.ana.post(
        page(provider), service_form(desks, adapter="deepl", url="https://elsewhere.example", secret="")
    )
    assert "Give the key again" in answer.content.decode()


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"secret": ""}, "needs a key"),
        ({"url": "http://169.254.169.254/"}, "cannot be used"),
        ({"url": "http://example.org/"}, "begins with https"),
    ],
)
def test_a_service_that_cannot_be_is_refused(desks, fields, said):
    answer = desks.ana.post(reverse("admin:newsexchange_translationprovider_add"), service_form(desks, **fields))
    assert said in answer.content.decode()


def test_try_it_shows_the_answer_or_the_reason(desks, stub):
    provider = make_provider(desks.rts, adapter="azure", url=stub.url, secret=KEY)
    asked = {"source": "sr", "target": "kk", "text": "Добро јутро!"}
    assert "Машина: Добро јутро!" in desks.ana.post(deed(provider, "try"), asked, follow=True).content.decode()
    stub.overrides = [(403, {}, {"error": {"code": 403001}})]
    assert "quota is used up" in desks.ana.post(deed(provider, "try"), asked, follow=True).content.decode()
    assert desks.aigerim.post(deed(provider, "try"), asked).status_code in (302, 404)


def test_an_editor_looks_at_services_and_changes_none(desks, client):
    provider = make_provider(desks.rts, adapter="azure", secret=KEY, sees_confidential=False)
    client.force_login(make_user(desks.rts, Role.EDITOR), backend="broadcasters.auth.RoleBackend")
    shown = client.get(page(provider)).content.decode()
    assert 'name="secret"' not in shown
    client.post(page(provider), service_form(desks, sees_confidential="on"))
    provider.refresh_from_db()
    assert not provider.sees_confidential


def test_the_memory_is_searched_and_a_mistake_forgotten(desks, story):
    save_edition(story, "kk", Text("Тақырып"), actor=desks.ana_user, reviewed_by=desks.ana_user)
    segment = MemorySegment.objects.get()
    assert "Тақырып" in desks.ana.get(listed("memorysegment", "?q=Тақы")).content.decode()
    assert "Тақырып" not in desks.aigerim.get(listed("memorysegment")).content.decode()
    assert desks.ana.get(page(segment)).status_code == 200
    desks.aigerim.post(deed(segment, "forget"))
    assert MemorySegment.objects.exists()
    desks.ana.post(deed(segment, "forget"))
    assert not MemorySegment.objects.exists()


def test_the_side_by_side_page_shows_the_glossary(desks, story):
    load_reference()
    shown = desks.ana.get(reverse("admin:newsexchange_story_translation", args=[story.pk, "kk"])).content.decode()
    assert "жаңалықтар алмасу" in shown
