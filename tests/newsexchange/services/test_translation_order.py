"""Machine translations from order to approval: the queue, the services in their order, and what must never happen."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from broadcasters.constants import Role
from mediaexchange.core.errors import ConflictError, DomainError, ForbiddenError
from newsexchange.constants import RecallKind
from newsexchange.models import MemorySegment, Story, TranslationOrder
from newsexchange.services import translation_work
from newsexchange.services.edition import Text, save_edition
from newsexchange.services.recall import recall_story, restore_story
from newsexchange.services.story import publish_story, save_story
from newsexchange.services.translation_order import (
    approve_order,
    cancel_order,
    forget_orders_of_killed,
    order_translation,
    reject_order,
)
from newsexchange.services.translation_provider import spent
from newsexchange.services.translation_work import wake_if_due, work_next
from tests.core.translating.stub import KEY, Stub, upside_down
from tests.factories import make_broadcaster, make_embargoed_story, make_provider, make_story, make_user, offer

pytestmark = pytest.mark.django_db
BODY = "<p>Прва реченица. <b>Друга</b> реченица.</p><ul><li>Ставка</li></ul>"
ALL = ["sr", "kk", "ru", "en"]


@pytest.fixture
def ana(rts):
    return make_user(rts, Role.EDITOR)


@pytest.fixture
def story(rts):
    return make_story(rts, headline_sr="Наслов", body_sr=BODY)


@pytest.fixture
def stub(settings) -> Iterator[Stub]:
    with Stub() as running:
        settings.OUTGOING_ALLOWED_ADDRESSES = (running.pair,)
        yield running


def azure(stub: Stub, rts, **fields):
    return make_provider(rts, adapter="azure", url=stub.url, secret=KEY, languages=ALL, **fields)


def worked(order: TranslationOrder) -> TranslationOrder:
    assert work_next()
    order.refresh_from_db()
    return order


def approved(order: TranslationOrder, actor, *texts: str):
    return approve_order(order, actor=actor, texts=texts or [segment["text"] for segment in order.segments])


def test_an_order_becomes_segments_and_after_approval_an_edition_marked_as_a_machines(story, ana, rts, stub):
    provider = azure(stub, rts)
    order = worked(order_translation(story, "kk", actor=ana))
    assert (order.status, order.error, order.provider) == ("done", "", provider)
    assert [segment["text"] for segment in order.segments] == [
        upside_down(text) for text in ("Наслов", "Прва реченица.", "<b>Друга</b> реченица.", "Ставка")
    ]
    assert all(segment["provider"] == provider.name and segment["at"] for segment in order.segments)
    approved(order, ana)
    story.refresh_from_db()
    assert (story.headline_kk, story.version) == (upside_down("Наслов"), 2)
    assert story.body_kk == upside_down(BODY)
    edition = story.editions.get(language="kk")
    assert (edition.origin, edition.ai_use, edition.reviewed_by) == ("machine", "translation", ana)
    assert edition.ai_tool == f"{provider.name} (Azure Translator 3.0)"
    assert (edition.translated_from_version, edition.is_stale) == (1, False)


def test_until_approval_nothing_of_it_is_anywhere_but_in_the_order(story, ana, rts, stub):
    azure(stub, rts)
    before = story.versions.count()
    worked(order_translation(story, "kk", actor=ana))
    story.refresh_from_db()
    assert not story.headline_kk
    assert not story.editions.filter(language="kk").exists()
    assert story.versions.count() == before


def test_ordering_twice_is_one_order_and_another_text_is_another(story, ana):
    first = order_translation(story, "kk", actor=ana)
    assert order_translation(story, "kk-KZ", actor=ana) == first
    story.headline_sr = "Други наслов"
    story = save_story(story, actor=ana, changed={"headline_sr"})
    assert order_translation(story, "kk", actor=ana) != first


def test_the_database_itself_refuses_a_second_order_and_a_decision_by_nobody(story, ana):
    order = order_translation(story, "kk", actor=ana)
    with pytest.raises(IntegrityError), transaction.atomic():
        TranslationOrder.objects.filter(pk=order.pk).update(status="approved")
    order.pk, order.uid = None, uuid4()
    with pytest.raises(IntegrityError), transaction.atomic():
        order.save(force_insert=True)


def test_only_the_origins_editors_order_and_review(story, ana, rts, ptrc, stub):
    offer(story, ptrc)
    azure(stub, rts)
    for stranger in (make_user(ptrc), make_user(rts, Role.VIEWER)):
        with pytest.raises(ForbiddenError):
            order_translation(story, "kk", actor=stranger)
    order = worked(order_translation(story, "kk", actor=ana))
    for stranger in (make_user(ptrc), make_user(rts, Role.VIEWER)):
        with pytest.raises(ForbiddenError):
            approved(order, stranger)
        with pytest.raises(ForbiddenError):
            reject_order(order, actor=stranger, reason="no")
        with pytest.raises(ForbiddenError):
            cancel_order(order, actor=stranger)
    assert not TranslationOrder.objects.visible_to(make_user(ptrc)).exists()
    assert TranslationOrder.objects.visible_to(ana).get() == order


def test_what_cannot_be_ordered(rts, ana, story):
    with pytest.raises(DomainError, match="own language"):
        order_translation(story, "sr-Latn", actor=ana)
    with pytest.raises(DomainError, match="no text"):
        order_translation(make_story(rts, language="kk"), "ru", actor=ana)
    with pytest.raises(DomainError, match="At most"):
        order_translation(make_story(rts, body_sr="<p>" + "а" * 100_001 + "</p>"), "kk", actor=ana)


def test_without_a_service_the_text_stays_empty_and_says_so(story, ana, rts):
    order = worked(order_translation(story, "kk", actor=ana))
    assert (order.status, order.error) == ("failed", "no-provider")
    assert "stays empty" in order.get_error_display()
    again = order_translation(story, "kk", actor=ana)
    assert again.pk != order.pk
    make_provider(rts, adapter="null")
    assert worked(again).error == "no-provider"


def test_a_memory_that_knows_nothing_says_so(story, ana, rts):
    make_provider(rts)
    assert worked(order_translation(story, "kk", actor=ana)).error == "nothing-found"


def test_the_memory_is_filled_by_approval_and_asked_first_the_next_time(story, ana, rts, stub):
    azure(stub, rts, position=2)
    make_provider(rts, name="Memory", position=1)
    approved(worked(order_translation(story, "kk", actor=ana)), ana, "Тақырып", "Бірінші.", "<b>Екінші</b>.", "Тармақ")
    assert MemorySegment.objects.count() == 4
    sent = len(stub.requests)
    other = make_story(rts, headline_sr="Сасвим друго", body_sr="<p>Прва реченица. Нешто ново овде.</p>")
    order = worked(order_translation(other, "kk", actor=ana))
    assert [(each["text"], each["percent"]) for each in order.segments] == [
        (upside_down("Сасвим друго"), None),
        ("Бірінші.", 100),
        (upside_down("Нешто ново овде."), None),
    ]
    assert [item["Text"] for item in stub.requests[sent][2]] == ["Сасвим друго", "Нешто ново овде."]
    assert "Memory (memory)" in order.tool
    assert "Azure" in order.tool


def test_a_similar_sentence_is_taken_only_where_no_service_translates(story, ana, rts):
    make_provider(rts, least_percent=50)
    save_edition(
        story, "kk", Text("Тақырып", "", "<p>Бірінші сөйлем. Екінші сөйлем.</p><ul><li>Тармақ</li></ul>"),
        actor=ana, reviewed_by=ana,
    )  # fmt: skip
    other = make_story(rts, headline_sr="Наслов", body_sr="<p>Прва реченица!</p>")
    order = worked(order_translation(other, "kk", actor=ana))
    assert [each["text"] for each in order.segments] == ["Тақырып", "Бірінші сөйлем."]
    assert order.segments[0]["percent"] == 100
    assert 50 <= order.segments[1]["percent"] < 100


def test_only_what_a_person_has_reviewed_is_remembered(story, ana):
    text = Text("Тақырып", "", "<p>Бірінші.</p>")
    save_edition(story, "kk", text, actor=ana, origin="machine", ai_use="translation")
    assert not MemorySegment.objects.exists()
    save_edition(story, "kk", text, actor=ana, origin="human", reviewed_by=ana)
    assert MemorySegment.objects.get().target == "Тақырып"  # the bodies have other blocks
    story.refresh_from_db()
    story.headline_sr = "Ново"
    save_story(story, actor=ana, changed={"headline_sr"})
    save_edition(story, "ru", text, actor=ana, reviewed_by=ana, translated_from_version=2)
    assert not MemorySegment.objects.filter(target_language="ru").exists()


def test_a_rolled_back_approval_remembers_nothing(story, ana, rts, stub):
    azure(stub, rts)
    order = worked(order_translation(story, "kk", actor=ana))
    with transaction.atomic():
        approved(order, ana)
        transaction.set_rollback(True)
    assert not MemorySegment.objects.exists()
    order.refresh_from_db()
    assert order.status == "done"


def test_no_house_is_given_anothers_memory(story, ana, rts, ptrc):
    save_edition(story, "kk", Text("Тақырып"), actor=ana, reviewed_by=ana)
    aigerim = make_user(ptrc)
    make_provider(ptrc)
    foreign = make_story(ptrc, headline_sr="Наслов", body_sr="<p>Прва реченица.</p>")
    assert worked(order_translation(foreign, "kk", actor=aigerim)).error == "nothing-found"
    assert not MemorySegment.objects.visible_to(aigerim).exists()
    assert MemorySegment.objects.visible_to(ana).exists()


def test_a_killed_storys_sentences_come_back_nowhere_and_a_withheld_ones_only_once_restored(story, ana, rts):
    make_provider(rts)
    save_edition(story, "kk", Text("Тақырып"), actor=ana, reviewed_by=ana)

    def again(word: str) -> str:
        other = make_story(rts, headline_sr="Наслов", body_sr=f"<p>{word}</p>")
        return worked(order_translation(other, "kk", actor=ana)).error

    recall_story(story, actor=None, kind=RecallKind.WITHHOLD, reason="doubts")
    assert again("један") == "nothing-found"
    restore_story(story, actor=None)
    assert again("два") == ""
    recall_story(story, actor=None, kind=RecallKind.KILL, reason="wrong")
    assert again("три") == "nothing-found"
    assert not MemorySegment.objects.visible_to(ana).filter(story=story).exists()


def test_a_kill_calls_off_what_is_open_and_forgets_the_words(story, ana, rts, stub):
    azure(stub, rts)
    waiting = worked(order_translation(story, "kk", actor=ana))
    queued = order_translation(story, "ru", actor=ana)
    recall_story(story, actor=None, kind=RecallKind.KILL, reason="wrong")
    for order in (waiting, queued):
        order.refresh_from_db()
        assert (order.status, order.error, order.source, order.segments) == ("canceled", "story-canceled", {}, [])
    with pytest.raises(ConflictError):
        approved(waiting, ana)
    with pytest.raises(ConflictError):
        order_translation(story, "en", actor=ana)


def test_what_a_feed_kills_is_called_off_by_the_timetable(story, ana):
    order = order_translation(story, "kk", actor=ana)
    Story.objects.filter(pk=story.pk).update(pubstatus="canceled")
    wake_if_due()
    order.refresh_from_db()
    assert (order.status, order.source) == ("canceled", {})
    assert forget_orders_of_killed() == 0


def test_a_text_that_changes_before_the_machine_comes_is_not_translated(story, ana, rts, stub):
    azure(stub, rts)
    order = order_translation(story, "kk", actor=ana)
    story.headline_sr = "Други"
    save_story(story, actor=ana, changed={"headline_sr"})
    assert worked(order).error == "source-changed"
    assert stub.requests == []


def test_a_text_that_changes_while_the_machine_works_is_not_offered_for_review(story, ana, rts, stub):
    azure(stub, rts)
    order = order_translation(story, "kk", actor=ana)
    asked = translation_work._asked

    def then_changed(*args):
        attempt = asked(*args)
        changed = Story.objects.get(pk=story.pk)
        changed.headline_sr = "Други"
        save_story(changed, actor=ana, changed={"headline_sr"})
        return attempt

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(translation_work, "_asked", then_changed)
        assert worked(order).error == "source-changed"
    assert order.segments == []


def test_an_approval_of_what_is_behind_makes_a_stale_edition(story, ana, rts, stub):
    azure(stub, rts)
    order = worked(order_translation(story, "kk", actor=ana))
    story.headline_sr = "Други"
    save_story(story, actor=ana, changed={"headline_sr"})
    assert approved(order, ana).is_stale


def test_a_draft_is_translated_in_house_and_the_approval_survives_its_publication(rts, ana):
    save_edition(make_story(rts, headline_sr="Наслов"), "kk", Text("Тақырып"), actor=ana, reviewed_by=ana)
    make_provider(rts)
    draft = make_story(rts, published=False, headline_sr="Наслов", body_sr="")
    order = worked(order_translation(draft, "kk", actor=ana))
    assert order.status == "done"
    publish_story(draft, actor=ana)
    edition = approved(order, ana)
    assert (edition.translated_from_version, edition.is_stale) == (1, False)


def test_a_draft_that_has_changed_is_not_approved(rts, ana):
    save_edition(make_story(rts, headline_sr="Наслов"), "kk", Text("Тақырып"), actor=ana, reviewed_by=ana)
    make_provider(rts)
    draft = make_story(rts, published=False, headline_sr="Наслов", body_sr="")
    order = worked(order_translation(draft, "kk", actor=ana))
    draft.headline_sr = "Други"
    save_story(draft, actor=ana, changed={"headline_sr"})
    with pytest.raises(ConflictError, match="changed since"):
        approved(order, ana)


def test_confidential_texts_stay_in_the_house_unless_the_owner_lets_them_go(rts, ana, stub):
    provider = azure(stub, rts)
    confidential = [
        make_embargoed_story(rts),
        make_story(rts, published=False),
        make_story(rts, usage_terms="Not after Friday"),
        make_story(rts, restrictions=[{"max_seconds": 30}]),
        make_story(rts, is_held=True),
        make_story(rts, expires_at=timezone.now() - timedelta(hours=1)),
    ]
    for story in confidential:
        order = worked(order_translation(story, "kk", actor=ana))
        assert (order.status, order.error, order.error_detail) == ("failed", "confidential", provider.name)
    withheld = make_story(rts)
    recall_story(withheld, actor=None, kind=RecallKind.WITHHOLD, reason="doubts")
    assert worked(order_translation(withheld, "kk", actor=ana)).error == "confidential"
    assert (stub.requests, spent(provider)) == ([], 0)
    provider.sees_confidential = True
    provider.save()
    assert worked(order_translation(confidential[0], "kk", actor=ana)).status == "done"


def test_an_embargo_set_after_the_order_counts(story, ana, rts, stub):
    azure(stub, rts)
    order = order_translation(story, "kk", actor=ana)
    Story.objects.filter(pk=story.pk).update(is_held=True)
    assert worked(order).error == "confidential"
    assert stub.requests == []


def test_the_months_budget_is_kept_and_what_was_not_translated_is_given_back(story, ana, rts, stub):
    provider = azure(stub, rts, monthly_characters=60)
    stub.overrides = [(429, {}, {})]
    order = worked(order_translation(story, "kk", actor=ana))
    assert (order.status, order.error, spent(provider)) == ("queued", "busy", 0)
    TranslationOrder.objects.update(due_at=timezone.now() - timedelta(seconds=1))
    assert worked(order).status == "done"
    assert spent(provider) == len("НасловПрва реченица.<b>Друга</b> реченица.Ставка")
    order = worked(order_translation(story, "ru", actor=ana))
    assert (order.status, order.error) == ("failed", "budget")
    assert len(stub.requests) == 2


def test_the_next_service_is_asked_when_one_fails(story, ana, rts, stub):
    first = azure(stub, rts, position=1)
    second = make_provider(rts, adapter="deepl", url=stub.url, secret=KEY, languages=ALL, position=2)
    stub.overrides = [(403, {}, {"error": {"code": 403001}})]
    order = worked(order_translation(story, "kk", actor=ana))
    assert (order.status, order.provider) == ("done", second)
    assert (order.error, order.error_detail) == ("quota", f"{first.name}: HTTP 403, 403001")


def test_a_passing_trouble_is_waited_for_as_long_as_the_service_says(story, ana, rts, stub):
    azure(stub, rts)
    stub.overrides = [(429, {"Retry-After": "3600"}, {})]
    order = worked(order_translation(story, "kk", actor=ana))
    assert order.status == "queued"
    assert timedelta(minutes=59) < order.due_at - timezone.now() <= timedelta(hours=1)
    assert not work_next()


def test_after_several_attempts_it_fails_with_the_reason(story, ana, rts, stub):
    azure(stub, rts)
    stub.overrides = [(503, {}, {})] * 5
    order = order_translation(story, "kk", actor=ana)
    for attempt in range(1, 6):
        TranslationOrder.objects.update(due_at=timezone.now() - timedelta(seconds=1))
        assert worked(order).attempts == attempt
    assert (order.status, order.error) == ("failed", "unavailable")


def test_a_killed_workers_order_is_done_by_another_and_the_lost_one_writes_nothing(story, ana, rts, stub):
    azure(stub, rts)
    order = order_translation(story, "kk", actor=ana)
    claimed, token = translation_work._claim()
    assert claimed == order
    assert not work_next()  # it is leased
    TranslationOrder.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    assert worked(order).status == "done"
    assert translation_work._asked(claimed, token, ["Наслов"]) is None
    translation_work._finish(claimed, token, [("headline", "Наслов")], translation_work.Attempt())
    order.refresh_from_db()
    assert order.status == "done"


def test_an_order_that_kills_its_workers_is_given_up(story, ana):
    order = order_translation(story, "kk", actor=ana)
    for _ in range(5):
        assert translation_work._claim()
        TranslationOrder.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    assert worked(order).error == "gave-up"


def test_two_claims_take_two_orders(rts, ana):
    orders = {order_translation(make_story(rts), tag, actor=ana).pk for tag in ("kk", "ru")}
    assert {translation_work._claim()[0].pk, translation_work._claim()[0].pk} == orders
    assert translation_work._claim() is None


def test_serbian_from_a_service_is_stored_in_cyrillic(rts, ana, stub):
    azure(stub, rts)
    stub.translate = lambda text: {"Заголовок": "Naslov vesti"}.get(text, "Ljubav i njiva.")
    story = make_story(rts, language="ru", headline_ru="Заголовок", body_ru="<p>Текст.</p>", headline_sr="", body_sr="")
    approved(worked(order_translation(story, "sr-Latn", actor=ana)), ana)
    story.refresh_from_db()
    assert (story.headline_sr, story.body_sr) == ("Наслов вести", "<p>Љубав и њива.</p>")


def test_a_headline_keeps_its_signs_through_html_and_back(rts, ana, stub):
    azure(stub, rts)
    story = make_story(rts, headline_sr="Цене & плате: 5 < 7", body_sr="")
    order = worked(order_translation(story, "kk", actor=ana))
    assert "&amp;" in order.segments[0]["source"]
    approved(order, ana, "Бағалар & жалақы: 5 < 7")
    story.refresh_from_db()
    assert story.headline_kk == "Бағалар & жалақы: 5 < 7"


def test_markup_that_a_reviewer_types_is_made_harmless(story, ana, rts, stub):
    azure(stub, rts)
    order = worked(order_translation(story, "kk", actor=ana))
    approved(order, ana, "Т", "<script>x()</script>Бір", "<b onclick=x>Екі</b>", "Үш")
    story.refresh_from_db()
    assert "script" not in story.body_kk
    assert "onclick" not in story.body_kk
    assert not MemorySegment.objects.filter(target__contains="script").exists()


def test_a_rejection_needs_a_reason_and_can_be_ordered_again(story, ana, rts, stub):
    azure(stub, rts)
    order = worked(order_translation(story, "kk", actor=ana))
    with pytest.raises(DomainError, match="why"):
        reject_order(order, actor=ana, reason=" ")
    reject_order(order, actor=ana, reason="Wrong names")
    with pytest.raises(ConflictError):
        approved(order, ana)
    assert not story.editions.filter(language="kk").exists()
    assert order_translation(story, "kk", actor=ana).pk != order.pk


def test_calling_off_is_repeatable_and_ends_with_a_decision(story, ana, rts, stub):
    azure(stub, rts)
    order = order_translation(story, "kk", actor=ana)
    cancel_order(order, actor=ana)
    assert cancel_order(order, actor=ana).status == "canceled"
    assert not work_next()
    order = worked(order_translation(story, "kk", actor=ana))
    approved(order, ana)
    with pytest.raises(ConflictError):
        cancel_order(order, actor=ana)


def test_a_language_without_columns_is_translated_too(rts, ana, stub):
    make_provider(rts, adapter="deepl", url=stub.url, secret=KEY, languages=["sr", "hu"])
    story = make_story(rts)
    approved(worked(order_translation(story, "hu", actor=ana)), ana)
    assert story.editions.get(language="hu").headline == upside_down("Отворена нова библиотека")


def test_other_houses_services_are_not_asked(story, ana, stub):
    azure(stub, make_broadcaster("rtv"))
    assert worked(order_translation(story, "kk", actor=ana)).error == "no-provider"


def test_a_kill_while_the_machine_works_leaves_nothing_of_what_it_says(story, ana, rts, stub):
    azure(stub, rts)
    order = order_translation(story, "kk", actor=ana)
    claimed, token = translation_work._claim()
    segments = [("headline", "Наслов")]
    attempt = translation_work._asked(claimed, token, ["Наслов"])
    recall_story(story, actor=None, kind=RecallKind.KILL, reason="wrong")
    translation_work._finish(claimed, token, segments, attempt)
    order.refresh_from_db()
    assert (order.status, order.error, order.segments) == ("canceled", "story-canceled", [])


@pytest.mark.django_db(transaction=True)
def test_many_workers_at_once_do_every_order_once(stub):
    rts = make_broadcaster("rts")
    azure(stub, rts)
    for _ in range(6):
        order_translation(make_story(rts, body_sr=""), "kk", actor=None)

    def work() -> int:
        done = 0
        while work_next():
            done += 1
        connection.close()
        return done

    with ThreadPoolExecutor(4) as workers:
        done = list(workers.map(lambda _number: work(), range(4)))
    assert sum(done) == 6
    assert len(stub.requests) == 6
    assert set(TranslationOrder.objects.values_list("status", "attempts")) == {("done", 1)}


@pytest.mark.django_db(transaction=True)
def test_two_editors_at_once_make_one_order(ana):
    story = make_story()

    def place() -> str:
        try:
            return str(order_translation(Story.objects.get(pk=story.pk), "kk", actor=None).pk)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as editors:
        assert len(set(editors.map(lambda _number: place(), range(4)))) == 1
    assert TranslationOrder.objects.count() == 1


def test_a_service_that_fails_in_the_middle_is_paid_for_what_it_said_and_not_asked_for_that_again(rts, ana, stub):
    deepl = make_provider(rts, adapter="deepl", url=stub.url, secret=KEY, languages=ALL, monthly_characters=10_000)
    story = make_story(rts, headline_sr="Наслов", body_sr="".join(f"<p>Реченица {each}.</p>" for each in range(80)))
    order = order_translation(story, "kk", actor=ana)
    sizes = []

    def refuse_the_second(path, headers, body, size):
        sizes.append(sum(map(len, body["text"])))
        return Stub.answered(stub, path, headers, body, size) if len(sizes) == 1 else (429, {}, {})

    stub.answered = refuse_the_second
    assert worked(order).status == "queued"
    assert spent(deepl) == sizes[0] > 0
    del stub.answered
    TranslationOrder.objects.update(due_at=timezone.now() - timedelta(minutes=1))
    assert (worked(order).status, order.provider) == ("done", deepl)
    assert all(segment["text"] for segment in order.segments)
    sent = [text for _path, _headers, body in stub.requests for text in body["text"]]
    assert spent(deepl) == sum(map(len, [segment["source"] for segment in order.segments]))
    assert len(sent) == len(order.segments) + 31  # the second batch was sent twice
