"""What was aired: suggestions from every app's matcher, confirmed by people, and by reference at once."""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from broadcasters.airing_constants import LogStatus, MatchStatus
from broadcasters.matchers import LEAST, REFERENCE, Matcher, matcher_of, matchers
from broadcasters.models import Airing, AiringImport, AiringMatch, Broadcaster
from broadcasters.permissions import require
from mediaexchange.core.errors import ConflictError, DomainError
from mediaexchange.core.models import User
from mediaexchange.core.outbox import record

BATCH = 500  # airings for which matchers are asked at a time
MOST = 5  # suggestions of one airing


def match_import(pk: int) -> int:
    """Look for what the written rows of an import were; returns how many suggestions are new. Safe to repeat.

    A reference is confirmed in the name of whoever approved the import, where that person's role allows the deed;
    everything else waits for somebody.
    """
    running = AiringImport.objects.filter(pk=pk, status=LogStatus.APPLIED, matched_at__isnull=True)
    found = running.select_related("broadcaster", "applied_by").defer("content").first()
    if found is None:
        return 0
    brought = found.rows.filter(airing__subject_uid__isnull=True, airing__isnull=False)
    keys = sorted(set(brought.values_list("airing", flat=True)))
    new = 0
    for start in range(0, len(keys), BATCH):
        batch = Airing.objects.filter(pk__in=keys[start : start + BATCH], subject_uid__isnull=True)
        airings = list(batch.select_related("channel").order_by("pk"))
        new += suggest_matches(found.broadcaster, airings, actor=found.applied_by) if airings else 0
    running.update(matched_at=Now())
    return new


def suggest_matches(house: Broadcaster, airings: Sequence[Airing], *, actor: User | None) -> int:
    """Ask every matcher about these airings of the house, which are not matched yet; what was rejected stays so."""
    rows = []
    for matcher in matchers():
        best: dict[int, int] = {}
        for each in sorted(matcher.candidates(house, airings), key=lambda candidate: -candidate.score):
            best[each.airing_id] = best.get(each.airing_id, 0) + 1
            if each.score >= LEAST and best[each.airing_id] <= MOST:
                rows.append(
                    AiringMatch(
                        airing_id=each.airing_id,
                        subject_type=matcher.subject_type,
                        subject_uid=each.subject_uid,
                        evidence_uid=each.evidence_uid,
                        score=min(each.score, REFERENCE),
                        reasons=each.reasons,
                    )
                )
    AiringMatch.objects.bulk_create(rows, ignore_conflicts=True)
    if actor is not None:
        # Also those that somebody stored who was killed before confirming them.
        waiting = AiringMatch.objects.filter(airing__in=airings, status=MatchStatus.SUGGESTED, refusal="")
        for match in waiting.filter(score=REFERENCE).order_by("pk"):
            _try(match, actor)
    return AiringMatch.objects.filter(uid__in={row.uid for row in rows}).count()


def _try(match: AiringMatch, actor: User) -> None:
    """A reference that a rule refuses stays a suggestion that says why."""
    try:
        with transaction.atomic():
            confirm_match(match, actor=actor)
    except DomainError as error:
        AiringMatch.objects.filter(pk=match.pk).update(refusal=error.code[:60])


@transaction.atomic
def confirm_match(match: AiringMatch, *, actor: User) -> AiringMatch:
    """Say that this is what was aired: the airing gets its subject and origin, and the record that reporting by hand
    makes is made, once. The airing's other suggestions are rejected with it. Safe to repeat.

    Raises ConflictError for an airing of something else and for what the subject's own rules refuse, ForbiddenError.
    """
    airing, stored = _locked(match, actor)
    if stored.status == MatchStatus.CONFIRMED:
        return stored
    if stored.status == MatchStatus.REJECTED:
        raise ConflictError("match-rejected", _("The suggestion was rejected."), current=stored.status)
    matcher = _matcher(stored)
    if airing.subject_uid not in (None, stored.subject_uid):
        raise ConflictError("airing-matched", _("It is known already what was aired then."), current="matched")
    house = airing.channel.broadcaster
    claim = matcher.claim(house, stored.subject_uid, stored.evidence_uid)
    _refuse_twice(airing, stored.subject_type, stored.subject_uid)
    airing.subject_type, airing.subject_uid = stored.subject_type, stored.subject_uid
    airing.origin_id = claim.origin_id or airing.origin_id
    airing.is_joint = claim.is_joint
    airing.save(update_fields=["subject_type", "subject_uid", "origin", "is_joint"])
    matcher.confirm(Airing.objects.select_related("channel__broadcaster", "origin").get(pk=airing.pk),
                    stored.evidence_uid, actor=actor)  # fmt: skip
    _decide(AiringMatch.objects.filter(pk=stored.pk), MatchStatus.CONFIRMED, actor)
    others = AiringMatch.objects.filter(airing=airing, status=MatchStatus.SUGGESTED)
    _decide(others, MatchStatus.REJECTED, actor)
    record(
        "airing.matched",
        subject_type="airing",
        subject_uid=airing.uid,
        audience=[house.pk, airing.origin_id],
        actor=actor,
        matched_type=stored.subject_type,
        matched_uid=str(stored.subject_uid),
    )
    stored.refresh_from_db()
    return stored


@transaction.atomic
def reject_match(match: AiringMatch, *, actor: User) -> AiringMatch:
    """Say that this is not what was aired; it is not suggested again. Safe to repeat.

    Raises ConflictError for a confirmed one, ForbiddenError.
    """
    _airing, stored = _locked(match, actor)
    if stored.status == MatchStatus.CONFIRMED:
        raise ConflictError("match-confirmed", _("The suggestion was confirmed."), current=stored.status)
    if stored.status == MatchStatus.SUGGESTED:
        _decide(AiringMatch.objects.filter(pk=stored.pk), MatchStatus.REJECTED, actor)
        stored.refresh_from_db()
    return stored


def _locked(match: AiringMatch, actor: User) -> tuple[Airing, AiringMatch]:
    airings = Airing.objects.select_for_update(of=("self",), no_key=True).select_related("channel__broadcaster")
    airing = airings.get(pk=match.airing_id)
    require(actor, "broadcasters.add_airing", airing.channel.broadcaster_id)
    return airing, AiringMatch.objects.select_for_update(no_key=True).get(pk=match.pk)


def _matcher(match: AiringMatch) -> Matcher:
    matcher = matcher_of(match.subject_type)
    if matcher is None:
        raise ConflictError("subject-gone", _("There is nothing of this kind any more."), current="gone")
    return matcher


def _refuse_twice(airing: Airing, subject_type: str, subject_uid: UUID) -> None:
    same = Q(channel=airing.channel, started_at=airing.started_at, subject_type=subject_type, subject_uid=subject_uid)
    if Airing.objects.filter(same).exclude(pk=airing.pk).exists():
        raise ConflictError(
            "subject-aired-then", _("It has been reported for this channel and moment already."), current="reported"
        )


def _decide(matches: QuerySet[AiringMatch], status: MatchStatus, actor: User) -> None:
    matches.update(status=status, decided_at=Now(), decided_by=actor, refusal="")
