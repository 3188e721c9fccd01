"""Deliverables: owed, delivered by one partner, accepted or sent back by the other."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from archive.models import Instantiation, MediaFile
from archive.services.link import Claims, Opened, make_link, opener, stored, unknown
from archive.services.sniff import extension_of
from broadcasters.models import Broadcaster
from broadcasters.permissions import require
from mediaexchange.core.errors import ConflictError, DomainError
from mediaexchange.core.models import ApiKey, User
from mediaexchange.core.outbox import record
from productions.constants import DeliverableKind, DeliverableStatus
from productions.models import Deliverable, LanguageVersion
from productions.notifications import DELIVERABLE_DECIDED, DELIVERED, tell_partners
from productions.services.delivery_gate import require_deliverable
from productions.services.production import lock_production, partner_ids, require_partner
from productions.services.review import require_open

CHANGE = "productions.change_deliverable"
WRITABLE = frozenset({"supplier", "specification", "due_on"})
LINK = "deliverable"
_WITH_FILE = (DeliverableStatus.DELIVERED, DeliverableStatus.ACCEPTED)


@transaction.atomic
def save_deliverable(deliverable: Deliverable, *, actor: User | None, changed: Iterable[str] = ()) -> Deliverable:
    """Write down what is owed, or change what is said of it.

    Raises DomainError for houses that are no partners, ConflictError for what is owed already and for changes of what
    has been accepted, ForbiddenError.
    """
    is_new = deliverable.pk is None
    production = lock_production(deliverable.version.production)
    require_partner(actor, f"productions.{'add' if is_new else 'change'}_deliverable", production)
    require_open(production)
    if is_new:
        made, names = deliverable, set(WRITABLE)
    else:
        made, names = _locked(deliverable), set(changed) & WRITABLE
        if made.status in _WITH_FILE and "supplier" in names:
            raise ConflictError("deliverable-delivered", _("It is delivered already."), current=made.status)
        for field in names:
            setattr(made, field, getattr(deliverable, field))
    if not {made.broadcaster_id, made.supplier_id} <= set(partner_ids(production)):
        raise DomainError("not-a-partner", _("Deliverables are owed by one partner of the production to another."))
    if made.broadcaster_id == made.supplier_id:
        raise DomainError("owed-to-oneself", _("Nobody owes a deliverable to their own house."))
    same = Deliverable.objects.filter(version=made.version_id, broadcaster=made.broadcaster_id, kind=made.kind)
    if same.exclude(pk=made.pk).exists():
        raise ConflictError("deliverable-exists", _("This is on the list already."))
    made.save(update_fields=None if is_new else names)
    _tell("deliverable.planned" if is_new else "deliverable.changed", made, actor)
    return made


@transaction.atomic
def plan_deliverables(
    version: LanguageVersion, *, actor: User | None, broadcaster: Broadcaster, supplier: Broadcaster,
    kinds: Iterable[str] = (), due_on: date | None = None,
) -> list[Deliverable]:  # fmt: skip
    """Put all kinds, or these, on the list that one partner owes another. Safe to repeat: what is there stays."""
    lock_production(version.production)
    there = set(Deliverable.objects.filter(version=version, broadcaster=broadcaster).values_list("kind", flat=True))
    wanted = [kind for kind in (list(kinds) or DeliverableKind.values) if kind not in there]
    return [
        save_deliverable(
            Deliverable(version=version, broadcaster=broadcaster, supplier=supplier, kind=kind, due_on=due_on),
            actor=actor,
        )
        for kind in wanted
    ]


@transaction.atomic
def deliver(
    deliverable: Deliverable, *, actor: User | None, instantiation: Instantiation | None = None,
    file: MediaFile | None = None,
) -> Deliverable:  # fmt: skip
    """Hand it over: a carrier or file of the supplier's archive, or a file. Safe to repeat.

    Raises ConflictError with every reason while anything stands against delivery, DomainError for nothing to hand
    over, ForbiddenError.
    """
    production = lock_production(deliverable.version.production)
    made = _locked(deliverable)
    made.version.production = production
    require(actor, CHANGE, made.supplier_id)
    require_open(production)
    if made.status in _WITH_FILE:
        return made
    made.move_to(DeliverableStatus.DELIVERED)
    if instantiation is not None or file is not None:
        made.instantiation, made.file = instantiation, file
    _check_material(made)
    require_deliverable(made.version)
    made.delivered_at, made.delivered_by, made.reason = timezone.now(), actor, ""
    made.decided_at = made.decided_by = None
    made.save()
    _tell("deliverable.delivered", made, actor)
    tell_partners(
        DELIVERED, production, subject=made, actor=actor, houses=[made.broadcaster_id],
        key=made.delivered_at.isoformat(), permission=CHANGE,
    )  # fmt: skip
    return made


@transaction.atomic
def accept_deliverable(deliverable: Deliverable, *, actor: User | None) -> Deliverable:
    """Take it, for the house that it is owed to. Safe to repeat. Raises like ``deliver``."""
    return _decide(deliverable, DeliverableStatus.ACCEPTED, actor=actor)


@transaction.atomic
def reject_deliverable(deliverable: Deliverable, *, actor: User | None, reason: str) -> Deliverable:
    """Send it back, saying what is wrong with it. Safe to repeat. Raises DomainError without a reason."""
    if not reason.strip():
        raise DomainError("reason-missing", _("Give a reason."))
    return _decide(deliverable, DeliverableStatus.REJECTED, actor=actor, reason=reason.strip())


def deliverable_link(deliverable: Deliverable, *, user: User, key: ApiKey | None = None) -> tuple[str, datetime]:
    """An address at which both sides save what was handed over, and when it ends. Raises DomainError for a shelf."""
    if _file_of(deliverable) is None:
        raise DomainError("no-file", _("It is a carrier; there is no file to save."))
    token, ends_at = make_link(LINK, deliverable.uid, user=user, key=key)
    return reverse("media", args=[token]), ends_at


@opener(LINK)
def open_deliverable(claims: Claims) -> Opened:
    """Asked again: whether the reader is of the house that gave it or of the one that got it, and it stands."""
    rows = Deliverable.objects.visible_to(claims.user).select_related("file", "instantiation__file")
    found = rows.filter(uid=claims.uid, status__in=_WITH_FILE).first()
    file = _file_of(found) if found else None
    sides = {found.broadcaster_id, found.supplier_id} if found else set()
    if found is None or file is None or not file.is_ready:
        raise unknown()
    if not Broadcaster.objects.of(claims.user).filter(pk__in=sides).exists():
        raise unknown()
    return stored(
        file.storage_name,
        name=file.original_name or f"{found.kind}-{found.uid}.{extension_of(file.content_type)}",
        content_type=file.content_type,
        size_bytes=file.size_bytes,
        etag=file.sha256,
    )


def _decide(
    deliverable: Deliverable, status: DeliverableStatus, *, actor: User | None, reason: str = ""
) -> Deliverable:
    production = lock_production(deliverable.version.production)
    made = _locked(deliverable)
    made.version.production = production
    require(actor, CHANGE, made.broadcaster_id)
    if made.status == status:
        return made
    made.move_to(status)
    if status == DeliverableStatus.ACCEPTED:
        require_deliverable(made.version)
    made.reason, made.decided_at, made.decided_by = reason, timezone.now(), actor
    made.save(update_fields=["status", "reason", "decided_at", "decided_by"])
    _tell(f"deliverable.{status.value}", made, actor)
    tell_partners(
        DELIVERABLE_DECIDED, production, subject=made, actor=actor, houses=[made.supplier_id],
        key=made.decided_at.isoformat(), permission=CHANGE,
    )  # fmt: skip
    return made


def _locked(deliverable: Deliverable) -> Deliverable:
    locked = Deliverable.objects.select_for_update(of=("self",), no_key=True)
    return locked.select_related("version", "broadcaster", "supplier").get(pk=deliverable.pk)


def _file_of(deliverable: Deliverable) -> MediaFile | None:
    return deliverable.instantiation.file if deliverable.instantiation else deliverable.file


def _check_material(made: Deliverable) -> None:
    if (made.instantiation is None) == (made.file is None):
        raise DomainError("material-missing", _("Choose what is handed over: one carrier, or one file."))
    file = _file_of(made)
    owner = made.instantiation.item.broadcaster_id if made.instantiation else made.file.broadcaster_id  # type: ignore[union-attr]
    if owner != made.supplier_id:
        raise DomainError("foreign-material", _("It belongs to another house than the one that owes it."))
    if file is not None and not file.is_ready:
        raise DomainError("file-not-ready", _("The file is not ready."))


def _tell(kind: str, made: Deliverable, actor: User | None) -> None:
    record(
        kind, subject_type="deliverable", subject_uid=made.uid, audience=partner_ids(made.version.production),
        actor=actor, production=str(made.version.production.uid), deliverable_kind=made.kind, status=made.status,
    )  # fmt: skip
