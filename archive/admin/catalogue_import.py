"""Imports: a document is sent, its preview is looked at, and approved or discarded; refusals leave as a table."""

import csv
import io
from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.dataclasses import UnfoldAction
from unfold.decorators import action
from unfold.enums import ActionVariant
from unfold.widgets import UnfoldAdminFileFieldWidget

from archive.admin.base import ArchiveAdmin, ReadOnlyAdmin, houses_with, moment, page_link
from archive.admin.filters import ByChoice, ByRecord, HouseFilter
from archive.constants import ImportAction, ImportFormat, ImportStatus
from archive.formats.tables import FORMULA
from archive.import_words import told, told_problem
from archive.models import CatalogueImport, ImportRow
from archive.parsing.base import MAX_BYTES
from archive.services.importing import apply_import, discard_import, receive_import
from broadcasters.permissions import may
from mediaexchange.core.admin_base import ServiceAdmin, ServiceForm, label, staff
from mediaexchange.core.models import User

ADD, CHANGE = "archive.add_catalogueimport", "archive.change_catalogueimport"
_LOOKS = {
    ImportStatus.READING: "info",
    ImportStatus.PREVIEW: "warning",
    ImportStatus.APPLYING: "info",
    ImportStatus.APPLIED: "success",
    ImportStatus.REFUSED: "danger",
}
_ACTION_LOOKS = {
    ImportAction.CREATE: "success",
    ImportAction.UPDATE: "warning",
    ImportAction.UNCHANGED: "",
    ImportAction.REFUSE: "danger",
}
_SHOWN_CHARS = 300
# A deed is offered from these states.
_FROM = {
    "approve": frozenset({ImportStatus.PREVIEW}),
    "discard": frozenset({ImportStatus.READING, ImportStatus.PREVIEW}),
}


class ImportForm(ServiceForm):
    document = forms.FileField(
        label=_("document"),
        help_text=_("PBCore, EBUCore, CSV or XLSX. Nothing is written before you have seen what would change."),
        widget=UnfoldAdminFileFieldWidget,
    )

    class Meta:
        model = CatalogueImport
        fields = ["broadcaster"]

    def perform(self, answers: dict[str, Any]) -> Model:
        document = answers["document"]
        return receive_import(
            document.read(MAX_BYTES + 1), broadcaster=answers["broadcaster"], actor=self.user, file_name=document.name
        )


class ImportStatusFilter(ByChoice):
    title, parameter_name, column, choices_of = _("status"), "state", "status", ImportStatus


class ActionFilter(ByChoice):
    title, parameter_name, column, choices_of = _("action"), "what", "action", ImportAction


class ImportFilter(ByRecord):
    title, parameter_name, column = _("catalogue import"), "of", "catalogue_import"

    def records(self, user: User) -> QuerySet:
        return CatalogueImport.objects.visible_to(user).defer("content").order_by("-pk")


@admin.register(CatalogueImport)
class CatalogueImportAdmin(ServiceAdmin, ArchiveAdmin):
    form = ImportForm
    list_display = ("named", "broadcaster", "format_name", "state", "who", "began")
    list_display_links = ("named",)
    list_select_related = ("broadcaster", "created_by")
    list_filter = (ImportStatusFilter, HouseFilter)
    search_fields = ("file_name",)
    actions_detail = ("approve", "discard")
    _shown_fields = ("named", "broadcaster", "format_name", "state", "reason", "remarks", "who", "began", "applied")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).defer("content")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self._shown_fields if obj else ("document", "broadcaster")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self._shown_fields if obj else ()

    def has_add_permission(self, request: HttpRequest) -> bool:
        return houses_with(request, ADD).exists()

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_field_queryset(self, db: str | None, db_field: Any, request: HttpRequest) -> QuerySet[Any] | None:
        if db_field.name == "broadcaster":
            return houses_with(request, ADD)
        return super().get_field_queryset(db, db_field, request)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        own = list(houses_with(request, ADD)[:2])
        given: dict[str, Any] = super().get_changeform_initial_data(request)
        return given | ({"broadcaster": own[0].pk} if len(own) == 1 else {})

    @admin.display(description=_("document"), ordering="file_name")
    def named(self, row: CatalogueImport) -> SafeString:
        return format_html('<span class="ar-headline">{}</span>', row)

    @admin.display(description=_("format"), ordering="format")
    def format_name(self, row: CatalogueImport) -> str:
        return "—" if row.status == ImportStatus.READING else str(ImportFormat(row.format).label)

    @admin.display(description=_("status"), ordering="status")
    def state(self, row: CatalogueImport) -> SafeString:
        return label(row.get_status_display(), _LOOKS[ImportStatus(row.status)])

    @admin.display(description=_("reason"))
    def reason(self, row: CatalogueImport) -> str:
        return told(row.error) if row.error else "—"

    @admin.display(description=_("remarks"))
    def remarks(self, row: CatalogueImport) -> SafeString | str:
        """What was odd about the document as a whole; each line is a code and a value."""
        if row.error or row.status == ImportStatus.READING:
            return "—"
        lines = [line.partition(": ") for line in row.detail.splitlines()]
        said = [told_problem({"code": code, "value": value}) for code, _colon, value in lines]
        return format_html_join("", "<p>{}</p>", [(each,) for each in said]) or "—"

    @admin.display(description=_("sent by"))
    def who(self, row: CatalogueImport) -> str:
        return str(row.created_by or "—")

    @admin.display(description=_("created at"), ordering="created_at")
    def began(self, row: CatalogueImport) -> str:
        return moment(row.created_at)

    @admin.display(description=_("applied at"))
    def applied(self, row: CatalogueImport) -> str:
        return moment(row.applied_at)

    def boxes_of(self, request: HttpRequest, subject: CatalogueImport) -> list[SafeString]:
        """How many records would do what, each number a way to them."""
        counted = dict(subject.rows.order_by().values_list("action").annotate(number=Count("pk")))
        address = reverse("admin:archive_importrow_changelist")
        counts = [
            (each.label, counted.get(each.value, 0), f"{address}?of={subject.pk}&what={each.value}")
            for each in ImportAction
        ]
        refusals = reverse("admin:archive_catalogueimport_refusals", args=[subject.pk])
        context = {
            "counts": counts,
            "all": f"{address}?of={subject.pk}",
            "refusals": refusals if counted.get(ImportAction.REFUSE) else "",
            "is_waiting": subject.status in (ImportStatus.READING, ImportStatus.APPLYING),
        }
        return [SafeString(render_to_string("archive/import_counts.html", context, request))]

    def get_actions_detail(self, request: HttpRequest, object_id: Any) -> list[UnfoldAction]:
        """The deeds that this import allows now and this user may do."""
        row = self.get_object(request, str(object_id))
        offered = super().get_actions_detail(request, object_id)
        if row is None or not may(staff(request), CHANGE, row.broadcaster_id):
            return []
        prefix = f"{self.opts.app_label}_{self.opts.model_name}_"
        return [each for each in offered if row.status in _FROM[each.action_name.removeprefix(prefix)]]

    @action(description=_("Approve and write"), icon="task_alt", variant=ActionVariant.SUCCESS)
    def approve(self, request: HttpRequest, object_id: str) -> HttpResponse:
        row = self._row(request, object_id)
        if row is None:
            return self.missing(request, object_id)

        def run(_answers: dict[str, Any]) -> None:
            apply_import(row, actor=staff(request))

        explanation = _("New items become drafts; nobody else reads them before they are published.")
        return self.ask(request, row, title=_("Approve and write"), run=run, explanation=explanation)

    @action(description=_("Discard"), icon="delete", variant=ActionVariant.WARNING)
    def discard(self, request: HttpRequest, object_id: str) -> HttpResponse:
        row = self._row(request, object_id)
        if row is None:
            return self.missing(request, object_id)

        def run(_answers: dict[str, Any]) -> None:
            discard_import(row, actor=staff(request))

        return self.ask(request, row, title=_("Discard"), run=run)

    def _row(self, request: HttpRequest, object_id: str) -> CatalogueImport | None:
        row: CatalogueImport | None = self.get_object(request, object_id)
        if row is not None and not may(staff(request), CHANGE, row.broadcaster_id):
            raise PermissionDenied
        return row

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.refusals_view)
        return [path("<path:object_id>/refusals/", view, name="archive_catalogueimport_refusals"), *super().get_urls()]

    def refusals_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Every refused record with its reasons and what it said, as CSV."""
        row = self.get_object(request, object_id)
        if row is None:
            return self.missing(request, object_id)
        target = io.StringIO()
        target.write("\ufeff")
        writer = csv.writer(target)
        writer.writerow([str(_("place")), str(_("identifier")), str(_("reason")), str(_("record"))])
        for each in row.rows.filter(action=ImportAction.REFUSE).iterator():
            reasons = "\n".join(told_problem(problem) for problem in each.problems)
            cells = [str(each.position), each.identifier, reasons, _plain(each.record)]
            writer.writerow([f"'{cell}" if FORMULA.match(cell) else cell for cell in cells])
        headers = {"Content-Disposition": f'attachment; filename="refusals-{row.uid}.csv"'}
        return HttpResponse(target.getvalue(), content_type="text/csv; charset=utf-8", headers=headers)


@admin.register(ImportRow)
class ImportRowAdmin(ReadOnlyAdmin):
    house_column = "catalogue_import__broadcaster_id"
    list_display = ("position", "identifier", "what", "item_link", "changed", "said_of_it")
    list_filter = (ActionFilter, ImportFilter)
    list_select_related = ("item",)
    search_fields = ("identifier",)
    fields = ("catalogue_import", "position", "identifier", "what", "item_link", "changed", "said_of_it", "as_read")
    readonly_fields = fields

    @admin.display(description=_("action"), ordering="action")
    def what(self, row: ImportRow) -> SafeString:
        return label(row.get_action_display(), _ACTION_LOOKS[ImportAction(row.action)])

    @admin.display(description=_("item"))
    def item_link(self, row: ImportRow) -> SafeString | str:
        return page_link(row.item) if row.item else "—"

    @admin.display(description=_("changes"))
    def changed(self, row: ImportRow) -> SafeString | str:
        """Each field with what it holds and what it would hold."""
        rows = ((name, _short(before), _short(after)) for name, (before, after) in row.changes.items())
        return format_html_join("", "<p><b>{}</b> {} → {}</p>", rows) or "—"

    @admin.display(description=_("problems"))
    def said_of_it(self, row: ImportRow) -> SafeString | str:
        return format_html_join("", "<p>{}</p>", ((told_problem(each),) for each in row.problems)) or "—"

    @admin.display(description=_("record"))
    def as_read(self, row: ImportRow) -> SafeString:
        return format_html('<pre class="ar-log">{}</pre>', _plain(row.record))


def _short(value: Any) -> str:
    if value in (None, "", []):
        return "—"
    text = "; ".join(_flat(each) for each in value) if isinstance(value, list) else _flat(value)
    return text if len(text) <= _SHOWN_CHARS else f"{text[:_SHOWN_CHARS]}…"


def _flat(value: Any) -> str:
    if isinstance(value, list):
        return " · ".join(str(each) for each in value if each)
    if isinstance(value, Mapping):
        return " · ".join(str(each) for each in value.values() if each and not isinstance(each, list | bool))
    return str(value)


def _plain(record: Mapping[str, Any]) -> str:
    """The record as somebody reads it: a line a field."""
    return "\n".join(f"{name}: {_short(value)}" for name, value in record.items() if value not in (None, "", []))
