"""What digital development can be measured by. Nothing here looks at who asks: narrow the rows with ``visible_to``."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from broadcasters.indicators import Period, RawCount, register
from broadcasters.models import Broadcaster, GuidelineAdoption, InitiativeMilestone, ModuleReview


def _days(column: str, period: Period, house: Broadcaster) -> Q:
    """Whole days of a period by the clocks of the house."""
    zone = ZoneInfo(house.time_zone)
    first = period.starts_at.astimezone(zone)
    last = (period.ends_at - timedelta(microseconds=1)).astimezone(zone)
    return Q(**{f"{column}__range": (first.date(), last.date())})


def milestones_reached(
    house: Broadcaster, period: Period, partner: Broadcaster | None = None
) -> QuerySet[InitiativeMilestone]:
    """Milestones of the house reached in the period; with a partner, of initiatives that the partner carries too."""
    rows = InitiativeMilestone.objects.filter(_days("actual_on", period, house), owner=house)
    return rows.filter(initiative__owners__broadcaster=partner) if partner else rows


def guidelines_adopted(
    house: Broadcaster, period: Period, partner: Broadcaster | None = None
) -> QuerySet[GuidelineAdoption]:
    """Versions that the house adopted in the period; with a partner, those that the partner has adopted as well."""
    rows = GuidelineAdoption.objects.filter(_days("adopted_on", period, house), broadcaster=house)
    return rows.filter(version__adoptions__broadcaster=partner) if partner else rows


def modules_reviewed(house: Broadcaster, period: Period, partner: Broadcaster | None = None) -> QuerySet[ModuleReview]:
    """Reviews by the house whose last day lies in the period; with a partner, of modules to which it is a party."""
    rows = ModuleReview.objects.filter(_days("last_on", period, house), broadcaster=house)
    return rows.filter(module__parties=partner) if partner else rows


RAW_COUNTS = (
    RawCount("initiative-milestones-reached", _("milestones of digital development reached"), milestones_reached),
    RawCount("guidelines-adopted", _("guidelines adopted"), guidelines_adopted),
    RawCount("modules-reviewed", _("modules reviewed"), modules_reviewed),
)
register(*RAW_COUNTS)
