"""Reviews of modules: demand and feasibility, a verdict, and evidence that opens the very records it counts."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import admin
from django.core.paginator import Paginator
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from unfold.admin import TabularInline
from unfold.contrib.filters.admin import AutocompleteSelectFilter, ChoicesDropdownFilter
from unfold.widgets import UnfoldAdminSelectWidget

from broadcasters.admin.base import PartInline, PartnerAdmin, administered
from broadcasters.admin.obligation import record_lines
from broadcasters.admin.refused import RefusedInWords
from broadcasters.constants import Verdict
from broadcasters.indicators import indicator, indicator_choices
from broadcasters.models import DemandFigure, ModuleReview, ReviewEvidence
from broadcasters.record_lines import with_what_is_told
from broadcasters.review_evidence import counted
from broadcasters.services.review import tell_of_review
from mediaexchange.core.admin_base import label, not_found, staff

LOOKS: dict[str, str] = {
    Verdict.SCALE_UP: "success",
    Verdict.KEEP: "info",
    Verdict.SCALE_DOWN: "warning",
    Verdict.PAUSE: "warning",
    Verdict.END: "danger",
}
_PER_PAGE = 50


class ReviewForm(forms.ModelForm):
    class Meta:
        model = ModuleReview
        fields = "__all__"  # noqa: DJ007 — the page names its fields

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean() or self.cleaned_data
        module, house = answers.get("module"), answers.get("broadcaster")
        if module and house and not module.parties.filter(pk=house.pk).exists():
            self.add_error("broadcaster", _("A module is reviewed by its parties."))
        return answers


class EvidenceForm(forms.ModelForm):
    """The indicator is chosen among those that the installed apps count."""

    indicator = forms.ChoiceField(label=_("counted by"), widget=UnfoldAdminSelectWidget)

    class Meta:
        model = ReviewEvidence
        fields = ["indicator", "broadcaster", "partner"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["indicator"].choices = indicator_choices()  # type: ignore[attr-defined]


class DemandInline(PartInline, TabularInline):
    model = DemandFigure
    hide_title = True
    fields = ["measure", "value", "language", "source", "url", "as_of"]


class EvidenceInline(PartInline, TabularInline):
    model = ReviewEvidence
    form = EvidenceForm
    hide_title = True
    fields = ["indicator", "broadcaster", "partner"]


@admin.register(ModuleReview)
class ModuleReviewAdmin(RefusedInWords, PartnerAdmin):
    form = ReviewForm

    class Media:
        css = {"all": ["broadcasters/health.css"]}

    list_display = ["module", "broadcaster", "first_on", "last_on", "verdict_label"]
    list_select_related = ["module", "broadcaster"]
    list_filter = [("module", AutocompleteSelectFilter), ("verdict", ChoicesDropdownFilter)]
    search_fields = ["verdict_reason"]
    autocomplete_fields = ["module"]
    fields = [
        "module", "broadcaster", ("first_on", "last_on"), "demand_note", ("staff", "budget", "kit"),
        "feasibility_note", "verdict", "verdict_reason", "evidence_list", "move_list",
    ]  # fmt: skip
    readonly_fields = ["evidence_list", "move_list"]
    inlines = [DemandInline, EvidenceInline]

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.evidence_view)
        return [
            path("<int:object_id>/evidence/<int:evidence_id>/", view, name="broadcasters_modulereview_evidence"),
            *super().get_urls(),
        ]

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """The row, told who asks: its figures are those that this reader may see."""
        review = super().get_object(request, object_id, from_field)
        if review is not None:
            review.reader = staff(request)
        return review

    def get_field_queryset(self, db: str | None, db_field: Any, request: HttpRequest) -> QuerySet[Any] | None:
        """One reviews for a house that one administers."""
        if db_field.name == "broadcaster":
            return administered(staff(request), "broadcasters.add_modulereview")
        return super().get_field_queryset(db, db_field, request)

    def owners(self, obj: ModuleReview) -> Iterable[int]:
        return [obj.broadcaster_id]

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """What a move rests on is only read."""
        granted = super().has_change_permission(request, obj)
        return granted and not (isinstance(obj, ModuleReview) and obj.moves.exists())

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        names = super().get_readonly_fields(request, obj)
        return (*names, "module", "broadcaster") if obj is not None else names

    def save_model(self, request: HttpRequest, obj: ModuleReview, form: Any, change: bool) -> None:
        if not change:
            obj.written_by = staff(request)
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        tell_of_review(form.instance, actor=staff(request), is_new=not change)

    @admin.display(description=pgettext_lazy("review", "verdict"), ordering="verdict")
    def verdict_label(self, review: ModuleReview) -> SafeString:
        return label(review.get_verdict_display(), LOOKS[review.verdict])

    @admin.display(description=_("evidence, as you may see it"))
    def evidence_list(self, review: ModuleReview) -> SafeString | str:
        reader = getattr(review, "reader", None)
        if reader is None:
            return "—"
        rows = review.evidence.select_related("broadcaster", "partner", "review")
        return format_html_join("", "<div>{}</div>", ((self._figure(row, reader),) for row in rows)) or "—"

    def _figure(self, row: ReviewEvidence, reader: Any) -> SafeString | str:
        figure = counted(row, reader)
        said = f"{row} · {row.broadcaster}" + (f" → {row.partner}" if row.partner else "")
        if figure is None:
            return _("%(what)s: not counted") % {"what": said}
        address = reverse("admin:broadcasters_modulereview_evidence", args=[row.review_id, row.pk])
        return format_html('{}: <a class="text-link" href="{}">{}</a>', said, address, figure.value)

    @admin.display(description=_("moves that rest on it"))
    def move_list(self, review: ModuleReview) -> str:
        return ", ".join(str(move) for move in review.moves.all()) if review.pk else "—"

    def evidence_view(self, request: HttpRequest, object_id: int, evidence_id: int) -> HttpResponse:
        """The records behind a figure, youngest first, a page at a time."""
        review = self.get_object(request, str(object_id))
        row = (
            review.evidence.select_related("broadcaster", "partner", "review").filter(pk=evidence_id).first()
            if review
            else None
        )
        figure = counted(row, staff(request)) if row else None
        if review is None or row is None or figure is None:
            return not_found(request, self.admin_site)
        page = Paginator(with_what_is_told(figure.rows), _PER_PAGE).get_page(request.GET.get("page"))
        context = {
            "title": _("What is counted"),
            "review": review,
            "evidence": row,
            "figure": figure,
            "page": page,
            **record_lines(self, request, page, indicator(row.indicator)),
        }
        return self.page(request, "admin/broadcasters/review_evidence.html", review, context)
