"""Guidelines, version by version, and the day on which each house adopted which."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.formats import date_format
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from modeltranslation.admin import TranslationStackedInline
from unfold.admin import StackedInline
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.decorators import action
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminSingleDateWidget

from broadcasters.admin.base import PartInline, RecordAdmin, administered
from broadcasters.admin.refused import RefusedInWords
from broadcasters.models import Guideline, GuidelineVersion, Module
from broadcasters.services.guideline import ADOPT, adopt_version, save_version, tell_of_guideline
from mediaexchange.core.admin_base import in_all_languages, shown, staff
from mediaexchange.core.admin_help import HelpedForm


class GuidelineForm(forms.ModelForm):
    class Meta:
        model = Guideline
        fields = "__all__"  # noqa: DJ007 — the page names its fields

    def clean_module(self) -> Module | None:
        module: Module | None = self.cleaned_data.get("module")
        if module is not None and self.instance.pk is None and not module.is_running:
            raise ValidationError(_("The module is not running."))
        return module


class VersionInline(PartInline, StackedInline, TranslationStackedInline):
    """Words that a house has adopted can be changed no more; the database refuses it, and says so."""

    model = GuidelineVersion
    fields = ["adopted", "change_note", *((name,) for name in in_all_languages("text"))]
    readonly_fields = ["adopted"]

    @admin.display(description=_("adopted by"))
    def adopted(self, version: GuidelineVersion) -> SafeString | str:
        if version._state.adding:
            return "—"
        rows = version.adoptions.select_related("broadcaster")
        lines = ((row.broadcaster, date_format(row.adopted_on, "DATE_FORMAT")) for row in rows)
        return format_html_join("", "<div>{} · {}</div>", lines) or "—"

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class AdoptForm(HelpedForm):
    adopted_on = forms.DateField(
        label=_("adopted on"), required=False, widget=UnfoldAdminSingleDateWidget, help_text=_("Empty: today.")
    )


@admin.register(Guideline)
class GuidelineAdmin(RefusedInWords, RecordAdmin):
    form = GuidelineForm
    list_display = ["shown_name", "kind", "module", "newest", "adopted_by"]
    list_select_related = ["module"]
    list_filter = [("kind", ChoicesDropdownFilter)]
    search_fields = ["slug", *in_all_languages("name")]
    autocomplete_fields = ["module"]
    fields = ["slug", "module", "initiative", "kind", "name"]
    inlines = [VersionInline]
    actions_detail = ["adopt"]

    shown_name = shown("name", _("name"))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Guideline]:
        rows: QuerySet[Guideline] = super().get_queryset(request)
        return rows.prefetch_related("versions__adoptions__broadcaster")

    def owners(self, obj: Guideline) -> Iterable[int]:
        return obj.module.parties.values_list("pk", flat=True)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        names = super().get_readonly_fields(request, obj)
        return (*names, "module") if obj is not None else names

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """New versions are numbered and told of by the service."""
        if formset.model is not GuidelineVersion:
            super().save_formset(request, form, formset, change)
            return
        formset.save(commit=False)
        for version in formset.new_objects:
            save_version(version, actor=staff(request))
        for version, names in formset.changed_objects:
            save_version(version, actor=staff(request), changed=names)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        tell_of_guideline(form.instance, "guideline.changed" if change else "guideline.created", staff(request))

    @admin.display(description=_("newest version"))
    def newest(self, guideline: Guideline) -> str:
        return next((str(version.number) for version in guideline.versions.all()), "—")

    @admin.display(description=_("adopted by"))
    def adopted_by(self, guideline: Guideline) -> SafeString | str:
        """The newest that each house works by."""
        known: dict[Any, int] = {}
        for version in guideline.versions.all():
            for adoption in version.adoptions.all():
                known.setdefault(adoption.broadcaster, version.number)
        return format_html_join("", "<div>{} · {}</div>", known.items()) or "—"

    @action(description=_("Adopt"), icon="verified", permissions=["adopt"])
    def adopt(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """For one of one's own houses, which is asked for with the version and the day."""
        guideline = self.get_object(request, object_id)
        if guideline is None:
            return self.missing(request, object_id)
        houses = self._houses(request, guideline)
        if not houses.exists():
            raise PermissionDenied
        versions = guideline.versions.order_by("-number")
        fields = {
            "broadcaster": _choice(_("For"), houses, _("The party for which you act.")),
            "version": _choice(_("version"), versions, _("Its words can be changed no more afterwards.")),
            "__module__": __name__,
        }

        def run(answers: dict[str, Any]) -> None:
            adopt_version(answers.pop("version"), actor=staff(request), **answers)

        form = type("AdoptForm", (AdoptForm,), fields)
        return self.ask(request, guideline, title=_("Adopt the guideline"), form=form, run=run)

    def has_adopt_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        row = self.get_object(request, str(object_id)) if object_id else None
        return row is not None and bool(row.versions.all()) and self._houses(request, row).exists()

    def _houses(self, request: HttpRequest, guideline: Guideline) -> Any:
        return administered(staff(request), ADOPT).filter(pk__in=self.owners(guideline))


def _choice(title: Any, rows: QuerySet[Any], help_text: Any) -> "forms.ModelChoiceField[Any]":
    return forms.ModelChoiceField(
        label=title, queryset=rows, widget=UnfoldAdminSelectWidget, initial=rows.first(), help_text=help_text
    )
