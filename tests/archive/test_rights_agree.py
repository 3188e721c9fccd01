"""The database's answer for lists of items and the rules' for one, on the same random rights."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from psycopg.types.range import Range

from archive.models import Grant, GrantUse, Item, UnderlyingRight
from archive.rights import decisions_for
from mediaexchange.core.rights.terms import PLATFORMS
from tests.archive.factories import make_archive_module, make_item, make_segment
from tests.factories import make_broadcaster, make_user

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
MOMENTS = st.sampled_from([None, NOON - HOUR, NOON, NOON + timedelta(microseconds=1), NOON + HOUR])
PLACES = st.lists(st.sampled_from(["KZ", "RS", "XK", "CIS", "EU", "RS-INCL-XK", "DE"]), max_size=3, unique=True)
ON = st.lists(st.sampled_from(PLATFORMS), max_size=4, unique=True)

rights = st.fixed_dictionaries(
    {
        "clearance": st.sampled_from(["cleared", "cleared", "cleared", "uncleared", "refused"]),
        "territories": PLACES,
        "platforms": ON,
        "ends_at": MOMENTS,
        "has_segment": st.booleans(),
    }
)
grants = st.fixed_dictionaries(
    {
        "grantee": st.sampled_from(["ptrc", "ptrc", "ptrc", "rtv", None]),
        "territories": PLACES,
        "is_elsewhere": st.booleans(),
        "platforms": ON,
        "period": st.sampled_from(
            [Range(NOON - 5 * HOUR, NOON + 5 * HOUR)] * 4 + [Range(NOON, NOON + HOUR), Range(NOON - HOUR, NOON)]
        ),
        "embargoed_until": st.sampled_from([None, None, NOON, NOON + HOUR]),
        "holdback_until": st.sampled_from([None, None, NOON, NOON + HOUR]),
        "holdback_platforms": ON,
        "counts": st.sampled_from(
            [
                {},
                {},
                {"seconds": 40, "used_ms": 39_999},
                {"seconds": 40, "used_ms": 40_000},
                {"runs": 2, "runs_used": 2},
                {"runs": 2, "runs_used": 1},
            ]
        ),
        "repeat_hours": st.sampled_from([0, 1, 24]),
        "use": st.sampled_from([None, NOON - HOUR, NOON, NOON - timedelta(hours=24), NOON + HOUR]),
        "is_taken_back": st.booleans(),
        "is_revoked": st.sampled_from([False, False, False, True]),
        "has_segment": st.sampled_from([False, False, False, True]),
    }
)
items = st.fixed_dictionaries(
    {
        "status": st.sampled_from(["published"] * 4 + ["draft", "withdrawn"]),
        "access": st.sampled_from(["partners", "partners", "public", "house"]),
        "embargoed_until": st.sampled_from([None, None, NOON, NOON + HOUR]),
        "rights": st.lists(rights, max_size=2),
        "grants": st.lists(grants, max_size=3),
    }
)


def make(told, holder, houses):
    item = make_item(holder, **{name: told[name] for name in ("status", "access", "embargoed_until")})
    segment = make_segment(item)
    for each in told["rights"]:
        values = dict(each)
        stretch = segment if values.pop("has_segment") else None
        UnderlyingRight.objects.create(item=item, segment=stretch, kind="music", **values)
    for each in told["grants"]:
        values = dict(each)
        used_at, is_taken_back = values.pop("use"), values.pop("is_taken_back")
        stretch = segment if values.pop("has_segment") else None
        ended = {"status": "revoked", "revoked_at": NOON} if values.pop("is_revoked") else {}
        values["grantee"] = houses.get(values["grantee"])
        values["is_elsewhere"] = values["is_elsewhere"] and bool(values["territories"])
        counts = values.pop("counts")
        grant = Grant.objects.create(item=item, segment=stretch, time_zone="UTC", **values, **counts, **ended)
        if used_at:
            GrantUse.objects.create(
                grant=grant, broadcaster=houses["ptrc"], started_at=used_at, used_ms=40_000, platform="web",
                taken_back_at=NOON if is_taken_back else None, taken_back_reason="wrong" if is_taken_back else "",
            )  # fmt: skip
    return item


# Shrinking would take minutes on a database: what disagrees is small as it is.
@settings(
    max_examples=25,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    told=st.lists(items, min_size=1, max_size=4),
    state=st.sampled_from(["active", "scaled", "paused", "ended", "proposed"]),
    platform=st.sampled_from(["", "television", "web"]),
    territory=st.sampled_from(["", "KZ", "RS", "XK", "EU", "CIS"]),
    at=st.sampled_from([NOON, NOON, NOON + timedelta(microseconds=1), NOON + HOUR, None]),
)
def test_lists_and_single_answers_agree(db, told, state, platform, territory, at):
    with transaction.atomic():
        houses = {slug: make_broadcaster(slug) for slug in ("rts", "ptrc", "rtv")}
        make_archive_module(houses["rts"], houses["ptrc"], state=state)
        made = [make(each, houses["rts"], houses) for each in told]
        for slug in ("ptrc", "rts"):
            asked = {"platform": platform, "territory": territory, "at": at}
            listed = set(Item.objects.cleared_for(make_user(houses[slug]), **asked).values_list("pk", flat=True))
            decided = dict(zip(made, decisions_for(made, houses[slug], **asked), strict=True))
            assert listed == {item.pk for item, decision in decided.items() if decision.is_allowed}
            assert all(decision.reasons for decision in decided.values() if not decision.is_allowed)
        transaction.set_rollback(True)
