from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from broadcasters.models import Airing
from mediaexchange.core.errors import ConflictError, DomainError, ForbiddenError
from mediaexchange.core.models import OutboxEvent
from newsexchange.constants import UseKind
from newsexchange.models import Story, Use
from newsexchange.services.recall import recall_story, restore_story
from newsexchange.services.story import save_story
from newsexchange.services.use import report_use
from tests.conftest import Caller
from tests.factories import make_broadcaster, make_channel, make_key, make_story, make_user, take

pytestmark = pytest.mark.django_db


@pytest.fixture
def taken(rts, ptrc):
    return take(make_story(rts), ptrc)


def airing(channel, **values):
    started_at = timezone.now() - timedelta(hours=1)
    return {"kind": UseKind.AIRING, "channel": channel, "started_at": started_at, "duration_ms": 90_000} | values


def test_an_airing_is_told_to_the_origin_and_counts_for_the_channel(taken, rts, ptrc):
    use = report_use(taken, actor=make_user(ptrc), **airing(make_channel(ptrc)))
    assert (use.airing.origin, use.airing.subject_uid, use.airing.is_foreign) == (rts, taken.story.uid, True)
    assert OutboxEvent.objects.get(kind="story.used").audience == sorted([rts.pk, ptrc.pk])
    assert "library" not in use.airing.title


def test_the_same_use_again_is_the_same_use(taken, ptrc):
    editor, values = make_user(ptrc), airing(make_channel(ptrc))
    assert report_use(taken, actor=editor, **values) == report_use(taken, actor=editor, **values)
    link = {"kind": UseKind.LINK, "url": "https://ptrc.example.org/1"}
    assert report_use(taken, actor=editor, **link) == report_use(taken, actor=editor, **link)
    assert (Use.objects.count(), Airing.objects.count()) == (2, 1)


def test_a_use_names_what_it_was_and_where(taken, rts, ptrc):
    editor = make_user(ptrc)
    wrong = [
        {"kind": UseKind.LINK},
        {"kind": UseKind.AIRING},
        airing(make_channel(rts)),
        airing(make_channel(ptrc), started_at=timezone.now() + timedelta(hours=1)),
        {"kind": UseKind.LINK, "url": "https://x.example.org", "used_at": timezone.now() + timedelta(days=1)},
    ]
    for values in wrong:
        with pytest.raises(DomainError):
            report_use(taken, actor=editor, **values)
    with pytest.raises(ForbiddenError):
        report_use(taken, actor=make_user(rts), **airing(make_channel(ptrc)))
    assert not Use.objects.exists()


def test_after_a_recall_no_later_use_is_reported_and_what_the_airing_was_called_is_forgotten(taken, ptrc):
    editor, values = make_user(ptrc), airing(make_channel(ptrc), title="A new library opens")
    report_use(taken, actor=editor, **values)
    recall_story(taken.story, actor=None, kind="kill", reason="wrong")
    assert Airing.objects.get().title == f"urn:uuid:{taken.story.uid}"
    with pytest.raises(ConflictError):
        report_use(taken, actor=editor, **values | {"started_at": timezone.now()})


@pytest.mark.parametrize("end", ["kill", "withhold", "expiry", "hold"])
def test_what_was_used_before_the_end_is_reported_after_it_and_what_was_used_later_is_not(taken, ptrc, end):
    editor, channel, story = make_user(ptrc), make_channel(ptrc), taken.story
    before = timezone.now()
    if end == "expiry":
        Story.objects.filter(pk=story.pk).update(expires_at=timezone.now())
    elif end == "hold":
        story.is_held = True
        save_story(story, actor=make_user(story.broadcaster), changed={"is_held"})
    else:
        recall_story(story, actor=None, kind=end, reason="wrong")
    use = report_use(taken, actor=editor, **airing(channel, started_at=before, title="A new library opens"))
    assert (use.used_at, use.airing.title) == (before, f"urn:uuid:{story.uid}")
    assert report_use(taken, actor=editor, **airing(channel, started_at=before)) == use
    for values in (airing(channel, started_at=timezone.now()), {"kind": UseKind.LINK, "url": "https://x.example.org"}):
        with pytest.raises(ConflictError) as refused:
            report_use(taken, actor=editor, **values)
        assert refused.value.code == "story-not-usable"
    assert Use.objects.get() == use


def test_after_a_story_is_usable_again_its_uses_are_reported_as_before(taken, ptrc):
    recall_story(taken.story, actor=None, kind="withhold", reason="wait")
    restore_story(taken.story, actor=None)
    assert report_use(taken, actor=make_user(ptrc), **airing(make_channel(ptrc), started_at=timezone.now()))


def test_uses_by_api_are_seen_by_both_sides_until_the_story_is_recalled(belgrade, astana, taken, ptrc):
    channel = make_channel(ptrc)
    body = {"take": str(taken.uid), "kind": "airing", "channel": channel.slug, "duration_ms": 90000}
    assert astana.post("uses/", body).json()["code"] == "airing-incomplete"
    written = astana.post("uses/", body | {"started_at": "2026-03-01T18:00:00Z", "language": "kk"})
    assert written.status_code == 201
    assert written.json()["channel"] == channel.slug
    assert belgrade.post("uses/", body | {"started_at": "2026-03-01T18:00:00Z"}).status_code == 403
    for caller in (belgrade, astana):
        assert [row["uid"] for row in caller.get("uses/").json()["results"]] == [written.json()["uid"]]
    belgrade.post(f"stories/{taken.story.uid}/recall/", {"kind": "kill", "reason": "x"})
    assert astana.get("uses/").json()["results"] == []
    assert len(belgrade.get("uses/").json()["results"]) == 1
    later = astana.post("uses/", body | {"started_at": timezone.now().isoformat()})
    assert (later.status_code, later.json()["code"]) == (409, "story-not-usable")
    assert "recalled" in later.json()["detail"]
    earlier = astana.post("uses/", body | {"started_at": (taken.story.published_at).isoformat()})
    assert earlier.status_code == 201
    assert len(belgrade.get("uses/").json()["results"]) == 2


def test_a_strangers_take_is_no_take_to_report_a_use_of(taken):
    other = Caller(make_key(make_broadcaster("rtv")))
    body = {"take": str(taken.uid), "kind": "link", "url": "https://rtv.example.org/1"}
    never = other.post("uses/", body | {"take": str(uuid4())})
    answer = other.post("uses/", body)
    assert (answer.status_code, never.status_code) == (400, 400)
    assert answer.json()["errors"][0]["code"] == never.json()["errors"][0]["code"] == "does-not-exist"
