"""What comes next under a memorandum. Apps register sources of days; pages and briefs read them.

A source is asked for the days from ``first`` to ``last``, both included, as its reader may see them.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import DateField, Expression, F, Func, Model, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from broadcasters.constants import Rhythm
from broadcasters.models import Memorandum
from broadcasters.terms import term_of
from mediaexchange.core.errors import Message
from mediaexchange.core.languages.tags import STORED
from mediaexchange.core.models import User

MOST = 20  # of one kind, the next ones first


@dataclass(frozen=True, slots=True)
class NextDate:
    """``kind`` is a registered one. ``texts`` say in the stored languages what it is about; none where the kind says
    all. ``row`` is the record itself, for pages that lead to it."""

    kind: str
    on: date
    texts: dict[str, str] = field(default_factory=dict)
    row: Model | None = None


class FirstDay(Func):
    """The day of an instant by the clocks of a zone that the row names: ``FirstDay("time_zone", "starts_at")``."""

    template = "timezone(%(expressions)s)::date"
    output_field = DateField()


class LastDay(FirstDay):
    """The last day of what ends with an instant and does not hold it: what ends at midnight ends the day before."""

    template = "timezone(%(expressions)s - interval '1 microsecond')::date"


Source = Callable[[Memorandum, User, date, date], Iterable[NextDate]]
_sources: list[Source] = []
KINDS: dict[str, Message] = {
    "term-ends": _("the term ends"),
    "notice-by": _("last day for giving notice"),
    "obligation-due": _("an obligation is due"),
}


def agreement_dates(**kinds: Message) -> Callable[[Source], Source]:
    """Ask this function for days; ``kinds`` are its own, with "_" for "-"."""

    def register(source: Source) -> Source:
        KINDS.update({name.replace("_", "-"): title for name, title in kinds.items()})
        _sources.append(source)
        return source

    return register


def dates_of(memorandum: Memorandum, reader: User, first: date, last: date) -> list[NextDate]:
    """Of all sources, the next one first."""
    found = [each for source in (_own, *_sources) for each in source(memorandum, reader, first, last)]
    return sorted(found, key=lambda each: (each.on, each.kind))


def coming(rows: QuerySet[Any], day: Expression | F, first: date, last: date) -> QuerySet[Any]:
    """The rows whose ``day`` lies in these, as ``next_on``: the next ones, at most ``MOST``."""
    found: QuerySet[Any] = rows.annotate(next_on=day).filter(next_on__range=(first, last)).order_by("next_on", "pk")
    return found[:MOST]


def worded(codes: Iterable[str], say: Callable[[], str]) -> dict[str, str]:
    """What ``say`` says while each of these languages is the active one."""
    texts = {}
    for code in codes:
        with override(code):
            texts[code] = say()
    return texts


def texts_of(obj: object, name: str) -> dict[str, str]:
    """A translated field in the languages in which it has text."""
    texts = {code: getattr(obj, f"{name}_{code}") or "" for code in STORED}
    return {code: text for code, text in texts.items() if text}


def _own(memorandum: Memorandum, reader: User, first: date, last: date) -> Iterable[NextDate]:
    term = term_of(memorandum, first)
    for kind, on in (("term-ends", term.last_on), ("notice-by", term.notice_by)) if term else ():
        if on is not None and first <= on <= last:
            yield NextDate(kind, on)
    due = memorandum.obligations.visible_to(reader).filter(rhythm=Rhythm.ONCE, ends_on__range=(first, last))
    for obligation in due:
        if obligation.ends_on is not None:  # the database sees to it
            yield NextDate("obligation-due", obligation.ends_on, texts_of(obligation, "title"), obligation)
