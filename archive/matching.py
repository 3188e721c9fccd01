"""Airings and footage: a clip that was granted and aired. A confirmed match is a use, which the grant counts."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from archive.models import Grant, Item
from archive.services.use import report_footage_use
from broadcasters.constants import ChannelKind
from broadcasters.matchers import REFERENCE, Candidate, Claim, Shown, reason, register
from broadcasters.models import Airing, Broadcaster, Channel
from broadcasters.titles import likeness, reference_uid, words
from mediaexchange.core.errors import ConflictError, Message
from mediaexchange.core.languages.names import name_key
from mediaexchange.core.languages.tags import STORED
from mediaexchange.core.models import User
from mediaexchange.core.rights.terms import PLATFORMS

_LEAST_ALIKE = 0.7
_PLATFORM_OF = {
    ChannelKind.TELEVISION: "television",
    ChannelKind.RADIO: "radio",
    ChannelKind.WEB: "web",
    ChannelKind.STREAMING: "streaming",
}


class ItemMatcher:
    """A clip in one's own programme does not make the programme foreign: the origin stays as it was reported."""

    subject_type = "item"
    title: Message = _("footage")

    def candidates(self, house: Broadcaster, airings: Sequence[Airing]) -> Iterator[Candidate]:
        """Footage of others that the house was granted by name for that moment: by the UID of item or grant, by the
        item's number, or by its title."""
        grants = Grant.objects.filter(grantee=house, revoked_at__isnull=True).select_related("item")
        granted = [(grant, *_names(grant.item)) for grant in grants.exclude(item__broadcaster=house).order_by("-pk")]
        for airing in airings:
            referred, key, said = reference_uid(airing.reference), name_key(airing.title), words(airing.title)
            best: dict[UUID, Candidate] = {}
            for grant, numbers, titles in granted:
                if not _allows(grant, airing):
                    continue
                if referred in (grant.uid, grant.item.uid) or airing.reference.casefold() in numbers:
                    score, why = REFERENCE, reason("reference")
                elif any(key == told for told, _words in titles):
                    score, why = 75, reason("title-same")
                elif (alike := max((likeness(said, told) for _key, told in titles), default=0.0)) >= _LEAST_ALIKE:
                    score, why = 25 + round(40 * alike), reason("title-alike", f"{alike:.0%}")
                else:
                    continue
                if score > (best[grant.item.uid].score if grant.item.uid in best else 0):
                    found = Candidate(airing.pk, grant.item.uid, grant.uid, score, [why, reason("grant")])
                    best[grant.item.uid] = found
            yield from best.values()

    def claim(self, house: Broadcaster, subject_uid: UUID, evidence_uid: UUID) -> Claim:
        named = Q(grantee=house) | Q(grantee__isnull=True)
        if not Grant.objects.filter(named, uid=evidence_uid, item__uid=subject_uid).exists():
            raise ConflictError("grant-missing", _("The house has no such grant."), current="missing")
        return Claim()

    def confirm(self, airing: Airing, evidence_uid: UUID, *, actor: User) -> None:
        report_footage_use(
            Grant.objects.get(uid=evidence_uid), actor=actor, broadcaster=airing.channel.broadcaster,
            started_at=airing.started_at, used_ms=airing.duration_ms, platform=_platform(airing.channel),
        )  # fmt: skip

    def shown(self, uids: Iterable[UUID], user: User | AnonymousUser) -> dict[UUID, Shown]:
        seen = Item.objects.visible_to(user).filter(uid__in=list(uids))
        return {row.uid: Shown(str(row), reverse("admin:archive_item_change", args=[row.pk])) for row in seen}

    def made_by(self, uid: UUID, user: User | AnonymousUser) -> int | None:
        found = Item.objects.visible_to(user).filter(uid=uid).first()
        return found.broadcaster_id if found else None


def _platform(channel: Channel) -> str:
    return _PLATFORM_OF.get(ChannelKind(channel.kind), PLATFORMS[0])


def _allows(grant: Grant, airing: Airing) -> bool:
    period = grant.period
    begun = period.lower is None or period.lower <= airing.started_at
    return (
        begun
        and (period.upper is None or airing.started_at < period.upper)
        and PLATFORMS.index(_platform(airing.channel)) in grant.platform_numbers
    )


def _names(item: Any) -> tuple[frozenset[str], list[tuple[str, frozenset[str]]]]:
    """Its number at the holder, and its titles as keys across scripts."""
    told = (getattr(item, f"title_{language}", "") or "" for language in STORED)
    return frozenset({item.identifier.casefold()} - {""}), [(name_key(text), words(text)) for text in told if text]


register(ItemMatcher())
