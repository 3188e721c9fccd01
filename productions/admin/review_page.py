"""What stands on the review page, and what this reader may do there."""

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Prefetch, Q
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from archive.admin.base import short_name
from broadcasters.models import Broadcaster
from broadcasters.moments import both_zones
from mediaexchange.core.admin_base import label, staff
from productions.admin.base import may_at, production_view
from productions.constants import DecisionKind, RevisionKind
from productions.models import Decision, Note, Partner, Production, Revision
from productions.services.production import houses_that_may
from productions.services.review import DECIDE, Standing, is_complete, standings
from productions.services.review_media import Clock, content_type_of, is_recording, revision_link, viewing_link

LOOKS = {DecisionKind.APPROVED: "success", DecisionKind.CHANGES: "warning", DecisionKind.REFUSED: "danger"}


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the production's list of revisions; ``said`` has one word for each party, in the parties' order."""

    revision: Revision
    address: str
    state: SafeString
    said: list[SafeString | str]
    deadline: SafeString | str
    open_notes: int


@dataclass(frozen=True, slots=True)
class Party:
    """What one party says, and whether this reader may say it for them."""

    standing: Standing
    state: SafeString
    may_decide: bool
    may_withdraw: bool
    past: list[Decision] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Thread:
    note: Note
    timecode_in: str
    timecode_out: str
    replies: list[Note]


def page_of(request: HttpRequest, revision: Revision) -> dict[str, Any]:
    user, clock = staff(request), Clock(revision)
    houses = houses_that_may(user, DECIDE, revision.production)
    writers = houses_that_may(user, "productions.add_note", revision.production)
    complete = is_complete(revision)
    source, _ends_at = viewing_link(revision, user=user)
    kinds = content_type_of(revision, user) if is_recording(revision) else ""
    threads = _threads(revision, clock)
    past = list(revision.decisions.filter(withdrawn_at__isnull=False).select_related("withdrawn_by", "decided_by"))
    others = Revision.objects.filter(production=revision.production_id, kind=revision.kind).exclude(pk=revision.pk)
    facts = {
        "rate": [clock.rate.numerator, clock.rate.denominator],
        "duration_ms": revision.file.technical.get("duration_ms") if revision.file else None,
        "start_frame": clock.start,
        "is_drop": clock.is_drop,
        "fresh": reverse("admin:productions_revision_links", args=[revision.pk]) if kinds else "",
        "sprite": None,
        "segments": [_piece(thread, clock) for thread in threads if thread.note.in_ms is not None],
    }
    return {
        "title": str(revision),
        "revision": revision,
        "facts": facts,
        "source": source,
        "content_type": kinds,
        "is_recording": is_recording(revision),
        "is_video": kinds.startswith("video/"),
        "poster": revision_link(revision, "poster", user=user)[0],
        "wave": revision_link(revision, "waveform", user=user)[0],
        "is_own": revision.file is not None
        and Broadcaster.objects.of(user).filter(pk=revision.file.broadcaster_id).exists(),
        "parties": [_party(revision, row, houses, past, complete=complete) for row in standings(revision)],
        "is_complete": complete and revision.is_current,
        "is_overdue": revision.is_current and revision.is_past_due() and not complete,
        "deadline": shown_deadline(revision),
        "decisions": [(value.value, value.label) for value in DecisionKind],
        "threads": threads,
        "open_count": sum(1 for thread in threads if thread.note.resolved_at is None),
        "writers": Broadcaster.objects.filter(pk__in=writers).order_by("pk"),
        "others": others.order_by("-number"),
    }


@production_view("review/", "review", title=gettext_lazy("Review"), permission="productions.view_revision", position=40)
def reviews(page: Any, request: HttpRequest, production: Production) -> HttpResponse:
    """All revisions by kind, the youngest first, with what each party says of them."""
    open_notes = Count("notes", filter=Q(notes__parent__isnull=True, notes__resolved_at__isnull=True))
    partners = Prefetch("production__partners", Partner.objects.select_related("broadcaster"))
    found = production.revisions.select_related("production").prefetch_related("decisions", partners)
    rows: dict[str, list[Row]] = {kind.value: [] for kind in RevisionKind}
    for revision in found.annotate(open_notes=open_notes).order_by("-number"):
        rows[revision.kind].append(_row(revision))
    houses = [partner.broadcaster for partner in production.partners.select_related("broadcaster")]
    context = {
        "title": _("Review"),
        "groups": [(kind.label, rows[kind.value]) for kind in RevisionKind],
        "houses": houses,
        "may_submit": may_at(request, "productions.add_revision", production) and not production.stage.is_closed,
    }
    return page.production_response(request, production, "productions/reviews.html", context)  # type: ignore[no-any-return]


def standing_label(revision: Revision) -> SafeString:
    """Where the round stands. Reads ``decisions`` and ``production.partners``."""
    if not revision.is_current:
        return label(_("superseded"))
    rows = standings(revision)
    if rows and all(row.has_approved for row in rows):
        return label(_("approved by every party"), "success")
    if any(row.decision is not None and not row.has_approved for row in rows):
        return label(_("changes wanted or refused"), "danger")
    silent = [short_name(row.broadcaster) for row in rows if row.decision is None]
    look = "danger" if revision.is_past_due() else "warning"
    return label(_("awaited: %(houses)s") % {"houses": ", ".join(silent)}, look)


def decision_label(decision: Decision) -> SafeString:
    return label(decision.get_decision_display(), LOOKS[DecisionKind(decision.decision)])


def _row(revision: Any) -> Row:
    return Row(
        revision,
        reverse("admin:productions_revision_change", args=[revision.pk]),
        standing_label(revision),
        [decision_label(each.decision) if each.decision else "—" for each in standings(revision)],
        shown_deadline(revision),
        revision.open_notes,
    )


def shown_deadline(revision: Revision) -> SafeString | str:
    """By the clocks of every party, each once. Reads ``production.partners``."""
    if revision.due_at is None:
        return "—"
    zones = [partner.broadcaster.time_zone for partner in revision.production.partners.all()]
    first, *others = zones or [timezone.get_current_timezone_name()]
    lines = both_zones(revision.due_at, None, first, *others, timezone.get_current_timezone_name())
    rows = format_html_join(
        "", '<span class="pr-zone">{} <span class="ar-sub">{}</span></span>', ((line.text, line.city) for line in lines)
    )
    return format_html('<span class="pr-zones">{}</span>', rows)


def _party(revision: Revision, row: Standing, houses: list[int], past: list[Decision], *, complete: bool) -> Party:
    decision = row.decision
    if decision is None:
        state = label(_("nothing said yet"), "danger" if revision.is_past_due() and revision.is_current else "")
    else:
        state = decision_label(decision)
    is_mine = row.broadcaster.pk in houses and revision.is_current
    return Party(
        row,
        state,
        may_decide=is_mine and decision is None,
        may_withdraw=is_mine and decision is not None and not complete,
        past=[each for each in past if each.broadcaster_id == row.broadcaster.pk],
    )


def _threads(revision: Revision, clock: Clock) -> list[Thread]:
    replies = Prefetch("replies", Note.objects.select_related("author", "broadcaster").order_by("pk"))
    rows = revision.notes.filter(parent__isnull=True).select_related("author", "broadcaster", "resolved_by")
    return [
        Thread(note, clock.timecode(note.in_ms), clock.timecode(note.out_ms), list(note.replies.all()))
        for note in rows.prefetch_related(replies)
    ]


def _piece(thread: Thread, clock: Clock) -> dict[str, Any]:
    """A note for the player's time line, in frames."""
    note = thread.note
    first = clock.frame_at(note.in_ms or 0)
    after = clock.frame_at(note.out_ms) if note.out_ms is not None else first + 1
    return {"uid": str(note.uid), "in": first, "out": max(after, first + 1), "title": note.text[:80], "texts": {}}
