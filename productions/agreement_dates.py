"""What comes next in the co-productions of a memorandum: milestones, deliverables and rights windows that end."""

from collections.abc import Iterator
from datetime import date
from functools import partial

from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from broadcasters.agreement_dates import FirstDay, LastDay, NextDate, agreement_dates, coming, texts_of, worded
from broadcasters.models import Broadcaster, Memorandum
from mediaexchange.core.languages.localize import localized
from mediaexchange.core.models import User
from productions.models import Deliverable, Milestone, Window


@agreement_dates(production_milestone=_("a milestone of a co-production is due"))
def milestones(memorandum: Memorandum, reader: User, first: date, last: date) -> Iterator[NextDate]:
    """Those still owed in co-productions that go on."""
    rows = Milestone.objects.visible_to(reader).filter(
        production__module__memoranda=memorandum,
        production__stage__is_closed=False,
        done_at__isnull=True,
        is_cancelled=False,
    )
    due = Coalesce("due_on", FirstDay("time_zone", "due_at"))
    for row in coming(rows.select_related("production"), due, first, last):
        texts = worded(texts_of(row, "title"), partial(_milestone, row))
        yield NextDate("production-milestone", row.next_on, texts, row)


@agreement_dates(deliverable_due=_("something is to be delivered"))
def deliverables(memorandum: Memorandum, reader: User, first: date, last: date) -> Iterator[NextDate]:
    rows = Deliverable.objects.visible_to(reader).owed()
    rows = rows.filter(version__production__module__memoranda=memorandum)
    rows = rows.select_related("version__production", "broadcaster")
    for row in coming(rows, F("due_on"), first, last):
        codes = texts_of(row.version.production, "name")
        yield NextDate("deliverable-due", row.next_on, worded(codes, partial(_deliverable, row)), row)


@agreement_dates(rights_window_ends=_("a rights window of a co-production ends"))
def windows(memorandum: Memorandum, reader: User, first: date, last: date) -> Iterator[NextDate]:
    """On the last day on which it holds, by its own clocks."""
    rows = Window.objects.visible_to(reader).active().filter(production__module__memoranda=memorandum)
    rows = rows.select_related("production", "holder__broadcaster")
    for row in coming(rows, LastDay("time_zone", "ends_at"), first, last):
        texts = worded(texts_of(row.production, "name"), partial(_window, row))
        yield NextDate("rights-window-ends", row.next_on, texts, row)


def _milestone(row: Milestone) -> str:
    return f"{row} ({localized(row.production, 'name')})"


def _deliverable(row: Deliverable) -> str:
    production = localized(row.version.production, "name")
    return f"{production} · {row.get_kind_display()} · {row.version} → {_short(row.broadcaster)}"


def _window(row: Window) -> str:
    return f"{localized(row.production, 'name')} · {_short(row.holder.broadcaster)}"


def _short(house: Broadcaster) -> str:
    return localized(house, "abbreviation") or str(house)
