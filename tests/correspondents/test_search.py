"""What lasts is found among any number of records of other houses, and says nothing of them."""

import pytest

from correspondents.models import PlannedEvent
from mediaexchange.core.search.finding import _UNDATED_LIMIT
from mediaexchange.core.search.indexing import refresh

pytestmark = pytest.mark.django_db


def make_events(broadcaster, count):
    made = PlannedEvent.objects.bulk_create(
        PlannedEvent(
            slug=f"{broadcaster.slug}-{number}",
            broadcaster=broadcaster,
            name_en=f"Summit of {broadcaster.slug} {number}",
            time_zone="Asia/Almaty",
            dated="2026-12-10",
        )
        for number in range(count)
    )
    refresh("planned-event", [event.pk for event in made])


def test_ones_own_events_are_found_behind_any_number_of_private_ones_of_another_house(rts, ptrc, belgrade):
    make_events(ptrc, _UNDATED_LIMIT + 5)
    nothing = belgrade.get("search/", q="summit").json()
    assert (nothing["count"], nothing["count_is_capped"]) == (0, False)
    make_events(rts, 1)
    own = belgrade.get("search/", q="summit").json()
    assert ([each["title"] for each in own["results"]], own["count_is_capped"]) == (["Summit of rts 0"], False)


def test_more_of_ones_own_than_are_looked_at_are_said_to_be_more(rts, belgrade):
    make_events(rts, _UNDATED_LIMIT + 5)
    assert belgrade.get("search/", q="summit").json()["count_is_capped"]
