"""Subscriptions: what one's own newsroom wants to be told, where, and how that is going."""

from copy import copy
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from unfold.decorators import display
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminSplitDateTimeWidget,
    UnfoldAdminTextInputWidget,
)

from broadcasters.permissions import may
from mediaexchange.core.admin_base import ServiceAdmin, ServiceForm
from mediaexchange.core.errors import Message
from mediaexchange.core.languages.tags import LANGUAGES, SHOWN, to_bcp47
from mediaexchange.core.models import User
from newsexchange.admin import ledger_filters
from newsexchange.admin.deeds import Deed, DeedAdmin, DeedForm, Secret
from newsexchange.admin.house import HouseMixin
from newsexchange.admin.marks import in_english, label, moment, two_lines
from newsexchange.admin.story_documents import LABELS
from newsexchange.constants import ContentKind, Destination
from newsexchange.formats.registry import DOCUMENTS
from newsexchange.models import Subscription
from newsexchange.services.replay_delivery import replay_window
from newsexchange.services.subscription import (
    CHANGEABLE,
    change_subscription,
    create_subscription,
    ping_subscription,
    rotate_secret,
)

_CHANGE = "newsexchange.change_subscription"
_REPLAY = "newsexchange.replay_delivery"
_KEEP = _("Whoever receives the webhooks checks them with this. For a day the secret before signs too.")
_OF_DESTINATION = {
    Destination.WEBHOOK: ("url",),
    Destination.HUB: ("url",),
    Destination.DROP: ("folder", "formats"),
    Destination.EMAIL: ("email", "digest_at"),
    Destination.PULL: (),
}
_WHEN = {
    "url": "destination == 'webhook' || destination == 'hub'",
    "folder": "destination == 'drop'",
    "formats": "destination == 'drop'",
    "email": "destination == 'email'",
    "digest_at": "destination == 'email'",
}


def _several(label: Any, choices: Any, help_text: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=capfirst(label), choices=choices, required=False, widget=UnfoldAdminCheckboxSelectMultipleWidget,
        help_text=help_text,
    )  # fmt: skip


class SubscriptionForm(ServiceForm):
    languages = _several(
        _("languages"), [(each.tag, each.autonym) for each in LANGUAGES], _("None: stories in any language.")
    )
    kinds = _several(_("kinds of content"), ContentKind.choices, _("None: all."))
    formats = _several(
        _("formats"), [(name, LABELS.get(name, name)) for name in DOCUMENTS], _("Documents that are dropped.")
    )

    class Meta:
        model = Subscription
        fields = [
            "broadcaster", "name", "destination", "url", "folder", "formats", "email", "digest_at", "topics",
            "languages", "kinds", "origins", "only_clear",
        ]  # fmt: skip
        widgets = {
            "topics": UnfoldAdminTextInputWidget,
            "url": UnfoldAdminTextInputWidget,
            "origins": UnfoldAdminCheckboxSelectMultipleWidget,
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "languages" in self.fields:  # one that was subscribed to by API may be none of ours
            kept = [(tag, tag) for tag in self.instance.languages if tag not in map(to_bcp47, SHOWN)]
            self.fields["languages"].choices += kept  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or {}
        if answers.get("destination", Destination.DROP) != Destination.DROP:
            answers |= {"folder": "", "formats": []}  # typed before another destination was chosen
        return answers

    def perform(self, answers: dict[str, Any]) -> Model:
        origins = list(answers.get("origins", ()))
        if self.instance.pk:
            changes = {name: answers[name] for name in self.changed_data if name in CHANGEABLE}
            return change_subscription(self.instance, actor=self.user, origins=origins, **changes)
        values = {name: value for name, value in answers.items() if name in CHANGEABLE | {"destination"}}
        return create_subscription(answers["broadcaster"], actor=self.user, origins=origins, **values)


class WindowForm(DeedForm):
    """A time whose events are sent again."""

    since = forms.SplitDateTimeField(label=pgettext_lazy("moment", "from"), widget=UnfoldAdminSplitDateTimeWidget)
    until = forms.SplitDateTimeField(label=_("until"), required=False, widget=UnfoldAdminSplitDateTimeWidget)


def _may_change(user: User, subscription: Subscription) -> bool:
    return may(user, _CHANGE, subscription.broadcaster_id)


def _is_webhook(user: User, subscription: Subscription) -> bool:
    return subscription.destination == Destination.WEBHOOK and _may_change(user, subscription)


def _rotate(subscription: Subscription, user: User, answers: dict[str, Any]) -> Secret:
    return Secret(_("The new secret"), rotate_secret(subscription, actor=user).secret, _KEEP)


def _pause(subscription: Subscription, user: User, answers: dict[str, Any]) -> None:
    change_subscription(subscription, actor=user, is_active=False)


def _resume(subscription: Subscription, user: User, answers: dict[str, Any]) -> None:
    change_subscription(subscription, actor=user, is_active=True)


def _test(subscription: Subscription, user: User, answers: dict[str, Any]) -> None:
    ping_subscription(subscription, actor=user)


def _replay(subscription: Subscription, user: User, answers: dict[str, Any]) -> Message:
    count = replay_window(subscription, since=answers["since"], until=answers["until"], actor=user)
    return _("Sent again: %(count)d.") % {"count": count}


def state_of(subscription: Subscription) -> SafeString:
    if subscription.disabled_at:
        return label(_("gone: the other side refused for good"), "danger", moment(subscription.disabled_at))
    if not subscription.is_active:
        return label(_("paused"), "")
    if subscription.open_until and subscription.open_until > timezone.now():
        return label(_("waiting after failures"), "danger", moment(subscription.open_until))
    if subscription.failures:
        return label(_("failing"), "warning", subscription.last_error)
    return label(_("working"), "success")


@admin.register(Subscription)
class SubscriptionAdmin(HouseMixin, DeedAdmin, ServiceAdmin):
    add_right = "newsexchange.add_subscription"
    change_right = _CHANGE
    form = SubscriptionForm
    deeds = (
        Deed(
            "test", _("Test"), _CHANGE, _is_webhook, _test, _("A test is on its way; the ledger tells how it went."),
            icon="network_ping", in_list=False,
        ),
        Deed(
            "pause", _("Pause"), _CHANGE, lambda user, row: row.is_active and _may_change(user, row), _pause,
            _("The subscription is paused."), icon="pause",
        ),
        Deed(
            "resume", _("Resume"), _CHANGE,
            lambda user, row: (not row.is_active or row.disabled_at is not None or row.failures > 0)
            and _may_change(user, row),
            _resume, _("The subscription is active."), icon="play_arrow", look="primary",
        ),
        Deed(
            "replay", _("Send again…"), _REPLAY, lambda user, row: may(user, _REPLAY, row.broadcaster_id), _replay,
            _("Sent again."), icon="replay", form=WindowForm, in_list=False,
        ),
        Deed(
            "rotate", _("New secret"), _CHANGE, _is_webhook, _rotate, _("The secret is renewed."), icon="key",
            in_list=False,
        ),
    )  # fmt: skip
    list_display = ("named", "destination", "address_shown", "state", "last_success", "last_failure")
    list_display_links = ("named",)
    list_select_related = ("broadcaster",)
    list_filter = (ledger_filters.SubscriptionStateFilter, ledger_filters.DestinationFilter)
    search_fields = ("name", "url", "folder", "email")
    readonly_fields = ("last_success", "last_failure")

    def changeform_view(self, request: HttpRequest, object_id: str | None = None, *args: Any, **kwargs: Any) -> Any:
        """A new one shows the fields of the destination that is being chosen; later there is nothing to choose."""
        shown = copy(self)  # admins are shared between requests
        shown.conditional_fields = {} if object_id else _WHEN
        return super(SubscriptionAdmin, shown).changeform_view(request, object_id, *args, **kwargs)

    def get_fieldsets(self, request: HttpRequest, obj: Model | None = None) -> Any:
        where = _OF_DESTINATION[Destination(obj.destination)] if isinstance(obj, Subscription) else tuple(_WHEN)
        what = ("topics", "languages", "kinds", "origins", "only_clear")
        fieldsets = [
            (None, {"fields": ("broadcaster", "name", "destination", *where)}),
            (_("Only these stories"), {"fields": what}),
        ]
        if obj is not None:
            fieldsets.append((_("Health"), {"fields": ("last_success", "last_failure")}))
        return fieldsets

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        return (*self.readonly_fields, "broadcaster", "destination") if obj else self.readonly_fields

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: Any = None) -> HttpResponse:
        """A webhook's secret is on the page that answers, and on no other."""
        if obj.destination != Destination.WEBHOOK:
            response: HttpResponse = super().response_add(request, obj, post_url_continue)
            return response
        secret = Secret(_("The secret of this subscription"), obj.secret, _KEEP)
        return self.page(request, "newsexchange/secret.html", obj, {"title": secret.title, "secret": secret})

    @display(description=_("subscription"), ordering="name")
    def named(self, subscription: Subscription) -> SafeString:
        return two_lines(subscription.name, subscription.broadcaster)

    @display(description=_("address"))
    def address_shown(self, subscription: Subscription) -> SafeString:
        where = subscription.url or subscription.folder or subscription.email or "—"
        return format_html('<span class="mx-address">{}</span>', where)

    @display(description=_("state"))
    def state(self, subscription: Subscription) -> SafeString:
        return state_of(subscription)

    @display(description=_("last success"), ordering="last_success_at")
    def last_success(self, subscription: Subscription) -> str:
        return moment(subscription.last_success_at)

    @display(description=_("last error"), ordering="last_error_at")
    def last_failure(self, subscription: Subscription) -> SafeString | str:
        return (
            two_lines(moment(subscription.last_error_at), in_english(subscription.last_error))
            if subscription.last_error_at
            else "—"
        )

    def top_of(self, request: HttpRequest, subject: Any) -> dict[str, Any]:
        ledger = reverse("admin:newsexchange_delivery_changelist")
        link = format_html(
            '<a class="mx-link" href="{}?whose=mine&subscription={}">{}</a>', ledger, subject.pk, _("Ledger")
        )
        facts = [
            (_("state"), state_of(subject)),
            (_("destination"), subject.get_destination_display()),
            (_("deliveries"), link),
        ]
        return {"title": subject.name, "facts": facts}
