"""Feeds, as the page on which their health shows."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Count, IntegerField, Model, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce, Now
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.admin import StackedInline
from unfold.decorators import display
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget, UnfoldAdminPasswordWidget

from broadcasters.models import Broadcaster
from broadcasters.permissions import may, roles_of
from mediaexchange.core.admin_base import VisibleChoices, staff
from mediaexchange.core.errors import ConflictError, Message
from mediaexchange.core.models import User
from mediaexchange.core.outgoing.errors import RefusedUrlError
from mediaexchange.core.outgoing.target import parse_target
from newsexchange.admin import filters
from newsexchange.admin.deeds import Deed, DeedAdmin, Secret
from newsexchange.admin.marks import in_english, label, moment, two_lines
from newsexchange.constants import FeedAuth
from newsexchange.models import Feed, FeedRule, QuarantinedEntry, Story
from newsexchange.services.feed import rotate_inbound_secret, start_feed, stop_feed
from newsexchange.services.sync import request_sync

HEALTH = {
    "healthy": (_("healthy"), "success"),
    "quiet": (_("quiet"), "warning"),
    "failing": (_("failing"), "danger"),
    "stopped": (_("stopped"), ""),
    "new": (_("new"), "info"),
}


class FeedForm(forms.ModelForm):
    class Meta:
        model = Feed
        fields = [
            "name", "slug", "broadcaster", "url", "format", "language", "module", "is_open",
            "is_own_output", "interval", "max_interval", "quiet_after", "fetches_media",
            "auth_kind", "auth_name", "auth_secret",
        ]  # fmt: skip
        widgets = {"auth_secret": UnfoldAdminPasswordWidget(render_value=False)}
        help_texts = {
            "url": _("An http or https address without name and password; private addresses are never asked."),
            "format": _("Leave it to be found by content unless the feed calls itself something else."),
            "interval": _("Hours:minutes:seconds between two visits while the feed has news."),
            "max_interval": _("Hours:minutes:seconds, or days and hours, while it has none."),
            "auth_secret": _("Never shown again. Leave it empty to keep the one that is stored."),
        }

    def clean_url(self) -> str:
        url: str = self.cleaned_data["url"].strip()
        if url:
            try:
                parse_target(url)
            except RefusedUrlError as error:
                raise forms.ValidationError(
                    _("This address cannot be asked: %(reason)s") % {"reason": error.detail}
                ) from error
        return url

    def clean_auth_secret(self) -> str:
        """What is left empty stays as it is stored."""
        typed: str = self.cleaned_data["auth_secret"]
        return typed or str(self.initial.get("auth_secret") or "")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("auth_kind") == FeedAuth.NONE:
            cleaned["auth_name"] = cleaned["auth_secret"] = ""
        elif "auth_kind" in cleaned and not cleaned.get("auth_secret"):
            self.add_error("auth_secret", _("Give the password or token."))
        shortest, longest = cleaned.get("interval"), cleaned.get("max_interval")
        if shortest is not None and shortest.total_seconds() < 1:
            self.add_error("interval", _("At least one second."))
        elif shortest is not None and longest is not None and longest < shortest:
            self.add_error("max_interval", _("Not shorter than the interval above."))
        return cleaned


def _may_sync(user: User, feed: Feed) -> bool:
    return feed.is_active and bool(feed.url) and may(user, "newsexchange.sync_feed", feed.broadcaster_id)


def _sync(feed: Feed, user: User, answers: dict[str, Any]) -> None:
    if not request_sync(feed, actor=user):
        raise ConflictError("feed-leased", _("Somebody is at it already."), current="leased", wanted="leased")


def _start(feed: Feed, user: User, answers: dict[str, Any]) -> None:
    start_feed(feed, actor=user)


def _stop(feed: Feed, user: User, answers: dict[str, Any]) -> Message | None:
    stop_feed(feed, actor=user)
    return None


def _count_of(rows: QuerySet[Any]) -> Any:
    counted = rows.filter(feed=OuterRef("pk")).order_by().values("feed").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def _rotate(feed: Feed, user: User, answers: dict[str, Any]) -> Secret:
    note = _("The partner signs with it what it pushes to “%(slug)s”. The secret before is accepted for a day.")
    return Secret(_("The secret for pushing"), rotate_inbound_secret(feed, actor=user), note % {"slug": feed.slug})


class RuleInline(VisibleChoices, StackedInline):
    """When an entry is like this, then do that; asked in this order."""

    model = FeedRule
    extra = 0
    tab = True
    fields = (("position", "is_active"), ("field", "value"), ("action", "tag"), "offer_to")
    ordering_field = "position"

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        kwargs.setdefault("widgets", {"offer_to": UnfoldAdminCheckboxSelectMultipleWidget})
        return super().get_formset(request, obj, **kwargs)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return obj is None or may(staff(request), "newsexchange.add_feedrule", obj.broadcaster_id)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return obj is None or may(staff(request), "newsexchange.change_feedrule", obj.broadcaster_id)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return obj is None or may(staff(request), "newsexchange.delete_feedrule", obj.broadcaster_id)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return obj is None or may(staff(request), "newsexchange.view_feedrule", obj.broadcaster_id)


@admin.register(Feed)
class FeedAdmin(DeedAdmin):
    form = FeedForm
    deeds = (
        Deed(
            "sync", _("Sync now"), "newsexchange.sync_feed", _may_sync, _sync, _("The feed is being fetched."),
            icon="sync", look="primary",
        ),
        Deed(
            "start", _("Start"), "newsexchange.change_feed",
            lambda user, feed: not feed.is_active and may(user, "newsexchange.change_feed", feed.broadcaster_id),
            _start, _("The feed is started."), icon="play_arrow",
        ),
        Deed(
            "stop", _("Stop"), "newsexchange.change_feed",
            lambda user, feed: feed.is_active and may(user, "newsexchange.change_feed", feed.broadcaster_id),
            _stop, _("The feed is stopped."), icon="stop",
        ),
        Deed(
            "rotate", _("New secret for pushing"), "newsexchange.change_feed",
            lambda user, feed: may(user, "newsexchange.change_feed", feed.broadcaster_id),
            _rotate, _("The secret is renewed."), icon="key", in_list=False,
        ),
    )  # fmt: skip
    list_display = ("named", "health_label", "succeeded", "failed", "failures", "next", "stories", "waiting")
    list_display_links = ("named",)
    list_select_related = ("broadcaster",)
    list_filter = (filters.HealthFilter, filters.OriginFilter)
    search_fields = ("name", "slug", "url")
    inlines = (RuleInline,)
    prepopulated_fields = {"slug": ["name"]}
    fieldsets = (
        (None, {"fields": ("name", "slug", "broadcaster", "url", "format", "language")}),
        (_("What becomes of its stories"), {"fields": ("module", "is_open", "is_own_output", "fetches_media")}),
        (_("Credentials"), {"fields": ("auth_kind", "auth_name", "auth_secret")}),
        (_("Visits"), {"fields": ("interval", "max_interval", "quiet_after")}),
        (_("Health"), {"fields": ("succeeded", "failed", "failures", "next", "last_new")}),
    )
    readonly_fields = ("succeeded", "failed", "failures", "next", "last_new")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        waiting = QuarantinedEntry.objects.waiting()
        rows = super().get_queryset(request)
        counted: QuerySet[Any] = rows.annotate(
            story_count=_count_of(Story.objects.all()), waiting_count=_count_of(waiting)
        )
        return counted

    @display(description=_("feed"), ordering="name")
    def named(self, feed: Feed) -> SafeString:
        return two_lines(feed.name, feed.broadcaster)

    @display(description=_("health"))
    def health_label(self, feed: Feed) -> SafeString:
        return label(*HEALTH[feed.health])

    @display(description=_("last success"), ordering="last_success_at")
    def succeeded(self, feed: Feed) -> str:
        return moment(feed.last_success_at)

    @display(description=_("last error"), ordering="last_error_at")
    def failed(self, feed: Feed) -> SafeString | str:
        return two_lines(moment(feed.last_error_at), in_english(feed.last_error)) if feed.last_error_at else "—"

    @display(description=_("next sync"), ordering="next_sync_at")
    def next(self, feed: Feed) -> str:
        return moment(feed.next_sync_at) if feed.is_active and feed.url else "—"

    @display(description=_("last new story"))
    def last_new(self, feed: Feed) -> str:
        return moment(feed.last_new_at)

    @display(description=_("stories"), ordering="story_count")
    def stories(self, feed: Any) -> int:
        return int(feed.story_count)

    @display(description=_("in quarantine"), ordering="waiting_count")
    def waiting(self, feed: Any) -> SafeString | int:
        return label(feed.waiting_count, "danger") if feed.waiting_count else 0

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        if not isinstance(obj, Feed):
            return bool(super().has_change_permission(request, obj))
        return may(staff(request), "newsexchange.change_feed", obj.broadcaster_id)

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        return (*self.readonly_fields, "broadcaster", "slug") if obj else self.readonly_fields

    def get_prepopulated_fields(self, request: HttpRequest, obj: Model | None = None) -> dict[str, Any]:
        return {} if obj else self.prepopulated_fields

    def get_field_queryset(self, db: str | None, db_field: Any, request: HttpRequest) -> QuerySet[Any] | None:
        """A new feed belongs to a broadcaster for which this user keeps feeds."""
        if db_field.name != "broadcaster":
            return super().get_field_queryset(db, db_field, request)
        user = staff(request)
        return Broadcaster.objects.filter(
            pk__in=[pk for pk in roles_of(user) if may(user, "newsexchange.add_feed", pk)]
        )

    def save_model(self, request: HttpRequest, obj: Model, form: forms.ModelForm, change: bool) -> None:
        """Writes what was typed and nothing else: the sync keeps its own columns meanwhile.

        Another address knows nothing of what the one before answered: it is asked afresh, at once.
        """
        assert isinstance(obj, Feed)
        if not change:
            super().save_model(request, obj, form, change)
            return
        written = set(form.changed_data)
        if written & {"url", "format", "language"}:  # what was read so far is to be read again
            obj.etag = obj.last_modified = obj.content_hash = obj.redirect_url = ""
            obj.redirect_since = obj.gone_since = None
            written |= {"etag", "last_modified", "content_hash", "redirect_url", "redirect_since", "gone_since"}
            Feed.objects.filter(pk=obj.pk).update(next_sync_at=Now())
        obj.save(update_fields=written)

    def top_of(self, request: HttpRequest, subject: Any) -> dict[str, Any]:
        facts = [
            (_("health"), self.health_label(subject)),
            (_("last success"), self.succeeded(subject)),
            (_("next sync"), self.next(subject)),
            (_("stories"), subject.story_count),
            (_("in quarantine"), self.waiting(subject)),
        ]
        return {"title": subject.name, "facts": facts}
