"""Imports of as-run logs and audience tables: sent, sheet and columns named, preview looked at, approved."""

import csv
import io
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.dataclasses import UnfoldAction
from unfold.decorators import action
from unfold.enums import ActionVariant
from unfold.widgets import UnfoldAdminFileFieldWidget, UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from broadcasters.airing_constants import LogKind, LogStatus, RowAction
from broadcasters.import_words import FIELD_NAMES, told_problem, told_refusal
from broadcasters.models import AiringImport, Broadcaster, Channel
from broadcasters.parsing.base import MAX_BYTES
from broadcasters.parsing.columns import FIELDS, lacking
from broadcasters.permissions import may, roles_of
from broadcasters.services.airing_import import (
    apply_airings,
    counts_of,
    discard_airings,
    name_columns,
    receive_airings,
    waiting_rows,
)
from broadcasters.services.airing_sheets import choose_sheet, may_choose_sheet
from mediaexchange.core.admin_base import ServiceAdmin, ServiceForm, label, staff
from mediaexchange.core.admin_help import HelpedForm

ADD = "broadcasters.add_airing"
_SHOWN_ROWS = 8
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
LOOKS = {
    LogStatus.READING: "info",
    LogStatus.COLUMNS: "warning",
    LogStatus.PREVIEW: "warning",
    LogStatus.APPLYING: "info",
    LogStatus.APPLIED: "success",
    LogStatus.REFUSED: "danger",
}
# A deed is offered from these states; the choice of a sheet while its workbook is kept.
_FROM = {
    "approve": frozenset({LogStatus.PREVIEW, LogStatus.APPLIED}),
    "columns": frozenset({LogStatus.COLUMNS, LogStatus.PREVIEW}),
    "discard": frozenset({LogStatus.READING, LogStatus.COLUMNS, LogStatus.PREVIEW}),
}


class AiringImportForm(ServiceForm):
    document = forms.FileField(
        label=_("table"),
        help_text=_("CSV, XLSX or JSON. Nothing is written before you have seen what each row would become."),
        widget=UnfoldAdminFileFieldWidget,
    )

    class Meta:
        model = AiringImport
        fields = ["broadcaster", "kind", "channel", "source", "sheet"]
        help_texts = {
            "broadcaster": _("Whose channels these are."),
            "kind": _("An as-run log, or figures of an audience."),
        }

    def perform(self, answers: dict[str, Any]) -> Model:
        table = answers["document"]
        return receive_airings(
            table.read(MAX_BYTES + 1), broadcaster=answers["broadcaster"], actor=self.user, kind=answers["kind"],
            file_name=table.name, channel=answers["channel"], source=answers["source"],
            sheet=answers["sheet"],
        )  # fmt: skip


def houses_with(request: HttpRequest, permission: str = ADD) -> QuerySet[Broadcaster]:
    """The broadcasters for which this person may do this."""
    user = staff(request)
    return Broadcaster.objects.filter(pk__in=[pk for pk in roles_of(user) if may(user, permission, pk)])


@admin.register(AiringImport)
class AiringImportAdmin(ServiceAdmin):
    form = AiringImportForm
    change_form_outer_before_template = "broadcasters/admin/boxes.html"
    list_display = ["named", "broadcaster", "kind", "state", "who", "began"]
    list_display_links = ["named"]
    list_select_related = ["broadcaster", "created_by"]
    list_filter = [("status", ChoicesDropdownFilter), ("kind", ChoicesDropdownFilter)]
    search_fields = ["file_name"]
    actions_detail = ["approve", "choose", "columns", "discard"]
    _shown_fields = [
        "named", "broadcaster", "kind", "channel", "source", "sheet", "state", "reason", "who", "began", "applied",
    ]  # fmt: skip

    class Media:
        css = {"all": ["broadcasters/airings.css"]}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).defer("content")

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        return self._shown_fields if obj else ["document", "kind", "broadcaster", "channel", "source", "sheet"]

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        return self._shown_fields if obj else []

    def has_add_permission(self, request: HttpRequest) -> bool:
        return houses_with(request).exists()

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def get_field_queryset(self, db: str | None, db_field: Any, request: HttpRequest) -> QuerySet[Any] | None:
        if db_field.name == "broadcaster":
            return houses_with(request)
        if db_field.name == "channel":
            return Channel.objects.filter(broadcaster__in=houses_with(request))
        return super().get_field_queryset(db, db_field, request)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        own = list(houses_with(request)[:2])
        given: dict[str, Any] = super().get_changeform_initial_data(request)
        return given | ({"broadcaster": own[0].pk} if len(own) == 1 else {})

    @admin.display(description=_("table"), ordering="file_name")
    def named(self, row: AiringImport) -> str:
        return str(row)

    @admin.display(description=_("status"), ordering="status")
    def state(self, row: AiringImport) -> SafeString:
        return label(row.get_status_display(), LOOKS[LogStatus(row.status)])

    @admin.display(description=_("reason"))
    def reason(self, row: AiringImport) -> str:
        return told_refusal(row.error, row.sheets) if row.error else "—"

    @admin.display(description=_("sent by"))
    def who(self, row: AiringImport) -> str:
        return str(row.created_by or "—")

    @admin.display(description=_("created at"), ordering="created_at")
    def began(self, row: AiringImport) -> str:
        return date_format(localtime(row.created_at), "SHORT_DATETIME_FORMAT")

    @admin.display(description=_("applied at"))
    def applied(self, row: AiringImport) -> str:
        return date_format(localtime(row.applied_at), "SHORT_DATETIME_FORMAT") if row.applied_at else "—"

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, obj: Any = None, **kwargs: Any
    ) -> HttpResponse:
        if obj is not None:
            context["boxes"] = [self._box(request, obj)]
        response: HttpResponse = super().render_change_form(request, context, *args, **{**kwargs, "obj": obj})
        return response

    def _box(self, request: HttpRequest, row: AiringImport) -> SafeString:
        """How many rows would become what, each number a way to them; and the first of them as they are understood."""
        counted = counts_of(row)
        address = f"{reverse('admin:broadcasters_airingimportrow_changelist')}?of={row.pk}"
        counts = [(each.label, counted[each.value], f"{address}&action__exact={each.value}") for each in RowAction]
        counts += [
            (_("with remarks"), counted["warned"], f"{address}&has_warning__exact=1"),
            (_("written"), counted["written"], f"{address}&is_written__exact=1"),
        ]
        named = {"has_channel": row.channel_id is not None, "has_source": bool(row.source)}
        wanted = lacking(row.mapping, row.kind, **named) if row.status == LogStatus.COLUMNS else []
        rows = list(row.rows.order_by("position")[:_SHOWN_ROWS])
        for each in rows:
            each.shown = [*each.cells, *[""] * (len(row.header) - len(each.cells))][: len(row.header)]  # type: ignore[attr-defined]
            each.told = [told_problem(problem) for problem in each.problems]  # type: ignore[attr-defined]
        context = {
            "counts": counts,
            "refusals": reverse("admin:broadcasters_airingimport_refusals", args=[row.pk]) if counted["refuse"] else "",
            "is_waiting": row.status in (LogStatus.READING, LogStatus.APPLYING),
            "sheets": row.sheets if len(row.sheets) > 1 else [],
            "sheet": row.sheet,
            "lacking": ", ".join(str(FIELD_NAMES[each]) for each in wanted),
            "header": [
                (name, FIELD_NAMES.get(row.mapping.get(str(at), ""), "—")) for at, name in enumerate(row.header)
            ],
            "rows": rows,
        }
        return SafeString(render_to_string("broadcasters/admin/airing_import_box.html", context, request))

    def get_actions_detail(self, request: HttpRequest, object_id: Any) -> list[UnfoldAction]:
        """The deeds that this import allows now and this user may do."""
        row = self.get_object(request, str(object_id))
        offered = super().get_actions_detail(request, object_id)
        if row is None or not may(staff(request), ADD, row.broadcaster_id):
            return []
        prefix = f"{self.opts.app_label}_{self.opts.model_name}_"
        names = {name for name, states in _FROM.items() if row.status in states}
        if may_choose_sheet(row):
            names.add("choose")
        if row.status == LogStatus.APPLIED and not waiting_rows(row).exists():
            names.discard("approve")
        return [each for each in offered if each.action_name.removeprefix(prefix) in names]

    @action(description=_("Approve and write"), icon="task_alt", variant=ActionVariant.SUCCESS)
    def approve(self, request: HttpRequest, object_id: str) -> HttpResponse:
        row = self._row(request, object_id)
        if row is None:
            return self.missing(request, object_id)

        def run(_answers: dict[str, Any]) -> None:
            apply_airings(row, actor=staff(request))

        explanation = _("New rows are written. Refused ones wait: correct them and approve again.")
        return self.ask(request, row, title=_("Approve and write"), run=run, explanation=explanation)

    @action(description=_("Choose the sheet"), icon="tab", variant=ActionVariant.DEFAULT)
    def choose(self, request: HttpRequest, object_id: str) -> HttpResponse:
        row = self._row(request, object_id)
        if row is None:
            return self.missing(request, object_id)

        def run(answers: dict[str, Any]) -> None:
            choose_sheet(row, actor=staff(request), sheet=answers["sheet"])

        explanation = _("It is read anew; what was named or corrected in the other sheet is gone.")
        title = _("Choose the sheet")
        return self.ask(request, row, title=title, run=run, form=_sheet_form(row), explanation=explanation)

    @action(description=_("Name the columns"), icon="view_column", variant=ActionVariant.DEFAULT)
    def columns(self, request: HttpRequest, object_id: str) -> HttpResponse:
        row = self._row(request, object_id)
        if row is None:
            return self.missing(request, object_id)

        def run(answers: dict[str, Any]) -> None:
            mapping = {name.removeprefix("column_"): field for name, field in answers.items()
                       if name.startswith("column_") and field}  # fmt: skip
            name_columns(
                row, actor=staff(request), mapping=mapping, channel=answers["channel"], source=answers.get("source", "")
            )

        return self.ask(request, row, title=_("Name the columns"), run=run, form=_columns_form(row))

    @action(description=_("Discard"), icon="delete", variant=ActionVariant.WARNING)
    def discard(self, request: HttpRequest, object_id: str) -> HttpResponse:
        row = self._row(request, object_id)
        if row is None:
            return self.missing(request, object_id)

        def run(_answers: dict[str, Any]) -> None:
            discard_airings(row, actor=staff(request))

        return self.ask(request, row, title=_("Discard"), run=run)

    def _row(self, request: HttpRequest, object_id: str) -> AiringImport | None:
        row: AiringImport | None = self.get_object(request, object_id)
        if row is not None and not may(staff(request), ADD, row.broadcaster_id):
            raise PermissionDenied
        return row

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.refusals_view)
        return [
            path("<path:object_id>/refusals/", view, name="broadcasters_airingimport_refusals"),
            *super().get_urls(),
        ]

    def refusals_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Every refused row as it was sent, with its reasons, as CSV: corrected, it can be sent again."""
        row = self.get_object(request, object_id)
        if row is None:
            return self.missing(request, object_id)
        target = io.StringIO()
        target.write("\ufeff")
        writer = csv.writer(target, delimiter=";")
        writer.writerow([_plain(name) for name in row.header] + [str(_("row")), str(_("reason"))])
        for each in row.rows.filter(action=RowAction.REFUSE).order_by("position").iterator():
            cells = [*each.cells, *[""] * (len(row.header) - len(each.cells))][: len(row.header)]
            reasons = " ".join(told_problem(problem) for problem in each.problems)
            writer.writerow([_plain(cell) for cell in (*cells, str(each.position), reasons)])
        headers = {"Content-Disposition": f'attachment; filename="refusals-{row.uid}.csv"'}
        return HttpResponse(target.getvalue(), content_type="text/csv; charset=utf-8", headers=headers)


def _plain(cell: str) -> str:
    """No spreadsheet takes it for a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _sheet_form(row: AiringImport) -> type[forms.Form]:
    field = forms.ChoiceField(
        label=_("sheet"), choices=[(name, name) for name in row.sheets], initial=row.sheet,
        help_text=_("As they stand in the workbook, from the left."), widget=UnfoldAdminSelectWidget,
    )  # fmt: skip
    return type("SheetForm", (HelpedForm,), {"sheet": field, "__module__": __name__})


def _columns_form(row: AiringImport) -> type[forms.Form]:
    """One choice for each column, with what stands in the first row below it."""
    first = row.rows.order_by("position").first()
    cells = first.cells if first else []
    choices = [("", "—"), *((name, capfirst(str(FIELD_NAMES[name]))) for name in FIELDS[row.kind])]
    fields: dict[str, Any] = {}
    for at, name in enumerate(row.header):
        example = cells[at] if at < len(cells) else ""
        fields[f"column_{at}"] = forms.ChoiceField(
            label=name or str(at + 1), choices=choices, required=False, initial=row.mapping.get(str(at), ""),
            help_text=_("In the first row: %(cell)s") % {"cell": example[:80] or "—"}, widget=UnfoldAdminSelectWidget,
        )  # fmt: skip
    fields["channel"] = forms.ModelChoiceField(
        Channel.objects.filter(broadcaster=row.broadcaster_id), label=_("channel"), required=False, initial=row.channel,
        help_text=_("Of rows that name none."), widget=UnfoldAdminSelectWidget,
    )  # fmt: skip
    if row.kind == LogKind.AUDIENCE:
        fields["source"] = forms.CharField(
            label=_("source"), required=False, initial=row.source, max_length=300,
            help_text=_("Who measured, where rows do not say it."), widget=UnfoldAdminTextInputWidget,
        )  # fmt: skip
    return type("ColumnsForm", (HelpedForm,), fields | {"__module__": __name__})
