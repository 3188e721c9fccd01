"""The machine's part of a translation: claim an order, ask the house's services in their order, keep what they say.

Nothing is locked while a service is asked. A worker that dies loses its lease; one that lost it writes nothing.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import structlog
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone

from mediaexchange.core.translating.port import Translated, TranslationError
from newsexchange.constants import OrderError, OrderStatus, PubStatus
from newsexchange.models import Restriction, Story, TranslationOrder, TranslationProvider
from newsexchange.services.translation_order import forget_orders_of_killed, is_behind, ring, segments_of
from newsexchange.services.translation_provider import give_back, spend, translator_of

LEASE = timedelta(minutes=10)  # as long as a task may last; renewed before each service
MOST_ATTEMPTS = 5
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=6)

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Attempt:
    """What the services have said so far; ``found`` is by segment."""

    found: dict[str, Translated] = field(default_factory=dict)
    errors: list[tuple[OrderError, str]] = field(default_factory=list)
    tools: dict[str, TranslationProvider | None] = field(default_factory=dict)
    may_pass: bool = False
    retry_after: timedelta = timedelta(0)

    @classmethod
    def after(cls, order: TranslationOrder) -> "Attempt":
        """With what earlier attempts have brought and paid for."""
        attempt = cls()
        for each in order.segments:
            said = Translated(
                each["text"], each["provider"], each["model"], each["percent"], datetime.fromisoformat(each["at"])
            )
            attempt.found[each["source"]] = said
            attempt.tools.setdefault(_tool(said), order.provider)
        return attempt

    def missing(self, segments: Sequence[str]) -> list[str]:
        """What has no text, or only that of a sentence which is not quite the same."""
        known = self.found
        return [each for each in dict.fromkeys(segments) if each not in known or (known[each].percent or 100) < 100]

    def worst(self) -> tuple[str, str]:
        """What to tell: a service that failed before a memory that knows nothing, ("", "") if neither did."""
        return next(iter(sorted(self.errors, key=lambda error: error[0] == OrderError.NOTHING_FOUND)), ("", ""))

    def take(self, provider: TranslationProvider, segments: Sequence[str], texts: Sequence[Translated]) -> None:
        for segment, said in zip(segments, texts, strict=True):
            before = self.found.get(segment)
            if said.text and (before is None or (said.percent or 100) > (before.percent or 100)):
                self.found[segment] = said
                self.tools.setdefault(_tool(said), provider)


def work_next() -> bool:
    """Do the order that waits longest; False if none is due."""
    claimed = _claim()
    if claimed is None:
        return False
    order, token = claimed
    if token is None:
        return True  # closed without asking anybody
    segments = list(segments_of(order))
    attempt = _asked(order, token, [segment for _name, segment in segments])
    if attempt is not None:
        _finish(order, token, segments, attempt)
    return True


def wake_if_due() -> None:
    """Call off what belongs to killed stories, and wake a worker if anything waits."""
    while forget_orders_of_killed():
        pass
    if TranslationOrder.objects.due().exists():
        ring()


def is_confidential(story_id: int) -> bool:
    """Whether this text is not, or not without conditions, for others; by the database's clock at this moment."""
    story = Story.objects.filter(pk=story_id)
    ruled = Restriction.objects.filter(story=story_id).exists() or story.exclude(usage_terms="").exists()
    return ruled or not story.out_in_the_open().exists()


@transaction.atomic
def _claim() -> tuple[TranslationOrder, UUID | None] | None:
    due = TranslationOrder.objects.due().select_for_update(skip_locked=True, of=("self",), no_key=True)
    order = due.select_related("story", "provider").order_by("due_at", "pk").first()
    if order is None:
        return None
    if order.story.pubstatus == PubStatus.CANCELED:
        _close(order, OrderStatus.CANCELED, OrderError.STORY_CANCELED)
    elif is_behind(order):
        _close(order, OrderStatus.CANCELED, OrderError.SOURCE_CHANGED)
    elif order.attempts >= MOST_ATTEMPTS:
        _close(order, OrderStatus.FAILED, OrderError.GAVE_UP)
    else:
        token = uuid4()
        order.attempts += 1
        TranslationOrder.objects.filter(pk=order.pk).update(
            status=OrderStatus.WORKING, attempts=order.attempts, lease_token=token, leased_until=Now() + LEASE
        )
        return order, token
    return order, None


def _asked(order: TranslationOrder, token: UUID, segments: Sequence[str]) -> Attempt | None:
    """Each service for what those before it left open. None if the lease was lost meanwhile."""
    attempt = Attempt.after(order)
    providers = TranslationProvider.objects.filter(broadcaster=order.story.broadcaster_id, is_active=True)
    for provider in providers.order_by("position", "pk"):
        wanted = attempt.missing(segments)
        if not wanted:
            break
        if not _renewed(order, token):
            return None
        _ask(provider, order, wanted, attempt)
    return attempt


def _ask(provider: TranslationProvider, order: TranslationOrder, wanted: Sequence[str], attempt: Attempt) -> None:
    translator = translator_of(provider)
    if not translator.supports(order.source_language, order.target_language):
        return
    size = sum(map(len, wanted))
    if provider.is_external:
        if not provider.sees_confidential and is_confidential(order.story_id):
            attempt.errors.append((OrderError.CONFIDENTIAL, provider.name))
            return
        if not spend(provider, size):
            attempt.errors.append((OrderError.BUDGET, provider.name))
            return
    try:
        found = translator.translate(wanted, order.source_language, order.target_language)
    except TranslationError as error:
        if provider.is_external:
            give_back(provider, size - error.charged)
        attempt.take(provider, wanted[: len(error.found)], error.found)
        attempt.errors.append((OrderError(error.code), f"{provider.name}: {error.detail}"))
        attempt.may_pass = attempt.may_pass or error.may_pass
        attempt.retry_after = max(attempt.retry_after, error.retry_after or timedelta(0))
        log.warning("translation.failed", order=str(order.uid), provider=str(provider.uid), code=error.code)
        return
    if not any(each.text for each in found):
        attempt.errors.append((OrderError.NOTHING_FOUND, provider.name))
    attempt.take(provider, wanted, found)


@transaction.atomic
def _finish(order: TranslationOrder, token: UUID, segments: Sequence[tuple[str, str]], attempt: Attempt) -> None:
    """Under the story's lock: whether there still is something to translate is asked again."""
    story = Story.objects.select_for_update(of=("self",), no_key=True).get(pk=order.story_id)
    mine = TranslationOrder.objects.select_for_update(of=("self",), no_key=True)
    held = mine.filter(pk=order.pk, lease_token=token, status=OrderStatus.WORKING).first()
    if held is None:
        return
    held.story = story
    if story.pubstatus == PubStatus.CANCELED:
        _close(held, OrderStatus.CANCELED, OrderError.STORY_CANCELED)
    elif is_behind(held):
        _close(held, OrderStatus.CANCELED, OrderError.SOURCE_CHANGED)
    elif attempt.may_pass and attempt.missing([said for _name, said in segments]) and held.attempts < MOST_ATTEMPTS:
        _wait(held, segments, attempt)
    elif attempt.found:
        held.segments = [_segment(name, source, attempt.found.get(source)) for name, source in segments]
        held.tool = ", ".join(attempt.tools)[:200]
        held.provider = next(iter(attempt.tools.values()))
        _close(held, OrderStatus.DONE, *attempt.worst())
    else:
        error, detail = attempt.worst()
        _close(held, OrderStatus.FAILED, error or OrderError.NO_PROVIDER, detail)


def _tool(said: Translated) -> str:
    return f"{said.provider} ({said.model})"


def _segment(name: str, source: str, said: Translated | None) -> dict[str, object]:
    said = said or Translated("", "", "")
    return {
        "field": name,
        "source": source,
        "text": said.text,
        "provider": said.provider,
        "model": said.model,
        "percent": said.percent,
        "at": said.at.isoformat(),
    }


def _close(order: TranslationOrder, status: OrderStatus, error: str = "", detail: str = "") -> None:
    order.status, order.error, order.error_detail = status, error, detail[:300]
    order.lease_token = order.leased_until = None
    order.finished_at = timezone.now()
    if status == OrderStatus.CANCELED and error == OrderError.STORY_CANCELED:
        order.source, order.segments = {}, []
    order.save()


def _wait(order: TranslationOrder, segments: Sequence[tuple[str, str]], attempt: Attempt) -> None:
    """Try again ever later, not before the service wants to be asked; what it has said is not asked again."""
    wait = min(FIRST_WAIT * 2 ** (order.attempts - 1) * random.uniform(0.8, 1.2), LONGEST_WAIT)  # noqa: S311 — no secret
    wait = min(max(wait, attempt.retry_after), LONGEST_WAIT)
    error, detail = attempt.worst()
    TranslationOrder.objects.filter(pk=order.pk).update(
        status=OrderStatus.QUEUED,
        due_at=Now() + wait,
        segments=[_segment(*each, attempt.found[each[1]]) for each in segments if each[1] in attempt.found],
        provider=next(iter(attempt.tools.values()), None),
        error=error,
        error_detail=detail[:300],
        lease_token=None,
        leased_until=None,
    )


def _renewed(order: TranslationOrder, token: UUID) -> bool:
    held = TranslationOrder.objects.filter(Q(pk=order.pk), lease_token=token, status=OrderStatus.WORKING)
    return bool(held.update(leased_until=Now() + LEASE))
