"""What comes next for correspondents under a memorandum: events, assignments that begin and end, papers that expire.

Briefs keep these words for good, so that no person is named in them.
"""

from collections.abc import Iterator
from datetime import date
from functools import partial

from django.db.models import DateField, Exists, F, Func, OuterRef
from django.utils.translation import gettext_lazy as _

from broadcasters.agreement_dates import FirstDay, LastDay, NextDate, agreement_dates, coming, texts_of, worded
from broadcasters.models import Memorandum
from correspondents.constants import AssignmentStatus
from correspondents.models import Assignment, Paper, PlannedEvent
from mediaexchange.core.languages.localize import localized
from mediaexchange.core.languages.tags import STORED
from mediaexchange.core.models import User
from mediaexchange.core.rights.words import territory_label


@agreement_dates(planned_event=_("a planned event"))
def events(memorandum: Memorandum, reader: User, first: date, last: date) -> Iterator[NextDate]:
    """By their first day."""
    rows = PlannedEvent.objects.visible_to(reader).filter(module__memoranda=memorandum)
    for row in coming(rows.standing(), F("first_on"), first, last):
        yield NextDate("planned-event", row.next_on, texts_of(row, "name"), row)


@agreement_dates(assignment_begins=_("an assignment begins"))
def beginnings(memorandum: Memorandum, reader: User, first: date, last: date) -> Iterator[NextDate]:
    rows = Assignment.objects.visible_to(reader).filter(
        module__memoranda=memorandum, status__in=(AssignmentStatus.ASSIGNED, AssignmentStatus.ACCEPTED)
    )
    day = FirstDay("time_zone", F("period__startswith"))
    for row in coming(rows.select_related("place"), day, first, last):
        yield NextDate("assignment-begins", row.next_on, _told(row), row)


@agreement_dates(assignment_ends=_("an assignment ends"))
def ends(memorandum: Memorandum, reader: User, first: date, last: date) -> Iterator[NextDate]:
    rows = Assignment.objects.visible_to(reader).filter(module__memoranda=memorandum).open()
    day = LastDay("time_zone", F("period__endswith"))
    for row in coming(rows.select_related("place"), day, first, last):
        yield NextDate("assignment-ends", row.next_on, _told(row), row)


@agreement_dates(paper_expires=_("a correspondent’s paper expires"))
def papers(memorandum: Memorandum, reader: User, first: date, last: date) -> Iterator[NextDate]:
    """Of people with an open assignment under the memorandum, those for the country it takes them to."""
    going = Assignment.objects.open().filter(
        correspondent=OuterRef("correspondent"),
        place__country_code=OuterRef("country_code"),
        module__memoranda=memorandum,
    )
    rows = Paper.objects.visible_to(reader).granted().filter(Exists(going))
    last_day = Func(F("valid"), template="(upper(%(expressions)s) - 1)", output_field=DateField())
    for row in coming(rows, last_day, first, last):
        texts = worded(STORED, partial(_paper, row))
        yield NextDate("paper-expires", row.next_on, texts, row)


def _told(row: Assignment) -> dict[str, str]:
    return worded(texts_of(row, "title"), lambda: f"{row} ({localized(row.place, 'name')})")


def _paper(row: Paper) -> str:
    return f"{row.get_kind_display()} · {territory_label(row.country_code)}"
