"""What comes next in the use of footage under a memorandum: licences that expire."""

from collections.abc import Iterator
from datetime import date

from django.utils.translation import gettext_lazy as _

from archive.constants import GrantStatus
from archive.models import Licence
from broadcasters.agreement_dates import LastDay, NextDate, agreement_dates, coming
from broadcasters.models import Memorandum
from mediaexchange.core.languages.tags import STORED
from mediaexchange.core.models import User


@agreement_dates(licence_expires=_("a licence for footage expires"))
def licences(memorandum: Memorandum, reader: User, first: date, last: date) -> Iterator[NextDate]:
    """On its last day, by its own clocks; called by its number."""
    rows = Licence.objects.visible_to(reader).filter(
        footage_request__module__memoranda=memorandum, status=GrantStatus.ACTIVE
    )
    for row in coming(rows, LastDay("time_zone", "ends_at"), first, last):
        yield NextDate("licence-expires", row.next_on, dict.fromkeys(STORED, row.number), row)
