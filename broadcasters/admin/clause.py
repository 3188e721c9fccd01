"""Clauses and texts of a memorandum, below it; a text has a page of its own, where its document is handed in."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from modeltranslation.admin import TranslationStackedInline
from unfold.admin import StackedInline, TabularInline
from unfold.widgets import UnfoldAdminFileFieldWidget

from broadcasters.admin.base import PartInline, PartnerAdmin, ShownInline, language_column
from broadcasters.admin.refused import RefusedInWords
from broadcasters.documents import served
from broadcasters.models import Clause, MemorandumText
from broadcasters.services.clause import save_text
from mediaexchange.core.admin_base import ServiceAdmin, ServiceForm, in_all_languages


class ClauseInline(PartInline, StackedInline, TranslationStackedInline):
    model = Clause
    fields = [
        ("position", "number", "area"),
        *((name,) for name in in_all_languages("heading", "text")),
    ]

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Obligations rest on clauses."""
        return False


class MemorandumTextInline(ShownInline, TabularInline):
    model = MemorandumText
    hide_title = True
    fields = ["language_name", "title", "is_equally_valid", "kept", "source"]
    readonly_fields = fields
    show_change_link = True

    language_name = language_column()

    @admin.display(description=_("document"))
    def kept(self, text: MemorandumText) -> SafeString | str:
        return document_link(text)


class TextForm(ServiceForm):
    document = forms.FileField(
        label=_("document"), required=False, widget=UnfoldAdminFileFieldWidget,
        help_text=_("PDF, DOCX or ODT of at most 20 MiB. It replaces the one that is there."),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """The row looks at itself before the document is in it."""
        answers: dict[str, Any] = super().clean() or self.cleaned_data
        self.instance.has_upload = bool(answers.get("document"))
        return answers

    def perform(self, answers: dict[str, Any]) -> Model:
        file = answers.get("document")
        return save_text(
            self.instance, actor=self.user, changed=set(self.changed_data), document=file,
            document_name=file.name if file else "",
        )  # fmt: skip


@admin.register(MemorandumText)
class MemorandumTextAdmin(RefusedInWords, ServiceAdmin, PartnerAdmin):
    form = TextForm
    list_display = ["memorandum", "language_name", "title", "is_equally_valid"]
    list_select_related = ["memorandum"]
    search_fields = ["title"]
    autocomplete_fields = ["memorandum"]
    fields = ["memorandum", "language", "title", "body", "is_equally_valid", "url", "document", "kept", "source"]
    readonly_fields = ["kept"]

    language_name = language_column()

    @admin.display(description=_("document as it is kept"))
    def kept(self, text: MemorandumText) -> SafeString | str:
        return document_link(text)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Who only reads hands nothing in."""
        names = super().get_fields(request, obj)
        readable = obj is not None and not self.has_change_permission(request, obj)
        return [name for name in names if name != "document"] if readable else names

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        names = super().get_readonly_fields(request, obj)
        return (*names, "memorandum", "language") if obj is not None else names

    def owners(self, obj: MemorandumText) -> Iterable[int]:
        return obj.memorandum.parties.values_list("broadcaster_id", flat=True)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.document_view)
        return [
            path("<int:object_id>/document/", view, name="broadcasters_memorandumtext_document"), *super().get_urls()
        ]  # fmt: skip

    def document_view(self, request: HttpRequest, object_id: int) -> HttpResponseBase:
        text = self.get_object(request, str(object_id))
        if text is None or not text.storage_name:
            missing: HttpResponse = self.missing(request, str(object_id))
            return missing
        return served(text)


def document_link(text: MemorandumText) -> SafeString | str:
    if not text.pk or not text.document_sha256:
        return "—"
    address = reverse("admin:broadcasters_memorandumtext_document", args=[text.pk])
    said = _("%(bytes)s bytes, SHA-256 %(hash)s") % {"bytes": text.document_bytes, "hash": text.document_sha256}
    return format_html('<a class="text-link" href="{}">{}</a><div>{}</div>', address, text.document_name, said)
