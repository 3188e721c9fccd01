"""Media files: what the store holds, what is made of each, and what ever happened to it. Nothing is changed here."""

from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Now
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import URLPattern, path
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline

from archive.admin.base import ReadOnlyAdmin, in_english, moment, page_link, short_name
from archive.admin.filters import ByChoice, ByWord, HouseFilter
from archive.admin.fixity import FixityPage
from archive.admin.steps import steps_box, steps_panel
from archive.constants import FileStatus, PremisOutcome, PremisType, StepStatus
from archive.models import Derivative, MediaFile, PreservationEvent, Step
from archive.services.pipeline import rerun_step
from broadcasters.permissions import may
from mediaexchange.core.admin_base import label, staff
from mediaexchange.core.models import User
from mediaexchange.core.sizes import size_in_words

_LOOKS = {FileStatus.WAITING: "info", FileStatus.READY: "success", FileStatus.REFUSED: "danger"}
_KINDS = {
    "video": (_("video"), Q(content_type__startswith="video/") | Q(content_type="application/mxf")),
    "audio": (_("sound"), Q(content_type__startswith="audio/")),
    "image": (_("picture"), Q(content_type__startswith="image/")),
}


class FileStatusFilter(ByChoice):
    title, parameter_name, column, choices_of = _("status"), "state", "status", FileStatus


class KindFilter(ByWord):
    title, parameter_name = _("kind"), "kind"

    def words(self, user: User) -> dict[str, tuple[Any, Any]]:
        known = Q()
        for _label, condition in _KINDS.values():
            known |= condition
        return {**_KINDS, "other": (_("other"), ~known)}


class PipelineFilter(ByWord):
    title, parameter_name = _("pipeline"), "pipeline"

    def words(self, user: User) -> dict[str, tuple[Any, Any]]:
        def has(*statuses: StepStatus) -> Exists:
            return Exists(Step.objects.filter(file=OuterRef("pk"), status__in=statuses))

        return {
            "failed": (_("a step has failed"), has(StepStatus.FAILED)),
            "working": (_("at work"), has(StepStatus.WAITING, StepStatus.RUNNING)),
        }


class FixityFilter(ByWord):
    title, parameter_name = _("fixity"), "fixity"

    def words(self, user: User) -> dict[str, tuple[Any, Any]]:
        failed = PreservationEvent.objects.filter(
            file=OuterRef("pk"), kind=PremisType.FIXITY_CHECK, outcome=PremisOutcome.FAILURE
        )
        return {
            "never": (_("never checked"), Q(checked_at__isnull=True)),
            "year": (_("not for a year"), Q(checked_at__lt=Now() - timedelta(days=365))),
            "failed": (_("a check has failed"), Exists(failed)),
        }


class FilePart(TabularInline):
    """Rows of a file, only to look at, as their own ``visible_to`` shows them."""

    extra = 0
    max_num = 0
    tab = True
    hide_title = True
    can_delete = False
    show_change_link = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request).visible_to(request.user)
        return rows

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class DerivativeInline(FilePart):
    model = Derivative
    fields = ("kind", "content_type", "size", "made")
    readonly_fields = fields

    @admin.display(description=_("size"))
    def size(self, derivative: Derivative) -> str:
        return size_in_words(derivative.size_bytes)

    @admin.display(description=_("created at"))
    def made(self, derivative: Derivative) -> str:
        return moment(derivative.created_at)


class EventInline(FilePart):
    model = PreservationEvent
    fields = ("happened", "kind", "result", "agent_said", "who", "said")
    readonly_fields = fields
    per_page = 50

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("actor")

    @admin.display(description=_("at"))
    def happened(self, event: PreservationEvent) -> str:
        return moment(event.at)

    @admin.display(description=_("outcome"))
    def result(self, event: PreservationEvent) -> SafeString:
        return label(event.get_outcome_display(), "success" if event.outcome == PremisOutcome.SUCCESS else "danger")

    @admin.display(description=_("agent"))
    def agent_said(self, event: PreservationEvent) -> SafeString | str:
        return in_english(event.agent)

    @admin.display(description=_("actor"))
    def who(self, event: PreservationEvent) -> str:
        return str(event.actor or _("the system"))

    @admin.display(description=_("details"))
    def said(self, event: PreservationEvent) -> SafeString | str:
        facts = [f"{name}: {value}" for name, value in event.detail.items()] if isinstance(event.detail, dict) else []
        return in_english(", ".join(facts))


@admin.register(MediaFile)
class MediaFileAdmin(FixityPage, ReadOnlyAdmin):
    list_display = ("named", "house", "content_type", "size", "state", "checked", "received")
    list_display_links = ("named",)
    list_select_related = ("broadcaster",)
    list_filter = (FileStatusFilter, KindFilter, PipelineFilter, FixityFilter, HouseFilter)
    search_fields = ("original_name", "sha256__startswith")
    search_help_text = _("A part of the original name, or the beginning of the SHA-256.")
    fields = (
        "original_name", "broadcaster", "item_links", "content_type", "size", "state", "reason", "sha256",
        "declared_checksum", "checked", "received", "bringer",
    )  # fmt: skip
    readonly_fields = ("item_links", "size", "state", "reason", "checked", "received", "bringer")
    inlines = (DerivativeInline, EventInline)

    class Media:
        js = ("archive/steps.js",)

    @admin.display(description=_("name"), ordering="original_name")
    def named(self, file: MediaFile) -> SafeString:
        return format_html('<span class="ar-headline">{}</span>', file)

    @admin.display(description=_("broadcaster"), ordering="broadcaster")
    def house(self, file: MediaFile) -> str:
        return short_name(file.broadcaster)

    @admin.display(description=_("size"), ordering="size_bytes")
    def size(self, file: MediaFile) -> str:
        return size_in_words(file.size_bytes)

    @admin.display(description=_("status"), ordering="status")
    def state(self, file: MediaFile) -> SafeString:
        return label(file.get_status_display(), _LOOKS[FileStatus(file.status)])

    @admin.display(description=_("reason"))
    def reason(self, file: MediaFile) -> str:
        return file.get_refusal_display() or "—"

    @admin.display(description=_("fixity checked at"), ordering="checked_at")
    def checked(self, file: MediaFile) -> str:
        return moment(file.checked_at)

    @admin.display(description=_("created at"), ordering="created_at")
    def received(self, file: MediaFile) -> str:
        return moment(file.created_at)

    @admin.display(description=_("brought by"))
    def bringer(self, file: MediaFile) -> str:
        return str(file.created_by or _("the system"))

    @admin.display(description=_("items"))
    def item_links(self, file: MediaFile) -> SafeString | str:
        held = file.instantiations.select_related("item")
        return format_html_join(", ", "{}", ((page_link(each.item),) for each in held)) or "—"

    def boxes_of(self, request: HttpRequest, subject: MediaFile) -> list[SafeString]:
        return [steps_box(request, subject)]

    def get_urls(self) -> list[URLPattern]:
        site = self.admin_site
        return [
            path("<int:pk>/steps/", site.admin_view(self.steps_view), name="archive_mediafile_steps"),
            path("<int:pk>/rerun/<slug:kind>/", site.admin_view(self.rerun_view), name="archive_mediafile_rerun"),
            *super().get_urls(),
        ]

    def steps_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The table of steps alone, for the page's script."""
        return HttpResponse(steps_panel(request, self._file(request, pk)), headers={"Cache-Control": "no-store"})

    def rerun_view(self, request: HttpRequest, pk: int, kind: str) -> HttpResponse:
        """Run one step again. Back to where one came from: the file's page or an item's."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        file = self._file(request, pk)
        if not may(staff(request), "archive.change_step", file.broadcaster_id):
            raise PermissionDenied
        step = file.steps.filter(kind=kind).first()
        if step is None:
            raise Http404
        self.tried(request, lambda: rerun_step(step, actor=staff(request)))
        return HttpResponseRedirect(self.back_to(request, self.address(file)))

    def _file(self, request: HttpRequest, pk: int) -> MediaFile:
        file: MediaFile | None = self.get_queryset(request).prefetch_related("steps").filter(pk=pk).first()
        if file is None:
            raise Http404
        return file
