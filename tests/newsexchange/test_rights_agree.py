"""The database's answer for lists and the evaluator's for one story, on the same random rights."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from mediaexchange.core.rights.terms import PLATFORMS
from newsexchange.models import Edition, Offer, Restriction, Shot, Story
from newsexchange.rights import decisions_for
from tests.factories import make_broadcaster, make_user

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)
MOMENTS = st.sampled_from(
    [None, NOON - timedelta(hours=24), NOON - timedelta(seconds=1), NOON, NOON + timedelta(days=1)]
)
NAMES = ["PTRC", "птрк", "RTS", "Presidential TV and Radio Complex", "Somebody"]
TERRITORIES = ["KZ", "RS", "XK", "RU", "CIS", "EU", "RS-INCL-XK", "WB6", "DE", "Ruritania"]

rows = st.fixed_dictionaries(
    {
        "territories": st.lists(st.sampled_from(TERRITORIES), max_size=3),
        "is_elsewhere": st.booleans(),
        "platforms": st.lists(st.sampled_from(PLATFORMS), max_size=6, unique=True),
        "starts_at": MOMENTS,
        "ends_at": MOMENTS,
        "is_barred": st.booleans(),
        "barred_competitors": st.lists(st.sampled_from(NAMES), max_size=2),
        "no_online": st.booleans(),
        "no_archive": st.just(True),
        "reimport_hours": st.sampled_from([None, 24, 48]),
        "place": st.sampled_from([None, 0, 1]),
    }
)
texts = st.fixed_dictionaries(
    {
        "origin": st.sampled_from(["original", "machine"]),
        "ai_use": st.sampled_from(["", "none", "translation", "synthetic"]),
        "digital_source_type": st.sampled_from(["", "trainedAlgorithmicMedia", "digitalCapture"]),
        "ai_label": st.sampled_from(["", "  ", "AI"]),
        "is_reviewed": st.booleans(),
    }
)
stories = st.fixed_dictionaries(
    {
        "state": st.sampled_from(
            [{}] * 6
            + [{"pubstatus": "withheld"}, {"pubstatus": "canceled"}, {"is_held": True}, {"expires_at": NOON}]
            + [{"embargoed_until": NOON}, {"embargoed_until": NOON + timedelta(seconds=1)}]
            + [{"status": "draft", "version": 0, "published_at": None}]
        ),
        "offer": st.sampled_from(["open", "taken", "open", "taken", "declined", None]),
        "shots": st.integers(0, 2),
        "rows": st.lists(rows, max_size=3),
        "texts": st.lists(texts, max_size=2),
    }
)


def make(told, origin, partner, reviewer):
    published = {"status": "published", "version": 1, "published_at": NOON - timedelta(hours=24), "language": "sr"}
    story = Story.objects.create(broadcaster=origin, **published | told["state"])
    if told["offer"]:
        Offer.objects.create(story=story, to_broadcaster=partner, status=told["offer"])
    shots = [Shot.objects.create(story=story, position=place) for place in range(told["shots"])]
    for row in told["rows"]:
        values = dict(row)
        place = values.pop("place")
        values["is_elsewhere"] = values["is_elsewhere"] and bool(values["territories"])
        if values["starts_at"] and values["ends_at"] and values["ends_at"] <= values["starts_at"]:
            values["ends_at"] = None
        shot = shots[place] if place is not None and place < len(shots) else None
        Restriction.objects.bulk_create([Restriction(story=story, shot=shot, **values)])
    for language, text in zip(("sr", "en"), told["texts"], strict=False):
        values = dict(text)
        is_reviewed = values.pop("is_reviewed")
        if values["ai_use"] == "none":
            values["ai_label"] = ""
        Edition.objects.create(story=story, language=language, reviewed_by=reviewer if is_reviewed else None, **values)
    return story


# Shrinking would take minutes on a database: what disagrees is small as it is.
@settings(
    max_examples=120,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    told=st.lists(stories, min_size=1, max_size=4),
    platform=st.sampled_from(["", "television", "web"]),
    territory=st.sampled_from(["", "KZ", "RS", "XK", "EU", "CIS"]),
    at=st.sampled_from([None, NOON - timedelta(seconds=1), NOON, NOON + timedelta(days=1)]),
)
def test_lists_and_single_answers_agree(db, told, platform, territory, at):
    with transaction.atomic():
        origin, partner = make_broadcaster("rts"), make_broadcaster("ptrc", abbreviation_ru="ПТРК")
        reviewer = make_user()
        made = [make(each, origin, partner, reviewer) for each in told]
        for reader in (partner, origin):
            asked = {"platform": platform, "territory": territory, "at": at}
            listed = set(Story.objects.usable_in(reader, **asked).values_list("pk", flat=True))
            decided = decisions_for(made, reader, **asked)
            assert listed == {pk for pk, decision in decided.items() if decision.is_allowed}
            assert all(decision.reasons for decision in decided.values() if not decision.is_allowed)
        transaction.set_rollback(True)
