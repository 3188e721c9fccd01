from datetime import timedelta

import pytest
from django.utils import timezone

from broadcasters.models import Airing
from mediaexchange.core.errors import ConflictError, DomainError, ForbiddenError
from mediaexchange.core.models import OutboxEvent
from newsexchange.constants import UseKind
from newsexchange.models import Use
from newsexchange.services.recall import recall_story
from newsexchange.services.use import report_use
from tests.factories import make_channel, make_story, make_user, take

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


def test_after_a_recall_no_use_is_reported_and_what_the_airing_was_called_is_forgotten(taken, ptrc):
    editor, values = make_user(ptrc), airing(make_channel(ptrc), title="A new library opens")
    report_use(taken, actor=editor, **values)
    recall_story(taken.story, actor=None, kind="kill", reason="wrong")
    assert Airing.objects.get().title == f"urn:uuid:{taken.story.uid}"
    with pytest.raises(ConflictError):
        report_use(taken, actor=editor, **values)


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
    assert astana.post("uses/", body).status_code == 400  # the take is out of sight
