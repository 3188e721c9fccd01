"""Productions: written by producers of their partners."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from archive.errors import invalid
from broadcasters.constants import Area
from broadcasters.permissions import may, require
from mediaexchange.core.errors import ConflictError, DomainError, ForbiddenError
from mediaexchange.core.languages.normalise import normalise_text
from mediaexchange.core.languages.tags import STORED
from mediaexchange.core.models import User
from mediaexchange.core.outbox import record
from mediaexchange.core.search.indexing import refresh_record
from productions.constants import PartnerRole
from productions.models import Partner, Production, ProductionMove, Stage, Theme
from productions.notifications import SHARED, tell_partners
from productions.querysets import CHANGE

_TOLD = frozenset({*(f"name_{language}" for language in STORED), "slate_on"})  # what stands in calendars
WRITABLE = frozenset(
    {*(f"{field}_{language}" for field in ("name", "logline", "objectives") for language in STORED),
     "kind", "module", "languages", "episodes", "episode_minutes", "slate_on", "is_pilot", "rule_set"}
)  # fmt: skip


def lock_production(production: Production) -> Production:
    """The stored row, locked until the transaction ends: the first thing that each deed does, before other rows."""
    locked = Production.objects.select_for_update(of=("self",), no_key=True)
    return locked.select_related("stage", "module").get(pk=production.pk)


def partner_ids(production: Production) -> list[int]:
    """The broadcasters that may know of it: its partners, or the house that made it while it is not shared."""
    if not production.is_shared:
        return [production.made_by_id]
    return sorted(production.partners.values_list("broadcaster_id", flat=True))


def houses_that_may(actor: User, permission: str, production: Production) -> list[int]:
    """The partners for which the actor may do this."""
    return [house for house in partner_ids(production) if may(actor, permission, house)]


def require_partner(actor: User | None, permission: str, production: Production) -> None:
    """Raises ForbiddenError unless a partner has given the actor a role with the permission. None is the system."""
    if actor is not None and not houses_that_may(actor, permission, production):
        raise ForbiddenError("role-missing", _("Your role does not allow this."), permission=permission)


@transaction.atomic
def save_production(
    production: Production, *, actor: User | None, changed: Iterable[str] = (), themes: Iterable[Theme] | None = None
) -> Production:
    """Begin a production as an idea of its house alone, or write the ``changed`` fields of a stored one.

    A new one belongs to its house to 100 %. Themes are left as they are for None. Raises DomainError for what cannot
    be, ConflictError for a slug that is taken and for another module once partners see it, ForbiddenError.
    """
    is_new = production.pk is None
    if is_new:
        require(actor, "productions.add_production", production.made_by)
        stored, names = production, set(WRITABLE) | {"slug"}
        stored.stage = Stage.objects.get(is_initial=True)
    else:
        stored = lock_production(production)
        require_partner(actor, CHANGE, stored)
        names = set(changed) & WRITABLE
        _refuse_changes(stored, production, names)
        for field in names:
            setattr(stored, field, getattr(production, field))
    _require_module(stored)
    _write(stored, names, is_new=is_new)
    if is_new:
        Partner.objects.create(
            production=stored, broadcaster_id=stored.made_by_id, role=PartnerRole.LEAD, share_percent=100,
            is_editorial_lead=True, holds_final_cut=True,
        )  # fmt: skip
        ProductionMove.objects.create(production=stored, to_stage=stored.stage, actor=actor)
    else:
        told = {"sequence": F("sequence") + 1} if names & _TOLD else {}
        Production.objects.filter(pk=stored.pk).update(changed_at=Now(), **told)
    if themes is not None:
        stored.themes.set(themes)
    stored.refresh_from_db(fields=["changed_at", "sequence"])
    refresh_record(stored)
    tell_houses(stored, "production.created" if is_new else "production.changed", actor)
    return stored


@transaction.atomic
def share_production(production: Production, *, actor: User | None) -> Production:
    """Show an idea to all its partners, for good. Safe to repeat. Raises ForbiddenError."""
    stored = lock_production(production)
    require_partner(actor, CHANGE, stored)
    if not stored.is_shared:
        Production.objects.filter(pk=stored.pk).update(shared_at=Now(), changed_at=Now())
        stored.refresh_from_db(fields=["shared_at", "changed_at"])
        tell_houses(stored, "production.shared", actor)
        tell_partners(SHARED, stored, actor=actor)
    return stored


@transaction.atomic
def resume_production(production: Production, *, actor: User | None) -> Production:
    """Go on with what a review of its pilot has put on hold. Safe to repeat. Raises ForbiddenError."""
    stored = lock_production(production)
    require_partner(actor, CHANGE, stored)
    if stored.is_held:
        Production.objects.filter(pk=stored.pk).update(held_at=None, changed_at=Now())
        stored.refresh_from_db(fields=["held_at", "changed_at"])
        tell_houses(stored, "production.resumed", actor)
    return stored


def tell_houses(production: Production, kind: str, actor: User | None, **data: Any) -> None:
    record(
        kind,
        subject_type="production",
        subject_uid=production.uid,
        audience=partner_ids(production),
        actor=actor,
        **data,
    )


def _refuse_changes(stored: Production, wanted: Production, names: set[str]) -> None:
    if "module" in names and wanted.module_id != stored.module_id and stored.is_shared:
        raise ConflictError("production-shared", _("The module stays what it was when the partners agreed to it."))
    if "is_pilot" in names and not wanted.is_pilot and stored.is_pilot and stored.pilot_reviews.exists():
        raise ConflictError("pilot-reviewed", _("It has been reviewed as a pilot and stays one."))


def _require_module(stored: Production) -> None:
    """Raises DomainError unless the module is one of co-production with all partners as parties."""
    houses = {stored.made_by_id}
    if stored.pk is not None:
        houses |= set(stored.partners.values_list("broadcaster_id", flat=True))
    parties = set(stored.module.parties.values_list("pk", flat=True))
    if stored.module.area != Area.CO_PRODUCTION or not houses <= parties:
        raise DomainError("not-a-party", _("Choose a module of co-production that all partners are parties of."))


def _write(row: Production, names: set[str], *, is_new: bool) -> None:
    """Normalise the texts, check the fields, save them."""
    for field in names:
        language = field.rpartition("_")[2]
        if language in STORED and isinstance(getattr(row, field), str):
            setattr(row, field, normalise_text(getattr(row, field), language).strip())
    if not any(getattr(row, f"name_{language}") for language in STORED):
        raise DomainError("name-missing", _("Give the title in at least one language."))
    try:
        row.clean_fields(exclude={field.name for field in row._meta.get_fields()} - names)
    except ValidationError as error:
        raise invalid(error) from error
    try:
        with transaction.atomic():
            row.save(update_fields=None if is_new else names)
    except IntegrityError as error:
        if "slug" not in str(error):
            raise
        raise ConflictError("slug-taken", _("This slug is taken."), slug=row.slug) from error
