"""What a house took and then aired: suggested from logs in any script, confirmed once, forgotten with a recall."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from broadcasters.airing_constants import MatchStatus
from broadcasters.audience import audience_source
from broadcasters.constants import Role
from broadcasters.indicators import Period
from broadcasters.models import Airing, AiringMatch
from broadcasters.services.airing import report_airing
from broadcasters.services.airing_import import apply_airings, receive_airings, work_on_imports
from broadcasters.services.audience import state_figure
from broadcasters.services.matching import confirm_match, reject_match, suggest_matches
from mediaexchange.core.errors import ConflictError, ForbiddenError
from mediaexchange.core.languages.tags import LANGUAGES
from mediaexchange.core.models import OutboxEvent
from newsexchange.constants import UseKind
from newsexchange.models import Take, Use
from newsexchange.services.recall import recall_story
from newsexchange.services.use import report_use
from tests.factories import make_channel, make_story, make_user, take

pytestmark = pytest.mark.django_db
HEADLINES = {
    "headline_sr": "Отворена нова библиотека у Новом Саду", "headline_en": "A new library opens in Novi Sad",
    "headline_ru": "", "headline_kk": "Нови-Садта жаңа кітапхана ашылды",
}  # fmt: skip


@pytest.fixture
def taken(rts, ptrc):
    """Taken a day ago."""
    made = take(make_story(rts, slugline="LIBRARY-OPENS", **HEADLINES), ptrc)
    Take.objects.filter(pk=made.pk).update(taken_at=timezone.now() - timedelta(days=1))
    made.story.versions.update(published_at=timezone.now() - timedelta(days=2))
    made.refresh_from_db()
    return made


@pytest.fixture
def channel(ptrc):
    return make_channel(ptrc, slug="astana-news")


def aired(channel, title, *, hours_ago=2, **fields):
    at = (timezone.now() - timedelta(hours=hours_ago)).replace(microsecond=0)
    return Airing.objects.create(
        channel=channel, started_at=at, duration_ms=90_000, origin=channel.broadcaster, title=title,
        programme_key=title[:40], **fields,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("title", "code"),
    [
        ("Otvorena nova biblioteka u Novom Sadu", "title-same"),
        ("отворена НОВА библиотека у Новом Саду!", "title-same"),
        ("Нови-Садта жаңа кітапхана ашылды", "title-same"),
        ("library opens", "slugline"),
        ("Novi Sad: a new library opens today", "title-alike"),
    ],
)
def test_a_title_in_any_script_or_language_finds_the_story_that_was_taken(ptrc, taken, channel, title, code):
    airing = aired(channel, title)
    assert suggest_matches(ptrc, [airing], actor=None) == 1
    match = AiringMatch.objects.get()
    assert (match.subject_uid, match.evidence_uid) == (taken.story.uid, taken.uid)
    assert code in [reason["code"] for reason in match.reasons]
    assert 40 <= match.score < 100
    assert suggest_matches(ptrc, [airing], actor=None) == 0  # asked again: nothing new


def test_nothing_is_suggested_that_was_not_taken_or_was_aired_before_or_is_recalled(rts, ptrc, taken, channel):
    unrelated = aired(channel, "Weather for the weekend")
    too_early = aired(channel, HEADLINES["headline_en"], hours_ago=48)
    elsewhere = aired(make_channel(rts), HEADLINES["headline_en"])
    assert suggest_matches(ptrc, [unrelated, too_early], actor=None) == 0
    assert suggest_matches(rts, [elsewhere], actor=None) == 0
    recall_story(taken.story, actor=None, kind="kill", reason="wrong")
    assert suggest_matches(ptrc, [aired(channel, HEADLINES["headline_en"])], actor=None) == 0


def test_a_confirmed_match_is_the_use_that_reporting_by_hand_makes_exactly_once(rts, ptrc, taken, channel):
    airing = aired(channel, HEADLINES["headline_en"])
    suggest_matches(ptrc, [airing], actor=None)
    match, desk = AiringMatch.objects.get(), make_user(ptrc)
    for stranger in (make_user(rts), make_user(ptrc, Role.ARCHIVIST)):
        with pytest.raises(ForbiddenError):
            confirm_match(match, actor=stranger)
    for _again in range(2):
        assert confirm_match(match, actor=desk).status == MatchStatus.CONFIRMED
    use = Use.objects.get()
    airing.refresh_from_db()
    assert (use.airing, use.take, use.reported_by) == (airing, taken, desk)
    assert (airing.subject_type, airing.subject_uid, airing.origin, airing.is_foreign) == (
        "story", taken.story.uid, rts, True,
    )  # fmt: skip
    by_hand = report_use(
        taken, actor=desk, kind=UseKind.AIRING, channel=channel, started_at=airing.started_at, duration_ms=90_000
    )
    assert by_hand == use
    assert OutboxEvent.objects.filter(kind__in=["story.used", "airing.matched"]).count() == 2
    with pytest.raises(ConflictError):
        reject_match(match, actor=desk)


def test_what_was_reported_by_hand_for_that_moment_is_not_counted_twice(ptrc, taken, channel):
    airing = aired(channel, HEADLINES["headline_en"])
    suggest_matches(ptrc, [airing], actor=None)
    desk = make_user(ptrc)
    report_use(taken, actor=desk, kind=UseKind.AIRING, channel=channel, started_at=airing.started_at,
               duration_ms=90_000, title="Another title")  # fmt: skip
    with pytest.raises(ConflictError) as refused:
        confirm_match(AiringMatch.objects.get(), actor=desk)
    assert refused.value.code == "subject-aired-then"
    assert Use.objects.count() == 1


def test_a_rejected_match_is_not_suggested_again(ptrc, taken, channel):
    airing = aired(channel, HEADLINES["headline_en"])
    suggest_matches(ptrc, [airing], actor=None)
    match, desk = AiringMatch.objects.get(), make_user(ptrc)
    assert reject_match(match, actor=desk).status == MatchStatus.REJECTED
    assert suggest_matches(ptrc, [airing], actor=None) == 0
    with pytest.raises(ConflictError):
        confirm_match(match, actor=desk)


def log_of(channel, story, at, title="Bulletin item"):
    return f"channel,start,duration,title,reference\n{channel.slug},{at:%Y-%m-%dT%H:%M:%S}Z,90,{title},{story}\n"


def imported(house, actor, text):
    received = receive_airings(text.encode(), broadcaster=house, actor=actor)
    work_on_imports()
    apply_airings(received, actor=actor)
    work_on_imports()
    return received


def test_a_reference_in_a_log_is_confirmed_in_the_name_of_whoever_approved_it(rts, ptrc, taken, channel):
    desk, at = make_user(ptrc), timezone.now() - timedelta(hours=1)
    imported(ptrc, desk, log_of(channel, f"urn:uuid:{taken.story.uid}", at))
    assert Use.objects.get().reported_by == desk
    match = AiringMatch.objects.get()
    assert (match.score, match.status, match.decided_by) == (100, MatchStatus.CONFIRMED, desk)


def test_a_reference_whose_confirmer_was_killed_is_confirmed_by_the_next(ptrc, taken, channel, monkeypatch):
    class Killed(BaseException):
        pass

    def killed(*_args):
        raise Killed

    desk, at = make_user(ptrc), timezone.now() - timedelta(hours=1)
    with monkeypatch.context() as patched:
        patched.setattr("broadcasters.services.matching._try", killed)
        with pytest.raises(Killed):
            imported(ptrc, desk, log_of(channel, taken.story.uid, at))
    assert AiringMatch.objects.get().status == MatchStatus.SUGGESTED
    work_on_imports()
    assert AiringMatch.objects.get().status == MatchStatus.CONFIRMED
    assert Use.objects.count() == 1


def test_audiences_of_what_was_matched_later_count_for_whoever_made_it(rts, ptrc, taken, channel, belgrade):
    airing, desk = aired(channel, HEADLINES["headline_en"]), make_user(ptrc)
    said = {"airing": airing, "stated_by": ptrc, "actor": desk, "measure": "reach", "as_of": timezone.localdate()}
    before = state_figure(**said, value=Decimal("5000"), source="Panel")
    assert belgrade.get("audience-figures/").json()["results"] == []
    suggest_matches(ptrc, [airing], actor=None)
    confirm_match(AiringMatch.objects.get(), actor=desk)
    after = state_figure(**said, value=Decimal("6000"), source="Another panel")  # by a page opened before
    period = Period(timezone.now() - timedelta(days=2), timezone.now())
    counted = audience_source("audience-stated").count.rows(rts, period, ptrc)
    assert set(counted) == {before, after}
    assert {row["made_by"] for row in belgrade.get("audience-figures/").json()["results"]} == {"rts"}


def test_a_reference_that_a_rule_refuses_waits_and_says_why(rts, ptrc, taken, channel):
    producer, at = make_user(ptrc, Role.PRODUCER), timezone.now() - timedelta(hours=1)
    imported(ptrc, producer, log_of(channel, taken.story.uid, at))
    match = AiringMatch.objects.get()
    assert (match.status, match.refusal) == (MatchStatus.SUGGESTED, "role-missing")
    assert Airing.objects.get().subject_uid is None  # nothing of the attempt is left
    assert confirm_match(match, actor=make_user(ptrc)).refusal == ""


def test_a_story_that_was_recalled_after_it_was_aired_is_counted_without_its_words(ptrc, taken, channel):
    airing = aired(channel, HEADLINES["headline_en"])
    suggest_matches(ptrc, [airing], actor=None)
    recall_story(taken.story, actor=None, kind="kill", reason="wrong")
    confirm_match(AiringMatch.objects.get(), actor=make_user(ptrc))
    airing.refresh_from_db()
    assert airing.title == f"urn:uuid:{taken.story.uid}"
    assert Use.objects.count() == 1


def test_by_api(rts, ptrc, taken, channel, astana, belgrade):
    first = aired(channel, HEADLINES["headline_en"])
    suggest_matches(ptrc, [first], actor=None)
    found = astana.get("airing-matches/", status="suggested").json()["results"]
    assert [(row["title"], row["subject_type"], row["score"]) for row in found] == [
        (HEADLINES["headline_en"], "story", AiringMatch.objects.get().score)
    ]
    assert belgrade.get("airing-matches/").json()["results"] == []
    uid = found[0]["uid"]
    assert belgrade.post(f"airing-matches/{uid}/confirm/").status_code == 404
    assert astana.post(f"airing-matches/{uid}/confirm/").json()["status"] == "confirmed"
    assert astana.post(f"airing-matches/{uid}/confirm/").status_code == 200
    assert astana.post(f"airing-matches/{uid}/reject/").status_code == 409
    assert Use.objects.count() == 1


@pytest.mark.parametrize("language", [language.code for language in LANGUAGES])
def test_many_are_decided_at_once_in_the_admin(rts, ptrc, taken, channel, language):
    airings = [aired(channel, f"{HEADLINES['headline_en']} {part}", hours_ago=part) for part in (1, 2, 3)]
    suggest_matches(ptrc, airings, actor=None)
    client, address = Client(), reverse("admin:broadcasters_airingmatch_changelist")
    client.force_login(make_user(ptrc, language=language))
    page = client.get(address, follow=True)
    assert "status__exact=suggested" in page.request["QUERY_STRING"]
    assert str(taken.story.pk) in page.content.decode()
    ids = list(AiringMatch.objects.values_list("pk", flat=True))
    client.post(address, {"action": "confirm_chosen", "_selected_action": ids[:2]})
    client.post(address, {"action": "reject_chosen", "_selected_action": ids[2:]})
    assert sorted(AiringMatch.objects.values_list("status", flat=True)) == ["confirmed", "confirmed", "rejected"]
    assert Use.objects.count() == 2
    one = reverse("admin:broadcasters_airingmatch_change", args=[ids[0]])
    assert client.get(one).status_code == 200
    stranger = Client()
    stranger.force_login(make_user(rts))
    assert stranger.get(one).status_code == 404


def test_what_somebody_reported_by_hand_before_the_log_came_is_known_by_its_title(ptrc, taken, channel):
    at = (timezone.now() - timedelta(hours=1)).replace(microsecond=0)
    report_airing(channel, actor=None, started_at=at, duration_ms=90_000, origin=ptrc, title="Bulletin item")
    received = imported(ptrc, make_user(ptrc), log_of(channel, taken.story.uid, at))
    assert received.rows.get().action == "known"
    assert Airing.objects.count() == 1
