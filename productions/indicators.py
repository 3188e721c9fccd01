"""What co-productions can be measured by: for a house, a partner and a period, the very rows that are counted.

``house`` is one of the partners, ``partner`` another one of the same productions. Every function gives a queryset and
no number. Nothing here looks at who asks: narrow the rows with ``visible_to``.
"""

from collections.abc import Callable
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from broadcasters.audience import AudienceSource, register_audience
from broadcasters.indicators import Breakdown, Period, RawCount, register, register_breakdowns
from broadcasters.languages import language_called
from broadcasters.models import Broadcaster
from broadcasters.record_lines import Told, tell
from productions.constants import (
    GO_AHEAD,
    DecisionKind,
    DeliverableKind,
    DeliverableStatus,
    FigureKind,
    VersionStatus,
)
from productions.models import (
    ArchiveUse,
    AudienceFigure,
    Decision,
    Deliverable,
    LanguageVersion,
    Milestone,
    Partner,
    PilotReview,
    Production,
    ProductionMove,
    Run,
    Stage,
)

_HANDED_OVER = (DeliverableStatus.DELIVERED, DeliverableStatus.ACCEPTED)


def of_houses(house: Broadcaster, partner: Broadcaster | None, path: str = "") -> Q:
    """Productions, or what hangs on them at ``path``, of which both are partners."""
    production: Any = OuterRef(f"{path}_id" if path else "pk")
    theirs = Partner.objects.filter(production=production)
    condition = Q(Exists(theirs.filter(broadcaster=house)))
    return condition & Q(Exists(theirs.filter(broadcaster=partner))) if partner else condition


def productions_begun(house: Broadcaster, period: Period, partner: Broadcaster | None = None) -> QuerySet[Production]:
    """Productions that were shared with their partners in the period, whatever became of them."""
    return Production.objects.filter(of_houses(house, partner), period.holds("shared_at"))


def productions_standing(house: Broadcaster, period: Period, partner: Broadcaster | None = None) -> QuerySet[Any]:
    """Shared productions with ``stage_then``, the stage at which they stood when the period ended."""
    moves = ProductionMove.objects.filter(production=OuterRef("pk"), at__lt=period.ends_at).order_by("-at", "-pk")
    rows = Production.objects.filter(of_houses(house, partner), shared_at__lt=period.ends_at)
    return rows.annotate(stage_then=Subquery(moves.values("to_stage")[:1])).filter(stage_then__isnull=False)


def productions_by_stage(
    house: Broadcaster, period: Period, partner: Broadcaster | None = None
) -> list[tuple[Stage, QuerySet[Production]]]:
    """Every stage in its order, with the productions that stood at it when the period ended."""
    standing = productions_standing(house, period, partner)
    return [(stage, standing.filter(stage_then=stage.pk)) for stage in Stage.objects.order_by("position", "pk")]


def productions_in_work(house: Broadcaster, period: Period, partner: Broadcaster | None = None) -> QuerySet[Production]:
    """Those that were neither closed nor stopped when the period ended."""
    closed = Stage.objects.filter(is_closed=True).values("pk")
    return productions_standing(house, period, partner).exclude(stage_then__in=closed)


def productions_stopped(house: Broadcaster, period: Period, partner: Broadcaster | None = None) -> QuerySet[Production]:
    """Productions that were stopped in the period, resumed since or not."""
    moves = ProductionMove.objects.filter(period.holds("at"), production=OuterRef("pk"), to_stage__is_stopped=True)
    return Production.objects.filter(Exists(moves), of_houses(house, partner), shared_at__isnull=False)


def pilots_reviewed(house: Broadcaster, period: Period, partner: Broadcaster | None = None) -> QuerySet[PilotReview]:
    """Reviews of pilots that were decided in the period, whatever the decision was."""
    return PilotReview.objects.filter(of_houses(house, partner, "production"), period.holds("decided_at"))


def pilots_passed(house: Broadcaster, period: Period, partner: Broadcaster | None = None) -> QuerySet[PilotReview]:
    """Those of them that said go or scale."""
    return pilots_reviewed(house, period, partner).filter(decision__in=GO_AHEAD)


def masters_delivered(house: Broadcaster, period: Period, partner: Broadcaster | None = None) -> QuerySet[Deliverable]:
    """Masters that the house delivered in the period and that were not rejected, with ``minutes`` of each.

    ``partner`` is who got them. A master of a series counts all its episodes.
    """
    rows = Deliverable.objects.filter(
        period.holds("delivered_at"), supplier=house, kind=DeliverableKind.MASTER, status__in=_HANDED_OVER
    )
    if partner:
        rows = rows.filter(broadcaster=partner)
    production = "version__production__"
    return rows.annotate(minutes=F(f"{production}episodes") * F(f"{production}episode_minutes"))


def deliverables_accepted(
    house: Broadcaster, period: Period, partner: Broadcaster | None = None
) -> QuerySet[Deliverable]:
    """What the house supplied and its receiver accepted in the period."""
    rows = Deliverable.objects.filter(period.holds("decided_at"), supplier=house, status=DeliverableStatus.ACCEPTED)
    return rows.filter(broadcaster=partner) if partner else rows


def deliverables_rejected(
    house: Broadcaster, period: Period, partner: Broadcaster | None = None
) -> QuerySet[Deliverable]:
    """What the house supplied and its receiver rejected in the period, where nothing better has come since."""
    rows = Deliverable.objects.filter(period.holds("decided_at"), supplier=house, status=DeliverableStatus.REJECTED)
    return rows.filter(broadcaster=partner) if partner else rows


def versions_made(house: Broadcaster, period: Period, partner: Broadcaster | None = None) -> QuerySet[LanguageVersion]:
    """Language versions that the house owns and of which something was delivered in the period.

    ``partner`` is who got it.
    """
    handed = Deliverable.objects.filter(period.holds("delivered_at"), version=OuterRef("pk"), status__in=_HANDED_OVER)
    if partner:
        handed = handed.filter(broadcaster=partner)
    return LanguageVersion.objects.filter(Exists(handed), owner=house).exclude(status=VersionStatus.CANCELLED)


def versions_by_language(
    house: Broadcaster, period: Period, partner: Broadcaster | None = None
) -> list[tuple[str, QuerySet[LanguageVersion]]]:
    """By BCP 47 tag with its script, in the tags' order; which languages there are nobody has to say."""
    rows = versions_made(house, period, partner)
    tags = rows.order_by("language").values_list("language", flat=True).distinct()
    return [(tag, rows.filter(language=tag)) for tag in tags]


def archive_uses(house: Broadcaster, period: Period, partner: Broadcaster | None = None) -> QuerySet[ArchiveUse]:
    """Uses of footage that were entered in the period; ``partner`` is whose footage it is."""
    rows = ArchiveUse.objects.filter(of_houses(house, None, "production"), period.holds("created_at"))
    return rows.filter(item__broadcaster=partner) if partner else rows


def archive_uses_cleared(
    house: Broadcaster, period: Period, partner: Broadcaster | None = None
) -> QuerySet[ArchiveUse]:
    """Those of them that are cleared now."""
    rows: Any = archive_uses(house, period, partner)
    cleared: QuerySet[ArchiveUse] = rows.cleared()
    return cleared


def decisions_given(house: Broadcaster, period: Period, partner: Broadcaster | None = None) -> QuerySet[Decision]:
    """What the house said of revisions in the period; ``partner`` is whose revisions."""
    rows = Decision.objects.filter(period.holds("decided_at"), broadcaster=house, withdrawn_at__isnull=True)
    return rows.filter(revision__broadcaster=partner) if partner else rows


def approvals_given(house: Broadcaster, period: Period, partner: Broadcaster | None = None) -> QuerySet[Decision]:
    return decisions_given(house, period, partner).filter(decision=DecisionKind.APPROVED)


def milestones_met(house: Broadcaster, period: Period, partner: Broadcaster | None = None) -> QuerySet[Milestone]:
    """Milestones of the house that were reached in the period, and not too late."""
    return _milestones(house, period, partner).filter(done_at__lt=F("ends_at"))


def milestones_missed(house: Broadcaster, period: Period, partner: Broadcaster | None = None) -> QuerySet[Milestone]:
    """Milestones of the house that became late in the period, whether reached since or not."""
    rows = Milestone.objects.filter(
        period.holds("ends_at"), Q(done_at__isnull=True) | Q(done_at__gte=F("ends_at")), owner__broadcaster=house,
        is_cancelled=False,
    )  # fmt: skip
    return rows.filter(of_houses(house, partner, "production")) if partner else rows


def showings(house: Broadcaster, period: Period, partner: Broadcaster | None = None) -> QuerySet[Run]:
    """Showings of co-productions on the house's channels that were aired, repeats among them."""
    rows = Run.objects.filter(
        period.holds("starts_at"), channel__broadcaster=house, airing__isnull=False, cancelled_at__isnull=True
    )
    return rows.filter(of_houses(house, partner, "window__production")) if partner else rows


def _milestones(house: Broadcaster, period: Period, partner: Broadcaster | None) -> QuerySet[Milestone]:
    rows = Milestone.objects.filter(period.holds("done_at"), owner__broadcaster=house, is_cancelled=False)
    return rows.filter(of_houses(house, partner, "production")) if partner else rows


Grouped = Callable[..., list[tuple[Any, QuerySet[Any]]]]
BY_GROUP: dict[str, Grouped] = {
    "productions-by-stage": productions_by_stage,
    "versions-by-language": versions_by_language,
}


def audience_figures(
    house: Broadcaster, period: Period, partner: Broadcaster | None = None
) -> QuerySet[AudienceFigure]:
    """Figures on showings of the house's co-productions, aired in the period by other partners."""
    rows = AudienceFigure.objects.filter(
        period.holds("run__starts_at"), of_houses(house, partner, "run__window__production"),
        run__airing__isnull=False, run__cancelled_at__isnull=True,
    ).exclude(run__channel__broadcaster=house)  # fmt: skip
    return rows.filter(run__channel__broadcaster=partner) if partner else rows


def _measure(kind: str) -> str:
    return str(FigureKind(kind).label)


SHOWINGS = RawCount("showings", _("showings of co-productions"), showings)
RAW_COUNTS = (
    RawCount("productions-begun", _("co-productions begun"), productions_begun),
    RawCount("productions-in-work", _("co-productions in work"), productions_in_work),
    RawCount("productions-stopped", _("co-productions stopped"), productions_stopped),
    RawCount("pilots-reviewed", _("pilots reviewed"), pilots_reviewed),
    RawCount("pilots-passed", _("pilots that may go on"), pilots_passed),
    RawCount("masters-delivered", _("masters delivered"), masters_delivered),
    RawCount("minutes-delivered", _("minutes delivered"), masters_delivered, "minutes", is_given=True),
    RawCount("deliverables-accepted", _("deliverables accepted"), deliverables_accepted),
    RawCount("deliverables-rejected", _("deliverables rejected"), deliverables_rejected),
    RawCount("versions-made", _("language versions delivered"), versions_made),
    RawCount("archive-uses", _("uses of archive footage"), archive_uses),
    RawCount("archive-uses-cleared", _("cleared uses of archive footage"), archive_uses_cleared),
    RawCount("decisions-given", _("decisions on revisions"), decisions_given),
    RawCount("approvals-given", _("revisions approved"), approvals_given),
    RawCount("milestones-met", _("milestones met in time"), milestones_met),
    RawCount("milestones-missed", _("milestones missed"), milestones_missed),
    SHOWINGS,
)
register(*RAW_COUNTS)
tell(Production, Told(("shared_at",)))
tell(PilotReview, Told(("decided_at",)))
tell(Deliverable, Told(("delivered_at",)))
tell(Decision, Told(("decided_at",)))
tell(Run, Told(("starts_at",), ("channel",)))
tell(AudienceFigure, Told(("run__starts_at",), ("run__channel",)))
register_breakdowns(
    Breakdown(
        "showings-by-language", SHOWINGS, _("showings of co-productions, by the language of the airing"), "resonance",
        F("airing__language"), language_called,
    )
)  # fmt: skip
register_audience(
    AudienceSource(
        RawCount("audience-figures", _("audience figures of co-productions"), audience_figures),
        _("audience of co-productions"), F("run__airing__language"), F("kind"), "value", _measure,
    )
)  # fmt: skip
