"""The glossary: what a thing of the trade is called in each language, with the doubts that remain."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter, DropdownFilter
from unfold.decorators import display

from broadcasters.admin.base import PartnerAdmin
from broadcasters.models import GlossaryTerm
from mediaexchange.core.languages.serbian import to_cyrillic, to_latin
from mediaexchange.core.languages.tags import LANGUAGES, STORED

_AUTONYMS = {language.code: language.autonym for language in LANGUAGES}


class TermLanguageFilter(DropdownFilter):
    title = _("language")
    parameter_name = "language"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return [(code, _AUTONYMS[code]) for code in STORED]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(language=self.value()) if self.value() in STORED else queryset


class GlossaryForm(forms.ModelForm):
    class Meta:
        model = GlossaryTerm
        fields = [
            "concept", "language", "text", "variants", "part_of_speech", "note", "is_doubtful", "doubt", "source",
        ]  # fmt: skip

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or {}
        if answers.get("is_doubtful") and not answers.get("doubt"):
            self.add_error("doubt", _("Say why it is in doubt."))
        elif not answers.get("is_doubtful"):
            answers["doubt"] = ""
        return answers


@admin.register(GlossaryTerm)
class GlossaryTermAdmin(PartnerAdmin):
    form = GlossaryForm
    list_display = ["shown_text", "other", "shown_language", "concept", "doubted", "source"]
    list_filter = [TermLanguageFilter, "is_doubtful", ("source", ChoicesDropdownFilter)]
    search_fields = ["concept", "text", "variants"]

    @display(description=_("term"), ordering="text")
    def shown_text(self, term: GlossaryTerm) -> str:
        return f"{term.text} · {to_latin(term.text)}" if term.language == "sr" else term.text

    @display(description=_("other terms"))
    def other(self, term: GlossaryTerm) -> str:
        return ", ".join(term.variants) or "—"

    @display(description=_("language"), ordering="language")
    def shown_language(self, term: GlossaryTerm) -> str:
        return _AUTONYMS.get(term.language, term.language)

    @display(description=_("in doubt"), ordering="doubt")
    def doubted(self, term: GlossaryTerm) -> str:
        return term.get_doubt_display() if term.is_doubtful else "—"

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        """A term stays what it was made as: rows of other languages hang on the concept."""
        given = super().get_readonly_fields(request, obj)
        return (*given, "concept", "language") if obj is not None else given

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        """Serbian is found in either script."""
        found, may_repeat = super().get_search_results(request, queryset, search_term)
        for variant in {to_cyrillic(search_term), to_latin(search_term)} - {search_term}:
            found |= super().get_search_results(request, queryset, variant)[0]
        return found, may_repeat
