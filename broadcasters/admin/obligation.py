"""Obligations with how they stand; each figure opens the very records that it counts."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.contrib import admin
from django.core.paginator import Paginator
from django.db.models import CASCADE, Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from unfold.contrib.filters.admin import AutocompleteSelectFilter, ChoicesDropdownFilter
from unfold.widgets import UnfoldAdminSelectWidget

from broadcasters.admin.base import PartnerAdmin
from broadcasters.indicators import indicator, indicator_choices
from broadcasters.models import Obligation
from broadcasters.obligations import Figure, Standing, figure_on, progress_of
from broadcasters.record_lines import lines_of, with_what_is_told
from broadcasters.standing_words import STANDINGS, part_of
from mediaexchange.core.admin_base import (
    ExchangeAdmin,
    TranslatedAdmin,
    in_all_languages,
    label,
    not_found,
    shown,
    staff,
)

_PER_PAGE = 50


class ObligationForm(forms.ModelForm):
    """The indicator is chosen among those that the installed apps count."""

    indicator = forms.ChoiceField(label=_("counted by"), widget=UnfoldAdminSelectWidget)

    class Meta:
        model = Obligation
        fields = "__all__"  # noqa: DJ007 — the page names its fields

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "indicator" in self.fields:  # not on a page that is only read
            self.fields["indicator"].choices = indicator_choices()  # type: ignore[attr-defined]


@admin.register(Obligation)
class ObligationAdmin(PartnerAdmin, TranslatedAdmin):
    form = ObligationForm

    class Media:
        css = {"all": ["broadcasters/health.css"]}

    list_display = ["shown_title", "debtor", "creditor", "shown_indicator", "amount", "rhythm", "starts_on", "ends_on"]
    list_select_related = ["memorandum", "debtor", "creditor"]
    list_filter = [
        ("memorandum", AutocompleteSelectFilter),
        ("debtor", AutocompleteSelectFilter),
        ("rhythm", ChoicesDropdownFilter),
    ]
    search_fields = [*in_all_languages("title"), "indicator"]
    autocomplete_fields = ["memorandum", "module", "debtor", "creditor"]
    fields = [
        "progress",
        "title",
        "memorandum",
        "clause",
        "module",
        "debtor",
        "creditor",
        "indicator",
        "amount",
        "rhythm",
        "starts_on",
        "ends_on",
        "note",
    ]
    readonly_fields = ["progress"]

    shown_title = shown("title", pgettext_lazy("obligation", "what is owed"))

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.evidence_view)
        return [
            path("<int:object_id>/evidence/<str:day>/", view, name="broadcasters_obligation_evidence"),
            *super().get_urls(),
        ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Obligation]:
        return super().get_queryset(request).for_progress()  # type: ignore[attr-defined, no-any-return]

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """The row, told who asks: its figures are those that this reader may see."""
        obligation = super().get_object(request, object_id, from_field)
        if obligation is not None:
            obligation.reader = staff(request)
        return obligation

    def owners(self, obj: Obligation) -> Iterable[int]:
        return obj.memorandum.parties.values_list("broadcaster_id", flat=True)

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        """What the parties agreed on stays; how long it holds and what is noted may change."""
        given = (*super().get_readonly_fields(request, obj), "shown_indicator")
        agreed = ("memorandum", "module", "debtor", "creditor", "amount", "rhythm", "starts_on")
        return (*given, *agreed) if obj is not None and not request.user.is_superuser else given

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        """An indicator that is only read is read by its name."""
        names = super().get_fields(request, obj)
        is_chosen = obj is None or (request.user.is_superuser and self.has_change_permission(request, obj))
        return names if is_chosen else ["shown_indicator" if name == "indicator" else name for name in names]

    @admin.display(description=_("counted by"), ordering="indicator")
    def shown_indicator(self, obligation: Obligation) -> str:
        counted = indicator(obligation.indicator)
        return str(counted.title) if counted else obligation.indicator

    @admin.display(description=_("progress"))
    def progress(self, obligation: Obligation) -> SafeString | str:
        reader = getattr(obligation, "reader", None)
        if reader is None:
            return "—"  # a page for a new one
        found = progress_of(obligation, reader)
        lines = [standing_label(found.standing)]
        lines.extend(self._line(obligation, figure) for figure in (found.current, found.last) if figure is not None)
        if found.forecast is not None:
            lines.append(format_html("{}", _("At this pace it comes to %(number)s.") % {"number": found.forecast}))
        return format_html_join("", "<div>{}</div>", ((line,) for line in lines))

    def _line(self, obligation: Obligation, figure: Figure) -> SafeString:
        return format_html(
            '{} <a class="text-link" href="{}">{}</a>',
            days_of(figure),
            evidence_address(obligation, figure.stretch.first),
            _("%(done)s of %(wanted)s") % {"done": figure.done, "wanted": figure.stretch.wanted},
        )

    def evidence_view(self, request: HttpRequest, object_id: int, day: str) -> HttpResponse:
        """The records behind the figure of the stretch that holds a day, youngest first, a page at a time; each leads
        to its own page."""
        obligation, on = self.get_object(request, str(object_id)), plain_day(day)
        figure = figure_on(obligation, on, staff(request)) if obligation and on else None
        if obligation is None or figure is None:
            return not_found(request, self.admin_site)
        page = Paginator(with_what_is_told(figure.rows), _PER_PAGE).get_page(request.GET.get("page"))
        context = {
            "title": _("What is counted"),
            "obligation": obligation,
            "counted": self.shown_indicator(obligation),
            "days": days_of(figure),
            "figure": figure,
            "page": page,
            **record_lines(self, request, page, indicator(obligation.indicator)),
        }
        return self.page(request, "admin/broadcasters/evidence.html", obligation, context)


def standing_label(standing: Standing) -> SafeString:
    text, look = STANDINGS[standing]
    return label(text, look)


def days_of(figure: Figure) -> str:
    """With a word on why less is owed than agreed, where the stretch is only part of one."""
    stretch = figure.stretch
    first, last = (date_format(day, "SHORT_DATE_FORMAT") for day in (stretch.first, stretch.last))
    return f"{first} – {last} ({part_of(stretch.whole)})" if stretch.is_part else f"{first} – {last}"


def evidence_address(obligation: Obligation, day: date) -> str:
    """Where the records of the stretch that holds this day stand, whenever it is opened."""
    return reverse("admin:broadcasters_obligation_evidence", args=[obligation.pk, day.isoformat()])


def plain_day(text: str) -> date | None:
    """The day of an address; None for rubbish."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def record_lines(page: ExchangeAdmin, request: HttpRequest, rows: Iterable[Any], count: Any) -> dict[str, Any]:
    """What the table of records shows: lines with addresses, the columns that any of them fills, and their heading."""
    lines = lines_of(rows, count)
    return {
        "lines": [(line, row_address(page, request, line.row)) for line in lines],
        "shows": {name: any(getattr(line, name) != "" for line in lines) for name in ("day", "channel", "figure")},
        "figure_title": count.title if count is not None and count.column else _("value"),
    }


def row_address(page: ExchangeAdmin, request: HttpRequest, row: Model) -> str:
    """Of the row's own page, else of what it is a part of, for those who may open it; empty where there is none."""
    if address := _page_address(page, request, type(row), row.pk):
        return address
    for field in row._meta.concrete_fields:
        # What a row is a part of goes with it; users and houses do not.
        relation = field.remote_field
        if relation and relation.on_delete is CASCADE and (key := getattr(row, field.attname)):
            return _page_address(page, request, field.related_model, key)
    return ""


def _page_address(page: ExchangeAdmin, request: HttpRequest, model: Any, key: Any) -> str:
    site = page.admin_site
    if not site.is_registered(model) or not site.get_model_admin(model).has_view_permission(request):
        return ""
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_change", args=[key])
