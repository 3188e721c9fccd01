"""Reviews in a brief: where each revision stands, and what was thought of the pilot."""

from collections.abc import Sequence

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from mediaexchange.core.models import User
from productions.constants import Criterion, RevisionKind
from productions.formats.brief_page import Column, Section, Table
from productions.formats.brief_words import NOTHING, day, moment, short
from productions.models import Decision, Partner, PilotReview, Production, Revision


def review(production: Production, partners: Sequence[Partner], reader: User, zones: Sequence[str]) -> Section | None:
    """The current revision of each kind, what every party said of it, and how many notes are open."""
    is_open = Q(notes__parent__isnull=True, notes__resolved_at__isnull=True, notes__isnull=False)
    rows = (
        Revision.objects.visible_to(reader)
        .filter(production=production)
        .current()
        .annotate(open_notes=Count("notes", filter=is_open, distinct=True))
    )
    order = list(RevisionKind.values)
    revisions = sorted(rows, key=lambda row: order.index(row.kind))
    if not revisions:
        return None
    said = {
        (row.revision_id, row.broadcaster_id): row
        for row in Decision.objects.visible_to(reader).filter(revision__in=revisions, withdrawn_at__isnull=True)
    }
    return Section(
        _("Review"),
        table=Table(
            [
                Column(pgettext("production", "Revision"), 3),
                *(Column(short(partner.broadcaster), 3) for partner in partners),
                Column(_("Open notes"), 0, "end"),
                Column(_("Deadline"), 3),
            ],
            [
                [
                    str(row),
                    *(_decision(said.get((row.pk, partner.broadcaster_id))) for partner in partners),
                    str(row.open_notes),
                    moment(row.due_at, zones),
                ]
                for row in revisions
            ],
        ),
    )


def _decision(row: Decision | None) -> str:
    if row is None:
        return pgettext("revision", "not decided yet")
    return f"{row.get_decision_display()}\n{day(timezone.localdate(row.decided_at))}"


def pilot(production: Production, partners: Sequence[Partner], reader: User) -> Section | None:
    """The latest review: each partner's mark of each thing, side by side and never added up."""
    latest = PilotReview.objects.visible_to(reader).filter(production=production).first()
    if latest is None:
        return None
    marks = {(mark.criterion, mark.broadcaster_id): str(mark.mark) for mark in latest.marks.all()}
    decided = _("Not decided yet.")
    if latest.decided_at is not None:
        decided = _("Decided on %(day)s: %(decision)s. %(reason)s") % {
            "day": day(timezone.localdate(latest.decided_at)),
            "decision": latest.get_decision_display(),
            "reason": latest.reason,
        }
    return Section(
        _("Review of the pilot"),
        paragraphs=[decided],
        table=Table(
            [Column(_("Criterion"), 4), *(Column(short(partner.broadcaster), 2, "end") for partner in partners)],
            [
                [
                    str(criterion.label),
                    *(marks.get((criterion.value, partner.broadcaster_id), NOTHING) for partner in partners),
                ]
                for criterion in Criterion
            ],
        ),
        notes=[_("Marks from 1, which is poor, to 5, which is excellent.")],
    )
