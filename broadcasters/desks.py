"""What waits for whoever answers for a house's agreements and its people."""

from collections.abc import Iterable
from datetime import timedelta
from functools import reduce
from operator import or_
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import BigIntegerField, Count, Exists, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Coalesce, Now
from django.db.models.lookups import LessThan
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from broadcasters.constants import ModuleState, Role, SignatureStatus
from broadcasters.indicators import RawCount, indicator
from broadcasters.models import Membership, Memorandum, Module, Obligation, Party
from broadcasters.obligations import Stretch, last_stretch_of, stretch_now_of
from broadcasters.querysets import member_ids_with
from broadcasters.terms import term_of
from mediaexchange.core.desks import DeskItem, Urgency
from mediaexchange.core.models import ApiKey, User

_SOON = timedelta(days=30)
_TERM_SOON = timedelta(days=120)  # notice wants time
_NOBODY = Q(pk__in=())


def overdue_obligations(user: User) -> QuerySet[Obligation]:
    """Of one's own houses: the stretch before the present one fell short, and this one has not made up for it."""
    own = Obligation.objects.visible_to(user).filter(debtor__in=member_ids_with(user, "broadcasters.change_obligation"))
    short = (_short(obligation, user) for obligation in own.select_related("debtor", "creditor"))
    return Obligation.objects.filter(_any(each for each in short if each is not None))


def _short(obligation: Obligation, user: User) -> Q | None:
    counted, last, current = indicator(obligation.indicator), last_stretch_of(obligation), stretch_now_of(obligation)
    if counted is None or last is None:
        return None
    done = _done(counted, obligation, last, user)
    short = Q(LessThan(done, last.wanted), pk=obligation.pk)
    if current is None:
        return short
    return short & Q(LessThan(done + _done(counted, obligation, current, user), last.wanted + current.wanted))


def _done(counted: RawCount, obligation: Obligation, stretch: Stretch, user: User) -> Combinable:
    """In whole units, as a figure tells it."""
    rows = counted.rows(obligation.debtor, stretch.period, obligation.creditor)
    rows = rows.filter(pk__in=rows.model._default_manager.visible_to(user).values("pk"))
    total = Sum(counted.column) if counted.column else Count(counted.distinct or "pk", distinct=True)
    one = rows.order_by().annotate(all_of_them=Value(1)).values("all_of_them")
    whole = one.annotate(total=Cast(total, BigIntegerField())).values("total")  # else a sum has decimals when divided
    return Coalesce(Subquery(whole), 0, output_field=BigIntegerField()) / counted.divisor


def _any(conditions: Iterable[Q]) -> Q:
    return reduce(or_, conditions, _NOBODY)


def proposed_modules(user: User) -> QuerySet[Module]:
    party = Module.parties.through.objects.filter(
        module=OuterRef("pk"), broadcaster__in=member_ids_with(user, "broadcasters.move_module")
    )
    return Module.objects.visible_to(user).filter(Exists(party), state=ModuleState.PROPOSED)


def announced_signatures(user: User) -> QuerySet[Party]:
    """Of all parties to agreements of houses for which one may write it down: a signature wants its source."""
    own = Party.objects.filter(
        memorandum=OuterRef("memorandum"), broadcaster__in=member_ids_with(user, "broadcasters.change_party")
    )
    return Party.objects.visible_to(user).filter(Exists(own), signature_status=SignatureStatus.ANNOUNCED)


def ending_terms(user: User) -> QuerySet[Memorandum]:
    """Agreements whose term, or whose last day for giving notice, comes near. Python reckons terms."""
    party = Party.objects.filter(
        memorandum=OuterRef("pk"), broadcaster__in=member_ids_with(user, "broadcasters.change_memorandum")
    )
    own = Memorandum.objects.visible_to(user).filter(Exists(party), in_force_on__isnull=False)
    today = timezone.localdate(timezone=ZoneInfo(user.time_zone))
    near = []
    for memorandum in own.prefetch_related("parties", "notices", "consents"):
        term = term_of(memorandum, today)
        days = [day for day in (term.last_on, term.notice_by) if day is not None and day >= today] if term else []
        if days and min(days) <= today + _TERM_SOON:
            near.append(memorandum.pk)
    return Memorandum.objects.visible_to(user).filter(pk__in=near)


def ending_keys(user: User) -> QuerySet[ApiKey]:
    ours = Membership.objects.filter(
        user_id=OuterRef("user_id"), broadcaster__in=member_ids_with(user, "core.change_apikey")
    )
    near = Q(expires_at__gt=Now(), expires_at__lte=Now() + _SOON)
    return ApiKey.objects.filter(Exists(ours), near, revoked_at__isnull=True)


_ADMINISTRATOR: Any = (Role.ADMINISTRATOR,)

ITEMS = (
    DeskItem(
        "broadcasters.obligations", _("Obligations of your houses overdue"), "broadcasters.obligation", _ADMINISTRATOR,
        "broadcasters.change_obligation", "task_alt", Urgency.AT_ONCE, overdue_obligations,
        late=lambda: Q(pk__isnull=False), queries=1,
    ),
    DeskItem(
        "broadcasters.modules", _("Modules proposed"), "broadcasters.module", _ADMINISTRATOR,
        "broadcasters.move_module", "widgets", Urgency.ANSWER, proposed_modules,
    ),
    DeskItem(
        "broadcasters.terms", _("Agreements whose term ends"), "broadcasters.memorandum", _ADMINISTRATOR,
        "broadcasters.change_memorandum", "event_busy", Urgency.SOON, ending_terms, queries=4,
    ),
    DeskItem(
        "broadcasters.keys", _("Keys about to expire"), "core.apikey", _ADMINISTRATOR,
        "core.change_apikey", "key", Urgency.SOON, ending_keys,
    ),
    DeskItem(
        "broadcasters.signatures", _("Signatures that are only announced"), "broadcasters.party", _ADMINISTRATOR,
        "broadcasters.change_party", "draw", Urgency.WORK, announced_signatures,
    ),
)  # fmt: skip
