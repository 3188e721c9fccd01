"""What feeds sent and nobody could use: why, what exactly, and the way back in."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from broadcasters.permissions import may
from mediaexchange.core.errors import Message
from mediaexchange.core.models import User
from newsexchange.admin import filters
from newsexchange.admin.deeds import Deed, DeedAdmin, ReadOnly
from newsexchange.admin.marks import in_english, label, moment
from newsexchange.constants import QuarantineReason, QuarantineStatus
from newsexchange.models import QuarantinedEntry
from newsexchange.parsing.base import DocumentError
from newsexchange.parsing.charset import decode_document
from newsexchange.services.replay import dismiss_entry, replay_entry

SHOWN_BYTES = 64 * 1024
_STATUS_LOOK = {QuarantineStatus.OPEN: "warning", QuarantineStatus.REPLAYED: "success", QuarantineStatus.DISMISSED: ""}


def _may_resolve(user: User, entry: QuarantinedEntry) -> bool:
    may_replay = may(user, "newsexchange.replay_quarantinedentry", entry.feed.broadcaster_id)
    return entry.status != QuarantineStatus.REPLAYED and may_replay


def _may_dismiss(user: User, entry: QuarantinedEntry) -> bool:
    return entry.status == QuarantineStatus.OPEN and _may_resolve(user, entry)


def _replay(entry: QuarantinedEntry, user: User, answers: dict[str, Any]) -> Message | None:
    replay_entry(entry, actor=user)
    return None


def _dismiss(entry: QuarantinedEntry, user: User, answers: dict[str, Any]) -> None:
    dismiss_entry(entry, actor=user)


def readable(payload: bytes, content_type: str) -> str:
    """The beginning of a payload as text, by the rules of the parsers, or byte by byte where those give up."""
    shown = payload[:SHOWN_BYTES]
    try:
        return decode_document(shown, content_type)
    except DocumentError:
        return shown.decode("utf-8", "replace")


@admin.register(QuarantinedEntry)
class QuarantineAdmin(ReadOnly, DeedAdmin):
    deeds = (
        Deed(
            "replay", _("Replay"), "newsexchange.replay_quarantinedentry", _may_resolve, _replay,
            _("Replayed: it is a story now."), icon="replay", look="primary",
        ),
        Deed(
            "dismiss", _("Dismiss"), "newsexchange.replay_quarantinedentry", _may_dismiss, _dismiss,
            _("Dismissed; it can still be replayed."), icon="archive",
        ),
    )  # fmt: skip
    list_display = ("reason_label", "feed", "guid", "state", "times_seen", "last_seen")
    list_display_links = ("reason_label",)
    list_select_related = ("feed",)
    list_filter = (filters.QuarantineStatusFilter, filters.QuarantineReasonFilter, filters.FeedFilter)
    search_fields = ("guid", "detail")
    fields = (
        "feed",
        "guid",
        "reason_label",
        "technical",
        "content_type",
        "times_seen",
        "first_seen",
        "last_seen",
        "raw",
    )
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).defer("payload")

    @display(description=_("reason"), ordering="reason")
    def reason_label(self, entry: QuarantinedEntry) -> str:
        return str(QuarantineReason(entry.reason).label)

    @display(description=_("status"), ordering="status")
    def state(self, entry: QuarantinedEntry) -> SafeString:
        return label(entry.get_status_display(), _STATUS_LOOK[QuarantineStatus(entry.status)])

    @display(description=_("detail"))
    def technical(self, entry: QuarantinedEntry) -> SafeString | str:
        return in_english(entry.detail)

    @display(description=_("first seen"), ordering="first_seen_at")
    def first_seen(self, entry: QuarantinedEntry) -> str:
        return moment(entry.first_seen_at)

    @display(description=_("last seen"), ordering="last_seen_at")
    def last_seen(self, entry: QuarantinedEntry) -> str:
        return moment(entry.last_seen_at)

    @display(description=_("payload"))
    def raw(self, entry: QuarantinedEntry) -> SafeString:
        payload = bytes(entry.payload)
        address = reverse("admin:newsexchange_quarantinedentry_payload", args=[entry.pk])
        size = _("%(bytes)d bytes") % {"bytes": len(payload)}
        cut = _("only the beginning is shown") if len(payload) > SHOWN_BYTES else ""
        return format_html(
            '<p><a class="mx-link" href="{}">{}</a> <span class="mx-sub">{} {}</span></p><pre class="mx-raw">{}</pre>',
            address, _("Download the whole"), size, cut, readable(payload, entry.content_type),
        )  # fmt: skip

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.payload_view)
        return [
            path("<path:object_id>/payload/", view, name="newsexchange_quarantinedentry_payload"),
            *super().get_urls(),
        ]

    def payload_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The payload as it came, for saving and never for showing: a browser must not run what a feed sent."""
        entry = self.get_object(request, object_id)
        if entry is None:
            return self.missing(request, object_id)
        return HttpResponse(
            bytes(entry.payload),
            content_type="text/plain",
            headers={
                "Content-Disposition": f'attachment; filename="{entry.uid}.txt"',
                "X-Content-Type-Options": "nosniff",
                "Content-Security-Policy": "sandbox; default-src 'none'",
            },
        )

    def top_of(self, request: HttpRequest, subject: Any) -> dict[str, Any]:
        facts = [(_("status"), self.state(subject)), (_("feed"), subject.feed), (_("times seen"), subject.times_seen)]
        return {"title": self.reason_label(subject), "facts": facts}
