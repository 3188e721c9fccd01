"""Shot lists of an item: its segments as edit lists to take along, and lists that are looked at before they count."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.http import content_disposition_header
from django.utils.text import get_valid_filename
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from archive.admin.base import clock
from archive.admin.item_pages import ItemPages
from archive.admin.item_viewer import Shown, shown_to
from archive.admin.kept_file import KeptFileForm
from archive.formats.charset import CHARSETS
from archive.formats.shots import FAULTS, Footage, Shot
from archive.models import Instantiation, Item, Segment
from archive.services.segment import segment_of
from archive.services.shot_list import CONTENT_TYPES, FORMATS, ReadList, export_list, format_of, read_list
from archive.timecode import TimecodeError, rate_near, timecode_of
from broadcasters.permissions import may
from mediaexchange.core.admin_base import staff
from mediaexchange.core.errors import DomainError
from mediaexchange.core.languages.tags import DEFAULT, STORED, STORED_AS

_ADD = "archive.add_segment"
_TITLES = {"otio": "OpenTimelineIO", "edl": "CMX 3600"}
_MOST_ROWS = 300  # of each table of a preview


class ShotListForm(KeptFileForm):
    """What is said of a list beside its bytes; its format is found out."""

    instantiation = forms.ModelChoiceField(
        Instantiation.objects.none(), label=_("carrier or file"), required=False, widget=UnfoldAdminSelectWidget,
        empty_label=_("the item as a whole, from 00:00:00:00 on"),
    )  # fmt: skip
    rate = forms.CharField(label=_("frame rate"), required=False, max_length=20, widget=UnfoldAdminTextInputWidget)
    charset = forms.ChoiceField(
        label=_("charset"), required=False, widget=UnfoldAdminSelectWidget,
        choices=[("", _("found out from the file")), *((name, name) for name in CHARSETS)],
    )  # fmt: skip

    def __init__(self, *args: Any, item: Item, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        copies = item.instantiations.prefetch_related("tracks")
        self.fields["instantiation"].queryset = copies  # type: ignore[attr-defined]

    def clean_rate(self) -> Fraction | None:
        typed = self.cleaned_data["rate"].strip()
        try:
            return rate_near(typed) if typed else None
        except TimecodeError:
            raise forms.ValidationError(_("A frame rate is such as 25, 29.97 or 30000/1001.")) from None


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


@dataclass(frozen=True, slots=True)
class PreviewRow:
    shot: Shot
    segment: Segment
    begins: str
    ends: str
    length: str

    @property
    def titles(self) -> list[tuple[str, str]]:
        """(stored language, title), as they would be kept."""
        return [(code, title) for code in STORED if (title := getattr(self.segment, f"title_{code}"))]


class Preview:
    """What a list would make, in the words of a page; long tables are cut, and say how much is left out."""

    def __init__(self, read: ReadList, item: Item) -> None:
        self.name, self.known = read.name, read.known
        self.number, self.number_refused = len(read.new), len(read.refused)
        self.rows = [_preview_row(shot, item, read.footage) for shot in read.new[:_MOST_ROWS]]
        self.refused = [(each.place, FAULTS[each.code], each.detail) for each in read.refused[:_MOST_ROWS]]
        self.more, self.more_refused = self.number - len(self.rows), self.number_refused - len(self.refused)


def _preview_row(shot: Shot, item: Item, footage: Footage) -> PreviewRow:
    first = round(footage.start_frame * shot.rate / footage.rate)
    segment = segment_of(shot, item, None)
    begins, ends = (
        timecode_of(first + frame, shot.rate, is_drop=footage.is_drop) for frame in (shot.in_frame, shot.out_frame)
    )
    return PreviewRow(shot, segment, begins, ends, clock(segment.duration_ms))


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
