"""API keys of one's own newsroom: their prefix, never their text, and the way to close the door."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, Model, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action
from unfold.enums import ActionVariant
from unfold.widgets import UnfoldAdminTextareaWidget

from broadcasters.admin.base import PartnerAdmin, administered
from broadcasters.models import Membership
from mediaexchange.core.admin_base import label, staff
from mediaexchange.core.admin_help import HelpedForm
from mediaexchange.core.keys import limit_key, revoke_key
from mediaexchange.core.languages.localize import alphabetical
from mediaexchange.core.models import ApiKey
from mediaexchange.core.networks import networks_in


class NetworksField(forms.CharField):
    """The networks that a key may be used from, as somebody types them; cleaned, a list."""

    def __init__(self) -> None:
        super().__init__(
            label=_("allowed addresses"),
            required=False,
            max_length=2000,
            widget=UnfoldAdminTextareaWidget(attrs={"rows": 3, "spellcheck": "false"}),
            help_text=_("Addresses or networks such as 203.0.113.0/24, one a line. Empty: any address."),
        )

    def clean(self, value: Any) -> list[str]:
        return networks_in(super().clean(value))


class LimitKeyForm(HelpedForm):
    networks = NetworksField()


@admin.register(ApiKey)
class ApiKeyAdmin(PartnerAdmin):
    list_display = ["start", "name", "broadcasters", "scope_list", "state", "created_at", "last_used_at"]
    list_select_related = ["user"]
    search_fields = ["prefix", "name", "user__username"]
    fields = [
        "start", "name", "user", "scope_list", "network_list", "state", "created_at", "expires_at", "revoked_at",
        "last_used_at",
    ]  # fmt: skip
    readonly_fields = fields
    actions_detail = ["limit", "revoke"]

    def narrowed(self, queryset: QuerySet[ApiKey], request: HttpRequest) -> QuerySet[ApiKey]:
        user = staff(request)
        if user.is_superuser:
            return queryset
        own = administered(user, "core.view_apikey")
        return queryset.filter(Exists(Membership.objects.filter(user_id=OuterRef("user_id"), broadcaster__in=own)))

    def get_queryset(self, request: HttpRequest) -> QuerySet[ApiKey]:
        return super().get_queryset(request).prefetch_related("user__memberships__broadcaster")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Keys are issued on the broadcaster's page, which can show their text."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_revoke_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        if not request.user.has_perm("core.change_apikey"):
            return False
        return self.get_queryset(request).filter(pk=object_id, revoked_at__isnull=True).exists()

    @action(description=_("Limit to addresses"), icon="vpn_lock", permissions=["revoke"])
    def limit(self, request: HttpRequest, object_id: str) -> HttpResponse:
        key = self.get_object(request, object_id)
        if key is None:
            raise PermissionDenied
        return self.ask(
            request,
            key,
            title=_("Limit to addresses"),
            explanation=_(
                "Calls from anywhere else are refused from now on, with this key and with tokens made from it."
            ),
            form=LimitKeyForm,
            initial={"networks": "\n".join(key.networks)},
            run=lambda answers: limit_key(key, answers["networks"]),
        )

    @action(description=_("Revoke"), icon="key_off", permissions=["revoke"], variant=ActionVariant.DANGER)
    def revoke(self, request: HttpRequest, object_id: str) -> HttpResponse:
        key = self.get_object(request, object_id)
        if key is None:
            raise PermissionDenied
        explanation = _("Whoever uses this key is refused from now on. This cannot be undone.")
        return self.ask(request, key, title=_("Revoke"), explanation=explanation, run=lambda _answers: revoke_key(key))

    @admin.display(description=_("key"), ordering="prefix")
    def start(self, key: ApiKey) -> str:
        return f"{key.client_id}_…"

    @admin.display(description=_("scopes"))
    def scope_list(self, key: ApiKey) -> str:
        return ", ".join(key.scopes)

    @admin.display(description=_("allowed addresses"))
    def network_list(self, key: ApiKey) -> str:
        return ", ".join(key.networks) or gettext("any address")

    @admin.display(description=_("broadcaster"))
    def broadcasters(self, key: ApiKey) -> str:
        names = {str(membership.broadcaster) for membership in key.user.memberships.all()}
        return ", ".join(sorted(names, key=alphabetical))

    @admin.display(description=_("state"))
    def state(self, key: ApiKey) -> SafeString:
        if key.revoked_at:
            return label(_("revoked"), "danger")
        if key.expires_at and key.expires_at <= timezone.now():
            return label(_("expired"), "warning")
        return label(_("valid"), "success")
