"""What hangs on a story, read-only beneath it: editions, versions, and its way between broadcasters."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline
from unfold.decorators import display

from newsexchange.admin.deeds import ReadOnly
from newsexchange.admin.marks import label, moment
from newsexchange.constants import OfferStatus
from newsexchange.models import Edition, Offer, Recall, StoryVersion, Take

OFFER_LOOK = {
    OfferStatus.OPEN: "info",
    OfferStatus.TAKEN: "success",
    OfferStatus.DECLINED: "",
    OfferStatus.WITHDRAWN: "warning",
}


class StoryPart(ReadOnly, TabularInline):
    """Rows of a story, as their own ``visible_to`` shows them to this user."""

    extra = 0
    tab = True
    hide_title = True
    can_delete = False
    show_change_link = False
    related: tuple[str, ...] = ()

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request).visible_to(request.user)
        return rows.select_related(*self.related)


class EditionInline(StoryPart):
    model = Edition
    fields = ("language", "origin", "state", "translated_from_version", "changed")
    readonly_fields = fields

    @display(description=_("state"))
    def state(self, edition: Edition) -> SafeString:
        return label(_("stale"), "warning") if edition.is_stale else label(_("up to date"), "success")

    @display(description=_("changed"))
    def changed(self, edition: Edition) -> str:
        return moment(edition.changed_at)


class VersionInline(StoryPart):
    model = StoryVersion
    fields = ("link", "published", "note")
    readonly_fields = fields
    ordering = ("-version",)
    per_page = 20

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).defer("snapshot")

    @display(description=_("version"))
    def link(self, version: StoryVersion) -> SafeString:
        address = reverse("admin:newsexchange_story_version", args=[version.story_id, version.version])
        return format_html('<a class="mx-link" href="{}">{}</a>', address, version.version)

    @display(description=_("published"))
    def published(self, version: StoryVersion) -> str:
        return moment(version.published_at)


class OfferInline(StoryPart):
    model = Offer
    fields = ("link", "state", "module", "offered", "answered")
    readonly_fields = fields
    related = ("to_broadcaster", "module", "story")

    @display(description=_("offered to"))
    def link(self, offer: Offer) -> SafeString:
        address = reverse("admin:newsexchange_offer_change", args=[offer.pk])
        return format_html('<a class="mx-link" href="{}">{}</a>', address, offer.to_broadcaster)

    @display(description=_("status"))
    def state(self, offer: Offer) -> SafeString:
        return label(offer.get_status_display(), OFFER_LOOK[OfferStatus(offer.status)])

    @display(description=_("offered at"))
    def offered(self, offer: Offer) -> str:
        return moment(offer.offered_at)

    @display(description=_("answered at"))
    def answered(self, offer: Offer) -> str:
        return moment(offer.answered_at)


class TakeInline(StoryPart):
    model = Take
    fields = ("broadcaster", "story_version", "taken")
    readonly_fields = fields
    related = ("broadcaster", "story")

    @display(description=_("taken at"))
    def taken(self, take: Take) -> str:
        return moment(take.taken_at)


class RecallInline(StoryPart):
    model = Recall
    fields = ("link", "reason", "recalled", "story_version")
    readonly_fields = fields

    @display(description=_("kind"))
    def link(self, recall: Recall) -> SafeString:
        address = reverse("admin:newsexchange_recall_change", args=[recall.pk])
        return format_html('<a class="mx-link" href="{}">{}</a>', address, recall.get_kind_display())

    @display(description=_("recalled at"))
    def recalled(self, recall: Recall) -> str:
        return moment(recall.recalled_at)
