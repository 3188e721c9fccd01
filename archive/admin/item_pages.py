"""Addresses beside an item's page: fresh links for its player, subtitles for it, and what is marked in it."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect, JsonResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _

from archive.admin.item_viewer import shown_to, source_of, text_tag
from archive.admin.rights_page import RightsPages
from archive.models import Item, Segment, TimedText
from archive.services.segment import TEXT_COLUMNS, delete_segment, save_segment
from archive.services.text import export_text
from mediaexchange.core.admin_base import staff
from mediaexchange.core.errors import DomainError

_NOT_KEPT = {"Cache-Control": "private, no-store"}


class ItemPages(RightsPages):
    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/links/", view(self.links_view), name="archive_item_links"),
            path("<int:pk>/cues/<uuid:uid>.vtt", view(self.cues_view), name="archive_item_cues"),
            path("<int:pk>/segments/", view(self.segments_view), name="archive_item_segments"),
            *super().get_urls(),
        ]

    def links_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """A new link for a player whose own has ended."""
        shown = shown_to(self._seen(request, pk), staff(request))
        return JsonResponse({"source": source_of(shown)}, headers=_NOT_KEPT)

    def cues_view(self, request: HttpRequest, pk: int, uid: UUID) -> HttpResponse:
        """Subtitles as WebVTT, Serbian in the reader's script."""
        item = self._seen(request, pk)
        text = TimedText.objects.visible_to(request.user).filter(item=item, uid=uid).first()
        if text is None:
            raise Http404
        written = export_text(text, "vtt", language=text_tag(text))
        headers = {**_NOT_KEPT, "X-Content-Type-Options": "nosniff"}
        return HttpResponse(written.content, content_type="text/vtt; charset=utf-8", headers=headers)

    def segments_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Mark a stretch, change a mark or take it away; back to the page at the frame that was seen."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        item = self._seen(request, pk)
        segment = self._chosen(request, item)
        if request.POST.get("deed") == "delete" and segment is not None:
            if self.tried(request, lambda: delete_segment(segment, actor=staff(request))):
                self.message_user(request, _("The segment is deleted."))
        elif self.tried(request, lambda: _save(request, item, segment)):
            self.message_user(request, _("The segment is saved."))
        at = request.POST.get("at", "")
        return HttpResponseRedirect(self.address(item) + (f"?at={at}" if at.isdecimal() else "") + "#viewer")

    def _chosen(self, request: HttpRequest, item: Item) -> Segment | None:
        """The stored segment that the form names; Http404 for one that this item does not have."""
        named = request.POST.get("segment", "")
        if not named:
            return None
        try:
            uid = UUID(named)
        except ValueError:
            raise Http404 from None
        segment = Segment.objects.filter(item=item, uid=uid).first()
        if segment is None:
            raise Http404
        return segment

    def _seen(self, request: HttpRequest, pk: int) -> Item:
        item: Item | None = self.get_queryset(request).filter(pk=pk).first()
        if item is None:
            raise Http404
        return item


@transaction.atomic
def _save(request: HttpRequest, item: Item, segment: Segment | None) -> Segment:
    """Frames are counted at the rate of what the player shows, and stored with it."""
    shown = shown_to(item, staff(request))
    rate = shown.rate if shown.file is not None or segment is None else segment.rate
    values: dict[str, Any] = {
        "in_frame": _frame(request.POST.get("in_frame", "")),
        "out_frame": _frame(request.POST.get("out_frame", "")),
        "rate_numerator": rate.numerator,
        "rate_denominator": rate.denominator,
    }
    values |= {name: request.POST[name] for name in TEXT_COLUMNS if name in request.POST}
    if segment is None:
        segment = Segment(item=item, instantiation=shown.instantiation)
    for name, value in values.items():
        setattr(segment, name, value)
    return save_segment(segment, actor=staff(request), changed=values)


def _frame(typed: str) -> int:
    if not (typed.isascii() and typed.isdecimal() and len(typed) <= 15):
        raise DomainError("bad-frame", _("Mark where the stretch begins and where it ends."))
    return int(typed)
