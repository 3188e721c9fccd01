"""What deeds about money share: for which partner somebody acts, and amounts that are whole smallest units."""

from datetime import date
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from archive.errors import invalid
from broadcasters.permissions import may, require
from mediaexchange.core.errors import DomainError, ForbiddenError
from mediaexchange.core.models import User
from mediaexchange.core.outbox import record
from productions.models import Currency, Partner, Production
from productions.money import fits
from productions.services.production import partner_ids


def acting_partner(
    production: Production, *, actor: User | None, permission: str, named: Partner | None = None
) -> Partner:
    """The partner for which somebody acts: the one named, else the only one where they may.

    Raises ForbiddenError where they may not, DomainError where it must be said for which one.
    """
    if named is not None:
        if named.production_id != production.pk:
            raise DomainError("not-a-partner", _("Choose a partner of this production."))
        require(actor, permission, named.broadcaster_id)
        return named
    partners = list(production.partners.select_related("broadcaster"))
    own = [partner for partner in partners if actor is not None and may(actor, permission, partner.broadcaster_id)]
    if not own:
        raise ForbiddenError("role-missing", _("Your role does not allow this."), permission=permission)
    if len(own) > 1:
        raise DomainError("broadcaster-missing", _("Say for which broadcaster."))
    return own[0]


def require_one_of(actor: User | None, permission: str, *partners: Partner) -> None:
    """Raises ForbiddenError unless one of these partners has given the actor a role with the permission."""
    if actor is not None and not any(may(actor, permission, partner.broadcaster_id) for partner in partners):
        raise ForbiddenError("role-missing", _("Your role does not allow this."), permission=permission)


def require_whole(amount: Decimal, currency: Currency) -> Decimal:
    """Raises DomainError for a fraction of the currency's smallest unit, and for what is no amount at all."""
    if not fits(amount, currency.minor_units):
        raise DomainError(
            "too-many-decimals",
            _("Amounts in %(currency)s have at most %(places)s decimals.")
            % {"currency": currency.code, "places": currency.minor_units},
            currency=currency.code,
        )
    return amount


def require_past(day: date, *partners: Partner) -> None:
    """Raises DomainError for a day that has not begun where any of the partners is: nothing is booked ahead."""
    now = timezone.now()
    if all(day > now.astimezone(ZoneInfo(partner.broadcaster.time_zone)).date() for partner in partners):
        raise DomainError("day-to-come", _("This day has not come yet."))


def stored(row: Model, names: set[str] | None = None) -> None:
    """Check the fields that are written and save them; None for a new row. Raises DomainError for bad values."""
    fields = row._meta.concrete_fields
    unset = {field.name for field in fields if field.null and getattr(row, field.attname) is None}
    untouched = set() if names is None else {field.name for field in fields} - names
    try:
        row.clean_fields(exclude=unset | untouched)
    except ValidationError as error:
        raise invalid(error) from error
    row.save(update_fields=None if names is None else names)


def said(text: str, code: str = "reason-missing", message: Any = None) -> str:
    """The text without blanks around it. Raises DomainError if there is none."""
    if not text.strip():
        raise DomainError(code, message or _("Give a reason."))
    return text.strip()


def tell(
    kind: str, row: Any, *, actor: User | None, houses: list[int] | None = None, production: Production | None = None
) -> None:
    """An event without amounts, for all partners or for these houses alone."""
    production = production or row.production
    if houses is None:
        houses = partner_ids(production)
    record(
        kind,
        subject_type=row._meta.model_name,
        subject_uid=row.uid,
        audience=houses,
        actor=actor,
        production=str(production.uid),
    )
