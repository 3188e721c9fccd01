"""What airings and audiences can be measured by: for a house, a partner and a period, the very rows that are counted.

``house`` made what was aired and ``partner`` aired it, where nothing else is said.
"""

from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Concat
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from broadcasters.airing_constants import Measure, Unit
from broadcasters.audience import AudienceSource, register_audience
from broadcasters.indicators import Breakdown, Period, RawCount, register, register_breakdowns
from broadcasters.languages import language_called
from broadcasters.models import Airing, AudienceFigure, Broadcaster
from broadcasters.record_lines import Told, tell


def airings_elsewhere(house: Broadcaster, period: Period, partner: Broadcaster | None = None) -> QuerySet[Airing]:
    """What the house made and others aired, by when it began; what both made together is among it."""
    rows = Airing.objects.filter(period.holds("started_at"), origin=house).exclude(channel__broadcaster=house)
    return rows.filter(channel__broadcaster=partner) if partner else rows


def airings_from_others(house: Broadcaster, period: Period, partner: Broadcaster | None = None) -> QuerySet[Airing]:
    """Foreign airings on the house's own channels, from the partner or from anybody."""
    rows = Airing.objects.filter(period.holds("started_at"), channel__broadcaster=house, is_joint=False)
    rows = rows.exclude(origin=house)
    return rows.filter(origin=partner) if partner else rows


def airings_matched(house: Broadcaster, period: Period, partner: Broadcaster | None = None) -> QuerySet[Airing]:
    """Those of the first that are known to be a story, footage or a production."""
    return airings_elsewhere(house, period, partner).filter(subject_uid__isnull=False)


def audience_figures(
    house: Broadcaster, period: Period, partner: Broadcaster | None = None
) -> QuerySet[AudienceFigure]:
    """What is stated of the house's work with others: of an airing by when it began, of an edition by its day."""
    by_day = Q(airing__isnull=True) & Q(as_of__gte=period.starts_at.date(), as_of__lt=period.ends_at.date())
    rows = AudienceFigure.objects.filter(period.holds("airing__started_at") | by_day, made_by=house)
    rows = rows.exclude(airing__channel__broadcaster=house).exclude(airing__isnull=True, stated_by=house)
    if partner is None:
        return rows
    return rows.filter(Q(airing__channel__broadcaster=partner) | Q(airing__isnull=True, stated_by=partner))


def _said(key: str) -> str:
    measure, _point, unit = key.partition("|")
    if measure not in Measure.values or unit not in Unit.values:
        return key
    return f"{Measure(measure).label} ({Unit(unit).label})"


def _stated(figure: AudienceFigure) -> str:
    number = number_format(figure.value.normalize(), use_l10n=True, force_grouping=True)
    return f"{figure.get_measure_display()}: {number} ({figure.get_unit_display()})"


tell(Airing, Told(("started_at",), ("channel",), ("title",)))
tell(
    AudienceFigure,
    Told(("airing__started_at", "as_of"), ("airing__channel", "channel"), ("airing__title",), figure=_stated),
)
MINUTES_ELSEWHERE = RawCount(
    "minutes-aired", _("minutes aired by partners"), airings_elsewhere, "duration_ms", 60_000, is_given=True
)
AUDIENCE = RawCount("audience-stated", _("figures of the audience stated by partners"), audience_figures, is_given=True)
RAW_COUNTS = (
    RawCount("airings-aired", _("airings by partners"), airings_elsewhere, is_given=True),
    MINUTES_ELSEWHERE,
    RawCount("airings-matched", _("airings by partners that are known to be something"), airings_matched),
    RawCount(
        "minutes-aired-of-partners", _("minutes of partners’ work aired"), airings_from_others, "duration_ms", 60_000
    ),
)
register(*RAW_COUNTS)
register_breakdowns(
    Breakdown(
        "minutes-aired-by-language",
        MINUTES_ELSEWHERE,
        _("minutes aired by language"),
        "resonance",
        F("language"),
        language_called,
    ),
)
register_audience(
    AudienceSource(
        AUDIENCE,
        _("Audience of airings and editions, as partners state it"),
        F("language"),
        Concat(F("measure"), Value("|"), F("unit")),
        "value",
        _said,
    )
)
