"""Minutes of consultations: written by one party, approved by each, followed up point by point."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from broadcasters.agreement_dates import texts_of
from broadcasters.constants import Rhythm
from broadcasters.models import Broadcaster, Minutes, MinutesApproval, MinutesItem, MinutesParticipant, Obligation
from broadcasters.permissions import may
from broadcasters.services.memorandum import require_party, tell
from broadcasters.services.recipients import people_with
from broadcasters.services.saving import lock_memorandum, parties_of, refusals, require_one, write, write_whole
from mediaexchange.core.errors import ConflictError, DomainError
from mediaexchange.core.languages.localize import localized
from mediaexchange.core.languages.tags import STORED, stored_language
from mediaexchange.core.models import User
from mediaexchange.core.notifications import notify

CHANGE = "broadcasters.change_minutes"
WRITABLE = frozenset(
    {*(f"{field}_{language}" for field in ("title", "venue") for language in STORED), "language", "held_on", "place"}
)
ITEM_WRITABLE = frozenset(
    {
        *(f"{field}_{language}" for field in ("topic", "decision") for language in STORED),
        "minutes", "position", "owner", "responsible", "due_on",
    }
)  # fmt: skip


@transaction.atomic
def save_minutes(
    minutes: Minutes,
    *,
    actor: User | None,
    changed: Iterable[str] = (),
    participants: Sequence[dict[str, Any]] | None = None,
    items: Sequence[dict[str, Any]] | None = None,
) -> Minutes:
    """Write minutes, or change them while nobody has approved; lists that are given replace those that were there.

    Raises ConflictError once a party has approved, DomainError, ForbiddenError.
    """
    is_new = minutes.pk is None
    memorandum = lock_memorandum(minutes.memorandum_id)
    require_one(actor, f"broadcasters.{'add' if is_new else 'change'}_minutes", parties_of(memorandum))
    if is_new:
        minutes.written_by = actor
    names = {*WRITABLE, "memorandum"} if is_new else set(changed) & WRITABLE
    write(minutes, names, is_new=is_new, named="title")
    with refusals():
        if participants is not None:
            minutes.participants.all().delete()
            for row in participants:
                write_whole(MinutesParticipant(minutes=minutes, **row))
        if items is not None:
            minutes.items.all().delete()
            for position, row in enumerate(items, 1):
                item = MinutesItem(minutes=minutes, **{"position": position} | row)
                write(item, set(ITEM_WRITABLE), is_new=True, named="topic")
    tell_of_minutes(minutes, actor=actor, is_new=is_new)
    return minutes


def tell_of_minutes(minutes: Minutes, *, actor: User | None, is_new: bool) -> None:
    """To all parties; that new ones wait for approval, to those who may approve."""
    tell(minutes.memorandum, "memorandum.minutes", actor, minutes=str(minutes.uid))
    if is_new:
        notify(
            "broadcasters.minutes-to-approve", to=people_with(CHANGE, parties_of(minutes.memorandum)),
            subject_type="minutes", subject_uid=minutes.uid, actor=actor,
        )  # fmt: skip


@transaction.atomic
def approve_minutes(minutes: Minutes, *, actor: User, broadcaster: Broadcaster) -> Minutes:
    """Say for one party that the words are right. From the first approval on they stand. Safe to repeat."""
    stored = _lock(minutes)
    require_party(actor, CHANGE, stored.memorandum, broadcaster)
    _approval, created = MinutesApproval.objects.get_or_create(
        minutes=stored, broadcaster=broadcaster, defaults={"approved_by": actor}
    )
    if created:
        tell(
            stored.memorandum, "memorandum.minutes-approved", actor, minutes=str(stored.uid), party=broadcaster.slug
        )  # fmt: skip
    return stored


@transaction.atomic
def reopen_minutes(minutes: Minutes, *, actor: User) -> Minutes:
    """Take back what one's own houses have approved, so that words can be changed; others must take theirs back too.

    Raises ConflictError where an action has become an obligation. Safe to repeat.
    """
    stored = _lock(minutes)
    if stored.items.filter(obligation__isnull=False).exists():
        raise ConflictError("minutes-obliging", _("A point of these minutes has become an obligation."))
    own = [house for house in parties_of(stored.memorandum) if may(actor, CHANGE, house)]
    require_one(actor, CHANGE, own)
    if stored.approvals.filter(broadcaster__in=own).delete()[0]:
        tell(stored.memorandum, "memorandum.minutes-reopened", actor, minutes=str(stored.uid))
    return stored


@transaction.atomic
def finish_item(item: MinutesItem, *, actor: User, done_on: date | None = None) -> MinutesItem:
    """Say that an action is done, for the party that does it. Safe to repeat: the first day stays."""
    stored = _lock_item(item)
    if stored.owner is None:
        raise DomainError("not-an-action", _("Nobody is named who does it."))
    require_one(actor, CHANGE, [stored.owner.pk])
    if stored.done_on is not None:
        return stored
    stored.done_on = done_on or stored.owner.today()
    if stored.done_on > stored.owner.today():
        raise DomainError("day-ahead", _("What is done has a day that has come."))
    stored.save(update_fields=["done_on"])
    tell(stored.minutes.memorandum, "memorandum.action-done", actor, point=str(stored.uid))
    return stored


@transaction.atomic
def owe_item(item: MinutesItem, *, actor: User, indicator: str, amount: int = 1) -> Obligation:
    """Make an obligation of an action that all parties have approved: owed once, by its day. Safe to repeat."""
    stored = _lock_item(item)
    minutes = Minutes.objects.with_parts().get(pk=stored.minutes_id)
    require_one(actor, "broadcasters.add_obligation", parties_of(minutes.memorandum))
    if stored.obligation is not None:
        return stored.obligation
    if stored.owner is None or stored.due_on is None:
        raise DomainError("not-an-action", _("Only what has an owner and a day can be owed."))
    if not minutes.is_approved:
        raise ConflictError("minutes-not-approved", _("Not all parties have approved these minutes."))
    written_in = stored_language(minutes.language) or settings.MODELTRANSLATION_DEFAULT_LANGUAGE
    obligation = Obligation(
        memorandum=minutes.memorandum, debtor=stored.owner, indicator=indicator, amount=amount, rhythm=Rhythm.ONCE,
        starts_on=min(minutes.held_on, stored.due_on), ends_on=stored.due_on,
        note=localized(stored, "decision", written_in),
        **{f"title_{code}": text[:200] for code, text in texts_of(stored, "topic").items()},
    )  # fmt: skip
    write(
        obligation, {"memorandum", "debtor", "indicator", "amount", "rhythm", "starts_on", "ends_on", "note"},
        is_new=True,
    )  # fmt: skip
    stored.obligation = obligation
    stored.save(update_fields=["obligation"])
    tell(minutes.memorandum, "memorandum.action-owed", actor, point=str(stored.uid), obligation=str(obligation.uid))
    return obligation


def _lock(minutes: Minutes) -> Minutes:
    locked = Minutes.objects.select_for_update(of=("self",), no_key=True)
    return locked.select_related("memorandum").get(pk=minutes.pk)


def _lock_item(item: MinutesItem) -> MinutesItem:
    locked = MinutesItem.objects.select_for_update(of=("self",), no_key=True)
    return locked.select_related("minutes__memorandum", "owner__home_city", "obligation").get(pk=item.pk)
