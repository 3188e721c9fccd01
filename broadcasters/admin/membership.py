"""Who has which role where; given and taken by that broadcaster's administrators alone."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RelatedDropdownFilter

from broadcasters.admin.base import PartnerAdmin, administered
from broadcasters.models import Membership
from mediaexchange.core.admin_base import in_all_languages, staff
from mediaexchange.core.models import User


@admin.register(Membership)
class MembershipAdmin(PartnerAdmin):
    list_display = ["user", "login", "broadcaster", "role"]
    list_filter = [("broadcaster", RelatedDropdownFilter), ("role", ChoicesDropdownFilter)]
    list_select_related = ["user", "broadcaster"]
    search_fields = ["user__username", "user__last_name", *in_all_languages("broadcaster__name")]
    autocomplete_fields = ["user"]

    @admin.display(description=User._meta.get_field("username").verbose_name, ordering="user__username")
    def login(self, membership: Membership) -> str:
        return membership.user.get_username()

    def owners(self, obj: Membership) -> Iterable[int]:
        return [obj.broadcaster_id]

    def get_field_queryset(self, db: str | None, db_field: Any, request: HttpRequest) -> Any:
        if db_field.name == "broadcaster":
            return administered(staff(request), "broadcasters.add_membership")
        return super().get_field_queryset(db, db_field, request)

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        """Only the role of a membership changes: another person or broadcaster is another membership."""
        return ("user", "broadcaster") if obj is not None else ()

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        if not request.user.has_perm("broadcasters.delete_membership"):
            return False
        return obj is None or self.may_on(request, "delete", obj)
