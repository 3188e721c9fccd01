"""Whether a broadcaster may use a story, with reasons and conditions: the one question that every surface asks.

``StoryQuerySet.usable_in`` gives the same answer for lists, computed by the database. Both go by the database's clock
unless told a moment.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from broadcasters.models import Broadcaster
from mediaexchange.core.errors import DomainError, ForbiddenError
from mediaexchange.core.languages.resolve import resolve
from mediaexchange.core.languages.serbian import to_latin
from mediaexchange.core.languages.tags import DEFAULT, STORED
from mediaexchange.core.rights import words
from mediaexchange.core.rights.evaluate import evaluate
from mediaexchange.core.rights.names import folded
from mediaexchange.core.rights.terms import PLATFORMS, Asking, Decision, Material, Statement, Term
from mediaexchange.core.rights.territories import KNOWN, members
from newsexchange.constants import OPENING_OFFERS, PubStatus, StoryStatus
from newsexchange.models import Edition, Offer, Restriction, Shot, Story
from newsexchange.rights_in_sql import usable

_COPIED = (
    "is_elsewhere", "starts_at", "ends_at", "is_barred", "max_seconds", "no_archive", "no_online", "no_edit",
    "no_resale", "reimport_hours", "note",
)  # fmt: skip
_STATE = (
    "pk", "broadcaster_id", "status", "pubstatus", "is_held", "embargoed_until", "expires_at", "published_at",
    "language", "credit", "broadcaster__country_code", *(f"broadcaster__name_{language}" for language in STORED),
)  # fmt: skip


def may_use(
    story: Story, broadcaster: Broadcaster, *, platform: str = "", territory: str = "", at: datetime | None = None
) -> Decision:
    """Territory "" is the broadcaster's own country, platform "" any; ``at`` None is now. Reads rows, not ``story``.

    A set's name asks for all of its members. Raises DomainError for a platform or territory that does not exist.
    """
    decisions = decisions_for([story], broadcaster, platform=platform, territory=territory, at=at)
    return decisions[story.pk]


def require_use(
    story: Story, broadcaster: Broadcaster, *, platform: str = "", territory: str = "", at: datetime | None = None
) -> Decision:
    """The decision if it is a yes; otherwise ForbiddenError "use-refused" with the reasons in the active language."""
    decision = may_use(story, broadcaster, platform=platform, territory=territory, at=at)
    if not decision.is_allowed:
        raise use_refused(decision, broadcaster)
    return decision


def use_refused(decision: Decision, broadcaster: Broadcaster) -> ForbiddenError:
    """The refusal that every surface gives."""
    reasons = said(decision.reasons, broadcaster)
    return ForbiddenError("use-refused", _("The rights in this story do not allow it."), reasons=reasons)


def said(statements: Iterable[Statement], broadcaster: Broadcaster) -> list[dict[str, Any]]:
    """Statements as JSON-ready values with a message in the active language and the broadcaster's time zone."""
    return words.said(statements, ZoneInfo(broadcaster.time_zone))


def decisions_for(
    stories: Iterable[Story],
    broadcaster: Broadcaster,
    *,
    platform: str = "",
    territory: str = "",
    at: datetime | None = None,
) -> dict[int, Decision]:
    """``may_use`` for many stories, by story id, in five statements whatever their number."""
    territories = territories_of(territory, broadcaster)
    _refuse_unknown_platform(platform)
    ids = [story.pk for story in stories]
    offered = Offer.objects.filter(story_id=OuterRef("pk"), to_broadcaster=broadcaster.pk, status__in=OPENING_OFFERS)
    rows = Story.objects.filter(pk__in=ids).annotate(is_offered=Exists(offered), clock=Now())
    facts = {row["pk"]: row for row in rows.order_by().values(*_STATE, "is_offered", "clock")}
    foreign = [pk for pk, row in facts.items() if row["broadcaster_id"] != broadcaster.pk]
    shots, terms, blocked = _rows_of(foreign)
    names = names_of(broadcaster)
    decisions = {}
    for pk, row in facts.items():
        moment = at or row["clock"]
        reasons = _reasons(row, moment, blocked[pk])
        if pk not in foreign:
            decisions[pk] = Decision(True)
            continue
        material = Material(
            terms=tuple(terms[pk]),
            parts=len(shots[pk]),
            origin_country=row["broadcaster__country_code"],
            first_published_at=_first_publication(row),
        )
        asking = Asking(territories=territories, at=moment, platform=platform, names=names)
        decisions[pk] = _together(row, reasons, evaluate(material, asking))
    return decisions


@dataclass(frozen=True, slots=True)
class _Texts:
    """How many texts a story has, and why those are blocked that are."""

    count: int = 0
    blocks: tuple[str, ...] = ()


_DECLARED = ("story", "origin", "ai_use", "digital_source_type", "ai_label", "reviewed_by")


def _rows_of(ids: list[int]) -> tuple[dict[int, dict[int, int]], dict[int, list[Term]], dict[int, _Texts]]:
    """By story: places of its shots, its terms, and the state of its texts."""
    shots: dict[int, dict[int, int]] = defaultdict(dict)
    for story_id, pk in Shot.objects.filter(story__in=ids).values_list("story_id", "pk"):
        shots[story_id][pk] = len(shots[story_id])
    terms: dict[int, list[Term]] = defaultdict(list)
    for item in Restriction.objects.filter(story__in=ids).order_by("story_id", "pk"):
        terms[item.story_id].append(term_of(item, shots[item.story_id]))
    texts: dict[int, _Texts] = defaultdict(_Texts)
    editions = Edition.objects.filter(story__in=ids).select_related("story")
    for edition in editions.only(*_DECLARED, "story__feed").order_by():
        known, reason = texts[edition.story_id], edition.ai_block_reason()
        texts[edition.story_id] = _Texts(known.count + 1, (*known.blocks, reason) if reason else known.blocks)
    return shots, terms, texts


def term_of(item: Restriction, places: dict[int, int]) -> Term:
    """A stored restriction as the evaluator reads it; ``places`` are those of the story's shots by id."""
    return Term(
        part=places[item.shot_id] if item.shot_id else None,
        territories=tuple(item.territories),
        platforms=tuple(item.platforms),
        barred_names=frozenset(item.barred_names),
        **{name: getattr(item, name) for name in _COPIED},
    )


def _reasons(row: dict[str, Any], at: datetime, texts: _Texts) -> tuple[Statement, ...]:
    """Why a foreign story is not to be used whatever its rights."""
    reasons = []
    if row["status"] != StoryStatus.PUBLISHED:
        reasons.append(Statement("draft"))
    if row["pubstatus"] == PubStatus.WITHHELD:
        reasons.append(Statement("withheld"))
    if row["pubstatus"] == PubStatus.CANCELED:
        reasons.append(Statement("canceled"))
    if row["is_held"]:
        reasons.append(Statement("held"))
    elif row["embargoed_until"] and row["embargoed_until"] > at:
        reasons.append(Statement("embargo", {"ends_at": row["embargoed_until"].isoformat()}))
    if row["expires_at"] and row["expires_at"] <= at:
        reasons.append(Statement("expired", {"ends_at": row["expires_at"].isoformat()}))
    if not row["is_offered"]:
        reasons.append(Statement("not-offered"))
    if texts.count and len(texts.blocks) == texts.count:
        reasons += [Statement(code) for code in sorted(set(texts.blocks))]
    return tuple(reasons)


def _together(row: dict[str, Any], reasons: tuple[Statement, ...], by_terms: Decision) -> Decision:
    if reasons or not by_terms.is_allowed:
        return Decision(False, reasons=(*reasons, *by_terms.reasons))
    duties = [Statement("credit", {"credit": _credit_line(row)})]
    if row["expires_at"]:
        duties.append(Statement("use-until", {"ends_at": row["expires_at"].isoformat()}))
    return Decision(True, conditions=(*duties, *by_terms.conditions))


def _credit_line(row: dict[str, Any]) -> str:
    """What is to be credited: as the source wrote it, else its name; Serbian in the reader's script."""
    reader = get_language() or DEFAULT
    if row["credit"]:
        is_serbian = row["language"].split("-")[0] == "sr"
        return to_latin(row["credit"]) if is_serbian and reader == "sr-latn" else str(row["credit"])
    return resolve({language: row[f"broadcaster__name_{language}"] for language in STORED}, reader).text


def _first_publication(row: dict[str, Any]) -> datetime | None:
    """What is published under embargo is published to the world when the embargo ends."""
    published_at: datetime | None = row["published_at"]
    if published_at is None:
        return None
    return max(published_at, row["embargoed_until"] or published_at)


def territories_of(territory: str, broadcaster: Broadcaster) -> frozenset[str]:
    """The codes that are asked for. Raises DomainError for a name nobody knows."""
    if not territory:
        return frozenset({broadcaster.country_code})
    if territory not in KNOWN:
        raise DomainError("unknown-territory", _("There is no such territory."), territory=territory[:60])
    return members(territory)


def names_of(broadcaster: Broadcaster) -> frozenset[str]:
    """Every name under which a rights statement may mean this broadcaster, folded."""
    fields = [f"{field}_{language}" for field in ("name", "abbreviation") for language in STORED]
    names = [broadcaster.slug, *(getattr(broadcaster, field) or "" for field in fields)]
    return frozenset(filter(None, map(folded, names)))


def is_usable(broadcaster: Broadcaster, *, platform: str = "", territory: str = "", at: datetime | None = None) -> Q:
    """``may_use`` as a condition on stories."""
    _refuse_unknown_platform(platform)
    return usable(broadcaster.pk, names_of(broadcaster), territories_of(territory, broadcaster), platform, at)


def _refuse_unknown_platform(platform: str) -> None:
    if platform and platform not in PLATFORMS:
        raise DomainError("unknown-platform", _("There is no such platform."), platform=platform[:60])
