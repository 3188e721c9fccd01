"""The words that stay Latin when Serbian is stored in Cyrillic, and a page to try a sentence in both scripts."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextareaWidget

from broadcasters.admin.base import PartnerAdmin
from mediaexchange.core.admin_help import HelpedForm
from mediaexchange.core.languages import keep_list
from mediaexchange.core.languages.normalise import normalise_text
from mediaexchange.core.languages.serbian import to_latin
from mediaexchange.core.models import KeepWord


class SentenceForm(HelpedForm):
    text = forms.CharField(label=_("sentence"), max_length=2000, widget=UnfoldAdminTextareaWidget(attrs={"lang": "sr"}))


@admin.register(KeepWord)
class KeepWordAdmin(PartnerAdmin):
    list_display = ["text", "is_active", "note"]
    list_filter = ["is_active"]
    search_fields = ["text", "note"]
    fields = ["text", "is_active", "note"]

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.both_scripts)
        return [path("both-scripts/", view, name="core_both_scripts"), *super().get_urls()]

    def save_model(self, request: HttpRequest, obj: Model, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        keep_list.forget()

    def both_scripts(self, request: HttpRequest) -> HttpResponse:
        """How a sentence would be stored by the list as it is now, and how readers of Latin would see it."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        request.current_app = self.admin_site.name
        form = SentenceForm(request.POST if request.method == "POST" else None)
        stored = ""
        if form.is_valid():
            keep_list.forget()
            stored = normalise_text(form.cleaned_data["text"], "sr")
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "media": self.media + form.media,
            "title": _("Both scripts"),
            "form": form,
            "stored": stored,
            "latin": to_latin(stored),
        }
        return TemplateResponse(request, "core/admin/both_scripts.html", context)
