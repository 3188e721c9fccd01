"""What comes next in the training under a memorandum: workshops that begin."""

from collections.abc import Iterator
from datetime import date

from django.utils.translation import gettext_lazy as _

from broadcasters.agreement_dates import FirstDay, NextDate, agreement_dates, coming, texts_of
from broadcasters.models import Memorandum
from mediaexchange.core.models import User
from training.constants import WorkshopStatus
from training.models import Workshop


@agreement_dates(workshop_begins=_("a workshop begins"))
def workshops(memorandum: Memorandum, reader: User, first: date, last: date) -> Iterator[NextDate]:
    """Open ones, by the host's clocks."""
    rows = Workshop.objects.visible_to(reader).filter(
        programme__module__memoranda=memorandum, status=WorkshopStatus.OPEN
    )
    for row in coming(rows, FirstDay("time_zone", "starts_at"), first, last):
        yield NextDate("workshop-begins", row.next_on, texts_of(row, "name"), row)
