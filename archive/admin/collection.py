"""Collections and series: the shelves above the items."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, Model, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from archive.admin.base import ArchiveAdmin, houses_with
from archive.admin.filters import HouseFilter
from archive.models import Collection, Item, Series
from broadcasters.admin.base import RecordAdmin
from broadcasters.permissions import may
from mediaexchange.core.admin_base import in_all_languages, shown, staff


class ShelfAdmin(ArchiveAdmin, RecordAdmin):
    """A shelf belongs to one house for good; ``items`` of a list are counted in one query."""

    list_filter = (HouseFilter,)
    list_select_related = ["broadcaster"]
    search_fields = ("slug", *in_all_languages("name"))
    filters_items_by: str

    shown_name = shown("name", _("name"))

    def narrowed(self, queryset: QuerySet[Any], request: HttpRequest) -> QuerySet[Any]:
        """What the house sees, superusers no more than their houses."""
        return queryset.visible_to(request.user)  # type: ignore[attr-defined, no-any-return]

    def may_on(self, request: HttpRequest, verb: str, obj: Any) -> bool:
        return may(staff(request), f"archive.{verb}_{self.opts.model_name}", obj.broadcaster_id)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        inside = Item.objects.filter(**{self.filters_items_by: OuterRef("pk")}).order_by()
        counted = inside.values(self.filters_items_by).annotate(number=Count("pk")).values("number")
        shelves: QuerySet[Any] = super().get_queryset(request).annotate(item_count=Coalesce(Subquery(counted), 0))
        return shelves

    def get_field_queryset(self, db: str | None, db_field: Any, request: HttpRequest) -> QuerySet[Any] | None:
        if db_field.name == "broadcaster":
            return houses_with(request, f"archive.add_{self.opts.model_name}")
        return super().get_field_queryset(db, db_field, request)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        own = list(houses_with(request, f"archive.add_{self.opts.model_name}")[:2])
        given = super().get_changeform_initial_data(request)
        return given | ({"broadcaster": own[0].pk} if len(own) == 1 else {})

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        given = tuple(super().get_readonly_fields(request, obj))
        return (*given, "broadcaster") if obj is not None else given

    @admin.display(description=_("items"), ordering="item_count")
    def items(self, shelf: Any) -> SafeString | str:
        if shelf.pk is None:
            return "—"
        address = reverse("admin:archive_item_changelist")
        query = f"?{self.filters_items_by}={shelf.slug}"
        return format_html('<a class="ar-link" href="{}{}">{}</a>', address, query, shelf.item_count)


@admin.register(Collection)
class CollectionAdmin(ShelfAdmin):
    list_display = ("shown_name", "broadcaster", "parent", "items")
    list_select_related = ["broadcaster", "parent"]
    fields = ("slug", "broadcaster", "parent", "items", "name", "description")
    readonly_fields = ("items",)
    autocomplete_fields = ("parent",)
    filters_items_by = "collection"


@admin.register(Series)
class SeriesAdmin(ShelfAdmin):
    list_display = ("shown_name", "broadcaster", "collection", "expected_items", "items")
    list_select_related = ["broadcaster", "collection"]
    fields = ("slug", "broadcaster", "collection", "expected_items", "items", "name", "description")
    readonly_fields = ("items",)
    autocomplete_fields = ("collection",)
    filters_items_by = "series"
