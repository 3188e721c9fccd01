"""Papers: what a country demands is put on a person's list, applied for, granted or refused, and runs out.

Days are counted by the calendar of the country's authority, whatever the day is here.
"""

from datetime import date, timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from psycopg.types.range import Range

from broadcasters.permissions import require
from correspondents.constants import AssignmentStatus, PaperStatus
from correspondents.findings import demands_of
from correspondents.models import Assignment, Correspondent, CountryRequirement, Paper
from correspondents.moments import days_after, days_before, days_between, today_in
from correspondents.services.locking import lock_person
from correspondents.services.saving import refusals
from correspondents.services.telling import tell_of_paper
from mediaexchange.core.errors import ConflictError, DomainError
from mediaexchange.core.models import User
from mediaexchange.core.outbox import record

KEEP = "correspondents.change_paper"


@transaction.atomic
def want_paper(
    correspondent: Correspondent,
    *,
    actor: User | None,
    country_code: str,
    kind: str,
    time_zone: str,
    requirement: CountryRequirement | None = None,
    term: str = "",
    apply_by_on: date | None = None,
) -> Paper:
    """Put a paper on somebody's list. Raises DomainError for a requirement of something else, ForbiddenError."""
    person = lock_person(correspondent.pk)
    require(actor, "correspondents.add_paper", person.broadcaster_id)
    if person.is_anonymous:
        raise ConflictError("person-anonymous", _("This person’s data are gone."), current="anonymous")
    if requirement is not None and (requirement.country_code, requirement.kind) != (country_code, kind):
        raise DomainError("foreign-requirement", _("The requirement is for another paper."))
    paper = Paper.objects.create(
        correspondent=person, requirement=requirement, country_code=country_code, kind=kind, time_zone=time_zone,
        term=term or (requirement.term if requirement else ""), apply_by_on=apply_by_on,
    )  # fmt: skip
    _tell_house(paper, actor)
    return paper


def want_papers(assignment: Assignment) -> None:
    """Put what is demanded and neither held nor on its way on the person's list, with its day. The person is locked."""
    person = assignment.correspondent
    if person is None:
        return
    missing = [demand.kind for demand in demands_of([assignment.pk]).get(assignment.pk, []) if not demand.is_held]
    if missing:
        _put_on_list(assignment, person, missing)
    reckon_deadlines(person.pk)


def _put_on_list(assignment: Assignment, person: Correspondent, missing: list[str]) -> None:
    country = assignment.place.country_code
    on_way = set(
        Paper.objects.filter(
            correspondent=person, country_code=country, status__in=(PaperStatus.WANTED, PaperStatus.APPLIED)
        ).values_list("kind", flat=True)
    )
    lines = CountryRequirement.objects.in_force().filter(
        country_code=country, kind__in=set(missing) - on_way, is_compulsory=True
    )
    # Of alternatives the one that is sooner to be had: temporary before permanent.
    by_kind = {line.kind: line for line in lines.order_by(F("lead_days").desc(nulls_first=True), "term")}
    for kind, line in by_kind.items():
        Paper.objects.create(
            correspondent=person, requirement=line, country_code=country, kind=kind, term=line.term,
            time_zone=line.time_zone,
        )  # fmt: skip


def reckon_deadlines(correspondent_id: int) -> None:
    """Let what is only wanted follow the assignments: the first that is to begin without it says by when.

    A paper that no assignment waits for keeps its day, as does one without a requirement. The person is locked.
    """
    wanted = Paper.objects.filter(
        correspondent=correspondent_id, status=PaperStatus.WANTED, requirement__isnull=False
    ).select_related("requirement")
    coming = Assignment.objects.filter(
        correspondent=correspondent_id, status__in=(AssignmentStatus.ASSIGNED, AssignmentStatus.ACCEPTED)
    ).select_related("place")
    rows = {row.pk: row for row in coming} if wanted else {}
    first_on: dict[tuple[str, str], date] = {}
    for pk, demands in demands_of(rows).items():
        row = rows[pk]
        first, _last = days_between(row.starts_at, row.ends_at, row.time_zone)
        for demand in demands:
            key = (row.place.country_code, demand.kind)
            if not demand.is_held:
                first_on[key] = min(first, first_on.get(key, first))
    for paper in wanted:
        line, needed_on = paper.requirement, first_on.get((paper.country_code, paper.kind))
        lead = line.lead_days or line.decision_days if line else None
        if line is None or needed_on is None or not lead:
            continue
        apply_by_on = days_before(needed_on, lead, working=line.counts_working_days)
        if apply_by_on != paper.apply_by_on:
            paper.apply_by_on, paper.changed_at = apply_by_on, timezone.now()
            paper.save(update_fields=["apply_by_on", "changed_at"])


def drop_unneeded_papers(assignment: Assignment) -> None:
    """Take off the list what is only wanted, if no other assignment leads the person to this country.

    The others say by when it is wanted now. The person is locked.
    """
    country = assignment.place.country_code
    others = Assignment.objects.open().filter(
        correspondent=assignment.correspondent_id, place__country_code=country
    ).exclude(pk=assignment.pk)  # fmt: skip
    if assignment.correspondent_id and not others.exists():
        Paper.objects.filter(
            correspondent=assignment.correspondent_id,
            country_code=country,
            status=PaperStatus.WANTED,
            requirement__isnull=False,
        ).update(status=PaperStatus.DROPPED, changed_at=timezone.now())
    if assignment.correspondent_id:
        reckon_deadlines(assignment.correspondent_id)


@transaction.atomic
def apply_for_paper(paper: Paper, *, actor: User | None, applied_on: date | None = None) -> Paper:
    """Note that it was applied for; by when it must be decided follows from the requirement. Safe to repeat."""
    stored = _locked(paper.pk, actor)
    if stored.status == PaperStatus.APPLIED:
        return stored
    stored.applied_on = applied_on or today_in(stored.time_zone)
    if stored.applied_on > today_in(stored.time_zone):
        raise DomainError("day-to-come", _("This day is still to come there."))
    line = stored.requirement
    if line is not None and line.decision_days:
        stored.decision_due_on = days_after(stored.applied_on, line.decision_days, working=line.counts_working_days)
    return _moved(stored, PaperStatus.APPLIED, actor, "applied_on", "decision_due_on")


@transaction.atomic
def grant_paper(
    paper: Paper, *, actor: User | None, valid_from: date, valid_until: date | None = None, reference: str = ""
) -> Paper:
    """Note that it was granted, from this day up to and with that one; None is without an end. Safe to repeat.

    Without an end the requirement's validity holds, if it has one. Raises DomainError for a term that is empty.
    """
    stored = _locked(paper.pk, actor)
    if stored.status == PaperStatus.GRANTED:
        return stored
    stored.valid = _term(stored, valid_from, valid_until)
    stored.reference = reference.strip()
    return _moved(stored, PaperStatus.GRANTED, actor, "valid", "reference")


@transaction.atomic
def correct_paper(
    paper: Paper, *, actor: User | None, valid_from: date, valid_until: date | None, reference: str | None = None
) -> Paper:
    """Write other days, or another number, for a granted paper: what was copied wrongly, or what was prolonged.

    Without an end the requirement's validity holds, as when it was granted.
    """
    stored = _locked(paper.pk, actor)
    if stored.status != PaperStatus.GRANTED:
        raise ConflictError("paper-not-granted", _("It is not granted."), current=stored.status, wanted="granted")
    stored.valid = _term(stored, valid_from, valid_until)
    if reference is not None:
        stored.reference = reference.strip()
    stored.changed_at = timezone.now()
    with refusals():
        stored.save(update_fields=["valid", "reference", "changed_at"])
    _tell_house(stored, actor)
    return stored


@transaction.atomic
def end_paper(paper: Paper, *, actor: User | None, status: str) -> Paper:
    """Note that it was refused or revoked, or that nobody needs it any more. Safe to repeat."""
    stored = _locked(paper.pk, actor)
    if status not in (PaperStatus.REFUSED, PaperStatus.REVOKED, PaperStatus.DROPPED):
        raise DomainError("paper-status", _("A paper is refused, revoked or dropped; it expires by itself."))
    if stored.status == status:
        return stored
    stored = _moved(stored, status, actor)
    if status != PaperStatus.DROPPED:
        tell_of_paper(stored, actor=actor, people="correspondents.paper-ended", key=str(status))
    return stored


def expire_papers() -> int:
    """Let papers end whose last day is over where they are valid; returns how many. Safe at any time."""
    ended = 0
    # Nowhere on earth is a day over before this one has begun in UTC+14.
    horizon = (timezone.now() + timedelta(hours=14)).date()
    due = Paper.objects.granted().filter(valid__endswith__lte=horizon, valid__upper_inf=False)
    for pk in list(due.order_by("pk").values_list("pk", flat=True)):
        with transaction.atomic():
            paper = _locked(pk, None)
            upper = paper.valid.upper if paper.valid else None
            if paper.status == PaperStatus.GRANTED and upper and upper <= today_in(paper.time_zone):
                _moved(paper, PaperStatus.EXPIRED, None)
                tell_of_paper(paper, actor=None, people="correspondents.paper-ended", key=f"expired {upper}")
                ended += 1
    return ended


def _term(paper: Paper, valid_from: date, valid_until: date | None) -> "Range[date]":
    """The days from the first up to the last; without one, as long as the paper's requirement says, or without end."""
    line = paper.requirement
    if valid_until is None and line is not None and line.validity_days:
        valid_until = valid_from + timedelta(days=line.validity_days - 1)
    if valid_until is not None and valid_until < valid_from:
        raise DomainError("term-empty", _("The last day comes before the first."))
    return Range(valid_from, valid_until + timedelta(days=1) if valid_until else None)


def _moved(stored: Paper, status: str, actor: User | None, *names: str) -> Paper:
    stored.move_to(status)
    stored.changed_at = timezone.now()
    with refusals():
        stored.save(update_fields=["status", "changed_at", *names])
    _tell_house(stored, actor)
    return stored


def _tell_house(paper: Paper, actor: User | None) -> None:
    record(
        f"paper.{paper.status}", subject_type="paper", subject_uid=paper.uid,
        audience=[paper.correspondent.broadcaster_id], actor=actor, country_code=paper.country_code, paper=paper.kind,
    )  # fmt: skip


def _locked(paper_id: int, actor: User | None) -> Paper:
    person = lock_person(Paper.objects.values_list("correspondent_id", flat=True).get(pk=paper_id))
    require(actor, KEEP, person.broadcaster_id)
    locked = Paper.objects.select_for_update(of=("self",), no_key=True).select_related("requirement")
    stored = locked.get(pk=paper_id)
    stored.correspondent = person
    return stored
