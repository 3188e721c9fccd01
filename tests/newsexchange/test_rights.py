from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils import timezone
from django.utils.translation import override

from mediaexchange.core.errors import DomainError
from newsexchange.models import Restriction, Story
from newsexchange.rights import decisions_for, may_use
from newsexchange.services.offer import offer_story
from newsexchange.text import languages_of, text_of
from tests.factories import make_feed, make_module, make_story, make_user, offer

NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)

pytestmark = pytest.mark.django_db


def codes(statements):
    return [statement.code for statement in statements]


def test_what_is_barred_at_home_is_refused_and_says_where(rts, ptrc):
    story = make_story(rts, restrictions=[{"territories": ["CIS"], "is_barred": True}])
    offer(story, ptrc)
    decision = may_use(story, ptrc)
    assert not decision.is_allowed
    assert codes(decision.reasons) == ["barred"]
    assert may_use(story, ptrc, territory="CN").is_allowed
    assert may_use(story, rts, territory="KZ").is_allowed


def test_the_page_of_twenty_is_decided_in_as_many_queries_as_one_story(rts, ptrc, django_assert_num_queries):
    stories = [make_story(rts, restrictions=[{"max_seconds": 60}], shots=[{}, {}]) for _ in range(3)]
    for story in stories:
        offer(story, ptrc)
    with django_assert_num_queries(4):
        decisions_for(stories[:1], ptrc)
    with django_assert_num_queries(4):
        decisions = decisions_for(stories, ptrc)
    assert [codes(decision.conditions) for decision in decisions.values()] == [["credit", "max-seconds"]] * 3


def test_the_origin_may_always_use_its_own(rts):
    story = make_story(rts, published=False, restrictions=[{"is_barred": True}])
    assert may_use(story, rts).is_allowed


def test_a_story_that_was_not_offered_is_refused(rts, ptrc):
    assert codes(may_use(make_story(rts), ptrc).reasons) == ["not-offered"]


def test_every_state_that_closes_a_story_is_a_reason(rts, ptrc):
    story = make_story(rts)
    offer(story, ptrc)
    later = timezone.now() + timedelta(hours=1)
    for change, code in (
        ({"pubstatus": "withheld"}, "withheld"),
        ({"pubstatus": "canceled"}, "canceled"),
        ({"is_held": True}, "held"),
        ({"embargoed_until": later}, "embargo"),
        ({"expires_at": timezone.now()}, "expired"),
    ):
        before = {name: getattr(story, name) for name in change}
        Story.objects.filter(pk=story.pk).update(**change)
        assert codes(may_use(story, ptrc).reasons) == [code]
        Story.objects.filter(pk=story.pk).update(**before)
    assert may_use(story, ptrc).is_allowed


def test_an_embargo_is_asked_about_for_the_moment_that_is_meant(rts, ptrc):
    ends_at = timezone.now() + timedelta(days=1)
    story = make_story(rts, embargoed_until=ends_at)
    offer(story, ptrc)
    assert not may_use(story, ptrc, at=ends_at - timedelta(seconds=1)).is_allowed
    assert may_use(story, ptrc, at=ends_at).is_allowed


def test_pausing_a_module_stops_new_offers_and_takes_no_right_away(rts, ptrc):
    story, module = make_story(rts), make_module(rts, ptrc)
    offer_story(story, to=(), actor=None, module=module)
    module.state = "paused"
    module.save()
    assert may_use(story, ptrc).is_allowed


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"origin": "machine"}, "ai-undeclared"),
        ({"origin": "machine", "ai_use": "none"}, "ai-undeclared"),
        ({"ai_use": "synthetic", "ai_label": "AI"}, "ai-unmarked"),
        ({"ai_use": "synthetic", "ai_label": "AI", "digital_source_type": "digitalCapture"}, "ai-unmarked"),
        ({"ai_use": "synthetic", "digital_source_type": "trainedAlgorithmicMedia"}, "ai-unmarked"),
    ],
)
def test_undeclared_and_unmarked_texts_are_given_to_nobody_else(rts, ptrc, fields, reason):
    story = make_story(rts)
    offer(story, ptrc)
    reviewer = None if "ai_label" in fields and "digital_source_type" not in fields else make_user(rts)
    story.editions.update(**fields, reviewed_by=reviewer)
    assert codes(may_use(story, ptrc).reasons) == [reason]
    assert may_use(story, rts).is_allowed


def test_what_a_machine_wrote_at_a_desk_is_given_once_a_person_has_approved_it(rts, ptrc):
    story = make_story(rts)
    offer(story, ptrc)
    story.editions.update(origin="machine", ai_use="translation", ai_tool="a tool", reviewed_by=None)
    assert codes(may_use(story, ptrc).reasons) == ["ai-unreviewed"]
    assert languages_of(Story.objects.get(pk=story.pk)) == []
    assert not Story.objects.usable_in(ptrc).exists()
    story.editions.update(reviewed_by=make_user(rts))
    assert may_use(story, ptrc).is_allowed


def test_what_a_feed_declares_to_be_a_machines_is_given_as_its_origin_sent_it(rts, ptrc):
    story = make_story(rts, feed=make_feed(rts))
    offer(story, ptrc)
    story.editions.update(origin="machine", ai_use="translation", reviewed_by=None)
    assert may_use(story, ptrc).is_allowed
    assert Story.objects.usable_in(ptrc).exists()


def test_one_declared_text_is_enough_and_the_blocked_one_is_passed_over(rts, ptrc):
    story = make_story(rts)
    offer(story, ptrc)
    story.editions.filter(language="en").update(origin="machine")
    story = Story.objects.get(pk=story.pk)
    assert may_use(story, ptrc).is_allowed
    assert text_of(story, "en").language == "sr-Cyrl"
    assert text_of(story, "en", with_blocked=True).language == "en"
    assert languages_of(story) == ["sr-Cyrl", "sr-Latn"]
    story.editions.filter(language="en").update(ai_use="translation", ai_tool="a tool")
    assert text_of(Story.objects.get(pk=story.pk), "en").language == "en"


def test_synthetic_text_with_mark_label_and_reviewer_is_given(rts, ptrc):
    story = make_story(rts)
    offer(story, ptrc)
    marks = {
        "digital_source_type": "trainedAlgorithmicMedia",
        "ai_label": "Made with AI",
        "reviewed_by": make_user(rts),
    }
    story.editions.update(ai_use="synthetic", **marks)
    assert may_use(story, ptrc).is_allowed


@pytest.mark.parametrize("fields", [{"ai_use": "some"}, {"ai_use": "none", "ai_label": "AI"}])
def test_the_database_refuses_declarations_that_mean_nothing(rts, fields):
    with pytest.raises(IntegrityError):
        make_story(rts).editions.update(**fields)


@pytest.mark.parametrize(
    ("language", "credit"), [("sr-latn", "Foto: RTS"), ("sr", "Фото: РТС"), ("kk", "Фото: РТС"), ("en", "Фото: РТС")]
)
def test_the_credit_is_as_the_source_wrote_it_in_the_readers_script(rts, ptrc, language, credit):
    story = make_story(rts, credit="Фото: РТС")
    offer(story, ptrc)
    with override(language):
        assert may_use(story, ptrc).conditions[0].values == {"credit": credit}


def test_without_a_credit_line_the_source_is_named_in_the_readers_language(rts, ptrc):
    story = make_story(rts)
    offer(story, ptrc)
    with override("sr-latn"):
        assert may_use(story, ptrc).conditions[0].values == {"credit": "Radio-televizija Srbije"}


def test_a_broadcaster_is_found_among_competitors_by_any_of_its_names(rts, ptrc):
    ptrc.abbreviation_ru = "ПТРК"
    ptrc.save()
    for name in ("PTRC", "ptrc", "птрк", "Presidential TV and Radio Complex"):
        story = make_story(rts, restrictions=[{"barred_competitors": ["Somebody", name]}])
        offer(story, ptrc)
        assert codes(may_use(story, ptrc).reasons) == ["competitor"]


def test_what_does_not_exist_cannot_be_asked_for(rts):
    for asked in ({"platform": "pigeon"}, {"territory": "Ruritania"}):
        with pytest.raises(DomainError):
            may_use(make_story(rts), rts, **asked)


@pytest.mark.parametrize(
    "values",
    [
        {"territories": ["ATLANTIS"], "is_barred": True},
        {"is_elsewhere": True, "is_barred": True},
        {"starts_at": NOON, "ends_at": NOON, "is_barred": True},
        {"is_barred": True, "barred_competitors": ["RTS"]},
        {"barred_competitors": ["—"]},
        {},
    ],
)
def test_people_cannot_enter_what_makes_no_sense(rts, values):
    with pytest.raises(ValidationError):
        Restriction(story=make_story(rts), **values).full_clean()
