"""What the archive's pages share: whose rows they are, who may change them, and how facts look."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.contrib.auth import get_permission_codename
from django.contrib.postgres.fields import ArrayField
from django.db.models import Field, Model, QuerySet, TextField
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from unfold.contrib.forms.widgets import ArrayWidget
from unfold.widgets import UnfoldAdminExpandableTextareaWidget

from broadcasters.models import Broadcaster
from broadcasters.permissions import may, roles_of
from mediaexchange.core.admin_base import ExchangeAdmin, staff
from mediaexchange.core.languages.localize import localized

WIDGETS: dict[type["Field[Any, Any]"], dict[str, Any]] = {
    ArrayField: {"widget": ArrayWidget},
    TextField: {"widget": UnfoldAdminExpandableTextareaWidget},
}
STYLES = {"all": ["archive/archive.css"]}


class ArchiveAdmin(ExchangeAdmin):
    """Rows of a house, by ``visible_to``; changed by those whose role at that house allows it."""

    formfield_overrides: Any = WIDGETS
    # Where the house stands: a column of the row, or of what it belongs to.
    house_column = "broadcaster_id"
    change_form_outer_before_template = "archive/top.html"

    class Media:
        css = STYLES

    def boxes_of(self, request: HttpRequest, subject: Any) -> list[SafeString]:
        """What stands above the form of a row: players, tables, questions, each with forms of its own."""
        return []

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, obj: Any = None, **kwargs: Any
    ) -> HttpResponse:
        if obj is not None:
            context["boxes"] = self.boxes_of(request, obj)
            context["show_history"] = context.get("show_history", True) and self.has_history_permission(request, obj)
        response: HttpResponse = super().render_change_form(request, context, *args, **{**kwargs, "obj": obj})
        return response

    def back_to(self, request: HttpRequest, otherwise: str) -> str:
        """The page of ours that a form was sent from, named by its field ``next``."""
        wanted = request.POST.get("next", "")
        is_ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) and wanted.startswith(
            reverse("admin:index")
        )
        return wanted if is_ours else otherwise

    def houses_of(self, obj: Any) -> Iterable[int]:
        """Ids of the broadcasters whose people change this row."""
        return [_reach(obj, self.house_column)]

    def may_on(self, request: HttpRequest, verb: str, obj: Model) -> bool:
        permission = f"{self.opts.app_label}.{get_permission_codename(verb, self.opts)}"
        return any(may(staff(request), permission, house) for house in self.houses_of(obj))

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        granted = bool(super().has_change_permission(request, obj))
        return granted and (obj is None or self.may_on(request, "change", obj))

    def has_history_permission(self, request: HttpRequest, obj: Model) -> bool:
        """What a row held before is its own house's, whatever role reads it there."""
        return bool(set(self.houses_of(obj)) & set(roles_of(staff(request))))


class ReadOnlyAdmin(ArchiveAdmin):
    """Rows that are only looked at here: deeds and the pipeline write them."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


def houses_with(request: HttpRequest, permission: str) -> QuerySet[Broadcaster]:
    """The broadcasters for which this person may do this."""
    user = staff(request)
    return Broadcaster.objects.filter(pk__in=[pk for pk in roles_of(user) if may(user, permission, pk)])


def moment(at: datetime | None) -> str:
    """A moment in the zone of this request, in the reader's format; a dash for none."""
    return date_format(localtime(at), "SHORT_DATETIME_FORMAT") if at else "—"


def short_name(broadcaster: Broadcaster) -> str:
    return localized(broadcaster, "abbreviation") or str(broadcaster)


def page_link(obj: Model, text: object = "") -> SafeString:
    """A link to the row's own page."""
    address = reverse(f"admin:{obj._meta.app_label}_{obj._meta.model_name}_change", args=[obj.pk])
    return format_html('<a class="ar-link" href="{}">{}</a>', address, text or obj)


def in_english(text: str) -> SafeString | str:
    """What a program said, which nobody translates: readers who listen hear it as English."""
    return format_html('<span lang="en">{}</span>', text) if text else "—"


def clock(ms: int | None) -> str:
    """A length as 1:02:03.4 or 2:03.4; a dash for none."""
    if ms is None:
        return "—"
    seconds, tenths = divmod(ms // 100, 10)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}.{tenths}" if hours else f"{minutes}:{seconds:02}.{tenths}"


def _reach(obj: Any, column: str) -> int:
    *way, last = column.split("__")
    for name in way:
        obj = getattr(obj, name)
    return int(getattr(obj, last))


def without(names: Iterable[str], wanted: Sequence[str]) -> list[str]:
    """The wanted names less these."""
    left_out = set(names)
    return [name for name in wanted if name not in left_out]
