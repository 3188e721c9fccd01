"""What hangs on an item, in tabs beneath its form. The service writes it: see ``ItemAdmin.save_related``."""

from typing import Any

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.admin import StackedInline, TabularInline

from archive.admin.base import WIDGETS, clock, page_link
from archive.models import (
    Credit,
    Instantiation,
    Item,
    ItemDate,
    ItemDescription,
    ItemIdentifier,
    ItemPlace,
    ItemTitle,
    UnderlyingRight,
)
from broadcasters.permissions import may
from mediaexchange.core.admin_base import VisibleChoices, staff
from mediaexchange.core.sizes import size_in_words


class ItemPartInline(VisibleChoices):
    """Seen by whoever sees the item; changed by whoever may change such parts of this house."""

    extra = 0
    tab = True
    hide_title = True
    show_change_link = False
    formfield_overrides: Any = WIDGETS
    model: type[Model]
    # The name under which ``save_item`` takes the whole list; empty for rows that are stored on their own.
    part = ""

    def _may(self, request: HttpRequest, verb: str, item: Any) -> bool:
        permission = f"archive.{verb}_{self.model._meta.model_name}"
        return isinstance(item, Item) and may(staff(request), permission, item.broadcaster_id)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True  # whoever opens the page sees the item

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, "add", obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, "change", obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, "delete", obj)


class TitleInline(ItemPartInline, TabularInline):
    model = ItemTitle
    part = "titles"
    fields = ("kind", "text", "language")


class DescriptionInline(ItemPartInline, TabularInline):
    model = ItemDescription
    part = "descriptions"
    fields = ("kind", "text", "language")


class DateInline(ItemPartInline, TabularInline):
    model = ItemDate
    part = "dates"
    fields = ("kind", "dated")


class IdentifierInline(ItemPartInline, TabularInline):
    model = ItemIdentifier
    part = "identifiers"
    fields = ("source", "value")


class CreditInline(ItemPartInline, TabularInline):
    model = Credit
    part = "credits"
    fields = ("person", "name", "role", "note")
    autocomplete_fields = ("person",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request).select_related("person")
        return rows


class PlaceInline(ItemPartInline, TabularInline):
    model = ItemPlace
    part = "places"
    fields = ("place", "relation")
    autocomplete_fields = ("place",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request).select_related("place")
        return rows


class RightInline(ItemPartInline, TabularInline):
    model = UnderlyingRight
    fields = ("kind", "owner", "description", "clearance", "reference", "territories", "platforms", "ends_at")
    template = "admin/edit_inline/stacked.html"


class InstantiationInline(ItemPartInline, StackedInline):
    """Carriers are written here; files come by upload, and their technical data by the pipeline."""

    model = Instantiation
    fields = (
        ("kind", "generation"), ("identifier", "format"), ("holder", "location"), ("digitised_on", "start_timecode"),
        "file_link", "technical", "note",
    )  # fmt: skip
    readonly_fields = ("file_link", "technical")
    autocomplete_fields = ("holder",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request).select_related("file", "holder")
        return rows.prefetch_related("tracks")

    @admin.display(description=_("file"))
    def file_link(self, instantiation: Instantiation) -> SafeString | str:
        if instantiation.file is None:
            return "—"
        return format_html("{} · {}", page_link(instantiation.file), size_in_words(instantiation.file.size_bytes))

    @admin.display(description=_("duration"))
    def technical(self, instantiation: Instantiation) -> str:
        return clock(instantiation.duration_ms)


INLINES = (
    InstantiationInline,
    CreditInline,
    PlaceInline,
    TitleInline,
    DescriptionInline,
    DateInline,
    IdentifierInline,
    RightInline,
)
# Where copies stand, which files they are and what contracts say: partners read the box of tracks instead.
OWN_ONLY = (InstantiationInline, RightInline)
