"""What the archive can be measured by: for a house, a partner and a period, the very rows that are counted.

Every function gives a queryset and no number, so that whoever reads a figure can open what is behind it. Periods are
half-open; ``partner`` None means everybody else. Nothing here looks at who asks: narrow the rows with ``visible_to``.
"""

from datetime import timedelta

from django.db.models import (
    BigIntegerField,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
)
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from archive.constants import DeliveryStatus, ItemStatus, RequestStatus
from archive.models import Download, FootageDelivery, FootageRequest, Grant, GrantUse, Item, MediaFile
from broadcasters.indicators import Period, RawCount, register
from broadcasters.models import Broadcaster
from broadcasters.record_lines import Told, tell
from mediaexchange.core.models import AuditEntry

ANSWER_DAYS = 7
_APPROVED = (RequestStatus.APPROVED, RequestStatus.PARTLY_APPROVED)
_ANSWERED = (*_APPROVED, RequestStatus.QUOTED, RequestStatus.REFUSED)


def items_published(house: Broadcaster, period: Period, partner: Broadcaster | None = None) -> QuerySet[Item]:
    """Items that were first or again published in the period and still are, by the audit trail. Has no partner."""
    became = Q(action="insert", changed__status=ItemStatus.PUBLISHED) | Q(
        action="update", changed__status__1=ItemStatus.PUBLISHED
    )
    told = AuditEntry.objects.filter(period.holds("at"), became, table_name=Item._meta.db_table)
    ids = told.annotate(item=Cast("row_pk", BigIntegerField())).values("item")
    return Item.objects.filter(broadcaster=house, status=ItemStatus.PUBLISHED, pk__in=ids)


def files_received(house: Broadcaster, period: Period, partner: Broadcaster | None = None) -> QuerySet[MediaFile]:
    """Files that the house brought into the store. Has no partner."""
    return MediaFile.objects.ready().filter(period.holds("created_at"), broadcaster=house)


def requests_received(
    house: Broadcaster, period: Period, partner: Broadcaster | None = None
) -> QuerySet[FootageRequest]:
    """Footage requests to the house; those that were taken back count, since somebody asked."""
    rows = FootageRequest.objects.filter(period.holds("created_at"), holder=house)
    return rows.filter(broadcaster=partner) if partner else rows


def requests_answered_in_time(
    house: Broadcaster, period: Period, partner: Broadcaster | None = None
) -> QuerySet[FootageRequest]:
    """Of the requests that came in the period, those decided within seven days, whatever the answer was."""
    took = ExpressionWrapper(F("decided_at") - F("created_at"), output_field=DurationField())
    rows = requests_received(house, period, partner).filter(status__in=_ANSWERED, decided_at__isnull=False)
    return rows.annotate(took=took).filter(took__lte=timedelta(days=ANSWER_DAYS))


def requests_approved(
    house: Broadcaster, period: Period, partner: Broadcaster | None = None
) -> QuerySet[FootageRequest]:
    """Of the requests that came in the period, those approved wholly or in part."""
    return requests_received(house, period, partner).filter(status__in=_APPROVED)


def grants_licensed(house: Broadcaster, period: Period, partner: Broadcaster | None = None) -> QuerySet[Grant]:
    """Grants of licences that the house gave in the period; revoked ones stay, since they were given."""
    rows = Grant.objects.filter(period.holds("created_at"), item__broadcaster=house, licence__isnull=False)
    return rows.filter(grantee=partner) if partner else rows


def deliveries_made(
    house: Broadcaster, period: Period, partner: Broadcaster | None = None
) -> QuerySet[FootageDelivery]:
    """Clips and files that were made ready for partners; revoked ones stay if they had been ready."""
    made = Q(status=DeliveryStatus.READY) | Q(status=DeliveryStatus.REVOKED, size_bytes__isnull=False)
    rows = FootageDelivery.objects.filter(period.holds("created_at"), made, grant__item__broadcaster=house)
    return rows.filter(broadcaster=partner) if partner else rows


def deliveries_fetched(
    house: Broadcaster, period: Period, partner: Broadcaster | None = None
) -> QuerySet[FootageDelivery]:
    """Those of them that were downloaded at least once."""
    return deliveries_made(house, period, partner).filter(Exists(Download.objects.filter(delivery=OuterRef("pk"))))


def uses_reported(house: Broadcaster, period: Period, partner: Broadcaster | None = None) -> QuerySet[GrantUse]:
    """Showings of the house's footage by partners, but for those taken back; repeats of a run are among them, since
    seconds count."""
    rows = GrantUse.objects.filter(
        period.holds("started_at"), grant__item__broadcaster=house, taken_back_at__isnull=True
    )
    return rows.filter(broadcaster=partner) if partner else rows


RAW_COUNTS = (
    RawCount("items-published", _("items published"), items_published),
    RawCount("files-received", _("files received"), files_received),
    RawCount("bytes-received", _("bytes received"), files_received, "size_bytes"),
    RawCount("requests-received", _("footage requests received"), requests_received),
    RawCount("requests-answered-in-time", _("footage requests answered within seven days"), requests_answered_in_time),
    RawCount("requests-approved", _("footage requests approved"), requests_approved),
    RawCount("seconds-licensed", _("seconds licensed"), grants_licensed, "seconds", is_given=True),
    RawCount("deliveries-made", _("deliveries made"), deliveries_made),
    RawCount("deliveries-fetched", _("deliveries downloaded"), deliveries_fetched),
    RawCount("uses-reported", _("uses reported"), uses_reported),
    RawCount("seconds-used", _("seconds used"), uses_reported, "used_ms", 1000, is_given=True),
)
register(*RAW_COUNTS)
tell(Grant, Told(("created_at",)))
tell(GrantUse, Told(("started_at",)))
tell(FootageRequest, Told(("created_at",)))
tell(FootageDelivery, Told(("created_at",)))
tell(MediaFile, Told(("created_at",)))
