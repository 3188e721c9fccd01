from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.utils import timezone

from archive.models import Grant, Item, Licence, UnderlyingRight
from archive.rights import may_use
from archive.services.footage_request import (
    Answer,
    Conditions,
    Wanted,
    ask_footage,
    decide_request,
    quote_request,
    withdraw_request,
)
from broadcasters.constants import Role
from mediaexchange.core.errors import ConflictError, DomainError, ForbiddenError
from mediaexchange.core.models import OutboxEvent
from tests.archive.factories import (
    make_archive_module,
    make_footage_request,
    make_grant,
    make_item,
    make_licence,
    make_segment,
)
from tests.factories import make_broadcaster, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(rts):
    return make_user(rts, Role.RIGHTS_OFFICER)


def kinds():
    return list(OutboxEvent.objects.order_by("id").values_list("kind", flat=True))


def test_a_request_names_its_lines_period_and_module_and_both_houses_hear_of_it(rts, ptrc):
    segment = make_segment(make_item(rts))
    asked = make_footage_request(ptrc, segment, seconds=40, territories=["KZ"], platforms=["television"])
    (line,) = asked.lines.all()
    assert (asked.holder, asked.status, asked.time_zone) == (rts, "submitted", "Asia/Almaty")
    assert (line.segment, line.seconds, line.status) == (segment, 40, "open")
    assert OutboxEvent.objects.get(kind="footage-request.asked").audience == sorted([rts.pk, ptrc.pk])


def test_a_paused_module_takes_no_request_and_says_why(rts, ptrc):
    module = make_archive_module(rts, ptrc, state="paused", state_reason_en="The contract is being written anew.")
    with pytest.raises(ConflictError) as error:
        make_footage_request(ptrc, make_item(rts))
    assert error.value.code == "module-paused"
    assert "written anew" in str(error.value)
    module.delete()


def test_without_a_shared_module_nothing_is_asked(rts):
    agency = make_broadcaster("agency")
    item = make_item(rts, access="public")
    with pytest.raises(DomainError) as error:
        ask_footage(
            asker=agency, actor=make_user(agency, Role.PRODUCER), lines=[Wanted(item, None, 40)], purpose="A film",
            starts_on=date(2030, 1, 1), ends_on=date(2030, 2, 1),
        )  # fmt: skip
    assert error.value.code == "no-shared-module"


def test_what_cannot_be_asked_is_refused(rts, ptrc):
    item, rtv = make_item(rts), make_broadcaster("rtv")
    make_archive_module(rts, ptrc, rtv)
    hidden = make_item(rts, access="house")
    for items, fields, code in (
        ((make_item(ptrc),), {}, "asked-of-oneself"),
        ((item, make_item(rtv)), {}, "several-holders"),
        ((hidden,), {}, "item-unknown"),
        ((item,), {"purpose": " "}, "purpose-missing"),
        ((item,), {"starts_on": date(2030, 1, 2), "ends_on": date(2030, 1, 1)}, "period-empty"),
        ((item,), {"starts_on": date(2020, 1, 1), "ends_on": date(2020, 1, 2)}, "period-over"),
        ((item,), {"territories": ["Ruritania"]}, "bad-scope"),
        ((item,), {"seconds": 0}, "nothing-asked"),
    ):
        with pytest.raises(DomainError) as error:
            make_footage_request(ptrc, *items, **fields)
        assert error.value.code == code
    with pytest.raises(DomainError, match="1"):
        ask_footage(
            asker=ptrc, actor=make_user(ptrc, Role.PRODUCER), lines=[], purpose="A film", starts_on=date(2030, 1, 1),
            ends_on=date(2030, 1, 1),
        )  # fmt: skip


def test_approving_a_part_with_a_reason_makes_a_counted_licence(rts, ptrc, officer):
    first, second, third = make_item(rts), make_segment(make_item(rts)), make_item(rts)
    asked = make_footage_request(ptrc, first, second, third, seconds=40, runs=2)
    lines = list(asked.lines.all())
    answers = {
        lines[0].pk: Answer(True, seconds=20, reason="Half of it is damaged."),
        lines[1].pk: Answer(True),
        lines[2].pk: Answer(False, reason="It is not ours to give."),
    }
    conditions = Conditions(repeat_hours=24, terms="Not before nine in the evening.", credit_line="Archive of RTS")
    decided = decide_request(asked, actor=officer, answers=answers, answer="Gladly.", conditions=conditions)
    licence = Licence.objects.get(footage_request=asked)
    assert (decided.status, decided.decided_by) == ("partly-approved", officer)
    year = timezone.now().year
    assert licence.number == f"RTS-{year}-0001"
    counted = [
        (grant.seconds, grant.runs, grant.repeat_hours, grant.segment) for grant in licence.grants.order_by("pk")
    ]
    assert counted == [(20, 2, 24, None), (40, 2, 24, second)]
    assert (licence.ends_at, licence.time_zone) == (asked.ends_at, "Asia/Almaty")
    assert kinds()[-2:] == ["licence.issued", "footage-request.decided"]
    assert may_use(first, ptrc, seconds=20).is_allowed
    assert not may_use(first, ptrc, seconds=21).is_allowed
    assert not may_use(third, ptrc).is_allowed
    assert make_licence(ptrc, make_item(rts)).number == f"RTS-{year}-0002"


def test_every_line_is_decided_and_less_than_asked_needs_a_reason(rts, ptrc, officer):
    asked = make_footage_request(ptrc, make_item(rts), make_item(rts))
    one, two = asked.lines.all()
    for answers, code in (
        ({one.pk: Answer(True)}, "line-undecided"),
        ({one.pk: Answer(True), two.pk: Answer(False)}, "reason-missing"),
        ({one.pk: Answer(True), two.pk: Answer(True, seconds=39)}, "reason-missing"),
        ({one.pk: Answer(True), two.pk: Answer(True, seconds=41, reason="more")}, "more-than-asked"),
        ({one.pk: Answer(True), two.pk: Answer(True), 0: Answer(True)}, "line-unknown"),
    ):
        with pytest.raises(DomainError) as error:
            decide_request(asked, actor=officer, answers=answers)
        assert error.value.code == code
    assert not Licence.objects.exists()


def test_refusing_every_line_refuses_the_request_without_a_licence(rts, ptrc, officer):
    asked = make_footage_request(ptrc, make_item(rts))
    answers = {line.pk: Answer(False, reason="Not now.") for line in asked.lines.all()}
    assert decide_request(asked, actor=officer, answers=answers).status == "refused"
    assert not Licence.objects.exists()
    with pytest.raises(ConflictError) as error:
        decide_request(asked, actor=officer, answers=answers)
    assert error.value.code == "request-move-refused"


def test_only_the_holder_decides_and_only_the_asker_withdraws(rts, ptrc, officer):
    asked = make_footage_request(ptrc, make_item(rts))
    answers = {line.pk: Answer(True) for line in asked.lines.all()}
    theirs = make_user(ptrc, Role.RIGHTS_OFFICER)
    with pytest.raises(ForbiddenError):
        decide_request(asked, actor=theirs, answers=answers)
    with pytest.raises(ForbiddenError):
        quote_request(asked, actor=theirs, prices={})
    with pytest.raises(ForbiddenError):
        withdraw_request(asked, actor=officer)
    producer = make_user(ptrc, Role.PRODUCER)
    assert withdraw_request(asked, actor=producer).status == "withdrawn"
    assert withdraw_request(asked, actor=producer).status == "withdrawn"
    with pytest.raises(ConflictError):
        decide_request(asked, actor=officer, answers=answers)


def test_a_price_is_named_before_the_decision_and_may_be_named_anew(rts, ptrc, officer):
    asked = make_footage_request(ptrc, make_item(rts))
    (line,) = asked.lines.all()
    quote_request(asked, actor=officer, prices={line.pk: (Decimal("120.00"), "EUR")}, answer="For a minute.")
    quoted = quote_request(asked, actor=officer, prices={line.pk: (Decimal("90.00"), "EUR")})
    line.refresh_from_db()
    assert (quoted.status, line.quoted_amount, line.quoted_currency) == ("quoted", Decimal("90.00"), "EUR")
    assert decide_request(asked, actor=officer, answers={line.pk: Answer(True)}).status == "approved"


def test_uncleared_rights_block_the_approval_of_the_lines_that_hold_them(rts, ptrc, officer):
    clear, barred = make_item(rts), make_item(rts)
    UnderlyingRight.objects.create(item=barred, kind="third-party", owner="An agency")
    asked = make_footage_request(ptrc, clear, barred)
    lines = {line.item_id: line for line in asked.lines.all()}
    answers = {line.pk: Answer(True) for line in lines.values()}
    with pytest.raises(ConflictError) as error:
        decide_request(asked, actor=officer, answers=answers)
    (told,) = error.value.details["lines"]
    assert (error.value.code, told["line"]) == ("rights-uncleared", str(lines[barred.pk].uid))
    assert [reason["code"] for reason in told["reasons"]] == ["uncleared-third-party"]
    assert not Grant.objects.exists()
    answers[lines[barred.pk].pk] = Answer(False, reason="The agency has not agreed.")
    assert decide_request(asked, actor=officer, answers=answers).status == "partly-approved"


def test_an_exclusive_grant_of_another_stops_the_approval_and_leaves_nothing_half_done(rts, ptrc, officer):
    free, taken = make_item(rts), make_item(rts)
    make_grant(taken, grantee=make_broadcaster("rtv"), is_exclusive=True)
    asked = make_footage_request(ptrc, free, taken)
    lines = {line.item_id: line for line in asked.lines.all()}
    with pytest.raises(ConflictError) as error:
        decide_request(asked, actor=officer, answers={line.pk: Answer(True) for line in lines.values()})
    assert (error.value.code, error.value.details["line"]) == ("grant-conflict", str(lines[taken.pk].uid))
    asked.refresh_from_db()
    assert (asked.status, Licence.objects.count(), Grant.objects.filter(licence__isnull=False).count()) == (
        "submitted", 0, 0,
    )  # fmt: skip


def test_a_module_that_is_paused_meanwhile_grants_nothing_and_may_still_refuse(rts, ptrc, officer):
    asked = make_footage_request(ptrc, make_item(rts))
    module = asked.module
    module.state = "paused"
    module.save()
    (line,) = asked.lines.all()
    with pytest.raises(ConflictError) as error:
        decide_request(asked, actor=officer, answers={line.pk: Answer(True)})
    assert error.value.code == "module-paused"
    assert decide_request(asked, actor=officer, answers={line.pk: Answer(False, reason="No.")}).status == "refused"


def test_a_licence_ends_at_the_end_of_its_last_day_in_its_own_zone(rts, ptrc):
    item = make_item(rts)
    with time_machine.travel("2026-12-01T12:00:00Z", tick=False):
        licence = make_licence(ptrc, item, starts_on=date(2026, 12, 1), ends_on=date(2026, 12, 31))
        assert licence.ends_at.isoformat() == "2026-12-31T19:00:00+00:00"  # midnight in Astana
        last = licence.ends_at - timedelta(microseconds=1)
        assert may_use(item, ptrc, at=last).is_allowed
        decision = may_use(item, ptrc, at=licence.ends_at)
    assert [(each.code, each.values["time_zone"]) for each in decision.reasons] == [("ended", "Asia/Almaty")]


def test_items_that_are_withdrawn_meanwhile_can_still_be_refused(rts, ptrc, officer):
    asked = make_footage_request(ptrc, item := make_item(rts))
    Item.objects.filter(pk=item.pk).update(status="withdrawn")
    (line,) = asked.lines.all()
    assert decide_request(asked, actor=officer, answers={line.pk: Answer(False, reason="Gone.")}).status == "refused"
