"""What houses that join or leave a memorandum change of what was agreed before: nothing."""

from datetime import UTC, date, datetime

import pytest
import time_machine

from broadcasters.constants import Role
from broadcasters.models import Memorandum, Minutes, Party
from broadcasters.services.memorandum import add_party
from broadcasters.services.minutes import approve_minutes
from broadcasters.services.notice import consent_to_renewal, give_notice
from broadcasters.terms import ends_by_notice, next_term, term_of
from mediaexchange.core.errors import ConflictError
from tests.broadcasters.admin_pages import page_of, sent, signed_in
from tests.broadcasters.agreement import make_agreement
from tests.factories import make_broadcaster, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def rtv(db):
    return make_broadcaster("rtv")


def of(house):
    return make_user(house, Role.ADMINISTRATOR)


def on(year, month, day):
    return time_machine.travel(datetime(year, month, day, 8, tzinfo=UTC), tick=False)


def agreed(*houses):
    return make_agreement(
        *houses, in_force_on=date(2024, 1, 1), term_months=12, renewal="agreed", notice_days=None
    )  # fmt: skip


def consent(memorandum, *houses):
    for house in houses:
        consent_to_renewal(memorandum, actor=of(house), broadcaster=house)


def read(memorandum):
    return Memorandum.objects.get(pk=memorandum.pk)


def test_a_house_that_joins_a_renewed_term_is_asked_for_the_next_alone(rts, ptrc, rtv):
    memorandum = agreed(rts, ptrc)
    with on(2024, 12, 1):
        consent(memorandum, rts, ptrc)
    with on(2025, 6, 1):
        add_party(memorandum, actor=of(rts), broadcaster=rtv)
        assert memorandum.parties.get(broadcaster=rtv).joined_on == date(2025, 6, 1)
        second = term_of(read(memorandum), date(2025, 6, 1))
        assert (second.number, second.last_on) == (2, date(2025, 12, 31))
        consent(memorandum, rts, ptrc)
        assert next_term(read(memorandum), second) is None
        consent(memorandum, rtv)
        assert next_term(read(memorandum), second).number == 3


def test_who_leaves_with_the_term_is_not_asked_for_the_next(rts, ptrc, rtv):
    memorandum = agreed(rts, ptrc, rtv)
    with on(2024, 12, 1):
        assert give_notice(memorandum, actor=of(rtv), broadcaster=rtv).last_on == date(2024, 12, 31)
        consent(memorandum, rts)
        assert term_of(read(memorandum), date(2025, 1, 1)) is None
        consent(memorandum, ptrc)
        assert term_of(read(memorandum), date(2025, 1, 1)).number == 2


def test_what_has_ended_is_joined_no_more_by_service_or_page(rts, ptrc, rtv):
    memorandum = make_agreement(
        rts, ptrc, in_force_on=date(2024, 1, 1), term_months=None, renewal="none", notice_days=30
    )  # fmt: skip
    with on(2024, 5, 1):
        give_notice(memorandum, actor=of(rts), broadcaster=rts)
    with on(2025, 6, 1):
        with pytest.raises(ConflictError) as refused:
            add_party(memorandum, actor=of(ptrc), broadcaster=rtv)
        assert refused.value.code == "memorandum-ended"
        assert added(of(ptrc), memorandum, rtv).context["errors"]
    Party.objects.create(memorandum=memorandum, broadcaster=rtv, joined_on=date(2025, 6, 1))
    assert ends_by_notice(read(memorandum)) == date(2024, 5, 31)  # whoever came too late revives nothing


def test_who_joins_in_time_keeps_it_alive_and_a_page_writes_down_the_day(rts, ptrc, rtv):
    memorandum = make_agreement(
        rts, ptrc, in_force_on=date(2024, 1, 1), term_months=None, renewal="none", notice_days=30
    )  # fmt: skip
    with on(2024, 5, 1):
        give_notice(memorandum, actor=of(rts), broadcaster=rts)
        assert added(of(ptrc), memorandum, rtv).status_code == 302
    assert memorandum.parties.get(broadcaster=rtv).joined_on == date(2024, 5, 1)
    assert ends_by_notice(read(memorandum)) is None


def test_minutes_wait_for_the_parties_of_their_day(rts, ptrc, rtv):
    memorandum = make_agreement(rts, ptrc)
    minutes = Minutes.objects.create(memorandum=memorandum, language="en", held_on=rts.today(), title_en="Talks")
    for house in (rts, ptrc):
        approve_minutes(minutes, actor=of(house), broadcaster=house)
    add_party(memorandum, actor=of(rts), broadcaster=rtv)
    assert Minutes.objects.get(pk=minutes.pk).is_approved


def added(user, memorandum, house):
    new = {"memorandum": memorandum.pk, "broadcaster": house.pk, "signature_status": "announced", "id": ""}
    more = {"parties-TOTAL_FORMS": "3", **{f"parties-2-{name}": value for name, value in new.items()}}
    return sent(signed_in(user), page_of(memorandum), **more)
