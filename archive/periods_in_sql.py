"""Uncertain dates in the database: what sorts by them and what compares them. Indexes hold the same expressions."""

from datetime import date
from typing import Any

from django.contrib.postgres.fields import DateRangeField
from django.db.models import BooleanField, DateField, F, Func, Q, Value
from django.db.models.functions import Cast, Coalesce

_FIRST_DAY, _LAST_DAY = date(1, 1, 1), date(9999, 12, 31)


def dated_key(*, is_descending: bool = False) -> Coalesce:
    """The first day that a date may mean; an unknown date sorts behind all others in either direction."""
    beyond = _FIRST_DAY if is_descending else _LAST_DAY
    return Coalesce("dated_first", "dated_last", Value(beyond), output_field=DateField())


def days_between(first: Any, last: Any) -> Func:
    """PostgreSQL's range of days, both included; an end that is null is open."""
    return Func(first, last, Value("[]"), function="daterange", output_field=DateRangeField())


def is_dated() -> Q:
    return Q(dated_first__isnull=False) | Q(dated_last__isnull=False)


def dated_within(first: date | None, last: date | None) -> Q:
    """Dates that may mean a day between these, both included; None is open. Unknown dates never do."""
    wanted = days_between(Cast(Value(first), DateField()), Cast(Value(last), DateField()))
    return is_dated() & Q(_Overlaps(days_between(F("dated_first"), F("dated_last")), wanted))


class _Overlaps(Func):
    template, arg_joiner = "(%(expressions)s)", " && "
    output_field = BooleanField()
