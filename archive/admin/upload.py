"""Uploads: a page that sends files and goes on where it was broken off, and what became of each."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.forms import Media
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from archive.admin.base import ArchiveAdmin, houses_with, moment, page_link, short_name
from archive.admin.filters import ByChoice, HouseFilter
from archive.constants import Generation, UploadStatus
from archive.models import Item, Upload
from archive.services.upload import check_again, end_upload
from broadcasters.permissions import may
from mediaexchange.core.admin_base import in_all_languages, label, staff
from mediaexchange.core.languages.tags import DEFAULT, to_bcp47
from mediaexchange.core.sizes import size_in_words

ADD, CHANGE, ATTACH = "archive.add_upload", "archive.change_upload", "archive.add_instantiation"
SCRIPT = Media(js=["archive/upload.js"], css={"all": ["archive/archive.css", "archive/upload.css"]})
_LOOKS = {
    UploadStatus.RECEIVING: "info",
    UploadStatus.CHECKING: "info",
    UploadStatus.DONE: "success",
    UploadStatus.REFUSED: "danger",
    UploadStatus.ENDED: "",
}
_CANCELLED = (UploadStatus.RECEIVING, UploadStatus.REFUSED)
_MOST_ITEMS = 20


class UploadStatusFilter(ByChoice):
    title, parameter_name, column, choices_of = _("status"), "state", "status", UploadStatus


@admin.register(Upload)
class UploadAdmin(ArchiveAdmin):
    list_display = ("named", "item_link", "generation", "state", "progress", "reason_shown", "who", "began")
    list_display_links = ("named",)
    list_select_related = ("broadcaster", "item", "created_by")
    list_filter = (UploadStatusFilter, HouseFilter)
    search_fields = ("original_name",)
    fields = (
        "original_name", "broadcaster", "item_link", "generation", "state", "progress", "reason_shown", "declared",
        "file_link", "who", "began", "expires",
    )  # fmt: skip
    readonly_fields = fields

    def has_add_permission(self, request: HttpRequest) -> bool:
        return houses_with(request, ADD).exists()

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=_("name"), ordering="original_name")
    def named(self, upload: Upload) -> SafeString:
        return format_html('<span class="ar-headline">{}</span>', upload)

    @admin.display(description=_("item"))
    def item_link(self, upload: Upload) -> SafeString | str:
        return page_link(upload.item) if upload.item else "—"

    @admin.display(description=_("file"))
    def file_link(self, upload: Upload) -> SafeString | str:
        return page_link(upload.file) if upload.file else "—"

    @admin.display(description=_("status"), ordering="status")
    def state(self, upload: Upload) -> SafeString:
        return label(upload.get_status_display(), _LOOKS[UploadStatus(upload.status)])

    @admin.display(description=_("arrived"))
    def progress(self, upload: Upload) -> str:
        whole = size_in_words(upload.length_bytes)
        if upload.offset_bytes == upload.length_bytes:
            return whole
        return str(_("%(arrived)s of %(whole)s") % {"arrived": size_in_words(upload.offset_bytes), "whole": whole})

    @admin.display(description=_("reason"))
    def reason_shown(self, upload: Upload) -> str:
        return upload.reason or "—"

    @admin.display(description=_("declared and found"))
    def declared(self, upload: Upload) -> str:
        said = [str(upload.details[name]) for name in ("declared", "found") if name in upload.details]
        return " ≠ ".join(said) or upload.declared_checksum or upload.declared_type or "—"

    @admin.display(description=_("uploaded by"))
    def who(self, upload: Upload) -> str:
        return str(upload.created_by or "—")

    @admin.display(description=_("created at"), ordering="created_at")
    def began(self, upload: Upload) -> str:
        return moment(upload.created_at)

    @admin.display(description=_("given up at"))
    def expires(self, upload: Upload) -> str:
        return moment(upload.expires_at) if upload.status in _CANCELLED else "—"

    def boxes_of(self, request: HttpRequest, subject: Upload) -> list[SafeString]:
        """What may be done to it now."""
        user, house = staff(request), subject.broadcaster_id
        context = {
            "upload": subject,
            "may_check": subject.status == UploadStatus.REFUSED and may(user, CHANGE, house),
            "may_cancel": subject.status in _CANCELLED and may(user, ADD, house),
            "may_go_on": subject.status == UploadStatus.RECEIVING and may(user, ADD, house),
        }
        return [SafeString(render_to_string("archive/upload_deeds.html", context, request))]

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("items/", view(self.items_view), name="archive_upload_items"),
            path("<int:pk>/check/", view(self.check_view), name="archive_upload_check"),
            path("<int:pk>/cancel/", view(self.cancel_view), name="archive_upload_cancel"),
            *super().get_urls(),
        ]

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """The page that uploads; ``?item=`` (its uid) chooses the item."""
        houses = list(houses_with(request, ADD))
        if not houses:
            raise PermissionDenied
        request.current_app = self.admin_site.name
        context = {
            **self.admin_site.each_context(request),
            "title": _("Upload files"),
            "opts": self.opts,
            "media": SCRIPT,
            "houses": [(house.slug, short_name(house)) for house in houses],
            "generations": Generation.choices,
            "chosen": self._chosen(request),
            "max_bytes": settings.MAX_MEDIA_BYTES,
            "max_shown": size_in_words(settings.MAX_MEDIA_BYTES),
            "endpoint": reverse("api:upload-list"),
            "tag": to_bcp47(get_language() or DEFAULT),
            "person": staff(request).pk,
        }
        return TemplateResponse(request, "archive/upload.html", context)

    def _chosen(self, request: HttpRequest) -> Item | None:
        try:
            uid = UUID(request.GET.get("item", ""))
        except ValueError:
            return None
        houses = houses_with(request, ATTACH)
        return Item.objects.own(staff(request)).filter(uid=uid, broadcaster__in=houses).first()

    def items_view(self, request: HttpRequest) -> HttpResponse:
        """Own items whose identifier or title holds what was typed, as choices for the page's script."""
        found = Item.objects.own(staff(request)).filter(broadcaster__in=houses_with(request, ATTACH))
        words = request.GET.get("q", "").strip()[:100]
        context = {"items": _matching(found, words).order_by("identifier")[:_MOST_ITEMS] if words else ()}
        return TemplateResponse(request, "archive/upload_items.html", context)

    def check_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self._do(request, pk, check_again)

    def cancel_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self._do(request, pk, end_upload)

    def _do(self, request: HttpRequest, pk: int, deed: Any) -> HttpResponse:
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        upload = self.get_queryset(request).filter(pk=pk).first()
        if upload is None:
            return self.missing(request, str(pk))
        self.tried(request, lambda: deed(upload, actor=staff(request)))
        return HttpResponseRedirect(self.address(upload))


def _matching(items: QuerySet[Item], words: str) -> QuerySet[Item]:
    """By the beginning of an identifier, or a part of a title in any language."""
    named = Q(identifier__istartswith=words)
    for column in in_all_languages("title"):
        named |= Q(**{f"{column}__icontains": words})
    return items.filter(named)
