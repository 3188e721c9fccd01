"""The audit trail of one row, as its admin page shows it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.admin.exceptions import NotRegistered
from django.contrib.admin.sites import AdminSite
from django.core.exceptions import FieldDoesNotExist
from django.core.paginator import Page, Paginator
from django.db.models import DateTimeField, DurationField, Field, Model
from django.http import HttpRequest
from django.utils.dateparse import parse_duration
from django.utils.duration import duration_string
from django.utils.formats import date_format
from django.utils.text import Truncator, capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from mediaexchange.core.errors import Message
from mediaexchange.core.languages.tags import STORED, to_bcp47
from mediaexchange.core.models import AuditEntry, User
from mediaexchange.core.rights.words import PLATFORM_LABELS

ENTRIES_A_PAGE = 50
_LONGEST = 300
ACTIONS = {"insert": _("created"), "update": _("changed"), "delete": _("deleted")}


@dataclass(frozen=True, slots=True)
class Difference:
    """``language`` is the BCP 47 tag of what both say, for readers aloud; "" where it is the page's own."""

    field: str
    before: str
    after: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    at: datetime
    who: Message
    action: Message
    differences: list[Difference]


def history_of(obj: Model, request: HttpRequest, site: AdminSite) -> tuple[Page[AuditEntry], list[Change]]:
    """The asked page of the row's entries, youngest first, and what each says.

    Names of people and of linked rows are given as far as the reader may see them; the trail itself is complete.
    """
    entries = AuditEntry.objects.filter(table_name=obj._meta.db_table, row_pk=str(obj.pk))
    page = Paginator(entries, ENTRIES_A_PAGE).get_page(request.GET.get("p"))
    columns = _columns(type(obj))
    linked: dict[type[Model], set[int]] = {User: {entry.actor_id for entry in page if entry.actor_id}}
    for entry in page:
        for column, value in entry.changed.items():
            if (field := columns.get(column)) and field.is_relation:
                linked.setdefault(field.related_model, set()).update(_ids(value))
    names = {model: _names(model, ids, request, site) for model, ids in linked.items()}
    return page, [_change(entry, columns, names) for entry in page]


def _change(entry: AuditEntry, columns: dict[str, Any], names: dict[type[Model], dict[int, str]]) -> Change:
    differences = []
    for column, value in entry.changed.items():
        field = columns.get(column)
        before, after = value if entry.action == "update" else (None, value)
        if entry.action == "delete":
            before, after = after, before
        if field is not None and (before or after):
            title = capfirst(str(field.verbose_name))
            language = getattr(field, "language", "")  # of a translated column
            said = (_text(field, before, names), _text(field, after, names))
            differences.append(Difference(title, *said, to_bcp47(language) if language else ""))
    if entry.actor_id is None:
        who: Message = _("the system")
    else:
        who = names[User].get(entry.actor_id, _("somebody of another broadcaster"))
    return Change(entry.at, who, ACTIONS.get(entry.action, entry.action), differences)


def _columns(model: type[Model]) -> dict[str, Any]:
    """Column → field, without identifiers, bookkeeping, which has no name for readers, and the base columns of
    translated fields, which repeat a language."""
    columns: dict[str, Any] = {}
    for field in model._meta.concrete_fields:
        if field.primary_key or field.name == "uid" or all(_has(model, f"{field.name}_{code}") for code in STORED):
            continue
        if getattr(field, "_verbose_name", None) is None:
            continue
        columns[str(field.column)] = field
    return columns


def _has(model: type[Model], name: str) -> bool:
    try:
        model._meta.get_field(name)
    except FieldDoesNotExist:
        return False
    return True


def _ids(value: Any) -> Iterable[int]:
    return [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, int)]


def _names(model: type[Model], ids: set[int], request: HttpRequest, site: AdminSite) -> dict[int, str]:
    try:
        rows = site.get_model_admin(model).get_queryset(request)
    except NotRegistered:
        return {}
    return {row.pk: str(row) for row in rows.filter(pk__in=ids)} if ids else {}


def _text(field: "Field[Any, Any]", value: Any, names: dict[type[Model], dict[int, str]]) -> str:
    if value is None or value == "":
        return ""
    if field.is_relation:
        unnamed = value if isinstance(value, str) else f"#{value}"  # a code, such as a currency's, says what it is
        return names.get(field.related_model, {}).get(value, unnamed)  # type: ignore[arg-type]
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if isinstance(field, DateTimeField):
        return date_format(localtime(datetime.fromisoformat(value)), "DATETIME_FORMAT")
    if isinstance(field, DurationField) and (duration := parse_duration(value)) is not None:
        return duration_string(duration)
    if isinstance(value, list):
        labels = _labels(field)
        return ", ".join(str(labels[each]) if _is_code(each, labels) else _part(each) for each in value)
    return Truncator(str(dict(field.flatchoices).get(value, value))).chars(_LONGEST)


def _labels(field: "Field[Any, Any]") -> dict[Any, Any]:
    """What the codes in a list are called; what the field itself does not say, for the terms of rights."""
    inner: Any = getattr(field, "base_field", field)
    return dict(inner.flatchoices) or (dict(PLATFORM_LABELS) if field.name == "platforms" else {})


def _is_code(value: Any, labels: dict[Any, Any]) -> bool:
    return isinstance(value, str) and value in labels


def _part(value: Any) -> str:
    """One of several values; of a structure what it holds, without the names that programs call it by."""
    return " · ".join(str(part) for part in value.values() if part) if isinstance(value, dict) else str(value)
