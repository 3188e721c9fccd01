"""Airings and stories: what a house took and then aired. A confirmed match is a use, as if it had been reported."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from broadcasters.matchers import REFERENCE, Candidate, Claim, Shown, reason, register
from broadcasters.models import Airing, Broadcaster
from broadcasters.services.airing import forget_titles
from broadcasters.titles import likeness, reference_uid, words
from mediaexchange.core.errors import ConflictError, Message
from mediaexchange.core.languages.names import name_key
from mediaexchange.core.languages.tags import STORED
from mediaexchange.core.models import User
from newsexchange.constants import UseKind
from newsexchange.models import Edition, Story, Take
from newsexchange.services.use import report_use

NEWS_LASTS = timedelta(days=60)  # after that a title that is alike says nothing
_LEAST_ALIKE = 0.45
_LENGTH_DIFFERS = 0.2


@dataclass(frozen=True, slots=True)
class _Taken:
    """A take with its headlines in every language, as keys across scripts."""

    story_uid: UUID
    take_uid: UUID
    taken_at: datetime
    origin_id: int
    languages: frozenset[str]
    slugline: str
    duration_ms: int | None
    headlines: tuple[tuple[str, frozenset[str]], ...]


class StoryMatcher:
    subject_type = "story"
    title: Message = _("story")

    def candidates(self, house: Broadcaster, airings: Sequence[Airing]) -> Iterator[Candidate]:
        """Stories that the house took before they were aired, by reference, else by what their headlines share."""
        named = {uid: airing for airing in airings if (uid := reference_uid(airing.reference)) is not None}
        referred = Take.objects.filter(broadcaster=house, story__uid__in=named).select_related("story")
        for take in referred:
            for airing in (each for each in airings if reference_uid(each.reference) == take.story.uid):
                if take.taken_at <= airing.started_at:
                    yield Candidate(airing.pk, take.story.uid, take.uid, REFERENCE, [reason("reference")])
        first, last = min(each.started_at for each in airings), max(each.started_at for each in airings)
        yield from _alike(list(_taken(house, first - NEWS_LASTS, last)), airings)

    def claim(self, house: Broadcaster, subject_uid: UUID, evidence_uid: UUID) -> Claim:
        take = _take(house, subject_uid, evidence_uid)
        return Claim(origin_id=take.story.broadcaster_id)

    def confirm(self, airing: Airing, evidence_uid: UUID, *, actor: User) -> None:
        take = Take.objects.select_related("story").get(uid=evidence_uid)
        report_use(
            take, actor=actor, kind=UseKind.AIRING, channel=airing.channel, started_at=airing.started_at,
            duration_ms=airing.duration_ms, language=airing.language, title=airing.title,
        )  # fmt: skip
        if not Story.objects.out_in_the_open().filter(pk=take.story_id).exists():
            forget_titles(self.subject_type, take.story.uid)  # it may repeat what was recalled since

    def shown(self, uids: Iterable[UUID], user: User | AnonymousUser) -> dict[UUID, Shown]:
        stories = Story.objects.visible_to(user).filter(uid__in=list(uids)).prefetch_related("editions")
        return {
            story.uid: Shown(str(story), reverse("admin:newsexchange_story_change", args=[story.pk]))
            for story in stories
        }

    def made_by(self, uid: UUID, user: User | AnonymousUser) -> int | None:
        story = Story.objects.visible_to(user).filter(uid=uid).first()
        return story.broadcaster_id if story else None


def _take(house: Broadcaster, subject_uid: UUID, evidence_uid: UUID) -> Take:
    take = Take.objects.filter(broadcaster=house, uid=evidence_uid, story__uid=subject_uid)
    found = take.select_related("story").first()
    if found is None:
        raise ConflictError("take-missing", _("The house has not taken this story."), current="missing")
    return found


def _taken(house: Broadcaster, first: datetime, last: datetime) -> Iterator[_Taken]:
    """What the house took in this time and others may still read: titles of recalled stories are not compared."""
    takes = Take.objects.filter(
        broadcaster=house, taken_at__gte=first, taken_at__lte=last, story__in=Story.objects.out_in_the_open()
    )
    rows = list(takes.select_related("story").order_by("-taken_at"))
    outside: dict[int, list[tuple[str, str]]] = {}
    editions = Edition.objects.filter(story__in=[take.story_id for take in rows]).exclude(headline="")
    for story_id, language, headline in editions.values_list("story", "language", "headline"):
        outside.setdefault(story_id, []).append((language, headline))
    for take in rows:
        story: Any = take.story
        told = [(language, getattr(story, f"headline_{language}") or "") for language in STORED]
        told += outside.get(story.pk, [])
        yield _Taken(
            story_uid=story.uid,
            take_uid=take.uid,
            taken_at=take.taken_at,
            origin_id=story.broadcaster_id,
            languages=frozenset(language.partition("-")[0] for language, text in told if text),
            slugline=name_key(story.slugline),
            duration_ms=story.duration_ms,
            headlines=tuple((name_key(text), words(text)) for _language, text in told if text),
        )


def _alike(taken: Sequence[_Taken], airings: Sequence[Airing]) -> Iterator[Candidate]:
    """Only those that share a word are compared."""
    by_word: dict[str, set[int]] = {}
    by_slugline: dict[str, set[int]] = {}
    for place, each in enumerate(taken):
        for _key, told in each.headlines:
            for word in told:
                by_word.setdefault(word, set()).add(place)
        if each.slugline:
            by_slugline.setdefault(each.slugline, set()).add(place)
    for airing in airings:
        key, said = name_key(airing.title), words(airing.title)
        places = set().union(*(by_word.get(word, ()) for word in said), by_slugline.get(key, ()))
        for place in sorted(places):
            if (found := _scored(taken[place], airing, key, said)) is not None:
                yield found


def _scored(taken: _Taken, airing: Airing, key: str, said: frozenset[str]) -> Candidate | None:
    """Titles decide; language, length, origin and days since the take move the score a little."""
    age = airing.started_at - taken.taken_at
    if not timedelta() <= age <= NEWS_LASTS:
        return None
    alike = max((likeness(said, told) for _key, told in taken.headlines), default=0.0)
    if any(key == told for told, _words in taken.headlines):
        score, reasons = 85, [reason("title-same")]
    elif key and key == taken.slugline:
        score, reasons = 75, [reason("slugline")]
    elif alike >= _LEAST_ALIKE:
        score, reasons = 30 + round(40 * alike), [reason("title-alike", f"{alike:.0%}")]
    else:
        return None
    if airing.language and airing.language.partition("-")[0] in taken.languages:
        score, reasons = score + 3, [*reasons, reason("language", airing.language)]
    if taken.duration_ms and abs(airing.duration_ms - taken.duration_ms) <= _LENGTH_DIFFERS * taken.duration_ms:
        score, reasons = score + 5, [*reasons, reason("duration")]
    if airing.origin_id == taken.origin_id:
        score, reasons = score + 5, [*reasons, reason("origin")]
    score -= min(15, age.days // 4)
    reasons.append(reason("days-after-take", age.days))
    return Candidate(airing.pk, taken.story_uid, taken.take_uid, min(score, REFERENCE - 1), reasons)


register(StoryMatcher())
