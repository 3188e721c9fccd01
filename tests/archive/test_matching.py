"""Granted footage found in logs: a confirmed one counts the grant's seconds, and does not make a programme foreign."""

from datetime import timedelta

import pytest
from django.utils import timezone

from archive.models import GrantUse
from broadcasters.constants import Role
from broadcasters.models import Airing, AiringMatch
from broadcasters.services.matching import confirm_match, suggest_matches
from mediaexchange.core.errors import ConflictError
from tests.archive.factories import make_grant, make_item
from tests.factories import make_channel, make_user

pytestmark = pytest.mark.django_db


def aired(channel, title="", *, seconds=30, **fields):
    at = (timezone.now() - timedelta(hours=3)).replace(microsecond=0)
    return Airing.objects.create(
        channel=channel, started_at=at, duration_ms=seconds * 1000, origin=channel.broadcaster, title=title or "Insert",
        **fields,
    )  # fmt: skip


def test_a_granted_clip_is_found_by_its_number_or_title_and_its_seconds_are_counted_once(rts, ptrc):
    item = make_item(rts, identifier="RTS-1961-09", title_sr="Самит несврстаних у Београду")
    grant = make_grant(item, grantee=ptrc, seconds=40)
    channel, editor = make_channel(ptrc), make_user(ptrc, Role.EDITOR)
    by_number, by_title = aired(channel, reference="rts-1961-09"), aired(channel, "Samit nesvrstanih u Beogradu")
    assert suggest_matches(ptrc, [by_number, by_title], actor=None) == 2
    first = AiringMatch.objects.get(airing=by_number)
    assert (first.subject_type, first.subject_uid, first.evidence_uid, first.score) == (
        "item",
        item.uid,
        grant.uid,
        100,
    )
    for _again in range(2):
        confirm_match(first, actor=editor)
    use = GrantUse.objects.get()
    assert (use.grant, use.used_ms, use.platform, use.broadcaster) == (grant, 30_000, "television", ptrc)
    by_number.refresh_from_db()
    assert (by_number.subject_uid, by_number.origin, by_number.is_foreign) == (item.uid, ptrc, False)


def test_what_would_pass_the_granted_seconds_is_refused_and_leaves_nothing(rts, ptrc):
    item = make_item(rts, title_en="A reel of the sixties")
    make_grant(item, grantee=ptrc, seconds=20)
    airing = aired(make_channel(ptrc), "A reel of the sixties")
    suggest_matches(ptrc, [airing], actor=None)
    with pytest.raises(ConflictError) as refused:
        confirm_match(AiringMatch.objects.get(), actor=make_user(ptrc, Role.EDITOR))
    assert refused.value.code == "seconds-used-up"
    airing.refresh_from_db()
    assert (airing.subject_uid, GrantUse.objects.count()) == (None, 0)


def test_footage_that_was_granted_to_others_or_for_the_web_is_not_suggested(rts, ptrc):
    item = make_item(rts, title_en="A reel of the sixties")
    make_grant(item, grantee=rts)
    make_grant(item, grantee=ptrc, platforms=["web"])
    assert suggest_matches(ptrc, [aired(make_channel(ptrc), "A reel of the sixties")], actor=None) == 0
