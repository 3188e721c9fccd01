"""Rows of imported as-run logs and audience tables: what each would become, and refused ones corrected."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter, DropdownFilter
from unfold.dataclasses import UnfoldAction
from unfold.decorators import action
from unfold.enums import ActionVariant
from unfold.widgets import UnfoldAdminTextInputWidget

from broadcasters.admin.airing_import import ADD
from broadcasters.airing_constants import RowAction
from broadcasters.import_words import FIELD_NAMES, told_problem
from broadcasters.models import AiringImport, AiringImportRow
from broadcasters.permissions import may
from broadcasters.services.airing_import import correct_row
from mediaexchange.core.admin_base import ExchangeAdmin, label, staff
from mediaexchange.core.admin_help import HelpedForm

_ACTION_LOOKS = {RowAction.CREATE: "success", RowAction.KNOWN: "", RowAction.REFUSE: "danger"}


class OfImportFilter(DropdownFilter):
    """The newest imports are offered; an older one can be asked for by its page."""

    title, parameter_name = _("import of airings"), "of"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        seen = AiringImport.objects.visible_to(staff(request)).defer("content").order_by("-pk")
        found = {str(row.pk): str(row) for row in seen[:100]}
        asked = self.value() or ""
        if asked not in found and asked.isascii() and asked.isdecimal() and len(asked) < 19:
            found |= {str(row.pk): str(row) for row in seen.filter(pk=asked)}
        return list(found.items())

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        chosen = self.value() or ""
        return queryset.filter(airing_import=int(chosen)) if chosen in dict(self.lookup_choices) else queryset


@admin.register(AiringImportRow)
class AiringImportRowAdmin(ExchangeAdmin):
    """Rows are looked at; what is refused is corrected cell by cell."""

    list_display = ["position", "what", "channel", "began", "titled", "said_of_it", "is_written"]
    list_select_related = ["channel", "airing_import"]
    list_filter = [("action", ChoicesDropdownFilter), OfImportFilter, "has_warning", "is_written"]
    fields = ["airing_import", "position", "what", "channel", "began", "titled", "said_of_it", "as_read", "airing"]
    readonly_fields = fields
    actions_detail = ["correct"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("airing_import", "channel", "airing__channel")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    @admin.display(description=_("action"), ordering="action")
    def what(self, row: AiringImportRow) -> SafeString:
        return label(row.get_action_display(), _ACTION_LOOKS[RowAction(row.action)])

    @admin.display(description=_("started at"), ordering="started_at")
    def began(self, row: AiringImportRow) -> str:
        return date_format(localtime(row.started_at), "SHORT_DATETIME_FORMAT") if row.started_at else "—"

    @admin.display(description=_("title"))
    def titled(self, row: AiringImportRow) -> str:
        return str(row.values.get("title") or "—")

    @admin.display(description=_("problems"))
    def said_of_it(self, row: AiringImportRow) -> SafeString | str:
        return format_html_join("", "<p>{}</p>", ((told_problem(each),) for each in row.problems)) or "—"

    @admin.display(description=_("cells"))
    def as_read(self, row: AiringImportRow) -> SafeString | str:
        pairs = zip(row.airing_import.header, row.cells, strict=False)
        return format_html_join("", "<p><b>{}</b>: {}</p>", ((name, cell or "—") for name, cell in pairs)) or "—"

    def get_actions_detail(self, request: HttpRequest, object_id: Any) -> list[UnfoldAction]:
        row = self.get_object(request, str(object_id))
        if row is None or row.is_written or not may(staff(request), ADD, row.airing_import.broadcaster_id):
            return []
        return super().get_actions_detail(request, object_id)  # type: ignore[no-any-return]

    @action(description=_("Correct the row"), icon="edit", variant=ActionVariant.PRIMARY)
    def correct(self, request: HttpRequest, object_id: str) -> HttpResponse:
        row = self.get_object(request, object_id)
        if row is None:
            return self.missing(request, object_id)
        if not may(staff(request), ADD, row.airing_import.broadcaster_id):
            raise PermissionDenied

        def run(answers: dict[str, Any]) -> None:
            correct_row(row, actor=staff(request), cells=answers)

        explanation = _("Approving the import again writes it.")
        return self.ask(request, row, title=_("Correct the row"), run=run, form=_row_form(row), explanation=explanation)


def _row_form(row: AiringImportRow) -> type[forms.Form]:
    fields: dict[str, Any] = {}
    for place, field in sorted(row.airing_import.mapping.items(), key=lambda pair: int(pair[0])):
        at = int(place)
        fields[field] = forms.CharField(
            label=capfirst(str(FIELD_NAMES[field])), required=False, max_length=2000,
            initial=row.cells[at] if at < len(row.cells) else "", widget=UnfoldAdminTextInputWidget,
            help_text=format_html("{}: {}", _("column"), row.airing_import.header[at]),
        )  # fmt: skip
    return type("RowForm", (HelpedForm,), fields | {"__module__": __name__})
