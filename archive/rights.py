"""Whether a broadcaster may use footage, with reasons and conditions: the one question that every surface asks.

``ItemQuerySet.cleared_for`` gives the same answer for lists of items, computed by the database. Both go by the
database's clock unless told a moment, and both know what is used up.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from archive.constants import READABLE_STATES, GrantStatus
from archive.models import Grant, GrantUse, Item, Segment, UnderlyingRight
from archive.rights_in_sql import cleared
from archive.rights_rules import WHOLE, Facts, Part, Question, decide
from broadcasters.constants import Area
from broadcasters.models import Broadcaster, Module
from mediaexchange.core.errors import DomainError, ForbiddenError
from mediaexchange.core.models import User
from mediaexchange.core.rights import words
from mediaexchange.core.rights.terms import PLATFORMS, Decision, Statement
from mediaexchange.core.rights.territories import KNOWN, members

Footage = Item | Segment


def may_use(
    subject: Footage,
    broadcaster: Broadcaster,
    *,
    platform: str = "",
    territory: str = "",
    at: datetime | None = None,
    seconds: int = 0,
    runs: int = 0,
    language: str = "",
    known_to: User | None = None,
) -> Decision:
    """Territory "" is the broadcaster's own country, platform "" any; ``at`` None is now. Reads rows, not the item.

    One grant must cover all that is asked. ``seconds`` and ``runs`` ask for as many more. The own house needs no grant,
    but rights of others cleared. ``known_to`` counts only grants and modules that this user may read.
    Raises DomainError for a platform or territory that does not exist.
    """
    decisions = decisions_for(
        [subject], broadcaster, platform=platform, territory=territory, at=at, seconds=seconds, runs=runs,
        language=language, known_to=known_to,
    )  # fmt: skip
    return decisions[0]


def require_use(subject: Footage, broadcaster: Broadcaster, **asked: Any) -> Decision:
    """The decision if it is a yes; otherwise ForbiddenError "use-refused" with the reasons in the active language."""
    decision = may_use(subject, broadcaster, **asked)
    if not decision.is_allowed:
        reasons = said(decision.reasons, broadcaster)
        raise ForbiddenError("use-refused", _("The rights in this footage do not allow it."), reasons=reasons)
    return decision


def said(statements: Iterable[Statement], broadcaster: Broadcaster) -> list[dict[str, Any]]:
    """Statements as JSON-ready values with a message in the active language; moments of a licence in its zone."""
    return words.said(statements, ZoneInfo(broadcaster.time_zone))


def decisions_for(
    subjects: Sequence[Footage],
    broadcaster: Broadcaster,
    *,
    platform: str = "",
    territory: str = "",
    at: datetime | None = None,
    seconds: int = 0,
    runs: int = 0,
    language: str = "",
    known_to: User | None = None,
) -> list[Decision]:
    """``may_use`` for many items or segments, in their order, in five statements whatever their number."""
    territories = territories_of(territory, broadcaster)
    platforms = platforms_of(platform)
    facts = _facts([item_id_of(subject) for subject in subjects], broadcaster, known_to)
    decisions = []
    for subject in subjects:
        about = facts[item_id_of(subject)]
        moment = at or about.item.clock  # type: ignore[attr-defined]  # the database's, annotated
        question = Question(territories, platforms, moment, language=language, seconds=seconds, runs=runs)
        decisions.append(decide(about, part_of(subject), question))
    return decisions


def decision_for_reader(subject: Footage, user: User, **asked: Any) -> tuple[Decision, Broadcaster]:
    """The best answer among the user's broadcasters, and whose it is; the holder's own before all.

    Raises Item.DoesNotExist for somebody who belongs to none.
    """
    item = subject if isinstance(subject, Item) else subject.item
    houses = list(Broadcaster.objects.of(user).order_by("pk"))
    refusal: tuple[Decision, Broadcaster] | None = None
    for house in sorted(houses, key=lambda each: each.pk != item.broadcaster_id):
        decision = may_use(subject, house, **asked)
        if decision.is_allowed:
            return decision, house
        refusal = refusal or (decision, house)
    if refusal is None:
        raise Item.DoesNotExist
    return refusal


def is_cleared(broadcaster: Broadcaster, *, platform: str = "", territory: str = "", at: datetime | None = None) -> Q:
    """``may_use`` of whole items as a condition."""
    platforms_of(platform)
    return cleared(broadcaster.pk, territories_of(territory, broadcaster), platform, at)


def part_of(subject: Footage) -> Part:
    """The stretch of its item that is meant."""
    return WHOLE if isinstance(subject, Item) else (subject.in_ms, subject.out_ms)


def item_id_of(subject: Footage) -> int:
    return subject.pk if isinstance(subject, Item) else subject.item_id


def territories_of(territory: str, broadcaster: Broadcaster) -> frozenset[str]:
    """The codes that are asked for. Raises DomainError for a name nobody knows."""
    if not territory:
        return frozenset({broadcaster.country_code})
    if territory not in KNOWN:
        raise DomainError("unknown-territory", _("There is no such territory."), territory=territory[:60])
    return members(territory)


def platforms_of(platform: str) -> tuple[str, ...]:
    if platform and platform not in PLATFORMS:
        raise DomainError("unknown-platform", _("There is no such platform."), platform=platform[:60])
    return (platform,) if platform else PLATFORMS


def shared_modules(
    holder_ids: Iterable[int], broadcaster: Broadcaster, known_to: User | None = None
) -> dict[int, list[Module]]:
    """By holder: the archive modules that it and the broadcaster are parties to, running or paused."""
    parties = Module.parties.through.objects
    joined = parties.filter(
        broadcaster__in=set(holder_ids) - {broadcaster.pk},
        module__area=Area.ARCHIVE,
        module__state__in=READABLE_STATES,
        module__in=parties.filter(broadcaster=broadcaster.pk).values("module"),
    )
    if known_to is not None:
        joined = joined.filter(module__in=Module.objects.visible_to(known_to))
    found: dict[int, list[Module]] = defaultdict(list)
    for row in joined.select_related("module").order_by("module"):
        found[row.broadcaster_id].append(row.module)
    return found


def _facts(item_ids: Iterable[int], broadcaster: Broadcaster, known_to: User | None) -> dict[int, Facts]:
    ids = set(item_ids)
    items = Item.objects.filter(pk__in=ids).select_related("broadcaster").annotate(clock=Now()).order_by()
    facts = {item.pk: Facts(item, is_own=item.broadcaster_id == broadcaster.pk) for item in items}
    for right in UnderlyingRight.objects.filter(item__in=ids).select_related("segment").order_by("pk"):
        facts[right.item_id].rights.append(right)
    foreign = {pk for pk, about in facts.items() if not about.is_own}
    if not foreign:
        return facts
    modules = shared_modules((facts[pk].item.broadcaster_id for pk in foreign), broadcaster, known_to)
    here = Q(grantee=broadcaster.pk) | Q(grantee__isnull=True)
    theirs = Q(is_exclusive=True, status=GrantStatus.ACTIVE)
    granted = Grant.objects.filter(here | theirs, item__in=foreign).select_related("licence").order_by("pk")
    if known_to is not None:
        granted = granted.filter(pk__in=Grant.objects.visible_to(known_to).values("pk"))
    runs = _runs([grant.pk for grant in granted])
    for pk in foreign:
        facts[pk].modules = modules.get(facts[pk].item.broadcaster_id, [])
        facts[pk].runs = runs
    for grant in granted:
        is_here = grant.grantee_id in (None, broadcaster.pk)
        (facts[grant.item_id].grants if is_here else facts[grant.item_id].others).append(grant)
    return facts


def _runs(grant_ids: list[int]) -> dict[int, list[tuple[datetime, int]]]:
    """By grant: when each run began and how much of it its longest showing has shown, in ms."""
    uses = GrantUse.objects.filter(grant__in=grant_ids, grant__repeat_hours__gt=0, taken_back_at__isnull=True).order_by(
        "grant", "started_at", "pk"
    )
    runs: dict[int, list[tuple[datetime, int]]] = defaultdict(list)
    for grant_id, started_at, used_ms, is_repeat in uses.values_list("grant", "started_at", "used_ms", "is_repeat"):
        found = runs[grant_id]
        if is_repeat and found:
            began, longest = found[-1]
            found[-1] = began, max(longest, used_ms)
        else:
            found.append((started_at, used_ms))
    return runs
