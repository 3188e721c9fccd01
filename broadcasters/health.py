"""How an agreement is doing: signatures, modules, obligations, balance, resonance, what comes next. Only reads.

Signatures and modules are told as they are at ``at``, obligations by their own stretches of time, balance and resonance
for the span. Everything is what the reader may see.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import prefetch_related_objects
from django.utils import timezone

from broadcasters.agreement_dates import NextDate, dates_of
from broadcasters.audience import AudienceTable, audience_of
from broadcasters.balance import Balance, balance_of
from broadcasters.models import Memorandum, Module, Obligation, Party
from broadcasters.obligations import Progress, progress_of
from broadcasters.spans import Span
from broadcasters.terms import Term, term_of
from mediaexchange.core.models import User

AHEAD = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Health:
    memorandum: Memorandum
    span: Span
    at: datetime
    parties: list[Party]
    modules: list[Module]
    obligations: list[tuple[Obligation, Progress]]
    balance: Balance
    audience: list[AudienceTable]
    term: Term | None
    dates: list[NextDate]


def health_of(memorandum: Memorandum, span: Span, reader: User, *, at: datetime | None = None) -> Health:
    """The caller has asked whether the reader sees the memorandum.

    Statements: a few, two for each obligation, and one for each count or breakdown and direction; records add none.
    """
    at = at or timezone.now()
    today = at.astimezone(ZoneInfo(reader.time_zone)).date()
    prefetch_related_objects([memorandum], "parties__broadcaster", "parties__sources")
    owed = memorandum.obligations.visible_to(reader).for_progress()
    return Health(
        memorandum=memorandum,
        span=span,
        at=at,
        parties=sorted(memorandum.parties.all(), key=lambda party: party.broadcaster.slug),
        modules=list(memorandum.modules.visible_to(reader).prefetch_related("parties")),
        obligations=[(each, progress_of(each, reader, at=at)) for each in owed],
        balance=balance_of(memorandum, span, reader),
        audience=audience_of(memorandum, span, reader),
        term=term_of(memorandum, today),
        dates=dates_of(memorandum, reader, today, today + AHEAD),
    )
