"""Airings and co-productions: a showing under a window of rights. A confirmed match is a counted run."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from broadcasters.matchers import REFERENCE, Candidate, Claim, Shown, reason, register
from broadcasters.models import Airing, Broadcaster
from broadcasters.titles import likeness, reference_uid, words
from mediaexchange.core.errors import ConflictError, Message
from mediaexchange.core.languages.names import name_key
from mediaexchange.core.languages.tags import STORED
from mediaexchange.core.models import User
from productions.models import Partner, Production, Run, Window
from productions.services.run import platform_of, report_run

_LEAST_ALIKE = 0.6


class ProductionMatcher:
    subject_type = "production"
    title: Message = _("production")

    def candidates(self, house: Broadcaster, airings: Sequence[Airing]) -> Iterator[Candidate]:
        """Productions of which the house holds a window that was open then, by reference or by name."""
        windows = Window.objects.active().filter(holder__broadcaster=house).select_related("production")
        held = [(window, _names(window.production)) for window in windows]
        planned = {
            (run.window_id, run.channel_id, run.starts_at): run
            for run in Run.objects.filter(window__in=windows, airing__isnull=True, cancelled_at__isnull=True)
        }
        for airing in airings:
            referred, key, said = reference_uid(airing.reference), name_key(airing.title), words(airing.title)
            best: dict[UUID, Candidate] = {}
            for window, names in held:
                if not window.holds(airing.started_at) or not window.allows(platform_of(airing.channel)):
                    continue
                found = _scored(window, names, airing, referred, key, said)
                if found and (window.pk, airing.channel_id, airing.started_at) in planned:
                    found = Candidate(
                        found.airing_id, found.subject_uid, found.evidence_uid, min(found.score + 10, REFERENCE - 1)
                        if found.score < REFERENCE else REFERENCE, [*found.reasons, reason("planned")],
                    )  # fmt: skip
                if found and found.score > (best[found.subject_uid].score if found.subject_uid in best else 0):
                    best[found.subject_uid] = found
            yield from best.values()

    def claim(self, house: Broadcaster, subject_uid: UUID, evidence_uid: UUID) -> Claim:
        window = Window.objects.filter(uid=evidence_uid, production__uid=subject_uid, holder__broadcaster=house)
        found = window.select_related("production").first()
        if found is None:
            raise ConflictError("window-missing", _("The house holds no such window."), current="missing")
        return Claim(origin_id=found.production.made_by_id, is_joint=is_joint(found.production, house))

    def confirm(self, airing: Airing, evidence_uid: UUID, *, actor: User) -> None:
        window = Window.objects.select_related("production", "holder").get(uid=evidence_uid)
        planned = Run.objects.filter(
            window=window, channel=airing.channel, starts_at=airing.started_at, airing__isnull=True,
            cancelled_at__isnull=True,
        ).first()  # fmt: skip
        report_run(window, actor=actor, airing=airing, planned=planned, language=airing.language)

    def shown(self, uids: Iterable[UUID], user: User | AnonymousUser) -> dict[UUID, Shown]:
        seen = Production.objects.visible_to(user).filter(uid__in=list(uids))
        return {row.uid: Shown(str(row), reverse("admin:productions_production_change", args=[row.pk])) for row in seen}

    def made_by(self, uid: UUID, user: User | AnonymousUser) -> int | None:
        found = Production.objects.visible_to(user).filter(uid=uid).first()
        return found.made_by_id if found else None


def is_joint(production: Production, house: Broadcaster) -> bool:
    """Whether the house made it with others: on its own channels it is then not foreign."""
    own = Q(broadcaster=house)
    return production.made_by_id != house.pk and Partner.objects.filter(own, production=production).exists()


def _names(production: Any) -> list[tuple[str, frozenset[str]]]:
    told = (getattr(production, f"name_{language}") or "" for language in STORED)
    return [(name_key(text), words(text)) for text in told if text]


def _scored(
    window: Window,
    names: list[tuple[str, frozenset[str]]],
    airing: Airing,
    referred: UUID | None,
    key: str,
    said: frozenset[str],
) -> Candidate | None:
    production = window.production
    alike = max((likeness(said, told) for _key, told in names), default=0.0)
    if referred == production.uid:
        score, why = REFERENCE, reason("reference")
    elif any(key == told for told, _words in names):
        score, why = 85, reason("title-same")
    elif alike >= _LEAST_ALIKE:
        score, why = 30 + round(40 * alike), reason("title-alike", f"{alike:.0%}")
    else:
        return None
    reasons = [why, reason("window")]
    if score < REFERENCE and airing.language and airing.language in (window.languages or ()):
        score, reasons = score + 3, [*reasons, reason("language", airing.language)]
    return Candidate(airing.pk, production.uid, window.uid, score, reasons)


register(ProductionMatcher())
