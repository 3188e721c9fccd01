"""Accounts: colleagues at one's own broadcasters.

An administrator changes an account only if everything it may do lies at broadcasters they administer: whoever sets a
password could otherwise borrow another broadcaster's roles.
"""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as BaseUserAdmin
from django.db.models import Exists, Model, OuterRef, Prefetch, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm
from unfold.widgets import UnfoldAdminSelectWidget

from broadcasters.admin.base import PartnerAdmin, ShownInline, administered
from broadcasters.admin.health_parts import short
from broadcasters.constants import Role
from broadcasters.models import Broadcaster, Membership
from broadcasters.querysets import member_ids
from mediaexchange.core.admin_base import staff
from mediaexchange.core.models import User


class NewUserForm(UserCreationForm):
    """A new account starts with a role: without one its maker could not see it."""

    broadcaster = forms.ModelChoiceField(
        label=_("Broadcaster"), queryset=Broadcaster.objects.none(), widget=UnfoldAdminSelectWidget
    )
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, widget=UnfoldAdminSelectWidget)

    class Meta(UserCreationForm.Meta):
        model = User


class MembershipInline(ShownInline, TabularInline):
    model = Membership
    fields = ["broadcaster", "role"]
    readonly_fields = fields
    show_change_link = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[Membership]:
        rows: Any = super().get_queryset(request).select_related("broadcaster")
        visible: QuerySet[Membership] = rows if request.user.is_superuser else rows.visible_to(request.user)
        return visible


@admin.register(User)
class UserAdmin(BaseUserAdmin, PartnerAdmin):
    form = UserChangeForm
    add_form = NewUserForm
    change_password_form = AdminPasswordChangeForm
    add_form_template = None
    list_display = ["username", "first_name", "last_name", "roles", "language", "is_active", "is_service", "last_login"]
    list_filter = ["is_active", "is_service"]
    search_fields = ["username", "first_name", "last_name", "email"]
    filter_horizontal = ()
    readonly_fields = ["is_service", "last_login", "date_joined"]
    inlines = [MembershipInline]
    fieldsets = [
        (None, {"fields": ["username", "password", "is_active", "is_staff", "is_superuser", "is_service"]}),
        (_("Person"), {"fields": ["first_name", "last_name", "email", "language", "time_zone"]}),
        (_("Dates"), {"fields": ["last_login", "date_joined"]}),
    ]
    add_fieldsets = [
        (None, {"fields": ["username", "usable_password", "password1", "password2"]}),
        (_("Person"), {"fields": ["first_name", "last_name", "email", "language", "time_zone"]}),
        (_("Membership"), {"fields": ["broadcaster", "role"]}),
    ]

    def narrowed(self, queryset: QuerySet[User], request: HttpRequest) -> QuerySet[User]:
        user = staff(request)
        if user.is_superuser:
            return queryset
        shared = Membership.objects.filter(user_id=OuterRef("pk"), broadcaster__in=member_ids(user))
        return queryset.filter(Q(pk=user.pk) | Exists(shared))

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        rows: Any = Membership.objects.select_related("broadcaster")
        known = rows if request.user.is_superuser else rows.visible_to(request.user)
        return super().get_queryset(request).prefetch_related(Prefetch("memberships", known))

    @admin.display(description=_("roles"))
    def roles(self, user: User) -> str:
        return ", ".join(f"{short(row.broadcaster)}: {row.get_role_display()}" for row in user.memberships.all())

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        fieldsets = super().get_fieldsets(request, obj)
        if request.user.is_superuser:
            return fieldsets
        return [(name, {**rest, "fields": [field for field in rest["fields"] if field != "is_superuser"]})
                for name, rest in fieldsets]  # fmt: skip

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        given = tuple(super().get_readonly_fields(request, obj))
        if isinstance(obj, User) and obj.is_service:
            # Flags: the database refuses them, too. The name: keys of this broadcaster are found by it.
            given = (*given, "username", "is_staff", "is_superuser")
        return given if request.user.is_superuser else (*given, "is_superuser")

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        granted, user = super().has_change_permission(request, obj), staff(request)
        if not granted or user.is_superuser or not isinstance(obj, User):
            return granted
        if obj.is_superuser:
            return False
        belongs = set(Membership.objects.filter(user=obj).values_list("broadcaster_id", flat=True))
        own = set(administered(user, "core.change_user").values_list("pk", flat=True))
        return obj.pk == user.pk or (bool(belongs) and belongs <= own)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, obj, change=change, **kwargs)
        if obj is None and "broadcaster" in form.base_fields:
            form.base_fields["broadcaster"].queryset = administered(staff(request), "broadcasters.add_membership")
        return form

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        if not change:
            obj.is_staff = True
        super().save_model(request, obj, form, change)
        if not change:
            Membership.objects.create(
                user=obj, broadcaster=form.cleaned_data["broadcaster"], role=form.cleaned_data["role"]
            )
