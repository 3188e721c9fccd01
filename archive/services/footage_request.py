"""From "we need 40 seconds of 1961" to an answer: asked by one house, quoted and decided line by line by the holder."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from archive.constants import LineStatus, RequestStatus
from archive.models import FootageRequest, Item, Licence, RequestLine, Segment
from archive.notifications import tell_of_answer, tell_of_request
from archive.periods import period_of
from archive.services.grant import Terms, check_scope, locked_items, refuse_uncleared
from archive.services.licence import issue_licence
from archive.services.sharing import refuse_paused, require_module
from broadcasters.models import Broadcaster, Module
from broadcasters.permissions import require
from mediaexchange.core.errors import ConflictError, DomainError
from mediaexchange.core.models import User
from mediaexchange.core.outbox import record

MAX_LINES = 100
OPEN = (RequestStatus.SUBMITTED, RequestStatus.QUOTED)


@dataclass(frozen=True, slots=True)
class Wanted:
    """One item or stretch that is asked for. ``seconds`` are of all runs together."""

    item: Item
    segment: Segment | None
    seconds: int
    runs: int = 1
    note: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the holder says to one line. Approved numbers None are those that were asked for; less needs a reason."""

    is_approved: bool
    seconds: int | None = None
    runs: int | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Conditions:
    """What the holder adds to what was asked for."""

    ends_on: date | None = None
    repeat_hours: int = 0
    embargoed_until: datetime | None = None
    holdback_until: datetime | None = None
    holdback_platforms: Sequence[str] = field(default=())
    terms: str = ""
    credit_line: str = ""
    is_clip_only: bool = True


@transaction.atomic
def ask_footage(
    *,
    asker: Broadcaster,
    actor: User,
    lines: Sequence[Wanted],
    purpose: str,
    starts_on: date,
    ends_on: date,
    time_zone: str = "",
    territories: Sequence[str] = (),
    platforms: Sequence[str] = (),
    languages: Sequence[str] = (),
    is_exclusive: bool = False,
    production_title: str = "",
    module: Module | None = None,
) -> FootageRequest:
    """Ask the holder of these items for a licence; both houses hear of it. Days are those of ``time_zone``, the asker's
    if it is empty. No territories are the whole world, no platforms all.

    Raises ConflictError "module-paused", DomainError for what cannot be asked.
    """
    require(actor, "archive.add_footagerequest", asker)
    holder = _holder_of(lines, asker, actor)
    module = require_module(holder, asker, module)
    check_scope(territories, platforms)
    if not purpose.strip():
        raise DomainError("purpose-missing", _("Say what it is needed for."))
    zone = time_zone or asker.time_zone
    starts_at, ends_at = period_of(starts_on, ends_on, zone)
    if ends_at <= timezone.now():
        raise DomainError("period-over", _("The period is over."))
    asked = FootageRequest.objects.create(
        broadcaster=asker,
        holder=holder,
        module=module,
        purpose=purpose.strip(),
        production_title=production_title,
        territories=list(territories),
        platforms=list(platforms),
        languages=list(languages),
        starts_at=starts_at,
        ends_at=ends_at,
        time_zone=zone,
        is_exclusive=is_exclusive,
        created_by=actor,
    )
    RequestLine.objects.bulk_create(
        RequestLine(
            footage_request=asked, item=line.item, segment=line.segment, seconds=line.seconds, runs=line.runs,
            note=line.note,
        )
        for line in lines
    )  # fmt: skip
    tell_request("footage-request.asked", asked, actor)
    tell_of_request(asked, actor=actor)
    return asked


@transaction.atomic
def quote_request(
    asked: FootageRequest, *, actor: User, prices: Mapping[int, tuple[Decimal, str]], answer: str = ""
) -> FootageRequest:
    """Name prices, by line id, before deciding. May be repeated with others while nothing is decided."""
    asked = _locked(asked)
    require(actor, "archive.change_footagerequest", asked.holder_id)
    if asked.status != RequestStatus.QUOTED:
        asked.move_to(RequestStatus.QUOTED)
    lines = list(asked.lines.all())
    _know(lines, prices)
    for line in lines:
        if line.pk in prices:
            line.quoted_amount, line.quoted_currency = prices[line.pk]
    RequestLine.objects.bulk_update(lines, ["quoted_amount", "quoted_currency"])
    asked.answer = answer
    asked.save(update_fields=["status", "answer"])
    tell_request("footage-request.quoted", asked, actor)
    tell_of_answer(asked, actor=actor)
    return asked


@transaction.atomic
def decide_request(
    asked: FootageRequest,
    *,
    actor: User,
    answers: Mapping[int, Answer],
    answer: str = "",
    conditions: Conditions | None = None,
) -> FootageRequest:
    """Approve, cut or refuse each line, by its id; what is approved becomes a licence with a counted grant a line.

    All or nothing: ConflictError "rights-uncleared" names the lines that rights of others bar, "grant-conflict" what
    stands against one, "module-paused" that nothing is granted now. DomainError for a line without an answer, and for
    a refusal or a cut without a reason.
    """
    asked = _locked(asked)
    require(actor, "archive.change_footagerequest", asked.holder_id)
    lines = list(asked.lines.select_related("segment"))
    _know(lines, answers)
    if missing := [str(line.uid) for line in lines if line.pk not in answers]:
        raise DomainError("line-undecided", _("Decide every line."), lines=missing)
    for line in lines:
        _decide(line, answers[line.pk])
    approved = [line for line in lines if line.status == LineStatus.APPROVED]
    asked.move_to(_outcome(lines, approved))
    RequestLine.objects.bulk_update(lines, ["status", "reason", "approved_seconds", "approved_runs"])
    asked.answer, asked.decided_by, asked.decided_at = answer, actor, timezone.now()
    asked.save(update_fields=["status", "answer", "decided_by", "decided_at"])
    licence = _licence(asked, approved, actor, conditions or Conditions()) if approved else None
    tell_request("footage-request.decided", asked, actor, licence=str(licence.uid) if licence else None)
    tell_of_answer(asked, actor=actor)
    return asked


@transaction.atomic
def withdraw_request(asked: FootageRequest, *, actor: User) -> FootageRequest:
    """Take a request back before it is decided. Safe to repeat; ConflictError once it was decided."""
    asked = _locked(asked)
    require(actor, "archive.add_footagerequest", asked.broadcaster_id)
    if asked.status != RequestStatus.WITHDRAWN:
        asked.move_to(RequestStatus.WITHDRAWN)
        asked.save(update_fields=["status"])
        tell_request("footage-request.withdrawn", asked, actor)
    return asked


def tell_request(kind: str, asked: FootageRequest, actor: User | None, **data: Any) -> None:
    houses = [asked.broadcaster_id, asked.holder_id]
    record(
        kind, subject_type="footage-request", subject_uid=asked.uid, audience=houses, actor=actor,
        status=str(asked.status), **data,
    )  # fmt: skip


def _holder_of(lines: Sequence[Wanted], asker: Broadcaster, actor: User) -> Broadcaster:
    """The one house that holds everything that is asked for."""
    if not 1 <= len(lines) <= MAX_LINES:
        raise DomainError("lines-missing", _("Ask for 1 to %(most)d items or stretches.") % {"most": MAX_LINES})
    ids = {line.item.pk for line in lines}
    seen = Item.objects.visible_to(actor).filter(pk__in=ids).select_related("broadcaster")
    items = {item.pk: item for item in seen}
    if len(items) < len(ids):
        raise DomainError("item-unknown", _("There is nothing here that you can see."))
    holders = {item.broadcaster_id: item.broadcaster for item in items.values()}
    if len(holders) > 1:
        raise DomainError("several-holders", _("One request goes to one holder."))
    (holder,) = holders.values()
    if holder.pk == asker.pk:
        raise DomainError("asked-of-oneself", _("A request goes to another broadcaster."))
    for line in lines:
        if line.segment is not None and line.segment.item_id != line.item.pk:
            raise DomainError("foreign-segment", _("The segment belongs to another item."))
        if line.seconds < 1 or line.runs < 1:
            raise DomainError("nothing-asked", _("Ask for at least one second and one run."))
    return holder


def _locked(asked: FootageRequest) -> FootageRequest:
    locked = FootageRequest.objects.select_for_update(of=("self",), no_key=True)
    return locked.select_related("broadcaster", "holder", "module").get(pk=asked.pk)


def _know(lines: Sequence[RequestLine], named: Mapping[int, Any]) -> None:
    if set(named) - {line.pk for line in lines}:
        raise DomainError("line-unknown", _("There is no such line in this request."))


def _decide(line: RequestLine, answer: Answer) -> None:
    line.reason = answer.reason.strip()
    if not answer.is_approved:
        if not line.reason:
            raise DomainError("reason-missing", _("Say why a line is refused or cut."), line=str(line.uid))
        line.status, line.approved_seconds, line.approved_runs = LineStatus.REFUSED, None, None
        return
    seconds = line.seconds if answer.seconds is None else answer.seconds
    runs = line.runs if answer.runs is None else answer.runs
    if not (1 <= seconds <= line.seconds and 1 <= runs <= line.runs):
        raise DomainError(
            "more-than-asked",
            _("Approve at least one second and run, and no more than was asked for."),
            line=str(line.uid),
        )
    if (seconds < line.seconds or runs < line.runs) and not line.reason:
        raise DomainError("reason-missing", _("Say why a line is refused or cut."), line=str(line.uid))
    line.status, line.approved_seconds, line.approved_runs = LineStatus.APPROVED, seconds, runs


def _outcome(lines: Sequence[RequestLine], approved: Sequence[RequestLine]) -> RequestStatus:
    if not approved:
        return RequestStatus.REFUSED
    is_whole = all(line.approved_seconds == line.seconds and line.approved_runs == line.runs for line in approved)
    return RequestStatus.APPROVED if is_whole and len(approved) == len(lines) else RequestStatus.PARTLY_APPROVED


def _licence(asked: FootageRequest, approved: Sequence[RequestLine], actor: User, conditions: Conditions) -> Licence:
    if not asked.module.is_running:
        refuse_paused(asked.module)
    ends_at = asked.ends_at
    if conditions.ends_on is not None:
        ends_at = min(ends_at, period_of(conditions.ends_on, conditions.ends_on, asked.time_zone)[1])
    if ends_at <= max(asked.starts_at, timezone.now()):
        raise ConflictError("period-over", _("The period is over."))
    check_scope((), conditions.holdback_platforms)
    terms = Terms(
        starts_at=asked.starts_at,
        ends_at=ends_at,
        time_zone=asked.time_zone,
        territories=asked.territories,
        platforms=asked.platforms,
        languages=asked.languages,
        is_exclusive=asked.is_exclusive,
        repeat_hours=conditions.repeat_hours,
        embargoed_until=conditions.embargoed_until,
        holdback_until=conditions.holdback_until,
        holdback_platforms=conditions.holdback_platforms,
    )
    items = locked_items([line.item_id for line in approved])
    try:
        refuse_uncleared([(items[line.item_id], line.segment) for line in approved], terms)
    except ConflictError as error:
        barred = zip(approved, error.details["lines"], strict=True)
        error.details["lines"] = [{"line": str(line.uid), "reasons": said} for line, said in barred if said]
        raise
    return issue_licence(
        asked, approved, actor=actor, terms=terms, further_terms=conditions.terms,
        credit_line=conditions.credit_line, is_clip_only=conditions.is_clip_only,
    )  # fmt: skip
