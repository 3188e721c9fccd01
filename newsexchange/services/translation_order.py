"""What people do with machine translations: order, call off, approve, reject.

The machine's text stands in the order until somebody approves it. Only then is it an edition, and so only then can it
be read, rendered, found or sent by anything.
"""

import html
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Any

import orjson
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from broadcasters.permissions import require
from mediaexchange.core.bell import wake
from mediaexchange.core.errors import ConflictError, DomainError, ForbiddenError
from mediaexchange.core.models import User
from mediaexchange.core.translating.segments import plain
from newsexchange.constants import AiUse, EditionOrigin, OrderError, OrderStatus, PubStatus
from newsexchange.models import Edition, Story, TranslationOrder
from newsexchange.services.alive import require_alive
from newsexchange.services.edition import Text, save_edition
from newsexchange.services.translation_memory import TEXT_FIELDS, cut, home_of, remember, text_in

ORDER = "newsexchange.order_translation"
REVIEW = "newsexchange.review_translation"
MOST_CHARACTERS = 100_000
TRANSLATE_ORDERS = "newsexchange.tasks.translate_orders"
_FINAL = (OrderStatus.FAILED, OrderStatus.CANCELED, OrderStatus.REJECTED)


@transaction.atomic
def order_translation(story: Story, language: str, *, actor: User | None) -> TranslationOrder:
    """Have the original translated into a language by the house's services. Safe to repeat: one order for each text and
    language, unless the one before failed, was called off or rejected.

    Raises DomainError for the original's own language and for a text without words or of more characters than are
    sent, ConflictError for a killed story.
    """
    story = _locked(story)
    require(actor, ORDER, story.broadcaster_id)
    require_alive(story)
    source, target = home_of(story.language), home_of(language)
    if source == target:
        raise DomainError("same-language", _("This is the original's own language."))
    text = text_in(story, source)
    if not any(text[name] for name in ("headline", "body")):
        raise DomainError("no-text", _("The original has no text."))
    if sum(map(len, text.values())) > MOST_CHARACTERS:
        raise DomainError("too-long", _("At most %(count)d characters.") % {"count": MOST_CHARACTERS})
    same = {
        "story": story,
        "source_version": story.version,
        "source_hash": hash_of(text),
        "target_language": target,
    }
    if existing := TranslationOrder.objects.filter(**same).exclude(status__in=_FINAL).first():
        return existing
    transaction.on_commit(ring)
    return TranslationOrder.objects.create(**same, source_language=source, source=text, requested_by=actor)


@transaction.atomic
def cancel_order(order: TranslationOrder, *, actor: User | None) -> TranslationOrder:
    """Call it off before anybody has decided on it. Safe to repeat; a worker that is at it finds out at its end."""
    order = _locked_order(order)
    require(actor, ORDER, order.story.broadcaster_id)
    if order.status == OrderStatus.CANCELED:
        return order
    if order.status not in (OrderStatus.QUEUED, OrderStatus.WORKING, OrderStatus.DONE):
        raise _not_open(order, OrderStatus.CANCELED)
    return _closed(order, OrderStatus.CANCELED, error=OrderError.BY_HAND, segments=[])


@transaction.atomic
def approve_order(order: TranslationOrder, *, actor: User, texts: Sequence[str], note: str = "") -> Edition:
    """Make an edition of these segments, one for each of the order's, and remember them. The actor answers for it.

    ``texts`` are inline HTML, the headline's plain. The edition is marked as a machine's, with tool and reviewer, and
    is stale if the original has moved on. Raises ConflictError for what is not waiting for review or belongs to a draft
    that has changed, ForbiddenError for an account that is no person's, and what ``save_edition`` raises.
    """
    order = _locked_order(order)
    story = order.story
    require(actor, REVIEW, story.broadcaster_id)
    if actor.is_service:
        raise ForbiddenError("person-needed", _("A person approves what a machine has written."))
    if order.status != OrderStatus.DONE:
        raise _not_open(order, OrderStatus.APPROVED)
    if len(texts) != len(order.segments):
        raise DomainError("segments-differ", _("There is one text for each segment."))
    if not order.source_version and is_behind(order):
        raise ConflictError(
            "source-changed", _("The draft has changed since; order its translation again."), current=order.status
        )
    kept = [
        html.escape(" ".join(said.split()), quote=False) if segment["field"] == "headline" else said.strip()
        for segment, said in zip(order.segments, texts, strict=True)
    ]
    edition = save_edition(
        story,
        order.target_language,
        assembled(order, kept),
        actor=actor,
        origin=EditionOrigin.MACHINE,
        ai_use=AiUse.TRANSLATION,
        ai_tool=order.tool,
        reviewed_by=actor,
        translated_from_version=order.source_version or min(story.version, 1),
        note=note,
    )
    approved = [segment | {"approved": said} for segment, said in zip(order.segments, kept, strict=True)]
    _closed(order, OrderStatus.APPROVED, reviewed_by=actor, reviewed_at=timezone.now(), segments=approved)
    pairs = [(segment["source"], said) for segment, said in zip(order.segments, kept, strict=True)]
    remember(edition.story, order.source_language, order.target_language, pairs, actor=actor)
    return edition


@transaction.atomic
def reject_order(order: TranslationOrder, *, actor: User, reason: str) -> TranslationOrder:
    """Nothing becomes of it, and the reason is kept. It may be ordered again."""
    order = _locked_order(order)
    require(actor, REVIEW, order.story.broadcaster_id)
    if order.status != OrderStatus.DONE:
        raise _not_open(order, OrderStatus.REJECTED)
    if not reason.strip():
        raise DomainError("reason-missing", _("Say why it is rejected."))
    return _closed(
        order, OrderStatus.REJECTED, reviewed_by=actor, reviewed_at=timezone.now(), reason=reason.strip()[:500]
    )


def forget_orders_of_killed(stories: Sequence[int] | None = None, limit: int = 200) -> int:
    """Call off what is open on killed stories and forget every word of theirs; returns how many orders.

    Called in the transaction of a kill with its story, and by the timetable for those that a feed killed.
    """
    dead = TranslationOrder.objects.filter(story__pubstatus=PubStatus.CANCELED).exclude(source={})
    if stories is not None:
        dead = dead.filter(story__in=stories)
    ids = list(dead.order_by("pk").values_list("pk", flat=True)[:limit])
    open_ones = TranslationOrder.objects.filter(pk__in=ids).pending()
    open_ones.update(
        status=OrderStatus.CANCELED,
        error=OrderError.STORY_CANCELED,
        finished_at=timezone.now(),
        lease_token=None,
        leased_until=None,
    )
    return TranslationOrder.objects.filter(pk__in=ids).update(source={}, segments=[])


def assembled(order: TranslationOrder, texts: Sequence[str]) -> Text:
    """The order's source with these inline HTML texts in the places of its segments."""
    parts, position = {}, 0
    for name, part in cut(order.source, order.source_language).items():
        count = len(part.segments)
        parts[name] = part.joined(texts[position : position + count])
        position += count
    return Text(plain(parts["headline"]), parts["summary"], parts["body"])


def segments_of(order: TranslationOrder) -> Iterator[tuple[str, str]]:
    """(field, segment) of the order's source."""
    for name, part in cut(order.source, order.source_language).items():
        yield from ((name, segment) for segment in part.segments)


def is_behind(order: TranslationOrder) -> bool:
    """Whether the original says something else by now than what was translated."""
    return order.source_hash != hash_of(text_in(order.story, order.source_language))


def hash_of(text: Mapping[str, str]) -> str:
    return sha256(orjson.dumps([text[name] for name in TEXT_FIELDS])).hexdigest()


def ring() -> None:
    """Wake a worker; one that does not hear is woken by the timetable."""
    wake(TRANSLATE_ORDERS)


def _locked(story: Story) -> Story:
    return Story.objects.select_for_update(of=("self",), no_key=True).get(pk=story.pk)


def _locked_order(order: TranslationOrder) -> TranslationOrder:
    """The story first, like everything that changes one; then the order as it stands now."""
    story = Story.objects.select_for_update(of=("self",), no_key=True).get(pk=order.story_id)
    locked = TranslationOrder.objects.select_for_update(of=("self",), no_key=True).get(pk=order.pk)
    locked.story = story
    return locked


def _closed(order: TranslationOrder, status: OrderStatus, **values: Any) -> TranslationOrder:
    values |= {"status": status, "lease_token": None, "leased_until": None}
    if order.finished_at is None:
        values["finished_at"] = timezone.now()
    for name, value in values.items():
        setattr(order, name, value)
    order.save(update_fields=[*values])
    return order


def _not_open(order: TranslationOrder, wanted: OrderStatus) -> ConflictError:
    return ConflictError(
        "order-decided",
        _("This machine translation is “%(current)s”.") % {"current": OrderStatus(order.status).label},
        current=order.status,
        wanted=str(wanted),
    )
