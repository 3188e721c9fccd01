"""Licences that expire come next under the memorandum of their module."""

from datetime import UTC, date, datetime

import pytest

from archive.models import Licence
from tests.archive.factories import make_item, make_licence
from tests.broadcasters.agreement import coming_up, make_agreement
from tests.factories import make_broadcaster, make_user

pytestmark = pytest.mark.django_db
YEAR = (date(2027, 1, 1), date(2027, 12, 31))


def test_licences_come_next_on_their_last_day_for_both_sides_alone(rts, ptrc):
    memorandum = make_agreement(rts, ptrc)
    for number in (1, 2, 3):
        licence = make_licence(rts, make_item(ptrc))
        licence.footage_request.module.memoranda.add(memorandum)
        ends_at = datetime(2027, 6, number, 22, tzinfo=UTC)  # midnight in Belgrade
        Licence.objects.filter(pk=licence.pk).update(ends_at=ends_at, time_zone="Europe/Belgrade")
        told, statements = coming_up(memorandum, make_user(ptrc), *YEAR)
        if number == 1:
            alone = statements
            assert told == [("licence-expires", date(2027, 6, 1), licence.number)]
    assert (len(told), statements) == (3, alone)
    assert coming_up(memorandum, make_user(rts), *YEAR)[0] == told
    assert coming_up(memorandum, make_user(make_broadcaster("rtv")), *YEAR)[0] == []
