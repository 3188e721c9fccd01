"""A correspondent's own page: what I am asked to do, what is missing for it, and the buttons, as large as a thumb."""

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from correspondents.admin.assignment_box import buttons_of, filed_of, hand_over_line
from correspondents.admin.base import assignment_label, paper_label, period_of, term_of
from correspondents.admin.checklist import checklists_of
from correspondents.constants import OPEN, AssignmentStatus, HandOverStatus, PaperStatus
from correspondents.models import Assignment, HandOver, Paper
from mediaexchange.core.admin_base import ExchangeAdmin, staff
from mediaexchange.core.languages.localize import localized
from mediaexchange.core.languages.tags import DEFAULT
from mediaexchange.core.rights.words import territory_label

MOST_PAST = 20
_PAPERS = (PaperStatus.WANTED, PaperStatus.APPLIED, PaperStatus.GRANTED)
_URGENT_FIRST = (AssignmentStatus.IN_PROGRESS, AssignmentStatus.ASSIGNED, AssignmentStatus.ACCEPTED)


def mine_view(page: ExchangeAdmin, request: HttpRequest) -> HttpResponse:
    user, language = staff(request), get_language() or DEFAULT
    rows = Assignment.objects.of_person(user).select_related(
        "broadcaster", "host", "place", "correspondent", "host_institution"
    )
    open_rows = sorted(
        rows.filter(status__in=OPEN), key=lambda row: (_URGENT_FIRST.index(AssignmentStatus(row.status)), row.starts_at)
    )
    checked = checklists_of(open_rows, user)
    offered = HandOver.objects.filter(to_correspondent__user=user, status=HandOverStatus.OFFERED)
    offered = offered.select_related(
        "to_correspondent__broadcaster", "successor", "assignment__place", "assignment__broadcaster",
        "assignment__correspondent",
    )  # fmt: skip
    passing = HandOver.objects.filter(assignment__in=open_rows, status=HandOverStatus.OFFERED)
    passed = {row.assignment_id: row for row in passing.select_related("to_correspondent__broadcaster", "successor")}
    papers = Paper.objects.filter(correspondent__user=user, status__in=_PAPERS).order_by("country_code", "kind", "pk")
    request.current_app = page.admin_site.name
    context = {
        **page.admin_site.each_context(request),
        "title": _("My assignments"),
        "opts": page.opts,
        "media": page.media,
        "here": request.path,
        "cards": [
            {
                "assignment": row,
                "url": reverse("admin:correspondents_assignment_change", args=[row.pk]),
                "state": assignment_label(row),
                "city": localized(row.place, "name"),
                "brief": localized(row, "brief"),
                "period": period_of(row),
                "checklist": checked[row.pk],
                "buttons": buttons_of(row, user),
                "passed": hand_over_line(passed[row.pk], user, row, language) if row.pk in passed else None,
                "filed": filed_of(row, user) if row.status == AssignmentStatus.IN_PROGRESS else [],
            }
            for row in open_rows
        ],
        "offered": [(row.assignment, hand_over_line(row, user, row.assignment, language)) for row in offered],
        "papers": [(territory_label(row.country_code), row, paper_label(row), term_of(row)) for row in papers],
        "past": [
            (row, reverse("admin:correspondents_assignment_change", args=[row.pk]), assignment_label(row))
            for row in rows.exclude(status__in=OPEN).order_by("-period")[:MOST_PAST]
        ],
    }
    return TemplateResponse(request, "correspondents/mine.html", context)
