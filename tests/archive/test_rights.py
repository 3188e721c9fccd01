from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone
from django.utils.translation import override
from psycopg.types.range import Range

from archive.models import GrantUse, Item, UnderlyingRight
from archive.rights import decision_for_reader, decisions_for, may_use, said
from broadcasters.constants import Role
from mediaexchange.core.errors import DomainError
from mediaexchange.core.rights.words import message
from tests.archive.factories import make_archive_module, make_grant, make_item, make_segment
from tests.factories import make_broadcaster, make_user

DAY = timedelta(days=1)

pytestmark = pytest.mark.django_db


@pytest.fixture
def item(rts, ptrc):
    """A reel of RTS that PTRC reads."""
    make_archive_module(rts, ptrc)
    return make_item(rts)


def codes(statements):
    return [statement.code for statement in statements]


def refused(*args, **asked):
    decision = may_use(*args, **asked)
    assert not decision.is_allowed
    return codes(decision.reasons)


def test_footage_that_nobody_granted_is_refused_to_others_and_free_at_home(item, rts, ptrc):
    assert refused(item, ptrc) == ["no-grant"]
    assert may_use(item, rts).is_allowed


def test_a_grant_to_all_partners_is_one_to_each_that_reads_the_item(item, ptrc):
    make_grant(item)
    assert may_use(item, ptrc).is_allowed
    assert refused(item, make_broadcaster("agency")) == ["not-shared"]
    Item.objects.filter(pk=item.pk).update(access="public")
    assert may_use(item, make_broadcaster("agency")).is_allowed


def test_a_paused_module_holds_back_what_is_granted_to_all_and_keeps_what_is_granted_to_one(item, ptrc):
    make_grant(item)
    module = item.broadcaster.modules.get()
    module.state, module.state_reason_en = "paused", "A new contract is being written."
    module.save()
    decision = may_use(item, ptrc)
    assert codes(decision.reasons) == ["module-paused"]
    assert "A new contract" in message(decision.reasons[0])
    make_grant(item, grantee=ptrc)
    assert may_use(item, ptrc).is_allowed


def test_every_limit_of_a_grant_is_a_reason(item, ptrc):
    now = timezone.now()
    grant = make_grant(item, grantee=ptrc)
    for change, code in (
        ({"territories": ["RS"]}, "territory-not-granted"),
        ({"territories": ["CIS"], "is_elsewhere": True}, "territory-not-granted"),
        ({"platforms": ["radio"]}, "platform-not-granted"),
        ({"languages": ["kk"]}, "language-not-granted"),
        ({"period": Range(now + DAY, now + 2 * DAY)}, "not-started"),
        ({"period": Range(now - 2 * DAY, now)}, "ended"),
        ({"embargoed_until": now + DAY}, "grant-embargo"),
        ({"holdback_until": now + DAY}, "holdback"),
        ({"holdback_until": now + DAY, "holdback_platforms": ["television"]}, "holdback"),
        ({"runs": 1, "runs_used": 1}, "runs-used-up"),
        ({"seconds": 40, "used_ms": 40_000}, "seconds-used-up"),
    ):
        before = {name: getattr(grant, name) for name in change}
        for name, value in change.items():
            setattr(grant, name, value)
        grant.save()
        assert refused(item, ptrc, platform="television", language="sr-Latn") == [code], change
        for name, value in before.items():
            setattr(grant, name, value)
        grant.save()
    assert may_use(item, ptrc, platform="television", language="sr-Latn").is_allowed


def test_a_grant_in_a_language_is_one_in_all_its_scripts(item, ptrc):
    make_grant(item, grantee=ptrc, languages=["sr"])
    assert may_use(item, ptrc, language="sr-Latn").is_allowed
    assert refused(item, ptrc, language="sq") == ["language-not-granted"]


def test_more_than_is_left_is_refused_and_what_is_left_is_a_condition(item, ptrc):
    make_grant(item, grantee=ptrc, seconds=40, used_ms=15_500, runs=3, runs_used=1)
    decision = may_use(item, ptrc, seconds=24, runs=2)
    assert decision.is_allowed
    assert {each.code: each.values.get("left") for each in decision.conditions}["seconds-left"] == 24
    assert refused(item, ptrc, seconds=25) == ["seconds-used-up"]
    assert refused(item, ptrc, runs=3) == ["runs-used-up"]


def test_a_showing_inside_the_repeat_window_needs_no_further_run(item, ptrc):
    began = datetime(2026, 3, 28, 20, tzinfo=UTC)  # clocks in Europe change in the night after it
    period = Range(began - DAY, began + 30 * DAY)
    grant = make_grant(
        item, grantee=ptrc, runs=1, runs_used=1, seconds=40, used_ms=40_000, repeat_hours=24, period=period
    )
    GrantUse.objects.create(grant=grant, broadcaster=ptrc, started_at=began, used_ms=40_000, platform="television")
    within = may_use(item, ptrc, at=began + timedelta(hours=23, minutes=59), seconds=40)
    assert within.is_allowed
    assert "repeat" in codes(within.conditions)
    assert refused(item, ptrc, at=began + timedelta(hours=23), seconds=41) == ["seconds-used-up"]
    assert refused(item, ptrc, at=began + timedelta(hours=24)) == ["runs-used-up", "seconds-used-up"]


def test_uncleared_music_bars_everybody_even_the_own_house(item, rts, ptrc):
    make_grant(item, grantee=ptrc)
    music = UnderlyingRight.objects.create(item=item, kind="music", owner="A composer")
    assert refused(item, ptrc) == ["uncleared-music"]
    assert refused(item, rts) == ["uncleared-music"]
    with override("en"):
        (said_of_it,) = said(may_use(item, ptrc).reasons, ptrc)
    assert said_of_it["message"] == "Music in it is not cleared. Owner of the right: A composer."
    music.clearance = "refused"
    music.save()
    assert refused(item, ptrc) == ["clearance-refused"]
    music.clearance = "cleared"
    music.save()
    assert may_use(item, ptrc).is_allowed
    assert may_use(item, rts).is_allowed


def test_a_right_in_one_stretch_bars_only_what_overlaps_it(item, ptrc):
    make_grant(item, grantee=ptrc)
    dance, speech = make_segment(item, in_frame=0, out_frame=250), make_segment(item, in_frame=250, out_frame=500)
    UnderlyingRight.objects.create(item=item, segment=dance, kind="performers")
    assert may_use(speech, ptrc).is_allowed  # they touch and do not overlap
    assert refused(dance, ptrc) == ["uncleared-performers"]
    assert refused(item, ptrc) == ["uncleared-performers"]
    assert refused(make_segment(item, in_frame=249, out_frame=300), ptrc) == ["uncleared-performers"]


def test_a_right_of_the_whole_item_bars_its_segments(item, ptrc):
    make_grant(item, grantee=ptrc)
    UnderlyingRight.objects.create(item=item, kind="third-party")
    assert refused(make_segment(item), ptrc) == ["uncleared-third-party"]


def test_a_clearance_may_hold_for_some_places_platforms_and_times_only(item, ptrc):
    now = timezone.now()
    make_grant(item, grantee=ptrc)
    right = UnderlyingRight.objects.create(
        item=item, kind="music", clearance="cleared", territories=["KZ"], platforms=["television"], ends_at=now + DAY
    )
    decision = may_use(item, ptrc)
    assert decision.is_allowed
    assert {"platforms-barred", "cleared-elsewhere-only", "cleared-until"} <= set(codes(decision.conditions))
    assert refused(item, ptrc, territory="CIS") == ["cleared-elsewhere-only", "cleared-platforms-only"]
    assert refused(item, ptrc, platform="web") == ["cleared-platforms-only"]
    assert refused(item, ptrc, at=now + DAY, platform="television") == ["clearance-ended"]
    right.territories = ["RS"]
    right.save()
    assert refused(item, ptrc, platform="television") == ["cleared-elsewhere-only"]


def test_a_grant_of_a_segment_covers_only_what_lies_inside(item, ptrc):
    granted = make_segment(item, in_frame=250, out_frame=1250)
    make_grant(item, segment=granted, grantee=ptrc)
    assert may_use(granted, ptrc).is_allowed
    assert may_use(make_segment(item, in_frame=300, out_frame=400), ptrc).is_allowed
    assert refused(make_segment(item, in_frame=249, out_frame=400), ptrc) == ["other-stretches-only"]
    decision = may_use(item, ptrc)
    assert codes(decision.reasons) == ["other-stretches-only"]
    with override("en"):
        assert message(decision.reasons[0]) == "Only other stretches of it are granted. Stretches: 0:00:10–0:00:50."


def test_a_segment_that_is_moved_leaves_the_granted_stretch_where_it_was(item, ptrc):
    segment = make_segment(item, in_frame=250, out_frame=500)
    grant = make_grant(item, segment=segment, grantee=ptrc)
    segment.out_frame = 5000
    segment.save()
    grant.refresh_from_db()
    grant.note = "seen"
    grant.save()
    assert refused(segment, ptrc) == ["other-stretches-only"]


def test_what_another_house_has_to_itself_is_said_without_naming_it(item, rts, ptrc):
    rtv = make_broadcaster("rtv")
    make_grant(item, grantee=rtv, is_exclusive=True, territories=["KZ"])
    decision = may_use(item, ptrc)
    assert codes(decision.reasons) == ["no-grant", "exclusive-to-another"]
    assert "rtv" not in str(said(decision.reasons, ptrc)).lower()
    assert may_use(item, rts).is_allowed


def test_a_revoked_grant_says_so_and_why(item, ptrc):
    make_grant(item, grantee=ptrc, status="revoked", revoked_at=timezone.now(), revocation_reason="unpaid")
    decision = may_use(item, ptrc)
    assert codes(decision.reasons) == ["revoked", "no-grant"]
    assert "unpaid" in message(decision.reasons[0])


def test_what_is_not_published_or_under_embargo_is_nobody_elses(item, rts, ptrc):
    make_grant(item, grantee=ptrc)
    tomorrow = timezone.now() + DAY
    Item.objects.filter(pk=item.pk).update(embargoed_until=tomorrow)
    assert refused(item, ptrc) == ["footage-embargo"]
    assert may_use(item, ptrc, at=tomorrow).is_allowed
    Item.objects.filter(pk=item.pk).update(embargoed_until=None, status="withdrawn")
    assert refused(item, ptrc) == ["not-published"]
    assert may_use(item, rts).is_allowed


def test_an_end_is_said_in_the_zone_of_the_grant_whoever_reads_it(item, ptrc):
    ends_at = datetime(2026, 12, 31, 23, tzinfo=UTC)  # midnight in Belgrade
    make_grant(item, grantee=ptrc, period=Range(ends_at - 100 * DAY, ends_at), time_zone="Europe/Belgrade")
    assert may_use(item, ptrc, at=ends_at - timedelta(microseconds=1)).is_allowed
    decision = may_use(item, ptrc, at=ends_at)
    assert codes(decision.reasons) == ["ended"]
    with override("en"):
        (reason,) = said(decision.reasons, ptrc)
    assert reason["message"] == "The grant has ended. Until: 1 January 2027, 00:00 (Europe/Belgrade)."
    with override("kk"):
        assert "Europe/Belgrade" in said(decision.reasons, ptrc)[0]["message"]


def test_many_are_decided_in_as_many_queries_as_one(item, rts, ptrc, django_assert_num_queries):
    items = [item, make_item(rts), make_item(rts)]
    for each in items:
        make_grant(each, grantee=ptrc, repeat_hours=24, runs=3)
        UnderlyingRight.objects.create(item=each, kind="music", clearance="cleared")
    with django_assert_num_queries(5):
        decisions_for(items[:1], ptrc)
    several = [*items, make_segment(item)]
    with django_assert_num_queries(5):
        decisions = decisions_for(several, ptrc)
    assert all(decision.is_allowed for decision in decisions)


def test_a_person_of_several_houses_gets_the_best_answer(item, rts, ptrc):
    editor = make_user(ptrc)
    editor.memberships.create(broadcaster=rts, role=Role.VIEWER)
    decision, house = decision_for_reader(item, editor)
    assert (decision.is_allowed, house) == (True, rts)
    with pytest.raises(Item.DoesNotExist):
        decision_for_reader(item, make_user())


def test_what_does_not_exist_is_refused_by_its_code(item, ptrc):
    for asked, code in (({"platform": "cinema"}, "unknown-platform"), ({"territory": "ZZ"}, "unknown-territory")):
        with pytest.raises(DomainError) as error:
            may_use(item, ptrc, **asked)
        assert error.value.code == code
