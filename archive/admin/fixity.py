"""The fixity report: how long ago everything was read again and compared, and what is to be done where it differs."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from archive.admin.base import ArchiveAdmin, moment
from archive.constants import MASTERS, PremisOutcome, PremisType
from archive.models import Instantiation, MediaFile, PreservationEvent
from mediaexchange.core.admin_base import staff
from mediaexchange.core.models import User
from mediaexchange.core.sizes import size_in_words

MOST_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Slice:
    """A part of the files: all, or those whose loss nothing could replace."""

    title: Any
    files: int
    size_bytes: int
    never: int
    in_week: int
    in_year: int
    oldest_at: datetime | None

    @property
    def size(self) -> str:
        return size_in_words(self.size_bytes)

    @property
    def oldest(self) -> str:
        return moment(self.oldest_at)

    @property
    def percent(self) -> int:
        """Of the files, how many were checked within a year; rounded down, so that 100 means all."""
        return self.in_year * 100 // self.files if self.files else 100


@dataclass(frozen=True, slots=True)
class Failure:
    event: PreservationEvent
    others: list[Instantiation]  # further digital copies of the same items, from which it can be restored
    address: str

    @property
    def at(self) -> str:
        return moment(self.event.at)


def slices_of(user: User) -> list[Slice]:
    files = MediaFile.objects.visible_to(user).ready()
    master = Instantiation.objects.filter(file=OuterRef("pk"), generation__in=[value.value for value in MASTERS])
    return [
        _slice(_("all files"), files),
        _slice(_("originals, masters, preservation copies"), files.filter(Exists(master))),
    ]


def _slice(title: Any, files: "QuerySet[MediaFile]") -> Slice:
    now = timezone.now()
    counted = files.order_by().aggregate(
        files=Count("pk"),
        size=Sum("size_bytes"),
        never=Count("pk", filter=Q(checked_at__isnull=True)),
        in_week=Count("pk", filter=Q(checked_at__gte=now - timedelta(days=7))),
        in_year=Count("pk", filter=Q(checked_at__gte=now - timedelta(days=365))),
        oldest=Min("checked_at"),
    )
    return Slice(
        title=title,
        files=counted["files"],
        size_bytes=counted["size"] or 0,
        never=counted["never"],
        in_week=counted["in_week"],
        in_year=counted["in_year"],
        oldest_at=counted["oldest"],
    )


def failures_of(user: User) -> list[Failure]:
    """The last check of each file that failed and that no later one has put right, youngest first."""
    checks = PreservationEvent.objects.filter(kind=PremisType.FIXITY_CHECK)
    later = checks.filter(file=OuterRef("file"), at__gt=OuterRef("at"))
    failed = checks.visible_to(user).filter(~Exists(later), outcome=PremisOutcome.FAILURE)
    events = list(failed.select_related("file", "file__broadcaster").order_by("-at", "-id")[:MOST_SHOWN])
    held: dict[int, list[Instantiation]] = {}
    by_item: dict[int, list[Instantiation]] = {}
    items = Instantiation.objects.filter(file__in=[event.file_id for event in events]).values("item")
    copies = Instantiation.objects.filter(item__in=items).select_related("file", "item").order_by("item", "id")
    for copy in copies:
        by_item.setdefault(copy.item_id, []).append(copy)
        if copy.file_id:
            held.setdefault(copy.file_id, []).append(copy)
    return [Failure(event, _others(event.file_id, held, by_item), _page(event.file_id)) for event in events]


def _others(
    file_id: int, held: dict[int, list[Instantiation]], by_item: dict[int, list[Instantiation]]
) -> list[Instantiation]:
    """All further copies of what this file is a copy of, carriers too."""
    return [other for one in held.get(file_id, ()) for other in by_item[one.item_id] if other.file_id != file_id]


def _page(file_id: int) -> str:
    return reverse("admin:archive_mediafile_change", args=[file_id])


class FixityPage(ArchiveAdmin):
    """Stands beside the media files, and is open to whoever may see them."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.fixity_view)
        return [path("fixity/", view, name="archive_fixity"), *super().get_urls()]

    def fixity_view(self, request: HttpRequest) -> HttpResponse:
        user = staff(request)
        oldest = MediaFile.objects.visible_to(user).ready().order_by("checked_at").exclude(checked_at=None)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Fixity"),
            "content_title": _("Fixity"),
            "slices": slices_of(user),
            "failures": failures_of(user),
            "oldest": [(file, moment(file.checked_at)) for file in oldest.select_related("broadcaster")[:10]],
            "files": reverse("admin:archive_mediafile_changelist"),
            "media": self.media,
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "archive/fixity.html", context)
