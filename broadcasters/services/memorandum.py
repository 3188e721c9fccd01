"""Memoranda, and how far each party's signature is known."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from broadcasters.constants import SignatureStatus, SourceStance
from broadcasters.models import Broadcaster, Memorandum, Party, PartySource
from broadcasters.permissions import require
from broadcasters.services.saving import lock_memorandum, parties_of, refusals, require_one, write
from broadcasters.terms import has_ended
from mediaexchange.core.errors import ConflictError, DomainError
from mediaexchange.core.languages.tags import STORED
from mediaexchange.core.models import User
from mediaexchange.core.outbox import record
from mediaexchange.core.search.indexing import refresh_record

WRITABLE = frozenset(
    {*(f"{field}_{language}" for field in ("name", "occasion", "summary") for language in STORED),
     "dated_on", "place", "languages", "in_force_on", "term_months", "renewal", "notice_days"}
)  # fmt: skip


@transaction.atomic
def save_memorandum(
    memorandum: Memorandum,
    *,
    actor: User | None,
    changed: Iterable[str] = (),
    parties: Sequence[Broadcaster] = (),
) -> Memorandum:
    """Write a memorandum down, with its parties, or the ``changed`` fields of a stored one.

    A new one needs two parties, one of which the actor administers; their signatures are announced and no more.
    Raises DomainError for what cannot be, ConflictError for a slug that is taken, ForbiddenError.
    """
    is_new = memorandum.pk is None
    if is_new:
        if len({house.pk for house in parties}) < 2:
            raise DomainError("parties-missing", _("A memorandum is between two houses at least."))
        require_one(actor, "broadcasters.add_memorandum", [house.pk for house in parties])
        stored, names = memorandum, set(WRITABLE) | {"slug"}
    else:
        stored = lock_memorandum(memorandum.pk)
        require_one(actor, "broadcasters.change_memorandum", parties_of(stored))
        names = set(changed) & WRITABLE
        for field in names:
            setattr(stored, field, getattr(memorandum, field))
    write(stored, names, is_new=is_new, named="name")
    for house in parties if is_new else ():
        Party.objects.create(memorandum=stored, broadcaster=house)
    refresh_record(stored)
    tell(stored, "memorandum.created" if is_new else "memorandum.changed", actor)
    return stored


@transaction.atomic
def set_signature(
    memorandum: Memorandum,
    *,
    actor: User | None,
    broadcaster: Broadcaster,
    signature_status: str,
    sources: Sequence[dict[str, Any]] = (),
    **details: Any,
) -> Party:
    """Say how far a party's signature is known, and by whose word; ``sources`` are added or, by title, replaced.

    Corroborated needs two sources that report it, not of one house or one publisher: ConflictError.
    """
    stored = lock_memorandum(memorandum.pk)
    require_one(actor, "broadcasters.change_party", parties_of(stored))
    party = stored.parties.filter(broadcaster=broadcaster).first()
    if party is None:
        raise DomainError("not-a-party", _("Choose a party of the memorandum."))
    for source in sources:
        key = {"title": source["title"], "publisher": source.get("publisher", "")}
        row = party.sources.filter(**key).first() or PartySource(party=party, **key)
        for name, value in source.items():
            setattr(row, name, value)
        write(row, set(source) | {"party"}, is_new=row.pk is None)
    party.signature_status = signature_status
    if signature_status == SignatureStatus.ANNOUNCED:
        details["signed_on"] = ""
    for name, value in details.items():
        setattr(party, name, value)
    with refusals(at_once=True):
        write(party, {"signature_status", *details}, is_new=False)
    tell_of_signature(party, actor)
    return party


@transaction.atomic
def add_party(memorandum: Memorandum, *, actor: User | None, broadcaster: Broadcaster) -> Party:
    """Let another house join, from today on where it is; its signature is announced and no more. Safe to repeat.

    Raises ConflictError for a memorandum that has ended.
    """
    stored = lock_memorandum(memorandum.pk)
    require_one(actor, "broadcasters.change_memorandum", parties_of(stored))
    today = broadcaster.today()
    party = stored.parties.filter(broadcaster=broadcaster).first()
    if party is None:
        if has_ended(stored, today):
            raise ConflictError("memorandum-ended", _("The memorandum has ended: nobody joins it any more."))
        party = Party.objects.create(memorandum=stored, broadcaster=broadcaster, joined_on=today)
    tell(stored, "memorandum.changed", actor)
    return party


def confirming(party: Party) -> list[PartySource]:
    """The sources that report the signature."""
    return [source for source in party.sources.all() if source.stance == SourceStance.CONFIRMS]


def tell(memorandum: Memorandum, kind: str, actor: User | None, **data: Any) -> None:
    record(
        kind, subject_type="memorandum", subject_uid=memorandum.uid, audience=parties_of(memorandum), actor=actor,
        memorandum=memorandum.slug, **data,
    )  # fmt: skip


def tell_of_signature(party: Party, actor: User | None) -> None:
    tell(
        party.memorandum, "memorandum.signature", actor, party=party.broadcaster.slug,
        signature_status=party.signature_status,
    )  # fmt: skip


def require_party(actor: User | None, permission: str, memorandum: Memorandum, broadcaster: Broadcaster) -> None:
    """The actor may act for this house, and the house is a party. Raises ForbiddenError, DomainError."""
    require(actor, permission, broadcaster)
    if broadcaster.pk not in parties_of(memorandum):
        raise DomainError("not-a-party", _("Choose a party of the memorandum."))
