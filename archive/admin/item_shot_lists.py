"""Shot lists of an item: its segments as edit lists to take along, and lists that are looked at before they count."""

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.http import content_disposition_header
from django.utils.text import get_valid_filename
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext_lazy as _

from archive.admin.item_file_forms import ShotListForm
from archive.admin.item_pages import ItemPages
from archive.admin.item_viewer import Shown, shown_to
from archive.admin.shot_list_preview import Preview
from archive.models import Instantiation, Item
from archive.services.shot_list import CONTENT_TYPES, FORMATS, ReadList, export_list, format_of, read_list
from broadcasters.permissions import may
from mediaexchange.core.admin_base import staff
from mediaexchange.core.errors import DomainError
from mediaexchange.core.languages.tags import DEFAULT, STORED_AS

_ADD = "archive.add_segment"
_TITLES = {"otio": "OpenTimelineIO", "edl": "CMX 3600"}


class ItemShotLists(ItemPages):
    def get_urls(self) -> list[URLPattern]:
        view, page = self.admin_site.admin_view, "<int:pk>/shot-list/"
        return [
            path(page, view(self.shot_list_view), name="archive_item_shot_list"),
            path(f"{page}<str:format>/", view(self.shot_list_file_view), name="archive_item_shot_list_file"),
            *super().get_urls(),
        ]

    def shot_list_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Downloads for whoever reads the item; for its house also the way in, which shows what a list would make."""
        item = self._seen(request, pk)
        may_import = may(staff(request), _ADD, item.broadcaster_id)
        if request.method == "POST" and not may_import:
            raise PermissionDenied
        shown = shown_to(item, staff(request))
        context: dict[str, Any] = {"title": _("Shot lists"), "lists": _lists(shown)}
        if may_import:
            form = _form(request, shown)
            read = self._read_list(request, item, form) if form.is_valid() else None
            if read is not None and request.POST.get("deed") == "apply":
                self._tell_of_list(request, read)
                return HttpResponseRedirect(f"{self.address(item)}#viewer")
            context |= {"form": form, "preview": Preview(read, item) if read is not None else None}
        return self.page(request, "archive/shot_lists.html", item, context)

    def shot_list_file_view(self, request: HttpRequest, pk: int, format: str) -> HttpResponse:
        """All segments as a file, or with ``?copy=`` those of one carrier or file."""
        item = self._seen(request, pk)
        if format not in FORMATS:
            raise Http404
        language, copy = STORED_AS[get_language() or DEFAULT], _copy(request, item)
        usual = usual_copy(shown_to(item, staff(request)))
        try:
            content = export_list(item, format, language=language, instantiation=copy, counted_from=usual)
        except DomainError as error:
            return self.refused(request, error, shot_lists_of(item))
        name = f"{get_valid_filename(item.identifier)}.{format}"
        headers = {
            "Content-Disposition": str(content_disposition_header(as_attachment=True, filename=name)),
            "Cache-Control": "private, no-store",
            "X-Content-Type-Options": "nosniff",
        }
        return HttpResponse(content, content_type=CONTENT_TYPES[format], headers=headers)

    def _read_list(self, request: HttpRequest, item: Item, form: ShotListForm) -> ReadList | None:
        """The list, applied if the form says so; None for a refusal, which stands in the form."""
        is_applied = request.POST.get("deed") == "apply"
        answers = form.cleaned_data
        if not form.packed:  # it could not be confirmed
            form.add_error("document", _("The file is larger than is read here."))
            return None
        try:
            with transaction.atomic():
                return read_list(
                    item,
                    form.content,
                    format_of(form.content),
                    actor=staff(request),
                    is_applied=is_applied,
                    **{name: answers[name] for name in ("instantiation", "rate", "charset")},
                )
        except DomainError as error:
            form.refuse(error)
            return None

    def _tell_of_list(self, request: HttpRequest, read: ReadList) -> None:
        number = len(read.made)
        said = ngettext("%(number)d segment was made.", "%(number)d segments were made.", number)
        self.message_user(request, said % {"number": number})


def shot_lists_of(item: Item) -> str:
    return reverse("admin:archive_item_shot_list", args=[item.pk])


def shot_list_links(item: Item, copy: Instantiation | None = None) -> list[tuple[str, str]]:
    """(name of the format, address) of the item's segments, or of those of one carrier or file."""
    query = f"?copy={copy.uid}" if copy is not None else ""
    return [
        (title, reverse("admin:archive_item_shot_list_file", args=[item.pk, name]) + query)
        for name, title in _TITLES.items()
    ]


def usual_copy(shown: Shown) -> Instantiation | None:
    """What the player shows, where no segment is of anything else: its timecodes are the ones that people go by."""
    copy = shown.instantiation
    others = shown.item.segments.filter(instantiation__isnull=False).exclude(instantiation=copy)
    return None if copy is None or others.exists() else copy


def _lists(shown: Shown) -> list[tuple[object, str, int, list[tuple[str, str]]]]:
    """(of what, its first timecode, number of segments, files) for the whole item and each copy that has segments."""
    item, usual = shown.item, usual_copy(shown)
    number = item.segments.count()
    if not number:
        return []
    whole = (_("all segments"), _first(usual), number, shot_list_links(item))
    if usual is not None:
        return [whole]
    copies = item.instantiations.annotate(number=Count("segments")).filter(number__gt=0)
    return [whole, *((copy, _first(copy), copy.number, shot_list_links(item, copy)) for copy in copies)]


def _first(copy: Instantiation | None) -> str:
    return (copy.start_timecode if copy else "") or "00:00:00:00"


def _copy(request: HttpRequest, item: Item) -> Instantiation | None:
    named = request.GET.get("copy", "")
    if not named:
        return None
    try:
        copy = item.instantiations.filter(uid=UUID(named)).prefetch_related("tracks").first()
    except ValueError:
        copy = None
    if copy is None:
        raise Http404
    return copy


def _form(request: HttpRequest, shown: Shown) -> ShotListForm:
    """What was sent; else an empty one, for a list that was cut from what the player shows."""
    if request.method == "POST":
        return ShotListForm(request.POST, request.FILES, item=shown.item)
    return ShotListForm(item=shown.item, initial={"instantiation": shown.instantiation})
