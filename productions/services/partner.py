"""Partners and their shares, changed all at once so that the total is 100 % before and after."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection, transaction
from django.db.models import ProtectedError
from django.db.models.functions import Now
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from broadcasters.models import Broadcaster
from mediaexchange.core.errors import ConflictError, DomainError
from mediaexchange.core.models import User
from productions.constants import PartnerRole
from productions.models import Partner, Production
from productions.notifications import SHARES_CHANGED, tell_partners
from productions.querysets import CHANGE
from productions.services.production import lock_production, require_partner, tell_houses

WHOLE = Decimal(100)
_PENNY = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Share:
    """What one house shall have, in per cent of the whole; ``in_kind_percent`` is a part of ``share_percent``."""

    broadcaster: Broadcaster
    share_percent: Decimal
    role: str = PartnerRole.CO_PRODUCER
    in_kind_percent: Decimal = Decimal(0)
    is_editorial_lead: bool = False
    holds_final_cut: bool = False


@dataclass(frozen=True, slots=True)
class Advice:
    """Something that a rule or good practice would have otherwise. It refuses nothing."""

    code: str
    message: str


@transaction.atomic
def set_shares(
    production: Production, shares: Sequence[Share], *, actor: User | None, seen: int | None = None
) -> Production:
    """Give a production exactly these partners, who total 100 %. Safe to repeat.

    ``seen`` is the ``shares_revision`` that the actor saw. Raises ConflictError if shares have changed since then or a
    partner who would leave has budget lines, versions or milestones; DomainError for shares that cannot be,
    ForbiddenError.
    """
    stored = lock_production(production)
    require_partner(actor, CHANGE, stored)
    known = {partner.broadcaster_id: partner for partner in stored.partners.all()}
    if not _differ(known, shares):
        return stored
    if seen is not None and seen != stored.shares_revision:
        raise ConflictError(
            "shares-changed", _("Somebody has changed the shares meanwhile. Look at them again."),
            current=stored.shares_revision, wanted=seen,
        )  # fmt: skip
    check_shares(stored, shares)
    for house in known.keys() - {share.broadcaster.pk for share in shares}:
        try:
            with transaction.atomic():
                known[house].delete()
        except ProtectedError as error:
            raise ConflictError(
                "partner-has-parts",
                _("%(partner)s has parts in this production and stays its partner.") % {"partner": known[house]},
                broadcaster=known[house].broadcaster.slug,
            ) from error
    stored.partners.update(is_editorial_lead=False)  # at no moment may two lead
    for share in shares:
        values = {
            "role": share.role,
            "share_percent": share.share_percent,
            "in_kind_percent": share.in_kind_percent,
            "is_editorial_lead": share.is_editorial_lead,
            "holds_final_cut": share.holds_final_cut,
        }
        Partner.objects.update_or_create(production=stored, broadcaster=share.broadcaster, defaults=values)
    Production.objects.filter(pk=stored.pk).update(changed_at=Now())
    with connection.cursor() as cursor:  # the database adds up now, and counts the revision
        cursor.execute("SET CONSTRAINTS shares_total IMMEDIATE")
        cursor.execute("SET CONSTRAINTS shares_total DEFERRED")
    stored.refresh_from_db(fields=["changed_at", "shares_revision"])
    tell_houses(stored, "production.shares-changed", actor)
    tell_partners(SHARES_CHANGED, stored, actor=actor, key=str(stored.changed_at.timestamp()))
    return stored


def check_shares(production: Production, shares: Sequence[Share]) -> None:
    """Raises DomainError for shares that cannot be, with what is missing or too much."""
    houses = [share.broadcaster.pk for share in shares]
    if len(set(houses)) != len(houses):
        raise DomainError("partner-twice", _("A partner is named twice."))
    if production.made_by_id not in houses:
        raise DomainError("maker-missing", _("The house that made the production stays its partner."))
    parties = set(production.module.parties.filter(is_active=True).values_list("pk", flat=True))
    if strangers := [share.broadcaster for share in shares if share.broadcaster.pk not in parties]:
        raise DomainError(
            "not-a-party",
            _("%(house)s is no party of the production’s module.") % {"house": strangers[0]},
            broadcaster=strangers[0].slug,
        )
    for share in shares:
        figures = (share.share_percent, share.in_kind_percent)
        if any(figure != figure.quantize(_PENNY) for figure in figures):
            raise DomainError("share-too-fine", _("Shares have two decimal places at most."))
        if not 0 < share.share_percent <= WHOLE or not 0 <= share.in_kind_percent <= share.share_percent:
            raise DomainError(
                "share-impossible",
                _("The share of %(house)s is above 0 and at most 100, and its part in kind is no more than the share.")
                % {"house": share.broadcaster},
                broadcaster=share.broadcaster.slug,
            )
    if sum(share.is_editorial_lead for share in shares) > 1:
        raise DomainError("two-leads", _("One partner has the editorial lead."))
    total = sum((share.share_percent for share in shares), Decimal(0))
    if total != WHOLE:
        raise DomainError("shares-total", _off_by(total), total=str(total), off_by=str(total - WHOLE))


def advice_on(production: Production) -> list[Advice]:
    """What its rules and good practice would have otherwise, in the reader's language.

    Reads ``partners`` with their broadcasters, and ``rule_set``.
    """
    partners = list(production.partners.all())
    found = []
    if not any(partner.is_editorial_lead for partner in partners):
        found.append(Advice("no-editorial-lead", _("No partner has the editorial lead.")))
    if not any(partner.holds_final_cut for partner in partners):
        found.append(Advice("no-final-cut", _("No partner holds the final cut.")))
    rules = production.rule_set
    if rules is None or not rules.is_active or len(partners) < 2:
        return found
    is_bilateral = len(partners) == 2
    least = rules.bilateral_least if is_bilateral else rules.multilateral_least
    most = rules.bilateral_most if is_bilateral else rules.multilateral_most
    for partner in partners:
        if not least <= partner.share_percent <= most:
            said = _("%(rules)s: a share between %(least)s and %(most)s per cent. %(partner)s has %(share)s.") % {
                "rules": rules,
                "least": number_format(least.normalize(), use_l10n=True),
                "most": number_format(most.normalize(), use_l10n=True),
                "partner": partner,
                "share": number_format(partner.share_percent, use_l10n=True),
            }
            found.append(Advice("share-outside-rules", said))
    return found


def _differ(known: dict[int, Partner], shares: Sequence[Share]) -> bool:
    wanted = {
        share.broadcaster.pk: (
            share.role, share.share_percent, share.in_kind_percent, share.is_editorial_lead, share.holds_final_cut,
        )
        for share in shares
    }  # fmt: skip
    there = {
        house: (row.role, row.share_percent, row.in_kind_percent, row.is_editorial_lead, row.holds_final_cut)
        for house, row in known.items()
    }
    return wanted != there or len(wanted) != len(shares)


def _off_by(total: Decimal) -> str:
    figures = {"total": number_format(total, 2), "off": number_format(abs(WHOLE - total), 2)}
    if total < WHOLE:
        return _("The shares total %(total)s per cent: %(off)s are missing.") % figures
    return _("The shares total %(total)s per cent: %(off)s are too much.") % figures
