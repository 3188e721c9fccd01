"""The health of an agreement at a glance. Every figure leads to the records that it counts, as its reader sees them."""

from collections import Counter
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action

from broadcasters.admin.health_parts import (
    address_of,
    audience_figures,
    choices_of,
    division_figures,
    given_figures,
    module_line,
    obligation_lines,
    short,
    signature_label,
    span_asked,
    towards,
)
from broadcasters.admin.obligation import evidence_address, plain_day, record_lines, row_address
from broadcasters.agreement_dates import KINDS
from broadcasters.audience import audience_source, of_key
from broadcasters.balance import Direction, directions_of, given_counts, records
from broadcasters.charts import PATTERNS
from broadcasters.formats.brief_tables import at_most, part_called, said
from broadcasters.health import health_of
from broadcasters.indicators import breakdown
from broadcasters.models import Memorandum
from broadcasters.obligations import Standing
from broadcasters.record_lines import with_what_is_told
from broadcasters.spans import Span
from mediaexchange.core.admin_base import ExchangeAdmin, not_found, staff

_PER_PAGE = 50


class HealthPages(ExchangeAdmin):
    """Stands beside the form of a memorandum, for whoever sees it."""

    class Media:
        css = {"all": ["broadcasters/health.css"]}

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("health/", wrap(self.healths_view), name="broadcasters_memorandum_healths"),
            path("<int:object_id>/health/", wrap(self.health_view), name="broadcasters_memorandum_health"),
            path(
                "<int:object_id>/health/records/", wrap(self.records_view), name="broadcasters_memorandum_records"
            ),
            *super().get_urls(),
        ]  # fmt: skip

    @action(description=_("Health of the agreement"), icon="monitor_heart")
    def health(self, request: HttpRequest, object_id: int) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:broadcasters_memorandum_health", args=[object_id]))

    def healths_view(self, request: HttpRequest) -> HttpResponse:
        """Straight to the agreement where there is one alone."""
        agreements = list(Memorandum.objects.visible_to(staff(request)).prefetch_related("parties__broadcaster"))
        if len(agreements) == 1:
            return HttpResponseRedirect(address_of(agreements[0]))
        request.current_app = self.admin_site.name
        context = {
            **self.admin_site.each_context(request),
            "title": _("Health of agreements"),
            "content_title": _("Health of agreements"),
            "media": self.media,
            "agreements": [
                (each, address_of(each), [(party, signature_label(party)) for party in each.parties.all()])
                for each in agreements
            ],
        }
        return TemplateResponse(request, "broadcasters/healths.html", context)

    def health_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        memorandum = self._seen(request, object_id)
        span = span_asked(request)
        if memorandum is None or span is None:
            return not_found(request, self.admin_site)
        user = staff(request)
        health = health_of(memorandum, span, user)
        overdue = Counter(
            short(each.debtor) for each, progress in health.obligations if progress.standing == Standing.OVERDUE
        )
        context = {
            "title": _("Health of the agreement"),
            "memorandum": memorandum,
            "health": health,
            "spans": choices_of(memorandum, span),
            "signatures": [(party, signature_label(party)) for party in health.parties],
            "modules": [module_line(self, request, module) for module in health.modules],
            "obligations": obligation_lines(health),
            "overdue": sum(overdue.values()),
            "overdue_of": ", ".join(f"{house}: {number}" for house, number in sorted(overdue.items())),
            "directions": [
                {"text": towards(each), "pattern": place % PATTERNS}
                for place, each in enumerate(health.balance.directions)
            ],
            "given": given_figures(health),
            "divisions": [division_figures(health, each) for each in health.balance.on("balance")],
            "resonance": [division_figures(health, each) for each in health.balance.on("resonance")],
            "audience": [audience_figures(health, each) for each in health.audience if each.lines],
            "dates": [
                {"on": each.on, "kind": capfirst(str(KINDS.get(each.kind, each.kind))), "text": said(each.texts),
                 "address": row_address(self, request, each.row) if each.row else ""}
                for each in health.dates
            ],
            "dates_note": at_most(each.kind for each in health.dates),
            "brief": reverse("admin:broadcasters_memorandum_brief", args=[memorandum.pk]) + f"?period={span.code}",
        }  # fmt: skip
        return self.page(request, "broadcasters/health.html", memorandum, context)

    def records_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """The very records behind a figure, youngest first, a page at a time; each leads to its own page."""
        memorandum, span = self._seen(request, object_id), span_asked(request)
        asked = request.GET
        if memorandum is not None and "obligation" in asked:
            return _evidence(self, request, memorandum)
        found = _asked(memorandum, span, request) if memorandum and span else None
        if memorandum is None or span is None or found is None:
            return not_found(request, self.admin_site)
        direction, count, rows, part = found
        page = Paginator(with_what_is_told(rows), _PER_PAGE).get_page(asked.get("page"))
        query = urlencode({name: value for name, value in asked.items() if name != "page"})
        context = {
            "title": _("What is counted"),
            "memorandum": memorandum,
            "counted": " · ".join(filter(None, (capfirst(str(count.title)), part))),
            "towards": towards(direction),
            "span": span,
            "value": count.value(rows),
            "page": page,
            "query": query,
            **record_lines(self, request, page, count),
            "back": address_of(memorandum, span),
        }
        return self.page(request, "broadcasters/records.html", memorandum, context)

    def _seen(self, request: HttpRequest, object_id: int) -> Memorandum | None:
        """Figures are for the people of a party: also to who runs the platform others' agreements are not there."""
        rows = Memorandum.objects.visible_to(staff(request)).prefetch_related("parties__broadcaster")
        return rows.filter(pk=object_id).first()


def _evidence(page: HealthPages, request: HttpRequest, memorandum: Memorandum) -> HttpResponse:
    """On to the records behind an obligation's figure, named by its uid and the first day of its stretch."""
    try:
        obligation = memorandum.obligations.filter(uid=request.GET["obligation"]).first()
    except ValidationError:
        obligation = None
    day = plain_day(request.GET.get("day", ""))
    if obligation is None or day is None:
        return not_found(request, page.admin_site)
    return HttpResponseRedirect(evidence_address(obligation, day))


Found = tuple[Direction, Any, QuerySet[Any], str]


def _asked(memorandum: Memorandum, span: Span, request: HttpRequest) -> Found | None:
    """What a figure's address asks for: direction, count, rows, and what its part is called; None for rubbish."""
    asked, user = request.GET, staff(request)
    if any("\0" in value for value in asked.values()):
        return None  # no text of the database holds that
    sides = (asked.get("giver"), asked.get("receiver"))
    direction = next(
        (each for each in directions_of(memorandum) if (each.giver.slug, each.receiver.slug) == sides), None
    )
    if direction is None:
        return None
    key = asked.get("part", "")
    if known := breakdown(asked.get("breakdown", "")):
        rows = known.narrowed(records(known.count, direction, span, user), key)
        return direction, known.count, rows, part_called(known.name, key) if _is_known(known, key) else key
    if source := audience_source(asked.get("audience", "")):
        rows = of_key(source, records(source.count, direction, span, user), key)
        return direction, source.count, rows, ""
    count = next((each for each in given_counts() if each.name == asked.get("count")), None)
    return (direction, count, records(count, direction, span, user), "") if count else None


def _is_known(known: Any, key: str) -> bool:
    """Whether a part's key can be called by a name: it may have been typed into the address."""
    try:
        known.says(key)
    except ValueError:
        return not key
    return True
